//! What the reader was told, by days, and the ways from there.

use crate::form::ticked;
use crate::parts::{empty, icon, sheet, standing};
use crate::seat::{Reply, Seat, Viewer};
use crate::shell::{Room, Sheet, back_to, page};
use crate::{dates, text as t, words};
use axum_extra::extract::Form;
use chrono::NaiveDate;
use domain::access::Action;
use domain::client_name::{holder_short, is_holder};
use domain::day::{day_in_kazakhstan, days_between};
use domain::id::NoticeId;
use domain::ladder::Silence;
use domain::person::Lang;
use domain::reminder::{Notice, NoticeKind};
use leptos::prelude::*;
use serde::Deserialize;

#[derive(Deserialize, Default)]
#[serde(default)]
pub struct Typed {
    notice: Vec<String>,
}

pub async fn show(seat: Seat) -> Reply {
    let all = seat.desk.notices().await?;
    Ok(page(&seat.viewer, |v| {
        let l = v.lang;
        let unread: Vec<&Notice> = all.iter().filter(|n| n.seen.is_none()).collect();
        Sheet {
            room: Room::Other,
            title: t::notice::title(l).into(),
            hint: String::new(),
            actions: read_all(l, &unread).into_any(),
            body: if all.is_empty() {
                empty(t::notice::none(l), t::notice::none_text(l), ().into_any())
            } else {
                view! { <div class="stack told">{days(v, &all)}</div> }.into_any()
            },
        }
    }))
}

pub async fn read(seat: Seat, Form(typed): Form<Typed>) -> Reply {
    let ids: Vec<NoticeId> = ticked(&typed.notice)?;
    seat.desk.notices_read(&ids).await?;
    Ok(back_to("/notices", "saved", None))
}

fn read_all(l: Lang, unread: &[&Notice]) -> Option<AnyView> {
    let ids = unread.iter().map(|n| view! { <input type="hidden" name="notice" value=n.id.to_string()/> });
    let count = i64::try_from(unread.len()).unwrap_or(0);
    (count > 1).then(|| {
        view! { <form method="post" action="/notices/read">{ids.collect_view()}<button class="btn">
        {icon("check")}{t::notice::read_all(l, count)}</button></form> }
        .into_any()
    })
}

/// A sheet for each day on which something was told.
fn days(v: &Viewer, all: &[Notice]) -> AnyView {
    let mut by_day: Vec<(NaiveDate, Vec<&Notice>)> = Vec::new();
    for notice in all {
        let day = day_in_kazakhstan(notice.at);
        match by_day.last_mut().filter(|(of, _)| *of == day) {
            Some((_, lines)) => lines.push(notice),
            None => by_day.push((day, vec![notice])),
        }
    }
    let sheets = by_day.into_iter().map(|(day, mut lines)| {
        lines.sort_by_key(|notice| notice.left);
        let rows = lines.iter().map(|notice| line(v, notice)).collect_view();
        let body = view! { <ul class="rows pad notices">{rows}</ul> };
        sheet(dates::day_title(v.lang, day), Some(lines.len()), ().into_any(), body.into_any())
    });
    sheets.collect_view().into_any()
}

fn line(v: &Viewer, n: &Notice) -> AnyView {
    let l = v.lang;
    let c = &n.certificate;
    let href = format!("/certificates/{}", c.id);
    let whose = c.clients.first().map_or_else(|| c.holder.clone(), |(_, name)| name.clone());
    let holder = (!is_holder(&whose, &c.holder)).then(|| holder_short(&c.holder));
    let act = match &c.task {
        Some(task) => {
            view! { <a class="btn low" href=format!("/tasks/{}", task.id)>{t::task::to_task(l)}</a> }.into_any()
        }
        None if v.may(Action::WorkTask) && c.can_be_reissued(v.today) => {
            view! { <a class="btn low" href=format!("/tasks/new?certificate={}", c.id)>{icon("plus")}
            {t::task::reissue(l)}</a> }
            .into_any()
        }
        None => ().into_any(),
    };
    let read = n.seen.is_none().then(|| {
        view! { <form method="post" action="/notices/read"><input type="hidden" name="notice" value=n.id.to_string()/>
        <button class="btn low">{t::notice::read(l)}</button></form> }
    });
    let class = if n.seen.is_none() { "line wrap unread" } else { "line wrap" };
    view! {
        <li class=class><span class="cut"><a href=href title=c.holder.clone()>{whose}</a>" "<span class="mute">{holder}
            </span><small class="below">{said(v, n)}" · "{dates::plain(l, c.life.last_day(), v.today).text}</small></span>
            <span class="push line">{standing(l, c, v.today)}{act}{read}</span></li>
    }
    .into_any()
}

/// What was told, in words: how many days were left, and what is to be known of the notice itself.
pub(crate) fn said(v: &Viewer, n: &Notice) -> String {
    let l = v.lang;
    if n.kind == NoticeKind::Lost {
        return match n.certificate.life.lost {
            Some((_, reason)) => t::notice::lost(l, words::reason(l, reason).to_lowercase()),
            None => t::notice::lost_no_more(l).to_owned(),
        };
    }
    // As it stands now: what was true when it was told would be read as of today.
    let end = match days_between(v.today.day, n.certificate.life.last_day()) {
        0 => t::notice::ends_today(l).to_owned(),
        left if left > 0 => t::notice::ends_in(l, left),
        left => t::notice::ended_ago(l, -left),
    };
    let late = (n.late > 0).then(|| t::notice::late(l, n.late));
    let again = n.again.map(|why| again(l, why).to_owned());
    let instead = n.instead.then(|| t::notice::instead(l).to_owned());
    let escalated = n.escalated.then(|| t::notice::escalated(l).to_owned());
    [Some(end), late, again, instead, escalated].into_iter().flatten().collect::<Vec<_>>().join(" · ")
}

fn again(l: Lang, why: Silence) -> &'static str {
    match why {
        Silence::Replaced => t::again::replaced(l),
        Silence::Unusable => t::again::unusable(l),
        Silence::Aside => t::again::aside(l),
        Silence::PutOff => t::again::put_off(l),
        Silence::NoClient => t::again::no_client(l),
    }
}
