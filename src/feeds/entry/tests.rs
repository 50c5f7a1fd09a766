use std::collections::BTreeMap;
use std::path::PathBuf;

use url::Url;

use super::*;
use crate::model::{Curator, Id, Kind};

fn url(address: &str) -> Url {
    Url::parse(address).expect("the address is written here")
}

fn instant(written: &str) -> DateTime<FixedOffset> {
    DateTime::parse_from_rfc3339(written).expect("the date is written here")
}

fn person(name: &str, url: Option<&str>) -> Person {
    Person {
        name: name.to_owned(),
        url: url.map(str::to_owned),
        email: None,
    }
}

fn newsletter() -> Newsletter {
    Newsletter {
        title: "Kelp".to_owned(),
        subtitle: None,
        base_url: url("https://e.org/"),
        language: None,
        authors: vec![person("Ada", None)],
        rights: None,
        icon: None,
        hubs: Vec::new(),
        authority: "e.org,2024".to_owned(),
    }
}

fn header() -> Header {
    Header {
        path: PathBuf::from("issues/may.md"),
        stem: "may".to_owned(),
        slug: "may".to_owned(),
        id: Id("tag:e.org,2024:may".to_owned()),
        title: "May & <June>".to_owned(),
        url: url("https://e.org/may/"),
        published: instant("2024-05-03T09:00:00+02:00"),
        updated: instant("2024-06-01T00:00:00Z"),
        draft: false,
        tags: vec!["sea".to_owned(), "Monthly".to_owned()],
        categories: vec!["Monthly".to_owned()],
        authors: Vec::new(),
        summary: None,
        language: None,
        audio: None,
        extra: BTreeMap::new(),
    }
}

fn reading() -> Reading {
    Reading {
        id: Id("tag:e.org,2024:may/1".to_owned()),
        title: "Tides".to_owned(),
        url: Some("https://example.org/tides".to_owned()),
        curator: Some(Curator {
            name: "Bo".to_owned(),
            url: Some("www.example.org/bo".to_owned()),
        }),
        extra_links: Vec::new(),
        commentary_html: "<p>Good.</p>".to_owned(),
        kind: Kind::Paper,
        category: Some("Currents".to_owned()),
    }
}

fn of(reading: &Reading) -> Entry {
    of_reading(reading, 0, &header(), &newsletter())
}

fn issue(html: &str) -> Issue {
    Issue {
        header: header(),
        html: html.to_owned(),
        text: String::new(),
        readings: Vec::new(),
    }
}

#[test]
fn an_issue_is_its_body_at_its_permalink() {
    let entry = of_issue(&issue("<p>a</p>"), &newsletter());
    assert_eq!(entry.link.as_deref(), Some("https://e.org/may/"));
    assert_eq!(entry.html, "<p>a</p>");
    assert_eq!(entry.categories, ["Monthly", "sea"]);
    assert_eq!(entry.authors, [person("Ada", None)]);
    assert_eq!(entry.via, None);
}

#[test]
fn an_issue_without_a_body_leads_to_its_page() {
    let entry = of_issue(&issue(" \n"), &newsletter());
    assert_eq!(
        entry.html,
        "<p><a href=\"https://e.org/may/\">May &amp; &lt;June&gt;</a></p>"
    );
}

#[test]
fn an_issue_is_not_updated_before_it_appears() {
    let mut issue = issue("a");
    issue.header.updated = instant("2024-01-01T00:00:00Z");
    let entry = of_issue(&issue, &newsletter());
    assert_eq!(entry.updated, entry.published);
}

#[test]
fn an_issue_has_its_own_authors_before_the_newsletters() {
    let mut issue = issue("a");
    issue.header.authors = vec![person("Cy", Some("www.example.org/cy"))];
    let entry = of_issue(&issue, &newsletter());
    assert_eq!(
        entry.authors,
        [person("Cy", Some("https://www.example.org/cy"))]
    );
}

#[test]
fn a_reading_is_the_thing_recommended_by_its_curator() {
    let entry = of(&reading());
    assert_eq!(entry.title, "Tides");
    assert_eq!(entry.link.as_deref(), Some("https://example.org/tides"));
    assert_eq!(
        entry.authors,
        [person("Bo", Some("https://www.example.org/bo"))]
    );
    assert_eq!(entry.categories, ["Currents", "paper"]);
    assert_eq!(entry.html, "<p>Good.</p>");
    let via = entry.via.expect("a reading is from an issue");
    assert_eq!(via.url.as_str(), "https://e.org/may/");
    assert_eq!(via.title, "May & <June>");
}

#[test]
fn a_reading_without_a_link_leads_to_its_issue() {
    for written in [None, Some("javascript:alert(1)".to_owned())] {
        let entry = of(&Reading {
            url: written,
            ..reading()
        });
        assert_eq!(entry.link.as_deref(), Some("https://e.org/may/"));
    }
}

#[test]
fn a_reading_without_a_curator_is_by_the_issues_authors() {
    let anonymous = Reading {
        curator: None,
        ..reading()
    };
    assert_eq!(of(&anonymous).authors, [person("Ada", None)]);
    let mut header = header();
    header.authors = vec![person("Cy", None)];
    let entry = of_reading(&anonymous, 0, &header, &newsletter());
    assert_eq!(entry.authors, [person("Cy", None)]);
}

#[test]
fn a_reading_without_commentary_says_what_it_is() {
    let entry = of(&Reading {
        commentary_html: "\n".to_owned(),
        title: "A & B".to_owned(),
        ..reading()
    });
    assert_eq!(
        entry.html,
        "<p><a href=\"https://example.org/tides\">A &amp; B</a>, recommended in \
         <a href=\"https://e.org/may/\">May &amp; &lt;June&gt;</a>.</p>"
    );
}

#[test]
fn a_reading_without_a_title_is_called_by_its_address() {
    let entry = of(&Reading {
        title: " ".to_owned(),
        ..reading()
    });
    assert_eq!(entry.title, "https://example.org/tides");
}

#[test]
fn each_reading_changed_a_second_after_the_one_before() {
    let header = header();
    let (published, updated) = instant_of_reading(&header, 0);
    assert_eq!(published, header.published);
    assert_eq!(updated, header.updated);
    let (published, updated) = instant_of_reading(&header, 3);
    assert_eq!(published, header.published);
    assert_eq!(updated, instant("2024-06-01T00:00:03Z"));
    // No position is out of range.
    instant_of_reading(&header, usize::MAX);
}
