//! A client as somebody saw it when they decided.

use crate::id::{ClientId, PersonId};
use std::fmt;
use std::str::FromStr;

/// A client and who was responsible for it as a page showed: giving it to somebody holds only while that stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SeenClient {
    pub id: ClientId,
    pub responsible: Option<PersonId>,
}

impl fmt::Display for SeenClient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let who = self.responsible.map(|who| who.to_string()).unwrap_or_default();
        write!(f, "{}.{who}", self.id)
    }
}

/// The text is no id and id of the responsible, parted by a point.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("no client with its responsible")]
pub struct NotSeen;

impl FromStr for SeenClient {
    type Err = NotSeen;

    fn from_str(text: &str) -> Result<Self, NotSeen> {
        let (id, who) = text.split_once('.').ok_or(NotSeen)?;
        let responsible = if who.is_empty() { None } else { Some(who.parse().map_err(|_| NotSeen)?) };
        Ok(Self { id: id.parse().map_err(|_| NotSeen)?, responsible })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    #[test]
    fn it_is_read_as_it_is_written_and_never_without_what_was_shown() {
        let id = ClientId(Uuid::from_u128(7));
        for responsible in [None, Some(PersonId(Uuid::from_u128(8)))] {
            let seen = SeenClient { id, responsible };
            assert_eq!(seen.to_string().parse(), Ok(seen));
        }
        for wrong in ["", ".", &id.to_string(), &format!("{id}.x"), &format!("x.{id}")] {
            assert_eq!(wrong.parse::<SeenClient>(), Err(NotSeen), "{wrong}");
        }
    }
}
