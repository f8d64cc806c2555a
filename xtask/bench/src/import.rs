//! The import of 300 certificates by an owner, through the forms.

use crate::forms;
use crate::load::{Wire, get};
use crate::program::Server;
use anyhow::{Context as _, Result, bail};
use chrono::{Days, NaiveDate};
use domain::certificate::{HolderRole, Purpose};
use server::issue::{Authority, Wish, at};
use std::time::{Duration, Instant};

const FILES: u32 = 300;

/// New certificates, three of each client, by the names of their files.
fn files() -> Result<Vec<(String, Vec<u8>)>> {
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
        out.push((format!("{n}.cer"), der));
    }
    Ok(out)
}

/// Sends the files; gives the address of the draft that waits to be confirmed.
pub async fn draft(server: &Server, cookie: &str) -> Result<String> {
    let request = forms::files(server, "/import", cookie, &files()?);
    let answer = Wire::open(&server.address).await?.ask(&request).await?;
    Ok(answer.header("location").context("a draft")?.to_owned())
}

/// From sending the files to the preview, and from the confirmation to its answer.
pub async fn measure(server: &Server, cookie: &str) -> Result<(Duration, Duration)> {
    let request = forms::files(server, "/import", cookie, &files()?);
    let mut wire = Wire::open(&server.address).await?;
    let begin = Instant::now();
    let answer = wire.ask(&request).await?;
    let place = answer.header("location").context("a draft")?.to_owned();
    let preview = wire.ask(&get(&place, cookie, "")).await?;
    let previewed = begin.elapsed();
    if preview.status != 200 {
        bail!("the preview answers {}", preview.status);
    }
    let begin = Instant::now();
    let done = wire.ask(&forms::typed(server, &place, cookie, "")).await?;
    if done.status != 200 {
        bail!("the confirmation answers {}: {}", done.status, String::from_utf8_lossy(&done.body));
    }
    Ok((previewed, begin.elapsed()))
}
