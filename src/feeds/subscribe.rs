//! The page that lists every feed and tells what to do with one.

use std::borrow::Cow;

use askama::Template;
use url::Url;

use super::site::{self, FeedLink, Group, Layout, Site};

#[derive(Template)]
#[template(path = "subscribe.html")]
struct Subscribe<'a> {
    layout: Layout<'a>,
    sections: Vec<Section<'a>>,
    opml: Option<&'a Url>,
}

/// The feeds of one group.
struct Section<'a> {
    /// Its name in fragments.
    name: &'static str,
    heading: &'static str,
    about: &'static str,
    feeds: Vec<Row<'a>>,
}

struct Row<'a> {
    link: &'a FeedLink,
    home: Option<String>,
    count: String,
}

/// The page for people who want to subscribe, whether or not they know what a feed is; its file
/// is [`site::SUBSCRIBE`].
pub fn render(site: &Site<'_>) -> String {
    let base = &site.newsletter.base_url;
    let here = base.join(site::SUBSCRIBE).unwrap_or_else(|_| base.clone());
    let mut layout = site.layout(&here, &here, Cow::Borrowed("Subscribe"));
    // All of its prose is English, whatever the issues are written in.
    layout.language = site::language(None);
    layout.direction = site::direction(layout.language);
    layout.description = Some(Cow::Owned(format!(
        "Every feed of {}, and how to follow one.",
        site.newsletter.title
    )));
    let groups = [
        Group::Main,
        Group::Readings,
        Group::Curator,
        Group::Category,
        Group::Kind,
    ];
    let sections = groups.map(|group| section(group, &here, site.feeds));
    let page = Subscribe {
        layout,
        sections: sections
            .into_iter()
            .filter(|section| !section.feeds.is_empty())
            .collect(),
        opml: site.opml,
    };
    site::write(&page, 8192 + site.feeds.len() * 512)
}

fn section<'a>(group: Group, here: &Url, feeds: &'a [FeedLink]) -> Section<'a> {
    let (name, heading, about) = match group {
        Group::Main => ("issues", "The newsletter", "Every issue, in full."),
        Group::Readings => (
            "readings",
            "Recommended readings",
            "Each thing that an issue recommends as an entry of its own, with what the curator \
             says of it.",
        ),
        Group::Curator => ("curators", "By curator", "Only what one person recommends."),
        Group::Category => (
            "categories",
            "By subject",
            "Only the readings under one heading.",
        ),
        Group::Kind => ("kinds", "By kind", "Only papers, say, or only podcasts."),
    };
    let (one, many) = match group {
        Group::Main => ("issue", "issues"),
        _ => ("reading", "readings"),
    };
    let feeds = feeds
        .iter()
        .filter(|feed| feed.group == group)
        .map(|link| Row {
            link,
            home: link.home.as_ref().map(|home| site::relative(here, home)),
            count: site::counted(link.count, one, many),
        })
        .collect();
    Section {
        name,
        heading,
        about,
        feeds,
    }
}

#[cfg(test)]
mod tests;
