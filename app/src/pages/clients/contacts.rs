//! Contacts: the fields of one in the form, and one in words.

use super::form_typed::Typed;
use crate::{text as t, words};
use domain::client::{Contact, Known};
use domain::person::Lang;
use leptos::prelude::*;

pub(super) fn contact_fields(l: Lang, typed: &Typed, i: usize) -> AnyView {
    let at = |list: &[String]| list.get(i).cloned().unwrap_or_default();
    let input = |name: &'static str, label: &'static str, kind: &'static str, value: String| {
        view! { <label class="field"><span class="label">{label}</span><input class="in" type=kind name=name value=value
        autocomplete="off"/></label> }
    };
    let mut langs = vec![(String::new(), "—".to_owned())];
    langs.extend(Lang::ALL.iter().map(|x| (x.code().to_owned(), words::lang(*x).to_owned())));
    let mut base = vec![(String::new(), "—".to_owned())];
    base.extend(Known::ALL.iter().map(|k| (k.code().to_owned(), words::known(l, *k).to_owned())));
    view! {
        <div class="contact">
            {input("contact_name", t::client::contact_name(l), "text", at(&typed.contact_name))}
            {input("contact_phone", t::client::phone(l), "tel", at(&typed.contact_phone))}
            {input("contact_email", t::sign_in::email(l), "email", at(&typed.contact_email))}
            {input("contact_messenger", t::client::messenger(l), "text", at(&typed.contact_messenger))}
            {input("contact_role", t::client::contact_role(l), "text", at(&typed.contact_role))}
            {input("contact_holder", t::client::contact_holder(l), "text", at(&typed.contact_holder))}
            {input("contact_wishes", t::client::wishes(l), "text", at(&typed.contact_wishes))}
            <label class="field"><span class="label">{t::account::language(l)}</span>
                <select class="pick" name="contact_lang">{crate::form::choices(&at(&typed.contact_lang), langs)}</select>
            </label>
            <label class="field"><span class="label">{t::client::in_base(l)}</span>
                <select class="pick" name="contact_base">{crate::form::choices(&at(&typed.contact_base), base)}</select>
            </label>
            {input("contact_base_day", t::client::base_day(l), "date", at(&typed.contact_base_day))}
        </div>
    }
    .into_any()
}

/// A contact in words.
pub fn contact_line(l: Lang, c: &Contact) -> AnyView {
    let (name, phone, mail, messenger) = (c.name.clone(), c.phone.clone(), c.email.clone(), c.messenger.clone());
    let tel = format!("tel:{}", phone.chars().filter(|c| c.is_ascii_digit() || *c == '+').collect::<String>());
    let lang = Lang::parse(&c.lang).map(words::lang);
    let known = Known::parse(&c.in_mobile_base).unwrap_or(Known::Unknown);
    let checked: Option<chrono::NaiveDate> = c.base_day.parse().ok();
    let base = match known {
        Known::Unknown => {
            view! { <span class="st st-none">{crate::parts::icon("what")}{t::client::base_unknown(l)}</span> }
                .into_any()
        }
        sure => {
            let day = checked.map(|d| format!(" · {}", crate::dates::full(l, d))).unwrap_or_default();
            format!("{}: {}{day}", t::client::in_base(l), words::known(l, sure)).into_any()
        }
    };
    let (role, wishes) = (c.role.clone(), c.wishes.clone());
    view! {
        <b>{name}</b>{(!role.is_empty()).then(|| view! { <span class="soft">{role}</span> })}
        {(!phone.is_empty()).then(|| view! { <a class="link" href=tel>{phone}</a> })}
        {(!mail.is_empty()).then(|| view! { <span>{mail}</span> })}
        {(!messenger.is_empty()).then(|| view! { <span>{messenger}</span> })}
        {(!wishes.is_empty()).then(|| view! { <span class="soft">{wishes}</span> })}
        <small class="mute">{lang}{lang.is_some().then_some(" · ")}{base}</small>
    }
    .into_any()
}
