//! A loss of access: whoever works with the certificate hears of it at once, in the write that reports it.

use super::told::Around;
use crate::Result;
use crate::core::deed::Permitted;
use crate::core::entity::{certificate, notice};
use crate::core::fresh;
use domain::access::Action;
use domain::certificate::Purpose;
use domain::id::PersonId;
use domain::reminder::{NoticeKind, Receiver, receivers};
use sea_orm::sea_query::ExprTrait as _;
use sea_orm::{ColumnTrait as _, QueryFilter as _};
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

impl Permitted {
    /// Tells those who work with these certificates, else who leads them, else the owners; not whoever reports it. A set is
    /// told of once.
    pub(crate) async fn tell_of_loss(&self, lost: &[Uuid]) -> Result<()> {
        if lost.is_empty() {
            return Ok(());
        }
        let these = || certificate::Column::Id.is_in(lost.iter().copied());
        let rows = self.find::<certificate::Entity>(Action::See).filter(these()).all(&self.rows).await?;
        let around = Around::of(self, &rows).await?;
        let mut sets: BTreeMap<_, &certificate::Model> = BTreeMap::new();
        for row in &rows {
            let main = sets.entry((row.last_day, &row.lineage)).or_insert(row);
            if row.purposes.contains(Purpose::Signing.code()) {
                *main = row;
            }
        }
        // A loss that was reported before, and taken back, is told of anew.
        let before = notice::Column::CertificateId.is_in(lost.iter().copied());
        self.remove::<notice::Entity>(before.and(notice::Column::Kind.eq(NoticeKind::Lost.code()))).await?;
        let (mut notices, mut at_once) = (Vec::new(), Vec::new());
        for row in sets.into_values() {
            for person in self.told_of(row, &around) {
                let id = fresh::id();
                notices.push(self.new_notice(id, NoticeKind::Lost, row, person));
                at_once.push((person, id));
            }
        }
        self.insert_all(notices).await?;
        self.tell_at_once(&at_once).await
    }

    fn told_of(&self, row: &certificate::Model, around: &Around) -> BTreeSet<PersonId> {
        let me = self.who.person;
        let of = |client| {
            let others: Vec<Receiver> = around.all_of(client).into_iter().filter(|r| r.id != me).collect();
            receivers(&others).0
        };
        around.clients_of(row.id).iter().flat_map(of).collect()
    }
}
