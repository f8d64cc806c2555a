//! Which certificate stands in for which: found by the rule when certificates come in.

use crate::Result;
use crate::core::convert::{facts, instant};
use crate::core::deed::Permitted;
use crate::core::entity::{authority, certificate, certificate_file};
use crate::core::whoever::find_whoever_asks;
use domain::certificate::{Facts, SignatureCheck};
use domain::day::OfficeDay;
use domain::reason::Reason;
use domain::succession::{Failure, Question, failures};
use sea_orm::sea_query::{CaseStatement, Expr};
use sea_orm::{ColumnTrait as _, ConnectionTrait, QueryFilter as _};
use std::collections::{HashMap, HashSet};
use uuid::Uuid;

/// Successors of one statement.
const PART: usize = 200;

/// Names of the issuers that may silence an older certificate.
pub async fn known_issuers(db: &impl ConnectionTrait) -> Result<HashSet<String>> {
    Ok(find_whoever_asks::<authority::Entity>().all(db).await?.into_iter().map(|a| a.common_name).collect())
}

/// A certificate with its facts.
pub struct Known {
    pub row: certificate::Model,
    pub facts: Facts,
}

/// Adds their facts to certificates.
pub async fn with_facts(db: &impl ConnectionTrait, rows: Vec<certificate::Model>) -> Result<Vec<Known>> {
    let mut files = HashMap::new();
    for part in rows.chunks(400) {
        let found = find_whoever_asks::<certificate_file::Entity>()
            .filter(certificate_file::Column::CertificateId.is_in(part.iter().map(|r| r.id)))
            .all(db)
            .await?;
        files.extend(found.into_iter().map(|f| (f.certificate_id, f)));
    }
    rows.into_iter()
        .filter_map(|row| files.get(&row.id).map(|file| facts(file).map(|facts| Known { row, facts })))
        .collect()
}

/// The points at which `new` fails to succeed `old`.
pub fn compare(
    old: &Known,
    new: &Known,
    reason: Option<Reason>,
    today: OfficeDay,
    known: &HashSet<String>,
) -> Vec<Failure> {
    let question = Question {
        today,
        reason,
        known_issuer: known.contains(&new.row.issuer),
        signature_fails: new.row.signature == SignatureCheck::Fails.code(),
    };
    failures(&old.facts, &new.facts, question)
}

/// Gives every certificate of the lineages that has no successor yet the next one by the rule.
pub async fn relink(deed: &Permitted, lineages: &HashSet<String>, today: OfficeDay) -> Result<()> {
    let known = known_issuers(&deed.rows).await?;
    let lineages: Vec<&String> = lineages.iter().collect();
    let mut found = Vec::new();
    for part in lineages.chunks(400) {
        let named = certificate::Column::Lineage.is_in(part.iter().map(|l| l.as_str()));
        let rows = find_whoever_asks::<certificate::Entity>().filter(named).all(&deed.rows).await?;
        for line in by_lineage(with_facts(&deed.rows, rows).await?) {
            found.extend(next_ones(&line, today, &known));
        }
    }
    set_successors(deed, &found).await
}

/// Writes for each certificate which one stands in for it, and from which instant (ms) on.
pub async fn set_successors(deed: &Permitted, found: &[(Uuid, Uuid, i64)]) -> Result<()> {
    for part in found.chunks(PART) {
        set_part(deed, part).await?;
    }
    Ok(())
}

async fn set_part(deed: &Permitted, found: &[(Uuid, Uuid, i64)]) -> Result<()> {
    use certificate::Column as C;
    let (mut next, mut from) = (CaseStatement::new(), CaseStatement::new());
    for (old, new, from_ms) in found {
        next = next.case(C::Id.eq(*old), Expr::value(*new));
        from = from.case(C::Id.eq(*old), Expr::value(*from_ms));
    }
    let these = C::Id.is_in(found.iter().map(|(old, ..)| *old));
    let change = deed.change::<certificate::Entity>(these);
    deed.run(change.col_expr(C::SuccessorId, next.into()).col_expr(C::ReplacedFrom, from.into())).await?;
    Ok(())
}

/// Certificates by their lineage.
pub fn by_lineage(all: Vec<Known>) -> Vec<Vec<Known>> {
    let mut lines: HashMap<String, Vec<Known>> = HashMap::new();
    for known in all {
        lines.entry(known.row.lineage.clone()).or_default().push(known);
    }
    lines.into_values().collect()
}

/// Writes that `new` stands in for `old` from an instant on.
pub async fn set_successor(deed: &Permitted, old: Uuid, new: Uuid, from_ms: i64) -> Result<()> {
    let change = deed
        .change::<certificate::Entity>(certificate::Column::Id.eq(old))
        .col_expr(certificate::Column::SuccessorId, Expr::value(new))
        .col_expr(certificate::Column::ReplacedFrom, Expr::value(from_ms));
    deed.run_one(change).await
}

/// For each certificate without a successor: the first later one that satisfies the rule once it is valid.
pub fn next_ones(all: &[Known], today: OfficeDay, known: &HashSet<String>) -> Vec<(Uuid, Uuid, i64)> {
    let mut out = Vec::new();
    for old in all.iter().filter(|old| old.row.successor_id.is_none()) {
        let next = all
            .iter()
            .filter(|new| {
                // A later certificate silences the older one from its own first instant, not before.
                let then = OfficeDay::at(Ord::max(instant(new.row.not_before), today.now));
                compare(old, new, None, then, known).is_empty()
            })
            .min_by_key(|new| (new.row.not_before, new.row.id));
        if let Some(new) = next {
            out.push((old.row.id, new.row.id, new.row.not_before));
        }
    }
    out
}
