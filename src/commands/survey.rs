//! Issue files read whole, for the commands that look at issues without building.

use std::ops::Range;
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use newsdesk::config::Config;
use newsdesk::feeds::plan::{IssueFacts, ReadingFacts};
use newsdesk::issues::header::{self, Places};
use newsdesk::issues::{self, Wanted};
use newsdesk::model::{Header, Issue, Problem};
use rayon::prelude::*;

use super::build::survey::{self, read, relative};

/// An issue file as it was read.
pub(super) struct IssueRead {
    /// The file, as the user would name it.
    pub(super) path: PathBuf,
    /// The issue; where its header has an error, what could be read of it all the same.
    pub(super) issue: Option<Issue>,
    /// Whether the header is right.
    pub(super) right: bool,
    /// Where the parts of its header stand.
    pub(super) places: Places,
    /// Where the titles of its readings stand.
    pub(super) spans: Vec<Range<usize>>,
    /// What is wrong with it.
    pub(super) problems: Vec<Problem>,
}

impl IssueRead {
    /// What the checks across issues have to know; `None` where the header has an error.
    pub(super) fn facts(&self) -> Option<IssueFacts> {
        let issue = self.issue.as_ref().filter(|_| self.right)?;
        let readings = issue
            .readings
            .iter()
            .zip(&self.spans)
            .map(|(reading, span)| ReadingFacts {
                id: reading.id.clone(),
                title: reading.title.clone(),
                url: reading.url.clone(),
                curator: reading.curator.as_ref().map(|curator| curator.name.clone()),
                category: reading.category.clone(),
                kind: reading.kind,
                size: 0,
                span: (span.start, span.end),
            })
            .collect();
        Some(IssueFacts {
            header: issue.header.clone(),
            size: 0,
            fingerprint: 0,
            readings,
        })
    }
}

/// Reads the named files, or all issues of the newsletter where none is named.
pub(super) fn read_issues(config: &Config, files: &[PathBuf]) -> anyhow::Result<Vec<IssueRead>> {
    let places: Vec<(PathBuf, PathBuf)> = if files.is_empty() {
        survey::files(config)?
            .into_iter()
            .map(|file| (file.place, file.path))
            .collect()
    } else {
        files
            .iter()
            .map(|file| named(config, file))
            .collect::<anyhow::Result<_>>()?
    };
    places
        .into_par_iter()
        .map(|(place, path)| read_issue(config, &place, path))
        .collect()
}

/// The place of a named file, and its path as the newsletter knows it.
pub(super) fn named(config: &Config, file: &Path) -> anyhow::Result<(PathBuf, PathBuf)> {
    let place =
        std::path::absolute(file).with_context(|| format!("cannot find `{}`", file.display()))?;
    let known = relative(&config.root, &place);
    let path = if known == place {
        file.to_path_buf()
    } else {
        known
    };
    Ok((place, path))
}

fn read_issue(config: &Config, place: &Path, path: PathBuf) -> anyhow::Result<IssueRead> {
    let bytes = read(place)?;
    let file = match issues::decode(&bytes, &path) {
        Ok(file) => file,
        Err(problem) => {
            let problems = vec![problem];
            let (places, spans) = (Places::default(), Vec::new());
            return Ok(IssueRead {
                path,
                issue: None,
                right: false,
                places,
                spans,
                problems,
            });
        }
    };
    let outcome = header::read(&path, file, &config.issues);
    let right = outcome.header.is_some();
    let header = outcome.header.unwrap_or_else(|| stand_in(config, &path));
    let wanted = Wanted {
        text: false,
        commentary: true,
    };
    let parsed = issues::parse(header, file, outcome.body, &config.issues, wanted);
    let mut problems = outcome.problems;
    problems.extend(parsed.problems);
    let (issue, spans) = (Some(parsed.issue), parsed.spans);
    Ok(IssueRead {
        path,
        issue,
        right,
        places: outcome.places,
        spans,
        problems,
    })
}

/// A header for an issue whose own has an error, so that its body can be looked at.
pub(super) fn stand_in(config: &Config, path: &Path) -> Header {
    let newsletter = &config.issues.newsletter;
    let stem = path
        .file_stem()
        .unwrap_or_default()
        .to_string_lossy()
        .into_owned();
    Header {
        path: path.to_path_buf(),
        slug: newsdesk::model::address::slug(&stem),
        id: newsdesk::model::Id(format!("tag:{}:{stem}", newsletter.authority)),
        title: stem.clone(),
        stem,
        url: newsletter.base_url.clone(),
        published: chrono::DateTime::default(),
        updated: chrono::DateTime::default(),
        draft: false,
        tags: Vec::new(),
        categories: Vec::new(),
        authors: Vec::new(),
        summary: None,
        language: None,
        audio: None,
        extra: std::collections::BTreeMap::new(),
    }
}
