//! Creating and changing a client.

use crate::form::{Fault, area, changed_by, field, select};
use crate::pages::clients::clashes::contacts_in_words;
use crate::pages::clients::compare::{differences, in_words};
use crate::pages::clients::contacts::contact_fields;
use crate::pages::clients::form_typed::{MOST_LINES, Typed};
use crate::parts::note;
use crate::seat::{Refused, Reply, Seat, Viewer};
use crate::shell::{Room, Sheet, page_with};
use crate::{text as t, words};
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Redirect};
use axum_extra::extract::Form;
use domain::access::Action;
use domain::client::{ClientData, ClientField, ClientKind};
use domain::filing::Filing;
use domain::id::ClientId;
use domain::person::{Lang, Team};
use domain::refusal::Refusal;
use leptos::prelude::*;

pub async fn new(seat: Seat) -> Reply {
    if !seat.viewer.may(domain::access::Action::EditClient) {
        return Err(Refused(Refusal::NotAllowed));
    }
    let (teams, filings) = (seat.desk.teams().await?, seat.desk.filings().await?);
    Ok(form(&seat.viewer, StatusCode::OK, (None, None), Typed::default(), &teams, &filings, &Fault::default()))
}

pub async fn create(seat: Seat, Form(typed): Form<Typed>) -> Reply {
    // The role first: whoever may not create one learns nothing from what is typed.
    if !seat.viewer.may(Action::EditClient) {
        return Err(Refused(Refusal::NotAllowed));
    }
    let made = async { seat.desk.create_client(typed.checked(None)?).await };
    match made.await {
        Ok(id) => Ok(Redirect::to(&format!("/clients/{id}?done=saved")).into_response()),
        Err(refusal) => {
            let fault = Fault::of(refusal).map_err(Refused)?;
            let (teams, filings) = (seat.desk.teams().await?, seat.desk.filings().await?);
            Ok(form(&seat.viewer, StatusCode::UNPROCESSABLE_ENTITY, (None, None), typed, &teams, &filings, &fault))
        }
    }
}

pub async fn edit(seat: Seat, Path(id): Path<ClientId>) -> Reply {
    if !seat.desk.may(Action::EditClient, id).await? {
        seat.desk.client_card(id).await?;
        return Err(Refused(Refusal::NotAllowed));
    }
    let (client, teams, filings) =
        (seat.desk.client_card(id).await?, seat.desk.teams().await?, seat.desk.filings().await?);
    Ok(form(&seat.viewer, StatusCode::OK, (Some(id), None), client.into(), &teams, &filings, &Fault::default()))
}

pub async fn change(seat: Seat, Path(id): Path<ClientId>, Form(typed): Form<Typed>) -> Reply {
    let now = seat.desk.client_card(id).await?;
    if !seat.desk.may(Action::EditClient, id).await? {
        return Err(Refused(Refusal::NotAllowed));
    }
    let mut typed = typed;
    let behind = typed.catch_up(&now);
    if let Some(field) = ClientField::parse(&typed.take) {
        typed.take(field, now.clone().into());
    }
    let compare = !typed.take.is_empty() || (behind && !differences(&typed, &now.data).is_empty());
    let checked = typed.checked(Some(&now.data.number));
    let done = async {
        if compare {
            return Err(Refusal::Conflict);
        }
        seat.desk.change_client(id, checked.clone()?, now.revision).await
    };
    match done.await {
        Ok(()) => Ok(Redirect::to(&format!("/clients/{id}?done=saved")).into_response()),
        Err(refusal) => {
            let compared = typed.compared || refusal == Refusal::Conflict;
            // What both changed and what is wrong in itself are both said.
            let refusal = checked.err().unwrap_or(refusal);
            let fault = Fault::of(refusal).map_err(Refused)?;
            // Somebody may have saved since it was read above.
            let now = if compared { seat.desk.client_card(id).await? } else { now };
            typed.catch_up(&now);
            let saved = compared.then(|| now.data.clone());
            let typed = Typed { compared, ..typed };
            let (teams, filings) = (seat.desk.teams().await?, seat.desk.filings().await?);
            let status = StatusCode::UNPROCESSABLE_ENTITY;
            Ok(form(&seat.viewer, status, (Some(id), saved.as_ref()), typed, &teams, &filings, &fault))
        }
    }
}

fn form(
    v: &Viewer,
    status: StatusCode,
    (id, saved): (Option<ClientId>, Option<&ClientData>),
    typed: Typed,
    teams: &[Team],
    filings: &[Filing],
    fault: &Fault,
) -> axum::response::Response {
    page_with(status, v, |v| {
        let l = v.lang;
        let (action, title) = match id {
            Some(id) => (format!("/clients/{id}/edit"), t::client::edit_title(l)),
            None => ("/clients/new".to_owned(), t::client::new_title(l)),
        };
        let back = id.map_or_else(|| "/clients".to_owned(), |id| format!("/clients/{id}"));
        let others = saved.map(|saved| differences(&typed, saved)).unwrap_or_default();
        let both = (typed.compared && !others.is_empty()).then(|| t::rule::changed_both(l).to_owned());
        let wrong = fault.any(l).filter(|_| !typed.compared || fault.at(l, "revision").is_none());
        let settled =
            (typed.compared && others.is_empty() && wrong.is_none()).then(|| note("info", t::rule::all_settled(l)));
        let head = [both, wrong].into_iter().flatten();
        let head = head.map(|w| view! { <div role="alert">{note("risk", w)}</div> }).collect_view();
        let fields = ClientField::ALL.iter().map(|field| {
            let other = others.iter().find(|(of, _)| of == field).map(|(_, value)| {
                let words = match (field, saved) {
                    (ClientField::Contacts, Some(saved)) => contacts_in_words(l, &typed, &saved.contacts),
                    _ => in_words(l, *field, value, teams, filings),
                };
                changed_by(l, field.code(), &words)
            });
            view! { {input_of(l, *field, &typed, teams, filings, fault)}{other} }
        });
        let fields = fields.collect_view();
        let body = view! {
            {head}{settled}
            <form class="sheet pad form2" method="post" action=action>
                // Comes first, so that Enter saves.
                <button hidden=true></button>
                <input type="hidden" name="revision" value=typed.revision/>
                <input type="hidden" name="was" value=typed.was.clone()/>
                {(!typed.clashes.is_empty()).then(|| view! { <input type="hidden" name="clashes" value=typed.clashes.clone()/> })}
                {typed.compared.then(|| view! { <input type="hidden" name="compared" value="true"/> })}
                {fields}
                <p class="hint full">{t::client::no_secrets(l)}</p>
                <div class="line full"><button class="btn main">{t::form::save(l)}</button>
                    <a class="btn bare" href=back>{t::form::cancel(l)}</a></div>
            </form>
        };
        Sheet {
            room: Room::Clients,
            title: title.into(),
            hint: String::new(),
            actions: ().into_any(),
            body: body.into_any(),
        }
    })
}

/// The input of one field; the compiler names a field that has none.
fn input_of(l: Lang, of: ClientField, typed: &Typed, teams: &[Team], filings: &[Filing], fault: &Fault) -> AnyView {
    let name = of.code();
    let label = words::client_field(l, of);
    match of {
        ClientField::Name => field(name, label, typed.name.clone()).required().show(l, fault),
        ClientField::Kind => {
            let kinds = ClientKind::ALL.iter().map(|k| (k.code().to_owned(), words::client_kind(l, *k).to_owned()));
            select(l, name, label, &typed.kind, kinds.collect(), fault)
        }
        ClientField::Number => {
            field(name, label, typed.number.clone()).hint(t::client::number_hint(l)).required().show(l, fault)
        }
        ClientField::Team => {
            let none = std::iter::once((String::new(), "—".to_owned()));
            let teams = none.chain(teams.iter().map(|t| (t.id.to_string(), t.name.clone())));
            select(l, name, label, &typed.team, teams.collect(), fault)
        }
        ClientField::LegalAddress => {
            let input = field(name, label, typed.legal_address.clone()).hint(t::client::legal_address_hint(l));
            view! { <div class="full">{input.show(l, fault)}</div> }.into_any()
        }
        ClientField::Filings => {
            let codes = crate::pages::clients::bulk::codes(l, filings).into_iter().map(|(code, name)| {
                let checked = typed.filing.contains(&code);
                view! { <label class="check"><input type="checkbox" name="filing" value=code checked=checked/>{name}
                </label> }
            });
            let codes = codes.collect_view();
            view! { <fieldset class="full"><legend class="label">{label}</legend><div class="checks">{codes}</div>
            </fieldset> }
            .into_any()
        }
        ClientField::Contacts => {
            let lines = typed.contact_name.len().min(MOST_LINES) + 1;
            let contacts = (0..lines).map(|i| contact_fields(l, typed, i)).collect_view();
            view! { <fieldset class="full"><legend class="label">{label}</legend>{contacts}</fieldset> }.into_any()
        }
        ClientField::Notes => area(l, name, label, &typed.notes, fault),
    }
}
