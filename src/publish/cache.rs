//! What the last build learned, so that the next one does only what is new.
//!
//! The cache may be deleted at any time; a build without it makes the same documents. It lies in
//! `.newsdesk/` beside `config.toml` and is never published.

use std::collections::HashMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::time::UNIX_EPOCH;

use crate::feeds::plan::IssueFacts;
use crate::issues::header::Places;
use crate::issues::readings::Signing;
use crate::issues::readings::signing::Signatures;
use crate::model::Problem;
use serde::{Deserialize, Serialize};

use super::error::{Error, cannot_write};
use super::workspace::{self, FOLDER};
use crate::disk::{self, Durability};

/// When and how large a file was, and which: if all is the same, so is the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Stamp {
    /// Nanoseconds since 1970 of the last change.
    pub(super) modified: i128,
    /// Bytes.
    pub(super) size: u64,
    /// Which file it is, and when anything of it changed last, its name among that, where the
    /// system tells: two files of one size and time, as a checkout leaves them, may change places.
    /// Nothing for documents, which are renamed after their stamp was taken.
    identity: Option<(u64, i128)>,
}

impl Stamp {
    /// The stamp of a document.
    pub(super) fn of(metadata: &fs::Metadata) -> io::Result<Self> {
        let modified = match metadata.modified()?.duration_since(UNIX_EPOCH) {
            Ok(after) => i128::try_from(after.as_nanos()).unwrap_or(i128::MAX),
            Err(before) => -i128::try_from(before.duration().as_nanos()).unwrap_or(i128::MAX),
        };
        Ok(Self {
            modified,
            size: metadata.len(),
            identity: None,
        })
    }

    /// The stamp of an issue file.
    pub(super) fn of_issue(metadata: &fs::Metadata) -> io::Result<Self> {
        Ok(Self {
            identity: identity(metadata),
            ..Self::of(metadata)?
        })
    }

    /// Whether the file may have changed again without its stamp showing it: some file systems
    /// count time in steps of two seconds.
    pub(super) fn is_younger_than(self, written: Self) -> bool {
        const STEP: i128 = 2_000_000_000;
        let changed = self.identity.map_or(self.modified, |(_, changed)| changed);
        self.modified.max(changed) + STEP > written.modified
    }
}

#[cfg(unix)]
#[expect(clippy::unnecessary_wraps, reason = "other systems know none")]
fn identity(metadata: &fs::Metadata) -> Option<(u64, i128)> {
    use std::os::unix::fs::MetadataExt as _;
    let changed = i128::from(metadata.ctime()) * 1_000_000_000 + i128::from(metadata.ctime_nsec());
    Some((metadata.ino(), changed))
}

#[cfg(not(unix))]
fn identity(_: &fs::Metadata) -> Option<(u64, i128)> {
    None
}

/// What is known of an issue file.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct CachedIssue {
    /// Its stamp when it was read.
    pub(super) stamp: Stamp,
    /// A hash of its bytes.
    pub(super) hash: u64,
    /// What the plan has to know of it.
    pub(super) facts: IssueFacts,
    /// Where the parts of its header stand.
    pub(super) places: Places,
    /// What is wrong with it, taken alone.
    pub(super) problems: Vec<Problem>,
    /// The names in its readings.
    pub(super) signatures: Signatures,
}

/// What is known of a document.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub(super) struct CachedDocument {
    /// Its stamp when it was written.
    pub(super) stamp: Stamp,
    /// The hash of its bytes that the manifest has.
    pub(super) hash: u64,
    /// The fingerprint of what it was made of.
    pub(super) fingerprint: u64,
}

/// What the last build learned.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(super) struct Cache {
    /// The number that changes with the configuration and the program.
    pub(super) seed: u64,
    /// When the first issue that is dated in the future falls due, in seconds since 1970.
    pub(super) next_due: Option<i64>,
    /// Where curators signed.
    pub(super) signing: Option<Signing>,
    /// The issue files by path; a survey takes those that did not change.
    pub(super) issues: HashMap<PathBuf, CachedIssue>,
    /// The documents by path.
    pub(super) documents: HashMap<String, CachedDocument>,
    /// The subscription documents that changed and that no hub was told of.
    pub(super) unannounced: Vec<String>,
}

/// An issue file as a build leaves it: written as a [`CachedIssue`], of borrowed parts.
#[derive(Clone, Copy, Debug, Serialize)]
pub(super) struct IssueToKeep<'a> {
    pub(super) stamp: Stamp,
    pub(super) hash: u64,
    pub(super) facts: &'a IssueFacts,
    pub(super) places: &'a Places,
    pub(super) problems: &'a [Problem],
    pub(super) signatures: &'a Signatures,
}

/// What a build leaves: written as a [`Cache`], of borrowed parts. postcard writes a list of
/// pairs as it writes a map.
#[derive(Clone, Debug, Serialize)]
pub(super) struct ToKeep<'a> {
    pub(super) seed: u64,
    pub(super) next_due: Option<i64>,
    pub(super) signing: Option<Signing>,
    pub(super) issues: Vec<(&'a Path, IssueToKeep<'a>)>,
    pub(super) documents: Vec<(&'a str, CachedDocument)>,
    pub(super) unannounced: &'a [String],
}

/// The cache as it was found, with its own stamp.
pub(super) struct Found {
    pub(super) cache: Cache,
    pub(super) written: Option<Stamp>,
}

/// Reads the cache; an empty one where there is none, or none that fits.
pub(super) fn read(root: &Path, seed: u64) -> Found {
    let path = file(root);
    let found = fs::read(&path)
        .ok()
        .and_then(|bytes| postcard::from_bytes::<Cache>(&bytes).ok());
    let written = fs::metadata(&path)
        .ok()
        .and_then(|metadata| Stamp::of(&metadata).ok());
    match found {
        Some(cache) if cache.seed == seed => Found { cache, written },
        // What no hub was told of outlives a change of the configuration.
        Some(cache) => {
            let unannounced = cache.unannounced;
            Found {
                cache: Cache {
                    seed,
                    unannounced,
                    ..Cache::default()
                },
                written: None,
            }
        }
        None => Found {
            cache: Cache {
                seed,
                ..Cache::default()
            },
            written: None,
        },
    }
}

/// Writes the cache, whole or not at all.
pub(super) fn write(root: &Path, cache: &ToKeep<'_>) -> Result<(), Error> {
    write_whole(root, &file(root), &postcard::to_stdvec(cache)?)
}

/// Writes that hubs were told of what changed.
pub(super) fn write_announced(root: &Path, cache: &Cache) -> Result<(), Error> {
    write_whole(root, &file(root), &postcard::to_stdvec(cache)?)
}

/// As little as tells that nothing changed. It is read first, because reading the whole cache of
/// a large archive takes longer than looking at every file.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(super) struct Stamps {
    /// The number that changes with the configuration and the program.
    pub(super) seed: u64,
    /// When the first issue that is dated in the future falls due, in seconds since 1970.
    pub(super) next_due: Option<i64>,
    /// The issue files, sorted by path.
    pub(super) issues: Vec<(PathBuf, Stamp)>,
    /// The documents.
    pub(super) documents: Vec<(String, Stamp)>,
    /// The numbers that a report has: published issues, readings, issues held back, warnings.
    pub(super) counts: [usize; 4],
}

/// Reads the stamps, with the stamp of their own file; `None` where there are none that fit.
pub(super) fn read_stamps(root: &Path, seed: u64) -> Option<(Stamps, Stamp)> {
    let path = stamps_file(root);
    let stamps: Stamps = postcard::from_bytes(&fs::read(&path).ok()?).ok()?;
    let written = Stamp::of(&fs::metadata(&path).ok()?).ok()?;
    (stamps.seed == seed).then_some((stamps, written))
}

/// The stamps of a build, written as [`Stamps`], of borrowed parts.
#[derive(Clone, Debug, Serialize)]
pub(super) struct StampsToKeep<'a> {
    pub(super) seed: u64,
    pub(super) next_due: Option<i64>,
    pub(super) issues: Vec<(&'a Path, Stamp)>,
    pub(super) documents: Vec<(&'a str, Stamp)>,
    pub(super) counts: [usize; 4],
}

/// The bytes of the stamps' file.
pub(super) fn encode_stamps(stamps: &StampsToKeep<'_>) -> Result<Vec<u8>, Error> {
    Ok(postcard::to_stdvec(stamps)?)
}

/// Writes the stamps, whole or not at all.
pub(super) fn write_stamps(root: &Path, stamps: &[u8]) -> Result<(), Error> {
    write_whole(root, &stamps_file(root), stamps)
}

fn write_whole(root: &Path, path: &Path, bytes: &[u8]) -> Result<(), Error> {
    let write = || {
        workspace::folder(root)?;
        disk::replace(path, bytes, Durability::Remade)
    };
    write().map_err(cannot_write(path))
}

fn stamps_file(root: &Path) -> PathBuf {
    root.join(FOLDER).join("build-stamps")
}

fn file(root: &Path) -> PathBuf {
    root.join(FOLDER).join("build-cache")
}
