//! The calendar and the morning.

use super::OfficeDesk;
use crate::refusals::of;
use app::port::{Answer, Calendar, Listed, Morning};
use async_trait::async_trait;
use chrono::NaiveDate;
use domain::calendar::{AgendaRow, CalendarFilter, DayCount, DayEnds, DayPanel};
use domain::day::DaysOff;
use domain::filing::Filing;
use domain::id::{ClientId, FilingId};
use std::collections::HashMap;
use std::sync::Arc;

#[async_trait]
impl Calendar for OfficeDesk {
    async fn month(&self, from: NaiveDate, to: NaiveDate, filter: &CalendarFilter) -> Answer<Arc<Vec<DayEnds>>> {
        self.scoped.month(from, to, filter).await.map_err(of)
    }

    async fn day_counts(&self, from: NaiveDate, to: NaiveDate, filter: &CalendarFilter) -> Answer<Arc<Vec<DayCount>>> {
        self.scoped.day_counts(from, to, filter).await.map_err(of)
    }

    async fn agenda(
        &self,
        (from, to): (NaiveDate, NaiveDate),
        filter: &CalendarFilter,
        skip: u64,
        lines: u64,
    ) -> Answer<Vec<AgendaRow>> {
        Ok(self.scoped.agenda(from, to, filter, skip, lines).await.map_err(of)?.to_vec())
    }

    async fn day(&self, day: NaiveDate, filter: &CalendarFilter) -> Answer<DayPanel> {
        self.scoped.day(day, filter).await.map_err(of)
    }

    async fn days_off(&self) -> Answer<Arc<DaysOff>> {
        self.scoped.days_off().await.map_err(of)
    }

    async fn filings(&self) -> Answer<Arc<Vec<Filing>>> {
        self.scoped.filings().await.map_err(of)
    }

    async fn set_filing(&self, line: Filing) -> Answer<()> {
        self.scoped.set_filing(line).await.map_err(of)
    }

    async fn remove_filing(&self, id: FilingId) -> Answer<()> {
        self.scoped.remove_filing(id).await.map_err(of)
    }

    async fn filing_counts(&self, client: Option<ClientId>) -> Answer<Arc<HashMap<String, i64>>> {
        self.scoped.filing_counts(client).await.map_err(of)
    }

    async fn due_counts(&self, from: NaiveDate, to: NaiveDate, filter: &CalendarFilter) -> Answer<Arc<Vec<(NaiveDate, i64)>>> {
        self.scoped.due_counts(from, to, filter).await.map_err(of)
    }

    async fn morning(&self) -> Answer<Morning> {
        let m = self.scoped.morning().await.map_err(of)?.as_ref().clone();
        Ok(Morning {
            overdue: listed(m.overdue),
            unassigned: listed(m.unassigned),
            waiting: listed(m.waiting),
            cannot_sign: listed(m.cannot_sign),
            breaking: listed(m.breaking),
            ending: listed(m.ending),
            old_keys: m.old_keys,
            ungrounded: m.ungrounded,
            grounds: m.grounds,
            carriers: m.carriers,
            loads: m.loads,
        })
    }
}

pub fn listed<T>(list: store::Listed<T>) -> Listed<T> {
    Listed { rows: list.rows, total: list.total }
}
