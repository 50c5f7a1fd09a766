//! Which issue files there are, and when and how large each is.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::time::UNIX_EPOCH;

use serde::{Deserialize, Serialize};
use walkdir::WalkDir;

use super::error::Error;
use crate::config::Config;

/// When and how large a file was: if both are the same, so is the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stamp {
    /// Nanoseconds since 1970 of the last change.
    pub modified: i128,
    /// Bytes.
    pub size: u64,
}

impl Stamp {
    /// The stamp of a file.
    ///
    /// # Errors
    ///
    /// Where the system does not say when a file changed.
    pub fn of(metadata: &fs::Metadata) -> io::Result<Self> {
        let modified = match metadata.modified()?.duration_since(UNIX_EPOCH) {
            Ok(after) => i128::try_from(after.as_nanos()).unwrap_or(i128::MAX),
            Err(before) => -i128::try_from(before.duration().as_nanos()).unwrap_or(i128::MAX),
        };
        Ok(Self {
            modified,
            size: metadata.len(),
        })
    }

    /// Whether the file may have changed again without its stamp showing it: some file systems
    /// count time in steps of two seconds.
    pub fn is_younger_than(self, written: Self) -> bool {
        const STEP: i128 = 2_000_000_000;
        self.modified + STEP > written.modified
    }
}

/// An issue file on the disk.
#[derive(Clone, Debug)]
pub struct IssueFile {
    /// Where it is.
    pub place: PathBuf,
    /// The same as the user would name it: relative to the folder of `config.toml`.
    pub path: PathBuf,
    /// Its stamp.
    pub stamp: Stamp,
}

/// Lists the issue files, sorted by path.
///
/// # Errors
///
/// Where a folder of issues is missing or cannot be listed.
pub fn files(config: &Config) -> Result<Vec<IssueFile>, Error> {
    let mut files = Vec::new();
    for folder in &config.issue_folders {
        if !folder.is_dir() {
            return Err(Error::NoFolder(folder.clone()));
        }
        for entry in WalkDir::new(folder)
            .into_iter()
            .filter_entry(|entry| !is_hidden(entry))
        {
            let entry = entry?;
            if !entry.file_type().is_dir() && is_issue(entry.path()) {
                let metadata = fs::metadata(entry.path())
                    .map_err(|source| Error::read(entry.path(), source))?;
                if metadata.is_file() {
                    let place = entry.into_path();
                    let stamp = Stamp::of(&metadata);
                    files.push(IssueFile {
                        stamp: stamp.map_err(|source| Error::read(&place, source))?,
                        path: relative(&config.root, &place),
                        place,
                    });
                }
            }
        }
    }
    files.sort_by(|one, other| one.path.cmp(&other.path));
    files.dedup_by(|one, other| one.path == other.path);
    Ok(files)
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

/// Reads a file.
///
/// # Errors
///
/// With the path, where it cannot be read.
pub fn read(place: &Path) -> Result<Vec<u8>, Error> {
    fs::read(place).map_err(|source| Error::read(place, source))
}
