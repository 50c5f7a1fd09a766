use super::*;
use crate::feeds::sample::{self, HOSTILE, check_html, url, values};
use crate::model::Newsletter;

fn with_site<T>(newsletter: &Newsletter, show: impl FnOnce(&Site<'_>) -> T) -> T {
    let feeds = sample::feeds();
    show(&Site {
        newsletter,
        feeds: &feeds,
        opml: None,
    })
}

fn years() -> Vec<Year> {
    let page = |year, count| Year {
        year,
        url: url(&format!("https://threads.example/news/archive/{year}/")),
        count,
    };
    vec![page(2024, 2), page(2023, 1)]
}

fn front(newsletter: &Newsletter) -> String {
    let issue = sample::issue();
    let row = |title, summary, readings| IndexRow {
        title,
        url: &issue.header.url,
        published: issue.header.published,
        summary,
        readings,
    };
    let rows = [
        row("Looms & \"heddles\"", Some("What a loom remembers."), 1),
        row(HOSTILE, Some(HOSTILE), 4),
        row("Warps", None, 0),
    ];
    with_site(newsletter, |site| render(site, &rows, &years()))
}

#[test]
fn shows_the_front_page() {
    let page = front(&sample::newsletter());
    check_html(&page);
    insta::assert_snapshot!(page);
}

#[test]
fn escapes_every_text() {
    let mut newsletter = sample::newsletter();
    newsletter.title = HOSTILE.to_owned();
    newsletter.subtitle = Some(HOSTILE.to_owned());
    let page = front(&newsletter);
    check_html(&page);
    assert!(!page.contains("<script"), "{page}");
}

#[test]
fn shows_a_newsletter_without_issues() {
    let page = with_site(&sample::newsletter(), |site| render(site, &[], &[]));
    check_html(&page);
    assert!(page.contains("No issue yet."), "{page}");
    assert!(!page.contains("by year"), "{page}");
}

#[test]
fn shows_a_year_among_the_years() {
    let years = years();
    let page = with_site(&sample::newsletter(), |site| {
        year(site, &years[1], &[], &years)
    });
    check_html(&page);
    assert!(
        page.contains("<title>Issues of 2023 · Loose Threads</title>"),
        "{page}"
    );
    assert!(
        page.contains("<a href=\"./\" aria-current=\"page\">2023</a>"),
        "{page}"
    );
    assert!(values(&page, "href").contains(&"../2024/"), "{page}");
    assert!(values(&page, "href").contains(&"../../style.css"), "{page}");
}

#[test]
fn runs_from_right_to_left_where_the_newsletter_does() {
    let mut newsletter = sample::newsletter();
    newsletter.language = Some("fa".to_owned());
    let page = front(&newsletter);
    assert!(page.contains("<html lang=\"fa\" dir=\"rtl\">"), "{page}");
}
