//! From a link to the feeds behind it: one file for each kind of site.
//!
//! [`look`] takes an address and says what is known by rule alone: the feeds, what to fetch in
//! order to know, or that there is no feed and why. [`read`] takes what was fetched and goes on
//! from there. Nothing here fetches anything or knows what was fetched before; who asks decides
//! how often and how politely.
//!
//! A new kind of site is one file with one `SITE`, and one line in [`SITES`]. Its `shapes` are its
//! documentation and its first test at once.
//!
//! ```
//! use newsdesk::sources::sites::{Lead, look};
//! use url::Url;
//!
//! let Lead::Feeds { feeds, .. } = look(&Url::parse("https://github.com/rust-lang/mdBook/issues/7")?) else {
//!     panic!("a repository has feeds");
//! };
//! assert_eq!(feeds[0].url.as_str(), "https://github.com/rust-lang/mdBook/releases.atom");
//! # Ok::<(), url::ParseError>(())
//! ```

mod apple;
mod arxiv;
mod bluesky;
mod discourse;
mod doi;
mod forges;
mod github;
mod guesses;
mod hackernews;
mod hashnode;
mod hosters;
mod journals;
mod lobsters;
mod mastodon;
mod medium;
mod nature;
mod own;
mod packages;
mod page;
mod parts;
mod preprints;
mod proceedings;
mod publishers;
mod reddit;
mod silent;
mod stackexchange;
mod substack;
mod vimeo;
mod weblogs;
mod youtube;

use serde::{Deserialize, Serialize};
use url::Url;

use crate::model::Kind;

/// The kinds of sites, asked in this order; the last one knows every web page.
pub const SITES: [&Site; 28] = [
    &silent::NEVER,
    &arxiv::SITE,
    &doi::SITE,
    &preprints::SITE,
    &nature::SITE,
    &journals::SITE,
    &publishers::SITE,
    &proceedings::SITE,
    &apple::SITE,
    &hosters::SITE,
    &youtube::SITE,
    &vimeo::SITE,
    &github::SITE,
    &forges::SITE,
    &packages::SITE,
    &medium::SITE,
    &substack::SITE,
    &hashnode::SITE,
    &reddit::SITE,
    &lobsters::SITE,
    &hackernews::SITE,
    &bluesky::SITE,
    &stackexchange::SITE,
    &silent::SITE,
    &weblogs::SITE,
    // Known by the shape of an address on any host.
    &mastodon::SITE,
    &discourse::SITE,
    &page::SITE,
];

/// What is known of the feeds behind an address.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Lead {
    /// Feeds by rule, the likeliest first. None of them is sure until it was read.
    Feeds {
        /// The feeds.
        feeds: Vec<Candidate>,
        /// Which of them are wanted.
        choice: Choice,
        /// What comes next where none of them is one.
        otherwise: Option<Box<Lead>>,
    },
    /// Something has to be fetched.
    Ask(Question),
    /// The address stands for another one.
    Elsewhere(Url),
    /// There is no feed.
    Nothing(Reason),
}

/// Which of several feeds are wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Choice {
    /// The first that is one: they say the same in different words, or better and worse.
    First,
    /// The one that carries the linked page, else the first: a page may name the feeds of several
    /// parts of its site.
    Fitting,
    /// Each: they are different things, such as the categories of a paper.
    Each,
}

/// A feed that may be there.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Candidate {
    /// Its address.
    pub url: Url,
    /// What it is, for a person: `releases of rust-lang/mdBook`.
    pub about: String,
    /// What its entries are, where the site says.
    pub kind: Option<Kind>,
    /// How sure the rule is.
    pub certainty: Certainty,
    /// Whether it is proposed only to who asks for it: an author's papers, a search.
    pub on_request: bool,
    /// The site that it has to say it belongs to, where it lies elsewhere and a page only links to
    /// it.
    pub of: Option<String>,
    /// Whether it seems to be a part of one before it: a tag's feed, an author's.
    pub is_part: bool,
}

/// How sure it is that a feed is where a rule says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Certainty {
    /// The site's own documentation says so.
    Documented,
    /// The page says so, or the site's pages do.
    Declared,
    /// Seen in many places, and nowhere promised.
    Observed,
    /// A place where feeds often are.
    Guess,
}

/// What has to be fetched to know more.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Question {
    /// The name of the site's rules.
    pub site: String,
    /// What it is about; two questions of one site with the same key are one.
    pub key: String,
    /// What to fetch.
    pub url: Url,
    /// What the site has to remember until the answer comes.
    pub note: String,
    /// Whether it is for programs: an interface that the site offers to them, so that
    /// `robots.txt`, which is about pages, does not apply.
    pub interface: bool,
}

/// What was fetched.
#[derive(Clone, Copy, Debug)]
pub struct Answer<'a> {
    /// Where it came from, after redirects.
    pub url: &'a Url,
    /// The HTTP status.
    pub status: u16,
    /// The `Content-Type`.
    pub content_type: Option<&'a str>,
    /// The values of its `Link` headers.
    pub links: &'a [String],
    /// The body.
    pub body: &'a [u8],
}

impl Answer<'_> {
    /// Whether it is what was asked for.
    pub fn is_good(&self) -> bool {
        (200..300).contains(&self.status)
    }
}

/// Why there is no feed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "why", content = "because", rename_all = "kebab-case")]
pub enum Reason {
    /// The site has none, and is never fetched.
    Never(String),
    /// None is known.
    NoFeed(String),
    /// It is no address of the web.
    NotWeb(String),
    /// There is no such host, or no longer.
    NoSuchHost(String),
    /// The host does not answer, or not with what it has.
    NoAnswer(String),
}

impl Reason {
    /// The sentence for a person.
    pub fn text(&self) -> &str {
        match self {
            Self::Never(text)
            | Self::NoFeed(text)
            | Self::NotWeb(text)
            | Self::NoSuchHost(text)
            | Self::NoAnswer(text) => text,
        }
    }

    /// Whether it holds for all pages of the host.
    pub fn is_of_host(&self) -> bool {
        matches!(
            self,
            Self::NoSuchHost(_) | Self::NoAnswer(_) | Self::Never(_)
        )
    }

    /// The word for a program.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Never(_) => "never-fetched",
            Self::NoFeed(_) => "no-feed",
            Self::NotWeb(_) => "not-web",
            Self::NoSuchHost(_) => "no-such-host",
            Self::NoAnswer(_) => "no-answer",
        }
    }
}

/// The rules of one kind of site.
#[derive(Debug)]
pub struct Site {
    /// Its name.
    pub name: &'static str,
    /// What its rules say of an address; `None` where it is not one of the site's.
    pub look: fn(&Url) -> Option<Lead>,
    /// What they make of an answer.
    pub read: Option<fn(&Question, &Answer<'_>) -> Lead>,
    /// One address that answers several questions, given their notes.
    pub join: Option<fn(&[&str]) -> Url>,
    /// Examples, one for each shape of address.
    pub shapes: &'static [Shape],
}

/// A shape of address, by example.
#[derive(Clone, Copy, Debug)]
pub struct Shape {
    /// The address.
    pub link: &'static str,
    /// Where it leads: the first feed, what is asked (`? address`), where it points (`> address`),
    /// or that there is nothing (`-`).
    pub leads_to: &'static str,
}

/// What is known of an address by rule alone.
pub fn look(url: &Url) -> Lead {
    if !matches!(url.scheme(), "http" | "https") || url.host_str().is_none() {
        let text = format!("`{}:` is no address of a web page", url.scheme());
        return Lead::Nothing(Reason::NotWeb(text));
    }
    SITES
        .iter()
        .find_map(|site| (site.look)(url))
        .unwrap_or_else(|| parts::nothing("nothing is known of it"))
}

/// The name of the rules that an address falls under.
pub fn name_of(url: &Url) -> &'static str {
    SITES
        .iter()
        .find(|site| (site.look)(url).is_some())
        .map_or("nothing", |site| site.name)
}

/// What an answer says to a question. A page that moved to a site with rules of its own is that
/// site's.
pub fn read(question: &Question, answer: &Answer<'_>) -> Lead {
    let moved = !question.interface && parts::host(answer.url) != parts::host(&question.url);
    if moved && answer.url != &question.url && name_of(answer.url) != page::SITE.name {
        return Lead::Elsewhere(answer.url.clone());
    }
    match site(&question.site).and_then(|site| site.read) {
        Some(read) => read(question, answer),
        None => parts::nothing("nothing is known of its answer"),
    }
}

/// What is left where the host asks that its page is not read by programs.
pub fn forbidden(question: &Question) -> Lead {
    let host = parts::host(&question.url);
    let because = format!("`robots.txt` of `{host}` asks programs not to read its pages");
    Lead::Nothing(Reason::NoFeed(because))
}

/// What is left where a question got no answer at all: `reason` is for a site that has no other
/// way to a feed.
pub fn unanswered(question: &Question, reason: &Reason) -> Lead {
    let gone = Answer {
        url: &question.url,
        status: 0,
        content_type: None,
        links: &[],
        body: &[],
    };
    match site(&question.site).and_then(|site| site.read) {
        Some(read) => match read(question, &gone) {
            Lead::Nothing(_) => Lead::Nothing(reason.clone()),
            other => other,
        },
        None => Lead::Nothing(reason.clone()),
    }
}

/// One question in the place of several of one site, where the site can answer so.
pub fn join(questions: &[&Question]) -> Option<Url> {
    let first = questions.first()?;
    let join = site(&first.site)?.join?;
    let notes: Vec<&str> = questions.iter().map(|it| it.note.as_str()).collect();
    Some(join(&notes))
}

/// A question to the front page of the site that an address belongs to, as of any page.
pub fn front(url: &Url) -> Question {
    page::front(url)
}

/// The question to a page of a site whose feed is known: whether the page is of another.
pub fn branch(question: &Question) -> Question {
    Question {
        note: "branch".to_owned(),
        ..question.clone()
    }
}

/// The folder of its site that a page lies in, as far as it may be a site of its own: `inside` of
/// `https://blog.example.org/inside/2020/a`, nothing of `https://blog.example.org/2020/a`.
pub fn part(url: &Url) -> String {
    page::part(url)
}

/// Whether a page lies in a part of its site that may be a site of its own, and has not the name
/// of a usual section.
pub fn is_apart(url: &Url) -> bool {
    let part = page::part(url);
    !part.is_empty() && page::section(url).is_none()
}

/// The folder that a feed speaks for, by its address: `blog` of `/blog/feed.xml`.
pub fn feed_folder(feed: &Url) -> Vec<&str> {
    own::folder(feed)
}

/// What a feed speaks for, by its address: the same for `/blog/atom.xml` and `/blog/rss/`.
pub fn speaks_for(feed: &Url) -> String {
    own::speaks_for(feed)
}

/// The site that a page belongs to: its host, or a person's folder on it.
pub fn home(url: &Url) -> String {
    page::home(url)
}

/// The address of the next window of an interface that gives its entries in windows.
pub fn next_window(url: &Url) -> Option<Url> {
    arxiv::next_window(url)
}

fn site(name: &str) -> Option<&'static Site> {
    SITES.into_iter().find(|site| site.name == name)
}

#[cfg(test)]
mod tests;
