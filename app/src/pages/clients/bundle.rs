//! Everything about a client in one archive: tables that any spreadsheet reads, and the certificates themselves.

use crate::pages::clients::bundle_proof as proof;
use crate::pages::clients::bundle_tables::{self as tables, Table};
use crate::parts::csv_line;
use crate::seat::{Refused, Reply, Seat};
use axum::extract::Path;
use axum::http::header;
use axum::response::IntoResponse as _;
use domain::access::Action;
use domain::certificate::CertificateFile;
use domain::id::ClientId;
use domain::person::Lang;
use domain::refusal::Refusal;
use std::collections::HashSet;
use std::io::{Cursor, Write as _};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

/// Files of an archive: names and bytes.
type Files = Vec<(String, Vec<u8>)>;

pub async fn show(seat: Seat, Path(id): Path<ClientId>) -> Reply {
    let client = seat.desk.client_card(id).await?;
    if !seat.desk.may(Action::EditClient, id).await? {
        return Err(Refused(Refusal::NotAllowed));
    }
    let l = seat.viewer.lang;
    let (rows, read) = (seat.desk.certificates_of(id).await?, seat.desk.certificate_files(id).await?);
    let (tasks, all) = tables::tasks(&seat, &client).await?;
    let mut files = Vec::new();
    for (name, table) in [
        ("client", tables::card(l, &client)),
        ("contacts", tables::contacts(l, &client)),
        ("certificates", tables::certificates(&seat.viewer, &rows, &read)),
        ("tasks", tasks),
        ("task-notes", tables::course(&seat, &all).await?),
        ("grounds", tables::grounds(&seat, id).await?),
        ("carriers", tables::carriers(&seat, id).await?),
        ("people", tables::people(&seat, id).await?),
        ("systems", tables::systems(&seat, id).await?),
        ("reminders", proof::reminders(&seat, &rows).await?),
        ("letters", proof::letters(&seat, &all).await?),
        ("history", tables::history(&seat, id).await?),
    ] {
        files.push((format!("{name}.csv"), text(l, &table)?));
    }
    files.extend(certificates(read));
    for file in seat.desk.attachments(id).await? {
        let (about, bytes) = seat.desk.attachment(file.id).await?;
        files.push((format!("files/{}-{}", about.id, safe_name(&about.name)), bytes));
    }
    let bytes = archive(files).map_err(|error| {
        tracing::error!(%error, "the bundle was not written");
        Refusal::Internal { reference: "zip".into() }
    })?;
    let name = format!("attachment; filename=\"merzim-{}-{}.zip\"", client.data.number, seat.viewer.today.day);
    Ok(([(header::CONTENT_TYPE, "application/zip".to_owned()), (header::CONTENT_DISPOSITION, name)], bytes)
        .into_response())
}

/// A name that means no folder on any computer.
fn safe_name(name: &str) -> String {
    name.chars().map(|c| if c.is_control() || "/\\:*?\"<>|".contains(c) { '_' } else { c }).collect()
}

fn archive(files: Files) -> zip::result::ZipResult<Vec<u8>> {
    let mut out = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in files {
        out.start_file(name, SimpleFileOptions::default().compression_method(CompressionMethod::Stored))?;
        out.write_all(&bytes)?;
    }
    Ok(out.finish()?.into_inner())
}

fn text(l: Lang, table: &Table) -> Result<Vec<u8>, Refusal> {
    let text: String = table.iter().map(|line| csv_line(l, line)).collect::<Result<_, _>>()?;
    Ok(format!("\u{feff}{text}").into_bytes())
}

/// Named by their serial numbers; of two issuers these may be the same.
fn certificates(files: Vec<CertificateFile>) -> Files {
    let mut taken = HashSet::new();
    let file = |CertificateFile { id, facts, der }: CertificateFile| {
        let first = taken.insert(facts.serial.clone());
        let name = if first { facts.serial } else { format!("{}-{id}", facts.serial) };
        (format!("certificates/{name}.cer"), der)
    };
    files.into_iter().filter(|f| !f.facts.is_typed()).map(file).collect()
}
