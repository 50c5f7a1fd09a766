//! The past of sources.

use std::collections::BTreeMap;
use std::path::Path;
use std::time::Duration;

use crate::discover::back::{Back, Fetched, Limits, Step};
use crate::model::{Outcome, SourceId, Visit};
use crate::poll::answer::Answer;
use crate::poll::fetch::visit::{Failure, Fetcher, Request};
use crate::poll::{self, Clock, answer, host, remember};
use crate::store::{Known, Record, Store};
use chrono::{DateTime, TimeDelta, Utc};
use futures_util::stream::{self, StreamExt as _};
use lenient_feed::Entry;
use tokio::time::sleep;
use url::Url;

use super::error::Error;
use super::journal::Journal;
use super::rules::Rules;

/// How far and for how long the past is followed.
#[derive(Clone, Copy, Debug)]
pub struct Depth {
    /// Back to so long ago.
    pub back: Duration,
    /// Asking ends after so long.
    pub time: Duration,
}

/// What bringing the past is given.
#[derive(Clone, Copy)]
pub struct Way<'a> {
    /// How hosts are asked.
    pub options: &'a poll::Options,
    /// The newsletter's folder: how far the past was read is remembered below it.
    pub root: &'a Path,
    /// The time.
    pub clock: &'a dyn Clock,
}

impl std::fmt::Debug for Way<'_> {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("Way")
            .field("root", &self.root)
            .finish_non_exhaustive()
    }
}

/// What came of one source's past.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Brought {
    /// The source.
    pub url: String,
    /// Its entries that were not known before.
    pub new: usize,
    /// Why the way back ended early.
    pub cut: Option<String>,
}

/// Brings the older entries of sources into the store, each with its own date, and gives how many
/// sources needed nothing: their past is there. Hosts are asked beside one another, the sources of
/// one host after one another. What was read is remembered, so that another run goes on where this
/// one stopped.
///
/// # Errors
///
/// Where the store cannot be read or written.
pub async fn bring(
    way: Way<'_>,
    store: &Store,
    sources: &[SourceId],
    depth: Depth,
    report: &mut dyn FnMut(Brought),
) -> Result<usize, Error> {
    let Way {
        options,
        root,
        clock,
    } = way;
    let now = clock.now();
    let back = TimeDelta::from_std(depth.back).unwrap_or(TimeDelta::MAX);
    let since = now.checked_sub_signed(back).unwrap_or(DateTime::UNIX_EPOCH);
    let walk = Walk {
        fetcher: Fetcher::new(options.fetch.clone()),
        rules: Rules::default(),
        pause: options.pause,
        until: clock.elapsed() + depth.time,
        clock,
        limits: Limits::since(since),
        now,
    };
    let mut journal = Journal::read(root);
    let pauses = store.host_pauses(now).await?;
    let mut by_host: BTreeMap<String, Vec<(Known, Url, Vec<Url>)>> = BTreeMap::new();
    let mut done = 0;
    for known in store.load(sources).await? {
        let Ok(url) = Url::parse(&known.source.url) else {
            continue;
        };
        let key = host::key(&url).unwrap_or_default();
        let rests = pauses.get(&key).is_some_and(|until| *until > now);
        if journal.is_done(&known.source.url, since) {
            done += 1;
        } else if !rests && matches!(url.scheme(), "http" | "https") {
            let passed = journal.passed(&known.source.url);
            by_host.entry(key).or_default().push((known, url, passed));
        }
    }
    let walk = &walk;
    let of_host = |group: Vec<(Known, Url, Vec<Url>)>| {
        stream::iter(group)
            .then(move |(known, url, passed)| async move {
                let past = walk.go(&url, passed).await;
                (known, past)
            })
            .boxed_local()
    };
    let hosts: Vec<_> = by_host.into_values().map(of_host).collect();
    let at_once = options.concurrency.clamp(1, AT_ONCE);
    let mut walks = stream::iter(hosts).flatten_unordered(at_once);
    while let Some((known, past)) = walks.next().await {
        let new = write(store, &known, &past, now).await?;
        journal.note(&known.source.url, &past, since);
        journal.write(root)?;
        report(Brought {
            new,
            url: known.source.url,
            cut: past.cut,
        });
    }
    Ok(done)
}

/// So many hosts are asked for the past at once.
const AT_ONCE: usize = 8;

/// Writes what a new source's feed held when it was looked at.
///
/// # Errors
///
/// Where the store cannot be read or written.
pub async fn fill(
    store: &Store,
    source: SourceId,
    entries: Vec<Entry>,
    now: DateTime<Utc>,
) -> Result<(), Error> {
    if entries.is_empty() {
        return Ok(());
    }
    let past = Past {
        entries,
        ..Past::default()
    };
    for known in store.load(&[source]).await? {
        write(store, &known, &past, now).await?;
    }
    Ok(())
}

/// What was found of one source's past.
#[derive(Default)]
pub(super) struct Past {
    entries: Vec<Entry>,
    cut: Option<String>,
    bytes: u64,
    pause: Option<(String, DateTime<Utc>)>,
    /// The pages that were read for their titles.
    pub(super) pages: Vec<Url>,
    /// Whether another run would find no more.
    pub(super) is_whole: bool,
}

struct Walk<'a> {
    clock: &'a dyn Clock,
    fetcher: Fetcher,
    rules: Rules,
    pause: Duration,
    /// By the clock's count.
    until: Duration,
    limits: Limits,
    now: DateTime<Utc>,
}

impl Walk<'_> {
    /// One request after another, with a rest between two, until the way ends.
    async fn go(&self, url: &Url, passed: Vec<Url>) -> Past {
        let mut back = Back::new(url, self.limits);
        back.pass_over(passed.into_iter());
        let mut past = Past::default();
        let mut is_late = false;
        while let Some(step) = back.step() {
            if self.clock.elapsed() >= self.until {
                past.cut = Some("the time was up; run it again to go on".to_owned());
                is_late = true;
                break;
            }
            if let Step::Page(page) = &step {
                past.pages.push(page.clone());
            }
            match self.ask(&step).await {
                Ok(None) => continue,
                Ok(Some(answer)) if (200..300).contains(&answer.status) => {
                    past.bytes += answer.body.len() as u64;
                    let fetched = Fetched {
                        url: &answer.url,
                        content_type: answer.fields.content_type.as_deref(),
                        body: &answer.body,
                    };
                    past.entries.extend(back.take(&step, &fetched));
                }
                Ok(Some(answer)) => {
                    if let Some(until) = answer::host_pause(answer.status, &answer.fields, self.now)
                    {
                        past.pause = host::key(&answer.url).map(|key| (key, until));
                        past.cut = Some("its host asked for a pause".to_owned());
                        is_late = true;
                        break;
                    }
                    back.fail(&step);
                }
                Err(failure) => {
                    // Where the feed itself does not answer, another day is better.
                    is_late |= matches!(step, Step::Feed(_));
                    past.cut = Some(failure.message);
                    back.fail(&step);
                }
            }
            sleep(self.pause).await;
        }
        past.is_whole = !is_late && !back.is_limited();
        past.cut = past.cut.or_else(|| back.cut().map(str::to_owned));
        past
    }

    /// Asks for a step of the way; `None` where a page's host does not let programs read it.
    async fn ask(&self, step: &Step) -> Result<Option<Answer>, Failure> {
        let request = Request {
            url: step.url().to_string(),
            ..Request::default()
        };
        let is_page = matches!(step, Step::Page(_) | Step::List(_));
        let may = async |url: &Url| {
            let mut learned = Vec::new();
            Ok(!is_page
                || self
                    .rules
                    .allow(&self.fetcher, url, self.pause, &mut learned)
                    .await?)
        };
        self.fetcher.fetch_where(&request, may).await
    }
}

/// Writes entries as a visit would, without touching what visits have taught.
async fn write(
    store: &Store,
    known: &Known,
    past: &Past,
    now: DateTime<Utc>,
) -> Result<usize, Error> {
    let entries = remember(past.entries.clone(), &known.source, now);
    let record = Record {
        source: known.id,
        moved_to: None,
        history: known.history.clone(),
        visit: Visit {
            at: now,
            outcome: Outcome::Changed,
            status: None,
            took: 0,
            bytes: past.bytes,
            new: 0,
            changed: 0,
            repairs: Vec::new(),
            message: Some(match entries.len() {
                1 => "its past: 1 item".to_owned(),
                items => format!("its past: {items} items"),
            }),
        },
        seen: entries.iter().map(|(mark, _)| *mark).collect(),
        entries,
    };
    let pauses: Vec<(String, DateTime<Utc>)> = past.pause.clone().into_iter().collect();
    let stored = store.record(&[record], &pauses, now).await?;
    Ok(stored.iter().map(|it| it.new as usize).sum())
}
