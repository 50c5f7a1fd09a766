//! Feeds that were read while looking, until it is known which of them are added.

use std::collections::BTreeMap;

use lenient_feed::{Entry, Feed, Hints};

use crate::poll::answer::Answer;

/// Bytes that are held; what comes then is fetched again by the next poll.
const MOST: usize = 64 << 20;

/// Feeds by address.
#[derive(Default)]
pub(super) struct Held {
    feeds: BTreeMap<String, Answer>,
    bytes: usize,
}

impl Held {
    /// Keeps a feed that came whole.
    pub(super) fn keep(&mut self, url: &str, answer: &Answer) {
        if answer.cut.is_none() && self.bytes + answer.body.len() <= MOST {
            self.bytes += answer.body.len();
            self.feeds.insert(url.to_owned(), answer.clone());
        }
    }

    /// What a feed held.
    pub(super) fn entries(&self, url: &str) -> Vec<Entry> {
        let Some(answer) = self.feeds.get(url) else {
            return Vec::new();
        };
        let hints = Hints {
            content_type: answer.fields.content_type.as_deref(),
            url: Some(&answer.url),
            ..Hints::default()
        };
        lenient_feed::parse(&answer.body, &hints).map_or_else(|_| Vec::new(), with_authors)
    }
}

/// The entries of a feed; its authors are theirs where they name none.
fn with_authors(feed: Feed) -> Vec<Entry> {
    let mut entries = feed.entries;
    for entry in &mut entries {
        if entry.authors.is_empty() {
            entry.authors.clone_from(&feed.authors);
        }
        entry.language = entry.language.take().or_else(|| feed.language.clone());
    }
    entries
}
