//! Lines of plain text: wrapping, indenting, blank lines between blocks.

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

use crate::issues::characters::{is_suspicious, repaired};

/// How wide the text is, in columns.
const WIDTH: usize = 72;

/// The columns that quotes and lists may take from a line; deeper ones are written no deeper.
const DEEPEST: usize = 24;

/// Stands for a space at which a line is not broken.
pub(super) const UNBROKEN: char = '\u{1F}';

/// A quote or an item that is open.
enum Level {
    Quote,
    Item {
        marker: String,
        used: bool,
    },
    /// Too deep to be shown.
    Hidden,
}

impl Level {
    fn width(&self) -> usize {
        match self {
            Self::Quote => 2,
            Self::Item { marker, .. } => marker.width(),
            Self::Hidden => 0,
        }
    }
}

/// The text so far.
#[derive(Default)]
pub(super) struct Lines {
    text: String,
    levels: Vec<Level>,
    /// The columns that the open levels take.
    indent: usize,
    /// Whether a blank line is due before the next.
    gap: bool,
}

impl Lines {
    /// Asks for a blank line before what comes next.
    pub(super) fn gap(&mut self) {
        self.gap = true;
    }

    /// Opens a quote; the blank line before it, if due, stands outside of it.
    pub(super) fn open_quote(&mut self) {
        self.settle();
        self.open(Level::Quote);
    }

    /// Opens an item of a list.
    pub(super) fn open_item(&mut self, marker: &str) {
        self.settle();
        self.open(Level::Item {
            marker: marker.to_owned(),
            used: false,
        });
    }

    fn open(&mut self, level: Level) {
        let fits = self.indent + level.width() <= DEEPEST;
        let level = if fits { level } else { Level::Hidden };
        self.indent += level.width();
        self.levels.push(level);
    }

    /// Closes the quote or item that was opened last.
    pub(super) fn close(&mut self) {
        // An item without any text still shows its mark.
        if matches!(self.levels.last(), Some(Level::Item { used: false, .. })) {
            self.verbatim("");
        }
        if let Some(level) = self.levels.pop() {
            self.indent -= level.width();
        }
    }

    /// The columns left for text.
    pub(super) fn room(&self) -> usize {
        WIDTH - self.indent
    }

    /// Writes a line as it is.
    pub(super) fn verbatim(&mut self, line: &str) {
        self.settle();
        self.prefix(true);
        self.push(line);
        self.end_line();
    }

    /// Writes the lines of code, indented and not wrapped.
    pub(super) fn code(&mut self, code: &str) {
        for line in code.trim_end_matches('\n').split('\n') {
            self.settle();
            self.prefix(true);
            self.text.push_str("    ");
            self.push(line);
            self.end_line();
        }
    }

    /// Writes text in lines of at most the width, and says whether there was any.
    pub(super) fn wrapped(&mut self, text: &str) -> bool {
        self.wrap(text) > 0
    }

    /// Writes a text with a line under it.
    pub(super) fn underlined(&mut self, text: &str, mark: char) {
        let width = self.wrap(text);
        if width > 0 {
            self.verbatim(&mark.to_string().repeat(width));
        }
    }

    /// Writes text, and says how wide its widest line is.
    fn wrap(&mut self, text: &str) -> usize {
        let room = self.room();
        let mut widest = 0;
        for hard in text.split('\n') {
            let mut rest = hard.trim_ascii_start();
            while !rest.is_empty() {
                self.settle();
                self.prefix(true);
                let columns = if let Some(length) = plain_line(rest.as_bytes(), room) {
                    self.push(&rest[..length]);
                    rest = &rest[length..];
                    length
                } else {
                    let (columns, length) = self.words(rest, room);
                    rest = &rest[length..];
                    columns
                };
                self.end_line();
                widest = widest.max(columns);
                rest = rest.trim_ascii_start();
            }
        }
        widest
    }

    /// Writes the words that fit on one line; says how many columns and bytes they take.
    fn words(&mut self, text: &str, room: usize) -> (usize, usize) {
        let mut width = 0;
        let mut done = 0;
        for (start, word) in words(text) {
            let columns = columns_of(word);
            let space = usize::from(width > 0);
            if space == 1 && width + 1 + columns > room {
                break;
            }
            if space == 1 {
                self.text.push(' ');
            }
            done = start + word.len();
            if columns > room && word.chars().any(is_wide) {
                let last = self.broken(word, room);
                return (room.max(last), done);
            }
            self.push(word);
            width += space + columns;
        }
        (width, done.max(1))
    }

    /// Breaks a run of text that is written without spaces, as Chinese and Japanese are.
    fn broken(&mut self, run: &str, room: usize) -> usize {
        let mut width = 0;
        for character in repaired(run).chars() {
            let columns = character.width().unwrap_or(0);
            if width + columns > room {
                self.end_line();
                self.prefix(true);
                width = 0;
            }
            self.text.push(character);
            width += columns;
        }
        width
    }

    /// Writes a part of a line. No control character reaches a terminal.
    fn push(&mut self, text: &str) {
        let odd = text.bytes().fold(0, |found, byte| {
            found | u8::from(is_suspicious(byte)) | u8::from(byte == b'\r')
        });
        if odd == 0 {
            self.text.push_str(text);
            return;
        }
        for (at, part) in text.split(UNBROKEN).enumerate() {
            if at > 0 {
                self.text.push(' ');
            }
            for part in part.split('\r') {
                self.text.push_str(&repaired(part));
            }
        }
    }

    /// Writes the blank line that is due.
    fn settle(&mut self) {
        if std::mem::take(&mut self.gap) && !self.text.is_empty() {
            self.prefix(false);
            self.end_line();
        }
    }

    /// Writes what stands before a line. A blank line uses up no mark.
    fn prefix(&mut self, with_text: bool) {
        for level in &mut self.levels {
            match level {
                Level::Quote => self.text.push_str("> "),
                Level::Item { marker, used } if !*used && with_text => {
                    *used = true;
                    self.text.push_str(marker);
                }
                Level::Item { marker, .. } => {
                    for _ in 0..marker.width() {
                        self.text.push(' ');
                    }
                }
                Level::Hidden => {}
            }
        }
    }

    fn end_line(&mut self) {
        let kept = self.text.trim_end_matches([' ', '\t']).len();
        self.text.truncate(kept);
        self.text.push('\n');
    }

    /// All that was written.
    pub(super) fn finish(self) -> String {
        self.text
    }
}

/// How many columns the text takes.
pub(super) fn width_of(text: &str) -> usize {
    if text.is_ascii() {
        text.len()
    } else {
        text.width()
    }
}

fn is_wide(character: char) -> bool {
    character.width() == Some(2)
}

/// How much of the text makes the next line, where that can be told without looking at each word:
/// nothing but ASCII and single spaces. `None` where it cannot.
fn plain_line(text: &[u8], room: usize) -> Option<usize> {
    let window = &text[..text.len().min(room + 1)];
    let plain = window
        .iter()
        .fold(true, |plain, &byte| plain & (0x1F..0x7F).contains(&byte));
    let doubled = window
        .iter()
        .zip(&window[1..])
        .map(|(&one, &other)| u8::from(one == b' ') & u8::from(other == b' '))
        .fold(0, |found, here| found | here);
    if !plain || doubled > 0 {
        return None;
    }
    if text.len() <= room {
        return Some(text.trim_ascii_end().len());
    }
    window.iter().rposition(|&byte| byte == b' ')
}

/// The words of a text, cut where lines may break, and where each begins.
fn words(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut at = 0;
    text.split([' ', '\t', '\r']).filter_map(move |word| {
        let start = at;
        at += word.len() + 1;
        (!word.is_empty()).then_some((start, word))
    })
}

/// The columns of a word, in which [`UNBROKEN`] will take one.
fn columns_of(word: &str) -> usize {
    if word.is_ascii() && !word.bytes().any(is_suspicious) {
        return word.len();
    }
    word.split(UNBROKEN)
        .map(|part| repaired(part).width() + 1)
        .sum::<usize>()
        - 1
}
