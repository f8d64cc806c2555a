//! Grounds on which the firm acts for its clients.

use crate::core::admitted::ScopedStore;
use crate::core::convert::instant;
use crate::core::entity::{certificate, certificate_client, client, ground};
use crate::core::fresh;
use crate::core::reach::within;
use crate::{Error, Result};
use chrono::NaiveDate;
use domain::access::Action;
use domain::audit::{DeedKind, Entry};
use domain::calendar::CalendarFilter;
use domain::day::{minus, plus};
use domain::ground::{Ground, GroundKind, NewGround};
use domain::id::{CertificateId, ClientId, GroundId, PersonId};
use domain::refusal::{Refusal, Rule};
use sea_orm::sea_query::{Condition, Expr, ExprTrait as _, Query, SelectStatement};
use sea_orm::{
    ColumnTrait as _, IntoSimpleExpr as _, PaginatorTrait as _, QueryFilter as _, QueryOrder as _, QuerySelect as _,
    Select, Set,
};
use std::collections::HashMap;
use std::sync::Arc;
use uuid::Uuid;

/// Grounds of a list at most.
const LINES: u64 = 200;

impl ScopedStore {
    /// Grounds of a client, those that hold first.
    ///
    /// # Errors
    /// `NotFound` for a foreign client.
    pub async fn grounds(&self, client: ClientId) -> Result<Vec<Ground>> {
        self.client(Action::See, client).await?;
        let rows = self.find::<ground::Entity>(Action::See).filter(ground::Column::ClientId.eq(client.0));
        let rows = rows.order_by_desc(ground::Column::Made).all(&self.rows).await?;
        let mut out = self.as_grounds(rows).await?;
        out.sort_by_key(|g| !g.holds(self.who.today));
        Ok(out)
    }

    /// Grounds that end between two days, of present clients, the first first.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn grounds_ending(
        &self,
        from: NaiveDate,
        to: NaiveDate,
        of: Option<ClientId>,
    ) -> Result<Arc<Vec<Ground>>> {
        let filter = CalendarFilter { client: of, ..CalendarFilter::default() };
        let ask = async {
            let mut rows = self.find::<ground::Entity>(Action::See).filter(self.ending_grounds(from, to));
            if let Some(client) = of {
                rows = rows.filter(ground::Column::ClientId.eq(client.0));
            }
            self.as_grounds(rows.order_by_asc(ground::Column::Until).limit(LINES).all(&self.rows).await?).await
        };
        self.remembered(self.own_key("grounds", from, to, &filter), ask).await
    }

    /// Powers of attorney that end within thirty days, and those that ended lately where nothing else holds.
    pub(crate) async fn grounds_that_matter(&self) -> Result<Vec<Ground>> {
        let today = self.who.today.day;
        let ended = Condition::all()
            .add(ground::Column::Until.lt(today))
            .add(ground::Column::ClientId.in_subquery(self.holding()))
            .not();
        let rows =
            self.find::<ground::Entity>(Action::See).filter(self.ending_grounds(minus(today, 30), plus(today, 30)));
        let rows = rows.filter(ended).order_by_asc(ground::Column::Until).limit(LINES);
        self.as_grounds(rows.all(&self.rows).await?).await
    }

    /// Clients with a ground that holds today.
    fn holding(&self) -> SelectStatement {
        Query::select()
            .column(ground::Column::ClientId)
            .from(ground::Entity)
            .and_where(ground::Column::Ended.is_null())
            .cond_where(
                Condition::any()
                    .add(ground::Column::Until.is_null())
                    .add(ground::Column::Until.gte(self.who.today.day)),
            )
            .to_owned()
    }

    pub(crate) fn ending_grounds(&self, from: NaiveDate, to: NaiveDate) -> Condition {
        Condition::all()
            .add(ground::Column::Until.between(from, to))
            .add(ground::Column::Ended.is_null())
            .add(ground::Column::ClientId.in_subquery(present()))
    }

    async fn as_grounds(&self, rows: Vec<ground::Model>) -> Result<Vec<Ground>> {
        let names: HashMap<Uuid, String> = self.people().await?.iter().map(|p| (p.id.0, p.name.clone())).collect();
        let clients = self.names_of(rows.iter().map(|r| r.client_id)).await?;
        let about: Vec<Uuid> = rows.iter().filter_map(|r| r.certificate_id).collect();
        let holders: HashMap<Uuid, String> = self
            .find::<certificate::Entity>(Action::See)
            .filter(certificate::Column::Id.is_in(about))
            .select_only()
            .columns([certificate::Column::Id, certificate::Column::Holder])
            .into_tuple::<(Uuid, String)>()
            .all(&self.rows)
            .await?
            .into_iter()
            .collect();
        rows.into_iter()
            .map(|r| {
                Ok(Ground {
                    id: GroundId(r.id),
                    client: (ClientId(r.client_id), clients.get(&r.client_id).cloned().unwrap_or_default()),
                    holder: r.certificate_id.and_then(|id| holders.get(&id).cloned()),
                    made: (names.get(&r.person_id).cloned().unwrap_or_default(), instant(r.made)),
                    ended: r.ended.map(instant),
                    said: NewGround {
                        kind: GroundKind::parse(&r.kind).ok_or(Error::Broken("ground kind"))?,
                        certificate: r.certificate_id.map(CertificateId),
                        number: r.number,
                        scope: r.scope,
                        until: r.until,
                        note: r.note,
                    },
                })
            })
            .collect()
    }

    /// Names of clients that may be seen, told apart.
    pub(crate) async fn names_of(&self, ids: impl Iterator<Item = Uuid>) -> Result<HashMap<Uuid, String>> {
        let alike = self.alike().await?;
        let rows: Vec<(Uuid, String)> = self
            .find::<client::Entity>(Action::See)
            .filter(client::Column::Id.is_in(ids))
            .select_only()
            .columns([client::Column::Id, client::Column::Name])
            .into_tuple()
            .all(&self.rows)
            .await?;
        Ok(rows.into_iter().map(|(id, name)| (id, alike.named(id, name))).collect())
    }

    /// Records a ground.
    ///
    /// # Errors
    /// `NotFound`, `NotAllowed`, `Invalid` for a power of attorney without number or end, or a certificate of another
    /// client.
    pub async fn record_ground(&self, client: ClientId, new: NewGround) -> Result<()> {
        let new = &new;
        self.write(|deed| async move {
            let on = deed.client(Action::WorkTask, client).await?;
            if new.kind == GroundKind::PowerOfAttorney {
                if new.number.trim().is_empty() {
                    return Err(Refusal::invalid("number", Rule::Required).into());
                }
                if new.until.is_none() {
                    return Err(Refusal::invalid("until", Rule::Required).into());
                }
            }
            if let Some(certificate) = new.certificate {
                let link = certificate_client::Column::CertificateId
                    .eq(certificate.0)
                    .and(certificate_client::Column::ClientId.eq(client.0));
                let found = deed.find::<certificate_client::Entity>(Action::See).filter(link).one(&deed.rows).await?;
                found.ok_or(Refusal::invalid("certificate", Rule::Unknown))?;
            }
            let about = format!("{}: {}", on.name, new.kind.code());
            let deed = on.permits();
            deed.insert(ground::ActiveModel {
                id: Set(fresh::id()),
                client_id: Set(client.0),
                certificate_id: Set(new.certificate.map(|c| c.0)),
                kind: Set(new.kind.code().into()),
                number: Set(new.number.clone()),
                scope: Set(new.scope.clone()),
                until: Set(new.until),
                note: Set(new.note.clone()),
                person_id: Set(deed.who.person.0),
                made: Set(deed.now_ms()),
                ended: Set(None),
            })
            .await?;
            Ok(deed.done(Entry::new(DeedKind::GroundRecorded, about).client(client).link(format!("/clients/{client}"))))
        })
        .await
    }

    /// Ends a ground: it stays in the record.
    ///
    /// # Errors
    /// `NotFound`, `NotAllowed`, `Conflict` where it has ended already.
    pub async fn end_ground(&self, id: GroundId) -> Result<ClientId> {
        self.write(|deed| async move {
            let row = deed.held::<ground::Entity>(Action::WorkTask, ground::Column::Id.eq(id.0)).await?;
            let client = ClientId(row.client_id);
            let deed = row.permits();
            let open = ground::Column::Id.eq(id.0).and(ground::Column::Ended.is_null());
            deed.run_one(
                deed.change::<ground::Entity>(open).col_expr(ground::Column::Ended, Expr::value(deed.now_ms())),
            )
            .await?;
            Ok(deed
                .done(
                    Entry::new(DeedKind::GroundEnded, row.kind.clone())
                        .client(client)
                        .link(format!("/clients/{client}")),
                )
                .with(client))
        })
        .await
    }

    /// Present clients with a certificate but without a ground that holds.
    pub(crate) fn without_ground(&self) -> Select<client::Entity> {
        let certified = Query::select()
            .column(certificate_client::Column::ClientId)
            .from(certificate_client::Entity)
            .and_where(certificate_client::Column::LastDay.gte(self.who.today.day))
            .cond_where(within(certificate_client::Column::ClientId.into_simple_expr(), &self.who, Action::See))
            .to_owned();
        self.find::<client::Entity>(Action::See)
            .filter(client::Column::Archived.is_null())
            .filter(client::Column::Id.not_in_subquery(self.holding()))
            .filter(client::Column::Id.in_subquery(certified))
    }

    pub(crate) async fn ungrounded_count(&self) -> Result<u64> {
        Ok(self.without_ground().count(&self.rows).await?)
    }

    /// Names of the staff by id.
    pub(crate) async fn staff_name(&self, id: PersonId) -> Result<String> {
        Ok(self.people().await?.iter().find(|p| p.id == id).map(|p| p.name.clone()).unwrap_or_default())
    }
}

/// Clients that are not put away.
pub fn present() -> SelectStatement {
    Query::select()
        .column(client::Column::Id)
        .from(client::Entity)
        .and_where(client::Column::Archived.is_null())
        .to_owned()
}
