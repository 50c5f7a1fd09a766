//! How files are written, everywhere alike: beside their place, then renamed to it, so that
//! neither a full disk nor a kill leaves half of one.
//!
//! What cannot be made again ([`Durability::Lasting`]: drafts, configuration, exports) is on the
//! disk before it is renamed, and its name before a function returns. What can be made again
//! from the issues is not waited for: an archive of 10,000 issues has 60,000 documents, and what a
//! loss of power takes from one of them shows in its size at the next build.

pub mod fault;

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::time::Duration;

use tempfile::NamedTempFile;

use self::fault::Operation;

/// How names of files that are not yet in their place begin.
const PREFIX: &str = ".newsdesk-";
/// How they end.
const SUFFIX: &str = ".part";
/// One that is so much older than another was left over by a kill.
const LEFT_OVER: Duration = Duration::from_hours(1);

/// Whether a file has to outlive a loss of power.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Durability {
    /// Nobody can make it again.
    Lasting,
    /// It is made again where it is missing.
    Remade,
}

/// Writes a file, in place of one that may be there. A link is followed, permissions are kept,
/// and what is no file (`/dev/stdout`, a pipe) is written to as it is.
pub fn replace(path: &Path, bytes: &[u8], durability: Durability) -> io::Result<()> {
    let there = fs::metadata(path).ok();
    if there.as_ref().is_some_and(|there| !there.is_file()) {
        let mut file = OpenOptions::new().write(true).open(path)?;
        return write(&mut file, bytes);
    }
    let place = if fs::symlink_metadata(path).is_ok_and(|link| link.is_symlink()) {
        target(path)?
    } else {
        path.to_path_buf()
    };
    let part = part(&place, bytes, durability)?;
    if let Some(there) = there {
        fs::set_permissions(part.path(), there.permissions())?;
    }
    fault::at(Operation::Rename, &place)?;
    part.persist(&place).map_err(|error| error.error)?;
    if durability == Durability::Lasting {
        sync_folder(folder_of(&place))?;
    }
    Ok(())
}

/// Writes a file that lasts where none is.
///
/// # Errors
///
/// [`io::ErrorKind::AlreadyExists`] where one is; it stays as it was.
pub fn create(path: &Path, bytes: &[u8]) -> io::Result<()> {
    if fs::symlink_metadata(path).is_ok() {
        return Err(io::ErrorKind::AlreadyExists.into());
    }
    let part = part(path, bytes, Durability::Lasting)?;
    fault::at(Operation::Rename, path)?;
    part.persist_noclobber(path).map_err(|error| error.error)?;
    sync_folder(folder_of(path))
}

/// Makes a folder with all above it; each stays after a loss of power.
pub fn make_folder(path: &Path) -> io::Result<()> {
    if path.as_os_str().is_empty() || path.is_dir() {
        return Ok(());
    }
    make_folder(folder_of(path))?;
    fault::at(Operation::Folder, path)?;
    match fs::create_dir(path) {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists && path.is_dir() => Ok(()),
        Err(error) => Err(error),
        Ok(()) => sync_folder(folder_of(path)),
    }
}

/// Makes a folder with all above it, for what can be made again.
pub(crate) fn make_folders(path: &Path) -> io::Result<()> {
    fault::at(Operation::Folder, path)?;
    fs::create_dir_all(path)
}

/// Begins a file that nobody sees yet, in a folder of such files.
pub(crate) fn begin(path: &Path) -> io::Result<File> {
    fault::at(Operation::Create, path)?;
    File::create(path)
}

/// Appends to a file that nobody sees yet.
pub(crate) fn write(file: &mut File, bytes: &[u8]) -> io::Result<()> {
    // A disk that is full takes what it can.
    fault::after(Operation::Write, Path::new(""), || {
        file.write_all(&bytes[..bytes.len() / 2])
    })?;
    file.write_all(bytes)
}

/// Waits until the disk has a file.
pub(crate) fn sync(path: &Path) -> io::Result<()> {
    fault::at(Operation::Sync, path)?;
    File::open(path)?.sync_all()
}

/// Moves what is whole to its place.
pub(crate) fn rename(from: &Path, to: &Path) -> io::Result<()> {
    fault::at(Operation::Rename, to)?;
    fs::rename(from, to)
}

/// Removes a file.
pub(crate) fn remove(path: &Path) -> io::Result<()> {
    fault::at(Operation::Remove, path)?;
    fs::remove_file(path)
}

/// Waits until the disk has the names in a folder.
pub(crate) fn sync_folder(folder: &Path) -> io::Result<()> {
    fault::at(Operation::Sync, folder)?;
    // Windows opens no folder as a file, and writes names through.
    #[cfg(unix)]
    File::open(folder)?.sync_all()?;
    Ok(())
}

/// The folder of a path; the one where the program runs where it names none.
fn folder_of(path: &Path) -> &Path {
    match path.parent() {
        Some(parent) if parent.as_os_str().is_empty() => Path::new("."),
        Some(parent) => parent,
        None => path,
    }
}

/// Where a link leads, also when nothing is there yet.
fn target(link: &Path) -> io::Result<PathBuf> {
    // As many links as Linux follows; more of them is a circle.
    const MOST: usize = 40;
    let mut path = link.to_path_buf();
    for _ in 0..MOST {
        match fs::read_link(&path) {
            Ok(next) => path = folder_of(&path).join(next),
            Err(_) => return Ok(path),
        }
    }
    Err(io::Error::other("its links lead in a circle"))
}

/// The bytes in a file beside the place where they belong.
fn part(place: &Path, bytes: &[u8], durability: Durability) -> io::Result<NamedTempFile> {
    let folder = folder_of(place);
    fault::at(Operation::Create, place)?;
    let mut builder = tempfile::Builder::new();
    builder.prefix(PREFIX).suffix(SUFFIX);
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        // As any other new file; the system takes away what its user wants to be taken.
        builder.permissions(fs::Permissions::from_mode(0o666));
    }
    let mut part = builder.tempfile_in(folder)?;
    write(part.as_file_mut(), bytes)?;
    if durability == Durability::Lasting {
        fault::at(Operation::Sync, place)?;
        part.as_file().sync_all()?;
    }
    remove_left_over(folder, &part);
    Ok(part)
}

/// Removes what kills left beside a place. Files are compared with one that was made just now,
/// so that no clock is asked, and none that another process is writing is taken away.
fn remove_left_over(folder: &Path, new: &NamedTempFile) {
    let modified = |metadata: fs::Metadata| metadata.modified().ok();
    let (Ok(entries), Some(now)) = (
        fs::read_dir(folder),
        new.as_file().metadata().ok().and_then(modified),
    ) else {
        return;
    };
    for entry in entries.flatten() {
        let name = entry.file_name();
        let name = name.to_string_lossy();
        let is_part = name.starts_with(PREFIX) && name.ends_with(SUFFIX);
        let age = || now.duration_since(modified(entry.metadata().ok()?)?).ok();
        if is_part && age().is_some_and(|age| age > LEFT_OVER) {
            let _ = fs::remove_file(entry.path());
        }
    }
}

#[cfg(test)]
mod tests;
