//! Taking a whole import back.

use crate::parts::{empty, sheet};
use crate::seat::{Reply, Seat, Viewer};
use crate::shell::{Room, Sheet, page};
use crate::{dates, text as t};
use axum::extract::Path;
use chrono::{DateTime, Duration, Utc};
use domain::id::DraftId;
use domain::import::{KeptWhy, RecentImport, UNDO_HOURS, Undone};
use domain::person::Lang;
use leptos::prelude::*;

pub async fn undo(seat: Seat, Path(draft): Path<DraftId>) -> Reply {
    let undone = seat.desk.undo_import(draft).await?;
    Ok(page(&seat.viewer, |v| {
        let l = v.lang;
        Sheet {
            room: Room::Import,
            title: t::nav::import(l).into(),
            hint: String::new(),
            actions: ().into_any(),
            body: result(l, &undone),
        }
    }))
}

fn result(l: Lang, undone: &Undone) -> AnyView {
    let n = |x: usize| i64::try_from(x).unwrap_or(0);
    let clients = (undone.clients > 0).then(|| t::import::removed_clients(l, n(undone.clients)));
    let text = [Some(t::import::removed(l, n(undone.certificates))), clients]
        .into_iter()
        .flatten()
        .collect::<Vec<_>>()
        .join(" ");
    let way = view! { <a class="btn main" href="/import">{t::import::again(l)}</a> }.into_any();
    let kept = undone
        .kept
        .iter()
        .map(|(name, why)| view! { <li><b>{name.clone()}</b>" "<span class="mute">{reason(l, *why)}</span></li> });
    let kept = kept.collect_view();
    view! {
        <div role="status">{empty(t::import::undone(l), &text, way)}</div>
        {(!undone.kept.is_empty()).then(|| sheet(t::import::kept(l), Some(undone.kept.len()), ().into_any(), view! { <ul class="rows pad">{kept}</ul> }.into_any()))}
    }
    .into_any()
}

fn reason(l: Lang, why: KeptWhy) -> &'static str {
    match why {
        KeptWhy::Task => t::kept::task(l),
        KeptWhy::Reported => t::kept::reported(l),
        KeptWhy::Linked => t::kept::linked(l),
        KeptWhy::Confirmed => t::kept::confirmed(l),
        KeptWhy::Changed => t::kept::changed(l),
        KeptWhy::Hidden => t::kept::hidden(l),
    }
}

/// The button that takes an import back, with the hour until which it does.
pub fn button(v: &Viewer, draft: DraftId, made: DateTime<Utc>) -> AnyView {
    let l = v.lang;
    let until = dates::moment(l, made + Duration::hours(UNDO_HOURS), v.today.day);
    view! {
        <form class="line wrap" method="post" action=format!("/import/{draft}/undo")><button class="btn low">
            {t::import::undo(l)}</button>
            <span class="mute">{t::import::undo_text(l, until)}</span></form>
    }
    .into_any()
}

/// Own imports of the last day.
pub fn recent(v: &Viewer, all: &[RecentImport]) -> Option<AnyView> {
    let l = v.lang;
    let lines = all.iter().map(|import| {
        let n = i64::try_from(import.certificates).unwrap_or(0);
        view! { <li><span>{dates::instant(l, import.made)}" · "{t::import::registered(l, n)}</span>
        {button(v, import.draft, import.made)}</li> }
    });
    (!all.is_empty()).then(|| {
        sheet(
            t::import::recent(l),
            None,
            ().into_any(),
            view! { <ul class="rows pad">{lines.collect_view()}</ul> }.into_any(),
        )
    })
}
