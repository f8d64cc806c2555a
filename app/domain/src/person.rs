//! The firm's staff.

use crate::coded::coded;
use crate::id::{PersonId, SessionId, TeamId};
use crate::load::TaskLoad;
use chrono::{DateTime, Utc};

coded! {
    /// What somebody is in the firm.
    Role { Owner = "owner", Lead = "lead", Accountant = "accountant", Observer = "observer" }
}

coded! {
    /// As what somebody works on a client.
    Part { Responsible = "responsible", Deputy = "deputy", Observer = "observer" }
}

coded! {
    /// Language of the pages.
    Lang { Ru = "ru", Kk = "kk", En = "en" }
}

coded! {
    /// Light or dark, or as the system says.
    Theme { System = "system", Light = "light", Dark = "dark" }
}

/// Somebody as others see them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    pub id: PersonId,
    pub name: String,
    pub email: String,
    pub role: Role,
    pub team: Option<TeamId>,
    /// An observer who sees every client.
    pub sees_all: bool,
    pub active: bool,
    /// The one-time link was used and a password stands.
    pub joined: bool,
    pub lang: Lang,
    pub theme: Theme,
    pub revision: i32,
}

/// A team of staff.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Team {
    pub id: TeamId,
    pub name: String,
}

/// Somebody with what they carry.
#[derive(Debug, Clone)]
pub struct Load {
    pub person: Person,
    pub clients: i64,
    pub tasks: TaskLoad,
}

/// A person to choose as assignee, with the load beside the name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Candidate {
    pub id: PersonId,
    pub name: String,
    pub tasks: TaskLoad,
}

/// A sign-in as its owner sees it.
#[derive(Debug, Clone)]
pub struct SessionRow {
    pub id: SessionId,
    pub started: DateTime<Utc>,
    pub seen: DateTime<Utc>,
    pub browser: String,
    pub address: String,
    pub current: bool,
}

/// Initials for the ring beside a name: at most two letters.
#[must_use]
pub fn initials(name: &str) -> String {
    name.split_whitespace().filter_map(|w| w.chars().next()).take(2).flat_map(char::to_uppercase).collect()
}

/// «Е. Касымов» for «Ерлан Касымов» (first name first) so that tables stay narrow.
#[must_use]
pub fn short_name(name: &str) -> String {
    let mut words = name.split_whitespace();
    match (words.next(), words.next()) {
        (Some(first), Some(last)) => format!("{}. {last}", first.chars().next().unwrap_or(' ')),
        _ => name.to_owned(),
    }
}

/// What a form says of a person, checked. A field is added here, in [`Person::fields`] and in the store's row; the
/// compiler names these, and from [`PersonField`] it reaches form, history and file.
#[derive(Debug, Clone)]
pub struct PersonChange {
    pub name: String,
    pub role: Role,
    pub team: Option<TeamId>,
    pub sees_all: bool,
}

coded! {
    /// A field of somebody of the staff, in the order of the form.
    PersonField { Name = "name", Email = "email", Role = "role", Team = "team", SeesAll = "sees_all" }
}

impl Person {
    /// Every field with its value as plain text, in the order of [`PersonField::ALL`].
    #[must_use]
    pub fn fields(&self) -> Vec<(PersonField, String)> {
        // Named one by one: a new field is told here or this does not compile. Language and theme are the person's own
        // affair, whether they come in is an act of its own.
        let Self { name, email, role, team, sees_all, id: _, active: _, joined: _, lang: _, theme: _, revision: _ } =
            self;
        let of = |field: &PersonField| match field {
            PersonField::Name => name.clone(),
            PersonField::Email => email.clone(),
            PersonField::Role => role.code().to_owned(),
            PersonField::Team => team.map(|t| t.to_string()).unwrap_or_default(),
            PersonField::SeesAll => if *sees_all { "1" } else { "" }.to_owned(),
        };
        PersonField::ALL.iter().map(|field| (*field, of(field))).collect()
    }

    /// The person as a form changes them.
    #[must_use]
    pub fn with(&self, change: &PersonChange) -> Self {
        let PersonChange { name, role, team, sees_all } = change.clone();
        Self { name, role, team, sees_all, ..self.clone() }
    }

    /// What a change changes, for the history: the fields' names, of the role both values.
    #[must_use]
    pub fn changed(&self, change: &PersonChange) -> String {
        let pairs = self.fields().into_iter().zip(self.with(change).fields());
        let said =
            pairs.filter(|((_, before), (_, after))| before != after).map(
                |((field, before), (_, after))| match field {
                    PersonField::Role => format!("{before} → {after}"),
                    _ => field.code().to_owned(),
                },
            );
        said.collect::<Vec<_>>().join(", ")
    }
}
