//! The documents that show many issues: feeds from the rendered entries, lists from the facts.

use std::collections::HashMap;

use crate::config::Config;
use crate::feeds::index::{self, IndexRow, Year};
use crate::feeds::opml::{self, Outline};
use crate::feeds::plan::{self, Content, EntryRef, FeedDocument, IssueFacts, Plan};
use crate::feeds::site::{FeedLink, Site};
use crate::feeds::sitemap::{self, Page};
use crate::feeds::{Format, style, subscribe};
use chrono::{DateTime, Datelike, FixedOffset};
use rayon::prelude::*;
use url::Url;

use super::error::{Error, cannot_read};
use super::render::{Fragments, feed_link};
use super::spool::Frozen;
use super::stage::{Done, Stage};

/// The issues that the front page shows.
const FRONT_PAGE: usize = 30;

/// Puts documents together.
pub(super) struct Assembler<'a> {
    pub(super) config: &'a Config,
    pub(super) plan: &'a Plan<'a>,
    pub(super) issues: &'a [IssueFacts],
    pub(super) fragments: &'a [Option<Fragments>],
    pub(super) spool: &'a Frozen,
    pub(super) stage: &'a Stage<'a>,
}

impl Assembler<'_> {
    /// Makes the documents at the places `todo` of the plan, except those in `done`.
    pub(super) fn assemble(
        &self,
        todo: &[usize],
        done: &HashMap<String, Done>,
    ) -> Result<Vec<(String, Done)>, Error> {
        let feeds: Vec<FeedLink> = self
            .plan
            .feeds
            .iter()
            .map(|feed| feed_link(self.config, feed))
            .collect();
        let opml = self
            .config
            .feeds
            .documents
            .opml
            .then(|| self.url("opml.xml"));
        let site = Site {
            newsletter: &self.config.issues.newsletter,
            feeds: &feeds,
            opml: opml.as_ref(),
        };
        todo.par_iter()
            .map(|&place| &self.plan.documents[place])
            .filter(|document| !done.contains_key(&document.path))
            .map(|document| {
                let made = match &document.content {
                    Content::Feed(feed) => self.feed(&document.path, feed),
                    other => self
                        .page(&site, &document.path, other)
                        .and_then(|text| self.stage.put(&document.path, text.into_bytes())),
                };
                Ok((document.path.clone(), made?))
            })
            .collect()
    }

    fn url(&self, path: &str) -> Url {
        plan::resolve(&self.config.issues.newsletter, path)
    }

    /// A feed, entry by entry: it may be larger than the memory.
    fn feed(&self, path: &str, feed: &FeedDocument<'_>) -> Result<Done, Error> {
        let frame = feed.format.frame(&feed.head);
        let mut document = self.stage.document(path);
        document.write(&frame.before)?;
        let mut bytes = Vec::new();
        for (at, entry) in feed.entries.iter().enumerate() {
            if at > 0 {
                document.write(frame.between)?;
            }
            bytes.clear();
            self.entry(*entry, feed.format, &mut bytes)?;
            document.write(&bytes)?;
        }
        document.write(&frame.after)?;
        document.finish()
    }

    fn entry(&self, entry: EntryRef, format: Format, bytes: &mut Vec<u8>) -> Result<(), Error> {
        let fragments = self.fragments[entry.issue]
            .as_ref()
            .expect("a needed issue is rendered");
        let formats = match entry.reading {
            None => &fragments.issue,
            Some(place) => &fragments.readings[place],
        };
        let read = self.spool.read(&formats[format as usize], bytes);
        read.map_err(cannot_read(self.stage.path()))
    }

    fn page(&self, site: &Site<'_>, path: &str, content: &Content<'_>) -> Result<String, Error> {
        Ok(match content {
            Content::Index => index::render(site, &self.rows(None, FRONT_PAGE), &self.years()),
            Content::Year(year) => self.year(site, *year),
            Content::Subscribe => subscribe::render(site),
            Content::Style => style::CSS.to_owned(),
            Content::Opml => self.opml(),
            Content::Sitemap => self.sitemap(path)?,
            Content::Feed(_)
            | Content::Page { .. }
            | Content::EmailHtml(_)
            | Content::EmailText(_) => return Err(Error::NotMade(path.to_owned())),
        })
    }

    fn rows(&self, year: Option<i32>, limit: usize) -> Vec<IndexRow<'_>> {
        self.issues
            .iter()
            .filter(|issue| year.is_none_or(|year| issue.header.published.year() == year))
            .take(limit)
            .map(|issue| IndexRow {
                title: &issue.header.title,
                url: &issue.header.url,
                published: issue.header.published,
                summary: issue.header.summary.as_deref(),
                readings: issue.readings.len(),
            })
            .collect()
    }

    fn years(&self) -> Vec<Year> {
        let mut counts: HashMap<i32, usize> = HashMap::new();
        for issue in self.issues {
            *counts.entry(issue.header.published.year()).or_default() += 1;
        }
        let mut years: Vec<Year> = counts
            .into_iter()
            .map(|(year, count)| Year {
                year,
                url: self.url(&format!("archive/{year}/")),
                count,
            })
            .collect();
        years.sort_by_key(|year| std::cmp::Reverse(year.year));
        years
    }

    fn year(&self, site: &Site<'_>, year: i32) -> String {
        let years = self.years();
        let this = years
            .iter()
            .find(|known| known.year == year)
            .expect("the plan has years with issues");
        let rows = self.rows(Some(year), usize::MAX);
        index::year(site, this, &rows, &years)
    }

    fn opml(&self) -> String {
        let newsletter = &self.config.issues.newsletter;
        let sources: Vec<Outline> = self
            .config
            .sources
            .iter()
            .filter(|source| source.is_public())
            .map(|source| Outline {
                title: source.title.clone().unwrap_or_else(|| source.url.clone()),
                xml_url: source.url.clone(),
                html_url: source.site.clone(),
                tags: source.tags.clone(),
            })
            .collect();
        let title = format!("{}: sources", newsletter.title);
        // When the list last changed, nobody wrote down.
        opml::render(&title, &newsletter.base_url, None, &sources)
    }

    /// The latest change of an issue.
    fn newest(&self) -> DateTime<FixedOffset> {
        self.issues
            .iter()
            .map(|issue| issue.header.updated)
            .max()
            .unwrap_or_default()
    }

    /// The list of the pages that exist here.
    fn sitemap(&self, path: &str) -> Result<String, Error> {
        let newsletter = &self.config.issues.newsletter;
        let folder = |issue: &IssueFacts| self.url(&plan::page_folder(&issue.header.slug));
        let addresses: Vec<Url> = self.issues.iter().map(folder).collect();
        let mut pages = Vec::new();
        if self.config.feeds.documents.pages {
            pages.push(Page {
                url: &newsletter.base_url,
                updated: Some(self.newest()),
            });
            pages.extend(addresses.iter().zip(self.issues).map(|(url, issue)| Page {
                url,
                updated: Some(issue.header.updated),
            }));
        }
        sitemap::render(&newsletter.base_url, &pages)
            .into_iter()
            .find(|part| part.file_name == path)
            .map(|part| part.xml)
            .ok_or_else(|| Error::NotMade(path.to_owned()))
    }
}
