//! The documents that are in memory, within a bound; whoever is asked for least goes first.
//!
//! Each request looks at the file's stamp, so that a new build is seen by the next request. A build
//! moves whole files to their place, and a file is read as a whole, so that nobody gets a part of
//! one and a part of another.

use std::borrow::Cow;
use std::collections::HashMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, PoisonError, RwLock};

use tokio::sync::Semaphore;

use super::document::{Document, LARGEST, Stamp};
use crate::server::Cache;

/// The bytes of documents that are kept, compressed forms among them.
const MEMORY: usize = 64 << 20;

/// What a path below the folder is.
#[derive(Debug)]
pub(in crate::server) enum Found {
    /// A document.
    Document(Arc<Document>),
    /// A folder.
    Folder,
    /// Neither.
    Nothing,
}

/// The documents that are in memory.
#[derive(Debug)]
pub(in crate::server) struct Shelf {
    folder: PathBuf,
    cache: Cache,
    kept: RwLock<HashMap<String, Arc<Document>>>,
    /// How many documents are read or compressed at the same time.
    turns: Semaphore,
    /// How many large files are hashed at the same time.
    large: Semaphore,
}

impl Shelf {
    /// An empty one.
    pub(in crate::server) fn new(folder: &Path, cache: Cache) -> Self {
        Self {
            folder: folder.to_path_buf(),
            cache,
            kept: RwLock::default(),
            turns: Semaphore::new(2),
            large: Semaphore::new(1),
        }
    }

    /// How many documents are kept, and the bytes that they take.
    pub(in crate::server) fn size(&self) -> (usize, usize) {
        let kept = self.kept.read().unwrap_or_else(PoisonError::into_inner);
        (
            kept.len(),
            kept.values().map(|document| document.held()).sum(),
        )
    }

    /// Bounds what is compressed at the same time.
    pub(super) fn turns(&self) -> &Semaphore {
        &self.turns
    }

    fn kept(&self, path: &str) -> Option<Arc<Document>> {
        let kept = self.kept.read().unwrap_or_else(PoisonError::into_inner);
        kept.get(path).cloned()
    }

    /// What is at a path below the folder, as it is now.
    ///
    /// # Errors
    ///
    /// What the system says, other than that there is nothing.
    pub(super) async fn find(&self, path: &str, at: u64) -> io::Result<Found> {
        let known = self.kept(path);
        let file = match &known {
            Some(known) => Cow::Borrowed(&known.file),
            None => Cow::Owned(self.folder.join(path)),
        };
        // Not on a thread of its own, which takes ten times as long: the system has the answer in
        // memory for whatever is asked for often.
        let metadata = match fs::metadata(&*file) {
            Ok(metadata) => metadata,
            Err(error) => {
                self.forget(path, known.is_some());
                return if is_nothing(&error) {
                    Ok(Found::Nothing)
                } else {
                    Err(error)
                };
            }
        };
        if metadata.is_dir() {
            self.forget(path, known.is_some());
            return Ok(Found::Folder);
        }
        let stamp = Stamp::of(&metadata)?;
        if let Some(known) = &known
            && known.stamp == stamp
        {
            known.touch(at);
            return Ok(Found::Document(Arc::clone(known)));
        }
        self.load(path, stamp, metadata.len(), at).await
    }

    fn forget(&self, path: &str, is_kept: bool) {
        if is_kept {
            let mut kept = self.kept.write().unwrap_or_else(PoisonError::into_inner);
            kept.remove(path);
        }
    }

    async fn load(&self, path: &str, stamp: Stamp, length: u64, at: u64) -> io::Result<Found> {
        let turns = if length > LARGEST {
            &self.large
        } else {
            &self.turns
        };
        let _turn = turns.acquire().await;
        // Somebody else may have read it meanwhile.
        let known = self.kept(path);
        if let Some(known) = &known
            && known.stamp == stamp
        {
            return Ok(Found::Document(Arc::clone(known)));
        }
        let (folder, name, cache) = (self.folder.clone(), path.to_owned(), self.cache);
        let read = tokio::task::spawn_blocking(move || {
            if !is_inside(&folder, &name)? {
                return Ok(None);
            }
            Document::read(&folder.join(&name), &name, known.as_deref(), &cache)
        });
        match read.await.map_err(io::Error::other)? {
            Ok(Some(document)) => {
                document.touch(at);
                let document = Arc::new(document);
                self.keep(path, Arc::clone(&document));
                Ok(Found::Document(document))
            }
            Ok(None) => Ok(Found::Nothing),
            Err(error) if is_nothing(&error) => Ok(Found::Nothing),
            Err(error) => Err(error),
        }
    }

    fn keep(&self, path: &str, document: Arc<Document>) {
        let mut kept = self.kept.write().unwrap_or_else(PoisonError::into_inner);
        kept.insert(path.to_owned(), document);
        drop(kept);
        self.tidy();
    }

    /// Lets go of what is asked for least, if there is too much.
    pub(super) fn tidy(&self) {
        if self.size().1 <= MEMORY {
            return;
        }
        let mut kept = self.kept.write().unwrap_or_else(PoisonError::into_inner);
        let mut all: Vec<(u64, usize, String)> = kept
            .iter()
            .map(|(path, document)| (document.last_used(), document.held(), path.clone()))
            .collect();
        all.sort_unstable();
        let mut held: usize = all.iter().map(|(_, held, _)| held).sum();
        for (_, bytes, path) in all {
            if held <= MEMORY / 4 * 3 {
                break;
            }
            kept.remove(&path);
            held -= bytes;
        }
    }
}

/// Whether the error says that there is no such file: a part of the path may be a file, or too
/// long for a name.
fn is_nothing(error: &io::Error) -> bool {
    use io::ErrorKind::{InvalidFilename, InvalidInput, NotADirectory, NotFound};
    matches!(
        error.kind(),
        NotFound | NotADirectory | InvalidFilename | InvalidInput
    )
}

/// Whether a file is below the folder also where links lead, and none of its names is hidden.
fn is_inside(folder: &Path, path: &str) -> io::Result<bool> {
    let folder = folder.canonicalize()?;
    let file = folder.join(path).canonicalize()?;
    let Ok(below) = file.strip_prefix(&folder) else {
        return Ok(false);
    };
    Ok(below.iter().all(|name| {
        let name = name.to_string_lossy();
        !name.starts_with('.') || name == ".well-known"
    }))
}
