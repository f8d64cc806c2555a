//! The worst end of a client as one number, by which lists go on from page to page: the level of urgency, the place within
//! the level, the instant of the end in milliseconds.

use crate::Result;
use crate::calendar::linked_ends::LinkedEnd;
use crate::clients::cards::not_replaced;
use crate::core::admitted::ScopedStore;
use crate::core::convert::instant;
use crate::core::entity::certificate_client;
use chrono::{DateTime, NaiveDate, Utc};
use domain::calendar::LEVELS;
use domain::day::day_in_kazakhstan;
use domain::standing::{Standing, Urgency};
use sea_orm::{ColumnTrait as _, QueryFilter as _};
use std::collections::{HashMap, HashSet};
use std::sync::Arc;
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
    /// Those of [`ScopedStore::soon_ends`]; every other is calm.
    Soon,
    OfThese(Vec<Uuid>),
}

/// The number of a client's worst end, what is wrong with it if it cannot be used, and how many sets were looked at: halves
/// of one issue are one, as on the client's card.
#[derive(Clone, Copy)]
pub struct Worst {
    pub worst: i64,
    pub fault: Option<Standing>,
    pub n: i64,
}

impl Worst {
    /// Of a client without a certificate.
    pub const NONE: Self = Self { worst: NEVER, fault: None, n: 0 };

    /// The instant of the end in milliseconds; none without a certificate.
    pub fn instant(self) -> Option<i64> {
        (self.worst < NEVER).then_some(self.worst % STEP)
    }
}

impl ScopedStore {
    /// For each client the worst of those of its certificates that nothing replaced.
    pub(crate) async fn worst_ends(&self, which: Ends) -> Result<HashMap<Uuid, Worst>> {
        let current = self.linked_ends().filter(not_replaced(self.now_ms()));
        let ends: Arc<Vec<LinkedEnd>> = match which {
            Ends::Soon => self.soon_ends().await?,
            Ends::All => Arc::new(current.into_model().all(&self.rows).await?),
            Ends::OfThese(clients) => {
                let theirs = current.filter(certificate_client::Column::ClientId.is_in(clients));
                Arc::new(theirs.into_model().all(&self.rows).await?)
            }
        };
        let filers = self.filers(ends.iter().map(|end| end.client_id)).await?;
        let mut worst: HashMap<Uuid, Worst> = HashMap::new();
        let mut sets: HashSet<(Uuid, (&str, NaiveDate))> = HashSet::new();
        for end in ends.iter().filter(|end| end.counts(self)) {
            let (urgency, place) = end.judged(self, &filers);
            let number = sort_value(urgency, place, end.life().not_after);
            let of = worst.entry(end.client_id).or_insert(Worst::NONE);
            if number < of.worst {
                of.worst = number;
                of.fault = (urgency == Urgency::Late).then(|| end.life().standing(self.who.today));
            }
            of.n += i64::from(sets.insert((end.client_id, end.set())));
        }
        Ok(worst)
    }
}

/// The number of an end.
fn sort_value(urgency: Urgency, place: u8, end: DateTime<Utc>) -> i64 {
    let level = Urgency::ALL.iter().position(|u| *u == urgency).and_then(|n| i64::try_from(n).ok()).unwrap_or(0);
    (level * PLACES + i64::from(place)) * STEP + end.timestamp_millis()
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
        let end: DateTime<Utc> = "2027-03-14T18:59:59Z".parse().unwrap();
        for urgency in Urgency::ALL {
            for place in 0..4 {
                let number = sort_value(*urgency, place, end);
                assert_eq!(read(number), Some(("2027-03-14".parse().unwrap(), *urgency)));
                assert!(number < NEVER && level(number) == *urgency);
                assert_eq!(number >= CALM, *urgency == Urgency::Calm);
            }
        }
        assert_eq!((read(NEVER), level(NEVER)), (None, Urgency::Calm));
    }
}
