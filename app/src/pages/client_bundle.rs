//! Everything about a client in one archive: tables that any spreadsheet reads, and the certificates themselves.

use crate::parts::{Line, csv_line};
use crate::seat::{Refused, Reply, Seat, Viewer};
use crate::{dates, text as t, words};
use axum::extract::Path;
use axum::http::header;
use axum::response::IntoResponse as _;
use domain::audit::AuditFilter;
use domain::certificate::CertificateRow;
use domain::client::Client;
use domain::id::ClientId;
use domain::person::Lang;
use domain::refusal::Refusal;
use domain::task::{LIST_LINES, TaskFilter, TaskView};
use std::io::{Cursor, Write as _};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

/// Files of an archive: names and bytes.
type Files = Vec<(String, Vec<u8>)>;

pub async fn show(seat: Seat, Path(id): Path<ClientId>) -> Reply {
    let client = seat.desk.client(id).await?;
    if !seat.desk.may_edit(id).await? {
        return Err(Refused(Refusal::NotAllowed));
    }
    let mut files = vec![
        table(seat.viewer.lang, "client", card(&seat.viewer, &client))?,
        table(seat.viewer.lang, "contacts", contacts(seat.viewer.lang, &client))?,
    ];
    files.extend(certificates(&seat, id).await?);
    files.push(tasks(&seat, id).await?);
    files.push(grounds(&seat, id).await?);
    files.push(carriers(&seat, id).await?);
    files.push(history(&seat, id).await?);
    let bytes = archive(files).map_err(|error| {
        tracing::error!(%error, "the bundle was not written");
        Refusal::Internal { reference: "zip".into() }
    })?;
    let name = format!("attachment; filename=\"merzim-{}-{}.zip\"", client.data.number, seat.viewer.today.day);
    Ok(([(header::CONTENT_TYPE, "application/zip".to_owned()), (header::CONTENT_DISPOSITION, name)], bytes).into_response())
}

fn archive(files: Files) -> zip::result::ZipResult<Vec<u8>> {
    let mut out = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in files {
        out.start_file(name, SimpleFileOptions::default().compression_method(CompressionMethod::Stored))?;
        out.write_all(&bytes)?;
    }
    Ok(out.finish()?.into_inner())
}

/// The first line names the columns.
fn table(l: Lang, name: &str, lines: Vec<Line>) -> Result<(String, Vec<u8>), Refusal> {
    let text: String = lines.iter().map(|line| csv_line(l, line)).collect::<Result<_, _>>()?;
    Ok((format!("{name}.csv"), format!("\u{feff}{text}").into_bytes()))
}

fn titles<const N: usize>(all: [&'static str; N]) -> Line {
    all.map(str::to_owned).to_vec()
}

fn card(v: &Viewer, client: &Client) -> Vec<Line> {
    let (l, d) = (v.lang, &client.data);
    let line = |term: &'static str, value: String| vec![term.to_owned(), value];
    vec![
        line(t::csv::client(l), d.name.clone()),
        line(t::client::number(l), d.number.clone()),
        line(t::client::kind(l), words::client_kind(l, d.kind).to_owned()),
        line(t::client::filings(l), d.filings.join(", ")),
        line(t::task::note(l), d.notes.clone()),
        line(t::leaving::ended(l), client.contract_ended.map(|day| day.to_string()).unwrap_or_default()),
    ]
}

fn contacts(l: Lang, client: &Client) -> Vec<Line> {
    let head = titles([
        t::client::contact_name(l),
        t::client::phone(l),
        t::sign_in::email(l),
        t::certificate::role(l),
        t::certificate::holder(l),
    ]);
    let line = |c: &domain::client::Contact| [&c.name, &c.phone, &c.email, &c.role, &c.holder].map(|text| text.clone()).to_vec();
    std::iter::once(head).chain(client.data.contacts.iter().map(line)).collect()
}

async fn certificates(seat: &Seat, id: ClientId) -> Result<Files, Refusal> {
    let l = seat.viewer.lang;
    let rows = seat.desk.certificates_of(id).await?;
    let head = titles([
        t::certificate::holder(l),
        t::certificate::serial(l),
        t::client::from(l),
        t::certificate::end(l),
        t::csv::standing(l),
    ]);
    let line = |c: &CertificateRow| {
        let state = words::standing(l, c.life.standing(seat.viewer.today));
        vec![c.holder.clone(), c.serial.clone(), c.life.first_day().to_string(), c.life.last_day().to_string(), state]
    };
    let mut out = vec![table(l, "certificates", std::iter::once(head).chain(rows.iter().map(line)).collect())?];
    for row in rows.iter().filter(|c| !c.life.typed) {
        out.push((format!("certificates/{}.cer", row.serial), seat.desk.certificate_file(row.id).await?));
    }
    Ok(out)
}

async fn tasks(seat: &Seat, id: ClientId) -> Result<(String, Vec<u8>), Refusal> {
    let l = seat.viewer.lang;
    let mut lines = vec![super::task_file::titles(l).to_vec()];
    for view in [TaskView::All, TaskView::Closed] {
        let mut filter = TaskFilter { client: Some(id), ..view.into() };
        loop {
            let rows = seat.desk.tasks(&filter).await?;
            lines.extend(rows.iter().map(|row| super::task_file::cells(l, row).to_vec()));
            if rows.len() < LIST_LINES {
                break;
            }
            filter.skip += LIST_LINES as u64;
        }
    }
    table(l, "tasks", lines)
}

async fn grounds(seat: &Seat, id: ClientId) -> Result<(String, Vec<u8>), Refusal> {
    let l = seat.viewer.lang;
    let mut lines = vec![titles([
        t::ground::kind(l),
        t::certificate::holder(l),
        t::ground::number(l),
        t::ground::scope(l),
        t::ground::until(l),
    ])];
    for g in seat.desk.grounds(id).await? {
        let until = g.said.until.map(|day| day.to_string()).unwrap_or_default();
        let kind = words::ground(l, g.said.kind).to_owned();
        lines.push(vec![kind, g.holder.unwrap_or_default(), g.said.number, g.said.scope, until]);
    }
    table(l, "grounds", lines)
}

async fn carriers(seat: &Seat, id: ClientId) -> Result<(String, Vec<u8>), Refusal> {
    let l = seat.viewer.lang;
    let mut lines = vec![titles([
        t::audit::when(l),
        t::audit::what(l),
        t::custody::carrier(l),
        t::custody::from_whom(l),
        t::custody::to_whom(l),
    ])];
    for e in seat.desk.custody(id).await? {
        let carrier = format!("{} {}", words::carrier(l, e.said.kind), e.said.label);
        let what = words::passing(l, e.said.what).to_owned();
        lines.push(vec![e.said.day.to_string(), what, carrier, e.said.from_whom, e.said.to_whom]);
    }
    table(l, "carriers", lines)
}

async fn history(seat: &Seat, id: ClientId) -> Result<(String, Vec<u8>), Refusal> {
    let l = seat.viewer.lang;
    let mut lines = vec![titles([t::audit::when(l), t::audit::who(l), t::audit::what(l), t::audit::about(l)])];
    let mut filter = AuditFilter { client: Some(id), ..AuditFilter::default() };
    loop {
        let part = seat.desk.audit(&filter).await?;
        for r in part.rows {
            let when = dates::instant(l, r.at).replace('\u{a0}', " ");
            lines.push(vec![when, r.person, words::deed(l, r.kind).to_owned(), words::about(l, &r.about)]);
        }
        filter.before = part.next.and_then(|before| before.parse().ok());
        if filter.before.is_none() {
            return table(l, "history", lines);
        }
    }
}
