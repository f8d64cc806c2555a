//! A task as somebody saw it when they decided.

use crate::id::TaskId;
use std::fmt;
use std::str::FromStr;

/// A task and the revision that a page showed: an act on it holds only while nobody has changed the task since.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct SeenTask {
    pub id: TaskId,
    pub revision: i32,
}

/// The text is no id and revision, parted by a point.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("no task with its revision")]
pub struct NotSeen;

impl fmt::Display for SeenTask {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.id, self.revision)
    }
}

impl FromStr for SeenTask {
    type Err = NotSeen;

    fn from_str(text: &str) -> Result<Self, NotSeen> {
        let (id, revision) = text.split_once('.').ok_or(NotSeen)?;
        Ok(Self { id: id.parse().map_err(|_| NotSeen)?, revision: revision.parse().map_err(|_| NotSeen)? })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    #[test]
    fn it_is_read_as_it_is_written_and_never_without_its_revision() {
        let seen = SeenTask { id: TaskId(Uuid::from_u128(7)), revision: 12 };
        assert_eq!(seen.to_string().parse(), Ok(seen));
        for wrong in ["", "1.2", &seen.id.to_string(), &format!("{}.", seen.id), &format!("{}.x", seen.id)] {
            assert_eq!(wrong.parse::<SeenTask>(), Err(NotSeen), "{wrong}");
        }
    }
}
