//! The calendar and the morning.

use super::relay::port;
use super::words::*;

port! {
    ($)
    /// The calendar and the morning.
    Calendar, answered by calendar_answers {
        /// Days with ends, the first `names` of each.
        fn ends_by_day(from: NaiveDate, to: NaiveDate, filter: &CalendarFilter, names: usize) -> Arc<Vec<DayEnds>>;
        fn day_counts(from: NaiveDate, to: NaiveDate, filter: &CalendarFilter) -> Arc<Vec<DayCount>>;
        /// Lines of the days from `from` to `to`, `skip` of them left out, at most `lines`.
        fn agenda(from: NaiveDate, to: NaiveDate, filter: &CalendarFilter, skip: u64, lines: u64) -> Arc<Vec<AgendaRow>>;
        fn day(day: NaiveDate, filter: &CalendarFilter) -> DayPanel;
        fn days_off() -> Arc<DaysOff>;
        /// The office's filings and payments, by code.
        fn filings() -> Arc<Vec<Filing>>;
        fn set_filing(line: Filing) -> ();
        fn remove_filing(id: FilingId) -> ();
        /// How many clients have each code.
        fn filing_counts(of: Option<ClientId>) -> Arc<HashMap<String, i64>>;
        /// Open tasks by day, agreed and due, the first `lines` of each.
        fn tasks_by_day(from: NaiveDate, to: NaiveDate, filter: &CalendarFilter, lines: usize) -> Arc<Vec<DayTasks>>;
        fn morning() -> Arc<Morning>;
    }
}
