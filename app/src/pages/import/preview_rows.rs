//! The lines of a preview, and what a person can decide about each before it is accepted.

use super::preview::{Typed, Wrong};
use crate::pages::clients::choose::{Clients, client_choice};
use crate::parts::icon;
use crate::seat::Viewer;
use crate::{dates, text as t, words};
use domain::certificate::Warning;
use domain::day::last_whole_day;
use domain::fold::shown;
use domain::import::{Preview, PreviewCertificate, PreviewRow, Twin, TwinAt, Verdict};
use domain::person::Lang;
use leptos::prelude::*;
use std::collections::{HashMap, HashSet};

/// What a line asks of the reader, the most urgent first.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// Not read, or not to be taken as it is.
    Yours,
    New,
    /// A newer or an older generation.
    Ages,
    /// Nothing will be done.
    Same,
}

impl Kind {
    pub fn of(row: &PreviewRow) -> Self {
        match row.content.as_ref().map(|c| &c.verdict) {
            Ok(Verdict::New | Verdict::NewClient) => Self::New,
            Ok(Verdict::Newer { .. } | Verdict::Older { .. }) => Self::Ages,
            Ok(Verdict::Known | Verdict::Repeated | Verdict::Authority) => Self::Same,
            Ok(Verdict::NoClient | Verdict::NoNumber) | Err(_) => Self::Yours,
        }
    }

    pub fn code(self) -> &'static str {
        match self {
            Self::Yours => "yours",
            Self::New => "new",
            Self::Ages => "ages",
            Self::Same => "same",
        }
    }

    pub fn word(self, l: Lang) -> &'static str {
        match self {
            Self::Yours => t::import::show_yours(l),
            Self::New => t::import::show_new(l),
            Self::Ages => t::import::show_ages(l),
            Self::Same => t::import::show_same(l),
        }
    }
}

/// The lines, with what can be decided about each.
pub fn table(v: &Viewer, preview: &Preview, clients: &Clients, typed: &Typed, wrong: &Wrong) -> AnyView {
    let l = v.lang;
    let mut rows: Vec<&PreviewRow> = preview.rows.iter().collect();
    rows.sort_by_key(|row| Kind::of(row));
    // One number is one new client, called as its first certificate says.
    let mut new: HashMap<&str, &str> = HashMap::new();
    for (_, c) in preview.found() {
        if let (Verdict::NewClient, Some(number)) = (&c.verdict, c.facts.owner_number()) {
            new.entry(number).or_insert(&c.proposed_name);
        }
    }
    let mut named = HashSet::new();
    let lines = rows.into_iter().map(|row| {
        // A new client is named once, whatever the number of its certificates.
        let name = row.content.as_ref().ok().filter(|c| c.verdict == Verdict::NewClient);
        let name = name.and_then(|c| c.facts.owner_number()).filter(|number| named.insert(*number));
        line(v, row, Deciding { clients, typed, wrong, number: name, new: &new })
    });
    let lines = lines.collect_view();
    view! {
        <table class="t fix flow t-import"><colgroup><col class="c-file"/><col/><col class="c-res"/></colgroup><thead>
            <tr><th scope="col">{t::import::file(l)}</th><th scope="col">{t::import::what(l)}</th><th scope="col">
            {t::import::result(l)}</th></tr></thead>
            <tbody>{lines}</tbody></table>
    }
    .into_any()
}

/// What the fields of a line are made of.
struct Deciding<'a> {
    clients: &'a Clients,
    typed: &'a Typed,
    wrong: &'a Wrong,
    /// The number of the new client that is named here.
    number: Option<&'a str>,
    /// Names of the new clients by their numbers.
    new: &'a HashMap<&'a str, &'a str>,
}

impl Deciding<'_> {
    fn wrong(&self, l: Lang, field: &str) -> Option<String> {
        self.wrong.iter().find(|(at, _)| at == field).map(|(_, rule)| words::rule(l, rule))
    }
}

fn line(v: &Viewer, row: &PreviewRow, deciding: Deciding) -> AnyView {
    let l = v.lang;
    let kind = Kind::of(row).code();
    let file = brief(&shown(&row.file, 160));
    match &row.content {
        Err((error, hint)) => view! {
            <tr data-kind=kind><td class="p-wide"><code class="file" title=row.file.clone()>{file}</code></td>
                <td class="p-wide"><span class="why">{words::file(l, *error, *hint)}</span></td>
                <td class="p-wide"><span class="res bad">{icon("x")}{t::verdict::not_read(l)}</span></td></tr>
        }
        .into_any(),
        Ok(c) => view! {
            <tr data-kind=kind data-of=counted(&c.verdict) data-number=c.facts.owner_number().map(|n| shown(n, 60))><td class="p-wide"><code class="file" title=row.file.clone()>{file}</code></td>
                <td class="p-wide">{what(v, c, deciding.new)}{decide(v, row.no, c, &deciding)}</td>
                <td class="p-wide">{result(v, c)}{leave_out(v, row.no, c, &deciding)}</td></tr>
        }
        .into_any(),
    }
}

/// Among which numbers a line counts while it is not left out.
fn counted(verdict: &Verdict) -> Option<&'static str> {
    match verdict {
        Verdict::New => Some("new"),
        Verdict::NewClient => Some("new clients"),
        Verdict::Newer { .. } => Some("newer"),
        Verdict::Older { .. } => Some("older"),
        _ => None,
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

/// The client of a certificate that names none, or the name of a new client.
fn decide(v: &Viewer, no: i32, c: &PreviewCertificate, deciding: &Deciding) -> Option<AnyView> {
    let l = v.lang;
    if c.verdict == Verdict::NoNumber {
        let name = format!("client_{no}");
        let (typed, wrong) = (deciding.typed.of(&name), deciding.wrong(l, &name));
        let choice = client_choice(v, name.clone(), deciding.clients, typed, wrong);
        return Some(view! { <span class="field">{choice}</span> }.into_any());
    }
    let name = format!("name_{}", deciding.number?);
    let wrong = deciding.wrong(l, &name);
    let proposed = deciding.new.get(deciding.number?).copied().unwrap_or(&c.proposed_name);
    let typed = deciding.typed.0.get(&name).map_or_else(|| proposed.to_owned(), Clone::clone);
    let invalid = wrong.is_some();
    Some(
        view! {
            <details class="fold" open=invalid><summary>{icon("right")}{t::import::rename(l)}</summary><span class="field">
                <input class="in" name=name value=typed maxlength="200" autocomplete="off" aria-label=t::import::new_name(l) autofocus=invalid aria-invalid=invalid.then_some("true")/>
                {wrong.map(|w| view! { <span class="wrong">{icon("x")}{w}</span> })}</span></details>
        }
        .into_any(),
    )
}

fn leave_out(v: &Viewer, no: i32, c: &PreviewCertificate, deciding: &Deciding) -> Option<AnyView> {
    let name = format!("out_{no}");
    let ticked = !deciding.typed.of(&name).is_empty();
    c.verdict.registers().then(|| {
        view! { <label class="check out"><input type="checkbox" name=name value="1" checked=ticked/>{t::import::leave_out(v.lang)}</label> }
            .into_any()
    })
}

fn what(v: &Viewer, c: &PreviewCertificate, new: &HashMap<&str, &str>) -> AnyView {
    let l = v.lang;
    let f = &c.facts;
    let holder = f.holder();
    let holder = if holder.is_empty() { t::certificate::nameless(l).to_owned() } else { holder };
    let client = match (&c.client, &c.verdict) {
        (Some((_, name)), _) => format!(" → {name}"),
        (None, Verdict::NewClient) => {
            let name = f.owner_number().and_then(|number| new.get(number).copied());
            format!(" → {}", name.unwrap_or(&c.proposed_name))
        }
        _ => String::new(),
    };
    let number = f.owner_number().map(|n| shown(n, 60)).unwrap_or_default();
    let days = format!("{} — {}", dates::full(l, f.first_day()), dates::full(l, f.last_day()));
    let purposes = f.purposes.iter().map(|p| words::purpose(l, *p)).collect::<Vec<_>>().join(" + ");
    let warnings = f.warnings.iter().map(|w| view! { <span class="why">{words::warning(l, *w)}</span> }).collect_view();
    let twin = c.twin.as_ref().map(|twin| other(l, twin));
    // One number is one new client, whatever its certificates call it.
    let called = f.owner_number().and_then(|number| new.get(number)).filter(|name| **name != c.proposed_name);
    let called = called.filter(|_| c.verdict == Verdict::NewClient && !c.proposed_name.is_empty());
    let called =
        called.map(|_| view! { <span class="why">{t::import::other_name(l, shown(&c.proposed_name, 120))}</span> });
    view! {
        <span class="two">{holder}<b>{client}</b></span>
        <span class="two mute">
            {[number, days, purposes].into_iter().filter(|s| !s.is_empty()).collect::<Vec<_>>().join(" · ")}</span>
        {last_whole_day(f.not_after).map(|day| view! { <span class="why">{t::certificate::whole_until(l, dates::full(l, day))}</span> })}
        {(f.last_day() < v.today.day).then(|| view! { <span class="why">{t::import::has_ended(l)}</span> })}
        {warnings}{called}{twin}
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
        Verdict::NoNumber if c.facts.warnings.contains(&Warning::SeveralBins) => {
            ("res", "what", t::verdict::several_bins(l).to_owned())
        }
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
