//! The tables of `docs/DISCOVER.md` say what the rules do: they are made again here and compared.
//! `WRITE_TABLES=1 cargo test` writes them.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use newsdesk::sources::sites::{self, Certainty, Lead, SITES};
use url::Url;

use crate::project::{self, CONFIG, Project};

fn document() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/DISCOVER.md")
}

/// Compares a table of the document, which stands between two marks, with what it should be.
#[track_caller]
fn check(name: &str, table: &str) {
    let text = fs::read_to_string(document()).unwrap();
    let (begin, end) = (
        format!("<!-- {name} -->\n"),
        format!("<!-- end of {name} -->"),
    );
    let from = text.find(&begin).expect("the table begins") + begin.len();
    let to = text.find(&end).expect("the table ends");
    if text[from..to] == *table {
        return;
    }
    if std::env::var_os("WRITE_TABLES").is_some() {
        fs::write(
            document(),
            format!("{}{table}{}", &text[..from], &text[to..]),
        )
        .unwrap();
        return;
    }
    panic!("docs/DISCOVER.md: the table `{name}` should be\n{table}");
}

#[test]
fn the_document_shows_every_shape() {
    let mut table =
        String::from("| site | a link such as | leads to | sure |\n| --- | --- | --- | --- |\n");
    for site in SITES {
        for shape in site.shapes {
            let lead = sites::look(&Url::parse(shape.link).unwrap());
            let (to, sure) = match &lead {
                Lead::Feeds { feeds, .. } => {
                    (format!("`{}`", feeds[0].url), sure(feeds[0].certainty))
                }
                Lead::Ask(question) if question.interface => {
                    (format!("asks the interface `{}`", question.url), "")
                }
                Lead::Ask(question) => (format!("reads the page `{}`", question.url), ""),
                Lead::Elsewhere(url) => (format!("is the same as `{url}`"), ""),
                Lead::Nothing(reason) => (format!("nothing: {}", reason.text()), ""),
            };
            let _ = writeln!(
                table,
                "| {} | `{}` | {to} | {sure} |",
                site.name, shape.link
            );
        }
    }
    check("shapes", &table);
}

fn sure(certainty: Certainty) -> &'static str {
    match certainty {
        Certainty::Documented => "documented",
        Certainty::Declared => "declared",
        Certainty::Observed => "observed",
        Certainty::Guess => "a guess",
    }
}

/// What the rules alone know of the links of an archive.
#[derive(Default)]
struct Known {
    links: usize,
    by_rule: usize,
    by_interface: usize,
    by_page: usize,
    none: usize,
    never: usize,
}

fn known(folder: &str, config: &str) -> Option<(Known, BTreeMap<&'static str, usize>)> {
    let archive = project::archive(folder)?;
    let project = Project::new(&format!("{CONFIG}{config}"));
    project::copy(&archive, &project.path("issues"));
    let issues = project.run(&["readings", "--json"]).expect(0).json();
    let mut known = Known::default();
    let mut by_site: BTreeMap<&'static str, usize> = BTreeMap::new();
    for issue in issues.as_array().unwrap() {
        for reading in issue["readings"].as_array().unwrap() {
            let others = reading["extra_links"].as_array().unwrap();
            for link in std::iter::once(&reading["url"]).chain(others) {
                let Some(url) = link.as_str().and_then(|link| Url::parse(link).ok()) else {
                    continue;
                };
                known.links += 1;
                *by_site.entry(sites::name_of(&url)).or_default() += 1;
                let mut lead = sites::look(&url);
                while let Lead::Elsewhere(url) = &lead {
                    lead = sites::look(url);
                }
                match lead {
                    Lead::Feeds { .. } => known.by_rule += 1,
                    Lead::Ask(question) if question.interface => known.by_interface += 1,
                    Lead::Ask(_) => known.by_page += 1,
                    Lead::Nothing(sites::Reason::Never(_)) => known.never += 1,
                    _ => known.none += 1,
                }
            }
        }
    }
    Some((known, by_site))
}

const WEEKLY: &str = "[readings]\nsections = [\"Updates from Rust Community\", \"News & Blog Posts\", \"Blog Posts\", \"From the Blogosphere\", \"Discussion + Blog posts\"]\n";

#[test]
fn the_document_tells_what_rules_alone_know() {
    let (Some((monthly, monthly_sites)), Some((weekly, weekly_sites))) = (
        known("fast-forward-labs/issues", ""),
        known("this-week-in-rust/issues", WEEKLY),
    ) else {
        return;
    };
    let mut table = String::from(
        "| links of readings | monthly, machine learning | weekly, Rust |\n| --- | --- | --- |\n",
    );
    let row = |table: &mut String, name: &str, of: fn(&Known) -> usize| {
        let _ = writeln!(
            table,
            "| {name} | {} | {} |",
            share(of(&monthly), monthly.links),
            share(of(&weekly), weekly.links)
        );
    };
    row(&mut table, "all", |it| it.links);
    row(
        &mut table,
        "a feed by rules alone, without a request",
        |it| it.by_rule,
    );
    row(
        &mut table,
        "one small answer of an interface, many links at once where it can",
        |it| it.by_interface,
    );
    row(&mut table, "a page of the site has to be read", |it| {
        it.by_page
    });
    row(&mut table, "no feed is known", |it| it.none);
    row(&mut table, "no feed, and never fetched", |it| it.never);
    check("archive", &table);

    let mut table = String::from("| rules | monthly | weekly |\n| --- | --- | --- |\n");
    for site in SITES {
        let count = |sites: &BTreeMap<&str, usize>| sites.get(site.name).copied().unwrap_or(0);
        let (one, other) = (count(&monthly_sites), count(&weekly_sites));
        if one + other > 0 {
            let _ = writeln!(table, "| {} | {one} | {other} |", site.name);
        }
    }
    check("archive by site", &table);
}

fn share(count: usize, all: usize) -> String {
    if count == all {
        return count.to_string();
    }
    format!("{count} ({} %)", (200 * count + all) / (2 * all))
}
