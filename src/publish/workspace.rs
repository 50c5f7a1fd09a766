//! `.newsdesk/`, the folder beside `config.toml` for what is kept and never published.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// Its name.
pub const FOLDER: &str = ".newsdesk";

/// Makes the folder below `root` and keeps it out of the team's repository; gives its place.
pub fn folder(root: &Path) -> io::Result<PathBuf> {
    let folder = root.join(FOLDER);
    if !folder.is_dir() {
        fs::create_dir_all(&folder)?;
        fs::write(folder.join(".gitignore"), "*\n")?;
    }
    Ok(folder)
}
