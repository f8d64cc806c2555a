//! Certificates that end between two days, narrowed to what was asked for.

use crate::certificates::cards::client_join;
use crate::clients::cards::{not_replaced, responsible_for};
use crate::core::admitted::ScopedStore;
use crate::core::convert::LifeRow;
use crate::core::entity::{certificate, certificate_client, client};
use chrono::NaiveDate;
use domain::access::{Action, Reach};
use domain::calendar::{CalendarFilter, StandingFilter};
use domain::standing::Urgency;
use sea_orm::sea_query::{Condition, ExprTrait as _};
use sea_orm::{ColumnTrait as _, JoinType, QueryFilter as _, QuerySelect as _, Select};

impl ScopedStore {
    /// Names what an answer about days depends on; whoever sees everything sees the same.
    pub(crate) fn own_key(&self, what: &str, from: NaiveDate, to: NaiveDate, filter: &CalendarFilter) -> String {
        let whose = if self.who.reach(Action::See) == Reach::Everything {
            None
        } else {
            Some((self.who.person, self.who.team))
        };
        format!("{what} {whose:?} {} {from} {to} {filter:?}", self.who.today.day)
    }

    /// Certificates that end between two days and are narrowed to, with the first of their clients that is seen.
    pub(crate) fn ending(
        &self,
        from: NaiveDate,
        to: NaiveDate,
        filter: &CalendarFilter,
    ) -> Select<certificate_client::Entity> {
        self.find::<certificate_client::Entity>(Action::See)
            .join(JoinType::InnerJoin, client_join())
            .join(JoinType::InnerJoin, crate::core::joins::link_join().rev())
            .filter(certificate_client::Column::LastDay.between(from, to))
            .filter(client::Column::Archived.is_null())
            .filter(self.narrowed(filter))
            .select_only()
            .column_as(certificate::Column::Id, "id")
            .columns([certificate_client::Column::LastDay])
            .columns([certificate::Column::Holder, certificate::Column::Lineage])
            .columns([certificate::Column::Purposes, certificate::Column::Roles])
            .columns(LifeRow::COLUMNS)
            .column_as(client::Column::Name, "client")
            .column_as(client::Column::Id, "client_id")
            .column_as(client::Column::SortName, "sort_name")
    }

    pub(super) fn narrowed(&self, filter: &CalendarFilter) -> Condition {
        let now = self.now_ms();
        let mut all = Condition::all();
        all = all.add(if filter.standing == Some(StandingFilter::Replaced) {
            not_replaced(now).not()
        } else {
            not_replaced(now)
        });
        if let Some(client) = filter.client {
            all = all.add(certificate_client::Column::ClientId.eq(client.0));
        }
        if let Some(team) = filter.team {
            all = all.add(client::Column::TeamId.eq(team.0));
        }
        if let Some(purpose) = filter.purpose {
            all = all.add(certificate::Column::Purposes.contains(purpose.code()));
        }
        if let Some(who) = filter.responsible {
            all = all.add(certificate_client::Column::ClientId.in_subquery(responsible_for(who, self.who.today.day)));
        }
        all
    }

    pub(crate) fn of_standing(&self, standing: Option<StandingFilter>) -> Condition {
        match standing.filter(|wanted| *wanted != StandingFilter::Replaced) {
            Some(wanted) => Condition::all().add(self.level().is_in(levels_of(wanted))),
            None => Condition::all(),
        }
    }
}

/// The places of what is wanted in [`Urgency::ALL`].
pub(super) fn levels_of(wanted: StandingFilter) -> Vec<i32> {
    (0..).zip(Urgency::ALL).filter(|(_, urgency)| wanted.takes(**urgency)).map(|(level, _)| level).collect()
}
