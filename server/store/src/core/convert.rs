//! Between rows and the words of the domain.

use crate::core::entity::{certificate, certificate_file, person, task};
use crate::core::stored::json;
use crate::{Error, Result};
use chrono::{DateTime, Utc};
use domain::certificate::{CertificateRow, Facts, HolderRole, Purpose};
use domain::id::{PersonId, TaskId, TeamId};
use domain::person::{Lang, Person, Role, Theme};
use domain::reason::Reason;
use domain::standing::Life;
use domain::task::{Clock, Route, Stage};
use sea_orm::FromQueryResult;

/// Milliseconds since 1970 as an instant.
pub fn instant(ms: i64) -> DateTime<Utc> {
    DateTime::from_timestamp_millis(ms).unwrap_or_default()
}

/// A list of codes in one column.
pub fn codes(list: impl IntoIterator<Item = &'static str>) -> String {
    list.into_iter().collect::<Vec<_>>().join(" ")
}

pub fn purposes(text: &str) -> Vec<Purpose> {
    text.split_whitespace().filter_map(Purpose::parse).collect()
}

/// What a certificate's row says of its life.
#[derive(FromQueryResult)]
pub struct LifeRow {
    not_before: i64,
    not_after: i64,
    replaced_from: Option<i64>,
    lost_at: Option<i64>,
    lost_reason: Option<String>,
    revoked_at: Option<i64>,
    typed: bool,
    aside_at: Option<i64>,
}

impl LifeRow {
    /// The columns that a query of these rows asks for.
    pub const COLUMNS: [certificate::Column; 8] = [
        certificate::Column::NotBefore,
        certificate::Column::NotAfter,
        certificate::Column::ReplacedFrom,
        certificate::Column::LostAt,
        certificate::Column::LostReason,
        certificate::Column::RevokedAt,
        certificate::Column::Typed,
        certificate::Column::AsideAt,
    ];

    pub fn life(&self) -> Life {
        let why = self.lost_reason.as_deref().and_then(Reason::parse);
        Life {
            not_before: instant(self.not_before),
            not_after: instant(self.not_after),
            replaced_from: self.replaced_from.map(instant),
            lost: self.lost_at.zip(why).map(|(at, why)| (instant(at), why)),
            revoked: self.revoked_at.map(instant),
            typed: self.typed,
            aside: self.aside_at.is_some(),
        }
    }
}

pub fn life(row: &certificate::Model) -> Life {
    let row = LifeRow {
        not_before: row.not_before,
        not_after: row.not_after,
        replaced_from: row.replaced_from,
        lost_at: row.lost_at,
        lost_reason: row.lost_reason.clone(),
        revoked_at: row.revoked_at,
        typed: row.typed,
        aside_at: row.aside_at,
    };
    row.life()
}

pub fn roles(text: &str) -> Vec<HolderRole> {
    text.split_whitespace().filter_map(HolderRole::parse).collect()
}

/// A list line of a certificate, its clients and task still unknown.
pub fn certificate_row(row: &certificate::Model) -> CertificateRow {
    CertificateRow {
        id: domain::id::CertificateId(row.id),
        clients: Vec::new(),
        contract_ended: false,
        holder: row.holder.clone(),
        purposes: purposes(&row.purposes),
        roles: roles(&row.roles),
        life: life(row),
        lineage: row.lineage.clone(),
        serial: row.serial.clone(),
        task: None,
        threat: None,
        daily: false,
    }
}

pub fn facts(row: &certificate_file::Model) -> Result<Facts> {
    json(&row.facts, "facts")
}

pub fn person(row: person::Model) -> Result<Person> {
    Ok(Person {
        id: PersonId(row.id),
        name: row.name,
        email: row.email,
        role: Role::parse(&row.role).ok_or(Error::Broken("role"))?,
        team: row.team_id.map(TeamId),
        sees_all: row.sees_all,
        active: row.active,
        joined: row.password.is_some(),
        lang: Lang::parse(&row.lang).unwrap_or(Lang::Ru),
        theme: Theme::parse(&row.theme).unwrap_or(Theme::System),
        revision: row.revision,
    })
}

pub fn clock(row: &task::Model) -> Clock {
    Clock { due: row.due, waited: i64::from(row.waited), waiting_since: row.waiting_since }
}

/// The coded columns of a task.
pub fn task_codes(row: &task::Model) -> Result<(TaskId, Reason, Route, Stage)> {
    Ok((
        TaskId(row.id),
        Reason::parse(&row.reason).ok_or(Error::Broken("reason"))?,
        Route::parse(&row.route).ok_or(Error::Broken("route"))?,
        Stage::parse(&row.stage).ok_or(Error::Broken("stage"))?,
    ))
}
