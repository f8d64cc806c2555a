//! What ended long ago: ticked and set aside with a reason, and what is set aside already.

use crate::form::{Fault, text, ticked};
use crate::islands::Picks;
use crate::parts::{Ticks, certificate_table, client_links, empty, note, sheet};
use crate::seat::{Refused, Reply, Seat, Viewer};
use crate::shell::{Room, Sheet, back_to, page_with};
use crate::{dates, text as t};
use axum::extract::Path;
use axum::http::StatusCode;
use axum_extra::extract::Form;
use domain::access::Action;
use domain::certificate::{Aside, CertificateRow, LONG_DAYS};
use domain::id::CertificateId;
use domain::person::Lang;
use leptos::prelude::*;
use serde::Deserialize;

#[derive(Deserialize, Default)]
#[serde(default)]
pub struct Typed {
    /// A set is ticked as a whole: ids with commas between.
    certificate: Vec<String>,
    why: String,
}

pub async fn show(seat: Seat) -> Reply {
    view(&seat, StatusCode::OK, &Typed::default(), &Fault::default()).await
}

pub async fn set(seat: Seat, Form(typed): Form<Typed>) -> Reply {
    let done = async {
        let ids: Vec<CertificateId> = ticked(&typed.certificate)?;
        seat.desk.set_aside(&ids, &text("why", &typed.why, 400)?).await
    };
    match done.await {
        Ok(n) => Ok(back_to("/aside", &format!("aside.{n}"), None)),
        Err(refusal) => {
            let fault = Fault::of(refusal).map_err(Refused)?;
            view(&seat, StatusCode::UNPROCESSABLE_ENTITY, &typed, &fault).await
        }
    }
}

pub async fn back(seat: Seat, Path(id): Path<CertificateId>) -> Reply {
    seat.desk.bring_back(id).await?;
    Ok(back_to("/aside", "saved", None))
}

async fn view(seat: &Seat, status: StatusCode, typed: &Typed, fault: &Fault) -> Reply {
    let (list, off) = (seat.desk.long_ended().await?, seat.desk.days_off().await?);
    let aside = seat.desk.set_asides().await?;
    Ok(page_with(status, &seat.viewer, |v| {
        let l = v.lang;
        let ticks = if v.may(Action::WorkTask) { Ticks::Any("bulk", &typed.certificate) } else { Ticks::Off };
        let ended = if list.rows.is_empty() {
            empty(t::aside::none(l), &t::aside::text(l, i64::try_from(LONG_DAYS).unwrap_or(0)), ().into_any())
        } else {
            view! {
                {note("info", t::aside::text(l, i64::try_from(LONG_DAYS).unwrap_or(0)))}
                <div class="sheet">{certificate_table(v, &list.rows, &off, ticks)}</div>
                {bar(v, l, typed)}
            }
            .into_any()
        };
        let body = view! {
            {fault.any(l).map(|wrong| view! { <div role="alert">{note("risk", wrong)}</div> })}
            <div class="stack">{ended}{(!aside.is_empty()).then(|| set_already(v, &aside))}</div>
        };
        Sheet {
            room: Room::Today,
            title: t::aside::title(l).into(),
            hint: t::certificate::count(l, i64::try_from(list.total).unwrap_or(i64::MAX)),
            actions: ().into_any(),
            body: body.into_any(),
        }
    }))
}

fn bar(v: &Viewer, l: Lang, typed: &Typed) -> Option<AnyView> {
    v.may(Action::WorkTask).then(|| {
        view! {
            <form class="picked" id="bulk" method="post" action="/aside" aria-label=t::aside::title(l)>
                <Picks name="certificate".to_owned() counting=t::bulk::picked(l).to_owned()
                    every=t::bulk::every(l).to_owned() acts=t::bulk::acts(l).to_owned()/>
                <input class="in" name="why" maxlength="400" required=true aria-label=t::aside::why(l)
                    placeholder=t::aside::why(l) value=typed.why.clone()/>
                <button class="btn">{t::aside::set(l)}</button></form>
        }
        .into_any()
    })
}

/// What is set aside, each with the way back.
fn set_already(v: &Viewer, all: &[(CertificateRow, Aside)]) -> AnyView {
    let l = v.lang;
    let lines = all.iter().map(|(c, aside)| {
        let back = v.may(Action::WorkTask).then(|| {
            view! { <form method="post" action=format!("/aside/{}/back", c.id)><button class="btn low">
            {t::aside::back(l)}</button></form> }
        });
        view! {
            <tr><th scope="row" class="most">{client_links(&c.clients)}" "
                <a class="sub" href=format!("/certificates/{}", c.id)>{c.holder.clone()}</a></th>
                <td>{dates::full(l, c.life.last_day())}</td><td>{aside.why.clone()}</td>
                <td>{aside.by.clone()}", "{dates::instant(l, aside.at)}</td><td class="p-end">{back}</td></tr>
        }
    });
    let table = view! {
        <table class="t flow"><thead><tr><th scope="col">{t::client::one(l)}</th>
            <th scope="col">{t::certificate::end(l)}</th><th scope="col">{t::aside::why(l)}</th>
            <th scope="col">{t::aside::by(l)}</th><td></td></tr></thead><tbody>{lines.collect_view()}</tbody></table>
    };
    sheet(t::aside::already(l), Some(all.len()), ().into_any(), table.into_any())
}
