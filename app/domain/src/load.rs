//! How much somebody carries, and sharing work out by it.

use crate::id::PersonId;
use std::collections::HashMap;

/// Open tasks of a person.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct TaskLoad {
    pub open: i64,
    pub overdue: i64,
    /// Due within seven days, not yet overdue.
    pub week: i64,
}

impl TaskLoad {
    /// What the tasks weigh: one each, two where it is due this week, three where it is overdue.
    #[must_use]
    pub fn weight(&self) -> i64 {
        self.open + self.week + 2 * self.overdue
    }
}

/// Gives each thing to whoever of those that may have it carries least; each weighs one. The first named wins a tie.
/// Nobody gets what nobody may have, or more than `most` of the things unless all who may have one have got as many.
/// `carried` grows with what is given.
#[must_use]
pub fn spread<T: Clone>(
    things: &[(T, Vec<PersonId>)],
    carried: &mut HashMap<PersonId, i64>,
    most: usize,
) -> Vec<(T, Option<PersonId>)> {
    let mut out = Vec::with_capacity(things.len());
    let mut got: HashMap<PersonId, usize> = HashMap::new();
    for (thing, may) in things {
        let full = |p: &PersonId| got.get(p).is_some_and(|n| *n >= most);
        let least = may.iter().copied().min_by_key(|p| (full(p), carried.get(p).copied().unwrap_or(0)));
        if let Some(person) = least {
            *carried.entry(person).or_default() += 1;
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
        assert_eq!(TaskLoad { open: 5, overdue: 1, week: 2 }.weight(), 9);
    }

    proptest::proptest! {
        #[test]
        fn everything_goes_to_somebody_who_may_and_nobody_gets_far_ahead(
            start in proptest::collection::vec(0i64..20, 1..6), things in 0usize..60, closed in proptest::collection::vec(0usize..6, 0..60),
        ) {
            let everybody: Vec<PersonId> = (0..start.len()).map(person).collect();
            let mut carried: HashMap<PersonId, i64> = everybody.iter().copied().zip(start.iter().copied()).collect();
            let may = |n: usize| everybody.iter().copied().filter(|p| closed.get(n).is_none_or(|c| *p != person(*c))).collect::<Vec<_>>();
            let all: Vec<(usize, Vec<PersonId>)> = (0..things).map(|n| (n, may(n))).collect();
            let given = spread(&all, &mut carried, usize::MAX);
            for (n, who) in &given {
                proptest::prop_assert_eq!(who.is_none(), all[*n].1.is_empty());
                proptest::prop_assert!(who.is_none_or(|w| all[*n].1.contains(&w)));
            }
            let open: Vec<(usize, Vec<PersonId>)> = (0..things).map(|n| (n, everybody.clone())).collect();
            let mut even: HashMap<PersonId, i64> = everybody.iter().map(|p| (*p, 0)).collect();
            let _ = spread(&open, &mut even, usize::MAX);
            let (most, least) = (even.values().max().unwrap(), even.values().min().unwrap());
            proptest::prop_assert!(most - least <= 1, "equals share alike");
            proptest::prop_assert_eq!(even.values().sum::<i64>(), i64::try_from(things).unwrap());
        }
    }
}
