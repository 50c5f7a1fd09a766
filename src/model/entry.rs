//! An entry as it is remembered: cleaned, absolute, dated.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::{Enclosure, Kind};

/// The number of an entry in the store; it never changes and is never used again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct EntryId(pub i64);

/// Where an entry's instant comes from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Dated {
    /// The feed says when it was published.
    #[default]
    Published,
    /// The feed says only when it was updated.
    Updated,
    /// The feed says nothing that can be believed; this is when it was first seen.
    FirstSeen,
    /// The feed gives the zero date of a program that has none (`0001-01-01`): nobody knows when, but
    /// it is not new.
    Zero,
}

/// One item of a source, made ready for the store: HTML is clean, addresses are absolute, and the
/// instant is never in the future of the visit that brought it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Entry {
    /// The id that the feed gives it (`guid`, `atom:id`), as given; none where it gives none.
    pub guid: Option<String>,
    /// Its title, plain text; may be empty.
    pub title: String,
    /// Its page.
    pub url: Option<String>,
    /// When it appeared.
    pub at: DateTime<Utc>,
    /// How [`Entry::at`] is known.
    pub dated: Dated,
    /// When it appears by its own word, where that is still to come.
    pub stated: Option<DateTime<Utc>>,
    /// When it last changed, by its own word.
    pub updated: Option<DateTime<Utc>>,
    /// Who wrote it.
    pub authors: Vec<String>,
    /// A summary, clean HTML; empty where there is none.
    pub summary_html: String,
    /// The whole text, clean HTML; empty where there is none.
    pub content_html: String,
    /// The plain words of content or summary, for search and ranking.
    pub text: String,
    /// Its categories, tags and keywords.
    pub tags: Vec<String>,
    /// What can be downloaded with it.
    pub enclosures: Vec<Enclosure>,
    /// How long the recording plays, in seconds.
    pub duration: Option<u64>,
    /// The address of a transcript.
    pub transcript: Option<String>,
    /// The address of a small picture.
    pub thumbnail: Option<String>,
    /// The page with comments.
    pub comments: Option<String>,
    /// Its language, as BCP 47 writes it.
    pub language: Option<String>,
    /// What sort of thing it is.
    pub kind: Kind,
}
