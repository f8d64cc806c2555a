//! Passwords of other servers, sealed at rest (XChaCha20-Poly1305): what lies in the database opens nothing without the key.

use crate::settings::Serve;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use chacha20poly1305::aead::{Aead as _, KeyInit as _, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use domain::refusal::{Refusal, Rule};
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::str::FromStr;
use zeroize::Zeroizing;

/// Bytes of a nonce (draft-irtf-cfrg-xchacha, 2.1).
const NONCE: usize = 24;

/// A key for secrets.
#[derive(Clone, PartialEq, Eq)]
pub struct SecretsKey(Zeroizing<[u8; 32]>);

impl std::fmt::Debug for SecretsKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("SecretsKey(…)")
    }
}

impl FromStr for SecretsKey {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let bytes = Zeroizing::new(STANDARD.decode(text.trim()).unwrap_or_default());
        let key = <[u8; 32]>::try_from(bytes.as_slice());
        let wrong = |_| "a key is 32 bytes in Base64, as `openssl rand -base64 32` makes it".to_owned();
        key.map(|key| Self(Zeroizing::new(key))).map_err(wrong)
    }
}

/// Where the key is.
#[derive(Debug, Clone)]
pub enum Secrets {
    Given(SecretsKey),
    /// A file that is made when the first secret is sealed.
    File(PathBuf),
    /// Nothing can be sealed.
    Nowhere,
}

impl Secrets {
    /// By the settings: the key itself, its file, or a file beside an SQLite database.
    #[must_use]
    pub fn of(settings: &Serve) -> Self {
        let beside = || store::file_of(&settings.data.database).map(|file| file.with_extension("key"));
        match (&settings.secrets_key, &settings.secrets_key_file) {
            (Some(key), _) => Self::Given(key.clone()),
            (None, Some(file)) => Self::File(file.clone()),
            (None, None) => beside().map_or(Self::Nowhere, Self::File),
        }
    }

    /// Seals a secret; `name` says what it is for, and it opens under no other.
    ///
    /// # Errors
    /// `Invalid` where the server has no key, `Internal` where its file cannot be made.
    pub fn seal(&self, name: &str, secret: &str) -> Result<String, Refusal> {
        let key = match self {
            Self::Given(key) => key.clone(),
            Self::File(path) => made(path).map_err(|error| {
                tracing::error!(%error, path = %path.display(), "the key for secrets cannot be made");
                Refusal::invalid("password", Rule::NoSecretsKey)
            })?,
            Self::Nowhere => return Err(Refusal::invalid("password", Rule::NoSecretsKey)),
        };
        let mut nonce = [0u8; NONCE];
        let internal = || Refusal::Internal { reference: "seal".into() };
        getrandom::fill(&mut nonce).map_err(|_| internal())?;
        let payload = Payload { msg: secret.as_bytes(), aad: name.as_bytes() };
        let sealed = cipher(&key).encrypt(XNonce::from_slice(&nonce), payload).map_err(|_| internal())?;
        Ok(format!("v1.{}", STANDARD.encode([nonce.as_slice(), &sealed].concat())))
    }

    /// Opens what was sealed under the name. None where the key is another one, or is gone.
    #[must_use]
    pub fn open(&self, name: &str, sealed: &str) -> Option<Zeroizing<String>> {
        let key = match self {
            Self::Given(key) => key.clone(),
            Self::File(path) => read(path).ok()?,
            Self::Nowhere => return None,
        };
        let bytes = STANDARD.decode(sealed.strip_prefix("v1.")?).ok()?;
        let (nonce, sealed) = bytes.split_at_checked(NONCE)?;
        let payload = Payload { msg: sealed, aad: name.as_bytes() };
        let open = Zeroizing::new(cipher(&key).decrypt(XNonce::from_slice(nonce), payload).ok()?);
        Some(Zeroizing::new(std::str::from_utf8(&open).ok()?.to_owned()))
    }
}

fn cipher(key: &SecretsKey) -> XChaCha20Poly1305 {
    XChaCha20Poly1305::new(key.0.as_slice().into())
}

fn read(path: &Path) -> std::io::Result<SecretsKey> {
    let text = Zeroizing::new(std::fs::read_to_string(path)?);
    text.parse().map_err(|wrong: String| std::io::Error::new(std::io::ErrorKind::InvalidData, wrong))
}

/// The key of a file. Of several processes that find none, the first makes it and the others read it: it appears whole.
fn made(path: &Path) -> std::io::Result<SecretsKey> {
    match read(path) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
        other => return other,
    }
    let mut key = Zeroizing::new([0u8; 32]);
    getrandom::fill(key.as_mut_slice()).map_err(|_| std::io::Error::other("the system gives no randomness"))?;
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let beside = folder.join(format!(
        ".merzim-key-{}",
        uuid::Uuid::from_bytes(crate::secret::nonce().map_err(|_| std::io::Error::other("no randomness"))?)
    ));
    let text = Zeroizing::new(format!("{}\n", STANDARD.encode(key.as_slice())));
    let written = write_private(&beside, &text).and_then(|()| match std::fs::hard_link(&beside, path) {
        Err(error) if error.kind() != std::io::ErrorKind::AlreadyExists => Err(error),
        _ => Ok(()),
    });
    let _ = std::fs::remove_file(&beside);
    written?;
    read(path)
}

fn write_private(path: &Path, text: &str) -> std::io::Result<()> {
    let mut options = std::fs::OpenOptions::new();
    options.create_new(true).write(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(path)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sealed_secret_opens_only_with_its_key_and_its_name() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("merzim.key");
        let secrets = Secrets::File(path.clone());
        let sealed = secrets.seal("mail", "пароль почты").unwrap();
        assert_eq!(secrets.open("mail", &sealed).unwrap().as_str(), "пароль почты");
        assert!(!sealed.contains("пароль") && sealed != secrets.seal("mail", "пароль почты").unwrap());
        assert!(secrets.open("telegram", &sealed).is_none());
        let mut other = sealed.clone();
        other.replace_range(10..11, if sealed.as_bytes()[10] == b'A' { "B" } else { "A" });
        for wrong in [other.as_str(), "", "v1.", "v1.AAAA", "v2.x"] {
            assert!(secrets.open("mail", wrong).is_none(), "{wrong}");
        }
        std::fs::remove_file(&path).unwrap();
        assert!(secrets.open("mail", &sealed).is_none(), "the key is gone");
        secrets.seal("mail", "x").unwrap();
        assert!(secrets.open("mail", &sealed).is_none(), "the key is another one");
    }

    #[test]
    fn of_many_who_find_no_key_all_use_one() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("merzim.key");
        let keys: Vec<SecretsKey> = std::thread::scope(|scope| {
            let all: Vec<_> = (0..8).map(|_| scope.spawn(|| made(&path).unwrap())).collect();
            all.into_iter().map(|one| one.join().unwrap()).collect()
        });
        assert!(keys.iter().all(|key| *key == keys[0]));
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1, "nothing else is left");
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        }
    }

    #[test]
    fn without_a_key_nothing_is_sealed_and_a_key_is_never_printed() {
        assert_eq!(Secrets::Nowhere.seal("mail", "x"), Err(Refusal::invalid("password", Rule::NoSecretsKey)));
        let key: SecretsKey = STANDARD.encode([7; 32]).parse().unwrap();
        assert_eq!(format!("{key:?}"), "SecretsKey(…)");
        assert!("short".parse::<SecretsKey>().is_err());
    }
}
