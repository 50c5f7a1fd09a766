//! Which issue files changed since the last build.

use std::ops::Range;
use std::path::Path;

use crate::issues;
use crate::issues::header::{self, Places};
use crate::issues::readings::Signing;
use crate::issues::readings::signing::{self, Signatures};
use crate::model::{Header, Problem, Severity};
use rayon::prelude::*;
use xxhash_rust::xxh3::Xxh3;

use super::cache::{CachedIssue, Found, Stamp};
use super::error::Error;
use super::files::{IssueFile, read};

/// An issue file, and how far it is known.
pub(super) struct Surveyed {
    pub(super) file: IssueFile,
    pub(super) hash: u64,
    /// The names in its readings.
    pub(super) signatures: Signatures,
    pub(super) state: State,
}

/// How far an issue file is known.
pub(super) enum State {
    /// It did not change since the last build.
    Known(Box<CachedIssue>),
    /// Its header was read; `None` where it has an error.
    New {
        header: Option<Box<Header>>,
        places: Box<Places>,
        body: Range<usize>,
        problems: Vec<Problem>,
    },
}

impl Surveyed {
    /// What the file says of itself.
    pub(super) fn header(&self) -> Option<&Header> {
        match &self.state {
            State::Known(known) => Some(&known.facts.header),
            State::New { header, .. } => header.as_deref(),
        }
    }
}

impl Surveyed {
    /// Where its parts stand.
    pub(super) fn places(&self) -> &Places {
        match &self.state {
            State::Known(known) => &known.places,
            State::New { places, .. } => places,
        }
    }

    /// What is wrong with it, as far as that is known.
    pub(super) fn problems(&self) -> &[Problem] {
        match &self.state {
            State::Known(known) => &known.problems,
            State::New { problems, .. } => problems,
        }
    }
}

/// Reads the headers of the files that changed, on all cores. What is known of the others is
/// taken from the cache, not copied.
pub(super) fn survey(
    files: Vec<IssueFile>,
    found: &mut Found,
    options: &issues::Options,
) -> Result<Vec<Surveyed>, Error> {
    let written = found.written;
    let known: Vec<(IssueFile, Option<CachedIssue>)> = files
        .into_iter()
        .map(|file| {
            // An issue that was held back was never rendered: its size is zero.
            let known = found.cache.issues.remove(&file.path);
            (file, known.filter(|known| known.facts.size > 0))
        })
        .collect();
    known
        .into_par_iter()
        .map(|(file, known)| survey_file(file, known, written, options))
        .collect()
}

fn survey_file(
    file: IssueFile,
    known: Option<CachedIssue>,
    written: Option<Stamp>,
    options: &issues::Options,
) -> Result<Surveyed, Error> {
    // The file surely is what it was when the cache was written.
    let is_unchanged = |known: &CachedIssue| {
        known.stamp == file.stamp
            && written.is_some_and(|written| !file.stamp.is_younger_than(written))
    };
    let known = match known {
        Some(known) if is_unchanged(&known) => {
            return Ok(Surveyed {
                hash: known.hash,
                signatures: known.signatures.clone(),
                file,
                state: State::Known(Box::new(known)),
            });
        }
        known => known,
    };
    let bytes = read(&file.place)?;
    let hash = fingerprint(&file.path, &bytes);
    let mut signatures = Signatures::default();
    let state = match known {
        Some(known) if known.hash == hash => {
            signatures.clone_from(&known.signatures);
            State::Known(Box::new(CachedIssue {
                stamp: file.stamp,
                ..known
            }))
        }
        _ => match issues::decode(&bytes, &file.path) {
            Ok(text) => {
                let outcome = header::read(&file.path, text, options);
                signatures = issues::signatures(text, outcome.body.clone(), options);
                let right = !outcome
                    .problems
                    .iter()
                    .any(|p| p.severity == Severity::Error);
                State::New {
                    header: outcome.header.filter(|_| right).map(Box::new),
                    places: Box::new(outcome.places),
                    body: outcome.body,
                    problems: outcome.problems,
                }
            }
            Err(problem) => State::New {
                header: None,
                places: Box::default(),
                body: 0..0,
                problems: vec![problem],
            },
        },
    };
    Ok(Surveyed {
        file,
        hash,
        signatures,
        state,
    })
}

/// Where the newsletter's curators sign, as all its issues show.
pub(super) fn habit(surveyed: &[Surveyed]) -> Signing {
    let mut issues: Vec<(&Header, &Signatures)> = surveyed
        .iter()
        .filter_map(|issue| Some((issue.header()?, &issue.signatures)))
        .filter(|(header, _)| !header.draft)
        .collect();
    issues.sort_by(|(one, _), (other, _)| {
        (other.published, &other.path).cmp(&(one.published, &one.path))
    });
    signing::habit(issues.into_iter().map(|(_, signatures)| signatures))
}

/// A number of all that an issue's documents depend on beside configuration and program: what
/// stands in its file, and the name, which gives slug, date and id.
fn fingerprint(path: &Path, bytes: &[u8]) -> u64 {
    let mut hasher = Xxh3::new();
    let name = path.as_os_str().as_encoded_bytes();
    hasher.update(&(name.len() as u64).to_le_bytes());
    hasher.update(name);
    hasher.update(bytes);
    hasher.digest()
}
