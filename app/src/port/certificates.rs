//! The register of certificates and its import.

use super::relay::port;
use super::words::*;

port! {
    ($)
    /// The register of certificates and its import.
    Certificates, answered by certificate_answers {
        fn certificates_of(client: ClientId) -> Vec<CertificateRow>;
        /// Certificates in lists; one that may not be seen refuses all.
        /// What can be reissued for clients and has no task; only what ends soon, if `soon`.
        fn to_reissue(clients: &[ClientId], soon: bool) -> Vec<CertificateRow>;
        fn certificates_by_id(ids: &[CertificateId]) -> Vec<CertificateRow>;
        fn certificate_card(id: CertificateId) -> Certificate;
        fn type_certificate(client: ClientId, typed: &Typed) -> CertificateId;
        /// Replaced certificates that are still valid and unchecked, from one on, the first to end first.
        fn old_keys(skip: u64) -> Listed<CertificateRow>;
        fn old_sets() -> u64;
        fn check_old_keys(ids: &[CertificateId], how: Check, note: &str) -> UndoId;
        /// What ended long ago, with nobody who works on it.
        fn long_ended() -> Listed<CertificateRow>;
        fn set_asides() -> Vec<(CertificateRow, Aside)>;
        fn set_aside(ids: &[CertificateId], why: &str) -> usize;
        fn bring_back(id: CertificateId) -> ();
        fn certificate_der(id: CertificateId) -> Vec<u8>;
        /// Those of every certificate of a client.
        fn certificate_files(client: ClientId) -> Vec<CertificateFile>;
        fn link_certificate(id: CertificateId, to: ClientId) -> ();
        fn unlink_certificate(id: CertificateId, from: ClientId) -> ();
        fn links_by_hand(id: CertificateId) -> Vec<ClientId>;
        fn preview(draft: DraftId) -> Preview;
        /// Judges it afresh; an empty mapping is guessed.
        fn judge_sheet(draft: DraftId, mapping: &Mapping) -> SheetPreview;
        fn accept_sheet(draft: DraftId, mapping: &Mapping) -> SheetOutcome;
        fn accept(draft: DraftId, chosen: &Choices) -> (Outcome, Vec<CertificateId>);
        /// Own imports that can still be undone.
        fn recent_imports() -> Vec<RecentImport>;
        /// What one of them made.
        fn import_contents(draft: DraftId) -> ImportContents;
        fn undo_import(draft: DraftId) -> Undone;
        /// Of these key identifiers those that are registered, with holder and last day.
        fn by_key_ids(ids: &[String]) -> Vec<(String, String, NaiveDate)>;
    }
}
