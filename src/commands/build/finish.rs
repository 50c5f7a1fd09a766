//! The last steps of a build: the manifest, every document to its place, what is gone removed,
//! what was learned remembered.

use std::collections::{HashMap, HashSet};
use std::path::PathBuf;

use anyhow::Context as _;
use newsdesk::config::Config;
use newsdesk::feeds::manifest::{self, Manifest};
use newsdesk::feeds::plan::{Content, IssueFacts, Plan};

use super::super::published;
use super::cache::{self, Cache, CachedDocument, CachedIssue, Stamp, Stamps};
use super::stage::{self, Done, Stage};
use super::survey::{State, Surveyed};
use super::{Report, render};

/// The last steps: manifest, moving everything to its place, removing, remembering.
pub(super) struct Finish<'a> {
    pub(super) config: &'a Config,
    /// What the last build learned.
    pub(super) cache: &'a Cache,
    pub(super) plan: &'a Plan<'a>,
    pub(super) facts: &'a [IssueFacts],
    /// What is published.
    pub(super) old: &'a Manifest,
    /// The documents that were made.
    pub(super) done: &'a HashMap<String, Done>,
}

impl Finish<'_> {
    /// Ends the build.
    pub(super) fn run(
        &self,
        stage: Stage<'_>,
        published: &[Surveyed],
        held_back: &[Surveyed],
        report: &mut Report,
    ) -> anyhow::Result<()> {
        let config = self.config;
        let mut documents: HashMap<String, CachedDocument> = HashMap::new();
        let mut hashes: Vec<(&str, u64)> = Vec::with_capacity(self.plan.documents.len());
        for document in &self.plan.documents {
            let known = self.cache.documents.get(&document.path);
            let hash = match (self.done.get(&document.path), known) {
                (Some(done), _) => done.hash,
                (None, Some(known)) => known.hash,
                (None, None) => anyhow::bail!("`{}` was not made", document.path),
            };
            hashes.push((&document.path, hash));
        }
        let manifest = self.manifest(&hashes);
        let manifest_done = stage.put(manifest::FILE_NAME, manifest.into_bytes())?;
        let subscriptions: Vec<&str> = self
            .plan
            .documents
            .iter()
            .filter(|d| matches!(&d.content, Content::Feed(feed) if feed.subscription))
            .map(|document| document.path.as_str())
            .collect();
        let mut last = subscriptions.clone();
        last.push(manifest::FILE_NAME);
        stage.commit(&last)?;
        report.removed = self.remove_gone()?;
        report.written = self.written(manifest_done);
        report.unchanged = hashes.len() + 1 - report.written.len();
        for ((path, hash), document) in hashes.into_iter().zip(&self.plan.documents) {
            match self.cache.documents.get(path) {
                // It was seen in its place when the build began, and nobody wrote to it.
                Some(known) if !self.done.contains_key(path) => {
                    documents.insert(path.to_owned(), *known);
                }
                _ => self.remember(&mut documents, path, hash, document.fingerprint),
            }
        }
        documents.insert(
            manifest::FILE_NAME.to_owned(),
            CachedDocument {
                stamp: manifest_done.stamp,
                hash: manifest_done.hash,
                fingerprint: 0,
            },
        );
        let mut unannounced = self.cache.unannounced.clone();
        unannounced.extend(
            report
                .written
                .iter()
                .filter(|path| subscriptions.contains(&path.as_str()))
                .cloned(),
        );
        unannounced.sort_unstable();
        unannounced.dedup();
        unannounced.retain(|path| subscriptions.contains(&path.as_str()));
        let cache = Cache {
            seed: self.cache.seed,
            next_due: next_due(held_back),
            issues: self.cached_issues(published, held_back),
            documents,
            unannounced,
        };
        report_counts(report, self.facts, held_back);
        let stamps = stamps(&cache, report);
        cache::write(&config.root, &cache)
            .and_then(|()| cache::write_stamps(&config.root, &stamps))
            .context("cannot write the build cache")
    }

    fn manifest(&self, hashes: &[(&str, u64)]) -> String {
        let documents = hashes
            .iter()
            .map(|(path, hash)| ((*path).to_owned(), format!("{hash:016x}")))
            .collect();
        let (issues, readings) = published::entries(self.facts, &self.config.feeds);
        Manifest {
            version: 1,
            documents,
            issues,
            readings,
        }
        .print()
    }

    /// Removes the documents that newsdesk made before and no longer makes.
    fn remove_gone(&self) -> anyhow::Result<Vec<String>> {
        let made: HashSet<&str> = self
            .plan
            .documents
            .iter()
            .map(|document| document.path.as_str())
            .collect();
        let gone: Vec<String> = self
            .old
            .documents
            .keys()
            .filter(|path| !made.contains(path.as_str()) && render::stays_below(path))
            .cloned()
            .collect();
        stage::remove(&self.config.feeds.folder, &gone)?;
        Ok(gone)
    }

    fn written(&self, manifest: Done) -> Vec<String> {
        let mut written: Vec<String> = self
            .done
            .iter()
            .filter(|(_, done)| done.changed)
            .map(|(path, _)| path.clone())
            .collect();
        written.sort_unstable();
        if manifest.changed {
            written.push(manifest::FILE_NAME.to_owned());
        }
        written
    }

    fn remember(
        &self,
        documents: &mut HashMap<String, CachedDocument>,
        path: &str,
        hash: u64,
        fingerprint: u64,
    ) {
        if let Some(done) = self.done.get(path) {
            let stamp = done.stamp;
            documents.insert(
                path.to_owned(),
                CachedDocument {
                    stamp,
                    hash,
                    fingerprint,
                },
            );
        }
    }

    fn cached_issues(
        &self,
        published: &[Surveyed],
        held_back: &[Surveyed],
    ) -> HashMap<PathBuf, CachedIssue> {
        let rendered = published
            .iter()
            .zip(self.facts)
            .map(|(issue, facts)| (issue, facts.clone()));
        let waiting = held_back.iter().filter_map(|issue| {
            let header = issue.header()?.clone();
            let facts = IssueFacts {
                header,
                size: 0,
                fingerprint: issue.hash,
                readings: Vec::new(),
            };
            Some((issue, facts))
        });
        rendered
            .chain(waiting)
            .map(|(issue, facts)| {
                let problems = match &issue.state {
                    State::Known(known) => known.problems.clone(),
                    State::New { problems, .. } => problems.clone(),
                };
                let cached = CachedIssue {
                    stamp: issue.file.stamp,
                    hash: issue.hash,
                    facts,
                    places: issue.places().clone(),
                    problems,
                };
                (issue.file.path.clone(), cached)
            })
            .collect()
    }
}

/// When the first issue that is held back for its date falls due.
fn next_due(held_back: &[Surveyed]) -> Option<i64> {
    held_back
        .iter()
        .filter_map(Surveyed::header)
        .filter(|header| !header.draft)
        .map(|header| header.published.timestamp())
        .min()
}

fn report_counts(report: &mut Report, facts: &[IssueFacts], held_back: &[Surveyed]) {
    report.issues = facts.len();
    report.readings = facts.iter().map(|issue| issue.readings.len()).sum();
    report.held_back = held_back.len();
}

/// What the next build looks at first.
fn stamps(cache: &Cache, report: &Report) -> Stamps {
    let mut issues: Vec<(PathBuf, Stamp)> = cache
        .issues
        .iter()
        .map(|(path, issue)| (path.clone(), issue.stamp))
        .collect();
    issues.sort_unstable_by(|one, other| one.0.cmp(&other.0));
    let documents = cache
        .documents
        .iter()
        .map(|(path, document)| (path.clone(), document.stamp))
        .collect();
    let warnings = report.problems.len() + report.old_warnings;
    Stamps {
        seed: cache.seed,
        next_due: cache.next_due,
        issues,
        documents,
        counts: [report.issues, report.readings, report.held_back, warnings],
    }
}
