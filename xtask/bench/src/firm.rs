//! The neutral firm: 1,000 clients, 10,000 certificates in generations, 25 accountants, 3 leads, 2 owners, at scale 1.

use anyhow::Result;
use chrono::{Days, NaiveDate};
use domain::number::check_digit;
use std::fmt::Write as _;
use std::path::Path;

/// Ends by month, January first: they peak when the year's returns are due.
const MONTH_WEIGHT: [u64; 12] = [19, 18, 16, 7, 6, 5, 4, 4, 5, 5, 5, 6];
const SURNAMES: [&str; 12] = [
    "Абдрахманов",
    "Ахметов",
    "Касымов",
    "Нурмагамбетов",
    "Омаров",
    "Сулейменов",
    "Әбілқасымов",
    "Өтегенов",
    "Иванов",
    "Ким",
    "Шевченко",
    "Кузнецов",
];
const GIVEN: [&str; 8] = ["Азамат", "Ерлан", "Марат", "Тимур", "Айгуль", "Динара", "Ольга", "Светлана"];
const FIRMS: [&str; 10] =
    ["Алтын", "Астық", "Байтерек", "Достық", "Ертіс", "Қазына", "Нұр", "Шаңырақ", "Вектор", "Север"];
const TRADES: [&str; 8] = ["Агро", "Инвест", "Логистик", "Мед", "Строй", "Трейд", "Фарм", "Консалт"];
const ROLES: [&str; 5] = ["head", "signer", "employee", "employee", "hr"];

/// A generator whose numbers are the same on every machine (xorshift64*, Vigna 2016).
struct Dice(u64);

impl Dice {
    fn next(&mut self, below: u64) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        (self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 16) % below
    }

    fn pick<'a>(&mut self, all: &[&'a str]) -> &'a str {
        let n = usize::try_from(self.next(all.len() as u64)).unwrap_or(0);
        all.get(n).copied().unwrap_or_default()
    }

    /// An index by weight.
    fn weighted(&mut self, weights: &[u64]) -> usize {
        let mut at = self.next(weights.iter().sum());
        for (n, weight) in weights.iter().enumerate() {
            if at < *weight {
                return n;
            }
            at -= weight;
        }
        0
    }
}

fn with_check(stem: u64) -> Option<String> {
    let digits: Vec<u8> = format!("{stem:011}").bytes().map(|b| b - b'0').collect();
    check_digit(&digits).map(|check| format!("{stem:011}{check}"))
}

/// Numbers that differ: the serial part counts up, those that may not be given out are left out.
fn number(stem: &mut u64) -> String {
    loop {
        *stem += 1;
        if let Some(number) = with_check(*stem) {
            return number;
        }
    }
}

/// Writes the files that `merzim seed` reads.
pub fn write(to: &Path, scale: u32) -> Result<()> {
    std::fs::create_dir_all(to)?;
    let scale = u64::from(scale);
    let (clients, certificates, accountants, leads, tasks) =
        (1000 * scale, 10_000 * scale, 25 * scale, 3 * scale, 1200 * scale);
    let mut dice = Dice(20_261_122);
    people(to, &mut dice, accountants, leads)?;
    let companies = write_clients(to, &mut dice, clients)?;
    let primary = staff(to, &mut dice, clients, accountants, leads)?;
    let current = write_certificates(to, &mut dice, &companies, certificates)?;
    let mut out = "id,client_id,certificate_id,kind,assignee_id,due\n".to_owned();
    let kinds = ["reissue", "reissue", "reissue", "lost_password", "collect_poa", "revoke_old", "call_owner"];
    let today: NaiveDate = crate::TODAY.parse()?;
    for id in 1..=tasks {
        let n = usize::try_from(dice.next(current.len() as u64))?;
        let (certificate, client) = current.get(n).copied().unwrap_or_default();
        let due = today - Days::new(10) + Days::new(dice.next(56));
        let who = primary.get(usize::try_from(client)?).copied().unwrap_or_default();
        writeln!(out, "{id},{client},{certificate},{},{who},{due}", dice.pick(&kinds))?;
    }
    Ok(std::fs::write(to.join("tasks.csv"), out)?)
}

/// Ids: owners 1 and 2, then leads, then accountants.
fn people(to: &Path, dice: &mut Dice, accountants: u64, leads: u64) -> Result<()> {
    let mut out = "id,login,role,name,lead\n".to_owned();
    let mut id = 0;
    for (role, letter, n) in [("manager", 'm', 2), ("lead", 'l', leads), ("accountant", 'a', accountants)] {
        for i in 1..=n {
            id += 1;
            let name = format!("{} {}", dice.pick(&SURNAMES), dice.pick(&GIVEN));
            let lead =
                if role == "accountant" { format!("l{:02}", (i - 1) * leads / accountants + 1) } else { String::new() };
            writeln!(out, "{id},{letter}{i:02},{role},{name},{lead}")?;
        }
    }
    Ok(std::fs::write(to.join("people.csv"), out)?)
}

/// Whether each client is a company, by its place.
fn write_clients(to: &Path, dice: &mut Dice, clients: u64) -> Result<Vec<bool>> {
    let mut out = "id,code,kind,number,name\n".to_owned();
    let (mut bin, mut iin) = (10_014_000_000, 80_010_130_000);
    let mut companies = Vec::new();
    for id in 1..=clients {
        let company = dice.next(10) < 7;
        companies.push(company);
        let (kind, number, name) = if company {
            ("company", number(&mut bin), format!("ТОО «{} {} {id}»", dice.pick(&FIRMS), dice.pick(&TRADES)))
        } else {
            ("sole_trader", number(&mut iin), format!("ИП {} {id}", dice.pick(&SURNAMES)))
        };
        writeln!(out, "{id},c{id:04},{kind},{number},{name}")?;
    }
    std::fs::write(to.join("clients.csv"), out)?;
    Ok(companies)
}

/// Forty clients each, one in ten shared; gives the first accountant of each client.
fn staff(to: &Path, dice: &mut Dice, clients: u64, accountants: u64, leads: u64) -> Result<Vec<u64>> {
    let mut out = "client_id,person_id,kind\n".to_owned();
    let mut primary = vec![0];
    let person = |n: u64| 2 + leads + 1 + n;
    for client in 1..=clients {
        let own = (client * 7919) % accountants;
        primary.push(person(own));
        writeln!(out, "{client},{},primary", person(own))?;
        if client % 10 == 3 {
            let other = (own + 1 + dice.next(accountants - 1)) % accountants;
            writeln!(out, "{client},{},shared", person(other))?;
        }
    }
    std::fs::write(to.join("client_staff.csv"), out)?;
    Ok(primary)
}

/// Holders with one to five generations of certificates; gives id and client of the present ones.
fn write_certificates(to: &Path, dice: &mut Dice, companies: &[bool], wanted: u64) -> Result<Vec<(u64, u64)>> {
    let mut holders = "id,client_id,surname,given,patronymic,iin,role\n".to_owned();
    let mut out = "id,client_id,holder_id,generation,current,serial,not_before,not_after\n".to_owned();
    let today: NaiveDate = crate::TODAY.parse()?;
    let (mut holder, mut id, mut iin, mut current) = (0u64, 0u64, 70_010_230_000, Vec::new());
    let clients = companies.len() as u64;
    while id < wanted {
        holder += 1;
        let client = if holder <= clients { holder } else { dice.next(clients) + 1 };
        let company = companies.get(usize::try_from(client - 1)?).copied().unwrap_or(true);
        let role = if !company {
            "owner"
        } else if holder <= clients {
            "head"
        } else {
            dice.pick(&ROLES[1..])
        };
        let (surname, given) = (dice.pick(&SURNAMES), dice.pick(&GIVEN));
        writeln!(holders, "{holder},{client},{surname},{given},Маратұлы,{},{role}", number(&mut iin))?;
        let generations = (dice.weighted(&[10, 20, 40, 20, 10]) as u64 + 1).min(wanted - id);
        let month = u32::try_from(dice.weighted(&MONTH_WEIGHT))? + 1;
        let day = u32::try_from(dice.next(28))? + 1;
        let year = if month == 12 && day >= 15 { 2026 } else { 2027 };
        let mut end = NaiveDate::from_ymd_opt(year, month, day).unwrap_or(today);
        if dice.next(25) == 0 {
            end = today - Days::new(1 + dice.next(60));
        }
        for generation in (1..=generations).rev() {
            id += 1;
            let start = end - Days::new(365);
            let present = generation == generations;
            if present {
                current.push((id, client));
            }
            let serial = format!("2{:07x}{:016x}{:016x}", dice.next(1 << 28), dice.next(u64::MAX), id);
            writeln!(out, "{id},{client},{holder},{generation},{},{serial},{start},{end}", u8::from(present))?;
            end = start + Days::new(dice.next(21));
        }
    }
    std::fs::write(to.join("holders.csv"), holders)?;
    std::fs::write(to.join("certificates.csv"), out)?;
    Ok(current)
}
