//! Rendered entries between rendering and assembling: in memory while they are few, in an
//! unnamed file when they are many, so that an archive of any size is built in little memory.

use std::fs::File;
use std::io;
use std::ops::Range;
use std::path::Path;
use std::sync::Mutex;

/// Bytes that are kept in memory before the file is used.
const IN_MEMORY: usize = 16 << 20;

/// An append-only store of bytes that many threads fill and then read.
pub(super) struct Spool {
    state: Mutex<State>,
}

struct State {
    memory: Vec<u8>,
    file: Option<File>,
    length: u64,
}

impl Spool {
    /// An empty one; its file, should it need one, lies in `folder` without a name.
    pub(super) fn new() -> Self {
        Self {
            state: Mutex::new(State {
                memory: Vec::new(),
                file: None,
                length: 0,
            }),
        }
    }

    /// Appends all the pieces and says where each one is.
    pub(super) fn push(&self, pieces: &[Vec<u8>], folder: &Path) -> io::Result<Vec<Range<u64>>> {
        let mut state = self
            .state
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner);
        let mut places = Vec::with_capacity(pieces.len());
        for piece in pieces {
            let start = state.length;
            state.length += piece.len() as u64;
            places.push(start..state.length);
            state.memory.extend_from_slice(piece);
        }
        if state.memory.len() > IN_MEMORY {
            state.spill(folder)?;
        }
        Ok(places)
    }

    /// Ends the filling; from here on it is read.
    pub(super) fn freeze(self, folder: &Path) -> io::Result<Frozen> {
        let mut state = self
            .state
            .into_inner()
            .unwrap_or_else(std::sync::PoisonError::into_inner);
        if state.file.is_some() {
            state.spill(folder)?;
        }
        Ok(match state.file {
            Some(file) => Frozen::File(file),
            None => Frozen::Memory(state.memory),
        })
    }
}

impl State {
    fn spill(&mut self, folder: &Path) -> io::Result<()> {
        use std::io::Write;
        let file = match &mut self.file {
            Some(file) => file,
            None => self.file.insert(tempfile::tempfile_in(folder)?),
        };
        file.write_all(&self.memory)?;
        self.memory.clear();
        Ok(())
    }
}

/// A filled spool.
pub(super) enum Frozen {
    /// All of it.
    Memory(Vec<u8>),
    /// All of it, on disk.
    File(File),
}

impl Frozen {
    /// Appends the bytes at `place` to `out`.
    pub(super) fn read(&self, place: &Range<u64>, out: &mut Vec<u8>) -> io::Result<()> {
        let length = usize::try_from(place.end - place.start).map_err(io::Error::other)?;
        match self {
            Self::Memory(bytes) => {
                let start = usize::try_from(place.start).map_err(io::Error::other)?;
                out.extend_from_slice(&bytes[start..start + length]);
                Ok(())
            }
            Self::File(file) => {
                let from = out.len();
                out.resize(from + length, 0);
                read_at(file, &mut out[from..], place.start)
            }
        }
    }
}

#[cfg(unix)]
fn read_at(file: &File, bytes: &mut [u8], place: u64) -> io::Result<()> {
    use std::os::unix::fs::FileExt;
    file.read_exact_at(bytes, place)
}

#[cfg(windows)]
fn read_at(file: &File, mut bytes: &mut [u8], mut place: u64) -> io::Result<()> {
    use std::os::windows::fs::FileExt;
    while !bytes.is_empty() {
        let read = file.seek_read(bytes, place)?;
        if read == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        bytes = &mut bytes[read..];
        place += read as u64;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(piece: usize, pieces: u8) {
        let folder = tempfile::tempdir().unwrap();
        let spool = Spool::new();
        let mut places = Vec::new();
        for number in 0..pieces {
            let two = [vec![number; piece], vec![number + 100]];
            places.push(spool.push(&two, folder.path()).unwrap());
        }
        let frozen = spool.freeze(folder.path()).unwrap();
        for (number, two) in (0..).zip(&places) {
            let mut read = vec![255];
            frozen.read(&two[1], &mut read).unwrap();
            frozen.read(&two[0], &mut read).unwrap();
            assert_eq!(read[..3], [255, number + 100, number]);
            assert_eq!(read.len(), piece + 2);
        }
    }

    #[test]
    fn gives_back_what_it_got_from_memory_and_from_disk() {
        check(10, 5);
        check(IN_MEMORY / 3, 8);
    }
}
