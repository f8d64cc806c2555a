//! What the history says, its codes in words.

use super::{check, client_field, ground, lang, part, passing, person_field, reason, role, stage, theme};
use crate::{dates, text as t};
use chrono::{NaiveDate, NaiveDateTime};
use domain::audit::{AuditRow, DeedKind};
use domain::client::ClientField;
use domain::custody::Passing;
use domain::ground::GroundKind;
use domain::person::{Lang, Part, PersonField, Role, Theme};
use domain::reason::Reason;
use domain::task::{Check, Stage};

/// What a line is about.
pub fn about(l: Lang, row: &AuditRow) -> String {
    with_days(l, &plain(l, row))
}

/// Days and instants of the text as people read them.
fn with_days(l: Lang, text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find(|c: char| c.is_ascii_digit()) {
        let (before, from) = rest.split_at(at);
        out.push_str(before);
        let (said, length) = day_at(l, from).unwrap_or_else(|| {
            let digits = from.find(|c: char| !c.is_ascii_digit()).unwrap_or(from.len());
            (from.get(..digits).unwrap_or_default().to_owned(), digits)
        });
        out.push_str(&said);
        rest = from.get(length..).unwrap_or_default();
    }
    out.push_str(rest);
    out
}

/// The day, or the instant in UTC, with which a text begins, and how long it is there.
fn day_at(l: Lang, text: &str) -> Option<(String, usize)> {
    const INSTANT: &str = "2026-11-30 05:00 UTC";
    let instant = text.get(..INSTANT.len()).and_then(|t| NaiveDateTime::parse_from_str(t, "%Y-%m-%d %H:%M UTC").ok());
    if let Some(at) = instant {
        return Some((dates::instant(l, at.and_utc()), INSTANT.len()));
    }
    let day = text.get(..10)?.parse::<NaiveDate>().ok()?;
    let alone = text.get(10..).is_none_or(|more| !more.starts_with(|c: char| c.is_ascii_digit()));
    alone.then(|| (dates::full(l, day), 10))
}

fn plain(l: Lang, row: &AuditRow) -> String {
    if row.kind == DeedKind::AccountChanged {
        let said = |code: &str| Lang::parse(code).map_or_else(|| said(l, row.kind, code), |of| lang(of).to_owned());
        return row.about.split_whitespace().map(said).collect::<Vec<_>>().join(", ");
    }
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

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::DateTime;

    fn row(kind: DeedKind, about: &str) -> AuditRow {
        AuditRow {
            id: 1,
            act: None,
            at: DateTime::default(),
            person: String::new(),
            session: None,
            kind,
            client: None,
            about: about.into(),
            link: String::new(),
        }
    }

    #[test]
    fn days_stand_in_words_and_numbers_stay() {
        let said = |kind, text: &str| about(Lang::Ru, &row(kind, text)).replace('\u{a0}', " ");
        assert_eq!(
            said(DeedKind::TaskChanged, "КИМ ОЛЬГА: 2026-11-30 → 2026-12-04"),
            "КИМ ОЛЬГА: 30 ноя 2026 → 4 дек 2026"
        );
        assert_eq!(said(DeedKind::TaskChanged, "2026-11-30 19:30 UTC"), "1 дек 2026, 00:30");
        assert_eq!(said(DeedKind::DaysOffChanged, "+ 2027-01-07 Рождество"), "+ 7 янв 2027 Рождество");
        for text in ["2026-13-40", "971240001315", "№ 12-2026-11", "2026-11-301"] {
            assert_eq!(said(DeedKind::ClientCreated, text), text);
        }
        assert_eq!(said(DeedKind::AccountChanged, "ru system"), "Русский, как в системе");
    }
}
