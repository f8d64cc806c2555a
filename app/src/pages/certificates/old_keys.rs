//! Old keys that are replaced but still valid: the list, the act on many, the file.

use crate::form::{Fault, choice, choices, optional, ticked};
use crate::islands::Picks;
use crate::parts::{FileKind, Line, Ticks, certificate_table, downloads, empty, list_pages, note, table_file};
use crate::port::Desk;
use crate::seat::{Refused, Reply, Seat, Viewer};
use crate::shell::{Room, Sheet, back_to, page_with};
use crate::{text as t, words};
use axum::http::StatusCode;
use axum_extra::extract::Form;
use domain::access::Action;
use domain::certificate::CertificateRow;
use domain::id::CertificateId;
use domain::person::Lang;
use domain::refusal::Refusal;
use domain::task::Check;
use leptos::prelude::*;
use serde::Deserialize;
use std::sync::Arc;

#[derive(Deserialize, Default)]
#[serde(default)]
pub struct Typed {
    /// A set is ticked as a whole: ids with commas between.
    certificate: Vec<String>,
    how: String,
    note: String,
}

pub async fn show(seat: Seat) -> Reply {
    view(&seat, StatusCode::OK, &Typed::default(), &Fault::default()).await
}

pub async fn check(seat: Seat, Form(typed): Form<Typed>) -> Reply {
    let done = async {
        let ids: Vec<CertificateId> = ticked(&typed.certificate)?;
        let how = choice("how", &typed.how, Check::parse)?;
        seat.desk.check_old_keys(&ids, how, &optional("note", &typed.note, 400)?).await
    };
    match done.await {
        Ok(undo) => Ok(back_to("/old-keys", "saved", Some(undo))),
        // Nothing was typed that could be lost: the list says what is missing.
        Err(Refusal::Invalid { field: "certificate", .. }) => Ok(back_to("/old-keys", "choose", None)),
        Err(refusal) => {
            let fault = Fault::of(refusal).map_err(Refused)?;
            view(&seat, StatusCode::UNPROCESSABLE_ENTITY, &typed, &fault).await
        }
    }
}

pub async fn file(seat: Seat, kind: FileKind) -> Reply {
    let l = seat.viewer.lang;
    let titles = [
        t::csv::client(l),
        t::csv::holder(l),
        t::csv::serial(l),
        t::csv::valid_from(l),
        t::csv::valid_to(l),
        t::csv::standing(l),
    ];
    let name = format!("merzim-old-keys-{}", seat.viewer.today.day);
    let (desk, viewer) = (seat.desk, seat.viewer);
    let pages = list_pages(0u64, move |skip| page(desk.clone(), viewer.clone(), skip));
    Ok(table_file(kind, l, (t::old_keys::title(l), &name), titles.map(str::to_owned).to_vec(), pages).await?)
}

async fn page(desk: Arc<dyn Desk>, v: Viewer, skip: u64) -> Result<(Vec<Line>, Option<u64>), Refusal> {
    let list = desk.old_keys(skip).await?;
    let read = skip + list.rows.len() as u64;
    Ok((list.rows.iter().map(|c| cells(&v, c)).collect(), (read < list.total && read > skip).then_some(read)))
}

fn cells(v: &Viewer, c: &CertificateRow) -> Line {
    let clients: Vec<&str> = c.clients.iter().map(|(_, name)| name.as_str()).collect();
    vec![
        clients.join(", "),
        c.holder.clone(),
        c.serial.clone(),
        c.life.first_day().to_string(),
        c.life.last_day().to_string(),
        words::standing(v.lang, c.life.standing(v.today)),
    ]
}

async fn view(seat: &Seat, status: StatusCode, typed: &Typed, fault: &Fault) -> Reply {
    let (list, sets) = (seat.desk.old_keys(0).await?, seat.desk.old_sets().await?);
    let off = seat.desk.days_off().await?;
    Ok(page_with(status, &seat.viewer, |v| {
        let l = v.lang;
        let ticks = if v.may(Action::WorkTask) { Ticks::Any("bulk", &typed.certificate) } else { Ticks::Off };
        let wrong = fault.any(l).map(|wrong| view! { <div role="alert">{note("risk", wrong)}</div> });
        let body = if list.rows.is_empty() {
            empty(t::old_keys::none(l), t::old_keys::none_text(l), ().into_any())
        } else {
            view! {
                {wrong}{note("info", t::old_keys::text(l))}
                <div class="notes-below"><div class="sheet">{certificate_table(v, &list.rows, &off, ticks)}</div></div>
                {bar(v, l, typed)}
            }
            .into_any()
        };
        Sheet {
            room: Room::Today,
            title: t::old_keys::title(l).into(),
            hint: t::certificate::sets(l, i64::try_from(sets).unwrap_or(i64::MAX)),
            actions: downloads("/old-keys.csv"),
            body,
        }
    }))
}

fn bar(v: &Viewer, l: Lang, typed: &Typed) -> Option<AnyView> {
    let how = Check::SAID_OF_RUNNING.iter().map(|c| (c.code().to_owned(), words::check(l, *c).to_owned())).collect();
    v.may(Action::WorkTask).then(|| {
        view! {
            <form class="picked" id="bulk" method="post" action="/old-keys" aria-label=t::old_keys::title(l)>
                <Picks name="certificate".to_owned() counting=t::bulk::picked(l).to_owned()
                    every=t::bulk::every(l).to_owned() acts=t::bulk::acts(l).to_owned()/>
                <select class="pick" name="how" required=true aria-label=t::task::checked_how(l)>{choices(&typed.how, how)}</select>
                <input class="in" name="note" maxlength="400" aria-label=t::task::seen_how(l) placeholder=t::task::seen_how(l)
                    value=typed.note.clone()/>
                <button class="btn">{t::old_keys::check(l)}</button></form>
        }
        .into_any()
    })
}
