//! What the ends of certificates break.

use crate::Result;
use crate::clients::filings::{present, put_away};
use crate::core::admitted::ScopedStore;
use crate::core::entity::{certificate, certificate_client, client_filing, filing_day};
use crate::core::reach::within;
use chrono::NaiveDate;
use domain::access::Action;
use domain::day::plus;
use domain::filing::{RISK_DAYS, StoppingDays, Threat};
use sea_orm::sea_query::{Alias, Expr, ExprTrait as _, Query, SimpleExpr};
use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _, QuerySelect as _};
use std::collections::{BTreeSet, HashMap};
use uuid::Uuid;

impl ScopedStore {
    /// What the ends of certificates break, of the present clients that may be seen; and whether one of these goes on
    /// filing all the year round.
    pub(crate) async fn threats(&self, ends: &[(Uuid, NaiveDate)]) -> Result<HashMap<Uuid, (Option<Threat>, bool)>> {
        let mut out = HashMap::new();
        // What ends later is at no risk yet.
        let last = plus(self.who.today.day, RISK_DAYS.unsigned_abs());
        let days = || ends.iter().map(|(_, day)| Ord::min(*day, last));
        let Some(span) = days().min().zip(days().max()) else { return Ok(out) };
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
        let stopping = StoppingDays::for_ends(&filings, span, &off);
        for (id, last_day) in ends {
            if let Some(own) = codes.get(id) {
                let daily = own.iter().any(|code| continuous.contains(code.as_str()));
                out.insert(*id, (stopping.threat(own, *last_day), daily));
            }
        }
        Ok(out)
    }

    /// [`threat`] for the database: whether the end of a certificate breaks a filing of a client that may be seen. Asked
    /// once for all that end while something is at risk, not for each certificate.
    pub(crate) fn breaks(&self) -> SimpleExpr {
        let (end, today) = (Alias::new("of_end"), self.who.today.day);
        let of_end = |c: certificate_client::Column| Expr::col((end.clone(), c));
        let client = || of_end(certificate_client::Column::ClientId);
        let last_day = || of_end(certificate_client::Column::LastDay);
        let filing = |c: client_filing::Column| Expr::col((client_filing::Entity, c));
        let stops = |c: filing_day::Column| Expr::col((filing_day::Entity, c));
        let found = Query::select()
            .expr(of_end(certificate_client::Column::CertificateId))
            .from_as(certificate_client::Entity, end.clone())
            .inner_join(
                client_filing::Entity,
                filing(client_filing::Column::ClientId).equals((end.clone(), certificate_client::Column::ClientId)),
            )
            .inner_join(
                filing_day::Entity,
                stops(filing_day::Column::Code).equals((client_filing::Entity, client_filing::Column::Code)),
            )
            .and_where(last_day().between(today, plus(today, RISK_DAYS.unsigned_abs())))
            .and_where(stops(filing_day::Column::Day).gte(last_day()))
            .and_where(stops(filing_day::Column::FromDay).lte(last_day()))
            .and_where(client().not_in_subquery(put_away()))
            .cond_where(within(client(), &self.who, Action::See))
            .to_owned();
        certificate::Column::Id.in_subquery(found)
    }
}

fn filing_join() -> sea_orm::RelationDef {
    certificate_client::Entity::belongs_to(client_filing::Entity)
        .from(certificate_client::Column::ClientId)
        .to(client_filing::Column::ClientId)
        .into()
}
