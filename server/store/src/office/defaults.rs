//! What a new office starts with; every line is editable data from then on. The lines stand in `defaults/`, one a line.
//!
//! Days off: 2026 official (five-day week), 2027 computed by the transfer rule. Filings: the Tax Code № 214-VIII of 2025 and
//! forms of order № 695 as the trade's calendars give them. Steps: guides of НУЦ РК on reissue. Names and addresses of
//! authorities: as they stand in their certificates.

use crate::calendar::filings::write_days;
use crate::core::deed::Permitted;
use crate::core::entity::{authority, day_off, filing, list_source, office, route_rule, step_template, system};
use crate::core::fresh;
use crate::{Error, Result};
use chrono::NaiveDate;
use domain::office::Office;
use sea_orm::Set;
use sea_orm::sea_query::{Expr, ExprTrait as _, SimpleExpr};
use serde::Deserialize;
use serde::de::DeserializeOwned;

/// Words in ru, kk and en.
type Words = [String; 3];

#[derive(Deserialize)]
struct DayOff {
    day: NaiveDate,
    name: Words,
}

#[derive(Deserialize)]
struct Filing {
    code: String,
    kind: String,
    months: String,
    day: i32,
    shifts: bool,
    stops: bool,
    name: Words,
    whom: Words,
}

#[derive(Deserialize)]
struct Step {
    reason: Option<String>,
    route: Option<String>,
    #[serde(default)]
    fact: Option<String>,
    place: i32,
    text: Words,
}

#[derive(Deserialize)]
struct System {
    place: i32,
    usual: bool,
    name: Words,
}

#[derive(Deserialize)]
struct Route {
    route: String,
    conditions: String,
    link: String,
}

#[derive(Deserialize)]
struct Address {
    kind: String,
    url: String,
}

/// Writes the office and what it starts with, in place of what stood there before anybody was.
///
/// # Errors
/// When the database fails.
pub async fn begin_office(deed: &Permitted, with: &Office) -> Result<()> {
    deed.remove::<office::Entity>(every()).await?;
    deed.insert(office::ActiveModel {
        plan_days: Set(None),
        escalate_days: Set(None),
        id: Set(1),
        name: Set(with.name.clone()),
        zone: Set(with.zone.clone()),
        lang: Set(with.lang.code().into()),
        keep_months: sea_orm::NotSet,
        lists_daily: sea_orm::NotSet,
        lists_asked: sea_orm::NotSet,
        writes_office: sea_orm::NotSet,
        writes_people: sea_orm::NotSet,
        writes_clients: sea_orm::NotSet,
        writes_certificates: sea_orm::NotSet,
        writes_tasks: sea_orm::NotSet,
        writes_notices: sea_orm::NotSet,
        ladder: sea_orm::NotSet,
        reminds_since: sea_orm::NotSet,
    })
    .await?;
    days(deed).await?;
    work(deed).await?;
    authorities(deed).await
}

async fn days(deed: &Permitted) -> Result<()> {
    let rows = lines(include_str!("defaults/days_off.json"))?.into_iter().map(|DayOff { day, name }| {
        let [ru, kk, en] = name;
        day_off::ActiveModel { day: Set(day), name_ru: Set(ru), name_kk: Set(kk), name_en: Set(en) }
    });
    deed.remove::<day_off::Entity>(every()).await?;
    deed.insert_all(rows.collect()).await?;
    let rows = lines(include_str!("defaults/filings.json"))?.into_iter().map(|f: Filing| {
        let ([name_ru, name_kk, name_en], [whom_ru, whom_kk, whom_en]) = (f.name, f.whom);
        filing::ActiveModel {
            id: Set(fresh::id()),
            code: Set(f.code),
            kind: Set(f.kind),
            months: Set(f.months),
            day: Set(f.day),
            shifts: Set(f.shifts),
            stops: Set(f.stops),
            name_ru: Set(name_ru),
            name_kk: Set(name_kk),
            name_en: Set(name_en),
            whom_ru: Set(whom_ru),
            whom_kk: Set(whom_kk),
            whom_en: Set(whom_en),
            valid_from: Set(None),
            valid_to: Set(None),
        }
    });
    deed.remove::<filing::Entity>(every()).await?;
    deed.insert_all(rows.collect()).await?;
    write_days(deed).await
}

async fn work(deed: &Permitted) -> Result<()> {
    let rows = lines(include_str!("defaults/steps.json"))?.into_iter().map(|s: Step| {
        let [ru, kk, en] = s.text;
        step_template::ActiveModel {
            id: Set(fresh::id()),
            reason: Set(s.reason),
            route: Set(s.route),
            fact: Set(s.fact),
            place: Set(s.place),
            text_ru: Set(ru),
            text_kk: Set(kk),
            text_en: Set(en),
        }
    });
    deed.remove::<step_template::Entity>(every()).await?;
    deed.insert_all(rows.collect()).await?;
    let rows = lines(include_str!("defaults/systems.json"))?.into_iter().map(|s: System| {
        let ([ru, kk, en], place, usual) = (s.name, Set(s.place), Set(s.usual));
        system::ActiveModel { id: Set(fresh::id()), place, usual, name_ru: Set(ru), name_kk: Set(kk), name_en: Set(en) }
    });
    deed.remove::<system::Entity>(every()).await?;
    deed.insert_all(rows.collect()).await?;
    let rows = lines(include_str!("defaults/routes.json"))?.into_iter().map(|r: Route| route_rule::ActiveModel {
        route: Set(r.route),
        conditions: Set(r.conditions),
        link: Set(r.link),
    });
    deed.remove::<route_rule::Entity>(every()).await?;
    deed.insert_all(rows.collect()).await
}

async fn authorities(deed: &Permitted) -> Result<()> {
    let rows = lines(include_str!("defaults/authorities.json"))?
        .into_iter()
        .map(|name: String| authority::ActiveModel { id: Set(fresh::id()), common_name: Set(name), der: Set(None) });
    deed.remove::<authority::Entity>(every()).await?;
    deed.insert_all(rows.collect()).await?;
    let rows = lines(include_str!("defaults/addresses.json"))?.into_iter().map(|a: Address| list_source::ActiveModel {
        id: Set(fresh::id()),
        kind: Set(a.kind),
        url: Set(a.url),
    });
    deed.remove::<list_source::Entity>(every()).await?;
    deed.insert_all(rows.collect()).await
}

fn every() -> SimpleExpr {
    Expr::val(1).eq(1)
}

fn lines<T: DeserializeOwned>(text: &str) -> Result<Vec<T>> {
    serde_json::from_str(text).map_err(|_| Error::Broken("a default of a new office"))
}
