//! Lobsters: all stories, a tag's, a person's.

use url::Url;

use super::parts::{feed, feeds, host, segments};
use super::{Certainty, Lead, Shape, Site};

pub(super) const SITE: Site = Site {
    name: "Lobsters",
    look,
    read: None,
    join: None,
    shapes: &[
        Shape {
            link: "https://lobste.rs/s/abc123/a_story",
            leads_to: "https://lobste.rs/rss",
        },
        Shape {
            link: "https://lobste.rs/t/rust",
            leads_to: "https://lobste.rs/t/rust.rss",
        },
    ],
};

fn look(url: &Url) -> Option<Lead> {
    if host(url) != "lobste.rs" {
        return None;
    }
    let stories = |path: &str, name: &str| {
        let address = format!("https://lobste.rs/{path}");
        feeds([feed(
            &address,
            format!("Lobsters: {name}"),
            Certainty::Documented,
        )])
    };
    match segments(url).as_slice() {
        ["t", tag, ..] => stories(&format!("t/{tag}.rss"), tag),
        _ => stories("rss", "all stories"),
    }
}
