//! An issue or a reading as an entry of a feed.

use chrono::{DateTime, FixedOffset, TimeDelta};

use super::body::without_title;
use super::text::{self, escape};
use super::{Entry, Via};
use crate::model::{Header, Issue, Newsletter, Person, Reading, address};

/// The issue as an entry: its permalink, its whole body without a heading that repeats the title.
pub fn of_issue(issue: &Issue, newsletter: &Newsletter) -> Entry {
    let header = &issue.header;
    // Readers show the title above the content.
    let body = without_title(&issue.html, &header.title);
    let mut html = [body.before, body.after].concat();
    if html.is_empty() {
        html = format!("<p>{}</p>", anchor(header.url.as_str(), &header.title));
    }
    let mut categories = Vec::with_capacity(header.categories.len() + header.tags.len());
    for category in header.categories.iter().chain(&header.tags) {
        if !categories.contains(category) {
            categories.push(category.clone());
        }
    }
    Entry {
        id: header.id.clone(),
        title: header.title.clone(),
        link: Some(header.url.to_string()),
        published: header.published,
        updated: header.updated.max(header.published),
        authors: authors(header, newsletter),
        categories,
        summary: header.summary.clone(),
        html,
        via: None,
        audio: header.audio.clone(),
        language: header.language.clone(),
    }
}

/// The reading at `position` (from 0) of the issue as an entry: title and link are those of the
/// thing recommended, the author is the curator, the content is the commentary.
///
/// A reading without a link leads to the issue. One without a curator is by the issue's authors.
/// One without commentary says what it is and where it was recommended, as no reader shows an
/// empty entry well.
pub fn of_reading(
    reading: &Reading,
    position: usize,
    header: &Header,
    newsletter: &Newsletter,
) -> Entry {
    let link = reading
        .url
        .as_deref()
        .and_then(|url| address::absolute(&header.url, url))
        .map_or_else(
            || header.url.to_string(),
            |url| text::address(&url).into_owned(),
        );
    let title = if reading.title.trim().is_empty() {
        link.clone()
    } else {
        reading.title.clone()
    };
    let html = if reading.commentary_html.trim().is_empty() {
        format!(
            "<p>{}, recommended in {}.</p>",
            anchor(&link, &title),
            anchor(header.url.as_str(), &header.title)
        )
    } else {
        reading.commentary_html.clone()
    };
    let (published, updated) = instant_of_reading(header, position);
    let kind = reading.kind.name();
    let mut categories: Vec<String> = reading.category.iter().cloned().collect();
    if !categories.iter().any(|category| category == kind) {
        categories.push(kind.to_owned());
    }
    Entry {
        id: reading.id.clone(),
        authors: curator(reading, header)
            .map_or_else(|| authors(header, newsletter), |curator| vec![curator]),
        title,
        link: Some(link),
        published,
        updated,
        categories,
        summary: None,
        html,
        via: Some(Via {
            title: header.title.clone(),
            url: header.url.clone(),
        }),
        audio: None,
        language: header.language.clone(),
    }
}

/// When the reading at `position` (from 0) appeared and when it last changed.
///
/// It appeared with its issue. It changed with its issue too, a second later for each reading
/// before it, because the W3C's validator warns of two entries with the same `atom:updated`.
/// Later and not earlier: a second before midnight is another day.
pub fn instant_of_reading(
    header: &Header,
    position: usize,
) -> (DateTime<FixedOffset>, DateTime<FixedOffset>) {
    let distance = i64::try_from(position)
        .ok()
        .and_then(TimeDelta::try_seconds)
        .unwrap_or_default();
    let updated = header.updated.max(header.published);
    (
        header.published,
        updated.checked_add_signed(distance).unwrap_or(updated),
    )
}

/// The issue's authors, or else the newsletter's.
fn authors(header: &Header, newsletter: &Newsletter) -> Vec<Person> {
    let people = if header.authors.is_empty() {
        &newsletter.authors
    } else {
        &header.authors
    };
    people
        .iter()
        .map(|person| Person {
            url: profile(header, person.url.as_deref()),
            ..person.clone()
        })
        .collect()
}

fn curator(reading: &Reading, header: &Header) -> Option<Person> {
    let curator = reading.curator.as_ref()?;
    (!curator.name.trim().is_empty()).then(|| Person {
        name: curator.name.clone(),
        url: profile(header, curator.url.as_deref()),
        email: None,
    })
}

/// A person's page, which may be written without its scheme.
fn profile(header: &Header, url: Option<&str>) -> Option<String> {
    address::absolute(&header.url, url?).map(std::borrow::Cow::into_owned)
}

fn anchor(href: &str, title: &str) -> String {
    format!("<a href=\"{}\">{}</a>", escape(href), escape(title))
}

#[cfg(test)]
mod tests;
