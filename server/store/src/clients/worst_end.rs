//! The worst end of a client as one number, so that the database finds it with `MIN` and goes on from it: the level of
//! urgency, the place within the level, the instant of the end in milliseconds.

use crate::core::convert::instant;
use chrono::NaiveDate;
use domain::day::day_in_kazakhstan;
use domain::standing::Urgency;
use sea_orm::sea_query::{Condition, ExprTrait as _, SimpleExpr};

/// What a step of the place weighs: more than any instant.
const STEP: i64 = 1_000_000_000_000_000;
/// Places within a level.
const PLACES: i64 = 4;
/// Of a client without a certificate: after all others.
pub const NEVER: i64 = i64::MAX / 4;

/// The number of an end.
pub fn sort_value(level: SimpleExpr, place: SimpleExpr, end: SimpleExpr) -> SimpleExpr {
    level.mul(PLACES).add(place).mul(STEP).add(end)
}

/// Last day and urgency of an end; none for a client without a certificate.
pub fn read(worst: i64) -> Option<(NaiveDate, Urgency)> {
    let level = usize::try_from(worst / (PLACES * STEP)).ok()?;
    Some((day_in_kazakhstan(instant(worst % STEP)), *Urgency::ALL.get(level)?))
}

/// Whether an end is of this urgency.
pub fn of_urgency(worst: SimpleExpr, urgency: Urgency) -> Condition {
    let level = Urgency::ALL.iter().position(|u| *u == urgency).and_then(|n| i64::try_from(n).ok()).unwrap_or(0);
    let (from, to) = (level * PLACES * STEP, (level + 1) * PLACES * STEP);
    let within = Condition::all().add(worst.clone().gte(from)).add(worst.clone().lt(to));
    if urgency == Urgency::Calm { Condition::any().add(within).add(worst.eq(NEVER)) } else { within }
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
