//! The past of sources that were just added.

use std::time::Duration;

use anyhow::Context as _;
use chrono::{DateTime, TimeDelta, Utc};
use lenient_feed::Entry;
use newsdesk::config::Config;
use newsdesk::discover::back::{Back, Fetched, Limits, Step};
use newsdesk::model::{Outcome, SourceId, Visit};
use newsdesk::poll::answer::Answer;
use newsdesk::poll::fetch::visit::{Failure, Fetcher, Request};
use newsdesk::poll::{answer, host, remember};
use newsdesk::store::{Known, Record, Store};
use tokio::time::{Instant, sleep};
use url::Url;

use super::super::{Context, count, say};
use super::rules::Rules;

/// The instant that `--back` names, seen from now.
pub(in crate::commands) fn depth(now: DateTime<Utc>, back: Duration) -> DateTime<Utc> {
    let back = TimeDelta::from_std(back).unwrap_or(TimeDelta::MAX);
    now.checked_sub_signed(back).unwrap_or(DateTime::UNIX_EPOCH)
}

/// Brings the older entries of sources into the store, each with its own date.
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
    let mut pauses = store.host_pauses(context.now).await?;
    for known in store.load(sources).await? {
        let url = Url::parse(&known.source.url).context("a source has an address")?;
        let key = host::key(&url).unwrap_or_default();
        let rests = pauses.get(&key).is_some_and(|until| *until > context.now);
        if rests || !matches!(url.scheme(), "http" | "https") {
            continue;
        }
        let past = walk.go(&url).await;
        if let Some((key, until)) = &past.pause {
            pauses.insert(key.clone(), *until);
        }
        let stored = write(&store, &known, &past, context.now).await?;
        let mut line = format!("{}: {} from its past", known.source.url, entries(stored));
        if let Some(cut) = past.cut {
            line = format!("{line}; {cut}");
        }
        say(&line)?;
    }
    store.close().await;
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
struct Past {
    entries: Vec<Entry>,
    cut: Option<String>,
    bytes: u64,
    pause: Option<(String, DateTime<Utc>)>,
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
    async fn go(&self, url: &Url) -> Past {
        let mut back = Back::new(url, self.limits);
        let mut past = Past::default();
        while let Some(step) = back.step() {
            if Instant::now() >= self.until {
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
