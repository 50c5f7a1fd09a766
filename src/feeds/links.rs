//! Feeds, as pages link to them.

use super::Format;
use super::options::Documents;
use super::plan::{Feed, Topic};
use super::site::{FeedLink, Group};
use crate::model::Newsletter;

/// The feeds that every page names, whatever the issues hold: the issues and all readings.
pub fn standing_feeds(newsletter: &Newsletter, documents: Documents) -> Vec<FeedLink> {
    let feed = |topic: Topic, title: String| Feed {
        topic,
        name: String::new(),
        title,
        count: 0,
    };
    let mut feeds = vec![feed(Topic::Issues, newsletter.title.clone())];
    if documents.readings {
        feeds.push(feed(
            Topic::Readings,
            format!("{}: readings", newsletter.title),
        ));
    }
    feeds
        .iter()
        .map(|feed| feed_link(newsletter, feed))
        .collect()
}

/// A feed as pages name it.
pub fn feed_link(newsletter: &Newsletter, feed: &Feed) -> FeedLink {
    let (group, name) = match &feed.topic {
        Topic::Issues => (Group::Main, "Issues".to_owned()),
        Topic::Readings => (Group::Readings, "All readings".to_owned()),
        Topic::Curator(_) => (Group::Curator, feed.name.clone()),
        Topic::Category(_) => (Group::Category, feed.name.clone()),
        Topic::Kind(_) => (Group::Kind, feed.name.clone()),
    };
    FeedLink {
        name,
        title: feed.title.clone(),
        home: None,
        atom: feed.url(newsletter, Format::Atom),
        rss: feed.url(newsletter, Format::Rss),
        json: feed.url(newsletter, Format::Json),
        group,
        count: feed.count,
    }
}
