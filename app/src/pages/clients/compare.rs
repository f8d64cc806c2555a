//! Two people at one card: what others saved meanwhile, beside what the form says.

use crate::pages::clients::form_typed::Typed;
use crate::words;
use domain::client::{Client, ClientData, ClientField, ClientKind};
use domain::filing::Filing;
use domain::person::{Lang, Team};
use std::collections::BTreeMap;

/// Where the form keeps each contact as it was, beside what all of them say together.
pub(super) const CONTACT_LINES: &str = "contact_lines";

/// The fields of a card, what it files in one order.
pub fn told(mut data: ClientData) -> Vec<(ClientField, String)> {
    data.filings.sort_unstable();
    data.fields()
}

/// The fields of a card by their codes, for the form to keep.
pub fn kept(data: ClientData) -> String {
    let lines = serde_json::to_string(&data.contacts).unwrap_or_default();
    let was = told(data).into_iter().map(|(field, value)| (field.code(), value));
    let was: BTreeMap<_, _> = was.chain([(CONTACT_LINES, lines)]).collect();
    serde_json::to_string(&was).unwrap_or_default()
}

impl Typed {
    /// What stood in each field, by its code, when the form was opened.
    pub(super) fn opened(&self) -> BTreeMap<String, String> {
        serde_json::from_str(&self.was).unwrap_or_default()
    }

    /// Takes what others saved meanwhile in the fields that stand as they were when the form was opened, whatever stands in
    /// the others; whether anybody has saved.
    pub fn catch_up(&mut self, saved: &Client) -> bool {
        if self.revision == saved.revision {
            return false;
        }
        self.revision = saved.revision;
        let (mut was, now) = (self.opened(), told(saved.data.clone()));
        self.merge_contacts(&saved.data.contacts, &mut was);
        for (field, value) in told(self.as_typed()) {
            if was.get(field.code()) == Some(&value) {
                self.take(field, saved.clone().into());
                // From now on this is what stood there.
                let theirs = now.iter().find(|(of, _)| *of == field).map(|(_, value)| value.clone());
                was.insert(field.code().to_owned(), theirs.unwrap_or_default());
            }
        }
        if !was.is_empty() {
            self.was = serde_json::to_string(&was).unwrap_or_default();
        }
        true
    }
}

/// The fields in which the form and what others saved meanwhile differ, with what is saved.
pub fn differences(typed: &Typed, saved: &ClientData) -> Vec<(ClientField, String)> {
    let (mine, was) = (told(typed.as_typed()), typed.opened());
    let put_together = was.contains_key(CONTACT_LINES);
    let same = |field: &ClientField, value: &String| {
        let settled = put_together && *field == ClientField::Contacts && typed.clashes().is_empty();
        settled || mine.iter().any(|(of, own)| of == field && own == value)
    };
    let theirs = |field: &ClientField, value: &String| was.get(field.code()) != Some(value);
    told(saved.clone()).into_iter().filter(|(field, value)| theirs(field, value) && !same(field, value)).collect()
}

/// A saved value as people read it.
pub fn in_words(l: Lang, of: ClientField, value: &str, teams: &[Team], filings: &[Filing]) -> String {
    match of {
        ClientField::Kind => ClientKind::parse(value).map_or("", |kind| words::client_kind(l, kind)).to_owned(),
        ClientField::Team => {
            teams.iter().find(|t| t.id.to_string() == value).map(|t| t.name.clone()).unwrap_or_default()
        }
        ClientField::Filings => {
            value.split(", ").map(|code| words::filing_label(l, filings, code)).collect::<Vec<_>>().join(", ")
        }
        ClientField::Name
        | ClientField::Number
        | ClientField::LegalAddress
        | ClientField::Contacts
        | ClientField::Notes => value.to_owned(),
    }
}
