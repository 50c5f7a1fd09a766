//! Problems as a good compiler shows them, and as JSON.
//!
//! Both put them in the order of paths and places, so that the same problems give the same bytes.

use std::borrow::Cow;
use std::io::{self, Write};
use std::ops::Range;
use std::path::Path;

use annotate_snippets::{AnnotationKind, Group, Level, Origin, Renderer, Snippet};
use newsdesk::model::{Problem, Severity};
use serde_json::{Value, json};

/// Whether the report has colours.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Style {
    /// Letters alone.
    Plain,
    /// With the colours of a terminal.
    Colored,
}

/// How many characters of a long line are shown after the start of the place.
const SHOWN_AFTER: usize = 80;

/// A place further right is named without its line: nobody would find it there.
const LAST_COLUMN: usize = 2_000;

/// Prints the problems with the lines they are about, then how many there are; nothing where
/// there are none. `text` reads a file; one that it cannot read is named without its lines.
pub(crate) fn print(
    out: &mut dyn Write,
    problems: &[Problem],
    text: &dyn Fn(&Path) -> Option<String>,
    style: Style,
) -> io::Result<()> {
    if problems.is_empty() {
        return Ok(());
    }
    let renderer = match style {
        Style::Plain => Renderer::plain(),
        Style::Colored => Renderer::styled(),
    };
    in_order(problems, text, &mut |problem, place| {
        let name = problem.path.to_string_lossy();
        let name = plain(&name);
        let group = group(problem, place.as_ref(), &name);
        writeln!(out, "{}\n", renderer.render(&[group]))
    })?;
    writeln!(out, "{}", summary(problems))
}

/// How many errors and warnings there are: `1 error, 2 warnings`.
pub(crate) fn summary(problems: &[Problem]) -> String {
    let errors = problems
        .iter()
        .filter(|problem| problem.severity == Severity::Error)
        .count();
    let counted = |count: usize, noun: &str| match count {
        0 => None,
        1 => Some(format!("1 {noun}")),
        _ => Some(format!("{count} {noun}s")),
    };
    let parts = [
        counted(errors, "error"),
        counted(problems.len() - errors, "warning"),
    ];
    let parts: Vec<String> = parts.into_iter().flatten().collect();
    if parts.is_empty() {
        "no problems".to_owned()
    } else {
        parts.join(", ")
    }
}

/// The problems as a list of objects: `path`, `line`, `column`, `end_line`, `end_column`,
/// `severity`, `code`, `message`, `hint`. Lines and columns count from 1, columns in characters;
/// what a whole file is about stands at its start.
pub(crate) fn json(problems: &[Problem], text: &dyn Fn(&Path) -> Option<String>) -> Value {
    let mut list = Vec::with_capacity(problems.len());
    let done = in_order(problems, text, &mut |problem, place| {
        let (start, end) = match &place {
            Some(place) => (place.start, place.end()),
            None => (Position::START, Position::START),
        };
        list.push(json!({
            "path": problem.path.to_string_lossy(),
            "line": start.line,
            "column": start.column,
            "end_line": end.line,
            "end_column": end.column,
            "severity": problem.severity,
            "code": problem.code,
            "message": problem.message,
            "hint": problem.hint,
        }));
        Ok(())
    });
    done.expect("nothing is written that could fail");
    Value::Array(list)
}

/// Calls `each` with every problem and its place in the order of paths and places; no place where
/// it is about the whole file. Each file is read once and walked through once.
fn in_order(
    problems: &[Problem],
    text: &dyn Fn(&Path) -> Option<String>,
    each: &mut dyn FnMut(&Problem, Option<Place<'_>>) -> io::Result<()>,
) -> io::Result<()> {
    let mut sorted: Vec<&Problem> = problems.iter().collect();
    sorted.sort_by_key(|problem| {
        let place = (problem.span.start, problem.span.end);
        (&problem.path, place, problem.severity, &problem.code)
    });
    for of_file in sorted.chunk_by(|one, other| one.path == other.path) {
        let about_lines = of_file.iter().any(|problem| problem.span != (0..0));
        let file = about_lines.then(|| text(&of_file[0].path)).flatten();
        let mut walk = file.as_deref().map(Walk::new);
        for problem in of_file {
            let place = walk
                .as_mut()
                .filter(|_| problem.span != (0..0))
                .map(|walk| walk.to(&problem.span));
            each(problem, place)?;
        }
    }
    Ok(())
}

/// A line and a column, both from 1, the column in characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Position {
    line: usize,
    column: usize,
}

impl Position {
    const START: Self = Self { line: 1, column: 1 };

    /// The position behind a text that starts here.
    fn after(self, text: &str) -> Self {
        match text.rfind('\n') {
            Some(last) => Self {
                line: self.line + text.matches('\n').count(),
                column: text[last + 1..].chars().count() + 1,
            },
            None => Self {
                line: self.line,
                column: self.column + text.chars().count(),
            },
        }
    }
}

/// Where a problem stands in the text of its file.
struct Place<'t> {
    text: &'t str,
    span: Range<usize>,
    start: Position,
}

impl Place<'_> {
    fn end(&self) -> Position {
        self.start.after(&self.text[self.span.clone()])
    }
}

/// Walks through a file from place to place without looking at anything twice.
struct Walk<'t> {
    text: &'t str,
    at: usize,
    position: Position,
}

impl<'t> Walk<'t> {
    fn new(text: &'t str) -> Self {
        // A byte order mark is no column.
        let at = if text.starts_with('\u{feff}') { 3 } else { 0 };
        Self {
            text,
            at,
            position: Position::START,
        }
    }

    fn to(&mut self, span: &Range<usize>) -> Place<'t> {
        let start = self.text.floor_char_boundary(span.start).max(self.at);
        let end = self.text.ceil_char_boundary(span.end).max(start);
        self.position = self.position.after(&self.text[self.at..start]);
        self.at = start;
        Place {
            text: self.text,
            span: start..end,
            start: self.position,
        }
    }
}

fn group<'p>(problem: &'p Problem, place: Option<&Place<'_>>, name: &'p str) -> Group<'p> {
    let level = match problem.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
    };
    let title = level
        .primary_title(plain(&problem.message))
        .id(plain(&problem.code));
    let group = match place {
        Some(place) if place.start.column <= LAST_COLUMN => {
            let (line, marked) = line_of(place);
            let snippet = Snippet::source(line)
                .path(name)
                .line_start(place.start.line)
                .annotation(AnnotationKind::Primary.span(marked));
            title.element(snippet)
        }
        Some(place) => title.element(
            Origin::path(name)
                .line(place.start.line)
                .char_column(place.start.column),
        ),
        None => title.element(Origin::path(name)),
    };
    match &problem.hint {
        Some(hint) => group.element(Level::HELP.with_name("hint").message(plain(hint))),
        None => group,
    }
}

/// The line that a place starts in, a long one cut behind it, and what to mark there: the place,
/// as far as it stands on this line.
fn line_of(place: &Place<'_>) -> (String, Range<usize>) {
    let (text, span) = (place.text, &place.span);
    let start = text[..span.start].rfind('\n').map_or(0, |at| at + 1);
    let start = if start == 0 && text.starts_with('\u{feff}') {
        3
    } else {
        start
    };
    let shown_end = text[span.start..]
        .char_indices()
        .enumerate()
        .find(|(count, (_, c))| *c == '\n' || *count == SHOWN_AFTER);
    let (end, is_cut) = match shown_end {
        Some((_, (at, c))) => (span.start + at, c != '\n' && c != '\r'),
        None => (text.len(), false),
    };
    // Renderer and terminals disagree about the control characters of the upper half; a letter
    // of as many bytes stands in for each.
    let mut line = text[start..end]
        .trim_end_matches('\r')
        .replace(|c| matches!(c, '\u{80}'..='\u{9f}'), "·");
    let marked = (span.start - start).min(line.len())..(span.end.min(end) - start).min(line.len());
    if is_cut {
        line.push('…');
    }
    (line, marked)
}

/// The text without what would move a terminal's cursor or hide the rest of the line.
fn plain(text: &str) -> Cow<'_, str> {
    let acts =
        |c: char| c.is_control() || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    if text.contains(acts) {
        Cow::Owned(text.replace(acts, "\u{fffd}"))
    } else {
        Cow::Borrowed(text)
    }
}

#[cfg(test)]
mod tests;
