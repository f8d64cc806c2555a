//! The worst end of a client as one number, so that the database finds it with `MIN`: the level of urgency, the place within
//! the level, the instant of the end in milliseconds.

use crate::Result;
use crate::calendar::urgency::{broken, place};
use crate::clients::cards::not_replaced;
use crate::core::admitted::ScopedStore;
use crate::core::convert::instant;
use crate::core::entity::{certificate, certificate_client};
use crate::core::reach::{everywhere, within};
use chrono::NaiveDate;
use domain::access::Action;
use domain::calendar::LEVELS;
use domain::day::day_in_kazakhstan;
use domain::standing::Urgency;
use sea_orm::sea_query::{Alias, CaseStatement, Condition, Expr, ExprTrait as _, Query, SelectStatement, SimpleExpr};
use sea_orm::{ColumnTrait as _, FromQueryResult, IntoSimpleExpr as _};
use std::collections::HashMap;
use uuid::Uuid;

/// What a step of the place weighs: more than any instant.
const STEP: i64 = 1_000_000_000_000_000;
/// Places within a level.
const PLACES: i64 = 4;
/// Of a client without a certificate: after all others.
pub const NEVER: i64 = i64::MAX / 4;

/// The least number of an end that nobody has to do anything about yet.
pub const CALM: i64 = (LEVELS as i64 - 1) * PLACES * STEP;

/// Which ends are looked at for the worst of each client.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Ends {
    All,
    /// Those that are broken or so near that a filing can raise them; every other is calm.
    Soon,
    OfThese(Vec<Uuid>),
}

/// The number of a client's worst end, and how many ends were looked at.
#[derive(FromQueryResult)]
pub struct Worst {
    pub client_id: Uuid,
    pub worst: i64,
    pub n: i64,
}

impl ScopedStore {
    /// For each client the worst of those of its certificates that nothing replaced.
    pub(crate) async fn worst_ends(&self, ends: Ends) -> Result<HashMap<Uuid, Worst>> {
        let ends = self.rows_of::<Worst>(&self.asked_for(ends)).await?;
        Ok(ends.into_iter().map(|worst| (worst.client_id, worst)).collect())
    }

    fn asked_for(&self, ends: Ends) -> SelectStatement {
        let level = || self.level_with(self.breaks_of_link());
        let [.., risk] = self.bounds();
        let end = || Expr::col((certificate::Entity, certificate::Column::NotAfter));
        let calm = || sort_value(Expr::val(LEVELS as i64 - 1), Expr::val(0), end());
        // Most certificates are sound and far from their end: they need no closer look.
        let worst = CaseStatement::new()
            .case(Condition::all().add(end().gte(risk)).add(broken().not()), calm())
            .case(level().eq(LEVELS as i64 - 1), calm())
            .finally(sort_value(level(), place(), end()));
        let mut query = Query::select();
        query
            .column(certificate_client::Column::ClientId)
            .expr_as(Expr::expr(worst).min(), Alias::new("worst"))
            .expr_as(Expr::col((certificate::Entity, certificate::Column::Id)).count(), Alias::new("n"))
            .from(certificate_client::Entity)
            .inner_join(
                certificate::Entity,
                Expr::col((certificate::Entity, certificate::Column::Id))
                    .equals((certificate_client::Entity, certificate_client::Column::CertificateId)),
            )
            .cond_where(not_replaced(self.now_ms()))
            .cond_where(within(certificate_client::Column::ClientId.into_simple_expr(), &self.who, Action::See))
            .group_by_col(certificate_client::Column::ClientId);
        let one_of = |these| certificate_client::Column::CertificateId.in_subquery(these);
        match ends {
            Ends::OfThese(clients) => query.and_where(certificate_client::Column::ClientId.is_in(clients)),
            Ends::Soon => query.and_where(one_of(self.soon())),
            Ends::All if everywhere(&self.who, Action::See) => query.and_where(one_of(self.current())),
            // Of one's own clients the links are found first.
            Ends::All => &mut query,
        };
        query
    }
}

/// The number of an end.
fn sort_value(level: SimpleExpr, place: SimpleExpr, end: SimpleExpr) -> SimpleExpr {
    level.mul(PLACES).add(place).mul(STEP).add(end)
}

/// Last day and urgency of an end; none for a client without a certificate.
pub fn read(worst: i64) -> Option<(NaiveDate, Urgency)> {
    let level = usize::try_from(worst / (PLACES * STEP)).ok()?;
    Some((day_in_kazakhstan(instant(worst % STEP)), *Urgency::ALL.get(level)?))
}

/// The urgency of an end; a client without a certificate is calm.
pub fn level(worst: i64) -> Urgency {
    read(worst).map_or(Urgency::Calm, |(_, urgency)| urgency)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_gives_back_the_level_and_the_day() {
        let end: i64 = "2027-03-14T18:59:59Z".parse::<chrono::DateTime<chrono::Utc>>().unwrap().timestamp_millis();
        for (level, urgency) in Urgency::ALL.iter().copied().enumerate() {
            for place in 0..PLACES {
                let number = (i64::try_from(level).unwrap() * PLACES + place) * STEP + end;
                assert_eq!(read(number), Some(("2027-03-14".parse().unwrap(), urgency)));
                assert!(number < NEVER);
            }
        }
        assert_eq!(read(NEVER), None);
    }
}
