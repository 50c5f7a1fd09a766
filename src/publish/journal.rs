//! What a build is about to move to its place or to remove, written down before the first of it.
//!
//! The manifest is renamed after the documents that it names, so a build that is cut off between
//! the two leaves documents that no manifest knows. The next build takes what the journal names,
//! if it still is what the journal says, for its own: it replaces it or removes it like the rest.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::io;
use std::path::Path;

use super::error::{Error, cannot_read, cannot_write, failed};
use super::render::stays_below;
use super::stage::hash_of;
use crate::disk::{self, Durability};

/// Its file, beside the documents that it protects: they may be moved together.
pub(super) const FILE_NAME: &str = ".newsdesk-journal";

/// The documents that an unfinished build had its hands on, each with the hashes that it may
/// have.
#[derive(Clone, Debug, Default)]
pub(super) struct Journal(BTreeMap<String, Vec<u64>>);

impl Journal {
    /// Reads the journal that a build left; an empty one where the last build came to its end.
    pub(super) fn read(folder: &Path) -> Result<Self, Error> {
        let path = folder.join(FILE_NAME);
        match fs::read_to_string(&path) {
            Ok(text) => Ok(Self::parse(&text)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Self::default()),
            Err(error) => Err(cannot_read(&path)(error)),
        }
    }

    fn parse(text: &str) -> Self {
        let mut journal = Self::default();
        for line in text.lines() {
            // Anybody may have written the file: what leads elsewhere is no document.
            if let Some((hash, path)) = line.split_once(' ')
                && let Ok(hash) = u64::from_str_radix(hash, 16)
                && stays_below(path)
            {
                journal.add(path, hash);
            }
        }
        journal
    }

    /// Adds a document with a hash that it may have from now on.
    pub(super) fn add(&mut self, path: &str, hash: u64) {
        self.0.entry(path.to_owned()).or_default().push(hash);
    }

    /// Whether the last build came to its end.
    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The documents that are there as the journal says.
    pub(super) fn found(&self, folder: &Path) -> impl Iterator<Item = &String> {
        self.0.iter().filter_map(move |(path, hashes)| {
            let found = hash_of(&folder.join(path)).ok()?;
            hashes.contains(&found).then_some(path)
        })
    }

    /// Writes it, and waits for the disk: what follows must not come before it.
    pub(super) fn write(&self, folder: &Path) -> Result<(), Error> {
        let mut text = String::new();
        for (path, hashes) in &self.0 {
            for hash in hashes {
                let _ = writeln!(text, "{hash:016x} {path}");
            }
        }
        let path = folder.join(FILE_NAME);
        disk::replace(&path, text.as_bytes(), Durability::Lasting).map_err(cannot_write(&path))
    }

    /// Takes it away, because everything is in its place.
    pub(super) fn end(folder: &Path) -> Result<(), Error> {
        let path = folder.join(FILE_NAME);
        match disk::remove(&path) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => {
                Err(failed("remove", &path)(error))
            }
            _ => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_what_it_wrote_down_and_nothing_else() {
        let folder = tempfile::tempdir().unwrap();
        let path = |name: &str| folder.path().join(name);
        for (name, text) in [
            ("a.html", "new"),
            ("b.html", "somebody's"),
            ("c.html", "old"),
        ] {
            fs::write(path(name), text).unwrap();
        }
        let hash = |text: &str| xxhash_rust::xxh3::xxh3_64(text.as_bytes());
        let mut journal = Journal::default();
        journal.add("a.html", hash("new"));
        journal.add("b.html", hash("new"));
        journal.add("c.html", hash("old"));
        journal.add("c.html", hash("new"));
        journal.add("gone.html", hash("new"));
        journal.write(folder.path()).unwrap();
        let read = Journal::read(folder.path()).unwrap();
        let found: Vec<&String> = read.found(folder.path()).collect();
        assert_eq!(found, ["a.html", "c.html"]);
        Journal::end(folder.path()).unwrap();
        assert!(Journal::read(folder.path()).unwrap().is_empty());
    }

    #[test]
    fn names_nothing_elsewhere() {
        let hostile = "0 ../a\n0 /etc/passwd\nzz b.html\n0\n\n1 c.html\n";
        let read = Journal::parse(hostile);
        assert_eq!(read.0.keys().collect::<Vec<_>>(), ["c.html"]);
    }
}
