//! What is known of a client, above its card, and what is to be done first.

use super::card::Card;
use crate::islands::CopyValue;
use crate::parts::{bin, icon, icon_address};
use crate::seat::Viewer;
use crate::{text as t, words};
use domain::certificate::in_force;
use domain::client::ClientField;
use domain::standing::Urgency;
use leptos::prelude::*;

/// What is to be done first: a reissue, or the one that is open.
pub fn main_act(v: &Viewer, c: &Card) -> Option<AnyView> {
    let l = v.lang;
    let current = c.lines.iter().filter_map(|line| line.get(in_force(line, v.today))).flat_map(|set| &set.certificates);
    let pressing = current.filter(|c| c.can_be_reissued(v.today) && c.urgency(v.today) != Urgency::Calm);
    if let Some(worst) = pressing.min_by_key(|c| (c.urgency(v.today), c.life.not_after)).filter(|_| c.may_work) {
        let href = format!("/tasks/new?certificate={}", worst.id);
        return Some(view! { <a class="btn main" href=href>{icon("plus")}{t::task::reissue(l)}</a> }.into_any());
    }
    let open = c.open.first()?;
    Some(view! { <a class="btn main" href=format!("/tasks/{}", open.id)>{t::client::task_open(l)}</a> }.into_any())
}

pub fn facts(v: &Viewer, c: &Card) -> AnyView {
    let l = v.lang;
    let d = &c.client.data;
    let facts = ClientField::ALL.iter().filter_map(|field| {
        let value = match field {
            ClientField::Number => view! { {bin(&d.number)}<CopyValue value=d.number.clone() icon=icon_address("copy")
            label=t::client::copy_number(l).to_owned() done=t::client::copied(l).to_owned()/> }
            .into_any(),
            ClientField::Kind => words::client_kind(l, d.kind).into_any(),
            ClientField::LegalAddress if d.legal_address.is_empty() => return None,
            ClientField::LegalAddress => d.legal_address.clone().into_any(),
            ClientField::Filings if d.filings.is_empty() => return None,
            ClientField::Filings => {
                let codes = d.filings.iter().map(|code| words::filing_label(l, &c.filings, code));
                codes.collect::<Vec<_>>().join(", ").into_any()
            }
            // The title, the people, the contacts and the notes have their own places on the card.
            ClientField::Name | ClientField::Team | ClientField::Contacts | ClientField::Notes => return None,
        };
        Some(view! { <div><dt>{words::client_field(l, *field)}" "</dt><dd>{value}</dd></div> })
    });
    let notes = d.notes.clone();
    view! {
        <dl class="facts">{facts.collect_view()}</dl>
        {(!notes.is_empty()).then(|| view! { <p class="soft notes">{notes}</p> })}
    }
    .into_any()
}
