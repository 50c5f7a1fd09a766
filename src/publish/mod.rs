//! Issues -> documents on disk, incrementally, whole or not at all.
//!
//! A build surveys the issue files, renders those that changed, plans the documents, renders
//! those whose ingredients changed, and only when all of them are ready moves them to their
//! places. An error before that leaves the last good documents as they were. It is told what time
//! it is and prints nothing.

pub mod announce;
mod assemble;
mod build;
mod cache;
mod error;
pub mod files;
mod finish;
mod journal;
pub mod published;
mod render;
mod spool;
mod stage;
mod survey;
pub mod workspace;

use std::fs::{self, File};
use std::path::PathBuf;

use chrono::{DateTime, Utc};
use rayon::prelude::*;
use xxhash_rust::xxh3::xxh3_64;

use self::build::Build;
use self::cache::Stamp;
use self::error::{cannot_read, cannot_write, failed};
use self::files::IssueFile;
use self::journal::Journal;
use self::survey::Surveyed;
use crate::config::Config;
use crate::feeds::manifest::Manifest;
use crate::issues::readings::Signing;
use crate::model::{Problem, Severity};

pub use self::build::seen;
pub use self::error::Error;
pub use self::render::standing_feeds;

/// What is asked of a build.
#[derive(Clone, Copy, Debug)]
pub struct Request {
    /// The instant that decides which issues lie in the future.
    pub now: DateTime<Utc>,
    /// Whether files that newsdesk did not make may be replaced.
    pub overwrite: bool,
}

/// What a build did.
#[derive(Clone, Debug, Default)]
pub struct Report {
    /// The documents that were written, by path.
    pub written: Vec<String>,
    /// The documents that were already as they should be.
    pub unchanged: usize,
    /// The documents that were removed.
    pub removed: Vec<String>,
    /// The published issues.
    pub issues: usize,
    /// Their readings.
    pub readings: usize,
    /// The drafts and the issues dated in the future.
    pub held_back: usize,
    /// What is wrong with the issues that changed, and between issues.
    pub problems: Vec<Problem>,
    /// The warnings about issues that did not change.
    pub old_warnings: usize,
    /// Whether a build that was cut off before was brought to its end.
    pub resumed: bool,
    /// Whether an error stopped the build.
    pub stopped: bool,
}

/// Builds all documents that are not as they should be.
pub fn build(config: &Config, request: Request) -> Result<Report, Error> {
    let _lock = lock(config)?;
    let seed = seed(config);
    let files = files::files(config)?;
    let journal = Journal::read(&config.feeds.folder)?;
    if !stage::is_left_over(&config.feeds.folder)
        && let Some(report) = nothing_to_do(config, &request, seed, &files)
    {
        return Ok(report);
    }
    let (known, published) = rayon::join(|| know(config, seed, files), || read_manifest(config));
    let (found, surveyed, signing) = known?;
    let mut config = config.clone();
    config.issues.signing = signing;
    Build {
        config: &config,
        request,
        cache: &found.cache,
        journal,
    }
    .run(surveyed, published)
    .map(|mut report| {
        report.problems.retain(|problem| {
            problem.severity == Severity::Error
                || !config.ignored.iter().any(|code| *code == problem.code)
        });
        report
    })
}

/// What is known of the issues, from the last build and from the files, and where their curators
/// sign. What was made with another habit in mind is made again.
fn know(
    config: &Config,
    seed: u64,
    files: Vec<IssueFile>,
) -> Result<(cache::Found, Vec<Surveyed>, Signing), Error> {
    let mut found = cache::read(&config.root, seed);
    let surveyed = survey::survey(files.clone(), &mut found, &config.issues)?;
    let signing = survey::habit(&surveyed);
    if found.cache.signing.is_none_or(|known| known == signing) {
        return Ok((found, surveyed, signing));
    }
    found.cache.issues.clear();
    found.cache.documents.clear();
    let surveyed = survey::survey(files, &mut found, &config.issues)?;
    Ok((found, surveyed, signing))
}

/// The manifest of what is published; an empty one where nothing is.
fn read_manifest(config: &Config) -> Result<Manifest, Error> {
    let path = published::manifest_path(&config.feeds);
    match fs::read_to_string(&path) {
        Ok(text) => Manifest::parse(&text).map_err(|source| Error::Manifest { path, source }),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(Manifest::default()),
        Err(error) => Err(cannot_read(&path)(error)),
    }
}

/// Holds off other builds of the same newsletter until it is dropped.
fn lock(config: &Config) -> Result<File, Error> {
    let folder = workspace::folder(&config.root);
    let folder = folder.map_err(failed("make", &config.root.join(workspace::FOLDER)))?;
    let path = folder.join("build.lock");
    let file = File::create(&path).map_err(cannot_write(&path))?;
    file.lock().map_err(|source| Error::Disk {
        attempt: "cannot wait for another build to end".to_owned(),
        source,
    })?;
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
    files: &[IssueFile],
) -> Option<Report> {
    let (stamps, written) = cache::read_stamps(&config.root, seed)?;
    let is_same = |(file, (path, stamp)): (&IssueFile, &(PathBuf, Stamp))| {
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
