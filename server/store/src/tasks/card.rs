//! The page of a task.

use crate::certificates::succession;
use crate::core::admitted::ScopedStore;
use crate::core::convert::{certificate_row, instant, task_codes};
use crate::core::entity::{certificate, task, task_certificate, task_event};
use crate::{Error, Result};
use domain::access::Action;
use domain::certificate::CertificateRow;
use domain::id::{ClientId, TaskId};
use domain::refusal::Refusal;
use domain::succession::Failure;
use domain::task::{Check, EventKind, Stage, Task, TaskEvent};
use sea_orm::sea_query::Query;
use sea_orm::{ColumnTrait as _, QueryFilter as _, QueryOrder as _, QuerySelect as _};
use std::collections::HashMap;
use uuid::Uuid;

impl ScopedStore {
    /// One task with everything on its page.
    ///
    /// # Errors
    /// `NotFound` for a foreign one.
    pub async fn task_card(&self, id: TaskId) -> Result<Task> {
        let model = self.task(Action::See, id).await?;
        let rows = self.certificates_of_task(id).await?;
        let successor = match model.successor_id {
            Some(next) => {
                self.find::<certificate::Entity>(Action::See)
                    .filter(certificate::Column::Id.eq(next))
                    .one(&self.rows)
                    .await?
            }
            None => None,
        };
        let may = |action| async move {
            Ok::<bool, Error>(
                self.find::<task::Entity>(action).filter(task::Column::Id.eq(id.0)).one(&self.rows).await?.is_some(),
            )
        };
        let people: HashMap<Uuid, String> = self.people().await?.iter().map(|p| (p.id.0, p.name.clone())).collect();
        // What the program has done by itself bears its name.
        let name = |id: Uuid| people.get(&id).cloned().unwrap_or_else(|| "Merzim".to_owned());
        let revocation = match (model.checked_by, model.check_how.as_deref().and_then(Check::parse), model.checked_at) {
            (Some(by), Some(how), Some(at)) => Some((name(by), how, instant(at), model.check_note.clone())),
            _ => None,
        };
        let events = self
            .find::<task_event::Entity>(Action::See)
            .filter(task_event::Column::TaskId.eq(id.0))
            .order_by_asc(task_event::Column::Id)
            .all(&self.rows)
            .await?;
        Ok(Task {
            note: model.note.clone(),
            certificates: self.with_clients_and_tasks(rows.iter().map(certificate_row).collect()).await?,
            successor: successor.as_ref().map(certificate_row),
            override_why: model.override_why.clone(),
            revocation,
            events: events.into_iter().filter_map(|e| event(e, &name)).collect(),
            may_work: may(Action::WorkTask).await?,
            may_assign: may(Action::AssignTask).await?,
            may_override: may(Action::OverrideSuccessor).await?,
            cover: self.cover_of(&model).await?,
            steps: self.steps_of(id, &name).await?,
            row: self.task_rows(vec![model]).await?.into_iter().next().ok_or(Refusal::NotFound)?,
        })
    }

    pub(crate) async fn certificates_of_task(&self, id: TaskId) -> Result<Vec<certificate::Model>> {
        let of = Query::select()
            .column(task_certificate::Column::CertificateId)
            .from(task_certificate::Entity)
            .and_where(task_certificate::Column::TaskId.eq(id.0))
            .to_owned();
        Ok(self
            .find::<certificate::Entity>(Action::See)
            .filter(certificate::Column::Id.in_subquery(of))
            .order_by_desc(certificate::Column::Purposes)
            .all(&self.rows)
            .await?)
    }

    /// Certificates that may succeed those of the task, each with the points that fail.
    ///
    /// # Errors
    /// `NotFound` for a foreign task.
    pub async fn successor_candidates(&self, id: TaskId) -> Result<Vec<(CertificateRow, Vec<Failure>)>> {
        let model = self.task(Action::See, id).await?;
        let (_, reason, _, _) = task_codes(&model)?;
        let old = self.certificates_of_task(id).await?;
        let numbers: Vec<String> = old.iter().filter_map(|c| c.owner_number.clone()).collect();
        let oldest = old.iter().map(|c| c.not_before).min().unwrap_or(0);
        let newer = self
            .find::<certificate::Entity>(Action::See)
            .filter(certificate::Column::OwnerNumber.is_in(numbers))
            .filter(certificate::Column::NotBefore.gt(oldest))
            .filter(certificate::Column::Id.is_not_in(old.iter().map(|c| c.id)))
            .order_by_desc(certificate::Column::NotBefore)
            .limit(20)
            .all(&self.rows)
            .await?;
        let known = succession::known_issuers(&self.rows).await?;
        let old = succession::with_facts(&self.rows, old).await?;
        let newer = succession::with_facts(&self.rows, newer).await?;
        // What has a successor already needs no other.
        let left: Vec<&succession::Known> = old.iter().filter(|old| old.row.successor_id.is_none()).collect();
        let left = if left.is_empty() { old.iter().collect() } else { left };
        let mut out: Vec<_> = newer
            .iter()
            .map(|new| (certificate_row(&new.row), fails_least(&left, new, reason, self.who.today, &known)))
            .collect();
        out.sort_by_key(|(_, failures)| failures.len());
        Ok(out)
    }

    pub(crate) async fn client_of_certificate(&self, certificate: Uuid) -> Result<Option<ClientId>> {
        Ok(self.clients_of(&[certificate]).await?.into_values().flatten().map(|(id, _)| id).next())
    }
}

/// The points that fail for any of the old certificates, each once.
pub fn fails_for_any(
    old: &[&succession::Known],
    new: &succession::Known,
    reason: domain::reason::Reason,
    today: domain::day::OfficeDay,
    known: &std::collections::HashSet<String>,
) -> Vec<Failure> {
    let mut out: Vec<Failure> =
        old.iter().flat_map(|old| succession::compare(old, new, Some(reason), today, known)).collect();
    out.sort_unstable();
    out.dedup();
    out
}

/// The points that fail where a certificate can replace none of the old ones; nothing fails where it can replace one.
fn fails_least(
    old: &[&succession::Known],
    new: &succession::Known,
    reason: domain::reason::Reason,
    today: domain::day::OfficeDay,
    known: &std::collections::HashSet<String>,
) -> Vec<Failure> {
    let of = |old: &&succession::Known| succession::compare(old, new, Some(reason), today, known);
    old.iter().map(of).min_by_key(Vec::len).unwrap_or_default()
}

fn event(row: task_event::Model, name: &impl Fn(Uuid) -> String) -> Option<TaskEvent> {
    let what = match row.kind.as_str() {
        "opened" => EventKind::Opened,
        "moved" => EventKind::Moved(Stage::parse(&row.stage)?),
        "assigned" => EventKind::Assigned,
        "renewed" => EventKind::Renewed,
        "due" => EventKind::Due,
        "agreed" => EventKind::Agreed,
        "lost" => EventKind::Lost,
        "undone" => EventKind::Undone,
        _ => EventKind::Comment,
    };
    Some(TaskEvent { at: instant(row.at), person: name(row.person_id), what, text: row.body })
}
