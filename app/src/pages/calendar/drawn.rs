//! The grid and the strip as they were drawn, kept while what they are drawn from is the same: no page is opened as
//! often, and nothing of it changes between two writes.

use super::asked::Asked;
use super::month_data::Data;
use super::{grid, strip};
use crate::seat::Viewer;
use chrono::NaiveDate;
use domain::access::Action;
use domain::person::Lang;
use std::any::Any;
use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};

/// Drawings that are kept, of about 30 KB each.
const KEPT: usize = 64;

static DRAWINGS: Mutex<VecDeque<Drawing>> = Mutex::new(VecDeque::new());

/// Markup of the rows of the grid and of the months of the strip.
pub struct Drawn {
    pub weeks: Arc<str>,
    pub months: Arc<str>,
}

/// Answers of the desk; who holds them knows them again by their place in memory.
type Sources = [Arc<dyn Any + Send + Sync>; 7];

#[derive(PartialEq, Eq)]
struct Wish {
    lang: Lang,
    moves: bool,
    today: NaiveDate,
    first: Option<NaiveDate>,
    lines: usize,
    address: String,
}

struct Drawing {
    wish: Wish,
    sources: Sources,
    drawn: Arc<Drawn>,
}

/// The drawing of a month or a week: one that is kept, or a new one.
pub fn drawn(v: &Viewer, a: &Asked, d: &Data) -> Arc<Drawn> {
    let wish = Wish {
        lang: v.lang,
        moves: v.may(Action::WorkTask),
        today: v.today.day,
        first: d.weeks.first().map(|[monday, ..]| *monday),
        lines: d.lines,
        address: a.address(d.month, a.opened()),
    };
    let sources: Sources = [
        d.days.clone(),
        d.off.clone(),
        d.strip.1.clone(),
        d.filings.all.clone(),
        d.filings.counts.clone(),
        d.tasks.clone(),
        d.grounds.clone(),
    ];
    let same = |kept: &Drawing| {
        kept.wish == wish && kept.sources.iter().zip(&sources).all(|(kept, now)| Arc::ptr_eq(kept, now))
    };
    let kept = || DRAWINGS.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(found) = kept().iter().find(|kept| same(kept)) {
        return found.drawn.clone();
    }
    let drawn = Arc::new(Drawn { weeks: grid::weeks(v, a, d).into(), months: strip::months(v, a, d).into() });
    let mut kept = kept();
    // Of one wish only the last drawing can be asked for again.
    kept.retain(|kept| kept.wish != wish);
    kept.push_back(Drawing { wish, sources, drawn: drawn.clone() });
    if kept.len() > KEPT {
        kept.pop_front();
    }
    drawn
}
