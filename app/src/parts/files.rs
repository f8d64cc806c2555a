//! The file field: looks at files in the browser first, warns beside the field where scripts are off.

use crate::islands::{FileGate, GateTexts, KeyTexts};
use crate::shell::KEY_WORKER;
use crate::{text as t, words};
use domain::fold::shown;
use domain::person::Lang;
use domain::refusal::Rule;
use leptos::prelude::*;

/// What a field for files is for: what is dropped on it, and a word more.
pub struct Wanted {
    pub drop: &'static str,
    pub hint: String,
}

/// A field for certificate files. Where scripts run, containers and keys never leave the page.
pub fn file_field(l: Lang, wrong: Option<String>) -> AnyView {
    field_for(l, &Wanted { drop: t::import::drop(l), hint: t::keys::hint(l).into() }, wrong)
}

/// The same for files of another kind; a key among them stays in the page as well.
pub fn field_for(l: Lang, wanted: &Wanted, wrong: Option<String>) -> AnyView {
    let texts = GateTexts {
        choose: t::import::choose(l).into(),
        folder: t::keys::folder(l).into(),
        clear: t::keys::clear(l).into(),
        drop: wanted.drop.into(),
        kept_key: t::import::kept_key(l).into(),
        stripped: t::import::stripped(l).into(),
        ready: t::import::ready(l).into(),
        unread: t::import::unread(l).into(),
        others: t::import::others(l).into(),
        beyond: t::import::beyond(l).into(),
    };
    let (script, module) = KEY_WORKER.get().cloned().unwrap_or_default();
    let keys = KeyTexts {
        script,
        module,
        hint: wanted.hint.clone(),
        title: t::keys::title(l).into(),
        promise: t::keys::promise(l).into(),
        password: t::keys::password(l).into(),
        open: t::keys::open(l).into(),
        skip: t::keys::skip(l).into(),
        opening: t::keys::opening(l).into(),
        opened: t::keys::opened(l).into(),
        skipped: t::keys::skipped(l).into(),
        unprotected: t::keys::unprotected(l).into(),
        here: t::keys::here(l).into(),
        here_what: t::keys::here_what(l).into(),
        there_what: t::keys::there_what(l).into(),
        lost: t::keys::lost(l).into(),
        lost_text: t::keys::lost_text(l).into(),
        icons: ["laptop", "server"].map(super::common::icon_address),
        none_inside: t::keys::none_inside(l).into(),
        no_worker: t::keys::no_worker(l).into(),
        errors: [
            ("wrong_password", t::keys::wrong_password(l)),
            ("damaged", t::keys::damaged(l)),
            ("unsupported", t::keys::unsupported(l)),
            ("too_costly", t::keys::too_costly(l)),
            ("not_a_container", t::keys::not_a_container(l)),
        ]
        .map(|(code, text)| (code.to_owned(), text.to_owned()))
        .to_vec(),
    };
    view! {
        <noscript><input type="file" name="files" multiple aria-label=t::import::choose(l)/><p class="hint">
            {t::import::plain_warning(l)}</p></noscript>
        <p class="wrong gate-failed" role="alert" hidden>{t::keys::no_worker(l)}</p>
        <FileGate texts keys/>
        {wrong.map(|w| view! { <p class="wrong" role="alert">{super::icon("x")}{w}</p> })}
    }
    .into_any()
}

/// Files that were not taken, each with its reason.
pub fn refused_files(l: Lang, files: &[(String, Rule)]) -> AnyView {
    let line = |(name, rule): &(String, Rule)| {
        view! { <li><b>{shown(name, 120)}</b><p class="wrong">{words::rule(l, rule)}</p></li> }
    };
    view! { <ul class="rows">{files.iter().map(line).collect_view()}</ul> }.into_any()
}
