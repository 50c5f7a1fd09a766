//! `config.toml`: as typed ([`raw`]), then checked, so that nothing downstream checks again.
//!
//! Two steps, because serde stops at the first thing it cannot read (an unknown key, a number
//! where text belongs), while all that is merely wrong (a bad address, a zero limit) is named at
//! once. Paths are relative to the folder of the file.

mod check;
pub mod duration;
mod manner;
mod polling;
pub mod raw;
mod serving;
mod suggesting;

use std::path::{Path, PathBuf};

use crate::feeds;
use crate::issues;
use crate::model::{Problem, Source};
use crate::poll;
use crate::server;
use crate::store;

pub use suggesting::{Mail, Suggesting, Tls};

/// A checked configuration.
#[derive(Clone, Debug)]
pub struct Config {
    /// The folder that relative paths start at: that of the file.
    pub root: PathBuf,
    /// The folders that issue files are looked for in, absolute.
    pub issue_folders: Vec<PathBuf>,
    /// Which of the files there are issues.
    pub selection: issues::Selection,
    /// The codes of warnings that are not told.
    pub ignored: Vec<String>,
    /// Whether issues dated in the future are published.
    pub publish_future: bool,
    /// How issue files are read.
    pub issues: issues::Options,
    /// Which documents are made, and how large.
    pub feeds: feeds::Options,
    /// How sources are visited.
    pub poll: poll::Options,
    /// Where entries are remembered.
    pub store: store::Options,
    /// What the list of suggestions is like, and where its feed is.
    pub suggest: Suggesting,
    /// How the digest of suggestions is sent; none where it is not.
    pub mail: Option<Mail>,
    /// Where the server listens and what it answers.
    pub server: server::Options,
    /// What is polled; each address once.
    pub sources: Vec<Source>,
    /// A number that changes whenever the configuration does; documents are built again then.
    pub fingerprint: u64,
}

/// Reads the configuration in `text`, the content of `path`.
///
/// # Errors
///
/// Every problem found, each with its place in the file.
pub fn parse(path: &Path, text: &str) -> Result<Config, Vec<Problem>> {
    let raw: raw::File = toml::from_str(text).map_err(|error| {
        vec![check::problem(
            path,
            error.span().unwrap_or_default(),
            error
                .message()
                .lines()
                .next()
                .unwrap_or("cannot be read")
                .to_owned(),
            foreign(text).as_deref(),
        )]
    })?;
    check::config(path, text, raw)
}

/// Whose file it seems to be, where it is none of newsdesk's: site generators give theirs the
/// same name.
fn foreign(text: &str) -> Option<String> {
    let table: toml::Table = text.parse().ok()?;
    if table.contains_key("newsletter") {
        return None;
    }
    let has = |keys: &[&str]| keys.iter().any(|key| table.contains_key(*key));
    let whose = if has(&[
        "baseURL",
        "baseurl",
        "languageCode",
        "theme",
        "params",
        "menu",
    ]) {
        "a file of Hugo"
    } else if has(&[
        "base_url",
        "compile_sass",
        "build_search_index",
        "taxonomies",
    ]) {
        "a file of Zola"
    } else {
        "a file of another program"
    };
    Some(format!(
        "it has no `[newsletter]` and seems to be {whose}; `newsdesk --config newsdesk.toml init` \
         makes a configuration beside it, and `--config newsdesk.toml` names it from then on"
    ))
}

/// The configuration used for single files when there is no `config.toml`: every default, and an
/// address that nobody can have (RFC 2606, section 2).
///
/// # Panics
///
/// Never: the text is fixed, and a test reads it.
pub fn without_file(root: &Path) -> Config {
    const TEXT: &str = "[newsletter]\ntitle = \"Newsletter\"\nbase_url = \"https://newsletter.invalid/\"\nauthority = \"newsletter.invalid,2000\"\n";
    let mut config =
        parse(Path::new("config.toml"), TEXT).expect("the built-in configuration is right");
    config.root = root.to_path_buf();
    config
}

#[cfg(test)]
mod tests;
