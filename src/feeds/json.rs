//! JSON Feed 1.1.
//!
//! One item a line and the keys always in one order, so that a document is easy to compare with
//! the one before. An item's `url` is where it leads; a reading has the extension `_newsdesk`,
//! which says in which issue it was recommended.

use std::borrow::Cow;

use serde::Serialize;

use super::text::{address, clean, line};
use super::{Entry, Frame, Head, writable};
use crate::model::{Audio, Person};

const VERSION: &str = "https://jsonfeed.org/version/1.1";
/// What `via` means: the link relation of RFC 4287.
const ABOUT: &str = "https://www.rfc-editor.org/rfc/rfc4287#section-4.2.7.2";

#[derive(Serialize)]
struct FeedObject<'a> {
    version: &'static str,
    title: Cow<'a, str>,
    home_page_url: Cow<'a, str>,
    feed_url: Cow<'a, str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    description: Option<Cow<'a, str>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    next_url: Option<Cow<'a, str>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    icon: Option<Cow<'a, str>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    authors: Vec<AuthorObject<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    language: Option<Cow<'a, str>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    hubs: Vec<HubObject<'a>>,
}

#[derive(Serialize)]
struct AuthorObject<'a> {
    name: Cow<'a, str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    url: Option<Cow<'a, str>>,
}

#[derive(Serialize)]
struct HubObject<'a> {
    r#type: &'static str,
    url: Cow<'a, str>,
}

#[derive(Serialize)]
struct ItemObject<'a> {
    id: Cow<'a, str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    url: Option<Cow<'a, str>>,
    title: Cow<'a, str>,
    content_html: Cow<'a, str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    summary: Option<Cow<'a, str>>,
    date_published: String,
    date_modified: String,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    authors: Vec<AuthorObject<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    tags: Vec<Cow<'a, str>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    language: Option<Cow<'a, str>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    attachments: Vec<AttachmentObject<'a>>,
    #[serde(rename = "_newsdesk", skip_serializing_if = "Option::is_none")]
    newsdesk: Option<ExtensionObject<'a>>,
}

#[derive(Serialize)]
struct AttachmentObject<'a> {
    url: Cow<'a, str>,
    mime_type: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    size_in_bytes: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    duration_in_seconds: Option<u64>,
}

#[derive(Serialize)]
struct ExtensionObject<'a> {
    about: &'static str,
    via: ViaObject<'a>,
}

#[derive(Serialize)]
struct ViaObject<'a> {
    title: Cow<'a, str>,
    url: Cow<'a, str>,
}

/// What stands around the items.
pub fn frame(head: &Head<'_>) -> Frame {
    let newsletter = head.newsletter;
    let feed = FeedObject {
        version: VERSION,
        title: line(&head.title),
        home_page_url: address(head.home.as_str()),
        feed_url: address(head.paging.this.as_str()),
        description: head.subtitle.as_deref().map(line),
        next_url: head
            .paging
            .previous
            .as_ref()
            .map(|url| address(url.as_str())),
        icon: newsletter.icon.as_ref().map(|icon| address(icon.as_str())),
        authors: authors(&newsletter.authors),
        language: newsletter.language.as_deref().map(line),
        hubs: newsletter
            .hubs
            .iter()
            .map(|hub| HubObject {
                r#type: "WebSub",
                url: address(hub.as_str()),
            })
            .collect(),
    };
    frame_of(&feed)
}

fn frame_of(feed: &FeedObject<'_>) -> Frame {
    let mut before = serde_json::to_vec_pretty(feed).expect("strings are always JSON");
    // The items go in before the brace that ends the object, which stands on a line of its own.
    before.truncate(before.len() - b"\n}".len());
    before.extend_from_slice(b",\n  \"items\": [\n");
    Frame {
        before,
        between: b",\n",
        after: b"\n  ]\n}\n".to_vec(),
    }
}

/// One item.
pub fn entry(entry: &Entry) -> Vec<u8> {
    let item = ItemObject {
        id: line(&entry.id.0),
        url: entry.link.as_deref().map(address),
        title: line(&entry.title),
        content_html: clean(&entry.html),
        summary: entry
            .summary
            .as_deref()
            .map(|summary| clean(summary.trim())),
        date_published: writable(entry.published).to_rfc3339(),
        date_modified: writable(entry.updated).to_rfc3339(),
        authors: authors(&entry.authors),
        tags: entry
            .categories
            .iter()
            .map(|tag| line(tag))
            .filter(|tag| !tag.is_empty())
            .collect(),
        language: entry.language.as_deref().map(line),
        attachments: entry.audio.iter().map(attachment).collect(),
        newsdesk: entry.via.as_ref().map(|via| ExtensionObject {
            about: ABOUT,
            via: ViaObject {
                title: line(&via.title),
                url: address(via.url.as_str()),
            },
        }),
    };
    write(&item, entry.html.len() * 9 / 8 + 512)
}

fn write(item: &ItemObject<'_>, size: usize) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(size);
    serde_json::to_writer(&mut bytes, item).expect("strings are always JSON");
    bytes
}

fn authors(people: &[Person]) -> Vec<AuthorObject<'_>> {
    people
        .iter()
        .map(|person| AuthorObject {
            name: line(&person.name),
            url: person.url.as_deref().map(address),
        })
        .filter(|author| !author.name.is_empty())
        .collect()
}

fn attachment(audio: &Audio) -> AttachmentObject<'_> {
    AttachmentObject {
        url: address(audio.url.as_str()),
        mime_type: &audio.media_type,
        size_in_bytes: Some(audio.length).filter(|&length| length > 0),
        duration_in_seconds: audio.duration,
    }
}
