//! What goes over when two cards of one client become one, table by table.

use crate::Result;
use crate::certificates::import_made::Made;
use crate::certificates::rows::certificate_model;
use crate::certificates::typed;
use crate::core::deed::Permitted;
use crate::core::entity::{
    assignment, attachment, audit, certificate, certificate_client, certificate_file, client_system, custody, ground,
    import_made, saved_view,
};
use crate::core::stored::{json, to_json};
use crate::core::whoever::find_whoever_asks;
use chrono::NaiveDate;
use domain::certificate::{Facts, SignatureCheck};
use domain::client::ClientData;
use domain::day::minus;
use domain::id::{CertificateId, ClientId};
use domain::person::Part;
use sea_orm::sea_query::{Expr, ExprTrait as _};
use sea_orm::{ColumnTrait as _, QueryFilter as _, Set};
use std::collections::HashSet;
use uuid::Uuid;

/// The client that goes and the one that stays.
#[derive(Clone, Copy)]
pub struct Pair {
    pub gone: Uuid,
    pub stays: Uuid,
}

/// Certificates and with them their tasks. What the number alone would not have linked is linked by hand from now on.
pub async fn certificates(deed: &Permitted, pair: Pair) -> Result<()> {
    let of = |id: Uuid| {
        find_whoever_asks::<certificate_client::Entity>().filter(certificate_client::Column::ClientId.eq(id))
    };
    let there: HashSet<Uuid> = of(pair.stays).all(&deed.rows).await?.into_iter().map(|l| l.certificate_id).collect();
    imports(deed, pair, &there).await?;
    let gone = || certificate_client::Column::ClientId.eq(pair.gone);
    for row in of(pair.gone).all(&deed.rows).await?.into_iter().filter(|l| there.contains(&l.certificate_id)) {
        let twice = gone().and(certificate_client::Column::CertificateId.eq(row.certificate_id));
        deed.remove::<certificate_client::Entity>(twice).await?;
    }
    let rest = deed
        .change::<certificate_client::Entity>(gone())
        .col_expr(certificate_client::Column::ClientId, Expr::value(pair.stays))
        .col_expr(certificate_client::Column::ByHand, Expr::value(true));
    deed.run(rest).await.map(|_| ())
}

/// Imports that can still be undone: a link that the one that stays had before is nobody's import.
async fn imports(deed: &Permitted, pair: Pair, there: &HashSet<Uuid>) -> Result<()> {
    for row in find_whoever_asks::<import_made::Entity>().all(&deed.rows).await? {
        let mut made: Made = json(&row.body, "import")?;
        made.links.retain(|(certificate, client)| *client != pair.gone || !there.contains(certificate));
        for (_, client) in made.links.iter_mut().filter(|(_, client)| *client == pair.gone) {
            *client = pair.stays;
        }
        made.clients.retain(|client| *client != pair.gone);
        let this = deed.change::<import_made::Entity>(import_made::Column::DraftId.eq(row.draft_id));
        deed.run(this.col_expr(import_made::Column::Body, Expr::value(to_json(&made)?))).await?;
    }
    Ok(())
}

/// Typed entries say the number of the one that stays, so that its certificates confirm and silence them.
pub async fn typed_entries(deed: &Permitted, gone_number: &str, stays: ClientId, to: &ClientData) -> Result<()> {
    for known in typed::of_client(deed, stays).await? {
        let mut facts: Facts = known.facts;
        let subject = &mut facts.subject;
        if subject.bin.as_deref() == Some(gone_number) {
            (subject.bin, subject.organization) = (Some(to.number.clone()), Some(to.name.clone()));
        } else if subject.iin.as_deref() == Some(gone_number) {
            subject.iin = Some(to.number.clone());
        } else {
            continue;
        }
        let id = CertificateId(known.row.id);
        let row = certificate_model(id, &facts, SignatureCheck::NotChecked, known.row.imported_at)?;
        let words = certificate::ActiveModel {
            owner_number: row.owner_number,
            lineage: row.lineage,
            search: row.search,
            ..Default::default()
        };
        deed.run(deed.change::<certificate::Entity>(certificate::Column::Id.eq(id.0)).set(words)).await?;
        let file = deed.change::<certificate_file::Entity>(certificate_file::Column::CertificateId.eq(id.0));
        deed.run(file.col_expr(certificate_file::Column::Facts, Expr::value(to_json(&facts)?))).await?;
        if known.row.successor_id.is_none() {
            deed.silenced_already(stays, id, &facts).await?;
        }
    }
    Ok(())
}

/// Whoever worked on the one works on the other, in the stronger part of both; a second lasting responsible becomes a
/// deputy.
pub async fn assignments(deed: &Permitted, pair: Pair, today: NaiveDate) -> Result<()> {
    let of = |id: Uuid| find_whoever_asks::<assignment::Entity>().filter(assignment::Column::ClientId.eq(id));
    let there = of(pair.stays).all(&deed.rows).await?;
    let lasts = |a: &assignment::Model| a.until_day.is_none() && a.from_day <= today;
    let part = |a: &assignment::Model| Part::parse(&a.part).unwrap_or(Part::Observer);
    let led = there.iter().any(|a| a.until_day.is_none() && part(a) == Part::Responsible);
    for row in of(pair.gone).all(&deed.rows).await? {
        let mut as_what = part(&row);
        let running = row.until_day.is_none_or(|until| until >= today);
        if row.until_day.is_none() && led && as_what == Part::Responsible {
            as_what = Part::Deputy;
        }
        let same: Vec<&assignment::Model> = there.iter().filter(|a| a.person_id == row.person_id && lasts(a)).collect();
        // The parts stand from the strongest to the weakest.
        if running && same.iter().any(|a| part(a) <= as_what) {
            deed.remove::<assignment::Entity>(assignment::Column::Id.eq(row.id)).await?;
            continue;
        }
        for weaker in same.into_iter().filter(|_| lasts(&row)) {
            end(deed, weaker, today).await?;
        }
        let change = deed
            .change::<assignment::Entity>(assignment::Column::Id.eq(row.id))
            .col_expr(assignment::Column::ClientId, Expr::value(pair.stays))
            .col_expr(assignment::Column::Part, Expr::value(as_what.code()));
        deed.run(change).await?;
    }
    Ok(())
}

/// Ends an assignment with yesterday; one that began today is taken out.
async fn end(deed: &Permitted, row: &assignment::Model, today: NaiveDate) -> Result<()> {
    let this = assignment::Column::Id.eq(row.id);
    if row.from_day >= today {
        deed.remove::<assignment::Entity>(this).await?;
    } else {
        let ended = deed.change::<assignment::Entity>(this);
        deed.run(ended.col_expr(assignment::Column::UntilDay, Expr::value(minus(today, 1)))).await?;
    }
    Ok(())
}

/// Grounds, attached files, the journal of carriers, systems.
pub async fn journals(deed: &Permitted, pair: Pair) -> Result<()> {
    let grounds = deed.change::<ground::Entity>(ground::Column::ClientId.eq(pair.gone));
    deed.run(grounds.col_expr(ground::Column::ClientId, Expr::value(pair.stays))).await?;
    let files = deed.change::<attachment::Entity>(attachment::Column::ClientId.eq(pair.gone));
    deed.run(files.col_expr(attachment::Column::ClientId, Expr::value(pair.stays))).await?;
    let carriers = deed.change::<custody::Entity>(custody::Column::ClientId.eq(pair.gone));
    deed.run(carriers.col_expr(custody::Column::ClientId, Expr::value(pair.stays))).await?;
    let of = |id: Uuid| find_whoever_asks::<client_system::Entity>().filter(client_system::Column::ClientId.eq(id));
    let there: HashSet<Uuid> = of(pair.stays).all(&deed.rows).await?.into_iter().map(|s| s.system_id).collect();
    for row in of(pair.gone).all(&deed.rows).await?.into_iter().filter(|s| !there.contains(&s.system_id)) {
        deed.insert(client_system::ActiveModel { client_id: Set(pair.stays), system_id: Set(row.system_id) }).await?;
    }
    Ok(())
}

/// The history and saved views speak of the one that stays.
pub async fn mentions(deed: &Permitted, pair: Pair) -> Result<()> {
    let lines = deed.change::<audit::Entity>(audit::Column::ClientId.eq(pair.gone));
    deed.run(lines.col_expr(audit::Column::ClientId, Expr::value(pair.stays))).await?;
    let page = |id: Uuid| format!("/clients/{id}");
    let links = deed.change::<audit::Entity>(audit::Column::Link.eq(page(pair.gone)));
    deed.run(links.col_expr(audit::Column::Link, Expr::value(page(pair.stays)))).await?;
    let gone = pair.gone.to_string();
    let naming = crate::clients::cards::contains(Expr::col(saved_view::Column::Query), &gone);
    for view in find_whoever_asks::<saved_view::Entity>().filter(naming).all(&deed.rows).await? {
        let this = deed.change::<saved_view::Entity>(saved_view::Column::Id.eq(view.id));
        let query = view.query.replace(&gone, &pair.stays.to_string());
        deed.run(this.col_expr(saved_view::Column::Query, Expr::value(query))).await?;
    }
    Ok(())
}
