//! The five states: shape, word and colour.

use super::icon;
use crate::{dates, text as t, words};
use chrono::NaiveDate;
use domain::certificate::CertificateRow;
use domain::day::OfficeDay;
use domain::filing::Threat;
use domain::person::Lang;
use domain::standing::{Standing, Urgency};
use leptos::prelude::*;

fn badge(class: &'static str, name: Option<&str>, word: String) -> AnyView {
    let class = format!("st st-{class}");
    view! { <span class=class>{name.map(icon)}{word}</span> }.into_any()
}

/// The badge of a certificate: what is wrong with it, or the filing that its end breaks.
pub fn standing(l: Lang, row: &CertificateRow, today: OfficeDay) -> AnyView {
    let (urgency, known) = (row.urgency(today), row.life.standing(today));
    let word = words::standing(l, known);
    let shown = match (urgency, &row.threat) {
        (Urgency::Risk, Some(threat)) => risk(l, threat, row.life.last_day(), today),
        (Urgency::Late, _) => badge("late", Some("x"), word),
        (Urgency::Week, _) => badge("week", Some("hour"), word),
        (Urgency::Month, _) => badge("month", Some("dot"), word),
        _ => badge("calm", None, word),
    };
    if row.life.typed && !row.life.is_replaced(today) {
        let unconfirmed = badge("none", Some("what"), t::typed::badge(l).into());
        return view! { {unconfirmed}" "{shown} }.into_any();
    }
    shown
}

/// «300 до 15 фев», with the whole sentence for whoever asks.
pub fn risk(l: Lang, threat: &Threat, last_day: NaiveDate, today: OfficeDay) -> AnyView {
    let word = t::urgency::by_form(l, threat.codes.join(" · "), dates::coming(l, threat.day, today.day));
    let why = risk_reason(l, threat, last_day, today);
    view! { <span class="st st-risk" title=why>{icon("flag")}{word}</span> }.into_any()
}

/// «Кончается 12 фев, за 3 дня до формы 300 (15 фев)».
pub fn risk_reason(l: Lang, threat: &Threat, last_day: NaiveDate, today: OfficeDay) -> String {
    let (end, forms) = (dates::short(l, last_day, today.day), threat.codes.join(", "));
    let due = dates::short(l, threat.day, today.day);
    match threat.after(last_day) {
        0 => t::urgency::on_the_day(l, end, forms),
        n => t::urgency::days_before(l, n, end, forms, due),
    }
}

/// The badge of what cannot be used: why.
pub fn fault(l: Lang, standing: Standing) -> AnyView {
    badge("late", Some("x"), words::standing(l, standing))
}

/// The badge of an urgency.
pub fn urgency(l: Lang, urgency: Urgency) -> AnyView {
    let word = words::urgency(l, urgency).to_owned();
    match urgency {
        Urgency::Late => badge("late", Some("x"), word),
        Urgency::Risk => badge("risk", Some("flag"), word),
        Urgency::Week => badge("week", Some("hour"), word),
        Urgency::Month => badge("month", Some("dot"), word),
        Urgency::Calm => badge("calm", None, word),
    }
}

/// The badge of a day that is planned too late.
pub fn past_end_badge(l: Lang) -> AnyView {
    badge("week", Some("warn"), t::task::past_end(l).into())
}

/// The badge of something overdue.
pub fn late_badge(word: impl Into<String>) -> AnyView {
    badge("late", Some("x"), word.into())
}
