//! The last steps of a build: the manifest, every document to its place, what is gone removed,
//! what was learned remembered.

use std::collections::{HashMap, HashSet};
use std::path::Path;

use crate::config::Config;
use crate::feeds::manifest::{self, Manifest};
use crate::feeds::plan::{Content, IssueFacts, Plan};

use super::build::Settled;
use super::cache::{self, Cache, CachedDocument, IssueToKeep, StampsToKeep, ToKeep};
use super::journal::Journal;
use super::stage::{self, Done, Stage};
use super::survey::Surveyed;
use super::{Error, Report, published, render};

/// The last steps: manifest, moving everything to its place, removing, remembering.
pub(super) struct Finish<'a> {
    pub(super) config: &'a Config,
    /// What the last build learned.
    pub(super) cache: &'a Cache,
    pub(super) plan: &'a Plan<'a>,
    pub(super) facts: &'a [IssueFacts],
    /// What is published.
    pub(super) old: &'a Manifest,
    /// The documents that newsdesk made, as far as anything says so.
    pub(super) own: &'a HashSet<String>,
    /// The documents that were made.
    pub(super) done: &'a HashMap<String, Done>,
}

impl Finish<'_> {
    /// Ends the build.
    pub(super) fn run(
        &self,
        stage: Stage<'_>,
        journal: Journal,
        published: &[Settled],
        held_back: &[Surveyed],
        report: &mut Report,
    ) -> Result<(), Error> {
        let mut hashes: Vec<(&str, u64)> = Vec::with_capacity(self.plan.documents.len());
        for document in &self.plan.documents {
            let known = self.cache.documents.get(&document.path);
            let hash = match (self.done.get(&document.path), known) {
                (Some(done), _) => done.hash,
                (None, Some(known)) => known.hash,
                (None, None) => return Err(Error::NotMade(document.path.clone())),
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
        let gone = self.gone();
        self.write_down(journal, manifest_done, &gone)?;
        stage.commit(&last)?;
        stage::remove(&self.config.feeds.folder, &gone)?;
        report.removed = gone;
        report.written = self.written(manifest_done);
        report.unchanged = hashes.len() + 1 - report.written.len();
        let mut documents = self.documents_to_keep(hashes)?;
        documents.push((manifest::FILE_NAME, remembered(manifest_done, 0)));
        report_counts(report, self.facts, held_back);
        let unannounced = self.unannounced(&subscriptions, &report.written);
        self.remember(published, held_back, documents, &unannounced, report)?;
        Journal::end(&self.config.feeds.folder)
    }

    /// Writes down what is about to be moved or removed, beside what an earlier build that was
    /// cut off wrote down.
    fn write_down(
        &self,
        mut journal: Journal,
        manifest: Done,
        gone: &[String],
    ) -> Result<(), Error> {
        let moved = self.done.iter().filter(|(_, done)| done.changed);
        for (path, done) in moved {
            journal.add(path, done.hash);
        }
        if manifest.changed {
            journal.add(manifest::FILE_NAME, manifest.hash);
        }
        for path in gone {
            let known = self.old.documents.get(path);
            if let Some(hash) = known.and_then(|hash| u64::from_str_radix(hash, 16).ok()) {
                journal.add(path, hash);
            }
        }
        if journal.is_empty() {
            return Ok(());
        }
        journal.write(&self.config.feeds.folder)
    }

    /// What is remembered of each document.
    fn documents_to_keep<'a>(
        &self,
        hashes: Vec<(&'a str, u64)>,
    ) -> Result<Vec<(&'a str, CachedDocument)>, Error> {
        let mut documents = Vec::with_capacity(hashes.len() + 1);
        for ((path, _), document) in hashes.into_iter().zip(&self.plan.documents) {
            let known = match (self.done.get(path), self.cache.documents.get(path)) {
                (Some(done), _) => remembered(*done, document.fingerprint),
                // It was seen in its place when the build began, and nobody wrote to it.
                (None, Some(known)) => *known,
                (None, None) => return Err(Error::NotMade(path.to_owned())),
            };
            documents.push((path, known));
        }
        Ok(documents)
    }

    /// The subscription documents that changed and that no hub was told of yet.
    fn unannounced(&self, subscriptions: &[&str], written: &[String]) -> Vec<String> {
        let mut paths = self.cache.unannounced.clone();
        paths.extend(written.iter().cloned());
        paths.sort_unstable();
        paths.dedup();
        let known: HashSet<&str> = subscriptions.iter().copied().collect();
        paths.retain(|path| known.contains(path.as_str()));
        paths
    }

    /// Writes the cache and the stamps.
    fn remember(
        &self,
        published: &[Settled],
        held_back: &[Surveyed],
        documents: Vec<(&str, CachedDocument)>,
        unannounced: &[String],
        report: &Report,
    ) -> Result<(), Error> {
        let waiting = waiting_facts(held_back);
        let cache = ToKeep {
            seed: self.cache.seed,
            next_due: next_due(held_back),
            signing: Some(self.config.issues.signing),
            issues: self.issues_to_keep(published, held_back, &waiting),
            documents,
            unannounced,
        };
        let stamps = stamps(&cache, report);
        let root = &self.config.root;
        let (one, other) = rayon::join(
            || cache::write(root, &cache),
            || cache::encode_stamps(&stamps),
        );
        // The stamps last: where they are new, so is the cache.
        one.and(other)
            .and_then(|stamps| cache::write_stamps(root, &stamps))
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

    /// The documents that newsdesk made before and no longer makes, sorted.
    fn gone(&self) -> Vec<String> {
        let made: HashSet<&str> = self
            .plan
            .documents
            .iter()
            .map(|document| document.path.as_str())
            .chain([manifest::FILE_NAME])
            .collect();
        let mut gone: Vec<String> = self
            .own
            .iter()
            .filter(|path| !made.contains(path.as_str()) && render::stays_below(path))
            .cloned()
            .collect();
        gone.sort_unstable();
        gone
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

    fn issues_to_keep<'k>(
        &'k self,
        published: &'k [Settled],
        held_back: &'k [Surveyed],
        waiting: &'k [Option<IssueFacts>],
    ) -> Vec<(&'k Path, IssueToKeep<'k>)> {
        let rendered = published.iter().zip(self.facts).map(|(issue, facts)| {
            let kept = IssueToKeep {
                stamp: issue.file.stamp,
                hash: issue.hash,
                facts,
                places: &issue.places,
                problems: &issue.problems,
                signatures: &issue.signatures,
            };
            (issue.file.path.as_path(), kept)
        });
        let waiting = held_back.iter().zip(waiting).filter_map(|(issue, facts)| {
            let kept = IssueToKeep {
                stamp: issue.file.stamp,
                hash: issue.hash,
                facts: facts.as_ref()?,
                places: issue.places(),
                problems: issue.problems(),
                signatures: &issue.signatures,
            };
            Some((issue.file.path.as_path(), kept))
        });
        // What is no text cannot be written; such a file is read at every build.
        let mut issues: Vec<_> = rendered
            .chain(waiting)
            .filter(|(path, _)| path.to_str().is_some())
            .collect();
        issues.sort_unstable_by_key(|(path, _)| *path);
        issues
    }
}

/// What is kept of issues that are held back: their headers.
fn waiting_facts(held_back: &[Surveyed]) -> Vec<Option<IssueFacts>> {
    held_back
        .iter()
        .map(|issue| {
            Some(IssueFacts {
                header: issue.header()?.clone(),
                size: 0,
                fingerprint: issue.hash,
                readings: Vec::new(),
            })
        })
        .collect()
}

fn remembered(done: Done, fingerprint: u64) -> CachedDocument {
    CachedDocument {
        stamp: done.stamp,
        hash: done.hash,
        fingerprint,
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
fn stamps<'k>(cache: &'k ToKeep<'k>, report: &Report) -> StampsToKeep<'k> {
    let issues = cache.issues.iter();
    let documents = cache.documents.iter();
    let warnings = report.problems.len() + report.old_warnings;
    StampsToKeep {
        seed: cache.seed,
        next_due: cache.next_due,
        issues: issues.map(|(path, issue)| (*path, issue.stamp)).collect(),
        documents: documents
            .map(|(path, known)| (*path, known.stamp))
            .collect(),
        counts: [report.issues, report.readings, report.held_back, warnings],
    }
}
