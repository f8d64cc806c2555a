//! Filings and urgency: the queries say what the rule says, within one's reach.

use crate::support::{Base, Firm, Wish, d, data, on_both};
use domain::audit::{AuditFilter, DeedKind};
use domain::calendar::{CalendarFilter, LEVELS};
use domain::client::{ClientData, ClientFilter};
use domain::day::{OfficeDay, plus};
use domain::filing::{Filing, FilingKind};
use domain::id::ClientId;
use domain::person::Part;
use domain::refusal::Refusal;
use domain::standing::Urgency;

on_both!(
    the_queries_of_urgency_say_what_the_rule_says,
    a_foreign_clients_filing_is_not_seen_through_a_shared_certificate,
    a_day_off_moves_a_filing_and_the_risk_with_it,
    many_clients_are_given_a_filing_or_a_responsible_all_or_none,
    only_an_owner_keeps_the_table_and_a_renamed_code_takes_its_clients_along,
);

const BINS: [&str; 4] = ["971240001315", "940140000385", "020240000555", "941240000193"];
const ENDS: [(&str, &str); 6] = [
    ("2025-12-01", "2026-11-20"),
    ("2025-12-02", "2026-11-26"),
    ("2025-12-03", "2026-12-15"),
    ("2025-12-04", "2027-01-20"),
    ("2025-12-05", "2027-01-21"),
    ("2025-12-06", "2027-02-10"),
];
const PEOPLE: [(&str, &str); 6] = [
    ("КИМ ОЛЬГА", "020920600936"),
    ("АХМЕТОВА АЛИЯ", "851231499000"),
    ("ОМАРОВ ЕРЛАН", "750224306617"),
    ("ТЕСТОВ ТЕСТ", "990130399000"),
    ("АБАЕВА ДИНА", "050401699017"),
    ("СЕИТОВ МАРАТ", "800101300123"),
];

async fn client(firm: &Firm, n: usize, who: &str, filings: &[&str]) -> ClientId {
    let owner = firm.scoped("owner").await;
    let filings = filings.iter().map(|f| (*f).to_owned()).collect();
    let id = owner.create_client(ClientData { filings, ..data(BINS[n]) }).await.unwrap();
    owner.assign(id, firm.assignment(who, Part::Responsible)).await.unwrap();
    id
}

async fn the_queries_of_urgency_say_what_the_rule_says(base: &Base) {
    let firm = Firm::new(&base.store).await;
    client(&firm, 0, "accountant", &["300", "esf"]).await;
    client(&firm, 1, "accountant", &["200"]).await;
    client(&firm, 2, "second", &["social", "328"]).await;
    client(&firm, 3, "second", &["101"]).await;
    for (n, bin) in BINS.iter().enumerate() {
        for (m, (from, to)) in ENDS.iter().enumerate() {
            let (name, iin) = PEOPLE[m];
            let signs = (n + m) % 3 > 0;
            let role = if m % 2 == 0 { 1 } else { 5 };
            firm.certificate(&Wish { name, iin, signs, role, ..Wish::of(bin).until(from, to) }).await;
        }
    }
    let days = (d("2026-11-01"), d("2027-02-28"));
    let mut seen = [0u32; LEVELS];
    for day in ["2026-11-22", "2026-12-01", "2026-12-20", "2027-01-20", "2027-02-11"] {
        let today = OfficeDay::noon(d(day));
        for who in ["owner", "lead", "accountant", "second"] {
            let scoped = firm.scoped_on(who, today).await;
            let all = CalendarFilter::default();
            let counted = scoped.ends_beyond(0, days.0, days.1, &all, 3).await.unwrap();
            let read = scoped.ends_beyond(1000, days.0, days.1, &all, 3).await.unwrap();
            let sums = |list: &[domain::calendar::DayEnds]| list.iter().map(|e| (e.day, e.counts)).collect::<Vec<_>>();
            assert_eq!(sums(&counted), sums(&read), "{who} on {day}");
            let order = |list: &[domain::calendar::DayEnds]| {
                list.iter().flat_map(|e| e.first.iter().map(|e| e.certificate)).collect::<Vec<_>>()
            };
            assert_eq!(order(&counted), order(&read), "{who} on {day}: the same first names");
            for entry in read.iter().flat_map(|e| &e.first) {
                assert_eq!(
                    entry.urgency == Urgency::Risk,
                    entry.threat.is_some() && entry.day >= today.day && entry.day <= plus(today.day, 60)
                );
            }
            for (level, n) in read.iter().flat_map(|e| e.counts.iter().enumerate()) {
                seen[level] += n;
            }
            for urgency in Urgency::ALL {
                let page =
                    scoped.clients(&ClientFilter { urgency: Some(*urgency), ..ClientFilter::default() }).await.unwrap();
                for row in &page.rows {
                    let rows = scoped.certificates_of(row.id).await.unwrap();
                    let worst = rows
                        .iter()
                        .filter(|c| !c.life.is_replaced(today))
                        .map(|c| (c.urgency(today), c.place(), c.life.not_after))
                        .min();
                    let (level, _, end) = worst.unwrap();
                    assert_eq!(
                        (level, domain::day::day_in_kazakhstan(end)),
                        (*urgency, row.next.unwrap().0),
                        "{who} on {day}: {}",
                        row.name
                    );
                    assert_eq!(row.threat.is_some(), *urgency == Urgency::Risk);
                }
            }
            let morning = scoped.morning().await.unwrap();
            assert!(morning.breaking.rows.iter().all(|c| c.urgency(today) == Urgency::Risk));
            assert!(morning.ending.rows.iter().all(|c| matches!(c.urgency(today), Urgency::Week | Urgency::Month)));
            assert!(morning.ending.rows.is_sorted_by_key(|c| (c.urgency(today), c.place(), c.life.not_after)));
            assert!(morning.breaking.rows.is_sorted_by_key(|c| (c.place(), c.life.not_after)));
        }
    }
    assert!(seen.iter().all(|n| *n > 0), "every level was met: {seen:?}");
}

async fn a_foreign_clients_filing_is_not_seen_through_a_shared_certificate(base: &Base) {
    let firm = Firm::new(&base.store).await;
    client(&firm, 0, "accountant", &[]).await;
    let foreign = client(&firm, 1, "second", &["300"]).await;
    let shared = firm.certificate(&Wish::of(BINS[0]).until("2026-01-10", "2027-02-10")).await;
    firm.scoped("owner").await.link_certificate(shared, foreign).await.unwrap();
    let today = OfficeDay::noon(d("2026-12-20"));
    let days = (d("2027-02-01"), d("2027-02-28"));
    for (who, risk) in [("owner", 1), ("second", 1), ("accountant", 0)] {
        let scoped = firm.scoped_on(who, today).await;
        let row = scoped.certificates_by_id(&[shared]).await.unwrap().remove(0);
        assert_eq!(row.threat.is_some(), risk == 1, "{who}");
        let counts = scoped.day_counts(days.0, days.1, &CalendarFilter::default()).await.unwrap();
        assert_eq!(counts.iter().map(|c| c.risk).sum::<u32>(), risk, "{who}");
        assert_eq!(scoped.morning().await.unwrap().breaking.total, u64::from(risk), "{who}");
        assert_eq!(scoped.filing_counts(None).await.unwrap().contains_key("300"), risk == 1, "{who}");
        let have =
            scoped.clients(&ClientFilter { filing: Some("300".into()), ..ClientFilter::default() }).await.unwrap();
        assert_eq!(have.rows.len(), risk as usize, "{who}");
    }
    let owner = firm.scoped("owner").await;
    owner.archive_client(foreign, Some(d("2026-11-22"))).await.unwrap();
    let scoped = firm.scoped_on("owner", today).await;
    assert_eq!(scoped.morning().await.unwrap().breaking.total, 0, "a client that is put away files nothing");
}

async fn a_day_off_moves_a_filing_and_the_risk_with_it(base: &Base) {
    let firm = Firm::new(&base.store).await;
    client(&firm, 0, "accountant", &["300"]).await;
    let id = firm.certificate(&Wish::of(BINS[0]).until("2026-01-25", "2027-01-24")).await;
    let today = OfficeDay::noon(d("2026-12-20"));
    let urgency = |who: &'static str| {
        let firm = &firm;
        async move {
            let scoped = firm.scoped_on(who, today).await;
            let counts = scoped.day_counts(d("2027-01-24"), d("2027-01-24"), &CalendarFilter::default()).await.unwrap();
            (scoped.certificates_by_id(&[id]).await.unwrap().remove(0).urgency(today), counts[0].risk)
        }
    };
    assert_eq!(urgency("accountant").await, (Urgency::Calm, 0), "22 days before Monday 15 February");
    let owner = firm.scoped("owner").await;
    let mut rule = owner
        .filings()
        .await
        .unwrap()
        .iter()
        .find(|f| f.code == "300" && f.kind == FilingKind::Return)
        .unwrap()
        .clone();
    rule.day = 12;
    owner.set_filing(rule).await.unwrap();
    assert_eq!(urgency("accountant").await, (Urgency::Risk, 1), "19 days before Friday 12 February");
    owner.set_day_off(d("2027-02-12"), ["x".into(), String::new(), String::new()]).await.unwrap();
    assert_eq!(urgency("accountant").await, (Urgency::Calm, 0), "moved to Monday: 22 days again");
    owner.remove_day_off(d("2027-02-12")).await.unwrap();
    assert_eq!(urgency("owner").await, (Urgency::Risk, 1));
}

async fn many_clients_are_given_a_filing_or_a_responsible_all_or_none(base: &Base) {
    let firm = Firm::new(&base.store).await;
    let ours = client(&firm, 0, "accountant", &["300"]).await;
    let other = client(&firm, 1, "accountant", &[]).await;
    let foreign = client(&firm, 2, "second", &[]).await;
    let lead = firm.scoped("lead").await;
    let codes = |id: ClientId| {
        let firm = &firm;
        async move { firm.scoped("owner").await.client_card(id).await.unwrap().data.filings }
    };
    let hidden = lead.add_filing_to(&[ours, foreign], "300").await;
    assert!(matches!(hidden, Err(store::Error::Refused(Refusal::NotFound))), "a foreign one is as a missing one");
    assert!(matches!(
        firm.scoped("accountant").await.add_filing_to(&[ours], "300").await,
        Err(store::Error::Refused(Refusal::NotAllowed))
    ));
    assert!(lead.add_filing_to(&[ours], "nothing").await.is_err() && lead.add_filing_to(&[], "300").await.is_err());
    let undo = lead.add_filing_to(&[ours, other], "300").await.unwrap();
    assert_eq!((codes(ours).await, codes(other).await), (vec!["300".to_owned()], vec!["300".to_owned()]));
    assert_eq!(lead.take_back(undo).await.unwrap(), 0);
    assert_eq!(
        (codes(ours).await, codes(other).await),
        (vec!["300".to_owned()], vec![]),
        "what was there before stays"
    );
    let who = |id: ClientId| {
        let firm = &firm;
        async move {
            let all = firm.scoped("owner").await.assignments(id).await.unwrap();
            all.iter().filter(|a| a.holds(crate::support::today())).map(|a| a.person).collect::<Vec<_>>()
        }
    };
    let (lead_id, accountant) = (firm.people["lead"], firm.people["accountant"]);
    let (undo, _) = lead.assign_many(&firm.seen_clients(&[ours, other]).await, lead_id).await.unwrap();
    assert_eq!((who(ours).await, who(other).await), (vec![lead_id], vec![lead_id]));
    lead.assign(ours, firm.assignment("accountant", domain::person::Part::Deputy)).await.unwrap();
    assert_eq!(lead.take_back(undo).await.unwrap(), 1, "whoever was changed since keeps it");
    assert_eq!((who(ours).await.len(), who(other).await), (2, vec![accountant]));
    let again = firm.scoped("owner").await.take_back(undo).await;
    assert!(matches!(again, Err(store::Error::Refused(Refusal::NotFound))), "once, and by its maker");
    let acts: Vec<_> = firm
        .scoped("owner")
        .await
        .audit(&AuditFilter { kind: Some(DeedKind::Assigned), ..Default::default() })
        .await
        .unwrap()
        .rows;
    let of_many: Vec<_> = acts.iter().filter(|line| line.act.is_some()).collect();
    assert!(of_many.len() == 2 && of_many[0].act == of_many[1].act, "one act with its list: {acts:?}");
    lead.assign_many(&firm.seen_clients(&[ours, other]).await, firm.people["lead"]).await.unwrap();
    let holds = firm.scoped("owner").await.assignments(other).await.unwrap();
    assert_eq!(
        holds.iter().filter(|a| a.holds(crate::support::today())).map(|a| a.person).collect::<Vec<_>>(),
        [firm.people["lead"]]
    );
    assert!(
        lead.assign_many(&firm.seen_clients(&[ours]).await, firm.people["second"]).await.is_err(),
        "of another team"
    );
}

async fn only_an_owner_keeps_the_table_and_a_renamed_code_takes_its_clients_along(base: &Base) {
    let firm = Firm::new(&base.store).await;
    let id = client(&firm, 0, "accountant", &["101", "unknown"]).await;
    let owner = firm.scoped("owner").await;
    assert_eq!(owner.client_card(id).await.unwrap().data.filings, ["101"], "a code that no line has is left out");
    let line = owner.filings().await.unwrap().iter().find(|f| f.code == "101").unwrap().clone();
    for who in ["lead", "accountant", "observer"] {
        let refused = firm.scoped(who).await.set_filing(line.clone()).await;
        assert!(matches!(refused, Err(store::Error::Refused(Refusal::NotAllowed))), "{who}");
    }
    owner.set_filing(Filing { code: "101.02".into(), ..line.clone() }).await.unwrap();
    assert_eq!(firm.scoped("accountant").await.client_card(id).await.unwrap().data.filings, ["101.02"]);
    owner.remove_filing(line.id.unwrap()).await.unwrap();
    assert!(firm.scoped("owner").await.client_card(id).await.unwrap().data.filings.is_empty());
}
