//! What the program does by itself: what runs, waits, is done, and what failed, with the way to let it run again.

use crate::parts::{empty, late_badge, whole_sheet};
use crate::seat::{Refused, Reply, Seat, Viewer};
use crate::shell::{Room, Sheet, back_to, page};
use crate::{dates, text as t};
use axum::extract::Path;
use domain::access::Action;
use domain::id::JobId;
use domain::job::{JobKind, JobRow, JobState};
use domain::person::Lang;
use domain::refusal::Refusal;
use leptos::prelude::*;

pub async fn show(seat: Seat) -> Reply {
    if !seat.viewer.may(Action::Settings) {
        return Err(Refused(Refusal::NotAllowed));
    }
    let all = seat.desk.jobs().await?;
    Ok(page(&seat.viewer, |v| {
        let l = v.lang;
        let body = if all.is_empty() {
            empty(t::jobs::none(l), t::jobs::none_text(l), ().into_any())
        } else {
            let lines = all.iter().map(|job| line(v, job)).collect_view();
            whole_sheet(
                view! {
                    <table class="t flow"><thead><tr><th scope="col">{t::jobs::when(l)}</th><th scope="col">
                        {t::jobs::what(l)}</th><th scope="col">{t::jobs::state(l)}</th><td></td></tr></thead>
                        <tbody>{lines}</tbody></table>
                }
                .into_any(),
            )
        };
        Sheet { room: Room::Other, title: t::jobs::title(l).into(), hint: String::new(), actions: ().into_any(), body }
    }))
}

pub async fn again(seat: Seat, Path(id): Path<JobId>) -> Reply {
    seat.desk.job_again(id).await?;
    Ok(back_to("/office/jobs", "saved", None))
}

fn line(v: &Viewer, job: &JobRow) -> AnyView {
    let l = v.lang;
    let at = job.ended.unwrap_or(job.run_at);
    // Its name is its kind and its day.
    let day = job.name.split(' ').nth(1).and_then(|day| day.parse().ok()).map(|day| dates::full(l, day));
    let dead = job.state == JobState::Dead;
    let again = dead.then(|| {
        view! { <form method="post" action=format!("/office/jobs/{}/again", job.id)><button class="btn low">
        {t::jobs::again(l)}</button></form> }
    });
    let state = if dead { late_badge(state(l, job.state)) } else { state(l, job.state).into_any() };
    let tries = (job.tries > 1).then(|| format!(" · {}", t::jobs::tries(l, i64::from(job.tries))));
    let fault = (!job.fault.is_empty()).then(|| view! { <span class="sub below">{job.fault.clone()}</span> });
    view! {
        <tr><td class="p-wide"><time datetime=at.to_rfc3339()>{dates::instant(l, at)}</time></td>
            <th scope="row" class="most"><span>{kind(l, job.kind)}</span>" "<span class="sub">{day}</span>{fault}
                </th>
            <td>{state}<span class="mute">{tries}</span></td><td>{again}</td></tr>
    }
    .into_any()
}

fn kind(l: Lang, kind: JobKind) -> &'static str {
    match kind {
        JobKind::Remind => t::jobs::remind(l),
        JobKind::Plan => t::jobs::plan(l),
    }
}

fn state(l: Lang, state: JobState) -> &'static str {
    match state {
        JobState::Waits => t::jobs::waits(l),
        JobState::Runs => t::jobs::runs(l),
        JobState::Done => t::jobs::done(l),
        JobState::Dead => t::jobs::dead(l),
    }
}
