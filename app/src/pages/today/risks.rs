//! Risks of the firm's own practice: clients without a ground, carriers of others, powers of attorney that end.

use crate::pages::clients::custody::place;
use crate::parts::{icon, late_badge, sheet};
use crate::seat::Viewer;
use crate::{dates, text as t};
use domain::client_name::short_name;
use domain::morning::Morning;
use leptos::prelude::*;

/// Lines of each kind.
const LINES: usize = 5;

pub fn risks(v: &Viewer, m: &Morning) -> AnyView {
    let l = v.lang;
    if m.ungrounded == 0 && m.carriers.is_empty() && m.grounds.is_empty() {
        return ().into_any();
    }
    let n = i64::try_from(m.ungrounded).unwrap_or(0);
    let ungrounded = (n > 0).then(|| {
        view! { <li>{icon("what")}<a href="/clients?ground=none">{t::today::ungrounded(l, n)}</a><span></span></li> }
    });
    let carriers = m.carriers.iter().take(LINES).map(|e| {
        let href = format!("/clients/{}#custody", e.client.0);
        let late = e.is_overdue(v.today).then_some(e.said.back_by).flatten();
        let mark = late.map(|day| late_badge(t::custody::late_since(l, dates::short(l, day, v.today.day))));
        view! { <li>{icon("usb")}<a class="cut" href=href title=place(v, e)>
        {short_name(&e.client.1).into_owned()}" "<span class="mute">{e.said.label.clone()}</span></a><span>{mark}
        </span></li> }
    });
    let powers = m.grounds.iter().take(LINES).filter_map(|g| {
        let (day, href) = (g.said.until?, format!("/clients/{}#grounds", g.client.0));
        let when = dates::near(l, day, v.today.day);
        Some(view! { <li>{icon("lock")}<a class="cut" href=href>
        {short_name(&g.client.1).into_owned()}" "<span class="mute">
        {t::ground::power_of_attorney(l)}" № "{g.said.number.clone()}</span></a>
        <span class=(day < v.today.day).then_some("late")>{when}</span></li> })
    });
    let more = i64::try_from(m.carriers.len()).unwrap_or(0);
    let foot = (m.carriers.len() > LINES).then(|| view! { <p class="pad mute">{t::today::carriers(l, more)}</p> });
    let body = view! { <ul class="terms icons">{ungrounded}{carriers.collect_view()}{powers.collect_view()}</ul>{foot}
    <p class="pad hint">{t::today::risk_why(l)}</p> };
    view! { <div id="risks">{sheet(t::today::risks(l), None, ().into_any(), body.into_any())}</div> }.into_any()
}
