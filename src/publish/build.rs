//! One build on its way: rendering what changed, planning, assembling.

use std::collections::{HashMap, HashSet};
use std::path::Path;
use std::sync::Mutex;

use crate::config::Config;
use crate::feeds::manifest::{self, Manifest};
use crate::feeds::plan::{self, Content, IssueFacts, Plan};
use crate::issues;
use crate::issues::across::{self, Seen, SeenReading};
use crate::issues::header::{self, Places};
use crate::issues::readings::signing::Signatures;
use crate::model::{Header, Problem, Severity};
use rayon::prelude::*;

use super::assemble::Assembler;
use super::cache::Cache;
use super::error::{Error, cannot_write};
use super::files::{self, IssueFile};
use super::finish::Finish;
use super::journal::Journal;
use super::render::{Fragments, Own, Rendered, Renderer, Task};
use super::spool::Spool;
use super::stage::Stage;
use super::survey::{State, Surveyed};
use super::{Report, Request, published, render, stamp};

/// Whether an issue belongs into the documents now.
fn is_published(header: &Header, config: &Config, request: &Request) -> bool {
    !header.draft && (config.publish_future || header.published <= request.now)
}

/// One build on its way.
pub(super) struct Build<'a> {
    pub(super) config: &'a Config,
    pub(super) request: Request,
    pub(super) cache: &'a Cache,
    /// What the last build had its hands on, if it was cut off.
    pub(super) journal: Journal,
}

/// A published issue, read or known; its facts stand beside it.
pub(super) struct Settled {
    pub(super) file: IssueFile,
    pub(super) hash: u64,
    pub(super) places: Places,
    pub(super) problems: Vec<Problem>,
    pub(super) signatures: Signatures,
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
    pub(super) fn run(
        self,
        surveyed: Vec<Surveyed>,
        published_before: Result<Manifest, Error>,
    ) -> Result<Report, Error> {
        let mut report = Report {
            problems: self.early_problems(&surveyed),
            resumed: !self.journal.is_empty(),
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
        let own = self.own_documents(&old);
        let overwrite = self.request.overwrite;
        let folder = &self.config.feeds.folder;
        let stage = Stage::open(folder, &self.cache.documents, &own, overwrite)?;
        let spool = Spool::new();
        let standing = render::standing_feeds(self.config);
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
        let frozen = spool
            .freeze(stage.path())
            .map_err(cannot_write(stage.path()))?;
        let assembler = Assembler {
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
            own: &own,
            done: &done,
        };
        let journal = self.journal.clone();
        finish.run(stage, journal, &issues.settled, &held_back, &mut report)?;
        Ok(report)
    }

    /// The documents that newsdesk made: those of the manifest, the manifest itself, and those of
    /// a build that was cut off.
    fn own_documents(&self, old: &Manifest) -> HashSet<String> {
        let mut own: HashSet<String> = old.documents.keys().cloned().collect();
        if !own.is_empty() {
            own.insert(manifest::FILE_NAME.to_owned());
        }
        own.extend(self.journal.found(&self.config.feeds.folder).cloned());
        own
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
    ) -> Result<Issues, Error> {
        let results: Vec<Option<Rendered>> = (0..published.len())
            .into_par_iter()
            .map(|place| match &published[place].state {
                State::Known(_) => Ok(None),
                State::New { header, body, .. } => {
                    let header = header.as_deref().expect("a published issue has a header");
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
            .collect::<Result<_, Error>>()?;
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
                (None, State::New { .. }) => unreachable!("an issue that changed is rendered"),
            };
            issues.settled.push(Settled {
                file: issue.file,
                hash: issue.hash,
                places,
                problems,
                signatures: issue.signatures,
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
    ) -> Result<(), Error> {
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
                let bytes = files::read(&settled.file.place)?;
                let path = &settled.file.path;
                let changed = || Error::Changed(path.clone());
                let text = issues::decode(&bytes, path).map_err(|_| changed())?;
                let outcome = header::read(path, text, &self.config.issues);
                let header = outcome.header.ok_or_else(changed)?;
                let at = Around {
                    file: &settled.file,
                    hash: settled.hash,
                    newer: place.checked_sub(1).map(|at| &facts[at].header),
                    older: facts.get(place + 1).map(|facts| &facts.header),
                };
                let task = task(&at, header, outcome.body);
                Ok((place, renderer.render(&task, own)?.fragments))
            })
            .collect::<Result<_, Error>>()?;
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
        let changed: HashSet<&Path> = issues
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
        let manifest = published::manifest_path(&self.config.feeds);
        let manifest = files::relative(&self.config.root, &manifest);
        problems.extend(published::problems(old, facts, &manifest));
        (problems, old_warnings)
    }
}

/// An issue as the checks across issues see it.
pub fn seen<'a>(facts: &'a IssueFacts, places: &'a Places) -> Seen<'a> {
    let readings = facts
        .readings
        .iter()
        .filter_map(|reading| {
            Some(SeenReading {
                url: reading.url.as_deref()?,
                title: &reading.title,
                category: reading.category.as_deref(),
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
    file: &'a IssueFile,
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
