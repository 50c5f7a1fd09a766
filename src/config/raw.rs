//! `config.toml` as it is typed. Every key that exists stands here; an unknown one is refused.

use std::collections::BTreeMap;

use serde::Deserialize;
use toml::Spanned;

use crate::model::Person;

/// The whole file.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct File {
    /// `[newsletter]`.
    pub newsletter: Newsletter,
    /// `[issues]`.
    #[serde(default)]
    pub issues: Issues,
    /// `[readings]`.
    #[serde(default)]
    pub readings: Readings,
    /// `[check]`.
    #[serde(default)]
    pub check: Check,
    /// `[feeds]`.
    #[serde(default)]
    pub feeds: Feeds,
    /// `[poll]`.
    #[serde(default)]
    pub poll: Poll,
    /// `[store]`.
    #[serde(default)]
    pub store: Store,
    /// `[suggest]`.
    #[serde(default)]
    pub suggest: Suggest,
    /// `[mail]`.
    pub mail: Option<Mail>,
    /// `[server]`.
    #[serde(default)]
    pub server: Server,
    /// `[[source]]`.
    #[serde(default)]
    pub source: Vec<Source>,
}

/// `[newsletter]`: the publication.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Newsletter {
    /// Its name.
    pub title: Spanned<String>,
    /// One sentence on what it is.
    pub subtitle: Option<String>,
    /// Where the documents are served.
    pub base_url: Spanned<String>,
    /// The authority of its `tag:` URIs.
    pub authority: Option<Spanned<String>>,
    /// A BCP 47 language tag.
    pub language: Option<Spanned<String>>,
    /// An IANA time zone.
    pub time_zone: Option<Spanned<String>>,
    /// Who writes it.
    #[serde(default)]
    pub authors: Vec<Author>,
    /// Who may copy it.
    pub rights: Option<String>,
    /// The address of a small square picture.
    pub icon: Option<Spanned<String>>,
    /// WebSub hubs.
    #[serde(default)]
    pub hubs: Vec<Spanned<String>>,
}

/// An author: a name alone, or a table.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
pub enum Author {
    /// `"Ada"`.
    Name(String),
    /// `{ name = "Ada", url = "…", email = "…" }`.
    Person(Person),
}

/// `[issues]`: the issue files.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Issues {
    /// The folder they lie in, or several.
    pub folder: Option<OneOrMany>,
    /// The title of an issue that has none.
    pub title: Option<Spanned<String>>,
    /// The permalink of an issue that names none.
    pub url: Option<Spanned<String>>,
    /// Where the ids come from: `tag` or `permalink`.
    pub ids: Option<Spanned<String>>,
    /// The slug of an issue that names none.
    pub slug: Option<Spanned<String>>,
    /// Patterns of the only files that are issues.
    pub include: Option<Spanned<Vec<String>>>,
    /// Patterns of files that are none.
    pub exclude: Option<Spanned<Vec<String>>>,
    /// Days of files that have none of their own.
    #[serde(default)]
    pub dates: BTreeMap<std::path::PathBuf, Spanned<String>>,
    /// What becomes of raw HTML: `clean` or `as-written`.
    pub html: Option<Spanned<String>>,
    /// Whether issues dated in the future are published.
    pub future: Option<bool>,
}

/// A text or a list of them.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
pub enum OneOrMany {
    /// One.
    One(String),
    /// Several.
    Many(Vec<String>),
}

/// `[readings]`: where the recommended readings stand.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Readings {
    /// The headings of their sections, or `all`.
    pub sections: Option<Spanned<OneOrMany>>,
}

/// `[check]`: what is told of issues.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Check {
    /// The codes of warnings that nobody wants to read.
    #[serde(default)]
    pub ignore: Vec<String>,
}

/// `[feeds]`: the documents.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Feeds {
    /// The folder they are written to.
    pub folder: Option<Spanned<String>>,
    /// The number of issues in a feed.
    pub entries: Option<Spanned<i64>>,
    /// The number of readings in a readings feed.
    pub readings: Option<Spanned<i64>>,
    /// The size in bytes that no feed document exceeds, as far as one entry fits.
    pub max_bytes: Option<Spanned<i64>>,
    /// The sorts of documents that are made beside the three main feeds.
    pub documents: Option<Vec<Spanned<String>>>,
}

/// `[poll]`: how sources are visited. Times are written `30m`, sizes in bytes.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Poll {
    /// No source is visited more often than this.
    pub min_interval: Option<Spanned<String>>,
    /// No source is visited less often than this.
    pub max_interval: Option<Spanned<String>>,
    /// How long a run lasts at most.
    pub r#for: Option<Spanned<String>>,
    /// Hosts that are asked at the same time.
    pub concurrency: Option<Spanned<i64>>,
    /// Requests to one host at the same time.
    pub per_host: Option<Spanned<i64>>,
    /// The rest between two requests to one host.
    pub pause: Option<Spanned<String>>,
    /// Until a connection stands.
    pub connect_timeout: Option<Spanned<String>>,
    /// From then on until an answer begins.
    pub first_byte_timeout: Option<Spanned<String>>,
    /// The whole of one request.
    pub timeout: Option<Spanned<String>>,
    /// The work that one document is worth.
    pub work: Option<Spanned<String>>,
    /// The size of a body, decompressed.
    pub max_bytes: Option<Spanned<i64>>,
    /// A web or mail address for those who see the requests.
    pub contact: Option<Spanned<String>>,
    /// The whole name under which servers know the program.
    pub user_agent: Option<Spanned<String>>,
    /// Private hosts, addresses and networks that may be visited.
    #[serde(default)]
    pub allow_private: Vec<Spanned<String>>,
    /// Servers that stand in for hosts, in tests and rehearsals.
    #[serde(default)]
    pub resolve: std::collections::BTreeMap<String, Spanned<String>>,
    /// Ports that may be visited beside those of the web.
    #[serde(default)]
    pub ports: Vec<Spanned<i64>>,
    /// Who asks on our behalf; `none` for nobody, whatever the environment says.
    pub proxy: Option<Spanned<String>>,
}

/// `[store]`: where entries are remembered, and for how long.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Store {
    /// The file of the database.
    pub file: Option<Spanned<String>>,
    /// The address of a database on a server.
    pub url: Option<Spanned<String>>,
    /// How long entries are kept.
    pub keep: Option<Spanned<String>>,
}

/// `[[source]]`: something that is polled.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Source {
    /// The address of the feed.
    pub url: Spanned<String>,
    /// Its title.
    pub title: Option<String>,
    /// The page that it belongs to.
    pub site: Option<Spanned<String>>,
    /// What its entries are.
    pub kind: Option<Spanned<String>>,
    /// The words it is filed under.
    #[serde(default)]
    pub tags: Vec<String>,
    /// How often it is visited.
    pub every: Option<Spanned<String>>,
    /// Request headers, each with the environment variable that holds its value.
    #[serde(default)]
    pub headers: BTreeMap<String, Spanned<String>>,
    /// Whether its certificate is checked; `true` where it does not say.
    pub verify_tls: Option<bool>,
    /// The version of HTTP: `1.1`, or `2`, which is offered where it does not say.
    pub http: Option<Spanned<String>>,
    /// Whether it is asked if something changed; `true` where it does not say.
    pub validators: Option<bool>,
    /// What `Accept-Language` says.
    pub accept_language: Option<Spanned<String>>,
    /// The size of its body, decompressed.
    pub max_bytes: Option<Spanned<i64>>,
    /// How long its entries are kept.
    pub keep: Option<Spanned<String>>,
    /// Who asks on our behalf; `none` for nobody.
    pub proxy: Option<Spanned<String>>,
    /// Whether it may stand in public lists; `true` where it does not say.
    pub public: Option<bool>,
    /// Whether it is polled; `true` where it does not say.
    pub enabled: Option<bool>,
}

/// `[suggest]`: the list of suggestions.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Suggest {
    /// How many there are at most.
    pub count: Option<Spanned<i64>>,
    /// How much neighbors are kept apart.
    pub variety: Option<Spanned<f64>>,
    /// For how long an entry is taken to have been available for an issue.
    pub window: Option<Spanned<String>>,
    /// The file of the feed of suggestions; empty for none.
    pub feed: Option<Spanned<String>>,
}

/// `[mail]`: the digest of new suggestions.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Mail {
    /// Who gets it.
    pub to: Spanned<Vec<String>>,
    /// Who sends it.
    pub from: Spanned<String>,
    /// The host of the server that sends it.
    pub server: Spanned<String>,
    /// Its port.
    pub port: Option<Spanned<i64>>,
    /// `starttls`, `tls` or `none`.
    pub tls: Option<Spanned<String>>,
    /// The name to sign in with.
    pub user: Option<Spanned<String>>,
    /// The environment variable that holds the password.
    pub password: Option<Spanned<String>>,
    /// How often at most.
    pub every: Option<Spanned<String>>,
}

/// `[server]`: documents and review pages over HTTP.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Server {
    /// Where it listens: a number of this machine and a port.
    pub address: Option<Spanned<String>>,
    /// The path of the review pages; empty for none.
    pub review: Option<Spanned<String>>,
    /// Whether everybody comes by way of TLS.
    pub tls: Option<bool>,
    /// The names it is reached by, beside that of `base_url`.
    #[serde(default)]
    pub hosts: Vec<Spanned<String>>,
    /// Whose word on where a request comes from is believed.
    #[serde(default)]
    pub trusted_proxies: Vec<Spanned<String>>,
    /// How long others may keep documents, by kind.
    #[serde(default)]
    pub cache: Cache,
    /// Old addresses with where they lead now.
    #[serde(default)]
    pub redirects: BTreeMap<String, Spanned<Redirect>>,
    /// How long a client may take.
    pub timeout: Option<Spanned<String>>,
    /// Whether others than this machine see `/healthz` and `/metrics`.
    pub public_metrics: Option<bool>,
    /// Whom to tell when something is wrong.
    pub contact: Option<Spanned<String>>,
    /// The public address under which hubs reach this server.
    pub callback: Option<Spanned<String>>,
}

/// How long others may keep documents.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Cache {
    /// Feeds, lists.
    pub feeds: Option<Spanned<String>>,
    /// Archive documents of feeds.
    pub archive: Option<Spanned<String>>,
    /// Pages.
    pub pages: Option<Spanned<String>>,
    /// Recordings.
    pub media: Option<Spanned<String>>,
    /// Everything else.
    pub files: Option<Spanned<String>>,
}

/// Where an old address leads: an address alone, or with its status.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
pub enum Redirect {
    /// `"/feeds/new.xml"`: 301.
    To(String),
    /// `{ to = "/feeds/new.xml", status = 308 }`.
    With {
        /// Where it leads.
        to: String,
        /// 301, 302, 307 or 308.
        status: u16,
    },
}
