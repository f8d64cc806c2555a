//! The page of a task: where it stands, what comes next, what was said and done.

use super::import::uploads;
use super::task_form::people;
use crate::form::{Fault, area, choice, day, field, moment, optional, select};
use crate::parts::{client_links, file_field, icon, note, person, purposes, sheet, standing, when};
use crate::seat::{Refused, Reply, Seat, Viewer};
use crate::shell::{Room, Sheet, back_to, page_with};
use crate::{dates, text as t, words};
use axum::extract::{Form, Multipart, Path};
use axum::http::StatusCode;
use axum_extra::extract::Form as MultiForm;
use domain::certificate::CertificateRow;
use domain::day::DaysOff;
use domain::id::{TaskId, UndoId};
use domain::person::{Candidate, Lang};
use domain::refusal::{Refusal, Rule};
use domain::succession::Failure;
use domain::task::{Check, EventKind, Need, Reason, Stage, Task, TaskEvent, TaskRow};
use leptos::prelude::*;
use serde::Deserialize;
use std::sync::Arc;

struct Data {
    task: Task,
    candidates: Vec<Candidate>,
    successors: Vec<(CertificateRow, Vec<Failure>)>,
    off: Arc<DaysOff>,
}

async fn data(seat: &Seat, id: TaskId) -> Result<Data, Refusal> {
    let desk = &seat.desk;
    let task = desk.task(id).await?;
    let ids: Vec<_> = task.certificates.iter().map(|c| c.id).collect();
    let successors =
        if task.row.stage.moves().contains(&Stage::Issued) { desk.successor_candidates(id).await? } else { Vec::new() };
    Ok(Data { candidates: desk.candidates(&ids).await?, successors, off: desk.days_off().await?, task })
}

pub async fn show(seat: Seat, Path(id): Path<TaskId>) -> Reply {
    Ok(view(&seat.viewer, StatusCode::OK, &data(&seat, id).await?, &Typed::default(), &Fault::default()))
}

#[derive(Deserialize, Default)]
#[serde(default)]
pub struct Typed {
    to: String,
    why: String,
    text: String,
    assignee: String,
    due: String,
    how: String,
    note: String,
    successor: String,
    agreed: String,
    /// The page to go back to; the task's own if it is empty.
    back: String,
    revision: i32,
}

/// Goes back to where the form stood, or shows the task with the refusal and what was typed.
async fn after(seat: &Seat, id: TaskId, typed: &Typed, result: Result<Option<UndoId>, Refusal>, done: &str) -> Reply {
    match result {
        Ok(undo) => {
            let page = format!("/tasks/{id}");
            Ok(back_to(if typed.back.is_empty() { &page } else { &typed.back }, done, undo))
        }
        Err(refusal) => {
            let fault = Fault::of(refusal).map_err(Refused)?;
            Ok(view(&seat.viewer, StatusCode::UNPROCESSABLE_ENTITY, &data(seat, id).await?, typed, &fault))
        }
    }
}

/// For changes that are not taken back by a button.
fn nothing((): ()) -> Option<UndoId> {
    None
}

pub async fn steps(seat: Seat, Path(id): Path<TaskId>, MultiForm(ticked): MultiForm<Ticked>) -> Reply {
    let done = seat.desk.tick_steps(id, &ticked.step, &ticked.was).await.map(nothing);
    after(&seat, id, &Typed::default(), done, "ticked").await
}

#[derive(Deserialize, Default)]
#[serde(default)]
pub struct Ticked {
    step: Vec<i32>,
    /// Steps that were ticked when the page was made.
    was: Vec<i32>,
}

pub async fn agreed(seat: Seat, Path(id): Path<TaskId>, Form(typed): Form<Typed>) -> Reply {
    let done = async { seat.desk.set_agreed(id, moment("agreed", &typed.agreed)?, typed.revision).await.map(nothing) };
    after(&seat, id, &typed, done.await, "saved").await
}

pub async fn step(seat: Seat, Path(id): Path<TaskId>, Form(typed): Form<Typed>) -> Reply {
    let done = async {
        seat.desk
            .move_task(id, choice("stage", &typed.to, Stage::parse)?, &optional("why", &typed.why, 2000)?, typed.revision)
            .await
    };
    after(&seat, id, &typed, done.await, "moved").await
}

pub async fn comment(seat: Seat, Path(id): Path<TaskId>, Form(typed): Form<Typed>) -> Reply {
    let done = async { seat.desk.comment(id, &optional("text", &typed.text, 4000)?).await.map(nothing) };
    after(&seat, id, &typed, done.await, "saved").await
}

pub async fn assign(seat: Seat, Path(id): Path<TaskId>, Form(typed): Form<Typed>) -> Reply {
    let done = async {
        let to = match typed.assignee.trim() {
            "" => None,
            who => Some(who.parse().map_err(|_| Refusal::invalid("assignee", Rule::Unknown))?),
        };
        seat.desk.assign_tasks(&[id], to).await.map(Some)
    };
    after(&seat, id, &typed, done.await, "assigned").await
}

pub async fn due(seat: Seat, Path(id): Path<TaskId>, Form(typed): Form<Typed>) -> Reply {
    let done = async { seat.desk.set_due(id, day("due", &typed.due)?, typed.revision).await.map(nothing) };
    after(&seat, id, &typed, done.await, "saved").await
}

pub async fn revocation(seat: Seat, Path(id): Path<TaskId>, Form(typed): Form<Typed>) -> Reply {
    let done = async {
        seat.desk
            .record_revocation(
                id,
                choice("how", &typed.how, Check::parse)?,
                &optional("note", &typed.note, 2000)?,
                typed.revision,
            )
            .await
            .map(nothing)
    };
    after(&seat, id, &typed, done.await, "moved").await
}

pub async fn successor(seat: Seat, Path(id): Path<TaskId>, Form(typed): Form<Typed>) -> Reply {
    let done = async {
        let new = choice("successor", &typed.successor, |s| s.parse().ok())?;
        seat.desk.accept_successor(id, new, &optional("why", &typed.why, 2000)?, typed.revision).await.map(nothing)
    };
    after(&seat, id, &typed, done.await, "moved").await
}

pub async fn successor_file(seat: Seat, Path(id): Path<TaskId>, parts: Multipart) -> Reply {
    let (files, texts) = uploads(parts).await?;
    let text = |name: &str| texts.get(name).cloned().unwrap_or_default();
    let typed = Typed { why: text("why"), ..Typed::default() };
    let done = async {
        if files.is_empty() {
            return Err(Refusal::invalid("files", Rule::Required));
        }
        seat.desk
            .import_successor(id, files, &optional("why", &typed.why, 2000)?, text("revision").parse().unwrap_or(0))
            .await
            .map(nothing)
    };
    after(&seat, id, &typed, done.await, "moved").await
}

fn view(v: &Viewer, status: StatusCode, d: &Data, typed: &Typed, fault: &Fault) -> axum::response::Response {
    page_with(status, v, |v| {
        let l = v.lang;
        let row = &d.task.row;
        let lost = (row.reason == Reason::PasswordLost && !row.stage.has_successor())
            .then(|| note("risk", t::task::cannot_be_recovered(l)));
        let body = view! {
            {fault.any(l).map(|w| view! { <div role="alert">{note("risk", w)}</div> })}
            {track(l, row.stage)}
            {lost}
            <div class="cols">
                <div class="stack">
                    {sheet(t::task::next(l), None, ().into_any(), next(v, d, typed, fault))}
                    {compare(v, d)}
                    {checklist(v, d)}
                    {sheet(t::task::talk(l), None, ().into_any(), talk(v, d, typed))}
                </div>
                <div class="stack">{sheet(t::task::facts(l), None, ().into_any(), facts(v, d, typed, fault))}</div>
            </div>
        };
        let title = format!("{}: {}", words::reason(l, row.reason), row.holder);
        Sheet { room: Room::Tasks, title, hint: String::new(), actions: ().into_any(), body: body.into_any() }
    })
}

fn track(l: Lang, stage: Stage) -> AnyView {
    let at = stage.step().unwrap_or(0);
    let bars = (1..=8)
        .map(|n| view! { <li class=(n < at).then_some("done") aria-current=(n == at).then_some("step")></li> })
        .collect_view();
    let words = if at > 0 { t::task::step(l, words::stage(l, stage), at) } else { words::stage(l, stage).to_owned() };
    view! { <ol class="track" aria-hidden="true">{bars}</ol><p class="line"><b>{words}</b></p> }.into_any()
}

fn facts(v: &Viewer, d: &Data, typed: &Typed, fault: &Fault) -> AnyView {
    let l = v.lang;
    let (row, id) = (&d.task.row, d.task.row.id);
    let overdue = row.clock.overdue_days(v.today.day);
    let mut due = dates::plain(l, row.clock.due, v.today);
    due.past = row.stage.is_open() && overdue > 0;
    let waits = row
        .clock
        .waiting_since
        .map(|since| view! { <small class="mute">{t::task::waits_since(l, dates::short(l, since, v.today.day))}</small> });
    let certificates = d.task.certificates.iter().map(|c| view! { <li><a class="link" href=format!("/certificates/{}", c.id)>{c.holder.clone()}</a>" "{purposes(l, &c.purposes)}" "{standing(l, &c.life, v.today)}" "{when(dates::end(l, c.life.last_day(), v.today, &d.off))}</li> });
    let note_text = d.task.note.clone();
    view! {
        <dl class="kv pad">
            <dt>{t::client::one(l)}</dt><dd>{client_links(&row.clients)}</dd>
            <dt>{t::certificate::many(l)}</dt><dd><ul>{certificates.collect_view()}</ul></dd>
            <dt>{t::task::due(l)}</dt><dd>{when(due)}" "{waits}{(overdue > 0 && row.stage.is_open()).then(|| crate::parts::late_badge(t::task::overdue(l, overdue)))}</dd>
            {row.agreed.map(|at| view! { <dt>{t::task::agreed(l)}</dt><dd><b>{dates::moment(l, at, v.today.day)}</b></dd> })}
            <dt>{t::task::reason(l)}</dt><dd>{words::reason(l, row.reason)}" · "{words::route(l, row.route)}</dd>
            <dt>{t::task::assignee(l)}</dt><dd>{person(row.assignee.as_ref().map(|(_, n)| n.as_str()), t::task::nobody(l))}</dd>
            {(!note_text.is_empty()).then(|| view! { <dt>{t::task::note(l)}</dt><dd>{note_text}</dd> })}
            {d.task.revocation.as_ref().map(|(who, how, at, more)| view! { <dt>{t::stage::old_checked(l)}</dt><dd>{words::check(l, *how)}" · "{who.clone()}" · "{dates::instant(l, *at)}" "{more.clone()}</dd> })}
            {(!d.task.override_why.is_empty()).then(|| view! { <dt>{t::task::override_title(l)}</dt><dd>{d.task.override_why.clone()}</dd> })}
        </dl>
        {row.stage.is_open().then(|| view! {
            <div class="pad stack">
            {assign_form(v, d, typed, fault)}
            {d.task.may_work.then(|| view! {
                <details class="fold"><summary>{icon("right")}{t::task::change_due(l)}</summary>
                <form class="form1" method="post" action=format!("/tasks/{id}/due")><input type="hidden" name="revision" value=d.task.row.revision/>
                    {field("due", t::task::due(l), row.clock.due.to_string()).kind("date").required().show(l, fault)}<button class="btn">{t::form::save(l)}</button></form></details>
                <details class="fold" open=fault.at(l, "agreed").is_some()><summary>{icon("right")}{t::task::agreed(l)}</summary>
                <form class="form1" method="post" action=format!("/tasks/{id}/agreed")><input type="hidden" name="revision" value=row.revision/>
                    {field("agreed", t::task::agreed_label(l), agreed_value(row, typed)).kind("datetime-local").hint(t::task::agreed_hint(l)).show(l, fault)}<button class="btn">{t::form::save(l)}</button></form></details>
            })}
            </div>
        })}
    }
    .into_any()
}

fn agreed_value(row: &TaskRow, typed: &Typed) -> String {
    let kept = || row.agreed.map(|at| (at + chrono::Duration::hours(5)).format("%Y-%m-%dT%H:%M").to_string());
    if typed.agreed.is_empty() { kept().unwrap_or_default() } else { typed.agreed.clone() }
}

/// What has to be done on the way, with who ticked it and when.
fn checklist(v: &Viewer, d: &Data) -> AnyView {
    let l = v.lang;
    if d.task.steps.is_empty() {
        return ().into_any();
    }
    let open = d.task.may_work && d.task.row.stage.is_open();
    let lines = d.task.steps.iter().map(|s| {
        let text = words::of_three(l, &s.text);
        let done = s.done.as_ref().map(|(who, at)| format!("{}, {}", domain::person::short_name(who), dates::moment(l, *at, v.today.day)));
        let was = s.done.is_some().then(|| view! { <input type="hidden" name="was" value=s.place/> });
        view! { <li>{was}<label class="tick"><input type="checkbox" name="step" value=s.place checked=s.done.is_some() disabled=!open/><span>{text}" "<span class="mute">{done}</span></span></label></li> }
    });
    let (done, all) = d.task.row.steps;
    let lines = lines.collect_view();
    let body = view! {
        <form class="pad form1" method="post" action=format!("/tasks/{}/steps", d.task.row.id)><ul class="ticks">{lines}</ul>
            {open.then(|| view! { <button class="btn">{t::task::steps_save(l)}</button> })}</form>
    };
    sheet(format!("{} · {}", t::task::steps(l), t::board::steps(l, done, all)), None, ().into_any(), body.into_any())
}

fn assign_form(v: &Viewer, d: &Data, typed: &Typed, fault: &Fault) -> AnyView {
    let l = v.lang;
    let action = format!("/tasks/{}/assign", d.task.row.id);
    if d.task.may_assign {
        let now = d.task.row.assignee.as_ref().map(|(id, _)| id.to_string()).unwrap_or_default();
        let chosen = if typed.assignee.is_empty() { now } else { typed.assignee.clone() };
        return view! { <form class="form1" method="post" action=action>{select(l, "assignee", t::task::assign_to(l), &chosen, people(v, &d.candidates), fault)}<button class="btn">{t::task::assign(l)}</button></form> }.into_any();
    }
    let me = v.person.as_ref().map(|p| p.id.to_string()).unwrap_or_default();
    (d.task.may_work && d.task.row.assignee.is_none())
        .then(|| view! { <form method="post" action=action><input type="hidden" name="assignee" value=me/><button class="btn">{t::task::take(l)}</button></form> })
        .into_any()
}

/// What can be done now: the straight way first, the side ways with their reason behind.
fn next(v: &Viewer, d: &Data, typed: &Typed, fault: &Fault) -> AnyView {
    let l = v.lang;
    let row = &d.task.row;
    let why = row.why.clone();
    let why = (!why.is_empty()).then(|| note("risk", why));
    if !d.task.may_work || !row.stage.is_open() {
        let word = if row.stage.is_open() { t::task::read_only(l) } else { t::task::closed(l) };
        return view! { <div class="pad stack">{why}<p class="mute">{word}</p></div> }.into_any();
    }
    let moves = row.stage.moves();
    let plain = moves.iter().filter(|s| s.need() == Need::Nothing).map(|to| move_button(l, d, *to)).collect_view();
    let with_why: Vec<(String, String)> =
        moves.iter().filter(|s| s.need() == Need::Why).map(|s| (s.code().to_owned(), words::stage(l, *s).to_owned())).collect();
    view! {
        <div class="pad stack">
            {why}
            <div class="line wrap">{plain}</div>
            {moves.contains(&Stage::Issued).then(|| issue(v, d, typed, fault))}
            {moves.contains(&Stage::OldChecked).then(|| revocation_form(l, d, typed, fault))}
            {(!with_why.is_empty()).then(|| view! {
                <details class="fold" open=fault.at(l, "why").is_some()><summary>{icon("right")}{t::task::stuck(l)}</summary>
                <form class="form1" method="post" action=format!("/tasks/{}/move", row.id)><input type="hidden" name="revision" value=d.task.row.revision/>
                    {select(l, "to", t::task::stage(l), &typed.to, with_why, fault)}{field("why", t::task::why(l), typed.why.clone()).required().show(l, fault)}
                    <button class="btn">{t::form::save(l)}</button></form></details>
            })}
        </div>
    }
    .into_any()
}

fn move_button(l: Lang, d: &Data, to: Stage) -> AnyView {
    view! {
        <form method="post" action=format!("/tasks/{}/move", d.task.row.id)><input type="hidden" name="revision" value=d.task.row.revision/>
            <input type="hidden" name="to" value=to.code()/><button class="btn">{words::stage_verb(l, to)}</button></form>
    }
    .into_any()
}

/// The new certificate: from a file, or one that is registered already.
fn issue(v: &Viewer, d: &Data, typed: &Typed, fault: &Fault) -> AnyView {
    let l = v.lang;
    let (id, revision) = (d.task.row.id, d.task.row.revision);
    let failed = matches!(fault.0, Some(("successor", Rule::Successor(_))));
    let lead = || {
        (d.task.may_override).then(|| {
            field("why", t::task::override_label(l), typed.why.clone()).hint(t::task::override_hint(l)).show(l, &Fault::default())
        })
    };
    let known = d.successors.iter().map(|(c, failures)| {
        let points = failures.iter().map(|f| view! { <span class="why wrong">{words::failure(l, *f)}</span> }).collect_view();
        let open = failures.is_empty() || d.task.may_override;
        view! {
            <li><span class="line"><a class="link" href=format!("/certificates/{}", c.id)>{c.holder.clone()}</a>{purposes(l, &c.purposes)}<span class="push">{when(dates::end(l, c.life.last_day(), v.today, &d.off))}</span></span>
                {points}
                {open.then(|| view! { <form class="form1" method="post" action=format!("/tasks/{id}/successor")><input type="hidden" name="revision" value=revision/><input type="hidden" name="successor" value=c.id.to_string()/>
                    {(!failures.is_empty()).then(lead)}<button class="btn low">{t::task::accept_this(l)}</button></form> })}</li>
        }
    });
    let known = known.collect_view();
    view! {
        <details class="fold" open=failed || d.task.row.stage != Stage::Planned><summary>{icon("right")}{t::task::new_certificate(l)}</summary>
            <form class="form1" method="post" action=format!("/tasks/{id}/successor-file") enctype="multipart/form-data"><input type="hidden" name="revision" value=revision/>
                {file_field(l, fault.at(l, "files"))}<button class="btn main">{t::task::compare_and_close(l)}</button></form>
            {(!d.successors.is_empty()).then(|| view! { <div class="sec"><h3>{t::task::registered_already(l)}</h3><ul class="rows">{known}</ul></div> })}
        </details>
    }
    .into_any()
}

fn revocation_form(l: Lang, d: &Data, typed: &Typed, fault: &Fault) -> AnyView {
    let how = Check::ALL.iter().map(|c| (c.code().to_owned(), words::check(l, *c).to_owned())).collect();
    view! {
        <form class="form1" method="post" action=format!("/tasks/{}/revocation", d.task.row.id)><input type="hidden" name="revision" value=d.task.row.revision/>
            {note("warn", t::task::old_stays_valid(l))}
            {select(l, "how", t::task::checked_how(l), &typed.how, how, fault)}{area(l, "note", t::task::note(l), &typed.note, fault)}
            <button class="btn main">{words::stage_verb(l, Stage::OldChecked)}</button></form>
    }
    .into_any()
}

/// Old beside new, once there is a successor.
fn compare(v: &Viewer, d: &Data) -> AnyView {
    let l = v.lang;
    let (Some(new), Some(old)) = (&d.task.successor, d.task.certificates.first()) else { return ().into_any() };
    let end = |c: &CertificateRow| dates::full(l, c.life.last_day());
    let line = |term: &'static str, a: String, b: String| {
        let same = a == b;
        view! { <tr><th scope="row">{term}</th><td>{a}</td><td class="ok">{same.then(|| icon("check"))}</td><td>{b}</td></tr> }
    };
    let table = view! {
        <table class="cmp"><thead><tr><th></th><th scope="col">{t::task::old(l)}</th><th class="ok"></th><th scope="col">{t::task::new(l)}</th></tr></thead><tbody>
            {line(t::certificate::holder(l), old.holder.clone(), new.holder.clone())}
            {line(t::certificate::role(l), crate::parts::roles(l, &old.roles), crate::parts::roles(l, &new.roles))}
            {line(t::certificate::end(l), end(old), end(new))}
            {line(t::certificate::serial(l), old.serial.clone(), new.serial.clone())}
        </tbody></table>
    };
    sheet(t::task::old_and_new(l), None, ().into_any(), view! { <div class="pad">{table}</div> }.into_any())
}

fn talk(v: &Viewer, d: &Data, typed: &Typed) -> AnyView {
    let l = v.lang;
    let rows = d.task.events.iter().map(|e| said(v, e)).collect_view();
    let form = d.task.may_work.then(|| {
        view! { <form class="form1" method="post" action=format!("/tasks/{}/comment", d.task.row.id)>{area(l, "text", t::task::comment(l), &typed.text, &Fault::default())}<button class="btn">{t::task::say(l)}</button></form> }
    });
    view! { <div class="pad"><ul class="talk rows">{rows}</ul>{form}</div> }.into_any()
}

fn said(v: &Viewer, e: &TaskEvent) -> AnyView {
    let l = v.lang;
    let text = match e.what {
        EventKind::Opened => t::task::was_opened(l).to_owned(),
        EventKind::Moved(to) => {
            let more = Check::parse(&e.text).map_or_else(|| e.text.clone(), |c| words::check(l, c).to_owned());
            if more.is_empty() { words::stage(l, to).to_owned() } else { format!("{}: {more}", words::stage(l, to)) }
        }
        EventKind::Assigned if e.text.is_empty() => t::task::was_unassigned(l).to_owned(),
        EventKind::Assigned => t::task::was_assigned(l, &e.text),
        EventKind::Comment => e.text.clone(),
        EventKind::Undone => t::task::was_undone(l).to_owned(),
    };
    view! { <li>{crate::parts::avatar(Some(&e.person))}<span>{e.person.clone()}" "<small>{dates::instant(l, e.at)}</small></span><p>{text}</p></li> }.into_any()
}
