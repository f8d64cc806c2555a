//! The morning: what is late, what cannot sign, what ends soon, what nobody has.

use crate::parts::{certificate_table, empty, icon, sheet, task_table};
use crate::port::{Listed, Morning};
use crate::seat::{Reply, Seat, Viewer};
use crate::shell::{Room, Sheet, page};
use crate::{dates, text as t};
use chrono::Datelike as _;
use domain::access::Action;
use domain::certificate::CertificateRow;
use domain::day::DaysOff;
use domain::task::TaskRow;
use leptos::prelude::*;

pub async fn show(seat: Seat) -> Reply {
    let (morning, off) = (seat.desk.morning().await?, seat.desk.days_off().await?);
    Ok(page(&seat.viewer, |v| {
        let l = v.lang;
        let import =
            v.may(Action::Import).then(|| view! { <a class="btn main" href="/import">{icon("import")}{t::nav::import(l)}</a> });
        Sheet {
            room: Room::Today,
            title: dates::day_title(l, v.today.day),
            hint: t::today::week(l, v.today.day.iso_week().week()),
            actions: import.into_any(),
            body: body(v, &morning, &off),
        }
    }))
}

fn body(v: &Viewer, m: &Morning, off: &DaysOff) -> AnyView {
    let l = v.lang;
    let calm = m.overdue.total + m.unassigned.total + m.cannot_sign.total + m.week.total + m.month.total == 0;
    if calm {
        let way = view! { <a class="btn" href="/calendar">{t::nav::calendar(l)}</a> }.into_any();
        return empty(t::today::calm(l), t::today::calm_text(l), way);
    }
    view! {
        {sentence(v, m)}
        <div class="stack">
            {tasks(v, t::today::overdue(l), "/tasks?view=overdue", "overdue", &m.overdue)}
            {certificates(v, t::today::cannot_sign(l), "/clients?standing=late", "late", &m.cannot_sign, off)}
            {certificates(v, t::today::in_week(l), "/calendar?standing=week", "week", &m.week, off)}
            {certificates(v, t::today::in_month(l), "/calendar?standing=month", "month", &m.month, off)}
            {tasks(v, t::today::unassigned(l), "/tasks?view=unassigned", "unassigned", &m.unassigned)}
        </div>
    }
    .into_any()
}

/// The counts, each a link to its list; a zero is left out.
fn sentence(v: &Viewer, m: &Morning) -> AnyView {
    let l = v.lang;
    let n = |total: u64| i64::try_from(total).unwrap_or(i64::MAX);
    let parts = [
        (n(m.overdue.total), "#overdue", true, t::today::n_overdue(l, n(m.overdue.total))),
        (n(m.cannot_sign.total), "#late", true, t::today::n_cannot_sign(l, n(m.cannot_sign.total))),
        (n(m.week.total), "#week", false, t::today::n_week(l, n(m.week.total))),
        (n(m.month.total), "#month", false, t::today::n_month(l, n(m.month.total))),
        (n(m.unassigned.total), "#unassigned", false, t::today::n_unassigned(l, n(m.unassigned.total))),
    ];
    let parts = parts.into_iter().filter(|(n, ..)| *n > 0).enumerate().map(|(i, (_, href, red, text))| {
        view! { {(i > 0).then_some(" · ")}<a href=href class=red.then_some("red")>{text}</a> }
    });
    view! { <p class="morning">{parts.collect_view()}</p> }.into_any()
}

fn all(l: domain::person::Lang, href: &'static str, shown: usize, total: u64) -> AnyView {
    (total > shown as u64).then(|| view! { <a class="link" href=href>{t::today::all(l, total)}</a> }).into_any()
}

fn tasks(v: &Viewer, title: &str, href: &'static str, id: &'static str, list: &Listed<TaskRow>) -> AnyView {
    if list.rows.is_empty() {
        return ().into_any();
    }
    let count = usize::try_from(list.total).ok();
    view! { <div id=id>{sheet(title, count, all(v.lang, href, list.rows.len(), list.total), task_table(v, &list.rows))}</div> }
        .into_any()
}

fn certificates(
    v: &Viewer,
    title: &str,
    href: &'static str,
    id: &'static str,
    list: &Listed<CertificateRow>,
    off: &DaysOff,
) -> AnyView {
    if list.rows.is_empty() {
        return ().into_any();
    }
    let count = usize::try_from(list.total).ok();
    view! { <div id=id>{sheet(title, count, all(v.lang, href, list.rows.len(), list.total), certificate_table(v, &list.rows, off, true))}</div> }.into_any()
}
