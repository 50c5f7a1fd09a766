use super::*;
use crate::feeds::sample::{self, HOSTILE, check_html, url, values};

fn rendered(newsletter: &Newsletter, issue: &Issue) -> String {
    let feeds = sample::feeds();
    let site = Site {
        newsletter,
        feeds: &feeds,
        opml: None,
    };
    let older = url("https://threads.example/news/issues/warps/");
    let place = Place {
        here: &issue.header.url,
        newer: None,
        older: Some(Link {
            title: HOSTILE,
            url: &older,
        }),
    };
    render(&site, &place, issue)
}

#[test]
fn shows_an_issue() {
    let page = rendered(&sample::newsletter(), &sample::issue());
    check_html(&page);
    insta::assert_snapshot!(page);
}

#[test]
fn shows_the_title_once() {
    let page = rendered(&sample::newsletter(), &sample::issue());
    let (_, main) = page.split_once("<main").unwrap();
    assert_eq!(main.matches("heddles").count(), 1, "{main}");
}

#[test]
fn escapes_every_text() {
    let mut newsletter = sample::newsletter();
    newsletter.title = HOSTILE.to_owned();
    newsletter.subtitle = Some(HOSTILE.to_owned());
    newsletter.rights = Some(HOSTILE.to_owned());
    newsletter.language = Some(HOSTILE.to_owned());
    let mut issue = sample::issue();
    issue.header.title = HOSTILE.to_owned();
    issue.header.summary = Some(HOSTILE.to_owned());
    issue.header.authors[0].name = HOSTILE.to_owned();
    issue.header.authors[1].url = Some(HOSTILE.to_owned());
    issue.header.audio.as_mut().unwrap().media_type = HOSTILE.to_owned();
    let page = rendered(&newsletter, &issue);
    check_html(&page);
    assert!(!page.contains("<script"), "{page}");
}

#[test]
fn follows_no_address_that_runs() {
    let mut issue = sample::issue();
    issue.header.audio.as_mut().unwrap().url = url("javascript:alert(1)");
    let page = rendered(&sample::newsletter(), &issue);
    assert!(!page.contains("javascript:"), "{page}");
    assert!(
        page.contains("<span class=\"p-author h-card\">Tom</span>"),
        "{page}"
    );
}

#[test]
fn announces_the_feeds_of_issues_and_of_readings() {
    let page = rendered(&sample::newsletter(), &sample::issue());
    let links: Vec<_> = page
        .lines()
        .filter(|line| line.starts_with("<link rel=\"alternate\""))
        .map(|line| (values(line, "type")[0], values(line, "href")[0]))
        .collect();
    let base = "https://threads.example/news/";
    let expected = ["", "readings/"].map(|folder| {
        [
            ("application/atom+xml", format!("{base}{folder}atom.xml")),
            ("application/rss+xml", format!("{base}{folder}rss.xml")),
            ("application/feed+json", format!("{base}{folder}feed.json")),
        ]
    });
    let expected: Vec<_> = expected
        .iter()
        .flatten()
        .map(|(media_type, address)| (*media_type, address.as_str()))
        .collect();
    assert_eq!(links, expected);
}

#[test]
fn runs_from_right_to_left_where_the_issue_does() {
    let mut issue = sample::issue();
    issue.header.language = Some("he".to_owned());
    let page = rendered(&sample::newsletter(), &issue);
    assert!(page.contains("<html lang=\"he\" dir=\"rtl\">"), "{page}");
    assert!(page.contains(">2024-05-03</time>"), "{page}");
}

#[test]
fn leads_to_the_newsletter_s_pages_from_where_it_is_served() {
    let page = rendered(&sample::newsletter(), &sample::issue());
    let links = values(&page, "href");
    for expected in ["../../", "../../feeds.html", "../../style.css", "../warps/"] {
        assert!(links.contains(&expected), "{expected} in {links:?}");
    }
}

#[track_caller]
fn check_extent(duration: Option<u64>, length: u64, expected: Option<&str>) {
    let mut audio = sample::issue().header.audio.unwrap();
    audio.duration = duration;
    audio.length = length;
    assert_eq!(extent(&audio).as_deref(), expected);
}

#[test]
fn says_how_long_a_recording_is() {
    check_extent(Some(610), 4_200_000, Some("11 min, 5 MB"));
    check_extent(Some(0), 12_000, Some("12 kB"));
    check_extent(Some(60), 0, Some("1 min"));
    check_extent(None, 0, None);
    check_extent(
        Some(u64::MAX),
        u64::MAX,
        Some("307445734561825861 min, 18446744073710 MB"),
    );
}
