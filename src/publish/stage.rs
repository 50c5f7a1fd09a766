//! Documents on their way to the disk: written beside their place, then moved to it by renaming,
//! so that no reader ever sees half of one, and a build that fails leaves all as it was.
//!
//! The staging folder has the same folders in it as that of the documents. A folder that is not
//! there yet is moved as a whole: tens of thousands of renames in a first build become a few.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::fs::{self, File};
use std::io::{self, Read};
use std::path::Path;
use std::sync::{Mutex, MutexGuard, PoisonError};

use tempfile::TempDir;
use xxhash_rust::xxh3::Xxh3;

use super::cache::{CachedDocument, Stamp};
use super::error::{Error, cannot_make, cannot_read, cannot_write, failed};
use super::journal;
use crate::disk;
use crate::feeds::manifest;

/// How the names of staging folders begin; one that is left over was made by a build that was
/// killed.
const PREFIX: &str = ".newsdesk-staging-";

/// Bytes of a document that are held before they are written.
const HELD: usize = 1 << 20;

/// The documents of one build that are not yet in their place.
pub(super) struct Stage<'a> {
    /// The folder of documents.
    folder: &'a Path,
    /// The documents as the last build left them.
    known: &'a HashMap<String, CachedDocument>,
    /// The documents that newsdesk made, by the manifest.
    own: &'a HashSet<String>,
    /// Whether files that newsdesk did not make may be replaced.
    overwrite: bool,
    staging: TempDir,
    /// The folders that documents lie in, `archive/2026` for one.
    folders: Mutex<HashMap<String, Folder>>,
    /// The paths of the staged documents.
    staged: Mutex<Vec<String>>,
}

/// What is known of a folder of documents.
#[derive(Clone, Copy, Debug)]
struct Folder {
    /// Whether it was there when the build began.
    stands: bool,
    /// Whether it was made in the staging folder.
    is_staged: bool,
}

/// What became of a document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Done {
    /// The hash of its bytes.
    pub(super) hash: u64,
    /// Whether it differs from what is in its place.
    pub(super) changed: bool,
    /// The stamp of its file, which moving it keeps.
    pub(super) stamp: Stamp,
}

impl<'a> Stage<'a> {
    /// Opens the folder of documents, making it where there is none.
    pub(super) fn open(
        folder: &'a Path,
        known: &'a HashMap<String, CachedDocument>,
        own: &'a HashSet<String>,
        overwrite: bool,
    ) -> Result<Self, Error> {
        disk::make_folder(folder).map_err(cannot_make(folder))?;
        remove_left_over(folder);
        let staging = tempfile::Builder::new()
            .prefix(PREFIX)
            .tempdir_in(folder)
            .map_err(failed("write to", folder))?;
        Ok(Self {
            folder,
            known,
            own,
            overwrite,
            staging,
            folders: Mutex::default(),
            staged: Mutex::default(),
        })
    }

    /// The folder for what is made on the way.
    pub(super) fn path(&self) -> &Path {
        self.staging.path()
    }

    /// Begins a document.
    pub(super) fn document(&self, path: &str) -> Writer<'_> {
        Writer {
            stage: self,
            path: path.to_owned(),
            hasher: Xxh3::new(),
            held: Vec::new(),
            file: None,
            length: 0,
        }
    }

    /// A whole document at once.
    pub(super) fn put(&self, path: &str, bytes: Vec<u8>) -> Result<Done, Error> {
        let mut writer = self.document(path);
        writer.hasher.update(&bytes);
        writer.length = bytes.len() as u64;
        writer.held = bytes;
        writer.finish()
    }

    /// Whether the folder stood before this build; where its own folder did not, nobody asks the
    /// disk.
    fn stands(&self, path: &str) -> bool {
        if path.is_empty() {
            return true;
        }
        if let Some(known) = lock(&self.folders).get(path) {
            return known.stands;
        }
        let stands =
            self.stands(parent(path)) && fs::symlink_metadata(self.folder.join(path)).is_ok();
        let is_staged = false;
        lock(&self.folders)
            .entry(path.to_owned())
            .or_insert(Folder { stands, is_staged })
            .stands
    }

    /// Makes the file of a document in the staging folder.
    fn create(&self, path: &str) -> Result<File, Error> {
        let file = self.staging.path().join(path);
        let folder = parent(path);
        let is_staged = |folder: &str| {
            let folders = lock(&self.folders);
            folders.get(folder).is_some_and(|known| known.is_staged)
        };
        if !folder.is_empty() && !is_staged(folder) {
            let made = self.staging.path().join(folder);
            disk::make_folders(&made).map_err(cannot_write(&made))?;
            let stands = self.stands(folder);
            let is_staged = true;
            lock(&self.folders).insert(folder.to_owned(), Folder { stands, is_staged });
        }
        disk::begin(&file).map_err(cannot_write(&file))
    }

    /// The largest part of the path that can be moved at once: the first of its folders that did
    /// not stand, or the file alone.
    fn unit<'p>(&self, path: &'p str) -> &'p str {
        path.match_indices('/')
            .map(|(at, _)| &path[..at])
            .find(|folder| !self.stands(folder))
            .unwrap_or(path)
    }

    /// Moves every staged document to its place, those that `last` names at the end and in its
    /// order.
    pub(super) fn commit(self, last: &[&str]) -> Result<(), Error> {
        let ranks: HashMap<&str, usize> = last.iter().copied().zip(1..).collect();
        let staged = std::mem::take(&mut *lock(&self.staged));
        let mut units: BTreeMap<&str, (usize, Vec<&str>)> = BTreeMap::new();
        for path in &staged {
            let rank = ranks.get(path.as_str()).copied().unwrap_or(0);
            let unit = units.entry(self.unit(path)).or_default();
            // A new folder comes when the first of its subscription documents may.
            unit.0 = match (unit.0, rank) {
                (0, other) | (other, 0) => other,
                (one, other) => one.min(other),
            };
            unit.1.push(path);
        }
        let mut units: Vec<(usize, &str, Vec<&str>)> = units
            .into_iter()
            .map(|(unit, (rank, paths))| (rank, unit, paths))
            .collect();
        units.sort_by_key(|(rank, unit, _)| (*rank, *unit));
        // A torn list of what is published would stop every later build.
        let manifest = self.staging.path().join(manifest::FILE_NAME);
        if manifest.exists() {
            disk::sync(&manifest).map_err(cannot_write(&manifest))?;
        }
        for (_, unit, mut paths) in units {
            if self.rename(unit).is_ok() {
                continue;
            }
            // Somebody made the folder meanwhile, or the file system moves files only.
            paths.sort_by_key(|path| (ranks.get(path).copied().unwrap_or(0), *path));
            for path in paths {
                let target = self.folder.join(path);
                let folder = target.parent().unwrap_or(self.folder);
                disk::make_folders(folder).map_err(cannot_make(folder))?;
                self.rename(path).map_err(cannot_write(&target))?;
            }
        }
        Ok(())
    }

    fn rename(&self, path: &str) -> io::Result<()> {
        disk::rename(&self.staging.path().join(path), &self.folder.join(path))
    }
}

/// The folder that a path lies in; empty where it lies in none.
fn parent(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(folder, _)| folder)
}

fn lock<T>(shared: &Mutex<T>) -> MutexGuard<'_, T> {
    shared.lock().unwrap_or_else(PoisonError::into_inner)
}

/// A document being written.
pub(super) struct Writer<'s> {
    stage: &'s Stage<'s>,
    path: String,
    hasher: Xxh3,
    held: Vec<u8>,
    /// Its file, once something was written to it.
    file: Option<File>,
    length: u64,
}

impl Writer<'_> {
    /// Appends bytes.
    pub(super) fn write(&mut self, bytes: &[u8]) -> Result<(), Error> {
        self.hasher.update(bytes);
        self.length += bytes.len() as u64;
        self.held.extend_from_slice(bytes);
        if self.held.len() > HELD {
            self.spill()?;
        }
        Ok(())
    }

    fn spill(&mut self) -> Result<&File, Error> {
        let file = match &mut self.file {
            Some(file) => file,
            none => none.insert(self.stage.create(&self.path)?),
        };
        disk::write(file, &self.held).map_err(cannot_write(Path::new(&self.path)))?;
        self.held.clear();
        Ok(file)
    }

    /// Ends the document: compares it with what is in its place, and stages it if it differs.
    pub(super) fn finish(mut self) -> Result<Done, Error> {
        let hash = self.hasher.digest();
        let target = self.stage.folder.join(&self.path);
        match self.compare(&target, hash)? {
            Place::Same(stamp) => {
                if self.file.take().is_some() {
                    let _ = fs::remove_file(self.stage.path().join(&self.path));
                }
                return Ok(Done {
                    hash,
                    changed: false,
                    stamp,
                });
            }
            Place::Foreign if !self.stage.overwrite => {
                return Err(Error::InTheWay {
                    path: target,
                    what: "newsdesk did not make it\nhint: move it elsewhere, or build once with \
                           `--overwrite`",
                });
            }
            Place::Foreign | Place::Other => {}
        }
        let metadata = self.spill()?.metadata();
        let stamp = metadata
            .and_then(|metadata| Stamp::of(&metadata))
            .map_err(cannot_write(&target))?;
        lock(&self.stage.staged).push(std::mem::take(&mut self.path));
        Ok(Done {
            hash,
            changed: true,
            stamp,
        })
    }

    fn compare(&self, target: &Path, hash: u64) -> Result<Place, Error> {
        if !self.stage.stands(parent(&self.path)) {
            return Ok(Place::Other);
        }
        let Ok(metadata) = fs::metadata(target) else {
            return Ok(Place::Other);
        };
        if metadata.is_dir() {
            return Err(Error::InTheWay {
                path: target.to_path_buf(),
                what: "it is a folder\nhint: move it elsewhere",
            });
        }
        let stamp = Stamp::of(&metadata).map_err(cannot_read(target))?;
        if let Some(known) = self.stage.known.get(&self.path)
            && known.stamp == stamp
        {
            return Ok(if known.hash == hash {
                Place::Same(stamp)
            } else {
                Place::Other
            });
        }
        if stamp.size == self.length && hash_of(target).is_ok_and(|found| found == hash) {
            return Ok(Place::Same(stamp));
        }
        let own = self.stage.own.contains(&self.path);
        Ok(if own { Place::Other } else { Place::Foreign })
    }
}

/// What is in a document's place.
enum Place {
    /// The same bytes, with the file's stamp.
    Same(Stamp),
    /// Nothing, or an earlier document of newsdesk's.
    Other,
    /// A file that newsdesk did not make.
    Foreign,
}

/// The hash of a file's bytes.
pub(super) fn hash_of(path: &Path) -> io::Result<u64> {
    let mut file = File::open(path)?;
    let mut hasher = Xxh3::new();
    let mut bytes = vec![0; 64 * 1024];
    loop {
        match file.read(&mut bytes)? {
            0 => return Ok(hasher.digest()),
            read => hasher.update(&bytes[..read]),
        }
    }
}

/// Whether a build was cut off: its staging folder or its journal is still there.
pub(super) fn is_left_over(folder: &Path) -> bool {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let mut names = entries.map(|entry| entry.file_name());
    names.any(|name| {
        let name = name.to_string_lossy();
        name.starts_with(PREFIX) || name == journal::FILE_NAME
    })
}

/// Removes the staging folders of builds that were killed. The lock on the build is held, so
/// none of them is in use.
fn remove_left_over(folder: &Path) {
    let Ok(entries) = fs::read_dir(folder) else {
        return;
    };
    for entry in entries.flatten() {
        if entry.file_name().to_string_lossy().starts_with(PREFIX) {
            let _ = fs::remove_dir_all(entry.path());
        }
    }
}

/// Removes documents that are no longer made, and the folders that are empty after that.
pub(super) fn remove(folder: &Path, paths: &[String]) -> Result<(), Error> {
    for path in paths {
        let target = folder.join(path);
        match disk::remove(&target) {
            Ok(()) => {}
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => return Err(failed("remove", &target)(error)),
        }
        let mut parent = target.parent();
        while let Some(empty) = parent.filter(|parent| *parent != folder) {
            if fs::remove_dir(empty).is_err() {
                break;
            }
            parent = empty.parent();
        }
    }
    Ok(())
}
