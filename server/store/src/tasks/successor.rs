//! The new certificate of a reissue: which of the task's old ones it stands in for.

use crate::Result;
use crate::certificates::succession::{self, Known, compare};
use crate::core::admitted::ScopedStore;
use crate::core::convert::task_codes;
use crate::core::deed::Deed;
use crate::core::entity::{certificate, task, task_event};
use crate::core::whoever::exists;
use crate::tasks::card::fails_for_any;
use crate::tasks::moves::allowed;
use domain::access::Action;
use domain::audit::{DeedKind, Entry};
use domain::certificate::Facts;
use domain::day::OfficeDay;
use domain::fold::shown;
use domain::id::{CertificateId, DraftId, TaskId};
use domain::import::Choices;
use domain::reason::Reason;
use domain::refusal::{Refusal, Rule};
use domain::succession::{Failure, Reissued};
use domain::task::Stage;
use sea_orm::ColumnTrait as _;
use sea_orm::sea_query::{Expr, ExprTrait as _};
use sea_orm::{QueryFilter as _, QueryOrder as _};
use std::collections::HashSet;
use uuid::Uuid;

impl ScopedStore {
    /// Takes a registered certificate as the successor of what it can replace: the rule holds, or a lead gives a reason.
    /// Where something of the task is left without a successor, it stays open.
    ///
    /// # Errors
    /// `NotFound`, `NotAllowed`, `Conflict`, or `Invalid` with the points that fail.
    pub async fn accept_successor(
        &self,
        id: TaskId,
        new: CertificateId,
        override_why: &str,
        revision: i32,
    ) -> Result<Reissued> {
        self.write(|deed| async move {
            let new = deed.one::<certificate::Entity>(Action::See, certificate::Column::Id.eq(new.0)).await?;
            if deed.is_issued_as(id, std::slice::from_ref(&new)).await? {
                return Ok(deed.nothing().with(Reissued::Whole));
            }
            let (reissued, line) = deed.succeed(id, vec![new], override_why, revision).await?;
            let lines = std::iter::once(line).chain(deed.settle_others(id).await?);
            Ok(deed.done_with(lines).with(reissued))
        })
        .await
    }

    /// Registers what a draft holds and takes it as the successor. Where that is refused, nothing is registered.
    ///
    /// # Errors
    /// As [`ScopedStore::accept_successor`] and [`ScopedStore::accept`]; `Invalid` where the draft holds nothing that may
    /// be registered.
    pub async fn register_successor(
        &self,
        id: TaskId,
        draft: DraftId,
        override_why: &str,
        revision: i32,
    ) -> Result<Reissued> {
        self.write(|deed| async move {
            deed.only_of_task(id, draft).await?;
            let accepted = deed.accept_draft(draft, &Choices::default()).await?;
            let these = certificate::Column::Id.is_in(accepted.certificates.iter().map(|c| c.0));
            let new = deed.find::<certificate::Entity>(Action::See).filter(these);
            let new = new.order_by_asc(certificate::Column::NotBefore).all(&deed.rows).await?;
            if new.is_empty() {
                return Err(Refusal::invalid("files", Rule::NoSuchClient).into());
            }
            if deed.is_issued_as(id, &new).await? {
                return Ok(deed.nothing().with(Reissued::Whole));
            }
            let (reissued, line) = deed.succeed(id, new, override_why, revision).await?;
            let lines = accepted.line.into_iter().chain([line]).chain(deed.settle_others(id).await?);
            Ok(deed.done_with(lines).with(reissued))
        })
        .await
    }
}

/// Which new certificate stands in for which old one, and what is left without.
struct Pairs<'a> {
    pairs: Vec<(&'a Known, &'a Known)>,
    left: Vec<&'a Known>,
}

impl<'a> Pairs<'a> {
    /// By the rule; what something else replaced before is neither paired nor left.
    fn by_rule(old: &'a [Known], new: &'a [Known], fits: impl Fn(&Known, &Known) -> bool) -> Self {
        let (mut pairs, mut left) = (Vec::new(), Vec::new());
        for old in old {
            match new.iter().find(|new| fits(old, new)) {
                Some(new) => pairs.push((old, new)),
                None if old.row.successor_id.is_some() => {}
                None => left.push(old),
            }
        }
        if pairs.is_empty() && left.is_empty() {
            left = old.iter().collect();
        }
        Self { pairs, left }
    }

    /// The one that the task names: what stands in for the certificate that signs, now or since before.
    fn main(&self, old: &[Known]) -> Option<Uuid> {
        let now = |old: &Known| self.pairs.iter().find(|(o, _)| o.row.id == old.row.id).map(|(_, new)| new.row.id);
        let of = |old: &Known| now(old).or(old.row.successor_id);
        old.iter().filter(|o| o.facts.signs()).find_map(of).or_else(|| old.iter().find_map(of))
    }
}

impl Deed {
    /// Whether the task has one of these as its new certificate already, as where that came in elsewhere meanwhile.
    async fn is_issued_as(&self, id: TaskId, new: &[certificate::Model]) -> Result<bool> {
        let model = self.task(Action::WorkTask, id).await?;
        let (.., stage) = task_codes(&model)?;
        Ok(stage.has_successor() && model.successor_id.is_some_and(|there| new.iter().any(|new| new.id == there)))
    }

    /// Refuses a draft in which certificates of other owners lie beside those of the task's: dropped on a task, they would
    /// come in unseen. A draft of others alone is judged by the rule.
    async fn only_of_task(&self, id: TaskId, draft: DraftId) -> Result<()> {
        let own: HashSet<String> =
            self.worked_certificates(id).await?.into_iter().filter_map(|row| row.owner_number).collect();
        let preview = self.preview(draft).await?;
        let is_own = |facts: &Facts| facts.owner_number().is_none_or(|number| own.contains(number));
        let found = preview.rows.iter().filter_map(|row| Some((row.file.as_str(), &row.content.as_ref().ok()?.facts)));
        let (mine, others): (Vec<_>, Vec<_>) = found.partition(|(_, facts)| is_own(facts));
        if mine.is_empty() || others.is_empty() {
            return Ok(());
        }
        let names = others.iter().map(|(file, facts)| {
            format!("{} ({})", facts.subject.common_name.as_deref().unwrap_or_default(), shown(file, 80))
        });
        Err(Refusal::invalid("files", Rule::OthersAmong(names.take(5).collect())).into())
    }

    /// Other tasks whose new certificates have come in with these go on too; their lines of history.
    async fn settle_others(&self, id: TaskId) -> Result<Vec<Entry>> {
        let permit = self.task(Action::WorkTask, id).await?.permits();
        Box::pin(permit.settle_replaced()).await
    }

    /// Writes the successors, and that the task is issued once nothing is left without one; the line of history.
    async fn succeed(
        &self,
        id: TaskId,
        new: Vec<certificate::Model>,
        override_why: &str,
        revision: i32,
    ) -> Result<(Reissued, Entry)> {
        let model = self.task(Action::WorkTask, id).await?;
        allowed(&model, Stage::Issued)?;
        let (_, reason, _, stage) = task_codes(&model)?;
        let known = succession::known_issuers(&self.rows).await?;
        let old = succession::with_facts(&self.rows, self.worked_certificates(id).await?).await?;
        let mut new = succession::with_facts(&self.rows, new).await?;
        // The task's own certificates may lie among the files.
        if new.iter().any(|new| old.iter().all(|old| old.row.id != new.row.id)) {
            new.retain(|new| old.iter().all(|old| old.row.id != new.row.id));
        }
        let fits = |old: &Known, new: &Known| compare(old, new, Some(reason), self.who.today, &known).is_empty();
        let mut found = Pairs::by_rule(&old, &new, fits);
        let mut why = "";
        if found.pairs.is_empty() || (!found.left.is_empty() && !override_why.trim().is_empty()) {
            let best = self.override_rule(id, &found.left, &new, reason, &known, override_why).await?;
            found.pairs.extend(found.left.drain(..).map(|old| (old, best)));
            why = override_why.trim();
        }
        let deed = model.permits();
        for (old, new) in &found.pairs {
            succession::set_successor(&deed, old.row.id, new.row.id, new.row.not_before).await?;
        }
        let mut serials: Vec<&str> = found.pairs.iter().map(|(_, new)| new.row.serial.as_str()).collect();
        serials.sort_unstable();
        serials.dedup();
        let serials = serials.join(", ");
        // Dropped once more it changes nothing, and the course of the task must not say that it does.
        let said = task_event::Column::TaskId
            .eq(id.0)
            .and(task_event::Column::Kind.eq("renewed"))
            .and(task_event::Column::Body.eq(serials.as_str()));
        if !found.left.is_empty() && exists::<task_event::Entity>(&deed.rows, said).await? {
            return Err(Refusal::invalid("successor", Rule::TakenAlready).into());
        }
        let line = deed.entry(DeedKind::SuccessorAccepted, &model, &serials).await?;
        if found.left.is_empty() {
            deed.staged(&model, Stage::Issued, revision, |c| {
                c.col_expr(task::Column::SuccessorId, Expr::value(found.main(&old)))
                    .col_expr(task::Column::OverrideWhy, Expr::value(why))
            })
            .await?;
            deed.add_system_steps(id).await?;
            deed.event(id, "moved", Stage::Issued, why).await?;
            return Ok((Reissued::Whole, line));
        }
        let seen = task::Column::Id.eq(id.0).and(task::Column::Revision.eq(revision));
        let next =
            deed.change::<task::Entity>(seen).col_expr(task::Column::Revision, Expr::value(revision.saturating_add(1)));
        deed.run_one(next).await?;
        deed.event(id, "renewed", stage, &serials).await?;
        let mut needed: Vec<_> = found.left.iter().flat_map(|old| old.facts.purposes.clone()).collect();
        needed.sort_unstable();
        needed.dedup();
        Ok((Reissued::Part(needed), line))
    }

    /// The new certificate that fails least; refused where no lead gives a reason for it.
    async fn override_rule<'a>(
        &self,
        id: TaskId,
        left: &[&Known],
        new: &'a [Known],
        reason: Reason,
        known: &HashSet<String>,
        why: &str,
    ) -> Result<&'a Known> {
        let judged = new.iter().map(|new| (fails_for_any(left, new, reason, self.who.today, known), new));
        let (failures, best) = judged.min_by_key(|(failures, _)| failures.len()).ok_or(Refusal::NotFound)?;
        // No reason makes the certificate of another owner, or a forged one, the successor. Some certificates name no owner.
        let other = |old: &&Known| old.facts.owner_number().is_some_and(|own| best.facts.owner_number() != Some(own));
        let never = [Failure::SameCertificate, Failure::SignatureFails].iter().any(|never| failures.contains(never));
        if why.trim().is_empty() || never || left.iter().any(other) {
            return Err(Refusal::invalid(
                "successor",
                Rule::Successor(nearest(left, new, reason, self.who.today, known)),
            )
            .into());
        }
        self.task(Action::OverrideSuccessor, id).await?;
        Ok(best)
    }
}

/// Why nothing of a pile replaces what is left: of each old certificate, what the new one that comes nearest lacks.
fn nearest(left: &[&Known], new: &[Known], reason: Reason, today: OfficeDay, known: &HashSet<String>) -> Vec<Failure> {
    let least = |old: &&Known| {
        let each = new.iter().map(|new| compare(old, new, Some(reason), today, known));
        each.min_by_key(Vec::len).unwrap_or_default()
    };
    let mut out: Vec<Failure> = left.iter().flat_map(least).collect();
    out.sort_unstable();
    out.dedup();
    out
}
