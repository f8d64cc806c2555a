//! The names of what cards tell.

use crate::text as t;
use domain::certificate::Fact;
use domain::client::ClientField;
use domain::person::{Lang, PersonField};

/// The name of a client's field.
pub fn client_field(l: Lang, field: ClientField) -> &'static str {
    match field {
        ClientField::Name => t::client::name(l),
        ClientField::Kind => t::client::kind(l),
        ClientField::Number => t::client::number(l),
        ClientField::Team => t::staff::team(l),
        ClientField::LegalAddress => t::client::legal_address(l),
        ClientField::Filings => t::client::filings(l),
        ClientField::Contacts => t::client::contacts(l),
        ClientField::Notes => t::client::notes(l),
    }
}

/// The name of a certificate's fact.
pub fn fact(l: Lang, fact: Fact) -> &'static str {
    match fact {
        Fact::Holder => t::certificate::holder(l),
        Fact::Surname => t::certificate::surname(l),
        Fact::Patronymic => t::certificate::patronymic(l),
        Fact::Iin => t::certificate::iin(l),
        Fact::Bin => t::certificate::bin(l),
        Fact::Organisation => t::certificate::organisation(l),
        Fact::Country => t::certificate::country(l),
        Fact::Email => t::sign_in::email(l),
        Fact::Purposes => t::calendar::purpose(l),
        Fact::Roles => t::certificate::role(l),
        Fact::HolderKind => t::certificate::holder_kind(l),
        Fact::NotBefore => t::csv::valid_from(l),
        Fact::NotAfter => t::csv::valid_to(l),
        Fact::Issuer => t::certificate::issuer(l),
        Fact::Serial => t::certificate::serial(l),
        Fact::KeyAlgorithm => t::certificate::algorithm(l),
        Fact::SignatureAlgorithm => t::certificate::signature_algorithm(l),
        Fact::Carrier => t::certificate::carrier(l),
        Fact::Usages => t::certificate::usages(l),
        Fact::Policies => t::certificate::policies(l),
        Fact::Crl => t::certificate::crl(l),
        Fact::Ocsp => t::certificate::ocsp(l),
        Fact::KeyId => t::certificate::key_id(l),
        Fact::Fingerprint => t::certificate::fingerprint(l),
    }
}

/// The name of a field of somebody of the staff.
pub fn person_field(l: Lang, field: PersonField) -> &'static str {
    match field {
        PersonField::Name => t::staff::name(l),
        PersonField::Email => t::sign_in::email(l),
        PersonField::Role => t::staff::role(l),
        PersonField::Team => t::staff::team(l),
        PersonField::SeesAll => t::staff::sees_all(l),
    }
}
