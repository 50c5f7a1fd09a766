use super::*;
use crate::feeds::sample::{self, HOSTILE, check_html, values};

#[test]
fn writes_a_complete_message() {
    let mail = html(&sample::newsletter(), &sample::issue());
    check_html(&mail);
    insta::assert_snapshot!(mail);
}

#[test]
fn leads_nowhere_relative_and_loads_no_style() {
    let mail = html(&sample::newsletter(), &sample::issue());
    let links: Vec<_> = [values(&mail, "href"), values(&mail, "src")].concat();
    assert!(links.len() > 4, "{links:?}");
    for link in links {
        assert!(link.starts_with("https://"), "{link}");
    }
    assert!(!mail.contains("<link"), "{mail}");
}

#[test]
fn shows_the_title_once() {
    let mail = html(&sample::newsletter(), &sample::issue());
    let (_, body) = mail.split_once("<body").unwrap();
    assert_eq!(body.matches("heddles").count(), 1, "{body}");
}

#[test]
fn escapes_every_text() {
    let mut newsletter = sample::newsletter();
    newsletter.title = HOSTILE.to_owned();
    newsletter.rights = Some(HOSTILE.to_owned());
    let mut issue = sample::issue();
    issue.header.title = HOSTILE.to_owned();
    issue.header.summary = Some(HOSTILE.to_owned());
    issue.header.language = Some(HOSTILE.to_owned());
    let mail = html(&newsletter, &issue);
    check_html(&mail);
    assert!(!mail.contains("<script"), "{mail}");
}

#[test]
fn runs_from_right_to_left_where_the_issue_does() {
    let mut issue = sample::issue();
    issue.header.language = Some("ar".to_owned());
    let mail = html(&sample::newsletter(), &issue);
    assert_eq!(mail.matches("lang=\"ar\" dir=\"rtl\"").count(), 2, "{mail}");
}

#[test]
fn writes_plain_text() {
    insta::assert_snapshot!(text(&sample::newsletter(), &sample::issue()), @r#"
    Looms & "heddles"
    3 May 2024
    https://threads.example/news/issues/looms/
    Listen: https://threads.example/looms.mp3

    See this [1].

    [1] https://a.example/?a=1&b=2

    -- 
    Loose Threads
    https://threads.example/news/
    "#);
}

#[track_caller]
fn check_text(title: &str, text: &str, expected: &str) {
    let mut issue = sample::issue();
    issue.header.title = title.to_owned();
    issue.text = text.to_owned();
    assert_eq!(text_without_title(&issue), expected);
}

#[test]
fn takes_the_title_out_of_the_text() {
    check_text("May news", "May news\n\nHello\n", "Hello");
    check_text("May news", "# May\nnews\n\nHello", "Hello");
    check_text("Été", "ÉTÉ\n---\nHello", "Hello");
    check_text("May", "May\n", "");
}

#[test]
fn keeps_text_that_only_starts_like_the_title() {
    check_text("May", "May was warm.\n\nHello", "May was warm.\n\nHello");
    check_text("May", "Maybe\nHello", "Maybe\nHello");
    check_text("May", "", "");
    check_text("", "Hello", "Hello");
}
