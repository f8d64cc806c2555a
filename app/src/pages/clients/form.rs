//! Creating and changing a client.

use crate::form::{Fault, area, changed_by, choice, email, field, optional, optional_day, picked, select, text};
use crate::pages::clients::clashes::contacts_in_words;
use crate::pages::clients::compare::{differences, in_words, kept};
use crate::parts::note;
use crate::seat::{Refused, Reply, Seat, Viewer};
use crate::shell::{Room, Sheet, page_with};
use crate::{text as t, words};
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Redirect};
use axum_extra::extract::Form;
use domain::access::Action;
use domain::client::{Client, ClientData, ClientField, ClientKind, Contact, Known, MOST_CONTACTS};
use domain::filing::Filing;
use domain::id::ClientId;
use domain::number::TaxNumber;
use domain::person::{Lang, Team};
use domain::refusal::{Refusal, Rule};
use leptos::prelude::*;
use serde::Deserialize;

#[derive(Deserialize, Default, Clone)]
#[serde(default)]
pub struct Typed {
    kind: String,
    name: String,
    number: String,
    team: String,
    filing: Vec<String>,
    notes: String,
    legal_address: String,
    contact_name: Vec<String>,
    contact_phone: Vec<String>,
    contact_email: Vec<String>,
    contact_messenger: Vec<String>,
    contact_lang: Vec<String>,
    contact_base: Vec<String>,
    contact_base_day: Vec<String>,
    contact_role: Vec<String>,
    contact_holder: Vec<String>,
    contact_wishes: Vec<String>,
    pub revision: i32,
    /// Somebody changed the card meanwhile: the form shows both.
    compared: bool,
    /// The field whose saved value is taken.
    take: String,
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
const MOST_LINES: usize = 3 * MOST_CONTACTS;

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

pub async fn new(seat: Seat) -> Reply {
    if !seat.viewer.may(domain::access::Action::EditClient) {
        return Err(Refused(Refusal::NotAllowed));
    }
    let (teams, filings) = (seat.desk.teams().await?, seat.desk.filings().await?);
    Ok(form(&seat.viewer, StatusCode::OK, (None, None), Typed::default(), &teams, &filings, &Fault::default()))
}

pub async fn create(seat: Seat, Form(typed): Form<Typed>) -> Reply {
    // The role first: whoever may not create one learns nothing from what is typed.
    if !seat.viewer.may(Action::EditClient) {
        return Err(Refused(Refusal::NotAllowed));
    }
    let made = async { seat.desk.create_client(typed.checked(None)?).await };
    match made.await {
        Ok(id) => Ok(Redirect::to(&format!("/clients/{id}?done=saved")).into_response()),
        Err(refusal) => {
            let fault = Fault::of(refusal).map_err(Refused)?;
            let (teams, filings) = (seat.desk.teams().await?, seat.desk.filings().await?);
            Ok(form(&seat.viewer, StatusCode::UNPROCESSABLE_ENTITY, (None, None), typed, &teams, &filings, &fault))
        }
    }
}

pub async fn edit(seat: Seat, Path(id): Path<ClientId>) -> Reply {
    if !seat.desk.may(Action::EditClient, id).await? {
        seat.desk.client_card(id).await?;
        return Err(Refused(Refusal::NotAllowed));
    }
    let (client, teams, filings) =
        (seat.desk.client_card(id).await?, seat.desk.teams().await?, seat.desk.filings().await?);
    Ok(form(&seat.viewer, StatusCode::OK, (Some(id), None), client.into(), &teams, &filings, &Fault::default()))
}

pub async fn change(seat: Seat, Path(id): Path<ClientId>, Form(typed): Form<Typed>) -> Reply {
    let now = seat.desk.client_card(id).await?;
    if !seat.desk.may(Action::EditClient, id).await? {
        return Err(Refused(Refusal::NotAllowed));
    }
    let mut typed = typed;
    let behind = typed.catch_up(&now);
    if let Some(field) = ClientField::parse(&typed.take) {
        typed.take(field, now.clone().into());
    }
    let compare = !typed.take.is_empty() || (behind && !differences(&typed, &now.data).is_empty());
    let checked = typed.checked(Some(&now.data.number));
    let done = async {
        if compare {
            return Err(Refusal::Conflict);
        }
        seat.desk.change_client(id, checked.clone()?, now.revision).await
    };
    match done.await {
        Ok(()) => Ok(Redirect::to(&format!("/clients/{id}?done=saved")).into_response()),
        Err(refusal) => {
            let compared = typed.compared || refusal == Refusal::Conflict;
            // What both changed and what is wrong in itself are both said.
            let refusal = checked.err().unwrap_or(refusal);
            let fault = Fault::of(refusal).map_err(Refused)?;
            // Somebody may have saved since it was read above.
            let now = if compared { seat.desk.client_card(id).await? } else { now };
            typed.catch_up(&now);
            let saved = compared.then(|| now.data.clone());
            let typed = Typed { compared, ..typed };
            let (teams, filings) = (seat.desk.teams().await?, seat.desk.filings().await?);
            let status = StatusCode::UNPROCESSABLE_ENTITY;
            Ok(form(&seat.viewer, status, (Some(id), saved.as_ref()), typed, &teams, &filings, &fault))
        }
    }
}

fn form(
    v: &Viewer,
    status: StatusCode,
    (id, saved): (Option<ClientId>, Option<&ClientData>),
    typed: Typed,
    teams: &[Team],
    filings: &[Filing],
    fault: &Fault,
) -> axum::response::Response {
    page_with(status, v, |v| {
        let l = v.lang;
        let (action, title) = match id {
            Some(id) => (format!("/clients/{id}/edit"), t::client::edit_title(l)),
            None => ("/clients/new".to_owned(), t::client::new_title(l)),
        };
        let back = id.map_or_else(|| "/clients".to_owned(), |id| format!("/clients/{id}"));
        let others = saved.map(|saved| differences(&typed, saved)).unwrap_or_default();
        let both = (typed.compared && !others.is_empty()).then(|| t::rule::changed_both(l).to_owned());
        let wrong = fault.any(l).filter(|_| !typed.compared || fault.at(l, "revision").is_none());
        let settled =
            (typed.compared && others.is_empty() && wrong.is_none()).then(|| note("info", t::rule::all_settled(l)));
        let head = [both, wrong].into_iter().flatten();
        let head = head.map(|w| view! { <div role="alert">{note("risk", w)}</div> }).collect_view();
        let fields = ClientField::ALL.iter().map(|field| {
            let other = others.iter().find(|(of, _)| of == field).map(|(_, value)| {
                let words = match (field, saved) {
                    (ClientField::Contacts, Some(saved)) => contacts_in_words(l, &typed, &saved.contacts),
                    _ => in_words(l, *field, value, teams, filings),
                };
                changed_by(l, field.code(), &words)
            });
            view! { {input_of(l, *field, &typed, teams, filings, fault)}{other} }
        });
        let fields = fields.collect_view();
        let body = view! {
            {head}{settled}
            <form class="sheet pad form2" method="post" action=action>
                // Comes first, so that Enter saves.
                <button hidden=true></button>
                <input type="hidden" name="revision" value=typed.revision/>
                <input type="hidden" name="was" value=typed.was.clone()/>
                {(!typed.clashes.is_empty()).then(|| view! { <input type="hidden" name="clashes" value=typed.clashes.clone()/> })}
                {typed.compared.then(|| view! { <input type="hidden" name="compared" value="true"/> })}
                {fields}
                <p class="hint full">{t::client::no_secrets(l)}</p>
                <div class="line full"><button class="btn main">{t::form::save(l)}</button>
                    <a class="btn bare" href=back>{t::form::cancel(l)}</a></div>
            </form>
        };
        Sheet {
            room: Room::Clients,
            title: title.into(),
            hint: String::new(),
            actions: ().into_any(),
            body: body.into_any(),
        }
    })
}

/// The input of one field; the compiler names a field that has none.
fn input_of(l: Lang, of: ClientField, typed: &Typed, teams: &[Team], filings: &[Filing], fault: &Fault) -> AnyView {
    let name = of.code();
    let label = words::client_field(l, of);
    match of {
        ClientField::Name => field(name, label, typed.name.clone()).required().show(l, fault),
        ClientField::Kind => {
            let kinds = ClientKind::ALL.iter().map(|k| (k.code().to_owned(), words::client_kind(l, *k).to_owned()));
            select(l, name, label, &typed.kind, kinds.collect(), fault)
        }
        ClientField::Number => {
            field(name, label, typed.number.clone()).hint(t::client::number_hint(l)).required().show(l, fault)
        }
        ClientField::Team => {
            let none = std::iter::once((String::new(), "—".to_owned()));
            let teams = none.chain(teams.iter().map(|t| (t.id.to_string(), t.name.clone())));
            select(l, name, label, &typed.team, teams.collect(), fault)
        }
        ClientField::LegalAddress => {
            let input = field(name, label, typed.legal_address.clone()).hint(t::client::legal_address_hint(l));
            view! { <div class="full">{input.show(l, fault)}</div> }.into_any()
        }
        ClientField::Filings => {
            let codes = crate::pages::clients::bulk::codes(l, filings).into_iter().map(|(code, name)| {
                let checked = typed.filing.contains(&code);
                view! { <label class="check"><input type="checkbox" name="filing" value=code checked=checked/>{name}
                </label> }
            });
            let codes = codes.collect_view();
            view! { <fieldset class="full"><legend class="label">{label}</legend><div class="checks">{codes}</div>
            </fieldset> }
            .into_any()
        }
        ClientField::Contacts => {
            let lines = typed.contact_name.len().min(MOST_LINES) + 1;
            let contacts = (0..lines).map(|i| contact_fields(l, typed, i)).collect_view();
            view! { <fieldset class="full"><legend class="label">{label}</legend>{contacts}</fieldset> }.into_any()
        }
        ClientField::Notes => area(l, name, label, &typed.notes, fault),
    }
}

fn contact_fields(l: Lang, typed: &Typed, i: usize) -> AnyView {
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
