//! The certificates of a client on a line of time: a lane for each holder, earlier generations pale before it.

use crate::parts::{empty, halves, icon, roles, standing, when};
use crate::seat::Viewer;
use crate::{dates, text as t};
use chrono::{DateTime, Datelike as _, NaiveDate, Utc};
use domain::access::Action;
use domain::certificate::{CertificateRow, Set, in_force};
use domain::day::{DaysOff, start_of};
use domain::month::Month;
use domain::standing::{Standing, Urgency};
use leptos::prelude::*;

/// Quarters of the line, and how many of them lie before today's.
const QUARTERS: u32 = 10;
const BEFORE: u32 = 4;

/// The stretch of time that is drawn.
struct Axis {
    first: Month,
    from: DateTime<Utc>,
    to: DateTime<Utc>,
}

impl Axis {
    fn around(today: NaiveDate) -> Self {
        let quarter = today.with_day(1).and_then(|d| d.with_month0(d.month0() / 3 * 3)).unwrap_or(today);
        let first = Month::of(quarter).minus(3 * BEFORE);
        Self { first, from: start_of(first.first()), to: start_of(first.plus(3 * QUARTERS).first()) }
    }

    /// Hundredths of the width, from the left.
    fn place(&self, at: DateTime<Utc>) -> f64 {
        let (span, into) = ((self.to - self.from).num_minutes(), (at - self.from).num_minutes());
        let place = into as f64 / span as f64 * 100.0;
        place.clamp(0.0, 100.0)
    }

    fn bar(&self, class: &'static str, from: DateTime<Utc>, to: DateTime<Utc>) -> AnyView {
        let (left, right) = (self.place(from), self.place(to));
        if right <= left {
            return ().into_any();
        }
        let (x, width) = (format!("{left:.2}%"), format!("{:.2}%", right - left));
        view! { <rect class=class x=x width=width y="50%" height="10" rx="2" transform="translate(0 -5)"></rect> }
            .into_any()
    }

    fn mark(&self, class: &'static str, at: DateTime<Utc>) -> AnyView {
        let x = format!("{:.2}%", self.place(at));
        view! { <line class=class x1=x.clone() x2=x y1="0" y2="100%"></line> }.into_any()
    }
}

/// Lines of sets, each from the newest generation to the oldest.
pub fn sets(v: &Viewer, lines: &[Vec<Set>], off: &DaysOff) -> AnyView {
    let l = v.lang;
    if lines.is_empty() {
        let way =
            v.may(Action::Import).then(|| view! { <a class="btn" href="/import">{t::nav::import(l)}</a> }).into_any();
        return empty(t::client::no_certificates(l), t::client::no_certificates_text(l), way);
    }
    let axis = Axis::around(v.today.day);
    let lanes = lines.iter().map(|line| lane(v, &axis, line, off)).collect_view();
    let past: Vec<&Set> = lines.iter().filter_map(|line| line.get(in_force(line, v.today) + 1..)).flatten().collect();
    view! {
        <svg class="sr" aria-hidden="true"><defs><pattern id="hatch" width="6" height="6" patternUnits="userSpaceOnUse"
            patternTransform="rotate(45)"><rect class="hatchbg" width="6" height="6"></rect>
            <line class="hatchline" x1="0" y1="0" x2="0" y2="6"></line></pattern></defs></svg>
        <div class="axis" aria-hidden="true"><span></span><ol>{quarters(v, &axis)}</ol><span></span></div>
        <ol>{lanes}</ol>
        {(!past.is_empty()).then(|| earlier(v, &past, off))}
    }
    .into_any()
}

fn quarters(v: &Viewer, axis: &Axis) -> AnyView {
    let names = (0..QUARTERS).map(|n| axis.first.plus(3 * n).first()).map(|day| {
        if day.month() == 1 {
            view! { <li><b>{day.year()}</b></li> }.into_any()
        } else {
            let name: String = dates::month_name(v.lang, day).chars().take(3).collect();
            view! { <li>{name.to_lowercase()}</li> }.into_any()
        }
    });
    names.collect_view().into_any()
}

fn lane(v: &Viewer, axis: &Axis, line: &[Set], off: &DaysOff) -> AnyView {
    let l = v.lang;
    let at = in_force(line, v.today);
    let Some((present, main)) = line.get(at).and_then(|set| set.main().map(|main| (set, main))) else {
        return ().into_any();
    };
    // The one that waits for its first day.
    let next = line.get(..at).and_then(<[Set]>::last).and_then(Set::main);
    let next = next.map(|c| {
        let text = t::client::next_from(l, dates::short(l, c.life.first_day(), v.today.day));
        view! { <a class="link" href=format!("/certificates/{}", c.id)>{text}</a> }
    });
    let holder = if main.holder.is_empty() { t::certificate::nameless(l).to_owned() } else { main.holder.clone() };
    let label = format!("{holder}: {}", dates::full(l, main.life.last_day()));
    let lines = (1..QUARTERS).map(|n| axis.mark("q", start_of(axis.first.plus(3 * n).first()))).collect_view();
    let others = line.iter().enumerate().filter(|(n, _)| *n != at).filter_map(|(_, set)| set.main());
    let older = others.map(|c| now(v, axis, c));
    let act = ways(v, main);
    let task = main
        .task
        .as_ref()
        .map(|task| view! { <a class="link" href=format!("/tasks/{}", task.id)>{t::client::task_open(l)}</a> });
    view! {
        <li class="lane">
            <div><b class="cut"><a href=format!("/certificates/{}", main.id) title=holder.clone()>{holder.clone()}</a>
                </b>
                <span class="line soft"><span class="cut">{roles(l, &main.roles)}</span>{halves(l, present)}</span>{act}{next}
                    {task}</div>
            <svg role="img" aria-label=label>{lines}{older.collect_view()}{now(v, axis, main)}
                {axis.mark("today", v.today.now)}</svg>
            <div>{(!is_well(main, v)).then(|| standing(l, main, v.today))}{when(dates::end(l, main.life.last_day(), v.today, off))}</div>
        </li>
    }
    .into_any()
}

/// A certificate of which there is nothing to say but its end.
fn is_well(c: &CertificateRow, v: &Viewer) -> bool {
    c.urgency(v.today) == Urgency::Calm && c.life.standing(v.today) == Standing::Valid && !c.life.typed
}

/// What can be done about a certificate that nothing replaced and nobody works on.
fn ways(v: &Viewer, c: &CertificateRow) -> Option<AnyView> {
    let l = v.lang;
    let free = v.may(Action::WorkTask) && c.can_be_reissued(v.today);
    free.then(|| {
        let reissue = format!("/tasks/new?certificate={}", c.id);
        let lost = format!("{reissue}&reason=password_lost");
        view! { <span class="line"><a class="btn low" href=reissue>{t::task::reissue(l)}</a>
        <a class="btn low" href=lost>{t::reason::password_lost(l)}</a></span> }
        .into_any()
    })
}

/// A generation: pale once it is replaced, whole, hatched where its dates are only typed or from when it cannot be
/// used.
fn now(v: &Viewer, axis: &Axis, row: &CertificateRow) -> AnyView {
    let life = &row.life;
    if life.typed {
        return axis.bar("unk", life.not_before, life.not_after);
    }
    let broken = [life.lost.map(|(at, _)| at), life.revoked].into_iter().flatten().min();
    if let Some(at) = broken {
        return view! { {axis.bar("cur", life.not_before, at)}{axis.bar("dead", at.max(life.not_before), life.not_after)} }
            .into_any();
    }
    let tail = life.not_after - chrono::Duration::days(7);
    match row.urgency(v.today) {
        Urgency::Risk => {
            let tail = life.not_after - chrono::Duration::days(14);
            view! { {axis.bar("cur", life.not_before, tail)}{axis.bar("tail", tail, life.not_after)} }.into_any()
        }
        Urgency::Week => {
            view! { {axis.bar("cur", life.not_before, tail)}{axis.bar("week", tail, life.not_after)} }.into_any()
        }
        _ if life.is_replaced(v.today) => axis.bar("old", life.not_before, life.not_after),
        _ => axis.bar("cur", life.not_before, life.not_after),
    }
}

fn earlier(v: &Viewer, past: &[&Set], off: &DaysOff) -> AnyView {
    let l = v.lang;
    let lines = past.iter().filter_map(|set| set.main().map(|main| (set, main))).map(|(set, main)| {
        view! {
            <li class="set-line"><div><a href=format!("/certificates/{}", main.id)>{main.holder.clone()}</a>
                " "{halves(l, set)}<span class="sub mute">{roles(l, &main.roles)}</span></div>
                <div>{standing(l, main, v.today)}" "{when(dates::end(l, main.life.last_day(), v.today, off))}</div>
                    {ways(v, main)}</li>
        }
    });
    let title = t::certificate::older(l, i64::try_from(past.len()).unwrap_or(0));
    view! { <details class="fold pad"><summary>{icon("right")}{title}</summary><ul class="rows">{lines.collect_view()}
    </ul></details> }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_line_of_time_begins_a_year_before_todays_quarter() {
        let day = |text: &str| text.parse::<NaiveDate>().unwrap_or_default();
        let axis = Axis::around(day("2026-11-23"));
        assert_eq!(axis.first, Month::of(day("2025-10-01")));
        assert!(axis.place(start_of(day("2025-10-01"))) < 0.01);
        assert!((axis.place(start_of(day("2028-04-01"))) - 100.0).abs() < 0.01);
        assert!((axis.place(start_of(day("2030-01-01"))) - 100.0).abs() < 0.01, "nothing is drawn outside");
    }
}
