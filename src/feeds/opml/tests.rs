use chrono::DateTime;
use quick_xml::events::Event;

use super::*;
use crate::feeds::sample::{HOSTILE, url};

fn list(sources: &[Outline]) -> String {
    let updated = DateTime::parse_from_rfc3339("2024-05-03T08:00:00+02:00").unwrap();
    let owner = url("https://threads.example/news/");
    render("Loose Threads: sources", &owner, Some(updated), sources)
}

fn source(title: &str) -> Outline {
    Outline {
        title: title.to_owned(),
        xml_url: "https://a.example/feed?a=1&b=2".to_owned(),
        html_url: Some("https://a.example/".to_owned()),
        tags: vec![
            "paper".to_owned(),
            "looms, warps".to_owned(),
            " ".to_owned(),
        ],
    }
}

#[test]
fn lists_sources() {
    insta::assert_snapshot!(list(&[source("Looms & warps")]), @r#"
    <?xml version="1.0" encoding="utf-8"?>
    <opml version="2.0">
    <head>
    <title>Loose Threads: sources</title>
    <dateModified>Fri, 3 May 2024 08:00:00 +0200</dateModified>
    <ownerId>https://threads.example/news/</ownerId>
    <docs>http://opml.org/spec2.opml</docs>
    </head>
    <body>
    <outline type="rss" text="Looms &amp; warps" title="Looms &amp; warps" xmlUrl="https://a.example/feed?a=1&amp;b=2" htmlUrl="https://a.example/" category="paper,looms warps"/>
    </body>
    </opml>
    "#);
}

#[test]
fn gives_back_what_it_was_given() {
    let xml = list(&[source(HOSTILE), source("\u{b}日本\n😀")]);
    let mut reader = quick_xml::Reader::from_str(&xml);
    let mut titles = Vec::new();
    loop {
        match reader.read_event().unwrap() {
            Event::Eof => break,
            Event::Empty(outline) => {
                let title = outline.try_get_attribute("title").unwrap().unwrap();
                let text = quick_xml::escape::unescape(std::str::from_utf8(&title.value).unwrap());
                titles.push(text.unwrap().into_owned());
            }
            _ => {}
        }
    }
    assert_eq!(titles, [HOSTILE, "日本 😀"]);
}
