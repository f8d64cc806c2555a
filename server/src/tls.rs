//! TLS for an office network: an authority of the office's own and a certificate for its server.

use rcgen::{
    BasicConstraints, CertificateParams, DnType, ExtendedKeyUsagePurpose, IsCa, Issuer, KeyPair, KeyUsagePurpose,
};
use std::io;
use std::path::{Path, PathBuf};

/// The files that `merzim tls init` writes.
pub struct Made {
    /// To be trusted by the office's computers.
    pub authority: PathBuf,
    pub certificate: PathBuf,
    pub key: PathBuf,
}

/// Why no certificate was made.
#[derive(Debug, thiserror::Error)]
pub enum TlsError {
    #[error("the certificate could not be made: {0}")]
    Make(#[from] rcgen::Error),
    #[error("{path}: {error}")]
    Write { path: PathBuf, error: io::Error },
    #[error("{0} exists already; move it away first")]
    Exists(PathBuf),
}

/// Makes an office authority and a server certificate for the names and addresses. The authority's key is
/// not kept, so nothing else can ever be issued by it.
///
/// # Errors
/// Where the files cannot be written, or stand there already.
pub fn init(names: &[String], out: &Path, now: chrono::DateTime<chrono::Utc>) -> Result<Made, TlsError> {
    let made =
        Made { authority: out.join("merzim-ca.crt"), certificate: out.join("merzim.crt"), key: out.join("merzim.key") };
    if let Some(old) = [&made.authority, &made.certificate, &made.key].into_iter().find(|p| p.exists()) {
        return Err(TlsError::Exists(old.clone()));
    }
    let year = time::Duration::days(365);
    let start = time::OffsetDateTime::from_unix_timestamp(now.timestamp()).map_err(|_| rcgen::Error::Time)?
        - time::Duration::days(1);
    let authority_key = KeyPair::generate()?;
    let mut authority = CertificateParams::default();
    authority.distinguished_name.push(DnType::CommonName, "Merzim office CA");
    authority.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
    authority.key_usages = vec![KeyUsagePurpose::KeyCertSign];
    (authority.not_before, authority.not_after) = (start, start + year * 10);
    let authority_pem = authority.self_signed(&authority_key)?.pem();
    let key = KeyPair::generate()?;
    let mut server = CertificateParams::new(names.to_vec())?;
    server.distinguished_name.push(DnType::CommonName, names.first().map_or("merzim", String::as_str));
    server.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
    server.use_authority_key_identifier_extension = true;
    // Browsers refuse server certificates that live longer than 825 days.
    (server.not_before, server.not_after) = (start, start + time::Duration::days(800));
    let server_pem = server.signed_by(&key, &Issuer::new(authority, authority_key))?.pem();
    std::fs::create_dir_all(out).map_err(|error| TlsError::Write { path: out.into(), error })?;
    write(&made.authority, &authority_pem, false)?;
    write(&made.certificate, &server_pem, false)?;
    write(&made.key, &key.serialize_pem(), true)?;
    Ok(made)
}

fn write(path: &Path, text: &str, secret: bool) -> Result<(), TlsError> {
    use std::io::Write as _;
    let wrap = |error| TlsError::Write { path: path.into(), error };
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    if secret {
        use std::os::unix::fs::OpenOptionsExt as _;
        options.mode(0o600);
    }
    let _ = secret;
    options.open(path).map_err(wrap)?.write_all(text.as_bytes()).map_err(wrap)
}
