//! The brake on guessing: for whom tries are counted, and how long somebody waits.

use crate::clock::Clock;
use crate::refusals;
use crate::secret;
use chrono::Duration;
use domain::id::PersonId;
use domain::refusal::Refusal;
use std::net::IpAddr;
use store::{Counted, Store, Turn};

/// Failures of one account at one address, or in a browser that is known, before it has to wait.
const FREE_FOR_ACCOUNT: i32 = 5;
/// Failures from one address before it has to wait: an office shares one.
const FREE_FOR_ADDRESS: i32 = 20;
/// Failures of one account from everywhere, before whoever comes from an unknown browser has to wait.
const FREE_FROM_EVERYWHERE: i32 = 50;
/// After an hour of quiet the failures are forgotten.
const FORGOTTEN_AFTER: Duration = Duration::hours(1);
const FIRST_WAIT_SECONDS: i64 = 15;
const LONGEST_WAIT_SECONDS: i64 = 15 * 60;
/// How long a try waits for others that are being looked at.
const PATIENCE: std::time::Duration = std::time::Duration::from_secs(20);
const PAUSE: std::time::Duration = std::time::Duration::from_millis(40);

/// Seconds to wait after this many failures beyond the free ones; doubles each time.
fn wait_after(failures: i32, free: i32) -> i64 {
    match u32::try_from(failures - free) {
        Ok(over) => FIRST_WAIT_SECONDS.saturating_mul(1i64 << over.min(20)).min(LONGEST_WAIT_SECONDS),
        Err(_) => 0,
    }
}

fn account_waits(failures: i32) -> i64 {
    wait_after(failures, FREE_FOR_ACCOUNT)
}

fn address_waits(failures: i32) -> i64 {
    wait_after(failures, FREE_FOR_ADDRESS)
}

fn everywhere_waits(failures: i32) -> i64 {
    wait_after(failures, FREE_FROM_EVERYWHERE)
}

fn own(name: &str, wait: fn(i32) -> i64) -> Counted {
    Counted { name: secret::hash(name), wait, own: true }
}

/// Names under which tries of an unknown browser are counted: neither address nor mail is stored readable. A stranger's
/// tries make only the stranger wait, but for very many of them from everywhere.
pub fn of_stranger(email: &str, address: &str) -> Vec<Counted> {
    let near = network(address);
    vec![
        own(&format!("mail {email} from {near}"), account_waits),
        Counted { name: secret::hash(&format!("from {near}")), wait: address_waits, own: false },
        Counted { name: secret::hash(&format!("mail {email}")), wait: everywhere_waits, own: false },
    ]
}

/// The name for a browser from which the person has signed in before: what strangers try does not count there.
pub fn of_known(token_hash: &str) -> Vec<Counted> {
    vec![own(&format!("browser {token_hash}"), account_waits)]
}

/// The name for somebody who is signed in already and says the old password.
pub fn of_person(person: PersonId) -> Vec<Counted> {
    vec![own(&format!("person {person}"), account_waits)]
}

/// An address as tries are counted for it: of IPv6 the network that one connection gets, its first 64 bits.
fn network(address: &str) -> String {
    match address.parse::<IpAddr>().map(|ip| ip.to_canonical()) {
        Ok(IpAddr::V6(ip)) => {
            let [a, b, c, d, ..] = ip.segments();
            format!("{a:x}:{b:x}:{c:x}:{d:x}::/64")
        }
        Ok(IpAddr::V4(ip)) => ip.to_string(),
        Err(_) => address.to_owned(),
    }
}

/// Lets a try begin, once those before it are known that could be the last free ones.
///
/// # Errors
/// `Wait` where there were too many failures.
pub async fn begin(store: &Store, names: &[Counted], clock: Clock) -> Result<(), Refusal> {
    let turn = async {
        loop {
            match store.begin_try(names, FORGOTTEN_AFTER, clock.now()).await.map_err(refusals::of)? {
                Turn::Now => return Ok(()),
                Turn::Soon => tokio::time::sleep(PAUSE).await,
            }
        }
    };
    tokio::time::timeout(PATIENCE, turn).await.unwrap_or(Err(Refusal::Busy))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waiting_doubles_after_the_free_tries_and_has_an_end() {
        assert_eq!([1, 4, 5, 6, 7, 40].map(|n| wait_after(n, FREE_FOR_ACCOUNT)), [0, 0, 15, 30, 60, 900]);
    }

    #[test]
    fn of_an_address_of_ipv6_its_network_counts() {
        assert_eq!(network("2001:db8:1:2:3:4:5:6"), network("2001:db8:1:2:ffff::1"));
        assert_ne!(network("2001:db8:1:2::1"), network("2001:db8:1:3::1"));
        assert_eq!(network("::ffff:192.0.2.7"), "192.0.2.7");
        assert_eq!(network("unknown"), "unknown");
    }
}
