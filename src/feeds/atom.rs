//! Atom 1.0 (RFC 4287), with the archive links of RFC 5005 and the hubs of `WebSub`.
//!
//! `atom_syndication` serialises; here is only what stands in which element. Titles are plain
//! text (`type="text"`), so a title about HTML is read as it was written.

use std::collections::BTreeMap;

use atom_syndication::extension::Extension;
use atom_syndication::{Category, Content, Feed, Generator, Link, Text, WriteConfig};

use super::text::{address, clean, line};
use super::{Entry, Format, Frame, Head, Paging, writable};
use crate::model::{Audio, Person};

/// The namespace of `fh:archive` (RFC 5005, section 4.1).
pub(super) const HISTORY: &str = "http://purl.org/syndication/history/1.0";

const DECLARATION: &[u8] = b"<?xml version=\"1.0\" encoding=\"utf-8\"?>\n";
const BARE: WriteConfig = WriteConfig {
    write_document_declaration: false,
    indent_size: None,
};

/// What stands around the entries.
pub fn frame(head: &Head<'_>) -> Frame {
    let newsletter = head.newsletter;
    let mut feed = Feed {
        title: Text::plain(line(&head.title)),
        id: line(&head.id.0).into_owned(),
        updated: writable(head.updated),
        authors: authors(head),
        generator: Some(Generator {
            value: "newsdesk".to_owned(),
            ..Generator::default()
        }),
        icon: newsletter
            .icon
            .as_ref()
            .map(|icon| address(icon.as_str()).into_owned()),
        links: links(head),
        rights: newsletter.rights.as_deref().map(plain),
        subtitle: head.subtitle.as_deref().map(plain),
        // The entries will stand where this one does.
        entries: vec![atom_syndication::Entry::default()],
        lang: newsletter
            .language
            .as_deref()
            .map(|tag| line(tag).into_owned()),
        ..Feed::default()
    };
    if head.paging.archive {
        feed.namespaces.insert("fh".to_owned(), HISTORY.to_owned());
        let archive = Extension {
            name: "fh:archive".to_owned(),
            ..Extension::default()
        };
        feed.extensions.insert(
            "fh".to_owned(),
            BTreeMap::from([("archive".to_owned(), vec![archive])]),
        );
    }
    cut(&write(&feed))
}

fn write(feed: &Feed) -> Vec<u8> {
    feed.write_with_config(DECLARATION.to_vec(), BARE)
        .expect("memory takes every byte")
}

/// Cuts the document around the one entry in it. All `<` of texts are escaped, so the tags are
/// found nowhere else.
///
/// `atom_syndication` writes the feed's extensions after the entries, where the schema of RFC 4287
/// has no place for them: they go before.
fn cut(document: &[u8]) -> Frame {
    const END: &[u8] = b"</feed>";
    let place = |tag: &[u8]| document.windows(tag.len()).position(|found| found == tag);
    let start = place(b"<entry>").expect("the document has one entry");
    let after = place(b"</entry>").expect("the entry has an end") + b"</entry>".len();
    let extensions = &document[after..document.len() - END.len()];
    Frame {
        before: [&document[..start], extensions, b"\n"].concat(),
        between: b"\n",
        after: [b"\n", END, b"\n"].concat(),
    }
}

/// One entry.
pub fn entry(entry: &Entry) -> Vec<u8> {
    let language = entry.language.as_deref().map(|tag| line(tag).into_owned());
    let text = |value: String| Text {
        lang: language.clone(),
        ..Text::plain(value)
    };
    let serialised = atom_syndication::Entry {
        title: text(line(&entry.title).into_owned()),
        id: line(&entry.id.0).into_owned(),
        updated: writable(entry.updated),
        authors: entry.authors.iter().filter_map(person).collect(),
        categories: entry
            .categories
            .iter()
            .map(|term| line(term).into_owned())
            .filter(|term| !term.is_empty())
            .map(|term| Category {
                term,
                ..Category::default()
            })
            .collect(),
        links: entry_links(entry),
        published: Some(writable(entry.published)),
        summary: entry
            .summary
            .as_deref()
            .map(|summary| text(clean(summary.trim()).into_owned())),
        content: Some(Content {
            lang: language.clone(),
            value: Some(clean(&entry.html).into_owned()),
            content_type: Some("html".to_owned()),
            ..Content::default()
        }),
        ..atom_syndication::Entry::default()
    };
    write_entry(&serialised, entry.html.len() * 5 / 4 + 1024)
}

/// The entry as it stands in a feed, which declares the namespace.
fn write_entry(entry: &atom_syndication::Entry, size: usize) -> Vec<u8> {
    let mut bytes = entry
        .write_with_config(Vec::with_capacity(size), BARE)
        .expect("memory takes every byte");
    let end = bytes
        .iter()
        .position(|&byte| byte == b'>')
        .expect("an entry begins with its tag");
    bytes.splice(..=end, *b"<entry>");
    bytes
}

fn plain(text: &str) -> Text {
    Text::plain(clean(text.trim()))
}

/// The authors of the feed. An entry without any has these (RFC 4287, section 4.2.1), so there is
/// always one: the newsletter itself where nobody is named.
fn authors(head: &Head<'_>) -> Vec<atom_syndication::Person> {
    let named: Vec<_> = head.newsletter.authors.iter().filter_map(person).collect();
    if named.is_empty() {
        let name = line(&head.newsletter.title).into_owned();
        return vec![atom_syndication::Person {
            name,
            ..atom_syndication::Person::default()
        }];
    }
    named
}

fn person(person: &Person) -> Option<atom_syndication::Person> {
    let name = line(&person.name).into_owned();
    (!name.is_empty()).then(|| atom_syndication::Person {
        name,
        email: person
            .email
            .as_deref()
            .filter(|email| is_mail_address(email))
            .map(|email| line(email).into_owned()),
        uri: person.url.as_deref().map(|url| address(url).into_owned()),
        ..atom_syndication::Person::default()
    })
}

/// Whether the schema of RFC 4287 takes it for a mail address (`.+@.+`), and no validator for
/// two of them or for a name.
pub(super) fn is_mail_address(written: &str) -> bool {
    written.split_once('@').is_some_and(|(name, host)| {
        let is_plain = |part: &str, more: &[u8]| {
            !part.is_empty()
                && part
                    .bytes()
                    .all(|byte| byte.is_ascii_alphanumeric() || more.contains(&byte))
        };
        is_plain(name, b"._%+-'") && is_plain(host, b".-") && host.contains('.')
    })
}

fn links(head: &Head<'_>) -> Vec<Link> {
    let paging = &head.paging;
    let mut links = vec![
        link("self", paging.this.as_str(), Some(Format::Atom)),
        Link {
            mime_type: Some("text/html".to_owned()),
            ..link("alternate", head.home.as_str(), None)
        },
    ];
    let hubs = head.newsletter.hubs.iter();
    links.extend(hubs.map(|hub| link("hub", hub.as_str(), None)));
    links.extend(history(paging, Format::Atom));
    links
}

/// The links between the documents of one feed (RFC 5005, section 4).
pub(super) fn history(paging: &Paging, format: Format) -> impl Iterator<Item = Link> {
    [
        ("current", &paging.current),
        ("prev-archive", &paging.previous),
        ("next-archive", &paging.next),
    ]
    .into_iter()
    .filter_map(move |(rel, url)| {
        url.as_ref()
            .map(|url| link(rel, url.as_str(), Some(format)))
    })
}

pub(super) fn link(rel: &str, href: &str, format: Option<Format>) -> Link {
    Link {
        href: address(href).into_owned(),
        rel: rel.to_owned(),
        mime_type: format.map(|format| format.media_type().to_owned()),
        ..Link::default()
    }
}

fn entry_links(entry: &Entry) -> Vec<Link> {
    let mut links = Vec::with_capacity(3);
    links.extend(
        entry
            .link
            .as_deref()
            .map(|href| link("alternate", href, None)),
    );
    links.extend(via(entry));
    links.extend(entry.audio.as_ref().map(enclosure));
    links
}

/// The page on which the thing was recommended.
pub(super) fn via(entry: &Entry) -> Option<Link> {
    let via = entry.via.as_ref()?;
    let title = line(&via.title).into_owned();
    Some(Link {
        title: Some(title).filter(|title| !title.is_empty()),
        ..link("via", via.url.as_str(), None)
    })
}

fn enclosure(audio: &Audio) -> Link {
    Link {
        mime_type: Some(audio.media_type.clone()),
        // Nobody knows it where it is 0, and Atom can leave it out.
        length: Some(audio.length)
            .filter(|&length| length > 0)
            .map(|length| length.to_string()),
        ..link("enclosure", audio.url.as_str(), None)
    }
}
