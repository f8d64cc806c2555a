//! Several last days of one owner in one table: of one key only the latest counts, of several keys each.

use super::SheetRow;
use crate::coded::coded;
use crate::fold::fold;
use chrono::NaiveDate;
use std::collections::HashMap;

coded! {
    /// Which days of an owner who has several are taken.
    SeveralDates { Latest = "latest", All = "all" }
}

/// A client and the owner of a certificate.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Owner(String, String, Option<String>);

/// Whose day a row names; none where it names no day.
#[must_use]
pub fn owner_of(row: &SheetRow) -> Option<(Owner, NaiveDate)> {
    let typed = row.typed.as_ref()?;
    Some((Owner(row.number.clone(), fold(&typed.holder), typed.iin.clone()), typed.last_day))
}

/// The owners whom a table names with several days, and the latest of these.
#[must_use]
pub fn latest_of_several<'a>(rows: impl Iterator<Item = &'a SheetRow>) -> HashMap<Owner, NaiveDate> {
    let mut days: HashMap<Owner, (NaiveDate, NaiveDate)> = HashMap::new();
    for (owner, day) in rows.filter_map(owner_of) {
        let (first, last) = days.entry(owner).or_insert((day, day));
        (*first, *last) = ((*first).min(day), (*last).max(day));
    }
    days.into_iter().filter(|(_, (first, last))| first < last).map(|(owner, (_, last))| (owner, last)).collect()
}
