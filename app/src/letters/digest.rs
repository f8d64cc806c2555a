//! What the day asks of its reader, and what cannot wait for it: by the rule of today's page and of the bell.

use super::lines::{certificate, certificates, notice, tasks};
use super::written::{Letter, Part};
use crate::pages::reminders::notices::said;
use crate::pages::today::page::sentence_text;
use crate::port::Desk;
use crate::seat::Viewer;
use crate::{dates, text as t};
use domain::id::NoticeId;
use domain::refusal::Refusal;
use domain::reminder::Notice;
use domain::standing::Urgency;

pub async fn digest(
    desk: &dyn Desk,
    v: &Viewer,
    notices: &[Notice],
) -> Result<Option<(Letter, Vec<NoticeId>)>, Refusal> {
    let (l, m, off) = (v.lang, desk.morning().await?, desk.days_off().await?);
    let called = desk.mentions().await?;
    // What was replaced or set aside since it was told asks for nobody any more.
    let asks = |n: &&Notice| !n.certificate.life.is_replaced(v.today) && !n.certificate.life.aside;
    let notices: Vec<&Notice> = notices.iter().filter(asks).collect();
    let sentence = sentence_text(l, &m);
    if sentence.is_none() && notices.is_empty() && called.is_empty() {
        return Ok(None);
    }
    let mut parts: Vec<Part> = sentence.into_iter().map(Part::Text).collect();
    // What is out of order stands first; what the lists name anyway is not said twice.
    let (special, plain): (Vec<&Notice>, Vec<&Notice>) = notices.iter().partition(|n| is_special(n));
    let shown = |n: &&&Notice| {
        let lists = [&m.cannot_sign, &m.breaking, &m.ending];
        lists.iter().any(|list| list.rows.iter().any(|row| row.id == n.certificate.id))
    };
    let plain: Vec<&Notice> = plain.iter().filter(|n| !shown(n)).copied().collect();
    parts.extend(told(v, t::letter::new_notices(l), &special));
    if !called.is_empty() {
        parts.push(Part::Heading(t::letter::called(l).into()));
        parts.extend(called.iter().map(|mention| Part::Line {
            href: format!("/tasks/{}", mention.task),
            what: mention.whose.clone(),
            when: format!("{}: {}", mention.author, mention.text),
            red: false,
        }));
    }
    parts.extend(tasks(v, t::today::mine(l), "/tasks?view=mine&form=list", &m.mine));
    parts.extend(certificates(v, t::today::cannot_sign(l), "/#late", &m.cannot_sign, &off));
    parts.extend(certificates(v, t::today::breaking(l), "/#risk", &m.breaking, &off));
    parts.extend(certificates(v, t::today::ending(l), "/#ending", &m.ending, &off));
    parts.extend(told(v, t::letter::later(l), &plain));
    parts.extend(tasks(v, t::today::overdue(l), "/tasks?view=overdue&form=list", &m.overdue));
    parts.extend(tasks(v, t::letter::unassigned(l), "/#unassigned", &m.unassigned));
    parts.push(Part::Button(t::letter::open(l).into(), "/".into()));
    let subject = t::letter::digest(l, dates::day_title(l, v.today.day));
    let letter = Letter::written(l, subject, &v.office, desk.url(), &parts);
    Ok(Some((letter, notices.iter().map(|notice| notice.id).collect())))
}

/// Whether a notice says more than that an end comes near.
fn is_special(n: &Notice) -> bool {
    n.escalated || n.instead || n.late > 0 || n.again.is_some()
}

fn told(v: &Viewer, title: &str, notices: &[&Notice]) -> Vec<Part> {
    let head = (!notices.is_empty()).then(|| Part::Heading(title.to_owned()));
    head.into_iter().chain(notices.iter().map(|n| notice(v, n))).collect()
}

pub async fn urgent(
    desk: &dyn Desk,
    v: &Viewer,
    notices: &[Notice],
) -> Result<Option<(Letter, Vec<NoticeId>)>, Refusal> {
    let (l, off) = (v.lang, desk.days_off().await?);
    // What was replaced, set aside or revoked since then asks for nobody any more.
    let still: Vec<&Notice> =
        notices.iter().filter(|notice| notice.certificate.urgency(v.today) != Urgency::Calm).collect();
    let Some(first) = still.first() else { return Ok(None) };
    let whose = first.certificate.clients.first().map_or(first.certificate.holder.as_str(), |(_, name)| name);
    let subject = match i64::try_from(still.len()).unwrap_or(i64::MAX) {
        1 => t::letter::urgent_one_client(l, whose, said(v, first)),
        n => t::letter::urgent(l, n),
    };
    let mut parts = vec![Part::Text(t::letter::urgent_text(l).into())];
    parts.extend(still.iter().map(|notice| certificate(v, &notice.certificate, &off)));
    parts.push(Part::Button(t::letter::open_notices(l).into(), "/notices".into()));
    let letter = Letter::written(l, subject, &v.office, desk.url(), &parts);
    Ok(Some((letter, still.iter().map(|notice| notice.id).collect())))
}
