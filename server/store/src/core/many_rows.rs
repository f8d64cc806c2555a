//! Waiting for many rows. The SQLite driver hands over one row at a time and wakes the reader for each; two threads that wake
//! each other for every row take longer than SQLite takes to find it.

use std::future::poll_fn;
use std::pin::pin;
use std::task::{Context, Poll, Waker};
use std::time::Duration;

/// After being woken so often, the reader only looks in from time to time.
const WAKES: u32 = 64;
/// How long rows may gather in between; the driver holds [`GATHERED`] of them at most.
const PAUSE: Duration = Duration::from_millis(1);
/// Rows that the driver finds in about two pauses.
pub const GATHERED: usize = 1_024;

/// The answer to a question of SQLite, however many rows it has.
pub async fn gathered<T>(question: impl Future<Output = T>) -> T {
    let mut question = pin!(question);
    let mut wakes = 0;
    let first = poll_fn(|cx| match question.as_mut().poll(cx) {
        Poll::Ready(answer) => Poll::Ready(Some(answer)),
        Poll::Pending if wakes == WAKES => Poll::Ready(None),
        Poll::Pending => {
            wakes += 1;
            Poll::Pending
        }
    });
    if let Some(answer) = first.await {
        return answer;
    }
    loop {
        tokio::time::sleep(PAUSE).await;
        if let Poll::Ready(answer) = question.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
            return answer;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn an_answer_of_many_parts_is_whole_and_its_reader_is_not_woken_for_each() {
        let (sender, receiver) = tokio::sync::mpsc::channel(GATHERED);
        let parts = 20_000;
        let writer = tokio::spawn(async move {
            for n in 0..parts {
                sender.send(n).await.unwrap();
                tokio::task::yield_now().await;
            }
        });
        let mut polls = 0;
        let mut receiver = receiver;
        let mut all = Vec::new();
        let reading = poll_fn(|cx| {
            polls += 1;
            while let Poll::Ready(part) = receiver.poll_recv(cx) {
                let Some(part) = part else { return Poll::Ready(()) };
                all.push(part);
            }
            Poll::Pending
        });
        gathered(reading).await;
        writer.await.unwrap();
        assert_eq!(all, (0..parts).collect::<Vec<_>>());
        assert!(polls < parts, "{polls}");
    }
}
