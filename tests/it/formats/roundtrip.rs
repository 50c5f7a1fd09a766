//! What is written is read back: feed-rs gives the same ids, links, titles, bodies, instants,
//! authors and categories.

use chrono::{DateTime, FixedOffset, Utc};
use feed_rs::model as read;
use newsdesk::feeds::{self, Entry, Format, Via, text};
use newsdesk::model::{Audio, Id, Person};
use proptest::prelude::*;
use url::Url;

use super::samples::{audio, head, instant, issues, newsletter, paging, readings, url};
use super::valid;

/// What an entry says, in a form that all formats can be compared in.
#[derive(Debug, PartialEq)]
struct Said {
    id: String,
    title: String,
    link: Option<String>,
    published: DateTime<Utc>,
    updated: DateTime<Utc>,
    authors: Vec<String>,
    categories: Vec<String>,
    summary: Option<String>,
    html: String,
    language: Option<String>,
    enclosure: Option<(String, String, u64)>,
}

/// What a reader should have of the entry. The differences between formats: RSS has no date of
/// change, seconds without fractions, always a description (which is not compared where it is
/// ours) and, as feed-rs reads it, no language; JSON Feed's is read neither.
fn said(entry: &Entry, format: Format) -> Said {
    let instant = |instant: DateTime<FixedOffset>| match format {
        Format::Rss => DateTime::from_timestamp(instant.timestamp(), 0).expect("still in range"),
        Format::Atom | Format::Json => instant.to_utc(),
    };
    let published = instant(entry.published);
    let names: Vec<String> = entry
        .authors
        .iter()
        .map(|person| text::line(&person.name).trim().to_owned())
        .filter(|name| !name.is_empty())
        .collect();
    Said {
        id: entry.id.0.clone(),
        title: text::line(&entry.title).trim().to_owned(),
        link: entry.link.as_deref().map(|link| same(&text::address(link))),
        published,
        updated: match format {
            Format::Rss => published,
            Format::Atom | Format::Json => instant(entry.updated),
        },
        authors: match format {
            // feed-rs puts the feed's author in where JSON Feed's item has none.
            Format::Json if names.is_empty() => vec!["Ada Whelk".to_owned()],
            Format::Atom | Format::Rss | Format::Json => names,
        },
        categories: entry
            .categories
            .iter()
            .map(|name| text::line(name).trim().to_owned())
            .collect(),
        summary: entry.summary.as_deref().map(|summary| {
            let summary = text::clean(summary.trim());
            let summary = match format {
                Format::Rss => text::escape(&summary),
                Format::Atom | Format::Json => summary,
            };
            summary.trim().to_owned()
        }),
        html: text::clean(&entry.html).trim().to_owned(),
        language: entry.language.clone().filter(|_| format == Format::Atom),
        enclosure: entry.audio.as_ref().map(|audio| {
            let url = text::address(audio.url.as_str()).into_owned();
            (url, audio.media_type.clone(), audio.length)
        }),
    }
}

/// The address as feed-rs has it: `https://e.org` becomes `https://e.org/`.
fn same(address: &str) -> String {
    Url::parse(address).map_or_else(|_| address.to_owned(), String::from)
}

/// What feed-rs has of it.
fn heard(entry: read::Entry, had_summary: bool) -> Said {
    let enclosure = enclosure(&entry);
    let sound = enclosure.as_ref().map(|(url, ..)| url.clone());
    let link = entry
        .links
        .into_iter()
        .filter(|link| matches!(link.rel.as_deref(), None | Some("alternate")))
        .map(|link| same(&link.href))
        .find(|href| Some(href) != sound.as_ref());
    Said {
        id: entry.id,
        title: entry
            .title
            .map(|title| title.content.trim().to_owned())
            .unwrap_or_default(),
        link,
        published: entry.published.expect("every entry has its date"),
        updated: entry.updated.expect("every entry has its date"),
        authors: entry
            .authors
            .iter()
            .map(|author| author.name.trim().to_owned())
            .collect(),
        categories: entry
            .categories
            .iter()
            .map(|category| category.term.trim().to_owned())
            .collect(),
        summary: entry
            .summary
            .map(|summary| summary.content.trim().to_owned())
            .filter(|_| had_summary),
        html: entry
            .content
            .and_then(|content| content.body)
            .unwrap_or_default()
            .trim()
            .to_owned(),
        language: entry.language,
        enclosure,
    }
}

/// Where feed-rs puts recordings: a link in Atom and JSON Feed, a media object in RSS.
fn enclosure(entry: &read::Entry) -> Option<(String, String, u64)> {
    let linked = entry.links.iter().find_map(|link| {
        let kind = link.media_type.clone()?;
        let is_sound = link.rel.as_deref().is_none_or(|rel| rel == "enclosure");
        is_sound.then(|| (link.href.clone(), kind, link.length.unwrap_or(0)))
    });
    linked.or_else(|| {
        let content = entry.media.iter().flat_map(|media| &media.content).next()?;
        let kind = content.content_type.as_ref()?.to_string();
        Some((
            content.url.as_ref()?.to_string(),
            kind,
            content.size.unwrap_or(0),
        ))
    })
}

/// Writes the entries in each format, reads them back and compares.
#[track_caller]
fn check(entries: &[Entry]) {
    let newsletter = newsletter();
    for format in Format::ALL {
        let head = head(&newsletter, paging(format));
        let document = feeds::document(format, &head, entries);
        let feed = feed_rs::parser::parse(document.as_slice())
            .unwrap_or_else(|error| panic!("{format:?}: {error}"));
        assert_eq!(feed.entries.len(), entries.len());
        let expected: Vec<Said> = entries.iter().map(|entry| said(entry, format)).collect();
        let read_back: Vec<Said> = feed
            .entries
            .into_iter()
            .zip(entries)
            .map(|(read, entry)| heard(read, entry.summary.is_some()))
            .collect();
        assert_eq!(read_back, expected, "{format:?}");
    }
}

#[test]
fn issues_are_read_back() {
    check(&issues());
}

#[test]
fn readings_are_read_back() {
    check(&readings());
}

#[test]
fn feeds_say_who_they_are() {
    let newsletter = newsletter();
    for format in Format::ALL {
        let head = head(&newsletter, paging(format));
        let document = feeds::document(format, &head, &issues());
        let feed = feed_rs::parser::parse(document.as_slice()).expect("it is a feed");
        assert_eq!(
            feed.title.map(|title| title.content).as_deref(),
            Some("Kelp & Tide")
        );
        assert_eq!(
            feed.description.map(|text| text.content).as_deref(),
            Some("What grows below the water line")
        );
        assert!(
            feed.links
                .iter()
                .any(|link| link.href == head.home.as_str())
        );
        let this = head.paging.this.as_str();
        assert!(
            feed.links.iter().any(|link| link.href == this),
            "{format:?}"
        );
        assert_eq!(
            feed.authors.first().map(|author| author.name.as_str()),
            Some("Ada Whelk")
        );
        let language = feed.language.map(|language| language.to_lowercase());
        assert_eq!(language.as_deref(), Some("en-gb"));
        match format {
            Format::Atom => assert_eq!(feed.id, head.id.0),
            // Neither has an id for the feed.
            Format::Rss | Format::Json => {}
        }
        match format {
            Format::Atom | Format::Rss => assert_eq!(feed.updated, Some(head.updated.to_utc())),
            Format::Json => assert_eq!(feed.updated, None),
        }
    }
}

#[test]
fn readings_say_where_they_were_found() {
    let via = |format: Format| {
        let entry = format.entry(&readings()[0]);
        String::from_utf8(entry).expect("documents are UTF-8")
    };
    let link = "href=\"https://kelp.example.org/issues/may/\" rel=\"via\" title=\"Issue may\"";
    assert!(via(Format::Atom).contains(link));
    assert!(via(Format::Rss).contains(&format!("<atom:link {link}")));
    assert!(via(Format::Json).contains(
        "\"via\":{\"title\":\"Issue may\",\"url\":\"https://kelp.example.org/issues/may/\"}"
    ));
}

/// Text with what breaks feeds more often than chance would have it.
fn any_text() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        4 => "[ -~]{0,12}",
        2 => proptest::char::any().prop_map(String::from),
        1 => proptest::sample::select(vec![
            "&", "&amp;", "<b>", "</b>", "<", "]]>", "<![CDATA[", "\"", "'", "\u{1F30A}", "שלום",
            "مرحبا", "\u{202E}", "\u{0}", "\u{8}", "\u{B}", "\r\n", "\r", "\t", "\n", "\u{7F}",
            "\u{92}", "\u{A0}", "\u{FFFD}", "\u{FFFE}", "\u{FEFF}", "<!--", "-->", "&#0;", "--",
            "<?xml?>", "</content>", "</item>", "<entry>", "\u{2028}",
        ])
        .prop_map(str::to_owned),
    ];
    proptest::collection::vec(piece, 0..12).prop_map(|pieces| pieces.concat())
}

fn any_instant() -> impl Strategy<Value = DateTime<FixedOffset>> {
    // 1990 to 2090; offsets in seconds, as local mean times have them.
    (631_152_000_i64..3_786_912_000, -86_399_i32..86_400).prop_map(|(seconds, offset)| {
        let offset = FixedOffset::east_opt(offset).expect("less than a day");
        DateTime::from_timestamp(seconds, 0)
            .expect("in range")
            .with_timezone(&offset)
    })
}

fn any_person() -> impl Strategy<Value = Person> {
    let address = proptest::sample::select(vec!["https://e.org/a b", "mailto:a@e.org"]);
    // feed-rs takes two authors of one name for one, so names differ by a number.
    (any_text(), proptest::option::of(address), 0..1_000_000_u32).prop_map(|(name, url, number)| {
        Person {
            name: format!("{name}{number}"),
            url: url.map(str::to_owned),
            email: Some(format!("{number}@example.org")),
        }
    })
}

fn any_link() -> impl Strategy<Value = Option<String>> {
    proptest::option::of("[a-z]{1,6}[/?#][a-zA-Z0-9&=+%\\[\\]é ]{0,12}")
        .prop_map(|rest| rest.map(|rest| format!("https://{rest}")))
}

fn any_audio() -> impl Strategy<Value = Option<Audio>> {
    let some =
        (0..u64::MAX, proptest::option::of(0..100_000_u64)).prop_map(|(length, duration)| Audio {
            length,
            duration,
            ..audio()
        });
    proptest::option::of(some)
}

prop_compose! {
    fn any_entry()(
        number in 0..1_000_000_u32,
        title in any_text(),
        link in any_link(),
        published in any_instant(),
        age in 0..1_000_000_i64,
        authors in proptest::collection::vec(any_person(), 0..3),
        categories in proptest::collection::vec(any_text().prop_map(|text| format!("c{text}")), 0..3),
        summary in proptest::option::of(any_text().prop_map(|text| format!("s{text}"))),
        html in any_text(),
        via in any::<bool>(),
        audio in any_audio(),
        french in any::<bool>(),
    ) -> Entry {
        Entry {
            id: Id(format!("tag:example.org,2024:{number}")),
            title,
            link,
            published,
            updated: published + chrono::TimeDelta::seconds(age),
            authors,
            categories,
            summary,
            html,
            via: via.then(|| Via { title: "May".to_owned(), url: url("https://e.org/may/") }),
            audio,
            language: french.then(|| "fr".to_owned()),
        }
    }
}

/// The rules that speak of the document's frame, of dates and of ids: all but those that speak
/// of what somebody has written.
fn is_of_form(remark: &str) -> bool {
    let of_content = [
        "NotHtml",
        "NotBlank",
        "ContainsHTML",
        "ContainsUndeclaredHTML",
        "SecurityRisk",
        "ContainsRelRef",
        "BadCharacters",
    ];
    !of_content.iter().any(|rule| remark.starts_with(rule))
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn whatever_is_written_is_read_back(entry in any_entry()) {
        check(std::slice::from_ref(&entry));
    }

    #[test]
    fn whatever_is_written_is_a_valid_document(entry in any_entry()) {
        let newsletter = newsletter();
        for format in Format::ALL {
            let head = head(&newsletter, paging(format));
            let document = feeds::document(format, &head, std::slice::from_ref(&entry));
            let mut remarks = valid::check(format, &document);
            remarks.retain(|remark| is_of_form(remark));
            prop_assert_eq!(remarks, Vec::<String>::new());
        }
    }
}

#[test]
fn long_and_empty_bodies_are_read_back() {
    let mut entries = issues();
    entries[0].html = "<p>אב &amp; ]]> 🌊</p>\n".repeat(20_000);
    entries[1].html.clear();
    entries[1].title.clear();
    entries[2].authors.clear();
    entries[2].published = instant("2024-02-29T23:59:59-11:30");
    entries[2].updated = entries[2].published;
    check(&entries);
}
