//! What needs no reader: escaping, dates, front matter.

use chrono::NaiveDate;

use super::{escape, next_date, note};
use crate::model::{Curator, Id, Kind, Reading};

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

#[track_caller]
fn check_next(dates: &[&str], today: &str, expected: &str) {
    let dates: Vec<NaiveDate> = dates.iter().map(|date| day(date)).collect();
    assert_eq!(next_date(&dates, day(today)), day(expected));
}

#[test]
fn keeps_the_rhythm() {
    let thursdays = ["2026-07-30", "2026-08-27", "2026-09-24", "2026-10-29"];
    check_next(&thursdays, "2026-11-15", "2026-11-26");
    check_next(&thursdays, "2026-11-27", "2026-12-31");
    check_next(
        &["2026-11-03", "2026-11-10", "2026-11-17"],
        "2026-11-18",
        "2026-11-24",
    );
    check_next(
        &["2026-11-03", "2026-11-10", "2026-11-17"],
        "2026-12-25",
        "2026-12-29",
    );
    check_next(
        &["2026-10-19", "2026-11-02", "2026-11-16"],
        "2026-11-18",
        "2026-11-30",
    );
    check_next(
        &["2026-08-11", "2026-09-08", "2026-10-13"],
        "2026-10-20",
        "2026-11-10",
    );
    check_next(
        &["2026-06-15", "2026-07-15", "2026-08-15"],
        "2026-08-16",
        "2026-09-15",
    );
    check_next(
        &["2026-10-31", "2026-11-30", "2026-12-31"],
        "2027-01-20",
        "2027-01-31",
    );
    check_next(&["2026-01-31", "2026-01-31"], "2026-02-01", "2026-02-28");
    check_next(&["2026-10-01"], "2026-10-02", "2026-11-01");
    check_next(
        &["2026-11-20", "2026-11-21", "2026-11-22"],
        "2026-11-22",
        "2026-11-23",
    );
}

#[test]
fn begins_today_without_issues() {
    check_next(&[], "2026-11-15", "2026-11-15");
}

#[track_caller]
fn check_text(text: &str, expected: &str) {
    assert_eq!(escape::text(text), expected);
}

#[test]
fn escapes_what_markdown_would_read() {
    check_text(
        "plain: words (and more), snake_case & C",
        "plain: words (and more), snake_case & C",
    );
    check_text("a ] b [c](d)", "a \\] b \\[c\\](d)");
    check_text(
        "<script>alert(1)</script>",
        "\\<script\\>alert(1)\\</script\\>",
    );
    check_text("# one\n\n- two", "\\# one - two");
    check_text("1. first", "1\\. first");
    check_text("AT&amp;T & R&D", "AT\\&amp;T & R&D");
    check_text(
        "`code` *stars* _lines_ ~~out~~ a|b",
        "\\`code\\` \\*stars\\* \\_lines\\_ \\~\\~out\\~\\~ a\\|b",
    );
}

#[track_caller]
fn check_destination(url: &str, expected: &str) {
    assert_eq!(escape::destination(url), expected);
}

#[test]
fn writes_addresses_that_end_where_they_end() {
    check_destination("https://a.example/b_(c)", "https://a.example/b_(c)");
    check_destination("https://a.example/b)c", "<https://a.example/b)c>");
    check_destination("https://a.example/a b", "<https://a.example/a b>");
    check_destination("https://a.example/<b>\n", "<https://a.example/\\<b\\>>");
    check_destination(
        "https://a.example/?x&copy;=1",
        "https://a.example/?x\\&copy;=1",
    );
}

#[test]
fn keeps_a_note_and_shows_it_letter_for_letter() {
    assert_eq!(
        note::tidy("\r\n One  \r\ntwo \u{7}\n\n"),
        Some(" One  \ntwo".to_owned())
    );
    assert_eq!(note::tidy(" \n\t"), None);
    assert_eq!(
        note::literal("# A\n- b\n\n\n[c](d)"),
        "\\# A\n\\- b\n\n\\[c\\](d)"
    );
    assert!(note::ends_with_text("- one\n\nMore."));
    assert!(!note::ends_with_text("More.\n\n- one"));
    assert!(!note::ends_with_text("```\nx\n```"));
}

#[test]
fn knows_a_curator_by_the_newest_profile() {
    let reading = |name: &str, url: Option<&str>| Reading {
        id: Id(String::new()),
        title: String::new(),
        url: None,
        curator: Some(Curator {
            name: name.to_owned(),
            url: url.map(str::to_owned),
        }),
        extra_links: Vec::new(),
        commentary_html: String::new(),
        kind: Kind::Other,
        category: None,
    };
    let readings = [
        reading("Ada", None),
        reading("Ada", Some("https://new.example/ada")),
        reading("Ada", Some("https://old.example/ada")),
        reading("Ben", None),
    ];
    let known = |name| super::known_curator(readings.iter(), name);
    assert_eq!(
        known("ada").unwrap().url.as_deref(),
        Some("https://new.example/ada")
    );
    assert_eq!(known("BEN").unwrap().name, "Ben");
    assert_eq!(known("Cy"), None);
}
