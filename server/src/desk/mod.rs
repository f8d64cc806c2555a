//! The desk: the register as one person may use it. The store answers what it can alone.

mod files;
mod mailing;
mod network;
mod secrets;

use crate::refusals::of;
use crate::state::AppState;
use app::port::words::*;
use app::port::{
    Account, Calendar, Certificates, ClientPapers, Clients, Delivering, Office, Reminding, Revocation, Tasks,
};
use std::sync::Arc;
use store::ScopedStore;

/// A desk bound to its person.
pub struct OfficeDesk {
    pub scoped: ScopedStore,
    pub state: Arc<AppState>,
}

app::client_answers!(OfficeDesk, of);
app::certificate_answers!(OfficeDesk, of);
app::calendar_answers!(OfficeDesk, of);
app::task_answers!(OfficeDesk, of);
app::client_paper_answers!(OfficeDesk, of);
app::revocation_answers!(OfficeDesk, of);
app::office_answers!(OfficeDesk, of);
app::reminder_answers!(OfficeDesk, of);
app::delivery_answers!(OfficeDesk, of);
app::account_answers!(OfficeDesk, of);

impl app::port::Desk for OfficeDesk {
    fn url(&self) -> &str {
        &self.state.url
    }

    fn prepare_finding(&self) {
        let scoped = self.scoped.clone();
        tokio::spawn(async move {
            if let Err(error) = scoped.find_anything("").await {
                tracing::info!(%error, "what can be found was not read ahead");
            }
        });
    }
}
