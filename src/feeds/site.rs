//! What the pages have in common: the newsletter, its feeds, the head and foot of a page.

use std::borrow::Cow;

use askama::Template;
use chrono::{DateTime, FixedOffset, SecondsFormat};
use url::Url;

use super::{Format, style};
use crate::model::Newsletter;

/// The file of the page that tells how to subscribe.
pub const SUBSCRIBE: &str = "feeds.html";

/// The longest description that a page gives of itself, in characters: search results and
/// previews show no more.
const DESCRIPTION: usize = 200;

/// What every page knows.
#[derive(Clone, Copy, Debug)]
pub struct Site<'a> {
    /// The publication.
    pub newsletter: &'a Newsletter,
    /// Every feed that somebody may subscribe to, in the order in which lists show them.
    pub feeds: &'a [FeedLink],
    /// The list of sources, where it is published.
    pub opml: Option<&'a Url>,
}

/// A feed that somebody may subscribe to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FeedLink {
    /// What the list of feeds calls it, within its group: `Ada Lovelace`.
    pub name: String,
    /// Its full title, as feed readers see it: `News Example: recommended by Ada Lovelace`.
    pub title: String,
    /// The page that shows the same to people, where there is one.
    pub home: Option<Url>,
    /// Its address as Atom.
    pub atom: Url,
    /// Its address as RSS.
    pub rss: Url,
    /// Its address as JSON Feed.
    pub json: Url,
    /// What it is a choice of.
    pub group: Group,
    /// The number of entries, over all of its documents.
    pub count: usize,
}

/// What a feed is a choice of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Group {
    /// The issues.
    Main,
    /// All readings.
    Readings,
    /// The readings that one curator recommends.
    Curator,
    /// The readings of one category.
    Category,
    /// The readings of one kind.
    Kind,
}

/// A link to another page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Link<'a> {
    /// The title of that page, plain text.
    pub title: &'a str,
    /// Its permalink.
    pub url: &'a Url,
}

/// One format of a feed, as templates show it.
pub(super) struct FormatLink<'a> {
    pub(super) label: &'static str,
    pub(super) media_type: &'static str,
    pub(super) url: &'a str,
}

/// What stands around the content of a page.
pub(super) struct Layout<'a> {
    pub(super) newsletter: &'a Newsletter,
    pub(super) feeds: &'a [FeedLink],
    pub(super) language: &'a str,
    pub(super) direction: &'static str,
    /// For the window and search results.
    pub(super) title: Cow<'a, str>,
    /// The page's own title.
    pub(super) heading: Cow<'a, str>,
    pub(super) description: Option<Cow<'a, str>>,
    pub(super) canonical: &'a str,
    /// What Open Graph calls the type.
    pub(super) sort: &'static str,
    pub(super) home: String,
    pub(super) subscribe: String,
    /// Whether this is the page that tells how to subscribe.
    pub(super) subscribing: bool,
    pub(super) style: String,
}

impl FeedLink {
    /// The three formats in the order in which lists show them.
    pub(super) fn formats(&self) -> [FormatLink<'_>; 3] {
        Format::ALL.map(|format| {
            let (label, url) = match format {
                Format::Atom => ("Atom", &self.atom),
                Format::Rss => ("RSS", &self.rss),
                Format::Json => ("JSON Feed", &self.json),
            };
            FormatLink {
                label,
                media_type: format.media_type(),
                url: url.as_str(),
            }
        })
    }
}

impl<'a> Site<'a> {
    /// The layout of a page that is served at `here` and whose permalink is `canonical`.
    pub(super) fn layout(
        &self,
        here: &Url,
        canonical: &'a Url,
        heading: Cow<'a, str>,
    ) -> Layout<'a> {
        let base = &self.newsletter.base_url;
        let language = language(self.newsletter.language.as_deref());
        // Home, the list of feeds and the style sheet are linked relative to the page, so that
        // pages look right on any host and straight from the disk.
        let home = relative(here, base);
        Layout {
            newsletter: self.newsletter,
            feeds: self.feeds,
            language,
            direction: direction(language),
            title: full_title(&heading, &self.newsletter.title),
            heading,
            description: self.newsletter.subtitle.as_deref().map(describe),
            canonical: canonical.as_str(),
            sort: "website",
            subscribe: beside(&home, SUBSCRIBE),
            subscribing: here.as_str().strip_prefix(base.as_str()) == Some(SUBSCRIBE),
            style: beside(&home, style::FILE_NAME),
            home,
        }
    }
}

impl<'a> Layout<'a> {
    /// The feeds that a browser or reader finds by the page's head: issues and readings. The
    /// others would only bury these.
    pub(super) fn discoverable(&self) -> impl Iterator<Item = &'a FeedLink> + use<'a> {
        self.feeds
            .iter()
            .filter(|feed| matches!(feed.group, Group::Main | Group::Readings))
    }

    /// Whether the words around the content, which are English, are in another language than it.
    pub(super) fn is_foreign(&self) -> bool {
        !is_english(self.language)
    }

    /// The feed of the issues.
    pub(super) fn main_feed(&self) -> Option<&'a FeedLink> {
        self.feeds.iter().find(|feed| feed.group == Group::Main)
    }
}

/// The template as a document, whole and with a line end.
pub(super) fn write(template: &impl Template, size: usize) -> String {
    let mut document = String::with_capacity(size);
    template
        .render_into(&mut document)
        .expect("writing to a string does not fail");
    document.truncate(document.trim_ascii_end().len());
    document.push('\n');
    document
}

/// The address of a file in the folder that `home` leads to.
fn beside(home: &str, file: &str) -> String {
    let folder = home.strip_suffix("./").filter(|rest| rest.is_empty());
    format!("{}{file}", folder.unwrap_or(home))
}

/// The title of the window: the newsletter's name is added where the heading lacks it.
fn full_title<'a>(heading: &Cow<'a, str>, newsletter: &str) -> Cow<'a, str> {
    if heading.contains(newsletter) {
        heading.clone()
    } else {
        Cow::Owned(format!("{heading} · {newsletter}"))
    }
}

/// The text on one line, cut between words where it is too long for a description.
pub(super) fn describe(text: &str) -> Cow<'_, str> {
    let trimmed = text.trim();
    let end = trimmed.char_indices().nth(DESCRIPTION).map(|(at, _)| at);
    let Some(end) = end else {
        return one_line(trimmed);
    };
    let words = trimmed[..end].rfind(char::is_whitespace).unwrap_or(end);
    Cow::Owned(format!("{}…", one_line(trimmed[..words].trim_end())))
}

fn one_line(text: &str) -> Cow<'_, str> {
    if text.contains(['\n', '\r', '\t']) {
        Cow::Owned(text.split_whitespace().collect::<Vec<_>>().join(" "))
    } else {
        Cow::Borrowed(text)
    }
}

/// The language of a page; English where nobody says, as the words around the content are.
pub(super) fn language(stated: Option<&str>) -> &str {
    stated
        .map(str::trim)
        .filter(|language| !language.is_empty())
        .unwrap_or("en")
}

/// How the language is written: `rtl` or `ltr`.
pub(super) fn direction(language: &str) -> &'static str {
    const LANGUAGES: [&str; 13] = [
        "ar", "arc", "ckb", "dv", "fa", "he", "iw", "ps", "sd", "syr", "ug", "ur", "yi",
    ];
    const SCRIPTS: [&str; 7] = ["adlm", "arab", "hebr", "nkoo", "rohg", "syrc", "thaa"];
    let subtags = language.to_ascii_lowercase();
    let mut subtags = subtags.split(['-', '_']);
    let primary = subtags.next().unwrap_or("");
    // A script, the only subtag of four letters, outweighs the language (RFC 5646, section 2.2.3).
    let script =
        subtags.find(|subtag| subtag.len() == 4 && subtag.bytes().all(|b| b.is_ascii_alphabetic()));
    let right_to_left = script.map_or_else(
        || LANGUAGES.contains(&primary),
        |script| SCRIPTS.contains(&script),
    );
    if right_to_left { "rtl" } else { "ltr" }
}

/// The day as readers of the language see it: in words in English, else as ISO 8601 writes it.
pub(super) fn day(instant: &DateTime<FixedOffset>, language: &str) -> String {
    let form = if is_english(language) {
        "%-d %B %Y"
    } else {
        "%Y-%m-%d"
    };
    instant.format(form).to_string()
}

fn is_english(language: &str) -> bool {
    let primary = language.split(['-', '_']).next().unwrap_or(language);
    primary.eq_ignore_ascii_case("en")
}

/// The instant as `<time datetime>` has it.
pub(super) fn machine_time(instant: &DateTime<FixedOffset>) -> String {
    instant.to_rfc3339_opts(SecondsFormat::Secs, true)
}

/// `1 reading`, `12 readings`.
pub(super) fn counted(count: usize, one: &str, many: &str) -> String {
    format!("{count} {}", if count == 1 { one } else { many })
}

/// The address of `target` as a page at `here` may write it: relative on the same host.
///
/// `Url::make_relative` leads from `/news/feeds.html` to `/` instead of `/news/`, so the path is
/// compared here.
pub(super) fn relative(here: &Url, target: &Url) -> String {
    let same_host = here.scheme() == target.scheme()
        && here.host() == target.host()
        && here.port_or_known_default() == target.port_or_known_default();
    if !same_host || here.cannot_be_a_base() || target.cannot_be_a_base() {
        return target.to_string();
    }
    let (from, to) = (here.path(), target.path());
    let differ = from
        .bytes()
        .zip(to.bytes())
        .position(|(one, other)| one != other)
        .unwrap_or(from.len().min(to.len()));
    let common = from[..differ].rfind('/').map_or(0, |slash| slash + 1);
    let up = from[common..].matches('/').count();
    let mut address = "../".repeat(up);
    let down = &to[common..];
    // Nothing would be the page itself, a slash the host's root, a colon the end of a scheme.
    let needs_dot = down.is_empty()
        || down.starts_with('/')
        || down
            .split('/')
            .next()
            .is_some_and(|segment| segment.contains(':'));
    if up == 0 && needs_dot {
        address.push_str("./");
    }
    address.push_str(down);
    for (mark, part) in [('?', target.query()), ('#', target.fragment())] {
        if let Some(part) = part {
            address.push(mark);
            address.push_str(part);
        }
    }
    address
}

#[cfg(test)]
mod tests;
