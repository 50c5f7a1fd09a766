//! What is odd about the readings of an issue.

use std::ops::Range;
use std::path::Path;

use super::warning;
use crate::model::Problem;

/// What the lint needs to know of a reading.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReadingSeen<'a> {
    /// Its title, plain text.
    pub title: &'a str,
    /// Where it leads, if anywhere.
    pub url: Option<&'a str>,
    /// Whether it says who recommends it.
    pub has_curator: bool,
    /// Where it stands in the file; best its title.
    pub span: Range<usize>,
}

/// Warnings about the readings of one issue.
///
/// Codes: `reading-without-link`, and `reading-without-curator` where most readings of the
/// issue name one; some newsletters name none at all.
pub fn readings_problems(path: &Path, seen: &[ReadingSeen<'_>]) -> Vec<Problem> {
    let signed = seen.iter().filter(|reading| reading.has_curator).count();
    let names_curators = signed > 0 && signed * 2 >= seen.len();
    let mut problems = Vec::new();
    for reading in seen {
        if reading.url.is_none() {
            problems.push(warning(
                path,
                "reading-without-link",
                reading.span.clone(),
                format!("no link leads to the reading `{}`", reading.title),
                Some("make its title a link".to_owned()),
            ));
        }
        if names_curators && !reading.has_curator {
            problems.push(warning(
                path,
                "reading-without-curator",
                reading.span.clone(),
                format!("nobody is named as recommending `{}`", reading.title),
                Some("end its commentary with a dash and a name, as the others do".to_owned()),
            ));
        }
    }
    problems
}
