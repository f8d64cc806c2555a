//! The calendar and the morning.

use super::OfficeDesk;
use crate::refusals::of;
use app::port::{Answer, Calendar, Listed, Morning};
use async_trait::async_trait;
use chrono::NaiveDate;
use domain::calendar::{CalendarEntry, CalendarFilter, DayPanel};
use domain::day::DaysOff;

#[async_trait]
impl Calendar for OfficeDesk {
    async fn ends(&self, from: NaiveDate, to: NaiveDate, filter: &CalendarFilter) -> Answer<Vec<CalendarEntry>> {
        self.shelf.ends(from, to, filter).await.map_err(of)
    }

    async fn day(&self, day: NaiveDate, filter: &CalendarFilter) -> Answer<DayPanel> {
        self.shelf.day(day, filter).await.map_err(of)
    }

    async fn days_off(&self) -> Answer<DaysOff> {
        self.shelf.days_off().await.map_err(of)
    }

    async fn morning(&self) -> Answer<Morning> {
        let m = self.shelf.morning().await.map_err(of)?;
        Ok(Morning {
            overdue: listed(m.overdue),
            unassigned: listed(m.unassigned),
            cannot_sign: listed(m.cannot_sign),
            week: listed(m.week),
            month: listed(m.month),
        })
    }
}

fn listed<T>(list: store::Listed<T>) -> Listed<T> {
    Listed { rows: list.rows, total: list.total }
}
