//! Saved views: a list as somebody has narrowed it, under a name.

use crate::coded::coded;
use crate::id::ViewId;

coded! {
    /// The lists that can be saved as they are narrowed.
    Place {
        Clients = "clients", Tasks = "tasks", Month = "month", Agenda = "agenda", Year = "year", Audit = "audit",
    }
}

/// Longest saved address, in bytes.
pub const LONGEST: usize = 1000;
/// What stands in an address and is no part of a view: notices, and how far somebody has read.
const PASSING: [&str; 8] = ["done", "undo", "after", "before", "skip", "task", "day", "month"];

impl Place {
    /// The address of the list.
    #[must_use]
    pub const fn path(self) -> &'static str {
        match self {
            Self::Clients => "/clients",
            Self::Tasks => "/tasks",
            Self::Month => "/calendar",
            Self::Agenda => "/calendar/agenda",
            Self::Year => "/calendar/year",
            Self::Audit => "/audit",
        }
    }
}

/// A view as the person sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SavedView {
    pub id: ViewId,
    pub place: Place,
    pub name: String,
    /// The part of the address after the question mark.
    pub query: String,
    /// Colleagues see it too.
    pub shared: bool,
    /// May be removed by the person.
    pub own: bool,
}

/// What a form says of a new view, checked.
#[derive(Debug, Clone)]
pub struct NewView {
    pub place: Place,
    pub name: String,
    pub query: String,
    pub shared: bool,
}

/// What a view keeps of an address: its pairs in order, without the passing and the empty ones.
#[must_use]
pub fn kept(query: &str) -> String {
    // A name that is written in another way would pass for none of these.
    let plain = |name: &str| name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_');
    let passing = |pair: &&str| {
        pair.split_once('=').is_some_and(|(name, value)| plain(name) && !value.is_empty() && !PASSING.contains(&name))
    };
    let mut pairs: Vec<&str> = query.split('&').filter(passing).collect();
    pairs.sort_unstable();
    pairs.join("&")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_view_keeps_what_narrows_and_nothing_that_passes() {
        assert_eq!(kept("standing=risk&done=saved&team=&after=x&filing=300"), "filing=300&standing=risk");
        assert_eq!(kept("done=saved&nonsense&%64one=saved&d%6Fne=x"), "");
        assert_eq!(kept("b=1&a=2"), kept("a=2&b=1"));
    }
}
