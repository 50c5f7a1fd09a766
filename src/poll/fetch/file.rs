//! Sources that are files: a saved feed, or a folder of them.

use std::fs::{self, File, Metadata};
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};

use url::Url;

use super::visit::Failure;
use crate::model::Outcome;

/// Files of a folder that are read, in the order of their names.
const FILES: usize = 1_000;

/// The place of a `file:` address; a relative one starts at `root`, the folder of `config.toml`.
pub fn path(url: &str, root: &Path) -> Option<PathBuf> {
    let rest = url.strip_prefix("file:")?;
    if rest.starts_with('/') {
        return Url::parse(url).ok()?.to_file_path().ok();
    }
    Some(root.join(rest))
}

/// The bytes of a file, or of each file in a folder; at most `max_bytes` altogether.
///
/// # Errors
///
/// Where something cannot be read, or is too large.
pub fn read(place: &Path, max_bytes: usize) -> Result<Vec<Vec<u8>>, Failure> {
    let mut left = max_bytes;
    let metadata = fs::metadata(place).map_err(|error| failure(place, &error))?;
    if !metadata.is_dir() {
        // A pipe waits for a writer as soon as it is opened, and a device has no end.
        regular(place, &metadata)?;
        return Ok(vec![read_file(place, &mut left)?]);
    }
    let mut files: Vec<PathBuf> = fs::read_dir(place)
        .map_err(|error| failure(place, &error))?
        .filter_map(Result::ok)
        .filter(|entry| !entry.file_name().as_encoded_bytes().starts_with(b"."))
        .map(|entry| entry.path())
        .filter(|path| path.is_file())
        .collect();
    files.sort();
    files.truncate(FILES);
    files
        .iter()
        .map(|file| read_file(file, &mut left))
        .collect()
}

fn regular(place: &Path, metadata: &Metadata) -> Result<(), Failure> {
    if metadata.is_file() {
        return Ok(());
    }
    let message = format!(
        "`{}` is neither a file nor a folder but a pipe, a socket or a device",
        place.display()
    );
    Err(Failure::new(Outcome::Refused, message))
}

fn read_file(place: &Path, left: &mut usize) -> Result<Vec<u8>, Failure> {
    let file = File::open(place).map_err(|error| failure(place, &error))?;
    let metadata = file.metadata().map_err(|error| failure(place, &error))?;
    regular(place, &metadata)?;
    let limit = u64::try_from(*left).unwrap_or(u64::MAX).saturating_add(1);
    let mut bytes = Vec::new();
    file.take(limit)
        .read_to_end(&mut bytes)
        .map_err(|error| failure(place, &error))?;
    if bytes.len() > *left {
        let message = format!("`{}` is larger than allowed", place.display());
        return Err(Failure::new(Outcome::TooLarge, message));
    }
    *left -= bytes.len();
    Ok(bytes)
}

fn failure(place: &Path, error: &io::Error) -> Failure {
    let outcome = match error.kind() {
        io::ErrorKind::NotFound => Outcome::NotFound,
        io::ErrorKind::PermissionDenied => Outcome::Denied,
        _ => Outcome::Unreachable,
    };
    Failure::new(
        outcome,
        format!("cannot read `{}`: {error}", place.display()),
    )
}
