//! Who stands in for whom for a time: shown to both, ended early, and what passed comes back.

use crate::Result;
use crate::clients::cards::holds;
use crate::core::admitted::ScopedStore;
use crate::core::deed::Permitted;
use crate::core::entity::{assignment, client, person, task};
use crate::core::whoever::{exists, find_whoever_asks};
use domain::access::Action;
use domain::audit::{DeedKind, Entry};
use domain::handover::Cover;
use domain::id::{ClientId, PersonId, TaskId};
use domain::person::Part;
use domain::refusal::Refusal;
use domain::task::Stage;
use sea_orm::sea_query::{Expr, ExprTrait as _, Query};
use sea_orm::{ColumnTrait as _, QueryFilter as _};
use std::collections::{BTreeMap, BTreeSet};

impl ScopedStore {
    /// Who stands in for a person today, and for whom the person stands in, with the clients that may be seen.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn covers(&self, of: PersonId) -> Result<Vec<Cover>> {
        let people = self.people().await?;
        let name = |id: PersonId| people.iter().find(|p| p.id == id).map(|p| p.name.clone()).unwrap_or_default();
        let covers = self.running_covers(of).await?;
        let cover = |((covered, by, until), clients): (Key, BTreeSet<ClientId>)| Cover {
            covered: (covered, name(covered)),
            by: (by, name(by)),
            until,
            clients: i64::try_from(clients.len()).unwrap_or(0),
        };
        Ok(covers.into_iter().map(cover).collect())
    }

    /// For whom a task's assignee has it, while that cover runs.
    pub(crate) async fn cover_of(&self, model: &task::Model) -> Result<Option<(String, chrono::NaiveDate)>> {
        let (Some(covered), Some(by)) = (model.cover_for, model.assignee_id) else { return Ok(None) };
        let covers = self.covers(PersonId(covered)).await?;
        Ok(covers.into_iter().find(|c| c.by.0.0 == by).map(|c| (c.covered.1, c.until)))
    }

    async fn running_covers(&self, of: PersonId) -> Result<BTreeMap<Key, BTreeSet<ClientId>>> {
        let day = self.who.today.day;
        let carried = Query::select()
            .column(assignment::Column::ClientId)
            .from(assignment::Entity)
            .and_where(assignment::Column::PersonId.eq(of.0))
            .and_where(assignment::Column::Part.eq(Part::Responsible.code()))
            .cond_where(holds(day))
            .to_owned();
        let rows = self
            .find::<assignment::Entity>(Action::See)
            .filter(assignment::Column::Part.eq(Part::Responsible.code()))
            .filter(assignment::Column::ClientId.in_subquery(carried))
            .filter(holds(day))
            .all(&self.rows)
            .await?;
        let mut out: BTreeMap<Key, BTreeSet<ClientId>> = BTreeMap::new();
        for stands_in in &rows {
            let Some(until) = stands_in.until_day else { continue };
            let lasting = rows.iter().filter(|a| a.client_id == stands_in.client_id && a.until_day.is_none());
            for covered in lasting.filter(|a| a.person_id != stands_in.person_id) {
                if [covered.person_id, stands_in.person_id].contains(&of.0) {
                    let key = (PersonId(covered.person_id), PersonId(stands_in.person_id), until);
                    out.entry(key).or_default().insert(ClientId(stands_in.client_id));
                }
            }
        }
        Ok(out)
    }

    /// Ends the cover of a person by another with yesterday; the tasks that passed with it come back.
    ///
    /// # Errors
    /// `NotFound` where there is none, `NotAllowed`.
    pub async fn end_cover(&self, covered: PersonId, by: PersonId) -> Result<()> {
        self.write(|deed| async move {
            let all = deed.running_covers(covered).await?;
            let clients: BTreeSet<_> =
                all.into_iter().filter(|((c, b, _), _)| (*c, *b) == (covered, by)).flat_map(|(_, c)| c).collect();
            if clients.is_empty() {
                return Err(Refusal::NotFound.into());
            }
            let these = client::Column::Id.is_in(clients.iter().map(|c| c.0));
            let held = deed.held_all::<client::Entity>(Action::AssignClient, these).await?;
            if held.len() < clients.len() {
                return Err(Refusal::NotAllowed.into());
            }
            let deed = held.permits();
            let these = assignment::Column::ClientId.is_in(clients.iter().map(|c| c.0));
            deed.end_own(by, these.and(assignment::Column::UntilDay.is_not_null())).await?;
            let about = format!("{} → {}", deed.staff_name(by).await?, deed.staff_name(covered).await?);
            let line = Entry::new(DeedKind::CoverEnded, about).link(format!("/staff/{covered}"));
            let tasks = deed.give_back(covered, by).await?;
            Ok(deed.done_with([line].into_iter().chain(tasks)))
        })
        .await
    }
}

/// Who is covered, by whom, until which day.
type Key = (PersonId, PersonId, chrono::NaiveDate);

impl Permitted {
    /// Tasks that passed for a time whose cover is over come back; their lines of history.
    pub(crate) async fn give_back_covered(&self) -> Result<Vec<Entry>> {
        let passed = task::Column::Open.eq(true).and(task::Column::CoverFor.is_not_null());
        let passed = find_whoever_asks::<task::Entity>().filter(passed).all(&self.rows).await?;
        let mut pairs: Vec<(PersonId, PersonId)> =
            passed.iter().filter_map(|t| Some((PersonId(t.cover_for?), PersonId(t.assignee_id?)))).collect();
        pairs.sort_unstable();
        pairs.dedup();
        let mut lines = Vec::new();
        for (covered, by) in pairs {
            let running = self.running_covers(covered).await?;
            if !running.keys().any(|(c, b, _)| (*c, *b) == (covered, by)) {
                lines.extend(self.give_back(covered, by).await?);
            }
        }
        Ok(lines)
    }

    /// The open tasks that passed from one to another for a time; they stay where who is covered has left meanwhile.
    async fn give_back(&self, covered: PersonId, by: PersonId) -> Result<Vec<Entry>> {
        let active = person::Column::Id.eq(covered.0).and(person::Column::Active.eq(true));
        let back = exists::<person::Entity>(&self.rows, active).await?;
        let passed = task::Column::CoverFor.eq(covered.0).and(task::Column::AssigneeId.eq(by.0));
        let passed = passed.and(task::Column::Open.eq(true));
        let models = find_whoever_asks::<task::Entity>().filter(passed.clone()).all(&self.rows).await?;
        let to = if back { covered } else { by };
        let change = self
            .change::<task::Entity>(passed)
            .col_expr(task::Column::AssigneeId, Expr::value(to.0))
            .col_expr(task::Column::CoverFor, Expr::value(None::<uuid::Uuid>))
            .col_expr(task::Column::Revision, Expr::col(task::Column::Revision).add(1));
        self.run(change).await?;
        if !back {
            return Ok(Vec::new());
        }
        let name = self.staff_name(covered).await?;
        let events = models.iter().map(|m| self.event_row(TaskId(m.id), "assigned", Stage::Planned, &name));
        self.insert_all(events.collect()).await?;
        self.task_entries(DeedKind::TaskAssigned, &models, |_| name.clone()).await
    }
}
