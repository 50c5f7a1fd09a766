//! A document as tags and text, whatever it holds: every input gives tokens, none an error.
//!
//! One pass, forwards, without copying; no input makes it look at a byte more than a few times.

use super::names;
use super::repair::{Defect, Log};

/// A piece of a document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Token<'a> {
    /// A start tag.
    Start(Tag<'a>),
    /// The name in an end tag.
    End(&'a str),
    /// Text in which references are still to be resolved.
    Text(&'a str),
    /// Text as it is.
    Plain(&'a str),
    /// What stands between `<!DOCTYPE` and its `>`.
    Doctype(&'a str),
}

/// A start tag.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tag<'a> {
    /// Its name with its prefix, as written.
    pub name: &'a str,
    /// Its attributes, not yet taken apart.
    pub attributes: &'a str,
    /// Whether it is its own end tag.
    pub empty: bool,
}

/// What may follow `<!`, beside comments and sections; anything else is text.
const DECLARATIONS: [&str; 5] = ["DOCTYPE", "ELEMENT", "ENTITY", "ATTLIST", "NOTATION"];

/// The tokens of a document.
pub struct Tokens<'a> {
    source: &'a str,
    at: usize,
    /// The document ended within a tag, a comment or a CDATA section.
    pub cut: bool,
    searches: Searches,
    seen_doctype: bool,
    /// The name of the last start tag: a section that does not close ends with its element.
    last: &'a str,
}

/// Searches whose answer may lie far beyond the next token: each is made once, so that no document
/// is searched to its end again for every tag.
#[derive(Default)]
struct Searches {
    comment: Search,
    section: Search,
    /// The bytes that were looked at.
    work: usize,
    /// The bytes of them that were looked at for the ends of tags that turned out to be none.
    failed: usize,
}

/// Where the next of something is.
#[derive(Clone, Copy, Default)]
enum Search {
    /// It was not looked for.
    #[default]
    Open,
    /// The byte of the document where it begins.
    Next(usize),
    /// There is none any more.
    Nowhere,
}

impl Search {
    /// The first `end` at `from` or behind it, as a byte of `source`.
    fn find(&mut self, source: &str, from: usize, end: &str, work: &mut usize) -> Option<usize> {
        match *self {
            Self::Nowhere => return None,
            Self::Next(at) if at >= from => return Some(at),
            Self::Next(_) | Self::Open => {}
        }
        let found = source[from..].find(end).map(|at| from + at);
        *work += found.unwrap_or(source.len()) - from;
        *self = found.map_or(Self::Nowhere, Self::Next);
        found
    }
}

impl<'a> Tokens<'a> {
    /// Those of a decoded document.
    pub fn new(source: &'a str) -> Self {
        Self {
            source,
            at: 0,
            cut: false,
            searches: Searches::default(),
            seen_doctype: false,
            last: "",
        }
    }

    /// How many bytes were looked at, those that were looked at twice counted twice.
    #[cfg(test)]
    pub(super) fn work(&self) -> usize {
        self.searches.work
    }

    /// The byte after the last token.
    pub fn position(&self) -> usize {
        self.at
    }

    /// The next token; `None` at the end.
    pub fn next(&mut self, log: &mut Log) -> Option<Token<'a>> {
        loop {
            let rest = &self.source[self.at..];
            let next = rest.as_bytes().get(1).copied();
            if rest.is_empty() {
                return None;
            }
            if !rest.starts_with('<') {
                return Some(self.text(rest));
            }
            let token = match next {
                Some(b'!') => self.declaration(rest, log),
                Some(b'?') => {
                    self.instruction(rest);
                    None
                }
                Some(b'/') => self.end_tag(rest, log),
                Some(byte) if is_name_start(byte) => self.start_tag(rest, log),
                _ => {
                    log.note(Defect::BareLess, Some(self.at));
                    self.at += 1;
                    Some(Token::Plain("<"))
                }
            };
            if token.is_some() {
                return token;
            }
        }
    }

    fn text(&mut self, rest: &'a str) -> Token<'a> {
        let end = rest.find('<').unwrap_or(rest.len());
        self.at += end;
        self.searches.work += end;
        Token::Text(&rest[..end])
    }

    fn declaration(&mut self, rest: &'a str, log: &mut Log) -> Option<Token<'a>> {
        if rest.starts_with("<!--") {
            self.comment(rest, log);
            return None;
        }
        if starts_with(rest, "<![CDATA[") {
            return Some(Token::Plain(self.section(&rest["<![CDATA[".len()..], log)));
        }
        if starts_with(rest, "<!DOCTYPE") && !self.seen_doctype {
            self.seen_doctype = true;
            let end = doctype_end(rest);
            self.searches.work += end;
            self.at += (end + 1).min(rest.len());
            return Some(Token::Doctype(&rest["<!DOCTYPE".len()..end]));
        }
        let words = &rest["<!".len()..];
        if words.starts_with(|c: char| c.is_ascii_alphabetic())
            && !DECLARATIONS
                .iter()
                .any(|keyword| starts_with(words, keyword))
        {
            log.note(Defect::BareLess, Some(self.at));
            self.at += 1;
            return Some(Token::Plain("<"));
        }
        self.skip_past(rest, ">");
        None
    }

    /// The text of a CDATA section, whose start has been read.
    fn section(&mut self, inner: &'a str, log: &mut Log) -> &'a str {
        let start = self.source.len() - inner.len();
        let Searches { section, work, .. } = &mut self.searches;
        let end = section.find(self.source, start, "]]>", work);
        let end = end.map(|end| end - start);
        // The end of a later section is not this one's.
        let before = &inner[..end.unwrap_or(0)];
        let later = before.find("<![CDATA[");
        *work += later.unwrap_or(before.len());
        let within = match (end, later) {
            (Some(_), None) => None,
            (_, later) => Some(&inner[..later.unwrap_or(inner.len())]),
        };
        let stop = within.and_then(|within| end_tag_of(within, self.last));
        self.searches.work += within.map_or(0, |within| stop.unwrap_or(within.len()));
        if let Some(stop) = stop {
            log.note(Defect::UnclosedTag, Some(start));
            self.at = start + stop;
            return &inner[..stop];
        }
        self.cut |= end.is_none();
        self.at = end.map_or(self.source.len(), |end| start + end + 3);
        &inner[..end.unwrap_or(inner.len())]
    }

    fn comment(&mut self, rest: &'a str, log: &mut Log) {
        let Searches { comment, work, .. } = &mut self.searches;
        let from = self.at + "<!--".len();
        if let Some(end) = comment.find(self.source, from, "-->", work) {
            self.at = end + "-->".len();
            return;
        }
        // A comment that never ends hides nothing but its own words.
        log.note(Defect::UnclosedTag, Some(self.at));
        let words = &rest["<!--".len()..];
        let end = words.find('<').unwrap_or(words.len());
        self.cut |= end == words.len();
        self.at += "<!--".len() + end;
    }

    /// `<?…?>`; the `?` before the `>` is often forgotten, and code may hold a `>` of its own.
    fn instruction(&mut self, rest: &'a str) {
        let limit = rest[1..].find('<').map_or(rest.len(), |next| next + 1);
        self.searches.work += limit;
        match rest[..limit].find("?>") {
            Some(end) => self.at += end + 2,
            None => self.skip_past(rest, ">"),
        }
    }

    fn skip_past(&mut self, rest: &str, end: &str) {
        let found = rest.find(end);
        self.searches.work += found.unwrap_or(rest.len());
        if let Some(at) = found {
            self.at += at + end.len();
        } else {
            self.cut = true;
            self.at = self.source.len();
        }
    }

    /// Goes on at the end tag of an element whose text is no markup, such as a script of a page.
    pub fn skip_raw_text(&mut self, name: &str) -> &'a str {
        let rest = &self.source[self.at..];
        let end = rest.match_indices("</").find(|(at, _)| {
            let tag = &rest[at + 2..];
            starts_with(tag, name)
        });
        let end = end.map_or(rest.len(), |(at, _)| at);
        self.at += end;
        &rest[..end]
    }

    fn end_tag(&mut self, rest: &'a str, log: &mut Log) -> Option<Token<'a>> {
        let inner = &rest[2..];
        if !inner
            .as_bytes()
            .first()
            .is_some_and(|byte| is_name_start(*byte))
        {
            // `</>` and `</ title>` say nothing.
            log.note(Defect::StrayEndTag, Some(self.at));
            let end = inner.find(['>', '<']).unwrap_or(inner.len());
            let closed = inner[end..].starts_with('>');
            self.at += 2 + end + usize::from(closed);
            return None;
        }
        let end = inner.find(['>', '<']).unwrap_or(inner.len());
        let name = inner[..end].split_ascii_whitespace().next().unwrap_or("");
        match inner.as_bytes().get(end) {
            Some(b'>') => self.at += 2 + end + 1,
            // `</title<link>`: the `>` is missing.
            Some(_) => {
                log.note(Defect::UnclosedTag, Some(self.at));
                self.at += 2 + end;
            }
            None => {
                self.cut = true;
                self.at = self.source.len();
                return None;
            }
        }
        Some(Token::End(name.trim_end_matches('/')))
    }

    fn start_tag(&mut self, rest: &'a str, log: &mut Log) -> Option<Token<'a>> {
        let name_end = rest[1..]
            .find(|c: char| c.is_whitespace() || matches!(c, '>' | '/' | '<' | '"' | '\'' | '='))
            .map_or(rest.len(), |end| end + 1);
        let name = &rest[1..name_end];
        self.searches.work += name_end;
        let Searches { work, failed, .. } = &mut self.searches;
        // Values that run over tags are believed as long as that costs no more than the document.
        let believe = *failed <= 2 * self.source.len() + (1 << 16);
        let before = *work;
        let tag_end = tag_end(rest, name_end, believe, work);
        if matches!(tag_end, TagEnd::Open(_)) {
            *failed += *work - before;
        }
        match tag_end {
            TagEnd::Closed(end) => {
                self.at += end + 1;
                let inside = &rest[name_end..end];
                self.last = name;
                let (attributes, empty) = match inside.strip_suffix('/') {
                    Some(attributes) => (attributes, true),
                    None => (inside, false),
                };
                Some(Token::Start(Tag {
                    name,
                    attributes,
                    empty,
                }))
            }
            TagEnd::Open(end) if lacks_only_its_end(name, &rest[name_end..end]) => {
                log.note(Defect::UnclosedTag, Some(self.at));
                self.at += end;
                self.last = name;
                let attributes = rest[name_end..end].trim_end_matches('/');
                Some(Token::Start(Tag {
                    name,
                    attributes,
                    empty: name_end + attributes.len() < end,
                }))
            }
            TagEnd::Open(_) => {
                log.note(Defect::BareLess, Some(self.at));
                self.at += 1;
                Some(Token::Plain("<"))
            }
            TagEnd::Missing => {
                self.cut = true;
                self.at = self.source.len();
                None
            }
        }
    }
}

enum TagEnd {
    /// The byte of its `>`.
    Closed(usize),
    /// Another `<` comes first, at this byte.
    Open(usize),
    /// The document ends within it.
    Missing,
}

/// Whether a tag before another lacks its `>` and is no text: `<item` on a line of its own or
/// before another tag, or `<content type="html"` with all its quotes.
fn lacks_only_its_end(name: &str, inside: &str) -> bool {
    let blank = inside.trim().is_empty();
    let quoted = inside.contains("=\"") && inside.trim_end_matches('/').ends_with('"');
    blank && inside.contains('\n') || quoted || inside.is_empty() && names::is_structure(name)
}

/// Where the end tag of an element begins.
fn end_tag_of(text: &str, name: &str) -> Option<usize> {
    if name.is_empty() {
        return None;
    }
    let mut ends = text.match_indices("</").map(|(at, _)| at);
    ends.find(|at| starts_with(&text[at + 2..], name))
}

/// Where a start tag ends. A quote counts only as the start of a value, and only where something
/// that may follow a value follows its end.
fn tag_end(rest: &str, from: usize, believe: bool, work: &mut usize) -> TagEnd {
    let bytes = rest.as_bytes();
    let mut at = from;
    let mut before = b' ';
    while let Some(&byte) = bytes.get(at) {
        *work += 1;
        match byte {
            b'>' => return TagEnd::Closed(at),
            b'<' => return TagEnd::Open(at),
            b'"' | b'\'' if before == b'=' => {
                let (end, looked) = value_end(rest, at, believe);
                *work += looked;
                at = end.unwrap_or(at);
                before = b'"';
            }
            b' ' | b'\n' | b'\t' => {}
            _ => before = byte,
        }
        at += 1;
    }
    TagEnd::Missing
}

/// The byte of the quote that ends the value whose opening quote is at `at`, and how many bytes
/// were looked at for it. Unless `believe`, no value holds a `<`.
fn value_end(rest: &str, at: usize, believe: bool) -> (Option<usize>, usize) {
    let quote = char::from(rest.as_bytes()[at]);
    let ends = |c: char| c == quote || !believe && c == '<';
    let Some(length) = rest[at + 1..].find(ends) else {
        return (None, rest.len() - at);
    };
    if rest.as_bytes()[at + 1 + length] == b'<' {
        return (None, length);
    }
    let end = at + 1 + length;
    let follows = rest.as_bytes().get(end + 1).copied().unwrap_or(b'>');
    let may_follow = follows.is_ascii_whitespace() || matches!(follows, b'>' | b'/' | b'?');
    let value = &rest[at + 1..end];
    // `href="x>text</a><a href="`: the quotes of two tags, not of one value.
    let is_two = value.contains('<') && value.contains('>') && value.contains('=');
    let ends = !is_two && (may_follow || !value.contains(['<', '>']));
    (ends.then_some(end), length)
}

/// Where a value ends whose closing quote is missing, so that it runs to the opening one of the next
/// attribute: `rel="alternate type="text/html"`.
fn swallowed_name(value: &str, after: &str) -> Option<usize> {
    let parted = after.is_empty() || after.starts_with([' ', '\n', '\t', '/', '>', '?']);
    let names = value.strip_suffix('=').filter(|_| !parted)?;
    names.rfind(char::is_whitespace)
}

fn doctype_end(rest: &str) -> usize {
    let mut quote = None;
    let mut depth = 0_usize;
    for (at, byte) in rest.bytes().enumerate() {
        match (quote, byte) {
            (Some(open), byte) if open == byte => quote = None,
            (None, b'"' | b'\'') => quote = Some(byte),
            (None, b'[') => depth += 1,
            (None, b']') => depth = depth.saturating_sub(1),
            (None, b'>') if depth == 0 => return at,
            _ => {}
        }
    }
    // Quotes or brackets that do not close: it ends with its line.
    rest.find('>').unwrap_or(rest.len())
}

fn is_name_start(byte: u8) -> bool {
    byte.is_ascii_alphabetic() || byte == b'_' || byte == b':' || byte >= 0x80
}

fn starts_with(text: &str, prefix: &str) -> bool {
    text.get(..prefix.len())
        .is_some_and(|start| start.eq_ignore_ascii_case(prefix))
}

/// The attributes of a tag: names as written, values with their references.
pub struct Attributes<'a> {
    rest: &'a str,
    /// Whether one without quotes was met.
    pub bad: bool,
}

impl<'a> Attributes<'a> {
    /// Those of [`Tag::attributes`].
    pub fn new(attributes: &'a str) -> Self {
        Self {
            rest: attributes,
            bad: false,
        }
    }
}

impl<'a> Iterator for Attributes<'a> {
    type Item = (&'a str, &'a str);

    fn next(&mut self) -> Option<Self::Item> {
        let rest = self
            .rest
            .trim_start_matches(|c: char| c.is_whitespace() || matches!(c, '/' | '"' | '\'' | '='));
        if rest.is_empty() {
            return None;
        }
        let end = rest
            .find(|c: char| c.is_whitespace() || matches!(c, '=' | '"' | '\'' | '/'))
            .unwrap_or(rest.len());
        let (name, rest) = rest.split_at(end);
        let Some(value) = rest.trim_start().strip_prefix('=') else {
            self.rest = rest;
            self.bad = true;
            return Some((name, ""));
        };
        let value = value.trim_start();
        if value.starts_with(['"', '\''])
            && let (Some(end), _) = value_end(value, 0, true)
        {
            if let Some(stop) = swallowed_name(&value[1..end], &value[end + 1..]) {
                self.bad = true;
                self.rest = &value[1 + stop..];
                return Some((name, value[1..=stop].trim_end()));
            }
            self.rest = &value[end + 1..];
            return Some((name, &value[1..end]));
        }
        self.bad = true;
        let value = value.trim_start_matches(['"', '\'']);
        let end = value.find(char::is_whitespace).unwrap_or(value.len());
        self.rest = &value[end..];
        Some((name, value[..end].trim_end_matches(['"', '\''])))
    }
}

#[cfg(test)]
mod tests;
