//! Reddit: communities and people have feeds; a discussion's community is what counts.

use url::Url;

use super::parts::{feed, feeds, host, nothing, segments};
use super::{Certainty, Lead, Shape, Site};

pub(super) const SITE: Site = Site {
    name: "Reddit",
    look,
    read: None,
    join: None,
    shapes: &[
        Shape {
            link: "https://www.reddit.com/r/rust/comments/2mqwdm/rust_lifetimes_and_collections/",
            leads_to: "https://www.reddit.com/r/rust/.rss",
        },
        Shape {
            link: "https://old.reddit.com/user/somebody/",
            leads_to: "https://www.reddit.com/user/somebody/.rss",
        },
        Shape {
            link: "https://redd.it/2mqwdm",
            leads_to: "? https://redd.it/2mqwdm",
        },
    ],
};

fn look(url: &Url) -> Option<Lead> {
    let known = matches!(
        host(url),
        "reddit.com" | "old.reddit.com" | "np.reddit.com" | "new.reddit.com" | "i.reddit.com"
    );
    if !known {
        return None;
    }
    match segments(url).as_slice() {
        ["r", name, ..] => posts(&format!("r/{name}")),
        ["u" | "user", name, ..] => posts(&format!("user/{name}")),
        _ => Some(nothing("a page of Reddit that is no community's")),
    }
}

fn posts(path: &str) -> Option<Lead> {
    let address = format!("https://www.reddit.com/{path}/.rss");
    feeds([feed(
        &address,
        format!("Reddit: {path}"),
        Certainty::Documented,
    )])
}
