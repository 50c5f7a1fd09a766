//! Hashnode and dev.to: weblogs of programmers.

use url::Url;

use super::parts::{feed, feeds, host, label, nothing, segments};
use super::{Certainty, Lead, Shape, Site};
use crate::model::Kind;

pub(super) const SITE: Site = Site {
    name: "Hashnode and dev.to",
    look,
    read: None,
    join: None,
    shapes: &[
        Shape {
            link: "https://apollolabsblog.hashnode.dev/demystifying-rust",
            leads_to: "https://apollolabsblog.hashnode.dev/rss.xml",
        },
        Shape {
            link: "https://dev.to/living_syn/calling-rust-from-c-6hk",
            leads_to: "https://dev.to/feed/living_syn",
        },
        Shape {
            link: "https://dev.to/t/rust",
            leads_to: "https://dev.to/feed/tag/rust",
        },
        Shape {
            link: "https://hashnode.com/@somebody",
            leads_to: "-",
        },
    ],
};

fn look(url: &Url) -> Option<Lead> {
    let parts = segments(url);
    let posts = |address: String, name: &str| {
        feeds([feed(&address, name, Certainty::Documented).map(|it| it.of(Kind::Post))])
    };
    if let Some(name) = label(url, "hashnode.dev") {
        return posts(format!("https://{name}.hashnode.dev/rss.xml"), name);
    }
    match (host(url), parts.as_slice()) {
        ("hashnode.com", _) => Some(nothing("a profile of Hashnode; its weblogs have feeds")),
        ("dev.to", ["t", tag, ..]) => posts(format!("https://dev.to/feed/tag/{tag}"), tag),
        ("dev.to", ["feed", ..]) => posts(url.to_string(), "the feed itself"),
        ("dev.to", [] | ["search" | "about" | "top" | "latest" | "listings", ..]) => {
            Some(nothing("a page of dev.to that is nobody's"))
        }
        ("dev.to", [name, ..]) => posts(format!("https://dev.to/feed/{name}"), name),
        _ => None,
    }
}
