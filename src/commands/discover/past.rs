//! The past of sources that were just added.

use std::collections::BTreeMap;
use std::time::Duration;

use anyhow::Context as _;
use chrono::{DateTime, TimeDelta, Utc};
use futures_util::stream::{self, StreamExt as _};
use newsdesk::config::Config;
use newsdesk::discover::back::{Back, Fetched, Limits, Step};
use newsdesk::model::{Outcome, SourceId, Visit};
use newsdesk::poll::answer::Answer;
use newsdesk::poll::fetch::visit::{Failure, Fetcher, Request};
use newsdesk::poll::{answer, host, remember};
use newsdesk::sources::Entry;
use newsdesk::store::{Known, Record, Store};
use tokio::time::{Instant, sleep};
use url::Url;

use super::super::{Context, count, say};
use super::journal::Journal;
use super::rules::Rules;

/// The instant that `--back` names, seen from now.
pub(in crate::commands) fn depth(now: DateTime<Utc>, back: Duration) -> DateTime<Utc> {
    let back = TimeDelta::from_std(back).unwrap_or(TimeDelta::MAX);
    now.checked_sub_signed(back).unwrap_or(DateTime::UNIX_EPOCH)
}

/// Brings the older entries of sources into the store, each with its own date. Hosts are asked
/// beside one another, the sources of one host after one another. What was read is remembered, so
/// that another run goes on where this one stopped.
pub(in crate::commands) async fn bring(
    context: &Context,
    config: &Config,
    sources: &[SourceId],
    back: Duration,
    time: Duration,
) -> anyhow::Result<()> {
    let store = Store::open(&config.store).await?;
    let walk = Walk {
        fetcher: Fetcher::new(config.poll.fetch.clone()),
        rules: Rules::default(),
        pause: config.poll.pause,
        until: Instant::now() + time,
        limits: Limits::since(depth(context.now, back)),
        now: context.now,
    };
    let mut journal = Journal::read(config);
    let pauses = store.host_pauses(context.now).await?;
    let mut by_host: BTreeMap<String, Vec<(Known, Url)>> = BTreeMap::new();
    let mut done = 0;
    for known in store.load(sources).await? {
        let url = Url::parse(&known.source.url).context("a source has an address")?;
        let key = host::key(&url).unwrap_or_default();
        let rests = pauses.get(&key).is_some_and(|until| *until > context.now);
        if journal.is_done(&known.source.url, walk.limits.since) {
            done += 1;
        } else if !rests && matches!(url.scheme(), "http" | "https") {
            by_host.entry(key).or_default().push((known, url));
        }
    }
    if done > 0 {
        say(&format!(
            "the past of {} is here already",
            count(done, "source")
        ))?;
    }
    let walk = &walk;
    let groups = by_host.into_values().map(|group| {
        let group = group.into_iter().map(|(known, url)| {
            let passed = journal.passed(&known.source.url);
            (known, url, passed)
        });
        stream::iter(group.collect::<Vec<_>>())
            .then(move |(known, url, passed)| async move {
                let past = walk.go(&url, &passed).await;
                (known, past)
            })
            .boxed()
    });
    let groups: Vec<_> = groups.collect();
    let mut walks =
        stream::iter(groups).flatten_unordered(config.poll.concurrency.clamp(1, AT_ONCE));
    while let Some((known, past)) = walks.next().await {
        let stored = write(&store, &known, &past, context.now).await?;
        journal.note(&known.source.url, &past, walk.limits.since);
        journal.write(config)?;
        let mut line = format!("{}: {} from its past", known.source.url, entries(stored));
        if let Some(cut) = &past.cut {
            line = format!("{line}; {cut}");
        }
        say(&line)?;
    }
    drop(walks);
    store.close().await;
    Ok(())
}

/// So many hosts are asked for the past at once.
const AT_ONCE: usize = 8;

/// Writes what a new source's feed held when it was looked at.
pub(in crate::commands) async fn fill(
    store: &Store,
    source: SourceId,
    entries: Vec<Entry>,
    now: DateTime<Utc>,
) -> anyhow::Result<()> {
    if entries.is_empty() {
        return Ok(());
    }
    for known in store.load(&[source]).await? {
        let found = Past {
            entries: entries.clone(),
            ..Past::default()
        };
        write(store, &known, &found, now).await?;
    }
    Ok(())
}

fn entries(number: usize) -> String {
    if number == 1 {
        "1 entry".to_owned()
    } else {
        format!("{number} entries")
    }
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

struct Walk {
    fetcher: Fetcher,
    rules: Rules,
    pause: Duration,
    until: Instant,
    limits: Limits,
    now: DateTime<Utc>,
}

impl Walk {
    /// One request after another, with a rest between two, until the way ends.
    async fn go(&self, url: &Url, passed: &[Url]) -> Past {
        let mut back = Back::new(url, self.limits);
        back.pass_over(passed.iter().cloned());
        let mut past = Past::default();
        let mut is_late = false;
        while let Some(step) = back.step() {
            if Instant::now() >= self.until {
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
) -> anyhow::Result<usize> {
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
            message: Some(format!("its past: {}", count(entries.len(), "item"))),
        },
        seen: entries.iter().map(|(mark, _)| *mark).collect(),
        entries,
    };
    let pauses: Vec<(String, DateTime<Utc>)> = past.pause.clone().into_iter().collect();
    let stored = store.record(&[record], &pauses, now).await?;
    Ok(stored.iter().map(|it| it.new as usize).sum())
}
