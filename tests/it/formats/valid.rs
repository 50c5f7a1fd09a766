//! Our documents break no rule.

use newsdesk::feeds::{self, Entry, Format, Head};
use newsdesk::model::Newsletter;

use super::samples::{archive, head, issues, newsletter, paging, readings, url};
use super::{check_atom, check_json, check_rss};

/// Everything that is wrong with a document of that format.
pub(super) fn check(format: Format, document: &[u8]) -> Vec<String> {
    match format {
        Format::Atom => check_atom(document),
        Format::Rss => check_rss(document),
        Format::Json => check_json(document),
    }
}

#[track_caller]
fn check_document(format: Format, head: &Head<'_>, entries: &[Entry]) {
    let document = feeds::document(format, head, entries);
    assert_eq!(
        check(format, &document),
        Vec::<String>::new(),
        "{}",
        String::from_utf8_lossy(&document)
    );
}

#[test]
fn issues_are_valid() {
    let newsletter = newsletter();
    for format in Format::ALL {
        check_document(format, &head(&newsletter, paging(format)), &issues());
    }
}

#[test]
fn readings_are_valid() {
    let newsletter = newsletter();
    for format in Format::ALL {
        let mut head = head(&newsletter, paging(format));
        head.podcast = false;
        check_document(format, &head, &readings());
    }
}

#[test]
fn archives_are_valid() {
    let newsletter = newsletter();
    for format in Format::ALL {
        check_document(format, &head(&newsletter, archive(format)), &issues());
    }
}

#[test]
fn feeds_without_entries_are_valid() {
    let newsletter = newsletter();
    for format in Format::ALL {
        check_document(format, &head(&newsletter, paging(format)), &[]);
    }
}

#[test]
fn a_newsletter_that_says_only_its_name_is_valid() {
    let newsletter = Newsletter {
        title: "Kelp".to_owned(),
        subtitle: None,
        base_url: url("http://localhost:8000/"),
        language: Some("en".to_owned()),
        authors: Vec::new(),
        rights: None,
        icon: Some(url("http://localhost:8000/icon.svg")),
        hubs: Vec::new(),
        authority: "localhost,2024".to_owned(),
    };
    for format in Format::ALL {
        let mut head = head(&newsletter, paging(format));
        head.podcast = false;
        check_document(format, &head, &readings());
    }
}

/// The W3C's service takes every title that holds markup for a mistake. A title about HTML is
/// none, and there is no other way to write it in RSS; in Atom its type says that it is text.
#[test]
fn titles_about_html_stay_as_they_are_written() {
    let newsletter = newsletter();
    let mut entries = issues();
    entries[0].title = "Q&A: \"<b>bold</b>\"".to_owned();
    for (format, rule) in [
        (Format::Atom, "ContainsUndeclaredHTML"),
        (Format::Rss, "ContainsHTML"),
    ] {
        let head = head(&newsletter, paging(format));
        let document = feeds::document(format, &head, &entries[..1]);
        assert_eq!(
            check(format, &document),
            [format!("{rule}: title: `Q&A: \"<b>bold</b>\"`")]
        );
    }
    let head = head(&newsletter, paging(Format::Json));
    check_document(Format::Json, &head, &entries[..1]);
}

/// Each entry stands on its own lines and is the same in every document, so that documents of
/// any size are written piece by piece and are easy to compare.
#[test]
fn entries_are_the_same_alone_and_in_a_document() {
    let newsletter = newsletter();
    for format in Format::ALL {
        let frame = format.frame(&head(&newsletter, paging(format)));
        let mut written = frame.before.clone();
        for (at, entry) in issues().iter().enumerate() {
            if at > 0 {
                written.extend_from_slice(frame.between);
            }
            written.extend(format.entry(entry));
        }
        written.extend_from_slice(&frame.after);
        let document = feeds::document(format, &head(&newsletter, paging(format)), &issues());
        assert_eq!(document, written);
        assert!(frame.before.ends_with(b"\n"));
        assert!(frame.between.ends_with(b"\n"));
        assert!(frame.after.starts_with(b"\n"));
    }
}
