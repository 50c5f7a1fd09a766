//! The bytes of one source, made into entries.
//!
//! [`parse`] takes whatever a server sent and gives a [`Feed`]: `decode` finds the characters,
//! `xml` reads any dialect of RSS, RDF, Atom or CDF, however broken, and `json` reads JSON Feed.
//! What had to be mended on the way is noted as a [`Repair`]. [`clean()`] then makes an entry fit to
//! store. `docs/PARSING.md` says why feed-rs does not stand in this path, with the figures.
//!
//! Nothing here reads a clock, a file or the network. Time and memory stay in proportion to the
//! input, whatever the input is; see [`limits`].
//!
//! ```
//! use lenient_feed::{Hints, parse};
//!
//! let feed = parse(
//!     b"<rss><channel><item><title>Tom & Jerry</title></item></channel></rss>",
//!     &Hints::default(),
//! )?;
//! assert_eq!(feed.entries[0].title.as_ref().map(|title| title.plain()), Some("Tom & Jerry".into()));
//! assert_eq!(feed.repairs[0].defect.name(), "bare-ampersand");
//! # Ok::<(), lenient_feed::Error>(())
//! ```

/// The example of the README, which has to compile.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;

pub mod address;
pub mod base64;
mod clean;
mod dates;
pub mod decode;
pub mod entities;
mod fingerprint;
pub mod html;
mod json;
pub mod limits;
mod media;
mod names;
mod newest;
pub mod older;
pub mod opml;
mod people;
mod quiet;
pub mod repair;
pub mod text;
pub mod tokens;
mod xml;

use std::collections::HashSet;
use std::fmt;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use thiserror::Error;
use url::Url;

pub use dates::parse as parse_date;
pub use media::{Chapter, Contributor, Episode, Funding, Live, Media, Transcript};
pub use people::Person;
pub use repair::{Defect, Repair};
pub use text::{Markup, Text};

/// What is known of a document before it is read.
#[derive(Clone, Copy, Debug, Default)]
pub struct Hints<'a> {
    /// The `Content-Type` that the server sent, such as `text/xml; charset=koi8-r`.
    pub content_type: Option<&'a str>,
    /// Where the document came from, after redirects; relative addresses start here.
    pub url: Option<&'a Url>,
    /// How many bytes are read at most, where [`limits::BODY`] is not the bound.
    pub most: Option<usize>,
}

/// The dialect of a feed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Format {
    /// RSS of a version that it does not name, or that nobody knows.
    #[default]
    Rss,
    /// RSS 0.90, the first one, in RDF.
    Rss090,
    /// RSS 0.91 with Netscape's document type.
    Rss091Netscape,
    /// RSS 0.91 as Userland had it.
    Rss091,
    /// RSS 0.92.
    Rss092,
    /// RSS 0.93.
    Rss093,
    /// RSS 0.94.
    Rss094,
    /// RSS 1.0, in RDF.
    Rss10,
    /// RSS 2.0 and its small revisions.
    Rss20,
    /// Atom of a version that it does not name.
    Atom,
    /// Atom 0.1.
    Atom01,
    /// Atom 0.2.
    Atom02,
    /// Atom 0.3.
    Atom03,
    /// Atom 1.0 (RFC 4287).
    Atom10,
    /// Microsoft's Channel Definition Format.
    Cdf,
    /// JSON Feed 1.0.
    Json1,
    /// JSON Feed 1.1.
    Json11,
}

impl Format {
    /// The short name that `inspect --json` prints, such as `rss20`; the same names as the
    /// Universal Feed Parser's `version`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Rss => "rss",
            Self::Rss090 => "rss090",
            Self::Rss091Netscape => "rss091n",
            Self::Rss091 => "rss091u",
            Self::Rss092 => "rss092",
            Self::Rss093 => "rss093",
            Self::Rss094 => "rss094",
            Self::Rss10 => "rss10",
            Self::Rss20 => "rss20",
            Self::Atom => "atom",
            Self::Atom01 => "atom01",
            Self::Atom02 => "atom02",
            Self::Atom03 => "atom03",
            Self::Atom10 => "atom10",
            Self::Cdf => "cdf",
            Self::Json1 => "json1",
            Self::Json11 => "json11",
        }
    }

    /// Whether text constructs of this dialect say of what type they are, as Atom's do.
    fn is_atom(self) -> bool {
        matches!(
            self,
            Self::Atom | Self::Atom01 | Self::Atom02 | Self::Atom03 | Self::Atom10
        )
    }
}

impl fmt::Display for Format {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Rss => "RSS without a version",
            Self::Rss090 => "RSS 0.90",
            Self::Rss091Netscape => "RSS 0.91 (Netscape)",
            Self::Rss091 => "RSS 0.91",
            Self::Rss092 => "RSS 0.92",
            Self::Rss093 => "RSS 0.93",
            Self::Rss094 => "RSS 0.94",
            Self::Rss10 => "RSS 1.0",
            Self::Rss20 => "RSS 2.0",
            Self::Atom => "Atom without a version",
            Self::Atom01 => "Atom 0.1",
            Self::Atom02 => "Atom 0.2",
            Self::Atom03 => "Atom 0.3",
            Self::Atom10 => "Atom 1.0",
            Self::Cdf => "CDF",
            Self::Json1 => "JSON Feed 1.0",
            Self::Json11 => "JSON Feed 1.1",
        })
    }
}

/// What a source's bytes say.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Feed {
    /// Its dialect.
    pub format: Format,
    /// What had to be mended to read it, one for each sort of defect.
    pub repairs: Vec<Repair>,
    /// Its name.
    pub title: Option<Text>,
    /// The page that it belongs to, absolute where a base is known.
    pub link: Option<String>,
    /// Its language, as BCP 47 writes it.
    pub language: Option<String>,
    /// When it last changed, by its own word.
    pub updated: Option<DateTime<Utc>>,
    /// Who writes it.
    pub authors: Vec<Person>,
    /// Its own address, by its own word.
    pub self_link: Option<String>,
    /// The WebSub hubs that announce its changes.
    pub hubs: Vec<String>,
    /// What it says about how often to ask.
    pub rhythm: Rhythm,
    /// Its picture (`itunes:image`).
    pub image: Option<String>,
    /// Where to pay for it (`podcast:funding`).
    pub funding: Vec<Funding>,
    /// Its live streams (`podcast:liveItem`), which are none of its entries.
    pub live: Vec<Live>,
    /// Its entries, in its order.
    pub entries: Vec<Entry>,
}

/// One item of a source.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Entry {
    /// Its id: what the feed gives, else its link, else a hash of what it says.
    pub id: String,
    /// Whether the feed gave the id.
    pub own_id: bool,
    /// Its title.
    pub title: Option<Text>,
    /// Its page, absolute where a base is known.
    pub link: Option<String>,
    /// When it appeared.
    pub published: Option<DateTime<Utc>>,
    /// When it last changed.
    pub updated: Option<DateTime<Utc>>,
    /// Who wrote it; empty where the entry itself does not say.
    pub authors: Vec<Person>,
    /// A summary or an excerpt; many feeds put the whole text here.
    pub summary: Option<Text>,
    /// The whole text.
    pub content: Option<Text>,
    /// Its categories, tags and keywords.
    pub categories: Vec<String>,
    /// What can be downloaded with it: the recording of a podcast.
    pub enclosures: Vec<Enclosure>,
    /// Media RSS contents: videos and pictures that belong to it.
    pub media: Vec<Media>,
    /// What a podcast says of it as an episode.
    pub episode: Episode,
    /// How long the recording plays, in seconds.
    pub duration: Option<u64>,
    /// The address of a transcript.
    pub transcript: Option<String>,
    /// The address of a small picture.
    pub thumbnail: Option<String>,
    /// The page with comments.
    pub comments: Option<String>,
    /// Its language where it differs from the feed's.
    pub language: Option<String>,
    /// The address that relative addresses in its texts start at, where the document names one;
    /// otherwise they start at [`Entry::link`].
    pub base: Option<String>,
    /// Whether all that it has is a zero date, which programs write that have none (`0001-01-01`): it
    /// has no date, and is not new.
    pub is_old: bool,
}

/// Something that can be downloaded.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Enclosure {
    /// Where it is.
    pub url: String,
    /// Its media type, as the feed gives it.
    #[serde(rename = "type")]
    pub media_type: Option<String>,
    /// Its size in bytes.
    pub length: Option<u64>,
}

/// What a feed says about how often it should be asked.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rhythm {
    /// `ttl` of RSS: minutes that a copy stays good.
    pub ttl: Option<u32>,
    /// `skipHours` of RSS: hours of the day, UTC, in which nothing appears; bit 0 is midnight.
    pub skip_hours: u32,
    /// `skipDays` of RSS: days of the week in which nothing appears; bit 0 is Monday.
    pub skip_days: u8,
    /// `sy:updatePeriod` of RSS 1.0, in seconds.
    pub period: Option<u64>,
    /// `sy:updateFrequency` of RSS 1.0: how often in a period.
    pub frequency: Option<u32>,
}

/// Why bytes are not a feed.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum Error {
    /// There is nothing, or nothing but white space.
    #[error("the document is empty")]
    Empty,
    /// It is a web page.
    #[error("the document is a web page, not a feed")]
    WebPage,
    /// It is something else.
    #[error("the document is not a feed: it has neither channel, feed nor entries")]
    NotAFeed,
    /// It is JSON, and not a feed.
    #[error("the document is JSON, but not a JSON Feed")]
    Json,
    /// The reader panicked, which it should not; it ends here and not with the program.
    #[error("the feed cannot be read")]
    Unreadable(#[source] Box<dyn std::error::Error + Send + Sync>),
}

/// Reads a feed, in whatever dialect and condition.
///
/// # Errors
///
/// When the bytes hold no feed at all; a feed without entries is a feed.
pub fn parse(bytes: &[u8], hints: &Hints<'_>) -> Result<Feed, Error> {
    let read = quiet::catch(|| read(bytes, hints));
    read.unwrap_or_else(|panic| Err(Error::Unreadable(panic.into())))
}

fn read(bytes: &[u8], hints: &Hints<'_>) -> Result<Feed, Error> {
    let mut log = repair::Log::default();
    let bytes = limits::body(bytes, hints.most.unwrap_or(limits::BODY), &mut log);
    let decoded = decode::decode(bytes, hints.content_type, &mut log);
    let source = decoded.as_ref();
    let start = source.trim_start();
    if start.is_empty() {
        return Err(Error::Empty);
    }
    let mut feed = by_shape(source, start, hints.url, &mut log)?;
    people::leave_out_nobody(&mut feed);
    note_shared_ids(&feed.entries, &mut log);
    feed.repairs = log.into_repairs(source);
    Ok(feed)
}

/// Reads JSON or XML, whichever it looks like: where it looks like JSON and is no feed, a line of
/// text with a brace may stand before XML.
fn by_shape(
    source: &str,
    start: &str,
    url: Option<&Url>,
    log: &mut repair::Log,
) -> Result<Feed, Error> {
    let before = log.clone();
    if !json::is_json(start) {
        return xml::read(source, url, log);
    }
    json::read(start, url, log).or_else(|error| {
        log.clone_from(&before);
        let read = source.contains('<').then(|| xml::read(source, url, log));
        read.and_then(Result::ok).ok_or(error)
    })
}

/// Notes ids that several entries share.
fn note_shared_ids(entries: &[Entry], log: &mut repair::Log) {
    let mut seen = HashSet::with_capacity(entries.len());
    for entry in entries {
        if !seen.insert(entry.id.as_str()) {
            log.note_with(Defect::DuplicateId, None, || {
                Some(format!("`{}`", text::shorten(&entry.id, 80)))
            });
        }
    }
}

/// Cleans the texts of an entry for storing and showing: no script, no handler, no style, and
/// every address absolute.
///
/// `url` is where the feed came from; it counts where the feed itself names no base.
pub fn clean(entry: &mut Entry, url: Option<&Url>) {
    if quiet::catch(|| clean::clean(entry, url)).is_err() {
        // An HTML parser that panics has no say in what is kept: only the words.
        let texts = [&mut entry.title, &mut entry.summary, &mut entry.content];
        for text in texts.into_iter().flatten() {
            *text = Text::new(text.plain().into_owned());
        }
    }
}

#[cfg(test)]
mod tests;
