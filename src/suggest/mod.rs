//! Ranks what appeared by what this team would recommend, and says why.
//!
//! Entries, past readings and decisions in, suggestions with reasons out. Everything is learned
//! from the team's own archive; nothing here reads a clock, a file or the network.

mod catalog;
mod descent;
pub mod evaluate;
mod features;
mod learner;
mod listwise;
mod records;
mod signals;
mod site;
mod tuning;
mod words;

use chrono::{DateTime, Utc};

use crate::model::Kind;

/// Something that could be recommended: an entry, as the ranking sees it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Item {
    /// Its name, unique among all items.
    pub key: String,
    /// Its title, as plain text.
    pub title: String,
    /// What its source says of it, as plain text.
    pub summary: String,
    /// Where it is read.
    pub url: String,
    /// The source that carries it.
    pub source: String,
    /// Who wrote it.
    pub authors: Vec<String>,
    /// Its labels, as its source gives them.
    pub tags: Vec<String>,
    /// What sort of thing it is.
    pub kind: Option<Kind>,
    /// When it appeared.
    pub published: DateTime<Utc>,
    /// Its language, as BCP 47 writes it.
    pub language: Option<String>,
    /// How many further sources carry it or link to it.
    pub carriers: u32,
}

impl Item {
    /// The day on which it appeared, counted from 1970.
    fn day(&self) -> i32 {
        day(self.published)
    }
}

/// A past reading: something that was recommended in an issue.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Pick {
    /// The item that it is, where there is one.
    pub item: Option<String>,
    /// Its title.
    pub title: String,
    /// Where it is read.
    pub url: String,
    /// What the curator said of it, as plain text.
    pub commentary: String,
    /// Who recommended it.
    pub curator: Option<String>,
    /// What sort of thing it is.
    pub kind: Option<Kind>,
    /// When the issue appeared.
    pub issued: DateTime<Utc>,
}

impl Pick {
    fn day(&self) -> i32 {
        day(self.issued)
    }
}

/// The day of an instant, counted from 1970.
fn day(instant: DateTime<Utc>) -> i32 {
    i32::try_from(instant.timestamp().div_euclid(86_400)).unwrap_or(i32::MAX / 2)
}
