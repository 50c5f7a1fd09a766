//! The pages of a site that list its posts, where it has no map.

use chrono::{DateTime, Utc};
use lenient_feed::{Entry, Text};
use url::Url;

use super::shape::{Dated, date_in};
use super::{Back, Fetched, Step};
use crate::sources::anchors::{Anchor, anchors};

/// A page that seems to be an entry.
#[derive(Clone, Debug)]
pub(super) struct Post {
    pub(super) url: Url,
    /// What a list calls it.
    pub(super) title: Option<String>,
    /// The day that a list or its address names.
    pub(super) day: Option<DateTime<Utc>>,
    /// The days that it may be of, by its address.
    pub(super) dated: Option<Dated>,
    /// When it last changed, by the site's map.
    pub(super) changed: Option<DateTime<Utc>>,
}

impl Back {
    /// A site without a map has pages that list its posts.
    pub(super) fn turn_to_lists(&mut self) {
        if self.lists > 0 || !self.pages.is_empty() || !self.steps.is_empty() {
            return;
        }
        let folder = self.folder();
        let front = folder.as_ref().and_then(|folder| folder.join("/").ok());
        for list in folder.into_iter().chain(front) {
            self.ask_list(list);
        }
    }

    fn ask_list(&mut self, list: Url) {
        if self.lists < self.limits.lists && self.asked.insert(list.to_string()) {
            self.lists += 1;
            self.steps.push_back(Step::List(list));
        } else if self.lists >= self.limits.lists && !self.asked.contains(list.as_str()) {
            self.cut = Some("the site has more lists than are read in one run");
        }
    }

    /// A list that names title and day of a post spares the request for it.
    pub(super) fn list(&mut self, fetched: &Fetched<'_>) -> Vec<Entry> {
        let mut entries = Vec::new();
        let mut any_new = false;
        let links = anchors(fetched.body, fetched.content_type, fetched.url);
        let mut further = Vec::new();
        for link in links {
            if self.shapes.fits(&link.url) {
                let dated = date_in(&link.url);
                let post = Post {
                    day: link.date.or_else(|| dated.and_then(Dated::day)),
                    dated,
                    changed: None,
                    title: title_in(&link),
                    url: link.url,
                };
                if let Some(post) = self.is_new(post) {
                    any_new = true;
                    match post.entry() {
                        Some(entry) => entries.push(entry),
                        None => self.pages.push(post),
                    }
                }
            } else if is_list(&link, fetched.url) {
                further.push(link.url);
            }
        }
        // A list without anything new leads to others without.
        let is_first = self.lists <= 2;
        if any_new || is_first {
            for list in further {
                self.ask_list(list);
            }
        }
        self.sort_pages();
        entries
    }
}

impl Post {
    /// The entry that it is, where a list says enough.
    fn entry(&self) -> Option<Entry> {
        Some(Entry {
            id: self.url.to_string(),
            title: Some(Text::new(self.title.clone()?)),
            link: Some(self.url.to_string()),
            published: Some(self.day?),
            ..Entry::default()
        })
    }
}

/// The title that a list gives, unless its words say only that there is more.
fn title_in(link: &Anchor) -> Option<String> {
    let plain = link.words.to_lowercase();
    let more = [
        "read more",
        "continue reading",
        "weiterlesen",
        "lire la suite",
        "leer más",
        "permalink",
        "more…",
    ];
    let letters = link.words.chars().filter(|c| c.is_alphabetic()).count();
    let says = letters >= 4 && !more.iter().any(|words| plain.starts_with(words));
    let is_day = link.words.split_whitespace().count() <= 3
        && link.words.chars().filter(char::is_ascii_digit).count() >= 5;
    (says && !is_day).then(|| link.words.clone())
}

/// Whether a link leads to a page that lists more posts of the site.
fn is_list(link: &Anchor, page: &Url) -> bool {
    if link.url.host_str() != page.host_str() {
        return false;
    }
    let last = link
        .url
        .path()
        .trim_end_matches('/')
        .rsplit('/')
        .next()
        .unwrap_or_default();
    let stem = last.split('.').next().unwrap_or_default().to_lowercase();
    let is_number = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    let paged = is_number(&stem) && link.url.path().contains("/page/")
        || stem
            .strip_prefix("page")
            .is_some_and(|rest| is_number(rest.trim_start_matches('-')));
    let query = link.url.query().unwrap_or_default();
    let by_query = query.split_once('=').is_some_and(|(name, value)| {
        matches!(name, "page" | "paged" | "p" | "start" | "offset") && is_number(value)
    });
    let words = link.words.to_lowercase();
    let named = [
        "archive",
        "archives",
        "archiv",
        "all",
        "posts",
        "blog",
        "articles",
        "writing",
        "all-posts",
        "index",
    ];
    let year = stem.len() == 4 && is_number(&stem);
    link.is_next
        || paged
        || by_query
        || year
        || named.contains(&stem.as_str())
        || ["archive", "all posts", "older", "next page", "more posts"]
            .iter()
            .any(|it| words.starts_with(it))
}
