//! Several last days of one owner in one table: of one key only the latest counts, of several keys each.

use super::SheetRow;
use crate::coded::coded;
use crate::fold::fold;
use chrono::NaiveDate;
use std::collections::{HashMap, HashSet};

coded! {
    /// Which days of an owner who has several are taken.
    SeveralDates { Latest = "latest", All = "all" }
}

/// A client and the owner of a certificate.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Owner(String, String, Option<String>);

/// The owners whom a table names, and the days that it gives them.
#[derive(Debug, Default)]
pub struct Owners {
    /// ИИН that stand beside a name of a client.
    iins: HashMap<(String, String), HashSet<String>>,
    /// The first and the last day.
    days: HashMap<Owner, (NaiveDate, NaiveDate)>,
}

/// The client and its owner's name; the client itself where the table names no owner.
fn named(row: &SheetRow) -> Option<(String, String)> {
    let typed = row.typed.as_ref()?;
    let firm = typed.iin.is_none() && typed.holder == row.name;
    Some((row.number.clone(), if firm { String::new() } else { fold(&typed.holder) }))
}

impl Owners {
    #[must_use]
    pub fn of<'a>(rows: impl Iterator<Item = &'a SheetRow> + Clone) -> Self {
        let mut owners = Self::default();
        for row in rows.clone() {
            if let Some((name, iin)) = named(row).zip(row.typed.as_ref().and_then(|typed| typed.iin.clone())) {
                owners.iins.entry(name).or_default().insert(iin);
            }
        }
        for (row, day) in rows.filter_map(|row| Some((row, row.typed.as_ref()?.last_day))) {
            let Some(owner) = owners.owner(row) else { continue };
            let (first, last) = owners.days.entry(owner).or_insert((day, day));
            (*first, *last) = ((*first).min(day), (*last).max(day));
        }
        owners
    }

    /// Whose day a row names; none where it names no day. Only where a name has several ИИН does it stand for several
    /// people.
    #[must_use]
    pub fn owner(&self, row: &SheetRow) -> Option<Owner> {
        let name = named(row)?;
        let several = self.iins.get(&name).is_some_and(|iins| iins.len() > 1);
        let iin = row.typed.as_ref().and_then(|typed| typed.iin.clone()).filter(|_| several);
        Some(Owner(name.0, name.1, iin))
    }

    /// The latest day of an owner who has several.
    #[must_use]
    pub fn latest_of_several(&self, owner: &Owner) -> Option<NaiveDate> {
        self.days.get(owner).filter(|(first, last)| first < last).map(|(_, last)| *last)
    }
}
