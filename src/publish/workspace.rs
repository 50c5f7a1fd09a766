//! `.newsdesk/`, the folder beside `config.toml` for what is kept and never published.

use std::io;
use std::path::{Path, PathBuf};

use crate::disk::{self, Durability};

/// Its name.
pub const FOLDER: &str = ".newsdesk";

/// Makes the folder below `root` and keeps it out of the team's repository; gives its place.
pub fn folder(root: &Path) -> io::Result<PathBuf> {
    let folder = root.join(FOLDER);
    if !folder.is_dir() {
        disk::make_folder(&folder)?;
    }
    // A kill may have come between the two.
    let ignored = folder.join(".gitignore");
    if !ignored.exists() {
        disk::replace(&ignored, b"*\n", Durability::Lasting)?;
    }
    Ok(folder)
}
