//! Passwords: argon2id with the parameters of OWASP's cheat sheet (19 MiB, 2 passes, 1 lane), off the async threads.

use argon2::Argon2;
use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher as _, PasswordVerifier as _};
use domain::refusal::{Refusal, Rule};
use std::sync::Arc;
use tokio::sync::Semaphore;
use unicode_normalization::UnicodeNormalization as _;

/// Shortest password, in characters (OWASP ASVS 2.1.1 asks for 8 with a second factor, more without).
const SHORTEST: usize = 10;
const LONGEST: usize = 200;
/// Hashes that may be computed at one moment: each takes 19 MiB.
const AT_ONCE: usize = 2;
/// Fragments that make a password easy to guess.
const COMMON: &[&str] =
    &["password", "qwerty", "12345678", "11111111", "parol", "пароль", "йцукен", "merzim123", "admin"];

/// Hashes and checks passwords, a bounded number at once.
#[derive(Clone)]
pub struct Passwords {
    turns: Arc<Semaphore>,
}

impl Default for Passwords {
    fn default() -> Self {
        Self { turns: Arc::new(Semaphore::new(AT_ONCE)) }
    }
}

impl Passwords {
    /// Hashes a password into a PHC string.
    ///
    /// # Errors
    /// `Internal` where hashing fails.
    pub async fn hash(&self, password: &str) -> Result<String, Refusal> {
        let password = prepared(password);
        self.turn(move || Argon2::default().hash_password(password.as_bytes()).map(|h| h.to_string()).ok())
            .await?
            .ok_or_else(fault)
    }

    /// Whether a password fits. Without a hash the same work is done, so that the answer takes the same time.
    ///
    /// # Errors
    /// `Internal` where checking fails.
    pub async fn fits(&self, password: &str, hash: Option<String>) -> Result<bool, Refusal> {
        let (password, typed) = (prepared(password), password.to_owned());
        self.turn(move || match hash.as_deref().map(PasswordHash::new) {
            Some(Ok(hash)) => {
                let same = |password: &str| Argon2::default().verify_password(password.as_bytes(), &hash).is_ok();
                // A password that was set before this form was kept may have been typed otherwise.
                same(&password) || (typed != password && same(&typed))
            }
            _ => {
                let _ = Argon2::default().hash_password(password.as_bytes());
                false
            }
        })
        .await
    }

    async fn turn<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> Result<T, Refusal> {
        let _turn = self.turns.acquire().await.map_err(|_| fault())?;
        tokio::task::spawn_blocking(work).await.map_err(|_| fault())
    }
}

/// A password in one spelling (RFC 8265, 4.2.1): «й» typed as one sign or as two is the same.
fn prepared(password: &str) -> String {
    let blanks = |c: char| if c.is_whitespace() { ' ' } else { c };
    password.chars().map(blanks).nfc().collect()
}

fn fault() -> Refusal {
    Refusal::Internal { reference: "password".into() }
}

/// Refuses a password that is too short, too long or easy to guess.
///
/// # Errors
/// `Invalid` with the rule.
pub fn check_new(password: &str) -> Result<(), Refusal> {
    let length = password.chars().count();
    let lower = password.to_lowercase();
    let same = password.chars().collect::<std::collections::HashSet<_>>().len() < 4;
    if length < SHORTEST {
        Err(Refusal::invalid("password", Rule::PasswordShort))
    } else if length > LONGEST {
        Err(Refusal::invalid("password", Rule::TooLong))
    } else if same || COMMON.iter().any(|c| lower.contains(c) && length < c.chars().count() + 6) {
        Err(Refusal::invalid("password", Rule::PasswordCommon))
    } else {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn short_and_common_passwords_are_refused() {
        assert_eq!(check_new("abc"), Err(Refusal::invalid("password", Rule::PasswordShort)));
        assert_eq!(check_new("qwerty12345"), Err(Refusal::invalid("password", Rule::PasswordCommon)));
        assert_eq!(check_new("1111111111"), Err(Refusal::invalid("password", Rule::PasswordCommon)));
        assert_eq!(check_new("белая роза у дороги"), Ok(()));
    }

    #[tokio::test]
    async fn a_password_fits_its_own_hash_only() {
        let p = Passwords::default();
        let hash = p.hash("белая роза у дороги").await.unwrap();
        assert!(hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{hash}");
        assert!(p.fits("белая роза у дороги", Some(hash.clone())).await.unwrap());
        assert!(!p.fits("белая роза", Some(hash)).await.unwrap());
        let composed = p.hash("й у реки, зелёный").await.unwrap();
        assert!(p.fits("и\u{306} у реки, зеле\u{308}ный", Some(composed)).await.unwrap(), "one spelling or the other");
        assert!(!p.fits("белая роза", None).await.unwrap());
    }
}
