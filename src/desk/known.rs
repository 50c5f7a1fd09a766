//! What is known when suggestions are made: past readings, decisions, what was shown.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::time::Duration;

use super::archive::Archive;
use crate::config::Config;
use crate::feeds::shown;
use crate::feeds::text::excerpt;
use crate::model::{EntryId, Issue, SourceId, address};
use crate::store::{self, Outline, Store};
use crate::suggest::{Answer, Decision, Item, Pick};
use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use url::Url;

use super::error::Error;
use super::published::note_published;

/// For so many days an entry is available for an issue, if issues do not come less often.
const LEAST_WINDOW: i64 = 14;
/// And for no longer than this, where nothing says it.
const MOST_WINDOW: i64 = 62;
/// The issues that show how often they come.
const RHYTHM: usize = 12;
/// For how long it counts that something was shown.
const SHOWN: TimeDelta = TimeDelta::days(120);
/// So much of a commentary is learned from, in characters.
const COMMENTARY: usize = 2_000;
/// Entries that are read from the store at once.
const AT_ONCE: usize = 5_000;

/// What is known of a newsletter, apart from the entries.
pub struct Known {
    /// The readings of the issues that are out.
    pub picks: Vec<Pick>,
    /// The decisions that hold; of accepted ones, those that no issue has published yet.
    pub decisions: Vec<Decision>,
    /// What is no candidate: what a draft has, or an issue whose day is to come.
    pub away: HashSet<EntryId>,
    /// What was put off, and whose time has come.
    pub back: Vec<EntryId>,
    /// How often candidates were shown on days before this one.
    pub shown: BTreeMap<String, u32>,
    /// Who recommends, whoever recommended most first.
    pub curators: Vec<String>,
    /// For how many days an entry is taken to have been available for an issue.
    pub window_days: i32,
    /// What each source is called.
    pub sources: HashMap<SourceId, String>,
}

impl Known {
    /// Reads the archive and the store.
    pub async fn gather(config: &Config, store: &Store, now: DateTime<Utc>) -> Result<Self, Error> {
        let archive = Archive::read(config)?;
        note_published(config, &archive, store, now).await?;
        let newsletter = &config.issues.newsletter.authority;
        let mut picks = picks(archive.published(config, now));
        let own = entries_of(store, archive.published(config, now)).await?;
        for (pick, entry) in picks.iter_mut().zip(&own) {
            pick.item = entry.map(key);
        }
        let out: HashSet<EntryId> = own.into_iter().flatten().collect();
        let waiting = entries_of(store, archive.waiting(config, now)).await?;
        let mut away: HashSet<EntryId> = waiting.into_iter().flatten().collect();
        away.extend(store.used(newsletter).await?.iter().map(|used| used.entry));
        let held = store.decisions(newsletter).await?;
        let back = held
            .iter()
            .filter(|held| held.answer == store::Answer::Later)
            .filter(|held| held.until.is_some_and(|until| until <= now))
            .map(|held| held.entry)
            .collect();
        let decisions = held
            .iter()
            .filter(|held| held.answer != store::Answer::Accept || !out.contains(&held.entry))
            .map(decision)
            .collect();
        let today = now.with_timezone(&config.issues.time_zone);
        let sources = store.sources().await?;
        Ok(Self {
            window_days: window(config.suggest.window, &archive.dates()),
            curators: archive.curators(),
            shown: times_shown(store, newsletter, today.date_naive()).await?,
            sources: names(&sources),
            picks,
            decisions,
            away,
            back,
        })
    }

    /// All entries of the store, as the ranking sees them.
    pub async fn items(&self, store: &Store) -> Result<Vec<Item>, Error> {
        self.items_after(store, EntryId(0)).await
    }

    /// The entries with higher numbers than this one.
    pub(super) async fn items_after(
        &self,
        store: &Store,
        after: EntryId,
    ) -> Result<Vec<Item>, Error> {
        let mut items = Vec::new();
        let mut after = after;
        loop {
            let page = store.outlines(after, AT_ONCE).await?;
            let Some(last) = page.last() else {
                return Ok(items);
            };
            after = last.id;
            let full = page.len() == AT_ONCE;
            items.extend(page.into_iter().map(|outline| self.item(outline)));
            if !full {
                return Ok(items);
            }
        }
    }

    /// These entries.
    pub async fn items_of(&self, store: &Store, ids: &[EntryId]) -> Result<Vec<Item>, Error> {
        let outlines = store.outlines_of(ids).await?;
        Ok(outlines
            .into_iter()
            .map(|outline| self.item(outline))
            .collect())
    }

    fn item(&self, outline: Outline) -> Item {
        let source = self.sources.get(&outline.source);
        Item {
            key: key(outline.id),
            title: outline.title,
            summary: outline.text,
            url: outline.url.unwrap_or_default(),
            source: source.cloned().unwrap_or_default(),
            authors: outline.authors,
            tags: outline.tags,
            kind: Some(outline.kind),
            published: outline.at,
            seen: Some(outline.seen),
            language: outline.language,
            carriers: outline.carriers.saturating_sub(1),
        }
    }
}

/// The name of an entry in the ranking.
pub fn key(entry: EntryId) -> String {
    entry.0.to_string()
}

/// The entry that the ranking knows by a name.
pub fn entry(key: &str) -> EntryId {
    EntryId(key.parse().unwrap_or_default())
}

/// The readings of issues, as the ranking sees them.
fn picks<'a>(issues: impl Iterator<Item = &'a Issue>) -> Vec<Pick> {
    issues
        .flat_map(|issue| issue.readings.iter().map(move |reading| (issue, reading)))
        .map(|(issue, reading)| {
            let url = reading.url.as_deref();
            let url = url.and_then(|url| address::absolute(&issue.header.url, url));
            Pick {
                item: None,
                title: reading.title.clone(),
                url: url.map_or_else(String::new, std::borrow::Cow::into_owned),
                commentary: plain(&excerpt(&reading.commentary_html, COMMENTARY)),
                curator: reading.curator.as_ref().map(|curator| curator.name.clone()),
                kind: Some(reading.kind),
                section: reading.category.clone(),
                issued: issue.header.published.to_utc(),
            }
        })
        .collect()
}

/// Which entries the readings of issues are.
async fn entries_of<'a>(
    store: &Store,
    issues: impl Iterator<Item = &'a Issue>,
) -> Result<Vec<Option<EntryId>>, Error> {
    let readings: Vec<(Option<&str>, &str)> = issues
        .flat_map(|issue| &issue.readings)
        .map(|reading| (reading.url.as_deref(), reading.title.as_str()))
        .collect();
    Ok(store.known_as(&readings).await?)
}

/// The text that an excerpt shows.
fn plain(html: &str) -> String {
    html.replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&quot;", "\"")
        .replace("&amp;", "&")
}

fn decision(held: &store::Decision) -> Decision {
    Decision {
        item: key(held.entry),
        answer: match (held.answer, held.until) {
            (store::Answer::Accept, _) => Answer::Accept,
            (store::Answer::Later, Some(until)) => Answer::Later { until },
            (store::Answer::Later, None) | (store::Answer::Decline, _) => Answer::Decline,
        },
        by: held.curator.clone(),
        at: held.at,
    }
}

/// Counts that candidates were shown today, in the newsletter's own day.
///
/// # Errors
///
/// Where the store cannot be written.
pub async fn note_shown(
    config: &Config,
    store: &Store,
    shown: &[EntryId],
    now: DateTime<Utc>,
) -> Result<(), store::Error> {
    let today = now.with_timezone(&config.issues.time_zone).date_naive();
    let newsletter = &config.issues.newsletter.authority;
    store.note_shown(newsletter, shown, today).await
}

/// How often each candidate was shown; what was shown today counts from tomorrow on, so that a
/// list stays as it is for a day.
async fn times_shown(
    store: &Store,
    newsletter: &str,
    today: NaiveDate,
) -> Result<BTreeMap<String, u32>, Error> {
    let mut times = BTreeMap::new();
    for (entry, day) in store.shown(newsletter, today - SHOWN).await? {
        if day < today {
            *times.entry(key(entry)).or_default() += 1;
        }
    }
    Ok(times)
}

/// What each source is called: its title, with its host where several have that title.
fn names(sources: &[store::Known]) -> HashMap<SourceId, String> {
    let title = |known: &store::Known| {
        let given = known.source.title.as_ref();
        let title = given.or(known.history.feed_title.as_ref());
        title.map(|title| shown::line(title)).unwrap_or_default()
    };
    let mut counts: HashMap<String, u32> = HashMap::new();
    for known in sources {
        *counts.entry(title(known)).or_default() += 1;
    }
    sources
        .iter()
        .map(|known| {
            let title = title(known);
            let host = host(&known.source.url);
            let name = if title.is_empty() {
                host
            } else if counts.get(&title).is_some_and(|count| *count > 1) {
                format!("{title} ({host})")
            } else {
                title
            };
            (known.id, name)
        })
        .collect()
}

/// The host of a source; the name of a file.
fn host(url: &str) -> String {
    let parsed = Url::parse(url).ok();
    let host = parsed.as_ref().and_then(Url::host_str);
    let file = || url.rsplit('/').next().unwrap_or(url);
    shown::line(host.filter(|host| !host.is_empty()).unwrap_or_else(file))
}

/// For how many days an entry is available: as the configuration says, or from one issue to the
/// next, as the last ones came.
fn window(written: Option<Duration>, dates: &[NaiveDate]) -> i32 {
    let days = if let Some(written) = written {
        i64::try_from(written.as_secs().div_ceil(86_400)).unwrap_or(MOST_WINDOW)
    } else {
        let last = dates.iter().take(RHYTHM).zip(dates.iter().skip(1));
        let mut gaps: Vec<i64> = last
            .map(|(later, earlier)| (*later - *earlier).num_days())
            .collect();
        gaps.sort_unstable();
        let median = gaps.get(gaps.len() / 2).copied();
        median
            .unwrap_or(LEAST_WINDOW)
            .clamp(LEAST_WINDOW, MOST_WINDOW)
    };
    i32::try_from(days).unwrap_or(i32::MAX / 4)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(dates: &[&str], expected: i32) {
        let dates: Vec<NaiveDate> = dates.iter().map(|date| date.parse().unwrap()).collect();
        assert_eq!(window(None, &dates), expected);
    }

    #[test]
    fn an_entry_is_available_from_one_issue_to_the_next() {
        check(&[], 14);
        check(&["2026-11-01"], 14);
        check(&["2026-11-15", "2026-11-08", "2026-11-01"], 14);
        check(&["2026-11-01", "2026-10-01", "2026-09-01"], 31);
        check(&["2026-11-01", "2025-11-01"], 62);
        let written = Duration::from_hours(3 * 24);
        assert_eq!(window(Some(written), &[]), 3);
    }
}
