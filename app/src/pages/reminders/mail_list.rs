//! The last messages to everybody, and what became of them.

use crate::parts::{empty, late_badge, whole_sheet};
use crate::seat::{Reply, Seat, Viewer};
use crate::shell::back_to;
use crate::{dates, text as t, words};
use axum::extract::Path;
use domain::delivery::{DeliveryKind, DeliveryRow, DeliveryState};
use domain::id::DeliveryId;
use domain::person::short_name;
use leptos::prelude::*;

pub async fn again(seat: Seat, Path(id): Path<DeliveryId>) -> Reply {
    seat.desk.delivery_again(id).await?;
    Ok(back_to("/office/mail", "saved", None))
}

/// `named`: a server is named, so that messages can leave.
pub fn list(v: &Viewer, all: &[DeliveryRow], named: bool) -> AnyView {
    let l = v.lang;
    if all.is_empty() {
        let text = if named { "" } else { t::mail::none_text(l) };
        return empty(t::mail::none(l), text, ().into_any());
    }
    let lines = all.iter().map(|row| line(v, row)).collect_view();
    whole_sheet(
        view! {
            <table class="t flow"><thead><tr><th scope="col">{t::mail::when(l)}</th><th scope="col">{t::mail::who(l)}</th>
                <th scope="col">{t::mail::state(l)}</th><td></td></tr></thead><tbody>{lines}</tbody></table>
        }
        .into_any(),
    )
}

fn line(v: &Viewer, row: &DeliveryRow) -> AnyView {
    let l = v.lang;
    let failed = matches!(row.state, DeliveryState::Refused | DeliveryState::GivenUp);
    let state = words::delivery_state(l, row.state);
    let state = if failed { late_badge(state) } else { state.into_any() };
    let why = row.step.map(|step| {
        let said = (!row.said.is_empty()).then(|| t::mail::said(l, row.said.clone()));
        [Some(words::mail_step(l, step).to_owned()), said].into_iter().flatten().collect::<Vec<_>>().join(" ")
    });
    let tries = (row.tries > 1).then(|| format!(" · {}", t::mail::tries(l, i64::from(row.tries))));
    let uncertain = row.uncertain.then(|| format!(" · {}", t::mail::uncertain(l)));
    let again = failed.then(|| {
        view! { <form method="post" action=format!("/office/mail/{}/again", row.id)><button class="btn low">
        {t::mail::again(l)}</button></form> }
    });
    view! {
        <tr><td class="p-wide"><time datetime=row.at.to_rfc3339()>{dates::moment(l, row.at, v.today.day)}</time></td>
            <th scope="row" class="most"><span>{if row.kind == DeliveryKind::Owner { row.name.clone() } else { short_name(&row.name) }}</span>" "<span class="sub">
                {words::delivery_kind(l, row.kind)}</span>{why.map(|why| view! { <span class="sub below">{why}</span> })}</th>
            <td>{state}<span class="mute">{tries}{uncertain}</span></td><td>{again}</td></tr>
    }
    .into_any()
}
