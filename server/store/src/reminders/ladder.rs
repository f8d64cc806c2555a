//! The office's ladder.

use super::own_ladders::none_of_its_own;
use crate::Result;
use crate::core::admitted::ScopedStore;
use crate::core::deed::Permitted;
use crate::core::entity::{certificate, office, rung};
use crate::core::whoever::find_whoever_asks;
use domain::access::Action;
use domain::audit::{DeedKind, Entry};
use domain::day::{minus, plus};
use domain::ladder::{Ladder, RungState};
use domain::refusal::Refusal;
use sea_orm::sea_query::{Condition, Expr, Query, SimpleExpr};
use sea_orm::{ColumnTrait as _, QueryFilter as _, QuerySelect as _, Set};
use std::ops::RangeInclusive;
use uuid::Uuid;

impl ScopedStore {
    /// Days before an end on which people are told.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn ladder(&self) -> Result<Ladder> {
        let kept: Option<String> = find_whoever_asks::<office::Entity>()
            .select_only()
            .column(office::Column::Ladder)
            .into_tuple()
            .one(&self.rows)
            .await?;
        Ok(kept.and_then(|text| Ladder::parse(&text).ok()).unwrap_or_default())
    }

    /// Sets the ladder. Nobody is told of days that are past already by it.
    ///
    /// # Errors
    /// `NotAllowed` for others than owners.
    pub async fn set_ladder(&self, to: &Ladder) -> Result<()> {
        self.write(|deed| async move {
            let deed = deed.require(Action::Settings)?;
            let before = deed.ladder().await?;
            if before == *to {
                return Ok(deed.nothing());
            }
            let change = deed.change::<office::Entity>(office::Column::Id.eq(1));
            deed.run_one(change.col_expr(office::Column::Ladder, Expr::value(to.text()))).await?;
            for (days, span) in to.spans().into_iter().filter(|(days, _)| !before.days().contains(days)) {
                deed.pass_over(days, &span, none_of_its_own()).await?;
            }
            let about = format!("{} → {}", before.text(), to.text());
            Ok(deed.done(Entry::new(DeedKind::LadderChanged, about).link("/office")))
        })
        .await
    }

    /// Certificates with so many days left.
    pub(super) fn with_days_left(&self, span: &RangeInclusive<i64>) -> SimpleExpr {
        let day = |left: i64| {
            let today = self.who.today.day;
            if left < 0 { minus(today, left.unsigned_abs()) } else { plus(today, left.unsigned_abs()) }
        };
        certificate::Column::LastDay.between(day(*span.start()), day(*span.end()))
    }
}

impl Permitted {
    /// A rung that is new: of what it has reached already and was told of by an earlier one, nobody is told by it.
    pub(super) async fn pass_over(&self, days: i64, span: &RangeInclusive<i64>, of: Condition) -> Result<()> {
        let known = Query::select()
            .column(rung::Column::CertificateId)
            .from(rung::Entity)
            .and_where(rung::Column::Days.gt(days))
            .to_owned();
        let own = Query::select()
            .column(rung::Column::CertificateId)
            .from(rung::Entity)
            .and_where(rung::Column::Days.eq(days))
            .to_owned();
        let ids: Vec<Uuid> = find_whoever_asks::<certificate::Entity>()
            .filter(self.with_days_left(span))
            .filter(of)
            .filter(certificate::Column::Id.in_subquery(known))
            .filter(certificate::Column::Id.not_in_subquery(own))
            .select_only()
            .column(certificate::Column::Id)
            .into_tuple()
            .all(&self.rows)
            .await?;
        let days = i32::try_from(days).map_err(|_| Refusal::NotFound)?;
        let row = |id: Uuid| rung::ActiveModel {
            certificate_id: Set(id),
            days: Set(days),
            state: Set(RungState::Past.code().into()),
            why: Set(String::new()),
            at: Set(self.now_ms()),
        };
        self.insert_all(ids.into_iter().map(row).collect()).await
    }
}
