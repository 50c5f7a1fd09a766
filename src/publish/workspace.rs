//! `.newsdesk/`, the folder beside `config.toml` for what is kept and never published.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use crate::disk::{self, Durability};

/// Its name.
pub const FOLDER: &str = ".newsdesk";

/// Makes the folder below `root` and keeps it out of the team's repository; gives its place.
pub fn folder(root: &Path) -> io::Result<PathBuf> {
    let folder = root.join(FOLDER);
    if !folder.is_dir() {
        let mut make = fs::DirBuilder::new();
        #[cfg(unix)]
        std::os::unix::fs::DirBuilderExt::mode(&mut make, 0o700);
        make.recursive(true).create(&folder)?;
    }
    // A kill may have come between the two.
    let ignored = folder.join(".gitignore");
    if !ignored.exists() {
        disk::replace(&ignored, b"*\n", Durability::Lasting)?;
    }
    Ok(folder)
}
