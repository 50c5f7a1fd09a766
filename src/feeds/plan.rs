//! From what is known of the issues to the list of documents: a pure function.
//!
//! Every document has a fingerprint of all that goes into it, so that a build renders only those
//! whose fingerprint changed.

use std::collections::{BTreeMap, HashMap};
use std::hash::{Hash, Hasher as _};
use std::sync::Arc;

use chrono::{DateTime, Datelike, FixedOffset};
use serde::{Deserialize, Serialize};
use url::Url;
use xxhash_rust::xxh3::{Xxh3, xxh3_64};

use super::paging::{self, Sized};
use super::{Format, Head, Options, Paging, entry, site, sitemap, style};
use crate::model::{Header, Id, Kind, Newsletter, address};

/// What the plan has to know of an issue.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct IssueFacts {
    /// What it says of itself, with a summary where one could be found.
    pub header: Header,
    /// The bytes of its entry in the format in which it is largest.
    pub size: usize,
    /// A number that changes whenever the file does.
    pub fingerprint: u64,
    /// What it recommends.
    pub readings: Vec<ReadingFacts>,
}

/// What the plan has to know of a reading.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReadingFacts {
    /// Its id.
    pub id: Id,
    /// Its title.
    pub title: String,
    /// Its address, as written.
    pub url: Option<String>,
    /// The name of who recommends it.
    pub curator: Option<String>,
    /// The subheading it stands under.
    pub category: Option<String>,
    /// What sort of thing it is.
    pub kind: Kind,
    /// The bytes of its entry in the format in which it is largest.
    pub size: usize,
    /// Where its title stands in the file.
    pub span: (usize, usize),
}

/// An issue, or one reading of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct EntryRef {
    /// The issue's place in the list that the plan was made of.
    pub issue: usize,
    /// The reading's place in the issue.
    pub reading: Option<usize>,
}

/// A document to be.
#[derive(Clone, Debug)]
pub struct Document<'a> {
    /// Its file, relative to the folder of documents, with `/`.
    pub path: String,
    /// A number that changes whenever the document does.
    pub fingerprint: u64,
    /// What stands in it.
    pub content: Content<'a>,
}

/// What stands in a document.
#[derive(Clone, Debug)]
pub enum Content<'a> {
    /// A feed in one format.
    Feed(Box<FeedDocument<'a>>),
    /// An issue's page, with its neighbors' places in the list.
    Page {
        /// The issue.
        issue: usize,
        /// The one that appeared after it.
        newer: Option<usize>,
        /// The one that appeared before it.
        older: Option<usize>,
    },
    /// An issue as an e-mail in HTML.
    EmailHtml(usize),
    /// An issue as an e-mail in plain text.
    EmailText(usize),
    /// The front page.
    Index,
    /// The list of one year's issues.
    Year(i32),
    /// The page on how to subscribe.
    Subscribe,
    /// The style sheet.
    Style,
    /// The list of sources.
    Opml,
    /// The list of pages.
    Sitemap,
}

/// A feed document: what it says of itself, and its entries.
#[derive(Clone, Debug)]
pub struct FeedDocument<'a> {
    /// The format.
    pub format: Format,
    /// What it says of itself.
    pub head: Head<'a>,
    /// Its entries, newest first; shared between the formats.
    pub entries: Arc<[EntryRef]>,
    /// Whether it is the one that readers subscribe to.
    pub subscription: bool,
}

/// What a feed is about.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Topic {
    /// The issues.
    Issues,
    /// All readings.
    Readings,
    /// One curator's readings: the slug of the name.
    Curator(String),
    /// One kind of reading.
    Kind(Kind),
    /// The readings under one subheading: its slug.
    Category(String),
}

impl Topic {
    /// The folder of its documents, relative to that of all; empty or ending with `/`.
    pub fn folder(&self) -> String {
        match self {
            Self::Issues => String::new(),
            Self::Readings => "readings/".to_owned(),
            Self::Curator(slug) => format!("readings/curator/{slug}/"),
            Self::Kind(kind) => format!("readings/kind/{}/", kind.name()),
            Self::Category(slug) => format!("readings/category/{slug}/"),
        }
    }
}

/// A feed that readers may subscribe to.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Feed {
    /// What it is about.
    pub topic: Topic,
    /// The curator's name, the subheading, or the kind, as people write it; empty for the others.
    pub name: String,
    /// Its title.
    pub title: String,
    /// The number of its entries, in all its documents.
    pub count: usize,
}

impl Feed {
    /// The address of its subscription document in a format.
    pub fn url(&self, newsletter: &Newsletter, format: Format) -> Url {
        resolve(
            newsletter,
            &format!("{}{}", self.topic.folder(), format.file_name()),
        )
    }
}

/// All that a build makes.
#[derive(Clone, Debug)]
pub struct Plan<'a> {
    /// The feeds, in the order in which people are shown them.
    pub feeds: Vec<Feed>,
    /// The documents, each path once.
    pub documents: Vec<Document<'a>>,
}

/// What the plan is made of.
#[derive(Clone, Copy, Debug)]
pub struct Input<'a> {
    /// The publication.
    pub newsletter: &'a Newsletter,
    /// Which documents are made, and how large.
    pub options: &'a Options,
    /// The issues to publish, newest first.
    pub issues: &'a [IssueFacts],
    /// A number that changes whenever the configuration or the program does.
    pub seed: u64,
}

/// Plans the documents.
pub fn plan(input: Input<'_>) -> Plan<'_> {
    let mut planner = Planner {
        input,
        feeds: Vec::new(),
        documents: Vec::new(),
    };
    planner.feeds();
    if input.options.documents.pages {
        planner.pages();
    }
    if input.options.documents.email {
        planner.emails();
    }
    if input.options.documents.opml {
        planner.push("opml.xml", Content::Opml, &());
    }
    if input.options.documents.sitemap {
        let all: Vec<u64> = input.issues.iter().map(|issue| issue.fingerprint).collect();
        for name in sitemap::file_names(all.len() + 1) {
            planner.push(&name, Content::Sitemap, &all);
        }
    }
    Plan {
        feeds: planner.feeds,
        documents: planner.documents,
    }
}

/// The address of a document.
pub fn resolve(newsletter: &Newsletter, path: &str) -> Url {
    let mut url = newsletter.base_url.clone();
    let whole = format!("{}{path}", url.path());
    url.set_path(&whole);
    url
}

/// When an entry last changed.
pub fn updated(header: &Header, reading: Option<usize>) -> DateTime<FixedOffset> {
    entry::instant_of_reading(header, reading.unwrap_or(0)).1
}

/// The folder of an issue's page.
pub fn page_folder(slug: &str) -> String {
    format!("issues/{slug}/")
}

struct Planner<'a> {
    input: Input<'a>,
    feeds: Vec<Feed>,
    documents: Vec<Document<'a>>,
}

impl<'a> Planner<'a> {
    fn push(&mut self, path: &str, content: Content<'a>, ingredients: &impl Hash) {
        let fingerprint = fingerprint(self.input.seed, path, ingredients);
        self.documents.push(Document {
            path: path.to_owned(),
            fingerprint,
            content,
        });
    }

    fn feeds(&mut self) {
        let issues: Vec<EntryRef> = (0..self.input.issues.len())
            .map(|issue| EntryRef {
                issue,
                reading: None,
            })
            .collect();
        self.feed(Topic::Issues, String::new(), &issues);
        if !self.input.options.documents.readings {
            return;
        }
        let readings: Vec<EntryRef> = self
            .input
            .issues
            .iter()
            .enumerate()
            .flat_map(|(issue, facts)| {
                (0..facts.readings.len()).map(move |place| EntryRef {
                    issue,
                    reading: Some(place),
                })
            })
            .collect();
        let mut groups: BTreeMap<Topic, (String, Vec<EntryRef>)> = BTreeMap::new();
        for &entry in &readings {
            for (topic, name) in self.topics(entry) {
                // The list is newest first, so a name is kept as it was last written.
                groups
                    .entry(topic)
                    .or_insert_with(|| (name, Vec::new()))
                    .1
                    .push(entry);
            }
        }
        self.feed(Topic::Readings, String::new(), &readings);
        for (topic, (name, entries)) in groups {
            self.feed(topic, name, &entries);
        }
    }

    fn reading(&self, entry: EntryRef) -> Option<&'a ReadingFacts> {
        self.input.issues[entry.issue].readings.get(entry.reading?)
    }

    /// The feeds that a reading belongs to beside that of all.
    fn topics(&self, entry: EntryRef) -> Vec<(Topic, String)> {
        let Some(reading) = self.reading(entry) else {
            return Vec::new();
        };
        let mut topics = vec![(Topic::Kind(reading.kind), reading.kind.plural().to_owned())];
        if let Some(curator) = &reading.curator {
            topics.push((Topic::Curator(segment(curator)), curator.clone()));
        }
        if let Some(category) = &reading.category {
            topics.push((Topic::Category(segment(category)), category.clone()));
        }
        topics
    }

    fn feed(&mut self, topic: Topic, name: String, entries: &[EntryRef]) {
        let newsletter = self.input.newsletter;
        let title = match &topic {
            Topic::Issues => newsletter.title.clone(),
            Topic::Readings => format!("{}: readings", newsletter.title),
            Topic::Curator(_) => format!("{}: readings by {name}", newsletter.title),
            Topic::Kind(_) | Topic::Category(_) => {
                format!("{}: readings, {name}", newsletter.title)
            }
        };
        let feed = Feed {
            topic,
            name,
            title,
            count: entries.len(),
        };
        let limit = match feed.topic {
            Topic::Issues => self.input.options.entries,
            _ => self.input.options.readings,
        };
        let sizes: Vec<Sized> = entries.iter().map(|&entry| self.sized(entry)).collect();
        let layout = paging::lay_out(&sizes, limit, self.input.options.max_bytes);
        let folder = feed.topic.folder();
        // While the subscription document holds everything, an archive would hold nothing more.
        let all = layout.current == entries.len();
        let parts: &[paging::Part] = if all { &[] } else { &layout.parts };
        let last_closed = parts.iter().rfind(|part| part.closed);
        let place = |name: &str| format!("{folder}archive/{name}/");
        self.feed_documents(
            &feed,
            &folder,
            &entries[..layout.current],
            &Neighbors {
                current: None,
                previous: last_closed.map(|part| place(&part.name)),
                next: None,
                archive: false,
            },
        );
        for (at, part) in parts.iter().enumerate() {
            self.feed_documents(
                &feed,
                &place(&part.name),
                &entries[part.entries.clone()],
                &Neighbors {
                    current: Some(folder.clone()),
                    previous: at
                        .checked_sub(1)
                        .map(|before| place(&layout.parts[before].name)),
                    next: part.closed.then(|| place(&layout.parts[at + 1].name)),
                    archive: part.closed,
                },
            );
        }
        self.feeds.push(feed);
    }

    fn sized(&self, entry: EntryRef) -> Sized {
        let issue = &self.input.issues[entry.issue];
        let size = self
            .reading(entry)
            .map_or(issue.size, |reading| reading.size);
        Sized {
            year: issue.header.published.year(),
            size,
        }
    }

    /// The three documents of one place in a feed.
    fn feed_documents(
        &mut self,
        feed: &Feed,
        folder: &str,
        entries: &[EntryRef],
        neighbors: &Neighbors,
    ) {
        let entries: Arc<[EntryRef]> = entries.into();
        let ingredients: Vec<(u64, Option<usize>)> = entries
            .iter()
            .map(|entry| (self.input.issues[entry.issue].fingerprint, entry.reading))
            .collect();
        for format in Format::ALL {
            let head = self.head(feed, folder, &entries, neighbors, format);
            let path = format!("{folder}{}", format.file_name());
            // The newsletter is not among them: it changes with the seed alone.
            let said = (
                &head.id,
                &head.title,
                &head.updated,
                head.podcast,
                &head.paging,
            );
            let fingerprint = fingerprint(self.input.seed, &path, &(said, &ingredients));
            let content = Content::Feed(Box::new(FeedDocument {
                format,
                head,
                entries: Arc::clone(&entries),
                subscription: neighbors.current.is_none(),
            }));
            self.documents.push(Document {
                path,
                fingerprint,
                content,
            });
        }
    }

    fn head(
        &self,
        feed: &Feed,
        folder: &str,
        entries: &[EntryRef],
        neighbors: &Neighbors,
        format: Format,
    ) -> Head<'a> {
        let newsletter = self.input.newsletter;
        let url = |folder: &String| resolve(newsletter, &format!("{folder}{}", format.file_name()));
        let header = |entry: &EntryRef| &self.input.issues[entry.issue].header;
        let updated = entries
            .iter()
            .map(|entry| updated(header(entry), entry.reading))
            .max()
            .unwrap_or_default();
        let topic = feed.topic.folder();
        Head {
            newsletter,
            id: Id(format!("tag:{}:feed/{topic}", newsletter.authority)),
            title: feed.title.clone(),
            subtitle: newsletter.subtitle.clone(),
            home: newsletter.base_url.clone(),
            updated,
            podcast: feed.topic == Topic::Issues
                && entries.iter().any(|entry| header(entry).audio.is_some()),
            paging: Paging {
                this: url(&folder.to_owned()),
                current: neighbors.current.as_ref().map(url),
                previous: neighbors.previous.as_ref().map(url),
                next: neighbors.next.as_ref().map(url),
                archive: neighbors.archive,
            },
        }
    }

    fn pages(&mut self) {
        let issues = self.input.issues;
        let shown = |place: usize| (&issues[place].header.title, &issues[place].header.url);
        // What the lists show beside issues.
        let feeds = fingerprint(self.input.seed, "feeds", &self.feeds);
        let all: Vec<u64> = issues.iter().map(|issue| issue.fingerprint).collect();
        // An issue's page names the two main feeds only, so a new curator leaves it as it is.
        for (issue, facts) in issues.iter().enumerate() {
            let newer = issue.checked_sub(1);
            let older = (issue + 1 < issues.len()).then_some(issue + 1);
            let path = format!("{}index.html", page_folder(&facts.header.slug));
            let around = (facts.fingerprint, newer.map(shown), older.map(shown));
            self.push(
                &path,
                Content::Page {
                    issue,
                    newer,
                    older,
                },
                &around,
            );
        }
        self.push("index.html", Content::Index, &(feeds, &all));
        let mut years: HashMap<i32, Vec<u64>> = HashMap::new();
        for issue in issues {
            years
                .entry(issue.header.published.year())
                .or_default()
                .push(issue.fingerprint);
        }
        let mut years: Vec<(i32, Vec<u64>)> = years.into_iter().collect();
        years.sort_unstable();
        let span: Vec<i32> = years.iter().map(|(year, _)| *year).collect();
        for (year, fingerprints) in &years {
            let path = format!("archive/{year}/index.html");
            self.push(&path, Content::Year(*year), &(feeds, &span, fingerprints));
        }
        self.push(site::SUBSCRIBE, Content::Subscribe, &feeds);
        self.push(style::FILE_NAME, Content::Style, &());
    }

    fn emails(&mut self) {
        for (issue, facts) in self.input.issues.iter().enumerate() {
            let slug = &facts.header.slug;
            self.push(
                &format!("email/{slug}.html"),
                Content::EmailHtml(issue),
                &facts.fingerprint,
            );
            self.push(
                &format!("email/{slug}.txt"),
                Content::EmailText(issue),
                &facts.fingerprint,
            );
        }
    }
}

/// The folders of the documents around one.
struct Neighbors {
    current: Option<String>,
    previous: Option<String>,
    next: Option<String>,
    archive: bool,
}

/// A name as a folder's; a number of it where no letter of it can stand in one.
fn segment(name: &str) -> String {
    let mut slug = address::slug(name);
    // File systems allow 255 bytes.
    while slug.len() > 120 {
        slug.pop();
    }
    if slug.is_empty() {
        format!("{:08x}", xxh3_64(name.as_bytes()) >> 32)
    } else {
        slug
    }
}

/// A number of everything that goes into a document.
fn fingerprint(seed: u64, path: &str, ingredients: &impl Hash) -> u64 {
    let mut hasher = Xxh3::with_seed(seed);
    path.hash(&mut hasher);
    ingredients.hash(&mut hasher);
    hasher.finish()
}
