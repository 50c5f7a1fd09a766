//! Bluesky: every profile has a feed.

use url::Url;

use super::parts::{feed, feeds, host, nothing, segments};
use super::{Certainty, Lead, Shape, Site};

pub(super) const SITE: Site = Site {
    name: "Bluesky",
    look,
    read: None,
    join: None,
    shapes: &[
        Shape {
            link: "https://bsky.app/profile/somebody.bsky.social/post/3kabc",
            leads_to: "https://bsky.app/profile/somebody.bsky.social/rss",
        },
        Shape {
            link: "https://bsky.app/search?q=rust",
            leads_to: "-",
        },
    ],
};

fn look(url: &Url) -> Option<Lead> {
    if host(url) != "bsky.app" {
        return None;
    }
    match segments(url).as_slice() {
        ["profile", name, ..] => {
            let address = format!("https://bsky.app/profile/{name}/rss");
            feeds([feed(
                &address,
                format!("Bluesky: {name}"),
                Certainty::Declared,
            )])
        }
        _ => Some(nothing("a page of Bluesky that is nobody's")),
    }
}
