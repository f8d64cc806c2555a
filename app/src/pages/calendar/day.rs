//! One day opened beside the month.

use super::asked::Asked;
use super::grid::holiday;
use super::month_data::Data;
use crate::islands::Picks;
use crate::parts::{client_links, icon, late_badge, named, person, purposes, standing};
use crate::seat::Viewer;
use crate::{dates, text as t, words};
use chrono::NaiveDate;
use domain::access::Action;
use domain::calendar::DayPanel;
use domain::certificate::CertificateRow;
use domain::client_name::holder_short;
use domain::month::Month;
use domain::person::Lang;
use domain::task::TaskRow;
use leptos::prelude::*;

pub fn drawer(v: &Viewer, a: &Asked, d: &Data, day: NaiveDate, panel: &DayPanel) -> AnyView {
    let l = v.lang;
    // The focus goes back to the day that was open.
    let close = format!("{}#d-{day}", a.address(d.month, None));
    let to = |day: Option<NaiveDate>| day.map(|day| a.address(Month::of(day), Some(day))).unwrap_or_default();
    let ends = panel.certificates.iter().map(|c| certificate(v, c)).collect_view();
    let n = d.ends(day).map_or_else(|| i64::try_from(panel.certificates.len()).unwrap_or(0), |e| i64::from(e.total()));
    let under = [Some(dates::distance(l, v.today.day, day)), holiday(l, &d.off, day)];
    let under = under.into_iter().flatten().collect::<Vec<_>>().join(" · ");
    let iso = day.to_string();
    let whole = a.with("/calendar/agenda", &[("from", &iso), ("until", &iso)]);
    let bulk = v.may(Action::WorkTask) && panel.certificates.iter().any(|c| c.task.is_none());
    let count = i64::try_from(panel.certificates.len()).unwrap_or(0);
    view! {
        <aside class="drawer" aria-labelledby="day-title">
            <header><div><h2 id="day-title">{dates::day_title(l, day)}</h2><p>{under}</p></div>
                <span class="push">
                    <a class="btn bare sq" href=to(day.pred_opt()) aria-label=t::calendar::day_before(l)>{icon("left")}
                        </a>
                    <a class="btn bare sq" href=to(day.succ_opt()) aria-label=t::calendar::day_after(l)>{icon("right")}
                        </a>
                    <a class="btn bare sq" href=close aria-label=t::form::close(l) data-close="">{icon("x")}</a>
                </span></header>
            <div class="body">
                <div class="sec"><h3>{t::calendar::ends(l)}" "<b>{t::certificate::sets(l, n)}</b></h3>
                    {panel.more.then(|| view! { <p class="mute">{t::calendar::shown_first(l, count)}</p> })}
                    <ul class="rows">{ends}</ul>
                    {(n == 0).then(|| view! { <p class="mute">{t::calendar::nothing(l)}</p> })}
</div>
                {super::marks::section(v, &d.filings, day)}
                {powers(l, d, day)}
                {(!panel.tasks.is_empty()).then(|| view! { <div class="sec"><h3>{t::calendar::tasks_due(l)}</h3><ul class="rows">{panel.tasks.iter().map(|task| task_due(v, task)).collect_view()}</ul></div> })}
                {(count > 0).then(|| view! { <p class="sec"><a class="link" href=whole>{t::calendar::whole_day(l)}</a></p> })}
            </div>
            {bulk.then(|| many(v))}
        </aside>
    }
    .into_any()
}

/// The bar that opens reissues for what is ticked.
pub fn many(v: &Viewer) -> AnyView {
    let l = v.lang;
    let back = crate::shell::plain(&v.here);
    let picks = view! { <Picks name="certificate".to_owned() counting=t::bulk::picked(l).to_owned()
    every=t::bulk::every(l).to_owned() acts=t::bulk::acts(l).to_owned()/> };
    view! {
        <form class="picked" id="bulk" method="post" action="/tasks/many" aria-label=t::bulk::certificates(l)>
            {picks}<input type="hidden" name="back" value=back/><button class="btn">{t::bulk::open(l)}</button>
            {v.may(Action::AssignTask).then(|| view! { <button class="btn" name="assignee" value="load">{t::share::by_load(l)}</button> })}
        </form>
    }
    .into_any()
}

fn certificate(v: &Viewer, c: &CertificateRow) -> AnyView {
    let l = v.lang;
    let (href, holder) = (format!("/certificates/{}", c.id), holder_short(&c.holder));
    let free = v.may(Action::WorkTask) && c.can_be_reissued(v.today);
    let label = t::board::pick(l, &c.holder);
    let act = match &c.task {
        Some(task) => view! { <a class="push" href=format!("/tasks/{}", task.id)>
        {person(task.assignee.as_deref(), t::task::assign(l))}</a> }
        .into_any(),
        None if free => view! { <a class="btn low push" href=format!("/tasks/new?certificate={}", c.id)>{icon("plus")}
        {t::task::reissue(l)}</a> }
        .into_any(),
        None => ().into_any(),
    };
    view! {
        <li><span class="line">{free.then(|| view! { <input type="checkbox" form="bulk" name="certificate" value=c.id.to_string() aria-label=label/> })}<b class="cut">{client_links(&c.clients)}</b><span class="push">{standing(l, c, v.today)}</span></span>
            <span class="line"><a class="cut" href=href>{holder}</a>{purposes(l, &c.purposes)}{act}</span></li>
    }
    .into_any()
}

/// A task that is due on the day that is open: its day is not said again.
fn task_due(v: &Viewer, task: &TaskRow) -> AnyView {
    let l = v.lang;
    let ((name, holder), href) = (named(task), format!("/tasks/{}", task.id));
    let under = [
        task.agreed.map(|at| dates::moment(l, at, v.today.day)),
        holder,
        task.reason.takes_access().then(|| words::reason(l, task.reason).to_lowercase()),
        Some(words::stage(l, task.stage).to_lowercase()),
    ];
    let under = under.into_iter().flatten().collect::<Vec<_>>().join(" · ");
    let overdue = task.clock.overdue_days(v.today.day);
    let late = (task.stage.is_open() && overdue > 0).then(|| late_badge(t::task::overdue(l, overdue)));
    let whose = task.assignee.as_ref().map(|(_, name)| name.as_str());
    view! {
        <li><span class="line"><b class="cut"><a href=href title=name.clone()>{name.clone()}</a></b><span class="push">{late}</span></span>
            <span class="line"><span class="cut soft" title=task.holder.clone()>{under}</span>
            <span class="push">{person(whose, t::task::nobody(l))}</span></span></li>
    }
    .into_any()
}

/// Powers of attorney that end on the day that is open.
fn powers(l: Lang, d: &Data, day: NaiveDate) -> Option<AnyView> {
    d.grounds(day).next()?;
    let rows = d.grounds(day).map(|g| {
        let name = format!("{} № {}", crate::words::ground(l, g.said.kind), g.said.number);
        view! { <li><a href=format!("/clients/{}#grounds", g.client.0)><b>{g.client.1.clone()}</b></a>
        <span class="soft">{name}</span></li> }
    });
    Some(
        view! { <div class="sec"><h3>{t::ground::ends(l)}</h3><ul class="rows">{rows.collect_view()}</ul></div> }
            .into_any(),
    )
}
