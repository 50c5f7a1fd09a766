//! The past of a new source: which document to fetch next, and when to stop.
//!
//! A feed shows its latest entries; the older ones are in further documents (see
//! [`mod@older`]), or, where there are none, on the pages that the
//! site's map names. Endless and circular paths are cut: a document that holds nothing new ends
//! the way, as does one that reaches back far enough, and there are at most so many.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use lenient_feed::older::older;
use lenient_feed::{Entry, Hints, Text};
use url::Url;

use crate::model::address::canonical;
use crate::sources::sitemap::{Place, page_words, sitemap};
use crate::sources::sites;

/// How far back, and how much at most.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Older entries are not wanted.
    pub since: DateTime<Utc>,
    /// The most documents of the feed.
    pub documents: usize,
    /// The most pages whose titles are read.
    pub pages: usize,
    /// The most sitemaps.
    pub maps: usize,
}

impl Limits {
    /// As deep as an instant, and not too much.
    pub fn since(since: DateTime<Utc>) -> Self {
        Self {
            since,
            documents: 60,
            pages: 40,
            maps: 5,
        }
    }
}

/// Something to fetch for a source's past.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// A document of the feed.
    Feed(Url),
    /// A sitemap.
    Map(Url),
    /// A page, for its title.
    Page(Url),
}

impl Step {
    /// What to fetch.
    pub fn url(&self) -> &Url {
        match self {
            Self::Feed(url) | Self::Map(url) | Self::Page(url) => url,
        }
    }
}

/// What was fetched.
#[derive(Clone, Copy, Debug)]
pub struct Fetched<'a> {
    /// Where it came from, after redirects.
    pub url: &'a Url,
    /// The `Content-Type`.
    pub content_type: Option<&'a str>,
    /// The body.
    pub body: &'a [u8],
}

/// The way back through the past of one source.
#[derive(Debug)]
pub struct Back {
    limits: Limits,
    /// What was asked: nothing is asked twice.
    asked: BTreeSet<String>,
    /// The entries that were seen.
    seen: BTreeSet<String>,
    /// Where the entries that were seen live: what their addresses begin with.
    stem: Option<String>,
    site: Option<Url>,
    documents: usize,
    maps: usize,
    steps: Vec<Step>,
    pages: Vec<Place>,
    /// Whether older documents of the feed were found.
    linked: bool,
    /// Why the way ended before its limit, for a person.
    cut: Option<&'static str>,
}

impl Back {
    /// The way back from the feed at this address; its current document is read first.
    pub fn new(feed: &Url, limits: Limits) -> Self {
        Self {
            limits,
            asked: BTreeSet::from([feed.to_string()]),
            seen: BTreeSet::new(),
            stem: None,
            site: None,
            documents: 0,
            maps: 0,
            steps: vec![Step::Feed(feed.clone())],
            pages: Vec::new(),
            linked: false,
            cut: None,
        }
    }

    /// What to fetch next.
    pub fn step(&mut self) -> Option<Step> {
        if let Some(step) = self.steps.pop() {
            return Some(step);
        }
        self.pages.pop().map(|place| Step::Page(place.url))
    }

    /// Why the way ended before its limit.
    pub fn cut(&self) -> Option<&'static str> {
        self.cut
    }

    /// Takes what was fetched and gives the entries that were not seen yet, not older than
    /// wanted.
    pub fn take(&mut self, step: &Step, fetched: &Fetched<'_>) -> Vec<Entry> {
        match step {
            Step::Feed(_) => self.feed(fetched),
            Step::Map(_) => {
                self.map(fetched);
                Vec::new()
            }
            Step::Page(_) => self.page(fetched).into_iter().collect(),
        }
    }

    /// Takes that nothing came.
    pub fn fail(&mut self, step: &Step) {
        if let Step::Feed(_) = step {
            self.turn_to_maps();
        }
    }

    fn feed(&mut self, fetched: &Fetched<'_>) -> Vec<Entry> {
        self.documents += 1;
        let hints = Hints {
            content_type: fetched.content_type,
            url: Some(fetched.url),
            ..Hints::default()
        };
        let Ok(feed) = lenient_feed::parse(fetched.body, &hints) else {
            self.turn_to_maps();
            return Vec::new();
        };
        if self.site.is_none() {
            self.site = feed.link.as_deref().and_then(|link| Url::parse(link).ok());
        }
        self.learn_stem(&feed.entries);
        let oldest = feed.entries.iter().filter_map(instant).min();
        let mut new: Vec<Entry> = Vec::new();
        for mut entry in feed.entries {
            if entry.authors.is_empty() {
                entry.authors.clone_from(&feed.authors);
            }
            entry.language = entry.language.or_else(|| feed.language.clone());
            if self.seen.insert(entry.id.clone()) {
                if let Some(link) = &entry.link {
                    self.seen.insert(canonical(link));
                }
                new.push(entry);
            }
        }
        let any_new = !new.is_empty();
        new.retain(|entry| instant(entry).is_none_or(|at| at >= self.limits.since));
        let older = older(fetched.body, fetched.content_type, fetched.url);
        let deep_enough = oldest.is_some_and(|at| at < self.limits.since);
        if deep_enough || older.complete {
            return new;
        }
        let window = || sites::next_window(fetched.url);
        match older.next.or_else(window).or(older.guessed) {
            Some(_) if !any_new && self.documents > 1 => {
                self.cut = Some("a further page held nothing new");
            }
            Some(_) if self.documents >= self.limits.documents => {
                self.cut = Some("there are more pages than are read");
            }
            Some(next) if self.asked.insert(next.to_string()) => {
                self.linked = true;
                self.steps.push(Step::Feed(next));
            }
            Some(_) => self.cut = Some("its pages lead in circles"),
            None => self.turn_to_maps(),
        }
        new
    }

    /// Only a feed without older documents is worth the requests that its site's map costs.
    fn turn_to_maps(&mut self) {
        if self.linked || self.documents == 0 || self.stem.is_none() {
            return;
        }
        let site = self
            .site
            .as_ref()
            .and_then(|site| site.join("/sitemap.xml").ok());
        if let Some(map) = site.filter(|_| self.maps == 0) {
            self.ask_map(map);
        }
    }

    fn ask_map(&mut self, map: Url) {
        if self.maps < self.limits.maps && self.asked.insert(map.to_string()) {
            self.maps += 1;
            self.steps.push(Step::Map(map));
        }
    }

    fn map(&mut self, fetched: &Fetched<'_>) {
        let found = sitemap(fetched.body, fetched.content_type, fetched.url);
        let since = self.limits.since;
        let recent = |place: &Place| place.changed.is_none_or(|at| at >= since);
        let mut maps: Vec<Place> = found.maps.into_iter().filter(recent).collect();
        // Posts first, then what changed last; maps of tags and authors name no entries.
        maps.sort_by_key(|place| {
            (
                !place.url.path().contains("post"),
                std::cmp::Reverse(place.changed),
            )
        });
        for map in maps {
            self.ask_map(map.url);
        }
        let stem = self.stem.clone().unwrap_or_default();
        let mut pages: Vec<Place> = found.pages.into_iter().filter(recent).collect();
        pages.retain(|place| {
            let form = canonical(place.url.as_str());
            form.len() > stem.len() && form.starts_with(&stem) && self.seen.insert(form)
        });
        // The last of the list is read first.
        self.pages.extend(pages);
        self.pages.sort_by_key(|place| place.changed);
        let excess = self.pages.len().saturating_sub(self.limits.pages);
        if excess > 0 {
            self.cut = Some("the site's map names more pages than are read");
        }
        self.pages.drain(..excess);
    }

    fn page(&mut self, fetched: &Fetched<'_>) -> Option<Entry> {
        let words = page_words(fetched.body, fetched.content_type);
        // A page without a date of its own would be remembered as new.
        let published = words.published.filter(|at| *at >= self.limits.since)?;
        if words.title.is_empty() {
            return None;
        }
        Some(Entry {
            id: fetched.url.to_string(),
            title: Some(Text::new(words.title)),
            link: Some(fetched.url.to_string()),
            published: Some(published),
            summary: (!words.summary.is_empty()).then(|| Text::new(words.summary)),
            ..Entry::default()
        })
    }

    /// What the addresses of all entries begin with, up to a `/`.
    fn learn_stem(&mut self, entries: &[Entry]) {
        for link in entries.iter().filter_map(|entry| entry.link.as_deref()) {
            let form = canonical(link);
            let stem = match self.stem.take() {
                None => form.as_str(),
                Some(ref stem) => {
                    let same = stem
                        .bytes()
                        .zip(form.bytes())
                        .take_while(|(one, other)| one == other);
                    &form[..form.floor_char_boundary(same.count())]
                }
            };
            // The host at least has to be the same.
            self.stem = stem.rfind('/').map(|end| stem[..=end].to_owned());
        }
    }
}

fn instant(entry: &Entry) -> Option<DateTime<Utc>> {
    entry.published.or(entry.updated)
}
