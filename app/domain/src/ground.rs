//! On what basis the firm acts for a client.

use crate::coded::coded;
use crate::day::{OfficeDay, days_between};
use crate::id::{CertificateId, ClientId, GroundId};
use crate::standing::{MONTH_DAYS, Urgency, WEEK_DAYS};
use chrono::{DateTime, NaiveDate, Utc};

coded! {
    /// Kinds of grounds. A client without any has none recorded, and that is a risk.
    GroundKind { OwnerSigns = "owner_signs", OwnCertificate = "own_certificate", PowerOfAttorney = "power_of_attorney" }
}

/// What a form says of a ground, checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewGround {
    pub kind: GroundKind,
    /// The certificate it is about; none for all of the client.
    pub certificate: Option<CertificateId>,
    /// Number of the power of attorney.
    pub number: String,
    /// Whom and what it allows.
    pub scope: String,
    /// Last day of the power of attorney.
    pub until: Option<NaiveDate>,
    pub note: String,
}

/// A recorded ground.
#[derive(Debug, Clone)]
pub struct Ground {
    pub id: GroundId,
    pub client: (ClientId, String),
    pub said: NewGround,
    /// Name of the certificate's holder.
    pub holder: Option<String>,
    pub made: (String, DateTime<Utc>),
    /// When somebody ended it by hand.
    pub ended: Option<DateTime<Utc>>,
}

impl Ground {
    /// Whether it holds on a day.
    #[must_use]
    pub fn holds(&self, today: OfficeDay) -> bool {
        self.ended.is_none_or(|at| at > today.now) && self.said.until.is_none_or(|until| today.day <= until)
    }

    /// The end of a power of attorney behaves like that of a certificate: late, a week, a month.
    #[must_use]
    pub fn urgency(&self, today: OfficeDay) -> Urgency {
        urgency(self.said.until.filter(|_| self.ended.is_none()), today)
    }
}

/// Urgency of a last day.
#[must_use]
pub fn urgency(until: Option<NaiveDate>, today: OfficeDay) -> Urgency {
    match until.map(|until| days_between(today.day, until)) {
        Some(left) if left < 0 => Urgency::Late,
        Some(left) if left <= WEEK_DAYS => Urgency::Week,
        Some(left) if left <= MONTH_DAYS => Urgency::Month,
        _ => Urgency::Calm,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_day_of_a_power_of_attorney_still_holds() {
        let today = OfficeDay::noon("2027-03-03".parse().unwrap());
        let on = |day: &str| urgency(Some(day.parse().unwrap()), today);
        let got = ["2027-03-02", "2027-03-03", "2027-03-10", "2027-03-11", "2027-04-02", "2027-04-03"].map(on);
        use Urgency::{Calm, Late, Month, Week};
        assert_eq!(got, [Late, Week, Week, Month, Month, Calm]);
        assert_eq!(urgency(None, today), Calm);
    }
}
