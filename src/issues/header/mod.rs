//! What an issue says of itself: front matter, file name and configuration as one
//! [`Header`].
//!
//! Every problem has its place and a way out, and one does not hide the next: only front matter
//! that cannot be read at all, and a missing date, leave no header. No clock: whether an issue
//! lies in the future is a question of its own, [`future_problem`].

mod audio;
mod dates;
mod keys;
mod names;
mod people;
#[cfg(test)]
mod tests;
mod title;
mod values;

use std::borrow::Cow;
use std::ops::Range;
use std::path::Path;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::Options;
use super::front::{self, Fault, Front, FrontKind};
use crate::model::{Header, Problem, Severity};

use keys::{Key, Sheet};
use names::Name;

/// What was read of an issue's head.
#[derive(Clone, Debug, PartialEq)]
pub struct Outcome {
    /// The header; none where the front matter cannot be read or no date is to be found.
    pub header: Option<Header>,
    /// Where its parts stand.
    pub places: Places,
    /// The bytes of the file that hold the Markdown; none where the front matter cannot be read.
    pub body: Range<usize>,
    /// What is wrong.
    pub problems: Vec<Problem>,
}

/// Where parts of the header stand in the file, in bytes; empty at 0 where they come from
/// elsewhere.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Places {
    /// The title.
    pub title: Range<usize>,
    /// The date.
    pub date: Range<usize>,
    /// The slug.
    pub slug: Range<usize>,
    /// The permalink.
    pub url: Range<usize>,
    /// The id.
    pub id: Range<usize>,
}

/// Reads the header of the issue `file` whose name is `path`.
pub fn read(path: &Path, file: &str, options: &Options) -> Outcome {
    let mut problems = Problems::of(path);
    match front::split(file).and_then(|front| Ok((front::fields(file, &front)?, front))) {
        Ok((fields, front)) => {
            let sheet = Sheet::new(fields, front.kind, &mut problems);
            let (header, places) = header(path, file, &front, sheet, options, &mut problems);
            Outcome {
                header,
                places,
                body: front.body,
                problems: problems.list,
            }
        }
        Err(fault) => {
            problems.fault(fault);
            Outcome {
                header: None,
                places: Places::default(),
                body: file.len()..file.len(),
                problems: problems.list,
            }
        }
    }
}

fn header(
    path: &Path,
    file: &str,
    front: &Front,
    sheet: Sheet<'_>,
    options: &Options,
    problems: &mut Problems<'_>,
) -> (Option<Header>, Places) {
    let mut places = Places::default();
    let name = Name::of(path);
    let draft = values::is_draft(&sheet, problems);
    let names = names::names(&sheet, &name, &mut places, problems);
    let dates = dates::read(&sheet, &name, draft, options, &mut places, problems);
    note_emptiness(file, front, problems);
    let Some(dates) = dates else {
        return (None, places);
    };
    let known = names::Known {
        slug: &names.slug,
        name: &names.undated,
        number: &names.number,
        section: &names.section,
        title: "",
        published: dates.published,
        options,
    };
    let title = title::read(&sheet, file, front, &known, &mut places, problems);
    let known = names::Known {
        title: &title,
        ..known
    };
    let slug = names::patterned_slug(&sheet, &known);
    let slug = slug.as_deref().unwrap_or(&names.slug);
    let known = names::Known { slug, ..known };
    let url = names::url(&sheet, &known, &mut places, problems);
    let Some(url) = url else {
        return (None, places);
    };
    let header = Header {
        path: path.to_owned(),
        stem: name.stem.clone().into_owned(),
        id: names::id(&sheet, &known, &url, &mut places, problems),
        slug: slug.to_owned(),
        title: title.clone(),
        published: dates.published,
        updated: dates.updated,
        draft,
        tags: values::words(&sheet, Key::Tags, problems),
        categories: values::words(&sheet, Key::Categories, problems),
        authors: people::authors(&sheet, &url, options, problems),
        summary: values::summary(&sheet, problems),
        language: values::language(&sheet, options, problems),
        audio: audio::read(&sheet, &url, problems),
        extra: sheet.extra,
        url,
    };
    (Some(header), places)
}

/// Tells of a file without text.
fn note_emptiness(file: &str, front: &Front, problems: &mut Problems<'_>) {
    if is_void(file) {
        problems.error(
            "empty-issue",
            0..0,
            "there is nothing in the file".to_owned(),
            Some("write the issue, or remove the file".to_owned()),
        );
    } else if file[front.body.clone()].trim().is_empty() {
        problems.warning(
            "empty-issue",
            0..0,
            "the issue has no text".to_owned(),
            None,
        );
    }
}

/// Whether a file has nothing in it: a disk that was full or lost its power leaves files of
/// length zero, or of zeros.
fn is_void(file: &str) -> bool {
    file.chars()
        .all(|c| c.is_whitespace() || matches!(c, '\0' | '\u{feff}'))
}

/// The warning that an issue lies in the future, if it does at `now`. It is left out until then,
/// so a slip in the year would keep it from its readers without a word.
pub fn future_problem(header: &Header, places: &Places, now: DateTime<Utc>) -> Option<Problem> {
    (!header.draft && header.published > now).then(|| Problem {
        severity: Severity::Warning,
        code: Cow::Borrowed("future-date"),
        path: header.path.clone(),
        span: places.date.clone(),
        message: format!(
            "dated in the future (`{}`): left out until then",
            header.published.format("%Y-%m-%d")
        ),
        hint: None,
    })
}

/// An issue file as text.
///
/// # Errors
///
/// The first byte that is no UTF-8, with its line and column. Its span is that of the bytes, and
/// in the file with every such byte replaced it points to the same place.
pub fn decode<'b>(bytes: &'b [u8], path: &Path) -> Result<&'b str, Problem> {
    std::str::from_utf8(bytes).map_err(|error| {
        let at = error.valid_up_to();
        let before = String::from_utf8_lossy(&bytes[..at]);
        let line = before.matches('\n').count() + 1;
        let column = before.rsplit('\n').next().map_or(0, |l| l.chars().count()) + 1;
        let length = error.error_len().unwrap_or(bytes.len() - at);
        Problem {
            severity: Severity::Error,
            code: Cow::Borrowed("not-utf8"),
            path: path.to_owned(),
            span: at..at + length,
            message: format!(
                "the file is not UTF-8: byte 0x{:02x} at {line}:{column} begins no character",
                bytes[at]
            ),
            hint: Some("save the file as UTF-8".to_owned()),
        }
    })
}

/// The problems of one file as they are found.
struct Problems<'p> {
    path: &'p Path,
    list: Vec<Problem>,
}

impl<'p> Problems<'p> {
    fn of(path: &'p Path) -> Self {
        Self {
            path,
            list: Vec::new(),
        }
    }

    fn error(&mut self, code: &'static str, span: Range<usize>, message: String, hint: Hint) {
        self.add(Severity::Error, code, span, message, hint);
    }

    fn warning(&mut self, code: &'static str, span: Range<usize>, message: String, hint: Hint) {
        self.add(Severity::Warning, code, span, message, hint);
    }

    fn fault(&mut self, fault: Fault) {
        self.error(fault.code, fault.span, fault.message, fault.hint);
    }

    fn add(
        &mut self,
        severity: Severity,
        code: &'static str,
        span: Range<usize>,
        message: String,
        hint: Hint,
    ) {
        self.list.push(Problem {
            severity,
            code: Cow::Borrowed(code),
            path: self.path.to_owned(),
            span,
            message,
            hint,
        });
    }
}

/// How to mend a problem, where there is more to say than what is wrong.
type Hint = Option<String>;

/// A text cut to what fits in a message.
fn shown(text: &str) -> Cow<'_, str> {
    const MOST: usize = 80;
    let cut = text.char_indices().nth(MOST).map(|(at, _)| at);
    let short = &text[..cut.unwrap_or(text.len())];
    if cut.is_none() && !short.contains(char::is_control) {
        return Cow::Borrowed(short);
    }
    let mut plain: String = short
        .chars()
        .map(|c| if c.is_control() { ' ' } else { c })
        .collect();
    if cut.is_some() {
        plain.push('…');
    }
    Cow::Owned(plain)
}
