//! The nouns of the newsletter trade: plain values that the stages hand to one another.
//!
//! Nothing here reads a clock, a file or the network, and nothing here imports another module of
//! this crate.

pub mod address;
mod entry;
mod kind;
mod pace;
mod places;
mod problem;
mod source;
mod story;
mod style;

use std::collections::BTreeMap;
use std::fmt;
use std::path::PathBuf;

use chrono::{DateTime, FixedOffset};
pub use lenient_feed::{Enclosure, Person, Rhythm};
use serde::{Deserialize, Serialize};
use url::Url;

pub use entry::{Dated, Entry, EntryId};
pub use kind::Kind;
pub use pace::Pace;
pub use places::kind_of;
pub use problem::{Problem, Severity};
pub use source::{
    Header as RequestHeader, History, Manner, Moved, Origin, Outcome, Source, SourceId, Via, Visit,
};
pub use story::story;
pub use style::{
    AttributionPlace, AttributionStyle, FrontForm, FrontKey, FrontStyle, FrontValue, Group,
    HouseStyle, ItemShape, ItemStyle, TextPlace, TitleMark,
};

/// An id that feed readers keep for ever: a `tag:` URI (RFC 4151), a permalink, or whatever the
/// front matter says.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Id(pub String);

impl fmt::Display for Id {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

/// The publication: what stands at the head of every document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Newsletter {
    /// The name of the newsletter.
    pub title: String,
    /// One sentence on what it is.
    pub subtitle: Option<String>,
    /// Where the documents are served; ends with `/`.
    pub base_url: Url,
    /// Its language, as BCP 47 writes it (`en`, `pt-BR`).
    pub language: Option<String>,
    /// Who writes it; stands in where an issue names no author.
    pub authors: Vec<Person>,
    /// Who may copy it.
    pub rights: Option<String>,
    /// A small square picture.
    pub icon: Option<Url>,
    /// The WebSub hubs that learn of changes.
    pub hubs: Vec<Url>,
    /// The authority of its `tag:` URIs, such as `news.example.org,2024` (RFC 4151, section 2.1).
    pub authority: String,
}

/// What the front matter, the file name and the configuration say of one issue.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Header {
    /// The issue file, relative to the folder of `config.toml` where it lies below it.
    pub path: PathBuf,
    /// The file's name without its ending; `newsdesk readings --json` calls it `issue`.
    pub stem: String,
    /// The issue's name in addresses and file names: safe as one path segment.
    pub slug: String,
    /// The id of its entry.
    pub id: Id,
    /// Its title, plain text.
    pub title: String,
    /// Its permalink, absolute.
    pub url: Url,
    /// When it appeared.
    pub published: DateTime<FixedOffset>,
    /// When its content last changed in a way that readers should see.
    pub updated: DateTime<FixedOffset>,
    /// Not to be published yet.
    pub draft: bool,
    /// Its tags.
    pub tags: Vec<String>,
    /// Its categories.
    pub categories: Vec<String>,
    /// Who wrote it; the newsletter's authors where it does not say.
    pub authors: Vec<Person>,
    /// A summary, plain text.
    pub summary: Option<String>,
    /// Its language where it differs from the newsletter's.
    pub language: Option<String>,
    /// The recording that comes with it.
    pub audio: Option<Audio>,
    /// Front matter keys that newsdesk does not know, kept as they are.
    #[serde(skip)]
    pub extra: BTreeMap<String, serde_json::Value>,
}

/// A recording: the enclosure of a podcast episode.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Audio {
    /// Where it is, absolute.
    pub url: Url,
    /// Its size in bytes; 0 where nobody knows (RSS wants a number).
    pub length: u64,
    /// Its media type, such as `audio/mpeg`.
    pub media_type: String,
    /// Its duration in seconds.
    pub duration: Option<u64>,
}

/// One edition of the newsletter, ready to be published.
#[derive(Clone, Debug, PartialEq)]
pub struct Issue {
    /// What it says of itself.
    pub header: Header,
    /// Its body as HTML: every address absolute, nothing that runs.
    pub html: String,
    /// Its body as plain text, wrapped for an e-mail.
    pub text: String,
    /// What it recommends, in its order.
    pub readings: Vec<Reading>,
}

/// One recommended thing in an issue.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reading {
    /// The id of its entry: derived from its issue's id and its link.
    pub id: Id,
    /// Its title, plain text.
    pub title: String,
    /// The address of the thing recommended, as written; none where no link is that thing.
    pub url: Option<String>,
    /// Who recommends it.
    pub curator: Option<Curator>,
    /// The other links of the item, as written, in order.
    pub extra_links: Vec<String>,
    /// What the curator says, as HTML with absolute addresses; without title and attribution.
    pub commentary_html: String,
    /// What sort of thing it is.
    pub kind: Kind,
    /// The subheading it stands under.
    pub category: Option<String>,
}

/// The person who recommends a reading.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Curator {
    /// The name, as written.
    pub name: String,
    /// A profile, as written (it may lack its scheme).
    pub url: Option<String>,
}
