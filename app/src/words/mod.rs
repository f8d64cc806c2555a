//! Words for the codes of the domain, in each language.

mod fields;
pub mod history;

pub use fields::{client_field, fact, person_field};

use crate::text as t;
use domain::audit::DeedKind;
use domain::certificate::{HolderKind, HolderRole, Purpose, SignatureCheck, Warning};
use domain::client::{ClientKind, Known};
use domain::custody::{CarrierKind, Passing};
use domain::delivery::{DeliveryKind, DeliveryState};
use domain::filing::{Filing, FilingKind};
use domain::ground::GroundKind;
use domain::import::{FileError, FileHint};
use domain::mail::{MailStep, Misfit, Security};
use domain::number::NumberError;
use domain::person::{Lang, Part, Role, Theme};
use domain::reason::Reason;
use domain::refusal::{MailFault, NoList, Rule};
use domain::revocation::AddressKind;
use domain::route::Condition;
use domain::sheet::{Column, DateOrder, SeveralDates};
use domain::standing::{Standing, Urgency};
use domain::succession::Failure;
use domain::task::{Check, Lane, Route, Stage, StepFact, TaskView};

/// Declares a function that gives the word of each variant: `name(Type) = group { Variant => key, … }`.
macro_rules! words {
    ($($name:ident($ty:ident) = $group:ident { $($var:ident => $key:ident),+ $(,)? })+) => {$(
        pub fn $name(l: Lang, of: $ty) -> &'static str {
            match of { $($ty::$var => t::$group::$key(l)),+ }
        }
    )+};
}

words! {
    role(Role) = role { Owner => owner, Lead => lead, Accountant => accountant, Observer => observer }
    part(Part) = part { Responsible => responsible, Deputy => deputy, Observer => observer }
    theme(Theme) = theme { System => system, Light => light, Dark => dark }
    client_kind(ClientKind) = client_kind {
        LegalEntity => legal_entity, Branch => branch, SoleEntrepreneur => sole_entrepreneur, Individual => individual,
    }
    filing_kind(FilingKind) = filing { Return => filed, Payment => paid }
    ground(GroundKind) = ground { OwnerSigns => owner_signs, OwnCertificate => own_certificate, PowerOfAttorney => power_of_attorney }
    passing(Passing) = custody { Taken => taken, Returned => returned, Lost => lost, Destroyed => destroyed }
    carrier(CarrierKind) = custody { Token => token, Flash => flash, IdCard => id_card, File => file, Other => other_kind }
    condition(Condition) = route {
        PhoneInBase => phone_in_base, DataCurrent => data_current, BeforeExpiry => before_expiry, BiometricsFailed => biometrics_failed,
    }
    known(Known) = known { Yes => yes, No => no, Unknown => unknown }
    purpose(Purpose) = purpose { Authentication => authentication, Signing => signing, Timestamping => timestamping, Ocsp => ocsp }
    holder_kind(HolderKind) = holder_kind {
        Individual => individual, Organisation => organisation, InformationSystem => information_system, Authority => authority, Other => other,
    }
    holder_role(HolderRole) = holder_role {
        Head => head, RightToSign => right_to_sign, Finance => finance, Hr => hr, Employee => employee, InformationSystem => information_system,
    }
    delivery_kind(DeliveryKind) = delivery { Digest => digest, Urgent => urgent, Owner => owner }
    delivery_state(DeliveryState) = delivery {
        Waits => waits, Runs => runs, Sent => sent, Empty => empty, Off => off, Refused => refused, GivenUp => given_up,
    }
    security(Security) = mail { Tls => tls, StartTls => starttls, Open => open }
    mail_step(MailStep) = mail_step {
        Name => name, Connect => connect, Greeting => greeting, Tls => tls, SignIn => sign_in, Sender => sender, Receiver => receiver, Message => message,
    }
    misfit(Misfit) = mail { WantsTls => wants_tls, WantsStartTls => wants_starttls }
    address_kind(AddressKind) = address_kind { Lists => lists, Answers => answers }
    signed(SignatureCheck) = signed { NotChecked => not_checked, Holds => holds, Fails => fails }
    signature(SignatureCheck) = signature { NotChecked => not_checked, Holds => holds, Fails => fails }
    warning(Warning) = warning {
        TrailingData => trailing_data, LeadingData => leading_data, OthersDamaged => others_damaged,
        RepeatedInFile => repeated_in_file, SignatureMismatch => signature_mismatch, DatesSwapped => dates_swapped,
        NotYetValid => not_yet_valid, LegacyEncoding => legacy_encoding,
        InvalidCharacters => invalid_characters, InvisibleCharacters => invisible_characters,
        ControlCharacters => control_characters, LongName => long_name, EmptyName => empty_name, NoSubject => no_subject,
        SerialNegative => serial_negative, SerialZero => serial_zero, SerialLong => serial_long, SerialRepeated => serial_repeated,
        NoIin => no_iin, NoNumbers => no_numbers, IinCheck => iin_check, BinCheck => bin_check, IinLength => iin_length,
        IinLetters => iin_letters, SeveralBins => several_bins, NoPurpose => no_purpose, DuplicateExtension => duplicate_extension,
        AuthorityCertificate => authority_certificate, RootCertificate => root_certificate, ForeignIssuer => foreign_issuer,
    }
    reason(Reason) = reason {
        PasswordLost => password_lost, FileDamaged => file_damaged, Expired => expired, CarrierFailed => carrier_failed,
        Planned => planned, DataChanged => data_changed, Compromised => compromised, EmployeeLeft => employee_left,
    }
    route(Route) = route { Online => online, ServiceCentre => service_centre }
    stage(Stage) = stage {
        Planned => planned, WaitingOwner => waiting_owner, Filed => filed, WaitingConfirmation => waiting_confirmation,
        Issued => issued, SystemsUpdated => systems_updated, OldChecked => old_checked, Done => done, Refused => refused,
        Lapsed => lapsed, Blocked => blocked, Cancelled => cancelled,
    }
    stage_verb(Stage) = stage_verb {
        Planned => planned, WaitingOwner => waiting_owner, Filed => filed, WaitingConfirmation => waiting_confirmation,
        Issued => issued, SystemsUpdated => systems_updated, OldChecked => old_checked, Done => done, Refused => refused,
        Lapsed => lapsed, Blocked => blocked, Cancelled => cancelled,
    }
    date_order(DateOrder) = date_order { DayFirst => day_first, MonthFirst => month_first }
    several_dates(SeveralDates) = several_dates { Latest => latest, All => all }
    step_fact(StepFact) = step_fact { Filed => filed, Confirmed => confirmed, OldRevoked => old_revoked }
    check(Check) = check { Ocsp => ocsp, Crl => crl, Cabinet => cabinet, StillValid => still_valid, EndedItself => ended_itself }
    task_view(TaskView) = task_view { Mine => mine, Team => team, Unassigned => unassigned, Overdue => overdue, All => all, Closed => closed }
    lane(Lane) = lane {
        Planned => planned, WaitingOwner => waiting_owner, Authority => authority, Issued => issued, Old => old, Done => done,
    }
    column(Column) = column {
        Ignore => ignore, Name => name, Number => number, Holder => holder, HolderIin => holder_iin, LastDay => last_day,
        Responsible => responsible, Phone => phone, Email => email, Contact => contact,
    }
    failure(Failure) = failure {
        SameCertificate => same_certificate, OtherOwner => other_owner, OtherRole => other_role, OtherPerson => other_person,
        DoesNotSign => does_not_sign, DoesNotAuthenticate => does_not_authenticate, NotLater => not_later, NotValidYet => not_valid_yet, Ended => ended,
        NoLaterEnd => no_later_end, UnknownIssuer => unknown_issuer, SignatureFails => signature_fails,
    }
    deed(DeedKind) = deed {
        OfficeStarted => office_started, OfficeChanged => office_changed, AuthorityAdded => authority_added,
        AuthorityRemoved => authority_removed, SignedIn => signed_in, SignedOut => signed_out, SessionEnded => session_ended,
        PasswordChanged => password_changed, AccountChanged => account_changed, StaffInvited => staff_invited,
        StaffJoined => staff_joined, StaffChanged => staff_changed, StaffDeactivated => staff_deactivated,
        StaffActivated => staff_activated, LinkMade => link_made, TeamAdded => team_added, ClientCreated => client_created,
        ClientChanged => client_changed, ClientArchived => client_archived, ClientRestored => client_restored, ClientErased => client_erased, ClientsMerged => clients_merged,
        Assigned => assigned, AssignmentEnded => assignment_ended, Imported => imported,
        CertificateLinked => certificate_linked, CertificateUnlinked => certificate_unlinked, TaskOpened => task_opened,
        TaskMoved => task_moved, TaskAssigned => task_assigned, TaskCommented => task_commented, FileAttached => file_attached, FileRemoved => file_removed, TaskChanged => task_changed,
        SuccessorAccepted => successor_accepted, RevocationChecked => revocation_checked, Seeded => seeded, Undone => undone,
        StepTicked => step_ticked, StepsChanged => steps_changed, DaysOffChanged => days_off_changed, FilingsChanged => filings_changed,
        GroundRecorded => ground_recorded, GroundEnded => ground_ended, CarrierRecorded => carrier_recorded,
        SystemsChanged => systems_changed, RoutesChanged => routes_changed, HandedOver => handed_over, CoverEnded => cover_ended, SetAside => set_aside, BroughtBack => brought_back, Reminded => reminded, LadderChanged => ladder_changed, PutOff => put_off, PutOffEnded => put_off_ended, JobAgain => job_again, MailServerChanged => mail_server_changed, MailWishesChanged => mail_wishes_changed, DeliveryAgain => delivery_again, PlanChanged => plan_changed, OwnLadderChanged => own_ladder_changed, FeedMade => feed_made, FeedRemoved => feed_removed, OwnerWritten => owner_written, Escalated => escalated, EscalationChanged => escalation_changed,
        RevocationsRead => revocations_read, RevocationAsked => revocation_asked,
        ViewSaved => view_saved, ViewRemoved => view_removed, CertificateTyped => certificate_typed, SheetImported => sheet_imported, ImportUndone => import_undone, OldKeyChecked => old_key_checked,
    }
}

/// The word of an urgency.
pub fn urgency(l: Lang, of: Urgency) -> &'static str {
    match of {
        Urgency::Late => t::urgency::late(l),
        Urgency::Risk => t::urgency::risk(l),
        Urgency::Week => t::standing::week(l),
        Urgency::Month => t::standing::month(l),
        Urgency::Calm => t::standing::valid(l),
    }
}

/// A text of the office in the reader's language, or the first that there is.
pub fn of_three(l: Lang, [ru, kk, en]: &[String; 3]) -> String {
    let own = match l {
        Lang::Ru => ru,
        Lang::Kk => kk,
        Lang::En => en,
    };
    [own, ru, kk, en].into_iter().find(|t| !t.is_empty()).cloned().unwrap_or_default()
}

/// How a code is named where there is little room: a form by its number, anything else by its name.
pub fn filing_label(l: Lang, all: &[Filing], code: &str) -> String {
    if code.chars().all(|c| c.is_ascii_digit()) {
        return code.to_owned();
    }
    all.iter().find(|f| f.code == code).map_or_else(|| code.to_owned(), |f| of_three(l, &f.name))
}

/// Name of a language in itself.
pub const fn lang(of: Lang) -> &'static str {
    match of {
        Lang::Ru => "Русский",
        Lang::Kk => "Қазақша",
        Lang::En => "English",
    }
}

/// The badge's word for a standing.
pub fn standing(l: Lang, of: Standing) -> String {
    match of {
        Standing::NotYetValid => t::standing::not_yet_valid(l).into(),
        Standing::Valid => t::standing::valid(l).into(),
        Standing::Due(days) if days <= domain::standing::WEEK_DAYS => t::standing::week(l).into(),
        Standing::Due(_) => t::standing::month(l).into(),
        Standing::Expired => t::standing::expired(l).into(),
        Standing::Revoked => t::standing::revoked(l).into(),
        Standing::Unusable(why) => small(reason(l, why)),
        Standing::Replaced => t::standing::replaced(l).into(),
    }
}

/// The words as they stand inside a sentence.
fn small(words: &str) -> String {
    let mut letters = words.chars();
    letters.next().map_or_else(String::new, |first| first.to_lowercase().chain(letters).collect())
}

/// Why something is no revocation list.
fn no_list(l: Lang, why: NoList) -> String {
    match why {
        NoList::Empty => t::rule::list_empty(l).to_owned(),
        NoList::Cut => t::rule::list_cut(l).to_owned(),
        NoList::WebPage => t::rule::list_page(l).to_owned(),
        NoList::TooMany(most) => t::rule::list_long(l, most),
        NoList::Other => t::rule::not_fetched(l).to_owned(),
    }
}

fn which_client(l: Lang, near: &[String]) -> String {
    if near.is_empty() { t::rule::no_client_found(l).to_owned() } else { t::rule::which_client(l, near.join("; ")) }
}

/// The sentence for a broken rule: what is wrong and the way out.
pub fn rule(l: Lang, of: &Rule) -> String {
    match of {
        Rule::Successor(points) => points.iter().map(|p| failure(l, *p)).collect::<Vec<_>>().join(" "),
        Rule::Number(fault) => number(l, *fault),
        Rule::WhichClient(near) => which_client(l, near),
        Rule::CannotGo(names) => t::rule::stage_move_of(l, names.join("; ")),
        Rule::NoRightTo(names) => t::rule::no_right_to(l, names.join("; ")),
        Rule::ChangedOf(names) => t::rule::changed_of(l, names.join("; ")),
        Rule::ResponsibleChanged(names) => t::rule::responsible_changed(l, names.join("; ")),
        Rule::OthersAmong(names) => t::rule::others_among(l, names.join("; ")),
        Rule::Unread(files) => files
            .iter()
            .map(|(name, error, hint)| format!("{name}: {}", file(l, *error, *hint)))
            .collect::<Vec<_>>()
            .join(" "),
        Rule::Mail(fault) => mail(l, fault),
        Rule::NoList(why) => no_list(l, *why),
        plain => plain_rule(l, plain).into(),
    }
}

/// The sentence of a rule that is always the same.
#[expect(clippy::too_many_lines, reason = "a line for each rule")]
fn plain_rule(l: Lang, of: &Rule) -> &'static str {
    match of {
        Rule::Successor(_)
        | Rule::Number(_)
        | Rule::WhichClient(_)
        | Rule::CannotGo(_)
        | Rule::NoRightTo(_)
        | Rule::ChangedOf(_)
        | Rule::ResponsibleChanged(_)
        | Rule::OthersAmong(_)
        | Rule::Unread(_)
        | Rule::Mail(_)
        | Rule::NoList(_) => "",
        Rule::File(error, hint) => file(l, *error, *hint),
        Rule::Required => t::rule::required(l),
        Rule::TooLong => t::rule::too_long(l),
        Rule::HoldsKey => t::rule::holds_key(l),
        Rule::NoSuchClient => t::rule::no_such_client(l),
        Rule::NumberTaken => t::rule::number_taken(l),
        Rule::NumberElsewhere => t::rule::number_elsewhere(l),
        Rule::NumberByOwner => t::rule::number_by_owner(l),
        Rule::PasswordShort => t::rule::password_short(l),
        Rule::PasswordWrong => t::rule::password_wrong(l),
        Rule::PasswordCommon => t::rule::password_common(l),
        Rule::Date => t::rule::date(l),
        Rule::DayLongPast => t::rule::day_long_past(l),
        Rule::Order => t::rule::order(l),
        Rule::Unknown => t::rule::unknown(l),
        Rule::LastOwner => t::rule::last_owner(l),
        Rule::TaskOpen => t::rule::task_open(l),
        Rule::Move => t::rule::stage_move(l),
        Rule::NoRight => t::rule::no_right(l),
        Rule::OutsideTeam => t::rule::outside_team(l),
        Rule::Team => t::rule::team(l),
        Rule::OldList => t::rule::old_list(l),
        Rule::DeltaAlone => t::rule::delta_alone(l),
        Rule::FutureList => t::rule::future_list(l),
        Rule::ListSignature => t::rule::list_signature(l),
        Rule::NotListed => t::rule::not_listed(l),
        Rule::HttpOnly => t::rule::http_only(l),
        Rule::Months => t::rule::months(l),
        Rule::NoOtherClient => t::rule::no_other_client(l),
        Rule::TooMany => t::rule::overfull(l),
        Rule::DayToCome => t::rule::day_to_come(l),
        Rule::StillKept => t::rule::still_kept(l),
        Rule::OtherNumber => t::rule::other_number(l),
        Rule::StillGood => t::rule::still_good(l),
        Rule::NoProof => t::rule::no_proof(l),
        Rule::SeenWhere => t::rule::seen_where(l),
        Rule::NotEnded => t::rule::not_ended(l),
        Rule::NoService => t::rule::no_service(l),
        Rule::NoIssuer => t::rule::no_issuer(l),
        Rule::NoAnswer => t::rule::no_answer(l),
        Rule::TryLater => t::rule::try_later(l),
        Rule::UnknownThere => t::rule::unknown_there(l),
        Rule::AnswerSignature => t::rule::answer_signature(l),
        Rule::NotFetched => t::rule::not_fetched(l),
        Rule::SystemsWait => t::rule::systems_wait(l),
        Rule::AlreadyReplaced => t::rule::already_replaced(l),
        Rule::ContractEnded => t::rule::contract_ended(l),
        Rule::Registered => t::rule::registered(l),
        Rule::TakenAlready => t::rule::taken_already(l),
        Rule::ObserverWorks => t::rule::observer_works(l),
        Rule::ColumnTwice => t::rule::column_twice(l),
        Rule::LostQuote => t::rule::lost_quote(l),
        Rule::Ladder => t::rule::ladder(l),
        Rule::PutOffDay => t::rule::put_off_day(l),
        Rule::DateOrder => t::rule::date_order(l),
        Rule::SeveralDates => t::rule::several_dates(l),
        Rule::Rounded => t::rule::rounded(l),
        Rule::CellError => t::rule::cell_error(l),
        Rule::BrokenLetters => t::rule::broken_letters(l),
        Rule::StepsOpen => t::rule::steps_open(l),
        Rule::MailHost => t::rule::mail_host(l),
        Rule::MailPort => t::rule::mail_port(l),
        Rule::OpenPassword => t::rule::open_password(l),
        Rule::NoSecretsKey => t::rule::no_secrets_key(l),
        Rule::PlanDays => t::rule::plan_days(l),
        Rule::EscalateDays => t::rule::escalate_days(l),
        Rule::NoMailServer => t::rule::no_mail_server(l),
        Rule::NoOwnerMail => t::rule::no_owner_mail(l),
        Rule::Hour => t::rule::hour(l),
        Rule::Changed => t::rule::changed(l),
    }
}

/// What is wrong with a mail address.
fn mail(l: Lang, fault: &MailFault) -> String {
    match fault {
        MailFault::Form => t::rule::email(l).to_owned(),
        MailFault::Taken => t::rule::email_taken(l).to_owned(),
        MailFault::Letter(letter) => t::rule::mail_letters(l, *letter),
        MailFault::LooksLike(name) => t::rule::mail_looks_like(l, name),
    }
}

/// What is wrong with a БИН or ИИН.
fn number(l: Lang, fault: NumberError) -> String {
    let plain = match fault {
        NumberError::Check { expected } => return t::rule::number_check(l, expected),
        NumberError::Length => t::rule::number_length(l),
        NumberError::Digits => t::rule::number_digits(l),
        NumberError::Month => t::rule::number_month(l),
        NumberError::Date => t::rule::number_date(l),
        NumberError::Kind => t::rule::number_kind(l),
        NumberError::Century => t::rule::number_century(l),
        NumberError::Unassignable => t::rule::number_unassignable(l),
    };
    plain.into()
}

/// Why a task is refused, stuck or closed: what somebody wrote, or what the program says itself.
pub fn task_why(l: Lang, why: &str) -> String {
    if why == domain::task::CONTRACT_ENDED { t::task::contract_ended(l).to_owned() } else { why.to_owned() }
}

/// Why a file was not read, and the way out.
pub fn file(l: Lang, error: FileError, hint: FileHint) -> &'static str {
    match (error, hint) {
        (FileError::Empty, _) => t::file::empty(l),
        (FileError::TooLarge, FileHint::Attachment) => t::file::attachment_large(l),
        (FileError::Unsupported, FileHint::Attachment) => t::file::attachment_kind(l),
        (FileError::TooLarge, _) => t::file::too_large(l),
        (FileError::KeyContainer, _) => t::file::key_container(l),
        (FileError::PrivateKey, _) => t::file::private_key(l),
        (FileError::Truncated, _) => t::file::truncated(l),
        (FileError::Unsupported, FileHint::DocumentType) => t::file::document_type(l),
        (FileError::Unsupported, FileHint::OldWorkbook) => t::file::old_workbook(l),
        (FileError::Unsupported, _) => t::file::unsupported(l),
        (FileError::Malformed, FileHint::NoTable) => t::file::no_table(l),
        (FileError::Malformed, FileHint::Date) => t::file::bad_date(l),
        (FileError::Malformed, FileHint::Pem) => t::file::bad_pem(l),
        (FileError::Malformed, _) => t::file::malformed(l),
        (FileError::NotACertificate, FileHint::Text) => t::file::is_text(l),
        (FileError::NotACertificate, FileHint::Html) => t::file::is_html(l),
        (FileError::NotACertificate, FileHint::Picture) => t::file::is_picture(l),
        (FileError::NotACertificate, FileHint::Workbook) => t::file::is_workbook(l),
        (FileError::NotACertificate, FileHint::Zip) => t::file::is_zip(l),
        (FileError::NotACertificate, FileHint::Pdf) => t::file::is_pdf(l),
        (FileError::NotACertificate, FileHint::Request) => t::file::is_request(l),
        (FileError::NotACertificate, FileHint::Crl) => t::file::is_crl(l),
        (FileError::NotACertificate, _) => t::file::not_a_certificate(l),
    }
}

/// The national name of a key algorithm.
pub fn algorithm(code: &str) -> String {
    match code {
        "gost-34.310-2004" => "ГОСТ 34.310-2004".into(),
        "gost-34.10-2015-256" => "ГОСТ 34.10-2015 (256)".into(),
        "gost-34.10-2015-512" => "ГОСТ 34.10-2015 (512)".into(),
        "other" => "—".into(),
        plain => plain.to_uppercase(),
    }
}
