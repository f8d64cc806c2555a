//! How much somebody carries, and sharing work out by it.

use crate::day::plus;
use crate::id::PersonId;
use crate::standing::WEEK_DAYS;
use crate::task::Clock;
use chrono::NaiveDate;
use std::collections::HashMap;

/// Open tasks of a person.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct TaskLoad {
    pub open: i64,
    pub overdue: i64,
    /// Due within seven days, not yet overdue.
    pub week: i64,
    /// Tasks that the asking person may not see are left out.
    pub partial: bool,
}

impl TaskLoad {
    /// What the tasks weigh: one each, two where it is due this week, three where it is overdue.
    #[must_use]
    pub fn weight(&self) -> i64 {
        self.open + self.week + 2 * self.overdue
    }
}

/// What a task of this clock weighs on a day, as in [`TaskLoad::weight`].
#[must_use]
pub fn weight_of(clock: &Clock, today: NaiveDate) -> i64 {
    let week = plus(today, WEEK_DAYS.unsigned_abs());
    if clock.overdue_days(today) > 0 {
        3
    } else if clock.waiting_since.is_none() && clock.counts_to() <= week {
        2
    } else {
        1
    }
}

/// Gives each thing, with what it weighs, to whoever of those that may have it carries least. The first named wins a tie.
/// Nobody gets what nobody may have, or more than `most` of the things unless all who may have one have got as many.
/// `carried` grows with what is given.
#[must_use]
pub fn spread<T: Clone>(
    things: &[(T, i64, Vec<PersonId>)],
    carried: &mut HashMap<PersonId, i64>,
    most: usize,
) -> Vec<(T, Option<PersonId>)> {
    let mut out = Vec::with_capacity(things.len());
    let mut got: HashMap<PersonId, usize> = HashMap::new();
    for (thing, weight, may) in things {
        let full = |p: &PersonId| got.get(p).is_some_and(|n| *n >= most);
        let least = may.iter().copied().min_by_key(|p| (full(p), carried.get(p).copied().unwrap_or(0)));
        if let Some(person) = least {
            *carried.entry(person).or_default() += weight;
            *got.entry(person).or_default() += 1;
        }
        out.push((thing.clone(), least));
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    fn person(n: usize) -> PersonId {
        PersonId(Uuid::from_u128(n as u128))
    }

    #[test]
    fn what_is_overdue_weighs_three_and_what_is_due_this_week_two() {
        assert_eq!(TaskLoad { open: 5, overdue: 1, week: 2, partial: false }.weight(), 9);
    }

    #[test]
    fn a_task_weighs_what_it_adds_to_a_load() {
        let today: NaiveDate = "2026-11-26".parse().unwrap();
        let due = |day: &str| Clock { due: day.parse().unwrap(), waited: 0, waiting_since: None };
        assert_eq!(
            ["2026-11-25", "2026-11-26", "2026-12-03", "2026-12-04"].map(|day| weight_of(&due(day), today)),
            [3, 2, 2, 1]
        );
        assert_eq!(weight_of(&Clock { waiting_since: Some(today), ..due("2026-11-28") }, today), 1, "the clock stands");
    }

    #[test]
    fn a_heavy_thing_counts_for_several_light_ones() {
        let both = || vec![person(0), person(1)];
        let things = [("late", 3, both()), ("a", 1, both()), ("b", 1, both()), ("c", 1, both())];
        let given = spread(&things, &mut HashMap::new(), usize::MAX);
        assert_eq!(given.iter().map(|(_, who)| *who).collect::<Vec<_>>(), [0, 1, 1, 1].map(|n| Some(person(n))));
    }

    proptest::proptest! {
        #[test]
        fn everything_goes_to_somebody_who_may_and_nobody_gets_far_ahead(
            start in proptest::collection::vec(0i64..20, 1..6), things in 0usize..60, closed in proptest::collection::vec(0usize..6, 0..60),
        ) {
            let everybody: Vec<PersonId> = (0..start.len()).map(person).collect();
            let mut carried: HashMap<PersonId, i64> = everybody.iter().copied().zip(start.iter().copied()).collect();
            let may = |n: usize| everybody.iter().copied().filter(|p| closed.get(n).is_none_or(|c| *p != person(*c))).collect::<Vec<_>>();
            let all: Vec<(usize, i64, Vec<PersonId>)> = (0..things).map(|n| (n, 1, may(n))).collect();
            let given = spread(&all, &mut carried, usize::MAX);
            for (n, who) in &given {
                proptest::prop_assert_eq!(who.is_none(), all[*n].2.is_empty());
                proptest::prop_assert!(who.is_none_or(|w| all[*n].2.contains(&w)));
            }
            let open: Vec<(usize, i64, Vec<PersonId>)> = (0..things).map(|n| (n, 1, everybody.clone())).collect();
            let mut even: HashMap<PersonId, i64> = everybody.iter().map(|p| (*p, 0)).collect();
            let _ = spread(&open, &mut even, usize::MAX);
            let (most, least) = (even.values().max().unwrap(), even.values().min().unwrap());
            proptest::prop_assert!(most - least <= 1, "equals share alike");
            proptest::prop_assert_eq!(even.values().sum::<i64>(), i64::try_from(things).unwrap());
        }
    }
}
