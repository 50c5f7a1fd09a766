//! The next issue file: composed as the last ones are written, put in its place, never over
//! another.

use std::cell::RefCell;
use std::fs::OpenOptions;
use std::io::{ErrorKind, Write as _};
use std::path::{Path, PathBuf};

use chrono::{DateTime, NaiveDate, Utc};

use super::archive::Archive;
use super::error::Error;
use crate::config::Config;
use crate::draft::{self, Accepted, File, Options, Reader};
use crate::issues::{self, Wanted, content, header, markdown};
use crate::model::Reading;
use crate::publish::files::{IssueRead, read_issues, relative, stand_in};

/// The name of a draft's file as somebody typed it, without its ending.
///
/// # Errors
///
/// Where it is not the name of one file; says so.
pub fn parse_name(name: &str) -> Result<String, String> {
    let name = name.strip_suffix(".md").unwrap_or(name);
    if name.is_empty() || name.starts_with('.') || name.contains(['/', '\\']) {
        return Err("it must be the name of one file".to_owned());
    }
    Ok(name.to_owned())
}

/// The day of the next issue, in the rhythm of the last ones.
pub fn next_date(config: &Config, archive: &Archive, now: DateTime<Utc>) -> NaiveDate {
    let today = now.with_timezone(&config.issues.time_zone);
    draft::next_date(&archive.dates(), today.date_naive())
}

/// Composes the draft with the rules of this newsletter's issue files.
///
/// # Errors
///
/// Where the last issues, which show how it is to look, cannot be read.
pub fn compose(
    config: &Config,
    archive: &Archive,
    accepted: &[Accepted],
    options: &Options,
) -> Result<File, Error> {
    let page = RefCell::new(config.issues.newsletter.base_url.clone());
    let readings = |text: &str| -> Vec<Reading> {
        let path = Path::new("draft.md");
        let outcome = header::read(path, text, &config.issues);
        let header = outcome.header.unwrap_or_else(|| stand_in(config, path));
        page.replace(header.url.clone());
        let wanted = Wanted {
            text: false,
            commentary: true,
        };
        let parsed = issues::parse(header, text, outcome.body, &config.issues, wanted);
        parsed.issue.readings
    };
    let html = |note: &str| {
        let events = markdown::parse(note, 0..note.len());
        content::html(&events, &page.borrow(), config.issues.clean_html)
    };
    let reader = Reader {
        readings: &readings,
        html: &html,
    };
    let style = archive.style(config)?;
    Ok(draft::compose(&style, accepted, options, reader))
}

/// What came of writing a file that must not replace another.
pub enum Put {
    /// It is there now.
    Written(PathBuf),
    /// Another is.
    Taken(PathBuf),
}

/// The path of a draft below the newsletter's folder.
///
/// # Errors
///
/// Where the configuration names no folder.
pub fn path_of(config: &Config, file: &File) -> Result<PathBuf, Error> {
    let folder = config
        .issue_folders
        .first()
        .ok_or_else(|| Error::refused("there is no folder of issues"))?;
    Ok(relative(&config.root, &folder.join(&file.name)))
}

/// Writes the file where the issues are, if none is there.
///
/// # Errors
///
/// Where it cannot be written.
pub fn put(config: &Config, file: &File) -> Result<Put, Error> {
    let path = path_of(config, file)?;
    let place = config.root.join(&path);
    let mut opened = match OpenOptions::new().write(true).create_new(true).open(&place) {
        Err(error) if error.kind() == ErrorKind::AlreadyExists => return Ok(Put::Taken(path)),
        opened => opened.map_err(|source| Error::write(&path, source))?,
    };
    opened
        .write_all(file.text.as_bytes())
        .map_err(|source| Error::write(&path, source))?;
    Ok(Put::Written(path))
}

/// How much is still to be said in a draft.
///
/// # Errors
///
/// Where the file cannot be read.
pub fn gaps(config: &Config, path: &Path) -> Result<usize, Error> {
    let read: Vec<IssueRead> = read_issues(config, &[config.root.join(path)])?;
    let problems = read.iter().flat_map(|read| &read.problems);
    Ok(problems
        .filter(|problem| problem.code == "placeholder")
        .count())
}

/// What could not be written as it was given.
pub fn notes(file: &File, accepted: &[Accepted]) -> Vec<String> {
    let plain = file.plain.iter().filter(|at| !file.unread.contains(at));
    let plain = plain.map(|at| {
        format!(
            "note: the note on `{}` is written letter for letter: as Markdown it would be taken \
             for another reading",
            accepted[*at].title.escape_debug()
        )
    });
    let unread = file.unread.iter().map(|at| {
        format!(
            "warning: `{}` will not be read back as it was given\nhint: look at its title, its \
             curator and its note in the draft; `newsdesk readings` shows what is found",
            accepted[*at].title.escape_debug()
        )
    });
    plain.chain(unread).collect()
}
