//! `newsdesk poll --forever`: one process for a service manager.
//!
//! It looks every ten seconds whether something is due, so that what another process adds or
//! changes is seen. What passes (a store in use, a full disk, no network) is said once and waited
//! for; the lock is held only while sources are visited, so that `newsdesk poll URL` works too.

use std::time::Duration;

use chrono::{DateTime, Utc};
use newsdesk::config::Config;
use newsdesk::poll::{self, Clock as _, Setting, Which};
use newsdesk::store::{self, Bell, Store};
use tokio::sync::{Notify, watch};
use tokio::time::sleep;

use super::{Report, Show, Watch, lock, runtime};
use crate::commands::{Context, is_broken_pipe, print_error, say, serve};

/// Between two looks at what is due; the query behind it reads a few rows of an index.
const LOOK: Duration = Duration::from_secs(10);

/// The longest wait for something to pass.
const LONGEST: Duration = Duration::from_mins(5);

/// A visit may go on for eight seconds after the signal; what is not done then never will be.
const LAST: Duration = Duration::from_secs(9);

/// The store closes in this time, or is left as after a power cut, which it lives through.
const CLOSING: Duration = Duration::from_millis(500);

/// What stays as it is.
pub(super) struct Wanted {
    pub(super) show: Show,
    pub(super) budget: Option<Duration>,
}

/// Polls what is due until the program is told to stop.
pub(super) fn run(context: &Context, wanted: Wanted) -> anyhow::Result<()> {
    let text = std::fs::read_to_string(&context.config).ok();
    let config = context.config()?;
    let forever = Forever {
        context,
        wanted,
        config,
        text,
        store: None,
        bell: None,
        trouble: Trouble::default(),
    };
    let runtime = runtime()?;
    let done = runtime.block_on(forever.run());
    runtime.shutdown_background();
    done
}

struct Forever<'a> {
    context: &'a Context,
    wanted: Wanted,
    config: Config,
    /// What config.toml said when it was last read; none where it could not be.
    text: Option<String>,
    store: Option<Store>,
    /// Tells of sources that others add, where the store is shared.
    bell: Option<Bell>,
    trouble: Trouble,
}

/// What is in the way at the moment.
#[derive(Default)]
struct Trouble {
    said: Option<String>,
    times: u32,
}

impl Forever<'_> {
    async fn run(mut self) -> anyhow::Result<()> {
        let signal = serve::stopped()?;
        let (tell, told) = watch::channel(false);
        let run = std::sync::Arc::new(Notify::new());
        let stop = std::sync::Arc::clone(&run);
        tokio::spawn(async move {
            signal.await;
            let _ = tell.send(true);
            stop.notify_one();
            super::signal().await;
            std::process::exit(super::INTERRUPTED);
        });
        loop {
            let round = tokio::select! {
                round = self.round(&run) => round,
                () = late(told.clone()) => break,
            };
            let wait = match round {
                Ok(wait) => {
                    self.trouble.is_over();
                    wait
                }
                Err(error) if ends(&error) => return Err(error),
                Err(error) => {
                    self.store = None;
                    self.trouble.hear(&error)
                }
            };
            tokio::select! {
                biased;
                () = heard(told.clone()) => break,
                () = called(&mut self.bell) => {}
                () = sleep(wait) => {}
            }
        }
        if let Some(store) = self.store {
            let _ = tokio::time::timeout(CLOSING, store.close()).await;
        }
        Ok(())
    }

    /// Visits what is due now; gives how long to sleep.
    async fn round(&mut self, stop: &Notify) -> anyhow::Result<Duration> {
        self.reload();
        let now = self.now();
        let store = if let Some(store) = &self.store {
            store.clone()
        } else {
            let context = self.context.at(now);
            let opened = crate::commands::store::open(&context, &self.config).await?;
            self.bell = opened.bell().await?;
            self.store.insert(opened).clone()
        };
        let longest = poll::due::longest(self.config.poll.bounds);
        store.mend_clock(now, longest).await?;
        let (is_ready, soonest) = store.soonest(now).await?;
        let wait = soonest.and_then(|at| (at - now).to_std().ok());
        let wait = wait.map_or(LOOK, |wait| wait.clamp(Duration::from_millis(100), LOOK));
        if !is_ready {
            return Ok(wait);
        }
        // Another poll does it, or is done before long.
        let Some(lock) = lock(&self.config.store.place)? else {
            return Ok(LOOK);
        };
        let has_more = self.visit(&store, stop).await?;
        drop(lock);
        Ok(if has_more { Duration::ZERO } else { wait })
    }

    /// One run; whether its time was up before all were visited.
    async fn visit(&self, store: &Store, stop: &Notify) -> anyhow::Result<bool> {
        let mut options = self.config.poll.clone();
        options.budget = self.wanted.budget.or(options.budget);
        let clock = Watch::new(self.context, store).await?;
        let setting = Setting {
            options: &options,
            root: self.config.root.clone(),
            clock: &clock,
            secrets: &|name| std::env::var(name).ok(),
            stop,
        };
        let mut report = Report::new(self.wanted.show);
        let mut hear = |event: poll::Event<'_>| report.hear(event);
        let summary = poll::run(&setting, store, &Which::Due, &mut hear).await?;
        store.tidy_daily(clock.now()).await?;
        if let Some(error) = report.error {
            return Err(error);
        }
        anyhow::ensure!(
            !summary.is_offline,
            "no network: no host could be found; nothing is held against any source"
        );
        Ok(summary.left > 0)
    }

    /// Takes a changed config.toml over; one that is wrong changes nothing.
    fn reload(&mut self) {
        let text = std::fs::read_to_string(&self.context.config).ok();
        if text == self.text {
            return;
        }
        self.text = text;
        let place = self.context.config.display();
        let told = match self.context.config() {
            Ok(config) => {
                self.config = config;
                // Opening it again notes the sources of the new configuration.
                self.store = None;
                format!("`{place}` changed and was read again")
            }
            Err(error) => {
                print_error(&error);
                "hint: polling goes on with the configuration of before".to_owned()
            }
        };
        // Whoever closed standard error does not want to hear of it.
        let _ = say(&told);
    }

    fn now(&self) -> DateTime<Utc> {
        if self.context.is_rehearsal {
            self.context.now
        } else {
            Utc::now()
        }
    }
}

impl Trouble {
    /// Says what is in the way, unless that was the last thing said. Gives how long to wait.
    fn hear(&mut self, error: &anyhow::Error) -> Duration {
        let story = format!("{error:#}");
        if self.said.as_ref() != Some(&story) {
            print_error(error);
            let _ =
                say("hint: nothing needs to be started again; polling goes on when this is over");
            self.said = Some(story);
        }
        self.times = self.times.saturating_add(1);
        (LOOK * 2_u32.pow(self.times.min(6) - 1)).min(LONGEST)
    }

    fn is_over(&mut self) {
        if self.said.take().is_some() {
            let _ = say("polling goes on");
        }
        self.times = 0;
    }
}

/// Whether waiting cannot help: another version of the program has to be started, or nobody reads
/// what is printed.
fn ends(error: &anyhow::Error) -> bool {
    use store::Error::{Foreign, Newer};
    let is_final = |error: &store::Error| matches!(error, Foreign { .. } | Newer { .. });
    is_broken_pipe(error) || error.downcast_ref::<store::Error>().is_some_and(is_final)
}

/// Is done when somebody adds a source, if anybody tells.
async fn called(bell: &mut Option<Bell>) {
    match bell {
        Some(listening) => {
            if !listening.rings().await {
                // The connection is gone; the next look makes another, if the store is opened anew.
                *bell = None;
            }
        }
        None => std::future::pending().await,
    }
}

/// Is done when the program was told to stop.
async fn heard(mut told: watch::Receiver<bool>) {
    // Without anybody who could tell, nobody will.
    if told.wait_for(|told| *told).await.is_err() {
        std::future::pending::<()>().await;
    }
}

async fn late(told: watch::Receiver<bool>) {
    heard(told).await;
    sleep(LAST).await;
}
