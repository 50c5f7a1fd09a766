//! Hacker News: the front page has a feed; people and discussions have none of its own.

use url::Url;

use super::parts::{feed, feeds, host};
use super::{Certainty, Lead, Shape, Site};

pub(super) const SITE: Site = Site {
    name: "Hacker News",
    look,
    read: None,
    join: None,
    shapes: &[Shape {
        link: "https://news.ycombinator.com/item?id=8863",
        leads_to: "https://news.ycombinator.com/rss",
    }],
};

fn look(url: &Url) -> Option<Lead> {
    if host(url) != "news.ycombinator.com" {
        return None;
    }
    let address = "https://news.ycombinator.com/rss";
    feeds([feed(
        address,
        "Hacker News: the front page",
        Certainty::Declared,
    )])
}
