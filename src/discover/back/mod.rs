//! The past of a source: which document to fetch next, and when to stop.
//!
//! A feed shows its latest entries; the older ones are in further documents (see
//! [`older()`]), or, where there are none, on the pages that the site's map names, or its
//! lists of posts. Only pages whose addresses look like those of the feed's entries are asked.
//! Endless and circular paths are cut: a document that holds nothing new ends the way, as does one
//! that reaches back far enough, and there are at most so many.

mod lists;
mod shape;

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use chrono::{DateTime, Utc};
use lenient_feed::older::older;
use lenient_feed::{Entry, Hints, Text};
use url::Url;

use self::lists::Post;
use self::shape::{Dated, Shapes, date_in};
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
    /// The most pages that list others.
    pub lists: usize,
}

impl Limits {
    /// As deep as an instant, and not too much.
    pub fn since(since: DateTime<Utc>) -> Self {
        Self {
            since,
            documents: 60,
            pages: 100,
            maps: 5,
            lists: 12,
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
    /// A page that lists others.
    List(Url),
    /// A page, for its title.
    Page(Url),
}

impl Step {
    /// What to fetch.
    pub fn url(&self) -> &Url {
        match self {
            Self::Feed(url) | Self::Map(url) | Self::List(url) | Self::Page(url) => url,
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
    shapes: Shapes,
    site: Option<Url>,
    documents: usize,
    maps: usize,
    lists: usize,
    steps: VecDeque<Step>,
    /// Pages to read, the last one first.
    pages: Vec<Post>,
    /// How many were read.
    read: usize,
    /// What is known of the pages that are read.
    hints: BTreeMap<String, Post>,
    /// Whether older documents of the feed were found.
    linked: bool,
    /// Why the way ended before its limit, for a person.
    cut: Option<&'static str>,
    /// Whether more is there than is read in one run.
    is_limited: bool,
}

impl Back {
    /// The way back from the feed at this address; its current document is read first.
    pub fn new(feed: &Url, limits: Limits) -> Self {
        Self {
            limits,
            asked: BTreeSet::from([feed.to_string()]),
            seen: BTreeSet::new(),
            shapes: Shapes::default(),
            site: None,
            documents: 0,
            maps: 0,
            lists: 0,
            steps: VecDeque::from([Step::Feed(feed.clone())]),
            pages: Vec::new(),
            read: 0,
            hints: BTreeMap::new(),
            linked: false,
            cut: None,
            is_limited: false,
        }
    }

    /// Passes over pages that an earlier run has read.
    pub fn pass_over(&mut self, pages: impl Iterator<Item = Url>) {
        self.seen.extend(pages.map(|page| canonical(page.as_str())));
    }

    /// What to fetch next.
    pub fn step(&mut self) -> Option<Step> {
        if let Some(step) = self.steps.pop_front() {
            return Some(step);
        }
        let post = self.pages.pop()?;
        if self.read >= self.limits.pages {
            self.cut = Some("there are more pages than are read in one run");
            self.is_limited = true;
            return None;
        }
        self.read += 1;
        let url = post.url.clone();
        self.hints.insert(url.to_string(), post);
        Some(Step::Page(url))
    }

    /// Why the way ended before its limit.
    pub fn cut(&self) -> Option<&'static str> {
        self.cut
    }

    /// Whether another run would go on from here.
    pub fn is_limited(&self) -> bool {
        self.is_limited
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
            Step::List(_) => self.list(fetched),
            Step::Page(asked) => self.page(asked, fetched).into_iter().collect(),
        }
    }

    /// Takes that nothing came.
    pub fn fail(&mut self, step: &Step) {
        match step {
            Step::Feed(_) => self.turn_to_maps(),
            Step::Map(_) => self.turn_to_lists(),
            Step::List(_) | Step::Page(_) => {}
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
        self.shapes.learn(
            feed.entries
                .iter()
                .filter_map(|entry| entry.link.as_deref()),
        );
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
                self.steps.push_back(Step::Feed(next));
            }
            Some(_) => self.cut = Some("its pages lead in circles"),
            None => self.turn_to_maps(),
        }
        new
    }

    /// Only a feed without older documents is worth the requests that its site's map costs.
    fn turn_to_maps(&mut self) {
        if self.linked || self.documents == 0 || self.shapes.is_empty() {
            return;
        }
        let site = self
            .folder()
            .and_then(|site| site.join("/sitemap.xml").ok());
        if let Some(map) = site.filter(|_| self.maps == 0) {
            self.ask_map(map);
        }
    }

    /// Where the entries lie.
    fn folder(&self) -> Option<Url> {
        let scheme = self.site.as_ref().map_or("https", Url::scheme);
        self.shapes.folder(scheme)
    }

    fn ask_map(&mut self, map: Url) {
        if self.maps < self.limits.maps && self.asked.insert(map.to_string()) {
            self.maps += 1;
            self.steps.push_back(Step::Map(map));
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
        // Where all changed on one day, that is the day on which the site was built.
        let days: BTreeSet<_> = found
            .pages
            .iter()
            .filter_map(|it| it.changed)
            .map(|at| at.date_naive())
            .collect();
        let is_told = days.len() > 1 && 4 * days.len() >= found.pages.len();
        for place in found.pages.into_iter().filter(recent) {
            let dated = date_in(&place.url);
            self.want(Post {
                title: None,
                day: dated.and_then(Dated::day),
                dated,
                changed: place.changed.filter(|_| is_told),
                url: place.url,
            });
        }
        self.sort_pages();
        if self.pages.is_empty() && self.steps.is_empty() {
            self.turn_to_lists();
        }
    }

    fn want(&mut self, post: Post) {
        if self.shapes.fits(&post.url)
            && let Some(post) = self.is_new(post)
        {
            self.pages.push(post);
        }
    }

    /// The post, unless it was seen or is older than wanted.
    fn is_new(&mut self, post: Post) -> Option<Post> {
        let since = self.limits.since;
        let old = post.day.is_some_and(|day| day < since)
            || post.dated.is_some_and(|dated| dated.last < since);
        (!old && self.seen.insert(canonical(post.url.as_str()))).then_some(post)
    }

    /// The last one of the list is read first.
    fn sort_pages(&mut self) {
        self.pages
            .sort_by_key(|post| post.day.or(post.changed).or(post.dated.map(|it| it.first)));
    }

    fn page(&mut self, asked: &Url, fetched: &Fetched<'_>) -> Option<Entry> {
        let words = page_words(fetched.body, fetched.content_type);
        let hint = self.hints.remove(asked.as_str());
        let told = hint
            .as_ref()
            .and_then(|it| it.day.or(it.dated.map(|it| it.first)).or(it.changed));
        // A page without any date would be remembered as new.
        let published = words
            .published
            .or(told)
            .filter(|at| *at >= self.limits.since)?;
        let title = Some(words.title).filter(|it| !it.is_empty());
        let title = title.or_else(|| hint.and_then(|it| it.title))?;
        Some(Entry {
            id: fetched.url.to_string(),
            title: Some(Text::new(title)),
            link: Some(fetched.url.to_string()),
            published: Some(published),
            summary: (!words.summary.is_empty()).then(|| Text::new(words.summary)),
            ..Entry::default()
        })
    }
}

fn instant(entry: &Entry) -> Option<DateTime<Utc>> {
    entry.published.or(entry.updated)
}
