//! A number of days that the office may leave empty: its form, and how it is read.

use crate::form::{Fault, field};
use crate::parts::sheet;
use crate::text as t;
use domain::person::Lang;
use domain::refusal::{Refusal, Rule};
use leptos::prelude::*;

/// Reads a number; none where the field is empty.
///
/// # Errors
/// `Invalid` by the rule for what is no number.
pub fn read(field: &'static str, typed: &str, rule: Rule) -> Result<Option<i64>, Refusal> {
    match typed.trim() {
        "" => Ok(None),
        text => text.parse().map(Some).map_err(|_| Refusal::invalid(field, rule)),
    }
}

/// What a form says: its title, the label of its field and the hint under it.
pub struct Words {
    pub title: &'static str,
    pub label: &'static str,
    pub hint: &'static str,
}

/// The form of the field `name`, sent to `/office/NAME`.
pub fn form(l: Lang, name: &'static str, words: &Words, typed: String, fault: &Fault) -> AnyView {
    let body = view! {
        <form class="form1 pad" method="post" action=format!("/office/{name}")>
            {field(name, words.label, typed).kind("number").hint(words.hint).show(l, fault)}
            <button class="btn">{t::form::save(l)}</button></form>
    };
    sheet(words.title, None, ().into_any(), body.into_any())
}
