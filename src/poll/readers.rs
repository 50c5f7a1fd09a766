//! A few threads on which documents are read and cleaned, so that requests go on meanwhile.
//!
//! The runtime's own threads for work that blocks are many and come and go; each keeps the memory
//! that it has used. These are one or two, and end with the run: one thread writes what they
//! have read, and is slower.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex};
use std::thread;

use tokio::sync::oneshot;

type Job = Box<dyn FnOnce() + Send>;

/// The stack of each: what is read may be nested.
const STACK: usize = 8 << 20;

/// Threads at most; more would only hold more documents at once.
const MOST: usize = 2;

/// The threads.
#[derive(Debug)]
pub(super) struct Readers {
    jobs: Sender<Job>,
}

impl Readers {
    /// One thread, or two where there is more than one processor.
    pub(super) fn new() -> Self {
        let (jobs, waiting) = channel::<Job>();
        let waiting = Arc::new(Mutex::new(waiting));
        let processors = thread::available_parallelism().map_or(1, usize::from);
        for _ in 0..processors.min(MOST) {
            let waiting = Arc::clone(&waiting);
            // Without any thread, work fails visit by visit, and says so.
            let _ = thread::Builder::new()
                .name("reader".to_owned())
                .stack_size(STACK)
                .spawn(move || serve(&waiting));
        }
        Self { jobs }
    }

    /// Does the work on one of the threads. None where it panicked.
    pub(super) async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Option<T> {
        let (answer, done) = oneshot::channel();
        let job = move || {
            if let Ok(value) = catch_unwind(AssertUnwindSafe(work)) {
                // Whoever waited may have gone: the run was told to stop.
                let _ = answer.send(value);
            }
        };
        self.jobs.send(Box::new(job)).ok()?;
        done.await.ok()
    }
}

/// Takes one job after another until the run is over.
fn serve(waiting: &Mutex<Receiver<Job>>) {
    loop {
        let job = match waiting.lock() {
            Ok(waiting) => waiting.recv(),
            Err(_) => return,
        };
        match job {
            Ok(job) => job(),
            Err(_) => return,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn work_that_panics_ends_nothing_else() {
        let readers = Readers::new();
        for _ in 0..10 {
            let panicked: Option<()> = readers.run(|| std::panic::resume_unwind(Box::new(1))).await;
            assert_eq!(panicked, None);
        }
        assert_eq!(readers.run(|| 7).await, Some(7));
    }
}
