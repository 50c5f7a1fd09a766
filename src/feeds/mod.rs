//! Documents: what readers fetch, rendered from the model, one file per format.
//!
//! A feed is rendered in two parts, so that a document of any size is written without being held
//! in memory: the [`Frame`] once, and each [`Entry`] on its own. A document is
//! `frame.before`, the entries joined by `frame.between`, `frame.after`.
//!
//! [`entry`] makes entries of issues and readings; [`atom`], [`rss`] and [`json`] serialise them;
//! [`text`] keeps out what a reader's parser would refuse. Nothing here reads a clock or a file.

pub mod atom;
mod body;
pub mod email;
pub mod entry;
pub mod index;
pub mod json;
pub mod manifest;
pub mod opml;
pub mod options;
pub mod page;
pub mod paging;
pub mod plan;
pub mod rss;
#[cfg(test)]
mod sample;
pub mod shown;
pub mod site;
pub mod sitemap;
pub mod style;
pub mod subscribe;
pub mod text;
mod xml;

use chrono::{DateTime, FixedOffset};
use url::Url;

use crate::model::{Audio, Id, Newsletter, Person};

pub use options::{Documents, Options};

/// The three formats that every feed comes in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Format {
    /// Atom 1.0, RFC 4287.
    Atom,
    /// RSS 2.0 with `content:encoded`, `atom:link` and `dc:creator`.
    Rss,
    /// JSON Feed 1.1.
    Json,
}

impl Format {
    /// All three.
    pub const ALL: [Self; 3] = [Self::Atom, Self::Rss, Self::Json];

    /// The document's file name.
    pub fn file_name(self) -> &'static str {
        match self {
            Self::Atom => "atom.xml",
            Self::Rss => "rss.xml",
            Self::Json => "feed.json",
        }
    }

    /// The media type that servers send with it and autodiscovery links name.
    pub fn media_type(self) -> &'static str {
        match self {
            Self::Atom => "application/atom+xml",
            Self::Rss => "application/rss+xml",
            Self::Json => "application/feed+json",
        }
    }

    /// What stands around the entries of a document of this format.
    pub fn frame(self, head: &Head<'_>) -> Frame {
        match self {
            Self::Atom => atom::frame(head),
            Self::Rss => rss::frame(head),
            Self::Json => json::frame(head),
        }
    }

    /// One entry, as it stands in every document of this format.
    pub fn entry(self, entry: &Entry) -> Vec<u8> {
        match self {
            Self::Atom => atom::entry(entry),
            Self::Rss => rss::entry(entry),
            Self::Json => json::entry(entry),
        }
    }
}

/// A whole document in memory: for few entries. Large ones are written piece by piece.
pub fn document(format: Format, head: &Head<'_>, entries: &[Entry]) -> Vec<u8> {
    let frame = format.frame(head);
    let mut document = frame.before;
    for (at, entry) in entries.iter().enumerate() {
        if at > 0 {
            document.extend_from_slice(frame.between);
        }
        document.extend_from_slice(&format.entry(entry));
    }
    document.extend_from_slice(&frame.after);
    document
}

/// The instant with an offset that RFC 3339 can write: in whole minutes (section 5.6). The local
/// mean times of long ago have seconds in theirs; those are given in UTC.
fn writable(instant: DateTime<FixedOffset>) -> DateTime<FixedOffset> {
    if instant.offset().local_minus_utc() % 60 == 0 {
        instant
    } else {
        instant.to_utc().fixed_offset()
    }
}

/// What a feed says of itself.
#[derive(Clone, Debug, PartialEq)]
pub struct Head<'a> {
    /// The publication.
    pub newsletter: &'a Newsletter,
    /// The feed's id: the same for all documents of one feed.
    pub id: Id,
    /// The title of the feed.
    pub title: String,
    /// One sentence on what it is.
    pub subtitle: Option<String>,
    /// The page that shows the same to people.
    pub home: Url,
    /// The latest change of an entry in the document; the newest issue's date in an empty one.
    pub updated: DateTime<FixedOffset>,
    /// Whether some entry has a recording, so that podcast programs get the channel's fields.
    pub podcast: bool,
    /// Where the document stands among those of the feed.
    pub paging: Paging,
}

/// A document's place among those of its feed (RFC 5005, section 4). The addresses are of the
/// same format.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Paging {
    /// The document's own address.
    pub this: Url,
    /// The subscription document, where this is another one.
    pub current: Option<Url>,
    /// The archive document before this one, with older entries; JSON Feed's `next_url`.
    pub previous: Option<Url>,
    /// The archive document after this one, with newer entries.
    pub next: Option<Url>,
    /// Whether this is an archive document that never changes again (`fh:archive`).
    pub archive: bool,
}

/// One entry of a feed, the same for all formats: an issue or a reading.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    /// Its id.
    pub id: Id,
    /// Its title, plain text.
    pub title: String,
    /// Where it leads, absolute.
    pub link: Option<String>,
    /// When it appeared.
    pub published: DateTime<FixedOffset>,
    /// When it last changed.
    pub updated: DateTime<FixedOffset>,
    /// Who wrote it, or who recommends it.
    pub authors: Vec<Person>,
    /// Its categories and tags.
    pub categories: Vec<String>,
    /// A summary, plain text.
    pub summary: Option<String>,
    /// Its content as HTML with absolute addresses.
    pub html: String,
    /// The page on which it was recommended (`rel=via`): its title and address.
    pub via: Option<Via>,
    /// Its recording.
    pub audio: Option<Audio>,
    /// Its language where it differs from the feed's.
    pub language: Option<String>,
}

/// Where a recommendation was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Via {
    /// The title.
    pub title: String,
    /// The permalink.
    pub url: Url,
}

/// What stands around the entries of a document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Frame {
    /// From the first byte to the first entry.
    pub before: Vec<u8>,
    /// Between two entries.
    pub between: &'static [u8],
    /// From the last entry to the last byte.
    pub after: Vec<u8>,
}
