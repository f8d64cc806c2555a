//! The one place where the time is asked.

use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Tz;
use domain::day::OfficeDay;

/// The office's clock: the present, or a day set by hand for demonstrations and tests.
#[derive(Debug, Clone, Copy, Default)]
pub struct Clock {
    /// The day that `--today` names.
    pub pretended: Option<NaiveDate>,
}

impl Clock {
    /// The present instant, moved to the pretended day if there is one.
    #[must_use]
    pub fn now(&self) -> DateTime<Utc> {
        let now = present();
        match self.pretended {
            Some(day) => now + (day - domain::day::day_in_kazakhstan(now)),
            None => now,
        }
    }

    /// Today in the office's zone.
    #[must_use]
    pub fn today(&self, zone: &str) -> OfficeDay {
        let now = self.now();
        let zone: Tz = zone.parse().unwrap_or(chrono_tz::Asia::Almaty);
        OfficeDay { now, day: now.with_timezone(&zone).date_naive() }
    }
}

#[expect(clippy::disallowed_methods, reason = "time comes from here")]
fn present() -> DateTime<Utc> {
    Utc::now()
}
