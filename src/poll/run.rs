//! One run: every source that is due, many hosts at once, each host politely, written in batches.

use std::collections::HashMap;
use std::path::PathBuf;
use std::time::Duration;

use chrono::{DateTime, Utc};
use futures_util::StreamExt as _;
use futures_util::future::{FutureExt as _, LocalBoxFuture};
use futures_util::stream::FuturesUnordered;
use tokio::sync::Notify;
use tokio::time::sleep;

use super::batch::{Batch, Written};
use super::due;
use super::fetch::visit::Fetcher;
use super::host::{Limits, Next, Queue};
use super::leases::Leases;
use super::options::Options;
use super::readers::Readers;
use super::visit::{Network, Visited, Visitor};
use crate::model::{History, Source, SourceId, Visit, address};
use crate::store::{self, Due, Known, Store};

/// How long visits that are on their way may go on after the run was told to stop.
const GRACE: Duration = Duration::from_secs(8);

/// A visit that is over is written at the latest after this time.
const LATEST: Duration = Duration::from_secs(1);

/// The same where others wait for the hosts.
const LATEST_SHARED: Duration = Duration::from_millis(50);

/// Hosts without an answer after which there seems to be no network, if nobody answered.
const DOUBTS: usize = 24;

/// Sources whose history is read ahead, of hosts that were not asked yet.
const AHEAD: usize = 128;

/// Sources whose history is read ahead, of a host that is being asked.
const AHEAD_OF_HOST: usize = 8;

/// The time of day, and the time that passes.
pub trait Clock: Sync {
    /// The instant that visits are dated with.
    fn now(&self) -> DateTime<Utc>;
    /// How long the run has lasted.
    fn elapsed(&self) -> Duration;
}

/// Finds the value of an environment variable.
pub type Secrets<'a> = dyn Fn(&str) -> Option<String> + Sync + 'a;

/// Why a run ended early.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The store could not be read or written.
    #[error(transparent)]
    Store(#[from] store::Error),
    /// Entries could not be cleaned.
    #[error("entries could not be made ready for the store")]
    Cleaning,
}

/// Which sources are visited.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Which {
    /// Those that are due.
    Due,
    /// All that are polled at all.
    All,
    /// These, whether due or not.
    These(Vec<SourceId>),
}

/// What a run is given.
pub struct Setting<'a> {
    /// How sources are visited.
    pub options: &'a Options,
    /// The folder that relative `file:` addresses start at.
    pub root: PathBuf,
    /// The time.
    pub clock: &'a dyn Clock,
    /// The environment.
    pub secrets: &'a Secrets<'a>,
    /// Ends the run early when it is told to.
    pub stop: &'a Notify,
}

/// A visit, as it was written.
#[derive(Clone, Debug, PartialEq)]
pub struct Seen {
    /// The source, as it was asked.
    pub source: Source,
    /// The visit.
    pub visit: Visit,
    /// What is known of the source from now on.
    pub history: History,
    /// The address that it moved to for good.
    pub moved_to: Option<String>,
}

/// What those who watch a run are told.
#[derive(Clone, Copy, Debug)]
pub enum Event<'a> {
    /// So many sources are to be visited.
    Begun(usize),
    /// So many more are.
    More(usize),
    /// A visit was made and written.
    Visited(&'a Seen),
}

/// What a run came to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Summary {
    /// Visits that were made and written.
    pub visits: usize,
    /// Those of them that found no feed.
    pub failures: usize,
    /// Sources that were left alone because their host asked for it.
    pub paused: usize,
    /// Sources that are still due: the time was up, or somebody stopped the run.
    pub left: usize,
    /// Whether nobody could be reached at all; nothing is held against any source then.
    pub is_offline: bool,
}

/// The sources that would be visited, the one that has waited longest first.
///
/// # Errors
///
/// Where the store cannot be read.
pub async fn choose(store: &Store, which: &Which, now: DateTime<Utc>) -> Result<Vec<Due>, Error> {
    let mut chosen = match which {
        Which::Due => store.due(now).await?,
        Which::All => store
            .sources()
            .await?
            .into_iter()
            .filter(|known| known.source.enabled && known.history.retired.is_none())
            .map(as_due)
            .collect(),
        Which::These(ids) => store.load(ids).await?.into_iter().map(as_due).collect(),
    };
    chosen.sort_by_key(|due| (due.next_visit, due.id));
    Ok(chosen)
}

fn as_due(known: Known) -> Due {
    Due {
        id: known.id,
        url: known.source.url,
        next_visit: known.history.next_visit,
    }
}

/// What a run begins with, each with its host; of a store that is shared, what it could lease.
async fn begin(
    setting: &Setting<'_>,
    store: &Store,
    which: &Which,
    leases: Option<&mut Leases>,
    summary: &mut Summary,
) -> Result<Vec<(String, Due)>, Error> {
    let (now, at) = (setting.clock.now(), setting.clock.elapsed());
    match leases {
        Some(leases) if *which == Which::Due => Ok(leases.more(store, now, at).await?),
        Some(leases) => {
            let chosen = choose(store, which, now).await?;
            let ids: Vec<SourceId> = chosen.iter().map(|due| due.id).collect();
            let ours = leases.these(store, &ids, at).await?;
            summary.left += chosen.len() - ours.len();
            Ok(ours)
        }
        None => {
            let chosen = choose(store, which, now).await?.into_iter();
            let keyed = chosen.map(|due| (address::host_of(&due.url), due));
            Ok(keyed.collect())
        }
    }
}

/// Visits the chosen sources and writes what came of it; `watch` hears of each visit once it is
/// written, and of nothing where there is nothing to do.
///
/// # Errors
///
/// Where the store cannot be read or written; what was written before stays.
pub async fn run(
    setting: &Setting<'_>,
    store: &Store,
    which: &Which,
    watch: &mut dyn FnMut(Event<'_>),
) -> Result<Summary, Error> {
    let now = setting.clock.now();
    let options = setting.options;
    let mut summary = Summary::default();
    let mut leases = store
        .is_shared()
        .then(|| Leases::new(options, *which == Which::Due));
    let chosen = begin(setting, store, which, leases.as_mut(), &mut summary).await?;
    if chosen.is_empty() && leases.as_ref().is_none_or(|leases| !leases.may_have_more()) {
        return Ok(summary);
    }
    watch(Event::Begun(chosen.len()));
    let paused = store.host_pauses(now).await?;
    let visitor = Visitor {
        options,
        root: setting.root.clone(),
        fetcher: Fetcher::new(options.fetch.clone()),
        clock: setting.clock,
        secrets: setting.secrets,
        readers: Readers::new(),
    };
    let keyed: Vec<(String, Due)> = chosen
        .into_iter()
        .filter(|(key, _)| {
            let is_paused = paused.get(key).is_some_and(|until| *until > now);
            summary.paused += usize::from(is_paused);
            if let Some(leases) = leases.as_mut().filter(|_| is_paused) {
                leases.done(key, 1);
            }
            !is_paused
        })
        .collect();
    let limits = Limits {
        all: options.concurrency,
        per_host: options.per_host,
        pause: options.pause,
    };
    let queue = Queue::new(limits, keyed);
    let run = Run {
        setting,
        store,
        which,
        visitor: &visitor,
        queue,
        known: HashMap::new(),
        batch: Batch::default(),
        batch_since: None,
        doubtful: Vec::new(),
        network: Network::Unused,
        stopped_at: None,
        leases,
        more: 0,
        written: Vec::new(),
        summary,
    };
    run.finish(watch).await
}

type Flight<'a> = LocalBoxFuture<'a, (usize, Visited)>;
type Writing<'a> = LocalBoxFuture<'a, Result<Vec<Written>, Error>>;

/// A run under way.
struct Run<'a> {
    setting: &'a Setting<'a>,
    store: &'a Store,
    which: &'a Which,
    visitor: &'a Visitor<'a>,
    queue: Queue<Due>,
    /// Histories that were read ahead.
    known: HashMap<SourceId, Known>,
    batch: Batch,
    /// When the first visit of the batch was over.
    batch_since: Option<Duration>,
    /// Failures that count only if there is a network.
    doubtful: Vec<Visited>,
    network: Network,
    /// When the run was told to stop.
    stopped_at: Option<Duration>,
    /// What is leased, where many workers share the store.
    leases: Option<Leases>,
    /// Sources that were leased since the watcher heard of some.
    more: usize,
    /// Visits that were written and not yet told of.
    written: Vec<Written>,
    summary: Summary,
}

/// What to do next.
enum Step {
    /// Wait for what is on its way, or until this time.
    Wait(Option<Duration>),
    /// The run is over.
    End,
}

impl<'a> Run<'a> {
    async fn finish(mut self, watch: &mut dyn FnMut(Event<'_>)) -> Result<Summary, Error> {
        let mut flights: FuturesUnordered<Flight<'a>> = FuturesUnordered::new();
        let mut writing: Option<Writing<'a>> = None;
        while let Step::Wait(until) = self.start(&mut flights, &mut writing).await? {
            if !self.written.is_empty() {
                let written = std::mem::take(&mut self.written);
                self.tell(&written, watch);
                continue;
            }
            let wait = until.map(|until| until.saturating_sub(self.setting.clock.elapsed()));
            tokio::select! {
                biased;
                () = self.setting.stop.notified(), if self.stopped_at.is_none() => self.stop(),
                Some(written) = next_written(&mut writing) => self.tell(&written?, watch),
                Some((host, visited)) = flights.next() => self.land(host, visited),
                () = sleep(wait.unwrap_or_default()), if wait.is_some() => {}
            }
        }
        let written = std::mem::take(&mut self.written);
        self.tell(&written, watch);
        // What has not come by now is visited the next time.
        self.summary.left += flights.len();
        drop(flights);
        if let Some(writing) = writing {
            let written = writing.await?;
            self.tell(&written, watch);
        }
        self.settle_doubts();
        if !self.batch.is_empty() {
            let written = self.write().await?;
            self.tell(&written, watch);
        }
        if let Some(leases) = &self.leases {
            leases.end(self.store).await;
        }
        Ok(self.summary)
    }

    /// Starts what can be started.
    async fn start(
        &mut self,
        flights: &mut FuturesUnordered<Flight<'a>>,
        writing: &mut Option<Writing<'a>>,
    ) -> Result<Step, Error> {
        loop {
            let at = self.setting.clock.elapsed();
            let budget = self.setting.options.budget;
            if self.stopped_at.is_none() && budget.is_some_and(|budget| at >= budget) {
                self.stop();
            }
            if self.stopped_at.is_some_and(|stopped| at >= stopped + GRACE) {
                return Ok(Step::End);
            }
            let is_late = self
                .batch_since
                .is_some_and(|since| at >= since + self.latest());
            if writing.is_none() && (self.batch.is_full() || is_late) {
                *writing = Some(self.write());
            }
            if self.batch.is_full() {
                // The store is behind: what is on its way is enough.
                return Ok(Step::Wait(self.wake(None)));
            }
            if !self.may_visit(at, writing).await? {
                return Ok(Step::Wait(self.wake(None)));
            }
            match self.queue.next(at) {
                Next::Done if self.leases.is_none() || self.stopped_at.is_some() => {
                    return Ok(Step::End);
                }
                Next::Done => return Ok(self.look_for_more(writing)),
                Next::Busy => return Ok(Step::Wait(self.wake(None))),
                Next::Wait(until) => return Ok(Step::Wait(self.wake(Some(until)))),
                Next::Visit(host, due) => {
                    let visitor = self.visitor;
                    match self.load(host, &due).await? {
                        Some(known) => flights
                            .push(async move { (host, visitor.visit(known).await) }.boxed_local()),
                        None => self.queue.done(host, Duration::ZERO),
                    }
                }
            }
        }
    }

    /// Whether a visit may begin; where many workers share the store, leases what there is room
    /// for, and keeps what is leased. A batch that is being written holds its hosts, so it goes on
    /// meanwhile.
    async fn may_visit(
        &mut self,
        at: Duration,
        writing: &mut Option<Writing<'a>>,
    ) -> Result<bool, Error> {
        let Some(leases) = &mut self.leases else {
            return Ok(true);
        };
        let mut written = Vec::new();
        beside(writing, &mut written, leases.keep(self.store, at)).await;
        if self.stopped_at.is_none() {
            let now = self.setting.clock.now();
            let more = leases.more(self.store, now, at);
            let more = beside(writing, &mut written, more).await?;
            self.more += more.len();
            for (_, due) in &more {
                // It may have been visited by others since it was read ahead.
                self.known.remove(&due.id);
            }
            self.queue.add(more, at);
        }
        let may = leases.is_valid(at) || leases.is_idle();
        for written in written {
            self.written.extend(written?);
        }
        Ok(may)
    }

    /// Nothing is left of what was leased; there may be more once it is written and given back.
    fn look_for_more(&mut self, writing: &mut Option<Writing<'a>>) -> Step {
        if writing.is_none() && !self.batch.is_empty() {
            *writing = Some(self.write());
        }
        let may_have_more = self.leases.as_ref().is_some_and(Leases::may_have_more);
        if writing.is_some()
            || !self.written.is_empty()
            || (may_have_more && self.doubtful.is_empty())
        {
            return Step::Wait(self.wake(None));
        }
        Step::End
    }

    /// The next time at which something is to be done, whatever else happens.
    fn wake(&self, until: Option<Duration>) -> Option<Duration> {
        let end = match self.stopped_at {
            Some(stopped) => Some(stopped + GRACE),
            None => self.setting.options.budget,
        };
        let late = self.batch_since.map(|since| since + self.latest());
        let leases = self.leases.as_ref().and_then(Leases::wake);
        [until, end, late, leases].into_iter().flatten().min()
    }

    /// How long a visit that is over may wait to be written.
    fn latest(&self) -> Duration {
        match self.leases {
            Some(_) => LATEST_SHARED,
            None => LATEST,
        }
    }

    /// What is known of a source, read ahead for many at once. None where it is not to be asked
    /// now.
    async fn load(&mut self, host: usize, due: &Due) -> Result<Option<Known>, Error> {
        if !self.known.contains_key(&due.id) {
            let ahead = self.queue.left(host).take(AHEAD_OF_HOST);
            let mut ids: Vec<SourceId> = ahead.map(|due| due.id).collect();
            ids.extend(self.queue.untouched(AHEAD).map(|due| due.id));
            ids.retain(|id| !self.known.contains_key(id));
            ids.push(due.id);
            let loaded = self.store.load(&ids).await?;
            self.known
                .extend(loaded.into_iter().map(|known| (known.id, known)));
        }
        let known = self.known.remove(&due.id);
        let now = self.setting.clock.now();
        let bounds = self.setting.options.bounds;
        let is_excluded = |known: &Known| {
            *self.which == Which::Due && due::is_excluded(&known.history, now, bounds)
        };
        match known {
            Some(known) if !is_excluded(&known) => Ok(Some(known)),
            known => {
                if let (Some(leases), Some(known)) = (&mut self.leases, known) {
                    // It would be leased again and again.
                    let until = due::allowed(&known.history, now);
                    self.store.postpone(known.id, until).await?;
                    leases.done(&address::host_of(&due.url), 1);
                }
                Ok(None)
            }
        }
    }

    /// A visit is over.
    fn land(&mut self, host: usize, visited: Visited) {
        let at = self.setting.clock.elapsed();
        if let Some((key, until)) = &visited.host_pause {
            let stopped = self.queue.stop(key).count();
            self.summary.paused += stopped;
            if let Some(leases) = &mut self.leases {
                leases.done(key, stopped);
            }
            self.batch.pause(key.clone(), *until);
        }
        self.queue.done(host, at);
        match visited.network {
            Network::Doubtful if self.network != Network::There => {
                self.doubtful.push(visited);
                if self.doubtful.len() >= DOUBTS {
                    self.stop();
                }
                return;
            }
            Network::There if self.network != Network::There => {
                self.network = Network::There;
                self.settle_doubts();
            }
            _ => {}
        }
        self.batch.push(visited);
        self.batch_since.get_or_insert(at);
    }

    /// Failures count if somebody else answered; if nobody did, they say nothing.
    fn settle_doubts(&mut self) {
        let doubtful = std::mem::take(&mut self.doubtful);
        // Where only sources were asked that could not be found before, they are at fault.
        let is_news = doubtful.iter().any(|visited| visited.history.failures == 1);
        if self.network != Network::There && is_news {
            self.summary.is_offline = true;
            self.summary.left += doubtful.len();
            return;
        }
        for visited in doubtful {
            self.batch.push(visited);
        }
    }

    fn stop(&mut self) {
        self.stopped_at = Some(self.setting.clock.elapsed());
        self.summary.left += self.queue.stop_all().count();
    }

    /// Begins to write what was gathered.
    fn write(&mut self) -> Writing<'a> {
        self.batch_since = None;
        let batch = std::mem::take(&mut self.batch);
        let (store, bounds) = (self.store, self.setting.options.bounds);
        let (readers, now) = (&self.visitor.readers, self.setting.clock.now());
        let worker = self.leases.as_ref().map(Leases::worker);
        async move { batch.write(store, readers, bounds, now, worker).await }.boxed_local()
    }

    fn tell(&mut self, written: &[Written], watch: &mut dyn FnMut(Event<'_>)) {
        if self.more > 0 {
            watch(Event::More(std::mem::take(&mut self.more)));
        }
        for Written { seen, is_lost } in written {
            if let Some(leases) = &mut self.leases {
                leases.done(&address::host_of(&seen.source.url), 1);
            }
            if *is_lost {
                self.summary.left += 1;
                continue;
            }
            self.summary.visits += 1;
            self.summary.failures += usize::from(!seen.visit.outcome.is_success());
            watch(Event::Visited(seen));
        }
    }
}

/// Waits for something while a batch is being written, which goes on.
async fn beside<T>(
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
async fn next_written(writing: &mut Option<Writing<'_>>) -> Option<Result<Vec<Written>, Error>> {
    let written = writing.as_mut()?.await;
    *writing = None;
    Some(written)
}
