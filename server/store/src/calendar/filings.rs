//! Filings as data: the office's table, who files what, and what ends of certificates break.

use crate::core::admitted::ScopedStore;
use crate::core::deed::Permitted;
use crate::core::entity::{certificate, certificate_client, client, client_filing, day_off, filing, filing_day};
use crate::core::fresh;
use crate::core::reach::within;
use crate::core::whoever::find_whoever_asks;
use crate::{Error, Result, Store};
use chrono::NaiveDate;
use domain::access::{Action, SystemRight};
use domain::audit::{DeedKind, Entry};
use domain::day::{DaysOff, minus};
use domain::filing::{Filing, FilingKind, RISK_AFTER, Threat, filing_days, threat};
use domain::id::{ClientId, FilingId};
use domain::refusal::Refusal;
use sea_orm::sea_query::{Alias, Expr, ExprTrait as _, Query, SelectStatement, SimpleExpr};
use sea_orm::{
    ColumnTrait as _, ConnectionTrait, EntityTrait as _, QueryFilter as _, QueryOrder as _, QuerySelect as _, Set,
};
use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;
use uuid::Uuid;

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

    /// Codes of what present clients file, only of those that may be seen.
    pub(crate) async fn codes_of(&self, clients: &[Uuid]) -> Result<HashMap<Uuid, Vec<String>>> {
        let mut out: HashMap<Uuid, Vec<String>> = HashMap::new();
        for part in clients.chunks(500) {
            let rows = self
                .find::<client_filing::Entity>(Action::See)
                .filter(client_filing::Column::ClientId.is_in(part.iter().copied()))
                .order_by_asc(client_filing::Column::Code)
                .all(&self.rows)
                .await?;
            for row in rows {
                out.entry(row.client_id).or_default().push(row.code);
            }
        }
        Ok(out)
    }

    /// How many present clients that may be seen have each code, narrowed to one client or not.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn filing_counts(&self, of: Option<ClientId>) -> Result<Arc<HashMap<String, i64>>> {
        let key = format!("filing counts {} {:?} {} {of:?}", self.who.person, self.who.team, self.who.today.day);
        let ask = async {
            let mut query =
                self.find::<client_filing::Entity>(Action::See).filter(present(client_filing::Column::ClientId));
            if let Some(client) = of {
                query = query.filter(client_filing::Column::ClientId.eq(client.0));
            }
            let rows: Vec<(String, i64)> = query
                .select_only()
                .column(client_filing::Column::Code)
                .expr(Expr::col(client_filing::Column::ClientId).count())
                .group_by(client_filing::Column::Code)
                .into_tuple()
                .all(&self.rows)
                .await?;
            Ok(rows.into_iter().collect())
        };
        self.remembered(key, ask).await
    }

    /// What the ends of certificates break, of the present clients that may be seen; and whether one of these goes on
    /// filing all the year round.
    pub(crate) async fn threats(&self, ends: &[(Uuid, NaiveDate)]) -> Result<HashMap<Uuid, (Option<Threat>, bool)>> {
        let mut out = HashMap::new();
        if ends.is_empty() {
            return Ok(out);
        }
        let (filings, off) = (self.filings().await?, self.days_off().await?);
        let continuous: BTreeSet<&str> =
            filings.iter().filter(|f| f.is_continuous()).map(|f| f.code.as_str()).collect();
        let mut codes: HashMap<Uuid, Vec<String>> = HashMap::new();
        for part in ends.chunks(500) {
            let rows: Vec<(Uuid, String)> = self
                .links_of_named(Action::See)
                .filter(certificate_client::Column::CertificateId.is_in(part.iter().map(|(id, _)| *id)))
                .filter(present(certificate_client::Column::ClientId))
                .join(sea_orm::JoinType::InnerJoin, filing_join())
                .select_only()
                .column(certificate_client::Column::CertificateId)
                .column(client_filing::Column::Code)
                .distinct()
                .into_tuple()
                .all(&self.rows)
                .await?;
            for (id, code) in rows {
                codes.entry(id).or_default().push(code);
            }
        }
        for (id, last_day) in ends {
            if let Some(own) = codes.get(id) {
                let daily = own.iter().any(|code| continuous.contains(code.as_str()));
                out.insert(*id, (threat(&filings, own, *last_day, &off), daily));
            }
        }
        Ok(out)
    }

    /// [`threat`] for the database: whether the end of a certificate breaks a filing of a client that may be seen.
    pub(crate) fn breaks(&self) -> SimpleExpr {
        let link = Alias::new("of_end");
        let seen = within(Expr::col((link.clone(), certificate_client::Column::ClientId)), &self.who, Action::See);
        let last_day = || Expr::col((certificate::Entity, certificate::Column::LastDay));
        let mut found = Query::select();
        found
            .expr(Expr::val(1))
            .from_as(certificate_client::Entity, link.clone())
            .inner_join(
                client_filing::Entity,
                Expr::col((client_filing::Entity, client_filing::Column::ClientId))
                    .equals((link.clone(), certificate_client::Column::ClientId)),
            )
            .inner_join(
                filing_day::Entity,
                Expr::col((filing_day::Entity, filing_day::Column::Code))
                    .equals((client_filing::Entity, client_filing::Column::Code)),
            )
            .and_where(
                Expr::col((link.clone(), certificate_client::Column::CertificateId))
                    .equals((certificate::Entity, certificate::Column::Id)),
            )
            .and_where(Expr::col((link, certificate_client::Column::ClientId)).not_in_subquery(put_away()))
            .cond_where(seen);
        hits(&mut found, last_day());
        Expr::exists(found)
    }

    /// The same for one client alone, whose link to the certificate is at hand.
    pub(crate) fn breaks_of_link(&self) -> SimpleExpr {
        let mut found = Query::select();
        found
            .expr(Expr::val(1))
            .from(client_filing::Entity)
            .inner_join(
                filing_day::Entity,
                Expr::col((filing_day::Entity, filing_day::Column::Code))
                    .equals((client_filing::Entity, client_filing::Column::Code)),
            )
            .and_where(
                Expr::col((client_filing::Entity, client_filing::Column::ClientId))
                    .equals((certificate_client::Entity, certificate_client::Column::ClientId)),
            );
        hits(&mut found, Expr::col((certificate::Entity, certificate::Column::LastDay)));
        Expr::exists(found)
    }
}

fn hits(query: &mut SelectStatement, last_day: Expr) {
    let column = |c: filing_day::Column| Expr::col((filing_day::Entity, c));
    query
        .and_where(column(filing_day::Column::Day).gte(last_day.clone()))
        .and_where(column(filing_day::Column::FromDay).lte(last_day));
}

fn put_away() -> SelectStatement {
    Query::select()
        .column(client::Column::Id)
        .from(client::Entity)
        .and_where(client::Column::Archived.is_not_null())
        .to_owned()
}

/// Rows of clients that are not put away.
fn present(column: impl sea_orm::ColumnTrait) -> SimpleExpr {
    column.not_in_subquery(put_away())
}

/// Clients that have a code.
pub fn having(code: &str) -> SelectStatement {
    Query::select()
        .column(client_filing::Column::ClientId)
        .from(client_filing::Entity)
        .and_where(client_filing::Column::Code.eq(code))
        .to_owned()
}

fn filing_join() -> sea_orm::RelationDef {
    certificate_client::Entity::belongs_to(client_filing::Entity)
        .from(certificate_client::Column::ClientId)
        .to(client_filing::Column::ClientId)
        .into()
}

/// Clients whose filings have changed: a form that was opened before may not write over them.
pub async fn touched(deed: &Permitted, clients: SimpleExpr) -> Result<()> {
    let next = Expr::col(client::Column::Revision).add(1);
    deed.run(deed.change::<client::Entity>(clients).col_expr(client::Column::Revision, next)).await?;
    Ok(())
}

/// Puts the codes of a client in the place of those it had; what the table does not know is left out.
pub async fn write_codes(deed: &Permitted, client: ClientId, codes: &[String]) -> Result<()> {
    deed.remove::<client_filing::Entity>(client_filing::Column::ClientId.eq(client.0)).await?;
    let known: BTreeSet<String> = find_whoever_asks::<filing::Entity>()
        .filter(filing::Column::Code.is_in(codes.iter().map(String::as_str)))
        .all(&deed.rows)
        .await?
        .into_iter()
        .map(|f| f.code)
        .collect();
    deed.insert_all(known.into_iter().map(|code| code_row(client, code)).collect()).await
}

pub fn code_row(client: ClientId, code: String) -> client_filing::ActiveModel {
    client_filing::ActiveModel { client_id: Set(client.0), code: Set(code) }
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
