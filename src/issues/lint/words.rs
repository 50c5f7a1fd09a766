//! What is wrong with text: notes to oneself, and link syntax that the parser took for text.

use std::collections::HashMap;
use std::ops::Range;

use pulldown_cmark::{Event, Tag, TagEnd};

use super::Lint;
use super::address::{asks_to_fill_in, is_shouted};
use crate::issues::markdown::Spanned;

/// How far brackets may be apart: the longest label of `CommonMark` (section 4.7), and a bound on
/// what a text full of them costs.
const LONGEST_LABEL: usize = 1_000;

/// The bytes at which something may begin.
static LOOKED_AT: [bool; 256] = {
    let mut looked_at = [false; 256];
    let mut at = 0;
    while at < b"TFX_Ll]".len() {
        looked_at[b"TFX_Ll]"[at] as usize] = true;
        at += 1;
    }
    looked_at
};

impl<'e> Lint<'e, '_> {
    /// Looks at the text of the event at `at`.
    pub(super) fn look_at_text(
        &mut self,
        events: &'e [Spanned<'_>],
        at: usize,
        text: &str,
        range: &Range<usize>,
    ) {
        // One pass, in which nearly every byte is passed over at once.
        let bytes = text.as_bytes();
        let mut place = Place::new(self.context.file, range, text);
        let mut done = 0;
        let mut next = 0;
        while let Some(passed) = bytes[next..]
            .iter()
            .position(|&byte| LOOKED_AT[usize::from(byte)])
        {
            let start = next + passed;
            next = start + 1;
            let found = match (bytes[start], bytes.get(start + 1)) {
                (b'T', Some(b'O' | b'B')) | (b'F', Some(b'I')) | (b'X', Some(b'X')) => {
                    let in_link = !self.links.is_empty();
                    note(text, start).filter(|word| is_left_over(events, at, text, word, in_link))
                }
                (b'_', _) => shouted(text, start),
                (b'L' | b'l', Some(b'o')) => lorem(text, start),
                (b']', Some(b'[' | b'(')) => {
                    done = self.look_at_bracket(events, at, text, start, done, &mut place);
                    next = next.max(done);
                    continue;
                }
                _ => continue,
            };
            let Some(found) = found else { continue };
            done = found.end;
            next = done;
            let word = &text[found.clone()];
            let span = place.of(found);
            self.warn(
                "placeholder",
                span,
                format!("`{word}` was left in"),
                Some("write what belongs there, or mark it as code if it is meant".to_owned()),
            );
        }
    }

    /// Looks at a `]` in text: `[text][label]` without a definition, or `[text](no address)`.
    /// Says up to where the text is dealt with.
    fn look_at_bracket(
        &mut self,
        events: &'e [Spanned<'_>],
        at: usize,
        text: &str,
        close: usize,
        done: usize,
        place: &mut Place<'_>,
    ) -> usize {
        let rest = &text[close + 1..];
        let closing = match rest.as_bytes().first() {
            Some(b'[') => ']',
            Some(b'(') => ')',
            _ => return done,
        };
        let Some(opened) = opening(events, at, text, done, close) else {
            return done;
        };
        let near = &rest[1..rest.floor_char_boundary(LONGEST_LABEL)];
        let Some(length) = near.find([closing, '[', '\n']) else {
            return done;
        };
        let inside = &rest[1..=length];
        let end = close + 1 + 1 + length + 1;
        let ends = rest[1 + length..].starts_with(closing);
        // What is escaped in the source is meant to be text.
        if !ends || !place.is_exact() {
            return done;
        }
        let span = place.of(opened..end);
        if closing == ')' {
            if inside.trim().contains(' ') && self.links.is_empty() {
                self.warn(
                    "bad-link",
                    span,
                    "this is shown as it stands: an address has no spaces in it".to_owned(),
                    Some("fill in the address, or write `%20` for a space".to_owned()),
                );
                return end;
            }
            return done;
        }
        let label = if inside.is_empty() {
            &text[(opened + 1).min(close)..close]
        } else {
            inside
        };
        // Brackets in a link's text are a matter of style: `[[area][topic] Title](…)`.
        let in_link = !self.links.is_empty();
        if in_link || label.trim().is_empty() || label.starts_with('^') {
            return done;
        }
        self.warn(
            "undefined-reference",
            span,
            format!("no line of this issue says where `[{label}]` leads"),
            Some(format!("add `[{label}]: https://…` on a line of its own")),
        );
        end
    }
}

/// Where the `[` stands that the `]` at `close` belongs to; the start of the text where it stands
/// in an event before. `None` where the brackets are of another kind, such as `array[i][j]`.
fn opening(
    events: &[Spanned<'_>],
    at: usize,
    text: &str,
    done: usize,
    close: usize,
) -> Option<usize> {
    let near = text
        .ceil_char_boundary(close.saturating_sub(LONGEST_LABEL))
        .max(done);
    let Some(open) = text[near..close].rfind('[').map(|open| near + open) else {
        // `[*text*][label]` and ``[`text`][label]`` come in several events.
        let split = close == 0
            && matches!(
                at.checked_sub(1).map(|before| &events[before].0),
                Some(
                    Event::Code(_) | Event::End(TagEnd::Emphasis | TagEnd::Strong | TagEnd::Image)
                )
            );
        return split.then_some(0);
    };
    let joined = text[..open]
        .chars()
        .next_back()
        .is_some_and(|c| c.is_alphanumeric() || matches!(c, ']' | ')' | '_'));
    let worded = text[open..close].chars().any(char::is_alphabetic);
    (!joined && worded).then_some(open)
}

/// The note to oneself that begins at `start`.
fn note(text: &str, start: usize) -> Option<Range<usize>> {
    let rest = &text[start..];
    let word = ["TODO", "FIXME", "TBD", "XXX"]
        .into_iter()
        .find(|word| rest.starts_with(word))?;
    let end = start + word.len();
    let part_of_word = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-');
    let before = text[..start].chars().next_back();
    let after = text[end..].chars().next();
    (!before.is_some_and(part_of_word) && !after.is_some_and(part_of_word)).then_some(start..end)
}

/// Whether such a word was left in by mistake. `TBD` is said of meetings, and all of them in the
/// titles of what is linked to.
fn is_left_over(
    events: &[Spanned<'_>],
    at: usize,
    text: &str,
    word: &Range<usize>,
    in_link: bool,
) -> bool {
    let found = &text[word.clone()];
    let alone = text.trim() == found
        && (in_link || opens_block(events, at))
        && at + 1 < events.len()
        && matches!(events[at + 1].0, Event::End(_));
    let introduces = text[word.end..].starts_with([':', '(']);
    let before = text[..word.start].trim_end();
    let begins = before.is_empty() && opens_block(events, at);
    let enclosed = before.ends_with(['(', '[']) && text[word.end..].starts_with([')', ']']);
    match found {
        "TBD" => alone && !in_link,
        "XXX" => alone || (introduces && !in_link),
        // `a TODO list`, `the FIXME lint`: prose speaks of them.
        _ => alone || !in_link && (introduces || begins || enclosed),
    }
}

/// Whether the event is the first of its paragraph, item or heading.
fn opens_block(events: &[Spanned<'_>], at: usize) -> bool {
    let before = at.checked_sub(1).map(|before| &events[before].0);
    matches!(
        before,
        None | Some(Event::Start(
            Tag::Paragraph | Tag::Item | Tag::Heading { .. } | Tag::Strong | Tag::Emphasis
        ))
    )
}

/// The `NAME_LIKE_THIS` around the `_` at `at`, if it asks to be filled in.
fn shouted(text: &str, at: usize) -> Option<Range<usize>> {
    let bytes = text.as_bytes();
    let belongs = |byte: &&u8| byte.is_ascii_alphanumeric() || **byte == b'_';
    // No name is longer than this; without a bound, a line of `_` would cost its square.
    let floor = at.saturating_sub(64);
    let before = bytes[floor..at].iter().rev().take_while(belongs).count();
    let after = bytes[at..].iter().take(64).take_while(belongs).count();
    let found = at - before..at + after;
    let token = text.get(found.clone())?;
    (is_shouted(token) && asks_to_fill_in(token)).then_some(found)
}

/// The filler text of typesetters.
fn lorem(text: &str, start: usize) -> Option<Range<usize>> {
    // The two words alone are also what people say of it.
    let end = start + "lorem ipsum dolor".len();
    text.get(start..end)
        .filter(|found| found.eq_ignore_ascii_case("lorem ipsum dolor"))
        .map(|_| start..start + "lorem ipsum".len())
}

/// Where the text of an event stands in the file.
struct Place<'f> {
    file: &'f str,
    range: &'f Range<usize>,
    text: &'f str,
    /// Whether the file has the text letter for letter; found out when first asked.
    exact: Option<bool>,
}

impl<'f> Place<'f> {
    fn new(file: &'f str, range: &'f Range<usize>, text: &'f str) -> Self {
        Self {
            file,
            range,
            text,
            exact: None,
        }
    }

    fn is_exact(&mut self) -> bool {
        *self
            .exact
            .get_or_insert_with(|| self.file.get(self.range.clone()) == Some(self.text))
    }

    /// Where a part of the text stands; where all of it does if that cannot be told.
    fn of(&mut self, part: Range<usize>) -> Range<usize> {
        if self.is_exact() {
            return self.range.start + part.start..self.range.start + part.end;
        }
        let word = &self.text[part];
        let found = self
            .file
            .get(self.range.clone())
            .and_then(|source| source.find(word))
            .map(|at| self.range.start + at);
        found.map_or(self.range.clone(), |start| start..start + word.len())
    }
}

/// A label as two of them are compared: without case, with single spaces.
pub(super) fn label(written: &str) -> String {
    let words: Vec<&str> = written.split_whitespace().collect();
    words.join(" ").to_lowercase()
}

/// Where the addresses of the reference definitions in `file[body]` stand, by label.
pub(super) fn definitions(file: &str, body: Range<usize>) -> HashMap<String, Range<usize>> {
    let mut found = HashMap::new();
    let mut start = body.start;
    for line in file[body].split_inclusive('\n') {
        let inner = line.trim_start_matches([' ', '>', '\t']);
        let indent = line.len() - inner.len();
        if let Some((name, rest)) = inner
            .strip_prefix('[')
            .and_then(|inner| inner.split_once("]:"))
        {
            let address = rest.trim_start().trim_start_matches('<');
            let at = start + indent + 1 + name.len() + 2 + (rest.len() - address.len());
            let length = address
                .find(|c: char| c.is_whitespace() || c == '>')
                .unwrap_or(address.len());
            found.entry(label(name)).or_insert(at..at + length);
        }
        start += line.len();
    }
    found
}
