//! The way of a task: its stages, old beside new, the checklist, what was said and done.

use super::view::kept;
use super::{Data, Typed};
use crate::form::{Fault, area, choices};
use crate::islands::{TickSaver, TickTexts};
use crate::parts::{icon, sheet};
use crate::seat::Viewer;
use crate::{dates, text as t, words};
use domain::certificate::CertificateRow;
use domain::person::Lang;
use domain::reason::Reason;
use domain::task::{Check, EventKind, Stage, StepFact, TaskEvent};
use leptos::prelude::*;

pub fn track(l: Lang, stage: Stage) -> AnyView {
    let at = stage.step().unwrap_or(0);
    let bars = (1..=8)
        .map(|n| view! { <li class=(n < at).then_some("done") aria-current=(n == at).then_some("step")></li> })
        .collect_view();
    let words = if at > 0 { t::task::step(l, words::stage(l, stage), at) } else { words::stage(l, stage).to_owned() };
    view! { <ol class="track" aria-hidden="true">{bars}</ol><p class="line"><b>{words}</b></p> }.into_any()
}

/// Old beside new, once there is a successor.
pub fn compare(v: &Viewer, d: &Data) -> AnyView {
    let l = v.lang;
    let (Some(new), Some(old)) = (&d.task.successor, d.task.certificates.first()) else { return ().into_any() };
    let end = |c: &CertificateRow| dates::full(l, c.life.last_day());
    let line = |term: &'static str, a: String, b: String| {
        let same = a == b;
        view! { <tr><th scope="row">{term}</th><td>{a}</td><td class="ok">{same.then(|| icon("check"))}</td><td>{b}</td>
        </tr> }
    };
    let table = view! {
        <table class="cmp"><thead><tr><th></th><th scope="col">{t::task::old(l)}</th><th class="ok"></th>
            <th scope="col">{t::task::new(l)}</th></tr></thead><tbody>
            {line(t::certificate::holder(l), old.holder.clone(), new.holder.clone())}
            {line(t::certificate::role(l), crate::parts::roles(l, &old.roles), crate::parts::roles(l, &new.roles))}
            {line(t::certificate::end(l), end(old), end(new))}
            {line(t::certificate::serial(l), old.serial.clone(), new.serial.clone())}
        </tbody></table>
    };
    sheet(t::task::old_and_new(l), None, ().into_any(), view! { <div class="pad">{table}</div> }.into_any())
}

/// The id of the form to which the ticks of the checklist belong.
pub const STEPS: &str = "steps";

/// The form of the checklist, empty: its ticks stand further down, and the buttons of the stages send them along. Its own
/// button comes first on the page, so that Enter on a tick saves the ticks and moves nothing.
pub fn steps_form(d: &Data) -> Option<AnyView> {
    d.ticks().then(|| {
        view! { <form id=STEPS hidden=true method="post" action=format!("/tasks/{}/steps", d.task.row.id)>{kept(d)}
        <button></button></form> }
        .into_any()
    })
}

/// What has to be done on the way, with who ticked it and when.
pub fn checklist(v: &Viewer, d: &Data, typed: &Typed) -> AnyView {
    let l = v.lang;
    if d.task.steps.is_empty() {
        return ().into_any();
    }
    let open = d.ticks();
    // The new one goes to the systems before the old one is revoked.
    let revoked = d.task.steps.iter().position(|s| s.fact == Some(StepFact::OldRevoked)).unwrap_or(usize::MAX);
    let mut steps: Vec<_> = d.task.steps.iter().enumerate().collect();
    steps.sort_by_key(|(at, s)| (*at >= revoked && !s.system, *at));
    let lines = steps.into_iter().map(|(_, s)| {
        let text = words::of_three(l, &s.text);
        let done = s
            .done
            .as_ref()
            .map(|(who, at)| format!(" · {}, {}", domain::person::short_name(who), dates::moment(l, *at, v.today.day)));
        let was = (open && s.done.is_some()).then(|| view! { <input type="hidden" form=STEPS name="was" value=s.place/> });
        let ticked = typed.ticked.as_ref().map_or(s.done.is_some(), |ticked| ticked.contains(&s.place));
        view! { <li>{was}<label class="tick"><input type="checkbox" form=open.then_some(STEPS) name="step" value=s.place
        checked=ticked disabled=!open/><span>{s.system.then(|| view! { <span class="mute">{t::systems::step(l)}": "</span> })}
        {text}<span class="mute">{done}</span></span></label></li> }
    });
    let (done, all) = d.task.row.steps;
    let lines = lines.collect_view();
    let saver = open.then(|| {
        let texts = TickTexts { save: t::task::steps_save(l).into(), failed: t::task::steps_failed(l).into() };
        view! { <TickSaver texts form=STEPS.to_owned()/> }
    });
    let title = format!("{} · {}", t::task::steps(l), t::board::steps(l, done, all));
    let body = view! { <div class="pad form1"><ul class="ticks">{lines}</ul></div> };
    view! { <div class="stack" id="checklist"><div data-ticks="">
    {sheet(title, None, ().into_any(), body.into_any())}</div>{saver}</div> }
    .into_any()
}

pub fn talk(v: &Viewer, d: &Data, typed: &Typed) -> AnyView {
    let l = v.lang;
    let rows = d.task.events.iter().map(|e| line(l, e)).collect_view();
    let form = d.task.may_work.then(|| {
        view! { <form class="form1" method="post" action=format!("/tasks/{}/comment", d.task.row.id)>{kept(d)}
        {area(l, "text", t::task::comment(l), &typed.text, &Fault::default())}
        <div class="line">{call(v, d, typed)}<button class="btn">{t::task::say(l)}</button></div></form> }
    });
    view! { <div class="pad"><ul class="talk rows">{rows}</ul>{form}</div> }.into_any()
}

/// The colleague whom the comment calls: they find it in their morning.
fn call(v: &Viewer, d: &Data, typed: &Typed) -> AnyView {
    let l = v.lang;
    let me = v.person.as_ref().map(|p| p.id);
    let mut who = vec![(String::new(), t::task::call(l).to_owned())];
    who.extend(d.candidates.iter().filter(|c| Some(c.id) != me).map(|c| (c.id.to_string(), c.name.clone())));
    view! { <select class="pick" name="call" aria-label=t::task::call(l)>{choices(&typed.call, who)}</select> }
        .into_any()
}

/// What happened, in words.
pub fn said(l: Lang, e: &TaskEvent) -> String {
    match e.what {
        EventKind::Opened => t::task::was_opened(l).to_owned(),
        EventKind::Moved(to) => {
            let more =
                Check::parse(&e.text).map_or_else(|| words::task_why(l, &e.text), |c| words::check(l, c).to_owned());
            if more.is_empty() { words::stage(l, to).to_owned() } else { format!("{}: {more}", words::stage(l, to)) }
        }
        EventKind::Assigned if e.text.is_empty() => t::task::was_unassigned(l).to_owned(),
        EventKind::Assigned => t::task::was_assigned(l, &e.text),
        EventKind::Renewed => t::task::was_renewed(l, &e.text),
        EventKind::Lost => {
            let why = Reason::parse(&e.text).map_or_else(|| e.text.clone(), |r| words::reason(l, r).to_owned());
            t::task::was_lost(l, &why)
        }
        EventKind::Due => match e.text.parse() {
            Ok(day) => t::task::was_due(l, dates::full(l, day)),
            Err(_) => e.text.clone(),
        },
        EventKind::Agreed => match chrono::DateTime::parse_from_rfc3339(&e.text) {
            Ok(at) => t::task::was_agreed(l, dates::instant(l, at.to_utc())),
            Err(_) => t::task::was_not_agreed(l).to_owned(),
        },
        EventKind::Comment => e.text.clone(),
        EventKind::Undone => t::task::was_undone(l).to_owned(),
    }
}

fn line(l: Lang, e: &TaskEvent) -> AnyView {
    view! { <li>{crate::parts::avatar(Some(&e.person))}<span>{e.person.clone()}" "<small>{dates::instant(l, e.at)}
    </small></span><p>{said(l, e)}</p></li> }
    .into_any()
}
