//! Comments, and the colleagues whom they call: chosen in the form, or named in the text as «@Name».

use crate::Result;
use crate::core::admitted::ScopedStore;
use crate::core::convert::instant;
use crate::core::entity::{mention, task, task_event};
use crate::core::fresh;
use crate::core::whoever::find_whoever_asks;
use domain::access::Action;
use domain::audit::DeedKind;
use domain::fold::is_invisible;
use domain::id::{CertificateId, MentionId, PersonId, TaskId};
use domain::person::Candidate;
use domain::refusal::{Refusal, Rule};
use domain::task::{Mention, Stage};
use sea_orm::sea_query::{Expr, ExprTrait as _};
use sea_orm::{ColumnTrait as _, QueryFilter as _, QueryOrder as _, QuerySelect as _, Set};
use std::collections::HashMap;
use std::sync::Arc;
use uuid::Uuid;

/// Mentions of the morning at most.
const LINES: u64 = 20;

/// Within so many milliseconds the same comment is the same one sent again.
const SENT_AGAIN_MS: i64 = 2 * 60 * 1000;

impl ScopedStore {
    /// Adds a comment; it calls whoever is chosen and whoever its text names, of those who may work on the task. Whoever
    /// answers in a task has read what called them there. False where the same person has just said the same.
    ///
    /// # Errors
    /// `NotFound`, `NotAllowed`, `Invalid` for an empty one, or where whoever is chosen may not work on the task.
    pub async fn comment(&self, id: TaskId, text: &str, call: Option<PersonId>) -> Result<bool> {
        self.write(|deed| async move {
            let model = deed.task(Action::WorkTask, id).await?;
            if text.chars().all(|c| c.is_whitespace() || is_invisible(c)) {
                return Err(Refusal::invalid("text", Rule::Required).into());
            }
            let all = deed.worked_certificates(id).await?.iter().map(|c| CertificateId(c.id)).collect::<Vec<_>>();
            let colleagues =
                if call.is_some() || text.contains('@') { deed.candidates(&all).await? } else { Vec::new() };
            let (text, called) = called(text.trim(), call, &colleagues)?;
            if deed.just_said(id, &text).await? {
                return Ok(deed.nothing().with(false));
            }
            let deed = model.permits();
            deed.event(id, "comment", Stage::Planned, &text).await?;
            let me = deed.who.person;
            let read = deed
                .change::<mention::Entity>(mention::Column::TaskId.eq(id.0).and(mention::Column::PersonId.eq(me.0)))
                .filter(mention::Column::Seen.is_null())
                .col_expr(mention::Column::Seen, Expr::value(deed.now_ms()));
            deed.run(read).await?;
            for person in called.into_iter().filter(|person| *person != me) {
                let row = mention::ActiveModel {
                    id: Set(fresh::id()),
                    task_id: Set(id.0),
                    person_id: Set(person.0),
                    author_id: Set(me.0),
                    at: Set(deed.now_ms()),
                    body: Set(text.clone()),
                    seen: Set(None),
                };
                deed.insert(row).await?;
            }
            Ok(deed.done(deed.entry(DeedKind::TaskCommented, &model, "").await?).with(true))
        })
        .await
    }

    /// Whether the same person's last word on a task, a moment ago, was this one: the answer to it was lost, and it was sent
    /// once more.
    async fn just_said(&self, id: TaskId, text: &str) -> Result<bool> {
        let last = find_whoever_asks::<task_event::Entity>()
            .filter(task_event::Column::TaskId.eq(id.0))
            .order_by_desc(task_event::Column::At)
            .order_by_desc(task_event::Column::Id)
            .one(&self.rows)
            .await?;
        Ok(last.is_some_and(|row| {
            let old = self.who.today.now.timestamp_millis() - row.at;
            row.kind == "comment" && row.person_id == self.who.person.0 && row.body == text && old < SENT_AGAIN_MS
        }))
    }

    /// What calls the person and is not read yet, the newest first.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn mentions(&self) -> Result<Arc<Vec<Mention>>> {
        let key = format!("mentions {} {:?} {}", self.who.person, self.who.team, self.who.today.day);
        self.remembered(key, self.ask_mentions()).await
    }

    async fn ask_mentions(&self) -> Result<Vec<Mention>> {
        let unseen = self.find::<mention::Entity>(Action::See).filter(mention::Column::Seen.is_null());
        let rows = unseen.order_by_desc(mention::Column::Id).limit(LINES).all(&self.rows).await?;
        if rows.is_empty() {
            return Ok(Vec::new());
        }
        let of = task::Column::Id.is_in(rows.iter().map(|m| m.task_id));
        let tasks = self.find::<task::Entity>(Action::See).filter(of).all(&self.rows).await?;
        let whose: HashMap<TaskId, String> = self
            .task_rows(tasks)
            .await?
            .into_iter()
            .map(|row| (row.id, row.clients.into_iter().next().map_or(row.holder, |(_, name)| name)))
            .collect();
        let names: HashMap<Uuid, String> = self.people().await?.iter().map(|p| (p.id.0, p.name.clone())).collect();
        let line = |m: mention::Model| Mention {
            id: MentionId(m.id),
            task: TaskId(m.task_id),
            whose: whose.get(&TaskId(m.task_id)).cloned().unwrap_or_default(),
            author: names.get(&m.author_id).cloned().unwrap_or_default(),
            text: m.body,
            at: instant(m.at),
        };
        Ok(rows.into_iter().map(line).collect())
    }

    /// Says that one has read what calls one.
    ///
    /// # Errors
    /// `NotFound` for somebody else's.
    pub async fn mention_read(&self, id: MentionId) -> Result<()> {
        self.write(|deed| async move {
            let own =
                deed.find::<mention::Entity>(Action::See).filter(mention::Column::Id.eq(id.0)).one(&deed.rows).await?;
            let own = own.ok_or(Refusal::NotFound)?;
            let deed = deed.own()?;
            let read = deed.change::<mention::Entity>(mention::Column::Id.eq(own.id));
            deed.run(read.col_expr(mention::Column::Seen, Expr::value(deed.now_ms()))).await?;
            Ok(deed.unrecorded())
        })
        .await
    }
}

/// The text with the name of whoever is chosen in it, and everybody it calls.
fn called(text: &str, call: Option<PersonId>, colleagues: &[Candidate]) -> Result<(String, Vec<PersonId>)> {
    let mut text = text.to_owned();
    if let Some(call) = call {
        let one = colleagues.iter().find(|c| c.id == call).ok_or(Refusal::invalid("call", Rule::NoRight))?;
        let name = format!("@{}", one.name);
        if !text.contains(&name) {
            text = format!("{name} {text}");
        }
    }
    let named = colleagues.iter().filter(|c| Some(c.id) == call || names(&text, &c.name)).map(|c| c.id).collect();
    Ok((text, named))
}

/// Whether a text calls somebody by this name, and not by a longer one that begins with it.
fn names(text: &str, name: &str) -> bool {
    let sign = format!("@{name}");
    let ends = |after: &str| !after.starts_with(|c: char| c.is_alphanumeric() || c == '-');
    text.match_indices(&sign).any(|(at, _)| text.get(at + sign.len()..).is_some_and(ends))
}
