//! What the queries let somebody see and do is what the pure policy says, for random firms.

use crate::support::{Base, on_both, scoped, today};
use domain::access::{Action, Relation, allows};
use domain::client::ClientFilter;
use domain::client::NewAssignment;
use domain::day::{minus, plus};
use domain::id::{ClientId, PersonId};
use domain::office::Office;
use domain::person::{Lang, Part, Role};
use std::collections::{BTreeSet, HashMap};
use store::SeedPerson;

on_both!(sql_and_policy_agree_on_random_firms);

/// A small generator of its own (an LCG after Knuth), so that a failure can be repeated by its seed.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % sides
    }
}

const CLIENTS: usize = 14;
const STAFF: usize = 10;

async fn sql_and_policy_agree_on_random_firms(base: &Base) {
    let mut dice = Dice(20_261_122);
    let mut people = vec![];
    for n in 0..STAFF {
        let role = Role::ALL[dice.roll(4) as usize];
        let team = [None, Some("a"), Some("b")][dice.roll(3) as usize];
        let role = if n == 0 { Role::Owner } else { role };
        people.push(SeedPerson {
            key: n.to_string(),
            name: format!("P{n}"),
            email: format!("p{n}@example.kz"),
            password: "x".into(),
            role,
            team: team.map(str::to_owned),
            sees_all: dice.roll(3) == 0,
        });
    }
    let office = Office { name: "x".into(), zone: "Asia/Almaty".into(), lang: Lang::En };
    base.store.seed_office(office, &people, ("x".into(), vec![1]), today()).await.unwrap();
    let mut ids: Vec<PersonId> = vec![];
    for p in &people {
        ids.push(base.store.credentials(&p.email).await.unwrap().unwrap().person);
    }
    let owner = scoped(&base.store, ids[0], today()).await;
    let staff: HashMap<PersonId, _> = owner.people().await.unwrap().iter().map(|p| (p.id, p.clone())).collect();
    let teams = owner.teams().await.unwrap();
    let mut clients: Vec<ClientId> = vec![];
    for n in 0..CLIENTS {
        let team = teams.get(dice.roll(4) as usize).map(|t| t.id);
        let data = domain::client::ClientData { team, ..crate::support::data(&format!("9{n:011}")) };
        clients.push(owner.create_client(data).await.unwrap());
    }
    for _ in 0..45 {
        let from = minus(today().day, dice.roll(40));
        let (from, until) = match dice.roll(4) {
            0 => (from, Some(minus(today().day, dice.roll(3)))),
            1 => (plus(today().day, dice.roll(3)), None),
            2 => (from, Some(plus(today().day, dice.roll(9)))),
            _ => (from, None),
        };
        let (client, person) = (clients[dice.roll(CLIENTS as u64) as usize], ids[dice.roll(STAFF as u64) as usize]);
        let part = Part::ALL[dice.roll(3) as usize];
        if until.is_none_or(|u| u >= from) {
            // An observer only observes.
            let taken = owner.assign(client, NewAssignment { person, part, from, until }).await;
            assert!(taken.is_ok() || crate::support::rule(taken) == domain::refusal::Rule::ObserverWorks);
        }
    }
    let mut all = HashMap::new();
    for client in &clients {
        let list = owner.assignments(*client).await.unwrap();
        all.insert(*client, (list, owner.client_card(*client).await.unwrap().data.team));
    }
    for id in &ids {
        let (who, me) = (&staff[id], scoped(&base.store, *id, today()).await);
        for action in
            [Action::See, Action::EditClient, Action::AssignClient, Action::WorkTask, Action::Import, Action::ReadAudit]
        {
            for client in &clients {
                let (list, team) = &all[client];
                let now: Vec<_> = list.iter().filter(|a| a.holds(today())).collect();
                let mine =
                    |observes: bool| now.iter().any(|a| a.person == *id && (a.part == Part::Observer) == observes);
                let member = |observes: bool| {
                    who.team.is_some()
                        && now
                            .iter()
                            .any(|a| staff[&a.person].team == who.team && (a.part == Part::Observer) == observes)
                };
                let to = Relation {
                    works: mine(false),
                    observes: mine(true),
                    team_client: who.team.is_some() && *team == who.team,
                    member_works: member(false),
                    member_observes: member(true),
                };
                let want = allows(who.role, who.sees_all, action, to);
                assert_eq!(me.may(action, *client).await.unwrap(), want, "{:?} {action:?} {to:?} {client}", who.role);
            }
        }
        let listed: BTreeSet<ClientId> =
            me.clients(&ClientFilter::default()).await.unwrap().rows.iter().map(|c| c.id).collect();
        let mut open = BTreeSet::new();
        for client in &clients {
            if me.may(Action::See, *client).await.unwrap() {
                open.insert(*client);
            }
        }
        assert_eq!(listed, open, "the list shows what is open, none more");
    }
}
