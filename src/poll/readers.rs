//! A few threads on which documents are read and cleaned, so that requests go on meanwhile.
//!
//! The runtime's own threads for work that blocks are many and come and go; each keeps the memory
//! that it has used. These are one or two, and end with the run: one thread writes what they
//! have read, and is slower.
//!
//! What strangers send may take as much work as they like, and nothing ends a thread that is at it. So
//! work has a time; who waits for it is told when that is over, and what keeps a thread busy for
//! longer than a moment gets another one beside it, so that nobody else waits for it.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

use tokio::sync::{oneshot, watch};
use tokio::time::sleep;

type Job = Box<dyn FnOnce() + Send>;

/// The stack of each: what is read may be nested.
const STACK: usize = 8 << 20;

/// Threads at most; more would only hold more documents at once.
const MOST: usize = 2;

/// How long one thread may be at a job before it gets another beside it.
const MOMENT: Duration = Duration::from_millis(500);

/// Threads that are added so.
const MORE: usize = 8;

/// What is left of the time of a job once all is to end.
const LAST: Duration = Duration::from_secs(1);

/// The threads.
#[derive(Debug)]
pub(super) struct Readers {
    jobs: Sender<Job>,
    waiting: Arc<Mutex<Receiver<Job>>>,
    added: AtomicUsize,
    /// Whether all is to end.
    end: watch::Sender<bool>,
}

/// Why work brought nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Failed {
    /// It panicked.
    Panicked,
    /// Its time was over.
    TooLong,
    /// All was to end before it was done.
    Ended,
}

impl Readers {
    /// One thread, or two where there is more than one processor.
    pub(super) fn new() -> Self {
        let (jobs, waiting) = channel::<Job>();
        let waiting = Arc::new(Mutex::new(waiting));
        let processors = thread::available_parallelism().map_or(1, usize::from);
        let readers = Self {
            jobs,
            waiting,
            added: AtomicUsize::new(0),
            end: watch::Sender::new(false),
        };
        for _ in 0..processors.min(MOST) {
            readers.add();
        }
        readers
    }

    /// One more thread.
    fn add(&self) {
        let waiting = Arc::clone(&self.waiting);
        // Without any thread, work fails visit by visit, and says so.
        let _ = thread::Builder::new()
            .name("reader".to_owned())
            .stack_size(STACK)
            .spawn(move || serve(&waiting));
    }

    /// Says that all is to end soon.
    pub(super) fn end(&self) {
        self.end.send_replace(true);
    }

    /// Does the work on one of the threads, for at most so long. A thread that goes on beyond that
    /// does so for nothing.
    pub(super) async fn run_for<T: Send + 'static>(
        &self,
        time: Duration,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, Failed> {
        let (begin, began) = oneshot::channel();
        let begun = move || {
            let _ = begin.send(());
            work()
        };
        let mut done = std::pin::pin!(self.run(begun));
        let ended = async {
            let mut end = self.end.subscribe();
            // Without anybody who could tell, nobody will.
            if end.wait_for(|end| *end).await.is_err() {
                std::future::pending::<()>().await;
            }
            sleep(LAST).await;
        };
        let over = async {
            // The time of what waits for its turn has not begun.
            let _ = began.await;
            sleep(MOMENT.min(time)).await;
            if self.added.fetch_add(1, Ordering::Relaxed) < MORE {
                self.add();
            }
            sleep(time.saturating_sub(MOMENT)).await;
        };
        tokio::select! {
            biased;
            done = &mut done => done.ok_or(Failed::Panicked),
            () = over => Err(Failed::TooLong),
            () = ended => Err(Failed::Ended),
        }
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
    async fn work_has_an_end_and_nobody_waits_behind_it() {
        let readers = Readers::new();
        let (release, hold) = channel::<()>();
        let hold = Arc::new(Mutex::new(hold));
        let stuck = || {
            let hold = Arc::clone(&hold);
            let wait = move || drop(hold.lock().map(|hold| hold.recv()));
            readers.run_for(Duration::from_millis(50), wait)
        };
        for _ in 0..MOST + 2 {
            assert_eq!(stuck().await, Err(Failed::TooLong));
        }
        let time = Duration::from_mins(1);
        assert_eq!(readers.run_for(time, || 7).await, Ok(7));
        readers.end();
        assert_eq!(readers.run_for(time, || 8).await, Ok(8));
        drop(release);
    }

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
