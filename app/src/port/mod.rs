//! What a page may ask for. Every port is bound to its person already: no method names an actor.
//!
//! What the store answers alone is declared by area; what needs files, the network or secrets is named here.

pub mod account;
pub mod calendar;
pub mod certificates;
pub mod client_papers;
pub mod clients;
pub mod deliveries;
pub mod office;
mod relay;
pub mod reminders;
pub mod revocation;
pub mod tasks;
pub mod words;

pub use account::Account;
pub use calendar::Calendar;
pub use certificates::Certificates;
pub use client_papers::ClientPapers;
pub use clients::Clients;
pub use deliveries::Delivering;
pub use office::Office;
pub use reminders::Reminding;
pub use revocation::Revocation;
pub use tasks::Tasks;

use crate::seat::Seat;
use async_trait::async_trait;
use chrono::{DateTime, Utc};
use domain::attachment::AttachTo;
use domain::id::{CertificateId, DraftId, PersonId, TaskId};
use domain::mail::{MailFailure, MailServer};
use domain::office::Office as OfficeData;
use domain::person::PersonChange;
use domain::refusal::{Refusal, Rule};
use domain::revocation::{Fetched, ListRead};
use domain::sheet::Reading;
use domain::succession::Reissued;
use zeroize::Zeroize as _;

/// What every method gives.
pub type Answer<T> = Result<T, Refusal>;

/// A file as it arrived. Its bytes are wiped once it has been read.
pub struct Upload {
    pub name: String,
    pub bytes: Vec<u8>,
}

impl Drop for Upload {
    fn drop(&mut self) {
        self.bytes.zeroize();
    }
}

/// A one-time link: where it leads and until when.
pub struct OneTimeLink {
    pub url: String,
    pub ends: DateTime<Utc>,
}

/// What files brought to a task.
#[derive(Debug)]
pub struct Brought {
    /// Where they lie, to be registered apart from the task if they are refused.
    pub draft: DraftId,
    /// Names of those that hold certificates.
    pub read: Vec<String>,
    /// Those that could not be read, each with its reason.
    pub unread: Vec<(String, Rule)>,
    pub reissued: Answer<Reissued>,
}

/// What files bring in: they are read and wiped before anything is kept.
#[async_trait]
pub trait Files {
    async fn read_files(&self, files: Vec<Upload>) -> Answer<DraftId>;
    /// Keeps a spreadsheet until it is accepted.
    async fn read_sheet(&self, file: Upload) -> Answer<DraftId>;

    /// Reads the file of a spreadsheet's draft in another way.
    async fn read_sheet_anew(&self, draft: DraftId, reading: Reading) -> Answer<()>;
    /// Registers what the files hold as the successor. Where that is refused nothing is registered, and the draft can be
    /// registered apart from the task.
    async fn import_successor(&self, id: TaskId, files: Vec<Upload>, why: &str, revision: i32) -> Answer<Brought>;
    /// Looks at files and attaches those that may be, all in one write; gives the others with their reasons. Of a file that
    /// holds a key nothing is kept.
    async fn attach_files(&self, to: AttachTo, files: Vec<Upload>) -> Answer<Vec<(String, Rule)>>;
    async fn read_list(&self, file: Upload) -> Answer<ListRead>;
    async fn add_authority(&self, file: Upload) -> Answer<()>;
}

/// Asking authorities.
#[async_trait]
pub trait Network {
    /// Asks every address of the office's table; how each ended, or nothing yet where it takes long and goes on by
    /// itself.
    async fn fetch_lists(&self) -> Answer<Option<Vec<Fetched>>>;
    /// Asks the authority about a certificate (OCSP) and keeps its answer: whether it is revoked.
    async fn ask_issuer(&self, id: CertificateId) -> Answer<bool>;
}

/// One-time links and passwords.
#[async_trait]
pub trait Secrets {
    /// Makes the address of one's calendar feed, which is shown once; an earlier one ends.
    async fn make_feed(&self) -> Answer<String>;
    async fn invite(&self, email: &str, form: PersonChange) -> Answer<(PersonId, OneTimeLink)>;
    async fn make_link(&self, id: PersonId) -> Answer<OneTimeLink>;
    async fn change_password(&self, old: &str, new: &str) -> Answer<()>;
}

/// Mail to the outside.
#[async_trait]
pub trait Mailing {
    /// Names the server of outgoing mail. An empty password leaves the present one.
    async fn set_mail_server(&self, server: &MailServer, password: &str) -> Answer<()>;
    /// Sends a message to the asking person at once, and tells how that went.
    async fn test_mail(&self) -> Answer<Result<(), MailFailure>>;
}

/// Everything a signed-in person's pages may ask for.
pub trait Desk:
    Clients
    + Certificates
    + Calendar
    + Tasks
    + ClientPapers
    + Revocation
    + Office
    + Reminding
    + Delivering
    + Account
    + Files
    + Network
    + Secrets
    + Mailing
    + Send
    + Sync
{
    /// Begins to read what can be found, for somebody who is about to ask.
    fn prepare_finding(&self);
    /// Address of the program as people type it, without a slash at the end.
    fn url(&self) -> &str;
}

/// What a one-time link opens.
pub enum Door {
    /// The set-up of an empty database.
    Start,
    /// A password for somebody: name and address.
    Join { name: String, email: String },
}

/// What somebody signs in with, and where from.
#[derive(Clone, Copy)]
pub struct Credentials<'a> {
    pub email: &'a str,
    pub password: &'a str,
    /// How the browser calls itself.
    pub browser: &'a str,
    pub address: &'a str,
    /// By what the browser is known, if somebody has signed in from it before.
    pub known: Option<&'a str>,
}

/// What anybody may ask for.
#[async_trait]
pub trait Entrance: Send + Sync {
    /// Opens a session and gives its cookies.
    async fn sign_in(&self, typed: Credentials<'_>) -> Answer<Vec<String>>;
    async fn door(&self, token: &str) -> Answer<Door>;
    async fn start(&self, token: &str, office: OfficeData, name: &str, email: &str, password: &str) -> Answer<()>;
    async fn join(&self, token: &str, password: &str) -> Answer<()>;
    /// The seat of a feed's owner, who reads only.
    async fn feed(&self, token: &str) -> Answer<Seat>;
    async fn healthy(&self) -> bool;
    /// The cookie that ends a session in the browser.
    fn no_cookie(&self) -> String;
}
