//! Kinds of entries of the calendar; each can be left out.

use crate::text as t;
use domain::person::Lang;

/// Kinds of entries, by the letter that leaves them out in the address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Ends,
    Filings,
    Tasks,
    Grounds,
}

impl Kind {
    pub const ALL: [Self; 4] = [Self::Ends, Self::Filings, Self::Tasks, Self::Grounds];

    pub const fn letter(self) -> char {
        match self {
            Self::Ends => 'e',
            Self::Filings => 'f',
            Self::Tasks => 't',
            Self::Grounds => 'g',
        }
    }

    pub fn word(self, l: Lang) -> &'static str {
        match self {
            Self::Ends => t::calendar::kind_ends(l),
            Self::Filings => t::calendar::kind_filings(l),
            Self::Tasks => t::calendar::kind_tasks(l),
            Self::Grounds => t::calendar::kind_grounds(l),
        }
    }
}
