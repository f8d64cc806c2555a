//! The import of 300 certificates by an owner, through the forms.

use crate::load::Wire;
use crate::program::Server;
use anyhow::{Context as _, Result, bail};
use chrono::{Days, NaiveDate};
use domain::certificate::{HolderRole, Purpose};
use server::issue::{Authority, Wish, at};
use std::time::{Duration, Instant};

const FILES: u32 = 300;
const BOUNDARY: &str = "merzim-bench-boundary";

fn files() -> Result<Vec<u8>> {
    let today: NaiveDate = crate::TODAY.parse()?;
    let authority = Authority::new("НЕЙТРАЛЬНЫЙ УЦ ИМПОРТА", at(today, 7))?;
    let mut out = Vec::new();
    let mut stem = 15_054_000_000u64;
    let mut number = || loop {
        stem += 1;
        let digits: Vec<u8> = format!("{stem:011}").bytes().map(|b| b - b'0').collect();
        if let Some(check) = domain::number::check_digit(&digits) {
            return format!("{stem:011}{check}");
        }
    };
    let mut bin = number();
    for n in 0..FILES {
        if n % 3 == 0 {
            bin = number();
        }
        let der = authority.issue(&Wish {
            surname: "ИМПОРТОВ".into(),
            first_name: "ОЛЖАС".into(),
            patronymic: "МАРАТҰЛЫ".into(),
            iin: number(),
            organisation: Some((bin.clone(), format!("ТОО «Импорт {bin}»"))),
            role: Some(if n % 3 == 0 { HolderRole::Head } else { HolderRole::Employee }),
            purpose: Purpose::Signing,
            serial: n.to_be_bytes().to_vec(),
            from: at(today - Days::new(30), 12),
            to: at(today + Days::new(300), 12),
        })?;
        out.extend_from_slice(
            format!("--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"files\"; filename=\"{n}.cer\"\r\nContent-Type: application/octet-stream\r\n\r\n").as_bytes(),
        );
        out.extend_from_slice(&der);
        out.extend_from_slice(b"\r\n");
    }
    out.extend_from_slice(format!("--{BOUNDARY}--\r\n").as_bytes());
    Ok(out)
}

fn post(server: &Server, path: &str, cookie: &str, kind: &str, body: &[u8]) -> Vec<u8> {
    let mut out = format!(
        "POST {path} HTTP/1.1\r\nHost: {0}\r\nOrigin: http://{0}\r\nCookie: {cookie}\r\nContent-Type: {kind}\r\nContent-Length: {1}\r\n\r\n",
        server.address,
        body.len()
    )
    .into_bytes();
    out.extend_from_slice(body);
    out
}

/// From sending the files to the preview, and from the confirmation to its answer.
pub async fn measure(server: &Server, cookie: &str) -> Result<(Duration, Duration)> {
    let body = files()?;
    let mut wire = Wire::open(&server.address).await?;
    let begin = Instant::now();
    let answer = wire.ask(&post(server, "/import", cookie, &format!("multipart/form-data; boundary={BOUNDARY}"), &body)).await?;
    let place = answer.header("location").context("a draft")?.to_owned();
    let preview = wire.ask(&crate::load::get(&place, cookie, "")).await?;
    let previewed = begin.elapsed();
    if preview.status != 200 {
        bail!("the preview answers {}", preview.status);
    }
    let begin = Instant::now();
    let done = wire.ask(&post(server, &place, cookie, "application/x-www-form-urlencoded", b"")).await?;
    if done.status != 200 {
        bail!("the confirmation answers {}: {}", done.status, String::from_utf8_lossy(&done.body));
    }
    Ok((previewed, begin.elapsed()))
}
