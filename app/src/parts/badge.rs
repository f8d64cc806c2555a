//! The five states: shape, word and colour.

use super::icon;
use crate::{text as t, words};
use domain::day::OfficeDay;
use domain::person::Lang;
use domain::standing::{Life, Standing, Urgency};
use leptos::prelude::*;

fn badge(class: &'static str, name: Option<&str>, word: String) -> AnyView {
    let class = format!("st st-{class}");
    view! { <span class=class>{name.map(icon)}{word}</span> }.into_any()
}

/// The badge of a certificate.
pub fn standing(l: Lang, life: &Life, today: OfficeDay) -> AnyView {
    let standing = life.standing(today);
    let word = words::standing(l, standing);
    if life.typed && !life.is_replaced(today) {
        let unconfirmed = badge("none", Some("what"), t::typed::badge(l).into());
        return view! { {unconfirmed}" "{of(standing, life, today, word)} }.into_any();
    }
    of(standing, life, today, word)
}

fn of(standing: Standing, life: &Life, today: OfficeDay, word: String) -> AnyView {
    match standing {
        Standing::Expired | Standing::Revoked | Standing::Unusable(_) => badge("late", Some("x"), word),
        Standing::Due(_) if life.urgency(today) == Urgency::Week => badge("week", Some("hour"), word),
        Standing::Due(_) => badge("month", Some("dot"), word),
        Standing::Replaced | Standing::Valid | Standing::NotYetValid => badge("calm", None, word),
    }
}

/// The badge of an urgency.
pub fn urgency(l: Lang, urgency: Urgency) -> AnyView {
    match urgency {
        Urgency::Late => badge("late", Some("x"), t::urgency::late(l).into()),
        Urgency::Week => badge("week", Some("hour"), t::standing::week(l).into()),
        Urgency::Month => badge("month", Some("dot"), t::standing::month(l).into()),
        Urgency::Calm => badge("calm", None, t::standing::valid(l).into()),
    }
}

/// The badge of something overdue.
pub fn late_badge(word: impl Into<String>) -> AnyView {
    badge("late", Some("x"), word.into())
}
