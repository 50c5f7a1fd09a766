//! Registries of packages: what is new of one. Where a registry has no feed, its interface names
//! the package's repository, whose releases are the package's.

use serde_json::Value;
use url::Url;

use super::parts::{
    ask_interface, at, encoded, feed, feeds, host, is_word, label, nothing, parameter, segments,
};
use super::{Answer, Candidate, Certainty, Lead, Question, Shape, Site};
use crate::model::Kind;

pub(super) const SITE: Site = Site {
    name: "package registries",
    look,
    read: Some(read),
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
            link: "https://hackage.haskell.org/package/aeson-2.2.1.0/docs/Data-Aeson.html",
            leads_to: "? https://hackage.haskell.org/package/aeson/aeson.cabal",
        },
        Shape {
            link: "https://www.stackage.org/lts-22.0/package/lens-5.2.3",
            leads_to: "? https://hackage.haskell.org/package/lens/lens.cabal",
        },
        Shape {
            link: "https://cran.r-project.org/package=dplyr",
            leads_to: "https://github.com/cran/dplyr/tags.atom",
        },
        Shape {
            link: "https://cran.r-project.org/web/packages/dplyr/index.html",
            leads_to: "https://github.com/cran/dplyr/tags.atom",
        },
        Shape {
            link: "https://ropensci.r-universe.dev/targets",
            leads_to: "https://ropensci.r-universe.dev/feed.xml",
        },
        Shape {
            link: "https://www.npmjs.com/package/@types/react",
            leads_to: "? https://registry.npmjs.org/@types%2Freact/latest",
        },
        Shape {
            link: "https://rubygems.org/gems/rails/versions/7.1.0",
            leads_to: "https://rubygems.org/gems/rails/versions.atom",
        },
        Shape {
            link: "https://packagist.org/packages/monolog/monolog",
            leads_to: "https://packagist.org/feeds/package.monolog/monolog.rss",
        },
        Shape {
            link: "https://pkg.go.dev/github.com/spf13/cobra/doc",
            leads_to: "> https://github.com/spf13/cobra",
        },
        Shape {
            link: "https://metacpan.org/dist/Mojolicious/view/README.pod",
            leads_to: "https://metacpan.org/feed/distribution/Mojolicious",
        },
    ],
};

fn look(url: &Url) -> Option<Lead> {
    let parts = segments(url);
    let host = host(url);
    match (host, parts.as_slice()) {
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
        ("npmjs.com" | "npmjs.org" | "npm.im", parts) => Some(npm(parts)),
        ("unpkg.com", [first, rest @ ..]) => Some(npm(&[&["package", first], rest].concat())),
        ("hackage.haskell.org" | "hackage-content.haskell.org", parts) => hackage(parts),
        ("stackage.org", [.., "package", name] | ["package", name, ..]) => haskell(name),
        ("cran.r-project.org" | "cran.rstudio.com", parts) => cran(url, parts),
        ("r-pkg.org", ["pkg", name, ..]) | ("rdrr.io", ["cran", name, ..]) => of_cran(name),
        ("rubygems.org", ["gems", name, ..]) => package(
            &format!("https://rubygems.org/gems/{name}/versions.atom"),
            name,
            Certainty::Documented,
        ),
        ("packagist.org", ["packages", owner, name, ..]) => package(
            &format!("https://packagist.org/feeds/package.{owner}/{name}.rss"),
            name,
            Certainty::Documented,
        ),
        ("metacpan.org", ["dist" | "release", name, ..]) => package(
            &format!("https://metacpan.org/feed/distribution/{name}"),
            name,
            Certainty::Documented,
        ),
        ("pkg.go.dev", ["github.com", owner, name, ..]) => Some(Lead::Elsewhere(at(&format!(
            "https://github.com/{owner}/{}",
            bare(name)
        ))?)),
        _ => universe(url),
    }
}

fn crate_feed(name: &str) -> Option<Lead> {
    let address = format!("https://static.crates.io/rss/crates/{name}.xml");
    package(&address, name, Certainty::Documented)
}

fn package(address: &str, name: &str, certainty: Certainty) -> Option<Lead> {
    feeds([versions(address, name, certainty)])
}

fn versions(address: &str, name: &str, certainty: Certainty) -> Option<Candidate> {
    feed(address, format!("versions of {name}"), certainty).map(|it| it.of(Kind::Code))
}

/// A name without the version that is pinned to it: `react@18.2.0`.
fn bare(name: &str) -> &str {
    name.split_once('@').map_or(name, |(name, _)| name)
}

fn npm(parts: &[&str]) -> Lead {
    let name = match parts {
        ["package", scope, name, ..] if scope.starts_with('@') => format!("{scope}/{}", bare(name)),
        ["package", name, ..] => bare(name).to_owned(),
        _ => return nothing("a page of npm that is no package"),
    };
    let address = format!(
        "https://registry.npmjs.org/{}/latest",
        name.replace('/', "%2F")
    );
    asked("npm", &name, &address).unwrap_or_else(|| nothing("no name of a package"))
}

fn asked(registry: &str, name: &str, address: &str) -> Option<Lead> {
    let key = format!("{registry}:{name}");
    Some(ask_interface(
        SITE.name,
        key,
        at(address)?,
        format!("{registry} {name}"),
    ))
}

fn hackage(parts: &[&str]) -> Option<Lead> {
    match parts {
        ["package", name, ..] => haskell(name),
        ["packages", "recent" | "recent.rss", ..] => recent(),
        _ => Some(nothing("a page of Hackage that is no package")),
    }
}

/// All new versions of all packages: Hackage has no feed of one.
fn recent() -> Option<Lead> {
    package(
        "https://hackage.haskell.org/packages/recent.rss",
        "all packages",
        Certainty::Documented,
    )
}

/// The file of a package names its repository.
fn haskell(name: &str) -> Option<Lead> {
    let versioned = |end: &str| end.bytes().all(|b| b.is_ascii_digit() || b == b'.');
    let name = match name.rsplit_once('-') {
        Some((name, end)) if versioned(end) => name,
        _ => name,
    };
    asked(
        "hackage",
        name,
        &format!("https://hackage.haskell.org/package/{name}/{name}.cabal"),
    )
}

fn cran(url: &Url, parts: &[&str]) -> Option<Lead> {
    match parts {
        ["web", "packages", name, ..] | ["package", name, ..] => of_cran(name),
        [name] if name.starts_with("package=") => of_cran(&name["package=".len()..]),
        _ => match parameter(url, "package") {
            Some(name) => of_cran(&name),
            None => Some(nothing("a page of CRAN that is no package")),
        },
    }
}

/// The copy of CRAN at `GitHub` has a tag for each version.
fn of_cran(name: &str) -> Option<Lead> {
    if !name.chars().all(|c| is_word(c) || c == '.') || name.rsplit('.').next() == Some("html") {
        return Some(nothing("a page of CRAN that is no package"));
    }
    package(
        &format!("https://github.com/cran/{name}/tags.atom"),
        name,
        Certainty::Documented,
    )
}

/// What a person or a group publishes at R-universe.
fn universe(url: &Url) -> Option<Lead> {
    let owner = label(url, "r-universe.dev")?;
    match segments(url).first() {
        Some(name) if owner == "cran" => of_cran(name),
        _ => package(
            &format!("https://{owner}.r-universe.dev/feed.xml"),
            &format!("packages of {owner}"),
            Certainty::Documented,
        ),
    }
}

fn read(question: &Question, answer: &Answer<'_>) -> Lead {
    let (registry, name) = question.note.split_once(' ').unwrap_or_default();
    let said = String::from_utf8_lossy(answer.body);
    let place = if registry == "npm" {
        let json: Option<Value> = serde_json::from_slice(answer.body).ok();
        json.and_then(|json| {
            let place = &json["repository"];
            place["url"]
                .as_str()
                .or_else(|| place.as_str())
                .map(str::to_owned)
        })
    } else {
        repository_of_cabal(&said)
    };
    let other = || match registry {
        "hackage" => recent().unwrap_or_else(|| nothing("Hackage has no feed of one package")),
        _ => nothing(&format!(
            "npm has no feeds, and does not say where {name} is made"
        )),
    };
    place
        .as_deref()
        .and_then(repository)
        .map_or_else(other, Lead::Elsewhere)
}

/// `location:` of a `source-repository`, else `homepage:` or `bug-reports:` (Cabal, 5.3.3).
fn repository_of_cabal(file: &str) -> Option<String> {
    let value = |field: &str| {
        file.lines().find_map(|line| {
            let (name, value) = line.trim().split_once(':')?;
            let value = value.trim();
            (name.trim().eq_ignore_ascii_case(field) && repository(value).is_some())
                .then(|| value.to_owned())
        })
    };
    value("location")
        .or_else(|| value("homepage"))
        .or_else(|| value("bug-reports"))
}

/// The page of a repository, however it is written: `git+https://…`, `git@github.com:…`,
/// `github:owner/name`.
fn repository(written: &str) -> Option<Url> {
    let rest = written
        .trim()
        .trim_start_matches("git+")
        .trim_start_matches("scm:");
    let rest = if let Some(path) = rest.strip_prefix("github:") {
        format!("github.com/{path}")
    } else {
        let rest = rest.split_once("://").map_or(rest, |(_, rest)| rest);
        let rest = rest.strip_prefix("git@").unwrap_or(rest);
        let rest = rest.strip_prefix("www.").unwrap_or(rest);
        rest.replacen("com:", "com/", 1)
    };
    let mut parts = rest.split(['/', '#', '?']);
    let (host, owner, name) = (parts.next()?, parts.next()?, parts.next()?);
    let name = name.trim_end_matches(".git");
    let known = [
        "github.com",
        "gitlab.com",
        "codeberg.org",
        "git.sr.ht",
        "gitlab.haskell.org",
    ];
    let sound = known.contains(&host) && !owner.is_empty() && !name.is_empty();
    sound.then(|| at(&format!("https://{host}/{}/{}", owner, encoded(name))))?
}
