//! A certificate that somebody knows only typed by hand: dates typed, unconfirmed until an imported one confirms them.

use crate::certificate::{Facts, HolderKind, HolderRole, Issuer, Purpose, Subject, TYPED};
use crate::client::{ClientData, ClientKind};
use crate::day::{OfficeDay, plus, start_of};
use crate::fold::fold;
use chrono::{Duration, NaiveDate};
use std::collections::HashSet;

/// What a form says of it, checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Typed {
    /// Name as it was said.
    pub holder: String,
    /// Twelve digits with their check digit.
    pub iin: Option<String>,
    pub role: Option<HolderRole>,
    pub purposes: Vec<Purpose>,
    pub first_day: Option<NaiveDate>,
    pub last_day: NaiveDate,
}

impl Typed {
    /// The facts of the entry under a client. Where no first day was said, it holds since it was typed: no date is
    /// guessed.
    #[must_use]
    pub fn facts(&self, client: &ClientData, key: &str, today: OfficeDay) -> Facts {
        let organisation = matches!(client.kind, ClientKind::LegalEntity | ClientKind::Branch);
        let number = client.number.clone();
        let subject = Subject {
            common_name: Some(self.holder.clone()),
            iin: self.iin.clone().or_else(|| (!organisation).then(|| number.clone())),
            bin: organisation.then_some(number),
            organization: organisation.then(|| client.name.clone()),
            ..Subject::default()
        };
        Facts {
            subject,
            issuer: Issuer::default(),
            serial: String::new(),
            fingerprint_sha256: format!("{TYPED}{key}"),
            not_before: start_of(self.first_day.unwrap_or(today.day).min(self.last_day)),
            not_after: start_of(plus(self.last_day, 1)) - Duration::seconds(1),
            key_algorithm: String::new(),
            key_algorithm_oid: String::new(),
            signature_algorithm_oid: String::new(),
            purposes: self.purposes.clone(),
            holder_kind: if organisation { HolderKind::Organisation } else { HolderKind::Individual },
            roles: self.role.into_iter().collect(),
            extended_key_usage: Vec::new(),
            policies: Vec::new(),
            crl_urls: Vec::new(),
            ocsp_urls: Vec::new(),
            subject_key_id: None,
            carrier_oid: None,
            is_ca: false,
            warnings: Vec::new(),
        }
    }
}

/// Whether two names may be of one person: every word of the shorter one stands in the longer one.
#[must_use]
pub fn same_name(a: &str, b: &str) -> bool {
    let words = |name: &str| fold(name).split_whitespace().map(str::to_owned).collect::<HashSet<String>>();
    let (a, b) = (words(a), words(b));
    !a.is_empty() && !b.is_empty() && (a.is_subset(&b) || b.is_subset(&a))
}

/// Whether an imported certificate is of the person that was typed: the same ИИН where both have one, else every
/// word of the shorter name stands in the longer one.
#[must_use]
pub fn same_person(typed: &Facts, real: &Facts) -> bool {
    let whole = |f: &Facts| {
        let parts = [&f.subject.common_name, &f.subject.given_name];
        parts.iter().filter_map(|p| p.as_deref()).collect::<Vec<_>>().join(" ")
    };
    // A list that names only the firm says nothing of the person.
    let nameless = typed.subject.organization.is_some() && typed.subject.organization == typed.subject.common_name;
    match (&typed.subject.iin, &real.subject.iin) {
        (Some(a), Some(b)) => a == b,
        (None, _) if nameless => true,
        _ => same_name(&whole(typed), &whole(real)),
    }
}

/// Whether an imported certificate is the one that was typed: its person, its last day, and no other purpose or role.
#[must_use]
pub fn confirms(typed: &Facts, real: &Facts) -> bool {
    typed.owner_number() == real.owner_number()
        && same_person(typed, real)
        && typed.last_day() == real.last_day()
        && typed.purposes.iter().all(|p| real.purposes.contains(p))
        && typed.roles.iter().all(|r| real.roles.contains(r))
}

/// Whether an imported certificate stands in for the one that was typed: its person and a later end.
#[must_use]
pub fn silences(typed: &Facts, real: &Facts) -> bool {
    typed.owner_number() == real.owner_number()
        && same_person(typed, real)
        && real.not_after > typed.not_after
        && (typed.purposes.is_empty() || !typed.signs() || real.signs())
        && typed.roles.iter().all(|r| real.roles.contains(r))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::succession::tests::facts;

    fn said(holder: &str, iin: Option<&str>, last: &str) -> Facts {
        let client = ClientData::new(ClientKind::LegalEntity, "ТОО".into(), "120443261514".into());
        let typed = Typed {
            holder: holder.into(),
            iin: iin.map(str::to_owned),
            role: None,
            purposes: vec![],
            first_day: None,
            last_day: last.parse().unwrap(),
        };
        typed.facts(&client, "1", OfficeDay::noon("2026-11-22".parse().unwrap()))
    }

    #[test]
    fn the_same_person_and_day_confirm_and_a_later_end_silences() {
        let real = facts("a", "2026-01-10T06:00:00Z", "2027-01-10T06:00:00Z", Purpose::Signing);
        assert!(confirms(&said("Ким Ольга", None, "2027-01-10"), &real));
        assert!(confirms(&said("Ким Ольга Маратовна", Some("020920600936"), "2027-01-10"), &real));
        assert!(
            !confirms(&said("Ким Ольга", Some("851231499000"), "2027-01-10"), &real),
            "another ИИН is another person"
        );
        assert!(!confirms(&said("Ким Анна", None, "2027-01-10"), &real));
        assert!(!confirms(&said("Ким Ольга", None, "2027-01-11"), &real), "a date is confirmed by that date only");
        assert!(confirms(&said("ТОО", None, "2027-01-10"), &real), "a list without holders names the firm");
        assert!(silences(&said("Ким Ольга", None, "2026-12-01"), &real));
        assert!(!silences(&said("Ким Ольга", None, "2027-02-01"), &real));
    }
}
