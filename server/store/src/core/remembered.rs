//! Asking through the memory of answers.

use super::admitted::ScopedStore;
use super::areas::{Areas, followed, note_read};
use super::memory::{Answer, LIFE_MS, Weigh};
use crate::{Error, Result};
use std::sync::Arc;
use std::time::Instant;

/// What takes long to ask lives longer, so that asking takes a hundredth of the time at most.
const LONGEST_MS: i64 = 600_000;

impl ScopedStore {
    /// The answer from memory, or asked now and remembered. The key must name everything the answer depends on
    /// besides the rows: who asks, where the answer is the asker's own, and what for. Which areas it reads is noted
    /// while it is asked, so that only their writes make it old.
    ///
    /// # Errors
    /// As asking; `Broken` where it reads a table whose writes nobody counts.
    pub(crate) async fn remembered<T, F>(&self, key: String, ask: F) -> Result<Arc<T>>
    where
        T: Weigh + Send + Sync + 'static,
        F: Future<Output = Result<T>>,
    {
        // An open write sees its own changes, which nobody else may be told of; the program itself knows no counts.
        if self.rows.of_write() || self.who.system.is_some() {
            return Ok(Arc::new(ask.await?));
        }
        let (counts, now) = (&self.who.writes, self.now_ms());
        let known = || self.store.memory.recall(&key, counts, now);
        if let Some((known, areas)) = known() {
            note_read(areas);
            return Ok(known);
        }
        let gate = self.store.memory.gate(&key);
        let _one = gate.lock().await;
        if let Some((known, areas)) = known() {
            note_read(areas);
            return Ok(known);
        }
        let begin = Instant::now();
        // On the heap: futures within futures would fill the stack of a debug build.
        let (answer, areas) = followed(Box::pin(ask)).await;
        // Who asks is part of every answer.
        let (answer, areas) = (Arc::new(answer?), areas.with(Areas::PEOPLE));
        note_read(areas);
        if areas.has(Areas::UNCOUNTED) {
            return Err(Error::Broken("an answer to be remembered reads what nobody counts"));
        }
        let took = i64::try_from(begin.elapsed().as_millis()).unwrap_or(LONGEST_MS);
        let life = took.saturating_mul(100).clamp(LIFE_MS, LONGEST_MS);
        let bytes = answer.bytes() + key.len();
        self.store.memory.keep(key, Answer { at: now, life, bytes, counts: *counts, areas, what: answer.clone() });
        Ok(answer)
    }
}
