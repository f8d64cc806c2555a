//! The end of a contract: what is kept, and until when.

use chrono::{Months, NaiveDate};

/// Most months that an office may set for keeping the data of a client after its contract.
pub const MOST_MONTHS: i32 = 600;

/// The last day on which the data of a client is kept; from the next day on it may be erased.
#[must_use]
pub fn kept_until(ended: NaiveDate, months: i32) -> NaiveDate {
    let months = Months::new(u32::try_from(months).unwrap_or(0));
    ended.checked_add_months(months).unwrap_or(NaiveDate::MAX)
}

/// What an erasure has taken away.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Erased {
    pub certificates: usize,
    pub tasks: usize,
    /// Lines of the history whose words were taken out; who did what kind of thing when stays.
    pub lines: u64,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn d(day: &str) -> NaiveDate {
        day.parse().unwrap()
    }

    #[test]
    fn data_is_kept_to_the_same_day_of_the_month_or_its_last() {
        assert_eq!(kept_until(d("2021-11-22"), 60), d("2026-11-22"));
        assert_eq!(kept_until(d("2026-08-31"), 6), d("2027-02-28"));
        assert_eq!(kept_until(d("2026-08-31"), 0), d("2026-08-31"));
    }

    proptest::proptest! {
        #[test]
        fn a_later_end_and_a_longer_term_never_shorten_what_is_kept(start in 0i64..20_000, more in 0i64..400, months in 0..600i32, longer in 0..60i32) {
            let day = d("2000-01-01") + chrono::TimeDelta::days(start);
            let later = day + chrono::TimeDelta::days(more);
            proptest::prop_assert!(kept_until(later, months) >= kept_until(day, months));
            proptest::prop_assert!(kept_until(day, months + longer) >= kept_until(day, months));
        }
    }
}
