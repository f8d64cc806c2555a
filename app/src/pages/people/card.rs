//! One of the staff: role, team, clients, tasks, leaving.

use crate::form::Fault;
use crate::pages::people::cover;
use crate::pages::people::fields::{Typed, inputs};
use crate::pages::people::list::link_page;
use crate::parts::{note, sheet, task_table};
use crate::seat::{Refused, Reply, Seat, Viewer};
use crate::shell::{Room, Sheet, back_to, page_with};
use crate::{text as t, words};
use axum::extract::{Form, Path};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Redirect};
use domain::access::Action;
use domain::client::{ClientFilter, ClientList, ClientOrder};
use domain::handover::Cover;
use domain::id::PersonId;
use domain::person::{Person, PersonField, Team};
use domain::refusal::Refusal;
use domain::task::{TaskFilter, TaskRow, TaskView};
use leptos::prelude::*;
use std::sync::Arc;

struct Data {
    person: Person,
    teams: Arc<Vec<Team>>,
    clients: Arc<ClientList>,
    tasks: Arc<Vec<TaskRow>>,
    covers: Vec<Cover>,
}

async fn data(seat: &Seat, id: PersonId) -> Result<Data, Refusal> {
    if !seat.viewer.may(Action::AssignTask) {
        return Err(Refusal::NotAllowed);
    }
    let filter = ClientFilter { responsible: Some(id), order: ClientOrder::Name, ..ClientFilter::default() };
    let tasks = seat.desk.tasks(&TaskFilter { assignee: Some(id), ..TaskView::All.into() }).await?;
    Ok(Data {
        person: seat.desk.person(id).await?,
        teams: seat.desk.teams().await?,
        clients: seat.desk.clients(&filter).await?,
        covers: seat.desk.covers(id).await?,
        tasks,
    })
}

pub async fn show(seat: Seat, Path(id): Path<PersonId>) -> Reply {
    let d = data(&seat, id).await?;
    let typed = Typed::of(&d.person);
    Ok(view(&seat.viewer, StatusCode::OK, &d, &typed, &Fault::default()))
}

pub async fn change(seat: Seat, Path(id): Path<PersonId>, Form(mut typed): Form<Typed>) -> Reply {
    if let Some(field) = PersonField::parse(&typed.take) {
        typed.take(field, &seat.desk.person(id).await?);
        return answer(&seat, id, &typed, Err(Refusal::Conflict)).await;
    }
    let done = async { seat.desk.change_person(id, typed.checked()?, typed.revision).await };
    answer(&seat, id, &typed, done.await).await
}

pub async fn deactivate(seat: Seat, Path(id): Path<PersonId>) -> Reply {
    match seat.desk.set_active(id, false).await {
        Ok(freed) if freed > 0 => Ok(back_to(&format!("/staff/{id}"), &format!("shut_out.{freed}"), None)),
        done => answer(&seat, id, &Typed::default(), done.map(drop)).await,
    }
}

pub async fn activate(seat: Seat, Path(id): Path<PersonId>) -> Reply {
    let done = seat.desk.set_active(id, true).await.map(drop);
    answer(&seat, id, &Typed::default(), done).await
}

pub async fn link(seat: Seat, Path(id): Path<PersonId>) -> Reply {
    let link = seat.desk.make_link(id).await?;
    let person = seat.desk.person(id).await?;
    Ok(link_page(&seat.viewer, id, &person.name, &link))
}

async fn answer(seat: &Seat, id: PersonId, typed: &Typed, done: Result<(), Refusal>) -> Reply {
    match done {
        Ok(()) => Ok(Redirect::to(&format!("/staff/{id}?done=saved")).into_response()),
        Err(refusal) => {
            let compared = typed.compared || refusal == Refusal::Conflict;
            let fault = Fault::of(refusal).map_err(Refused)?;
            let data = data(seat, id).await?;
            let typed = Typed { revision: data.person.revision, compared, ..typed.clone() };
            Ok(view(&seat.viewer, StatusCode::UNPROCESSABLE_ENTITY, &data, &typed, &fault))
        }
    }
}

fn view(v: &Viewer, status: StatusCode, d: &Data, typed: &Typed, fault: &Fault) -> axum::response::Response {
    page_with(status, v, |v| {
        let l = v.lang;
        let clients = d
            .clients
            .rows
            .iter()
            .map(|c| view! { <li><a class="link" href=format!("/clients/{}", c.id)>{c.name.clone()}</a></li> })
            .collect_view();
        let carries = !d.tasks.is_empty() || !d.clients.rows.is_empty();
        let pass = ((d.person.active || carries) && v.may(Action::AssignClient)).then(|| {
            view! { <a class="btn main" href=format!("/staff/{}/handover", d.person.id)>{t::handover::title(l)}
            </a> }
        });
        let side = v.may(Action::ManageStaff).then(|| side(v, d, typed, fault));
        let body = view! {
            {(typed.compared.then(|| t::rule::changed_both(l).to_owned())).or_else(|| fault.any(l))
                .map(|w| view! { <div role="alert">{note("risk", w)}</div> })}
            {(!d.person.active).then(|| note("warn", t::staff::is_inactive(l)))}
            <div class="cols"><div class="stack">
                {cover::list(v, d.person.id, &d.covers)}
                {(!d.tasks.is_empty())
                    .then(|| sheet(t::task::open_list(l), Some(d.tasks.len()), ().into_any(), task_table(v, &d.tasks)))}
                {sheet(t::staff::clients(l), Some(d.clients.rows.len()), ().into_any(), view! { <ul class="rows pad">{clients}</ul> }.into_any())}
            </div>{side}</div>
        };
        let hint = format!("{} · {}", words::role(l, d.person.role), d.person.email);
        Sheet { room: Room::Staff, title: d.person.name.clone(), hint, actions: pass.into_any(), body: body.into_any() }
    })
}

fn side(v: &Viewer, d: &Data, typed: &Typed, fault: &Fault) -> AnyView {
    let l = v.lang;
    let id = d.person.id;
    // The address is what somebody signs in with: it stays.
    let changeable: Vec<PersonField> = PersonField::ALL.iter().copied().filter(|f| *f != PersonField::Email).collect();
    let (path, word) =
        if d.person.active { ("deactivate", t::staff::deactivate(l)) } else { ("activate", t::staff::activate(l)) };
    view! {
        <div class="stack">
            {sheet(t::staff::role(l), None, ().into_any(), view! {
                <form class="form1 pad" method="post" action=format!("/staff/{id}")>
                    // Comes first, so that Enter saves.
                    <button hidden=true></button>
                    <input type="hidden" name="revision" value=typed.revision/>
                    {typed.compared.then(|| view! { <input type="hidden" name="compared" value="true"/> })}
                    {inputs(l, &changeable, typed, &d.teams, typed.compared.then_some(&d.person), fault)}<button class="btn main">{t::form::save(l)}</button>
                        </form>
            }.into_any())}
            <form method="post" action=format!("/staff/{id}/link")><button class="btn wide">{t::staff::make_link(l)}
                </button></form>
            <form method="post" action=format!("/staff/{id}/{path}")><button class="btn wide risk">{word}</button>
                </form>
            {note("", t::staff::deactivate_text(l))}
        </div>
    }
    .into_any()
}
