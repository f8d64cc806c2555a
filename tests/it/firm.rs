//! The neutral firm: what each person sees in list, calendar and search is what its own file expects, none more.

use crate::support::{Base, d, on_both, scoped};
use domain::calendar::CalendarFilter;
use domain::client::{ClientFilter, ClientOrder, ClientRow};
use domain::day::{OfficeDay, plus};
use domain::fold::sort_key;
use domain::id::{CertificateId, ClientId};
use domain::month::Month;
use domain::standing::Urgency;
use serde_json::Value;
use std::collections::{BTreeSet, HashMap};
use std::path::{Path, PathBuf};
use store::ScopedStore;

on_both!(everybody_sees_exactly_what_is_expected, pages_of_the_list_join_to_the_whole_whichever_ends_are_looked_at,);

const FILES: [&str; 7] =
    ["people.csv", "clients.csv", "client_staff.csv", "holders.csv", "certificates.csv", "tasks.csv", "expected.json"];

fn unpacked() -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    for name in FILES {
        let packed =
            std::fs::File::open(Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("data/firm/{name}.gz"))).unwrap();
        let mut out = std::fs::File::create(folder.path().join(name)).unwrap();
        std::io::copy(&mut flate2::read::GzDecoder::new(packed), &mut out).unwrap();
    }
    let path = folder.path().to_owned();
    (folder, path)
}

fn column(folder: &Path, file: &str, key: &str, value: &str) -> HashMap<String, i64> {
    let mut reader = csv::Reader::from_path(folder.join(file)).unwrap();
    reader
        .deserialize()
        .map(|r: Result<HashMap<String, String>, _>| r.unwrap())
        .map(|r| (r[key].clone(), r[value].parse().unwrap()))
        .collect()
}

fn ids(entry: &Value) -> BTreeSet<i64> {
    entry["ids"].as_array().unwrap().iter().map(|v| v.as_i64().unwrap()).collect()
}

async fn whole_list(scoped: &ScopedStore, text: &str) -> Vec<(ClientId, String)> {
    let mut out = Vec::new();
    let mut after = None;
    loop {
        let page = scoped
            .clients(&ClientFilter { text: text.into(), order: ClientOrder::Name, after, ..ClientFilter::default() })
            .await
            .unwrap();
        out.extend(page.rows.iter().map(|c| (c.id, c.number.clone())));
        let Some(next) = page.next.clone() else { return out };
        after = next.split_once('~').map(|(id, key)| (key.to_owned(), id.parse().unwrap()));
    }
}

async fn pages_of_the_list_join_to_the_whole_whichever_ends_are_looked_at(base: &Base) {
    let (_folder, path) = unpacked();
    let today = OfficeDay::noon(d("2026-12-15"));
    server::firm::load(&base.store, &path, "belaya roza 3", today).await.unwrap();
    let owner = base.store.credentials("m01@example.kz").await.unwrap().unwrap().person;
    let owner = scoped(&base.store, owner, today).await;
    let levels = || Urgency::ALL.iter().copied().map(Some).chain([None]);
    let orders = ClientOrder::ALL.iter().flat_map(|order| [(*order, false), (*order, true)]);
    for ((order, descending), urgency) in orders.flat_map(|order| levels().map(move |level| (order, level))) {
        for text in ["", "тоо"] {
            let of = ClientFilter { text: text.into(), urgency, order, descending, ..ClientFilter::default() };
            let mut filter = of.clone();
            let whole = owner.some_clients(&filter, 10_000).await.unwrap();
            let of_level = |n: usize| whole.levels[n];
            match urgency.and_then(|urgency| Urgency::ALL.iter().position(|u| *u == urgency)) {
                Some(n) => assert_eq!(of_level(n), whole.total),
                None => assert_eq!(whole.levels.iter().sum::<i64>(), whole.total),
            }
            in_order(&whole.rows, order, descending);
            let (mut joined, mut pages) = (Vec::new(), 0);
            loop {
                let page = owner.some_clients(&filter, 100).await.unwrap();
                assert_eq!(page.total, whole.total);
                pages += 1;
                joined.extend(page.rows);
                let Some(next) = page.next else { break };
                filter.after = next.split_once('~').map(|(id, key)| (key.to_owned(), id.parse().unwrap()));
            }
            assert_eq!(format!("{joined:?}"), format!("{:?}", whole.rows), "{of:?}");
            assert!(urgency.is_some() || pages > 3, "{pages}");
        }
    }
}

/// Whether lines stand as their heading says; what has nothing to be sorted by stands last either way.
fn in_order(rows: &[ClientRow], order: ClientOrder, descending: bool) {
    let key = |row: &ClientRow| -> Option<String> {
        match order {
            ClientOrder::State => row.next.map(|(_, level)| (level as u8).to_string()),
            ClientOrder::End => row.next.map(|(day, _)| day.to_string()),
            ClientOrder::Name => Some(sort_key(&row.name)),
            ClientOrder::Number => Some(row.number.clone()),
            ClientOrder::Certificates => Some(format!("{:09}", row.certificates)),
            ClientOrder::Tasks => Some(format!("{:09}", row.open_tasks)),
            ClientOrder::Responsible => row.responsible.as_ref().map(|(_, name)| sort_key(name)),
            ClientOrder::Team => row.team.as_deref().map(sort_key),
        }
    };
    let keys: Vec<Option<String>> = rows.iter().map(key).collect();
    let present = keys.iter().take_while(|key| key.is_some()).flatten();
    assert!(present.clone().is_sorted_by(|a, b| if descending { a >= b } else { a <= b }), "{order:?} {descending}");
    assert_eq!(present.count(), keys.iter().flatten().count(), "{order:?}: none comes last");
}

async fn everybody_sees_exactly_what_is_expected(base: &Base) {
    let (_folder, path) = unpacked();
    let today = OfficeDay::noon(d("2026-12-15"));
    let left_out = server::firm::load(&base.store, &path, "belaya roza 3", today).await.unwrap();
    let mut tasks = csv::Reader::from_path(path.join("tasks.csv")).unwrap();
    let tasks: Vec<HashMap<String, String>> = tasks.deserialize().map(Result::unwrap).collect();
    let certificates: BTreeSet<&String> = tasks.iter().map(|t| &t["certificate_id"]).collect();
    assert_eq!(left_out, tasks.len() - certificates.len(), "a certificate has one open task; the rest is told");
    assert!(left_out > 0, "the file has such");
    assert!(
        server::firm::load(&base.store, &path, "belaya roza 3", today).await.is_err(),
        "only into an empty database"
    );
    let expected: Value = serde_json::from_str(&std::fs::read_to_string(path.join("expected.json")).unwrap()).unwrap();
    let client_of = column(&path, "clients.csv", "number", "id");
    let serial_of = column(&path, "certificates.csv", "serial", "id");
    let client_of_certificate = column(&path, "certificates.csv", "id", "client_id");
    let person = |login: &str| format!("{login}@example.kz");
    let owner = base.store.credentials(&person("m01")).await.unwrap().unwrap().person;
    let owner = scoped(&base.store, owner, today).await;
    let mut certificates: HashMap<CertificateId, i64> = HashMap::new();
    for (client, _) in whole_list(&owner, "").await {
        for c in owner.certificates_of(client).await.unwrap() {
            certificates.insert(c.id, serial_of[&c.serial.to_lowercase()]);
        }
    }
    assert_eq!(certificates.len(), 10_000);
    for (login, want) in expected["people"].as_object().unwrap() {
        let who = base.store.credentials(&person(login)).await.unwrap().unwrap().person;
        let me = scoped(&base.store, who, today).await;
        let clients = whole_list(&me, "").await;
        assert_eq!(
            clients.iter().map(|(_, n)| client_of[n]).collect::<BTreeSet<_>>(),
            ids(&want["clients"]),
            "{login}: list"
        );
        for (month, entry) in want["months"].as_object().unwrap() {
            let month = Month::parse(month).unwrap();
            let ends = me.ends(month.first(), month.last(), &CalendarFilter::default()).await.unwrap();
            assert_eq!(
                ends.iter().map(|e| certificates[&e.certificate]).collect::<BTreeSet<_>>(),
                ids(entry),
                "{login}: {month}"
            );
        }
        let month = Month::parse("2027-01").unwrap();
        let counted = me.ends_beyond(0, month.first(), month.last(), &CalendarFilter::default(), 3).await.unwrap();
        let read = me.ends_by_day(month.first(), month.last(), &CalendarFilter::default(), 3).await.unwrap();
        let sums = |days: &[domain::calendar::DayEnds]| {
            days.iter().map(|d| (d.day, d.counts, d.first.len())).collect::<Vec<_>>()
        };
        assert_eq!(sums(&counted), sums(&read), "{login}: a crowd is counted as a few are");
        let soon = me.ends(today.day, plus(today.day, 30), &CalendarFilter::default()).await.unwrap();
        assert_eq!(
            soon.iter().map(|e| certificates[&e.certificate]).collect::<BTreeSet<_>>(),
            ids(&want["next30"]),
            "{login}: 30 days"
        );
        let inside = &want["probe_number_inside"];
        let found = whole_list(&me, inside["number"].as_str().unwrap()).await;
        assert_eq!(
            found.iter().map(|(_, n)| client_of[n]).collect::<Vec<_>>(),
            [inside["client"].as_i64().unwrap()],
            "{login}: own number"
        );
        if let Some(outside) = want.get("probe_number_outside") {
            assert!(whole_list(&me, outside["number"].as_str().unwrap()).await.is_empty(), "{login}: foreign number");
        }
        for half in ["Нурмаг", "нурмаг"] {
            let found: BTreeSet<i64> = whole_list(&me, half).await.iter().map(|(_, n)| client_of[n]).collect();
            let of: BTreeSet<i64> = ids(&want[&format!("probe_surname_{half}")])
                .iter()
                .map(|c| client_of_certificate[&c.to_string()])
                .collect();
            assert!(of.is_subset(&found), "{login}: a holder's surname finds the client");
            assert!(found.is_subset(&ids(&want["clients"])), "{login}: search shows nothing foreign");
        }
    }
    let accountant = base.store.credentials(&person("a01")).await.unwrap().unwrap().person;
    let accountant = scoped(&base.store, accountant, today).await;
    let mut all = BTreeSet::new();
    for (client, _) in whole_list(&accountant, "").await {
        all.extend(accountant.certificates_of(client).await.unwrap().iter().map(|c| certificates[&c.id]));
    }
    assert_eq!(all, ids(&expected["people"]["a01"]["certificates"]), "old generations included, none more");
    the_flag_stays_rare(base).await;
}

/// Of the ends of the next sixty days, in an ordinary week less than a fifth would break a filing.
async fn the_flag_stays_rare(base: &Base) {
    let owner = base.store.credentials("m01@example.kz").await.unwrap().unwrap().person;
    let (mut risky, mut all, mut weeks) = (0, 0, Vec::new());
    for week in 0..8 {
        let today = OfficeDay::noon(plus(d("2026-10-19"), 7 * week));
        let scoped = scoped(&base.store, owner, today).await;
        let counts = scoped.day_counts(today.day, plus(today.day, 60), &CalendarFilter::default()).await.unwrap();
        let (r, n): (u32, u32) = (counts.iter().map(|c| c.risk).sum(), counts.iter().map(|c| c.total).sum());
        weeks.push(f64::from(r) / f64::from(n));
        risky += r;
        all += n;
    }
    weeks.sort_by(f64::total_cmp);
    assert!(risky > 0 && weeks[weeks.len() / 2] < 0.2, "{risky} of {all}: {weeks:?}");
}
