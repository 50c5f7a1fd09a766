//! One issue file -> what every document has of it.

use std::collections::HashMap;
use std::ops::Range;
use std::path::Path;
use std::sync::Mutex;

use crate::config::Config;
use crate::feeds::plan::{Feed, IssueFacts, ReadingFacts, Topic};
use crate::feeds::site::{FeedLink, Group, Link, Site};
use crate::feeds::{self, Format, email, entry, page, plan};
use crate::issues::{self, Wanted};
use crate::model::{Header, Issue, Problem, Reading};

use super::error::{Error, cannot_write};
use super::files::{IssueFile, read};
use super::spool::Spool;
use super::stage::{Done, Stage};

/// Where the rendered entries of an issue are in the spool, by format.
#[derive(Clone, Debug)]
pub(super) struct Fragments {
    /// The issue's own entry.
    pub(super) issue: [Range<u64>; 3],
    /// The entries of its readings.
    pub(super) readings: Vec<[Range<u64>; 3]>,
}

/// An issue to render, and what its page has to know of others.
pub(super) struct Task<'a> {
    pub(super) file: &'a IssueFile,
    pub(super) header: Header,
    pub(super) body: Range<usize>,
    pub(super) hash: u64,
    pub(super) newer: Option<(String, url::Url)>,
    pub(super) older: Option<(String, url::Url)>,
}

/// Which of the documents that show one issue alone are wanted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Own {
    /// Its page.
    pub(super) page: bool,
    /// Its e-mail, in both forms.
    pub(super) email: bool,
}

impl Own {
    /// All that the configuration asks for.
    pub(super) const ALL: Self = Self {
        page: true,
        email: true,
    };
}

/// What rendering an issue gave.
pub(super) struct Rendered {
    pub(super) facts: IssueFacts,
    pub(super) fragments: Fragments,
    pub(super) problems: Vec<Problem>,
}

/// Renders issues; many threads share one.
pub(super) struct Renderer<'a> {
    pub(super) config: &'a Config,
    /// The feeds that every page names.
    pub(super) feeds: &'a [FeedLink],
    pub(super) spool: &'a Spool,
    pub(super) stage: &'a Stage<'a>,
    /// The documents that were rendered with their issue.
    pub(super) done: Mutex<HashMap<String, Done>>,
}

impl Renderer<'_> {
    /// Reads the file once more and renders all that is made of this issue alone.
    pub(super) fn render(&self, task: &Task<'_>, own: Own) -> Result<Rendered, Error> {
        let bytes = read(&task.file.place)?;
        let file = issues::decode(&bytes, &task.file.path)
            .map_err(|_| Error::Changed(task.file.path.clone()))?;
        if !file.is_char_boundary(task.body.start) || task.body.end > file.len() {
            return Err(Error::Changed(task.file.path.clone()));
        }
        let options = &self.config.issues;
        let documents = self.config.feeds.documents;
        let wanted = Wanted {
            text: own.email && documents.email,
            commentary: documents.readings,
        };
        let parsed = issues::parse(
            task.header.clone(),
            file,
            task.body.clone(),
            options,
            wanted,
        );
        let issue = parsed.issue;
        self.put_documents(task, &issue, own)?;
        let entries = self.entries(&issue);
        let sizes: Vec<usize> = entries
            .chunks(3)
            .map(|formats| formats.iter().map(Vec::len).max().unwrap_or(0))
            .collect();
        let folder = self.stage.path();
        let places = self.spool.push(&entries, folder);
        let places = places.map_err(cannot_write(folder))?;
        let mut places = places
            .chunks(3)
            .map(|formats| [formats[0].clone(), formats[1].clone(), formats[2].clone()]);
        let own = places.next().expect("an issue has an entry");
        let fragments = Fragments {
            issue: own,
            readings: places.collect(),
        };
        let readings = issue
            .readings
            .into_iter()
            .zip(&parsed.spans)
            .enumerate()
            .map(|(at, (reading, span))| facts(reading, span, sizes.get(at + 1)))
            .collect();
        let facts = IssueFacts {
            header: issue.header,
            size: sizes[0],
            fingerprint: task.hash,
            readings,
        };
        Ok(Rendered {
            facts,
            fragments,
            problems: parsed.problems,
        })
    }

    /// The entries of the issue and of its readings, in each format.
    fn entries(&self, issue: &Issue) -> Vec<Vec<u8>> {
        let newsletter = &self.config.issues.newsletter;
        let mut entries = vec![entry::of_issue(issue, newsletter)];
        if self.config.feeds.documents.readings {
            let readings = issue.readings.iter().enumerate();
            entries.extend(readings.map(|(place, reading)| {
                entry::of_reading(reading, place, &issue.header, newsletter)
            }));
        }
        entries
            .iter()
            .flat_map(|entry| Format::ALL.map(|format| format.entry(entry)))
            .collect()
    }

    /// The documents that show this issue and nothing else.
    fn put_documents(&self, task: &Task<'_>, issue: &Issue, own: Own) -> Result<(), Error> {
        let newsletter = &self.config.issues.newsletter;
        let slug = &issue.header.slug;
        let mut done = Vec::new();
        if own.page && self.config.feeds.documents.pages {
            let folder = plan::page_folder(slug);
            let here = plan::resolve(newsletter, &folder);
            let link = |neighbor: &'_ Option<(String, url::Url)>| {
                neighbor
                    .as_ref()
                    .map(|(title, url)| (title.clone(), url.clone()))
            };
            let (newer, older) = (link(&task.newer), link(&task.older));
            let place = page::Place {
                here: &here,
                newer: newer.as_ref().map(|(title, url)| Link { title, url }),
                older: older.as_ref().map(|(title, url)| Link { title, url }),
            };
            let site = Site {
                newsletter,
                feeds: self.feeds,
                opml: None,
            };
            let html = page::render(&site, &place, issue);
            done.push(self.put(format!("{folder}index.html"), html)?);
        }
        if own.email && self.config.feeds.documents.email {
            done.push(self.put(format!("email/{slug}.html"), email::html(newsletter, issue))?);
            done.push(self.put(format!("email/{slug}.txt"), email::text(newsletter, issue))?);
        }
        let mut all = self
            .done
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner);
        all.extend(done);
        Ok(())
    }

    fn put(&self, path: String, text: String) -> Result<(String, Done), Error> {
        let done = self.stage.put(&path, text.into_bytes())?;
        Ok((path, done))
    }
}

fn facts(reading: Reading, span: &Range<usize>, size: Option<&usize>) -> ReadingFacts {
    ReadingFacts {
        id: reading.id,
        title: reading.title,
        url: reading.url,
        curator: reading.curator.map(|curator| curator.name),
        category: reading.category,
        kind: reading.kind,
        size: size.copied().unwrap_or(0),
        span: (span.start, span.end),
    }
}

/// The feeds that every page names, whatever the issues hold: the issues and all readings.
pub fn standing_feeds(config: &Config) -> Vec<FeedLink> {
    let newsletter = &config.issues.newsletter;
    let feed = |topic: Topic, title: String| Feed {
        topic,
        name: String::new(),
        title,
        count: 0,
    };
    let mut feeds = vec![feed(Topic::Issues, newsletter.title.clone())];
    if config.feeds.documents.readings {
        feeds.push(feed(
            Topic::Readings,
            format!("{}: readings", newsletter.title),
        ));
    }
    feeds.iter().map(|feed| feed_link(config, feed)).collect()
}

/// A feed as pages name it.
pub(super) fn feed_link(config: &Config, feed: &feeds::plan::Feed) -> FeedLink {
    let newsletter = &config.issues.newsletter;
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

/// Whether the path stays below the folder it is joined to; manifests come from files that
/// anybody may have written.
pub(super) fn stays_below(path: &str) -> bool {
    !path.is_empty()
        && Path::new(path)
            .components()
            .all(|part| matches!(part, std::path::Component::Normal(_)))
}
