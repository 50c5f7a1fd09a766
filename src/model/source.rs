//! A source, what was learned about it, and the visits to it.

use std::time::Duration;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use url::{Host, Url};

use super::{Kind, Rhythm};

/// The number of a source in the store; it never changes and is never used again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct SourceId(pub i64);

/// Who named a source.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Origin {
    /// `config.toml`; it goes when it goes from there.
    Config,
    /// A person, by `sources add`, an OPML list or in the browser.
    Added,
    /// `sources discover`.
    Discovered,
}

/// Something that is polled, as people name it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Source {
    /// The address of the feed: `http:`, `https:` or `file:`.
    pub url: String,
    /// Its title, where somebody gave one; else the feed's own is shown.
    pub title: Option<String>,
    /// The page that it belongs to.
    pub site: Option<String>,
    /// What its entries are, where their own addresses do not tell.
    pub kind: Option<Kind>,
    /// The words it is filed under.
    pub tags: Vec<String>,
    /// How often it is visited, where somebody decided; else its own rhythm says.
    pub every: Option<Duration>,
    /// Request headers, each with the environment variable that holds its value.
    pub headers: Vec<Header>,
    /// How it is asked and kept, where that differs from all others.
    pub manner: Manner,
    /// Whether it is polled at all.
    pub enabled: bool,
    /// Who named it.
    pub origin: Origin,
}

impl Source {
    /// How the address of what is no source begins: the shelf of what people brought themselves.
    pub const COLLECTED: &str = "collected:";

    /// One of which nothing is known but its address and who named it.
    pub fn new(url: impl Into<String>, origin: Origin) -> Self {
        Self {
            url: url.into(),
            title: None,
            site: None,
            kind: None,
            tags: Vec::new(),
            every: None,
            headers: Vec::new(),
            manner: Manner::default(),
            enabled: true,
            origin,
        }
    }

    /// Whether it can be shown to everybody, so that others can subscribe to it: files on the
    /// team's own disk, of its own network and feeds behind a secret are nobody else's.
    pub fn is_public(&self) -> bool {
        let is_open = |url: Url| {
            matches!(url.scheme(), "http" | "https") && !is_nearby(&url) && !has_secret(&url)
        };
        self.enabled
            && !self.manner.is_secret
            && self.headers.is_empty()
            && Url::parse(&self.url).is_ok_and(is_open)
    }
}

/// Whether only machines of the same network reach an address.
fn is_nearby(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => {
            !name.contains('.')
                || [".localhost", ".local", ".internal", ".lan", ".home.arpa"]
                    .iter()
                    .any(|end| name.ends_with(end))
        }
        Some(Host::Ipv4(it)) => it.is_private() || it.is_loopback() || it.is_link_local(),
        Some(Host::Ipv6(it)) => {
            it.is_loopback() || it.is_unique_local() || it.is_unicast_link_local()
        }
        None => true,
    }
}

/// What parameters that hold a secret are called, or how their names end.
const SECRETS: [&str; 14] = [
    "token",
    "key",
    "auth",
    "secret",
    "password",
    "passwd",
    "pass",
    "pwd",
    "signature",
    "sig",
    "session",
    "sid",
    "credential",
    "jwt",
];

/// So long a random part of a path names nothing that people share; numbers of channels and
/// commits are shorter or stand in parameters.
const LONG: usize = 32;

/// Whether an address lets in whoever knows it: a user, a token in a parameter, or a long random
/// part of the path, as private feeds of podcasts and newsletters have them.
fn has_secret(url: &Url) -> bool {
    let named = |name: &str| {
        let name = name.to_ascii_lowercase();
        SECRETS.iter().any(|secret| {
            name.strip_suffix(secret)
                .is_some_and(|before| before.is_empty() || before.ends_with(['_', '-', '.']))
                || (secret.len() > 4 && name.ends_with(secret))
        }) || name == "apikey"
    };
    let random = |part: &str| {
        part.len() >= LONG
            && part
                .bytes()
                .all(|it| it.is_ascii_alphanumeric() || matches!(it, b'-' | b'_'))
            && part.bytes().filter(u8::is_ascii_digit).count() >= 4
            && part.matches(['-', '_']).count() <= 4
    };
    !url.username().is_empty()
        || url.password().is_some()
        || url
            .query_pairs()
            .any(|(name, value)| !value.is_empty() && (named(&name) || random(&value)))
        || url
            .path_segments()
            .is_some_and(|mut parts| parts.any(random))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(url: &str, public: bool) {
        let source = Source::new(url, Origin::Config);
        assert_eq!(source.is_public(), public, "{url}");
    }

    #[test]
    fn addresses_that_let_somebody_in_are_nobody_elses() {
        for url in [
            "https://a.example/feed.xml",
            "https://www.youtube.com/feeds/videos.xml?channel_id=UCX6b17PVsYBQ0ip5gyeme-Q",
            "https://export.arxiv.org/api/query?search_query=cat:cs.LG&max_results=50",
            "https://a.example/2026/a-long-title-of-a-post-with-10-words-or-more-in-2026/feed",
            "https://a.example/?monkey=1&keyboard=2",
        ] {
            check(url, true);
        }
        for url in [
            "https://ada:secret@a.example/feed",
            "https://ada@a.example/feed",
            "https://a.example/f?token=s3cret",
            "https://a.example/f?access_token=s3cret",
            "https://a.example/f?user_key=1",
            "https://a.example/f?apikey=1",
            "https://a.example/f?authToken=1",
            "https://a.example/f?auth=1",
            "https://a.example/private/3f1e9a1e7c2b4a539f830d6d3a6f2a11/feed",
            "https://a.example/private/3f1e9a1e-7c2b-4a53-9f83-0d6d3a6f2a11.rss?x=3f1e9a1e7c2b4a539f830d6d3a6f2a11",
            "http://wiki/feed",
            "http://wiki.local/feed",
            "http://10.1.2.3/feed",
            "http://192.168.0.1/feed",
            "http://[fd00::1]/feed",
            "file:feeds/a.xml",
        ] {
            check(url, false);
        }
    }
}

/// How one source is asked and kept, where somebody wants it otherwise than all others.
#[expect(clippy::struct_excessive_bools, reason = "each is a wish of its own")]
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(default)]
pub struct Manner {
    /// Any certificate will do, also one that has expired or that nobody signed.
    #[serde(skip_serializing_if = "is_false")]
    pub any_certificate: bool,
    /// It is spoken to in HTTP/1.1, whatever it offers.
    #[serde(skip_serializing_if = "is_false")]
    pub http1: bool,
    /// It is never asked whether something changed: its server says no when it did.
    #[serde(skip_serializing_if = "is_false")]
    pub unconditional: bool,
    /// What `Accept-Language` says; nothing where there is none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub language: Option<String>,
    /// The size of its body, decompressed, where the limit of all others is too small.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_bytes: Option<usize>,
    /// How long its entries are kept.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub keep: Option<Duration>,
    /// Who asks on our behalf.
    #[serde(skip_serializing_if = "Via::is_usual")]
    pub via: Via,
    /// It is named in no public list.
    #[serde(skip_serializing_if = "is_false")]
    pub is_secret: bool,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde calls it so")]
fn is_false(value: &bool) -> bool {
    !value
}

/// Who asks a source on our behalf.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Via {
    /// Who asks all others.
    #[default]
    Usual,
    /// Nobody: it is asked directly.
    Direct,
    /// This proxy.
    Proxy(Url),
}

impl Via {
    fn is_usual(&self) -> bool {
        *self == Self::Usual
    }
}

/// A request header whose value is a secret: only the variable's name is ever written down.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Header {
    /// The header's name, such as `Authorization`.
    pub name: String,
    /// The environment variable that holds its value.
    pub variable: String,
}

/// What visits have taught about a source; all that decides when and how it is visited next.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct History {
    /// The `ETag` of the last good answer, byte for byte.
    pub etag: Option<String>,
    /// Its `Last-Modified`, byte for byte: an opaque validator, not a date.
    pub last_modified: Option<String>,
    /// The address that these two came from, where redirects led somewhere else than the source's
    /// own: validators of one address mean nothing at another.
    pub validated_at: Option<String>,
    /// A hash of its body; the same body is not read again.
    pub body_hash: Option<u64>,
    /// The last visit, whatever came of it.
    pub last_visit: Option<DateTime<Utc>>,
    /// The last visit that found a feed, changed or not.
    pub last_success: Option<DateTime<Utc>>,
    /// Visits that found a feed; a new source is watched more closely.
    pub visits: u32,
    /// Failed visits since the last that found a feed.
    pub failures: u32,
    /// When it is to be visited next; none: as soon as possible.
    pub next_visit: Option<DateTime<Utc>>,
    /// How long the last good answer is fresh by HTTP's rules (RFC 9111, section 4.2.1).
    pub fresh_until: Option<DateTime<Utc>>,
    /// What the feed says about how often to ask.
    pub rhythm: Rhythm,
    /// The instants of its latest entries, newest first; at most [`History::INSTANTS`].
    pub instants: Vec<DateTime<Utc>>,
    /// Where permanent redirects (301, 308) last led, and how often in a row and since when.
    pub moved: Option<Moved>,
    /// Why it is visited no more (410 Gone), and since when.
    pub retired: Option<DateTime<Utc>>,
    /// The title that the feed gives itself.
    pub feed_title: Option<String>,
    /// The page that the feed names as its own.
    pub feed_site: Option<String>,
    /// Its WebSub hubs.
    pub hubs: Vec<String>,
    /// When its server last gave a whole document.
    pub whole: Option<DateTime<Utc>>,
    /// Its server called a document the same that was another one: it is not asked whether
    /// something changed any more.
    pub is_unreliable: bool,
}

impl History {
    /// The number of instants that are kept to learn a source's rhythm from.
    pub const INSTANTS: usize = 30;
}

/// A permanent redirect that was seen, and not yet believed or just adopted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Moved {
    /// The address that it leads to.
    pub to: String,
    /// How often in a row it led there.
    pub times: u32,
    /// The first of those times.
    pub since: DateTime<Utc>,
}

/// One attempt to fetch a source, and what came of it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Visit {
    /// When it began.
    pub at: DateTime<Utc>,
    /// What came of it.
    pub outcome: Outcome,
    /// The HTTP status, where there was an answer.
    pub status: Option<u16>,
    /// How long it took, in milliseconds.
    pub took: u32,
    /// The bytes of the body, decompressed.
    pub bytes: u64,
    /// The entries that nobody had seen before.
    pub new: u32,
    /// The entries that say something else than before.
    pub changed: u32,
    /// The names of the defects that were mended.
    pub repairs: Vec<String>,
    /// For a person: what went wrong, or what is worth knowing (moved, feed links of a page).
    pub message: Option<String>,
}

/// What came of a visit. The names are those of `poll --json` and `sources health`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    /// A feed, and it differs from the last one.
    Changed,
    /// A feed that broke off, or that is longer than allowed: what came of it was read.
    Cut,
    /// A feed, byte for byte the last one (200 with the same body).
    Same,
    /// 304: the server says that nothing changed.
    NotModified,
    /// 410: it will not come back.
    Gone,
    /// 404 and other answers that say no such thing is here.
    NotFound,
    /// 401, 403 and their like.
    Denied,
    /// A wall that keeps programs out stands before it, whatever status it has.
    Walled,
    /// 429, or 503 with a word on when to come back.
    Busy,
    /// Another status that is an error.
    ServerError,
    /// No answer: no such host, refused, broken off, TLS.
    Unreachable,
    /// Not in time.
    TimedOut,
    /// Reading it took more work than a document is worth.
    TooMuchWork,
    /// Larger than allowed, and nothing of it could be read.
    TooLarge,
    /// An address that is not visited: private, an odd port, another scheme, too many redirects.
    Refused,
    /// A web page where a feed was.
    WebPage,
    /// Something that is no feed, or an empty body.
    NotAFeed,
    /// The host asked for a pause, so the source was not asked.
    Paused,
}

impl Outcome {
    /// Whether a feed was there.
    pub fn is_success(self) -> bool {
        matches!(
            self,
            Self::Changed | Self::Cut | Self::Same | Self::NotModified
        )
    }

    /// What came of it, in a few words for people.
    pub fn words(self) -> &'static str {
        match self {
            Self::Changed => "read",
            Self::Cut => "read in part",
            Self::Same | Self::NotModified => "nothing new",
            Self::Gone => "gone for good",
            Self::NotFound => "not found",
            Self::Denied => "denied",
            Self::Walled => "programs are kept out",
            Self::Busy => "its host is busy",
            Self::ServerError => "its server has an error",
            Self::Unreachable => "nobody answers",
            Self::TimedOut => "no answer in time",
            Self::TooMuchWork => "too much work to read",
            Self::TooLarge => "too large",
            Self::Refused => "not an address to visit",
            Self::WebPage => "a web page",
            Self::NotAFeed => "no feed",
            Self::Paused => "its host asked for a pause",
        }
    }
}
