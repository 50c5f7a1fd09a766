//! One run: every source that is due, many hosts at once, each host politely, written in batches.

use std::collections::{BTreeMap, HashMap};
use std::time::Duration;

use chrono::{DateTime, Utc};
use futures_util::StreamExt as _;
use futures_util::future::{FutureExt as _, LocalBoxFuture};
use futures_util::stream::FuturesUnordered;
use tokio::time::sleep;

use super::batch::{Batch, Rules, Written};
use super::beside::{Writing, beside, next_written};
use super::choose::begin;
use super::due;
use super::fetch::visit::Fetcher;
use super::host::{Limits, Next, Queue};
use super::leases::Leases;
use super::onward::Elsewhere;
use super::readers::Readers;
use super::setting::{Error, Event, Setting, Summary, Which};
use super::visit::{Landed, Network, Onward, Visited, Visitor};
use crate::model::{Outcome, Pace, SourceId, address};
use crate::store::{Due, Known, Store};

/// How long visits that are on their way may go on after the run was told to stop ...
const GRACE: Duration = Duration::from_secs(8);

/// ... and after its own time was up.
const GRACE_OF_BUDGET: Duration = Duration::from_secs(3);

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
    store.mend_clock(now, due::longest(options.bounds)).await?;
    let mut leases = store
        .is_shared()
        .then(|| Leases::new(options, *which == Which::Due));
    let chosen = begin(setting, store, which, leases.as_mut(), &mut summary).await?;
    if chosen.is_empty() && leases.as_ref().is_none_or(|leases| !leases.may_have_more()) {
        return Ok(summary);
    }
    watch(Event::Begun(chosen.len()));
    let pauses = store.host_pauses(now).await?;
    let paces = store.paces().await?;
    let visitor = Visitor {
        options,
        root: setting.root.clone(),
        fetcher: Fetcher::new(options.fetch.clone()),
        clock: setting.clock,
        secrets: setting.secrets,
        readers: Readers::new(),
    };
    let keyed: Vec<(String, Task)> = chosen
        .into_iter()
        .filter(|(key, _)| {
            let is_paused = pauses.get(key).is_some_and(|until| *until > now);
            summary.paused += usize::from(is_paused);
            if let Some(leases) = leases.as_mut().filter(|_| is_paused) {
                leases.done(key, 1);
            }
            !is_paused
        })
        .map(as_task)
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
        pauses,
        paces,
        elsewhere: Elsewhere::default(),
        batch: Batch::default(),
        batch_since: None,
        doubtful: Vec::new(),
        network: Network::Unused,
        stopped_at: None,
        grace: GRACE,
        leases,
        more: 0,
        written: Vec::new(),
        summary,
    };
    run.finish(watch).await
}

type Flight<'a> = LocalBoxFuture<'a, Flown>;

/// A run under way.
struct Run<'a> {
    setting: &'a Setting<'a>,
    store: &'a Store,
    which: &'a Which,
    visitor: &'a Visitor<'a>,
    queue: Queue<Task>,
    /// Histories that were read ahead.
    known: HashMap<SourceId, Known>,
    /// The hosts that want to be left alone, and until when.
    pauses: BTreeMap<String, DateTime<Utc>>,
    /// How often hosts may be asked, as they taught.
    paces: BTreeMap<String, Pace>,
    /// Visits that redirects led to hosts which are to be leased first.
    elsewhere: Elsewhere,
    batch: Batch,
    /// When the first visit of the batch was over.
    batch_since: Option<Duration>,
    /// Failures that count only if there is a network.
    doubtful: Vec<Visited>,
    network: Network,
    /// When the run was told to stop.
    stopped_at: Option<Duration>,
    /// How long it may go on then.
    grace: Duration,
    /// What is leased, where many workers share the store.
    leases: Option<Leases>,
    /// Sources that were leased since the watcher heard of some.
    more: usize,
    /// Visits that were written and not yet told of.
    written: Vec<Written>,
    summary: Summary,
}

/// What is asked of a host.
#[derive(Debug)]
enum Task {
    /// A source of its own.
    Visit(Due),
    /// What a redirect led there.
    GoOn(Box<Onward>),
}

/// A request that is over.
struct Flown {
    /// The number of the host that was asked.
    host: usize,
    /// Its name, where a redirect led there.
    guest: Option<String>,
    landed: Landed,
}

fn as_task((key, due): (String, Due)) -> (String, Task) {
    (key, Task::Visit(due))
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
                Some(flown) = flights.next() => self.land(flown),
                () = sleep(wait.unwrap_or_default()), if wait.is_some() => {}
            }
        }
        let written = std::mem::take(&mut self.written);
        self.tell(&written, watch);
        // What has not come by now is visited the next time.
        self.summary.left += flights.len();
        drop(flights);
        if self.stopped_at.is_some() {
            self.visitor.readers.end();
        }
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
                self.grace = GRACE_OF_BUDGET;
                self.stop();
            }
            if self
                .stopped_at
                .is_some_and(|stopped| at >= stopped + self.grace)
            {
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
                Next::Visit(host, task) => match self.take_off(host, task).await? {
                    Some(flight) => flights.push(flight),
                    None => self.queue.done(host, Duration::ZERO),
                },
            }
        }
    }

    /// Begins what is asked of a host; `None` where it is not to be asked now.
    async fn take_off(&mut self, host: usize, task: Task) -> Result<Option<Flight<'a>>, Error> {
        let visitor = self.visitor;
        Ok(match task {
            Task::Visit(due) => self.load(host, &due).await?.map(|known| {
                let flight = async move {
                    Flown {
                        host,
                        guest: None,
                        landed: visitor.visit(known).await,
                    }
                };
                flight.boxed_local()
            }),
            Task::GoOn(onward) => {
                let flight = async move {
                    Flown {
                        host,
                        guest: Some(onward.host()),
                        landed: visitor.go_on(*onward).await,
                    }
                };
                Some(flight.boxed_local())
            }
        })
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
            self.queue.add(more.into_iter().map(as_task), at);
            let hosts = leases.guests(self.store, self.elsewhere.hosts(at));
            let hosts = beside(writing, &mut written, hosts).await;
            for (host, onward) in self.elsewhere.first(hosts) {
                let task = Task::GoOn(Box::new(onward));
                self.queue.add_first(host, task, at);
            }
            for onward in self.elsewhere.given_up(at) {
                self.summary.left += 1;
                leases.done(&address::host_of(onward.source()), 1);
            }
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
            || self.elsewhere.wake().is_some()
            || (may_have_more && self.doubtful.is_empty())
        {
            return Step::Wait(self.wake(None));
        }
        Step::End
    }

    /// The next time at which something is to be done, whatever else happens.
    fn wake(&self, until: Option<Duration>) -> Option<Duration> {
        let end = match self.stopped_at {
            Some(stopped) => Some(stopped + self.grace),
            None => self.setting.options.budget,
        };
        let late = self.batch_since.map(|since| since + self.latest());
        let leases = self.leases.as_ref().and_then(Leases::wake);
        let elsewhere = self.elsewhere.wake();
        let times = [until, end, late, leases, elsewhere];
        times.into_iter().flatten().min()
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
            let id = |task: &Task| match task {
                Task::Visit(due) => Some(due.id),
                Task::GoOn(_) => None,
            };
            let ahead = self.queue.left(host).take(AHEAD_OF_HOST);
            let mut ids: Vec<SourceId> = ahead.filter_map(id).collect();
            ids.extend(self.queue.untouched(AHEAD).filter_map(id));
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

    /// A host has answered, or will not.
    fn land(&mut self, flown: Flown) {
        let at = self.setting.clock.elapsed();
        self.queue.done(flown.host, at);
        if let (Some(leases), Some(guest)) = (&mut self.leases, &flown.guest) {
            leases.done(guest, 1);
        }
        match flown.landed {
            Landed::Over(visited) => self.over(visited, at),
            Landed::Onward(onward) => self.send_on(onward, at),
        }
    }

    /// A redirect leads to another host: whoever asks it waits for his turn there, too.
    fn send_on(&mut self, onward: Onward, at: Duration) {
        self.answered();
        if self.stopped_at.is_some() {
            self.summary.left += 1;
            return;
        }
        let (host, now) = (onward.host(), self.setting.clock.now());
        match self.pauses.get(&host) {
            Some(until) if *until > now => {
                let visited = onward.turned_away(*until);
                self.over(visited, at);
            }
            _ if self.leases.is_some() => self.elsewhere.add(onward, at),
            _ => self.queue.add_first(host, Task::GoOn(Box::new(onward)), at),
        }
    }

    /// A visit is over.
    fn over(&mut self, visited: Visited, at: Duration) {
        self.learn_pace(&visited, at);
        if let Some((host, until)) = &visited.host_pause {
            self.leave_alone(host, *until, at);
        }
        match visited.network {
            Network::Doubtful if self.network != Network::There => {
                self.doubtful.push(visited);
                if self.doubtful.len() >= DOUBTS {
                    self.stop();
                }
                return;
            }
            Network::There => self.answered(),
            _ => {}
        }
        self.batch.push(visited);
        self.batch_since.get_or_insert(at);
    }

    /// A host that refused what came too soon gets its rest after each request, in this run and after
    /// it; what is still due is asked in the order in which it has waited.
    fn learn_pace(&mut self, visited: &Visited, at: Duration) {
        let now = self.setting.clock.now();
        let (host, pace) = match &visited.host_pause {
            Some((host, until)) if visited.visit.outcome == Outcome::Busy => {
                let before = self.paces.get(host).copied();
                (host.clone(), Pace::refused(before, Some(*until), now))
            }
            _ if visited.network == Network::There => {
                let host = address::host_of(&visited.source.url);
                let Some(pace) = self.paces.get(&host).copied() else {
                    return;
                };
                let pace = pace.answered(now);
                if let Some(pace) = pace {
                    self.leave_alone(&host, now + pace.spacing, at);
                }
                (host, pace)
            }
            _ => return,
        };
        let known = match pace {
            Some(pace) => self.paces.insert(host.clone(), pace),
            None => self.paces.remove(&host),
        };
        if known != pace {
            self.batch.pace(host, pace);
        }
    }

    /// A host has had enough.
    fn leave_alone(&mut self, host: &str, until: DateTime<Utc>, at: Duration) {
        self.batch.pause(host.to_owned(), until);
        self.pauses.insert(host.to_owned(), until);
        let left: Vec<Task> = self.queue.stop(host).collect();
        if let Some(leases) = &mut self.leases {
            leases.done(host, left.len());
        }
        let mut turned_away = self.elsewhere.all_of(host);
        for task in left {
            match task {
                Task::Visit(_) => self.summary.paused += 1,
                Task::GoOn(onward) => turned_away.push(*onward),
            }
        }
        for onward in turned_away {
            self.over(onward.turned_away(until), at);
        }
    }

    /// There is a network.
    fn answered(&mut self) {
        if self.network != Network::There {
            self.network = Network::There;
            self.settle_doubts();
        }
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
        self.summary.left += self.queue.stop_all().count() + self.elsewhere.end();
    }

    /// Begins to write what was gathered.
    fn write(&mut self) -> Writing<'a> {
        self.batch_since = None;
        let batch = std::mem::take(&mut self.batch);
        let (store, options) = (self.store, self.setting.options);
        let rules = Rules {
            bounds: options.bounds,
            work: options.fetch.work,
        };
        let (readers, now) = (&self.visitor.readers, self.setting.clock.now());
        let worker = self.leases.as_ref().map(Leases::worker);
        async move { batch.write(store, readers, rules, now, worker).await }.boxed_local()
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
