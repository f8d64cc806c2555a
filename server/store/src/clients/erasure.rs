//! The erasure of a client's data once the office's term after its contract has passed.

use crate::Result;
use crate::certificates::drafts::DRAFT_LIFE_MS;
use crate::certificates::import_removal::{PART, links};
use crate::clients::leaving::remove_card;
use crate::core::admitted::ScopedStore;
use crate::core::deed::Permitted;
use crate::core::entity::{
    attachment, audit, certificate, certificate_client, client, custody, draft, ground, mention, saved_view, task,
    task_certificate, task_event, task_step, undo,
};
use crate::core::whoever::find_whoever_asks;
use crate::tasks::undo::WINDOW_MS;
use domain::access::Action;
use domain::audit::{DeedKind, Entry};
use domain::id::ClientId;
use domain::leaving::{Erased, kept_until};
use domain::refusal::{Refusal, Rule};
use sea_orm::sea_query::{Expr, ExprTrait as _, SimpleExpr};
use sea_orm::{ColumnTrait as _, QueryFilter as _};
use std::collections::HashSet;
use uuid::Uuid;

impl ScopedStore {
    /// Erases a client whose term has passed: its card, its certificates that nobody else has, their tasks, its
    /// journals, and the words of its history. That somebody erased it, and how much, stays. `number` is the client's,
    /// typed again.
    ///
    /// # Errors
    /// `NotFound`, `NotAllowed` for others than owners, `Invalid` before the term has passed or for another number.
    pub async fn erase_client(&self, id: ClientId, number: &str) -> Result<Erased> {
        self.write(|deed| async move {
            let row = deed.erasable(id, number).await?;
            let own = row.id;
            let deed = deed.require(Action::Settings)?;
            let going = only_here(&deed, own).await?;
            pass_on(&deed, &row, &going).await?;
            let tasks = erase_tasks(&deed, &going).await?;
            let pages = going
                .iter()
                .map(|c| format!("/certificates/{}", c.id))
                .chain(tasks.iter().map(|t| format!("/tasks/{t}")));
            let lines = silence(&deed, own, pages.collect()).await?;
            deed.sweep(own).await?;
            deed.erase_certificates(own, &going).await?;
            deed.remove::<attachment::Entity>(attachment::Column::ClientId.eq(own)).await?;
            deed.remove::<custody::Entity>(custody::Column::ClientId.eq(own)).await?;
            deed.remove::<ground::Entity>(ground::Column::ClientId.eq(own)).await?;
            remove_card(&deed, own).await?;
            let erased = Erased { certificates: going.len(), tasks: tasks.len(), lines };
            let about = format!(
                "{}: certificates {}, tasks {}, lines {}",
                short(own),
                erased.certificates,
                erased.tasks,
                erased.lines
            );
            Ok(deed.done(Entry::new(DeedKind::ClientErased, about)).with(erased))
        })
        .await
    }

    /// The client, if its term has passed and this is its number.
    async fn erasable(&self, id: ClientId, number: &str) -> Result<client::Model> {
        let row = self.client(Action::See, id).await?;
        self.require(Action::Settings)?;
        let months = self.keep_months().await?;
        let until = row.contract_ended.filter(|_| row.archived.is_some()).map(|ended| kept_until(ended, months));
        if until.is_none_or(|until| until >= self.who.today.day) {
            return Err(Refusal::invalid("number", Rule::StillKept).into());
        }
        if number == row.number { Ok(row) } else { Err(Refusal::invalid("number", Rule::OtherNumber).into()) }
    }
}

impl Permitted {
    async fn erase_certificates(&self, own: Uuid, going: &[certificate::Model]) -> Result<()> {
        for part in going.chunks(PART) {
            let based = ground::Column::CertificateId.is_in(part.iter().map(|c| c.id));
            let free =
                self.change::<ground::Entity>(based).col_expr(ground::Column::CertificateId, Expr::value(None::<Uuid>));
            self.run(free).await?;
        }
        let mine = certificate_client::Column::ClientId.eq(own);
        let mine = find_whoever_asks::<certificate_client::Entity>().filter(mine).all(&self.rows).await?;
        let mine = mine.into_iter().map(|l| (l.certificate_id, l.client_id)).collect();
        self.remove_certificates(mine, going).await
    }
}

impl Permitted {
    /// What is kept for a while only, and views of this client: past drafts of imports, past ways back.
    async fn sweep(&self, own: Uuid) -> Result<()> {
        self.remove::<draft::Entity>(draft::Column::Made.lt(self.now_ms() - DRAFT_LIFE_MS)).await?;
        self.remove::<undo::Entity>(undo::Column::Made.lt(self.now_ms() - WINDOW_MS)).await?;
        let views = crate::clients::cards::contains(Expr::col(saved_view::Column::Query), &own.to_string());
        self.remove::<saved_view::Entity>(views).await?;
        Ok(())
    }
}

/// Lines about what other clients have too become theirs, but those that name the one that goes.
async fn pass_on(deed: &Permitted, gone: &client::Model, going: &[certificate::Model]) -> Result<()> {
    let own = gone.id;
    let going: HashSet<Uuid> = going.iter().map(|c| c.id).collect();
    let mine = find_whoever_asks::<certificate_client::Entity>().filter(certificate_client::Column::ClientId.eq(own));
    let shared: Vec<Uuid> =
        mine.all(&deed.rows).await?.into_iter().map(|l| l.certificate_id).filter(|c| !going.contains(c)).collect();
    for (certificate, client) in links(deed, &shared).await?.into_iter().filter(|(_, client)| *client != own) {
        let tasks = find_whoever_asks::<task_certificate::Entity>()
            .filter(task_certificate::Column::CertificateId.eq(certificate));
        let tasks = tasks.all(&deed.rows).await?.into_iter().map(|t| format!("/tasks/{}", t.task_id));
        let pages: Vec<String> = tasks.chain([format!("/certificates/{certificate}")]).collect();
        let names = crate::clients::cards::contains(Expr::col(audit::Column::About), &gone.name);
        let theirs = audit::Column::ClientId.eq(own).and(audit::Column::Link.is_in(pages)).and(names.not());
        deed.run(deed.change::<audit::Entity>(theirs).col_expr(audit::Column::ClientId, Expr::value(client))).await?;
    }
    Ok(())
}

/// Enough of an id to tell one erased client from another.
fn short(id: Uuid) -> String {
    let text = id.simple().to_string();
    text.chars().skip(text.len().saturating_sub(8)).collect()
}

/// Certificates that no other client has.
async fn only_here(deed: &Permitted, own: Uuid) -> Result<Vec<certificate::Model>> {
    let mine = certificate_client::Column::ClientId.eq(own);
    let mine = find_whoever_asks::<certificate_client::Entity>().filter(mine).all(&deed.rows).await?;
    let mine: Vec<Uuid> = mine.into_iter().map(|l| l.certificate_id).collect();
    let shared: HashSet<Uuid> = links(deed, &mine)
        .await?
        .into_iter()
        .filter(|(_, client)| *client != own)
        .map(|(certificate, _)| certificate)
        .collect();
    let alone: Vec<Uuid> = mine.into_iter().filter(|c| !shared.contains(c)).collect();
    let mut out = Vec::new();
    for part in alone.chunks(PART) {
        let these = certificate::Column::Id.is_in(part.iter().copied());
        out.extend(find_whoever_asks::<certificate::Entity>().filter(these).all(&deed.rows).await?);
    }
    Ok(out)
}

/// Takes certificates out of their tasks, and the tasks that are left with none away; gives those.
async fn erase_tasks(deed: &Permitted, going: &[certificate::Model]) -> Result<Vec<Uuid>> {
    let mut of_them = HashSet::new();
    for part in going.chunks(PART) {
        let ids = || part.iter().map(|c| c.id);
        let rows = find_whoever_asks::<task_certificate::Entity>()
            .filter(task_certificate::Column::CertificateId.is_in(ids()));
        of_them.extend(rows.all(&deed.rows).await?.into_iter().map(|t| t.task_id));
        deed.remove::<task_certificate::Entity>(task_certificate::Column::CertificateId.is_in(ids())).await?;
        let closing = deed.change::<task::Entity>(task::Column::SuccessorId.is_in(ids()));
        deed.run(closing.col_expr(task::Column::SuccessorId, Expr::value(None::<Uuid>))).await?;
    }
    let of_them: Vec<Uuid> = of_them.into_iter().collect();
    let mut gone = Vec::new();
    for part in of_them.chunks(PART) {
        let these = task_certificate::Column::TaskId.is_in(part.iter().copied());
        let left = find_whoever_asks::<task_certificate::Entity>().filter(these).all(&deed.rows).await?;
        let left: HashSet<Uuid> = left.into_iter().map(|t| t.task_id).collect();
        let empty: Vec<Uuid> = part.iter().copied().filter(|t| !left.contains(t)).collect();
        let ids = || empty.iter().copied();
        deed.remove::<mention::Entity>(mention::Column::TaskId.is_in(ids())).await?;
        deed.remove::<task_event::Entity>(task_event::Column::TaskId.is_in(ids())).await?;
        deed.remove::<task_step::Entity>(task_step::Column::TaskId.is_in(ids())).await?;
        deed.remove::<task::Entity>(task::Column::Id.is_in(ids())).await?;
        gone.extend(empty);
    }
    Ok(gone)
}

/// Takes the words out of the history of a client and of pages that are gone.
async fn silence(deed: &Permitted, client: Uuid, pages: Vec<String>) -> Result<u64> {
    let quiet = |which: SimpleExpr| {
        deed.change::<audit::Entity>(which)
            .col_expr(audit::Column::About, Expr::value(""))
            .col_expr(audit::Column::Link, Expr::value(""))
    };
    let named = crate::clients::cards::contains(Expr::col(audit::Column::Link), &client.to_string());
    let mut lines = deed.run(quiet(audit::Column::ClientId.eq(client).or(named))).await?;
    for part in pages.chunks(PART) {
        lines += deed.run(quiet(audit::Column::Link.is_in(part.iter().cloned()))).await?;
    }
    Ok(lines)
}
