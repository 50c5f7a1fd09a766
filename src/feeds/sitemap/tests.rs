use chrono::DateTime;
use quick_xml::events::Event;

use super::*;
use crate::feeds::sample::url;

const BASE: &str = "https://threads.example/news/";

fn split_pages(count: usize, most_pages: usize, most_bytes: usize) -> Vec<Part> {
    let urls: Vec<Url> = (0..count)
        .map(|at| url(&format!("{BASE}?a={at}&b='")))
        .collect();
    let updated = DateTime::parse_from_rfc3339("2024-05-03T08:00:00+02:00").ok();
    let pages: Vec<Page<'_>> = urls.iter().map(|url| Page { url, updated }).collect();
    split(&url(BASE), &pages, most_pages, most_bytes)
}

/// The names of the parts and the number of addresses in each.
#[track_caller]
fn check(parts: &[Part], expected: &[(&str, usize)]) {
    let found: Vec<(&str, usize)> = parts
        .iter()
        .map(|part| (part.file_name.as_str(), addresses(&part.xml).len()))
        .collect();
    assert_eq!(found, expected);
}

fn addresses(xml: &str) -> Vec<String> {
    let mut reader = quick_xml::Reader::from_str(xml);
    let mut addresses = Vec::new();
    loop {
        match reader.read_event().unwrap() {
            Event::Eof => return addresses,
            Event::Start(start) if start.name().as_ref() == b"loc" => {
                let text = reader.read_text(start.name()).unwrap();
                let text = text.decode().unwrap();
                addresses.push(quick_xml::escape::unescape(&text).unwrap().into_owned());
            }
            _ => {}
        }
    }
}

#[test]
fn lists_pages() {
    let parts = split_pages(1, MOST_PAGES, MOST_BYTES);
    insta::assert_snapshot!(parts[0].xml, @r#"
    <?xml version="1.0" encoding="utf-8"?>
    <urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">
    <url><loc>https://threads.example/news/?a=0&amp;b=%27</loc><lastmod>2024-05-03T08:00:00+02:00</lastmod></url>
    </urlset>
    "#);
    check(&parts, &[("sitemap.xml", 1)]);
    assert_eq!(addresses(&parts[0].xml), [format!("{BASE}?a=0&b=%27")]);
    check(&split_pages(0, 2, MOST_BYTES), &[("sitemap.xml", 0)]);
}

#[test]
fn splits_a_list_that_is_too_long() {
    check(&split_pages(4, 4, MOST_BYTES), &[("sitemap.xml", 4)]);
    let parts = split_pages(5, 2, MOST_BYTES);
    check(
        &parts,
        &[
            ("sitemap-1.xml", 2),
            ("sitemap-2.xml", 2),
            ("sitemap-3.xml", 1),
            ("sitemap.xml", 3),
        ],
    );
    assert_eq!(addresses(&parts[3].xml)[0], format!("{BASE}sitemap-1.xml"));
}

#[test]
fn splits_a_list_that_has_too_many_bytes() {
    check(
        &split_pages(2, 9, 1),
        &[
            ("sitemap-1.xml", 1),
            ("sitemap-2.xml", 1),
            ("sitemap.xml", 2),
        ],
    );
}
