//! What a form says of somebody of the staff.

use crate::form::{Fault, field, picked, select, text};
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
    pub revision: i32,
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

/// Inputs of fields, for inviting and changing.
pub fn inputs(l: Lang, fields: &[PersonField], typed: &Typed, teams: &[Team], fault: &Fault) -> AnyView {
    fields.iter().map(|of| input(l, *of, typed, teams, fault)).collect_view().into_any()
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
