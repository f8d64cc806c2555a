//! Ways to a new certificate and what each asks for beforehand.

use crate::client::{Contact, Known};
use crate::coded::coded;
use crate::day::OfficeDay;
use crate::reason::Reason;
use crate::standing::{Life, Standing};
use crate::task::Route;

coded! {
    /// What must hold before a route is open. Which route asks for what is editable data: the authority changes it
    /// yearly.
    Condition {
        /// The owner's phone is in the mobile citizens base (eGov Mobile, code by SMS).
        PhoneInBase = "phone_in_base",
        /// The owner's data are those of the old certificate.
        DataCurrent = "data_current",
        /// The old certificate can still sign.
        BeforeExpiry = "before_expiry",
        /// Identification by face has failed five times: only then the service centre takes the application.
        BiometricsFailed = "biometrics_failed",
    }
}

/// A route as the office keeps it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RouteRule {
    pub route: Route,
    pub conditions: Vec<Condition>,
    /// The official page, for messages.
    pub link: String,
}

/// What is known of the case.
#[derive(Debug, Clone, Copy)]
pub struct Case<'a> {
    pub reason: Reason,
    pub life: &'a Life,
    pub contact: Option<&'a Contact>,
    pub today: OfficeDay,
}

/// Whether a condition holds.
#[must_use]
pub fn holds(condition: Condition, case: Case<'_>) -> Known {
    let sure = |yes: bool| if yes { Known::Yes } else { Known::No };
    match condition {
        Condition::PhoneInBase => case.contact.and_then(|c| Known::parse(&c.in_mobile_base)).unwrap_or(Known::Unknown),
        Condition::DataCurrent if case.reason == Reason::DataChanged => Known::No,
        Condition::DataCurrent => Known::Yes,
        Condition::BeforeExpiry => sure(
            matches!(case.life.standing(case.today), Standing::Valid | Standing::Due(_)) && !case.reason.takes_access(),
        ),
        Condition::BiometricsFailed => Known::Unknown,
    }
}

/// A route with what stands against it or is not known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Judged {
    pub route: Route,
    pub unmet: Vec<Condition>,
    pub unknown: Vec<Condition>,
}

/// Every route, judged; those that nothing stands against first, in the order of the office.
#[must_use]
pub fn judge(rules: &[RouteRule], case: Case<'_>) -> Vec<Judged> {
    let of = |rule: &RouteRule| {
        let which = |wanted: Known| rule.conditions.iter().copied().filter(|c| holds(*c, case) == wanted).collect();
        Judged { route: rule.route, unmet: which(Known::No), unknown: which(Known::Unknown) }
    };
    let mut out: Vec<Judged> = rules.iter().map(of).collect();
    out.sort_by_key(|j| !j.unmet.is_empty());
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_phone_that_is_not_in_the_base_leaves_the_service_centre() {
        let rules = [
            RouteRule {
                route: Route::Online,
                conditions: vec![Condition::PhoneInBase, Condition::DataCurrent],
                link: String::new(),
            },
            RouteRule {
                route: Route::ServiceCentre,
                conditions: vec![Condition::BiometricsFailed],
                link: String::new(),
            },
        ];
        let life = Life {
            not_before: "2026-01-01T00:00:00Z".parse().unwrap(),
            not_after: "2027-01-01T00:00:00Z".parse().unwrap(),
            replaced_from: None,
            lost: None,
            revoked: None,
            typed: false,
            aside: false,
        };
        let today = OfficeDay::noon("2026-12-01".parse().unwrap());
        let contact = |base: &str| Contact { in_mobile_base: base.into(), ..Contact::default() };
        let (no, yes) = (contact("no"), contact("yes"));
        let case = |c| Case { reason: Reason::Planned, life: &life, contact: Some(c), today };
        let judged = judge(&rules, case(&no));
        assert_eq!(
            (judged[0].route, judged[1].unmet.as_slice()),
            (Route::ServiceCentre, &[Condition::PhoneInBase][..])
        );
        let judged = judge(&rules, case(&yes));
        assert!(judged[0].route == Route::Online && judged[0].unmet.is_empty() && judged[0].unknown.is_empty());
        assert_eq!(holds(Condition::BeforeExpiry, Case { reason: Reason::PasswordLost, ..case(&yes) }), Known::No);
    }
}
