//! A newsletter of our own with everything in it that a format could get wrong.

use std::collections::BTreeMap;
use std::path::PathBuf;

use chrono::{DateTime, FixedOffset};
use newsdesk::feeds::{self, Entry, Format, Head, Paging, entry};
use newsdesk::model::{Audio, Curator, Header, Id, Issue, Kind, Newsletter, Person, Reading};
use url::Url;

pub(crate) fn url(address: &str) -> Url {
    Url::parse(address).expect("the address is written here")
}

pub(crate) fn instant(written: &str) -> DateTime<FixedOffset> {
    DateTime::parse_from_rfc3339(written).expect("the date is written here")
}

pub(crate) fn newsletter() -> Newsletter {
    Newsletter {
        title: "Kelp & Tide".to_owned(),
        subtitle: Some("What grows below the water line".to_owned()),
        base_url: url("https://kelp.example.org/"),
        language: Some("en-GB".to_owned()),
        authors: vec![Person {
            name: "Ada Whelk".to_owned(),
            url: Some("https://kelp.example.org/ada".to_owned()),
            email: Some("ada@kelp.example.org".to_owned()),
        }],
        rights: Some("© Kelp & Tide, CC BY 4.0".to_owned()),
        icon: Some(url("https://kelp.example.org/icon.png")),
        hubs: vec![url("https://hub.example.org/")],
        authority: "kelp.example.org,2024".to_owned(),
    }
}

pub(crate) fn header(slug: &str, published: &str, updated: &str) -> Header {
    Header {
        path: PathBuf::from(format!("issues/{slug}.md")),
        stem: slug.to_owned(),
        slug: slug.to_owned(),
        id: Id(format!("tag:kelp.example.org,2024:issues/{slug}")),
        title: format!("Issue {slug}"),
        url: url(&format!("https://kelp.example.org/issues/{slug}/")),
        published: instant(published),
        updated: instant(updated),
        draft: false,
        tags: vec!["sea & shore".to_owned()],
        categories: vec!["Monthly".to_owned()],
        authors: Vec::new(),
        summary: None,
        language: None,
        audio: None,
        extra: BTreeMap::new(),
    }
}

pub(crate) fn issue(header: Header, html: &str) -> Issue {
    Issue {
        header,
        html: html.to_owned(),
        text: String::new(),
        readings: Vec::new(),
    }
}

pub(crate) fn reading(title: &str, url: Option<&str>, curator: Option<&str>) -> Reading {
    Reading {
        id: Id(format!(
            "tag:kelp.example.org,2024:issues/may/{}",
            title.len()
        )),
        title: title.to_owned(),
        url: url.map(str::to_owned),
        curator: curator.map(|name| Curator {
            name: name.to_owned(),
            url: Some("www.example.org/in/bo-limpet".to_owned()),
        }),
        extra_links: Vec::new(),
        commentary_html: "<p>Worth an evening. <em>Really.</em></p>\n".to_owned(),
        kind: Kind::Paper,
        category: Some("Currents".to_owned()),
    }
}

pub(crate) fn audio() -> Audio {
    Audio {
        url: url("https://cdn.example.org/may.mp3"),
        length: 31_415_926,
        media_type: "audio/mpeg".to_owned(),
        duration: Some(1_805),
    }
}

/// Issues with what breaks feeds: markup and references in text, the end of CDATA sections,
/// writing from right to left, an update, a podcast, a table, pictures, no text at all.
pub(crate) fn issues() -> Vec<Entry> {
    let newsletter = newsletter();
    let mut may = header(
        "may",
        "2024-05-03T09:30:00+02:00",
        "2024-06-01T08:00:00+02:00",
    );
    may.title = String::from("Q&A: \u{201C}tide or <current>?\u{201D} \u{1F30A}");
    may.summary = Some("Five answers & one question: is 3 < 5?".to_owned());
    may.audio = Some(audio());
    may.authors = vec![
        Person {
            name: "Cy O\u{2019}Brien & Söhne".to_owned(),
            url: Some("www.example.org/cy".to_owned()),
            email: None,
        },
        Person {
            name: "Dee".to_owned(),
            url: None,
            email: Some("not an address".to_owned()),
        },
    ];
    let may = issue(
        may,
        "<h2 id=\"now\">Now &amp; then</h2>\n<p>CDATA ends with <code>]]&gt;</code> or raw ]]> and \
         &lt;b&gt; is bold.\u{0}\u{8}\u{B}\u{FFFE} שלום \u{1F980} caf\u{E9}\u{92}s</p>\n\
         <ul>\n<li>one</li>\n<li><p>two<br />lines</p></li>\n</ul>\n\
         <p><a href=\"https://example.org/?a=1&amp;b=2#c\" title=\"x &quot;y&quot;\">link</a> \
         <img src=\"https://kelp.example.org/a.png\" alt=\"\" \
         srcset=\"https://kelp.example.org/a.png 1x, https://kelp.example.org/b.png 2x\" /></p>\n\
         <table><thead><tr><th style=\"text-align: left\">a</th></tr></thead><tbody>\n\
         <tr><td>1</td></tr>\n</tbody></table>\r\n<pre><code>a\r\n  b\n</code></pre>\n<hr />\n",
    );
    let mut april = header(
        "april",
        "2024-04-05T09:30:00+05:45",
        "2024-04-05T09:30:00+05:45",
    );
    april.language = Some("fr".to_owned());
    let april = issue(april, "<p>Été &nbsp; comme hiver, <del>jamais</del>.</p>");
    let march = header("march", "2024-03-01T00:00:00Z", "2024-02-01T00:00:00Z");
    let march = issue(march, "");
    [may, april, march]
        .iter()
        .map(|issue| entry::of_issue(issue, &newsletter))
        .collect()
}

/// Readings: with and without link, curator, commentary, scheme.
pub(crate) fn readings() -> Vec<Entry> {
    let newsletter = newsletter();
    let header = header(
        "may",
        "2024-05-03T09:30:00+02:00",
        "2024-06-01T08:00:00+02:00",
    );
    let mut silent = reading(
        "Silent: \"a & b\"",
        Some("http://example.org/silent?x=[1]&y=\u{E9}"),
        Some("Bo Limpet"),
    );
    silent.commentary_html.clear();
    let readings = [
        reading("Kelp", Some("https://example.org/kelp"), Some("Bo Limpet")),
        reading("No curator", Some("www.example.org/a b"), None),
        reading("No link at all", None, Some("Bo Limpet")),
        silent,
    ];
    readings
        .iter()
        .enumerate()
        .map(|(position, reading)| entry::of_reading(reading, position, &header, &newsletter))
        .collect()
}

/// The addresses of a subscription document, with the archive before it.
pub(crate) fn paging(format: Format) -> Paging {
    let file = format.file_name();
    Paging {
        this: url(&format!("https://kelp.example.org/{file}")),
        current: None,
        previous: Some(url(&format!(
            "https://kelp.example.org/archive/2023/{file}"
        ))),
        next: None,
        archive: false,
    }
}

/// Those of an archive document between two others.
pub(crate) fn archive(format: Format) -> Paging {
    let file = format.file_name();
    Paging {
        this: url(&format!("https://kelp.example.org/archive/2023/{file}")),
        current: Some(url(&format!("https://kelp.example.org/{file}"))),
        previous: Some(url(&format!(
            "https://kelp.example.org/archive/2022/{file}"
        ))),
        next: Some(url(&format!(
            "https://kelp.example.org/archive/2024/{file}"
        ))),
        archive: true,
    }
}

pub(crate) fn head(newsletter: &Newsletter, paging: Paging) -> Head<'_> {
    Head {
        newsletter,
        id: Id("tag:kelp.example.org,2024:feed".to_owned()),
        title: newsletter.title.clone(),
        subtitle: newsletter.subtitle.clone(),
        home: url("https://kelp.example.org/"),
        updated: instant("2024-06-01T08:00:00+02:00"),
        podcast: true,
        paging,
    }
}

/// The sample's issues as a document.
pub(crate) fn document(format: Format) -> String {
    let newsletter = newsletter();
    let bytes = feeds::document(format, &head(&newsletter, paging(format)), &issues());
    String::from_utf8(bytes).expect("documents are UTF-8")
}

/// Breaks a document by replacing the first `from`, and gives the rules that it then breaks,
/// each once and in alphabetical order.
#[track_caller]
pub(crate) fn broken_rules(document: &str, from: &str, to: &str, format: Format) -> Vec<String> {
    assert!(document.contains(from), "the sample has no `{from}`");
    let broken = document.replacen(from, to, 1);
    let mut rules: Vec<String> = super::valid::check(format, broken.as_bytes())
        .into_iter()
        .map(|remark| remark.split(':').next().unwrap_or_default().to_owned())
        .collect();
    rules.sort();
    rules.dedup();
    rules
}
