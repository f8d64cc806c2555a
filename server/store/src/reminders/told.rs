//! Who is told of what is due, and what keeps a certificate silent.

use crate::Result;
use crate::clients::cards::holds;
use crate::core::deed::Permitted;
use crate::core::entity::{assignment, certificate, certificate_client, client, notice, office, person, put_off};
use crate::core::fresh;
use crate::core::whoever::find_whoever_asks;
use chrono::NaiveDate;
use domain::access::Action;
use domain::audit::{DeedKind, Entry};
use domain::certificate::Purpose;
use domain::day::{OfficeDay, day_in_kazakhstan, days_between};
use domain::id::{ClientId, PersonId};
use domain::ladder::Silence;
use domain::person::{Part, Role};
use domain::reminder::{NoticeKind, Receiver, cannot_wait, receivers};
use sea_orm::sea_query::ExprTrait as _;
use sea_orm::{ColumnTrait as _, QueryFilter as _, QuerySelect as _, Set};
use std::collections::{BTreeMap, HashMap, HashSet};
use uuid::Uuid;

/// A number of days as it is kept.
pub fn small(days: i64) -> i32 {
    i32::try_from(days).unwrap_or(i32::MAX)
}

/// A certificate of which somebody is to be told.
pub struct Due<'a> {
    pub row: &'a certificate::Model,
    pub left: i64,
    /// What had kept it silent.
    pub again: Option<Silence>,
}

/// What stands around certificates: their present clients, who works on these, what is put off.
pub struct Around {
    clients: HashMap<Uuid, Vec<client::Model>>,
    working: HashMap<Uuid, HashSet<Uuid>>,
    people: HashMap<Uuid, person::Model>,
    put_off: HashSet<Uuid>,
    /// The first day on which anybody was reminded.
    since: NaiveDate,
}

impl Around {
    pub async fn of(deed: &Permitted, rows: &[certificate::Model]) -> Result<Self> {
        let ids = || rows.iter().map(|row| row.id);
        let links: Vec<certificate_client::Model> = deed
            .find::<certificate_client::Entity>(Action::See)
            .filter(certificate_client::Column::CertificateId.is_in(ids()))
            .all(&deed.rows)
            .await?;
        let present: HashMap<Uuid, client::Model> = deed
            .find::<client::Entity>(Action::See)
            .filter(client::Column::Id.is_in(links.iter().map(|link| link.client_id)))
            .filter(client::Column::Archived.is_null())
            .all(&deed.rows)
            .await?
            .into_iter()
            .map(|client| (client.id, client))
            .collect();
        let mut clients: HashMap<Uuid, Vec<client::Model>> = HashMap::new();
        for link in &links {
            clients.entry(link.certificate_id).or_default().extend(present.get(&link.client_id).cloned());
        }
        let given: Vec<assignment::Model> = deed
            .find::<assignment::Entity>(Action::See)
            .filter(assignment::Column::ClientId.is_in(present.keys().copied()))
            .filter(assignment::Column::Part.ne(Part::Observer.code()))
            .filter(holds(deed.who.today.day))
            .all(&deed.rows)
            .await?;
        let mut working: HashMap<Uuid, HashSet<Uuid>> = HashMap::new();
        for one in given {
            working.entry(one.client_id).or_default().insert(one.person_id);
        }
        let here = find_whoever_asks::<person::Entity>().filter(person::Column::Active.eq(true));
        let people = here.all(&deed.rows).await?.into_iter().map(|person| (person.id, person)).collect();
        let off: Vec<Uuid> = deed
            .find::<put_off::Entity>(Action::See)
            .filter(put_off::Column::CertificateId.is_in(ids()).and(put_off::Column::Until.gte(deed.who.today.day)))
            .select_only()
            .column(put_off::Column::CertificateId)
            .into_tuple()
            .all(&deed.rows)
            .await?;
        let office = find_whoever_asks::<office::Entity>().one(&deed.rows).await?;
        let since = office.and_then(|office| office.reminds_since).unwrap_or(deed.who.today.day);
        Ok(Self { clients, working, people, put_off: off.into_iter().collect(), since })
    }

    /// What keeps a certificate silent today.
    pub fn silence(&self, row: &certificate::Model, today: OfficeDay) -> Option<Silence> {
        let now = today.now.timestamp_millis();
        if row.replaced_from.is_some_and(|from| from <= now) {
            Some(Silence::Replaced)
        } else if row.aside_at.is_some() {
            Some(Silence::Aside)
        } else if row.lost_at.is_some() || row.revoked_at.is_some() {
            Some(Silence::Unusable)
        } else if self.put_off.contains(&row.id) {
            Some(Silence::PutOff)
        } else if self.clients.get(&row.id).is_none_or(Vec::is_empty) {
            Some(Silence::NoClient)
        } else {
            None
        }
    }

    /// Who is told of a client.
    fn receivers(&self, client: &client::Model) -> (Vec<PersonId>, bool) {
        receivers(&self.all_of(client))
    }

    /// Everybody who is here, as they stand to a client.
    pub(super) fn all_of(&self, client: &client::Model) -> Vec<Receiver> {
        let works = |id: &Uuid| self.working.get(&client.id).is_some_and(|all| all.contains(id));
        // Whoever leads those that work on it leads it too, as on today's page.
        let teams: HashSet<Option<Uuid>> =
            self.people.values().filter(|p| works(&p.id) && p.team_id.is_some()).map(|p| p.team_id).collect();
        let one = |person: &person::Model| {
            let role = Role::parse(&person.role)?;
            let leads =
                person.team_id.is_some() && (person.team_id == client.team_id || teams.contains(&person.team_id));
            Some(Receiver { id: PersonId(person.id), role, works: works(&person.id), leads })
        };
        self.people.values().filter_map(one).collect()
    }

    /// The present clients of a certificate.
    pub(super) fn clients_of(&self, certificate: Uuid) -> &[client::Model] {
        self.clients.get(&certificate).map_or(&[], Vec::as_slice)
    }

    pub(super) fn name_of(&self, person: PersonId) -> Option<&str> {
        self.people.get(&person.0).map(|p| p.name.as_str())
    }
}

impl Permitted {
    /// Writes a notice to each person for each set, and gives the lines of history: a line a set.
    pub async fn tell(&self, days: i64, due: &[Due<'_>], around: &Around) -> Result<Vec<Entry>> {
        let mut sets: BTreeMap<_, Vec<&Due>> = BTreeMap::new();
        for one in due {
            sets.entry((one.row.last_day, &one.row.lineage, one.again)).or_default().push(one);
        }
        let ends: Vec<(Uuid, NaiveDate)> = due.iter().map(|d| (d.row.id, d.row.last_day)).collect();
        let (threats, off) = (self.threats(&ends).await?, self.days_off().await?);
        let breaks = |d: &&Due| threats.get(&d.row.id).is_some_and(|(threat, _)| threat.is_some());
        let (mut notices, mut at_once, mut lines) = (Vec::new(), Vec::new(), Vec::new());
        for set in sets.values() {
            let signs = |d: &&&Due| d.row.purposes.contains(Purpose::Signing.code());
            let Some(main) = set.iter().find(signs).or(set.first()) else { continue };
            // Whoever works on one of its clients is told for that one, and in nobody's place.
            let mut told: BTreeMap<PersonId, bool> = BTreeMap::new();
            let clients = || set.iter().filter_map(|d| around.clients.get(&d.row.id)).flatten();
            for client in clients() {
                let (people, instead) = around.receivers(client);
                for person in people {
                    *told.entry(person).or_insert(instead) &= instead;
                }
            }
            let urgent = set.iter().any(|d| cannot_wait(d.row.last_day, breaks(d), self.who.today.day, &off));
            for (person, instead) in &told {
                let id = fresh::id();
                notices.push(self.notice(id, days, main, around.since, (*person, *instead)));
                at_once.extend(urgent.then_some((*person, id)));
            }
            let names = told.keys().filter_map(|p| around.people.get(&p.0)).map(|p| p.name.as_str());
            let client = clients().next();
            let about = format!(
                "{}: {}, {} → {}",
                client.map(|c| c.name.as_str()).unwrap_or_default(),
                main.row.holder,
                main.row.last_day,
                names.collect::<Vec<_>>().join(", ")
            );
            let line = Entry::new(DeedKind::Reminded, about).link(format!("/certificates/{}", main.row.id));
            lines.push(Entry { client: client.map(|c| ClientId(c.id)), ..line });
        }
        self.insert_all(notices).await?;
        self.tell_at_once(&at_once).await?;
        Ok(lines)
    }

    fn notice(
        &self,
        id: Uuid,
        days: i64,
        of: &Due<'_>,
        since: NaiveDate,
        (person, instead): (PersonId, bool),
    ) -> notice::ActiveModel {
        let reached = of.row.last_day - chrono::Duration::days(days);
        let known = Ord::max(since, day_in_kazakhstan(crate::core::convert::instant(of.row.imported_at))) <= reached;
        let late = if known && of.again.is_none() { days_between(reached, self.who.today.day) } else { 0 };
        notice::ActiveModel {
            days: Set(small(days)),
            late: Set(small(late)),
            again: Set(of.again.map_or(String::new(), |why| why.code().into())),
            instead: Set(instead),
            ..self.new_notice(id, NoticeKind::End, of.row, person)
        }
    }

    /// A notice of a certificate to one person, of its last day and unread.
    pub(super) fn new_notice(
        &self,
        id: Uuid,
        kind: NoticeKind,
        of: &certificate::Model,
        to: PersonId,
    ) -> notice::ActiveModel {
        notice::ActiveModel {
            id: Set(id),
            person_id: Set(to.0),
            certificate_id: Set(of.id),
            kind: Set(kind.code().into()),
            days: Set(0),
            left: Set(small(days_between(self.who.today.day, of.last_day))),
            late: Set(0),
            again: Set(String::new()),
            instead: Set(false),
            escalated: Set(false),
            at: Set(self.now_ms()),
            seen: Set(None),
        }
    }
}
