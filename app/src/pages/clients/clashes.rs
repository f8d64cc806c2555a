//! Two people at the contacts of one client: what both changed, in words and in the form.

use super::compare::CONTACT_LINES;
use super::form_typed::Typed;
use crate::{text as t, words};
use domain::client::{Contact, Known};
use domain::contacts::{Clash, ContactField, Theirs, merged, with_theirs};
use domain::person::Lang;
use std::collections::BTreeMap;

impl Typed {
    /// What both changed in the contacts, as the form keeps it.
    pub fn clashes(&self) -> Vec<Clash> {
        serde_json::from_str(&self.clashes).unwrap_or_default()
    }

    /// Brings in what others saved in the contacts since the form was opened; nothing where the form does not say what
    /// stood there.
    pub fn merge_contacts(&mut self, saved: &[Contact], was: &mut BTreeMap<String, String>) {
        let before = was.get(CONTACT_LINES).and_then(|lines| serde_json::from_str::<Vec<Contact>>(lines).ok());
        let Some(before) = before else { return };
        let both = merged(&before, &self.contact_lines(), saved);
        self.set_contacts(&both.lines);
        self.clashes = if both.clashes.is_empty() { String::new() } else { json(&both.clashes) };
        was.insert(CONTACT_LINES.to_owned(), json(&both.saved));
    }

    /// Takes what others saved wherever both changed something in the contacts.
    pub fn take_clashes(&mut self) {
        let lines = with_theirs(self.contact_lines(), &self.clashes());
        self.set_contacts(&lines);
        self.clashes = String::new();
    }
}

fn json(of: &impl serde::Serialize) -> String {
    serde_json::to_string(of).unwrap_or_default()
}

/// What is saved of the contacts where both changed something: each clash by its contact and field, or all of them where
/// the form does not say what stood there.
pub fn contacts_in_words(l: Lang, typed: &Typed, saved: &[Contact]) -> String {
    let (clashes, lines) = (typed.clashes(), typed.contact_lines());
    if clashes.is_empty() {
        return saved.iter().map(|c| whole(l, c)).collect::<Vec<_>>().join("; ");
    }
    let of = |clash: &Clash| {
        let name = lines.get(clash.line).map(|c| c.name.clone()).unwrap_or_default();
        match &clash.theirs {
            Theirs::Value(field, value) => format!("{name}, {}: {}", label(l, *field), said(l, *field, value)),
            Theirs::Kept(contact) => whole(l, contact),
            Theirs::Removed => t::client::contact_removed(l, name),
        }
    };
    clashes.iter().map(of).collect::<Vec<_>>().join("; ")
}

/// Everything that is said of a contact.
fn whole(l: Lang, c: &Contact) -> String {
    let base = said(l, ContactField::Base, &c.in_mobile_base);
    let base = if base.is_empty() { base } else { format!("{}: {base}", t::client::in_base(l)) };
    Contact { lang: said(l, ContactField::Lang, &c.lang), in_mobile_base: base, ..c.clone() }.words()
}

/// A value as people read it.
fn said(l: Lang, of: ContactField, value: &str) -> String {
    match of {
        ContactField::Lang => Lang::parse(value).map_or("", words::lang).to_owned(),
        ContactField::Base => Known::parse(value).map_or("", |known| words::known(l, known)).to_owned(),
        _ if value.is_empty() => t::form::nothing_saved(l).to_owned(),
        _ => value.to_owned(),
    }
}

/// The name of a field, as over its input.
fn label(l: Lang, of: ContactField) -> &'static str {
    match of {
        ContactField::Name => t::client::contact_name(l),
        ContactField::Phone => t::client::phone(l),
        ContactField::Email => t::sign_in::email(l),
        ContactField::Messenger => t::client::messenger(l),
        ContactField::Role => t::client::contact_role(l),
        ContactField::Holder => t::client::contact_holder(l),
        ContactField::Wishes => t::client::wishes(l),
        ContactField::Lang => t::account::language(l),
        ContactField::Base => t::client::in_base(l),
        ContactField::BaseDay => t::client::base_day(l),
    }
}
