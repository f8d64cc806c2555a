//! Lists of tasks and the board.

use crate::Result;
use crate::core::admitted::ScopedStore;
use crate::core::convert::{clock, instant, life, task_codes};
use crate::core::entity::{certificate, person, task, task_certificate};
use crate::core::whoever::passed_over;
use chrono::NaiveDate;
use domain::access::Action;
use domain::day::OfficeDay;
use domain::filing::Threat;
use domain::id::{ClientId, PersonId};
use domain::standing::Urgency;
use domain::task::{BoardLane, LIST_LINES, Lane, Stage, TaskFilter, TaskRow, TaskView};
use sea_orm::sea_query::{Condition, Expr, ExprTrait as _, Query};
use sea_orm::{ColumnTrait as _, PaginatorTrait as _, QueryFilter as _, QueryOrder as _, QuerySelect as _, Select};
use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use uuid::Uuid;

/// Cards of a column; the rest is behind its link.
const CARDS: u64 = 12;

/// Tasks whose due day has passed; while the owner is waited for, the clock stands still.
pub fn is_overdue(today: NaiveDate) -> Condition {
    let while_waiting = Condition::all().add(task::Column::WaitingSince.is_not_null()).add(
        Expr::col((task::Entity, task::Column::CountsTo)).lt(Expr::col((task::Entity, task::Column::WaitingSince))),
    );
    let running = Condition::all().add(task::Column::WaitingSince.is_null()).add(task::Column::CountsTo.lt(today));
    Condition::all().add(task::Column::Open.eq(true)).add(Condition::any().add(running).add(while_waiting))
}

impl ScopedStore {
    /// A list of tasks, the first due first.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn tasks(&self, filter: &TaskFilter) -> Result<Arc<Vec<TaskRow>>> {
        self.remembered(self.key_of("tasks", filter), self.some_tasks(filter, LIST_LINES as u64)).await
    }

    /// The same for a file, so many lines at once.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn some_tasks(&self, filter: &TaskFilter, lines: u64) -> Result<Vec<TaskRow>> {
        let rows = self
            .filtered(filter, &self.meant(filter).await?)
            .offset(passed_over(filter.skip))
            .limit(lines)
            .all(&self.rows)
            .await?;
        self.task_rows(rows).await
    }

    fn key_of(&self, what: &str, filter: &TaskFilter) -> String {
        format!("{what} {} {:?} {} {filter:?}", self.who.person, self.who.team, self.who.today.day)
    }

    /// The columns of the board, each with its first cards.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn board(&self, filter: &TaskFilter) -> Result<Arc<Vec<BoardLane>>> {
        self.remembered(self.key_of("board", filter), self.ask_board(filter)).await
    }

    async fn ask_board(&self, filter: &TaskFilter) -> Result<Vec<BoardLane>> {
        let (mut models, mut lanes) = (Vec::new(), Vec::new());
        let meant = self.meant(filter).await?;
        for lane in Lane::ALL {
            let query = self.filtered(&TaskFilter { lane: Some(*lane), ..filter.clone() }, &meant);
            let total = query.clone().count(&self.rows).await?;
            if *lane != Lane::Done && total > 0 {
                models.extend(query.limit(CARDS).all(&self.rows).await?);
            }
            lanes.push(BoardLane { lane: *lane, rows: Vec::new(), total });
        }
        for row in self.task_rows(models).await? {
            if let Some(lane) = lanes.iter_mut().find(|l| l.lane == row.lane()) {
                lane.rows.push(row);
            }
        }
        Ok(lanes)
    }

    /// The clients that the words of a filter mean; none where no word is said.
    async fn meant(&self, filter: &TaskFilter) -> Result<Option<Vec<Uuid>>> {
        self.clients_by_words(&filter.text).await
    }

    fn filtered(&self, filter: &TaskFilter, meant: &Option<Vec<Uuid>>) -> Select<task::Entity> {
        let mut all = match filter.view {
            // The last column of the board is of closed tasks, whatever else is asked.
            _ if filter.lane == Some(Lane::Done) => Condition::all().add(task::Column::Open.eq(false)),
            TaskView::Closed => Condition::all().add(task::Column::Open.eq(false)),
            _ => Condition::all().add(task::Column::Open.eq(true)),
        };
        all = match filter.view {
            TaskView::Mine => all.add(task::Column::AssigneeId.eq(self.who.person.0)),
            TaskView::Unassigned => all.add(task::Column::AssigneeId.is_null()),
            TaskView::Overdue => all.add(is_overdue(self.who.today.day)),
            TaskView::All | TaskView::Closed => all,
            TaskView::Team => match self.who.team {
                None => all,
                Some(team) => {
                    let members = Query::select()
                        .column(person::Column::Id)
                        .from(person::Entity)
                        .and_where(person::Column::TeamId.eq(team.0))
                        .to_owned();
                    all.add(task::Column::AssigneeId.in_subquery(members))
                }
            },
        };
        if let Some(lane) = filter.lane {
            all = all.add(stands_in(lane));
        }
        if let Some(who) = filter.assignee {
            all = all.add(task::Column::AssigneeId.eq(who.0));
        }
        if let Some(client) = filter.client {
            all = all.add(task::Column::Id.in_subquery(self.tasks_of_client(client)));
        }
        if let Some(clients) = meant {
            all = all.add(task::Column::Id.in_subquery(self.tasks_of_clients(clients)));
        }
        if let Some(reason) = filter.reason {
            all = all.add(task::Column::Reason.eq(reason.code()));
        }
        if let Some(stage) = filter.stage {
            all = all.add(task::Column::Stage.eq(stage.code()));
        }
        let query = self.find::<task::Entity>(Action::See).filter(all);
        let query = if filter.view == TaskView::Closed || filter.lane == Some(Lane::Done) {
            query.order_by_desc(task::Column::OpenedAt)
        } else {
            query.order_by_asc(task::Column::CountsTo)
        };
        query.order_by_asc(task::Column::Id)
    }

    /// Adds names, clients and certificates to tasks: a statement each, those side by side that do not wait for another.
    pub(crate) async fn task_rows(&self, tasks: Vec<task::Model>) -> Result<Vec<TaskRow>> {
        let beside = self.beside(&tasks).await?;
        tasks.into_iter().map(|t| beside.row(t, self.who.today)).collect()
    }

    async fn beside(&self, tasks: &[task::Model]) -> Result<Beside> {
        let db = &self.rows;
        let ids: Vec<Uuid> = tasks.iter().map(|t| t.id).collect();
        let in_tasks = task_certificate::Column::TaskId.is_in(ids.iter().copied());
        let mut parts: HashMap<Uuid, Vec<Uuid>> = HashMap::new();
        for part in self.find::<task_certificate::Entity>(Action::See).filter(in_tasks).all(db).await? {
            parts.entry(part.task_id).or_default().push(part.certificate_id);
        }
        let certificate_ids: Vec<Uuid> = parts.values().flatten().copied().collect();
        let named = certificate::Column::Id.is_in(certificate_ids.iter().copied());
        let certificates = async { Ok(self.find::<certificate::Entity>(Action::See).filter(named).all(db).await?) };
        let (certificates, clients, steps, people) =
            tokio::try_join!(certificates, self.clients_of(&certificate_ids), self.step_counts(&ids), self.people())?;
        let ends: Vec<(Uuid, NaiveDate)> = certificates.iter().map(|c| (c.id, c.last_day)).collect();
        Ok(Beside {
            parts,
            certificates: certificates.into_iter().map(|c| (c.id, c)).collect(),
            clients,
            threats: self.threats(&ends).await?,
            steps,
            people: people.iter().map(|p| (p.id, p.name.clone())).collect(),
        })
    }
}

/// What stands beside tasks in a list.
struct Beside {
    parts: HashMap<Uuid, Vec<Uuid>>,
    certificates: HashMap<Uuid, certificate::Model>,
    clients: HashMap<Uuid, Vec<(ClientId, String)>>,
    threats: HashMap<Uuid, (Option<Threat>, bool)>,
    steps: HashMap<Uuid, (usize, usize)>,
    people: HashMap<PersonId, String>,
}

impl Beside {
    fn row(&self, t: task::Model, today: OfficeDay) -> Result<TaskRow> {
        let (id, reason, route, stage) = task_codes(&t)?;
        let parts = self.parts.get(&t.id).map_or(&[][..], Vec::as_slice);
        let own: Vec<&certificate::Model> = parts.iter().filter_map(|id| self.certificates.get(id)).collect();
        let mut clients: Vec<(ClientId, String)> =
            own.iter().filter_map(|c| self.clients.get(&c.id)).flatten().cloned().collect();
        let mut seen = HashSet::new();
        clients.retain(|(id, _)| seen.insert(*id));
        let name = |id: PersonId| (id, self.people.get(&id).cloned().unwrap_or_default());
        Ok(TaskRow {
            id,
            clients,
            holder: own.first().map(|c| c.holder.clone()).unwrap_or_default(),
            threat: own.iter().filter(|_| !stage.has_successor()).find_map(|c| self.broken(c, today)),
            last_day: own.iter().map(|c| c.last_day).min().unwrap_or(t.due),
            reason,
            route,
            stage,
            clock: clock(&t),
            assignee: t.assignee_id.map(|id| name(PersonId(id))),
            why: t.why,
            stuck_at: t.stuck_at.as_deref().and_then(Stage::parse),
            agreed: t.agreed_at.map(instant),
            steps: self.steps.get(&t.id).copied().unwrap_or_default(),
            revision: t.revision,
        })
    }

    /// What an end breaks, while it is still that certificate's to be used.
    fn broken(&self, certificate: &certificate::Model, today: OfficeDay) -> Option<Threat> {
        let (threat, _) = self.threats.get(&certificate.id)?;
        let risky = life(certificate).urgency(today, threat.is_some()) == Urgency::Risk;
        threat.clone().filter(|_| risky)
    }
}

/// Tasks of a column: by their stage, or by where they got stuck.
fn stands_in(lane: Lane) -> Condition {
    let codes = || lane.stages().iter().map(|s| s.code());
    let stuck = || Stage::ALL.iter().filter(|s| s.is_stuck()).map(|s| s.code());
    let mut there = Condition::any().add(task::Column::StuckAt.is_in(codes()));
    if lane == Lane::Planned {
        there = there.add(task::Column::StuckAt.is_null());
    }
    Condition::any()
        .add(task::Column::Stage.is_in(codes()))
        .add(Condition::all().add(task::Column::Stage.is_in(stuck())).add(there))
}
