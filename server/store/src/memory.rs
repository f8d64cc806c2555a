//! Answers that hold until the next write, on whichever node it happens: the office counts its writes, every request
//! reads the count with its session.

use crate::Result;
use crate::admitted::Shelf;
use std::any::Any;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

/// Answers kept at most; beyond it all are asked again.
const MOST: usize = 512;
/// What depends on the instant, such as a successor that becomes valid, is asked again after this long.
const LIFE_MS: i64 = 30_000;
/// What takes long to ask lives longer, so that asking takes a hundredth of the time at most.
const LONGEST_MS: i64 = 600_000;

/// What is remembered at one count of writes.
#[derive(Default)]
pub struct Memory(Mutex<Remembered>);

/// Held by whoever is asking for an answer.
type Gate = Arc<tokio::sync::Mutex<()>>;

/// When it was asked, how long it lives, and what it is.
type Answer = (i64, i64, Arc<dyn Any + Send + Sync>);

#[derive(Default)]
struct Remembered {
    writes: i64,
    /// By key: what is being asked for just now.
    gates: HashMap<String, Gate>,
    answers: HashMap<String, Answer>,
}

impl Memory {
    fn recall<T: Send + Sync + 'static>(&self, key: &str, writes: i64, now_ms: i64) -> Option<Arc<T>> {
        let kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let (at, life, answer) = kept.answers.get(key).filter(|_| kept.writes >= writes)?;
        let fresh = (now_ms - at).abs() < *life;
        if fresh { answer.clone().downcast().ok() } else { None }
    }

    /// The gate of an answer: many that ask for the same at once would only hold each other up.
    fn gate(&self, key: &str) -> Gate {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.gates.retain(|_, gate| Arc::strong_count(gate) > 1);
        kept.gates.entry(key.to_owned()).or_default().clone()
    }

    /// Forgets everything: something was just written here.
    pub fn forget(&self) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).answers.clear();
    }

    fn keep(&self, key: String, writes: i64, answer: Answer) {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.writes > writes {
            return;
        }
        if kept.writes < writes || kept.answers.len() >= MOST {
            kept.answers.clear();
            kept.writes = writes;
        }
        kept.answers.insert(key, answer);
    }
}

impl Shelf {
    /// The answer from memory, or asked now and remembered. The key must name everything the answer depends on
    /// besides the rows: who asks, where the answer is the asker's own, and what for.
    pub(crate) async fn remembered<T, F>(&self, key: String, ask: F) -> Result<Arc<T>>
    where
        T: Send + Sync + 'static,
        F: Future<Output = Result<T>>,
    {
        let (writes, now) = (self.who.writes, self.now_ms());
        if let Some(known) = self.store.memory.recall(&key, writes, now) {
            return Ok(known);
        }
        let gate = self.store.memory.gate(&key);
        let _one = gate.lock().await;
        if let Some(known) = self.store.memory.recall(&key, writes, now) {
            return Ok(known);
        }
        let begin = Instant::now();
        let answer = Arc::new(ask.await?);
        let took = i64::try_from(begin.elapsed().as_millis()).unwrap_or(LONGEST_MS);
        let life = took.saturating_mul(100).clamp(LIFE_MS, LONGEST_MS);
        self.store.memory.keep(key, writes, (now, life, answer.clone()));
        Ok(answer)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_holds_until_the_next_write_and_not_for_long() {
        let memory = Memory::default();
        memory.keep("a".into(), 5, (1000, LIFE_MS, Arc::new(7u8)));
        let recall = |writes, now| memory.recall::<u8>("a", writes, now).map(|n| *n);
        assert_eq!(recall(5, 1000), Some(7));
        assert_eq!(recall(5, 1000 + LIFE_MS), None);
        assert_eq!(recall(5, 1000 - LIFE_MS), None, "a clock that was set back");
        assert_eq!(recall(5, 900), Some(7), "asked a moment before it was answered");
        assert_eq!(recall(4, 1000), Some(7), "a newer answer serves an older request");
        assert_eq!(recall(6, 1000), None);
        memory.keep("b".into(), 6, (1000, LIFE_MS, Arc::new(8u8)));
        memory.keep("a".into(), 5, (1000, LIFE_MS, Arc::new(9u8)));
        assert_eq!(recall(5, 1000), None, "a request from before the write does not bring its answer back");
    }
}
