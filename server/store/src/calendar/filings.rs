//! Filings as data: the office's table and the days on which a filing stops.

use crate::clients::filings::{having, touched};
use crate::core::admitted::ScopedStore;
use crate::core::deed::Permitted;
use crate::core::entity::{client, client_filing, day_off, filing, filing_day};
use crate::core::fresh;
use crate::core::whoever::find_whoever_asks;
use crate::{Error, Result, Store};
use chrono::NaiveDate;
use domain::access::{Action, SystemRight};
use domain::audit::{DeedKind, Entry};
use domain::day::{DaysOff, minus};
use domain::filing::{Filing, FilingKind, RISK_AFTER, filing_days};
use domain::id::FilingId;
use domain::refusal::Refusal;
use sea_orm::sea_query::{Expr, ExprTrait as _};
use sea_orm::{ColumnTrait as _, ConnectionTrait, QueryOrder as _, Set};
use std::collections::BTreeSet;
use std::sync::Arc;

/// First and last year whose days stand ready for queries.
const YEARS: (i32, i32) = (2020, 2060);

impl ScopedStore {
    /// The office's filings and payments, by code.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn filings(&self) -> Result<Arc<Vec<Filing>>> {
        let ask = async {
            let rows = self.find::<filing::Entity>(Action::See).order_by_asc(filing::Column::Code);
            rows.order_by_asc(filing::Column::Id).all(&self.rows).await?.into_iter().map(to_filing).collect()
        };
        self.remembered("filings".into(), ask).await
    }

    /// Writes a line of the table: a new one, or the one with its id.
    ///
    /// # Errors
    /// `NotAllowed`, `NotFound`.
    pub async fn set_filing(&self, line: Filing) -> Result<()> {
        let line = &line;
        self.write(|deed| async move {
            let deed = deed.require(Action::Settings)?;
            let about = format!("{} {}", line.code, line.name.first().cloned().unwrap_or_default());

            match line.id {
                None => deed.insert(model(FilingId(fresh::id()), line)).await?,
                Some(id) => {
                    let before = deed.one::<filing::Entity>(Action::Settings, filing::Column::Id.eq(id.0)).await?;
                    deed.rename(&before, &line.code).await?;
                    let change = deed.change::<filing::Entity>(filing::Column::Id.eq(id.0)).set(model(id, line));
                    if deed.run(change).await? == 0 {
                        return Err(Refusal::NotFound.into());
                    }
                }
            }
            write_days(&deed).await?;
            Ok(deed.done(Entry::new(DeedKind::FilingsChanged, about).link("/office/filings")))
        })
        .await
    }
}

impl Permitted {
    /// A code that no other line has goes with its clients to its new name.
    async fn rename(&self, before: &filing::Model, to: &str) -> Result<()> {
        let others = filing::Column::Code.eq(before.code.as_str()).and(filing::Column::Id.ne(before.id));
        if before.code == to || crate::core::whoever::exists::<filing::Entity>(&self.rows, others).await? {
            return Ok(());
        }
        let old = || client_filing::Column::Code.eq(before.code.as_str());
        let there = client_filing::Column::ClientId.in_subquery(having(to));
        touched(self, client::Column::Id.in_subquery(having(&before.code))).await?;
        self.remove::<client_filing::Entity>(old().and(there)).await?;
        self.run(self.change::<client_filing::Entity>(old()).col_expr(client_filing::Column::Code, Expr::value(to)))
            .await?;
        Ok(())
    }
}

impl ScopedStore {
    /// Takes a line out of the table. Clients keep its code while another line has it.
    ///
    /// # Errors
    /// `NotAllowed`, `NotFound`.
    pub async fn remove_filing(&self, id: FilingId) -> Result<()> {
        let id = &id;
        self.write(|deed| async move {
            let deed = deed.require(Action::Settings)?;
            let row = deed.one::<filing::Entity>(Action::Settings, filing::Column::Id.eq(id.0)).await?;

            deed.remove::<filing::Entity>(filing::Column::Id.eq(id.0)).await?;
            if !crate::core::whoever::exists::<filing::Entity>(&deed.rows, filing::Column::Code.eq(row.code.as_str()))
                .await?
            {
                touched(&deed, client::Column::Id.in_subquery(having(&row.code))).await?;
                deed.remove::<client_filing::Entity>(client_filing::Column::Code.eq(row.code.as_str())).await?;
            }
            write_days(&deed).await?;
            Ok(deed.done(
                Entry::new(DeedKind::FilingsChanged, format!("− {} {}", row.code, row.name_ru)).link("/office/filings"),
            ))
        })
        .await
    }
}

/// Works out the stopping days afresh: after a change of filings or of days off.
pub async fn write_days(deed: &Permitted) -> Result<()> {
    let rows = stopping_days(&deed.rows).await?;
    deed.remove::<filing_day::Entity>(Expr::val(1).eq(1)).await?;
    deed.insert_all(rows).await
}

async fn stopping_days(db: &impl ConnectionTrait) -> Result<Vec<filing_day::ActiveModel>> {
    let filings =
        find_whoever_asks::<filing::Entity>().all(db).await?.into_iter().map(to_filing).collect::<Result<Vec<_>>>()?;
    let off = find_whoever_asks::<day_off::Entity>().all(db).await?;
    let off = DaysOff(off.into_iter().map(|d| (d.day, [d.name_ru, d.name_kk, d.name_en])).collect());
    let day = |year, month, day| NaiveDate::from_ymd_opt(year, month, day).ok_or(Error::Broken("year"));
    let window = (day(YEARS.0, 1, 1)?, day(YEARS.1, 12, 31)?);
    let stopping: Vec<Filing> = filings.into_iter().filter(|f| f.stops).collect();
    let mut days: BTreeSet<(String, NaiveDate)> = BTreeSet::new();
    for due in filing_days(&stopping, |_| true, window, &off) {
        days.insert((due.code, due.day));
    }
    let row =
        |(code, day)| filing_day::ActiveModel { code: Set(code), day: Set(day), from_day: Set(minus(day, RISK_AFTER)) };
    Ok(days.into_iter().map(row).collect())
}

impl Store {
    /// Fills the stopping days of a database that has none yet.
    pub(crate) async fn ready_days(&self) -> Result<()> {
        let system = self.for_system(SystemRight::Days, chrono::DateTime::UNIX_EPOCH);
        system
            .write(|deed| async move {
                let deed = deed.by_system(SystemRight::Days)?;
                if find_whoever_asks::<filing_day::Entity>().one(&deed.rows).await?.is_some() {
                    return Ok(deed.nothing());
                }
                write_days(&deed).await?;
                Ok(deed.unrecorded())
            })
            .await
    }
}

fn to_filing(row: filing::Model) -> Result<Filing> {
    Ok(Filing {
        id: Some(FilingId(row.id)),
        kind: FilingKind::parse(&row.kind).ok_or(Error::Broken("filing kind"))?,
        months: row.months.split_whitespace().filter_map(|m| m.parse().ok()).collect(),
        day: u32::try_from(row.day).unwrap_or(1),
        shifts: row.shifts,
        stops: row.stops,
        name: [row.name_ru, row.name_kk, row.name_en],
        whom: [row.whom_ru, row.whom_kk, row.whom_en],
        valid: (row.valid_from, row.valid_to),
        code: row.code,
    })
}

fn model(id: FilingId, f: &Filing) -> filing::ActiveModel {
    let ([name_ru, name_kk, name_en], [whom_ru, whom_kk, whom_en]) = (f.name.clone(), f.whom.clone());
    filing::ActiveModel {
        id: Set(id.0),
        code: Set(f.code.clone()),
        kind: Set(f.kind.code().into()),
        months: Set(f.months.iter().map(u32::to_string).collect::<Vec<_>>().join(" ")),
        day: Set(i32::try_from(f.day).unwrap_or(1)),
        shifts: Set(f.shifts),
        stops: Set(f.stops),
        name_ru: Set(name_ru),
        name_kk: Set(name_kk),
        name_en: Set(name_en),
        whom_ru: Set(whom_ru),
        whom_kk: Set(whom_kk),
        whom_en: Set(whom_en),
        valid_from: Set(f.valid.0),
        valid_to: Set(f.valid.1),
    }
}
