//! Registries of packages: what is new of one.

use url::Url;

use super::parts::{feed, feeds, host, nothing, segments};
use super::{Certainty, Lead, Shape, Site};
use crate::model::Kind;

pub(super) const SITE: Site = Site {
    name: "package registries",
    look,
    read: None,
    join: None,
    shapes: &[
        Shape {
            link: "https://crates.io/crates/serde/versions",
            leads_to: "https://static.crates.io/rss/crates/serde.xml",
        },
        Shape {
            link: "https://docs.rs/serde/latest/serde/",
            leads_to: "https://static.crates.io/rss/crates/serde.xml",
        },
        Shape {
            link: "https://pypi.org/project/numpy/",
            leads_to: "https://pypi.org/rss/project/numpy/releases.xml",
        },
        Shape {
            link: "https://www.npmjs.com/package/react",
            leads_to: "-",
        },
    ],
};

fn look(url: &Url) -> Option<Lead> {
    let parts = segments(url);
    match (host(url), parts.as_slice()) {
        ("crates.io" | "lib.rs", ["crates", name, ..]) | ("docs.rs", ["crate", name, ..]) => {
            crate_feed(name)
        }
        ("docs.rs", [name, ..]) if *name != "about" && *name != "releases" => crate_feed(name),
        ("crates.io" | "docs.rs" | "lib.rs", _) => Some(nothing("a page that is no package")),
        ("pypi.org" | "pypi.python.org", ["project" | "pypi", name, ..]) => package(
            &format!("https://pypi.org/rss/project/{name}/releases.xml"),
            name,
            Certainty::Documented,
        ),
        ("npmjs.com" | "npmjs.org", _) => Some(nothing("npm has no feeds")),
        _ => None,
    }
}

fn crate_feed(name: &str) -> Option<Lead> {
    let address = format!("https://static.crates.io/rss/crates/{name}.xml");
    package(&address, name, Certainty::Documented)
}

fn package(address: &str, name: &str, certainty: Certainty) -> Option<Lead> {
    feeds([feed(address, format!("versions of {name}"), certainty).map(|it| it.of(Kind::Code))])
}
