//! Rows of the tables. Private to the store.

/// Declares the module of one entity with its rows.
macro_rules! entities {
    ($($(#[$doc:meta])* $module:ident = $table:literal { $($(#[$attr:meta])* $field:ident: $ty:ty),+ $(,)? })+) => {$(
        $(#[$doc])*
        pub mod $module {
            use sea_orm::entity::prelude::*;

            #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
            #[sea_orm(table_name = $table)]
            pub struct Model { $($(#[$attr])* pub $field: $ty),+ }

            #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
            pub enum Relation {}

            impl ActiveModelBehavior for ActiveModel {}
        }
    )+};
}

entities! {
    office = "office" {
        #[sea_orm(primary_key, auto_increment = false)] id: i32, name: String, zone: String, lang: String,
        keep_months: i32, lists_daily: bool, lists_asked: i64,
        writes_office: i64, writes_people: i64, writes_clients: i64, writes_certificates: i64, writes_tasks: i64,
        writes_notices: i64, ladder: String, reminds_since: Option<Date>, plan_days: Option<i32>,
        escalate_days: Option<i32>,
    }
    job = "job" {
        #[sea_orm(primary_key, auto_increment = false)] id: Uuid, kind: String, name: String, state: String, run_at: i64,
        tries: i32, epoch: i32, held_until: Option<i64>, fault: String, made: i64, ended: Option<i64>,
    }
    /// What became of a rung of a certificate's ladder.
    rung = "rung" {
        #[sea_orm(primary_key, auto_increment = false)] certificate_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)] days: i32, state: String, why: String, at: i64,
    }
    notice = "notice" {
        #[sea_orm(primary_key, auto_increment = false)] id: Uuid, person_id: Uuid, certificate_id: Uuid, days: i32,
        left: i32, late: i32, again: String, instead: bool, at: i64, seen: Option<i64>, escalated: bool,
        kind: String,
    }
    put_off = "put_off" {
        #[sea_orm(primary_key, auto_increment = false)] certificate_id: Uuid, until: Date, why: String, person_id: Uuid,
        at: i64,
    }
    /// The secret address of a person's calendar.
    feed = "feed" {
        #[sea_orm(primary_key, auto_increment = false)] person_id: Uuid, token_hash: String, made: i64,
    }
    client_ladder = "client_ladder" {
        #[sea_orm(primary_key, auto_increment = false)] client_id: Uuid, days: String,
    }
    certificate_ladder = "certificate_ladder" {
        #[sea_orm(primary_key, auto_increment = false)] certificate_id: Uuid, days: String,
    }
    /// The one server of outgoing mail; its row is number 1.
    mail_server = "mail_server" {
        #[sea_orm(primary_key, auto_increment = false)] id: i32, host: String, port: i32, security: String,
        user_name: String, sealed: String, sender: String, changed: i64, fails_since: Option<i64>, fails_at: String,
        said: String,
    }
    mail_wish = "mail_wish" {
        #[sea_orm(primary_key, auto_increment = false)] person_id: Uuid, digest: bool, urgent: bool, hour: i32,
    }
    /// A message to one person.
    delivery = "delivery" {
        #[sea_orm(primary_key, auto_increment = false)] id: Uuid, person_id: Uuid, channel: String, kind: String,
        name: String, state: String, run_at: i64, tries: i32, epoch: i32, held_until: Option<i64>, begun: Option<i64>,
        uncertain: bool, step: String, said: String, made: i64, ended: Option<i64>,
    }
    /// What somebody writes to the owner of a key.
    owner_letter = "owner_letter" {
        #[sea_orm(primary_key, auto_increment = false)] delivery_id: Uuid, task_id: Uuid, name: String, email: String,
        lang: String, subject: String, body: String,
    }
    /// A notice that a message tells.
    delivery_notice = "delivery_notice" {
        #[sea_orm(primary_key, auto_increment = false)] delivery_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)] notice_id: Uuid,
    }
    day_off = "day_off" {
        #[sea_orm(primary_key, auto_increment = false)] day: Date, name_ru: String, name_kk: String, name_en: String,
    }
    authority = "authority" {
        #[sea_orm(primary_key, auto_increment = false)] id: Uuid, common_name: String, der: Option<Vec<u8>>,
    }
    team = "team" { #[sea_orm(primary_key, auto_increment = false)] id: Uuid, name: String }
    person = "person" {
        #[sea_orm(primary_key, auto_increment = false)] id: Uuid, name: String, email: String, password: Option<String>,
        role: String, team_id: Option<Uuid>, sees_all: bool, active: bool, lang: String, theme: String, revision: i32,
        client_columns: String,
    }
    session = "session" {
        #[sea_orm(primary_key, auto_increment = false)] id: Uuid, person_id: Uuid, token_hash: String, started: i64,
        seen: i64, ends: i64, browser: String, address: String,
    }
    link = "link" {
        #[sea_orm(primary_key, auto_increment = false)] id: Uuid, token_hash: String, person_id: Option<Uuid>,
        ends: i64, used: Option<i64>,
    }
    change = "change" { #[sea_orm(primary_key)] id: i64, what: String, row_id: Uuid }
    write_made = "write_made" { #[sea_orm(primary_key, auto_increment = false)] id: Uuid, at: i64 }
    throttle = "throttle" {
        #[sea_orm(primary_key, auto_increment = false)] name: String, failures: i32, until: i64, last: i64,
        pending: i32,
    }
    known_browser = "known_browser" {
        #[sea_orm(primary_key, auto_increment = false)] token_hash: String, person_id: Uuid, seen: i64,
    }
    client = "client" {
        #[sea_orm(primary_key, auto_increment = false)] id: Uuid, kind: String, name: String, number: String,
        team_id: Option<Uuid>, notes: String, contacts: String, search: String, sort_name: String,
        archived: Option<i64>, revision: i32, held: String, legal_address: String, contract_ended: Option<Date>,
    }
    filing = "filing" {
        #[sea_orm(primary_key, auto_increment = false)] id: Uuid, code: String, kind: String, months: String, day: i32,
        shifts: bool, stops: bool, name_ru: String, name_kk: String, name_en: String, whom_ru: String, whom_kk: String,
        whom_en: String, valid_from: Option<Date>, valid_to: Option<Date>,
    }
    client_filing = "client_filing" {
        #[sea_orm(primary_key, auto_increment = false)] client_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)] code: String,
    }
    /// Days on which a missed filing stops a client; an end from `from_day` to `day` breaks it.
    filing_day = "filing_day" {
        #[sea_orm(primary_key, auto_increment = false)] code: String,
        #[sea_orm(primary_key, auto_increment = false)] day: Date, from_day: Date,
    }
    assignment = "assignment" {
        #[sea_orm(primary_key, auto_increment = false)] id: Uuid, client_id: Uuid, person_id: Uuid, part: String,
        from_day: Date, until_day: Option<Date>,
    }
    certificate = "certificate" {
        #[sea_orm(primary_key, auto_increment = false)] id: Uuid, fingerprint: String, holder: String, purposes: String,
        roles: String, serial: String, issuer: String, owner_number: Option<String>, lineage: String, search: String,
        not_before: i64, not_after: i64, last_day: Date, signature: String, successor_id: Option<Uuid>,
        replaced_from: Option<i64>, lost_at: Option<i64>, lost_reason: Option<String>, revoked_at: Option<i64>,
        imported_at: i64, typed: bool, checked_at: Option<i64>, key_id: Option<String>,
        aside_at: Option<i64>, aside_by: Option<Uuid>, aside_why: String,
    }
    certificate_file = "certificate_file" {
        #[sea_orm(primary_key, auto_increment = false)] certificate_id: Uuid, der: Vec<u8>, facts: String,
    }
    certificate_client = "certificate_client" {
        #[sea_orm(primary_key, auto_increment = false)] certificate_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)] client_id: Uuid, by_hand: bool, last_day: Date,
    }
    draft = "draft" {
        #[sea_orm(primary_key, auto_increment = false)] id: Uuid, person_id: Uuid, task_id: Option<Uuid>, made: i64,
    }
    /// What an import made.
    import_made = "import_made" {
        #[sea_orm(primary_key, auto_increment = false)] draft_id: Uuid, person_id: Uuid, made: i64, body: String,
    }
    draft_item = "draft_item" {
        #[sea_orm(primary_key, auto_increment = false)] draft_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)] no: i32, file: String, der: Option<Vec<u8>>,
        facts: Option<String>, error: Option<String>, hint: Option<String>,
    }
    sheet_draft = "sheet_draft" { #[sea_orm(primary_key, auto_increment = false)] draft_id: Uuid, sheet: String,
        file: Option<Vec<u8>>,
    }
    task = "task" {
        #[sea_orm(primary_key, auto_increment = false)] id: Uuid, reason: String, route: String, stage: String,
        open: bool, assignee_id: Option<Uuid>, due: Date, counts_to: Date, waited: i32, waiting_since: Option<Date>,
        note: String, why: String, successor_id: Option<Uuid>, override_why: String, checked_by: Option<Uuid>,
        check_how: Option<String>, checked_at: Option<i64>, check_note: String, opened_at: i64, revision: i32,
        stuck_at: Option<String>, agreed_at: Option<i64>, cover_for: Option<Uuid>,
    }
    task_certificate = "task_certificate" {
        #[sea_orm(primary_key, auto_increment = false)] task_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)] certificate_id: Uuid, open: bool,
    }
    task_step = "task_step" {
        #[sea_orm(primary_key, auto_increment = false)] task_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)] place: i32, text_ru: String, text_kk: String, text_en: String,
        done_by: Option<Uuid>, done_at: Option<i64>, system: bool, fact: Option<String>,
    }
    step_template = "step_template" {
        #[sea_orm(primary_key, auto_increment = false)] id: Uuid, reason: Option<String>, route: Option<String>,
        fact: Option<String>, place: i32, text_ru: String, text_kk: String, text_en: String,
    }
    ground = "ground" {
        #[sea_orm(primary_key, auto_increment = false)] id: Uuid, client_id: Uuid, certificate_id: Option<Uuid>,
        kind: String, number: String, scope: String, until: Option<Date>, note: String, person_id: Uuid, made: i64,
        ended: Option<i64>,
    }
    /// The journal of carriers. Rows are only added.
    attachment = "attachment" {
        #[sea_orm(primary_key, auto_increment = false)] id: Uuid, client_id: Uuid, task_id: Option<Uuid>, name: String,
        kind: String, size: i64, person_id: Uuid, made: i64, content: Vec<u8>,
    }
    custody = "custody" {
        #[sea_orm(primary_key, auto_increment = false)] id: Uuid, carrier_id: Uuid, client_id: Uuid, kind: String,
        label: String, what: String, day: Date, from_whom: String, to_whom: String, keeper_id: Option<Uuid>,
        ground: String, back_by: Option<Date>, note: String, person_id: Uuid, made: i64,
    }
    system = "system" {
        #[sea_orm(primary_key, auto_increment = false)] id: Uuid, place: i32, usual: bool, name_ru: String,
        name_kk: String, name_en: String,
    }
    client_system = "client_system" {
        #[sea_orm(primary_key, auto_increment = false)] client_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)] system_id: Uuid,
    }
    route_rule = "route_rule" {
        #[sea_orm(primary_key, auto_increment = false)] route: String, conditions: String, link: String,
    }
    /// What is known of an issuer's lists: one row an issuer.
    crl = "crl" {
        #[sea_orm(primary_key, auto_increment = false)] issuer: String, number: String, this_update: i64,
        next_update: Option<i64>, signature: String, source: String, read_at: i64, entries: i64, list_id: Option<Uuid>,
    }
    /// The entries of a list, whole or on its way in.
    crl_entry = "crl_entry" {
        #[sea_orm(primary_key, auto_increment = false)] list_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)] serial: String, at: i64, reason: Option<i32>,
    }
    /// Where a revocation is known from.
    revocation = "revocation" {
        #[sea_orm(primary_key, auto_increment = false)] certificate_id: Uuid, source: String, detail: String,
        signature: String, seen: i64, person_id: Option<Uuid>,
    }
    list_source = "list_source" { #[sea_orm(primary_key, auto_increment = false)] id: Uuid, url: String, kind: String }
    /// The last answer of an authority that a certificate is not revoked.
    good_answer = "good_answer" {
        #[sea_orm(primary_key, auto_increment = false)] certificate_id: Uuid, at: i64, source: String,
        signature: String,
    }
    saved_view = "saved_view" {
        #[sea_orm(primary_key, auto_increment = false)] id: Uuid, person_id: Uuid, team_id: Option<Uuid>, shared: bool,
        place: String, name: String, query: String,
    }
    undo = "undo" { #[sea_orm(primary_key, auto_increment = false)] id: Uuid, person_id: Uuid, made: i64, body: String }
    task_event = "task_event" {
        #[sea_orm(primary_key, auto_increment = false)] id: Uuid, task_id: Uuid, at: i64, person_id: Uuid, kind: String,
        stage: String, body: String,
    }
    mention = "mention" {
        #[sea_orm(primary_key, auto_increment = false)] id: Uuid, task_id: Uuid, person_id: Uuid, author_id: Uuid,
        at: i64, body: String, seen: Option<i64>,
    }
    audit = "audit" {
        #[sea_orm(primary_key)] id: i64, at: i64, person_id: Option<Uuid>, session_id: Option<Uuid>, kind: String,
        client_id: Option<Uuid>, about: String, link: String,
        /// Of the lines that one act on many has written.
        act: Option<Uuid>,
    }
}
