//! A reissue task: its page, its drawer beside the board, and what can be done with it.

mod course;
mod facts;
mod next;
mod owner;
mod unread;
mod view;

use crate::form::{Fault, choice, day, moment, optional};
use crate::pages::import::upload::uploads;
use crate::pages::tasks::bulk::{given, given_to};
use crate::port::Brought;
use crate::seat::{Refused, Reply, Seat};
use crate::shell::{back_to, local};
use axum::extract::{Form, Multipart, Path, Query};
use axum::http::StatusCode;
use axum_extra::extract::Form as MultiForm;
use chrono::NaiveDate;
pub use course::said;
use domain::attachment::Attachment;
use domain::certificate::CertificateRow;
use domain::client::{Contact, contact_of};
use domain::day::{DaysOff, day_in_kazakhstan};
use domain::delivery::SentLetter;
use domain::id::{DraftId, PersonId, TaskId, UndoId};
use domain::person::Candidate;
use domain::reason::Reason;
use domain::refusal::{Refusal, Rule};
use domain::revocation::{Evidence, proof_of_all};
use domain::route::RouteRule;
use domain::succession::{Failure, Reissued};
use domain::task::{Check, Move, Route, SeenTask, Stage, Task, Ticks};
use serde::Deserialize;
use std::sync::Arc;
pub use view::drawer;

/// What is shown of a task.
pub struct Data {
    task: Task,
    candidates: Vec<Candidate>,
    successors: Vec<(CertificateRow, Vec<Failure>)>,
    off: Arc<DaysOff>,
    /// Whom to call about the certificate.
    contact: Option<Contact>,
    routes: Vec<RouteRule>,
    /// What the lists say of the old certificates, once it matters.
    evidence: Vec<Evidence>,
    files: Vec<Attachment>,
    /// Whether mail can leave, and what was written to the owner.
    mails: bool,
    letters: Vec<SentLetter>,
    /// Where the forms lead to; the task's own page if it is empty.
    back: String,
}

impl Data {
    /// Whether there are steps that the reader can tick.
    fn ticks(&self) -> bool {
        self.task.may_work && self.task.row.stage.is_open() && !self.task.steps.is_empty()
    }
}

/// Everything about a task for whoever may see it.
///
/// # Errors
/// `NotFound` for a foreign one.
pub async fn data(seat: &Seat, id: TaskId, back: &str) -> Result<Data, Refusal> {
    let desk = &seat.desk;
    let task = desk.task_card(id).await?;
    let ids: Vec<_> = task.certificates.iter().map(|c| c.id).collect();
    let successors =
        if task.row.stage.moves().contains(&Stage::Issued) { desk.successor_candidates(id).await? } else { Vec::new() };
    let mut evidence = Vec::new();
    if task.row.stage.moves().contains(&Stage::OldChecked) {
        for id in &ids {
            evidence.push(desk.evidence(*id).await?);
        }
    }
    let contacts = match task.row.clients.first() {
        Some((client, _)) => desk.client_card(*client).await?.data.contacts,
        None => Vec::new(),
    };
    Ok(Data {
        candidates: desk.candidates(&ids).await?,
        successors,
        off: desk.days_off().await?,
        contact: contact_of(&contacts, &task.row.holder).cloned(),
        routes: desk.route_rules().await?,
        evidence,
        files: desk.task_attachments(id).await?,
        mails: desk.mails().await?,
        letters: desk.letters_of(id).await?,
        task,
        back: back.to_owned(),
    })
}

/// What somebody came to say of a task.
#[derive(Deserialize, Default)]
#[serde(default)]
pub struct Wish {
    /// Why access is lost.
    loss: String,
}

pub async fn show(seat: Seat, Path(id): Path<TaskId>, Query(wish): Query<Wish>) -> Reply {
    let typed = Typed { reason: wish.loss, ..Typed::default() };
    Ok(view::page(&seat.viewer, StatusCode::OK, &data(&seat, id, "").await?, &typed, &Fault::default()))
}

#[derive(Deserialize, Default)]
#[serde(default)]
pub struct Typed {
    to: String,
    why: String,
    text: String,
    /// The colleague whom a comment calls.
    call: String,
    assignee: String,
    due: String,
    how: String,
    note: String,
    successor: String,
    reason: String,
    route: String,
    agreed: String,
    /// The page to go back to; the task's own if it is empty.
    back: String,
    revision: i32,
    /// Steps that were ticked in what was refused.
    #[serde(skip)]
    ticked: Option<Vec<i32>>,
    /// Files that were refused as the successor and can be registered apart from the task.
    #[serde(skip)]
    draft: Option<DraftId>,
    /// Their names.
    #[serde(skip)]
    files: Vec<String>,
    /// Files beside them that could not be read.
    #[serde(skip)]
    unread: Vec<(String, Rule)>,
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
            Ok(view::page(
                &seat.viewer,
                StatusCode::UNPROCESSABLE_ENTITY,
                &data(seat, id, &typed.back).await?,
                typed,
                &fault,
            ))
        }
    }
}

/// Says which day a task has now and whether that is too late, with the way back.
async fn moved(seat: &Seat, id: TaskId, typed: &Typed, done: Result<(UndoId, Option<NaiveDate>), Refusal>) -> Reply {
    let said = match &done {
        Ok((_, Some(day))) => {
            let late =
                seat.desk.task_card(id).await.is_ok_and(|task| task.row.is_past_end(*day, seat.viewer.today.day));
            let past = *day < seat.viewer.today.day;
            let works = seat.desk.days_off().await.is_ok_and(|off| off.is_working(*day));
            let code = if past {
                "day_past"
            } else if late {
                "day_late"
            } else if !works {
                "day_off"
            } else {
                "day_moved"
            };
            format!("{code}.{}", day.format("%Y%m%d"))
        }
        _ => "saved".to_owned(),
    };
    after(seat, id, typed, done.map(|(undo, _)| Some(undo)), &said).await
}

/// For changes that are not taken back by a button.
fn nothing((): ()) -> Option<UndoId> {
    None
}

pub async fn steps(seat: Seat, Path(id): Path<TaskId>, MultiForm(ticked): MultiForm<Ticked>) -> Reply {
    let done = seat.desk.tick_steps(id, &ticked.ticks()).await.map(nothing);
    after(&seat, id, &ticked.typed(), done, "ticked").await
}

/// The checklist, and the move whose button sent it.
#[derive(Deserialize, Default)]
#[serde(default)]
pub struct Ticked {
    step: Vec<i32>,
    /// Steps that were ticked when the page was made.
    was: Vec<i32>,
    to: String,
    why: String,
    back: String,
    revision: i32,
}

impl Ticked {
    fn ticks(&self) -> Ticks {
        Ticks { ticked: self.step.clone(), were: self.was.clone() }
    }

    fn typed(&self) -> Typed {
        Typed {
            to: self.to.clone(),
            why: self.why.clone(),
            back: self.back.clone(),
            ticked: Some(self.step.clone()),
            ..Typed::default()
        }
    }
}

pub async fn agreed(seat: Seat, Path(id): Path<TaskId>, Form(typed): Form<Typed>) -> Reply {
    let done = async {
        let at = moment("agreed", &typed.agreed)?;
        Ok((seat.desk.set_agreed(id, at, typed.revision).await?, at.map(day_in_kazakhstan)))
    };
    moved(&seat, id, &typed, done.await).await
}

pub async fn step(seat: Seat, Path(id): Path<TaskId>, MultiForm(moving): MultiForm<Ticked>) -> Reply {
    let done = async {
        let to = choice("stage", &moving.to, Stage::parse)?;
        let why = optional("why", &moving.why, 2000)?;
        seat.desk.move_task(id, &Move { to, why, ticks: moving.ticks(), revision: moving.revision }).await
    };
    after(&seat, id, &moving.typed(), done.await, "moved").await
}

/// The colleague whom a comment calls; none where none is chosen.
fn called(typed: &str) -> Result<Option<PersonId>, Refusal> {
    if typed.is_empty() { Ok(None) } else { choice("call", typed, |id| id.parse().ok()).map(Some) }
}

pub async fn comment(seat: Seat, Path(id): Path<TaskId>, Form(typed): Form<Typed>) -> Reply {
    let done = async {
        let (text, call) = (optional("text", &typed.text, 4000)?, called(&typed.call)?);
        seat.desk.comment(id, &text, call).await
    };
    let done = done.await;
    let said = if matches!(done, Ok(false)) { "said_already" } else { "saved" };
    after(&seat, id, &typed, done.map(|_| None), said).await
}

pub async fn message(seat: Seat, Path(id): Path<TaskId>) -> Reply {
    let done = async {
        let data = data(&seat, id, "").await?;
        if !data.task.may_work {
            return Err(Refusal::NotAllowed);
        }
        let letter = owner::letter(&seat.viewer, &data)?;
        seat.desk.write_to_owner(id, &letter).await
    };
    let done = done.await;
    let said = if matches!(done, Ok(false)) { "written_already" } else { "written" };
    after(&seat, id, &Typed::default(), done.map(|_| None), said).await
}

pub async fn assign(seat: Seat, Path(id): Path<TaskId>, Form(typed): Form<Typed>) -> Reply {
    let done = async {
        let to = given_to(&typed.assignee)?;
        let seen = SeenTask { id, revision: typed.revision };
        Ok((seat.desk.assign_tasks(&[seen], to).await?, given(to, 1)))
    };
    match done.await {
        Ok((undo, said)) => after(&seat, id, &typed, Ok(Some(undo)), &said).await,
        Err(refusal) => after(&seat, id, &typed, Err(refusal), "").await,
    }
}

pub async fn due(seat: Seat, Path(id): Path<TaskId>, Form(typed): Form<Typed>) -> Reply {
    let done = async {
        let due = day("due", &typed.due)?;
        Ok((seat.desk.set_due(id, due, typed.revision).await?, Some(due)))
    };
    moved(&seat, id, &typed, done.await).await
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
        seat.desk.accept_successor(id, new, &optional("why", &typed.why, 2000)?, typed.revision).await
    };
    reissued(&seat, id, &typed, done.await).await
}

/// A loss that became known while the reissue is open.
pub async fn loss(seat: Seat, Path(id): Path<TaskId>, Form(typed): Form<Typed>) -> Reply {
    let done = async {
        let (reason, route) =
            (choice("reason", &typed.reason, Reason::parse)?, choice("route", &typed.route, Route::parse)?);
        seat.desk.report_loss(id, reason, route, typed.revision).await.map(nothing)
    };
    after(&seat, id, &typed, done.await, "saved").await
}

/// Says whether the task is issued, or stays open for what is still needed.
async fn reissued(seat: &Seat, id: TaskId, typed: &Typed, done: Result<Reissued, Refusal>) -> Reply {
    let word = if matches!(done, Ok(Reissued::Part(_))) { "renewed_part" } else { "moved" };
    after(seat, id, typed, done.map(|_| None), word).await
}

/// Asks the authority about the old certificates; where it says that all are revoked, the step is proved.
pub async fn ask(seat: Seat, Path(id): Path<TaskId>, Form(typed): Form<Typed>) -> Reply {
    let asked = async {
        let mut evidence = Vec::new();
        for certificate in seat.desk.task_card(id).await?.certificates {
            seat.desk.ask_issuer(certificate.id).await?;
            evidence.push(seat.desk.evidence(certificate.id).await?);
        }
        let proof = proof_of_all(&evidence);
        if let Some(proof) = proof {
            seat.desk.record_revocation(id, proof, "", typed.revision).await?;
        }
        Ok(proof.is_some())
    };
    let asked = asked.await;
    let done = if matches!(asked, Ok(true)) { "asked_revoked" } else { "asked_good" };
    after(&seat, id, &typed, asked.map(|_| None), done).await
}

pub async fn successor_file(seat: Seat, Path(id): Path<TaskId>, parts: Multipart) -> Reply {
    let (files, texts) = uploads(parts).await?;
    let text = |name: &str| texts.get(name).cloned().unwrap_or_default();
    let mut typed = Typed { why: text("why"), back: text("back"), ..Typed::default() };
    let done = async {
        if files.is_empty() {
            return Err(Refusal::invalid("files", Rule::Required));
        }
        let (why, revision) = (optional("why", &typed.why, 2000)?, text("revision").parse().unwrap_or(0));
        seat.desk.import_successor(id, files, &why, revision).await
    };
    let done = match done.await {
        Ok(Brought { reissued: Ok(_), unread, .. }) if !unread.is_empty() => {
            let own = format!("/tasks/{id}");
            let back = if typed.back.is_empty() { own.as_str() } else { local(&typed.back) };
            return Ok(unread::page_of(&seat.viewer, back, &unread));
        }
        Ok(brought) => {
            typed.draft = brought.reissued.is_err().then_some(brought.draft);
            typed.files = brought.read;
            typed.unread = brought.unread;
            brought.reissued
        }
        Err(refused) => Err(refused),
    };
    reissued(&seat, id, &typed, done).await
}
