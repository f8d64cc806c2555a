//! What a form says of somebody of the staff.

use crate::form::{Fault, changed_by, field, picked, select, text};
use crate::words;
use domain::person::{Lang, Person, PersonChange, PersonField, Role, Team};
use domain::refusal::{Refusal, Rule};
use leptos::prelude::*;
use serde::Deserialize;

#[derive(Deserialize, Default, Clone)]
#[serde(default)]
pub struct Typed {
    pub name: String,
    pub email: String,
    pub role: String,
    pub team: String,
    pub sees_all: String,
    /// The address is meant though it looks like a colleague's.
    pub sure: String,
    pub revision: i32,
    /// Somebody changed the person meanwhile: the form shows both.
    pub compared: bool,
    /// The field whose saved value is taken.
    pub take: String,
}

impl Typed {
    /// The checked data of a person.
    pub fn checked(&self) -> Result<PersonChange, Refusal> {
        Ok(PersonChange {
            name: text("name", &self.name, 120)?,
            role: Role::parse(&self.role).ok_or(Refusal::invalid("role", Rule::Unknown))?,
            team: picked(&self.team),
            sees_all: self.sees_all == "1",
        })
    }

    /// What the form shows of somebody.
    pub fn of(person: &Person) -> Self {
        let mut typed = Self { revision: person.revision, ..Self::default() };
        for (field, value) in person.fields() {
            *typed.at(field) = value;
        }
        typed
    }

    /// Takes the saved value of a field.
    pub fn take(&mut self, field: PersonField, person: &Person) {
        let saved = person.fields().into_iter().find(|(of, _)| *of == field);
        *self.at(field) = saved.map(|(_, value)| value).unwrap_or_default();
    }

    fn at(&mut self, field: PersonField) -> &mut String {
        match field {
            PersonField::Name => &mut self.name,
            PersonField::Email => &mut self.email,
            PersonField::Role => &mut self.role,
            PersonField::Team => &mut self.team,
            PersonField::SeesAll => &mut self.sees_all,
        }
    }
}

/// Inputs of fields, for inviting and changing; `saved` stands beside what differs from it.
pub fn inputs(
    l: Lang,
    fields: &[PersonField],
    typed: &Typed,
    teams: &[Team],
    saved: Option<&Person>,
    fault: &Fault,
) -> AnyView {
    let other = |of: &PersonField| {
        let (_, value) = saved?.fields().into_iter().find(|(field, _)| field == of)?;
        (*typed.clone().at(*of) != value).then(|| changed_by(l, of.code(), &in_words(l, *of, &value, teams)))
    };
    fields.iter().map(|of| view! { {input(l, *of, typed, teams, fault)}{other(of)} }).collect_view().into_any()
}

/// A saved value as people read it.
fn in_words(l: Lang, of: PersonField, value: &str, teams: &[Team]) -> String {
    match of {
        PersonField::Role => Role::parse(value).map_or("", |role| words::role(l, role)).to_owned(),
        PersonField::Team => {
            teams.iter().find(|t| t.id.to_string() == value).map(|t| t.name.clone()).unwrap_or_default()
        }
        PersonField::SeesAll if value == "1" => words::person_field(l, of).to_owned(),
        PersonField::Name | PersonField::Email | PersonField::SeesAll => value.to_owned(),
    }
}

fn input(l: Lang, of: PersonField, typed: &Typed, teams: &[Team], fault: &Fault) -> AnyView {
    let (name, label) = (of.code(), words::person_field(l, of));
    match of {
        PersonField::Name => field(name, label, typed.name.clone()).required().show(l, fault),
        PersonField::Email => field(name, label, typed.email.clone()).kind("email").required().show(l, fault),
        PersonField::Role => {
            let roles = Role::ALL.iter().map(|r| (r.code().to_owned(), words::role(l, *r).to_owned())).collect();
            let chosen = if typed.role.is_empty() { Role::Accountant.code() } else { typed.role.as_str() };
            select(l, name, label, chosen, roles, fault)
        }
        PersonField::Team => {
            let mut choices = vec![(String::new(), "—".to_owned())];
            choices.extend(teams.iter().map(|t| (t.id.to_string(), t.name.clone())));
            select(l, name, label, &typed.team, choices, fault)
        }
        PersonField::SeesAll => view! {
            <label class="check"><input type="checkbox" name=name value="1" checked=typed.sees_all == "1"/>{label}
            </label>
        }
        .into_any(),
    }
}
