//! What can be done with a task now.

use super::view::kept;
use super::{Data, Typed, course};
use crate::form::{Fault, area, field, select};
use crate::parts::{file_field, icon, note, purposes, refused_files, when};
use crate::seat::Viewer;
use crate::{dates, text as t, words};
use domain::certificate::CertificateRow;
use domain::fold::shown;
use domain::person::Lang;
use domain::reason::Reason;
use domain::refusal::Rule;
use domain::revocation::proof_of_all;
use domain::succession::Failure;
use domain::task::{Check, Need, Route, Stage, Step};
use leptos::prelude::*;

/// The moves that ask for nothing more, the straight one first.
pub fn straight(v: &Viewer, d: &Data) -> Option<AnyView> {
    let stage = d.task.row.stage;
    let plain = |to: &Stage| to.need() == Need::Nothing && !(*to == Stage::Done && left_out(d).next().is_some());
    let mut moves: Vec<Stage> = stage.moves().iter().copied().filter(plain).collect();
    moves.sort_by_key(|to| (to.step() < stage.step(), to.step()));
    let open = d.task.may_work && stage.is_open() && !moves.is_empty();
    open.then(|| {
        let buttons = moves
            .iter()
            .enumerate()
            .map(|(n, to)| move_button(v.lang, d, *to, n == 0 && to.step() > stage.step()))
            .collect_view();
        view! { <div class="line wrap">{buttons}</div> }.into_any()
    })
}

/// What else can be done now: the new certificate, the checked revocation, the side ways with their reason.
pub fn next(v: &Viewer, d: &Data, typed: &Typed, fault: &Fault) -> AnyView {
    let l = v.lang;
    let row = &d.task.row;
    let why = words::task_why(l, &row.why);
    let why = (!why.is_empty()).then(|| note("risk", why));
    if !d.task.may_work || !row.stage.is_open() {
        let word = if row.stage.is_open() { t::task::read_only(l) } else { t::task::closed(l) };
        return view! { <div class="pad stack">{why}<p class="mute">{word}</p></div> }.into_any();
    }
    let moves = row.stage.moves();
    let with_why: Vec<(String, String)> = moves
        .iter()
        .filter(|s| s.need() == Need::Why)
        .map(|s| (s.code().to_owned(), words::stage(l, *s).to_owned()))
        .collect();
    view! {
        <div class="pad stack">
            {why}
            {still_needed(l, d).map(|needed| note("warn", t::task::still_needed(l, needed)))}
            {moves.contains(&Stage::Issued).then(|| issue(v, d, typed, fault))}
            {(moves.contains(&Stage::Issued) && !row.reason.takes_access()).then(|| loss(v, d, typed, fault))}
            {moves.contains(&Stage::Done).then(|| ending(v, d, typed, fault))}
            {moves.contains(&Stage::OldChecked).then(|| revocation_form(v, d, typed, fault))}
            {(!with_why.is_empty()).then(|| view! {
                <details class="fold" open=fault.at(l, "why").or(fault.at(l, "stage")).is_some()><summary>{icon("right")}{t::task::stuck(l)}
                    </summary>
                <form class="form1" method="post" action=format!("/tasks/{}/move", row.id)>{kept(d)}
                    {select(l, "to", t::task::stage(l), &typed.to, with_why, fault)}{field("why", t::task::why(l), typed.why.clone()).required().show(l, fault)}
                    <button class="btn">{t::form::save(l)}</button></form></details>
            })}
        </div>
    }
    .into_any()
}

/// What something new is still needed for, where a part of the task has been replaced.
fn still_needed(l: Lang, d: &Data) -> Option<String> {
    let (replaced, left): (Vec<_>, Vec<_>) = d.task.certificates.iter().partition(|c| c.life.replaced_from.is_some());
    if replaced.is_empty() || left.is_empty() || d.task.row.stage.has_successor() {
        return None;
    }
    let mut purposes: Vec<_> = left.iter().flat_map(|c| c.purposes.iter().copied()).collect();
    purposes.sort_unstable();
    purposes.dedup();
    Some(purposes.into_iter().map(|p| words::purpose(l, p)).collect::<Vec<_>>().join(", "))
}

/// Sends the ticks of the checklist along, so that none is lost.
fn move_button(l: Lang, d: &Data, to: Stage, main: bool) -> AnyView {
    let look = if main { "btn main" } else { "btn" };
    let (action, verb) = (format!("/tasks/{}/move", d.task.row.id), words::stage_verb(l, to));
    if d.ticks() {
        return view! { <button class=look form=course::STEPS formaction=action name="to" value=to.code()>{verb}</button> }
            .into_any();
    }
    view! { <form method="post" action=action>{kept(d)}<input type="hidden" name="to" value=to.code()/>
    <button class=look>{verb}</button></form> }
    .into_any()
}

/// Steps that are not ticked.
fn left_out(d: &Data) -> impl Iterator<Item = &Step> {
    d.task.steps.iter().filter(|s| s.done.is_none())
}

/// The end of a task whose checklist is not complete: names what is open and asks once.
fn ending(v: &Viewer, d: &Data, typed: &Typed, fault: &Fault) -> Option<AnyView> {
    let l = v.lang;
    let ticked = |place: i32| typed.ticked.as_ref().is_some_and(|all| all.contains(&place));
    let open = left_out(d).map(|s| {
        let text = words::of_three(l, &s.text);
        view! { <li><label class="tick"><input type="checkbox" name="step" value=s.place checked=ticked(s.place)/><span>
        {text}</span></label></li> }
    });
    let open: Vec<_> = open.collect();
    let count = i64::try_from(open.len()).unwrap_or(0);
    (count > 0).then(|| {
        view! {
            <form class="form1" id="ending" method="post" action=format!("/tasks/{}/move", d.task.row.id)>{kept(d)}
                {note("warn", t::task::steps_left(l, count))}
                <ul class="ticks">{open}</ul>
                {field("why", t::task::why_without(l), typed.why.clone()).hint(t::task::why_without_hint(l)).show(l, fault)}
                <button class="btn main" name="to" value=Stage::Done.code()>{words::stage_verb(l, Stage::Done)}</button>
            </form>
        }
        .into_any()
    })
}

/// The new certificate: from a file, or one that is registered already.
fn issue(v: &Viewer, d: &Data, typed: &Typed, fault: &Fault) -> AnyView {
    let l = v.lang;
    let id = d.task.row.id;
    let failed = matches!(fault.0, Some(("successor", Rule::Successor(_)) | ("files", _))) || typed.draft.is_some();
    let lead = || {
        (d.task.may_override).then(|| {
            field("why", t::task::override_label(l), typed.why.clone())
                .hint(t::task::override_hint(l))
                .show(l, &Fault::default())
        })
    };
    let line = |(c, failures): &(CertificateRow, Vec<Failure>)| {
        let points = failures
            .iter()
            .map(|f| {
                view! { <span class="why wrong">{words::failure(l, *f)}</span>
                }
            })
            .collect_view();
        let open = failures.is_empty() || d.task.may_override;
        view! {
            <li><span class="line"><a class="link" href=format!("/certificates/{}", c.id)>{c.holder.clone()}</a>
                {purposes(l, &c.purposes)}<span class="push">{when(dates::end(l, c.life.last_day(), v.today, &d.off))}
                </span></span>
                {points}
                {open.then(|| view! { <form class="form1" method="post" action=format!("/tasks/{id}/successor")>{kept(d)}<input type="hidden" name="successor" value=c.id.to_string()/>
                    {(!failures.is_empty() || d.task.certificates.len() > 1).then(lead)}<button class="btn low">{t::task::accept_this(l)}</button>
                        </form> })}</li>
        }
    };
    let (fit, rest): (Vec<_>, Vec<_>) = d.successors.iter().partition(|(_, failures)| failures.is_empty());
    let known: Vec<_> = fit.into_iter().map(line).collect();
    let others: Vec<_> = rest.into_iter().map(line).collect();
    view! {
        <details class="fold" open=failed || d.task.row.stage != Stage::Planned><summary>{icon("right")}
            {t::task::new_certificate(l)}</summary>
            <form class="form1" method="post" action=format!("/tasks/{id}/successor-file")
                enctype="multipart/form-data">{kept(d)}
                {file_field(l, fault.at(l, "files"))}<button class="btn main">{t::task::compare_and_close(l)}</button>
                    </form>
            {typed.draft.map(|draft| view! { <p class="line wrap"><b>{shown(&typed.files.join(", "), 240)}</b>" "{t::task::kept_nothing(l)}
                <a class="btn low" href=format!("/import/{draft}")>{t::task::register_apart(l)}</a></p> })}
            {(!typed.unread.is_empty()).then(|| view! { {refused_files(l, &typed.unread)} })}
            {(!known.is_empty()).then(|| view! { <div class="sec"><h3>{t::task::registered_already(l)}</h3><ul class="rows">{known}</ul></div> })}
            {(!others.is_empty()).then(|| view! { <details class="fold"><summary>{icon("right")}{t::task::registered_others(l)}</summary><ul class="rows">{others}</ul></details> })}
        </details>
    }
    .into_any()
}

/// Access that is lost while the reissue is open.
fn loss(v: &Viewer, d: &Data, typed: &Typed, fault: &Fault) -> AnyView {
    let l = v.lang;
    let reasons = Reason::ALL.iter().filter(|r| r.takes_access());
    let reasons = reasons.map(|r| (r.code().to_owned(), words::reason(l, *r).to_owned())).collect();
    let routes = Route::ALL.iter().map(|r| (r.code().to_owned(), words::route(l, *r).to_owned())).collect();
    view! {
        <details class="fold" id="loss" open=!typed.reason.is_empty() || fault.at(l, "route").is_some()><summary>
            {icon("keyoff")}{t::task::access_lost(l)}</summary>
            <form class="form1" method="post" action=format!("/tasks/{}/loss", d.task.row.id)>{kept(d)}
                {note("warn", t::task::loss_turns(l))}
                {select(l, "reason", t::task::reason(l), &typed.reason, reasons, fault)}
                {select(l, "route", t::task::route(l), &typed.route, routes, fault)}
                <button class="btn">{t::task::report_loss(l)}</button></form></details>
    }
    .into_any()
}

fn revocation_form(v: &Viewer, d: &Data, typed: &Typed, fault: &Fault) -> AnyView {
    let l = v.lang;
    let proof = proof_of_all(&d.evidence);
    let mut known: Vec<String> =
        d.evidence.iter().map(|e| crate::pages::certificates::revocation::sentence(v, e)).collect();
    // Both halves of a set often have the same sentence.
    known.dedup();
    let known = known.into_iter().map(|sentence| view! { <li>{sentence}</li> }).collect_view();
    let how = Check::SAID.iter().map(|c| (c.code().to_owned(), words::check(l, *c).to_owned())).collect();
    let action = format!("/tasks/{}/revocation", d.task.row.id);
    let form = match proof {
        Some(proof) => view! {
            <form class="form1" method="post" action=action>{kept(d)}<p>{t::task::authority_says(l)}</p>
                <input type="hidden" name="how" value=proof.code()/>
                <button class="btn main">{t::task::record_proof(l)}</button></form>
        }
        .into_any(),
        None => view! {
            <form class="form1" method="post" action=action>{kept(d)}
                {select(l, "how", t::task::checked_how(l), &typed.how, how, fault)}
                {area(l, "note", t::task::seen_how(l), &typed.note, fault)}
                <button class="btn main">{words::stage_verb(l, Stage::OldChecked)}</button></form>
        }
        .into_any(),
    };
    view! {
        {note("warn", t::task::old_stays_valid(l))}<ul class="rows">{known}</ul>
        <form method="post" action=format!("/tasks/{}/ask", d.task.row.id)>{kept(d)}<button class="btn">
            {t::revocation::ask(l)}</button></form>
        {form}
    }
    .into_any()
}
