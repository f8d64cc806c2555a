//! What can be said to the palette as a verb with its object: «перевыпуск Дала».

use crate::pages::address;
use crate::seat::{Seat, Viewer};
use crate::{dates, text as t};
use domain::access::Action;
use domain::find::{FindKind, Indexed, spellings};
use domain::fold::find_fold;
use domain::number::grouped;
use domain::person::Lang;
use domain::refusal::Refusal;

/// Lines of one verb.
const LINES: usize = 5;
/// Letters of a verb's word that are enough to mean it.
const ENOUGH: usize = 3;

/// A verb, and where it leads with a thing that it can be said of.
struct Verb {
    name: fn(Lang) -> &'static str,
    href: fn(&Indexed) -> Option<String>,
}

fn verbs(v: &Viewer) -> Vec<Verb> {
    let all = [
        (Action::WorkTask, Verb { name: t::task::reissue, href: |of| reissue(of, "") }),
        (Action::WorkTask, Verb { name: t::reason::password_lost, href: |of| reissue(of, "password_lost") }),
        (Action::EditClient, Verb { name: t::client::edit, href: |of| Some(format!("/clients/{}/edit", client(of)?)) }),
        (
            Action::ReadAudit,
            Verb { name: t::nav::audit, href: |of| Some(address("/audit", &[("client", client(of)?)])) },
        ),
        (
            Action::See,
            Verb { name: t::nav::calendar, href: |of| Some(address("/calendar", &[("client", client(of)?)])) },
        ),
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

/// A certificate's reissue, or the choice among those of a client.
fn reissue(of: &Indexed, reason: &str) -> Option<String> {
    let what = match of.kind {
        FindKind::Certificate => ("certificate", id_of(of)),
        FindKind::Client => ("q", of.under.as_str()),
        _ => return None,
    };
    Some(address("/tasks/new", &[what, ("reason", reason)]))
}

/// What is left of the words after a verb; none if they do not begin with it.
fn object<'a>(verb: &str, said: &'a str) -> Option<&'a str> {
    let mut rest = said.trim_start();
    for word in find_fold(verb).split_whitespace() {
        let (first, after) = rest.split_once(char::is_whitespace)?;
        if !means(word, first) {
            return None;
        }
        rest = after.trim_start();
    }
    (!rest.is_empty()).then_some(rest)
}

/// Whether a word is the beginning of a verb's word, as it was typed, in Latin letters or on the other layout.
fn means(word: &str, said: &str) -> bool {
    // Latin spellings do not tell «и» from «й».
    let plain = |text: &str| text.replace('й', "и");
    let word = plain(word);
    spellings(said).iter().any(|said| said.chars().count() >= ENOUGH && word.starts_with(&plain(said)))
}

/// The acts that somebody has said, each with what it would be done to.
pub async fn said(seat: &Seat, text: &str) -> Result<Vec<Indexed>, Refusal> {
    let mut out = Vec::new();
    for verb in verbs(&seat.viewer) {
        let in_any = [Lang::Ru, Lang::Kk, Lang::En].into_iter().find_map(|lang| object((verb.name)(lang), text));
        let Some(object) = in_any else { continue };
        let found = seat.desk.find_anything(object).await?;
        let things = found.iter().filter_map(|thing| Some((thing, (verb.href)(thing)?))).take(LINES);
        out.extend(things.map(|(thing, href)| {
            let title = format!("{}: {}", (verb.name)(seat.viewer.lang), thing.title);
            // What tells this thing from another of the same name.
            let under = match thing.kind {
                FindKind::Client => grouped(&thing.under),
                _ => thing.under.parse().map(|day| dates::full(seat.viewer.lang, day)).unwrap_or_default(),
            };
            Indexed::new(FindKind::Act, title, under, href, "").of(thing.whose.clone())
        }));
    }
    Ok(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_verb_is_meant_by_the_beginnings_of_its_words() {
        assert_eq!(object("Перевыпуск", "перевыпуск Дала"), Some("Дала"));
        assert_eq!(object("Перевыпуск", "перев  Дала Фреш"), Some("Дала Фреш"));
        assert_eq!(object("Пароль утерян", "пароль утер Ким"), Some("Ким"));
        assert_eq!(object("Қайта шығару", "кайта шыгару Дала"), Some("Дала"));
        for said in ["perevypusk Dala", "gthtdsg Dala", "pere Dala"] {
            assert_eq!(object("Перевыпуск", said), Some("Dala"), "{said}");
        }
        assert_eq!(object("Қайта шығару", "qaita shygaru Dala"), Some("Dala"));
        for said in ["Дала перевыпуск", "перевыпуск", "пе Дала", "перевыпуск "]
        {
            assert_eq!(object("Перевыпуск", said), None, "{said}");
        }
    }
}
