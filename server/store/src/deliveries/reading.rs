//! The register as one person may see it, for what the program sends to them.

use crate::Result;
use crate::core::admitted::{Admitted, ScopedStore};
use crate::core::areas::{COLUMNS, CountsRow};
use crate::core::connection::Store;
use crate::core::convert::person as to_person;
use crate::core::entity::{office, person};
use crate::core::whoever::find_whoever_asks;
use domain::day::OfficeDay;
use domain::id::PersonId;
use domain::person::Person;
use sea_orm::sea_query::ExprTrait as _;
use sea_orm::{ColumnTrait as _, QueryFilter as _, QuerySelect as _};

impl Store {
    /// Opens the store to what a person may see at this moment, to be sent to that person. It reads only. None for somebody
    /// who has left.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn reading_for(&self, id: PersonId, today: OfficeDay) -> Result<Option<(ScopedStore, Person)>> {
        // The counts first: what is written after them makes answers old.
        let counts = find_whoever_asks::<office::Entity>().select_only().columns(COLUMNS);
        let Some(writes) = counts.into_model::<CountsRow>().one(&self.db).await? else { return Ok(None) };
        let one = person::Column::Id.eq(id.0).and(person::Column::Active.eq(true));
        let Some(row) = find_whoever_asks::<person::Entity>().filter(one).one(&self.db).await? else { return Ok(None) };
        let person = to_person(row)?;
        let who = Admitted {
            person: person.id,
            session: None,
            role: person.role,
            team: person.team,
            sees_all: person.sees_all,
            today,
            writes: writes.into(),
            system: None,
            reads_only: true,
        };
        Ok(Some((ScopedStore::open(self.clone(), who), person)))
    }
}
