//! Ladders of single clients and certificates, and what is told above when nobody acts, on both databases.

use crate::support::{Base, Firm, Wish, cookie, d, get, on_both, planned, post, refusal, rule, state, today};
use chrono::NaiveDate;
use domain::day::{OfficeDay, days_between, plus};
use domain::ladder::{Ladder, LadderOf, RungState};
use domain::refusal::{Refusal, Rule};

on_both!(
    a_clients_own_days_count_before_the_firms_and_a_certificates_before_both,
    a_new_ladder_of_its_own_tells_nobody_of_what_is_past,
    own_days_are_set_on_their_pages_by_those_who_may,
    where_nobody_acts_the_lead_hears_of_it_and_then_the_owner,
    who_has_acted_is_not_told_above,
    who_leads_those_that_work_on_it_hears_of_it_too,
    a_client_that_has_left_decides_nothing,
    how_long_to_wait_is_the_owners_to_say
);

const BIN: &str = "940140000385";
const OTHER: &str = "971240001315";

async fn remind(firm: &Firm, day: NaiveDate) -> usize {
    firm.store.remind(OfficeDay::noon(day).now).await.unwrap()
}

fn ladder(text: &str) -> Ladder {
    Ladder::parse(text).unwrap()
}

/// Days left on which somebody was told within the next days.
async fn days_told(firm: &Firm, end: NaiveDate) -> Vec<i64> {
    let mut days = Vec::new();
    for ahead in 0..70 {
        let day = plus(today().day, ahead);
        if remind(firm, day).await > 0 {
            days.push(days_between(day, end));
        }
    }
    days
}

async fn a_clients_own_days_count_before_the_firms_and_a_certificates_before_both(base: &Base) {
    let firm = Firm::new(&base.store).await;
    let owner = firm.scoped("owner").await;
    let client = firm.client(BIN, Some("accountant")).await;
    let other = firm.client(OTHER, Some("second")).await;
    let end = d("2027-01-20");
    let both = firm.certificate(&Wish::of(BIN).until("2026-01-20", "2027-01-20")).await;
    let own = firm
        .certificate(&Wish {
            name: "ИВАНОВ ИВАН",
            iin: "851231499000",
            ..Wish::of(BIN).until("2026-01-20", "2027-01-20")
        })
        .await;
    owner.set_client_ladder(client, Some(&ladder("40, 5"))).await.unwrap();
    owner.set_certificate_ladder(own, Some(&ladder("20"))).await.unwrap();
    assert_eq!(owner.ladder_of(both).await.unwrap(), (ladder("40, 5"), LadderOf::Client));
    assert_eq!(owner.ladder_of(own).await.unwrap(), (ladder("20"), LadderOf::Certificate));
    // A certificate of two clients is told of on the days of both.
    owner.link_certificate(both, other).await.unwrap();
    owner.set_client_ladder(other, Some(&ladder("50"))).await.unwrap();
    assert_eq!(owner.ladder_of(both).await.unwrap().0, ladder("50, 40, 5"));
    assert_eq!(days_told(&firm, end).await, [50, 40, 20, 5]);
    let told = owner.reminders(own).await.unwrap();
    let told: Vec<i64> = told.rungs.iter().filter(|r| r.state == RungState::Told).map(|r| r.days).collect();
    assert_eq!(told, [20]);
    // Without one of its own the firm's counts again, and nobody hears of what is past.
    owner.set_client_ladder(client, None).await.unwrap();
    owner.set_client_ladder(other, None).await.unwrap();
    assert_eq!(owner.ladder_of(both).await.unwrap(), (Ladder::default(), LadderOf::Office));
}

async fn a_new_ladder_of_its_own_tells_nobody_of_what_is_past(base: &Base) {
    let firm = Firm::new(&base.store).await;
    let owner = firm.scoped("owner").await;
    let client = firm.client(BIN, Some("accountant")).await;
    let id = firm.certificate(&Wish::of(BIN).until("2026-01-01", "2027-01-01")).await;
    assert_eq!(remind(&firm, today().day).await, 1, "40 days are left, 60 is told of");
    owner.set_client_ladder(client, Some(&ladder("90, 45, 10"))).await.unwrap();
    assert_eq!(remind(&firm, today().day).await, 0, "45 was past when it came in");
    owner.set_certificate_ladder(id, Some(&ladder("41, 3"))).await.unwrap();
    assert_eq!(remind(&firm, today().day).await, 0);
    owner.set_certificate_ladder(id, None).await.unwrap();
    assert_eq!(remind(&firm, d("2026-12-22")).await, 1, "10 days, as its client wants");
    let then = firm.scoped_on("owner", OfficeDay::noon(d("2026-12-22"))).await;
    then.set_client_ladder(client, None).await.unwrap();
    assert_eq!(remind(&firm, d("2026-12-22")).await, 0, "14 of the firm is past");
    assert_eq!(remind(&firm, d("2026-12-25")).await, 1, "7");
}

async fn own_days_are_set_on_their_pages_by_those_who_may(base: &Base) {
    let firm = Firm::new(&base.store).await;
    let client = firm.client(BIN, Some("accountant")).await;
    let id = firm.certificate(&Wish::of(BIN)).await;
    let accountant = firm.scoped("accountant").await;
    assert_eq!(refusal(accountant.set_client_ladder(client, Some(&ladder("5"))).await), Refusal::NotAllowed);
    accountant.set_certificate_ladder(id, Some(&ladder("6"))).await.unwrap();
    for who in ["second", "observer"] {
        let foreign = firm.scoped(who).await;
        assert_eq!(refusal(foreign.set_certificate_ladder(id, None).await), Refusal::NotFound, "{who}");
        assert_eq!(refusal(foreign.ladder_of(id).await), Refusal::NotFound, "{who}");
        assert_eq!(refusal(foreign.client_ladder(client).await), Refusal::NotFound, "{who}");
    }
    let state = state(&base.store);
    let session = cookie(&base.store, firm.people["owner"], today().now).await;
    let (status, page) = post(&state, &format!("/clients/{client}/ladder"), Some(&session), "ladder=often").await;
    assert!(
        status.as_u16() == 422 && page.contains("value=\"often\"") && page.contains("от 1 до 12 разных дней"),
        "{page}"
    );
    post(&state, &format!("/clients/{client}/ladder"), Some(&session), "ladder=45+7").await;
    let (_, page) = get(&state, &format!("/clients/{client}/ladder"), Some(&session)).await;
    assert!(page.contains("value=\"45, 7, 0\"") && page.contains("60, 30, 14, 7, 3, 1, 0, -1"), "{page}");
    let (_, page) = get(&state, &format!("/certificates/{id}"), Some(&session)).await;
    assert!(page.contains("Дни заданы для этого сертификата."), "{page}");
    post(&state, &format!("/certificates/{id}/ladder"), Some(&session), "ladder=").await;
    let (_, page) = get(&state, &format!("/certificates/{id}"), Some(&session)).await;
    assert!(page.contains("Дни заданы для клиента."), "{page}");
}

async fn unread(firm: &Firm, who: &str, day: NaiveDate) -> Vec<bool> {
    let all = firm.scoped_on(who, OfficeDay::noon(day)).await.notices().await.unwrap();
    all.iter().map(|n| n.escalated).collect()
}

/// A client of the first team, whose accountant is told of a certificate today; above is told after three days.
async fn told_firm(base: &Base) -> (Firm, domain::id::CertificateId) {
    let firm = Firm::new(&base.store).await;
    let owner = firm.scoped("owner").await;
    let client = firm.client(BIN, Some("accountant")).await;
    let mut data = crate::support::data(BIN);
    data.team = Some(firm.team);
    owner.change_client(client, data, owner.client_card(client).await.unwrap().revision).await.unwrap();
    let id = firm.certificate(&Wish::of(BIN).until("2025-12-22", "2026-12-22")).await;
    owner.set_ladder(&ladder("30, 1")).await.unwrap();
    owner.set_escalate_days(Some(3)).await.unwrap();
    assert_eq!(remind(&firm, today().day).await, 1);
    (firm, id)
}

async fn where_nobody_acts_the_lead_hears_of_it_and_then_the_owner(base: &Base) {
    let (firm, id) = told_firm(base).await;
    let mut heard = Vec::new();
    for ahead in 0..20 {
        let day = plus(today().day, ahead);
        remind(&firm, day).await;
        let now = (unread(&firm, "lead", day).await.len(), unread(&firm, "owner", day).await.len());
        if heard.last().map(|(_, was)| *was) != Some(now) {
            heard.push((ahead, now));
        }
    }
    // Told on a Sunday: three working days end with Wednesday, six with the Monday after.
    assert_eq!(heard, [(0, (0, 0)), (3, (1, 0)), (8, (1, 1))], "each once");
    let day = plus(today().day, 19);
    assert_eq!(unread(&firm, "owner", day).await, [true]);
    assert_eq!(unread(&firm, "accountant", day).await, [false]);
    for stranger in ["second", "west-lead", "observer"] {
        assert!(unread(&firm, stranger, day).await.is_empty(), "{stranger}");
    }
    let owner = firm.scoped("owner").await;
    let lines = owner.audit(&Default::default()).await.unwrap().rows;
    let told: Vec<_> = lines.iter().filter(|l| l.kind == domain::audit::DeedKind::Escalated).collect();
    assert!(told.len() == 2 && told.iter().all(|l| l.person.is_empty()), "{told:?}");
    assert_eq!(owner.reminders(id).await.unwrap().rungs[0].told.len(), 3, "its proof names all three");
    // The next rung begins with who works on it again.
    remind(&firm, d("2026-12-21")).await;
    assert_eq!(unread(&firm, "lead", d("2026-12-21")).await.len(), 1);
    assert_eq!(unread(&firm, "accountant", d("2026-12-21")).await.len(), 2);
}

async fn who_has_acted_is_not_told_above(base: &Base) {
    let (firm, id) = told_firm(base).await;
    let other =
        Wish { name: "ИВАНОВ ИВАН", iin: "851231499000", ..Wish::of(BIN).until("2025-12-22", "2026-12-22") };
    let quiet = firm.certificate(&other).await;
    assert_eq!(remind(&firm, today().day).await, 1);
    // Of the one a task is opened and closed with a word why; the other is put off until a Monday.
    let accountant = firm.scoped("accountant").await;
    let task = accountant.open_task(planned(id)).await.unwrap();
    let card = accountant.task_card(task).await.unwrap();
    let to = domain::task::Move::to(domain::task::Stage::Cancelled, "клиент сделает сам", card.row.revision);
    accountant.move_task(task, &to).await.unwrap();
    accountant.put_off(quiet, d("2026-11-30"), "ждём владельца").await.unwrap();
    for day in ["2026-11-25", "2026-11-30", "2026-12-02"] {
        remind(&firm, d(day)).await;
        assert!(unread(&firm, "lead", d(day)).await.is_empty(), "{day}");
    }
    // Three working days after it was put off until, and on no Saturday.
    remind(&firm, d("2026-12-03")).await;
    assert_eq!(unread(&firm, "lead", d("2026-12-03")).await, [true]);
    assert!(unread(&firm, "owner", d("2026-12-03")).await.is_empty());
    // Two processes at once tell it once.
    let other = store::Store::open(&base.url).await.unwrap();
    let now = OfficeDay::noon(d("2026-12-08")).now;
    let (one, two) = tokio::join!(base.store.remind(now), other.remind(now));
    one.and(two).unwrap();
    assert_eq!(unread(&firm, "owner", d("2026-12-08")).await.len(), 1);
    other.close().await.unwrap();
}

async fn who_leads_those_that_work_on_it_hears_of_it_too(base: &Base) {
    let firm = Firm::new(&base.store).await;
    // A client of no team, whose accountant is of the first team.
    firm.client(BIN, Some("accountant")).await;
    firm.certificate(&Wish::of(BIN).until("2025-12-22", "2026-12-22")).await;
    firm.scoped("owner").await.set_escalate_days(Some(3)).await.unwrap();
    assert_eq!(remind(&firm, today().day).await, 1);
    remind(&firm, d("2026-11-25")).await;
    assert_eq!(unread(&firm, "lead", d("2026-11-25")).await, [true]);
    assert!(unread(&firm, "owner", d("2026-11-25")).await.is_empty(), "the lead first");
    assert!(unread(&firm, "west-lead", d("2026-11-25")).await.is_empty());
}

async fn a_client_that_has_left_decides_nothing(base: &Base) {
    let firm = Firm::new(&base.store).await;
    let owner = firm.scoped("owner").await;
    firm.client(BIN, Some("accountant")).await;
    let gone = firm.client(OTHER, Some("second")).await;
    let id = firm.certificate(&Wish::of(BIN)).await;
    owner.link_certificate(id, gone).await.unwrap();
    owner.set_client_ladder(gone, Some(&ladder("60"))).await.unwrap();
    let both = Ladder::default();
    assert_eq!(owner.ladder_of(id).await.unwrap().0, both, "the days of both, of which one has the firm's");
    owner.archive_client(gone, Some(today().day)).await.unwrap();
    assert_eq!(owner.ladder_of(id).await.unwrap().0, Ladder::default());
    assert_eq!(remind(&firm, today().day).await, 1, "9 days are left: 14 is told of");
    assert_eq!(remind(&firm, d("2026-11-30")).await, 1, "1 day");
}

async fn how_long_to_wait_is_the_owners_to_say(base: &Base) {
    let firm = Firm::new(&base.store).await;
    let owner = firm.scoped("owner").await;
    assert_eq!(owner.escalate_days().await.unwrap(), None, "nobody is told above before somebody says so");
    assert_eq!(refusal(firm.scoped("lead").await.set_escalate_days(Some(3)).await), Refusal::NotAllowed);
    assert_eq!(rule(owner.set_escalate_days(Some(61)).await), Rule::EscalateDays);
    let state = state(&base.store);
    let session = cookie(&base.store, firm.people["owner"], today().now).await;
    let (status, page) = post(&state, "/office/escalation", Some(&session), "escalation=x").await;
    assert!(status.as_u16() == 422 && page.contains("от 1 до 60") && page.contains("value=\"x\""), "{page}");
    post(&state, "/office/escalation", Some(&session), "escalation=5").await;
    assert_eq!(owner.escalate_days().await.unwrap(), Some(5));
    post(&state, "/office/escalation", Some(&session), "escalation=").await;
    assert_eq!(owner.escalate_days().await.unwrap(), None);
}
