//! Faults of the disk on demand, so that tests see what becomes of every one of them.
//!
//! Only a build with debug assertions hears `NEWSDESK_TEST_FAULT`, `KIND NUMBER`: at the
//! operation of that number, counted from 1, the disk is full from then on (`full`), the one
//! operation fails (`error`), or the process dies (`kill`). `NEWSDESK_TEST_FAULT_LOG` names a file
//! that gets a line for each operation; so a test learns how many there are.

use std::io;
use std::path::Path;

/// What is done to the disk or the store.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Operation {
    /// A file is made.
    Create,
    /// A folder is made.
    Folder,
    /// Bytes are written.
    Write,
    /// The disk is waited for.
    Sync,
    /// Something is renamed.
    Rename,
    /// A file is removed.
    Remove,
    /// A statement is sent to the store.
    Statement,
}

/// Fails if this operation is to fail.
#[inline]
pub fn at(operation: Operation, path: &Path) -> io::Result<()> {
    after(operation, path, || Ok(()))
}

/// Fails if this operation is to fail, after it was half done.
#[cfg(not(debug_assertions))]
#[inline]
pub(super) fn after(_: Operation, _: &Path, _: impl FnOnce() -> io::Result<()>) -> io::Result<()> {
    Ok(())
}

#[cfg(debug_assertions)]
pub(super) use self::armed::after;

#[cfg(debug_assertions)]
mod armed {
    use std::fs::OpenOptions;
    use std::io::{self, Write as _};
    use std::path::Path;
    use std::sync::OnceLock;
    use std::sync::atomic::{AtomicU64, Ordering};

    use super::Operation;

    /// The operation that comes next is of this number.
    static NEXT: AtomicU64 = AtomicU64::new(1);

    #[derive(Clone, Copy, PartialEq, Eq)]
    enum Kind {
        Full,
        Error,
        Kill,
    }

    /// The fault that was asked for.
    fn asked() -> Option<(Kind, u64)> {
        static ASKED: OnceLock<Option<(Kind, u64)>> = OnceLock::new();
        *ASKED.get_or_init(|| {
            let text = std::env::var("NEWSDESK_TEST_FAULT").ok()?;
            let (kind, number) = text.split_once(' ')?;
            let kind = match kind {
                "full" => Kind::Full,
                "error" => Kind::Error,
                "kill" => Kind::Kill,
                _ => return None,
            };
            Some((kind, number.parse().ok()?))
        })
    }

    /// Fails if this operation is to fail, after it was half done.
    pub(in crate::disk) fn after(
        operation: Operation,
        path: &Path,
        half: impl FnOnce() -> io::Result<()>,
    ) -> io::Result<()> {
        let number = NEXT.fetch_add(1, Ordering::SeqCst);
        log(number, operation, path)?;
        let Some((kind, at)) = asked() else {
            return Ok(());
        };
        let takes_room = matches!(
            operation,
            Operation::Create | Operation::Folder | Operation::Write
        );
        match kind {
            Kind::Full if number >= at && takes_room => {
                half()?;
                Err(io::ErrorKind::StorageFull.into())
            }
            Kind::Error if number == at => {
                half()?;
                Err(io::Error::other("the disk failed, as the test asked"))
            }
            Kind::Kill if number == at => {
                half()?;
                std::process::abort()
            }
            _ => Ok(()),
        }
    }

    fn log(number: u64, operation: Operation, path: &Path) -> io::Result<()> {
        let Some(place) = std::env::var_os("NEWSDESK_TEST_FAULT_LOG") else {
            return Ok(());
        };
        let mut file = OpenOptions::new().append(true).create(true).open(place)?;
        file.write_all(format!("{number} {operation:?} {}\n", path.display()).as_bytes())
    }
}
