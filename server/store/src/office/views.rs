//! Saved views: one's own and those that a team or the office shares.

use crate::core::admitted::ScopedStore;
use crate::core::entity::saved_view;
use crate::core::fresh;
use crate::{Error, Result};
use domain::access::{Action, Reach};
use domain::audit::{DeedKind, Entry};
use domain::id::ViewId;
use domain::refusal::{Refusal, Rule};
use domain::view::{NewView, Place, SavedView};
use sea_orm::sea_query::ExprTrait as _;
use sea_orm::{ColumnTrait as _, PaginatorTrait as _, QueryFilter as _, QueryOrder as _, Set};
use std::sync::Arc;

/// Views that one person keeps at most.
const MOST: u64 = 60;

impl ScopedStore {
    /// Views of every list that the person may use, by name.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn saved_views(&self) -> Result<Arc<Vec<SavedView>>> {
        let team = self.who.team.map(|t| t.to_string()).unwrap_or_default();
        let key = format!("views {} {team} {}", self.who.person, self.who.role.code());
        let ask = async {
            let rows = self.find::<saved_view::Entity>(Action::See).order_by_asc(saved_view::Column::Name);
            let rows = rows.all(&self.rows).await?.into_iter().map(|row| {
                Ok(SavedView {
                    id: ViewId(row.id),
                    place: Place::parse(&row.place).ok_or(Error::Broken("place"))?,
                    name: row.name,
                    query: row.query,
                    shared: row.shared,
                    own: row.person_id == self.who.person.0 || self.who.reach(Action::Settings) != Reach::Nothing,
                })
            });
            rows.collect::<Result<_>>()
        };
        self.remembered(key, ask).await
    }

    /// Saves a view; one of the same name on the same list is replaced. Owners share with the office, leads with their
    /// team.
    ///
    /// # Errors
    /// `NotAllowed` to share for others, `Invalid` where too many are kept.
    pub async fn save_view(&self, new: NewView) -> Result<()> {
        let new = &new;
        self.write(|deed| async move {
            if new.shared {
                deed.require(Action::AssignTask)?;
            }
            let deed = deed.own()?;
            let mine = || saved_view::Column::PersonId.eq(deed.who.person.0);
            let same = mine()
                .and(saved_view::Column::Place.eq(new.place.code()))
                .and(saved_view::Column::Name.eq(new.name.as_str()));
            if deed
                .find::<saved_view::Entity>(Action::See)
                .filter(mine().and(same.clone().not()))
                .count(&deed.rows)
                .await?
                >= MOST
            {
                return Err(Refusal::invalid("name", Rule::TooMany).into());
            }
            let whole = deed.who.reach(Action::AssignTask) == Reach::Everything;
            let team = if whole { None } else { deed.who.team.map(|t| t.0) };
            deed.remove::<saved_view::Entity>(same).await?;
            deed.insert(saved_view::ActiveModel {
                id: Set(fresh::id()),
                person_id: Set(deed.who.person.0),
                team_id: Set(team),
                // A lead without a team has nobody to share with.
                shared: Set(new.shared && (whole || team.is_some())),
                place: Set(new.place.code().into()),
                name: Set(new.name.clone()),
                query: Set(new.query.clone()),
            })
            .await?;
            let link = format!("{}?{}", new.place.path(), new.query);
            Ok(deed.done(Entry::new(DeedKind::ViewSaved, new.name.clone()).link(link)))
        })
        .await
    }

    /// Removes a view of one's own; an owner removes any that the owner sees.
    ///
    /// # Errors
    /// `NotFound`, `NotAllowed`.
    pub async fn remove_view(&self, id: ViewId) -> Result<Place> {
        self.write(|deed| async move {
            let row = deed.held::<saved_view::Entity>(Action::WorkTask, saved_view::Column::Id.eq(id.0)).await?;
            let deed = row.permits();
            deed.remove::<saved_view::Entity>(saved_view::Column::Id.eq(id.0)).await?;
            let place = Place::parse(&row.place).ok_or(Error::Broken("place"))?;
            Ok(deed.done(Entry::new(DeedKind::ViewRemoved, row.name.clone())).with(place))
        })
        .await
    }
}
