//! A newsletter and a checker of HTML for the tests of pages and e-mails.

use std::collections::BTreeMap;
use std::path::PathBuf;

use chrono::DateTime;
use url::Url;

use super::site::{FeedLink, Group};
use crate::model::{Audio, Header, Id, Issue, Newsletter, Person};

/// What nobody may smuggle into a page.
pub(super) const HOSTILE: &str = "\" onfocus=\"x'><script>alert(1)</script> & ]]>";

pub(super) fn url(address: &str) -> Url {
    Url::parse(address).unwrap()
}

pub(super) fn newsletter() -> Newsletter {
    Newsletter {
        title: "Loose Threads".to_owned(),
        subtitle: Some("A letter on weaving & <code>".to_owned()),
        base_url: url("https://threads.example/news/"),
        language: Some("en".to_owned()),
        authors: Vec::new(),
        rights: Some("© Loose Threads".to_owned()),
        icon: Some(url("https://threads.example/icon.png")),
        hubs: Vec::new(),
        authority: "threads.example,2024".to_owned(),
    }
}

pub(super) fn issue() -> Issue {
    let published = DateTime::parse_from_rfc3339("2024-05-03T08:00:00+02:00").unwrap();
    Issue {
        header: Header {
            path: PathBuf::from("issues/looms.md"),
            stem: "looms".to_owned(),
            slug: "looms".to_owned(),
            id: Id("tag:threads.example,2024:looms".to_owned()),
            title: "Looms & \"heddles\"".to_owned(),
            url: url("https://threads.example/news/issues/looms/"),
            published,
            updated: published,
            draft: false,
            tags: Vec::new(),
            categories: Vec::new(),
            authors: vec![
                person("Ines Moreau", Some("www.ines.example")),
                person("Tom", Some("javascript:alert(1)")),
            ],
            summary: Some("What a loom remembers.".to_owned()),
            language: None,
            audio: Some(Audio {
                url: url("https://threads.example/looms.mp3"),
                length: 4_200_000,
                media_type: "audio/mpeg".to_owned(),
                duration: Some(610),
            }),
            extra: BTreeMap::new(),
        },
        html: "<h1 id=\"looms\">Looms &amp; <em>&quot;heddles&quot;</em></h1>\n<p>See \
               <a href=\"https://a.example/?a=1&amp;b=2\">this</a>.</p>\n<h2 id=\"more\">More</h2>\n\
               <p><img src=\"https://a.example/x.png\" alt=\"A loom\" /></p>\n"
            .to_owned(),
        text: "LOOMS & \"HEDDLES\"\n=================\n\nSee this [1].\n\n[1] https://a.example/?a=1&b=2\n"
            .to_owned(),
        readings: Vec::new(),
    }
}

fn person(name: &str, url: Option<&str>) -> Person {
    Person {
        name: name.to_owned(),
        url: url.map(str::to_owned),
        email: None,
    }
}

pub(super) fn feeds() -> Vec<FeedLink> {
    vec![
        feed("All issues", "", Group::Main, 3),
        feed("All readings", "readings/", Group::Readings, 12),
        feed(HOSTILE, "readings/by/x/", Group::Curator, 1),
    ]
}

pub(super) fn feed(name: &str, path: &str, group: Group, count: usize) -> FeedLink {
    let folder = newsletter().base_url.join(path).unwrap();
    FeedLink {
        name: name.to_owned(),
        title: format!("Loose Threads: {name}"),
        home: None,
        atom: folder.join("atom.xml").unwrap(),
        rss: folder.join("rss.xml").unwrap(),
        json: folder.join("feed.json").unwrap(),
        group,
        count,
    }
}

/// Every tag is closed, in order; no id comes twice; nothing runs; the document ends with one
/// line end.
#[track_caller]
pub(super) fn check_html(html: &str) {
    const VOID: [&str; 6] = ["meta", "link", "img", "br", "hr", "input"];
    assert!(html.starts_with("<!doctype html>\n<html lang="), "{html}");
    assert!(html.ends_with("</html>\n"), "{html}");
    let mut open = Vec::new();
    let mut ids = Vec::new();
    let mut rest = html;
    while let Some((_, tag)) = rest.split_once('<') {
        let end = end_of_tag(tag);
        rest = &tag[end..];
        let tag = &tag[..end - 1];
        let name = tag.split([' ', '\n']).next().unwrap_or("");
        if tag.starts_with('!') {
            continue;
        }
        if let Some(closed) = tag.strip_prefix('/') {
            assert_eq!(open.pop(), Some(closed), "in {html}");
        } else if !VOID.contains(&name) {
            open.push(name);
        }
        let outside_quotes: String = tag.split('"').step_by(2).collect();
        assert!(name != "script" && !outside_quotes.contains(" on"), "{tag}");
        if let Some((_, id)) = tag.split_once(" id=\"") {
            ids.push(id.split('"').next().unwrap());
        }
    }
    assert!(open.is_empty(), "{open:?} stays open in {html}");
    let count = ids.len();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), count, "an id comes twice: {ids:?}");
}

fn end_of_tag(tag: &str) -> usize {
    let mut quoted = false;
    for (at, byte) in tag.bytes().enumerate() {
        match byte {
            b'"' => quoted = !quoted,
            b'>' if !quoted => return at + 1,
            _ => {}
        }
    }
    panic!("a tag has no end: {tag}")
}

/// The values of the attribute, in order.
pub(super) fn values<'a>(html: &'a str, attribute: &str) -> Vec<&'a str> {
    html.split(&format!(" {attribute}=\""))
        .skip(1)
        .filter_map(|rest| rest.split('"').next())
        .collect()
}
