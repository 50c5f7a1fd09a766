//! Asking for what a search wants: each host politely, within a time, nothing twice.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use crate::discover::{Check, Memory, Search, Want};
use crate::poll::Clock;
use crate::poll::answer::Answer;
use crate::poll::fetch::visit::{Failure, Fetcher};
use crate::poll::host::{self, Limits, Next, Queue};
use crate::sources::sites::{self, Lead};
use chrono::{DateTime, Utc};
use futures_util::StreamExt as _;
use futures_util::stream::FuturesUnordered;
use lenient_feed::{Entry, limits};
use tokio::time::{sleep, timeout};
use url::Url;

use super::error::Error;
use super::held::Held;
use super::rules::{Learned, Rules};
use super::setting::{Believe, End, Event, Setting};
use super::visit::{Came, What, check, reason, visit, write_whole};

/// Where what was found is kept, below the newsletter's folder.
const PLACE: &str = ".newsdesk/discover.json";

/// What was found is written each time that so much of it came: a run may be stopped.
const KEEP_EVERY: usize = 64;

/// So often one host is asked in one run, whoever's pages it has.
const PER_HOST: usize = 100;

/// Hosts without an answer after which there seems to be no network, if nobody answered.
const DOUBTS: usize = 12;

/// What a run may use.
pub struct Network<'a> {
    clock: &'a dyn Clock,
    fetcher: Arc<Fetcher>,
    rules: Arc<Rules>,
    limits: Limits,
    now: DateTime<Utc>,
    /// By the clock's count.
    until: Duration,
    memory: Memory,
    believe: Believe,
    place: PathBuf,
    /// Hosts that are left alone, by key, and until when.
    pauses: BTreeMap<String, DateTime<Utc>>,
    /// What is not asked in this run.
    given_up: BTreeSet<Url>,
    /// What failed in a way that may be the network's.
    doubtful: Vec<(Want, Failure)>,
    /// Whether anybody answered.
    is_there: bool,
    /// Requests that were made.
    pub requests: usize,
    /// How often each host was asked, by key.
    asked: BTreeMap<String, usize>,
    /// Whether some host was asked often enough.
    is_enough: bool,
    /// Answers that were read.
    taken: usize,
    /// Feeds that were read, so that a source is filled as soon as it is added.
    held: Held,
}

impl<'a> Network<'a> {
    /// One that has not asked anybody yet.
    pub fn new(setting: Setting<'a>) -> Self {
        let (options, believe) = (setting.options, setting.believe);
        let place = setting.root.join(PLACE);
        let now = setting.clock.now();
        let mut fetch = options.fetch.clone();
        // More of a page is not read, and the beginning of a feed says what it is.
        fetch.max_bytes = fetch.max_bytes.min(limits::PAGE);
        let kept = std::fs::read(&place)
            .ok()
            .filter(|_| believe != Believe::Nothing);
        let mut memory = kept.map_or_else(Memory::default, |text| Memory::parse(&text));
        memory.forget(now);
        Self {
            fetcher: Arc::new(Fetcher::new(fetch)),
            rules: Arc::new(Rules::remembered(memory.robots())),
            limits: Limits {
                all: options.concurrency,
                per_host: options.per_host,
                pause: options.pause,
            },
            now,
            until: setting.clock.elapsed() + setting.time,
            clock: setting.clock,
            memory,
            believe,
            place,
            pauses: setting.pauses,
            given_up: BTreeSet::new(),
            doubtful: Vec::new(),
            is_there: false,
            requests: 0,
            asked: BTreeMap::new(),
            is_enough: false,
            taken: 0,
            held: Held::default(),
        }
    }

    /// Answers what it can from memory.
    pub fn remember(&self, search: &mut Search) {
        while self.recall(search) {}
    }

    /// Asks until nothing is wanted, or the time is up.
    pub async fn explore(
        &mut self,
        search: &mut Search,
        report: &mut (dyn FnMut(Event) + Send),
    ) -> Result<End, Error> {
        let end = loop {
            if self.recall(search) {
                continue;
            }
            let wanted = self.may_ask(search.wanted());
            if wanted.is_empty() {
                break match (self.doubtful.is_empty(), self.is_enough) {
                    (false, _) => End::Offline,
                    (true, true) => End::Enough,
                    (true, false) => End::Done,
                };
            }
            let is_up = !self.round(wanted, search, report).await?;
            self.keep()?;
            if !self.is_there && self.doubtful.len() >= DOUBTS {
                break End::Offline;
            }
            if is_up {
                break End::OutOfTime;
            }
        };
        self.keep()?;
        Ok(end)
    }

    /// What of it may be asked now: not what was given up, nothing of hosts that rest, and of each
    /// host no more than is decent in one run.
    fn may_ask(&mut self, mut wanted: Vec<Want>) -> Vec<Want> {
        wanted.retain(|want| {
            let Some(key) = host::key(want.url()) else {
                return false;
            };
            let rests = self.pauses.get(&key).is_some_and(|until| *until > self.now);
            if rests || self.given_up.contains(want.url()) {
                return false;
            }
            let asked = self.asked.entry(key).or_default();
            if *asked >= PER_HOST {
                self.is_enough = true;
                return false;
            }
            *asked += 1;
            true
        });
        wanted
    }

    /// What is left to ask, by host, the host with the most first.
    pub fn left(&self, search: &Search) -> Vec<(String, usize)> {
        let mut left: BTreeMap<String, usize> = BTreeMap::new();
        for want in search.wanted() {
            let host = want.url().host_str().unwrap_or_default();
            *left.entry(host.to_owned()).or_default() += 1;
        }
        let mut left: Vec<(String, usize)> = left.into_iter().collect();
        left.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
        left
    }

    /// What a feed that was read in this run held, whole.
    pub fn entries(&self, url: &str) -> Vec<Entry> {
        self.held.entries(url)
    }

    /// Why nobody could be reached, as far as anybody said.
    pub fn doubt(&self) -> Option<&str> {
        self.doubtful
            .first()
            .map(|(_, failure)| failure.message.as_str())
    }

    /// The hosts that asked for a pause in this run or before.
    pub fn pauses(&self) -> Vec<(String, DateTime<Utc>)> {
        self.pauses
            .iter()
            .map(|(key, until)| (key.clone(), *until))
            .collect()
    }

    /// Answers from memory; whether there were any.
    fn recall(&self, search: &mut Search) -> bool {
        let all = self.believe != Believe::Findings;
        let mut any = false;
        for want in search.wanted() {
            match want {
                Want::Ask { questions, .. } => {
                    for question in &questions {
                        let lead = self.memory.lead(question, self.now);
                        let known = |lead: &&Lead| all || !matches!(lead, Lead::Nothing(_));
                        if let Some(lead) = lead.filter(known) {
                            search.answered(question, lead);
                            any = true;
                        }
                    }
                }
                Want::Check(url) => {
                    let check = self.memory.check(&url, self.now);
                    let known = |check: &&Check| all || matches!(check, Check::Feed(_));
                    if let Some(check) = check.filter(known) {
                        search.checked(&url, check);
                        any = true;
                    }
                }
            }
        }
        any
    }

    /// Asks for all that is wanted now, reading each answer as it comes; whether there was time.
    async fn round(
        &mut self,
        wanted: Vec<Want>,
        search: &mut Search,
        report: &mut (dyn FnMut(Event) + Send),
    ) -> Result<bool, Error> {
        report(Event::More(wanted.len()));
        let keyed = wanted
            .into_iter()
            .filter_map(|want| Some((host::key(want.url())?, want)));
        let mut queue = Queue::new(self.limits, keyed);
        let clock = self.clock;
        let began = clock.elapsed();
        let passed = || clock.elapsed().saturating_sub(began);
        let (fetcher, rules) = (Arc::clone(&self.fetcher), Arc::clone(&self.rules));
        let pause = self.limits.pause;
        let mut visits = FuturesUnordered::new();
        loop {
            let wait = match queue.next(passed()) {
                Next::Visit(number, want) => {
                    let visit = visit(&fetcher, want, &rules, pause);
                    visits.push(async move { (number, visit.await) });
                    continue;
                }
                Next::Wait(time) => Some(time.saturating_sub(passed())),
                Next::Busy => None,
                Next::Done => return Ok(true),
            };
            let turn = async {
                match wait {
                    Some(time) => tokio::select! {
                        over = visits.next(), if !visits.is_empty() => over,
                        () = sleep(time) => None,
                    },
                    None => visits.next().await,
                }
            };
            let Ok(over) = timeout(self.until.saturating_sub(clock.elapsed()), turn).await else {
                return Ok(false);
            };
            let Some((number, over)) = over else { continue };
            queue.done(number, passed());
            if let Some((key, until)) = over.pause(self.now) {
                queue.stop(&key).for_each(drop);
                self.pauses.insert(key, until);
            }
            report(Event::Asked);
            self.take(over, search);
            self.taken += 1;
            if self.taken.is_multiple_of(KEEP_EVERY) {
                self.keep()?;
            }
        }
    }

    fn take(&mut self, came: Came, search: &mut Search) {
        self.requests += came.learned.len() + 1;
        for Learned { origin, text } in came.learned {
            self.memory.keep_robots(&origin, text, self.now);
        }
        match came.what {
            What::Forbidden => {
                if let Want::Ask { questions, .. } = &came.want {
                    for question in questions {
                        let lead = sites::forbidden(question);
                        self.memory.keep_lead(question, lead.clone(), self.now);
                        search.answered(question, &lead);
                    }
                }
            }
            What::Failure(failure) if failure.is_offline && !self.is_there => {
                self.given_up.insert(came.want.url().clone());
                self.doubtful.push((came.want, failure));
            }
            What::Failure(failure) => self.fail(&came.want, &failure, search),
            What::Answer(answer) => {
                self.is_there = true;
                for (want, failure) in std::mem::take(&mut self.doubtful) {
                    self.fail(&want, &failure, search);
                }
                self.read(&came.want, &answer, search);
            }
        }
    }

    fn fail(&mut self, want: &Want, failure: &Failure, search: &mut Search) {
        match want {
            Want::Check(url) => {
                let check = if failure.is_no_host {
                    Check::Not(failure.message.clone())
                } else {
                    Check::NoAnswer(failure.message.clone())
                };
                self.memory.keep_check(url, check.clone(), self.now);
                search.checked(url, &check);
            }
            Want::Ask { questions, .. } => {
                for question in questions {
                    let lead = sites::unanswered(question, &reason(failure));
                    self.memory.keep_lead(question, lead.clone(), self.now);
                    search.answered(question, &lead);
                }
            }
        }
    }

    fn read(&mut self, want: &Want, answer: &Answer, search: &mut Search) {
        let busy = matches!(answer.status, 429 | 503);
        match want {
            Want::Check(url) => {
                let check = check(url, answer);
                if let Check::Feed(summary) = &check {
                    self.held.keep(&summary.url, answer);
                }
                if !busy {
                    self.memory.keep_check(url, check.clone(), self.now);
                }
                search.checked(url, &check);
            }
            Want::Ask { questions, .. } => {
                let answer = sites::Answer {
                    url: &answer.url,
                    status: answer.status,
                    content_type: answer.fields.content_type.as_deref(),
                    links: &answer.fields.links,
                    body: &answer.body,
                };
                for question in questions {
                    let lead = sites::read(question, &answer);
                    if !busy {
                        self.memory.keep_lead(question, lead.clone(), self.now);
                    }
                    search.answered(question, &lead);
                }
            }
        }
    }

    /// Writes what was found. An exploration that is cut off has not done so with the last of it.
    ///
    /// # Errors
    ///
    /// Where the file cannot be written.
    pub fn keep(&self) -> Result<(), Error> {
        write_whole(&self.place, &self.memory.print()).map_err(|source| Error::Memory {
            path: self.place.clone(),
            source,
        })
    }
}
