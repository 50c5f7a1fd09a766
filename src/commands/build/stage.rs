//! Documents on their way to the disk: written beside their place, then moved to it by renaming,
//! so that no reader ever sees half of one, and a build that fails leaves all as it was.

use std::collections::{HashMap, HashSet};
use std::fs::{self, File};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};

use anyhow::{Context as _, bail};
use tempfile::TempDir;
use xxhash_rust::xxh3::Xxh3;

use super::cache::{CachedDocument, Stamp};

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
    count: AtomicU64,
    /// The staged documents: their paths and files.
    staged: Mutex<Vec<(String, PathBuf)>>,
}

/// What became of a document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Done {
    /// The hash of its bytes.
    pub(super) hash: u64,
    /// Whether it differs from what is in its place.
    pub(super) changed: bool,
}

impl<'a> Stage<'a> {
    /// Opens the folder of documents, making it where there is none.
    pub(super) fn open(
        folder: &'a Path,
        known: &'a HashMap<String, CachedDocument>,
        own: &'a HashSet<String>,
        overwrite: bool,
    ) -> anyhow::Result<Self> {
        fs::create_dir_all(folder)
            .with_context(|| format!("cannot make the folder `{}`", folder.display()))?;
        remove_left_over(folder);
        let staging = tempfile::Builder::new()
            .prefix(PREFIX)
            .tempdir_in(folder)
            .with_context(|| format!("cannot write to `{}`", folder.display()))?;
        Ok(Self {
            folder,
            known,
            own,
            overwrite,
            staging,
            count: AtomicU64::new(0),
            staged: Mutex::new(Vec::new()),
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
            spilled: None,
            length: 0,
        }
    }

    /// A whole document at once.
    pub(super) fn put(&self, path: &str, bytes: Vec<u8>) -> anyhow::Result<Done> {
        let mut writer = self.document(path);
        writer.hasher.update(&bytes);
        writer.length = bytes.len() as u64;
        writer.held = bytes;
        writer.finish()
    }

    fn new_file(&self) -> PathBuf {
        let number = self.count.fetch_add(1, Ordering::Relaxed);
        self.staging.path().join(number.to_string())
    }

    /// Moves every staged document to its place, those that `last` names at the end and in its
    /// order.
    pub(super) fn commit(self, last: &[&str]) -> anyhow::Result<()> {
        let mut staged = self
            .staged
            .into_inner()
            .unwrap_or_else(std::sync::PoisonError::into_inner);
        let rank = |path: &str| {
            last.iter()
                .position(|name| *name == path)
                .map_or(0, |at| at + 1)
        };
        staged.sort_by(|one, other| (rank(&one.0), &one.0).cmp(&(rank(&other.0), &other.0)));
        let mut made = PathBuf::new();
        for (path, file) in &staged {
            let target = self.folder.join(path);
            let parent = target.parent().unwrap_or(self.folder);
            if parent != made {
                fs::create_dir_all(parent)
                    .with_context(|| format!("cannot make the folder `{}`", parent.display()))?;
                made = parent.to_path_buf();
            }
            fs::rename(file, &target)
                .with_context(|| format!("cannot write `{}`", target.display()))?;
        }
        Ok(())
    }
}

/// A document being written.
pub(super) struct Writer<'s> {
    stage: &'s Stage<'s>,
    path: String,
    hasher: Xxh3,
    held: Vec<u8>,
    spilled: Option<(File, PathBuf)>,
    length: u64,
}

impl Writer<'_> {
    /// Appends bytes.
    pub(super) fn write(&mut self, bytes: &[u8]) -> anyhow::Result<()> {
        self.hasher.update(bytes);
        self.length += bytes.len() as u64;
        self.held.extend_from_slice(bytes);
        if self.held.len() > HELD {
            self.spill()?;
        }
        Ok(())
    }

    fn spill(&mut self) -> anyhow::Result<()> {
        if self.spilled.is_none() {
            let path = self.stage.new_file();
            let file = File::create(&path).with_context(|| cannot_write(&path))?;
            self.spilled = Some((file, path));
        }
        let Some((file, path)) = &mut self.spilled else {
            return Ok(());
        };
        file.write_all(&self.held)
            .with_context(|| cannot_write(path))?;
        self.held.clear();
        Ok(())
    }

    /// Ends the document: compares it with what is in its place, and stages it if it differs.
    pub(super) fn finish(mut self) -> anyhow::Result<Done> {
        let hash = self.hasher.digest();
        let target = self.stage.folder.join(&self.path);
        match self.compare(&target, hash)? {
            Place::Same => {
                if let Some((_, path)) = self.spilled.take() {
                    let _ = fs::remove_file(path);
                }
                return Ok(Done {
                    hash,
                    changed: false,
                });
            }
            Place::Foreign if !self.stage.overwrite => bail!(
                "`{}` is in the way: newsdesk did not make it\nhint: move it elsewhere, or build \
                 once with `--overwrite`",
                target.display()
            ),
            Place::Foreign | Place::Other => {}
        }
        self.spill()?;
        if let Some((_, path)) = self.spilled.take() {
            let mut staged = self
                .stage
                .staged
                .lock()
                .unwrap_or_else(std::sync::PoisonError::into_inner);
            staged.push((std::mem::take(&mut self.path), path));
        }
        Ok(Done {
            hash,
            changed: true,
        })
    }

    fn compare(&self, target: &Path, hash: u64) -> anyhow::Result<Place> {
        let Ok(metadata) = fs::metadata(target) else {
            return Ok(Place::Other);
        };
        if metadata.is_dir() {
            bail!(
                "`{}` is in the way: it is a folder\nhint: move it elsewhere",
                target.display()
            );
        }
        let stamp = Stamp::of(&metadata)?;
        if let Some(known) = self.stage.known.get(&self.path)
            && known.stamp == stamp
        {
            return Ok(if known.hash == hash {
                Place::Same
            } else {
                Place::Other
            });
        }
        if stamp.size == self.length && hash_of(target).is_ok_and(|found| found == hash) {
            return Ok(Place::Same);
        }
        let own = self.stage.own.contains(&self.path);
        Ok(if own { Place::Other } else { Place::Foreign })
    }
}

/// What is in a document's place.
enum Place {
    /// The same bytes.
    Same,
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

fn cannot_write(path: &Path) -> String {
    format!("cannot write `{}`", path.display())
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
pub(super) fn remove(folder: &Path, paths: &[String]) -> anyhow::Result<()> {
    for path in paths {
        let target = folder.join(path);
        match fs::remove_file(&target) {
            Ok(()) => {}
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => {
                return Err(error).with_context(|| format!("cannot remove `{}`", target.display()));
            }
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
