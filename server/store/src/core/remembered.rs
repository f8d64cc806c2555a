//! Asking through the memory of answers.

use super::admitted::ScopedStore;
use super::memory::{Answer, LIFE_MS, Weigh};
use crate::Result;
use std::sync::Arc;
use std::time::Instant;

/// What takes long to ask lives longer, so that asking takes a hundredth of the time at most.
const LONGEST_MS: i64 = 600_000;

impl ScopedStore {
    /// The answer from memory, or asked now and remembered. The key must name everything the answer depends on
    /// besides the rows: who asks, where the answer is the asker's own, and what for.
    pub(crate) async fn remembered<T, F>(&self, key: String, ask: F) -> Result<Arc<T>>
    where
        T: Weigh + Send + Sync + 'static,
        F: Future<Output = Result<T>>,
    {
        // An open write sees its own changes, which nobody else may be told of.
        if self.rows.of_write() {
            return Ok(Arc::new(ask.await?));
        }
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
        let kept = Answer { at: now, life, bytes: answer.bytes() + key.len(), what: answer.clone() };
        self.store.memory.keep(key, writes, kept);
        Ok(answer)
    }
}
