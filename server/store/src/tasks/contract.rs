//! Tasks of clients whose contract ends: closed with it, opened again where the client comes back.

use crate::Result;
use crate::core::admitted::ScopedStore;
use crate::core::deed::Permitted;
use crate::core::entity::{certificate_client, client, task, task_certificate};
use crate::core::whoever::find_whoever_asks;
use domain::audit::{DeedKind, Entry};
use domain::id::{ClientId, TaskId};
use domain::task::{CONTRACT_ENDED, Stage};
use sea_orm::sea_query::{Expr, ExprTrait as _, Query, SelectStatement};
use sea_orm::{ColumnTrait as _, QueryFilter as _, QuerySelect as _};
use std::collections::HashSet;
use uuid::Uuid;

impl ScopedStore {
    /// Those of the certificates that have clients, of which none is under contract any more.
    pub(crate) async fn without_contract(&self, all: impl Iterator<Item = Uuid>) -> Result<HashSet<Uuid>> {
        let all: Vec<Uuid> = all.collect();
        let mut linked = HashSet::new();
        let mut running = HashSet::new();
        for part in all.chunks(500) {
            let links = find_whoever_asks::<certificate_client::Entity>()
                .filter(certificate_client::Column::CertificateId.is_in(part.iter().copied()))
                .select_only()
                .column(certificate_client::Column::CertificateId)
                .distinct();
            linked.extend(links.clone().into_tuple::<Uuid>().all(&self.rows).await?);
            let under = links.filter(certificate_client::Column::ClientId.in_subquery(under_contract()));
            running.extend(under.into_tuple::<Uuid>().all(&self.rows).await?);
        }
        Ok(linked.difference(&running).copied().collect())
    }
}

fn under_contract() -> SelectStatement {
    Query::select()
        .column(client::Column::Id)
        .from(client::Entity)
        .and_where(client::Column::Archived.is_null())
        .to_owned()
}

impl Permitted {
    /// Closes the open tasks of a client whose certificates no client under contract has; their lines of history.
    pub(crate) async fn close_with_contract(&self, client: Uuid) -> Result<Vec<Entry>> {
        let open =
            task::Column::Open.eq(true).and(task::Column::Id.in_subquery(self.tasks_of_client(ClientId(client))));
        let open = find_whoever_asks::<task::Entity>().filter(open).all(&self.rows).await?;
        let parts = self.parts_of(&open).await?;
        let gone = self.without_contract(parts.iter().map(|p| p.certificate_id)).await?;
        let runs = |id: Uuid| parts.iter().any(|p| p.task_id == id && !gone.contains(&p.certificate_id));
        let closing: Vec<task::Model> = open.into_iter().filter(|t| !runs(t.id)).collect();
        for model in &closing {
            // Kept, so that the task can go on from there.
            let stood = Stage::parse(&model.stage).filter(|stage| !stage.is_stuck()).map(Stage::code);
            self.set_contract(model, Stage::Cancelled, CONTRACT_ENDED, stood).await?;
            self.event(TaskId(model.id), "moved", Stage::Cancelled, CONTRACT_ENDED).await?;
        }
        self.task_entries(DeedKind::TaskMoved, &closing, |_| Stage::Cancelled.code().to_owned()).await
    }

    /// Opens again what the end of the contract has closed, unless another task has taken it up.
    pub(crate) async fn open_with_contract(&self, client: Uuid) -> Result<Vec<Entry>> {
        let closed = task::Column::Stage.eq(Stage::Cancelled.code()).and(task::Column::Why.eq(CONTRACT_ENDED));
        let closed = closed.and(task::Column::Id.in_subquery(self.tasks_of_client(ClientId(client))));
        let closed = find_whoever_asks::<task::Entity>().filter(closed).all(&self.rows).await?;
        let mut opened = Vec::new();
        for model in closed {
            let parts = self.parts_of(std::slice::from_ref(&model)).await?;
            let these = task_certificate::Column::CertificateId.is_in(parts.iter().map(|p| p.certificate_id));
            let busy = these.and(task_certificate::Column::Open.eq(true));
            if crate::core::whoever::exists::<task_certificate::Entity>(&self.rows, busy).await? {
                continue;
            }
            let stage = model.stuck_at.as_deref().and_then(Stage::parse).unwrap_or(Stage::Planned);
            self.set_contract(&model, stage, "", None).await?;
            self.event(TaskId(model.id), "moved", stage, "").await?;
            opened.push((model, stage));
        }
        let models: Vec<task::Model> = opened.iter().map(|(model, _)| model.clone()).collect();
        let stage = |model: &task::Model| opened.iter().find(|(m, _)| m.id == model.id).map_or("", |(_, s)| s.code());
        self.task_entries(DeedKind::TaskMoved, &models, |model| stage(model).to_owned()).await
    }

    async fn parts_of(&self, tasks: &[task::Model]) -> Result<Vec<task_certificate::Model>> {
        let mut out = Vec::new();
        for part in tasks.chunks(500) {
            let these = task_certificate::Column::TaskId.is_in(part.iter().map(|t| t.id));
            out.extend(find_whoever_asks::<task_certificate::Entity>().filter(these).all(&self.rows).await?);
        }
        Ok(out)
    }

    async fn set_contract(&self, model: &task::Model, stage: Stage, why: &str, stuck_at: Option<&str>) -> Result<()> {
        let change = self
            .change::<task::Entity>(task::Column::Id.eq(model.id))
            .col_expr(task::Column::Stage, Expr::value(stage.code()))
            .col_expr(task::Column::Open, Expr::value(stage.is_open()))
            .col_expr(task::Column::Why, Expr::value(why))
            .col_expr(task::Column::StuckAt, Expr::value(stuck_at))
            .col_expr(task::Column::Revision, Expr::value(model.revision + 1));
        self.run_one(change).await?;
        let parts = task_certificate::Column::TaskId.eq(model.id);
        let parts = self.change::<task_certificate::Entity>(parts);
        self.run(parts.col_expr(task_certificate::Column::Open, Expr::value(stage.is_open()))).await?;
        Ok(())
    }
}
