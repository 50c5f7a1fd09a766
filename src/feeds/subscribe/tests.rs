use super::*;
use crate::feeds::sample::{self, check_html, feed, url, values};

fn rendered(feeds: &[FeedLink]) -> String {
    let newsletter = sample::newsletter();
    let opml = url("https://threads.example/news/opml.xml");
    render(&Site {
        newsletter: &newsletter,
        feeds,
        opml: Some(&opml),
    })
}

#[test]
fn lists_every_feed_in_three_formats() {
    let mut feeds = sample::feeds();
    feeds.push(feed("Papers", "readings/kind/paper/", Group::Kind, 2));
    feeds.push(feed("Tools", "readings/on/tools/", Group::Category, 2));
    let page = rendered(&feeds);
    check_html(&page);
    let links = values(&page, "href");
    for feed in &feeds {
        for address in [&feed.atom, &feed.rss, &feed.json] {
            assert!(links.contains(&address.as_str()), "{address} in {page}");
        }
    }
    assert!(
        links.contains(&"https://threads.example/news/opml.xml"),
        "{page}"
    );
}

#[test]
fn leaves_out_groups_without_feeds() {
    let page = rendered(&sample::feeds());
    assert!(page.contains("By curator"), "{page}");
    assert!(
        !page.contains("By kind") && !page.contains("By subject"),
        "{page}"
    );
    check_html(&rendered(&[]));
}

#[test]
fn says_which_page_the_reader_is_on() {
    let page = rendered(&sample::feeds());
    assert!(
        page.contains("<a href=\"feeds.html\" aria-current=\"page\">Subscribe</a>"),
        "{page}"
    );
}
