//! Other places where code lives: GitLab, Codeberg and other Forgejo or Gitea hosts, sourcehut.

use url::Url;

use super::parts::{feed, feeds, host, nothing, segments};
use super::{Certainty, Lead, Shape, Site};
use crate::model::Kind;

pub(super) const SITE: Site = Site {
    name: "forges",
    look,
    read: None,
    join: None,
    shapes: &[
        Shape {
            link: "https://gitlab.com/inkscape/inkscape/-/merge_requests/1",
            leads_to: "https://gitlab.com/inkscape/inkscape/-/releases.atom",
        },
        Shape {
            link: "https://gitlab.gnome.org/GNOME/librsvg",
            leads_to: "https://gitlab.gnome.org/GNOME/librsvg/-/releases.atom",
        },
        Shape {
            link: "https://gitlab.com/inkscape",
            leads_to: "https://gitlab.com/inkscape.atom",
        },
        Shape {
            link: "https://codeberg.org/forgejo/forgejo/issues/1",
            leads_to: "https://codeberg.org/forgejo/forgejo/releases.rss",
        },
        Shape {
            link: "https://codeberg.org/forgejo",
            leads_to: "https://codeberg.org/forgejo.rss",
        },
        Shape {
            link: "https://git.sr.ht/~sircmpwn/hare/tree/master",
            leads_to: "https://git.sr.ht/~sircmpwn/hare/refs/rss.xml",
        },
        Shape {
            link: "https://bitbucket.org/owner/project/src",
            leads_to: "-",
        },
    ],
};

fn look(url: &Url) -> Option<Lead> {
    let host = host(url);
    let parts = segments(url);
    if host == "gitlab.com" || host.starts_with("gitlab.") {
        return gitlab(host, &parts);
    }
    match host {
        "codeberg.org" | "gitea.com" | "code.forgejo.org" | "git.disroot.org" => {
            gitea(host, &parts)
        }
        "git.sr.ht" | "hg.sr.ht" => match parts.as_slice() {
            [owner, name, ..] => {
                let base = format!("https://{host}/{owner}/{name}");
                feeds(["refs", "log"].map(|what| {
                    let about = format!("{what} of {owner}/{name}");
                    feed(
                        &format!("{base}/{what}/rss.xml"),
                        about,
                        Certainty::Documented,
                    )
                    .map(|it| it.of(Kind::Code))
                }))
            }
            _ => Some(nothing("a page of sourcehut that is no repository")),
        },
        "bitbucket.org" => Some(nothing("Bitbucket has no feeds")),
        _ => None,
    }
}

/// A project's path may be of any depth; what follows `-` is inside it.
fn gitlab(host: &str, parts: &[&str]) -> Option<Lead> {
    const PAGES: [&str; 5] = ["explore", "users", "help", "search", "dashboard"];
    if parts.is_empty() || PAGES.contains(&parts[0]) {
        return Some(nothing("a page of GitLab that is no project"));
    }
    let end = parts.iter().position(|part| *part == "-");
    let inside = [
        "issues",
        "merge_requests",
        "blob",
        "tree",
        "commits",
        "tags",
        "raw",
        "wikis",
    ];
    let end = end.or_else(|| parts.iter().position(|part| inside.contains(part)));
    let path = parts[..end.unwrap_or(parts.len())].join("/");
    let base = format!("https://{host}/{path}");
    if !path.contains('/') {
        return feeds([feed(
            &format!("{base}.atom"),
            format!("what {path} does"),
            Certainty::Documented,
        )
        .map(|it| it.of(Kind::Code))]);
    }
    let shapes = [
        ("releases", "/-/releases.atom"),
        ("tags", "/-/tags?format=atom"),
        ("activity", ".atom"),
    ];
    feeds(shapes.map(|(what, rest)| {
        feed(
            &format!("{base}{rest}"),
            format!("{what} of {path}"),
            Certainty::Documented,
        )
        .map(|it| it.of(Kind::Code))
    }))
}

fn gitea(host: &str, parts: &[&str]) -> Option<Lead> {
    let code = |address: String, about: String| {
        feed(&address, about, Certainty::Documented).map(|it| it.of(Kind::Code))
    };
    match parts {
        [] | ["explore", ..] => Some(nothing("a page that is no project")),
        [owner] => feeds([code(
            format!("https://{host}/{owner}.rss"),
            format!("what {owner} does"),
        )]),
        [owner, name, ..] => {
            let base = format!("https://{host}/{owner}/{name}");
            feeds(
                [
                    ("releases", "/releases.rss"),
                    ("tags", "/tags.rss"),
                    ("activity", ".rss"),
                ]
                .map(|(what, rest)| {
                    code(format!("{base}{rest}"), format!("{what} of {owner}/{name}"))
                }),
            )
        }
    }
}
