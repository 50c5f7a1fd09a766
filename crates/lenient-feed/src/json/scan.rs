//! JSON as people and programs write it: RFC 8259, and commas too many or too few, comments, quotes of
//! any sort and none, line breaks in strings, brackets that do not close.
//!
//! One pass without a tree of the whole: the caller takes the members of an object as they come, and
//! keeps of a value only what feeds have names for. Each byte is looked at a few times at most.

use std::borrow::Cow;

use crate::limits;
use crate::repair::{Defect, Log};

/// Levels of values; deeper ones are skipped. Feeds need six.
const DEPTH: usize = 24;
/// Values that are kept of one entry or of the head.
const VALUES: usize = 20_000;
/// Bytes of a name that is looked for after a quote, to tell the end of a string from a quote in it.
const NAME: usize = 64;

/// A value, as far as feeds need it: neither truth nor nothing says anything in them.
#[derive(Debug, Default, PartialEq)]
pub(super) enum Value<'a> {
    #[default]
    Nothing,
    /// A number as it is written, of any size.
    Number(&'a str),
    Text(Cow<'a, str>),
    List(Vec<Value<'a>>),
    Object(Vec<(&'static str, Value<'a>)>),
}

/// A document while it is read.
pub(super) struct Scan<'a, 'l> {
    source: &'a str,
    at: usize,
    pub(super) log: &'l mut Log,
    /// The document ended within a string, a name or a value.
    pub(super) cut: bool,
    /// The document ended within an object or a list.
    pub(super) open: bool,
    /// Names that are kept.
    names: &'static [&'static str],
    kept: usize,
    depth: usize,
}

impl<'a, 'l> Scan<'a, 'l> {
    pub(super) fn new(source: &'a str, names: &'static [&'static str], log: &'l mut Log) -> Self {
        Self {
            source,
            at: 0,
            log,
            cut: false,
            open: false,
            names,
            kept: 0,
            depth: 0,
        }
    }

    /// Goes to the next object at the outermost level; `false` where there is none.
    pub(super) fn next_document(&mut self) -> bool {
        self.kept = 0;
        self.depth = 0;
        let found = self.source[self.at..].find('{');
        self.at = found.map_or(self.source.len(), |it| self.at + it);
        found.is_some()
    }

    /// Whether a list begins here.
    pub(super) fn at_list(&self) -> bool {
        self.peek() == Some(b'[')
    }

    /// Begins the count of values anew, as for an entry.
    pub(super) fn begin(&mut self) {
        self.kept = 0;
    }

    fn note(&mut self, what: &'static str) {
        let at = Some(self.at);
        self.log
            .note_with(Defect::BadJson, at, || Some(what.to_owned()));
    }

    fn peek(&self) -> Option<u8> {
        self.source.as_bytes().get(self.at).copied()
    }

    fn rest(&self) -> &'a str {
        &self.source[self.at..]
    }

    /// Skips white space and comments.
    fn space(&mut self) {
        loop {
            let rest = self.rest();
            self.at += rest.len() - rest.trim_start().len();
            let rest = self.rest();
            let end = match rest.as_bytes() {
                [b'/', b'/', ..] | [b'#', ..] => rest.find('\n'),
                [b'/', b'*', ..] => rest[2..].find("*/").map(|end| end + 4),
                _ => return,
            };
            self.log.note(Defect::JsonComment, Some(self.at));
            self.at += end.unwrap_or(rest.len());
        }
    }

    /// Skips a character that means nothing where it stands.
    fn skip(&mut self, what: &'static str) {
        self.note(what);
        self.at += self.rest().chars().next().map_or(0, char::len_utf8);
    }

    /// Reads an object whose brace is here; `each` reads the value of a name, or leaves it.
    pub(super) fn members(&mut self, each: &mut dyn FnMut(&mut Self, &str)) {
        self.at += 1;
        let mut parted = true;
        loop {
            self.space();
            match self.peek() {
                None => {
                    self.open = true;
                    return;
                }
                Some(b'}') => {
                    self.at += 1;
                    return;
                }
                // The list around it ends, or the next object begins: its own brace is missing.
                Some(b']' | b'{') => return self.note("a brace is missing"),
                Some(b',') => {
                    self.comma(&mut parted);
                    continue;
                }
                Some(_) => {}
            }
            if !std::mem::take(&mut parted) {
                self.note("a comma is missing");
            }
            let Some(name) = self.name() else {
                continue;
            };
            self.space();
            if self.peek() == Some(b':') {
                self.at += 1;
                self.space();
            } else {
                self.note("a colon is missing");
                // As other languages write it: `name = value`, `name => value`.
                while matches!(self.peek(), Some(b'=' | b'>')) {
                    self.at += 1;
                }
                self.space();
            }
            match self.peek() {
                None => self.cut = true,
                Some(b',' | b'}' | b']') => self.note("a value is missing"),
                Some(_) => each(self, &name),
            }
        }
    }

    /// Reads a list whose bracket is here; `each` reads an element.
    pub(super) fn elements(&mut self, each: &mut dyn FnMut(&mut Self)) {
        self.at += 1;
        let mut parted = true;
        let mut objects = false;
        loop {
            self.space();
            match self.peek() {
                None => {
                    self.open = true;
                    return;
                }
                Some(b']') => {
                    self.at += 1;
                    return;
                }
                Some(b'}') if objects && self.goes_on_after_brace() => {
                    self.skip("a brace too many");
                }
                Some(b'}') => return self.note("a bracket is missing"),
                Some(b',') => self.comma(&mut parted),
                Some(b':') => self.skip("a colon too many"),
                Some(_) => {
                    if !std::mem::take(&mut parted) {
                        self.note("a comma is missing");
                    }
                    let before = self.at;
                    objects = self.peek() == Some(b'{');
                    each(self);
                    if self.at == before {
                        self.skip("a character too many");
                    }
                }
            }
        }
    }

    /// A comma, which parts what stands before it from what follows.
    fn comma(&mut self, parted: &mut bool) {
        self.at += 1;
        self.space();
        if *parted || matches!(self.peek(), Some(b'}' | b']' | b',')) {
            self.note("a comma too many");
        }
        *parted = true;
    }

    /// `}, {`: the list goes on, so that the brace closes nothing.
    fn goes_on_after_brace(&self) -> bool {
        let after = self.rest()[1..].trim_start().strip_prefix(',');
        after.is_some_and(|it| it.trim_start().starts_with('{'))
    }

    /// The name of a member; `None` where nothing there can be one.
    fn name(&mut self) -> Option<Cow<'a, str>> {
        match self.peek()? {
            b'"' | b'\'' | b'`' => Some(self.string(Place::Name)),
            byte if byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'$' | 0x80..) => {
                self.note("a name lacks its quotes");
                let rest = self.rest();
                let inside = |c: char| c.is_alphanumeric() || matches!(c, '_' | '$' | '-');
                let end = rest.find(|c: char| !inside(c)).unwrap_or(rest.len());
                self.at += end;
                if end == 0 {
                    self.skip("a character too many");
                    return None;
                }
                Some(Cow::Borrowed(&rest[..end]))
            }
            _ => {
                self.skip("a character too many");
                None
            }
        }
    }

    /// Reads a value; of objects only the names that are known are kept.
    pub(super) fn value(&mut self, keep: bool) -> Value<'a> {
        self.kept += 1;
        let keep = keep && self.kept < VALUES;
        match self.peek() {
            Some(b'{' | b'[') if self.depth >= DEPTH => {
                self.skip_deep();
                Value::Nothing
            }
            Some(b'{') => self.object(keep),
            Some(b'[') => self.list(keep),
            Some(b'"' | b'\'' | b'`') => {
                let text = self.string(Place::Value);
                if keep {
                    Value::Text(text)
                } else {
                    Value::Nothing
                }
            }
            Some(_) => self.bare(),
            None => Value::Nothing,
        }
    }

    fn object(&mut self, keep: bool) -> Value<'a> {
        let mut members: Vec<(&'static str, Value<'a>)> = Vec::new();
        self.depth += 1;
        self.members(&mut |scan, name| {
            let names = scan.names;
            let known = names.iter().find(|it| it.eq_ignore_ascii_case(name));
            let value = scan.value(keep && known.is_some());
            if let Some(known) = known {
                scan.put(&mut members, known, value);
            }
        });
        self.depth -= 1;
        Value::Object(members)
    }

    /// Adds a member; of two with one name the last that says something counts, as in JavaScript.
    pub(super) fn put(
        &mut self,
        members: &mut Vec<(&'static str, Value<'a>)>,
        name: &'static str,
        value: Value<'a>,
    ) {
        match members.iter_mut().find(|(known, _)| *known == name) {
            None => members.push((name, value)),
            Some((_, before)) => {
                self.log
                    .note_with(Defect::DuplicateName, Some(self.at), || {
                        Some(format!("`{name}`"))
                    });
                if value != Value::Nothing {
                    *before = value;
                }
            }
        }
    }

    fn list(&mut self, keep: bool) -> Value<'a> {
        let mut values = Vec::new();
        self.depth += 1;
        self.elements(&mut |scan| {
            let value = scan.value(keep && values.len() < limits::CHILDREN);
            if keep && values.len() < limits::CHILDREN {
                values.push(value);
            }
        });
        self.depth -= 1;
        Value::List(values)
    }

    /// Skips an object or a list that stands too deep, without going down.
    fn skip_deep(&mut self) {
        self.log.note(Defect::TooDeep, Some(self.at));
        let mut depth = 0_usize;
        loop {
            match self.peek() {
                None => {
                    self.cut = true;
                    return;
                }
                Some(b'"') => {
                    self.string(Place::Value);
                    continue;
                }
                Some(b'{' | b'[') => depth += 1,
                Some(b'}' | b']') => depth -= 1,
                Some(_) => {}
            }
            self.at += 1;
            if depth == 0 {
                break;
            }
        }
        // A byte within a letter is none of the signs above.
        while !self.source.is_char_boundary(self.at) {
            self.at += 1;
        }
    }

    /// A number or a word without quotes.
    fn bare(&mut self) -> Value<'a> {
        let rest = self.rest();
        let ends = |c: char| matches!(c, ',' | '}' | ']' | '\n' | '"') || c.is_whitespace();
        let end = rest.find(ends).unwrap_or(rest.len());
        let end = rest[..end]
            .find("//")
            .or(rest[..end].find("/*"))
            .unwrap_or(end);
        let word = &rest[..end];
        if end == 0 {
            return Value::Nothing;
        }
        let is_number = word
            .bytes()
            .all(|it| it.is_ascii_digit() || b"+-.eE".contains(&it))
            && word.contains(|c: char| c.is_ascii_digit());
        if !is_number && !matches!(word, "null" | "true" | "false") {
            self.note("a value that is none");
        }
        self.at += end;
        self.cut |= self.at == self.source.len();
        match word.trim_start_matches('+') {
            number if is_number => Value::Number(number),
            // JavaScript's and Python's words for what JSON cannot say.
            "null" | "true" | "false" | "NaN" | "nan" | "Infinity" | "-Infinity" | "inf"
            | "-inf" | "undefined" | "None" | "True" | "False" => Value::Nothing,
            word => Value::Text(Cow::Borrowed(word)),
        }
    }

    /// The string whose quote is here.
    fn string(&mut self, place: Place) -> Cow<'a, str> {
        let source = self.source;
        let quote = source.as_bytes()[self.at];
        if quote != b'"' {
            self.note("a string in other quotes");
        }
        let start = self.at + 1;
        let mut string = Cow::Borrowed("");
        let mut from = start;
        loop {
            let rest = &source.as_bytes()[from..];
            let odd = |byte: &u8| *byte == quote || *byte == b'\\' || *byte < 0x20;
            let Some(found) = rest.iter().position(odd) else {
                self.cut = true;
                self.at = source.len();
                string += &source[from..];
                return string;
            };
            let at = from + found;
            string += &source[from..at];
            match source.as_bytes()[at] {
                b'\\' => from = at + 1 + self.escape(&source[at + 1..], string.to_mut()),
                byte if byte == quote => {
                    self.at = at + 1;
                    if self.is_end(place, quote) {
                        return string;
                    }
                    if let Some(length) = self.lost_quote(&string, quote) {
                        self.at = at;
                        string.to_mut().truncate(length);
                        return string;
                    }
                    self.note("a quote within a string");
                    string.to_mut().push(char::from(quote));
                    from = at + 1;
                }
                control => {
                    self.log.note(Defect::BadString, Some(at));
                    string.to_mut().push(char::from(control));
                    from = at + 1;
                }
            }
        }
    }

    /// Adds what an escape stands for; how many bytes after the backslash it takes.
    fn escape(&mut self, rest: &str, into: &mut String) -> usize {
        let Some(letter) = rest.chars().next() else {
            return 0;
        };
        let simple = match letter {
            '"' | '\\' | '/' => letter,
            'b' | 'f' => ' ',
            'n' => '\n',
            'r' => '\r',
            't' => '\t',
            'u' => return self.unicode(rest, into),
            _ => {
                self.log.note(Defect::BadString, Some(self.at));
                match letter {
                    '\'' | '`' => letter,
                    // A line that goes on, as JavaScript has it.
                    '\n' => return 1,
                    // A path of Windows, or a formula: the backslash is one.
                    _ => {
                        into.push('\\');
                        letter
                    }
                }
            }
        };
        into.push(simple);
        letter.len_utf8()
    }

    /// `\uXXXX`, two of them where the first is half of a letter.
    fn unicode(&mut self, rest: &str, into: &mut String) -> usize {
        let unit = |from: usize| {
            let digits = rest.get(from..from + 4)?;
            let all = digits.bytes().all(|it| it.is_ascii_hexdigit());
            u32::from_str_radix(digits, 16).ok().filter(|_| all)
        };
        let Some(first) = unit(1) else {
            self.log.note(Defect::BadString, Some(self.at));
            into.push_str("\\u");
            return 1;
        };
        if let Some(character) = char::from_u32(first) {
            into.push(character);
            return 5;
        }
        let second = rest
            .get(5..7)
            .filter(|it| *it == "\\u")
            .and_then(|_| unit(7));
        if let (0xd800..=0xdbff, Some(low @ 0xdc00..=0xdfff)) = (first, second) {
            let code = 0x1_0000 + ((first - 0xd800) << 10) + (low - 0xdc00);
            into.push(char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER));
            return 11;
        }
        self.log.note(Defect::LoneSurrogate, Some(self.at));
        into.push(char::REPLACEMENT_CHARACTER);
        5
    }

    /// Whether the quote before this byte ends its string: what follows is what may follow one.
    fn is_end(&self, place: Place, quote: u8) -> bool {
        if place == Place::Name {
            return true;
        }
        let rest = self.rest();
        let after = rest.trim_start();
        match after.as_bytes().first() {
            None | Some(b'}' | b']' | b'/') => true,
            Some(b',') => goes_on(after[1..].trim_start()),
            // The comma between them is missing.
            Some(byte) if *byte == quote => is_name(after, quote),
            Some(b'{' | b'[') => rest.len() > after.len(),
            _ => false,
        }
    }

    /// The length of a string that lost its closing quote: a comma and a line break end it, and a
    /// name follows.
    fn lost_quote(&self, string: &str, quote: u8) -> Option<usize> {
        let before = string.trim_end();
        let broken = string[before.len()..].contains('\n');
        let quoted = &self.source[self.at - 1..];
        (broken && before.ends_with(',') && is_name(quoted, quote)).then(|| before.len() - 1)
    }
}

/// Where a string stands.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    Name,
    Value,
}

/// Whether what follows a comma may be a member or an element.
fn goes_on(rest: &str) -> bool {
    let Some(first) = rest.chars().next() else {
        return true;
    };
    if !first.is_alphabetic() && first != '_' {
        return matches!(
            first,
            '"' | '\'' | '`' | '{' | '[' | '}' | ']' | '/' | '#' | ',' | '-' | '0'..='9'
        );
    }
    let inside = |it: &(usize, char)| it.1.is_alphanumeric() || matches!(it.1, '_' | '-' | '$');
    let word: usize = rest
        .char_indices()
        .take(NAME)
        .take_while(inside)
        .map(|it| it.1.len_utf8())
        .sum();
    let after = rest[word..].trim_start();
    after.starts_with([':', ',', ']', '}'])
}

/// Whether a quoted name and a colon begin a text.
fn is_name(text: &str, quote: u8) -> bool {
    let name = text.as_bytes().get(1..).unwrap_or_default();
    let end = name
        .iter()
        .take(NAME)
        .position(|it| *it == quote || *it == b'\n');
    end.is_some_and(|end| name[end] == quote && text[end + 2..].trim_start().starts_with(':'))
}
