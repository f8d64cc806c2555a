//! What a client's certificates say, in one text beside the client: so a search reads clients, not certificates.

use crate::Result;
use crate::core::deed::Permitted;
use crate::core::entity::{certificate, certificate_client, client};
use crate::core::whoever::find_whoever_asks;
use sea_orm::sea_query::{Alias, Expr, ExprTrait as _, Func, Query, SimpleExpr};
use sea_orm::{ColumnTrait as _, QueryFilter as _, QueryOrder as _, QuerySelect as _};
use uuid::Uuid;

/// Writes the text of whoever has one of these certificates afresh.
pub async fn refresh(deed: &Permitted, certificates: impl IntoIterator<Item = Uuid>) -> Result<()> {
    let certificates: Vec<Uuid> = certificates.into_iter().collect();
    for part in certificates.chunks(500) {
        let having = Query::select()
            .column(certificate_client::Column::ClientId)
            .from(certificate_client::Entity)
            .and_where(certificate_client::Column::CertificateId.is_in(part.iter().copied()))
            .to_owned();
        write(deed, client::Column::Id.in_subquery(having)).await?;
    }
    Ok(())
}

/// Writes the text of these clients afresh.
pub async fn write(deed: &Permitted, clients: SimpleExpr) -> Result<()> {
    // One after the other, always in the same order: else two writers miss each other's words or stop each other.
    find_whoever_asks::<client::Entity>()
        .filter(clients.clone())
        .select_only()
        .column(client::Column::Id)
        .order_by_asc(client::Column::Id)
        .lock_exclusive()
        .into_tuple::<Uuid>()
        .all(&deed.rows)
        .await?;
    let change = deed.change::<client::Entity>(clients).col_expr(client::Column::Held, words());
    deed.run(change).await?;
    Ok(())
}

fn words() -> SimpleExpr {
    let search = Expr::col((certificate::Entity, certificate::Column::Search));
    let joined = Query::select()
        .expr(Func::cust(Alias::new("string_agg")).arg(search).arg(" "))
        .from(certificate_client::Entity)
        .inner_join(
            certificate::Entity,
            Expr::col((certificate::Entity, certificate::Column::Id))
                .equals((certificate_client::Entity, certificate_client::Column::CertificateId)),
        )
        .and_where(
            Expr::col((certificate_client::Entity, certificate_client::Column::ClientId))
                .equals((client::Entity, client::Column::Id)),
        )
        .to_owned();
    Func::coalesce([SimpleExpr::from(joined), Expr::val("")]).into()
}
