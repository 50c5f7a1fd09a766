//! Waiting for one thing while a batch is being written.

use futures_util::future::LocalBoxFuture;

use super::batch::Written;
use super::setting::Error;

/// A batch that is being written.
pub(super) type Writing<'a> = LocalBoxFuture<'a, Result<Vec<Written>, Error>>;

/// Waits for something while a batch is being written, which goes on.
pub(super) async fn beside<T>(
    writing: &mut Option<Writing<'_>>,
    written: &mut Vec<Result<Vec<Written>, Error>>,
    other: impl Future<Output = T>,
) -> T {
    let mut other = std::pin::pin!(other);
    loop {
        tokio::select! {
            biased;
            done = &mut other => return done,
            Some(batch) = next_written(writing) => written.push(batch),
        }
    }
}

/// What a batch that is being written brought; none where there is no such batch.
pub(super) async fn next_written(
    writing: &mut Option<Writing<'_>>,
) -> Option<Result<Vec<Written>, Error>> {
    let written = writing.as_mut()?.await;
    *writing = None;
    Some(written)
}
