//! The bytes of certificates and the facts read from them.

use crate::Result;
use crate::core::admitted::ScopedStore;
use crate::core::convert::facts;
use crate::core::entity::{certificate_client, certificate_file};
use domain::access::Action;
use domain::certificate::CertificateFile;
use domain::id::{CertificateId, ClientId};
use domain::refusal::Refusal;
use sea_orm::{ColumnTrait as _, QueryFilter as _, QuerySelect as _, QueryTrait as _};

impl ScopedStore {
    /// The DER bytes of a certificate: its public part, nothing else was ever kept.
    ///
    /// # Errors
    /// `NotFound` for a foreign one.
    pub async fn certificate_der(&self, id: CertificateId) -> Result<Vec<u8>> {
        let file = self.file(id).await?;
        // A typed entry has no bytes.
        if file.der.is_empty() { Err(Refusal::NotFound.into()) } else { Ok(file.der) }
    }

    pub(crate) async fn file(&self, id: CertificateId) -> Result<certificate_file::Model> {
        self.one::<certificate_file::Entity>(Action::See, certificate_file::Column::CertificateId.eq(id.0)).await
    }

    /// Those of every certificate of a client.
    ///
    /// # Errors
    /// `NotFound` for a foreign client.
    pub async fn certificate_files(&self, client: ClientId) -> Result<Vec<CertificateFile>> {
        self.client(Action::See, client).await?;
        let linked = self
            .links_of_named(Action::See)
            .filter(certificate_client::Column::ClientId.eq(client.0))
            .select_only()
            .column(certificate_client::Column::CertificateId)
            .into_query();
        let rows = self
            .find::<certificate_file::Entity>(Action::See)
            .filter(certificate_file::Column::CertificateId.in_subquery(linked))
            .all(&self.rows)
            .await?;
        let file = |row: certificate_file::Model| {
            Ok(CertificateFile { id: CertificateId(row.certificate_id), facts: facts(&row)?, der: row.der })
        };
        rows.into_iter().map(file).collect()
    }
}
