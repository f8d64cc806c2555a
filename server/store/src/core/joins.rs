//! How tables hang together.

use super::entity::{certificate, certificate_client, task, task_certificate};
use sea_orm::{EntityTrait as _, RelationDef};

pub fn link_join() -> RelationDef {
    certificate::Entity::belongs_to(certificate_client::Entity)
        .from(certificate::Column::Id)
        .to(certificate_client::Column::CertificateId)
        .into()
}

pub fn task_join() -> RelationDef {
    task_certificate::Entity::belongs_to(task::Entity)
        .from(task_certificate::Column::TaskId)
        .to(task::Column::Id)
        .into()
}
