//! `newsdesk build`: issues -> documents.
//!
//! A build surveys the issue files, renders those that changed, plans the documents, renders
//! those whose ingredients changed, and only when all of them are ready moves them to their
//! places. An error before that leaves the last good documents as they were.

mod assemble;
pub(super) mod cache;
mod finish;
pub(super) mod ping;
pub(super) mod render;
mod spool;
mod stage;
pub(super) mod survey;

use std::collections::{HashMap, HashSet};
use std::fs::{self, File};
use std::path::PathBuf;
use std::sync::Mutex;

use anyhow::Context as _;
use chrono::{DateTime, Utc};
use newsdesk::archive::{self, Stamp};
use newsdesk::config::Config;
use newsdesk::feeds::links::standing_feeds;
use newsdesk::feeds::manifest::{self, Manifest};
use newsdesk::feeds::plan::{self, Content, IssueFacts, Plan};
use newsdesk::issues::across::{self, Seen, SeenReading};
use newsdesk::issues::header::{self, Places};
use newsdesk::model::{Header, Problem, Severity};
use rayon::prelude::*;
use xxhash_rust::xxh3::xxh3_64;

use self::cache::Cache;
use self::finish::Finish;
use self::render::{Fragments, Own, Rendered, Renderer, Task};
use self::spool::Spool;
use self::stage::Stage;
use self::survey::{State, Surveyed};

/// What is asked of a build.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Request {
    /// The instant that decides which issues lie in the future.
    pub(crate) now: DateTime<Utc>,
    /// Whether files that newsdesk did not make may be replaced.
    pub(crate) overwrite: bool,
}

/// What a build did.
#[derive(Clone, Debug, Default)]
pub(crate) struct Report {
    /// The documents that were written, by path.
    pub(crate) written: Vec<String>,
    /// The documents that were already as they should be.
    pub(crate) unchanged: usize,
    /// The documents that were removed.
    pub(crate) removed: Vec<String>,
    /// The published issues.
    pub(crate) issues: usize,
    /// Their readings.
    pub(crate) readings: usize,
    /// The drafts and the issues dated in the future.
    pub(crate) held_back: usize,
    /// What is wrong with the issues that changed, and between issues.
    pub(crate) problems: Vec<Problem>,
    /// The warnings about issues that did not change.
    pub(crate) old_warnings: usize,
    /// Whether an error stopped the build.
    pub(crate) stopped: bool,
}

/// Builds all documents that are not as they should be.
pub(crate) fn build(config: &Config, request: Request) -> anyhow::Result<Report> {
    let _lock = lock(config)?;
    let seed = seed(config);
    let files = archive::files(config)?;
    if let Some(report) = nothing_to_do(config, &request, seed, &files) {
        return Ok(report);
    }
    let known = || {
        let mut found = cache::read(&config.root, seed);
        let surveyed = survey::survey(files, &mut found, &config.issues);
        (found, surveyed)
    };
    let ((found, surveyed), published) = rayon::join(known, || read_manifest(config));
    Build {
        config,
        request,
        cache: &found.cache,
    }
    .run(surveyed?, published)
}

/// The manifest of what is published; an empty one where nothing is.
fn read_manifest(config: &Config) -> anyhow::Result<Manifest> {
    let path = super::published::manifest_path(&config.feeds);
    match fs::read_to_string(&path) {
        Ok(text) => Manifest::parse(&text).with_context(|| {
            format!(
                "`{}` is damaged\nhint: restore it from the repository, or delete it: then \
                 documents of issues that are gone are no longer removed",
                path.display()
            )
        }),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(Manifest::default()),
        Err(error) => Err(error).with_context(|| format!("cannot read `{}`", path.display())),
    }
}

/// Holds off other builds of the same newsletter until it is dropped.
fn lock(config: &Config) -> anyhow::Result<File> {
    let folder = cache::folder(&config.root).with_context(|| {
        format!(
            "cannot make `{}`",
            config.root.join(cache::FOLDER).display()
        )
    })?;
    let path = folder.join("build.lock");
    let file = File::create(&path).with_context(|| format!("cannot write `{}`", path.display()))?;
    file.lock()
        .context("cannot wait for another build to end")?;
    Ok(file)
}

/// A number that changes with the configuration and with the program.
fn seed(config: &Config) -> u64 {
    let program = std::env::current_exe()
        .and_then(fs::metadata)
        .ok()
        .and_then(|metadata| Stamp::of(&metadata).ok());
    let all = format!(
        "{} {:?} {}",
        env!("CARGO_PKG_VERSION"),
        program,
        config.fingerprint
    );
    xxh3_64(all.as_bytes())
}

/// The report of a build in which nothing changed since the last; `None` where something did.
fn nothing_to_do(
    config: &Config,
    request: &Request,
    seed: u64,
    files: &[archive::IssueFile],
) -> Option<Report> {
    let (stamps, written) = cache::read_stamps(&config.root, seed)?;
    let is_same = |(file, (path, stamp)): (&archive::IssueFile, &(PathBuf, Stamp))| {
        file.path == *path && file.stamp == *stamp && !stamp.is_younger_than(written)
    };
    let due = stamps
        .next_due
        .is_some_and(|due| request.now.timestamp() >= due);
    let same = !due
        && !stamps.documents.is_empty()
        && files.len() == stamps.issues.len()
        && files.iter().zip(&stamps.issues).all(is_same)
        && documents_are_in_place(config, &stamps.documents);
    let [issues, readings, held_back, old_warnings] = stamps.counts;
    same.then(|| Report {
        unchanged: stamps.documents.len(),
        issues,
        readings,
        held_back,
        old_warnings,
        ..Report::default()
    })
}

fn documents_are_in_place(config: &Config, documents: &[(String, Stamp)]) -> bool {
    documents
        .par_iter()
        .with_min_len(512)
        .all(|(path, known)| stamp(config, path) == Some(*known))
}

/// The stamp of a document on the disk.
fn stamp(config: &Config, path: &str) -> Option<Stamp> {
    let metadata = fs::metadata(config.feeds.folder.join(path)).ok()?;
    Stamp::of(&metadata).ok()
}

/// Whether an issue belongs into the documents now.
fn is_published(header: &Header, config: &Config, request: &Request) -> bool {
    !header.draft && (config.publish_future || header.published <= request.now)
}

/// The documents that newsdesk made, by the manifest, and the manifest itself.
fn own_documents(old: &Manifest) -> HashSet<String> {
    let mut own: HashSet<String> = old.documents.keys().cloned().collect();
    if !own.is_empty() {
        own.insert(manifest::FILE_NAME.to_owned());
    }
    own
}

/// One build on its way.
struct Build<'a> {
    config: &'a Config,
    request: Request,
    cache: &'a Cache,
}

/// A published issue, read or known; its facts stand beside it.
struct Settled {
    file: archive::IssueFile,
    hash: u64,
    places: Places,
    problems: Vec<Problem>,
    /// Whether its file changed.
    is_new: bool,
}

/// The published issues, newest first, with what rendering gave for those that were rendered.
struct Issues {
    settled: Vec<Settled>,
    facts: Vec<IssueFacts>,
    fragments: Vec<Option<Fragments>>,
}

impl Build<'_> {
    fn run(
        self,
        surveyed: Vec<Surveyed>,
        published_before: anyhow::Result<Manifest>,
    ) -> anyhow::Result<Report> {
        let mut report = Report {
            problems: self.early_problems(&surveyed),
            ..Report::default()
        };
        let is_error = |problem: &Problem| problem.severity == Severity::Error;
        if report.problems.iter().any(is_error) {
            report.stopped = true;
            return Ok(report);
        }
        let (mut published, held_back) = self.part(surveyed);
        published.sort_by(newest_first);
        let old = published_before?;
        let own = own_documents(&old);
        let stage = Stage::open(
            &self.config.feeds.folder,
            &self.cache.documents,
            &own,
            self.request.overwrite,
        )?;
        let spool = Spool::new();
        let standing = standing_feeds(&self.config.issues.newsletter, self.config.feeds.documents);
        let renderer = Renderer {
            config: self.config,
            feeds: &standing,
            spool: &spool,
            stage: &stage,
            done: Mutex::default(),
        };
        let mut issues = Self::render_changed(published, &renderer, &mut report)?;
        let facts = std::mem::take(&mut issues.facts);
        let plan = self.plan(&facts);
        let todo = self.todo(&plan);
        self.render_needed(&plan, &todo, &facts, &mut issues, &renderer)?;
        let mut done = renderer
            .done
            .into_inner()
            .unwrap_or_else(std::sync::PoisonError::into_inner);
        let frozen = spool.freeze(stage.path())?;
        let assembler = assemble::Assembler {
            config: self.config,
            plan: &plan,
            issues: &facts,
            fragments: &issues.fragments,
            spool: &frozen,
            stage: &stage,
        };
        let (made, (late, old_warnings)) = rayon::join(
            || assembler.assemble(&todo, &done),
            || self.late_problems(&facts, &issues, &old),
        );
        done.extend(made?);
        report.problems.extend(late);
        report.old_warnings += old_warnings;
        let finish = Finish {
            config: self.config,
            cache: self.cache,
            plan: &plan,
            facts: &facts,
            old: &old,
            done: &done,
        };
        finish.run(stage, &issues.settled, &held_back, &mut report)?;
        Ok(report)
    }

    fn plan<'f>(&'f self, issues: &'f [IssueFacts]) -> Plan<'f> {
        plan::plan(plan::Input {
            newsletter: &self.config.issues.newsletter,
            options: &self.config.feeds,
            issues,
            seed: self.cache.seed,
        })
    }

    /// What is wrong with the files that changed, as far as their headers go.
    fn early_problems(&self, surveyed: &[Surveyed]) -> Vec<Problem> {
        let mut problems = Vec::new();
        for issue in surveyed {
            if let State::New {
                problems: own,
                header,
                places,
                ..
            } = &issue.state
            {
                problems.extend(own.iter().cloned());
                if let Some(header) = header
                    && !self.config.publish_future
                {
                    problems.extend(header::future_problem(header, places, self.request.now));
                }
            }
        }
        let seen: Vec<Seen<'_>> = surveyed
            .iter()
            .filter_map(|issue| Some((issue.header()?, issue.places())))
            .map(|(header, places)| Seen {
                header,
                places,
                readings: Vec::new(),
            })
            .collect();
        let clashes = across::problems(&seen);
        problems.extend(
            clashes
                .into_iter()
                .filter(|problem| problem.severity == Severity::Error),
        );
        problems
    }

    /// Parts what is published from what is held back.
    fn part(&self, surveyed: Vec<Surveyed>) -> (Vec<Surveyed>, Vec<Surveyed>) {
        surveyed.into_iter().partition(|issue| {
            issue
                .header()
                .is_some_and(|header| is_published(header, self.config, &self.request))
        })
    }

    /// Renders the issues that changed, on all cores.
    fn render_changed(
        published: Vec<Surveyed>,
        renderer: &Renderer<'_>,
        report: &mut Report,
    ) -> anyhow::Result<Issues> {
        let results: Vec<Option<Rendered>> = (0..published.len())
            .into_par_iter()
            .map(|place| match &published[place].state {
                State::Known(_) => Ok(None),
                State::New { header, body, .. } => {
                    let header = header
                        .as_deref()
                        .context("a published issue has a header")?;
                    let at = Around {
                        file: &published[place].file,
                        hash: published[place].hash,
                        newer: place.checked_sub(1).and_then(|at| published[at].header()),
                        older: published.get(place + 1).and_then(Surveyed::header),
                    };
                    let task = task(&at, header.clone(), body.clone());
                    renderer.render(&task, Own::ALL).map(Some)
                }
            })
            .collect::<anyhow::Result<_>>()?;
        let mut issues = Issues {
            facts: Vec::with_capacity(published.len()),
            fragments: Vec::with_capacity(published.len()),
            settled: Vec::with_capacity(published.len()),
        };
        for (issue, result) in published.into_iter().zip(results) {
            let is_new = result.is_some();
            let (places, problems) = match (result, issue.state) {
                (
                    Some(result),
                    State::New {
                        problems, places, ..
                    },
                ) => {
                    report.problems.extend(result.problems.iter().cloned());
                    issues.facts.push(result.facts);
                    issues.fragments.push(Some(result.fragments));
                    (*places, [problems, result.problems].concat())
                }
                (_, State::Known(known)) => {
                    report.old_warnings += known.problems.len();
                    issues.facts.push(known.facts);
                    issues.fragments.push(None);
                    (known.places, known.problems)
                }
                (None, State::New { .. }) => anyhow::bail!("an issue that changed is rendered"),
            };
            issues.settled.push(Settled {
                file: issue.file,
                hash: issue.hash,
                places,
                problems,
                is_new,
            });
        }
        Ok(issues)
    }

    /// The documents, by their place in the plan, that are not as they should be.
    fn todo(&self, plan: &Plan<'_>) -> Vec<usize> {
        let is_todo = |place: &usize| {
            let document = &plan.documents[*place];
            let known = self.cache.documents.get(&document.path);
            !known.is_some_and(|known| {
                known.fingerprint == document.fingerprint
                    && stamp(self.config, &document.path) == Some(known.stamp)
            })
        };
        let mut todo: Vec<usize> = (0..plan.documents.len())
            .into_par_iter()
            .with_min_len(512)
            .filter(is_todo)
            .collect();
        todo.sort_unstable();
        todo
    }

    /// Renders the issues that did not change but that some document needs.
    fn render_needed(
        &self,
        plan: &Plan<'_>,
        todo: &[usize],
        facts: &[IssueFacts],
        issues: &mut Issues,
        renderer: &Renderer<'_>,
    ) -> anyhow::Result<()> {
        let mut needed: HashMap<usize, Own> = HashMap::new();
        for &place in todo {
            match &plan.documents[place].content {
                Content::Feed(feed) => {
                    for entry in feed.entries.iter() {
                        needed.entry(entry.issue).or_default();
                    }
                }
                Content::Page { issue, .. } => needed.entry(*issue).or_default().page = true,
                Content::EmailHtml(issue) | Content::EmailText(issue) => {
                    needed.entry(*issue).or_default().email = true;
                }
                _ => {}
            }
        }
        needed.retain(|place, _| issues.fragments[*place].is_none());
        let needed: Vec<(usize, Own)> = needed.into_iter().collect();
        let results: Vec<(usize, Fragments)> = needed
            .into_par_iter()
            .map(|(place, own)| {
                let settled = &issues.settled[place];
                let bytes = archive::read(&settled.file.place)?;
                let text = newsdesk::issues::decode(&bytes, &facts[place].header.path)
                    .ok()
                    .context("an issue changed during the build\nhint: build again")?;
                let outcome = header::read(&facts[place].header.path, text, &self.config.issues);
                let header = outcome
                    .header
                    .context("an issue changed during the build\nhint: build again")?;
                let at = Around {
                    file: &settled.file,
                    hash: settled.hash,
                    newer: place.checked_sub(1).map(|at| &facts[at].header),
                    older: facts.get(place + 1).map(|facts| &facts.header),
                };
                let task = task(&at, header, outcome.body);
                Ok((place, renderer.render(&task, own)?.fragments))
            })
            .collect::<anyhow::Result<_>>()?;
        for (place, fragments) in results {
            issues.fragments[place] = Some(fragments);
        }
        Ok(())
    }

    /// What shows only when issues are seen together, and beside what is published already; and
    /// how much of it is about issues that did not change.
    fn late_problems(
        &self,
        facts: &[IssueFacts],
        issues: &Issues,
        old: &Manifest,
    ) -> (Vec<Problem>, usize) {
        let mut problems = Vec::new();
        let mut old_warnings = 0;
        let changed: HashSet<&std::path::Path> = issues
            .settled
            .iter()
            .filter(|issue| issue.is_new)
            .map(|issue| issue.file.path.as_path())
            .collect();
        let seen: Vec<Seen<'_>> = facts
            .iter()
            .zip(&issues.settled)
            .map(|(facts, issue)| seen(facts, &issue.places))
            .collect();
        for problem in across::problems(&seen) {
            if problem.severity == Severity::Warning {
                if changed.contains(problem.path.as_path()) {
                    problems.push(problem);
                } else {
                    old_warnings += 1;
                }
            }
        }
        let manifest = super::published::manifest_path(&self.config.feeds);
        let manifest = archive::relative(&self.config.root, &manifest);
        problems.extend(super::published::problems(old, facts, &manifest));
        (problems, old_warnings)
    }
}

/// An issue as the checks across issues see it.
pub(super) fn seen<'a>(facts: &'a IssueFacts, places: &'a Places) -> Seen<'a> {
    let readings = facts
        .readings
        .iter()
        .filter_map(|reading| {
            Some(SeenReading {
                url: reading.url.as_deref()?,
                title: &reading.title,
                span: reading.span.0..reading.span.1,
            })
        })
        .collect();
    Seen {
        header: &facts.header,
        places,
        readings,
    }
}

/// A file, and the headers of the issues beside it.
struct Around<'a> {
    file: &'a archive::IssueFile,
    hash: u64,
    newer: Option<&'a Header>,
    older: Option<&'a Header>,
}

fn task<'a>(at: &Around<'a>, header: Header, body: std::ops::Range<usize>) -> Task<'a> {
    let link = |header: &Header| (header.title.clone(), header.url.clone());
    Task {
        file: at.file,
        header,
        body,
        hash: at.hash,
        newer: at.newer.map(link),
        older: at.older.map(link),
    }
}

/// Newest first; of two with the same date, the one whose file comes last.
fn newest_first(one: &Surveyed, other: &Surveyed) -> std::cmp::Ordering {
    let key = |issue: &Surveyed| issue.header().map(|header| header.published);
    key(other)
        .cmp(&key(one))
        .then_with(|| other.file.path.cmp(&one.file.path))
}
