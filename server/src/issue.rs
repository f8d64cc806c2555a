//! Issuing certificates in the national profile, for the demo and the neutral firm. Never used on a real register.

use chrono::{DateTime, NaiveDate, Utc};
use domain::certificate::{HolderRole, Purpose};
use rcgen::{
    BasicConstraints, CertificateParams, CrlDistributionPoint, DistinguishedName, DnType, ExtendedKeyUsagePurpose,
    IsCa, Issuer, KeyPair, KeyUsagePurpose, SerialNumber,
};

/// What stands in a certificate to be issued.
pub struct Wish {
    pub surname: String,
    pub first_name: String,
    pub patronymic: String,
    pub iin: String,
    /// БИН and name of the organisation.
    pub organisation: Option<(String, String)>,
    pub role: Option<HolderRole>,
    pub purpose: Purpose,
    pub serial: Vec<u8>,
    pub from: DateTime<Utc>,
    pub to: DateTime<Utc>,
}

/// A throwaway authority: its key lives in memory only.
pub struct Authority {
    issuer: Issuer<'static, KeyPair>,
    holder_key: KeyPair,
    /// Its own certificate.
    pub der: Vec<u8>,
    pub name: String,
}

impl Authority {
    /// Makes an authority of this name that is valid for twenty years.
    pub fn new(name: &str, now: DateTime<Utc>) -> Result<Self, rcgen::Error> {
        let key = KeyPair::generate()?;
        let mut params = CertificateParams::default();
        params.distinguished_name = DistinguishedName::new();
        params.distinguished_name.push(DnType::CommonName, name);
        params.distinguished_name.push(DnType::CountryName, "KZ");
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
        params.not_before = moment(now - chrono::Duration::days(3650))?;
        params.not_after = moment(now + chrono::Duration::days(3650))?;
        let der = params.self_signed(&key)?.der().to_vec();
        Ok(Self { issuer: Issuer::new(params, key), holder_key: KeyPair::generate()?, der, name: name.to_owned() })
    }

    /// Issues one certificate.
    pub fn issue(&self, wish: &Wish) -> Result<Vec<u8>, rcgen::Error> {
        let mut params = CertificateParams::default();
        params.distinguished_name = subject(wish);
        params.serial_number = Some(SerialNumber::from_slice(&wish.serial));
        params.not_before = moment(wish.from)?;
        params.not_after = moment(wish.to)?;
        params.use_authority_key_identifier_extension = true;
        params.key_usages = vec![KeyUsagePurpose::DigitalSignature, KeyUsagePurpose::ContentCommitment];
        params.extended_key_usages = usages(wish);
        params.crl_distribution_points =
            vec![CrlDistributionPoint { uris: vec!["http://crl.example.kz/demo.crl".into()] }];
        Ok(params.signed_by(&self.holder_key, &self.issuer)?.der().to_vec())
    }
}

fn subject(wish: &Wish) -> DistinguishedName {
    let mut name = DistinguishedName::new();
    let custom = |last: u64| DnType::CustomDnType(vec![2, 5, 4, last]);
    name.push(DnType::CommonName, format!("{} {}", wish.surname, wish.first_name).to_uppercase());
    name.push(custom(4), wish.surname.to_uppercase());
    name.push(custom(5), format!("IIN{}", wish.iin));
    name.push(DnType::CountryName, "KZ");
    if let Some((bin, organisation)) = &wish.organisation {
        name.push(DnType::OrganizationName, organisation.as_str());
        name.push(DnType::OrganizationalUnitName, format!("BIN{bin}"));
    }
    name.push(custom(42), wish.patronymic.to_uppercase());
    name
}

fn usages(wish: &Wish) -> Vec<ExtendedKeyUsagePurpose> {
    let national = |last: &[u64]| ExtendedKeyUsagePurpose::Other([&[1, 2, 398, 3, 3, 4, 1][..], last].concat());
    let mut out = vec![match wish.purpose {
        Purpose::Authentication => ExtendedKeyUsagePurpose::ClientAuth,
        _ => ExtendedKeyUsagePurpose::EmailProtection,
    }];
    match (&wish.organisation, wish.role) {
        (None, _) => out.push(national(&[1])),
        (Some(_), role) => {
            out.push(national(&[2]));
            let at = role.and_then(|r| HolderRole::ALL.iter().position(|x| *x == r));
            out.extend(at.and_then(|n| u64::try_from(n + 1).ok()).map(|n| national(&[2, n])));
        }
    }
    out
}

fn moment(at: DateTime<Utc>) -> Result<time::OffsetDateTime, rcgen::Error> {
    time::OffsetDateTime::from_unix_timestamp(at.timestamp()).map_err(|_| rcgen::Error::Time)
}

/// The first instant of a day in Kazakhstan, moved by hours.
pub fn at(day: NaiveDate, hours: i64) -> DateTime<Utc> {
    domain::day::start_of(day) + chrono::Duration::hours(hours)
}
