//! What a draft would do, file by file, before anything is saved.

use crate::parts::{icon, sheet};
use crate::seat::{Reply, Seat, Viewer};
use crate::shell::{Room, Sheet, page};
use crate::{dates, text as t, words};
use axum::extract::Path;
use domain::day::last_whole_day;
use domain::fold::shown;
use domain::id::{ClientId, DraftId};
use domain::import::{Preview, PreviewCertificate, PreviewRow, Twin, TwinAt, Verdict};
use domain::person::Lang;
use leptos::prelude::*;
use std::collections::HashSet;

pub async fn preview(seat: Seat, Path(draft): Path<DraftId>) -> Reply {
    let preview = seat.desk.preview(draft).await?;
    let needs_choice = preview.rows.iter().any(|r| r.content.as_ref().is_ok_and(|c| c.verdict == Verdict::NoNumber));
    let choices = if needs_choice { seat.desk.client_choices().await? } else { Vec::new() };
    Ok(page(&seat.viewer, |v| {
        let l = v.lang;
        let n = preview.registers();
        let count = i64::try_from(n).unwrap_or(0);
        let accept = (n > 0 || needs_choice).then(|| {
            view! { <button class="btn main" form="accept">
            {if n > 0 { t::import::accept(l, count) } else { t::import::accept_chosen(l).into() }}</button> }
        });
        let body = view! {
            <div class="cols"><form id="accept" method="post" action=format!("/import/{draft}")><div class="sheet">
                {table(v, &preview, &choices)}</div></form>
                <div class="stack">{after(v, &preview)}</div></div>
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

/// What accepting would do, in numbers.
fn after(v: &Viewer, preview: &Preview) -> AnyView {
    let l = v.lang;
    let of = |wanted: fn(&Verdict) -> bool| {
        preview.rows.iter().filter_map(|r| r.content.as_ref().ok()).filter(|c| wanted(&c.verdict)).count()
    };
    let numbers: HashSet<&str> = preview
        .rows
        .iter()
        .filter_map(|r| r.content.as_ref().ok())
        .filter(|c| c.verdict == Verdict::NewClient)
        .filter_map(|c| c.facts.owner_number())
        .collect();
    let unread = preview.rows.iter().filter(|r| r.content.is_err()).count();
    let counts = [
        (of(|v| matches!(v, Verdict::New | Verdict::NewClient)), t::import::n_new(l)),
        (numbers.len(), t::import::n_clients(l)),
        (of(|v| matches!(v, Verdict::Newer { .. })), t::import::n_newer(l)),
        (of(|v| matches!(v, Verdict::Older { .. })), t::import::n_older(l)),
        (of(|v| *v == Verdict::Known), t::import::n_known(l)),
        (of(|v| *v == Verdict::Repeated), t::import::n_repeated(l)),
        (
            unread + of(|v| matches!(v, Verdict::NoNumber | Verdict::NoClient | Verdict::Authority)),
            t::import::n_yours(l),
        ),
    ];
    let lines = counts
        .into_iter()
        .filter(|(n, _)| *n > 0)
        .map(|(n, word)| view! { <li><b class="num">{n}</b><span>{word}</span><span></span></li> });
    let body = view! { <ul class="terms">{lines.collect_view()}</ul><p class="pad soft">{t::import::undo_hint(l)}</p> };
    sheet(t::import::after(l), None, ().into_any(), body.into_any())
}

fn table(v: &Viewer, preview: &Preview, choices: &[(ClientId, String)]) -> AnyView {
    let l = v.lang;
    // What needs somebody comes first.
    let mut rows: Vec<&PreviewRow> = preview.rows.iter().collect();
    rows.sort_by_key(|r| match &r.content {
        Err(_) => 0,
        Ok(c) if matches!(c.verdict, Verdict::Known | Verdict::Repeated) => 4,
        Ok(c) if !c.verdict.registers() => 1,
        Ok(c) if c.verdict == Verdict::NewClient => 2,
        Ok(_) => 3,
    });
    let lines = rows.into_iter().map(|row| line(v, row, choices)).collect_view();
    view! {
        <table class="t fix flow t-import"><colgroup><col class="c-file"/><col/><col class="c-res"/></colgroup><thead>
            <tr><th scope="col">{t::import::file(l)}</th><th scope="col">{t::import::what(l)}</th><th scope="col">
            {t::import::result(l)}</th></tr></thead>
            <tbody>{lines}</tbody></table>
    }
    .into_any()
}

fn line(v: &Viewer, row: &PreviewRow, choices: &[(ClientId, String)]) -> AnyView {
    let l = v.lang;
    let file = brief(&shown(&row.file, 160));
    match &row.content {
        Err((error, hint)) => view! {
            <tr><td class="p-wide"><code class="file" title=row.file.clone()>{file}</code></td><td class="p-wide">
                <span class="why">{words::file(l, *error, *hint)}</span></td>
                <td class="p-wide"><span class="res bad">{icon("x")}{t::verdict::not_read(l)}</span></td></tr>
        }
        .into_any(),
        Ok(c) => view! {
            <tr><td class="p-wide"><code class="file" title=row.file.clone()>{file}</code></td><td class="p-wide">
                {what(v, c)}{(c.verdict == Verdict::NoNumber).then(|| chooser(v, row.no, choices))}</td>
                <td class="p-wide">{result(v, c)}</td></tr>
        }
        .into_any(),
    }
}

/// A long name without its middle: the end tells files of one kind apart.
fn brief(name: &str) -> String {
    const HEAD: usize = 14;
    const TAIL: usize = 11;
    let letters: Vec<char> = name.chars().collect();
    match (letters.get(..HEAD), letters.len().checked_sub(TAIL).and_then(|at| letters.get(at..))) {
        (Some(head), Some(tail)) if letters.len() > HEAD + TAIL + 1 => head.iter().chain(&['…']).chain(tail).collect(),
        _ => name.to_owned(),
    }
}

fn chooser(v: &Viewer, no: i32, choices: &[(ClientId, String)]) -> AnyView {
    let mut options = vec![(String::new(), t::import::choose_client(v.lang).to_owned())];
    options.extend(choices.iter().map(|(id, name)| (id.to_string(), name.clone())));
    view! { <select class="pick" name=format!("client_{no}") aria-label=t::client::one(v.lang)>
    {crate::form::choices("", options)}</select> }
    .into_any()
}

fn what(v: &Viewer, c: &PreviewCertificate) -> AnyView {
    let l = v.lang;
    let f = &c.facts;
    let holder = f.holder();
    let holder = if holder.is_empty() { t::certificate::nameless(l).to_owned() } else { holder };
    let client = match (&c.client, &c.verdict) {
        (Some((_, name)), _) => format!(" → {name}"),
        (None, Verdict::NewClient) => format!(" → {}", c.proposed_name),
        _ => String::new(),
    };
    let number = f.owner_number().map(|n| shown(n, 20)).unwrap_or_default();
    let days = format!("{} — {}", dates::full(l, f.first_day()), dates::full(l, f.last_day()));
    let purposes = f.purposes.iter().map(|p| words::purpose(l, *p)).collect::<Vec<_>>().join(" + ");
    let warnings = f.warnings.iter().map(|w| view! { <span class="why">{words::warning(l, *w)}</span> }).collect_view();
    let twin = c.twin.as_ref().map(|twin| other(l, twin));
    view! {
        <span class="two">{holder}<b>{client}</b></span>
        <span class="two mute">
            {[number, days, purposes].into_iter().filter(|s| !s.is_empty()).collect::<Vec<_>>().join(" · ")}</span>
        {last_whole_day(f.not_after).map(|day| view! { <span class="why">{t::certificate::whole_until(l, dates::full(l, day))}</span> })}
        {warnings}{twin}
    }
    .into_any()
}

/// The other certificate of the same number: the way to it, or the file it stands in.
fn other(l: Lang, twin: &Twin) -> AnyView {
    let text = t::import::twin(l, shown(&twin.holder, 80), dates::full(l, twin.last_day));
    match &twin.at {
        TwinAt::Register(id) => {
            view! { <span class="why"><a class="link" href=format!("/certificates/{id}")>{text}</a></span> }.into_any()
        }
        TwinAt::File(file) => {
            view! { <span class="why">{text}": "<code class="file">{shown(file, 80)}</code></span> }.into_any()
        }
    }
}

fn result(v: &Viewer, c: &PreviewCertificate) -> AnyView {
    let l = v.lang;
    let day = |of: &String| of.parse().map(|d| dates::full(l, d)).unwrap_or_default();
    let (class, name, text) = match &c.verdict {
        Verdict::New => ("res new", "plus", t::verdict::new(l).to_owned()),
        Verdict::NewClient => ("res new", "plus", t::verdict::new_client(l).to_owned()),
        Verdict::Newer { of } => ("res new", "new", t::verdict::newer(l, day(of))),
        Verdict::Older { of } => ("res", "old", t::verdict::older(l, day(of))),
        Verdict::Known => ("res", "same", t::verdict::known(l).to_owned()),
        Verdict::Repeated => ("res", "same", t::verdict::repeated(l).to_owned()),
        Verdict::NoClient => ("res bad", "warn", t::rule::no_such_client(l).to_owned()),
        Verdict::NoNumber => ("res", "what", t::verdict::no_number(l).to_owned()),
        Verdict::Authority => ("res", "lock", t::verdict::authority(l).to_owned()),
    };
    view! { <span class=class>{icon(name)}<span class="why">{text}</span></span> }.into_any()
}

#[cfg(test)]
mod tests {
    use super::brief;

    #[test]
    fn a_long_name_keeps_its_ends() {
        assert_eq!(brief("ключ.cer"), "ключ.cer");
        assert_eq!(brief("AUTH_RSA256_60d5a0346dd52fb5f3b9148e6cfbcd6cf323d119.cer"), "AUTH_RSA256_60…323d119.cer");
    }
}
