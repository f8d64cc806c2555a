//! The ladder of reminders: on how many days before its end somebody is told of a certificate, and what keeps it silent.

use crate::coded::coded;
use crate::refusal::Rule;
use std::ops::RangeInclusive;

/// Rungs of a ladder at most.
const MOST: usize = 12;
/// The first rung is at most so many days before the end.
const EARLIEST: i64 = 365;
/// The rung of the day after the end.
pub const AFTER: i64 = -1;
/// What ended longer ago than so many days is told of by nobody: the morning lists it.
pub const LONG_PAST: i64 = -7;

/// Days before the end, falling; −1 is the day after it. Never empty.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ladder(Vec<i64>);

impl Default for Ladder {
    fn default() -> Self {
        Self(vec![60, 30, 14, 7, 3, 1, 0, AFTER])
    }
}

impl Ladder {
    /// Reads days as they are typed or kept: «60, 30, 14, 7, 3, 1, 0, -1», in any order, each once.
    ///
    /// # Errors
    /// `Ladder` for no days, too many, or one beyond 365 before or the day after.
    pub fn parse(text: &str) -> Result<Self, Rule> {
        let words =
            text.split([',', ';', ' ', '\u{a0}', '\n', '\r', '\t']).map(str::trim).filter(|word| !word.is_empty());
        let read = |word: &str| word.replace(['−', '–'], "-").parse::<i64>().ok();
        let days: Option<Vec<i64>> = words.map(read).collect();
        let mut days = days.ok_or(Rule::Ladder)?;
        days.sort_unstable_by(|a, b| b.cmp(a));
        days.dedup();
        let fits = days.iter().all(|day| (AFTER..=EARLIEST).contains(day));
        if days.is_empty() || days.len() > MOST || !fits { Err(Rule::Ladder) } else { Ok(Self(days)) }
    }

    /// A ladder of one client or certificate, as [`Self::parse`]. The last day always stays in it: nothing ends unsaid because
    /// somebody wanted to hear of it early.
    ///
    /// # Errors
    /// As [`Self::parse`].
    pub fn parse_own(text: &str) -> Result<Self, Rule> {
        Ok(Self::parse(text)?.joined(&Self(vec![0])))
    }

    /// The days of both: what several clients of one certificate want.
    #[must_use]
    pub fn joined(&self, other: &Self) -> Self {
        let mut days: Vec<i64> = self.0.iter().chain(&other.0).copied().collect();
        days.sort_unstable_by(|a, b| b.cmp(a));
        days.dedup();
        Self(days)
    }

    #[must_use]
    pub fn days(&self) -> &[i64] {
        &self.0
    }

    /// As it is kept and shown: «60, 30, 14».
    #[must_use]
    pub fn text(&self) -> String {
        self.0.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
    }

    /// Each rung with the days left for which it is the nearest one reached. The last one holds until the end is long past.
    #[must_use]
    pub fn spans(&self) -> Vec<(i64, RangeInclusive<i64>)> {
        let next = self.0.iter().skip(1).map(|next| next + 1).chain([LONG_PAST]);
        self.0.iter().zip(next).map(|(rung, from)| (*rung, from..=*rung)).collect()
    }
}

coded! {
    /// Whose ladder a certificate has: the nearest that has one.
    LadderOf {
        Certificate = "certificate",
        /// Of its clients; of several, the days of all.
        Client = "client",
        Office = "office",
    }
}

coded! {
    /// What became of a rung.
    RungState {
        /// Somebody was told.
        Told = "told",
        /// Nobody was told, for a reason; it can still be told when the reason falls away.
        Silent = "silent",
        /// It had passed before anybody could be told.
        Past = "past",
    }
}

coded! {
    /// Why a rung stays silent.
    Silence {
        /// A successor stands in.
        Replaced = "replaced",
        /// It cannot be used any more, of which its task tells.
        Unusable = "unusable",
        /// Somebody has set it aside.
        Aside = "aside",
        /// Somebody has put the reminders off.
        PutOff = "put_off",
        /// Its clients have left the firm, or it has none.
        NoClient = "no_client",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The rung that is the nearest one with so many days left.
    fn reached(ladder: &Ladder, left: i64) -> Option<i64> {
        ladder.spans().into_iter().find(|(_, span)| span.contains(&left)).map(|(rung, _)| rung)
    }

    #[test]
    fn each_number_of_days_left_has_one_rung() {
        let ladder = Ladder::default();
        let reached: Vec<_> = [61, 60, 31, 30, 8, 7, 1, 0, -1, -7, -8].map(|left| reached(&ladder, left)).into();
        let want = [None, Some(60), Some(60), Some(30), Some(14), Some(7), Some(1), Some(0), Some(-1), Some(-1), None];
        assert_eq!(reached, want);
        for left in LONG_PAST..=60 {
            assert_eq!(ladder.spans().iter().filter(|(_, span)| span.contains(&left)).count(), 1, "{left}");
        }
    }

    #[test]
    fn days_are_read_as_people_type_them_and_refused_beyond_their_limits() {
        assert_eq!(Ladder::parse("7, 30;60 7\n−1").map(|l| l.text()), Ok("60, 30, 7, -1".into()));
        assert_eq!(Ladder::parse(&Ladder::default().text()), Ok(Ladder::default()));
        for wrong in ["", " ", "а", "366", "-2", "1.5", "1 2 3 4 5 6 7 8 9 10 11 12 13"] {
            assert_eq!(Ladder::parse(wrong), Err(Rule::Ladder), "{wrong}");
        }
    }

    #[test]
    fn of_two_ladders_the_days_of_both_count_once() {
        let (one, two) = (Ladder::parse("30 7").unwrap(), Ladder::parse("45, 7, -1").unwrap());
        assert_eq!(one.joined(&two).text(), "45, 30, 7, -1");
        assert_eq!(Ladder::parse_own("20").map(|l| l.text()), Ok("20, 0".into()), "the last day is always told of");
    }

    #[test]
    fn a_ladder_that_ends_early_still_tells_after_a_long_sleep() {
        let ladder = Ladder::parse("14 3").unwrap();
        assert_eq!([4, 3, 0, -7, -8].map(|left| reached(&ladder, left)), [Some(14), Some(3), Some(3), Some(3), None]);
    }
}
