//! Issue files on the disk: which there are, and what stands in them.

use std::fs;
use std::ops::Range;
use std::path::{Path, PathBuf};

use crate::config::Config;
use crate::feeds::plan::{IssueFacts, ReadingFacts};
use crate::issues::header::{self, Places};
use crate::issues::readings::Signing;
use crate::issues::readings::signing::{self, Signatures};
use crate::issues::{self, Wanted};
use crate::model::{Header, Issue, Problem};
use rayon::prelude::*;
use walkdir::WalkDir;

use super::cache::Stamp;
use super::error::{Error, cannot_read, failed};

/// An issue file on the disk.
#[derive(Clone, Debug)]
pub struct IssueFile {
    /// Where it is.
    pub place: PathBuf,
    /// The same as the user would name it: relative to the folder of `config.toml`.
    pub path: PathBuf,
    /// Its stamp.
    pub(super) stamp: Stamp,
}

impl IssueFile {
    /// When it changed, in nanoseconds since 1970, and its bytes: others than these, and it says
    /// something else.
    pub fn changed(&self) -> (i128, u64) {
        (self.stamp.modified, self.stamp.size)
    }
}

/// Lists the issue files, sorted by path.
pub fn files(config: &Config) -> Result<Vec<IssueFile>, Error> {
    let (mut files, _) = listed(config)?;
    files.sort_by(|one, other| one.path.cmp(&other.path));
    files.dedup_by(|one, other| one.path == other.path);
    Ok(files)
}

/// How many Markdown files the configuration leaves out.
pub fn left_out(config: &Config) -> Result<usize, Error> {
    Ok(listed(config)?.1)
}

fn listed(config: &Config) -> Result<(Vec<IssueFile>, usize), Error> {
    let mut files = Vec::new();
    let mut left_out = 0;
    for folder in &config.issue_folders {
        if !folder.is_dir() {
            return Err(Error::NoFolder(folder.clone()));
        }
        for entry in WalkDir::new(folder)
            .into_iter()
            .filter_entry(|entry| !is_hidden(entry))
        {
            let entry = entry.map_err(|error| Error::Disk {
                attempt: "cannot list the issues".to_owned(),
                source: error.into(),
            })?;
            if !entry.file_type().is_dir() && is_issue(entry.path()) {
                let below = entry.path().strip_prefix(folder).unwrap_or(entry.path());
                if !config.selection.takes(below) {
                    left_out += 1;
                    continue;
                }
                let metadata = fs::metadata(entry.path()).map_err(cannot_read(entry.path()))?;
                if metadata.is_file() {
                    let place = entry.into_path();
                    files.push(IssueFile {
                        path: relative(&config.root, &place),
                        stamp: Stamp::of_issue(&metadata).map_err(cannot_read(&place))?,
                        place,
                    });
                }
            }
        }
    }
    Ok((files, left_out))
}

/// A path as the user would name it.
pub fn relative(root: &Path, place: &Path) -> PathBuf {
    let below = place.strip_prefix(root).unwrap_or(place);
    below.strip_prefix(".").unwrap_or(below).to_path_buf()
}

fn is_hidden(entry: &walkdir::DirEntry) -> bool {
    entry.depth() > 0 && entry.file_name().to_string_lossy().starts_with(['.', '_'])
}

/// Markdown files, except the one that explains the folder.
fn is_issue(path: &Path) -> bool {
    let markdown = path.extension().is_some_and(|ending| {
        ["md", "markdown", "mkd", "mdown"]
            .iter()
            .any(|known| ending.eq_ignore_ascii_case(known))
    });
    markdown
        && !path
            .file_stem()
            .is_some_and(|stem| stem.eq_ignore_ascii_case("readme"))
}

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
    /// The names in its readings.
    pub signatures: Signatures,
    /// What is wrong with it.
    pub problems: Vec<Problem>,
}

impl IssueRead {
    /// What the checks across issues have to know; `None` where the header has an error.
    pub fn facts(&self) -> Option<IssueFacts> {
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
pub fn read_issues(config: &Config, files: &[PathBuf]) -> Result<Vec<IssueRead>, Error> {
    let places: Vec<(PathBuf, PathBuf)> = if files.is_empty() {
        self::files(config)?
            .into_iter()
            .map(|file| (file.place, file.path))
            .collect()
    } else {
        files
            .iter()
            .map(|file| named(config, file))
            .collect::<Result<_, Error>>()?
    };
    let mut read = read_all(config, &places)?;
    let signing = if files.is_empty() {
        habit(&read)
    } else {
        habit_around(config, &read)?
    };
    let options = issues::Options {
        signing,
        ..config.issues.clone()
    };
    read.par_iter_mut()
        .zip(places)
        .filter(|(issue, _)| issue.signatures.has_other_than(signing))
        .try_for_each(|(issue, (place, path))| {
            *issue = read_issue(config, &options, &place, path)?;
            Ok::<(), Error>(())
        })?;
    Ok(read)
}

fn read_all(config: &Config, places: &[(PathBuf, PathBuf)]) -> Result<Vec<IssueRead>, Error> {
    places
        .par_iter()
        .map(|(place, path)| read_issue(config, &config.issues, place, path.clone()))
        .collect()
}

/// Where curators sign, as these issues show.
fn habit(issues: &[IssueRead]) -> Signing {
    let mut shown: Vec<(&Header, &Signatures)> = issues
        .iter()
        .filter_map(|read| Some((&read.issue.as_ref()?.header, &read.signatures)))
        .filter(|(header, _)| !header.draft)
        .collect();
    shown.sort_by(|(one, _), (other, _)| {
        (other.published, &other.path).cmp(&(one.published, &one.path))
    });
    signing::habit(shown.into_iter().map(|(_, signatures)| signatures))
}

/// The same of some issues among all of the newsletter, which are read only where a name is in
/// doubt.
fn habit_around(config: &Config, named: &[IssueRead]) -> Result<Signing, Error> {
    let here = config.issue_folders.iter().all(|folder| folder.is_dir());
    let doubt = named.iter().any(|issue| !issue.signatures.names.is_empty());
    let known = |file: &IssueFile| named.iter().any(|issue| issue.path == file.path);
    if !here || !doubt {
        return Ok(habit(named));
    }
    let files = self::files(config)?;
    if !files.iter().any(known) {
        return Ok(habit(named));
    }
    let places: Vec<_> = files
        .into_iter()
        .map(|file| (file.place, file.path))
        .collect();
    Ok(habit(&read_all(config, &places)?))
}

/// The place of a named file, and its path as the newsletter knows it.
pub fn named(config: &Config, file: &Path) -> Result<(PathBuf, PathBuf), Error> {
    let place = std::path::absolute(file).map_err(failed("find", file))?;
    let known = relative(&config.root, &place);
    let path = if known == place {
        file.to_path_buf()
    } else {
        known
    };
    Ok((place, path))
}

fn read_issue(
    config: &Config,
    options: &issues::Options,
    place: &Path,
    path: PathBuf,
) -> Result<IssueRead, Error> {
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
                signatures: Signatures::default(),
                problems,
            });
        }
    };
    let outcome = header::read(&path, file, options);
    let right = outcome.header.is_some();
    let header = outcome.header.unwrap_or_else(|| stand_in(config, &path));
    let wanted = Wanted {
        text: false,
        commentary: true,
    };
    let parsed = issues::parse(header, file, outcome.body, options, wanted);
    let mut problems = outcome.problems;
    problems.extend(parsed.problems);
    let (issue, spans, signatures) = (Some(parsed.issue), parsed.spans, parsed.signatures);
    Ok(IssueRead {
        path,
        issue,
        right,
        places: outcome.places,
        spans,
        signatures,
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
        slug: crate::model::address::slug(&stem),
        id: crate::model::Id(format!("tag:{}:{stem}", newsletter.authority)),
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

/// Reads a file.
pub fn read(place: &Path) -> Result<Vec<u8>, Error> {
    fs::read(place).map_err(cannot_read(place))
}
