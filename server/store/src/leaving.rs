//! The end of a client's contract, and the erasure of its data once the office's term has passed.

use crate::admitted::Shelf;
use crate::deed::Deed;
use crate::entity::{
    assignment, audit, certificate, certificate_client, client, client_filing, client_system, custody, draft, ground, office,
    saved_view, task, task_certificate, task_event, task_step, undo,
};
use crate::import::DRAFT_LIFE_MS;
use crate::import_removal::{PART, links};
use crate::scope::find_whoever_asks;
use crate::undo::WINDOW_MS;
use crate::{Error, Result};
use chrono::NaiveDate;
use domain::access::Action;
use domain::audit::{DeedKind, Entry};
use domain::id::ClientId;
use domain::leaving::{Erased, MOST_MONTHS, kept_until};
use domain::refusal::{Refusal, Rule};
use sea_orm::sea_query::{Expr, ExprTrait as _, SimpleExpr};
use sea_orm::{ColumnTrait as _, QueryFilter as _};
use std::collections::HashSet;
use uuid::Uuid;

impl Shelf {
    /// Puts a client away with the last day of its contract, or brings it back.
    ///
    /// # Errors
    /// `NotFound`, `NotAllowed`, `Invalid` for a day to come.
    pub async fn archive_client(&self, id: ClientId, ended: Option<NaiveDate>) -> Result<()> {
        let before = self.client(Action::EditClient, id).await?;
        if ended.is_some_and(|day| day > self.who.today.day) {
            return Err(Refusal::invalid("ended", Rule::DayToCome).into());
        }
        let deed = self.deed().await?;
        let archived = ended.map(|_| self.now_ms());
        let change = deed
            .change::<client::Entity>(client::Column::Id.eq(id.0))
            .filter(client::Column::Revision.eq(before.revision))
            .col_expr(client::Column::Archived, Expr::value(archived))
            .col_expr(client::Column::ContractEnded, Expr::value(ended))
            .col_expr(client::Column::Revision, Expr::value(before.revision + 1));
        deed.run_one(change).await?;
        let (kind, about) = match ended {
            Some(day) => (DeedKind::ClientArchived, format!("{}: {day}", before.name)),
            None => (DeedKind::ClientRestored, before.name),
        };
        deed.done(Entry::new(kind, about).client(id).link(format!("/clients/{id}"))).await
    }

    /// For how many months the data of a client is kept after its contract.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn keep_months(&self) -> Result<i32> {
        let office = find_whoever_asks::<office::Entity>().one(&self.store.db).await?;
        Ok(office.ok_or(Error::Broken("office"))?.keep_months)
    }

    /// Sets that term.
    ///
    /// # Errors
    /// `NotAllowed`, `Invalid` outside 0..=600.
    pub async fn set_keep_months(&self, months: i32) -> Result<()> {
        self.require(Action::Settings)?;
        if !(0..=MOST_MONTHS).contains(&months) {
            return Err(Refusal::invalid("months", Rule::Months).into());
        }
        let before = self.keep_months().await?;
        let deed = self.deed().await?;
        let change = deed.change::<office::Entity>(office::Column::Id.eq(1));
        deed.run_one(change.col_expr(office::Column::KeepMonths, Expr::value(months))).await?;
        deed.done(Entry::new(DeedKind::OfficeChanged, format!("{before} → {months}")).link("/office")).await
    }

    /// Erases a client whose term has passed: its card, its certificates that nobody else has, their tasks, its journals,
    /// and the words of its history. That somebody erased it, and how much, stays. `number` is the client's, typed again.
    ///
    /// # Errors
    /// `NotFound`, `NotAllowed` for others than owners, `Invalid` before the term has passed or for another number.
    pub async fn erase_client(&self, id: ClientId, number: &str) -> Result<Erased> {
        let row = self.client(Action::See, id).await?;
        self.require(Action::Settings)?;
        let until = row.contract_ended.map(|ended| (ended, self.keep_months()));
        let Some((ended, months)) = until else { return Err(Refusal::invalid("number", Rule::StillKept).into()) };
        if row.archived.is_none() || kept_until(ended, months.await?) >= self.who.today.day {
            return Err(Refusal::invalid("number", Rule::StillKept).into());
        }
        if number != row.number {
            return Err(Refusal::invalid("number", Rule::OtherNumber).into());
        }
        let deed = self.deed().await?;
        // Whoever has brought it back or changed it since it was read comes first.
        let seen = deed.change::<client::Entity>(client::Column::Id.eq(id.0)).filter(client::Column::Revision.eq(row.revision));
        deed.run_one(seen.col_expr(client::Column::Revision, Expr::value(row.revision + 1))).await?;
        let going = only_here(&deed, id).await?;
        let tasks = erase_tasks(&deed, &going).await?;
        let own = id.0;
        let pages = going.iter().map(|c| format!("/certificates/{}", c.id)).chain(tasks.iter().map(|t| format!("/tasks/{t}")));
        pass_on(&deed, own, &going).await?;
        let lines = silence(&deed, own, pages.collect()).await?;
        self.sweep(&deed, own).await?;
        for part in going.chunks(PART) {
            let based = ground::Column::CertificateId.is_in(part.iter().map(|c| c.id));
            let free = deed.change::<ground::Entity>(based).col_expr(ground::Column::CertificateId, Expr::value(None::<Uuid>));
            deed.run(free).await?;
        }
        let mine = certificate_client::Column::ClientId.eq(own);
        let mine = find_whoever_asks::<certificate_client::Entity>().filter(mine).all(&deed.tx).await?;
        let mine = mine.into_iter().map(|l| (l.certificate_id, l.client_id)).collect();
        self.remove_certificates(&deed, mine, &going).await?;
        deed.remove::<custody::Entity>(custody::Column::ClientId.eq(own)).await?;
        deed.remove::<ground::Entity>(ground::Column::ClientId.eq(own)).await?;
        remove_card(&deed, own).await?;
        let erased = Erased { certificates: going.len(), tasks: tasks.len(), lines };
        let about =
            format!("{}: certificates {}, tasks {}, lines {}", short(own), erased.certificates, erased.tasks, erased.lines);
        deed.done(Entry::new(DeedKind::ClientErased, about)).await?;
        Ok(erased)
    }

    /// What is kept for a while only, and views of this client: past drafts of imports, past ways back.
    async fn sweep(&self, deed: &Deed, own: Uuid) -> Result<()> {
        deed.remove::<draft::Entity>(draft::Column::Made.lt(self.now_ms() - DRAFT_LIFE_MS)).await?;
        deed.remove::<undo::Entity>(undo::Column::Made.lt(self.now_ms() - WINDOW_MS)).await?;
        let views = crate::clients::contains(Expr::col(saved_view::Column::Query), &own.to_string());
        deed.remove::<saved_view::Entity>(views).await?;
        Ok(())
    }
}

/// Lines about what other clients have too become theirs.
async fn pass_on(deed: &Deed, own: Uuid, going: &[certificate::Model]) -> Result<()> {
    let going: HashSet<Uuid> = going.iter().map(|c| c.id).collect();
    let mine = find_whoever_asks::<certificate_client::Entity>().filter(certificate_client::Column::ClientId.eq(own));
    let shared: Vec<Uuid> =
        mine.all(&deed.tx).await?.into_iter().map(|l| l.certificate_id).filter(|c| !going.contains(c)).collect();
    for (certificate, client) in links(deed, &shared).await?.into_iter().filter(|(_, client)| *client != own) {
        let tasks =
            find_whoever_asks::<task_certificate::Entity>().filter(task_certificate::Column::CertificateId.eq(certificate));
        let tasks = tasks.all(&deed.tx).await?.into_iter().map(|t| format!("/tasks/{}", t.task_id));
        let pages: Vec<String> = tasks.chain([format!("/certificates/{certificate}")]).collect();
        let theirs = audit::Column::ClientId.eq(own).and(audit::Column::Link.is_in(pages));
        deed.run(deed.change::<audit::Entity>(theirs).col_expr(audit::Column::ClientId, Expr::value(client))).await?;
    }
    Ok(())
}

/// The card of a client with who works on it, what it files and where it signs.
pub async fn remove_card(deed: &Deed, id: Uuid) -> Result<()> {
    deed.remove::<assignment::Entity>(assignment::Column::ClientId.eq(id)).await?;
    deed.remove::<client_filing::Entity>(client_filing::Column::ClientId.eq(id)).await?;
    deed.remove::<client_system::Entity>(client_system::Column::ClientId.eq(id)).await?;
    deed.remove::<client::Entity>(client::Column::Id.eq(id)).await?;
    Ok(())
}

/// Enough of an id to tell one erased client from another.
fn short(id: Uuid) -> String {
    let text = id.simple().to_string();
    text.chars().skip(text.len().saturating_sub(8)).collect()
}

/// Certificates that no other client has.
async fn only_here(deed: &Deed, id: ClientId) -> Result<Vec<certificate::Model>> {
    let mine = certificate_client::Column::ClientId.eq(id.0);
    let mine = find_whoever_asks::<certificate_client::Entity>().filter(mine).all(&deed.tx).await?;
    let mine: Vec<Uuid> = mine.into_iter().map(|l| l.certificate_id).collect();
    let shared: HashSet<Uuid> =
        links(deed, &mine).await?.into_iter().filter(|(_, client)| *client != id.0).map(|(certificate, _)| certificate).collect();
    let alone: Vec<Uuid> = mine.into_iter().filter(|c| !shared.contains(c)).collect();
    let mut out = Vec::new();
    for part in alone.chunks(PART) {
        let these = certificate::Column::Id.is_in(part.iter().copied());
        out.extend(find_whoever_asks::<certificate::Entity>().filter(these).all(&deed.tx).await?);
    }
    Ok(out)
}

/// Takes certificates out of their tasks, and the tasks that are left with none away; gives those.
async fn erase_tasks(deed: &Deed, going: &[certificate::Model]) -> Result<Vec<Uuid>> {
    let mut of_them = HashSet::new();
    for part in going.chunks(PART) {
        let ids = || part.iter().map(|c| c.id);
        let rows = find_whoever_asks::<task_certificate::Entity>().filter(task_certificate::Column::CertificateId.is_in(ids()));
        of_them.extend(rows.all(&deed.tx).await?.into_iter().map(|t| t.task_id));
        deed.remove::<task_certificate::Entity>(task_certificate::Column::CertificateId.is_in(ids())).await?;
        let closing = deed.change::<task::Entity>(task::Column::SuccessorId.is_in(ids()));
        deed.run(closing.col_expr(task::Column::SuccessorId, Expr::value(None::<Uuid>))).await?;
    }
    let of_them: Vec<Uuid> = of_them.into_iter().collect();
    let mut gone = Vec::new();
    for part in of_them.chunks(PART) {
        let these = task_certificate::Column::TaskId.is_in(part.iter().copied());
        let left = find_whoever_asks::<task_certificate::Entity>().filter(these).all(&deed.tx).await?;
        let left: HashSet<Uuid> = left.into_iter().map(|t| t.task_id).collect();
        let empty: Vec<Uuid> = part.iter().copied().filter(|t| !left.contains(t)).collect();
        let ids = || empty.iter().copied();
        deed.remove::<task_event::Entity>(task_event::Column::TaskId.is_in(ids())).await?;
        deed.remove::<task_step::Entity>(task_step::Column::TaskId.is_in(ids())).await?;
        deed.remove::<task::Entity>(task::Column::Id.is_in(ids())).await?;
        gone.extend(empty);
    }
    Ok(gone)
}

/// Takes the words out of the history of a client and of pages that are gone.
async fn silence(deed: &Deed, client: Uuid, pages: Vec<String>) -> Result<u64> {
    let quiet = |which: SimpleExpr| {
        deed.change::<audit::Entity>(which)
            .col_expr(audit::Column::About, Expr::value(""))
            .col_expr(audit::Column::Link, Expr::value(""))
    };
    let named = crate::clients::contains(Expr::col(audit::Column::Link), &client.to_string());
    let mut lines = deed.run(quiet(audit::Column::ClientId.eq(client).or(named))).await?;
    for part in pages.chunks(PART) {
        lines += deed.run(quiet(audit::Column::Link.is_in(part.iter().cloned()))).await?;
    }
    Ok(lines)
}
