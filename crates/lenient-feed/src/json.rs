//! JSON Feed 1.0 and 1.1 (jsonfeed.org), and JSON that means to be one.
//!
//! Read with serde and not with feed-rs, which refuses a whole feed for an item whose id is a
//! number, an attachment without a type, an `http:` version or a missing title, and which drops
//! the difference between links and attachments.

mod loose;

use serde::Deserialize;
use url::Url;
use xxhash_rust::xxh3::xxh3_128;

use self::loose::{Fit, FromText, Loose, Many};
use super::address::is_allowed;
use super::repair::{Defect, Log};
use super::{Enclosure, Entry, Error, Feed, Format, Markup, Person, Text, dates, limits};

/// Whether a document without leading white space is JSON; junk before the brace does not make it
/// less so.
pub(super) fn is_json(start: &str) -> bool {
    start.starts_with('{') || {
        let brace = start.find('{');
        let less = start.find('<');
        let text = &start[..brace.unwrap_or(0)];
        brace.is_some() && less.is_none_or(|less| Some(less) > brace) && text.len() < 256
    }
}

/// Reads a JSON Feed.
pub(super) fn read(start: &str, url: Option<&Url>, log: &mut Log) -> Result<Feed, Error> {
    let brace = start.find('{').unwrap_or(0);
    if brace > 0 {
        log.note(Defect::LeadingJunk, Some(0));
    }
    let source = &start[brace..];
    let mut stream = serde_json::Deserializer::from_str(source).into_iter::<JsonFeed>();
    let feed = match stream.next() {
        Some(Ok(feed)) => feed,
        Some(Err(error)) => mend(source, &error, log).ok_or(Error::Json(error))?,
        None => return Err(Error::NotAFeed),
    };
    if feed.version.0.is_none() && feed.items.0.is_empty() {
        return Err(Error::NotAFeed);
    }
    Ok(convert(feed, url, log))
}

/// Reads what is complete of a document that is cut, or broken in the middle: the items before the
/// place, everything closed after them.
fn mend(source: &str, error: &serde_json::Error, log: &mut Log) -> Option<JsonFeed> {
    let end = offset(source, error.line(), error.column());
    let mut closers = Vec::new();
    let mut good = None;
    let (mut quoted, mut escaped) = (false, false);
    for (at, byte) in source.bytes().enumerate().take(end) {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if quoted => escaped = true,
            b'"' => quoted = !quoted,
            _ if quoted => {}
            b'{' => closers.push('}'),
            b'[' => closers.push(']'),
            b'}' | b']' => {
                closers.pop();
                // Items are two levels down: in the feed, in its list.
                if byte == b'}' && closers.len() == 2 {
                    good = Some(at + 1);
                }
            }
            _ => {}
        }
    }
    let end = good?;
    let feed = serde_json::from_str(&format!("{}]}}", &source[..end])).ok()?;
    let defect = if error.is_eof() {
        Defect::Truncated
    } else {
        Defect::BadJson
    };
    log.note(defect, Some(end));
    Some(feed)
}

fn offset(source: &str, line: usize, column: usize) -> usize {
    let lines = source.split_inclusive('\n').take(line.saturating_sub(1));
    (lines.map(str::len).sum::<usize>() + column).min(source.len())
}

fn convert(feed: JsonFeed, url: Option<&Url>, log: &mut Log) -> Feed {
    let version = feed.version.0.unwrap_or_default();
    let own = feed.feed_url.0;
    let base = url.cloned().or_else(|| {
        let home = feed.home_page_url.0.as_deref().or(own.as_deref());
        home.and_then(|home| Url::parse(home).ok())
    });
    let base = base.as_ref();
    let mut authors = people(feed.authors, feed.author.0);
    authors.dedup();
    let items = feed.items.0.into_iter();
    Feed {
        format: if version.trim_end_matches('/').ends_with("1.1") {
            Format::Json11
        } else {
            Format::Json1
        },
        title: feed.title.text().map(Text::new),
        link: feed.home_page_url.0.and_then(|it| absolute(&it, base)),
        language: feed.language.text(),
        authors,
        self_link: own.and_then(|it| absolute(&it, base)),
        hubs: feed
            .hubs
            .0
            .into_iter()
            .filter_map(|hub| absolute(&hub.url.0?, base))
            .collect(),
        entries: items.map(|item| entry(item, base, log)).collect(),
        ..Feed::default()
    }
}

fn entry(item: JsonItem, base: Option<&Url>, log: &mut Log) -> Entry {
    let link = item
        .url
        .text()
        .or(item.external_url.text())
        .and_then(|it| absolute(&it, base));
    let html = item.content_html.text().map(|value| Text {
        value,
        markup: Markup::Html,
    });
    let plain = item.content_text.text().map(Text::new);
    let summary = item.summary.text().map(Text::new);
    let title = item.title.text().map(Text::new);
    let mut date = |written: Loose| {
        let written = written.text()?;
        let date = dates::parse(&written);
        if date.is_none() {
            log.note_with(Defect::BadDate, None, || {
                Some(format!("`{}`", super::text::shorten(&written, 40)))
            });
        }
        date
    };
    let published = date(item.date_published);
    let updated = date(item.date_modified);
    let own = item.id.text();
    let content = html.or(plain);
    let id = own.clone().or_else(|| link.clone()).unwrap_or_else(|| {
        let said = match &title {
            Some(title) => format!("{}\n{published:?}", title.value),
            None => format!("{content:?}{summary:?}"),
        };
        format!("hash:{:032x}", xxh3_128(said.as_bytes()))
    });
    let attachments: Vec<_> = item
        .attachments
        .0
        .into_iter()
        .filter(|it| it.url.0.is_some())
        .collect();
    Entry {
        id,
        own_id: own.is_some(),
        title,
        link,
        published,
        updated,
        authors: people(item.authors, item.author.0),
        summary,
        content,
        categories: item.tags.0.into_iter().filter_map(Loose::text).collect(),
        duration: attachments
            .iter()
            .find_map(|it| it.duration_in_seconds.number()),
        enclosures: attachments
            .into_iter()
            .filter_map(|it| enclosure(it, base))
            .collect(),
        thumbnail: item.image.text().and_then(|it| absolute(&it, base)),
        language: item.language.text(),
        ..Entry::default()
    }
}

fn enclosure(attachment: JsonAttachment, base: Option<&Url>) -> Option<Enclosure> {
    Some(Enclosure {
        length: attachment.size_in_bytes.number(),
        url: absolute(&attachment.url.text()?, base)?,
        media_type: attachment.mime_type.text(),
    })
}

/// `authors` of version 1.1, else `author` of 1.0.
fn people(authors: Many<JsonAuthor>, author: JsonAuthor) -> Vec<Person> {
    let mut people: Vec<_> = authors
        .0
        .into_iter()
        .filter_map(JsonAuthor::person)
        .collect();
    if people.is_empty() {
        people.extend(author.person());
    }
    people
}

fn absolute(written: &str, base: Option<&Url>) -> Option<String> {
    let written = written.trim();
    if written.is_empty() || written.len() > limits::ADDRESS {
        return None;
    }
    let joined = match Url::parse(written) {
        Ok(_) => None,
        Err(_) => base.and_then(|base| base.join(written).ok()),
    };
    // An address that is absolute stays as it is written.
    let address = joined.map_or_else(|| written.to_owned(), String::from);
    (address.len() <= limits::ADDRESS && is_allowed(&address)).then_some(address)
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct JsonFeed {
    version: Loose,
    title: Loose,
    home_page_url: Loose,
    feed_url: Loose,
    language: Loose,
    authors: Many<JsonAuthor>,
    author: Fit<JsonAuthor>,
    hubs: Many<JsonHub>,
    items: Many<JsonItem>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct JsonAuthor {
    name: Loose,
    url: Loose,
}

impl JsonAuthor {
    fn person(self) -> Option<Person> {
        let url = self.url.text().filter(|url| is_allowed(url));
        let name = self.name.text();
        let name = name.or_else(|| url.clone())?;
        Some(Person {
            name,
            url,
            email: None,
        })
    }
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct JsonHub {
    url: Loose,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct JsonItem {
    id: Loose,
    url: Loose,
    external_url: Loose,
    title: Loose,
    content_html: Loose,
    content_text: Loose,
    summary: Loose,
    image: Loose,
    date_published: Loose,
    date_modified: Loose,
    language: Loose,
    authors: Many<JsonAuthor>,
    author: Fit<JsonAuthor>,
    tags: Many<Loose>,
    attachments: Many<JsonAttachment>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct JsonAttachment {
    url: Loose,
    mime_type: Loose,
    size_in_bytes: Loose,
    duration_in_seconds: Loose,
}

impl FromText for JsonItem {}

impl FromText for JsonAuthor {
    fn from_text(text: String) -> Self {
        Self {
            name: Loose(Some(text)),
            url: Loose(None),
        }
    }
}

impl FromText for JsonHub {
    fn from_text(text: String) -> Self {
        Self {
            url: Loose(Some(text)),
        }
    }
}

impl FromText for JsonAttachment {
    fn from_text(text: String) -> Self {
        Self {
            url: Loose(Some(text)),
            ..Self::default()
        }
    }
}

#[cfg(test)]
mod tests;
