//! Whether the proposed configuration works: what cannot be read is left out, and said.

use std::fs;
use std::path::Path;

use anyhow::Context as _;
use newsdesk::adopt::{self, Proposal};
use newsdesk::config::{self, Config};
use newsdesk::feeds::plan::IssueFacts;
use newsdesk::issues::across::{self, Seen};
use newsdesk::model::{Problem, Severity};
use newsdesk::publish::files::{IssueRead, read_issues};
use newsdesk::publish::published;

use crate::commands::{Context, check};

/// What came of trying a configuration.
pub(super) struct Outcome {
    /// How many issues can be published.
    pub(super) issues: usize,
    /// How many readings they have, and how many of those are signed.
    pub(super) readings: usize,
    pub(super) signed: usize,
    /// How many warnings there are.
    pub(super) warnings: usize,
    /// Files that were left out, each with what is wrong with it.
    pub(super) left_out: Vec<(String, String)>,
    /// What readers would notice: entries in the other tool's feed, and those whose id changes.
    pub(super) compared: Option<(usize, usize)>,
}

/// Tries the proposal, and mends it until it can be built.
pub(super) fn settle(
    context: &Context,
    folder: &Path,
    mut proposal: Proposal,
    against: Option<&Path>,
) -> anyhow::Result<(Proposal, Outcome)> {
    let mut left_out: Vec<(String, String)> = Vec::new();
    // Each round leaves out files, or finds none to leave out.
    for _ in 0..4 {
        let config = configured(folder, &proposal)?;
        let issues = read_issues(&config, &[])?;
        let wrong = errors(&issues);
        if wrong.is_empty() {
            let compared = against.map(|feed| compare(&issues, feed)).transpose()?;
            return Ok((
                proposal,
                outcome(context, &config, &issues, left_out, compared),
            ));
        }
        for problem in wrong {
            let below = problem
                .path
                .strip_prefix(&proposal.folder)
                .unwrap_or(&problem.path);
            let path = below.to_string_lossy().replace('\\', "/");
            if !proposal.exclude.contains(&path) {
                proposal.exclude.push(path.clone());
                left_out.push((path, problem.message));
            }
        }
    }
    anyhow::bail!(
        "the archive cannot be built as it is\nhint: start with `newsdesk init`, and `newsdesk check`"
    )
}

fn configured(folder: &Path, proposal: &Proposal) -> anyhow::Result<Config> {
    let text = adopt::print(proposal);
    let parsed = config::parse(&folder.join(super::FILE), &text);
    parsed.map_err(|problems| {
        let said: Vec<String> = problems
            .into_iter()
            .map(|problem| problem.message)
            .collect();
        anyhow::anyhow!("cannot configure this archive: {}", said.join("; "))
    })
}

/// The errors of the issues, each alone and among the others.
fn errors(issues: &[IssueRead]) -> Vec<Problem> {
    let facts: Vec<(IssueFacts, &IssueRead)> = issues
        .iter()
        .filter_map(|issue| Some((issue.facts()?, issue)))
        .collect();
    let seen: Vec<Seen<'_>> = facts
        .iter()
        .map(|(facts, issue)| Seen {
            header: &facts.header,
            places: &issue.places,
            readings: Vec::new(),
        })
        .collect();
    let own = issues
        .iter()
        .flat_map(|issue| issue.problems.iter().cloned());
    own.chain(across::problems(&seen))
        .filter(|problem| problem.severity == Severity::Error)
        .collect()
}

fn outcome(
    context: &Context,
    config: &Config,
    issues: &[IssueRead],
    left_out: Vec<(String, String)>,
    compared: Option<(usize, usize)>,
) -> Outcome {
    let read: Vec<_> = issues
        .iter()
        .filter_map(|read| read.issue.as_ref())
        .collect();
    let readings = || read.iter().flat_map(|issue| &issue.readings);
    Outcome {
        issues: read
            .iter()
            .filter(|issue| !issue.header.draft)
            .filter(|issue| config.publish_future || issue.header.published <= context.now)
            .count(),
        readings: readings().count(),
        signed: readings()
            .filter(|reading| reading.curator.is_some())
            .count(),
        warnings: issues.iter().map(|issue| issue.problems.len()).sum(),
        left_out,
        compared,
    }
}

/// How many entries of the feed there are, and how many of them would come back as unread.
fn compare(issues: &[IssueRead], feed: &Path) -> anyhow::Result<(usize, usize)> {
    let bytes = fs::read(feed).with_context(|| format!("cannot read `{}`", feed.display()))?;
    let manifest = check::parse(&bytes)
        .with_context(|| format!("cannot compare with `{}`", feed.display()))?;
    let facts: Vec<IssueFacts> = issues.iter().filter_map(IssueRead::facts).collect();
    let problems = published::problems(&manifest, &facts, Path::new(super::FILE));
    let changed = problems
        .iter()
        .filter(|problem| problem.code == "id-changed" || problem.code == "id-lost");
    Ok((manifest.issues.len(), changed.count()))
}
