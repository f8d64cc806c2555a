//! What the form of a client says: read, compared, checked.

use crate::form::{choice, email, optional, optional_day, picked, text};
use crate::pages::clients::compare::kept;
use domain::client::{Client, ClientData, ClientField, ClientKind, Contact, Known, MOST_CONTACTS};
use domain::number::TaxNumber;
use domain::person::Lang;
use domain::refusal::{Refusal, Rule};
use serde::Deserialize;

#[derive(Deserialize, Default, Clone)]
#[serde(default)]
pub struct Typed {
    pub(super) kind: String,
    pub(super) name: String,
    pub(super) number: String,
    pub(super) team: String,
    pub(super) filing: Vec<String>,
    pub(super) notes: String,
    pub(super) legal_address: String,
    pub(super) contact_name: Vec<String>,
    pub(super) contact_phone: Vec<String>,
    pub(super) contact_email: Vec<String>,
    pub(super) contact_messenger: Vec<String>,
    pub(super) contact_lang: Vec<String>,
    pub(super) contact_base: Vec<String>,
    pub(super) contact_base_day: Vec<String>,
    pub(super) contact_role: Vec<String>,
    pub(super) contact_holder: Vec<String>,
    pub(super) contact_wishes: Vec<String>,
    pub revision: i32,
    /// Somebody changed the card meanwhile: the form shows both.
    pub(super) compared: bool,
    /// The field whose saved value is taken.
    pub(super) take: String,
    /// What stood in each field when the form was opened, as JSON.
    pub was: String,
    /// What both changed in the contacts, as JSON.
    pub clashes: String,
}

impl From<Client> for Typed {
    fn from(c: Client) -> Self {
        let was = kept(c.data.clone());
        let ClientData { kind, name, number, team, filings, notes, contacts, legal_address } = c.data;
        let mut typed = Self {
            kind: kind.code().into(),
            team: team.map(|t| t.to_string()).unwrap_or_default(),
            filing: filings,
            name,
            number,
            notes,
            legal_address,
            revision: c.revision,
            was,
            ..Self::default()
        };
        typed.set_contacts(&contacts);
        typed
    }
}

impl Typed {
    /// Takes the saved value of a field.
    pub fn take(&mut self, field: ClientField, saved: Self) {
        match field {
            ClientField::Name => self.name = saved.name,
            ClientField::Kind => self.kind = saved.kind,
            ClientField::Number => self.number = saved.number,
            ClientField::Team => self.team = saved.team,
            ClientField::LegalAddress => self.legal_address = saved.legal_address,
            ClientField::Filings => self.filing = saved.filing,
            ClientField::Notes => self.notes = saved.notes,
            ClientField::Contacts if !self.clashes().is_empty() => self.take_clashes(),
            ClientField::Contacts => self.set_contacts(&saved.contact_lines()),
        }
    }

    /// Writes contacts into the lines of the form.
    pub fn set_contacts(&mut self, contacts: &[Contact]) {
        let each = |f: fn(&Contact) -> &String| contacts.iter().map(|c| f(c).clone()).collect();
        self.contact_name = each(|c| &c.name);
        self.contact_phone = each(|c| &c.phone);
        self.contact_email = each(|c| &c.email);
        self.contact_messenger = each(|c| &c.messenger);
        self.contact_lang = each(|c| &c.lang);
        self.contact_base = each(|c| &c.in_mobile_base);
        self.contact_base_day = each(|c| &c.base_day);
        self.contact_role = each(|c| &c.role);
        self.contact_holder = each(|c| &c.holder);
        self.contact_wishes = each(|c| &c.wishes);
    }

    /// The checked data; `before` is the number that stands already and may stay as it is.
    pub fn checked(&self, before: Option<&str>) -> Result<ClientData, Refusal> {
        let number = match before {
            Some(same) if same == self.number.trim() => same.to_owned(),
            _ => TaxNumber::parse(&self.number).map_err(|e| Refusal::invalid("number", Rule::Number(e)))?.to_string(),
        };
        Ok(ClientData {
            kind: choice("kind", &self.kind, ClientKind::parse)?,
            name: text("name", &self.name, 200)?,
            number,
            team: picked(&self.team),
            filings: self.filing.iter().filter(|f| f.len() <= 32 && !f.contains('\0')).cloned().collect(),
            notes: optional("notes", &self.notes, 4000)?,
            contacts: self.contacts()?,
            legal_address: optional("legal_address", &self.legal_address, 500)?,
        })
    }

    fn contacts(&self) -> Result<Vec<Contact>, Refusal> {
        let lines = self.contact_lines().into_iter().filter(|contact| !contact.is_empty());
        let lines = lines.map(checked_contact).collect::<Result<Vec<_>, _>>()?;
        if lines.len() > MOST_CONTACTS {
            return Err(Refusal::invalid(ClientField::Contacts.code(), Rule::TooMany));
        }
        Ok(lines)
    }

    /// The lines of the form as they stand, the empty ones too; nothing is checked.
    pub fn contact_lines(&self) -> Vec<Contact> {
        let at = |list: &[String], i: usize| list.get(i).map(|s| s.trim().to_owned()).unwrap_or_default();
        let line = |i: usize| Contact {
            name: at(&self.contact_name, i),
            phone: at(&self.contact_phone, i),
            email: at(&self.contact_email, i),
            messenger: at(&self.contact_messenger, i),
            lang: Lang::parse(&at(&self.contact_lang, i)).map(|l| l.code().to_owned()).unwrap_or_default(),
            in_mobile_base: Known::parse(&at(&self.contact_base, i)).map(|k| k.code().to_owned()).unwrap_or_default(),
            base_day: at(&self.contact_base_day, i),
            role: at(&self.contact_role, i),
            holder: at(&self.contact_holder, i),
            wishes: at(&self.contact_wishes, i),
        };
        (0..self.contact_name.len().min(MOST_LINES)).map(line).collect()
    }

    /// What is typed, right or wrong: to be compared, never to be saved.
    pub fn as_typed(&self) -> ClientData {
        let mut contacts = self.contact_lines();
        contacts.retain(|contact| !contact.is_empty());
        ClientData {
            kind: ClientKind::parse(&self.kind).unwrap_or(ClientKind::LegalEntity),
            name: self.name.trim().to_owned(),
            number: self.number.trim().to_owned(),
            team: picked(&self.team),
            filings: self.filing.clone(),
            notes: self.notes.trim().to_owned(),
            contacts,
            legal_address: self.legal_address.trim().to_owned(),
        }
    }
}

/// Lines of contacts that a form may send: a browser sends no more, and what comes together of two is all shown.
pub(super) const MOST_LINES: usize = 3 * MOST_CONTACTS;

fn checked_contact(c: Contact) -> Result<Contact, Refusal> {
    if !c.email.is_empty() {
        email("contact_email", &c.email)?;
    }
    Ok(Contact {
        name: optional("contact_name", &c.name, 120)?,
        phone: optional("contact_phone", &c.phone, 40)?,
        messenger: optional("contact_messenger", &c.messenger, 80)?,
        base_day: optional_day("contact_base_day", &c.base_day)?.map(|d| d.to_string()).unwrap_or_default(),
        role: optional("contact_role", &c.role, 80)?,
        holder: optional("contact_holder", &c.holder, 120)?,
        wishes: optional("contact_wishes", &c.wishes, 200)?,
        ..c
    })
}
