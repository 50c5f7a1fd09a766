//! `GitHub`: releases, tags and commits of a repository, what a person or an organization does.

use url::Url;

use super::parts::{feed, feeds, host, is_word, nothing, segments};
use super::{Certainty, Lead, Shape, Site};
use crate::model::Kind;

pub(super) const SITE: Site = Site {
    name: "GitHub",
    look,
    read: None,
    join: None,
    shapes: &[
        Shape {
            link: "https://github.com/fastforwardlabs/whisper-openai/blob/master/WhisperDemo.ipynb",
            leads_to: "https://github.com/fastforwardlabs/whisper-openai/releases.atom",
        },
        Shape {
            link: "https://github.com/rust-lang/rust/discussions/12",
            leads_to: "https://github.com/rust-lang/rust/releases.atom",
        },
        Shape {
            link: "https://github.com/cloudera",
            leads_to: "https://github.com/cloudera.atom",
        },
        Shape {
            link: "https://gist.github.com/karpathy/d4dee566867f8291f086",
            leads_to: "https://gist.github.com/karpathy.atom",
        },
        Shape {
            link: "https://raw.githubusercontent.com/rust-lang/rfcs/master/README.md",
            leads_to: "https://github.com/rust-lang/rfcs/releases.atom",
        },
        Shape {
            link: "https://github.com/search?q=newsletter",
            leads_to: "-",
        },
        Shape {
            link: "https://github.com/orgs/rust-lang/discussions/12",
            leads_to: "-",
        },
        Shape {
            link: "https://github.com/topics/rust",
            leads_to: "-",
        },
        Shape {
            link: "https://copilot.github.com/",
            leads_to: "? https://copilot.github.com/",
        },
    ],
};

/// First parts of paths that are nobody's name.
const PAGES: [&str; 24] = [
    "search",
    "topics",
    "features",
    "about",
    "explore",
    "trending",
    "collections",
    "marketplace",
    "pricing",
    "login",
    "join",
    "settings",
    "notifications",
    "apps",
    "enterprise",
    "readme",
    "security",
    "customer-stories",
    "events",
    "site",
    "contact",
    "new",
    "orgs",
    "sponsors",
];

fn look(url: &Url) -> Option<Lead> {
    let parts = segments(url);
    match (host(url), parts.as_slice()) {
        ("gist.github.com", [name, ..]) if name.len() != 32 && name.len() != 20 => {
            let address = format!("https://gist.github.com/{name}.atom");
            feeds([
                feed(&address, format!("gists of {name}"), Certainty::Observed)
                    .map(|it| it.of(Kind::Code)),
            ])
        }
        ("gist.github.com", _) => Some(nothing("a gist whose address does not name its author")),
        ("github.com", ["sponsors", name, ..]) => activity(name),
        ("github.com", ["orgs", ..]) => {
            Some(nothing("a page of an organization that is no repository"))
        }
        ("github.com", []) => Some(nothing("GitHub itself")),
        ("github.com", [page, ..]) if PAGES.contains(page) => {
            Some(nothing("a page of GitHub that is no repository"))
        }
        ("github.com", [name]) => activity(name.strip_suffix(".atom").unwrap_or(name)),
        ("github.com" | "raw.githubusercontent.com" | "raw.github.com", [owner, name, ..])
        | (
            "colab.research.google.com" | "nbviewer.jupyter.org" | "nbviewer.org",
            ["github", owner, name, ..],
        ) => repository(owner, name),
        _ => None,
    }
}

fn is_name(text: &str) -> bool {
    !text.is_empty() && text.chars().all(|c| is_word(c) || c == '.')
}

/// Many repositories have no release; then tags are asked, and at last commits.
fn repository(owner: &str, name: &str) -> Option<Lead> {
    let name = name.strip_suffix(".git").unwrap_or(name);
    if !is_name(owner) || !is_name(name) {
        return Some(nothing("no name of a repository"));
    }
    let base = format!("https://github.com/{owner}/{name}");
    let found = ["releases", "tags", "commits"].map(|what| {
        let about = format!("{what} of {owner}/{name}");
        feed(&format!("{base}/{what}.atom"), about, Certainty::Documented)
            .map(|it| it.of(Kind::Code))
    });
    feeds(found)
}

fn activity(name: &str) -> Option<Lead> {
    if !is_name(name) {
        return Some(nothing("no name of an account"));
    }
    let address = format!("https://github.com/{name}.atom");
    feeds([feed(
        &address,
        format!("what {name} does on GitHub"),
        Certainty::Documented,
    )
    .map(|it| it.of(Kind::Code))])
}
