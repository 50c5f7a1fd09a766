//! JSON Feed 1.0 and 1.1 (jsonfeed.org), and JSON that means to be one.
//!
//! Read with a reader of its own (`scan`): serde gives up a whole feed for one comma, and feed-rs for an
//! item whose id is a number, an attachment without a type or a missing title.

mod scan;

use chrono::{DateTime, Utc};
use url::Url;
use xxhash_rust::xxh3::xxh3_128;

use self::scan::{Scan, Value};
use super::address::is_allowed;
use super::dates::{self, Date, Order};
use super::newest::{Draft, Newest};
use super::repair::{Defect, Log};
use super::{Enclosure, Entry, Error, Feed, Format, Markup, Text, limits};
use crate::Person;

/// The names that feeds, items, authors, hubs and attachments have.
static NAMES: [&str; 28] = [
    "version",
    "title",
    "home_page_url",
    "feed_url",
    "next_url",
    "language",
    "authors",
    "author",
    "hubs",
    "items",
    "name",
    "id",
    "url",
    "external_url",
    "content_html",
    "content_text",
    "summary",
    "image",
    "banner_image",
    "date_published",
    "date_modified",
    "tags",
    "attachments",
    "mime_type",
    "size_in_bytes",
    "duration_in_seconds",
    "icon",
    "favicon",
];

/// Whether a document without leading white space may be JSON; junk before the brace does not make
/// it less so.
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
    if brace > 0 && !start[..brace].trim().is_empty() {
        log.note(Defect::LeadingJunk, Some(0));
    }
    let mut scan = Scan::new(&start[brace..], &NAMES, log);
    let mut reader = Reader::default();
    while scan.next_document() {
        reader.document(&mut scan, url);
    }
    let (cut, open) = (scan.cut, scan.open);
    if !reader.is_feed() {
        return Err(Error::Json);
    }
    if cut || open {
        log.note(Defect::Truncated, Some(start.len()));
    }
    Ok(reader.finish(url, log))
}

/// What a feed says by one of its own names.
pub(super) fn next_url(source: &str) -> Option<String> {
    let mut log = Log::default();
    let mut scan = Scan::new(source, &["next_url"], &mut log);
    let mut found = None;
    if scan.next_document() {
        scan.members(&mut |scan, name| {
            let value = scan.value(name == "next_url");
            found = text(value).filter(|_| name == "next_url").or(found.take());
        });
    }
    found
}

type Members<'a> = Vec<(&'static str, Value<'a>)>;

/// A feed while its items come in.
#[derive(Default)]
struct Reader<'a> {
    head: Members<'a>,
    newest: Newest,
    documents: usize,
    /// An item has what only items of feeds have.
    has_items: bool,
}

impl<'a> Reader<'a> {
    /// Reads one object of the outermost level.
    fn document(&mut self, scan: &mut Scan<'a, '_>, url: Option<&Url>) {
        let before = self.newest.len();
        let again = self.documents > 0;
        scan.members(
            &mut |scan, name| match NAMES.iter().find(|it| it.eq_ignore_ascii_case(name)) {
                Some(&"items") => self.items(scan, url),
                Some(known) => {
                    let value = scan.value(true);
                    if again {
                        // A second document says nothing of the first but its items.
                        return;
                    }
                    let mut head = std::mem::take(&mut self.head);
                    scan.put(&mut head, known, value);
                    self.head = head;
                }
                None => drop(scan.value(false)),
            },
        );
        self.documents += 1;
        if again && self.newest.len() > before {
            scan.log.note(Defect::SeveralDocuments, None);
        }
    }

    /// Reads the list of items, or one alone.
    fn items(&mut self, scan: &mut Scan<'a, '_>, url: Option<&Url>) {
        if scan.at_list() {
            scan.elements(&mut |scan| self.item(scan, url));
        } else {
            self.item(scan, url);
        }
    }

    fn item(&mut self, scan: &mut Scan<'a, '_>, url: Option<&Url>) {
        scan.begin();
        let value = scan.value(true);
        let Value::Object(members) = value else {
            if value != Value::Nothing {
                scan.log.note_with(Defect::BadJson, None, || {
                    Some("an item that is none".into())
                });
            }
            return;
        };
        // What was cut may be its id: half an entry would come again under another one.
        let only_an_id = members.iter().all(|(name, _)| *name == "id");
        if scan.cut || members.is_empty() || scan.open && only_an_id {
            return;
        }
        let has = |names: &[&str]| members.iter().any(|(name, _)| names.contains(name));
        self.has_items |= has(&[
            "content_html",
            "content_text",
            "date_published",
            "date_modified",
        ]) || has(&["url", "external_url", "id"]) && has(&["title", "summary"])
            || has(&["attachments", "external_url"]);
        let base = url.cloned().or_else(|| self.base());
        let draft = entry(members, base.as_ref(), scan.log, &mut self.newest);
        self.newest.push(draft);
    }

    /// Where relative addresses start, where nobody says where the document is from.
    fn base(&self) -> Option<Url> {
        let named = |wanted: &str| {
            let (_, value) = self.head.iter().find(|(name, _)| *name == wanted)?;
            match value {
                Value::Text(text) => Url::parse(text).ok(),
                _ => None,
            }
        };
        named("home_page_url").or_else(|| named("feed_url"))
    }

    /// Whether it says so, or has items as only feeds have them: other JSON has versions, too
    /// (JSON Feed 1.1, "version").
    fn is_feed(&self) -> bool {
        let version = self.head.iter().find(|(name, _)| *name == "version");
        let says = match version {
            Some((_, Value::Text(text))) => text.to_ascii_lowercase().contains("jsonfeed.org"),
            _ => false,
        };
        says || self.has_items && !self.newest.is_empty()
    }

    fn finish(self, url: Option<&Url>, log: &mut Log) -> Feed {
        let base = url.cloned().or_else(|| self.base());
        let base = base.as_ref();
        let mut head = Fields(self.head);
        let version = head.text("version").unwrap_or_default();
        let mut authors = head.people();
        authors.dedup();
        let hubs = head.list("hubs").into_iter().filter_map(|hub| match hub {
            Value::Object(members) => Fields(members).text("url"),
            other => text(other),
        });
        Feed {
            format: if version.trim_end_matches('/').ends_with("1.1") {
                Format::Json11
            } else {
                Format::Json1
            },
            hubs: hubs.filter_map(|it| absolute(&it, base)).collect(),
            title: head.text("title").map(Text::new),
            link: head.address("home_page_url", base),
            language: head.text("language"),
            authors,
            self_link: head.address("feed_url", base),
            entries: self.newest.finish(log),
            ..Feed::default()
        }
    }
}

/// The members of an object, taken by their names.
struct Fields<'a>(Members<'a>);

impl<'a> Fields<'a> {
    fn take(&mut self, wanted: &str) -> Value<'a> {
        let member = self.0.iter_mut().find(|(name, _)| *name == wanted);
        member
            .map(|(_, value)| std::mem::take(value))
            .unwrap_or_default()
    }

    fn text(&mut self, name: &str) -> Option<String> {
        text(self.take(name))
    }

    fn address(&mut self, name: &str, base: Option<&Url>) -> Option<String> {
        absolute(&self.text(name)?, base)
    }

    /// The whole part of a number.
    fn number(&mut self, name: &str) -> Option<u64> {
        let text = self.text(name)?;
        text.split('.').next()?.parse().ok()
    }

    /// A list; one value alone is a list of one.
    fn list(&mut self, name: &str) -> Vec<Value<'a>> {
        match self.take(name) {
            Value::List(values) => values,
            Value::Nothing => Vec::new(),
            one => vec![one],
        }
    }

    /// `authors` of version 1.1, else `author` of 1.0.
    fn people(&mut self) -> Vec<Person> {
        let people = |values: Vec<Value<'a>>| -> Vec<Person> {
            values.into_iter().filter_map(person).collect()
        };
        let several = people(self.list("authors"));
        if several.is_empty() {
            return people(self.list("author"));
        }
        several
    }
}

fn person(value: Value<'_>) -> Option<Person> {
    let mut fields = match value {
        Value::Object(members) => Fields(members),
        other => Fields(vec![("name", other)]),
    };
    let (name, url) = (fields.text("name"), fields.address("url", None));
    Some(Person {
        name: name.or_else(|| url.clone())?,
        url,
        email: None,
    })
}

/// The text of a string or a number without control characters, trimmed; `None` where nothing is
/// left.
fn text(value: Value<'_>) -> Option<String> {
    let text = match value {
        Value::Text(text) => text,
        Value::Number(text) => text.into(),
        _ => return None,
    };
    // JSON may hold what XML forbids, and nothing downstream expects it.
    let bad = |c: char| c.is_control() && !matches!(c, '\n' | '\t');
    let trimmed = text.trim();
    match trimmed.len() {
        0 => None,
        _ if trimmed.contains(bad) => Some(trimmed.replace(bad, "")),
        length if length == text.len() => Some(text.into_owned()),
        _ => Some(trimmed.to_owned()),
    }
}

/// The instant of a date, and the one with the month before the day where it may be that.
fn date(
    written: Option<String>,
    log: &mut Log,
    newest: &mut Newest,
) -> (Option<DateTime<Utc>>, Option<DateTime<Utc>>, bool) {
    let Some(written) = written else {
        return (None, None, false);
    };
    let shown = || Some(format!("`{}`", super::text::shorten(&written, 40)));
    let Some(date) = dates::read(&written, None) else {
        log.note_with(Defect::BadDate, None, shown);
        return (None, None, false);
    };
    newest.habit.note(date);
    match date {
        Date::At(instant, Order::Open(other)) => (Some(instant), Some(other), false),
        Date::At(instant, _) => (Some(instant), None, false),
        Date::Zero => {
            log.note_with(Defect::ZeroDate, None, shown);
            (None, None, true)
        }
    }
}

fn entry(members: Members<'_>, base: Option<&Url>, log: &mut Log, newest: &mut Newest) -> Draft {
    let mut item = Fields(members);
    let link = item
        .address("url", base)
        .or_else(|| item.address("external_url", base));
    let html = item.text("content_html").map(|value| Text {
        value,
        markup: Markup::Html,
    });
    let plain = item.text("content_text").map(Text::new);
    let summary = item.text("summary").map(Text::new);
    let title = item.text("title").map(Text::new);
    let (published, other_published, no_published) = date(item.text("date_published"), log, newest);
    let (updated, other_updated, no_updated) = date(item.text("date_modified"), log, newest);
    let own = item.text("id");
    let content = html.or(plain);
    let id = own.clone().or_else(|| link.clone()).unwrap_or_else(|| {
        let said = match &title {
            Some(title) => format!("{}\n{published:?}", title.value),
            None => format!("{content:?}{summary:?}"),
        };
        format!("hash:{:032x}", xxh3_128(said.as_bytes()))
    });
    let attachments = item.list("attachments").into_iter();
    let (enclosures, durations): (Vec<_>, Vec<_>) =
        attachments.filter_map(|it| attachment(it, base)).unzip();
    let entry = Entry {
        id,
        own_id: own.is_some(),
        title,
        link,
        published,
        updated,
        authors: item.people(),
        summary,
        content,
        categories: item.list("tags").into_iter().filter_map(text).collect(),
        duration: durations.into_iter().flatten().next(),
        enclosures,
        thumbnail: item
            .address("image", base)
            .or_else(|| item.address("banner_image", base)),
        language: item.text("language"),
        is_old: (no_published || no_updated) && published.is_none() && updated.is_none(),
        ..Entry::default()
    };
    Draft {
        entry,
        published: other_published,
        updated: other_updated,
    }
}

fn attachment(value: Value<'_>, base: Option<&Url>) -> Option<(Enclosure, Option<u64>)> {
    let mut fields = match value {
        Value::Object(members) => Fields(members),
        other => Fields(vec![("url", other)]),
    };
    let enclosure = Enclosure {
        length: fields.number("size_in_bytes"),
        url: fields.address("url", base)?,
        media_type: fields.text("mime_type"),
    };
    Some((enclosure, fields.number("duration_in_seconds")))
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

#[cfg(test)]
mod tests;
