//! The bounds that stand before an HTML parser.
//!
//! What builds a tree from HTML looks through the open elements for many a tag, so that its time
//! grows with the square of the depth, and it opens phrases again (`<b title=…>`) in each block,
//! so that its output may be a thousand times its input. [`bounded`] follows which elements such a
//! parser has open, in one pass and with a bounded stack, and leaves out the tags that go beyond.
//! Their words stay.
//!
//! The stack here holds all that the parser's has, in its order, or more: what is closed here is
//! closed there. So a bound here is one there.

use std::borrow::Cow;

use super::elements::{Sort, sort};
use super::tags::{Piece, Tag, piece};

/// How many elements may be open at once; browsers stop at 512.
pub const DEPTH: usize = 100;

/// How many phrases may be open at once.
const PHRASES: usize = 32;

/// Attributes of one tag: a parser compares each with all before it.
const ATTRIBUTES: usize = 64;

/// Pieces that stand in a table and in no cell: a parser moves each before the table, past all
/// that was moved before.
const MISPLACED: usize = 256;

/// Bytes of phrases that may be opened again, beside half of the document's own.
const REOPENED: usize = 16 << 10;

/// Steps that one byte may take: a tag looks through the open elements a few times.
const STEPS: usize = 8 * (DEPTH + PHRASES);

/// The HTML with at most [`DEPTH`] elements open at once, and nothing in it that makes an HTML
/// parser take more than a fixed time for each byte or write more than a few bytes for one.
pub fn bounded(html: &str) -> Cow<'_, str> {
    let mut guard = Guard::new(html);
    guard.run();
    debug_assert!(
        guard.steps <= STEPS * (html.len() + 1),
        "{} steps",
        guard.steps
    );
    if guard.changed {
        Cow::Owned(guard.out)
    } else {
        Cow::Borrowed(html)
    }
}

#[derive(Clone, Copy)]
struct Open<'a> {
    name: &'a str,
    sort: Sort,
    /// The number of its phrase, where it is one.
    phrase: usize,
    /// How many phrases there were when it began.
    before: usize,
}

/// A phrase that was begun and not ended.
struct Phrase<'a> {
    name: &'a str,
    number: usize,
    /// Bytes of its start tag.
    bytes: usize,
    /// Whether it is among the open elements; else it will be opened again.
    open: bool,
}

struct Guard<'a> {
    html: &'a str,
    out: String,
    /// Up to which byte `html` has been written out.
    copied: usize,
    changed: bool,
    stack: Vec<Open<'a>>,
    phrases: Vec<Phrase<'a>>,
    begun: usize,
    /// Bytes of phrases that were opened again.
    reopened: usize,
    misplaced: usize,
    /// Elements without an end to the end of the document.
    endless: Vec<&'a str>,
    /// What this took so far: pieces, and elements looked at.
    steps: usize,
}

impl<'a> Guard<'a> {
    fn new(html: &'a str) -> Self {
        Self {
            html,
            out: String::new(),
            copied: 0,
            changed: false,
            stack: Vec::with_capacity(16),
            phrases: Vec::new(),
            begun: 0,
            reopened: 0,
            misplaced: 0,
            endless: Vec::new(),
            steps: 0,
        }
    }

    fn run(&mut self) {
        let mut at = 0;
        while at < self.html.len() {
            let (piece, mut end) = piece(self.html, at);
            self.steps += 1;
            match piece {
                Piece::Text => self.text(at, end),
                Piece::Start(tag) => end = self.start(tag, at, end),
                Piece::End(name) => self.end(name, at, end),
                // Comments grow nothing, and what a parser makes of `<![CDATA[` is one.
                Piece::Hidden => {}
            }
            at = end;
        }
        if self.changed {
            self.out.push_str(&self.html[self.copied..]);
        }
    }

    /// Writes `instead` for what stands between two bytes.
    fn replace(&mut self, at: usize, end: usize, instead: &str) {
        self.changed = true;
        self.out.push_str(&self.html[self.copied..at]);
        self.out.push_str(instead);
        self.copied = end;
    }

    fn text(&mut self, at: usize, end: usize) {
        let text = &self.html[at..end];
        if !text.trim_ascii().is_empty() {
            self.misplace(at);
        }
        self.reopen(at);
        if text.starts_with('<') {
            // It must not begin a tag together with what follows, where something is left out.
            self.replace(at, at + 1, "&lt;");
        }
    }

    /// Takes that a start tag stands here, and gives the byte at which to go on.
    fn start(&mut self, tag: Tag<'a>, at: usize, end: usize) -> usize {
        let sort = sort(tag.name);
        match sort {
            Sort::Column => return end,
            Sort::Foreign => {
                self.replace(at, end, "");
                return end;
            }
            Sort::Silent => return self.silence(tag.name, at, end),
            Sort::Raw => return self.raw(tag.name, end),
            _ => {}
        }
        if !sort.is_of_table() {
            self.misplace(at);
        } else if self.misplaced > MISPLACED || (sort != Sort::Table && self.table().is_none()) {
            self.replace(at, end, "");
            return end;
        }
        self.close_for(tag.name, sort);
        if matches!(
            sort,
            Sort::Void | Sort::Formatting | Sort::Ordinary | Sort::Wall
        ) {
            self.reopen(at);
        }
        let holds = !matches!(sort, Sort::Void | Sort::Rule);
        let phrase = sort == Sort::Formatting;
        let full = self.stack.len() >= DEPTH || phrase && self.phrases.len() >= PHRASES;
        if holds && full {
            self.replace(at, end, "");
            return end;
        }
        if tag.attributes > ATTRIBUTES {
            self.replace(at + 1 + tag.name.len(), end, ">");
        }
        if phrase {
            self.begun += 1;
            self.phrases.push(Phrase {
                name: tag.name,
                number: self.begun,
                bytes: end - at,
                open: true,
            });
        }
        if holds {
            self.push(tag.name, sort, if phrase { self.begun } else { 0 });
        }
        end
    }

    fn push(&mut self, name: &'a str, sort: Sort, phrase: usize) {
        self.stack.push(Open {
            name,
            sort,
            phrase,
            before: self.phrases.len(),
        });
    }

    /// Leaves out an element of another language with its content; without an end its tag alone.
    fn silence(&mut self, name: &'a str, at: usize, end: usize) -> usize {
        let end = self.end_tag(name, end).map_or(end, |(_, end)| end);
        self.replace(at, end, "");
        end
    }

    /// Goes past an element whose content is text.
    fn raw(&mut self, name: &'a str, end: usize) -> usize {
        self.end_tag(name, end)
            .map_or(self.html.len(), |(_, end)| end)
    }

    /// Where the next end tag of an element begins and ends.
    fn end_tag(&mut self, name: &'a str, from: usize) -> Option<(usize, usize)> {
        let is_name = |other: &&str| other.eq_ignore_ascii_case(name);
        if self.endless.iter().any(is_name) {
            return None;
        }
        for (found, _) in self.html[from..].match_indices("</") {
            self.steps += 1;
            let start = from + found + 2;
            let tag = self.html.as_bytes()[start..].get(..name.len());
            let same = tag.is_some_and(|tag| tag.eq_ignore_ascii_case(name.as_bytes()));
            let next = self.html.as_bytes().get(start + name.len());
            if same && next.is_none_or(|it| it.is_ascii_whitespace() || b"/>".contains(it)) {
                return Some((from + found, piece(self.html, from + found).1));
            }
        }
        self.endless.push(name);
        None
    }

    fn end(&mut self, name: &'a str, at: usize, end: usize) {
        let sort = sort(name);
        match sort {
            Sort::Foreign | Sort::Silent => self.replace(at, end, ""),
            Sort::Void | Sort::Column | Sort::Rule | Sort::Raw => {}
            Sort::Formatting => self.end_phrase(name),
            Sort::Ordinary => {
                let place = self.find(|open| open.is(name), |open| open.sort.is_special());
                self.pop_to(place);
            }
            Sort::Table => {
                let place = self.table();
                self.pop_to(place);
            }
            Sort::Rows | Sort::Row | Sort::Cell | Sort::Caption => {
                let place = self.find(|open| open.is(name), Open::ends_table);
                self.pop_to(place);
            }
            Sort::Heading => {
                let heading = |open: &Open<'_>| open.sort == Sort::Heading;
                let place = self.find(heading, |open| open.sort.is_wall());
                self.pop_to(place);
            }
            Sort::Item => {
                let list = |open: &Open<'_>| open.is("ul") || open.is("ol");
                let wall = |open: &Open<'_>| open.sort.is_wall() || list(open);
                let place = self.find(|open| open.is(name), wall);
                self.pop_to(place);
            }
            Sort::Block | Sort::Paragraph | Sort::Term | Sort::Wall => {
                let place = self.find(|open| open.is(name), |open| open.sort.is_wall());
                self.pop_to(place);
            }
        }
    }

    /// The innermost open element that is sought, unless a wall comes before it.
    fn find(
        &mut self,
        sought: impl Fn(&Open<'a>) -> bool,
        wall: impl Fn(&Open<'a>) -> bool,
    ) -> Option<usize> {
        for (place, open) in self.stack.iter().enumerate().rev() {
            self.steps += 1;
            if sought(open) {
                return Some(place);
            }
            if wall(open) {
                return None;
            }
        }
        None
    }

    /// The innermost table.
    fn table(&mut self) -> Option<usize> {
        self.find(
            |open| open.sort == Sort::Table,
            |open| open.sort == Sort::Wall,
        )
    }

    /// Closes an element and all within it.
    fn pop_to(&mut self, place: Option<usize>) {
        let Some(place) = place else {
            return;
        };
        while self.stack.len() > place {
            self.steps += 1;
            let Some(open) = self.stack.pop() else {
                return;
            };
            if open.sort.is_mark() {
                // The end of a cell ends the phrases that began in it.
                self.phrases.truncate(open.before);
            } else if let Some(phrase) = self.phrase(open.phrase) {
                phrase.open = false;
            }
        }
    }

    fn phrase(&mut self, number: usize) -> Option<&mut Phrase<'a>> {
        self.phrases
            .iter_mut()
            .find(|it| number > 0 && it.number == number)
    }

    /// Closes what an element that begins closes.
    fn close_for(&mut self, name: &'a str, sort: Sort) {
        match sort {
            Sort::Item | Sort::Term => {
                let light = |open: &Open<'_>| {
                    open.is("address") || open.is("div") || open.sort == Sort::Paragraph
                };
                let wall = |open: &Open<'_>| open.sort.is_special() && !light(open);
                let place = self.find(|open| open.sort == sort, wall);
                self.pop_to(place);
            }
            Sort::Table if self.in_table() => {
                let place = self.table();
                self.pop_to(place);
            }
            Sort::Rows | Sort::Row | Sort::Cell => {
                let outermost = match sort {
                    Sort::Rows => [Sort::Rows, Sort::Row, Sort::Cell],
                    Sort::Row => [Sort::Row, Sort::Cell, Sort::Cell],
                    _ => [Sort::Cell; 3],
                };
                for level in outermost {
                    let place = self.find(|open| open.sort == level, Open::ends_table);
                    self.pop_to(place);
                }
            }
            Sort::Formatting
                if name.eq_ignore_ascii_case("a") || name.eq_ignore_ascii_case("nobr") =>
            {
                self.end_phrase(name);
            }
            _ => {}
        }
        if sort.closes_paragraph() {
            let place = self.find(
                |open| open.sort == Sort::Paragraph,
                |open| open.sort.is_wall(),
            );
            self.pop_to(place);
        }
        if sort == Sort::Heading && self.stack.last().is_some_and(|it| it.sort == sort) {
            let place = self.stack.len() - 1;
            self.pop_to(Some(place));
        }
    }

    /// Ends a phrase, as a parser's adoption agency does (HTML, section 13.2.6.4.7).
    fn end_phrase(&mut self, name: &str) {
        let is_name = |it: &Phrase<'_>| it.name.eq_ignore_ascii_case(name);
        let Some(index) = self.phrases.iter().rposition(is_name) else {
            let place = self.find(|open| open.is(name), |open| open.sort.is_special());
            self.pop_to(place);
            return;
        };
        let number = self.phrases[index].number;
        let place = self.find(|open| open.phrase == number, |_| false);
        let Some(place) = place else {
            // One from before a cell is not ended in it.
            if index >= self.mark() {
                self.phrases.remove(index);
            }
            return;
        };
        let within = &self.stack[place + 1..];
        if within.iter().any(|open| open.sort.is_wall()) {
            return;
        }
        let blocks = within.iter().filter(|open| open.sort.is_special()).count();
        if blocks == 0 {
            self.pop_to(Some(place));
        } else {
            // All phrases around it may be made again for each block within.
            let bytes: usize = self.phrases.iter().map(|it| it.bytes).sum();
            self.reopened += bytes * blocks.min(8);
            if blocks < 8 {
                self.stack.remove(place);
            }
        }
        self.phrases.remove(index);
    }

    /// How many phrases began before the innermost cell.
    fn mark(&self) -> usize {
        let mark = self.stack.iter().rev().find(|open| open.sort.is_mark());
        mark.map_or(0, |open| open.before).min(self.phrases.len())
    }

    /// Opens the phrases again that blocks have closed; where that is too much, ends them.
    fn reopen(&mut self, at: usize) {
        let mark = self.mark();
        let closed = self.phrases[mark..].iter().filter(|it| !it.open);
        let bytes: usize = closed.map(|it| it.bytes).sum();
        if bytes == 0 {
            return;
        }
        self.steps += self.phrases.len();
        self.reopened += bytes;
        if self.reopened > self.html.len() / 2 + REOPENED {
            let names = self.phrases[mark..].iter().rev().map(|it| it.name);
            let ends: String = names.flat_map(|name| ["</", name, ">"]).collect();
            self.replace(at, at, &ends);
            let ended: Vec<usize> = self.phrases.drain(mark..).map(|it| it.number).collect();
            self.stack.retain(|open| !ended.contains(&open.phrase));
            return;
        }
        for index in mark..self.phrases.len() {
            if !self.phrases[index].open {
                self.phrases[index].open = true;
                let (name, number) = (self.phrases[index].name, self.phrases[index].number);
                self.push(name, Sort::Formatting, number);
            }
        }
    }

    /// Whether the innermost part of a table that is open is no cell.
    fn in_table(&self) -> bool {
        let part = self.stack.iter().rev().map(|open| open.sort);
        part.into_iter()
            .find(|sort| sort.is_of_table() || *sort == Sort::Wall)
            .is_some_and(|sort| matches!(sort, Sort::Table | Sort::Rows | Sort::Row))
    }

    /// Takes that something stands here that a table cannot hold, and ends the table where there
    /// was too much of it.
    fn misplace(&mut self, at: usize) {
        if !self.in_table() {
            return;
        }
        self.misplaced += 1;
        if self.misplaced > MISPLACED {
            self.replace(at, at, "</table>");
            let place = self.table();
            self.pop_to(place);
        }
    }
}

impl Open<'_> {
    /// Whether parts of a table inside do not belong to what is outside.
    fn ends_table(&self) -> bool {
        matches!(self.sort, Sort::Table | Sort::Wall)
    }

    fn is(&self, name: &str) -> bool {
        self.name.eq_ignore_ascii_case(name)
    }
}

#[cfg(test)]
mod tests;
