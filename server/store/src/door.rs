//! What happens before somebody is admitted: credentials, sessions, one-time links, the brake on guessing.

use crate::admitted::Admitted;
use crate::convert::{instant, person as to_person};
use crate::entity::{link, office, person, session, throttle};
use crate::scope::{exists, find_whoever_asks};
use crate::{Result, Store, fresh};
use chrono::{DateTime, Duration, Utc};
use domain::audit::{DeedKind, Entry};
use domain::day::OfficeDay;
use domain::id::{PersonId, SessionId};
use domain::office::Office;
use domain::person::{Lang, Person, Role, Theme};
use domain::refusal::{Refusal, Rule};
use sea_orm::sea_query::{Expr, ExprTrait as _};
use sea_orm::{ColumnTrait as _, EntityTrait as _, FromQueryResult, JoinType, QueryFilter as _, QuerySelect as _, Set};
use uuid::Uuid;

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
}

/// What a one-time link is for.
pub enum LinkFor {
    /// The first owner of an empty database.
    Start,
    /// Setting a password.
    Person(Box<Person>),
}

/// "Last seen" is written at most this often.
const SEEN_EVERY: Duration = Duration::seconds(60);

/// What a request brings along, in one row.
#[derive(FromQueryResult)]
struct Entering {
    session: Uuid,
    seen: i64,
    ends: i64,
    id: Uuid,
    name: String,
    email: String,
    password: Option<String>,
    role: String,
    team_id: Option<Uuid>,
    sees_all: bool,
    active: bool,
    lang: String,
    theme: String,
    revision: i32,
    office: String,
    office_lang: String,
    zone: String,
    writes: i64,
}

impl Entering {
    fn office(&self) -> Office {
        let lang = Lang::parse(&self.office_lang).unwrap_or(Lang::Ru);
        Office { name: self.office.clone(), zone: self.zone.clone(), lang }
    }

    fn person(&self) -> Result<Person> {
        to_person(person::Model {
            id: self.id,
            name: self.name.clone(),
            email: self.email.clone(),
            password: self.password.clone(),
            role: self.role.clone(),
            team_id: self.team_id,
            sees_all: self.sees_all,
            active: self.active,
            lang: self.lang.clone(),
            theme: self.theme.clone(),
            revision: self.revision,
        })
    }
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

    /// Opens a session; its hash is stored, never its token.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn open_session(&self, new: NewSession, now: DateTime<Utc>) -> Result<()> {
        let (id, at) = (SessionId(fresh::id()), now.timestamp_millis());
        let deed = self.deed_by(Some(new.person), Some(id), at).await?;
        deed.remove::<session::Entity>(session::Column::Ends.lt(at)).await?;
        deed.insert(session::ActiveModel {
            id: Set(id.0),
            person_id: Set(new.person.0),
            token_hash: Set(new.token_hash),
            started: Set(at),
            seen: Set(at),
            ends: Set(new.ends.timestamp_millis()),
            browser: Set(new.browser),
            address: Set(new.address),
        })
        .await?;
        deed.done(Entry::new(DeedKind::SignedIn, "")).await
    }

    /// The person of a live session. This is the only way to become admitted.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn admit(
        &self,
        token_hash: &str,
        today: impl Fn(&str) -> OfficeDay,
        idle: Duration,
    ) -> Result<Option<(Admitted, Person, Office)>> {
        // Session, person and office in one statement: this runs before every page.
        let mut query = find_whoever_asks::<session::Entity>()
            .filter(session::Column::TokenHash.eq(token_hash))
            .filter(person::Column::Active.eq(true))
            .select_only()
            .column_as(session::Column::Id, "session")
            .columns([session::Column::Seen, session::Column::Ends])
            .columns([person::Column::Id, person::Column::Name, person::Column::Email, person::Column::Password])
            .columns([person::Column::Role, person::Column::TeamId, person::Column::SeesAll, person::Column::Active])
            .columns([person::Column::Lang, person::Column::Theme, person::Column::Revision])
            .column_as(office::Column::Name, "office")
            .column_as(office::Column::Lang, "office_lang")
            .columns([office::Column::Zone, office::Column::Writes]);
        let own = Expr::col((person::Entity, person::Column::Id)).equals((session::Entity, session::Column::PersonId));
        let the_one = Expr::col((office::Entity, office::Column::Id)).eq(1);
        sea_orm::QueryTrait::query(&mut query).join(JoinType::InnerJoin, person::Entity, own).join(
            JoinType::InnerJoin,
            office::Entity,
            the_one,
        );
        let Some(row) = query.into_model::<Entering>().one(&self.db).await? else { return Ok(None) };
        let (office, owner) = (row.office(), row.person()?);
        let today = today(&office.zone);
        if today.now >= instant(row.ends) || today.now - instant(row.seen) >= idle {
            return Ok(None);
        }
        if today.now - instant(row.seen) > SEEN_EVERY {
            self.seen(row.session, today.now).await?;
        }
        let who = Admitted {
            person: owner.id,
            session: Some(SessionId(row.session)),
            role: owner.role,
            team: owner.team,
            sees_all: owner.sees_all,
            today,
            writes: row.writes,
        };
        Ok(Some((who, owner, office)))
    }

    #[allow(clippy::disallowed_methods)] // bookkeeping, not a deed: it has no line of history
    async fn seen(&self, id: uuid::Uuid, now: DateTime<Utc>) -> Result<()> {
        session::Entity::update_many()
            .col_expr(session::Column::Seen, Expr::value(now.timestamp_millis()))
            .filter(session::Column::Id.eq(id))
            .exec(&self.db)
            .await?;
        Ok(())
    }

    /// How many failures a name has and until when it has to wait.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn failures(&self, name: &str) -> Result<(i32, DateTime<Utc>, DateTime<Utc>)> {
        let row = find_whoever_asks::<throttle::Entity>().filter(throttle::Column::Name.eq(name)).one(&self.db).await?;
        Ok(row.map_or_else(Default::default, |t| (t.failures, instant(t.until), instant(t.last))))
    }

    /// Writes the failures of a name; none removes it.
    ///
    /// # Errors
    /// When the database fails.
    #[allow(clippy::disallowed_methods)] // a counter, not a deed
    pub async fn set_failures(&self, name: &str, failures: i32, until: DateTime<Utc>, now: DateTime<Utc>) -> Result<()> {
        throttle::Entity::delete_many().filter(throttle::Column::Name.eq(name)).exec(&self.db).await?;
        if failures > 0 {
            let row = throttle::ActiveModel {
                name: Set(name.to_owned()),
                failures: Set(failures),
                until: Set(until.timestamp_millis()),
                last: Set(now.timestamp_millis()),
            };
            let keep = sea_orm::sea_query::OnConflict::column(throttle::Column::Name)
                .update_columns([throttle::Column::Failures, throttle::Column::Until, throttle::Column::Last])
                .to_owned();
            throttle::Entity::insert(row).on_conflict(keep).exec_without_returning(&self.db).await?;
        }
        Ok(())
    }

    /// Makes the link of the first owner; older ones stop working.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn make_start_link(&self, token_hash: String, now: DateTime<Utc>, ends: DateTime<Utc>) -> Result<()> {
        let deed = self.deed_by(None, None, now.timestamp_millis()).await?;
        deed.remove::<link::Entity>(link::Column::PersonId.is_null()).await?;
        deed.insert(new_link(token_hash, None, ends)).await?;
        deed.done(Entry::new(DeedKind::LinkMade, "start")).await
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
        let found = self.credentials(email).await?.ok_or(Refusal::NotFound)?;
        let deed = self.deed_by(None, None, now.timestamp_millis()).await?;
        void_links(&deed, found.person).await?;
        deed.insert(new_link(token_hash, Some(found.person), ends)).await?;
        deed.done(Entry::new(DeedKind::LinkMade, "console")).await
    }

    /// What a live link is for.
    ///
    /// # Errors
    /// `NotFound` for a used, late or unknown one.
    pub async fn link(&self, token_hash: &str, now: DateTime<Utc>) -> Result<LinkFor> {
        let row = find_whoever_asks::<link::Entity>().filter(link::Column::TokenHash.eq(token_hash)).one(&self.db).await?;
        let row = row.filter(|l| l.used.is_none() && now < instant(l.ends)).ok_or(Refusal::NotFound)?;
        let Some(id) = row.person_id else { return Ok(LinkFor::Start) };
        let found = find_whoever_asks::<person::Entity>().filter(person::Column::Id.eq(id)).one(&self.db).await?;
        let found = found.filter(|p| p.active).ok_or(Refusal::NotFound)?;
        Ok(LinkFor::Person(Box::new(to_person(found)?)))
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
        let at = now.timestamp_millis();
        let id = PersonId(fresh::id());
        let deed = self.deed_by(Some(id), None, at).await?;
        if let Some(hash) = token_hash {
            use_up(&deed, hash, at).await?;
        }
        if find_whoever_asks::<person::Entity>().one(&deed.tx).await?.is_some() {
            return Err(Refusal::NotFound.into());
        }
        deed.remove::<office::Entity>(office::Column::Id.eq(1)).await?;
        deed.insert(office::ActiveModel {
            id: Set(1),
            name: Set(office.name),
            zone: Set(office.zone),
            lang: Set(office.lang.code().into()),
            writes: Set(0),
            keep_months: sea_orm::NotSet,
        })
        .await?;
        let (name, email, password) = owner;
        deed.insert(person::ActiveModel {
            id: Set(id.0),
            name: Set(name),
            email: Set(email),
            password: Set(password),
            role: Set(Role::Owner.code().into()),
            team_id: Set(None),
            sees_all: Set(false),
            active: Set(true),
            lang: Set(office.lang.code().into()),
            theme: Set(Theme::System.code().into()),
            revision: Set(1),
        })
        .await?;
        deed.done(Entry::new(DeedKind::OfficeStarted, "")).await?;
        Ok(id)
    }

    /// Adds an owner from the server's own console; the password is set through a link.
    ///
    /// # Errors
    /// `Invalid` where the address is taken.
    pub async fn add_owner(&self, name: String, email: String, now: DateTime<Utc>) -> Result<()> {
        if exists::<person::Entity>(&self.db, person::Column::Email.eq(email.as_str())).await? {
            return Err(Refusal::invalid("email", Rule::EmailTaken).into());
        }
        let lang = self.office().await?.map_or(Lang::Ru, |o| o.lang);
        let deed = self.deed_by(None, None, now.timestamp_millis()).await?;
        deed.insert(person::ActiveModel {
            id: Set(fresh::id()),
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
        })
        .await?;
        deed.done(Entry::new(DeedKind::StaffInvited, "console")).await
    }

    /// Sets a password through a link: the link is used up and every session of the person ends.
    ///
    /// # Errors
    /// `NotFound` where the link does not live.
    pub async fn join(&self, token_hash: &str, password: String, now: DateTime<Utc>) -> Result<PersonId> {
        let LinkFor::Person(who) = self.link(token_hash, now).await? else { return Err(Refusal::NotFound.into()) };
        let at = now.timestamp_millis();
        let deed = self.deed_by(Some(who.id), None, at).await?;
        use_up(&deed, token_hash, at).await?;
        deed.run_one(
            deed.change::<person::Entity>(person::Column::Id.eq(who.id.0))
                .col_expr(person::Column::Password, Expr::value(password)),
        )
        .await?;
        deed.remove::<session::Entity>(session::Column::PersonId.eq(who.id.0)).await?;
        void_links(&deed, who.id).await?;
        deed.done(Entry::new(DeedKind::StaffJoined, who.name.clone())).await?;
        Ok(who.id)
    }

    /// Replaces a password hash made with older parameters.
    ///
    /// # Errors
    /// When the database fails.
    #[allow(clippy::disallowed_methods)] // the same password in a newer form: no deed of a person
    pub async fn rehash(&self, who: PersonId, password: String) -> Result<()> {
        person::Entity::update_many()
            .col_expr(person::Column::Password, Expr::value(password))
            .filter(person::Column::Id.eq(who.0))
            .exec(&self.db)
            .await?;
        Ok(())
    }
}

async fn use_up(deed: &crate::deed::Deed, token_hash: &str, at: i64) -> Result<()> {
    let change = deed
        .change::<link::Entity>(link::Column::TokenHash.eq(token_hash))
        .filter(link::Column::Used.is_null())
        .filter(link::Column::Ends.gt(at))
        .col_expr(link::Column::Used, Expr::value(at));
    if deed.run(change).await? == 1 { Ok(()) } else { Err(Refusal::NotFound.into()) }
}

/// Takes the unused links of a person out: only the newest one opens anything.
pub async fn void_links(deed: &crate::deed::Deed, who: PersonId) -> Result<()> {
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
