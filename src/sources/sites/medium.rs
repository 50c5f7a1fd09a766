//! Medium: people, publications, and publications under names of their own.

use url::Url;

use super::page::feeds_or_page;
use super::parts::{ask, feed, feeds, host, label, nothing, segments};
use super::{Certainty, Lead, Shape, Site};
use crate::model::Kind;

pub(super) const SITE: Site = Site {
    name: "Medium",
    look,
    read: None,
    join: None,
    shapes: &[
        Shape {
            link: "https://medium.com/@seanjtaylor/designing-and-evaluating-metrics-5902ad6873bf",
            leads_to: "https://medium.com/feed/@seanjtaylor",
        },
        Shape {
            link: "https://medium.com/airbnb-engineering/one-5902ad6873bf",
            leads_to: "https://medium.com/feed/airbnb-engineering",
        },
        Shape {
            link: "https://medium.com/tag/rust",
            leads_to: "https://medium.com/feed/tag/rust",
        },
        Shape {
            link: "https://colah.medium.com/one-5902ad6873bf",
            leads_to: "https://colah.medium.com/feed",
        },
        Shape {
            link: "https://towardsdatascience.com/build-an-sms-alert-system-235bb59ec5d",
            leads_to: "https://towardsdatascience.com/feed",
        },
        Shape {
            link: "https://netflixtechblog.example/a-post-on-streams-5902ad6873bf",
            leads_to: "https://netflixtechblog.example/feed",
        },
        Shape {
            link: "https://medium.com/p/5902ad6873bf",
            leads_to: "? https://medium.com/p/5902ad6873bf",
        },
    ],
};

/// Publications that have, or had, names of their own.
const OWN_NAMES: [&str; 8] = [
    "towardsdatascience.com",
    "betterprogramming.pub",
    "levelup.gitconnected.com",
    "blog.tensorflow.org",
    "netflixtechblog.com",
    "uxdesign.cc",
    "hackernoon.com",
    "itnext.io",
];

fn look(url: &Url) -> Option<Lead> {
    let parts = segments(url);
    if host(url) == "medium.com" {
        return match parts.as_slice() {
            ["p", ..] => Some(ask(
                super::page::SITE.name,
                format!("page:{}", url.path()),
                url.clone(),
                "alone",
            )),
            ["tag", tag, ..] => stories(&format!("https://medium.com/feed/tag/{tag}"), tag),
            [] | ["search" | "m" | "membership" | "topic" | "me", ..] => {
                Some(nothing("a page of Medium that is nobody's"))
            }
            ["feed", ..] => stories(url.as_str(), "the feed itself"),
            [name, ..] => stories(&format!("https://medium.com/feed/{name}"), name),
        };
    }
    if let Some(name) = label(url, "medium.com") {
        return stories(&format!("https://{name}.medium.com/feed"), name);
    }
    let own = OWN_NAMES.contains(&host(url));
    (own || is_story(&parts)).then(|| {
        let address = format!("https://{}/feed", url.host_str().unwrap_or_default());
        let certainty = if own {
            Certainty::Documented
        } else {
            Certainty::Guess
        };
        let found = feed(&address, host(url), certainty).map(|it| it.of(Kind::Post));
        feeds_or_page([found], url)
    })?
}

fn stories(address: &str, name: &str) -> Option<Lead> {
    feeds([
        feed(address, format!("Medium: {name}"), Certainty::Documented).map(|it| it.of(Kind::Post)),
    ])
}

/// A story's name ends with the hexadecimal number that only Medium gives.
fn is_story(parts: &[&str]) -> bool {
    let [name] = parts else { return false };
    let Some((words, number)) = name.rsplit_once('-') else {
        return false;
    };
    let hex = |b: u8| b.is_ascii_digit() || (b'a'..=b'f').contains(&b);
    words.contains('-')
        && (11..=12).contains(&number.len())
        && number.bytes().all(hex)
        && number.bytes().any(|b| b.is_ascii_digit())
        && number.bytes().any(|b| b.is_ascii_alphabetic())
}
