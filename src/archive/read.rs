//! Issue files read whole.

use std::ops::Range;
use std::path::{Path, PathBuf};

use rayon::prelude::*;

use super::error::Error;
use super::files::{self, read, relative};
use crate::config::Config;
use crate::issues::header::{self, Places};
use crate::issues::{self, Wanted};
use crate::model::{Header, Id, Issue, Problem, address};

/// An issue file as it was read.
pub struct IssueRead {
    /// The file, as the user would name it.
    pub path: PathBuf,
    /// The issue; where its header has an error, what could be read of it all the same.
    pub issue: Option<Issue>,
    /// Whether the header is right.
    pub right: bool,
    /// Where the parts of its header stand.
    pub places: Places,
    /// Where the titles of its readings stand.
    pub spans: Vec<Range<usize>>,
    /// What is wrong with it.
    pub problems: Vec<Problem>,
}

/// Reads the named files, or all issues of the newsletter where none is named.
pub fn read_issues(config: &Config, files: &[PathBuf]) -> Result<Vec<IssueRead>, Error> {
    let places: Vec<(PathBuf, PathBuf)> = if files.is_empty() {
        files::files(config)?
            .into_iter()
            .map(|file| (file.place, file.path))
            .collect()
    } else {
        files
            .iter()
            .map(|file| named(config, file))
            .collect::<Result<_, Error>>()?
    };
    places
        .into_par_iter()
        .map(|(place, path)| read_issue(config, &place, path))
        .collect()
}

/// The place of a named file, and its path as the newsletter knows it.
pub fn named(config: &Config, file: &Path) -> Result<(PathBuf, PathBuf), Error> {
    let place = std::path::absolute(file).map_err(|source| Error::read(file, source))?;
    let known = relative(&config.root, &place);
    let path = if known == place {
        file.to_path_buf()
    } else {
        known
    };
    Ok((place, path))
}

fn read_issue(config: &Config, place: &Path, path: PathBuf) -> Result<IssueRead, Error> {
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
pub fn stand_in(config: &Config, path: &Path) -> Header {
    let newsletter = &config.issues.newsletter;
    let stem = path
        .file_stem()
        .unwrap_or_default()
        .to_string_lossy()
        .into_owned();
    Header {
        path: path.to_path_buf(),
        slug: address::slug(&stem),
        id: Id(format!("tag:{}:{stem}", newsletter.authority)),
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
