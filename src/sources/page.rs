//! The feeds that a web page names: in its head, as links of its text, or by the look of their
//! addresses.
//!
//! A page is as hostile as a feed: what is read, what is kept and how long an address may be are
//! bounded, and time is in proportion to the page. Nothing is fetched.
//!
//! ```
//! use newsdesk::sources::page::{Hint, feed_links};
//! use url::Url;
//!
//! let page = b"<link rel=alternate type='application/rss+xml' href='/feed'>";
//! let links = feed_links(page, None, &Url::parse("https://harbour.example/log/")?);
//! assert_eq!(links[0].url.as_str(), "https://harbour.example/feed");
//! assert_eq!(links[0].hint, Some(Hint::Rss));
//! # Ok::<(), url::ParseError>(())
//! ```

mod looks;

use lenient_feed::decode::decode_page;
use lenient_feed::entities::{Entities, unescape};
use lenient_feed::limits;
use lenient_feed::repair::Log;
use lenient_feed::text::shorten;
use lenient_feed::tokens::{Attributes, Tag, Token, Tokens};
use url::Url;

pub(super) use self::looks::says_feed;
use self::looks::{hint_of_address, is_button, looks_like_feed, without_feed_scheme};

/// A feed that a page names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FeedLink {
    /// Its address.
    pub url: Url,
    /// What the page calls it.
    pub title: Option<String>,
    /// What format it is said to have, or seems to have.
    pub hint: Option<Hint>,
    /// How the page names it.
    pub origin: Origin,
    /// What language it is in, where the page says so.
    pub language: Option<String>,
}

/// What a page says that leads to feeds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Page {
    /// The feeds that it names, as [`feed_links`] has them.
    pub feeds: Vec<FeedLink>,
    /// Its title.
    pub title: String,
    /// Its language.
    pub language: Option<String>,
    /// Where it sends its visitors at once: a `meta` refresh within a few seconds.
    pub onward: Option<Url>,
}

/// The format that a link promises; what comes may be another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Hint {
    /// Some RSS, or RDF.
    Rss,
    /// Atom.
    Atom,
    /// JSON Feed.
    Json,
}

/// How a page names a feed, the surest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Origin {
    /// `rel="alternate"` with the type of a feed, as browsers once looked for it.
    Alternate,
    /// `rel="feed"`.
    Feed,
    /// A link in the text that has the look of a feed.
    Anchor,
}

/// The feeds that a page names: the surest first, feeds of comments last, each address once, at
/// most [`limits::FEED_LINKS`].
///
/// `content_type` is what the server said of the page, `url` where it came from after redirects.
pub fn feed_links(bytes: &[u8], content_type: Option<&str>, url: &Url) -> Vec<FeedLink> {
    read(bytes, content_type, url).feeds
}

/// Reads a page; see [`feed_links`].
pub fn read(bytes: &[u8], content_type: Option<&str>, url: &Url) -> Page {
    let bytes = &bytes[..bytes.len().min(limits::PAGE)];
    let source = decode_page(bytes, content_type);
    let mut scan = Scan::default();
    scan.read(&source);
    let base = scan.base.take();
    let base = base.and_then(|base| url.join(&base).ok());
    let base = base.as_ref().unwrap_or(url);
    let onward = scan.refresh.take().and_then(|to| base.join(&to).ok());
    let onward = onward.filter(|to| to != url && matches!(to.scheme(), "http" | "https"));
    let mut links: Vec<FeedLink> = Vec::new();
    scan.found.sort_by_key(|found| found.origin);
    for found in scan.found {
        if let Some(link) = found.link(base)
            && !links.iter().any(|known| known.url == link.url)
        {
            links.push(link);
        }
    }
    links.sort_by_key(is_of_comments);
    links.truncate(limits::FEED_LINKS);
    Page {
        feeds: links,
        title: scan.title.split_whitespace().collect::<Vec<_>>().join(" "),
        language: scan.language,
        onward,
    }
}

fn is_of_comments(link: &FeedLink) -> bool {
    let title = link.title.as_deref().unwrap_or_default();
    title.to_lowercase().contains("comment") || link.url.path().contains("/comments/")
}

/// A link as it is written.
struct Found {
    href: String,
    title: Option<String>,
    hint: Option<Hint>,
    origin: Origin,
    language: Option<String>,
}

impl Found {
    fn link(self, base: &Url) -> Option<FeedLink> {
        let mut url = base.join(&self.href).ok()?;
        url.set_fragment(None);
        let fits = matches!(url.scheme(), "http" | "https" | "file");
        (fits && url.as_str().len() <= limits::ADDRESS).then_some(FeedLink {
            url,
            title: self.title,
            hint: self.hint,
            origin: self.origin,
            language: self.language,
        })
    }
}

#[derive(Default)]
struct Scan {
    base: Option<String>,
    language: Option<String>,
    title: String,
    refresh: Option<String>,
    /// What stands here is for who runs no scripts, and browsers do.
    in_noscript: bool,
    found: Vec<Found>,
    /// A link of the text that is open: where it goes, and what it says so far.
    anchor: Option<(String, String)>,
}

impl Scan {
    fn read(&mut self, source: &str) {
        let mut log = Log::default();
        let mut entities = Entities::default();
        let mut tokens = Tokens::new(source);
        while let Some(token) = tokens.next(&mut log) {
            match token {
                Token::Start(tag) if tag.name.eq_ignore_ascii_case("title") => {
                    let raw = tokens.skip_raw_text("title");
                    self.title(raw, &mut log);
                }
                Token::Start(tag) => {
                    if let Some(name) = raw_text(tag.name) {
                        tokens.skip_raw_text(name);
                    } else {
                        self.start(tag);
                    }
                }
                Token::End(name) if name.eq_ignore_ascii_case("a") => self.end_anchor(),
                Token::End(name) if name.eq_ignore_ascii_case("noscript") => {
                    self.in_noscript = false;
                }
                Token::Text(raw) => {
                    if let Some((_, text)) = &mut self.anchor
                        && text.len() < LONGEST_WORDS
                    {
                        unescape(raw, 0, &mut entities, &mut log, text);
                    }
                }
                _ => {}
            }
            if self.found.len() >= 4 * limits::FEED_LINKS {
                break;
            }
        }
    }

    fn title(&mut self, raw: &str, log: &mut Log) {
        let raw = &raw[..raw.floor_char_boundary(LONGEST_WORDS)];
        if self.title.is_empty() {
            unescape(raw, 0, &mut Entities::default(), log, &mut self.title);
        }
    }

    fn start(&mut self, tag: Tag<'_>) {
        let name = tag.name;
        let is_anchor = name.eq_ignore_ascii_case("a");
        if name.eq_ignore_ascii_case("base") {
            let href = Parts::read(tag).href;
            self.base = self.base.take().or(href);
        } else if name.eq_ignore_ascii_case("html") {
            let language = Parts::read(tag).language;
            self.language = self.language.take().or(language);
        } else if name.eq_ignore_ascii_case("noscript") {
            self.in_noscript = true;
        } else if name.eq_ignore_ascii_case("meta") {
            if !self.in_noscript {
                self.refresh = self.refresh.take().or_else(|| refresh(tag));
            }
        } else if is_anchor || name.eq_ignore_ascii_case("link") {
            self.end_anchor();
            let parts = Parts::read(tag);
            if let Some(found) = parts.declared() {
                self.found.push(found);
            } else if let Some(href) = parts.href.filter(|_| is_anchor) {
                self.anchor = Some((href, String::new()));
            }
        }
    }

    fn end_anchor(&mut self) {
        let Some((href, text)) = self.anchor.take() else {
            return;
        };
        let href = without_feed_scheme(&href);
        let words = says_feed(&text);
        if looks_like_feed(&href) || words && !is_button(&href) {
            let title = text.split_whitespace().collect::<Vec<_>>().join(" ");
            self.found.push(Found {
                hint: hint_of_address(&href),
                title: (!title.is_empty()).then(|| shorten(&title, 200).into_owned()),
                href,
                origin: Origin::Anchor,
                language: None,
            });
        }
    }
}

/// What a link says of itself.
#[derive(Default)]
struct Parts {
    href: Option<String>,
    rel: String,
    media_type: String,
    title: Option<String>,
    language: Option<String>,
}

impl Parts {
    fn read(tag: Tag<'_>) -> Self {
        let mut parts = Self::default();
        let mut log = Log::default();
        let mut entities = Entities::default();
        for (name, raw) in Attributes::new(tag.attributes).take(limits::ATTRIBUTES) {
            let known = ["href", "rel", "type", "title", "hreflang", "lang"];
            let Some(known) = known.iter().find(|it| it.eq_ignore_ascii_case(name)) else {
                continue;
            };
            let mut value = String::with_capacity(raw.len());
            unescape(raw, 0, &mut entities, &mut log, &mut value);
            let value = value.trim();
            match *known {
                "href" if !value.is_empty() && value.len() <= limits::ADDRESS => {
                    parts.href = Some(value.to_owned());
                }
                "rel" => parts.rel = value.to_ascii_lowercase(),
                "type" => parts.media_type = value.to_ascii_lowercase(),
                "hreflang" | "lang" if !value.is_empty() && value.len() < 36 => {
                    parts.language = Some(value.to_ascii_lowercase());
                }
                "title" if !value.is_empty() => {
                    parts.title = Some(shorten(value, 200).into_owned());
                }
                _ => {}
            }
        }
        parts
    }

    /// A feed where `rel` says so.
    fn declared(&self) -> Option<Found> {
        let href = without_feed_scheme(self.href.as_deref()?);
        let rel = |word| self.rel.split_ascii_whitespace().any(|it| it == word);
        let origin = if rel("feed") {
            Origin::Feed
        } else if rel("alternate") && !rel("stylesheet") {
            Origin::Alternate
        } else {
            return None;
        };
        let media_type = self.media_type.split(';').next().unwrap_or_default().trim();
        let hint = match media_type {
            "application/rss+xml" | "application/rdf+xml" | "text/rss" | "application/rss" => {
                Some(Hint::Rss)
            }
            "application/atom+xml"
            | "application/x.atom+xml"
            | "application/x-atom+xml"
            | "application/atom" => Some(Hint::Atom),
            "application/feed+json" => Some(Hint::Json),
            // Sites name their programming interfaces so, too.
            "application/json" if href.to_ascii_lowercase().contains("feed") => Some(Hint::Json),
            "text/xml" | "application/xml" => hint_of_address(&href),
            _ if origin == Origin::Feed => hint_of_address(&href),
            _ => return None,
        };
        Some(Found {
            href,
            title: self.title.clone(),
            hint,
            origin,
            language: self.language.clone(),
        })
    }
}

/// Where a `meta` element sends visitors: `0; url=/there/` (HTML, 4.2.5.3). Pages that show
/// themselves again after a while send nobody anywhere.
fn refresh(tag: Tag<'_>) -> Option<String> {
    let (mut equiv, mut content) = (String::new(), String::new());
    let (mut log, mut entities) = (Log::default(), Entities::default());
    for (name, raw) in Attributes::new(tag.attributes).take(limits::ATTRIBUTES) {
        if name.eq_ignore_ascii_case("http-equiv") {
            unescape(raw, 0, &mut entities, &mut log, &mut equiv);
        } else if name.eq_ignore_ascii_case("content") && raw.len() <= limits::ADDRESS {
            unescape(raw, 0, &mut entities, &mut log, &mut content);
        }
    }
    if !equiv.trim().eq_ignore_ascii_case("refresh") {
        return None;
    }
    let (delay, to) = content.trim().split_once([';', ','])?;
    let delay: f32 = delay.trim().parse().ok()?;
    let to = to.trim();
    let to = match to.get(..3) {
        Some(word) if word.eq_ignore_ascii_case("url") => {
            to[3..].trim_start().strip_prefix('=').unwrap_or(to)
        }
        _ => to,
    };
    let to = to.trim().trim_matches(['"', '\'']);
    (delay <= LONGEST_DELAY && !to.is_empty()).then(|| to.to_owned())
}

/// Seconds after which a refresh is no redirect.
const LONGEST_DELAY: f32 = 15.0;

/// More of the words of a link are not looked at.
const LONGEST_WORDS: usize = 200;

/// Elements whose text is no markup.
fn raw_text(name: &str) -> Option<&'static str> {
    let known = ["script", "style", "textarea", "iframe", "xmp"];
    known.into_iter().find(|it| it.eq_ignore_ascii_case(name))
}

#[cfg(test)]
mod tests;
