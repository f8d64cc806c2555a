//! Taking back who works on clients, while nobody has gone on from it.

use crate::Result;
use crate::core::deed::Permitted;
use crate::core::entity::{assignment, client};
use crate::core::whoever::find_whoever_asks;
use chrono::NaiveDate;
use domain::access::Action;
use domain::audit::{DeedKind, Entry};
use domain::id::{ClientId, PersonId};
use sea_orm::{ColumnTrait as _, QueryFilter as _, QueryOrder as _, Set};
use serde::{Deserialize, Serialize};
use std::collections::HashSet;
use uuid::Uuid;

/// An assignment as it stood.
#[derive(Serialize, Deserialize, PartialEq)]
pub struct Line {
    id: Uuid,
    person: Uuid,
    part: String,
    from: NaiveDate,
    until: Option<NaiveDate>,
}

/// Who worked on a client before a change and after it.
#[derive(Serialize, Deserialize)]
pub struct Staffing {
    client: Uuid,
    before: Vec<Line>,
    after: Vec<Line>,
}

impl Staffing {
    /// Who works on a client before a change.
    pub async fn before(deed: &Permitted, client: Uuid) -> Result<Self> {
        Ok(Self { client, before: lines(deed, client).await?, after: Vec::new() })
    }

    /// The same with who does after it.
    pub async fn after(self, deed: &Permitted) -> Result<Self> {
        Ok(Self { after: lines(deed, self.client).await?, ..self })
    }
}

async fn lines(deed: &Permitted, client: Uuid) -> Result<Vec<Line>> {
    let rows = find_whoever_asks::<assignment::Entity>().filter(assignment::Column::ClientId.eq(client));
    let rows = rows.order_by_asc(assignment::Column::Id).all(&deed.rows).await?;
    let line = |r: assignment::Model| Line {
        id: r.id,
        person: r.person_id,
        part: r.part,
        from: r.from_day,
        until: r.until_day,
    };
    Ok(rows.into_iter().map(line).collect())
}

impl Permitted {
    /// Puts who worked on clients back as it was; a client that somebody has changed since keeps what it has, and so does one
    /// that would be with somebody who has left.
    pub(crate) async fn take_staffing_back(&self, all: &[Staffing]) -> Result<Vec<Entry>> {
        let ids = client::Column::Id.is_in(all.iter().map(|s| s.client));
        let mine = self.held_all::<client::Entity>(Action::AssignClient, ids).await?;
        let here: HashSet<PersonId> = self.people().await?.iter().filter(|p| p.active).map(|p| p.id).collect();
        let left = |line: &Line| {
            line.until.is_none_or(|until| until >= self.who.today.day) && !here.contains(&PersonId(line.person))
        };
        let mut done = Vec::new();
        for staffing in all {
            let Some(row) = mine.iter().find(|c| c.id == staffing.client) else { continue };
            if staffing.before.iter().any(left) || lines(self, row.id).await? != staffing.after {
                continue;
            }
            self.remove::<assignment::Entity>(assignment::Column::ClientId.eq(row.id)).await?;
            let rows = staffing.before.iter().map(|line| assignment::ActiveModel {
                id: Set(line.id),
                client_id: Set(row.id),
                person_id: Set(line.person),
                part: Set(line.part.clone()),
                from_day: Set(line.from),
                until_day: Set(line.until),
            });
            self.insert_all(rows.collect()).await?;
            let id = ClientId(row.id);
            done.push(Entry::new(DeedKind::Undone, row.name.clone()).client(id).link(format!("/clients/{id}")));
        }
        Ok(done)
    }
}
