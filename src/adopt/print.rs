//! A proposal as a configuration file.

use std::fmt::Write as _;

use super::{Proposal, slashed};
use crate::issues::readings::Sections;

/// The text of `newsdesk.toml`.
pub fn print(proposal: &Proposal) -> String {
    let mut text = String::from(
        "# The newsletter, as `newsdesk adopt` found it. Relative paths start at this folder.\n\n[newsletter]\n",
    );
    let base = proposal
        .base_url
        .as_deref()
        .unwrap_or("https://newsletter.invalid/");
    put(&mut text, "title", &proposal.title);
    put(&mut text, "base_url", base);
    text.push_str("# Ids are made of this; never change it.\n");
    put(&mut text, "authority", &proposal.authority);
    put(&mut text, "language", &proposal.language);
    if let Some(zone) = &proposal.time_zone {
        put(&mut text, "time_zone", zone);
    }
    if let Some(author) = &proposal.author {
        list(&mut text, "authors", std::slice::from_ref(author));
    }
    text.push_str("\n[issues]\n");
    let folder = match slashed(&proposal.folder) {
        folder if folder.is_empty() => ".".to_owned(),
        folder => folder,
    };
    put(&mut text, "folder", &folder);
    if let Some(title) = &proposal.issue_title {
        put(&mut text, "title", title);
    }
    put(&mut text, "url", &proposal.url);
    if let Some(slug) = &proposal.slug {
        put(&mut text, "slug", slug);
    }
    put(&mut text, "ids", proposal.ids);
    if !proposal.include.is_empty() {
        list(&mut text, "include", &proposal.include);
    }
    if !proposal.exclude.is_empty() {
        text.push_str("# These files are no issues, or cannot be read as one.\n");
        list(&mut text, "exclude", &proposal.exclude);
    }
    text.push_str("\n[readings]\n");
    match &proposal.sections {
        Sections::All => put(&mut text, "sections", "all"),
        Sections::Named(names) => list(&mut text, "sections", names),
    }
    if !proposal.dates.is_empty() {
        text.push_str(
            "\n# Days of issues that have none in front matter or name, as found when they were\n# adopted. They stay as they are here.\n[issues.dates]\n",
        );
        for (path, day) in &proposal.dates {
            let path = toml::Value::from(slashed(path));
            let _ = writeln!(text, "{path} = \"{day}\"");
        }
    }
    text
}

fn put(text: &mut String, key: &str, value: &str) {
    let _ = writeln!(text, "{key} = {}", toml::Value::from(value));
}

fn list(text: &mut String, key: &str, values: &[String]) {
    if values.len() < 4 {
        let _ = writeln!(text, "{key} = {}", toml::Value::from(values.to_vec()));
        return;
    }
    let _ = writeln!(text, "{key} = [");
    for value in values {
        let _ = writeln!(text, "    {},", toml::Value::from(value.as_str()));
    }
    text.push_str("]\n");
}
