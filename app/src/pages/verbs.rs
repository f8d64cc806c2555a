//! What can be said to the palette as a verb with its object: «перевыпуск Дала».

use crate::pages::address;
use crate::seat::{Seat, Viewer};
use crate::{dates, text as t};
use domain::access::Action;
use domain::find::{FindKind, Indexed, spellings};
use domain::fold::find_fold;
use domain::number::grouped;
use domain::person::Lang;
use domain::reason::Reason;
use domain::refusal::Refusal;
use std::collections::HashSet;

/// Lines of one verb.
const LINES: usize = 5;
/// Letters of a verb's word that are enough to mean it before its object.
const ENOUGH: usize = 3;
/// Letters that are enough behind the object or alone, where a name may begin alike.
const ENOUGH_BEHIND: usize = 5;
/// What parts the ways to say one verb.
const OR: char = ';';

/// A verb, and where it leads with a thing that it can be said of.
struct Verb {
    name: fn(Lang) -> &'static str,
    /// Other ways to say it.
    also: fn(Lang) -> &'static str,
    href: fn(&Indexed) -> Option<String>,
    /// The choice among all that it can be said of, found by these words.
    all: fn(&str) -> Option<String>,
    /// A reissue for this reason: it leads to the form, or to the choice of a certificate.
    reason: Option<Reason>,
}

impl Verb {
    fn leads(&self, thing: &Indexed) -> Option<String> {
        self.reason.map_or_else(|| (self.href)(thing), |reason| reissue(thing, wish(reason)))
    }

    fn choice(&self, words: &str) -> Option<String> {
        let new = |reason| address("/tasks/new", &[("q", words), ("reason", wish(reason))]);
        self.reason.map_or_else(|| (self.all)(words), |reason| Some(new(reason)))
    }
}

/// A reason as the form is asked for it; the planned one is what follows from the certificate.
fn wish(reason: Reason) -> &'static str {
    if reason == Reason::Planned { "" } else { reason.code() }
}

fn verbs(v: &Viewer) -> Vec<Verb> {
    let verb = |name, also, href, all| Verb { name, also, href, all, reason: None };
    let plain: fn(Lang) -> &'static str = |_| "";
    let none: fn(&str) -> Option<String> = |_| None;
    let lost = |name, also, reason| Verb { reason: Some(reason), ..verb(name, also, |_| None, none) };
    let all = [
        (
            Action::WorkTask,
            Verb { reason: Some(Reason::Planned), ..verb(t::task::reissue, t::find::new_words, |_| None, none) },
        ),
        (Action::WorkTask, lost(t::reason::password_lost, t::find::lost_words, Reason::PasswordLost)),
        (Action::WorkTask, lost(t::reason::file_damaged, t::find::file_words, Reason::FileDamaged)),
        (Action::WorkTask, lost(t::reason::carrier_failed, t::find::carrier_words, Reason::CarrierFailed)),
        (Action::WorkTask, lost(t::reason::compromised, t::find::compromised_words, Reason::Compromised)),
        (Action::See, verb(t::task::one, t::nav::tasks, task, tasks)),
        (Action::EditClient, verb(t::client::edit, plain, |of| Some(format!("/clients/{}/edit", client(of)?)), none)),
        (Action::ReadAudit, verb(t::nav::audit, plain, |of| Some(address("/audit", &[("client", client(of)?)])), none)),
        (Action::See, verb(t::nav::calendar, plain, |of| Some(address("/calendar", &[("client", client(of)?)])), none)),
    ];
    all.into_iter().filter(|(action, _)| v.may(*action)).map(|(_, verb)| verb).collect()
}

fn id_of(thing: &Indexed) -> &str {
    thing.href.rsplit('/').next().unwrap_or_default()
}

/// The id of a client; none of anything else.
fn client(thing: &Indexed) -> Option<&str> {
    (thing.kind == FindKind::Client).then(|| id_of(thing))
}

/// The address of a task; none of anything else.
fn task(thing: &Indexed) -> Option<String> {
    (thing.kind == FindKind::Task).then(|| thing.href.clone())
}

/// The tasks that words find; none where nothing is said.
fn tasks(words: &str) -> Option<String> {
    let list = [("form", "list"), ("view", "all"), ("q", words)];
    (!words.is_empty()).then(|| address("/tasks", &list))
}

/// A certificate's reissue, or the choice among those of a client.
fn reissue(of: &Indexed, reason: &str) -> Option<String> {
    let what = match of.kind {
        FindKind::Certificate => ("certificate", id_of(of)),
        FindKind::Client if !of.archived => ("q", of.under.as_str()),
        _ => return None,
    };
    Some(address("/tasks/new", &[what, ("reason", reason)]))
}

/// What is left of the words beside a verb, before it or behind it; empty where it stands alone, none where it was not said.
fn object(verb: &str, said: &str) -> Option<String> {
    let verb = find_fold(verb);
    let (verb, said): (Vec<&str>, Vec<&str>) = (verb.split_whitespace().collect(), said.split_whitespace().collect());
    let more = said.len().checked_sub(verb.len())?;
    let says = |words: &[&str], enough| verb.iter().zip(words).all(|(word, said)| means(word, said, enough));
    if more > 0
        && let Some((first, rest)) = said.split_at_checked(verb.len())
        && says(first, ENOUGH)
    {
        return Some(rest.join(" "));
    }
    let (rest, last) = said.split_at_checked(more)?;
    (!verb.is_empty() && says(last, ENOUGH_BEHIND)).then(|| rest.join(" "))
}

/// Whether a word is the beginning of a verb's word, as it was typed, in Latin letters or on the other layout.
fn means(word: &str, said: &str, enough: usize) -> bool {
    // Latin spellings do not tell «и» from «й».
    let plain = |text: &str| text.replace('й', "и");
    let word = plain(word);
    let enough = enough.min(word.chars().count());
    spellings(said).iter().any(|said| said.chars().count() >= enough && word.starts_with(&plain(said)))
}

/// The object of a verb that was said in any language.
fn object_of(verb: &Verb, text: &str) -> Option<String> {
    let ways = [Lang::Ru, Lang::Kk, Lang::En].into_iter().flat_map(|l| {
        [(verb.name)(l)].into_iter().chain((verb.also)(l).split(OR).map(str::trim).filter(|way| !way.is_empty()))
    });
    ways.filter_map(|way| object(way, text)).next()
}

/// The acts that somebody has said, each with what it would be done to, and the choice among more.
pub async fn said(seat: &Seat, text: &str) -> Result<Vec<Indexed>, Refusal> {
    let mut out = Vec::new();
    let l = seat.viewer.lang;
    for verb in verbs(&seat.viewer) {
        let Some(object) = object_of(&verb, text) else { continue };
        let name = (verb.name)(l);
        let found = if object.is_empty() { Vec::new() } else { seat.desk.find_anything(&object).await? };
        let things: Vec<_> = found.iter().filter_map(|thing| Some((thing, verb.leads(thing)?))).collect();
        let title = match things.len() {
            _ if object.is_empty() => Some(t::find::choose(l, name)),
            0 | 1 => None,
            _ => Some(t::find::more(l, name, &object)),
        };
        // The halves of a set are one thing to reissue.
        let mut once = HashSet::new();
        let acts = things.into_iter().map(|(thing, href)| act(l, name, thing, href));
        let acts = acts.filter(|act| once.insert((act.title.clone(), act.whose.clone(), act.under.clone())));
        out.extend(acts.take(LINES));
        out.extend(title.zip(verb.choice(&object)).map(|(title, all)| Indexed::new(FindKind::Act, title, "", all, "")));
    }
    Ok(out)
}

/// A verb with one thing.
fn act(l: Lang, verb: &str, thing: &Indexed, href: String) -> Indexed {
    // What tells this thing from another of the same name.
    let under = match thing.kind {
        FindKind::Client => grouped(&thing.under),
        _ => thing.under.parse().map(|day| dates::full(l, day)).unwrap_or_default(),
    };
    Indexed::new(FindKind::Act, format!("{verb}: {}", thing.title), under, href, "").of(thing.whose.clone())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn left(verb: &str, said: &str) -> Option<String> {
        object(verb, said)
    }

    #[test]
    fn a_verb_is_meant_by_the_beginnings_of_its_words() {
        assert_eq!(left("Перевыпуск", "перевыпуск Дала").as_deref(), Some("Дала"));
        assert_eq!(left("Перевыпуск", "перев  Дала Фреш").as_deref(), Some("Дала Фреш"));
        assert_eq!(left("Пароль утерян", "пароль утер Ким").as_deref(), Some("Ким"));
        assert_eq!(left("Қайта шығару", "кайта шыгару Дала").as_deref(), Some("Дала"));
        for said in ["perevypusk Dala", "gthtdsg Dala", "pere Dala", "Dala perevypusk"] {
            assert_eq!(left("Перевыпуск", said).as_deref(), Some("Dala"), "{said}");
        }
        assert_eq!(left("Қайта шығару", "qaita shygaru Dala").as_deref(), Some("Dala"));
        assert_eq!(left("Перевыпуск", "Дала Фреш перевыпуск").as_deref(), Some("Дала Фреш"));
        assert_eq!(left("Задача", "задача Дала").as_deref(), Some("Дала"));
        for alone in ["перевыпуск", "перевыпуск ", "перев"] {
            assert_eq!(left("Перевыпуск", alone).as_deref(), Some(""), "{alone}");
        }
        for said in ["пе Дала", "пер", "Дала пере", ""] {
            assert_eq!(left("Перевыпуск", said), None, "{said}");
        }
    }

    #[test]
    fn a_loss_can_be_said_in_many_ways() {
        let verb = Verb {
            name: t::reason::password_lost,
            also: t::find::lost_words,
            href: |_| None,
            all: |_| None,
            reason: Some(Reason::PasswordLost),
        };
        for said in ["lost password Ким", "Ким пароль утерян", "забыт пароль Ким", "құпиясөз ұмытылды Ким"]
        {
            assert_eq!(object_of(&verb, said).as_deref(), Some("Ким"), "{said}");
        }
    }
}
