//! Grounds and carriers of the demo firm.

use crate::firm::FirmError;
use domain::custody::{CarrierKind, NewEntry, Passing};
use domain::day::{OfficeDay, minus, plus};
use domain::ground::{GroundKind, NewGround};
use domain::id::PersonId;
use store::ScopedStore;

/// Nearly every client has a ground; some powers of attorney end soon, some carriers are with the firm.
pub async fn fill(scoped: &ScopedStore, today: OfficeDay, keeper: PersonId) -> Result<(), FirmError> {
    for (n, (client, _)) in scoped.client_choices(500).await?.into_iter().enumerate() {
        let days = u64::try_from(n).unwrap_or(0);
        let kind = match n % 8 {
            7 => continue,
            0 | 1 => GroundKind::PowerOfAttorney,
            2 => GroundKind::OwnCertificate,
            _ => GroundKind::OwnerSigns,
        };
        let power = kind == GroundKind::PowerOfAttorney;
        let ground = NewGround {
            kind,
            certificate: None,
            number: if power { format!("{}/26", n + 3) } else { String::new() },
            scope: if power { "отчёты и ЭСФ".into() } else { String::new() },
            until: power.then(|| plus(today.day, 4 + days * 9)),
            note: String::new(),
        };
        scoped.record_ground(client, ground).await?;
        if n % 12 == 5 {
            let entry = NewEntry {
                carrier: None,
                kind: CarrierKind::Token,
                label: format!("KAZTOKEN ··{:04}", 4471 + n),
                what: Passing::Taken,
                day: minus(today.day, 16),
                from_whom: "владелец".into(),
                to_whom: "сейф № 2".into(),
                keeper: Some(keeper),
                ground: format!("акт № {}", n + 1),
                back_by: Some(plus(minus(today.day, 6), days)),
                note: String::new(),
            };
            let id = scoped.record_custody(client, entry.clone()).await?;
            if n % 24 == 5 {
                let carrier = Some(scoped.custody_entry(id).await?.carrier);
                let back = NewEntry { carrier, what: Passing::Returned, day: minus(today.day, 2), ..entry };
                scoped.record_custody(client, back).await?;
            }
        }
    }
    Ok(())
}
