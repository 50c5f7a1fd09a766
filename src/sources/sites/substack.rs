//! Substack: every publication has its feed.

use url::Url;

use super::parts::{feed, feeds, host, label, nothing, segments};
use super::{Certainty, Lead, Shape, Site};
use crate::model::Kind;

pub(super) const SITE: Site = Site {
    name: "Substack",
    look,
    read: None,
    join: None,
    shapes: &[
        Shape {
            link: "https://jack-clark.substack.com/p/one",
            leads_to: "https://jack-clark.substack.com/feed",
        },
        Shape {
            link: "https://open.substack.com/pub/jack-clark/p/one",
            leads_to: "https://jack-clark.substack.com/feed",
        },
        Shape {
            link: "https://substack.com/@somebody",
            leads_to: "-",
        },
    ],
};

fn look(url: &Url) -> Option<Lead> {
    let parts = segments(url);
    match (host(url), parts.as_slice()) {
        ("open.substack.com", ["pub", name, ..]) => publication(name),
        ("substack.com" | "open.substack.com", _) => Some(nothing(
            "a profile of Substack; its publications have feeds",
        )),
        _ => publication(label(url, "substack.com")?),
    }
}

fn publication(name: &str) -> Option<Lead> {
    let address = format!("https://{name}.substack.com/feed");
    feeds([feed(&address, name, Certainty::Documented).map(|it| it.of(Kind::Post))])
}
