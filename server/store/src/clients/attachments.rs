//! Files attached to clients and their tasks. Whoever sees the client sees them; whoever works on it adds and removes.

use crate::core::admitted::ScopedStore;
use crate::core::convert::instant;
use crate::core::deed::Deed;
use crate::core::entity::{attachment, certificate_client, task_certificate};
use crate::core::fresh;
use crate::{Error, Result};
use domain::access::Action;
use domain::attachment::{AttachTo, Attachment, AttachmentKind, MOST, MOST_BYTES, NewAttachment};
use domain::audit::{DeedKind, Entry};
use domain::id::{AttachmentId, ClientId, TaskId};
use domain::refusal::{Refusal, Rule};
use sea_orm::sea_query::SimpleExpr;
use sea_orm::{ColumnTrait as _, FromQueryResult, JoinType, QueryFilter as _, QueryOrder as _, QuerySelect as _, Set};
use std::collections::HashMap;
use uuid::Uuid;

/// An attached file without its bytes.
#[derive(FromQueryResult)]
struct Row {
    id: Uuid,
    client_id: Uuid,
    task_id: Option<Uuid>,
    name: String,
    kind: String,
    size: i64,
    person_id: Uuid,
    made: i64,
}

impl ScopedStore {
    /// Files of a client and of its tasks, the newest first.
    ///
    /// # Errors
    /// `NotFound` for a foreign client.
    pub async fn attachments(&self, client: ClientId) -> Result<Vec<Attachment>> {
        self.client(Action::See, client).await?;
        self.attached(attachment::Column::ClientId.eq(client.0)).await
    }

    /// Files of a task.
    ///
    /// # Errors
    /// `NotFound` for a foreign task.
    pub async fn task_attachments(&self, task: TaskId) -> Result<Vec<Attachment>> {
        self.task(Action::See, task).await?;
        self.attached(attachment::Column::TaskId.eq(task.0)).await
    }

    /// One file with its bytes.
    ///
    /// # Errors
    /// `NotFound` for a foreign one.
    pub async fn attachment(&self, id: AttachmentId) -> Result<(Attachment, Vec<u8>)> {
        let which = attachment::Column::Id.eq(id.0);
        let row = self.one::<attachment::Entity>(Action::See, which.clone()).await?;
        let about = self.attached(which).await?.pop().ok_or(Refusal::NotFound)?;
        Ok((about, row.content))
    }

    async fn attached(&self, which: SimpleExpr) -> Result<Vec<Attachment>> {
        use attachment::Column as C;
        let rows: Vec<Row> = self
            .find::<attachment::Entity>(Action::See)
            .filter(which)
            .order_by_desc(C::Id)
            .select_only()
            .columns([C::Id, C::ClientId, C::TaskId, C::Name, C::Kind, C::Size, C::PersonId, C::Made])
            .into_model()
            .all(&self.rows)
            .await?;
        let names: HashMap<Uuid, String> = self.people().await?.iter().map(|p| (p.id.0, p.name.clone())).collect();
        let of = |r: Row| {
            Ok(Attachment {
                id: AttachmentId(r.id),
                client: ClientId(r.client_id),
                task: r.task_id.map(TaskId),
                kind: AttachmentKind::parse(&r.kind).ok_or(Error::Broken("attachment kind"))?,
                name: r.name,
                size: r.size,
                made: (names.get(&r.person_id).cloned().unwrap_or_default(), instant(r.made)),
            })
        };
        rows.into_iter().map(of).collect()
    }

    /// Attaches files that were looked at, all or none.
    ///
    /// # Errors
    /// `NotFound`, `NotAllowed`, or `Invalid` where the client would have more than it may.
    pub async fn attach(&self, to: AttachTo, all: &[NewAttachment]) -> Result<Vec<AttachmentId>> {
        self.write(|deed| async move {
            let (client, task) = match to {
                AttachTo::Client(client) => (client, None),
                AttachTo::Task(task) => (deed.client_of(task).await?, Some(task)),
            };
            let on = deed.client(Action::WorkTask, client).await?;
            let there = deed.attached(attachment::Column::ClientId.eq(client.0)).await?;
            let size = |new: &NewAttachment| i64::try_from(new.bytes.len()).unwrap_or(i64::MAX);
            let bytes = there.iter().map(|file| file.size).chain(all.iter().map(size)).fold(0, i64::saturating_add);
            if (there.len() + all.len()) as u64 > MOST || bytes > MOST_BYTES {
                return Err(Refusal::invalid("files", Rule::TooMany).into());
            }
            let (held, mut ids, mut lines) = (on.permits(), Vec::new(), Vec::new());
            for new in all {
                let id = AttachmentId(fresh::id());
                held.insert(attachment::ActiveModel {
                    id: Set(id.0),
                    client_id: Set(client.0),
                    task_id: Set(task.map(|t| t.0)),
                    name: Set(new.name.clone()),
                    kind: Set(new.kind.code().into()),
                    size: Set(size(new)),
                    person_id: Set(held.who.person.0),
                    made: Set(held.now_ms()),
                    content: Set(new.bytes.clone()),
                })
                .await?;
                ids.push(id);
                lines.push(line(DeedKind::FileAttached, &on.name, &new.name, (client, task)));
            }
            Ok(held.done_with(lines).with(ids))
        })
        .await
    }

    /// Removes a file; gives what it was.
    ///
    /// # Errors
    /// `NotFound`, `NotAllowed`.
    pub async fn remove_attachment(&self, id: AttachmentId) -> Result<AttachTo> {
        self.write(|deed| async move {
            let which = attachment::Column::Id.eq(id.0);
            let row = deed.held::<attachment::Entity>(Action::WorkTask, which.clone()).await?;
            let (client, task) = (ClientId(row.client_id), row.task_id.map(TaskId));
            let of = deed.names_of([row.client_id].into_iter()).await?.remove(&row.client_id).unwrap_or_default();
            row.permits().remove::<attachment::Entity>(which).await?;
            let was = task.map_or(AttachTo::Client(client), AttachTo::Task);
            Ok(deed.done(line(DeedKind::FileRemoved, &of, &row.name, (client, task))).with(was))
        })
        .await
    }
}

impl Deed {
    /// The first client of a task on which the person may work: a file of the task is that client's.
    async fn client_of(&self, task: TaskId) -> Result<ClientId> {
        self.task(Action::WorkTask, task).await?;
        let first = self
            .find::<certificate_client::Entity>(Action::WorkTask)
            .join(JoinType::InnerJoin, crate::clients::cards::task_join())
            .filter(task_certificate::Column::TaskId.eq(task.0))
            .order_by_asc(certificate_client::Column::ClientId)
            .one(&self.rows)
            .await?;
        first.map(|link| ClientId(link.client_id)).ok_or(Refusal::NotAllowed.into())
    }
}

fn line(kind: DeedKind, client: &str, file: &str, (id, task): (ClientId, Option<TaskId>)) -> Entry {
    let page = task.map_or_else(|| format!("/clients/{id}"), |task| format!("/tasks/{task}"));
    Entry::new(kind, format!("{client}: {file}")).client(id).link(page)
}
