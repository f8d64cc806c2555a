//! Filings and payments: their days by rule, and which of them an end of a certificate would break.

use crate::coded::coded;
use crate::day::{DaysOff, days_between, plus};
use crate::id::FilingId;
use crate::month::Month;
use chrono::{Datelike as _, NaiveDate};

coded! {
    /// What is due.
    FilingKind { Return = "return", Payment = "payment" }
}

/// Days after a certificate's end within which a filing that stops the client makes the end risky.
pub const RISK_AFTER: u64 = 21;
/// Days to the end from which such a filing raises the urgency.
pub const RISK_DAYS: i64 = 60;

/// A duty of clients, as the office keeps it: every part is editable data.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Filing {
    /// None before it is written.
    pub id: Option<FilingId>,
    /// Short name that clients are marked with and badges show, such as `300`; several duties may share it.
    pub code: String,
    pub kind: FilingKind,
    /// ru, kk, en.
    pub name: [String; 3],
    /// Whom it concerns, ru, kk, en.
    pub whom: [String; 3],
    /// Months of its days, 1 to 12; none means all the year round, without a day, such as e-invoices.
    pub months: Vec<u32>,
    /// Day of the month, 1 to 31; a shorter month's last day stands for what it lacks.
    pub day: u32,
    /// A day off moves it to the next working day.
    pub shifts: bool,
    /// Whether missing it stops the client's work.
    pub stops: bool,
    /// First and last day on which it may fall due.
    pub valid: (Option<NaiveDate>, Option<NaiveDate>),
}

impl Filing {
    /// Whether it goes on all the year round.
    #[must_use]
    pub fn is_continuous(&self) -> bool {
        self.months.is_empty()
    }

    /// Days between two days, both included, on which it falls due after the shift.
    #[must_use]
    pub fn days(&self, from: NaiveDate, to: NaiveDate, off: &DaysOff) -> Vec<NaiveDate> {
        let mut out = Vec::new();
        let mut month = Month::of(from).previous();
        while month.first() <= to {
            let named = self.months.contains(&month.number()).then(|| self.named_day(month));
            let holds = |day: &NaiveDate| {
                self.valid.0.is_none_or(|first| first <= *day) && self.valid.1.is_none_or(|last| *day <= last)
            };
            let moved = named.filter(holds).map(|day| if self.shifts { off.next_working(day) } else { day });
            out.extend(moved.filter(|day| from <= *day && *day <= to));
            if month.next() == month {
                break;
            }
            month = month.next();
        }
        out
    }

    fn named_day(&self, month: Month) -> NaiveDate {
        month.first().with_day(self.day.max(1)).unwrap_or_else(|| month.last())
    }
}

/// A day on which something of a client is due.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct FilingDay {
    pub day: NaiveDate,
    pub code: String,
    pub payment: bool,
    pub stops: bool,
}

/// Days of all duties with these codes, in their order; each duty of a day once.
#[must_use]
pub fn filing_days(
    all: &[Filing],
    codes: impl Fn(&str) -> bool,
    days: (NaiveDate, NaiveDate),
    off: &DaysOff,
) -> Vec<FilingDay> {
    let of = |f: &Filing| {
        let (code, payment, stops) = (f.code.clone(), f.kind == FilingKind::Payment, f.stops);
        f.days(days.0, days.1, off).into_iter().map(move |day| FilingDay { day, code: code.clone(), payment, stops })
    };
    let mut out: Vec<FilingDay> = all.iter().filter(|f| codes(&f.code)).flat_map(of).collect();
    out.sort();
    out.dedup();
    out
}

/// The filing that an end breaks: the first that stops the client from the last day of validity on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Threat {
    pub day: NaiveDate,
    /// Forms that are due on that day.
    pub codes: Vec<String>,
}

impl Threat {
    /// Days from the certificate's last day to the filing, 0 to [`RISK_AFTER`].
    #[must_use]
    pub fn after(&self, last_day: NaiveDate) -> i64 {
        days_between(last_day, self.day)
    }
}

/// Days on which filings stop a client, in their order.
#[derive(Debug, Clone)]
pub struct StoppingDays(Vec<FilingDay>);

impl StoppingDays {
    /// Those that certificates may break which end from `first` to `last`.
    #[must_use]
    pub fn for_ends(all: &[Filing], (first, last): (NaiveDate, NaiveDate), off: &DaysOff) -> Self {
        let mut days = filing_days(all, |_| true, (first, plus(last, RISK_AFTER)), off);
        days.retain(|d| d.stops);
        Self(days)
    }

    /// What an end breaks, of the filings of one client or of several.
    #[must_use]
    pub fn threat(&self, codes: &[String], last_day: NaiveDate) -> Option<Threat> {
        let last = plus(last_day, RISK_AFTER);
        let from = self.0.partition_point(|d| d.day < last_day);
        let near = self.0.iter().skip(from).take_while(|d| d.day <= last);
        let mut found: Option<Threat> = None;
        for due in near.filter(|d| codes.contains(&d.code)) {
            match &mut found {
                None => found = Some(Threat { day: due.day, codes: vec![due.code.clone()] }),
                Some(first) if first.day == due.day && !first.codes.contains(&due.code) => {
                    first.codes.push(due.code.clone());
                }
                Some(_) => {}
            }
        }
        found
    }
}

/// A filing day that a change of the table of days off would move.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Moved {
    pub codes: Vec<String>,
    pub from: NaiveDate,
    pub to: NaiveDate,
}

/// What moves between two tables of days off, in the days around the change.
#[must_use]
pub fn moved(all: &[Filing], changed: NaiveDate, before: &DaysOff, after: &DaysOff) -> Vec<Moved> {
    let window = (crate::day::minus(changed, 40), plus(changed, 40));
    let mut out: Vec<Moved> = Vec::new();
    for filing in all {
        let (old, new) = (filing.days(window.0, window.1, before), filing.days(window.0, window.1, after));
        for (from, to) in old.into_iter().zip(new).filter(|(from, to)| from != to) {
            match out.iter_mut().find(|m| m.from == from && m.to == to) {
                Some(same) if !same.codes.contains(&filing.code) => same.codes.push(filing.code.clone()),
                Some(_) => {}
                None => out.push(Moved { codes: vec![filing.code.clone()], from, to }),
            }
        }
    }
    out.sort_by_key(|m| m.from);
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::day::minus;

    fn d(s: &str) -> NaiveDate {
        s.parse().unwrap()
    }

    fn quarterly(code: &str) -> Filing {
        Filing {
            id: None,
            code: code.into(),
            kind: FilingKind::Return,
            name: Default::default(),
            whom: Default::default(),
            months: vec![2, 5, 8, 11],
            day: 15,
            shifts: true,
            stops: true,
            valid: (None, None),
        }
    }

    #[test]
    fn quarterly_returns_of_2027_fall_on_the_days_of_the_law() {
        // The days of domain facts §5, computed there by hand.
        let days = quarterly("300").days(d("2026-11-01"), d("2027-12-31"), &DaysOff::default());
        assert_eq!(days, ["2026-11-16", "2027-02-15", "2027-05-17", "2027-08-16", "2027-11-15"].map(d));
    }

    #[test]
    fn the_31st_of_a_short_month_is_its_last_day_and_a_shift_may_leave_the_month() {
        let monthly = Filing { months: (1..=12).collect(), day: 31, ..quarterly("m") };
        let days = monthly.days(d("2027-02-01"), d("2027-03-01"), &DaysOff::default());
        assert_eq!(days, [d("2027-02-01"), d("2027-03-01")], "31 Jan and 28 Feb 2027 are Sundays");
        let still = Filing { shifts: false, ..monthly };
        assert_eq!(still.days(d("2027-02-01"), d("2027-02-28"), &DaysOff::default()), [d("2027-02-28")]);
    }

    #[test]
    fn a_rule_holds_within_its_time() {
        let old = Filing { valid: (None, Some(d("2026-12-31"))), ..quarterly("300") };
        assert_eq!(old.days(d("2026-11-01"), d("2027-12-31"), &DaysOff::default()), [d("2026-11-16")]);
    }

    #[test]
    fn an_end_three_days_before_a_form_names_it_and_a_payment_does_not_count() {
        let pay = Filing { kind: FilingKind::Payment, stops: false, day: 12, ..quarterly("200") };
        let all = [quarterly("300"), quarterly("910"), pay];
        let codes = ["300".to_owned(), "200".to_owned()];
        let threat = |codes: &[String], day: &str| {
            let wide = StoppingDays::for_ends(&all, (d("2026-11-01"), d("2027-03-01")), &DaysOff::default());
            let alone = StoppingDays::for_ends(&all, (d(day), d(day)), &DaysOff::default());
            let found = wide.threat(codes, d(day));
            assert_eq!(found, alone.threat(codes, d(day)), "whatever else is asked about");
            found
        };
        let found = threat(&codes, "2027-02-12").unwrap();
        assert_eq!(
            (found.day, found.codes.as_slice(), found.after(d("2027-02-12"))),
            (d("2027-02-15"), &["300".to_owned()][..], 3)
        );
        assert_eq!(threat(&codes, "2027-02-16"), None);
        assert_eq!(threat(&codes, "2027-01-24"), None, "22 days before");
    }

    #[test]
    fn a_new_day_off_tells_what_it_moves() {
        let off = DaysOff([(d("2027-02-15"), Default::default())].into());
        let all = [quarterly("200"), quarterly("300")];
        let moved = moved(&all, d("2027-02-15"), &DaysOff::default(), &off);
        let codes = vec!["200".to_owned(), "300".to_owned()];
        assert_eq!(moved, [Moved { codes, from: d("2027-02-15"), to: d("2027-02-16") }]);
    }

    proptest::proptest! {
        #[test]
        fn every_filing_day_is_a_working_day_on_or_after_its_named_day(
            start in 0u64..6000, day in 1u32..=31, months in proptest::collection::vec(1u32..=12, 1..5), holidays in proptest::collection::btree_set(0u64..400, 0..30),
        ) {
            let from = plus(d("2020-01-01"), start);
            let off = DaysOff(holidays.into_iter().map(|n| (plus(from, n), Default::default())).collect());
            let rule = Filing { months, day, ..quarterly("x") };
            for due in rule.days(from, plus(from, 400), &off) {
                proptest::prop_assert!(off.is_working(due));
                let near = (0..20).any(|n| { let named = minus(due, n); rule.months.contains(&named.month()) && rule.named_day(Month::of(named)) == named });
                proptest::prop_assert!(near);
            }
        }

        #[test]
        fn a_window_that_is_cut_in_two_has_the_same_days(start in 0u64..3000, cut in 0u64..300) {
            let (from, to) = (plus(d("2020-01-01"), start), plus(d("2020-01-01"), start + 300));
            let off = DaysOff::default();
            let at = plus(from, cut);
            let rule = quarterly("x");
            let mut parts = rule.days(from, at, &off);
            parts.extend(rule.days(plus(at, 1), to, &off));
            proptest::prop_assert_eq!(parts, rule.days(from, to, &off));
        }
    }
}
