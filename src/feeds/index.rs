//! The lists of issues: the newsletter's front page and the page of each year.

use std::borrow::Cow;

use askama::Template;
use chrono::{DateTime, FixedOffset};
use url::Url;

use super::site::{self, Layout, Site};

/// What a list shows of an issue.
#[derive(Clone, Copy, Debug)]
pub struct IndexRow<'a> {
    /// Its title, plain text.
    pub title: &'a str,
    /// Its permalink.
    pub url: &'a Url,
    /// When it appeared.
    pub published: DateTime<FixedOffset>,
    /// Its summary, plain text.
    pub summary: Option<&'a str>,
    /// How many readings it recommends.
    pub readings: usize,
}

/// A year in which issues appeared, and the page that lists them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Year {
    /// The year.
    pub year: i32,
    /// The page of its issues.
    pub url: Url,
    /// The number of its issues.
    pub count: usize,
}

#[derive(Template)]
#[template(path = "index.html")]
struct Index<'a> {
    layout: Layout<'a>,
    /// The level of the headings of issues.
    level: u8,
    rows: Vec<Row<'a>>,
    years: Vec<YearLink>,
}

#[derive(Template)]
#[template(path = "year.html")]
struct YearPage<'a> {
    layout: Layout<'a>,
    /// The level of the headings of issues.
    level: u8,
    rows: Vec<Row<'a>>,
    years: Vec<YearLink>,
}

struct Row<'a> {
    title: &'a str,
    href: String,
    published: String,
    date: String,
    summary: Option<Cow<'a, str>>,
    readings: Option<String>,
}

struct YearLink {
    year: i32,
    href: String,
    count: String,
    current: bool,
}

/// The front page: the latest issues as given, all years, how to subscribe.
pub fn render(site: &Site<'_>, issues: &[IndexRow<'_>], years: &[Year]) -> String {
    let here = &site.newsletter.base_url;
    let heading = Cow::Borrowed(site.newsletter.title.as_str());
    let layout = site.layout(here, here, heading);
    let index = Index {
        level: 3,
        rows: rows(&layout, here, issues),
        years: year_links(here, years, None),
        layout,
    };
    site::write(&index, 4096 + issues.len() * 512)
}

/// The page of one year: all of its issues, in the order given; `years` are all there are.
pub fn year(site: &Site<'_>, year: &Year, issues: &[IndexRow<'_>], years: &[Year]) -> String {
    let here = &year.url;
    let layout = site.layout(here, here, Cow::Owned(format!("Issues of {}", year.year)));
    let page = YearPage {
        level: 2,
        rows: rows(&layout, here, issues),
        years: year_links(here, years, Some(year.year)),
        layout,
    };
    site::write(&page, 4096 + issues.len() * 512)
}

fn rows<'a>(layout: &Layout<'_>, here: &Url, issues: &[IndexRow<'a>]) -> Vec<Row<'a>> {
    issues
        .iter()
        .map(|issue| Row {
            title: issue.title,
            href: site::relative(here, issue.url),
            published: site::machine_time(&issue.published),
            date: site::day(&issue.published, layout.language),
            summary: issue.summary.map(site::describe),
            readings: (issue.readings > 0)
                .then(|| site::counted(issue.readings, "reading", "readings")),
        })
        .collect()
}

fn year_links(here: &Url, years: &[Year], current: Option<i32>) -> Vec<YearLink> {
    years
        .iter()
        .map(|year| YearLink {
            year: year.year,
            href: site::relative(here, &year.url),
            count: site::counted(year.count, "issue", "issues"),
            current: current == Some(year.year),
        })
        .collect()
}

#[cfg(test)]
mod tests;
