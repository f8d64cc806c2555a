//! The file field: looks at files in the browser first, warns beside the field where scripts are off.

use crate::islands::{FileGate, GateTexts};
use crate::text as t;
use domain::person::Lang;
use leptos::prelude::*;

/// A field for certificate files. Where scripts run, containers and keys never leave the page.
pub fn file_field(l: Lang, wrong: Option<String>) -> AnyView {
    let texts = GateTexts {
        choose: t::import::choose(l).into(),
        drop: t::import::drop(l).into(),
        kept_container: t::import::kept_container(l).into(),
        kept_key: t::import::kept_key(l).into(),
        stripped: t::import::stripped(l).into(),
        ready: t::import::ready(l).into(),
    };
    view! {
        <FileGate texts/>
        <p class="hint">{t::import::plain_warning(l)}</p>
        {wrong.map(|w| view! { <p class="wrong" role="alert">{super::icon("x")}{w}</p> })}
    }
    .into_any()
}
