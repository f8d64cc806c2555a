//! What a draft would do, file by file, before anything is saved.

use crate::form::text;
use crate::islands::AcceptCount;
use crate::pages::clients::choose::{Clients, chosen_client};
use crate::pages::import::preview_rows::{Kind, table};
use crate::parts::{note, sheet};
use crate::seat::{Refused, Reply, Seat, Viewer};
use crate::shell::{Room, Sheet, page_with};
use crate::{text as t, words};
use axum::extract::{Form, Path, Query};
use axum::http::StatusCode;
use domain::id::DraftId;
use domain::import::{Choices, Preview, Verdict};
use domain::refusal::{Refusal, Rule};
use leptos::prelude::*;
use serde::Deserialize;
use std::collections::{HashMap, HashSet};

/// What stands in the fields of a preview, as it was typed.
#[derive(Default)]
pub struct Typed(pub HashMap<String, String>);

impl Typed {
    pub fn of(&self, field: &str) -> &str {
        self.0.get(field).map_or("", String::as_str)
    }
}

/// Fields of lines and what is wrong with them, in the order of the lines.
pub type Wrong = Vec<(String, Rule)>;

/// Lines that were left out when the rest was accepted.
#[derive(Deserialize, Default)]
#[serde(default)]
pub struct Left {
    left: String,
}

/// Between the numbers of lines in an address.
const BETWEEN: char = '.';

/// The preview again, with the ticks of what was left out.
pub fn again(draft: DraftId, left_out: &HashSet<i32>) -> String {
    let mut lines: Vec<i32> = left_out.iter().copied().collect();
    lines.sort_unstable();
    let lines: Vec<String> = lines.iter().map(i32::to_string).collect();
    crate::pages::address(&format!("/import/{draft}"), &[("left", &lines.join(&BETWEEN.to_string()))])
}

pub async fn preview(seat: Seat, Path(draft): Path<DraftId>, Query(asked): Query<Left>) -> Reply {
    let left = asked.left.split(BETWEEN).filter_map(|no| no.parse::<i32>().ok());
    let typed = Typed(left.map(|no| (format!("out_{no}"), "1".to_owned())).collect());
    view(&seat, draft, &seat.desk.preview(draft).await?, &typed, &Wrong::new()).await
}

/// What was decided about the lines, or the preview again with what is wrong.
pub async fn decided(
    seat: &Seat,
    draft: DraftId,
    preview: &Preview,
    Form(fields): Form<HashMap<String, String>>,
) -> Result<Choices, Reply> {
    let typed = Typed(fields);
    let open: HashSet<i32> = preview.open().collect();
    let mut choices = Choices::default();
    let mut faults = Wrong::new();
    // In the order of the lines, so that the first fault is told first.
    let line = |field: &str| field.rsplit('_').next().and_then(|no| no.parse::<i64>().ok());
    let mut fields: Vec<_> = typed.0.iter().collect();
    fields.sort_by_key(|(field, _)| line(field));
    for (field, value) in fields {
        let wrong = if let Some(no) = field.strip_prefix("out_").and_then(|no| no.parse().ok()) {
            choices.left_out.insert(no);
            None
        } else if let Some(number) = field.strip_prefix("name_") {
            text("name", value, 200).map(|name| choices.names.insert(number.to_owned(), name)).err()
        } else if let Some(no) =
            field.strip_prefix("client_").and_then(|no| no.parse().ok()).filter(|no| open.contains(no))
        {
            // Nobody has to choose: such a line is not taken then.
            let chosen =
                if value.trim().is_empty() { Ok(None) } else { chosen_client(seat, "client", value).await.map(Some) };
            chosen.map(|id| choices.clients.extend(id.map(|id| (no, id)))).err()
        } else {
            None
        };
        match wrong {
            None => {}
            Some(Refusal::Invalid { rule, .. }) => faults.push((field.clone(), rule)),
            Some(other) => return Err(Err(Refused(other))),
        }
    }
    if faults.is_empty() { Ok(choices) } else { Err(view(seat, draft, preview, &typed, &faults).await) }
}

async fn view(seat: &Seat, draft: DraftId, preview: &Preview, typed: &Typed, wrong: &Wrong) -> Reply {
    let needs_choice = preview.open().next().is_some();
    let choices = if needs_choice { Clients::of(seat).await? } else { Clients::Many };
    let status = if wrong.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    Ok(page_with(status, &seat.viewer, |v| {
        let l = v.lang;
        let n = preview.registers();
        let count = i64::try_from(n).unwrap_or(0);
        let accept = (n > 0 || needs_choice).then(|| {
            let words = if n > 0 { t::import::accept(l, count) } else { t::import::accept_chosen(l).into() };
            view! { <AcceptCount words=words left=t::import::accept_left(l).into() all=n/> }
        });
        let mut faults: Vec<String> = wrong.iter().map(|(_, rule)| words::rule(l, rule)).collect();
        faults.dedup();
        let faults = faults.join(" ");
        let body = view! {
            {(!faults.is_empty()).then(|| view! { <div role="alert">{note("risk", faults)}</div> })}
            <div class="cols"><form id="accept" method="post" action=format!("/import/{draft}")>
                {kinds(v, preview)}<div class="sheet">{table(v, preview, &choices, typed, wrong)}</div></form>
                <div class="stack">{after(v, preview)}</div></div>
            {(n == 0 && !needs_choice).then(|| view! { <p class="pad"><a class="btn" href="/import">{t::import::again(l)}</a></p> })}
        };
        Sheet {
            room: Room::Import,
            title: t::import::preview(l).into(),
            hint: t::import::files(l, i64::try_from(preview.rows.len()).unwrap_or(0)),
            actions: accept.into_any(),
            body: body.into_any(),
        }
    }))
}

/// What accepting would do, in numbers; they follow what is left out.
fn after(v: &Viewer, preview: &Preview) -> AnyView {
    let l = v.lang;
    let of = |wanted: fn(&Verdict) -> bool| preview.found().filter(|(_, c)| wanted(&c.verdict)).count();
    let new = preview.found().filter(|(_, c)| c.verdict == Verdict::NewClient);
    let numbers: HashSet<&str> = new.filter_map(|(_, c)| c.facts.owner_number()).collect();
    let unread = preview.rows.iter().filter(|r| r.content.is_err()).count();
    let counts = [
        ("new", of(|v| matches!(v, Verdict::New | Verdict::NewClient)), t::import::after_new(l)),
        ("clients", numbers.len(), t::import::after_clients(l)),
        ("newer", of(|v| matches!(v, Verdict::Newer { .. })), t::import::after_newer(l)),
        ("older", of(|v| matches!(v, Verdict::Older { .. })), t::import::after_older(l)),
        ("", of(|v| *v == Verdict::Known), t::import::n_known(l)),
        ("", of(|v| *v == Verdict::Repeated), t::import::after_repeated(l)),
        ("", of(|v| *v == Verdict::Authority), t::import::n_authorities(l)),
        ("", unread + of(|v| matches!(v, Verdict::NoNumber | Verdict::NoClient)), t::import::n_yours(l)),
    ];
    let lines = counts.into_iter().filter(|(_, n, _)| *n > 0).map(|(kind, n, word)| {
        view! { <li data-of=kind><b class="num">{n}</b><span>{word}</span><span></span></li> }
    });
    let body = view! { <ul class="terms">{lines.collect_view()}
    <li hidden=true data-left-out=""><b class="num"></b><span>{t::import::n_left_out(l)}</span><span></span></li></ul><p class="pad soft">{t::import::undo_hint(l)}</p> };
    sheet(t::import::after(l), None, ().into_any(), body.into_any())
}

/// Which lines are shown: the fields before the table decide, so that nothing typed is lost and no script is needed.
fn kinds(v: &Viewer, preview: &Preview) -> Option<AnyView> {
    let l = v.lang;
    let count = |kind: Kind| preview.rows.iter().filter(|row| Kind::of(row) == kind).count();
    let kinds = [Kind::Yours, Kind::New, Kind::Ages, Kind::Same].map(|kind| (kind, count(kind)));
    if kinds.iter().filter(|(_, n)| *n > 0).count() < 2 {
        return None;
    }
    let all = ("all", t::import::show_all(l), preview.rows.len());
    let shown = kinds.iter().filter(|(_, n)| *n > 0).map(|(kind, n)| (kind.code(), kind.word(l), *n));
    let shown: Vec<_> = [all].into_iter().chain(shown).collect();
    let fields = shown.iter().map(|(code, word, n)| {
        let label = format!("{word}: {n}");
        view! { <input class="by-kind" type="radio" name="show" id=format!("show-{code}") checked={*code == "all"} aria-label=label/> }
    });
    let labels = shown.iter().map(|(code, word, n)| {
        view! { <label for=format!("show-{code}")><span>{*word}" "<b class="num">{*n}</b></span></label> }
    });
    Some(
        view! {
            {fields.collect_view()}
            <div class="seg which" role="group" aria-label=t::import::show_label(l)>{labels.collect_view()}</div>
        }
        .into_any(),
    )
}
