//! Looking through the ends that come: each rung is told once, or stays silent for a reason that can fall away.

use super::told::{Around, Due};
use crate::Result;
use crate::core::admitted::ScopedStore;
use crate::core::connection::Store;
use crate::core::convert::instant;
use crate::core::deed::Permitted;
use crate::core::entity::{certificate, office, rung};
use crate::core::whoever::{FEW, exists};
use crate::reminders::own_ladders::by_ladder;
use chrono::{DateTime, NaiveDate, Utc};
use domain::access::{Action, SystemRight};
use domain::day::{day_in_kazakhstan, days_between};
use domain::ladder::{Ladder, RungState, Silence};
use sea_orm::sea_query::{Condition, Expr, ExprTrait as _, Query};
use sea_orm::{ColumnTrait as _, QueryFilter as _, QueryOrder as _, QuerySelect as _, Select, Set};
use std::collections::HashMap;
use std::ops::RangeInclusive;
use uuid::Uuid;

/// Certificates of one write.
const PART: usize = 400;

/// A certificate that a rung may tell of, and what joins it to the other half of its set.
pub type Found = (Uuid, NaiveDate, String);

impl Store {
    /// Tells people of ends that come, each rung of each certificate once. What was told, and what became of every other
    /// rung, is written together with who is told. Gives of how many sets somebody was told.
    ///
    /// # Errors
    /// When the database fails. What was written until then stands, and the next time goes on from there.
    pub async fn remind(&self, now: DateTime<Utc>) -> Result<usize> {
        let system = self.for_system(SystemRight::Remind, now);
        system.begin_reminding().await?;
        let own = system.own_ladders().await?;
        let mut told = system.climb(&system.ladder().await?, &Whose::All { but_own: !own.is_empty() }).await?;
        for (ladder, ids) in by_ladder(own) {
            told += system.climb(&ladder, &Whose::These(ids)).await?;
        }
        system.escalate().await?;
        Ok(told)
    }
}

/// Which certificates climb a ladder.
pub enum Whose {
    /// All; but those that have a ladder of their own, where there are such.
    All {
        but_own: bool,
    },
    These(Vec<Uuid>),
}

/// As many of them as are named in one statement.
#[derive(Clone, Copy)]
enum Part<'a> {
    All { but_own: bool },
    These(&'a [Uuid]),
}

impl Whose {
    fn parts(&self) -> Vec<Part<'_>> {
        match self {
            Self::All { but_own } => vec![Part::All { but_own: *but_own }],
            Self::These(ids) => ids.chunks(FEW).map(Part::These).collect(),
        }
    }
}

impl Part<'_> {
    fn condition(self) -> Condition {
        match self {
            Self::All { but_own: false } => Condition::all(),
            Self::All { but_own: true } => super::own_ladders::none_of_its_own(),
            Self::These(ids) => Condition::all().add(certificate::Column::Id.is_in(ids.iter().copied())),
        }
    }
}

/// Parts of about the size of a write, none of which divides a set. They come by last day and lineage.
pub fn parts(found: &[Found], size: usize) -> Vec<Vec<&Found>> {
    let mut out: Vec<Vec<&Found>> = Vec::new();
    for one in found {
        let same = |other: &&Found| (&other.1, &other.2) == (&one.1, &one.2);
        match out.last_mut().filter(|part| part.len() < size || part.last().is_some_and(same)) {
            Some(part) => part.push(one),
            None => out.push(vec![one]),
        }
    }
    out
}

impl ScopedStore {
    /// Notes the first day on which anybody is reminded: of rungs before it no reminder is late.
    async fn begin_reminding(&self) -> Result<()> {
        let first = office::Column::Id.eq(1).and(office::Column::RemindsSince.is_null());
        if !exists::<office::Entity>(&self.rows, first.clone()).await? {
            return Ok(());
        }
        let first = &first;
        self.write(|deed| async move {
            let deed = deed.by_system(SystemRight::Remind)?;
            let change = deed.change::<office::Entity>(first.clone());
            deed.run(change.col_expr(office::Column::RemindsSince, Expr::value(deed.who.today.day))).await?;
            Ok(deed.unrecorded())
        })
        .await
    }

    /// What becomes of each rung of a ladder for these certificates. Gives of how many sets somebody was told.
    async fn climb(&self, ladder: &Ladder, of: &Whose) -> Result<usize> {
        let mut told = 0;
        for (days, span) in ladder.spans() {
            let mut found = Vec::new();
            for some in of.parts() {
                found.extend(self.unknown_to(days, &span, some).await?);
                found.extend(self.to_be_asked_again(days, &span, some).await?);
            }
            if matches!(of, Whose::These(_)) {
                found.sort_by(|a, b| (a.1, &a.2, a.0).cmp(&(b.1, &b.2, b.0)));
            }
            for part in parts(&found, PART) {
                let ids: Vec<Uuid> = part.iter().map(|(id, ..)| *id).collect();
                told += self.remind_of(ladder, days, &ids).await?;
            }
        }
        Ok(told)
    }

    /// Certificates that have reached a rung of which nothing is noted.
    async fn unknown_to(&self, days: i64, span: &RangeInclusive<i64>, of: Part<'_>) -> Result<Vec<Found>> {
        let known = Query::select()
            .expr(Expr::val(1))
            .from(rung::Entity)
            .and_where(rung::Column::Days.eq(days))
            .and_where(
                Expr::col((rung::Entity, rung::Column::CertificateId))
                    .equals((certificate::Entity, certificate::Column::Id)),
            )
            .to_owned();
        self.found(self.with_span(span).filter(of.condition()).filter(Expr::exists(known).not())).await
    }

    /// Certificates of which a rung stayed silent though by their own facts nothing keeps it so any more.
    async fn to_be_asked_again(&self, days: i64, span: &RangeInclusive<i64>, of: Part<'_>) -> Result<Vec<Found>> {
        let silent = Query::select()
            .column(rung::Column::CertificateId)
            .from(rung::Entity)
            .and_where(rung::Column::Days.eq(days))
            .and_where(rung::Column::State.eq(RungState::Silent.code()))
            .to_owned();
        let query = self
            .with_span(span)
            .filter(of.condition())
            .filter(certificate::Column::Id.in_subquery(silent))
            .filter(crate::clients::cards::not_replaced(self.now_ms()))
            .filter(certificate::Column::AsideAt.is_null())
            .filter(certificate::Column::RevokedAt.is_null())
            .filter(certificate::Column::LostAt.is_null());
        self.found(query).await
    }

    fn with_span(&self, span: &RangeInclusive<i64>) -> Select<certificate::Entity> {
        self.find::<certificate::Entity>(Action::See).filter(self.with_days_left(span))
    }

    pub(crate) async fn found(&self, query: Select<certificate::Entity>) -> Result<Vec<Found>> {
        Ok(query
            .order_by_asc(certificate::Column::LastDay)
            .order_by_asc(certificate::Column::Lineage)
            .order_by_asc(certificate::Column::Id)
            .select_only()
            .columns([certificate::Column::Id, certificate::Column::LastDay, certificate::Column::Lineage])
            .into_tuple()
            .all(&self.rows)
            .await?)
    }

    /// One write: what becomes of one rung of these certificates. Gives of how many sets somebody is told.
    async fn remind_of(&self, ladder: &Ladder, days: i64, ids: &[Uuid]) -> Result<usize> {
        self.write(|deed| async move {
            let deed = deed.by_system(SystemRight::Remind)?;
            let these = certificate::Column::Id.is_in(ids.iter().copied());
            let rows = deed.find::<certificate::Entity>(Action::See).filter(these).all(&deed.rows).await?;
            let around = Around::of(&deed, &rows).await?;
            let known = deed.rungs_of(ids).await?;
            let (mut due, mut notes) = (Vec::new(), Vec::new());
            for row in &rows {
                let left = days_between(deed.who.today.day, row.last_day);
                let state = known.get(&(row.id, days)).map(|rung| (rung.state.as_str(), Silence::parse(&rung.why)));
                let silent = around.silence(row, deed.who.today);
                let lived = days_between(day_in_kazakhstan(instant(row.not_before)), row.last_day);
                match (state, silent) {
                    (Some((state, why)), None) if state == RungState::Silent.code() => {
                        due.push(Due { row, left, again: why });
                    }
                    // Known already, or silent still.
                    (Some(_), _) => continue,
                    (None, _) if days > lived => notes.push(deed.note(row.id, days, RungState::Past, None)),
                    (None, Some(why)) => notes.push(deed.note(row.id, days, RungState::Silent, Some(why))),
                    (None, None) => {
                        due.push(Due { row, left, again: None });
                        notes.push(deed.note(row.id, days, RungState::Told, None));
                    }
                }
                let passed =
                    ladder.days().iter().filter(|more| **more > days && !known.contains_key(&(row.id, **more)));
                notes.extend(passed.map(|more| deed.note(row.id, *more, RungState::Past, None)));
            }
            let again: Vec<Uuid> = due.iter().filter(|d| d.again.is_some()).map(|d| d.row.id).collect();
            if due.is_empty() && notes.is_empty() {
                return Ok(deed.nothing().with(0));
            }
            deed.insert_all(notes).await?;
            deed.told_after_all(days, &again).await?;
            let lines = deed.tell(days, &due, &around).await?;
            let count = lines.len();
            Ok(if count == 0 { deed.unrecorded() } else { deed.done_with(lines) }.with(count))
        })
        .await
    }
}

impl Permitted {
    /// What is noted of the certificates, by certificate and rung.
    async fn rungs_of(&self, ids: &[Uuid]) -> Result<HashMap<(Uuid, i64), rung::Model>> {
        let rows =
            self.find::<rung::Entity>(Action::See).filter(rung::Column::CertificateId.is_in(ids.iter().copied()));
        let rows = rows.all(&self.rows).await?;
        Ok(rows.into_iter().map(|row| ((row.certificate_id, i64::from(row.days)), row)).collect())
    }

    fn note(&self, certificate: Uuid, days: i64, state: RungState, why: Option<Silence>) -> rung::ActiveModel {
        rung::ActiveModel {
            certificate_id: Set(certificate),
            days: Set(super::told::small(days)),
            state: Set(state.code().into()),
            why: Set(why.map_or(String::new(), |why| why.code().into())),
            at: Set(self.now_ms()),
        }
    }

    /// What stayed silent is told now; what had kept it silent stays noted.
    async fn told_after_all(&self, days: i64, ids: &[Uuid]) -> Result<()> {
        if ids.is_empty() {
            return Ok(());
        }
        let of = rung::Column::CertificateId.is_in(ids.iter().copied()).and(rung::Column::Days.eq(days));
        let change = self
            .change::<rung::Entity>(of)
            .col_expr(rung::Column::State, Expr::value(RungState::Told.code()))
            .col_expr(rung::Column::At, Expr::value(self.now_ms()));
        self.run(change).await?;
        Ok(())
    }
}
