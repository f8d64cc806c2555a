//! Telling above: where nobody of those who were told has acted, the lead hears of it, then the owner.

use super::told::{Around, small};
use crate::Result;
use crate::core::admitted::ScopedStore;
use crate::core::convert::instant;
use crate::core::deed::Permitted;
use crate::core::entity::{certificate, notice, office, put_off, task, task_certificate};
use crate::core::fresh;
use crate::core::whoever::find_whoever_asks;
use chrono::NaiveDate;
use domain::access::{Action, SystemRight};
use domain::audit::{DeedKind, Entry};
use domain::day::{day_in_kazakhstan, minus};
use domain::id::{ClientId, PersonId};
use domain::ladder::LONG_PAST;
use domain::refusal::{Refusal, Rule};
use domain::reminder::{NoticeKind, above, cannot_wait};
use sea_orm::sea_query::{Expr, Query};
use sea_orm::{ColumnTrait as _, EntityTrait as _, JoinType, QueryFilter as _, QueryOrder as _, QuerySelect as _, Set};
use std::collections::{BTreeMap, HashMap};
use uuid::Uuid;

/// Certificates of one write.
const PART: usize = 200;
/// Days of the setting at most.
const MOST: i64 = 60;

impl ScopedStore {
    /// After how many days without an act somebody above is told.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn escalate_days(&self) -> Result<Option<i64>> {
        let office = find_whoever_asks::<office::Entity>().select_only().column(office::Column::EscalateDays);
        let days: Option<Option<i32>> = office.into_tuple().one(&self.rows).await?;
        Ok(days.flatten().map(i64::from).filter(|days| *days > 0))
    }

    /// Sets it; none where nobody above is told.
    ///
    /// # Errors
    /// `NotAllowed` for others than owners, `Invalid` outside 1 to 60.
    pub async fn set_escalate_days(&self, to: Option<i64>) -> Result<()> {
        if to.is_some_and(|days| !(1..=MOST).contains(&days)) {
            return Err(Refusal::invalid("escalation", Rule::EscalateDays).into());
        }
        let days = to.map(small);
        self.write(|deed| async move {
            let deed = deed.require(Action::Settings)?;
            let change = deed.change::<office::Entity>(office::Column::Id.eq(1));
            deed.run_one(change.col_expr(office::Column::EscalateDays, Expr::value(days))).await?;
            let about = days.map_or("—".to_owned(), |days| days.to_string());
            Ok(deed.done(Entry::new(DeedKind::EscalationChanged, about).link("/office")))
        })
        .await
    }

    /// Tells above what nobody has acted on. Gives how many certificates.
    pub(super) async fn escalate(&self) -> Result<usize> {
        let Some(n) = self.escalate_days().await? else { return Ok(0) };
        let ids = self.left_alone(n).await?;
        let mut told = 0;
        for part in ids.chunks(PART) {
            told += self.escalate_of(part, n).await?;
        }
        Ok(told)
    }

    /// Certificates of which somebody was told so many days ago, that can still be used or have just ended, and that no open
    /// task is about.
    async fn left_alone(&self, n: i64) -> Result<Vec<Uuid>> {
        let before = self.now_ms() - n * 86_400_000;
        let told = Query::select()
            .column(notice::Column::CertificateId)
            .from(notice::Entity)
            .and_where(notice::Column::At.lte(before))
            .and_where(notice::Column::Kind.eq(NoticeKind::End.code()))
            .to_owned();
        // Calendar days here, working days below: nothing is due before.
        let busy = Query::select()
            .column(task_certificate::Column::CertificateId)
            .from(task_certificate::Entity)
            .and_where(task_certificate::Column::Open.eq(true))
            .to_owned();
        let first = minus(self.who.today.day, LONG_PAST.unsigned_abs());
        let query = self
            .find::<certificate::Entity>(Action::See)
            .filter(certificate::Column::LastDay.gte(first))
            .filter(crate::clients::cards::not_replaced(self.now_ms()))
            .filter(certificate::Column::AsideAt.is_null())
            .filter(certificate::Column::RevokedAt.is_null())
            .filter(certificate::Column::LostAt.is_null())
            .filter(certificate::Column::Id.in_subquery(told))
            .filter(certificate::Column::Id.not_in_subquery(busy));
        Ok(self.found(query).await?.into_iter().map(|(id, ..)| id).collect())
    }

    async fn escalate_of(&self, ids: &[Uuid], n: i64) -> Result<usize> {
        self.write(|deed| async move {
            let deed = deed.by_system(SystemRight::Remind)?;
            let these = certificate::Column::Id.is_in(ids.iter().copied());
            let rows = deed.find::<certificate::Entity>(Action::See).filter(these).all(&deed.rows).await?;
            let around = Around::of(&deed, &rows).await?;
            let (last, off) = (deed.last_told(ids).await?, deed.days_off().await?);
            let ends: Vec<_> = rows.iter().map(|row| (row.id, row.last_day)).collect();
            let (threats, acts) = (deed.threats(&ends).await?, deed.acts_on(ids).await?);
            let (mut notices, mut at_once, mut lines) = (Vec::new(), Vec::new(), Vec::new());
            for row in rows.iter().filter(|row| around.silence(row, deed.who.today).is_none()) {
                let Some(rung) = last.get(&row.id) else { continue };
                let act = acts.get(&row.id);
                if act.is_some_and(|act| act.task >= rung.since) {
                    continue;
                }
                let told = day_in_kazakhstan(instant(rung.since));
                let from = act.and_then(|act| act.put_off).map_or(told, |until| Ord::max(told, until));
                let since = off.working_days_between(from, deed.who.today.day);
                let mut told: Vec<PersonId> = around
                    .clients_of(row.id)
                    .iter()
                    .flat_map(|client| above(&around.all_of(client), &rung.told, since, n))
                    .collect();
                told.sort_unstable();
                told.dedup();
                if told.is_empty() {
                    continue;
                }
                let breaks = threats.get(&row.id).is_some_and(|(threat, _)| threat.is_some());
                let urgent = cannot_wait(row.last_day, breaks, deed.who.today.day, &off);
                for person in &told {
                    let id = fresh::id();
                    let told = deed.new_notice(id, NoticeKind::End, row, *person);
                    notices.push(notice::ActiveModel { days: Set(rung.days), escalated: Set(true), ..told });
                    at_once.extend(urgent.then_some((*person, id)));
                }
                lines.push(line(row, &around, &told));
            }
            let count = lines.len();
            if count == 0 {
                return Ok(deed.nothing().with(0));
            }
            deed.insert_all(notices).await?;
            deed.tell_at_once(&at_once).await?;
            Ok(deed.done_with(lines).with(count))
        })
        .await
    }
}

/// The last rung of a certificate that somebody was told of.
struct Rung {
    days: i32,
    /// When it was told first.
    since: i64,
    told: Vec<PersonId>,
}

/// What somebody did about a certificate.
#[derive(Default)]
struct Acts {
    /// When the last task on it was opened, also of one that is closed; 0 for none.
    task: i64,
    /// Until when its reminders were put off.
    put_off: Option<NaiveDate>,
}

fn line(row: &certificate::Model, around: &Around, told: &[PersonId]) -> Entry {
    let client = around.clients_of(row.id).first();
    let names = told.iter().filter_map(|person| around.name_of(*person)).collect::<Vec<_>>().join(", ");
    let name = client.map(|c| c.name.as_str()).unwrap_or_default();
    let about = format!("{name}: {}, {} → {names}", row.holder, row.last_day);
    let line = Entry::new(DeedKind::Escalated, about).link(format!("/certificates/{}", row.id));
    Entry { client: client.map(|c| ClientId(c.id)), ..line }
}

fn task_join() -> sea_orm::RelationDef {
    task_certificate::Entity::belongs_to(task::Entity)
        .from(task_certificate::Column::TaskId)
        .to(task::Column::Id)
        .into()
}

impl Permitted {
    async fn acts_on(&self, ids: &[Uuid]) -> Result<HashMap<Uuid, Acts>> {
        let mut out: HashMap<Uuid, Acts> = HashMap::new();
        let opened: Vec<(Uuid, i64)> = find_whoever_asks::<task_certificate::Entity>()
            .filter(task_certificate::Column::CertificateId.is_in(ids.iter().copied()))
            .join(JoinType::InnerJoin, task_join())
            .select_only()
            .column(task_certificate::Column::CertificateId)
            .column(task::Column::OpenedAt)
            .into_tuple()
            .all(&self.rows)
            .await?;
        for (id, at) in opened {
            let acts = out.entry(id).or_default();
            acts.task = Ord::max(acts.task, at);
        }
        let off = put_off::Column::CertificateId.is_in(ids.iter().copied());
        for row in find_whoever_asks::<put_off::Entity>().filter(off).all(&self.rows).await? {
            out.entry(row.certificate_id).or_default().put_off = Some(row.until);
        }
        Ok(out)
    }

    async fn last_told(&self, ids: &[Uuid]) -> Result<HashMap<Uuid, Rung>> {
        let rows = find_whoever_asks::<notice::Entity>()
            .filter(notice::Column::CertificateId.is_in(ids.iter().copied()))
            .filter(notice::Column::Kind.eq(NoticeKind::End.code()))
            .order_by_asc(notice::Column::At)
            .all(&self.rows)
            .await?;
        let mut all: BTreeMap<(Uuid, i32), Rung> = BTreeMap::new();
        for row in rows {
            let new = || Rung { days: row.days, since: row.at, told: Vec::new() };
            all.entry((row.certificate_id, row.days)).or_insert_with(new).told.push(PersonId(row.person_id));
        }
        let mut last: HashMap<Uuid, Rung> = HashMap::new();
        for ((id, _), rung) in all {
            if last.get(&id).is_none_or(|known| known.since < rung.since) {
                last.insert(id, rung);
            }
        }
        Ok(last)
    }
}
