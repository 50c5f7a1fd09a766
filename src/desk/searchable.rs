//! The newsletter's own readings, kept searchable in the store.
//!
//! Issues are read again only where a file or the configuration changed.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use xxhash_rust::xxh3::xxh3_64;

use super::error::Error;
use crate::config::Config;
use crate::model::{Issue, Reading};
use crate::publish::files::{files, read_issues};
use crate::store::{OwnReading, Store};
use lenient_feed::{Markup, Text};

/// The name under which the store keeps what is known of the issues.
const KEPT: &str = "searched-issues";

/// What is known of an issue without reading it.
#[derive(Debug, Serialize, Deserialize)]
pub struct Facts {
    /// Its title.
    pub title: String,
    /// Its page.
    pub url: String,
    /// When it came out.
    pub at: DateTime<Utc>,
}

/// The issues as they were at the last search.
#[derive(Debug, Default, Serialize, Deserialize)]
pub struct Issues {
    /// Changes whenever a file or the configuration does.
    pub stamp: u64,
    /// By slug.
    pub issues: BTreeMap<String, Facts>,
}

/// Makes the newsletter's own readings searchable, if an issue changed.
///
/// # Errors
///
/// Where the issues cannot be read, or the store not written.
pub async fn supply(config: &Config, store: &Store, now: DateTime<Utc>) -> Result<Issues, Error> {
    let newsletter = &config.issues.newsletter.authority;
    let stamp = stamp(config)?;
    let kept = store.kept(newsletter, KEPT).await?;
    let kept = kept.and_then(|(_, value)| serde_json::from_slice::<Issues>(&value).ok());
    if let Some(issues) = kept.filter(|issues| issues.stamp == stamp) {
        return Ok(issues);
    }
    let mut known = Issues {
        stamp,
        ..Issues::default()
    };
    let mut readings = Vec::new();
    let read = read_issues(config, &[])?.into_iter();
    for issue in read.filter(|read| read.right).filter_map(|read| read.issue) {
        let header = &issue.header;
        let facts = Facts {
            title: header.title.clone(),
            url: header.url.to_string(),
            at: header.published.with_timezone(&Utc),
        };
        known.issues.insert(header.slug.clone(), facts);
        readings.extend(issue.readings.iter().map(|reading| own(&issue, reading)));
    }
    store.supply(newsletter, &readings).await?;
    let value = serde_json::to_vec(&known)?;
    store.keep(newsletter, KEPT, &value, now).await?;
    Ok(known)
}

/// A number that is another one when an issue file or the configuration is.
///
/// # Errors
///
/// Where the folders of issues cannot be listed.
pub fn stamp(config: &Config) -> Result<u64, Error> {
    let mut text = format!("{} {}", env!("CARGO_PKG_VERSION"), config.fingerprint);
    for file in files(config)? {
        let (changed, size) = file.changed();
        let _ = write!(text, "\n{} {size} {changed}", file.path.display());
    }
    Ok(xxh3_64(text.as_bytes()))
}

fn own(issue: &Issue, reading: &Reading) -> OwnReading {
    let commentary = Text {
        value: reading.commentary_html.clone(),
        markup: Markup::Html,
    };
    OwnReading {
        issue: issue.header.slug.clone(),
        title: reading.title.clone(),
        url: reading.url.clone(),
        curator: reading.curator.as_ref().map(|it| it.name.clone()),
        text: commentary.plain().into_owned(),
    }
}
