//! Answers that hold until the next write, on whichever node it happens: the office counts its writes, every request
//! reads the count with its session.

use std::any::Any;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

/// Bytes of answers kept at most, roughly; beyond it those asked longest ago go.
const MOST: usize = 12 * 1024 * 1024;
/// What depends on the instant, such as a successor that becomes valid, is asked again after this long.
pub(super) const LIFE_MS: i64 = 30_000;

/// What is remembered at one count of writes.
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
    pub(super) what: Arc<dyn Any + Send + Sync>,
}

#[derive(Default)]
struct Remembered {
    writes: i64,
    /// By key: what is being asked for just now.
    gates: HashMap<String, Gate>,
    answers: HashMap<String, Answer>,
    bytes: usize,
}

impl Remembered {
    fn forget(&mut self) {
        self.answers.clear();
        self.bytes = 0;
    }

    /// Makes room for an answer; one that is larger than all the room is not kept.
    fn has_room(&mut self, bytes: usize) -> bool {
        while self.bytes + bytes > MOST {
            let Some(oldest) = self.answers.iter().min_by_key(|(_, a)| a.at).map(|(key, _)| key.clone()) else { break };
            self.bytes -= self.answers.remove(&oldest).map_or(0, |gone| gone.bytes);
        }
        bytes <= MOST
    }
}

impl Memory {
    pub(super) fn recall<T: Send + Sync + 'static>(&self, key: &str, writes: i64, now_ms: i64) -> Option<Arc<T>> {
        let kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let answer = kept.answers.get(key).filter(|_| kept.writes >= writes)?;
        let fresh = (now_ms - answer.at).abs() < answer.life;
        if fresh { answer.what.clone().downcast().ok() } else { None }
    }

    /// The gate of an answer: many that ask for the same at once would only hold each other up.
    pub(super) fn gate(&self, key: &str) -> Gate {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.gates.retain(|_, gate| Arc::strong_count(gate) > 1);
        kept.gates.entry(key.to_owned()).or_default().clone()
    }

    /// Forgets everything: something was just written here.
    pub fn forget(&self) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).forget();
    }

    pub(super) fn keep(&self, key: String, writes: i64, answer: Answer) {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.writes > writes {
            return;
        }
        if kept.writes < writes {
            kept.forget();
            kept.writes = writes;
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

    #[test]
    fn answers_take_a_bounded_number_of_bytes_and_the_oldest_go_first() {
        let memory = Memory::default();
        let third = |at| Answer { at, life: LIFE_MS, bytes: MOST / 3, what: Arc::new(at) };
        for n in 1..=5 {
            memory.keep(n.to_string(), 1, third(n));
        }
        let there = |n: i64| memory.recall::<i64>(&n.to_string(), 1, 5).is_some();
        assert_eq!([1, 2, 3, 4, 5].map(there), [false, false, true, true, true]);
        memory.keep("too large".into(), 1, Answer { bytes: MOST + 1, ..third(6) });
        assert!(memory.recall::<i64>("too large", 1, 5).is_none());
        assert!(memory.0.lock().unwrap().bytes <= MOST);
    }

    #[test]
    fn an_answer_holds_until_the_next_write_and_not_for_long() {
        let memory = Memory::default();
        let answer = |at, what: u8| Answer { at, life: LIFE_MS, bytes: 1, what: Arc::new(what) };
        memory.keep("a".into(), 5, answer(1000, 7));
        let recall = |writes, now| memory.recall::<u8>("a", writes, now).map(|n| *n);
        assert_eq!(recall(5, 1000), Some(7));
        assert_eq!(recall(5, 1000 + LIFE_MS), None);
        assert_eq!(recall(5, 1000 - LIFE_MS), None, "a clock that was set back");
        assert_eq!(recall(5, 900), Some(7), "asked a moment before it was answered");
        assert_eq!(recall(4, 1000), Some(7), "a newer answer serves an older request");
        assert_eq!(recall(6, 1000), None);
        memory.keep("b".into(), 6, answer(1000, 8));
        memory.keep("a".into(), 5, answer(1000, 9));
        assert_eq!(recall(5, 1000), None, "a request from before the write does not bring its answer back");
    }
}
