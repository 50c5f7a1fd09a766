//! Things that a person found anywhere, and no source brought.
//!
//! What is collected is an entry like any other: ranked, searched, decided on, drafted. Its source
//! is the newsletter's own shelf, which is never visited and stands in no list of sources.

use chrono::{DateTime, Datelike as _, NaiveDate, Utc};
use url::Url;
use xxhash_rust::xxh3::xxh3_64;

use super::archive::Archive;
use super::error::Error;
use crate::config::Config;
use crate::feeds::shown;
use crate::model::{Dated, Entry, EntryId, History, Kind, Origin, Outcome, Source, Visit, address};
use crate::poll::fetch::visit::{Fetcher, Request};
use crate::sources::thing::{self, Thing};
use crate::store::{Added, Mark, Record, Store};

/// More of a page is not read, in bytes.
const PAGE: usize = 2 << 20;

/// What was found out about an address.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Found {
    /// What it says of itself; where it could not be read, its address alone.
    pub thing: Thing,
    /// The entry that it is already.
    pub entry: Option<EntryId>,
    /// Where it was recommended before.
    pub read: Option<Read>,
    /// Why it could not be read.
    pub trouble: Option<String>,
}

/// A reading of an issue that is out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Read {
    /// The title of the issue.
    pub issue: String,
    /// Its day.
    pub day: NaiveDate,
}

impl Read {
    /// When it was, in words: `June 2021`.
    pub fn when(&self) -> String {
        format!("{} {}", self.day.format("%B"), self.day.year())
    }
}

/// An address as somebody typed or pasted it.
///
/// # Errors
///
/// Where it is none of the web.
pub fn web_address(typed: &str) -> Result<Url, Error> {
    let url = address::source(typed).and_then(|url| Url::parse(&url).ok());
    let url = url.filter(|url| matches!(url.scheme(), "http" | "https"));
    url.ok_or_else(|| {
        Error::Refused(format!(
            "“{}” is no address of the web; it begins with https://",
            shown::line(typed)
        ))
    })
}

/// Finds out what is at an address: asks for the page through the guard of visits, and looks
/// whether it is known or was recommended.
///
/// # Errors
///
/// Where store or issues cannot be read; not where the page cannot.
pub async fn look_up(
    config: &Config,
    store: &Store,
    url: &Url,
    now: DateTime<Utc>,
) -> Result<Found, Error> {
    let mut options = config.poll.fetch.clone();
    options.max_bytes = options.max_bytes.min(PAGE);
    let request = Request {
        url: thing::page_about(url).into(),
        ..Request::default()
    };
    let mut found = Found::default();
    match Fetcher::new(options).fetch(&request).await {
        Ok(answer) if (200..300).contains(&answer.status) => {
            let kind = answer.fields.content_type.as_deref();
            found.thing = thing::read(&answer.body, kind, &answer.url);
        }
        Ok(answer) => found.trouble = Some(format!("its server answered {}", answer.status)),
        Err(failure) => found.trouble = Some(shown::line(&failure.message)),
    }
    if found.thing.url.is_empty() {
        found.thing.url = url.to_string();
        found.thing.kind = crate::model::kind_of(Some(url.as_str()), "");
    }
    for address in [url.as_str(), found.thing.url.as_str()] {
        if found.entry.is_none() {
            found.entry = store.entry_at(address).await?.map(|known| known.id);
        }
    }
    found.read = recommended(config, &[url.as_str(), &found.thing.url], now)?;
    Ok(found)
}

/// The newest reading of an issue that is out with one of these addresses.
fn recommended(config: &Config, urls: &[&str], now: DateTime<Utc>) -> Result<Option<Read>, Error> {
    let wanted: Vec<String> = urls.iter().map(|url| address::canonical(url)).collect();
    let archive = Archive::read(config)?;
    let mut readings = archive.published(config, now).flat_map(|issue| {
        let readings = issue.readings.iter();
        readings.map(move |reading| (issue, reading))
    });
    let found = readings.find(|(_, reading)| {
        let url = reading.url.as_deref().map(address::canonical);
        url.is_some_and(|url| wanted.contains(&url))
    });
    Ok(found.map(|(issue, _)| Read {
        issue: issue.header.title.clone(),
        day: issue.header.published.date_naive(),
    }))
}

/// Makes a thing an entry, unless it is one; gives its number.
///
/// # Errors
///
/// Where the store cannot be written, or the address is none that can be remembered.
pub async fn collect(
    store: &Store,
    newsletter: &str,
    thing: &Thing,
    now: DateTime<Utc>,
) -> Result<EntryId, Error> {
    if let Some(known) = store.entry_at(&thing.url).await? {
        return Ok(known.id);
    }
    let shelf = shelf(store, newsletter, now).await?;
    let mark = xxh3_64(thing.url.as_bytes());
    let mark = Mark {
        item: mark,
        content: mark,
    };
    let record = Record {
        source: shelf,
        moved_to: None,
        history: History::default(),
        visit: Visit {
            at: now,
            outcome: Outcome::Changed,
            status: None,
            took: 0,
            bytes: 0,
            new: 0,
            changed: 0,
            repairs: Vec::new(),
            message: Some("brought by a person".to_owned()),
        },
        entries: vec![(mark, entry(thing, now))],
        seen: vec![mark],
    };
    store.record(&[record], &[], now).await?;
    let known = store.entry_at(&thing.url).await?;
    let known = known.map(|known| known.id);
    known.ok_or_else(|| Error::refused("this address cannot be remembered"))
}

fn entry(thing: &Thing, now: DateTime<Utc>) -> Entry {
    let published = thing.published.filter(|published| *published <= now);
    Entry {
        guid: Some(thing.url.clone()),
        title: thing.title.clone(),
        url: Some(thing.url.clone()),
        at: published.unwrap_or(now),
        dated: if published.is_some() {
            Dated::Published
        } else {
            Dated::FirstSeen
        },
        authors: thing.authors.clone(),
        summary_html: if thing.summary.is_empty() {
            String::new()
        } else {
            format!("<p>{}</p>", crate::feeds::text::escape(&thing.summary))
        },
        text: thing.summary.clone(),
        kind: thing.kind,
        ..Entry::default()
    }
}

/// What stands for the source of what a newsletter collects.
async fn shelf(
    store: &Store,
    newsletter: &str,
    now: DateTime<Utc>,
) -> Result<crate::model::SourceId, Error> {
    let source = Source {
        title: Some("Collected".to_owned()),
        kind: Some(Kind::Other),
        enabled: false,
        ..Source::new(format!("{}{newsletter}", Source::COLLECTED), Origin::Added)
    };
    Ok(match store.add(&source, now).await? {
        Added::New(id) | Added::Known(id) => id,
    })
}
