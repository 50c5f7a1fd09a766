//! Discourse forums, on whatever host: known by the shape of a topic's address.

use url::Url;

use super::page::feeds_or_page;
use super::parts::{feed, is_number, segments};
use super::{Certainty, Lead, Shape, Site};

pub(super) const SITE: Site = Site {
    name: "Discourse",
    look,
    read: None,
    join: None,
    shapes: &[
        Shape {
            link: "https://internals.rust-lang.org/t/announcement-joins-the-core-team/3273",
            leads_to: "https://internals.rust-lang.org/latest.rss",
        },
        Shape {
            link: "https://users.rust-lang.org/t/some-topic/6776/5",
            leads_to: "https://users.rust-lang.org/latest.rss",
        },
        Shape {
            link: "https://discuss.example.org/c/announcements/7",
            leads_to: "https://discuss.example.org/c/announcements/7.rss",
        },
    ],
};

fn look(url: &Url) -> Option<Lead> {
    let host = url.host_str()?;
    let parts = segments(url);
    match parts.as_slice() {
        ["t", _, number] | ["t", _, number, _] if is_number(number) => {
            let latest = format!("https://{host}/latest.rss");
            let top = format!("https://{host}/top.rss?period=monthly");
            feeds_or_page(
                [
                    feed(
                        &latest,
                        format!("new topics of {host}"),
                        Certainty::Documented,
                    ),
                    feed(
                        &top,
                        format!("what {host} talks about"),
                        Certainty::Documented,
                    )
                    .map(super::Candidate::asked_for),
                ],
                url,
            )
        }
        ["c", names @ .., number] if !names.is_empty() && is_number(number) => {
            let address = format!("https://{host}/{}.rss", parts.join("/"));
            feeds_or_page(
                [feed(
                    &address,
                    format!("topics of {host}"),
                    Certainty::Documented,
                )],
                url,
            )
        }
        _ => None,
    }
}
