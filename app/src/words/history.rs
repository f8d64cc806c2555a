//! What the history says, its codes in words.

use super::{check, client_field, ground, part, passing, person_field, reason, role, stage, theme};
use crate::text as t;
use domain::audit::{AuditRow, DeedKind};
use domain::client::ClientField;
use domain::custody::Passing;
use domain::ground::GroundKind;
use domain::person::{Lang, Part, PersonField, Role, Theme};
use domain::reason::Reason;
use domain::task::{Check, Stage};

/// What a line is about.
pub fn about(l: Lang, row: &AuditRow) -> String {
    match row.about.split_once(": ") {
        Some((name, rest)) => {
            let rest: Vec<String> = rest.split(", ").map(|part| said(l, row.kind, part)).collect();
            format!("{name}: {}", rest.join(", "))
        }
        None => row.about.clone(),
    }
}

/// One part of it: a change from one code to another, a count, a code, or text as it stands.
fn said(l: Lang, kind: DeedKind, part: &str) -> String {
    if let Some((before, after)) = part.split_once(" → ") {
        let [before, after] =
            [before, after].map(|code| word(l, kind, code).map_or(code.to_owned(), str::to_lowercase));
        return format!("{before} → {after}");
    }
    let counted = || {
        let (what, n) = part.split_once(' ')?;
        let n: i64 = n.parse().ok()?;
        match what {
            "certificates" => Some(t::audit::certificates(l, n)),
            "tasks" => Some(t::audit::tasks(l, n)),
            "lines" => Some(t::audit::lines(l, n)),
            _ => None,
        }
    };
    match part {
        "answered_good" => t::revocation::said_good(l).to_owned(),
        "answered_revoked" => t::revocation::said_revoked(l).to_owned(),
        _ => counted().or_else(|| word(l, kind, part).map(str::to_lowercase)).unwrap_or_else(|| part.to_owned()),
    }
}

fn word(l: Lang, kind: DeedKind, code: &str) -> Option<&'static str> {
    let of = code.trim();
    let of_person = || match kind {
        DeedKind::StaffChanged => PersonField::parse(of).map(|f| person_field(l, f)),
        _ => None,
    };
    of_person()
        .or_else(|| Stage::parse(of).map(|s| stage(l, s)))
        .or_else(|| Reason::parse(of).map(|r| reason(l, r)))
        .or_else(|| Check::parse(of).map(|c| check(l, c)))
        .or_else(|| GroundKind::parse(of).map(|g| ground(l, g)))
        .or_else(|| Passing::parse(of).map(|p| passing(l, p)))
        .or_else(|| Part::parse(of).map(|p| part(l, p)))
        .or_else(|| Role::parse(of).map(|r| role(l, r)))
        .or_else(|| Theme::parse(of).map(|x| theme(l, x)))
        .or_else(|| ClientField::parse(of).map(|f| client_field(l, f)))
}
