//! Acts on many clients of the list.

use crate::form::{Fault, choice};
use crate::islands::Picks;
use crate::pages::clients::asked::Asked;
use crate::pages::clients::list;
use crate::seat::{Refused, Reply, Seat, Viewer};
use crate::shell::back_to;
use crate::text as t;
use axum::http::StatusCode;
use axum_extra::extract::Form;
use domain::access::Action;
use domain::filing::Filing;
use domain::id::ClientId;
use domain::person::Lang;
use domain::person::{Person, Role};
use domain::refusal::Refusal;
use domain::seen_client::SeenClient;
use leptos::prelude::*;
use serde::Deserialize;

#[derive(Deserialize, Default)]
#[serde(default)]
pub struct Typed {
    pub client: Vec<String>,
    filing: String,
    person: String,
    /// `filing`, `person` or `reissue`: which button was pressed.
    act: String,
    back: String,
}

pub async fn act(seat: Seat, Form(typed): Form<Typed>) -> Reply {
    let shown = typed.client.iter().map(|seen| seen.parse().map_err(|_| Refusal::NotFound));
    let shown = shown.collect::<Result<Vec<SeenClient>, _>>()?;
    let ids: Vec<ClientId> = shown.iter().map(|client| client.id).collect();
    let back = if typed.back.starts_with("/clients") { typed.back.as_str() } else { "/clients" };
    if typed.act == "reissue" {
        return crate::pages::tasks::bulk::choose_for(seat, &ids, back.to_owned()).await;
    }
    let done = async {
        if typed.act == "person" {
            let who = choice("person", &typed.person, |p| p.parse().ok())?;
            let (undo, freed) = seat.desk.assign_many(&shown, who).await?;
            Ok((undo, format!("responsible.{}.{freed}", shown.len())))
        } else {
            Ok((seat.desk.add_filing_to(&ids, &typed.filing).await?, "saved".to_owned()))
        }
    };
    match done.await {
        Ok((undo, said)) => Ok(back_to(back, &said, Some(undo))),
        Err(refusal) => {
            let fault = Fault::of(refusal).map_err(Refused)?;
            list::respond(&seat, StatusCode::UNPROCESSABLE_ENTITY, &Asked::read(&typed.back), &typed, &fault).await
        }
    }
}

/// The bar under the list; none for whoever changes no clients.
pub fn bar(v: &Viewer, people: &[Person], filings: &[Filing], typed: &Typed) -> Option<AnyView> {
    let l = v.lang;
    if !v.may(Action::EditClient) {
        return None;
    }
    let mut filing = vec![(String::new(), t::client::filings(l).to_owned())];
    filing.extend(codes(l, filings));
    let mut who = vec![(String::new(), t::client::responsible(l).to_owned())];
    let own = v.person.as_ref().map(|me| (me.role, me.team));
    // A lead gives clients to the own team alone.
    let theirs = |p: &&Person| !matches!(own, Some((Role::Lead, team)) if p.team != team);
    let able = people.iter().filter(|p| p.active && p.role != Role::Observer).filter(theirs);
    who.extend(able.map(|p| (p.id.to_string(), p.name.clone())));
    let back = if typed.back.is_empty() { crate::shell::plain(&v.here) } else { typed.back.clone() };
    let picks = view! { <Picks name="client".to_owned() counting=t::bulk::picked(l).to_owned()
    every=t::bulk::every(l).to_owned() acts=t::bulk::acts(l).to_owned()/> };
    Some(
        view! {
            <form class="picked" id="bulk" method="post" action="/clients/many" aria-label=t::bulk::clients(l)>
                {picks}<input type="hidden" name="back" value=back/>
                {v.may(Action::WorkTask).then(|| view! { <button class="btn" name="act" value="reissue">{t::task::reissue(l)}</button> })}
                <select class="pick" name="filing" aria-label=t::client::filings(l)>{crate::form::choices(&typed.filing, filing)}
                    </select>
                <button class="btn" name="act" value="filing">{t::bulk::add_filing(l)}</button>
                <select class="pick" name="person" aria-label=t::client::responsible(l)>{crate::form::choices(&typed.person, who)}
                    </select>
                <button class="btn" name="act" value="person">{t::client::assign(l)}</button>
            </form>
        }
        .into_any(),
    )
}

/// Codes of filings, each once, with their names.
pub fn codes(l: Lang, filings: &[Filing]) -> Vec<(String, String)> {
    let mut out: Vec<(String, String)> = Vec::new();
    for f in filings.iter().filter(|f| !f.code.is_empty()) {
        if out.last().is_none_or(|(code, _)| *code != f.code) {
            out.push((f.code.clone(), crate::words::of_three(l, &f.name)));
        }
    }
    out
}
