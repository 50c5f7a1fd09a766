//! The next issue file: composed as the last ones are written, put in its place, never over
//! another.

use std::cell::RefCell;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use chrono::{DateTime, NaiveDate, Utc};

use super::archive::Archive;
use super::error::Error;
use super::published::path_name;
use crate::config::Config;
use crate::disk::{self, Durability};
use crate::draft::{self, Accepted, File, Options, Reader};
use crate::issues::{self, Wanted, content, header, markdown};
use crate::model::Reading;
use crate::publish::files::{IssueRead, read, read_issues, relative, stand_in};
use crate::store::Used;

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

/// Hands the rules of this newsletter's issue files to who needs them.
fn with_reader<T>(config: &Config, work: impl FnOnce(Reader<'_>) -> T) -> T {
    let page = RefCell::new(config.issues.newsletter.base_url.clone());
    let readings = |text: &str| -> Vec<Reading> {
        let parsed = parsed(config, text);
        page.replace(parsed.issue.header.url.clone());
        parsed.issue.readings
    };
    let html = |note: &str| {
        let events = markdown::parse(note, 0..note.len());
        content::html(&events, &page.borrow(), config.issues.clean_html)
    };
    work(Reader {
        readings: &readings,
        html: &html,
    })
}

fn parsed(config: &Config, text: &str) -> issues::Parsed {
    let path = Path::new("draft.md");
    let outcome = header::read(path, text, &config.issues);
    let header = outcome.header.unwrap_or_else(|| stand_in(config, path));
    let wanted = Wanted {
        text: false,
        commentary: true,
    };
    issues::parse(header, text, outcome.body, &config.issues, wanted)
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
    let style = archive.style(config)?;
    Ok(with_reader(config, |reader| {
        draft::compose(&style, accepted, options, reader)
    }))
}

/// The draft that what was accepted since belongs into: the newest of those that the store knows
/// as drafts of this newsletter's readings, or that stands where the next one would be written.
pub fn open_draft(archive: &Archive, used: &[Used], next: &Path) -> Option<PathBuf> {
    let is_ours = |path: &Path| {
        let name = path_name(path);
        path == next || used.iter().any(|used| used.issue == name)
    };
    let mut drafts = archive.drafts.iter().map(|draft| &draft.header.path);
    drafts.find(|path| is_ours(path)).cloned()
}

/// Adds readings to a draft that is there. What a person wrote in it stays, letter for letter.
///
/// # Errors
///
/// Where the file cannot be read or written, changed meanwhile, or has no place where they would
/// be read back as they are.
pub fn add(
    config: &Config,
    archive: &Archive,
    accepted: &[Accepted],
    path: &Path,
) -> Result<(), Error> {
    let place = config.root.join(path);
    let bytes = read(&place)?;
    let file = String::from_utf8(bytes.clone())
        .map_err(|_| Error::Refused(format!("`{}` is not written in UTF-8", path.display())))?;
    let style = archive.style(config)?;
    let places = |text: &str| parsed(config, text).spans;
    let text = with_reader(config, |reader| {
        draft::add(&style, &file, accepted, reader, &places)
    });
    let text = text.ok_or_else(|| {
        Error::Refused(format!(
            "nothing could be added to `{}` so that it is read back as it was meant\nhint: \
             `newsdesk draft --print` shows what to put there by hand",
            path.display()
        ))
    })?;
    // Somebody may have saved it in an editor while this was made.
    if read(&place)? != bytes {
        return Err(Error::Refused(format!(
            "`{}` changed meanwhile\nhint: nothing was written; run this again",
            path.display()
        )));
    }
    let put = disk::replace(&place, text.as_bytes(), Durability::Lasting);
    put.map_err(|source| Error::write(path, source))
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
    match disk::create(&place, file.text.as_bytes()) {
        Ok(()) => Ok(Put::Written(path)),
        Err(error) if error.kind() == ErrorKind::AlreadyExists => Ok(Put::Taken(path)),
        Err(source) => Err(Error::write(&path, source)),
    }
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
