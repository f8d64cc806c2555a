//! Opens key containers (PKCS#12, RFC 7292) where they lie: in a worker of the browser.
//!
//! What comes out is the certificates; bags with keys are passed over unread, and what was derived from the password or
//! decrypted is wiped.

mod ber;
mod cipher;
mod container;
mod derive;
mod mac;
#[cfg(target_arch = "wasm32")]
mod worker;

/// Why a container gave no certificates.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OpenError {
    /// These bytes are no PKCS#12 container.
    NotAContainer,
    /// The password does not fit; the container stays as it is.
    WrongPassword,
    /// Cut off, or its parts contradict each other.
    Damaged,
    /// Written with a cipher or a way of protection that is not known here.
    Unsupported,
    /// Asks for more work than any honest container does.
    TooCostly,
}

impl OpenError {
    /// The name in messages between the worker and the page.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::NotAContainer => "not_a_container",
            Self::WrongPassword => "wrong_password",
            Self::Damaged => "damaged",
            Self::Unsupported => "unsupported",
            Self::TooCostly => "too_costly",
        }
    }
}

/// The certificates of a container, DER each, in their order; none where it holds only keys.
///
/// # Errors
/// One of [`OpenError`]; a wrong password can be tried again.
pub fn certificates(container: &[u8], password: &str) -> Result<Vec<Vec<u8>>, OpenError> {
    container::certificates(container, password)
}

/// The certificates of a container that lie in it unprotected, so that no password is needed to read them: for whoever has
/// lost it. Nothing where a part of it is encrypted. Whether the container was altered is not checked, the authority's
/// signature on each certificate is what counts.
///
/// # Errors
/// One of [`OpenError`].
pub fn unprotected_certificates(container: &[u8]) -> Result<Vec<Vec<u8>>, OpenError> {
    container::unprotected_certificates(container)
}
