//! Ends with the clients they concern, judged here by the rule of [`Life::urgency`]: for many ends that is quicker than
//! asking the database about each.

use crate::Result;
use crate::calendar::urgency::broken;
use crate::clients::cards::not_replaced;
use crate::core::admitted::ScopedStore;
use crate::core::convert::{LifeRow, purposes, roles};
use crate::core::entity::certificate::Column as C;
use crate::core::entity::{certificate, certificate_client, client_filing, filing_day};
use crate::core::joins::link_join;
use crate::core::memory::Weighed;
use crate::core::reach::everywhere;
use crate::core::whoever::{FEW, find_whoever_asks};
use chrono::NaiveDate;
use domain::access::Action;
use domain::certificate::place;
use domain::day::plus;
use domain::filing::RISK_DAYS;
use domain::standing::{Life, Urgency};
use sea_orm::sea_query::{Alias, Condition, Expr, ExprTrait as _, Func, Query, UnionType};
use sea_orm::{ColumnTrait as _, FromQueryResult, JoinType, QueryFilter as _, QuerySelect as _, Select};
use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use uuid::Uuid;

/// Parts the codes of a client; none of them has it inside.
const BETWEEN: char = '\n';

/// An end and one of the clients whose certificate it is.
#[derive(FromQueryResult)]
pub(crate) struct LinkedEnd {
    pub certificate_id: Uuid,
    pub client_id: Uuid,
    last_day: NaiveDate,
    purposes: String,
    roles: String,
    lineage: String,
    #[sea_orm(nested)]
    life: LifeRow,
}

/// What clients file, as far as the ends of the next days can break it.
pub(crate) struct Filers {
    /// Codes of each client.
    codes: Arc<HashMap<Uuid, String>>,
    /// For each code the days between which an end breaks it.
    stopping: HashMap<String, Vec<(NaiveDate, NaiveDate)>>,
    /// Codes of what is filed all the year round.
    continuous: HashSet<String>,
}

impl Filers {
    /// Whether an end on this day stops the client.
    pub fn breaks(&self, client: Uuid, last_day: NaiveDate) -> bool {
        let stopping = self.of(client).filter_map(|code| self.stopping.get(code)).flatten();
        stopping.into_iter().any(|(from, day)| *from <= last_day && last_day <= *day)
    }

    /// Whether the client files all the year round.
    pub fn daily(&self, client: Uuid) -> bool {
        self.of(client).any(|code| self.continuous.contains(code))
    }

    fn of(&self, client: Uuid) -> impl Iterator<Item = &str> {
        self.codes.get(&client).into_iter().flat_map(|codes| codes.split(BETWEEN))
    }
}

impl Weighed for LinkedEnd {
    const BYTES: usize = 90;
}

impl LinkedEnd {
    pub fn life(&self) -> Life {
        self.life.life()
    }

    /// Whether nothing stands in for it, and nobody has set it aside: an end that is remembered may have been replaced
    /// since.
    pub fn counts(&self, store: &ScopedStore) -> bool {
        let life = self.life();
        !life.is_replaced(store.who.today) && !life.aside
    }

    /// What tells sets apart: halves of one issue have the same.
    pub fn set(&self) -> (&str, NaiveDate) {
        (&self.lineage, self.last_day)
    }

    /// Urgency for the client, and the place within it.
    pub fn judged(&self, store: &ScopedStore, filers: &Filers) -> (Urgency, u8) {
        let life = self.life();
        let urgency = life.urgency(store.who.today, filers.breaks(self.client_id, self.last_day));
        if urgency == Urgency::Calm {
            return (urgency, 0);
        }
        (urgency, place(&purposes(&self.purposes), &roles(&self.roles), filers.daily(self.client_id)))
    }
}

impl ScopedStore {
    /// Certificates of the clients that may be seen, once for each of these clients.
    pub(crate) fn linked_ends(&self) -> Select<certificate_client::Entity> {
        self.find::<certificate_client::Entity>(Action::See)
            .join(JoinType::InnerJoin, link_join().rev())
            .select_only()
            .columns([certificate_client::Column::CertificateId, certificate_client::Column::ClientId])
            .columns([C::LastDay, C::Purposes, C::Roles, C::Lineage])
            .columns(LifeRow::COLUMNS)
    }

    /// Ends that are broken or so near that a filing can raise them, of certificates that nothing stands in for; every
    /// other is calm. Whoever sees the whole firm shares them with all who do.
    pub(crate) async fn soon_ends(&self) -> Result<Arc<Vec<LinkedEnd>>> {
        if everywhere(&self.who, Action::See) {
            return self.remembered(format!("soon ends {}", self.who.today.day), self.soon_of_firm()).await;
        }
        let [.., risk] = self.bounds();
        let near = broken().add(C::NotAfter.lt(risk));
        let soon = self.linked_ends().filter(near).filter(not_replaced(self.now_ms()));
        Ok(Arc::new(soon.into_model().all(&self.rows).await?))
    }

    /// The same of the whole firm, in two parts so that each goes along an index: nearly all of them are not replaced at
    /// all and end soon.
    async fn soon_of_firm(&self) -> Result<Vec<LinkedEnd>> {
        let ([.., risk], now) = (self.bounds(), self.now_ms());
        let plain = C::ReplacedFrom.is_null().and(C::NotAfter.lt(risk));
        let mut soon: Vec<LinkedEnd> = self.linked_ends().filter(plain.clone()).into_model().all(&self.rows).await?;
        let ids = |which| Query::select().column(C::Id).from(certificate::Entity).and_where(which).take();
        let mut others = ids(C::ReplacedFrom.gt(now));
        for more in [C::LostAt.is_not_null(), C::RevokedAt.is_not_null()] {
            others.union(UnionType::All, ids(more));
        }
        let others = self
            .linked_ends()
            .filter(certificate_client::Column::CertificateId.in_subquery(others))
            .filter(broken().add(C::NotAfter.lt(risk)))
            .filter(not_replaced(now))
            .filter(plain.not());
        soon.extend(others.into_model::<LinkedEnd>().all(&self.rows).await?);
        soon.shrink_to_fit();
        Ok(soon)
    }

    /// What these clients file; for whoever sees the whole firm, what all of them file.
    pub(crate) async fn filers(&self, clients: impl Iterator<Item = Uuid>) -> Result<Filers> {
        let today = self.who.today.day;
        let last = plus(today, RISK_DAYS.unsigned_abs());
        let near = filing_day::Column::Day.gte(today).and(filing_day::Column::FromDay.lte(last));
        let mut stopping: HashMap<String, Vec<(NaiveDate, NaiveDate)>> = HashMap::new();
        for row in find_whoever_asks::<filing_day::Entity>().filter(near).all(&self.rows).await? {
            stopping.entry(row.code).or_default().push((row.from_day, row.day));
        }
        let filings = self.filings().await?;
        let continuous = filings.iter().filter(|f| f.is_continuous()).map(|f| f.code.clone()).collect();
        let codes = if everywhere(&self.who, Action::See) {
            self.remembered("codes of clients".into(), self.codes_by_client(Condition::all())).await?
        } else {
            let clients: HashSet<Uuid> = clients.collect();
            let all = Condition::all();
            let these = if clients.len() > FEW { all } else { all.add(client_filing::Column::ClientId.is_in(clients)) };
            Arc::new(self.codes_by_client(these).await?)
        };
        Ok(Filers { codes, stopping, continuous })
    }

    async fn codes_by_client(&self, which: Condition) -> Result<HashMap<Uuid, String>> {
        let code = Expr::col((client_filing::Entity, client_filing::Column::Code));
        let codes = self
            .find::<client_filing::Entity>(Action::See)
            .filter(which)
            .select_only()
            .column(client_filing::Column::ClientId)
            .expr(Func::cust(Alias::new("string_agg")).arg(code).arg(BETWEEN.to_string()))
            .group_by(client_filing::Column::ClientId);
        Ok(codes.into_tuple::<(Uuid, String)>().all(&self.rows).await?.into_iter().collect())
    }
}
