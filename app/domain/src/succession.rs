//! When a certificate stands in for an older one.

use crate::certificate::{Facts, Purpose};
use crate::coded::coded;
use crate::day::OfficeDay;
use crate::reason::Reason;

coded! {
    /// A point of the successor rule that does not hold.
    Failure {
        SameCertificate = "same_certificate",
        OtherOwner = "other_owner",
        OtherRole = "other_role",
        OtherPerson = "other_person",
        DoesNotSign = "does_not_sign",
        DoesNotAuthenticate = "does_not_authenticate",
        NotLater = "not_later",
        NotValidYet = "not_valid_yet",
        Ended = "ended",
        NoLaterEnd = "no_later_end",
        UnknownIssuer = "unknown_issuer",
        SignatureFails = "signature_fails",
    }
}

/// What a new certificate did for a task.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reissued {
    Whole,
    /// The task stays open: something new is still needed for these purposes.
    Part(Vec<Purpose>),
}

/// What is asked of a candidate besides the two certificates.
#[derive(Debug, Clone, Copy)]
pub struct Question {
    pub today: OfficeDay,
    /// Reason of the reissue; none when an import finds generations by itself.
    pub reason: Option<Reason>,
    /// The issuer is on the office's list and the signature, where it could be checked, holds.
    pub known_issuer: bool,
    pub signature_fails: bool,
}

/// Every point of the rule that fails; empty means that `new` succeeds `old`.
#[must_use]
pub fn failures(old: &Facts, new: &Facts, q: Question) -> Vec<Failure> {
    if old.fingerprint_sha256 == new.fingerprint_sha256 {
        return vec![Failure::SameCertificate];
    }
    let data_changed = q.reason == Some(Reason::DataChanged);
    let later_end = q.reason.is_none_or(|r| matches!(r, Reason::Expired | Reason::Planned));
    let points = [
        (old.owner_number() != new.owner_number() || old.owner_number().is_none(), Failure::OtherOwner),
        (roles(old) != roles(new), Failure::OtherRole),
        (!data_changed && old.person_key() != new.person_key(), Failure::OtherPerson),
        (old.signs() && !new.signs(), Failure::DoesNotSign),
        (old.enters() && !new.authenticates(), Failure::DoesNotAuthenticate),
        (new.not_before <= old.not_before || issued_together(old, new), Failure::NotLater),
        (q.today.now < new.not_before, Failure::NotValidYet),
        (q.reason.is_some() && q.today.now > new.not_after, Failure::Ended),
        (later_end && new.not_after <= old.not_after, Failure::NoLaterEnd),
        (!q.known_issuer, Failure::UnknownIssuer),
        (q.signature_fails, Failure::SignatureFails),
    ];
    points.into_iter().filter_map(|(fails, failure)| fails.then_some(failure)).collect()
}

fn roles(facts: &Facts) -> Vec<crate::certificate::HolderRole> {
    let mut roles = facts.roles.clone();
    roles.sort_unstable();
    roles.dedup();
    roles
}

/// The other half of one set is no successor.
fn issued_together(old: &Facts, new: &Facts) -> bool {
    crate::certificate::one_set(old, new)
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use crate::certificate::{HolderKind, HolderRole, Issuer, Subject};

    pub(crate) fn facts(print: &str, from: &str, to: &str, purpose: Purpose) -> Facts {
        Facts {
            subject: Subject {
                common_name: Some("КИМ ОЛЬГА".into()),
                iin: Some("020920600936".into()),
                bin: Some("120443261514".into()),
                ..Subject::default()
            },
            issuer: Issuer::default(),
            serial: print.into(),
            fingerprint_sha256: print.into(),
            not_before: from.parse().unwrap(),
            not_after: to.parse().unwrap(),
            key_algorithm: String::new(),
            key_algorithm_oid: String::new(),
            signature_algorithm_oid: String::new(),
            purposes: vec![purpose],
            holder_kind: HolderKind::Organisation,
            roles: vec![HolderRole::Head],
            extended_key_usage: vec![],
            policies: vec![],
            crl_urls: vec![],
            ocsp_urls: vec![],
            subject_key_id: None,
            carrier_oid: None,
            is_ca: false,
            warnings: vec![],
        }
    }

    fn ask(reason: Option<Reason>) -> Question {
        Question {
            today: OfficeDay::at("2026-11-22T08:00:00Z".parse().unwrap()),
            reason,
            known_issuer: true,
            signature_fails: false,
        }
    }

    fn old() -> Facts {
        facts("a", "2025-12-01T00:00:00Z", "2026-12-01T00:00:00Z", Purpose::Signing)
    }

    fn new() -> Facts {
        facts("b", "2026-11-20T00:00:00Z", "2027-11-20T00:00:00Z", Purpose::Signing)
    }

    #[test]
    fn a_later_certificate_of_the_same_holder_succeeds() {
        assert!(failures(&old(), &new(), ask(Some(Reason::Planned))).is_empty());
    }

    #[test]
    fn each_broken_point_is_named() {
        let q = ask(Some(Reason::Planned));
        let with = |change: &dyn Fn(&mut Facts)| {
            let mut n = new();
            change(&mut n);
            failures(&old(), &n, q)
        };
        assert_eq!(with(&|n| n.subject.bin = Some("971240001315".into())), [Failure::OtherOwner]);
        assert_eq!(with(&|n| n.roles = vec![HolderRole::Employee]), [Failure::OtherRole]);
        assert_eq!(with(&|n| n.subject.iin = Some("851231499000".into())), [Failure::OtherPerson]);
        assert_eq!(with(&|n| n.purposes = vec![Purpose::Authentication]), [Failure::DoesNotSign]);
        assert_eq!(with(&|n| n.not_before = "2026-12-20T00:00:00Z".parse().unwrap()), [Failure::NotValidYet]);
        assert_eq!(with(&|n| n.not_after = "2026-11-30T00:00:00Z".parse().unwrap()), [Failure::NoLaterEnd]);
        assert_eq!(failures(&old(), &new(), Question { known_issuer: false, ..q }), [Failure::UnknownIssuer]);
        assert_eq!(failures(&old(), &old(), q), [Failure::SameCertificate]);
    }

    #[test]
    fn a_new_head_is_allowed_when_data_changed_and_an_earlier_end_when_a_password_was_lost() {
        let mut n = new();
        n.subject.iin = Some("851231499000".into());
        assert!(failures(&old(), &n, ask(Some(Reason::DataChanged))).is_empty());
        let mut short = new();
        short.not_after = "2026-11-30T00:00:00Z".parse().unwrap();
        assert!(failures(&old(), &short, ask(Some(Reason::PasswordLost))).is_empty());
    }

    #[test]
    fn the_other_half_of_a_set_is_no_successor_but_a_single_certificate_is() {
        let auth = facts("c", "2025-12-01T00:00:01Z", "2026-12-01T00:00:00Z", Purpose::Authentication);
        assert!(failures(&auth, &old(), ask(None)).contains(&Failure::NotLater));
        assert_eq!(failures(&auth, &new(), ask(None)), [Failure::DoesNotAuthenticate], "it only signs");
        for purposes in [vec![], vec![Purpose::Signing, Purpose::Authentication]] {
            let single = Facts { purposes, ..new() };
            for half in [&auth, &old()] {
                assert!(failures(half, &single, ask(None)).is_empty());
            }
        }
    }
}
