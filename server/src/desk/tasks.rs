//! Reissue tasks.

use super::OfficeDesk;
use crate::refusals::of;
use app::port::{Answer, Certificates as _, Tasks, Upload};
use async_trait::async_trait;
use chrono::{DateTime, NaiveDate, Utc};
use domain::certificate::CertificateRow;
use domain::id::{CertificateId, PersonId, StepId, TaskId, UndoId};
use domain::person::Candidate;
use domain::refusal::{Refusal, Rule};
use domain::succession::Failure;
use domain::task::{BoardLane, Check, NewTask, Stage, StepLine, StepTemplate, Task, TaskFilter, TaskRow};
use std::collections::HashMap;

#[async_trait]
impl Tasks for OfficeDesk {
    async fn tasks(&self, filter: &TaskFilter) -> Answer<Vec<TaskRow>> {
        Ok(self.scoped.tasks(filter).await.map_err(of)?.to_vec())
    }

    async fn some_tasks(&self, filter: &TaskFilter, lines: u64) -> Answer<Vec<TaskRow>> {
        self.scoped.some_tasks(filter, lines).await.map_err(of)
    }

    async fn board(&self, filter: &TaskFilter) -> Answer<Vec<BoardLane>> {
        Ok(self.scoped.board(filter).await.map_err(of)?.to_vec())
    }

    async fn candidates_for(&self, tasks: &[TaskId]) -> Answer<Vec<Candidate>> {
        self.scoped.candidates_for(tasks).await.map_err(of)
    }

    async fn task(&self, id: TaskId) -> Answer<Task> {
        self.scoped.task_card(id).await.map_err(of)
    }

    async fn candidates(&self, certificates: &[CertificateId]) -> Answer<Vec<Candidate>> {
        self.scoped.candidates(certificates).await.map_err(of)
    }

    async fn default_assignee(&self, certificates: &[CertificateId]) -> Answer<Option<PersonId>> {
        self.scoped.default_assignee(certificates).await.map_err(of)
    }

    async fn successor_candidates(&self, id: TaskId) -> Answer<Vec<(CertificateRow, Vec<Failure>)>> {
        self.scoped.successor_candidates(id).await.map_err(of)
    }

    async fn open_task(&self, new: NewTask) -> Answer<TaskId> {
        self.scoped.open_task(new).await.map_err(of)
    }

    async fn open_tasks(&self, all: Vec<NewTask>) -> Answer<UndoId> {
        self.scoped.open_tasks(all).await.map(|(_, undo)| undo).map_err(of)
    }

    async fn move_task(&self, id: TaskId, to: Stage, why: &str, revision: i32) -> Answer<Option<UndoId>> {
        self.scoped.move_task(id, to, why, revision).await.map_err(of)
    }

    async fn candidates_each(&self, tasks: &[TaskId]) -> Answer<Vec<(TaskId, Vec<PersonId>)>> {
        self.scoped.candidates_each(tasks).await.map_err(of)
    }

    async fn assign_each(&self, pairs: &HashMap<TaskId, PersonId>) -> Answer<UndoId> {
        self.scoped.assign_each(pairs).await.map_err(of)
    }

    async fn assign_tasks(&self, ids: &[TaskId], to: Option<PersonId>) -> Answer<UndoId> {
        self.scoped.assign_tasks(ids, to).await.map_err(of)
    }

    async fn take_back(&self, id: UndoId) -> Answer<u64> {
        self.scoped.take_back(id).await.map_err(of)
    }

    async fn tick_steps(&self, id: TaskId, ticked: &[i32], were: &[i32]) -> Answer<()> {
        self.scoped.tick_steps(id, ticked, were).await.map_err(of)
    }

    async fn set_agreed(&self, id: TaskId, at: Option<DateTime<Utc>>, revision: i32) -> Answer<()> {
        self.scoped.set_agreed(id, at, revision).await.map_err(of)
    }

    async fn step_templates(&self) -> Answer<Vec<StepTemplate>> {
        self.scoped.step_templates().await.map_err(of)
    }

    async fn set_step_template(&self, id: Option<StepId>, line: StepLine) -> Answer<()> {
        self.scoped.set_step_template(id, line).await.map_err(of)
    }

    async fn remove_step_template(&self, id: StepId) -> Answer<()> {
        self.scoped.remove_step_template(id).await.map_err(of)
    }

    async fn comment(&self, id: TaskId, text: &str) -> Answer<()> {
        self.scoped.comment(id, text).await.map_err(of)
    }

    async fn set_due(&self, id: TaskId, due: NaiveDate, revision: i32) -> Answer<()> {
        self.scoped.set_due(id, due, revision).await.map_err(of)
    }

    async fn import_successor(&self, id: TaskId, files: Vec<Upload>, why: &str, revision: i32) -> Answer<()> {
        self.scoped.may_move(id, Stage::Issued, revision).await.map_err(of)?;
        let draft = self.read_files(files).await?;
        let preview = self.scoped.preview(draft).await.map_err(of)?;
        let (_, registered) = self.scoped.accept(draft, &HashMap::new()).await.map_err(of)?;
        if registered.is_empty() {
            let refused = preview.rows.into_iter().find_map(|r| r.content.err());
            let rule = refused.map_or(Rule::NoSuchClient, |(error, hint)| Rule::File(error, hint));
            return Err(Refusal::invalid("files", rule));
        }
        let judged = self.scoped.successor_candidates(id).await.map_err(of)?;
        // The candidates come with the fewest failures first.
        let best = judged.into_iter().find(|(c, _)| registered.contains(&c.id)).map(|(c, _)| c.id);
        let new = best.or(registered.first().copied()).ok_or(Refusal::NotFound)?;
        self.scoped.accept_successor(id, new, why, revision).await.map_err(of)
    }

    async fn accept_successor(&self, id: TaskId, new: CertificateId, why: &str, revision: i32) -> Answer<()> {
        self.scoped.accept_successor(id, new, why, revision).await.map_err(of)
    }

    async fn record_revocation(&self, id: TaskId, how: Check, note: &str, revision: i32) -> Answer<()> {
        self.scoped.record_revocation(id, how, note, revision).await.map_err(of)
    }
}
