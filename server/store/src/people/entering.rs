//! Becoming admitted: from a cookie's token to the person of a live session.

use crate::Result;
use crate::core::admitted::Admitted;
use crate::core::areas::{COLUMNS, CountsRow};
use crate::core::connection::Store;
use crate::core::convert::{instant, person as to_person};
use crate::core::entity::{office, person, session};
use crate::core::whoever::find_whoever_asks;
use chrono::{DateTime, Duration, Utc};
use domain::access::SystemRight;
use domain::day::OfficeDay;
use domain::id::SessionId;
use domain::office::Office;
use domain::person::{Lang, Person};
use sea_orm::sea_query::{CaseStatement, Expr, ExprTrait as _};
use sea_orm::{ColumnTrait as _, FromQueryResult, JoinType, QueryFilter as _, QuerySelect as _};
use uuid::Uuid;

/// "Last seen" is noted at most this often.
const SEEN_EVERY: Duration = Duration::seconds(60);
/// Sessions of one statement.
const PART: usize = 200;

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
    #[sea_orm(nested)]
    writes: CountsRow,
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
            client_columns: String::new(),
        })
    }
}

impl Store {
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
            .column(office::Column::Zone)
            .columns(COLUMNS);
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
        let seen = self.seen.latest(row.session).map_or(row.seen, |noted| Ord::max(noted, row.seen));
        if today.now >= instant(row.ends) || today.now - instant(seen) >= idle {
            return Ok(None);
        }
        if today.now - instant(row.seen) > SEEN_EVERY {
            self.seen.note(row.session, today.now.timestamp_millis());
        }
        let who = Admitted {
            person: owner.id,
            session: Some(SessionId(row.session)),
            role: owner.role,
            team: owner.team,
            sees_all: owner.sees_all,
            today,
            writes: row.writes.into(),
            system: None,
            reads_only: false,
        };
        Ok(Some((who, owner, office)))
    }

    /// Writes when sessions were last seen, all that has been noted since the last time. No request waits for it: what
    /// cannot be written stays noted.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn write_seen(&self, now: DateTime<Utc>) -> Result<usize> {
        let noted = self.seen.all();
        self.write_noted(&noted, now).await?;
        self.seen.let_go(&noted);
        Ok(noted.len())
    }

    async fn write_noted(&self, noted: &[(Uuid, i64)], now: DateTime<Utc>) -> Result<()> {
        if noted.is_empty() {
            return Ok(());
        }
        let system = self.for_system(SystemRight::Sweep, now);
        system
            .write(|deed| async move {
                let deed = deed.by_system(SystemRight::Sweep)?;
                for part in noted.chunks(PART) {
                    // Another process may have written a later one.
                    let seen = part.iter().fold(CaseStatement::new(), |all, (session, at)| {
                        let earlier = session::Column::Id.eq(*session).and(session::Column::Seen.lt(*at));
                        all.case(earlier, Expr::value(*at))
                    });
                    let seen = seen.finally(Expr::col(session::Column::Seen));
                    let these = session::Column::Id.is_in(part.iter().map(|(session, _)| *session));
                    let change = deed.change::<session::Entity>(these).col_expr(session::Column::Seen, seen.into());
                    deed.run(change).await?;
                }
                Ok(deed.unrecorded())
            })
            .await
    }
}
