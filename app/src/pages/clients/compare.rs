//! Two people at one card: what others saved meanwhile, beside what the form says.

use crate::pages::clients::form::Typed;
use crate::{text as t, words};
use domain::client::{Client, ClientData, ClientField, ClientKind, Contact, Known};
use domain::filing::Filing;
use domain::person::{Lang, Team};
use std::collections::BTreeMap;

/// The fields of a card, what it files in one order.
pub fn told(mut data: ClientData) -> Vec<(ClientField, String)> {
    data.filings.sort_unstable();
    data.fields()
}

/// The fields of a card by their codes, for the form to keep.
pub fn kept(data: ClientData) -> String {
    let was: BTreeMap<_, _> = told(data).into_iter().map(|(field, value)| (field.code(), value)).collect();
    serde_json::to_string(&was).unwrap_or_default()
}

impl Typed {
    /// What stood in each field, by its code, when the form was opened.
    fn opened(&self) -> BTreeMap<String, String> {
        serde_json::from_str(&self.was).unwrap_or_default()
    }

    /// Takes what others saved meanwhile in the fields that stand as they were when the form was opened.
    pub fn take_untouched(&mut self, saved: &Client) {
        let was = self.opened();
        for (field, value) in self.checked(Some(&saved.data.number)).map(told).unwrap_or_default() {
            if was.get(field.code()) == Some(&value) {
                self.take(field, saved.clone().into());
            }
        }
    }
}

/// The fields in which the form and what others saved meanwhile differ, with what is saved.
pub fn differences(typed: &Typed, saved: &ClientData) -> Vec<(ClientField, String)> {
    let (mine, was) = (typed.checked(Some(&saved.number)).map(told).unwrap_or_default(), typed.opened());
    let same = |field: &ClientField, value: &String| mine.iter().any(|(of, own)| of == field && own == value);
    let theirs = |field: &ClientField, value: &String| was.get(field.code()) != Some(value);
    told(saved.clone()).into_iter().filter(|(field, value)| theirs(field, value) && !same(field, value)).collect()
}

/// Contacts as people read them, each with everything that is said of it.
fn contacts_in_words(l: Lang, contacts: &[Contact]) -> String {
    let in_words = |c: &Contact| {
        let lang = Lang::parse(&c.lang).map_or("", words::lang).to_owned();
        let base = Known::parse(&c.in_mobile_base)
            .map(|known| format!("{}: {}", t::client::in_base(l), words::known(l, known)))
            .unwrap_or_default();
        Contact { lang, in_mobile_base: base, ..c.clone() }.words()
    };
    contacts.iter().map(in_words).collect::<Vec<_>>().join("; ")
}

/// A saved value as people read it.
pub fn in_words(
    l: Lang,
    of: ClientField,
    value: &str,
    contacts: &[Contact],
    teams: &[Team],
    filings: &[Filing],
) -> String {
    match of {
        ClientField::Kind => ClientKind::parse(value).map_or("", |kind| words::client_kind(l, kind)).to_owned(),
        ClientField::Team => {
            teams.iter().find(|t| t.id.to_string() == value).map(|t| t.name.clone()).unwrap_or_default()
        }
        ClientField::Filings => {
            value.split(", ").map(|code| words::filing_label(l, filings, code)).collect::<Vec<_>>().join(", ")
        }
        ClientField::Contacts => contacts_in_words(l, contacts),
        ClientField::Name | ClientField::Number | ClientField::LegalAddress | ClientField::Notes => value.to_owned(),
    }
}
