//! The page of one issue.

use std::borrow::Cow;

use askama::Template;
use url::Url;

use super::body::{self, Body};
use super::site::{self, Layout, Link, Site};
use crate::model::{Audio, Issue, Newsletter, Person, address};

/// Where a page stands among those of the newsletter.
#[derive(Clone, Copy, Debug)]
pub struct Place<'a> {
    /// Where it is served: links to the newsletter's other pages are relative to it.
    pub here: &'a Url,
    /// The issue after it.
    pub newer: Option<Link<'a>>,
    /// The issue before it.
    pub older: Option<Link<'a>>,
}

#[derive(Template)]
#[template(path = "page.html")]
struct Page<'a> {
    layout: Layout<'a>,
    issue: &'a Issue,
    body: Body<'a>,
    published: String,
    date: String,
    authors: Vec<Author<'a>>,
    audio: Option<Recording<'a>>,
    newer: Option<Turn<'a>>,
    older: Option<Turn<'a>>,
}

/// Somebody who wrote the issue, with an address that is safe to follow.
struct Author<'a> {
    name: &'a str,
    url: Option<Cow<'a, str>>,
}

struct Recording<'a> {
    url: &'a Url,
    media_type: &'a str,
    /// How long and how large, in words.
    extent: Option<String>,
}

struct Turn<'a> {
    title: &'a str,
    href: String,
}

/// The page of an issue. Its body is trusted: what runs was taken out when it was read.
pub fn render(site: &Site<'_>, place: &Place<'_>, issue: &Issue) -> String {
    let header = &issue.header;
    let mut layout = site.layout(place.here, &header.url, Cow::Borrowed(&header.title));
    layout.sort = "article";
    if header.language.is_some() {
        layout.language = site::language(header.language.as_deref());
        layout.direction = site::direction(layout.language);
    }
    if let Some(summary) = &header.summary {
        layout.description = Some(site::describe(summary));
    }
    let page = Page {
        published: site::machine_time(&header.published),
        date: site::day(&header.published, layout.language),
        body: body::without_title(&issue.html, &header.title),
        authors: authors(site.newsletter, &header.authors),
        audio: header.audio.as_ref().and_then(recording),
        newer: place.newer.map(|link| turn(place.here, link)),
        older: place.older.map(|link| turn(place.here, link)),
        layout,
        issue,
    };
    site::write(&page, issue.html.len() + 4096)
}

fn turn<'a>(here: &Url, link: Link<'a>) -> Turn<'a> {
    Turn {
        title: link.title,
        href: site::relative(here, link.url),
    }
}

fn authors<'a>(newsletter: &Newsletter, people: &'a [Person]) -> Vec<Author<'a>> {
    people
        .iter()
        .map(|person| Author {
            name: &person.name,
            url: person
                .url
                .as_deref()
                .and_then(|written| address::absolute(&newsletter.base_url, written)),
        })
        .collect()
}

/// The player of a recording, where its address is one of the web.
fn recording(audio: &Audio) -> Option<Recording<'_>> {
    matches!(audio.url.scheme(), "http" | "https").then(|| Recording {
        url: &audio.url,
        media_type: &audio.media_type,
        extent: extent(audio),
    })
}

/// `31 min, 24 MB`.
fn extent(audio: &Audio) -> Option<String> {
    let minutes = audio
        .duration
        .filter(|&seconds| seconds > 0)
        .map(|seconds| format!("{} min", seconds.div_ceil(60)));
    let size = (audio.length > 0).then(|| match audio.length {
        bytes if bytes < 1_000_000 => format!("{} kB", bytes.div_ceil(1_000)),
        bytes => format!("{} MB", bytes.div_ceil(1_000_000)),
    });
    match (minutes, size) {
        (Some(minutes), Some(size)) => Some(format!("{minutes}, {size}")),
        (one, other) => one.or(other),
    }
}

#[cfg(test)]
mod tests;
