//! Reissue tasks: lists, the page of one, opening.

use crate::admitted::Shelf;
use crate::convert::{certificate_row, clock, instant, task_codes};
use crate::entity::{assignment, certificate, client, person, task, task_certificate, task_event};
use crate::scope::find_whoever_asks;
use crate::{Error, Result, fresh, succession};
use chrono::NaiveDate;
use domain::access::{Action, Relation, allows};
use domain::audit::{DeedKind, Entry};
use domain::certificate::CertificateRow;
use domain::id::{CertificateId, ClientId, PersonId, TaskId};
use domain::person::{Candidate, Part};
use domain::refusal::{Refusal, Rule};
use domain::succession::Failure;
use domain::task::{Check, EventKind, NewTask, Stage, Task, TaskEvent, TaskRow, TaskView};
use sea_orm::sea_query::{Condition, Expr, ExprTrait as _, Query};
use sea_orm::{ColumnTrait as _, QueryFilter as _, QueryOrder as _, QuerySelect as _, Set};
use std::collections::HashMap;
use uuid::Uuid;

/// More lines than this are no list that somebody works through.
const MOST: u64 = 300;

/// Tasks whose due day has passed; while the owner is waited for, the clock stands still.
pub fn is_overdue(today: NaiveDate) -> Condition {
    let while_waiting = Condition::all()
        .add(task::Column::WaitingSince.is_not_null())
        .add(Expr::col((task::Entity, task::Column::CountsTo)).lt(Expr::col((task::Entity, task::Column::WaitingSince))));
    let running = Condition::all().add(task::Column::WaitingSince.is_null()).add(task::Column::CountsTo.lt(today));
    Condition::all().add(task::Column::Open.eq(true)).add(Condition::any().add(running).add(while_waiting))
}

impl Shelf {
    /// A list of tasks, the first due first.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn tasks(&self, view: TaskView, client: Option<ClientId>) -> Result<Vec<TaskRow>> {
        let open = || task::Column::Open.eq(true).into();
        let condition: Condition = match view {
            TaskView::Mine => Condition::all().add::<Condition>(open()).add(task::Column::AssigneeId.eq(self.who.person.0)),
            TaskView::Unassigned => Condition::all().add::<Condition>(open()).add(task::Column::AssigneeId.is_null()),
            TaskView::Overdue => is_overdue(self.who.today.day),
            TaskView::All => open(),
            TaskView::Closed => Condition::all().add(task::Column::Open.eq(false)),
            TaskView::Team => match self.who.team {
                None => open(),
                Some(team) => {
                    let members = Query::select()
                        .column(person::Column::Id)
                        .from(person::Entity)
                        .and_where(person::Column::TeamId.eq(team.0))
                        .to_owned();
                    Condition::all().add::<Condition>(open()).add(task::Column::AssigneeId.in_subquery(members))
                }
            },
        };
        let mut query = self.find::<task::Entity>(Action::See).filter(condition);
        if let Some(client) = client {
            query = query.filter(task::Column::Id.in_subquery(self.tasks_of_client(client)));
        }
        query = if view == TaskView::Closed {
            query.order_by_desc(task::Column::OpenedAt)
        } else {
            query.order_by_asc(task::Column::CountsTo)
        };
        let rows = query.order_by_asc(task::Column::Id).limit(MOST).all(&self.store.db).await?;
        self.task_rows(rows).await
    }

    /// Adds names, clients and certificates to tasks, a statement each.
    pub(crate) async fn task_rows(&self, tasks: Vec<task::Model>) -> Result<Vec<TaskRow>> {
        let db = &self.store.db;
        let ids: Vec<Uuid> = tasks.iter().map(|t| t.id).collect();
        let parts = self
            .find::<task_certificate::Entity>(Action::See)
            .filter(task_certificate::Column::TaskId.is_in(ids))
            .all(db)
            .await?;
        let certificate_ids: Vec<Uuid> = parts.iter().map(|p| p.certificate_id).collect();
        let certificates: HashMap<Uuid, certificate::Model> = self
            .find::<certificate::Entity>(Action::See)
            .filter(certificate::Column::Id.is_in(certificate_ids.clone()))
            .all(db)
            .await?
            .into_iter()
            .map(|c| (c.id, c))
            .collect();
        let clients = self.clients_of(&certificate_ids).await?;
        let people: HashMap<PersonId, String> = self.people().await?.into_iter().map(|p| (p.id, p.name)).collect();
        tasks
            .into_iter()
            .map(|t| {
                let (id, reason, route, stage) = task_codes(&t)?;
                let own: Vec<&certificate::Model> =
                    parts.iter().filter(|p| p.task_id == t.id).filter_map(|p| certificates.get(&p.certificate_id)).collect();
                let mut of: Vec<(ClientId, String)> = own.iter().filter_map(|c| clients.get(&c.id)).flatten().cloned().collect();
                of.dedup();
                Ok(TaskRow {
                    id,
                    clients: of,
                    holder: own.first().map(|c| c.holder.clone()).unwrap_or_default(),
                    last_day: own.iter().map(|c| c.last_day).min().unwrap_or(t.due),
                    reason,
                    route,
                    stage,
                    clock: clock(&t),
                    assignee: t.assignee_id.map(|p| (PersonId(p), people.get(&PersonId(p)).cloned().unwrap_or_default())),
                    why: t.why,
                })
            })
            .collect()
    }

    /// One task with everything on its page.
    ///
    /// # Errors
    /// `NotFound` for a foreign one.
    pub async fn task_card(&self, id: TaskId) -> Result<Task> {
        let model = self.task(Action::See, id).await?;
        let rows = self.certificates_of_task(id).await?;
        let successor = match model.successor_id {
            Some(next) => {
                self.find::<certificate::Entity>(Action::See).filter(certificate::Column::Id.eq(next)).one(&self.store.db).await?
            }
            None => None,
        };
        let may = |action| async move {
            Ok::<bool, Error>(
                self.find::<task::Entity>(action).filter(task::Column::Id.eq(id.0)).one(&self.store.db).await?.is_some(),
            )
        };
        let people: HashMap<Uuid, String> = self.people().await?.into_iter().map(|p| (p.id.0, p.name)).collect();
        let name = |id: Uuid| people.get(&id).cloned().unwrap_or_default();
        let revocation = match (model.checked_by, model.check_how.as_deref().and_then(Check::parse), model.checked_at) {
            (Some(by), Some(how), Some(at)) => Some((name(by), how, instant(at), model.check_note.clone())),
            _ => None,
        };
        let events = self
            .find::<task_event::Entity>(Action::See)
            .filter(task_event::Column::TaskId.eq(id.0))
            .order_by_asc(task_event::Column::Id)
            .all(&self.store.db)
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
            revision: model.revision,
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
            .all(&self.store.db)
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
            .all(&self.store.db)
            .await?;
        let known = succession::known_issuers(&self.store.db).await?;
        let mut out = Vec::with_capacity(newer.len());
        for new in newer {
            out.push((certificate_row(&new), fails_for_any(&old, &new, reason, self.who.today, &known)?));
        }
        out.sort_by_key(|(_, failures)| failures.len());
        Ok(out)
    }

    /// People who may work on the clients of these certificates, with their open tasks.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn candidates(&self, certificates: &[CertificateId]) -> Result<Vec<Candidate>> {
        let ids: Vec<Uuid> = certificates.iter().map(|c| c.0).collect();
        let clients: Vec<Uuid> = self.clients_of(&ids).await?.into_values().flatten().map(|(id, _)| id.0).collect();
        let on = find_whoever_asks::<assignment::Entity>()
            .filter(assignment::Column::ClientId.is_in(clients.clone()))
            .filter(crate::clients::holds(self.who.today.day))
            .all(&self.store.db)
            .await?;
        let teams: HashMap<Uuid, Option<Uuid>> = self
            .find::<client::Entity>(Action::See)
            .filter(client::Column::Id.is_in(clients.clone()))
            .all(&self.store.db)
            .await?
            .into_iter()
            .map(|c| (c.id, c.team_id))
            .collect();
        let loads = self.loads().await?;
        let team_of: HashMap<Uuid, Option<Uuid>> = loads.iter().map(|l| (l.person.id.0, l.person.team.map(|t| t.0))).collect();
        let works = |l: &domain::person::Load, client: &Uuid| {
            let team = l.person.team.map(|t| t.0);
            let mine = |part_observes: bool| {
                on.iter().any(|a| {
                    a.client_id == *client && a.person_id == l.person.id.0 && (a.part == Part::Observer.code()) == part_observes
                })
            };
            let member = |part_observes: bool| {
                team.is_some()
                    && on.iter().any(|a| {
                        a.client_id == *client
                            && team_of.get(&a.person_id).copied().flatten() == team
                            && (a.part == Part::Observer.code()) == part_observes
                    })
            };
            let to = Relation {
                works: mine(false),
                observes: mine(true),
                team_client: team.is_some() && teams.get(client).copied().flatten() == team,
                member_works: member(false),
                member_observes: member(true),
            };
            allows(l.person.role, l.person.sees_all, Action::WorkTask, to)
        };
        let mut out: Vec<Candidate> = loads
            .iter()
            .filter(|l| l.person.active && clients.iter().any(|c| works(l, c)))
            .map(|l| Candidate { id: l.person.id, name: l.person.name.clone(), open_tasks: l.open_tasks })
            .collect();
        out.sort_by(|a, b| a.name.cmp(&b.name));
        Ok(out)
    }

    /// Today's responsible of the certificates' clients: the default assignee.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn default_assignee(&self, certificates: &[CertificateId]) -> Result<Option<PersonId>> {
        let ids: Vec<Uuid> = certificates.iter().map(|c| c.0).collect();
        let clients: Vec<Uuid> = self.clients_of(&ids).await?.into_values().flatten().map(|(id, _)| id.0).collect();
        Ok(self.responsible_of(&clients).await?.into_values().next().map(|(id, _)| PersonId(id)))
    }

    /// Opens a task. A reason that takes access marks the certificates unusable from now on.
    ///
    /// # Errors
    /// `NotFound`, `NotAllowed`, or `Invalid` where a task is open already or the assignee has no right.
    pub async fn open_task(&self, new: NewTask) -> Result<TaskId> {
        let mut old = Vec::new();
        for certificate in &new.certificates {
            old.push(self.certificate(Action::WorkTask, *certificate).await?);
        }
        let first = old.first().ok_or(Refusal::invalid("certificate", Rule::Required))?;
        self.check_assignee(&new.certificates, new.assignee).await?;
        let id = TaskId(fresh::id());
        let deed = self.deed().await?;
        deed.insert(task_model(id, &new, self.now_ms())).await?;
        for certificate in &old {
            let busy = task_certificate::Column::CertificateId.eq(certificate.id).and(task_certificate::Column::Open.eq(true));
            if crate::scope::exists::<task_certificate::Entity>(&deed.tx, busy).await? {
                return Err(Refusal::invalid("certificate", Rule::TaskOpen).into());
            }
            deed.insert(task_certificate::ActiveModel {
                task_id: Set(id.0),
                certificate_id: Set(certificate.id),
                open: Set(true),
            })
            .await?;
            if new.reason.takes_access() && certificate.lost_at.is_none() {
                let change = deed
                    .change::<certificate::Entity>(certificate::Column::Id.eq(certificate.id))
                    .col_expr(certificate::Column::LostAt, Expr::value(self.now_ms()))
                    .col_expr(certificate::Column::LostReason, Expr::value(new.reason.code()));
                deed.run_one(change).await?;
            }
        }
        self.event(&deed, id, "opened", Stage::Planned, new.reason.code()).await?;
        let mut entry =
            Entry::new(DeedKind::TaskOpened, format!("{}: {}", first.holder, new.reason.code())).link(format!("/tasks/{id}"));
        entry.client = self.client_of_task_certificate(first.id).await?;
        deed.done(entry).await?;
        Ok(id)
    }

    pub(crate) async fn check_assignee(&self, certificates: &[CertificateId], who: Option<PersonId>) -> Result<()> {
        let Some(who) = who else { return Ok(()) };
        if self.candidates(certificates).await?.iter().any(|c| c.id == who) {
            Ok(())
        } else {
            Err(Refusal::invalid("assignee", Rule::NoRight).into())
        }
    }

    pub(crate) async fn client_of_task_certificate(&self, certificate: Uuid) -> Result<Option<ClientId>> {
        Ok(self.clients_of(&[certificate]).await?.into_values().flatten().map(|(id, _)| id).next())
    }

    pub(crate) async fn event(&self, deed: &crate::deed::Deed, id: TaskId, kind: &str, stage: Stage, body: &str) -> Result<()> {
        deed.insert(task_event::ActiveModel {
            id: Set(fresh::id()),
            task_id: Set(id.0),
            at: Set(self.now_ms()),
            person_id: Set(self.who.person.0),
            kind: Set(kind.into()),
            stage: Set(stage.code().into()),
            body: Set(body.into()),
        })
        .await
    }
}

/// The points that fail for any of the old certificates, each once.
pub fn fails_for_any(
    old: &[certificate::Model],
    new: &certificate::Model,
    reason: domain::task::Reason,
    today: domain::day::OfficeDay,
    known: &std::collections::HashSet<String>,
) -> Result<Vec<Failure>> {
    let mut out = Vec::new();
    for old in old {
        out.extend(succession::compare(old, new, Some(reason), today, known)?);
    }
    out.sort_unstable();
    out.dedup();
    Ok(out)
}

pub fn task_model(id: TaskId, new: &NewTask, now_ms: i64) -> task::ActiveModel {
    task::ActiveModel {
        id: Set(id.0),
        reason: Set(new.reason.code().into()),
        route: Set(new.route.code().into()),
        stage: Set(Stage::Planned.code().into()),
        open: Set(true),
        assignee_id: Set(new.assignee.map(|p| p.0)),
        due: Set(new.due),
        counts_to: Set(new.due),
        waited: Set(0),
        waiting_since: Set(None),
        note: Set(new.note.clone()),
        why: Set(String::new()),
        successor_id: Set(None),
        override_why: Set(String::new()),
        checked_by: Set(None),
        check_how: Set(None),
        checked_at: Set(None),
        check_note: Set(String::new()),
        opened_at: Set(now_ms),
        revision: Set(1),
    }
}

fn event(row: task_event::Model, name: &impl Fn(Uuid) -> String) -> Option<TaskEvent> {
    let what = match row.kind.as_str() {
        "opened" => EventKind::Opened,
        "moved" => EventKind::Moved(Stage::parse(&row.stage)?),
        "assigned" => EventKind::Assigned,
        _ => EventKind::Comment,
    };
    Some(TaskEvent { at: instant(row.at), person: name(row.person_id), what, text: row.body })
}
