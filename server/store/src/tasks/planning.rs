//! Tasks that are opened by themselves: each certificate whose end comes near gets one, once.

use crate::Result;
use crate::clients::cards::{not_replaced, of_present};
use crate::core::admitted::ScopedStore;
use crate::core::connection::Store;
use crate::core::convert::certificate_row;
use crate::core::deed::Permitted;
use crate::core::entity::{certificate, office, put_off, task_certificate};
use crate::core::whoever::find_whoever_asks;
use crate::reminders::scan::{Found, parts};
use chrono::{DateTime, Utc};
use domain::access::{Action, SystemRight};
use domain::audit::{DeedKind, Entry};
use domain::certificate::{CertificateRow, Set, generations};
use domain::day::{minus, plus};
use domain::id::{CertificateId, PersonId};
use domain::reason::Reason;
use domain::refusal::{Refusal, Rule};
use domain::route::{Case, RouteRule, judge};
use domain::standing::Standing;
use domain::task::{NewTask, Route, default_due};
use sea_orm::sea_query::{Expr, Query};
use sea_orm::{ColumnTrait as _, QueryFilter as _, QuerySelect as _};
use uuid::Uuid;

/// Certificates of one write.
const PART: usize = 200;
/// What ended so many days ago at most gets a task as well: it is the first that needs one.
const ENDED: u64 = 30;
/// Days of the setting at most.
const MOST: i64 = 365;

impl Store {
    /// How many days before its end a certificate gets a task by itself.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn plans_ahead(&self) -> Result<Option<u64>> {
        let office = find_whoever_asks::<office::Entity>().select_only().column(office::Column::PlanDays);
        let days: Option<Option<i32>> = office.into_tuple().one(&self.db).await?;
        Ok(days.flatten().and_then(|days| u64::try_from(days).ok()).filter(|days| *days > 0))
    }

    /// Opens a task for each set whose end is so near and that has never been in one. Gives how many.
    ///
    /// # Errors
    /// When the database fails. What was opened until then stands, and the next time goes on from there.
    pub async fn open_planned(&self, now: DateTime<Utc>) -> Result<usize> {
        let Some(days) = self.plans_ahead().await? else { return Ok(0) };
        let system = self.for_system(SystemRight::Plan, now);
        let found = system.to_plan(days).await?;
        let mut opened = 0;
        for part in parts(&found, PART) {
            let ids: Vec<Uuid> = part.iter().map(|(id, ..)| *id).collect();
            opened += system.plan_of(&ids).await?;
        }
        Ok(opened)
    }
}

impl ScopedStore {
    /// The same number, for its form.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn plan_days(&self) -> Result<Option<i64>> {
        Ok(self.store.plans_ahead().await?.and_then(|days| i64::try_from(days).ok()))
    }

    /// Sets it; none where people open every task.
    ///
    /// # Errors
    /// `NotAllowed` for others than owners, `Invalid` outside 1 to 365.
    pub async fn set_plan_days(&self, to: Option<i64>) -> Result<()> {
        if to.is_some_and(|days| !(1..=MOST).contains(&days)) {
            return Err(Refusal::invalid("plan", Rule::PlanDays).into());
        }
        let days = to.and_then(|days| i32::try_from(days).ok());
        self.write(|deed| async move {
            let deed = deed.require(Action::Settings)?;
            let change = deed.change::<office::Entity>(office::Column::Id.eq(1));
            deed.run_one(change.col_expr(office::Column::PlanDays, Expr::value(days))).await?;
            let about = days.map_or("—".to_owned(), |days| days.to_string());
            Ok(deed.done(Entry::new(DeedKind::PlanChanged, about).link("/office")))
        })
        .await
    }

    /// Certificates that end within so many days, can be reissued, and were never in a task: who closed one has decided.
    async fn to_plan(&self, days: u64) -> Result<Vec<Found>> {
        let today = self.who.today.day;
        let taken =
            Query::select().column(task_certificate::Column::CertificateId).from(task_certificate::Entity).to_owned();
        let quiet = Query::select()
            .column(put_off::Column::CertificateId)
            .from(put_off::Entity)
            .and_where(put_off::Column::Until.gte(today))
            .to_owned();
        let query = self
            .find::<certificate::Entity>(Action::WorkTask)
            .filter(certificate::Column::LastDay.between(minus(today, ENDED), plus(today, days)))
            .filter(not_replaced(self.now_ms()))
            .filter(certificate::Column::AsideAt.is_null())
            .filter(certificate::Column::RevokedAt.is_null())
            .filter(certificate::Column::LostAt.is_null())
            .filter(certificate::Column::Id.not_in_subquery(taken))
            .filter(certificate::Column::Id.not_in_subquery(quiet))
            .filter(certificate::Column::Id.in_subquery(of_present()));
        self.found(query).await
    }

    /// One write: a task for each set of these certificates that has none yet.
    async fn plan_of(&self, ids: &[Uuid]) -> Result<usize> {
        self.write(|deed| async move {
            let permit = deed.by_system(SystemRight::Plan)?;
            // Somebody may have opened one meanwhile, or another process.
            let busy: Vec<Uuid> = find_whoever_asks::<task_certificate::Entity>()
                .filter(task_certificate::Column::CertificateId.is_in(ids.iter().copied()))
                .select_only()
                .column(task_certificate::Column::CertificateId)
                .into_tuple()
                .all(&deed.rows)
                .await?;
            let free = ids.iter().filter(|id| !busy.contains(id)).copied();
            let held =
                deed.held_all::<certificate::Entity>(Action::WorkTask, certificate::Column::Id.is_in(free)).await?;
            let rows = permit.with_clients_and_tasks(held.iter().map(certificate_row).collect()).await?;
            let all = permit.planned(rows).await?;
            if all.is_empty() {
                return Ok(deed.nothing().with(0));
            }
            let (ids, lines) = permit.open_all(&all, &held).await?;
            Ok(deed.done_with(lines).with(ids.len()))
        })
        .await
    }
}

impl Permitted {
    /// The task of each set, for whoever is responsible, else for whoever of those that may do it carries least.
    async fn planned(&self, rows: Vec<CertificateRow>) -> Result<Vec<NewTask>> {
        let (rules, off) = (self.route_rules().await?, self.days_off().await?);
        let sets: Vec<Set> = generations(rows).into_iter().flatten().collect();
        let ids: Vec<Vec<CertificateId>> =
            sets.iter().map(|set| set.certificates.iter().map(|c| c.id).collect()).collect();
        let assignees = self.assignees(&ids).await?;
        let task = |((set, certificates), assignee): ((&Set, Vec<CertificateId>), Option<PersonId>)| {
            let last_day = set.certificates.iter().map(|c| c.life.last_day()).min()?;
            let ended = set.certificates.iter().all(|c| c.life.standing(self.who.today) == Standing::Expired);
            let reason = if ended { Reason::Expired } else { Reason::Planned };
            let route = self.open_route(&rules, set.main()?, reason);
            let due = default_due(reason, last_day, self.who.today, &off);
            Some(NewTask { certificates, reason, route, assignee, due, note: String::new() })
        };
        Ok(sets.iter().zip(ids).zip(assignees).filter_map(task).collect())
    }

    /// The first way that nothing stands against.
    fn open_route(&self, rules: &[RouteRule], of: &CertificateRow, reason: Reason) -> Route {
        let case = Case { reason, life: &of.life, contact: None, today: self.who.today };
        judge(rules, case).first().map_or(Route::Online, |judged| judged.route)
    }
}
