//! RSS 2.0, with `content:encoded`, `dc:creator`, `atom:link` and the fields of podcasts.
//!
//! The `rss` crate serialises; here is only what stands in which element. What RSS has no element
//! for is said in Atom's words, which readers know: `atom:link` to the document itself, the hubs,
//! the archives, and in a reading to the issue it was recommended in (`rel="via"`).

use std::collections::BTreeMap;

use chrono::{DateTime, Datelike, FixedOffset};
use rss::extension::Extension;
use rss::extension::atom::AtomExtension;
use rss::extension::dublincore::DublinCoreExtension;
use rss::extension::itunes::{
    ITunesCategory, ITunesChannelExtension, ITunesItemExtension, ITunesOwner,
};
use rss::{Category, Channel, Enclosure, Guid, Image, Item};

use super::atom::{HISTORY, history, is_mail_address, link, via};
use super::text::{address, clean, escape, excerpt, line};
use super::{Entry, Format, Frame, Head};
use crate::model::{Newsletter, Person};

const END: &[u8] = b"</channel></rss>";
/// The length of a description that is made of the content, in characters.
const EXCERPT: usize = 280;
/// What Apple takes as an author's name, in characters.
const AUTHOR: usize = 255;

/// The namespaces that an item may use: every frame declares them all, so that any item may
/// stand in any document.
const NAMESPACES: [(&str, &str); 4] = [
    ("atom", "http://www.w3.org/2005/Atom"),
    ("content", "http://purl.org/rss/1.0/modules/content/"),
    ("dc", "http://purl.org/dc/elements/1.1/"),
    ("itunes", "http://www.itunes.com/dtds/podcast-1.0.dtd"),
];

/// What stands around the items.
pub fn frame(head: &Head<'_>) -> Frame {
    let newsletter = head.newsletter;
    let title = line(&head.title).into_owned();
    let editor = newsletter.authors.iter().find_map(mail_and_name);
    let mut channel = Channel {
        image: image(head, &title),
        link: address(head.home.as_str()).into_owned(),
        description: description(head),
        language: newsletter
            .language
            .as_deref()
            .map(|tag| line(tag).into_owned()),
        copyright: newsletter
            .rights
            .as_deref()
            .map(|rights| line(rights).into_owned()),
        pub_date: date(head.updated),
        last_build_date: date(head.updated),
        generator: Some("newsdesk".to_owned()),
        atom_ext: Some(links(head)),
        itunes_ext: head.podcast.then(|| podcast(newsletter)),
        // The one or the other: both say who edits.
        dublin_core_ext: editor
            .is_none()
            .then(|| creators(&newsletter.authors, None))
            .flatten(),
        managing_editor: editor,
        title,
        ..Channel::default()
    };
    for (prefix, namespace) in NAMESPACES {
        let (prefix, namespace) = (prefix.to_owned(), namespace.to_owned());
        channel.namespaces.insert(prefix, namespace);
    }
    if head.paging.archive {
        channel
            .namespaces
            .insert("fh".to_owned(), HISTORY.to_owned());
        let archive = Extension {
            name: "fh:archive".to_owned(),
            ..Extension::default()
        };
        channel.extensions.insert(
            "fh".to_owned(),
            BTreeMap::from([("archive".to_owned(), vec![archive])]),
        );
    }
    let mut before = write(&channel);
    before.truncate(before.len() - END.len());
    before.push(b'\n');
    Frame {
        before,
        between: b"\n",
        after: [b"\n", END, b"\n"].concat(),
    }
}

/// One item.
pub fn entry(entry: &Entry) -> Vec<u8> {
    let channel = Channel {
        items: vec![item(entry)],
        ..Channel::default()
    };
    cut(write(&channel))
}

/// The one item of the document.
fn cut(mut document: Vec<u8>) -> Vec<u8> {
    const START: &[u8] = b"<item>";
    document.truncate(document.len() - END.len());
    let start = document
        .windows(START.len())
        .position(|found| found == START)
        .expect("the channel has one item");
    document.drain(..start);
    document
}

/// The channel as a document, which ends with [`END`]: items stand last.
fn write(channel: &Channel) -> Vec<u8> {
    let size = channel
        .items
        .iter()
        .map(|item| item.content.as_ref().map_or(0, String::len))
        .sum::<usize>();
    let bytes = channel
        .write_to(Vec::with_capacity(size + 2048))
        .expect("memory takes every byte");
    debug_assert!(bytes.ends_with(END), "items stand last in a channel");
    bytes
}

fn item(entry: &Entry) -> Item {
    let html = clean(&entry.html).into_owned();
    let title = line(&entry.title).into_owned();
    let link = entry.link.as_deref().map(|href| address(href).into_owned());
    let id = line(&entry.id.0).into_owned();
    Item {
        description: Some(item_description(entry, &html, &title)),
        title: Some(title),
        categories: entry
            .categories
            .iter()
            .map(|name| line(name).into_owned())
            .filter(|name| !name.is_empty())
            .map(|name| Category { name, domain: None })
            .collect(),
        enclosure: entry.audio.as_ref().map(|audio| Enclosure {
            url: address(audio.url.as_str()).into_owned(),
            length: audio.length.to_string(),
            mime_type: audio.media_type.clone(),
        }),
        guid: Some(Guid {
            permalink: id.starts_with("http") && link.as_ref() == Some(&id),
            value: id,
        }),
        link,
        pub_date: date(entry.published),
        content: Some(html),
        atom_ext: via(entry).map(|via| AtomExtension { links: vec![via] }),
        itunes_ext: episode(entry),
        dublin_core_ext: creators(&entry.authors, entry.language.as_deref()),
        ..Item::default()
    }
}

/// An item's description, as HTML: its summary, or how its content begins. It is always there:
/// `content:encoded` alone is not enough for some readers.
fn item_description(entry: &Entry, html: &str, title: &str) -> String {
    if let Some(summary) = entry
        .summary
        .as_deref()
        .filter(|text| !text.trim().is_empty())
    {
        return escape(&clean(summary.trim())).into_owned();
    }
    let excerpt = excerpt(html, EXCERPT);
    if excerpt.is_empty() {
        return escape(title).into_owned();
    }
    excerpt
}

/// The channel's description, which RSS requires.
fn description(head: &Head<'_>) -> String {
    [
        head.subtitle.as_deref(),
        head.newsletter.subtitle.as_deref(),
    ]
    .into_iter()
    .flatten()
    .find(|text| !text.trim().is_empty())
    .map_or_else(|| line(&head.title), line)
    .into_owned()
}

/// The picture, where it is one of the three kinds that RSS knows. Its title and link have to be
/// the channel's.
fn image(head: &Head<'_>, title: &str) -> Option<Image> {
    let icon = head.newsletter.icon.as_ref()?;
    let (_, kind) = icon.path().rsplit_once('.')?;
    ["jpg", "jpeg", "gif", "png"]
        .iter()
        .any(|known| kind.eq_ignore_ascii_case(known))
        .then(|| Image {
            url: address(icon.as_str()).into_owned(),
            title: title.to_owned(),
            link: address(head.home.as_str()).into_owned(),
            ..Image::default()
        })
}

fn links(head: &Head<'_>) -> AtomExtension {
    let paging = &head.paging;
    let mut links = vec![link("self", paging.this.as_str(), Some(Format::Rss))];
    let hubs = head.newsletter.hubs.iter();
    links.extend(hubs.map(|hub| link("hub", hub.as_str(), None)));
    links.extend(history(paging, Format::Rss));
    AtomExtension { links }
}

/// The date as RFC 2822 has it, in UTC: validators know only offsets of whole and half hours.
/// None where the year has more than four digits, which the format cannot write.
fn date(instant: DateTime<FixedOffset>) -> Option<String> {
    let instant = instant.to_utc();
    (0..=9999)
        .contains(&instant.year())
        .then(|| instant.to_rfc2822())
}

/// `editor@example.org (Ada Writer)`, as RSS names people.
fn mail_and_name(person: &Person) -> Option<String> {
    let email = person
        .email
        .as_deref()
        .filter(|email| is_mail_address(email))?;
    let name = line(&person.name).replace(['(', ')'], "");
    Some(format!("{email} ({name})"))
}

fn creators(people: &[Person], language: Option<&str>) -> Option<DublinCoreExtension> {
    let creators = names(people);
    let languages: Vec<String> = language
        .map(|tag| line(tag).into_owned())
        .into_iter()
        .collect();
    (!creators.is_empty() || !languages.is_empty()).then(|| DublinCoreExtension {
        creators,
        languages,
        ..DublinCoreExtension::default()
    })
}

fn names(people: &[Person]) -> Vec<String> {
    people
        .iter()
        .map(|person| line(&person.name).into_owned())
        .filter(|name| !name.is_empty())
        .collect()
}

/// The names of the authors, as far as Apple reads them.
fn author(people: &[Person]) -> Option<String> {
    let names = names(people).join(", ");
    (!names.is_empty()).then(|| names.chars().take(AUTHOR).collect())
}

/// What podcast programs ask of the channel. Apple requires a category from its own list; a
/// newsletter read aloud is news.
fn podcast(newsletter: &Newsletter) -> ITunesChannelExtension {
    let owner = newsletter.authors.iter().find_map(|person| {
        let email = person
            .email
            .as_deref()
            .filter(|email| is_mail_address(email))?;
        Some(ITunesOwner {
            name: author(std::slice::from_ref(person)),
            email: Some(email.to_owned()),
        })
    });
    ITunesChannelExtension {
        author: author(&newsletter.authors)
            .or_else(|| Some(line(&newsletter.title).chars().take(AUTHOR).collect())),
        categories: vec![ITunesCategory {
            text: "News".to_owned(),
            subcategory: None,
        }],
        image: newsletter
            .icon
            .as_ref()
            .map(|icon| address(icon.as_str()).into_owned()),
        explicit: Some("false".to_owned()),
        owner,
        r#type: Some("episodic".to_owned()),
        ..ITunesChannelExtension::default()
    }
}

fn episode(entry: &Entry) -> Option<ITunesItemExtension> {
    let audio = entry.audio.as_ref()?;
    Some(ITunesItemExtension {
        author: author(&entry.authors),
        duration: audio.duration.map(|seconds| seconds.to_string()),
        explicit: Some("false".to_owned()),
        ..ITunesItemExtension::default()
    })
}
