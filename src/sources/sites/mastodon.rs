//! Mastodon, on whatever host: a profile's feed is its address with `.rss`.

use url::Url;

use super::page::feeds_or_page;
use super::parts::{feed, is_number, is_word, segments};
use super::{Certainty, Lead, Shape, Site};

pub(super) const SITE: Site = Site {
    name: "Mastodon",
    look,
    read: None,
    join: None,
    shapes: &[
        Shape {
            link: "https://hachyderm.io/@somebody/109876543210123456",
            leads_to: "https://hachyderm.io/@somebody.rss",
        },
        Shape {
            link: "https://mastodon.social/@somebody",
            leads_to: "https://mastodon.social/@somebody.rss",
        },
        Shape {
            link: "https://fosstodon.org/tags/rust",
            leads_to: "https://fosstodon.org/tags/rust.rss",
        },
    ],
};

/// Hosts that are known without the long number of a post.
const HOSTS: [&str; 14] = [
    "mastodon.social",
    "mastodon.online",
    "fosstodon.org",
    "hachyderm.io",
    "mas.to",
    "mstdn.social",
    "infosec.exchange",
    "sigmoid.social",
    "techhub.social",
    "octodon.social",
    "mathstodon.xyz",
    "scholar.social",
    "chaos.social",
    "social.coop",
];

fn look(url: &Url) -> Option<Lead> {
    let host = url.host_str()?;
    let known = HOSTS.contains(&host);
    match segments(url).as_slice() {
        [name, rest @ ..] if name.starts_with('@') => {
            let post = rest
                .first()
                .is_some_and(|id| id.len() >= 15 && is_number(id));
            let local = name[1..].chars().all(|c| is_word(c) || c == '.');
            let address = format!("https://{host}/{name}.rss");
            (local && (known || post)).then(|| {
                feeds_or_page(
                    [feed(
                        &address,
                        format!("Mastodon: {name}"),
                        Certainty::Documented,
                    )],
                    url,
                )
            })?
        }
        ["tags", tag, ..] if known => {
            let address = format!("https://{host}/tags/{tag}.rss");
            feeds_or_page(
                [feed(
                    &address,
                    format!("Mastodon: #{tag}"),
                    Certainty::Documented,
                )],
                url,
            )
        }
        _ => None,
    }
}
