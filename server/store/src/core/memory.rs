//! Answers that hold until the next write to an area that they read, on whichever node it happens: the office counts
//! the writes of each area, every request reads the counts with its session.

use super::areas::{Areas, Counts};
use std::any::Any;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

/// Bytes of answers kept at most, roughly; beyond it those asked longest ago go.
const MOST: usize = 12 * 1024 * 1024;
/// What depends on the instant, such as a successor that becomes valid, is asked again after this long.
pub(super) const LIFE_MS: i64 = 30_000;

/// What is remembered at the latest counts of writes.
#[derive(Default)]
pub struct Memory(Mutex<Remembered>);

/// Held by whoever is asking for an answer.
type Gate = Arc<tokio::sync::Mutex<()>>;

/// How many bytes an answer takes, roughly.
pub trait Weigh {
    /// Its own bytes with those of its texts.
    fn bytes(&self) -> usize;
}

/// A line of an answer, of about this many bytes.
pub trait Weighed {
    const BYTES: usize;
}

impl<T: Weighed> Weigh for Vec<T> {
    fn bytes(&self) -> usize {
        self.capacity() * size_of::<T>() + self.len() * T::BYTES
    }
}

pub(super) struct Answer {
    /// When it was asked, in milliseconds, and for how many it lives.
    pub(super) at: i64,
    pub(super) life: i64,
    pub(super) bytes: usize,
    /// The counts of writes before it was asked, and the areas that it read.
    pub(super) counts: Counts,
    pub(super) areas: Areas,
    pub(super) what: Arc<dyn Any + Send + Sync>,
}

#[derive(Default)]
struct Remembered {
    /// The latest counts that were heard of.
    latest: Counts,
    /// By key: what is being asked for just now.
    gates: HashMap<String, Gate>,
    answers: HashMap<String, Answer>,
    bytes: usize,
}

impl Remembered {
    /// Hears of counts, and forgets what they make old.
    fn hear(&mut self, counts: &Counts) {
        let latest = self.latest.or_later(counts);
        if latest != self.latest {
            self.latest = latest;
            self.answers.retain(|_, answer| !answer.counts.behind(&latest, answer.areas));
            self.bytes = self.answers.values().map(|answer| answer.bytes).sum();
        }
    }

    /// Makes room for an answer; one that is larger than all the room is not kept.
    fn has_room(&mut self, bytes: usize) -> bool {
        if bytes > MOST {
            return false;
        }
        while self.bytes + bytes > MOST {
            let Some(oldest) = self.answers.iter().min_by_key(|(_, a)| a.at).map(|(key, _)| key.clone()) else { break };
            self.bytes -= self.answers.remove(&oldest).map_or(0, |gone| gone.bytes);
        }
        true
    }
}

impl Memory {
    /// The answer of a request that read these counts, with the areas that it depends on.
    pub(super) fn recall<T: Send + Sync + 'static>(
        &self,
        key: &str,
        counts: &Counts,
        now_ms: i64,
    ) -> Option<(Arc<T>, Areas)> {
        let kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let answer = kept.answers.get(key).filter(|answer| !answer.counts.behind(counts, answer.areas))?;
        let fresh = (now_ms - answer.at).abs() < answer.life;
        if fresh { Some((answer.what.clone().downcast().ok()?, answer.areas)) } else { None }
    }

    /// The gate of an answer: many that ask for the same at once would only hold each other up.
    pub(super) fn gate(&self, key: &str) -> Gate {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.gates.retain(|_, gate| Arc::strong_count(gate) > 1);
        kept.gates.entry(key.to_owned()).or_default().clone()
    }

    /// Forgets what is older than these counts: something was just written here.
    pub(super) fn forget_before(&self, counts: Counts) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).hear(&counts);
    }

    /// Keeps an answer, unless somebody has written since what it reads.
    pub(super) fn keep(&self, key: String, answer: Answer) {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.hear(&answer.counts);
        if answer.counts.behind(&kept.latest, answer.areas) {
            return;
        }
        if kept.has_room(answer.bytes) {
            kept.bytes += answer.bytes;
            let before = kept.answers.insert(key, answer);
            kept.bytes -= before.map_or(0, |gone| gone.bytes);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(what: i64, at: i64, bytes: usize, counts: Counts, areas: Areas) -> Answer {
        Answer { at, life: LIFE_MS, bytes, counts, areas, what: Arc::new(what) }
    }

    #[test]
    fn answers_take_a_bounded_number_of_bytes_and_the_oldest_go_first() {
        let (memory, counts) = (Memory::default(), Counts::default());
        for n in 1..=5 {
            memory.keep(n.to_string(), answer(n, n, MOST / 3, counts, Areas::TASKS));
        }
        let there = |n: i64| memory.recall::<i64>(&n.to_string(), &counts, 5).is_some();
        assert_eq!([1, 2, 3, 4, 5].map(there), [false, false, true, true, true]);
        memory.keep("too large".into(), answer(6, 6, MOST + 1, counts, Areas::TASKS));
        assert!(memory.recall::<i64>("too large", &counts, 5).is_none());
        assert!(memory.0.lock().unwrap().bytes <= MOST);
    }

    #[test]
    fn an_answer_holds_until_the_next_write_and_not_for_long() {
        let memory = Memory::default();
        let before = Counts::default().after(Areas::TASKS);
        let (older, newer) = (Counts::default(), before.after(Areas::TASKS));
        memory.keep("a".into(), answer(7, 1000, 1, before, Areas::TASKS));
        let recall = |counts, now| memory.recall::<i64>("a", counts, now).map(|(n, _)| *n);
        assert_eq!(recall(&before, 1000), Some(7));
        assert_eq!(recall(&before, 1000 + LIFE_MS), None);
        assert_eq!(recall(&before, 1000 - LIFE_MS), None, "a clock that was set back");
        assert_eq!(recall(&before, 900), Some(7), "asked a moment before it was answered");
        assert_eq!(recall(&older, 1000), Some(7), "a newer answer serves an older request");
        assert_eq!(recall(&newer, 1000), None);
        memory.keep("b".into(), answer(8, 1000, 1, newer, Areas::TASKS));
        memory.keep("a".into(), answer(9, 1000, 1, before, Areas::TASKS));
        assert_eq!(recall(&before, 1000), None, "a request from before the write does not bring its answer back");
    }

    #[test]
    fn a_write_forgets_the_answers_of_its_area_alone() {
        let (memory, none) = (Memory::default(), Counts::default());
        let both = Areas::CLIENTS.with(Areas::TASKS);
        for (key, areas) in [("month", Areas::CLIENTS), ("board", both)] {
            memory.keep(key.into(), answer(1, 1000, 1, none, areas));
        }
        let written = none.after(Areas::TASKS);
        memory.forget_before(written);
        let there = |key: &str, counts| memory.recall::<i64>(key, counts, 1000).is_some();
        assert!(there("month", &written) && !there("board", &none));
        memory.keep("board".into(), answer(1, 1000, 1, none, both));
        assert!(!there("board", &none), "an answer from before the write");
        assert_eq!(memory.0.lock().unwrap().bytes, 1);
    }
}
