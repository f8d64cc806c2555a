//! What the list of clients is asked for, as it stands in the address.

use crate::form::picked;
use axum::extract::Query;
use domain::client::{ClientFilter, ClientOrder};
use domain::id::ClientId;
use domain::standing::Urgency;
use serde::Deserialize;

#[derive(Deserialize, Default, Clone)]
#[serde(default)]
pub struct Asked {
    pub q: String,
    pub team: String,
    pub responsible: String,
    pub standing: String,
    pub filing: String,
    pub ground: String,
    /// The code of an order, `-` before it for the other way round.
    pub sort: String,
    pub archived: String,
    pub after: String,
}

/// In place of a person: nobody.
pub const NOBODY: &str = "none";

/// The key of the line after which the next page begins.
pub fn after(text: &str) -> Option<(String, ClientId)> {
    text.split_once('~').and_then(|(id, key)| Some((key.replace('\0', ""), id.parse().ok()?)))
}

impl Asked {
    /// What an address of the list asks for; the usual list for any other.
    pub fn read(address: &str) -> Self {
        let uri = address.strip_prefix("/clients").and_then(|rest| format!("/clients{rest}").parse().ok());
        uri.and_then(|uri| Query::try_from_uri(&uri).ok()).map_or_else(Self::default, |Query(asked)| asked)
    }

    pub fn filter(&self) -> ClientFilter {
        let (order, descending) = self.order();
        ClientFilter {
            text: self.q.chars().filter(|c| *c != '\0').take(100).collect(),
            team: picked(&self.team),
            responsible: picked(&self.responsible),
            unassigned: self.responsible == NOBODY,
            urgency: Urgency::parse(&self.standing),
            filing: Some(self.filing.chars().filter(|c| *c != '\0').take(16).collect())
                .filter(|f: &String| !f.is_empty()),
            ungrounded: self.ground == "none",
            archived: self.archived == "1",
            order,
            descending,
            after: after(&self.after),
        }
    }

    /// What it is sorted by, and whether the other way round.
    pub fn order(&self) -> (ClientOrder, bool) {
        let (code, descending) = self.sort.strip_prefix('-').map_or((self.sort.as_str(), false), |code| (code, true));
        (ClientOrder::parse(code).unwrap_or_default(), descending)
    }

    /// The address of the same list as a file.
    pub fn file(&self) -> String {
        self.clone().to(|a| a.after.clear()).replacen("/clients", "/clients.csv", 1)
    }

    /// The address of the same list in the order of a heading; a second press turns it round.
    pub fn sorted(&self, by: ClientOrder) -> String {
        let turn = if self.order() == (by, false) { "-" } else { "" };
        let usual = by == ClientOrder::default() && turn.is_empty();
        let sort = if usual { String::new() } else { format!("{turn}{}", by.code()) };
        self.clone().to(|a| (a.sort, a.after) = (sort, String::new()))
    }

    /// The address of the same list with clients of one urgency, or of all.
    pub fn with_level(&self, level: Option<Urgency>) -> String {
        let standing = level.map_or("", Urgency::code).to_owned();
        self.clone().to(|a| (a.standing, a.after) = (standing, String::new()))
    }

    /// The address of the same list in the archive.
    pub fn in_archive(&self) -> String {
        self.clone().to(|a| (a.archived, a.after) = ("1".to_owned(), String::new()))
    }

    /// The address of the page that goes on after a line.
    pub fn page(&self, next: &str) -> String {
        self.clone().to(|a| next.clone_into(&mut a.after))
    }

    fn to(mut self, change: impl FnOnce(&mut Self)) -> String {
        change(&mut self);
        let pairs = [
            ("q", self.q.as_str()),
            ("team", &self.team),
            ("responsible", &self.responsible),
            ("standing", &self.standing),
            ("filing", &self.filing),
            ("ground", &self.ground),
            ("sort", &self.sort),
            ("archived", &self.archived),
            ("after", &self.after),
        ];
        crate::pages::address("/clients", &pairs)
    }
}
