//! What happens before somebody is admitted: credentials, sessions, one-time links.

use crate::Result;
use crate::core::connection::Store;
use crate::core::convert::{instant, person as to_person};
use crate::core::deed::{Author, Done, Permitted};
use crate::core::entity::{feed, link, office, person, session};
use crate::core::fresh;
use crate::core::fresh::NOBODY;
use crate::core::rows::Rows;
use crate::core::whoever::exists;
use crate::core::whoever::find_whoever_asks;
use crate::office::defaults::begin_office;
use crate::people::brake::Counted;
use chrono::{DateTime, Duration, Utc};
use domain::access::SystemRight;
use domain::audit::{DeedKind, Entry};
use domain::id::{PersonId, SessionId};
use domain::office::Office;
use domain::person::{Lang, Person, Role, Theme};
use domain::refusal::{MailFault, Refusal, Rule};
use sea_orm::sea_query::{Expr, ExprTrait as _};
use sea_orm::{ColumnTrait as _, QueryFilter as _, Set};

/// Links of two processes that start together are made within this.
const SAME_MOMENT: Duration = Duration::minutes(1);

/// What signing in compares with.
pub struct Credentials {
    pub person: PersonId,
    /// PHC string of the password; none until the one-time link was used.
    pub password: Option<String>,
}

/// A session to open.
pub struct NewSession {
    pub person: PersonId,
    pub token_hash: String,
    pub ends: DateTime<Utc>,
    pub browser: String,
    pub address: String,
    /// What the browser is known by from now on, hashed.
    pub known: Option<String>,
}

/// What a one-time link is for.
pub enum LinkFor {
    /// The first owner of an empty database.
    Start,
    /// Setting a password.
    Person(Box<Person>),
}

impl Store {
    /// Whether nobody was ever written into the database.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn is_empty(&self) -> Result<bool> {
        Ok(find_whoever_asks::<person::Entity>().one(&self.db).await?.is_none())
    }

    /// The office, once it is set up.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn office(&self) -> Result<Option<Office>> {
        let row = find_whoever_asks::<office::Entity>().one(&self.db).await?;
        Ok(row.map(to_office))
    }

    /// Credentials of an active person.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn credentials(&self, email: &str) -> Result<Option<Credentials>> {
        let row = find_whoever_asks::<person::Entity>()
            .filter(person::Column::Email.eq(email))
            .filter(person::Column::Active.eq(true))
            .one(&self.db)
            .await?;
        Ok(row.map(|p| Credentials { person: PersonId(p.id), password: p.password }))
    }

    /// Opens a session; its hash is stored, never its token. `tried` are the names under which the brake counted the try
    /// that succeeded.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn open_session(&self, new: NewSession, tried: &[Counted], now: DateTime<Utc>) -> Result<()> {
        let new = &new;
        let author = Author { person: Some(new.person), session: Some(SessionId(fresh::id())) };
        self.entrance(author, now, |deed| async move {
            deed.count_right(tried).await?;
            if let Some(known) = &new.known {
                deed.know_browser(known, new.person, now).await?;
            }
            deed.insert(session::ActiveModel {
                id: Set(author.session.map_or(NOBODY, |s| s.0)),
                person_id: Set(new.person.0),
                token_hash: Set(new.token_hash.clone()),
                started: Set(now.timestamp_millis()),
                seen: Set(now.timestamp_millis()),
                ends: Set(new.ends.timestamp_millis()),
                browser: Set(new.browser.clone()),
                address: Set(new.address.clone()),
            })
            .await?;
            Ok(deed.done(Entry::new(DeedKind::SignedIn, "")))
        })
        .await
    }

    /// Makes the link of the first owner; older ones stop working, but those of the last minute: two processes that
    /// start at one moment each show theirs.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn make_start_link(&self, token_hash: String, now: DateTime<Utc>, ends: DateTime<Utc>) -> Result<()> {
        let token_hash = &token_hash;
        let older = (ends - SAME_MOMENT).timestamp_millis();
        self.entrance(Author::default(), now, |deed| async move {
            deed.remove::<link::Entity>(link::Column::PersonId.is_null().and(link::Column::Ends.lt(older))).await?;
            deed.insert(new_link(token_hash.clone(), None, ends)).await?;
            Ok(deed.done(Entry::new(DeedKind::LinkMade, "start")))
        })
        .await
    }

    /// A write before anybody is admitted.
    async fn entrance<T, F, R>(&self, author: Author, now: DateTime<Utc>, act: F) -> Result<T>
    where
        T: Send,
        F: Fn(Permitted) -> R + Sync,
        R: Future<Output = Result<Done<T>>> + Send,
    {
        let system = self.for_system(SystemRight::Enter, now);
        let act = &act;
        system.write_as(author, |deed| async move { act(deed.by_system(SystemRight::Enter)?).await }).await
    }

    /// Makes a link for somebody, asked for on the server's own console.
    ///
    /// # Errors
    /// `NotFound` where no active person has this address.
    pub async fn make_console_link(
        &self,
        email: &str,
        token_hash: String,
        now: DateTime<Utc>,
        ends: DateTime<Utc>,
    ) -> Result<()> {
        let person = self.credentials(email).await?.ok_or(Refusal::NotFound)?.person;
        let token_hash = &token_hash;
        self.entrance(Author::default(), now, |deed| async move {
            void_links(&deed, person).await?;
            deed.insert(new_link(token_hash.clone(), Some(person), ends)).await?;
            Ok(deed.done(Entry::new(DeedKind::LinkMade, "console")))
        })
        .await
    }

    /// What a live link is for.
    ///
    /// # Errors
    /// `NotFound` for a used, late or unknown one.
    pub async fn link(&self, token_hash: &str, now: DateTime<Utc>) -> Result<LinkFor> {
        live_link(&Rows::Pool(self.db.clone()), token_hash, now).await
    }

    /// Sets up the office with its first owner and uses up the link, if there is one.
    ///
    /// # Errors
    /// `NotFound` where the link does not live or somebody was first.
    pub async fn start(
        &self,
        token_hash: Option<&str>,
        office: Office,
        owner: (String, String, Option<String>),
        now: DateTime<Utc>,
    ) -> Result<PersonId> {
        let (id, office, owner) = (PersonId(fresh::id()), &office, &owner);
        let author = Author { person: Some(id), session: None };
        self.entrance(author, now, |deed| async move {
            if let Some(hash) = token_hash {
                use_up(&deed, hash, now).await?;
            }
            if find_whoever_asks::<person::Entity>().one(&deed.rows).await?.is_some() {
                return Err(Refusal::NotFound.into());
            }
            begin_office(&deed, office).await?;
            let (name, email, password) = owner.clone();
            let first = person::ActiveModel { password: Set(password), ..new_owner(id, name, email, office.lang) };
            deed.insert(first).await?;
            Ok(deed.done(Entry::new(DeedKind::OfficeStarted, "")).with(id))
        })
        .await
    }

    /// Adds an owner from the server's own console; the password is set through a link.
    ///
    /// # Errors
    /// `Invalid` where the address is taken.
    pub async fn add_owner(&self, name: String, email: String, now: DateTime<Utc>) -> Result<()> {
        let (name, email) = (&name, &email);
        self.entrance(Author::default(), now, |deed| async move {
            if exists::<person::Entity>(&deed.rows, person::Column::Email.eq(email.as_str())).await? {
                return Err(Refusal::invalid("email", Rule::Mail(MailFault::Taken)).into());
            }
            let office = find_whoever_asks::<office::Entity>().one(&deed.rows).await?.map(to_office);
            let lang = office.map_or(Lang::Ru, |o| o.lang);
            deed.insert(new_owner(PersonId(fresh::id()), name.clone(), email.clone(), lang)).await?;
            Ok(deed.done(Entry::new(DeedKind::StaffInvited, "console")))
        })
        .await
    }

    /// Sets a password through a link: the link is used up and every session of the person ends.
    ///
    /// # Errors
    /// `NotFound` where the link does not live.
    pub async fn join(&self, token_hash: &str, password: String, now: DateTime<Utc>) -> Result<PersonId> {
        let LinkFor::Person(who) = self.link(token_hash, now).await? else { return Err(Refusal::NotFound.into()) };
        let (who, password) = (&who, &password);
        self.entrance(Author { person: Some(who.id), session: None }, now, |deed| async move {
            use_up(&deed, token_hash, now).await?;
            deed.run_one(
                deed.change::<person::Entity>(person::Column::Id.eq(who.id.0))
                    .col_expr(person::Column::Password, Expr::value(password)),
            )
            .await?;
            deed.remove::<session::Entity>(session::Column::PersonId.eq(who.id.0)).await?;
            deed.remove::<feed::Entity>(feed::Column::PersonId.eq(who.id.0)).await?;
            void_links(&deed, who.id).await?;
            Ok(deed.done(Entry::new(DeedKind::StaffJoined, who.name.clone())).with(who.id))
        })
        .await
    }
}

async fn live_link(rows: &Rows, token_hash: &str, now: DateTime<Utc>) -> Result<LinkFor> {
    let row = find_whoever_asks::<link::Entity>().filter(link::Column::TokenHash.eq(token_hash)).one(rows).await?;
    let row = row.filter(|l| l.used.is_none() && now < instant(l.ends)).ok_or(Refusal::NotFound)?;
    let Some(id) = row.person_id else { return Ok(LinkFor::Start) };
    let found = find_whoever_asks::<person::Entity>().filter(person::Column::Id.eq(id)).one(rows).await?;
    let found = found.filter(|p| p.active).ok_or(Refusal::NotFound)?;
    Ok(LinkFor::Person(Box::new(to_person(found)?)))
}

fn new_owner(id: PersonId, name: String, email: String, lang: Lang) -> person::ActiveModel {
    person::ActiveModel {
        id: Set(id.0),
        name: Set(name),
        email: Set(email),
        password: Set(None),
        role: Set(Role::Owner.code().into()),
        team_id: Set(None),
        sees_all: Set(false),
        active: Set(true),
        lang: Set(lang.code().into()),
        theme: Set(Theme::System.code().into()),
        revision: Set(1),
        client_columns: Set(String::new()),
    }
}

async fn use_up(deed: &Permitted, token_hash: &str, now: DateTime<Utc>) -> Result<()> {
    let at = now.timestamp_millis();
    let change = deed
        .change::<link::Entity>(link::Column::TokenHash.eq(token_hash))
        .filter(link::Column::Used.is_null())
        .filter(link::Column::Ends.gt(at))
        .col_expr(link::Column::Used, Expr::value(at));
    if deed.run(change).await? == 1 { Ok(()) } else { Err(Refusal::NotFound.into()) }
}

/// Takes the unused links of a person out: only the newest one opens anything.
pub async fn void_links(deed: &Permitted, who: PersonId) -> Result<()> {
    deed.remove::<link::Entity>(link::Column::PersonId.eq(who.0).and(link::Column::Used.is_null())).await?;
    Ok(())
}

pub fn new_link(token_hash: String, person: Option<PersonId>, ends: DateTime<Utc>) -> link::ActiveModel {
    link::ActiveModel {
        id: Set(fresh::id()),
        token_hash: Set(token_hash),
        person_id: Set(person.map(|p| p.0)),
        ends: Set(ends.timestamp_millis()),
        used: Set(None),
    }
}

fn to_office(o: office::Model) -> Office {
    Office { name: o.name, zone: o.zone, lang: Lang::parse(&o.lang).unwrap_or(Lang::Ru) }
}
