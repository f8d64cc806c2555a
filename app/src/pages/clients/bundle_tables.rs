//! The tables of everything about a client: each with a line of titles.

use crate::parts::Line;
use crate::seat::{Seat, Viewer};
use crate::{dates, text as t, words};
use chrono::NaiveDate;
use domain::audit::AuditFilter;
use domain::certificate::{CertificateFile, CertificateRow, Fact};
use domain::client::{Client, ClientField, Contact};
use domain::id::ClientId;
use domain::person::Lang;
use domain::refusal::Refusal;
use domain::task::{LIST_LINES, TaskFilter, TaskRow, TaskView};

/// Lines of a table, the first names the columns.
pub type Table = Vec<Line>;

pub fn titled<const N: usize>(titles: [&'static str; N]) -> Table {
    vec![titles.map(str::to_owned).to_vec()]
}

fn day(of: Option<NaiveDate>) -> String {
    of.map(|day| day.to_string()).unwrap_or_default()
}

pub fn card(l: Lang, client: &Client) -> Table {
    let line = |(field, value): (ClientField, String)| {
        let value = match field {
            ClientField::Kind => words::client_kind(l, client.data.kind).to_owned(),
            // The team's name; its id says nothing outside the program.
            ClientField::Team => return None,
            // They have a table of their own.
            ClientField::Contacts => return None,
            _ => value,
        };
        Some(vec![words::client_field(l, field).to_owned(), value])
    };
    let ended = vec![t::leaving::ended(l).to_owned(), day(client.contract_ended)];
    client.data.fields().into_iter().filter_map(line).chain([ended]).collect()
}

pub fn contacts(l: Lang, client: &Client) -> Table {
    let mut out = titled([
        t::client::contact_name(l),
        t::client::phone(l),
        t::sign_in::email(l),
        t::client::messenger(l),
        t::account::language(l),
        t::client::in_base(l),
        t::client::contact_role(l),
        t::client::contact_holder(l),
        t::client::wishes(l),
    ]);
    let line = |c: &Contact| {
        let base = [c.in_mobile_base.as_str(), c.base_day.as_str()].join(" ").trim().to_owned();
        vec![
            c.name.clone(),
            c.phone.clone(),
            c.email.clone(),
            c.messenger.clone(),
            c.lang.clone(),
            base,
            c.role.clone(),
            c.holder.clone(),
            c.wishes.clone(),
        ]
    };
    out.extend(client.data.contacts.iter().map(line));
    out
}

pub fn certificates(v: &Viewer, rows: &[CertificateRow], files: &[CertificateFile]) -> Table {
    let l = v.lang;
    let facts = Fact::ALL.iter().map(|fact| words::fact(l, *fact).to_owned());
    let mut out = vec![[t::csv::standing(l).to_owned()].into_iter().chain(facts).collect::<Line>()];
    for row in rows {
        let Some(file) = files.iter().find(|f| f.id == row.id) else { continue };
        let state = words::standing(l, row.life.standing(v.today));
        out.push(
            [state].into_iter().chain(file.facts.each().into_iter().map(|said| in_words(l, file, said))).collect(),
        );
    }
    out
}

/// A fact as a cell: days in Kazakhstan, codes in words.
fn in_words(l: Lang, file: &CertificateFile, (fact, said): (Fact, String)) -> String {
    let f = &file.facts;
    match fact {
        Fact::NotBefore => f.first_day().to_string(),
        Fact::NotAfter => f.last_day().to_string(),
        Fact::Purposes => f.purposes.iter().map(|p| words::purpose(l, *p)).collect::<Vec<_>>().join(", "),
        Fact::Roles => crate::parts::roles(l, &f.roles),
        Fact::HolderKind => words::holder_kind(l, f.holder_kind).to_owned(),
        _ => said,
    }
}

/// Tasks of the client, open and closed; other clients of a shared certificate are not named.
pub async fn tasks(seat: &Seat, client: &Client) -> Result<(Table, Vec<TaskRow>), Refusal> {
    let l = seat.viewer.lang;
    let (mut out, mut all) = (vec![crate::pages::tasks::file::titles(l).to_vec()], Vec::new());
    for view in [TaskView::All, TaskView::Closed] {
        let mut filter = TaskFilter { client: Some(client.id), ..view.into() };
        loop {
            let rows = seat.desk.tasks(&filter).await?;
            let read = rows.len();
            all.extend(rows.iter().cloned());
            if read < LIST_LINES {
                break;
            }
            filter.skip += LIST_LINES as u64;
        }
    }
    for row in &all {
        let mut cells = crate::pages::tasks::file::cells(l, row).to_vec();
        if let Some(first) = cells.first_mut() {
            first.clone_from(&client.data.name);
        }
        out.push(cells);
    }
    Ok((out, all))
}

/// What happened in the tasks, in the words of their pages.
pub async fn course(seat: &Seat, tasks: &[TaskRow]) -> Result<Table, Refusal> {
    let l = seat.viewer.lang;
    let mut out = titled([t::csv::holder(l), t::task::due(l), t::audit::when(l), t::audit::who(l), t::audit::what(l)]);
    for row in tasks {
        let task = seat.desk.task_card(row.id).await?;
        let first =
            |what: String| vec![row.holder.clone(), row.clock.due.to_string(), String::new(), String::new(), what];
        out.extend(
            [&task.note, &task.row.why].into_iter().filter(|text| !text.is_empty()).map(|text| first(text.clone())),
        );
        out.extend(task.events.iter().map(|e| {
            let when = dates::instant_in_file(l, e.at);
            vec![
                row.holder.clone(),
                row.clock.due.to_string(),
                when,
                e.person.clone(),
                crate::pages::tasks::card::said(l, e),
            ]
        }));
    }
    Ok(out)
}

pub async fn grounds(seat: &Seat, id: ClientId) -> Result<Table, Refusal> {
    let l = seat.viewer.lang;
    let mut out = titled([
        t::ground::kind(l),
        t::csv::holder(l),
        t::ground::number(l),
        t::ground::scope(l),
        t::ground::until(l),
        t::ground::ended(l),
        t::task::note(l),
    ]);
    for g in seat.desk.grounds(id).await? {
        let kind = words::ground(l, g.said.kind).to_owned();
        let ended = g.ended.map(|at| dates::instant_in_file(l, at)).unwrap_or_default();
        out.push(vec![
            kind,
            g.holder.unwrap_or_default(),
            g.said.number,
            g.said.scope,
            day(g.said.until),
            ended,
            g.said.note,
        ]);
    }
    Ok(out)
}

pub async fn carriers(seat: &Seat, id: ClientId) -> Result<Table, Refusal> {
    let l = seat.viewer.lang;
    let mut out = titled([
        t::custody::day(l),
        t::custody::what(l),
        t::custody::kind(l),
        t::custody::label(l),
        t::custody::from_whom(l),
        t::custody::to_whom(l),
        t::custody::keeper(l),
        t::custody::ground(l),
        t::custody::back_by(l),
        t::task::note(l),
    ]);
    for e in seat.desk.custody(id).await? {
        let (what, kind) = (words::passing(l, e.said.what).to_owned(), words::carrier(l, e.said.kind).to_owned());
        let said = e.said;
        let keeper = e.keeper_name.unwrap_or_default();
        let back = day(said.back_by);
        out.push(vec![
            said.day.to_string(),
            what,
            kind,
            said.label,
            said.from_whom,
            said.to_whom,
            keeper,
            said.ground,
            back,
            said.note,
        ]);
    }
    Ok(out)
}

pub async fn people(seat: &Seat, id: ClientId) -> Result<Table, Refusal> {
    let l = seat.viewer.lang;
    let mut out = titled([t::staff::name(l), t::client::as_what(l), t::client::from(l), t::client::until(l)]);
    let line = |a: domain::client::Assignment| {
        vec![a.person_name, words::part(l, a.part).to_owned(), a.from.to_string(), day(a.until)]
    };
    out.extend(seat.desk.assignments(id).await?.into_iter().map(line));
    Ok(out)
}

pub async fn systems(seat: &Seat, id: ClientId) -> Result<Table, Refusal> {
    let l = seat.viewer.lang;
    let mut out = titled([t::systems::title(l)]);
    out.extend(seat.desk.systems_of(id).await?.iter().map(|s| vec![words::of_three(l, &s.name)]));
    Ok(out)
}

pub async fn history(seat: &Seat, id: ClientId) -> Result<Table, Refusal> {
    let l = seat.viewer.lang;
    let mut out = titled([t::audit::when(l), t::audit::who(l), t::audit::what(l), t::audit::about(l)]);
    let mut filter = AuditFilter { client: Some(id), ..AuditFilter::default() };
    loop {
        let part = seat.desk.audit(&filter).await?;
        for r in part.rows {
            let when = dates::instant_in_file(l, r.at);
            out.push(vec![when, r.person.clone(), words::deed(l, r.kind).to_owned(), words::history::about(l, &r)]);
        }
        filter.before = part.next.and_then(|before| before.parse().ok());
        if filter.before.is_none() {
            return Ok(out);
        }
    }
}
