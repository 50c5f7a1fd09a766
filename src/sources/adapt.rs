//! feed-rs reads the rewritten document; what its model has no place for comes from the rewriter.

use chrono::{DateTime, Utc};
use feed_rs::model as read;
use feed_rs::parser::Builder;

use super::repair::{Defect, Log};
use super::rewrite::{Extra, Rewritten, VERBATIM};
use super::{Enclosure, Entry, Error, Feed, Markup, Text, quiet};
use crate::model::Person;

/// Reads a rewritten document.
pub(super) fn read(rewritten: Rewritten, log: &mut Log) -> Result<Feed, Error> {
    let parsed = quiet::catch(|| {
        let instant = |text: &str| -> Option<DateTime<Utc>> {
            DateTime::parse_from_rfc3339(text).ok().map(Into::into)
        };
        let parser = Builder::new().timestamp_parser(instant).build();
        parser.parse(rewritten.xml.as_bytes())
    });
    let parsed = match parsed {
        Ok(parsed) => parsed.map_err(|error| Error::Unreadable(Box::new(error)))?,
        Err(panic) => return Err(Error::Unreadable(panic.into())),
    };
    let mut feed = Feed {
        format: rewritten.format,
        language: rewritten.language,
        rhythm: rewritten.rhythm,
        title: parsed.title.map(text),
        updated: parsed.updated,
        authors: parsed.authors.into_iter().map(person).collect(),
        ..Feed::default()
    };
    for link in parsed.links {
        let href = address(link.href);
        match link.rel.as_deref() {
            Some("self") => feed.self_link = Some(href),
            Some("hub") => feed.hubs.push(href),
            _ => feed.link = Some(href),
        }
    }
    if parsed.entries.len() != rewritten.extras.len() {
        // Nothing that the rewriter writes should make feed-rs lose an entry.
        log.note(Defect::Truncated, None);
    }
    let pairs = parsed.entries.into_iter().zip(rewritten.extras);
    feed.entries = pairs.map(|(read, extra)| entry(read, extra)).collect();
    Ok(feed)
}

fn entry(read: read::Entry, extra: Extra) -> Entry {
    let content = read.content.and_then(|content| {
        let markup = markup(content.content_type.as_str());
        content.body.map(|value| Text { value, markup })
    });
    let mut entry = Entry {
        id: read.id,
        own_id: extra.own_id,
        title: read.title.map(text),
        published: read.published,
        updated: read.updated,
        authors: read.authors.into_iter().map(person).collect(),
        summary: read.summary.map(text),
        content,
        categories: read.categories.into_iter().map(|it| it.term).collect(),
        media: extra.media,
        duration: extra.duration,
        transcript: extra.transcript,
        thumbnail: extra.thumbnail,
        comments: extra.comments,
        language: extra.language,
        base: extra.base,
        ..Entry::default()
    };
    for link in read.links {
        let url = address(link.href);
        match link.rel.as_deref() {
            Some("enclosure") => entry.enclosures.push(Enclosure {
                url,
                media_type: link.media_type,
                length: link.length,
            }),
            _ => entry.link = Some(url),
        }
    }
    entry
}

fn address(mut href: String) -> String {
    if href.starts_with(VERBATIM) {
        href.remove(0);
    }
    href
}

fn text(read: read::Text) -> Text {
    Text {
        markup: markup(read.content_type.as_str()),
        value: read.content,
    }
}

fn markup(content_type: &str) -> Markup {
    match content_type {
        "text/html" => Markup::Html,
        _ => Markup::Plain,
    }
}

fn person(read: read::Person) -> Person {
    Person {
        name: read.name,
        url: read.uri,
        email: read.email,
    }
}
