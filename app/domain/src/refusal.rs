//! Why a request is refused, in a form that every page can put into words. No personal data stands in it, but for the name
//! of a colleague whom the asker sees anyway.

use crate::succession::Failure;

/// What is wrong with a mail address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MailFault {
    /// It has not the form of one.
    Form,
    Taken,
    /// A sign that only looks like a Latin letter, or cannot be seen.
    Letter(char),
    /// It is easily taken for that of a colleague of this name.
    LooksLike(String),
}

/// Why bytes are no revocation list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoList {
    Empty,
    /// It ends before the list does.
    Cut,
    /// A page of a site stands there, as when an address has moved.
    WebPage,
    /// More entries than this are not taken.
    TooMany(usize),
    Other,
}

/// A rule of a form that a value breaks; the pages have one sentence for each.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Rule {
    Required,
    TooLong,
    /// The text holds a private key or a container of keys.
    HoldsKey,
    Number(crate::number::NumberError),
    /// Words that are no one client's; these come near them.
    WhichClient(Vec<String>),
    /// These of many cannot go where they were sent.
    CannotGo(Vec<String>),
    /// No client that the person may use has this number, or it cannot be given to a new one.
    NoSuchClient,
    /// Another client that the person sees has this number.
    NumberTaken,
    /// The number cannot be given to a new client: the firm has it where the person does not see it.
    NumberElsewhere,
    /// The number of a client is corrected by those who see every client; the same answer for every number.
    NumberByOwner,
    Mail(MailFault),
    PasswordShort,
    PasswordWrong,
    PasswordCommon,
    Date,
    Order,
    Unknown,
    /// The last active owner stays owner.
    LastOwner,
    /// The certificate is in an open task already.
    TaskOpen,
    /// The stage cannot follow the present one.
    Move,
    /// The person has no right to the client.
    NoRight,
    /// Of many tasks that were given at once, the person has no right to these clients.
    NoRightTo(Vec<String>),
    /// Of many tasks, these clients' were changed by somebody else after the page was shown.
    ChangedOf(Vec<String>),
    /// Of many clients, these got another responsible after the page was shown.
    ResponsibleChanged(Vec<String>),
    /// A lead gives clients to the lead's own team alone.
    OutsideTeam,
    /// The successor rule fails at these points.
    Successor(Vec<Failure>),
    /// The file could not be read.
    File(crate::import::FileError, crate::import::FileHint),
    /// None of several files could be read: each with its reason.
    Unread(Vec<(String, crate::import::FileError, crate::import::FileHint)>),
    Team,
    /// The list is older than the one that is known, or goes on from one that is not.
    OldList,
    /// The list only goes on from one that has not been read.
    DeltaAlone,
    /// The list is dated later than now.
    FutureList,
    /// The file or the answer is no list.
    NoList(NoList),
    /// The signature of a list does not hold.
    ListSignature,
    /// The list does not say that the certificate is revoked.
    NotListed,
    /// The authority answered that the certificate is not revoked.
    StillGood,
    /// Neither a list nor an answer of the authority proves it here.
    NoProof,
    /// Where a revocation was seen is not said.
    SeenWhere,
    /// The certificate has not ended yet.
    NotEnded,
    /// None of the services that the certificate names may be asked, or it names none.
    NoService,
    /// The issuer's certificate is not among the authorities.
    NoIssuer,
    /// The service gave no usable answer.
    NoAnswer,
    /// The service asks to come later.
    TryLater,
    /// The service does not know the certificate.
    UnknownThere,
    /// The signature of an answer does not hold.
    AnswerSignature,
    /// The address did not answer with a list.
    NotFetched,
    /// Systems of the client that still work with the old certificate.
    SystemsWait,
    /// What a newer certificate has replaced is not reissued.
    AlreadyReplaced,
    /// No client of the certificate is under contract.
    ContractEnded,
    /// The same certificate is registered from its file.
    Registered,
    /// Nothing tells which number of a date is the day.
    DateOrder,
    /// The table names several last days of one owner, and nobody has said which of them count.
    SeveralDates,
    /// A spreadsheet kept only some digits of a number.
    Rounded,
    /// The cell holds an error of the spreadsheet.
    CellError,
    /// A letter of the cell is broken.
    BrokenLetters,
    /// Steps of the checklist are left out without a word why.
    StepsOpen,
    /// The address is not one of plain HTTP.
    HttpOnly,
    /// Months outside 0 to 600.
    Months,
    /// No other client that may be changed has this number.
    NoOtherClient,
    /// More of them than one person keeps.
    TooMany,
    /// A day that has not come yet.
    DayToCome,
    /// A day that is planned for passed more than a year ago.
    DayLongPast,
    /// The term for which the data is kept has not passed.
    StillKept,
    /// Not the number of this client.
    OtherNumber,
    /// The new certificate is taken in this task already.
    TakenAlready,
    /// An observer works on no client.
    ObserverWorks,
    /// Among the files are certificates of these others.
    OthersAmong(Vec<String>),
    /// Two columns of a table are said to hold the same.
    ColumnTwice,
    /// A quotation mark of the table is lost, and rows run together.
    LostQuote,
    /// Reminders are put off until a day from today to the end.
    PutOffDay,
    /// No days of a ladder, too many, or beyond its limits.
    Ladder,
    /// No name or address of a mail server.
    MailHost,
    /// No number of a port.
    MailPort,
    /// No password goes over an open line.
    OpenPassword,
    /// The server keeps no secrets before it has a key for them.
    NoSecretsKey,
    /// No number of days from 1 to 365.
    PlanDays,
    /// No number of days from 1 to 60.
    EscalateDays,
    /// No server of outgoing mail is named.
    NoMailServer,
    /// Nobody knows an address of the owner.
    NoOwnerMail,
    /// No hour of a day.
    Hour,
    /// Somebody else changed it while the page was open.
    Changed,
}

/// A refusal on its way to a page.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    #[error("sign in first")]
    SignInFirst,
    #[error("another role may do this")]
    NotAllowed,
    #[error("not found")]
    NotFound,
    /// Somebody else changed it meanwhile.
    #[error("changed by somebody else")]
    Conflict,
    #[error("{field}: {rule:?}")]
    Invalid { field: &'static str, rule: Rule },
    /// Too many tries; seconds until the next one.
    #[error("wait {0} s")]
    Wait(i64),
    /// Others held what was needed for too long; nothing was changed.
    #[error("busy, nothing was changed")]
    Busy,
    /// The database does not answer; nothing was changed.
    #[error("the database does not answer")]
    Away,
    /// The server's disk takes nothing more; nothing was changed.
    #[error("the disk is full, nothing was changed")]
    Full,
    /// The answer of the database was lost: the change may stand or not.
    #[error("it is not known whether the change stands")]
    Unclear,
    #[error("internal error {reference}")]
    Internal { reference: String },
}

impl Refusal {
    /// A broken rule of a field.
    #[must_use]
    pub const fn invalid(field: &'static str, rule: Rule) -> Self {
        Self::Invalid { field, rule }
    }
}
