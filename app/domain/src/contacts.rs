//! Two people at the contacts of one client: what one typed and what another saved meanwhile, field by field.

use crate::client::Contact;
use crate::coded::coded;
use serde::{Deserialize, Serialize};

coded! {
    /// What is said of a contact.
    ContactField {
        Name = "name", Phone = "phone", Email = "email", Messenger = "messenger", Role = "role", Holder = "holder",
        Wishes = "wishes", Lang = "lang", Base = "in_mobile_base", BaseDay = "base_day",
    }
}

impl Contact {
    /// What stands in a field.
    #[must_use]
    pub fn field(&self, of: ContactField) -> &str {
        match of {
            ContactField::Name => &self.name,
            ContactField::Phone => &self.phone,
            ContactField::Email => &self.email,
            ContactField::Messenger => &self.messenger,
            ContactField::Role => &self.role,
            ContactField::Holder => &self.holder,
            ContactField::Wishes => &self.wishes,
            ContactField::Lang => &self.lang,
            ContactField::Base => &self.in_mobile_base,
            ContactField::BaseDay => &self.base_day,
        }
    }

    /// Writes into a field.
    pub fn set(&mut self, of: ContactField, value: String) {
        let place = match of {
            ContactField::Name => &mut self.name,
            ContactField::Phone => &mut self.phone,
            ContactField::Email => &mut self.email,
            ContactField::Messenger => &mut self.messenger,
            ContactField::Role => &mut self.role,
            ContactField::Holder => &mut self.holder,
            ContactField::Wishes => &mut self.wishes,
            ContactField::Lang => &mut self.lang,
            ContactField::Base => &mut self.in_mobile_base,
            ContactField::BaseDay => &mut self.base_day,
        };
        *place = value;
    }
}

/// What both changed in one contact.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Clash {
    /// Its line in the form.
    pub line: usize,
    pub theirs: Theirs,
}

/// What the other one saved.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Theirs {
    /// Another value of a field.
    Value(ContactField, String),
    /// The contact, changed, while its line was emptied here.
    Kept(Box<Contact>),
    /// No such contact any more, while it was changed here.
    Removed,
}

/// The lines of a form after what others saved came in.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Merged {
    pub lines: Vec<Contact>,
    /// What is saved of each line; an empty contact where nothing is.
    pub saved: Vec<Contact>,
    pub clashes: Vec<Clash>,
}

/// Whether a name stands once among contacts.
fn is_single(name: &str, among: &[Contact]) -> bool {
    !name.is_empty() && among.iter().filter(|c| c.name == name).count() == 1
}

/// Which saved contact each one of before is now: the same, or the only one of its name on both sides. A phone alone
/// tells nobody: an office has one for many.
fn pairs<'a>(was: &[Contact], saved: &'a [Contact]) -> (Vec<Option<&'a Contact>>, Vec<&'a Contact>) {
    let mut rest: Vec<&Contact> = saved.iter().collect();
    let mut found: Vec<Option<&Contact>> = vec![None; was.len()];
    let named = |a: &Contact, b: &Contact| a.name == b.name && is_single(&a.name, was) && is_single(&a.name, saved);
    let mut pair_by = |fits: &dyn Fn(&Contact, &Contact) -> bool| {
        for (before, pair) in was.iter().zip(&mut found).filter(|(_, pair)| pair.is_none()) {
            if let Some(at) = rest.iter().position(|now| fits(before, now)) {
                *pair = Some(rest.remove(at));
            }
        }
    };
    pair_by(&|a, b| a == b);
    pair_by(&named);
    (found, rest)
}

/// Puts together what stood when the form was opened, its lines now, and what is saved now. A line that was not touched
/// follows what is saved; of one that both changed, each field is taken from whoever changed it, and where both did the
/// form's value stays and is named.
#[must_use]
pub fn merged(was: &[Contact], mine: &[Contact], saved: &[Contact]) -> Merged {
    let (theirs, mut new) = pairs(was, saved);
    let mut out = Merged::default();
    for i in 0..was.len().max(mine.len()) {
        let my = mine.get(i).cloned().unwrap_or_default();
        match was.get(i).filter(|before| !before.is_empty()) {
            Some(before) => out.line(before, my, theirs.get(i).copied().flatten()),
            // A line that was added here; the other one may have added the same person.
            None if my.is_empty() => {}
            None => match new.iter().position(|now| *now == &my || (now.name == my.name && now.phone == my.phone)) {
                Some(at) => {
                    let now = new.remove(at);
                    out.line(&Contact::default(), my, Some(now));
                }
                None => out.push(my, Contact::default()),
            },
        }
    }
    for now in new {
        out.push(now.clone(), now.clone());
    }
    out
}

impl Merged {
    fn push(&mut self, line: Contact, saved: Contact) {
        self.lines.push(line);
        self.saved.push(saved);
    }

    fn line(&mut self, before: &Contact, my: Contact, their: Option<&Contact>) {
        let line = self.lines.len();
        match their {
            None if my == *before || my.is_empty() => {}
            None => {
                self.clashes.push(Clash { line, theirs: Theirs::Removed });
                self.push(my, Contact::default());
            }
            Some(now) if my == *before => self.push(now.clone(), now.clone()),
            Some(now) if my.is_empty() => {
                if now != before {
                    self.clashes.push(Clash { line, theirs: Theirs::Kept(Box::new(now.clone())) });
                }
                self.push(Contact::default(), now.clone());
            }
            Some(now) => {
                let mut both = my;
                for field in ContactField::ALL {
                    let (was, their) = (before.field(*field), now.field(*field));
                    if both.field(*field) == was {
                        both.set(*field, their.to_owned());
                    } else if their != was && both.field(*field) != their {
                        self.clashes.push(Clash { line, theirs: Theirs::Value(*field, their.to_owned()) });
                    }
                }
                self.push(both, now.clone());
            }
        }
    }
}

/// The lines with what the others saved wherever both changed something.
#[must_use]
pub fn with_theirs(mut lines: Vec<Contact>, clashes: &[Clash]) -> Vec<Contact> {
    for clash in clashes {
        let Some(line) = lines.get_mut(clash.line) else { continue };
        match &clash.theirs {
            Theirs::Value(field, value) => line.set(*field, value.clone()),
            Theirs::Kept(contact) => *line = (**contact).clone(),
            Theirs::Removed => *line = Contact::default(),
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn contact(name: &str, phone: &str, wishes: &str) -> Contact {
        Contact { name: name.into(), phone: phone.into(), wishes: wishes.into(), ..Contact::default() }
    }

    #[test]
    fn each_field_is_taken_from_whoever_changed_it_and_only_what_both_changed_is_asked_about() {
        let was = [contact("Айжан", "1", ""), contact("Болат", "2", "")];
        let mine = [contact("Айжан", "1", "утром"), contact("Болат", "22", "")];
        let saved = [contact("Айжан", "11", ""), contact("Болат", "222", ""), contact("Света", "3", "")];
        let both = merged(&was, &mine, &saved);
        assert_eq!(both.lines, [contact("Айжан", "11", "утром"), contact("Болат", "22", ""), saved[2].clone()]);
        let theirs = Theirs::Value(ContactField::Phone, "222".into());
        assert_eq!(both.clashes, [Clash { line: 1, theirs }]);
        assert_eq!(with_theirs(both.lines, &both.clashes)[1], saved[1]);
    }

    #[test]
    fn nothing_of_one_person_comes_to_another() {
        let (was, mine) = ([contact("Айжан", "1", "")], [contact("Айжан", "1", "утром")]);
        let both = merged(&was, &mine, &[contact("Света", "1", "в декрете")]);
        assert_eq!(both.lines, [mine[0].clone(), contact("Света", "1", "в декрете")], "the phone of an office");
        assert_eq!(both.clashes, [Clash { line: 0, theirs: Theirs::Removed }]);
        let was = [contact("Айжан", "1", ""), contact("Айжан", "2", "")];
        let mine = [contact("Айжан", "1", "утром"), was[1].clone()];
        let both = merged(&was, &mine, &[contact("Айжан", "22", "")]);
        assert_eq!(both.lines, [mine[0].clone(), contact("Айжан", "22", "")], "of one name");
        assert_eq!(both.clashes, [Clash { line: 0, theirs: Theirs::Removed }]);
        let both = merged(&[], &[contact("Болат", "5", "утром")], &[contact("Болат", "5", "")]);
        assert_eq!((both.lines, both.clashes), (vec![contact("Болат", "5", "утром")], vec![]), "added by both");
    }

    #[test]
    fn what_one_removed_and_the_other_changed_is_asked_about() {
        let was = [contact("Айжан", "1", ""), contact("Болат", "2", "")];
        let both = merged(&was, &[Contact::default(), contact("Болат", "22", "")], &[contact("Айжан", "11", "")]);
        assert_eq!(both.lines, [Contact::default(), contact("Болат", "22", "")]);
        let kept = Theirs::Kept(Box::new(contact("Айжан", "11", "")));
        assert_eq!(both.clashes, [Clash { line: 0, theirs: kept }, Clash { line: 1, theirs: Theirs::Removed }]);
        assert_eq!(with_theirs(both.lines, &both.clashes), [contact("Айжан", "11", ""), Contact::default()]);
    }

    fn some() -> impl Strategy<Value = Vec<Contact>> {
        prop::collection::vec(("[АБВ]", "[12]?", "[ут]?").prop_map(|(n, p, w)| contact(&n, &p, &w)), 0..4)
    }

    proptest! {
        #[test]
        fn whoever_alone_changed_something_gets_it(was in some(), changed in some()) {
            let others = merged(&was, &was, &changed);
            let mut lines = others.lines;
            lines.sort_by_key(Contact::words);
            let mut wanted = changed.clone();
            wanted.sort_by_key(Contact::words);
            prop_assert_eq!((lines, others.clashes), (wanted, vec![]));
            let mine = merged(&was, &changed, &was);
            let lines: Vec<_> = mine.lines.into_iter().filter(|c| !c.is_empty()).collect();
            prop_assert_eq!((lines, mine.clashes), (changed, vec![]));
        }

        #[test]
        fn coming_in_once_more_changes_nothing(was in some(), mine in some(), saved in some()) {
            let once = merged(&was, &mine, &saved);
            let again = merged(&once.saved, &once.lines, &saved);
            let told = |lines: &[Contact]| lines.iter().filter(|c| !c.is_empty()).cloned().collect::<Vec<_>>();
            prop_assert_eq!((told(&again.lines), again.clashes), (told(&once.lines), vec![]));
        }
    }
}
