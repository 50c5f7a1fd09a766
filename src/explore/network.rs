//! Asking for what a search wants: each host politely, within a time, nothing twice.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use crate::discover::{Check, Memory, Search, Want, summary};
use crate::poll::answer::{self, Answer, Cut};
use crate::poll::fetch::visit::{Failure, Fetcher, Request};
use crate::poll::host::{self, Limits, Next, Queue};
use crate::poll::{self, Clock};
use crate::sources::sites::{self, Lead};
use chrono::{DateTime, Utc};
use futures_util::StreamExt as _;
use futures_util::stream::FuturesUnordered;
use lenient_feed::{Hints, limits};
use tokio::time::{sleep, timeout};
use url::Url;

use super::error::Error;
use super::rules::{Learned, Rules};

/// Where what was found is kept, below the newsletter's folder.
const PLACE: &str = ".newsdesk/discover.json";

/// What was found is written each time that so much of it came: a run may be stopped.
const KEEP_EVERY: usize = 64;

/// So often one host is asked in one run, whoever's pages it has.
const PER_HOST: usize = 100;

/// Hosts without an answer after which there seems to be no network, if nobody answered.
const DOUBTS: usize = 12;

/// What asking is given.
pub struct Setting<'a> {
    /// How hosts are asked.
    pub options: &'a poll::Options,
    /// The newsletter's folder: what was found is remembered below it.
    pub root: &'a Path,
    /// The time.
    pub clock: &'a dyn Clock,
    /// Asking ends after so long.
    pub time: Duration,
    /// What of an earlier run is believed.
    pub believe: Believe,
    /// Hosts that are left alone, by key, and until when.
    pub pauses: BTreeMap<String, DateTime<Utc>>,
}

/// What those who watch are told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Event {
    /// So many more are asked.
    More(usize),
    /// One was.
    Asked,
}

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
    doubtful: Vec<(Want, String)>,
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
}

/// What of an earlier run is believed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Believe {
    /// All of it.
    Everything,
    /// What was found; what was not may be there now.
    Findings,
    /// Nothing: all is asked again.
    Nothing,
}

/// Why the asking ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    /// All is known.
    Done,
    /// The time was up.
    OutOfTime,
    /// Some hosts were asked as often as is decent in one run.
    Enough,
    /// Nobody could be reached.
    Offline,
}

/// What came of one want.
struct Came {
    want: Want,
    /// What hosts ask of programs, as far as it had to be fetched on the way.
    learned: Vec<Learned>,
    what: What,
}

enum What {
    Answer(Box<Answer>),
    Failure(Failure),
    /// The host asks that its page is not read by programs.
    Forbidden,
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
                self.doubtful.push((came.want, failure.message));
            }
            What::Failure(failure) => self.fail(&came.want, &failure.message, search),
            What::Answer(answer) => {
                self.is_there = true;
                for (want, message) in std::mem::take(&mut self.doubtful) {
                    self.fail(&want, &message, search);
                }
                self.read(&came.want, &answer, search);
            }
        }
    }

    fn fail(&mut self, want: &Want, message: &str, search: &mut Search) {
        match want {
            Want::Check(url) => {
                let check = Check::Not(message.to_owned());
                self.memory.keep_check(url, check.clone(), self.now);
                search.checked(url, &check);
            }
            Want::Ask { questions, .. } => {
                for question in questions {
                    let lead = sites::unanswered(question, message);
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

    fn keep(&self) -> Result<(), Error> {
        write_whole(&self.place, &self.memory.print()).map_err(|source| Error::Memory {
            path: self.place.clone(),
            source,
        })
    }
}

impl Came {
    /// The host that wants to be left alone, and until when.
    fn pause(&self, now: DateTime<Utc>) -> Option<(String, DateTime<Utc>)> {
        let What::Answer(answer) = &self.what else {
            return None;
        };
        let until = answer::host_pause(answer.status, &answer.fields, now)?;
        Some((host::key(&answer.url)?, until))
    }
}

/// Whether what is wanted is a page, for which `robots.txt` speaks; not so feeds and interfaces.
fn is_page(want: &Want) -> bool {
    match want {
        Want::Ask { questions, .. } => questions.iter().any(|question| !question.interface),
        Want::Check(_) => false,
    }
}

/// Fetches what is wanted; where it is a page, after a look at what its host asks of programs,
/// and so does each host that a redirect leads to.
async fn visit(fetcher: &Fetcher, want: Want, rules: &Rules, pause: Duration) -> Came {
    let learned = Mutex::new(Vec::new());
    let request = Request {
        url: want.url().to_string(),
        ..Request::default()
    };
    let asks = is_page(&want);
    let may = async |url: &Url| {
        if !asks {
            return Ok(true);
        }
        let mut new = Vec::new();
        let may = rules.allow(fetcher, url, pause, &mut new).await;
        learned
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .append(&mut new);
        may
    };
    let what = match fetcher.fetch_where(&request, may).await {
        Ok(Some(answer)) => What::Answer(Box::new(answer)),
        Ok(None) => What::Forbidden,
        Err(failure) => What::Failure(failure),
    };
    Came {
        want,
        learned: learned.into_inner().unwrap_or_else(PoisonError::into_inner),
        what,
    }
}

/// What is at the address of a candidate.
fn check(url: &Url, answer: &Answer) -> Check {
    if !(200..300).contains(&answer.status) {
        return Check::Not(format!("`{url}` answered {}", answer.status));
    }
    let hints = Hints {
        content_type: answer.fields.content_type.as_deref(),
        url: Some(&answer.url),
        ..Hints::default()
    };
    match lenient_feed::parse(&answer.body, &hints) {
        Ok(feed) => Check::Feed(summary(&feed, &settled(url, answer))),
        Err(_) if answer.cut == Some(Cut::TooLarge) => Check::Not(format!("`{url}` is too large")),
        Err(error) => Check::Not(format!("`{url}`: {error}")),
    }
}

/// The address as permanent redirects have it; a temporary one is nobody's address.
fn settled(url: &Url, answer: &Answer) -> Url {
    let mut settled = url.clone();
    for hop in answer
        .hops
        .iter()
        .take_while(|hop| matches!(hop.status, 301 | 308))
    {
        settled = hop.to.clone();
    }
    settled
}

/// Writes a file so that it is there whole or as it was.
fn write_whole(place: &Path, text: &str) -> io::Result<()> {
    let folder = place.parent().unwrap_or(Path::new("."));
    std::fs::create_dir_all(folder)?;
    let mut file = tempfile::NamedTempFile::new_in(folder)?;
    file.write_all(text.as_bytes())?;
    file.persist(place)?;
    Ok(())
}
