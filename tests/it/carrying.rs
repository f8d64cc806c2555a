//! Messages on their way: refused, tried again, in doubt, held by one process; and the server that they leave by. On both
//! databases.

use crate::deliveries::{BIN, DAY, OTHER, from_midnight, mailing, noon, state_of, states, take};
use crate::mail_server::Manner;
use crate::support::{Base, Firm, Wish, cookie, get, on_both, post, refusal};
use chrono::Duration;
use domain::day::OfficeDay;
use domain::delivery::{Carried, DeliveryKind, DeliveryState, Wishes};
use domain::job::LEASE;
use domain::mail::{MailFailure, MailStep};
use domain::refusal::Refusal;
use server::settings::{Cli, Command};
use server::state::AppState;
use std::sync::Arc;
use store::{Ended, Store};

on_both!(
    one_refused_address_stops_only_itself_and_the_owner_sees_it,
    what_passes_is_tried_again_under_the_same_id_until_its_time_is_over,
    what_may_have_arrived_is_told_as_such,
    of_two_processes_one_has_a_message_and_a_lost_turn_says_nothing,
    a_server_that_is_away_keeps_everything_and_is_told_to_the_owner,
    the_password_of_the_server_is_sealed_never_shown_and_stays_with_its_server
);

fn failure(step: MailStep, passes: bool) -> MailFailure {
    MailFailure { step, passes, of_server: false, said: "4xx".into(), unclear: false }
}

async fn one_refused_address_stops_only_itself_and_the_owner_sees_it(base: &Base) {
    let firm = Firm::new(&base.store).await;
    let refuses = ("RCPT TO:<accountant@", "550 5.1.1 no such mailbox");
    let post_office = mailing(&firm, Manner { answers: vec![refuses], ..Manner::default() }).await;
    from_midnight(&firm).await;
    firm.client(BIN, Some("accountant")).await;
    firm.client(OTHER, Some("second")).await;
    firm.certificate(&Wish::of(BIN)).await;
    firm.certificate(&Wish::of(OTHER)).await;
    let state = state_of(base, DAY);
    server::jobs::send(state.clone(), true).await;
    assert_eq!(post_office.to("second@example.kz").len(), 1, "the next one goes out");
    assert!(states(&firm).await.contains(&("accountant".into(), DeliveryState::Refused)));
    let session = cookie(&base.store, firm.people["owner"], state.clock.now()).await;
    let (_, page) = get(&state, "/office/mail", Some(&session)).await;
    assert!(
        page.contains("Сервер не принял адрес получателя: проверьте адрес.") && page.contains("no such mailbox"),
        "{page}"
    );
    assert!(!page.contains("Письма не уходят"), "the server itself works");
    let lead = cookie(&base.store, firm.people["lead"], state.clock.now()).await;
    assert_eq!(get(&state, "/office/mail", Some(&lead)).await.0.as_u16(), 403);
    // Its address is put right there, and the owner lets it go again.
    post_office.set(Manner::default());
    let owner = firm.scoped("owner").await;
    let refused =
        owner.deliveries().await.unwrap().into_iter().find(|row| row.state == DeliveryState::Refused).unwrap();
    assert_eq!(refusal(firm.scoped("lead").await.delivery_again(refused.id).await), Refusal::NotAllowed);
    post(&state, &format!("/office/mail/{}/again", refused.id), Some(&session), "").await;
    assert_eq!(refusal(owner.delivery_again(refused.id).await), Refusal::Conflict, "it has not failed any more");
    server::jobs::send(state, true).await;
    assert_eq!(post_office.to("accountant@example.kz").len(), 1);
}

async fn what_passes_is_tried_again_under_the_same_id_until_its_time_is_over(base: &Base) {
    let firm = Firm::new(&base.store).await;
    mailing(&firm, Manner::default()).await;
    firm.scoped("owner").await.set_wishes(Wishes { digest: false, ..Wishes::default() }).await.unwrap();
    firm.client(BIN, Some("accountant")).await;
    firm.certificate(&Wish::of(BIN).until("2025-11-23", DAY)).await;
    base.store.remind(noon().now).await.unwrap();
    let (mut at, mut ids, mut tries) = (noon(), Vec::new(), 0);
    loop {
        let Some(carried) = take(&base.store, at).await else {
            at.now += Duration::minutes(5);
            if at.now > noon().now + Duration::days(4) { break } else { continue }
        };
        tries += 1;
        ids.push(carried.id);
        assert!(base.store.begin_delivery(&carried, &[], at.now).await.unwrap());
        let failed = Ended::Failed(failure(MailStep::Receiver, true), 0.0);
        assert!(base.store.end_delivery(&carried, &failed, at.now).await.unwrap());
        assert!(take(&base.store, at).await.is_none(), "not at once");
    }
    ids.dedup();
    assert_eq!(ids.len(), 1, "one message, one id");
    assert!((70..90).contains(&tries), "soon at first, then each hour, for three days: {tries}");
    let all = firm.scoped("owner").await.deliveries().await.unwrap();
    assert_eq!((all[0].state, all[0].uncertain), (DeliveryState::GivenUp, false));
}

async fn what_may_have_arrived_is_told_as_such(base: &Base) {
    let firm = Firm::new(&base.store).await;
    let post_office = mailing(&firm, Manner { breaks_off: true, ..Manner::default() }).await;
    firm.scoped("accountant").await.set_wishes(Wishes { digest: false, ..Wishes::default() }).await.unwrap();
    firm.client(BIN, Some("accountant")).await;
    firm.certificate(&Wish::of(BIN).until("2025-11-23", DAY)).await;
    let state = state_of(base, DAY);
    base.store.remind(state.clock.now()).await.unwrap();
    server::jobs::send(state, true).await;
    let id = |mail: &String| mail.lines().find(|line| line.starts_with("Message-ID")).unwrap().to_owned();
    assert_eq!(post_office.to("accountant@example.kz").len(), 1, "it has come, and its answer was lost");
    let owner = firm.scoped("owner").await;
    let mine = async || owner.deliveries().await.unwrap().into_iter().find(|r| r.kind == DeliveryKind::Urgent).unwrap();
    assert_eq!((mine().await.state, mine().await.uncertain), (DeliveryState::Waits, false));
    post_office.set(Manner::default());
    server::jobs::send(state_of(base, "2026-11-24"), true).await;
    assert_eq!((mine().await.state, mine().await.uncertain), (DeliveryState::Sent, true));
    let mails = post_office.to("accountant@example.kz");
    assert_eq!((mails.len(), id(&mails[0])), (2, id(&mails[1])), "known as the same by its reader's program");
}

async fn of_two_processes_one_has_a_message_and_a_lost_turn_says_nothing(base: &Base) {
    let firm = Firm::new(&base.store).await;
    mailing(&firm, Manner::default()).await;
    for who in ["lead", "second", "west-lead", "observer", "accountant"] {
        firm.scoped(who).await.set_wishes(Wishes { digest: false, ..Wishes::default() }).await.unwrap();
    }
    let other = Store::open(&base.url).await.unwrap();
    assert_eq!(base.store.plan_digests(noon(), 12).await.unwrap(), 1);
    let (one, two) = tokio::join!(base.store.take_delivery(noon().now), other.take_delivery(noon().now));
    let taken: Vec<Carried> = [one.unwrap(), two.unwrap()].into_iter().flatten().collect();
    let [first] = &taken[..] else { panic!("{taken:?}") };
    assert!(base.store.begin_delivery(first, &[], noon().now).await.unwrap());
    // A process that sleeps through its lease while it sends.
    let later = OfficeDay { now: noon().now + LEASE + Duration::seconds(1), ..noon() };
    let second = take(&other, later).await.expect("the lease is over");
    assert!(!base.store.begin_delivery(first, &[], later.now).await.unwrap());
    assert!(!base.store.end_delivery(first, &Ended::Sent, later.now).await.unwrap(), "its turn is over");
    assert!(other.end_delivery(&second, &Ended::Sent, later.now).await.unwrap());
    let all = firm.scoped("owner").await.deliveries().await.unwrap();
    assert_eq!((all[0].state, all[0].uncertain, all[0].tries), (DeliveryState::Sent, true, 2));
    other.close().await.unwrap();
}

async fn a_server_that_is_away_keeps_everything_and_is_told_to_the_owner(base: &Base) {
    let firm = Firm::new(&base.store).await;
    let post_office = mailing(&firm, Manner { answers: vec![("", "554 not today")], ..Manner::default() }).await;
    from_midnight(&firm).await;
    firm.client(BIN, Some("accountant")).await;
    firm.certificate(&Wish::of(BIN)).await;
    let state = state_of(base, DAY);
    server::jobs::send(state.clone(), true).await;
    let states = states(&firm).await;
    assert!(states.contains(&("accountant".into(), DeliveryState::Waits)), "{states:?}");
    assert!(states.iter().all(|(_, state)| matches!(state, DeliveryState::Waits | DeliveryState::Empty)), "{states:?}");
    let session = cookie(&base.store, firm.people["owner"], state.clock.now()).await;
    let (_, page) = get(&state, "/office/mail", Some(&session)).await;
    assert!(page.contains("Письма не уходят") && page.contains("not today"), "{page}");
    post_office.set(Manner::default());
    let (status, _) = post(&state, "/office/mail/test", Some(&session), "").await;
    assert_eq!(status.as_u16(), 303);
    let (_, page) = get(&state, "/office/mail", Some(&session)).await;
    assert!(!page.contains("Письма не уходят"), "{page}");
    assert_eq!(post_office.to("owner@example.kz").len(), 1);
}

async fn the_password_of_the_server_is_sealed_never_shown_and_stays_with_its_server(base: &Base) {
    let firm = Firm::new(&base.store).await;
    let folder = tempfile::tempdir().unwrap();
    let key = folder.path().join("merzim.key");
    let words = ["merzim", "serve", "--today", DAY, "--secrets-key-file", key.to_str().unwrap()];
    let Command::Serve(settings) = Cli::read(words).unwrap().command else { panic!("serve") };
    let state = Arc::new(AppState::new(base.store.clone(), &settings));
    let session = cookie(&base.store, firm.people["owner"], state.clock.now()).await;
    let form = |host: &str, password: &str| {
        format!("host={host}&port=465&security=tls&user=merzim&password={password}&sender=merzim%40proba.kz")
    };
    let (status, page) = post(&state, "/office/mail", Some(&session), &form("mail.proba.kz", "")).await;
    assert!(status.as_u16() == 422 && page.contains("value=\"mail.proba.kz\""), "what was typed stays");
    post(&state, "/office/mail", Some(&session), &form("mail.proba.kz", "s3cret-of-mail")).await;
    let (named, sealed) = base.store.mail_server().await.unwrap().unwrap();
    assert_eq!((named.host.as_str(), named.port), ("mail.proba.kz", 465));
    assert!(sealed.starts_with("v1.") && !sealed.contains("s3cret"));
    let (_, page) = get(&state, "/office/mail", Some(&session)).await;
    assert!(page.contains("Сохранён") && !page.contains("s3cret") && !page.contains("v1."), "{page}");
    let history = firm.scoped("owner").await.audit(&Default::default()).await.unwrap();
    assert!(history.rows.iter().all(|line| !line.about.contains("s3cret")));
    // The same server keeps its password, another one does not get it.
    post(&state, "/office/mail", Some(&session), &form("mail.proba.kz", "")).await;
    assert_eq!(base.store.mail_server().await.unwrap().unwrap().1, sealed);
    let (status, _) = post(&state, "/office/mail", Some(&session), &form("mail.thief.kz", "")).await;
    assert_eq!(status.as_u16(), 422);
    assert_eq!(base.store.mail_server().await.unwrap().unwrap().0.host, "mail.proba.kz");
    let (status, page) =
        post(&state, "/office/mail", Some(&session), "host=a.kz&port=25&security=open&user=x&sender=a%40a.kz").await;
    assert!(status.as_u16() == 422 && page.contains("Без защиты пароль не посылается"), "{page}");
    // A server of pages without a key says how to give it one.
    let words = ["merzim", "serve", "--today", DAY, "--database", "postgres://nobody@127.0.0.1/none"];
    let Command::Serve(settings) = Cli::read(words).unwrap().command else { panic!("serve") };
    let keyless = Arc::new(AppState::new(base.store.clone(), &settings));
    let (status, page) = post(&keyless, "/office/mail", Some(&session), &form("mail.proba.kz", "new")).await;
    assert!(status.as_u16() == 422 && page.contains("MERZIM_SECRETS_KEY_FILE"), "{page}");
    let lead = cookie(&base.store, firm.people["lead"], state.clock.now()).await;
    let (status, _) = post(&state, "/office/mail", Some(&lead), &form("mail.thief.kz", "x")).await;
    assert_eq!(status.as_u16(), 403);
    assert_eq!(refusal(firm.scoped("lead").await.remove_mail_server().await), Refusal::NotAllowed);
    post(&state, "/office/mail/remove", Some(&session), "").await;
    assert!(base.store.mail_server().await.unwrap().is_none());
}
