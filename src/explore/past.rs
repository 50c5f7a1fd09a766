//! The past of sources that were just added.

use std::time::Duration;

use crate::discover::back::{Back, Fetched, Limits, Step};
use crate::model::{Outcome, SourceId, Visit};
use crate::poll::answer::Answer;
use crate::poll::fetch::visit::{Failure, Fetcher, Request};
use crate::poll::{self, Clock, answer, host, remember};
use crate::store::{Known, Record, Store};
use chrono::{DateTime, TimeDelta, Utc};
use lenient_feed::Entry;
use tokio::time::sleep;
use url::Url;

use super::error::Error;
use super::rules::Rules;

/// How far and for how long the past is followed.
#[derive(Clone, Copy, Debug)]
pub struct Depth {
    /// Back to so long ago.
    pub back: Duration,
    /// Asking ends after so long.
    pub time: Duration,
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

/// Brings the older entries of sources into the store, each with its own date.
///
/// # Errors
///
/// Where the store cannot be read or written.
pub async fn bring(
    (options, clock): (&poll::Options, &dyn Clock),
    store: &Store,
    sources: &[SourceId],
    depth: Depth,
    report: &mut dyn FnMut(Brought),
) -> Result<(), Error> {
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
    let mut pauses = store.host_pauses(now).await?;
    for known in store.load(sources).await? {
        let Ok(url) = Url::parse(&known.source.url) else {
            continue;
        };
        let key = host::key(&url).unwrap_or_default();
        let rests = pauses.get(&key).is_some_and(|until| *until > now);
        if rests || !matches!(url.scheme(), "http" | "https") {
            continue;
        }
        let past = walk.go(&url).await;
        if let Some((key, until)) = &past.pause {
            pauses.insert(key.clone(), *until);
        }
        report(Brought {
            new: write(store, &known, &past, now).await?,
            url: known.source.url,
            cut: past.cut,
        });
    }
    Ok(())
}

/// What was found of one source's past.
#[derive(Default)]
struct Past {
    entries: Vec<Entry>,
    cut: Option<String>,
    bytes: u64,
    pause: Option<(String, DateTime<Utc>)>,
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
    async fn go(&self, url: &Url) -> Past {
        let mut back = Back::new(url, self.limits);
        let mut past = Past::default();
        while let Some(step) = back.step() {
            if self.clock.elapsed() >= self.until {
                past.cut = Some("the time was up".to_owned());
                break;
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
                        break;
                    }
                    back.fail(&step);
                }
                Err(failure) => {
                    past.cut = Some(failure.message);
                    back.fail(&step);
                }
            }
            sleep(self.pause).await;
        }
        past.cut = past.cut.or_else(|| back.cut().map(str::to_owned));
        past
    }

    /// Asks for a step of the way; `None` where a page's host does not let programs read it.
    async fn ask(&self, step: &Step) -> Result<Option<Answer>, Failure> {
        let request = Request {
            url: step.url().to_string(),
            ..Request::default()
        };
        let is_page = matches!(step, Step::Page(_));
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
