//! What is worth remembering of a feed that was read.

use chrono::{DateTime, Utc};
use lenient_feed::{Entry, Feed};
use serde::{Deserialize, Serialize};
use url::Url;

use crate::model::address::canonical;
use crate::sources::sites;

/// What was found where a feed should be.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Check {
    /// A feed.
    Feed(Summary),
    /// Something else, or nothing.
    Not(String),
    /// The host did not answer, or not with what it has: another day it may.
    NoAnswer(String),
}

/// What a feed says of itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Summary {
    /// Its address, after permanent redirects.
    pub url: String,
    /// Its name.
    pub title: Option<String>,
    /// Its dialect, as `inspect` names it.
    pub format: String,
    /// The page that it belongs to.
    pub site: Option<String>,
    /// Its own address, by its own word.
    pub self_link: Option<String>,
    /// How many entries it has.
    pub entries: usize,
    /// When the last one appeared.
    pub latest: Option<DateTime<Utc>>,
    /// Whether its entries come with recordings.
    pub audio: bool,
    /// Whether it is of what others say about entries.
    pub comments: bool,
    /// The pages of its newest entries, in the form of [`page_form`].
    pub pages: Vec<String>,
}

/// So many entries of a feed are remembered.
const PAGES: usize = 60;

/// An address without what makes no other page of it: scheme, `www.`, doubled slashes, `.html`.
pub fn page_form(address: &str) -> String {
    let mut form = canonical(address);
    while form.contains("//") {
        form = form.replace("//", "/");
    }
    let endings = [".html", ".htm", ".php", "/index"];
    if let Some(end) = endings.iter().find_map(|ending| form.strip_suffix(ending)) {
        form.truncate(end.len());
    }
    form
}

impl Summary {
    /// Whether one of its entries is this page.
    pub fn carries(&self, url: &Url) -> bool {
        self.pages.contains(&page_form(url.as_str()))
    }

    /// Whether some of its entries lie in the same part of the same site.
    pub fn covers(&self, url: &Url) -> bool {
        let (home, part) = (sites::home(url), sites::part(url));
        let parsed = |page: &String| Url::parse(&format!("https://{page}")).ok();
        self.pages
            .iter()
            .filter_map(parsed)
            .any(|page| sites::home(&page) == home && sites::part(&page) == part)
    }

    /// Whether it says that it belongs to a site, or its entries are of that.
    pub(super) fn is_of(&self, home: &str) -> bool {
        let own = self.site.as_deref().and_then(|site| Url::parse(site).ok());
        let pages = self.pages.iter();
        own.into_iter()
            .chain(pages.filter_map(|page| Url::parse(&format!("https://{page}")).ok()))
            .any(|url| sites::home(&url) == home)
    }
}

/// What is worth knowing of a feed that was fetched from an address.
pub fn summary(feed: &Feed, url: &Url) -> Summary {
    let audio = |entry: &Entry| {
        let mut enclosures = entry.enclosures.iter();
        enclosures.any(|it| {
            it.media_type
                .as_deref()
                .is_some_and(|it| it.starts_with("audio/"))
        })
    };
    Summary {
        url: url.to_string(),
        title: feed.title.as_ref().map(|title| title.plain().to_string()),
        format: feed.format.name().to_owned(),
        site: feed.link.clone(),
        self_link: feed.self_link.clone(),
        entries: feed.entries.len(),
        latest: feed
            .entries
            .iter()
            .filter_map(|it| it.published.or(it.updated))
            .max(),
        audio: feed.entries.iter().any(audio),
        comments: is_of_comments(feed),
        pages: newest_pages(&feed.entries),
    }
}

/// Links of comments lead into the page that they are about; their feeds are called so.
fn is_of_comments(feed: &Feed) -> bool {
    let links = feed
        .entries
        .iter()
        .filter_map(|entry| entry.link.as_deref());
    let inside = |link: &&str| link.contains("#comment") || link.contains("#respond");
    if !feed.entries.is_empty() && links.filter(inside).count() == feed.entries.len() {
        return true;
    }
    let title = feed
        .title
        .as_ref()
        .map(|title| title.plain().to_lowercase());
    let title = title.unwrap_or_default();
    ["comments for ", "comments on:", "comments on "]
        .iter()
        .any(|start| title.starts_with(start))
}

fn newest_pages(entries: &[Entry]) -> Vec<String> {
    let mut newest: Vec<&Entry> = entries.iter().collect();
    newest.sort_by_key(|entry| std::cmp::Reverse(entry.published.or(entry.updated)));
    let links = newest.iter().filter_map(|entry| entry.link.as_deref());
    links
        .filter(|link| link.len() <= LONGEST)
        .take(PAGES)
        .map(page_form)
        .collect()
}

/// Longer addresses of entries are not remembered.
const LONGEST: usize = 300;
