//! What a certificate says, fact by fact.

use crate::parts::{bin, purposes, roles};
use crate::seat::Viewer;
use crate::{dates, text as t, words};
use domain::certificate::{Certificate, Fact};
use domain::fold::shown;
use domain::person::Lang;
use leptos::prelude::*;

/// The file container; other carriers are shown by their identifier.
const FILE_CARRIER: &str = "1.2.398.3.3.5.1.1";

/// Who the holder is and what the certificate is good for.
pub fn facts(v: &Viewer, c: &Certificate) -> AnyView {
    let lines = c.facts.each().into_iter().filter(|(fact, _)| fact.is_of_the_holder());
    let lines = lines.filter_map(|(fact, said)| told(v.lang, c, fact, &said)).collect_view();
    view! { <dl class="kv pad">{lines}</dl> }.into_any()
}

/// What somebody asks who checks it.
pub fn technical(v: &Viewer, c: &Certificate) -> AnyView {
    let l = v.lang;
    let lines = c.facts.each().into_iter().filter(|(fact, _)| !fact.is_of_the_holder());
    let lines = lines.filter_map(|(fact, said)| told(l, c, fact, &said)).collect_view();
    let signature = (!c.facts.is_typed()).then(|| line(t::certificate::signature(l), words::signature(l, c.signature)));
    view! {
        <dl class="kv pad">{lines}{signature}
            {line(t::certificate::imported(l), dates::instant(l, c.imported_at))}</dl>
    }
    .into_any()
}

fn line(term: &'static str, value: impl IntoView + 'static) -> AnyView {
    view! { <dt>{term}</dt><dd>{value}</dd> }.into_any()
}

/// A fact's line; none where the certificate does not say it.
fn told(l: Lang, c: &Certificate, fact: Fact, said: &str) -> Option<AnyView> {
    if said.is_empty() {
        return None;
    }
    let f = &c.facts;
    let code = |text: &str| view! { <code class="file">{shown(text, 600)}</code> }.into_any();
    let value = match fact {
        Fact::Iin | Fact::Bin => bin(&shown(said, 40)).into_any(),
        Fact::Purposes => purposes(l, &f.purposes).into_any(),
        Fact::Roles => roles(l, &f.roles).into_any(),
        Fact::HolderKind => words::holder_kind(l, f.holder_kind).into_any(),
        // A typed day has no hour.
        Fact::NotBefore if f.is_typed() => dates::full(l, f.first_day()).into_any(),
        Fact::NotAfter if f.is_typed() => dates::full(l, f.last_day()).into_any(),
        Fact::NotBefore => day(l, f.first_day(), said),
        Fact::NotAfter => day(l, f.last_day(), said),
        Fact::KeyAlgorithm => format!("{} · {}", words::algorithm(&f.key_algorithm), f.key_algorithm_oid).into_any(),
        Fact::Carrier if said == FILE_CARRIER => format!("{} · {said}", t::certificate::carrier_file(l)).into_any(),
        Fact::Holder
        | Fact::Surname
        | Fact::Patronymic
        | Fact::Organisation
        | Fact::Country
        | Fact::Email
        | Fact::Issuer => shown(said, 200).into_any(),
        Fact::Serial
        | Fact::SignatureAlgorithm
        | Fact::Carrier
        | Fact::Usages
        | Fact::Policies
        | Fact::Crl
        | Fact::Ocsp
        | Fact::KeyId
        | Fact::Fingerprint => code(said),
    };
    Some(line(words::fact(l, fact), value))
}

/// A day in Kazakhstan, below it the instant as the certificate has it.
fn day(l: Lang, day: chrono::NaiveDate, utc: &str) -> AnyView {
    let (day, utc) = (dates::full(l, day), utc.to_owned());
    view! { <span>{day}</span>" "<small class="mute">{utc}</small> }.into_any()
}
