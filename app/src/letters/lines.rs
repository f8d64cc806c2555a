//! Lines of letters: certificates, tasks.

use super::written::Part;
use crate::pages::reminders::notices::said;
use crate::parts::{named, risk_reason};
use crate::seat::Viewer;
use crate::{dates, text as t, words};
use domain::certificate::{CertificateRow, in_sets};
use domain::client_name::{holder_short, is_holder};
use domain::day::DaysOff;
use domain::morning::Listed;
use domain::reminder::{Notice, NoticeKind};
use domain::standing::Urgency;
use domain::task::TaskRow;

/// Lines of one list at most.
const LINES: usize = 15;

/// A list under its heading, with the way to the rest of it. Nothing of an empty one.
fn list(v: &Viewer, title: &str, href: &str, total: u64, lines: Vec<Part>) -> Vec<Part> {
    if lines.is_empty() {
        return lines;
    }
    let shown = lines.len().min(LINES);
    let rest = (total > shown as u64).then(|| Part::More(t::today::all(v.lang, total), href.to_owned()));
    let head = Part::Heading(format!("{title} · {total}"));
    std::iter::once(head).chain(lines.into_iter().take(LINES)).chain(rest).collect()
}

pub fn certificates(v: &Viewer, title: &str, href: &str, of: &Listed<CertificateRow>, off: &DaysOff) -> Vec<Part> {
    let sets = in_sets(&of.rows, v.today);
    let lines = sets.iter().filter_map(|set| set.main()).map(|row| certificate(v, row, off)).collect();
    list(v, title, href, of.total, lines)
}

pub fn certificate(v: &Viewer, row: &CertificateRow, off: &DaysOff) -> Part {
    let l = v.lang;
    let end = dates::end(l, row.life.last_day(), v.today, off);
    let urgency = row.urgency(v.today);
    let standing = match (urgency, &row.threat) {
        (Urgency::Late, _) => Some(words::standing(l, row.life.standing(v.today))),
        (Urgency::Risk, Some(threat)) => Some(risk_reason(l, threat, row.life.last_day(), v.today)),
        _ => None,
    };
    let act = end.act_by.map(|act| format!("→ {act}"));
    let date = [Some(end.text), act].into_iter().flatten().collect::<Vec<_>>().join(" ");
    // Why a filing is broken names the day already.
    let date = Some(date).filter(|_| urgency != Urgency::Risk || row.threat.is_none());
    let when = [standing, date, Some(end.distance)].into_iter().flatten().filter(|s| !s.is_empty());
    Part::Line {
        href: format!("/certificates/{}", row.id),
        what: named_certificate(row),
        when: when.collect::<Vec<_>>().join(" · "),
        red: matches!(urgency, Urgency::Late | Urgency::Risk),
    }
}

/// A notice: whose certificate, and what is told of it.
pub fn notice(v: &Viewer, of: &Notice) -> Part {
    Part::Line {
        href: format!("/certificates/{}", of.certificate.id),
        what: named_certificate(&of.certificate),
        when: said(v, of),
        red: of.left <= 0 || of.kind == NoticeKind::Lost,
    }
}

/// «ТОО «Клиент» · Ким О.»
fn named_certificate(row: &CertificateRow) -> String {
    let whose = row.clients.first().map_or_else(|| row.holder.clone(), |(_, name)| name.clone());
    let holder = (!is_holder(&whose, &row.holder)).then(|| holder_short(&row.holder));
    [Some(whose), holder].into_iter().flatten().collect::<Vec<_>>().join(" · ")
}

pub fn tasks(v: &Viewer, title: &str, href: &str, of: &Listed<TaskRow>) -> Vec<Part> {
    list(v, title, href, of.total, of.rows.iter().map(|row| task(v, row)).collect())
}

fn task(v: &Viewer, row: &TaskRow) -> Part {
    let (whose, holder) = named(row);
    let late = row.clock.due < v.today.day;
    let due = t::letter::due(v.lang, dates::near(v.lang, row.clock.due, v.today.day));
    let overdue = late.then(|| t::letter::overdue(v.lang).to_owned());
    Part::Line {
        href: format!("/tasks/{}", row.id),
        what: [Some(whose), holder].into_iter().flatten().collect::<Vec<_>>().join(" · "),
        when: [overdue, Some(due)].into_iter().flatten().collect::<Vec<_>>().join(" · "),
        red: late,
    }
}
