//! Which certificate stands in for which: found by the rule when certificates come in.

use crate::Result;
use crate::convert::{facts, instant};
use crate::deed::Deed;
use crate::entity::{authority, certificate};
use crate::scope::find_whoever_asks;
use domain::certificate::{Facts, SignatureCheck};
use domain::day::OfficeDay;
use domain::succession::{Failure, Question, failures};
use domain::task::Reason;
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait as _, ConnectionTrait, QueryFilter as _};
use std::collections::HashSet;
use uuid::Uuid;

/// Names of the issuers that may silence an older certificate.
pub async fn known_issuers(db: &impl ConnectionTrait) -> Result<HashSet<String>> {
    Ok(find_whoever_asks::<authority::Entity>().all(db).await?.into_iter().map(|a| a.common_name).collect())
}

/// The points at which `new` fails to succeed `old`.
pub fn compare(
    old: &certificate::Model,
    new: &certificate::Model,
    reason: Option<Reason>,
    today: OfficeDay,
    known: &HashSet<String>,
) -> Result<Vec<Failure>> {
    let question = Question {
        today,
        reason,
        known_issuer: known.contains(&new.issuer),
        signature_fails: new.signature == SignatureCheck::Fails.code(),
    };
    Ok(failures(&facts(old)?, &facts(new)?, question))
}

/// Gives every certificate of the lineages that has no successor yet the next one by the rule.
pub async fn relink(deed: &Deed, lineages: &HashSet<String>, today: OfficeDay) -> Result<()> {
    let known = known_issuers(&deed.tx).await?;
    for lineage in lineages {
        let rows = find_whoever_asks::<certificate::Entity>()
            .filter(certificate::Column::Lineage.eq(lineage.as_str()))
            .all(&deed.tx)
            .await?;
        for (old, new, from) in next_ones(&rows, today, &known)? {
            set_successor(deed, old, new, from).await?;
        }
    }
    Ok(())
}

/// Writes that `new` stands in for `old` from an instant on.
pub async fn set_successor(deed: &Deed, old: Uuid, new: Uuid, from_ms: i64) -> Result<()> {
    let change = deed
        .change::<certificate::Entity>(certificate::Column::Id.eq(old))
        .col_expr(certificate::Column::SuccessorId, Expr::value(new))
        .col_expr(certificate::Column::ReplacedFrom, Expr::value(from_ms));
    deed.run_one(change).await
}

/// For each certificate without a successor: the first later one that satisfies the rule once it is valid.
pub fn next_ones(rows: &[certificate::Model], today: OfficeDay, known: &HashSet<String>) -> Result<Vec<(Uuid, Uuid, i64)>> {
    let read: Vec<(&certificate::Model, Facts)> = rows.iter().map(|r| Ok((r, facts(r)?))).collect::<Result<_>>()?;
    let mut out = Vec::new();
    for (old, old_facts) in read.iter().filter(|(r, _)| r.successor_id.is_none()) {
        let next = read
            .iter()
            .filter(|(new, new_facts)| {
                // A later certificate silences the older one from its own first instant, not before.
                let then = OfficeDay::at(instant(new.not_before).max(today.now));
                let question = Question {
                    today: then,
                    reason: None,
                    known_issuer: known.contains(&new.issuer),
                    signature_fails: new.signature == SignatureCheck::Fails.code(),
                };
                failures(old_facts, new_facts, question).is_empty()
            })
            .min_by_key(|(new, _)| (new.not_before, new.id));
        if let Some((new, _)) = next {
            out.push((old.id, new.id, new.not_before));
        }
    }
    Ok(out)
}
