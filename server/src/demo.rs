//! `merzim serve --demo`: a firm to try with. Certificates are issued on the spot and registered by the import path.

use crate::demo_names::Name;
use crate::issue::{Authority, Wish, at};
use crate::password::Passwords;
use chrono::NaiveDate;
use domain::calendar::CalendarFilter;
use domain::certificate::{HolderRole, Purpose, SignatureCheck};
use domain::client::NewAssignment;
use domain::client::{ClientData, ClientKind, Contact};
use domain::day::{DaysOff, OfficeDay, minus, plus};
use domain::id::{CertificateId, PersonId, TaskId};
use domain::import::Choices;
use domain::number::check_digit;
use domain::office::Office;
use domain::person::{Lang, Part, Role};
use domain::reason::Reason;
use domain::refusal::Refusal;
use domain::task::{Check, Move, NewTask, Route, Stage, Ticks, default_due};
use std::collections::{HashMap, HashSet};
use store::{DraftItem, NewSession, ScopedStore, SeedPerson, Store};

use crate::firm::FirmError;

/// Password of everybody in the demo.
pub const PASSWORD: &str = "merzim demo 2026";
const CLIENTS: u32 = 60;

/// Sign-in names of the demo: address, name, role, team.
pub const PEOPLE: &[(&str, &str, Role, Option<&str>)] = &[
    ("dinara@example.kz", "Динара Омарова", Role::Owner, None),
    ("erlan@example.kz", "Ерлан Касымов", Role::Lead, Some("Восток")),
    ("aigerim@example.kz", "Айгерім Жақыпова", Role::Accountant, Some("Восток")),
    ("svetlana@example.kz", "Светлана Ким", Role::Accountant, Some("Восток")),
    ("alice@example.kz", "Alice Brown", Role::Accountant, Some("Запад")),
    ("olzhas@example.kz", "Олжас Бектұров", Role::Observer, None),
];

const FIRMS: &[&str] = &[
    "Ертіс Текстиль",
    "Зерен Консалтинг",
    "Медина Фарм Плюс",
    "Бәйтерек Құрылыс Монтаж",
    "Тобыл Агро",
    "Кроп Инжиниринг",
    "Алатау Логистик Сервис",
    "Стоматология Айсұлу",
    "Оптима Мебель",
    "Көктем Сервис",
    "Ақжол Авто",
    "Хан Тәңірі Тур",
    "Dala Fresh",
    "Нұрлы Транзит",
    "Полиграф-Мастер",
    "Шымкент Пласт",
    "Сары-Арка Трейд",
    "Усть-Строй Комплект",
    "North Wind Trading",
    "Қамқор Дәрі",
];
/// Fills an empty database.
///
/// # Errors
/// `NotEmpty` where somebody was written into it before.
pub async fn fill(store: &Store, today: OfficeDay) -> Result<(), FirmError> {
    if !store.is_empty().await? {
        return Err(FirmError::NotEmpty);
    }
    let hash = Passwords::default().hash(PASSWORD).await?;
    let people: Vec<SeedPerson> = PEOPLE
        .iter()
        .map(|(email, name, role, team)| SeedPerson {
            key: (*email).into(),
            name: (*name).into(),
            email: (*email).into(),
            password: hash.clone(),
            role: *role,
            team: team.map(str::to_owned),
            sees_all: false,
        })
        .collect();
    let authority = Authority::new("MERZIM ДЕМО · КУӘЛАНДЫРУШЫ ОРТАЛЫҚ", today.now)?;
    let office = Office { name: "ТОО «Тең Баланс»".into(), zone: "Asia/Almaty".into(), lang: Lang::Ru };
    store.seed_office(office, &people, (authority.name.clone(), authority.der.clone()), today).await?;
    let scoped = owner(store, today).await?;
    let made = certificates(&authority, today)?;
    let draft = scoped.draft(made).await?;
    scoped.accept(draft, &Choices::default()).await?;
    staff_clients(&scoped, today).await?;
    closing(&scoped, &Issuing { authority: &authority, today }).await?;
    tasks(&scoped, today).await?;
    let people = scoped.people().await?;
    let keeper = people.iter().find(|p| p.email == "erlan@example.kz").ok_or(Refusal::NotFound)?.id;
    crate::demo_papers::fill(&scoped, today, keeper).await
}

/// The store as the first owner sees it, through an ordinary session.
async fn owner(store: &Store, today: OfficeDay) -> Result<ScopedStore, FirmError> {
    let found = store.credentials("dinara@example.kz").await?.ok_or(Refusal::NotFound)?;
    let hash = crate::secret::hash("the demo's own session, ended with the filling");
    let ends = today.now + chrono::Duration::minutes(5);
    let session = NewSession {
        person: found.person,
        token_hash: hash.clone(),
        ends,
        browser: "merzim --demo".into(),
        address: "-".into(),
        known: None,
    };
    store.open_session(session, &[], today.now).await?;
    let (who, ..) = store.admit(&hash, |_| today, chrono::Duration::minutes(5)).await?.ok_or(Refusal::NotFound)?;
    Ok(ScopedStore::open(store.clone(), who))
}

/// Five certificates for each client: two generations of a set for the head, one of an employee.
fn certificates(authority: &Authority, today: OfficeDay) -> Result<Vec<DraftItem>, FirmError> {
    let made = (0..CLIENTS).map(|n| of_client(&Issuing { authority, today }, n)).collect::<Result<Vec<_>, _>>()?;
    Ok(made.into_iter().flatten().collect())
}

fn of_client(by: &Issuing, n: u32) -> Result<Vec<DraftItem>, FirmError> {
    let (today, client, mut head, clerk) = (by.today, client(n), person(n, 0), person(n, 1));
    let end = head_end(n, today);
    let previous = minus(end, 351);
    if client.organisation.is_none() {
        head.iin.clone_from(&client.number);
    }
    let mut out = Vec::new();
    for (generation, end) in [(0, previous), (1, end)] {
        for (half, purpose) in [(0, Purpose::Authentication), (1, Purpose::Signing)] {
            out.push(by.issue(&head, client.post(HolderRole::Head), purpose, end, [n, generation * 2 + half])?);
        }
    }
    let clerk_end = plus(today.day, u64::from(n * 53 % 330 + 3));
    let role = if n.is_multiple_of(3) { HolderRole::RightToSign } else { HolderRole::Employee };
    let last = match client.post(role) {
        Some(post) => by.issue(&clerk, Some(post), Purpose::Signing, clerk_end, [n, 8])?,
        None => by.issue(&head, None, Purpose::Signing, minus(previous, 350), [n, 8])?,
    };
    out.push(last);
    Ok(out)
}

/// Ends lie around today: a few behind, most within the coming year.
fn head_end(n: u32, today: OfficeDay) -> NaiveDate {
    let ahead = i64::from(n * 37 % 210) - 12;
    if ahead < 0 { minus(today.day, ahead.unsigned_abs()) } else { plus(today.day, ahead.unsigned_abs()) }
}

struct Holder {
    name: Name,
    iin: String,
}

/// For whom a holder acts, and as what.
struct Post {
    number: String,
    organisation: String,
    role: HolderRole,
}

struct Issuing<'a> {
    authority: &'a Authority,
    today: OfficeDay,
}

impl Issuing<'_> {
    fn issue(
        &self,
        holder: &Holder,
        post: Option<Post>,
        purpose: Purpose,
        end: NaiveDate,
        serial: [u32; 2],
    ) -> Result<DraftItem, FirmError> {
        let [client, nth] = serial.map(u32::to_be_bytes);
        let role = post.as_ref().map(|p| p.role);
        let wish = Wish {
            surname: holder.name.surname.into(),
            first_name: holder.name.first.into(),
            patronymic: holder.name.patronymic.into(),
            iin: holder.iin.clone(),
            organisation: post.map(|p| (p.number, p.organisation)),
            role,
            purpose,
            serial: [&[0x4d][..], &client, &nth].concat(),
            from: at(minus(end, 365), 11),
            to: at(end, 11),
        };
        let der = self.authority.issue(&wish)?;
        let facts = pki::read_certificate(&der, self.today.now).map_err(|e| FirmError::Unknown(e.to_string()))?;
        let signature = pki::check_signature(&der, &self.authority.der);
        debug_assert_eq!(signature, SignatureCheck::Holds);
        Ok(DraftItem { file: format!("{}.cer", facts.serial), content: Ok((der, facts, signature)) })
    }
}

struct DemoClient {
    number: String,
    organisation: Option<String>,
}

impl DemoClient {
    fn post(&self, role: HolderRole) -> Option<Post> {
        let organisation = self.organisation.clone()?;
        Some(Post { number: self.number.clone(), organisation, role })
    }
}

fn client(n: u32) -> DemoClient {
    let at = n as usize;
    if n % 6 == 5 {
        return DemoClient { number: person(n, 0).iin, organisation: None };
    }
    let firm = FIRMS.get(at % FIRMS.len()).copied().unwrap_or_default();
    let city = ["", " Алматы", " Астана"].get(at / FIRMS.len()).copied().unwrap_or_default();
    let form = if n % 7 == 3 { "ЖШС" } else { "ТОО" };
    let stem = format!("{:02}{:02}400{:04}", 10 + n % 15, 1 + n % 12, 1000 + n * 13);
    DemoClient { number: with_check(&stem), organisation: Some(format!("{form} «{firm}{city}»")) }
}

/// Somebody of a client: the head is 0, an employee 1.
fn person(n: u32, nth: u32) -> Holder {
    let name = crate::demo_names::name(n, nth);
    // The seventh digit says the century of birth and the sex.
    let sex = if name.woman { 4 } else { 3 };
    let (year, month, day) = (60 + n % 39, 1 + (n + nth) % 12, 1 + n % 28);
    let stem = format!("{year:02}{month:02}{day:02}{sex}{:04}", 1000 + n * 31 + nth * 3);
    Holder { name, iin: with_check(&stem) }
}

/// The stem with its check digit; a stem that may not be given out is counted on.
fn with_check(stem: &str) -> String {
    let mut number: u64 = stem.parse().unwrap_or(0);
    loop {
        let stem = format!("{number:011}");
        let digits: Vec<u8> = stem.bytes().map(|b| b - b'0').collect();
        if let Some(check) = check_digit(&digits) {
            return format!("{stem}{check}");
        }
        number += 1;
    }
}

/// Spreads the clients over three accountants and gives them contacts and filings.
async fn staff_clients(scoped: &ScopedStore, today: OfficeDay) -> Result<(), FirmError> {
    let people: HashMap<String, _> = scoped.people().await?.iter().map(|p| (p.email.clone(), p.id)).collect();
    let find = |email: &str| people.get(email).copied().ok_or(Refusal::NotFound);
    let accountants = [find("aigerim@example.kz")?, find("svetlana@example.kz")?, find("alice@example.kz")?];
    let (lead, observer) = (find("erlan@example.kz")?, find("olzhas@example.kz")?);
    let clients = scoped.client_choices(500).await?;
    for (n, (id, _)) in clients.iter().enumerate() {
        let card = scoped.client_card(*id).await?;
        let contact = Contact {
            name: {
                let who = crate::demo_names::name(u32::try_from(n).unwrap_or(0), 1);
                format!("{} {}", who.first, who.surname)
            },
            phone: format!("+7 700 {:03} {:02} {:02}", n * 7 % 1000, n % 100, n * 3 % 100),
            lang: ["ru", "kk", "en"].get(n % 3).copied().unwrap_or("ru").into(),
            in_mobile_base: ["yes", "unknown", "no"].get(n % 3).copied().unwrap_or("unknown").into(),
            ..Contact::default()
        };
        let filings = if card.data.kind == ClientKind::LegalEntity {
            ["100", "200", "300", "esf"].map(str::to_owned).to_vec()
        } else {
            vec!["910".to_owned()]
        };
        let data = ClientData { contacts: vec![contact], filings, ..card.data.clone() };
        scoped.change_client(*id, data, card.revision).await?;
        let assign = |person, part, until| {
            scoped.assign(*id, NewAssignment { person, part, from: minus(today.day, 200), until })
        };
        if n % 20 != 19 {
            let who = accountants.get(n % 3).copied().unwrap_or(lead);
            assign(who, Part::Responsible, None).await?;
        }
        if n % 9 == 4 {
            assign(observer, Part::Observer, None).await?;
        }
        if n % 11 == 6 {
            assign(lead, Part::Deputy, Some(plus(today.day, 20))).await?;
        }
    }
    Ok(())
}

/// Some work that is under way, at every stage.
async fn tasks(scoped: &ScopedStore, today: OfficeDay) -> Result<(), FirmError> {
    let (ending, off) = (sets(scoped, today).await?, scoped.days_off().await?);
    for (n, (_, last_day, certificates)) in ending.into_iter().step_by(2).take(20).enumerate() {
        let assignee = if n % 5 == 4 { None } else { scoped.default_assignee(&certificates).await? };
        let reasons = [Reason::Planned, Reason::PasswordLost, Reason::Planned, Reason::DataChanged];
        let reason = reasons.get(n % 4).copied().unwrap_or(Reason::Planned);
        let due =
            if n % 6 == 0 { off.last_working(minus(today.day, 2)) } else { default_due(reason, last_day, today, &off) };
        let task = open(scoped, certificates, reason, assignee, due).await?;
        let moves: &[(Stage, &str)] = match n % 6 {
            1 => &[(Stage::WaitingOwner, "")],
            2 => &[(Stage::Filed, "")],
            3 => &[(Stage::WaitingOwner, ""), (Stage::Blocked, "номера нет в БМГ, владелец за границей")],
            5 => &[(Stage::Filed, ""), (Stage::WaitingConfirmation, "")],
            _ => &[],
        };
        let mut revision = 1;
        for (to, why) in moves {
            scoped.move_task(task, &Move::to(*to, why, revision)).await?;
            revision += 1;
        }
        if n % 6 == 1 {
            // At ten, at half past eleven and so on, on the next working days.
            let day = DaysOff::default().working_days_after(today.day, u32::try_from(n % 3).unwrap_or(0) + 1);
            let at = at(day, 10) + chrono::Duration::minutes(90 * i64::try_from(n % 5).unwrap_or(0));
            scoped.set_agreed(task, Some(at), revision).await?;
        }
    }
    Ok(())
}

/// Reissues whose new certificate has come in.
async fn closing(scoped: &ScopedStore, by: &Issuing<'_>) -> Result<(), FirmError> {
    let today = by.today;
    let soon = plus(today.day, 20)..plus(today.day, 60);
    let clients = (0..CLIENTS).filter(|n| soon.contains(&head_end(*n, today)) && client(*n).organisation.is_some());
    for (at, n) in clients.take(6).enumerate() {
        let name = client(n).organisation.unwrap_or_default();
        let ends = sets(scoped, today).await?.into_iter();
        let Some((_, _, set)) = ends.into_iter().find(|(of, day, _)| *of == name && *day == head_end(n, today)) else {
            continue;
        };
        let assignee = scoped.default_assignee(&set).await?;
        let task = open(scoped, set, Reason::Planned, assignee, plus(today.day, 3)).await?;
        renew(scoped, by, n).await?;
        scoped.tick_steps(task, &Ticks::of(&[0, 1, 2], &[])).await?;
        let steps = scoped.task_card(task).await?.steps;
        if at % 3 > 0 {
            let systems: Vec<i32> = steps.iter().filter(|s| s.system).map(|s| s.place).collect();
            let ticks = Ticks::of(&systems, &[]);
            scoped.move_task(task, &Move { ticks, ..Move::to(Stage::SystemsUpdated, "", 2) }).await?;
        }
        if at % 3 > 1 {
            scoped.record_revocation(task, Check::Cabinet, "в кабинете НУЦ: «отозвано»", 3).await?;
            let ticks = Ticks::of(&steps.iter().map(|s| s.place).collect::<Vec<_>>(), &[]);
            scoped.move_task(task, &Move { ticks, ..Move::to(Stage::Done, "", 4) }).await?;
        }
    }
    Ok(())
}

/// The head of a client gets a new set, valid since yesterday.
async fn renew(scoped: &ScopedStore, by: &Issuing<'_>, n: u32) -> Result<(), FirmError> {
    let (client, head, end) = (client(n), person(n, 0), plus(by.today.day, 364));
    let halves = [(10, Purpose::Authentication), (11, Purpose::Signing)];
    let issue = |(nth, purpose)| by.issue(&head, client.post(HolderRole::Head), purpose, end, [n, nth]);
    let draft = scoped.draft(halves.into_iter().map(issue).collect::<Result<Vec<_>, _>>()?).await?;
    scoped.accept(draft, &Choices::default()).await?;
    Ok(())
}

async fn open(
    scoped: &ScopedStore,
    certificates: Vec<CertificateId>,
    reason: Reason,
    assignee: Option<PersonId>,
    due: NaiveDate,
) -> Result<TaskId, FirmError> {
    Ok(scoped
        .open_task(NewTask { certificates, reason, route: Route::Online, assignee, due, note: String::new() })
        .await?)
}

/// Sets that end around today and that nothing has replaced: client, last day and certificates.
async fn sets(
    scoped: &ScopedStore,
    today: OfficeDay,
) -> Result<Vec<(String, NaiveDate, Vec<CertificateId>)>, FirmError> {
    let ends = scoped.ends(minus(today.day, 30), plus(today.day, 60), &CalendarFilter::default()).await?;
    let mut seen = HashSet::new();
    Ok(ends
        .iter()
        .filter(|e| !e.replaced)
        .filter(|e| seen.insert((e.client.clone(), e.holder.clone(), e.day)))
        .map(|end| {
            let same = ends.iter().filter(|e| (e.day, &e.client, &e.holder) == (end.day, &end.client, &end.holder));
            (end.client.clone(), end.day, same.map(|e| e.certificate).collect())
        })
        .collect())
}
