//! Cleaning in one pass, for HTML in which every browser sees the same elements: known ones, each
//! closed in its turn, nothing that an HTML parser would move, close or open by itself. Whatever
//! else is met ends the attempt, and ammonia does it.
//!
//! The text is copied as it is, so that its references stay references. What is left out between
//! two pieces must not join them to something new: see [`Quick::is_safe_to_drop`].

use super::Base;
use super::attributes::{Address, Attribute, address};
use super::policy;

/// The piece cleaned; `None` where it takes an HTML parser to tell what it is.
pub(super) fn clean(html: &str, base: &Base<'_>) -> Option<String> {
    if html.as_bytes().contains(&0) || html.as_bytes().contains(&b'\r') {
        return None;
    }
    let mut quick = Quick {
        html,
        at: 0,
        out: String::with_capacity(html.len() + 64),
        stack: Vec::with_capacity(16),
        paragraphs: 0,
        anchors: 0,
        pre: None,
        base,
    };
    while let Some(found) = html[quick.at..].find('<') {
        quick.text(found)?;
        quick.tag()?;
    }
    quick.text(html.len() - quick.at)?;
    // What is still open is closed by the end.
    while let Some(open) = quick.stack.pop() {
        if open.kept {
            quick.close(open.name);
        }
    }
    Some(quick.out)
}

/// Deeper ones are left to ammonia.
const DEPTH: usize = 100;

/// How an HTML parser treats an element.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Sort {
    Inline,
    /// Within itself it would be closed.
    Anchor,
    /// It closes a paragraph.
    Block,
    Paragraph,
    Heading,
    List,
    /// Only within a list.
    ListItem,
    Terms,
    /// Only within terms.
    Term,
    Table,
    /// `tbody` and the like, only within a table.
    Rows,
    Row,
    Cell,
    Pre,
    /// Without an end tag.
    Void,
    /// The same, and it closes a paragraph.
    Rule,
}

/// The sort of an element and whether it is kept; `None` where it has rules of its own.
fn sort(name: &str) -> Option<(Sort, bool)> {
    let sort = match name {
        "abbr" | "acronym" | "b" | "bdi" | "bdo" | "cite" | "code" | "data" | "del" | "dfn"
        | "em" | "i" | "ins" | "kbd" | "mark" | "q" | "s" | "samp" | "small" | "span"
        | "strike" | "strong" | "sub" | "sup" | "time" | "tt" | "u" | "var" => Sort::Inline,
        "a" => Sort::Anchor,
        "article" | "aside" | "blockquote" | "center" | "details" | "div" | "figcaption"
        | "figure" | "footer" | "header" | "hgroup" | "nav" | "summary" => Sort::Block,
        "p" => Sort::Paragraph,
        "h1" | "h2" | "h3" | "h4" | "h5" | "h6" => Sort::Heading,
        "ul" | "ol" => Sort::List,
        "li" => Sort::ListItem,
        "dl" => Sort::Terms,
        "dt" | "dd" => Sort::Term,
        "table" => Sort::Table,
        "thead" | "tbody" | "tfoot" => Sort::Rows,
        "tr" => Sort::Row,
        "td" | "th" => Sort::Cell,
        "pre" => Sort::Pre,
        "br" | "img" | "wbr" => Sort::Void,
        "hr" => Sort::Rule,
        "font" | "big" | "label" | "picture" | "audio" | "video" => {
            return Some((Sort::Inline, false));
        }
        "address" | "main" | "section" => return Some((Sort::Block, false)),
        "source" | "track" | "input" => return Some((Sort::Void, false)),
        _ => return None,
    };
    Some((sort, true))
}

#[derive(Clone, Copy)]
struct Open<'a> {
    /// As it is written.
    name: &'a str,
    sort: Sort,
    kept: bool,
}

struct Quick<'a> {
    html: &'a str,
    at: usize,
    out: String,
    stack: Vec<Open<'a>>,
    /// How many paragraphs and anchors are open.
    paragraphs: usize,
    anchors: usize,
    /// Where the text of a `pre` begins: a line break there counts only if it is not the first.
    pre: Option<usize>,
    base: &'a Base<'a>,
}

impl Quick<'_> {
    /// Copies text.
    fn text(&mut self, length: usize) -> Option<()> {
        let text = &self.html[self.at..self.at + length];
        // Text between the rows of a table would be moved before it.
        if self.is_between_cells() && !text.trim_ascii().is_empty() {
            return None;
        }
        self.out.push_str(text);
        self.at += length;
        Some(())
    }

    fn is_between_cells(&self) -> bool {
        let top = self.stack.last();
        top.is_some_and(|top| matches!(top.sort, Sort::Table | Sort::Rows | Sort::Row))
    }

    /// Whether what is left out here leaves the text around it as it is: `&am` and `p;` must not
    /// become one.
    fn is_safe_to_drop(&self) -> bool {
        if self.pre == Some(self.out.len()) {
            return false;
        }
        let tail = self.out.bytes().rev().take(40);
        for byte in tail {
            match byte {
                b'&' => return false,
                b'#' | b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' => {}
                _ => return true,
            }
        }
        true
    }

    fn tag(&mut self) -> Option<()> {
        let rest = &self.html.as_bytes()[self.at..];
        match rest.get(1) {
            Some(b'/') => self.end(),
            Some(byte) if byte.is_ascii_alphabetic() => self.start(),
            Some(b'!') => self.comment(),
            Some(b'?') => None,
            _ if self.is_between_cells() => None,
            // A sign and no tag.
            _ => {
                self.out.push_str("&lt;");
                self.at += 1;
                Some(())
            }
        }
    }

    fn comment(&mut self) -> Option<()> {
        let inner = self.html[self.at..].strip_prefix("<!--")?;
        let end = inner.find("-->")?;
        let comment = &inner[..end];
        let odd = comment.starts_with(['>', '-']) || comment.contains("--!");
        if odd || !self.is_safe_to_drop() {
            return None;
        }
        self.at += "<!--".len() + end + "-->".len();
        Some(())
    }

    fn end(&mut self) -> Option<()> {
        let inner = &self.html[self.at + 2..];
        let end = inner.find('>')?;
        let name = inner[..end].trim_ascii_end();
        let top = *self.stack.last()?;
        if !name.eq_ignore_ascii_case(top.name) {
            return None;
        }
        self.stack.pop();
        match top.sort {
            Sort::Paragraph => self.paragraphs -= 1,
            Sort::Anchor => self.anchors -= 1,
            _ => {}
        }
        if top.kept {
            self.close(top.name);
        } else if !self.is_safe_to_drop() {
            return None;
        }
        self.at += 2 + end + 1;
        Some(())
    }

    fn close(&mut self, name: &str) {
        self.out.push_str("</");
        self.lower(name);
        self.out.push('>');
    }

    fn lower(&mut self, name: &str) {
        let start = self.out.len();
        self.out.push_str(name);
        self.out[start..].make_ascii_lowercase();
    }

    fn start(&mut self) -> Option<()> {
        let inner = &self.html[self.at + 1..];
        let length = inner.bytes().take_while(u8::is_ascii_alphanumeric).count();
        let name = &inner[..length];
        let mut lower = [0; 12];
        let lower = lower.get_mut(..length)?;
        lower.copy_from_slice(name.as_bytes());
        lower.make_ascii_lowercase();
        let lower = std::str::from_utf8(lower).ok()?;
        if matches!(lower, "script" | "style") {
            return self.drop_raw(lower, &inner[length..]);
        }
        let (sort, kept) = sort(lower)?;
        if !self.fits(sort) || self.stack.len() >= DEPTH {
            return None;
        }
        if !kept && !self.is_safe_to_drop() {
            return None;
        }
        let mark = self.out.len();
        self.out.push('<');
        self.out.push_str(lower);
        let end = self.attributes(lower, &inner[length..])?;
        let empty = inner[length..length + end].ends_with('/');
        self.out.push('>');
        if !kept {
            self.out.truncate(mark);
        }
        self.at += 1 + length + end + 1;
        if matches!(sort, Sort::Void | Sort::Rule) {
            return Some(());
        }
        if empty {
            return None;
        }
        match sort {
            Sort::Paragraph => self.paragraphs += 1,
            Sort::Anchor => self.anchors += 1,
            Sort::Pre => self.pre = Some(self.out.len()),
            _ => {}
        }
        self.stack.push(Open { name, sort, kept });
        Some(())
    }

    /// Whether an element may begin here and change nothing of what is open.
    fn fits(&self, sort: Sort) -> bool {
        let top = self.stack.last().map(|open| open.sort);
        let within = match sort {
            Sort::Rows => return top == Some(Sort::Table),
            Sort::Row => return matches!(top, Some(Sort::Table | Sort::Rows)),
            Sort::Cell => return top == Some(Sort::Row),
            _ if self.is_between_cells() => return false,
            Sort::ListItem => top == Some(Sort::List),
            Sort::Term => top == Some(Sort::Terms),
            // Also one that only what is left out parts from it.
            Sort::Heading => self.stack.iter().all(|open| open.sort != Sort::Heading),
            Sort::Anchor => return self.anchors == 0,
            Sort::Inline | Sort::Void => return true,
            _ => true,
        };
        within && self.paragraphs == 0
    }

    /// Leaves out a script or a style with all that is in it.
    fn drop_raw(&mut self, name: &str, rest: &str) -> Option<()> {
        let mark = self.out.len();
        if self.is_between_cells() || !self.is_safe_to_drop() {
            return None;
        }
        let start = self.attributes(name, rest)?;
        self.out.truncate(mark);
        let text = &rest[start + 1..];
        let mut ends = text.match_indices("</").map(|(at, _)| at);
        let end = ends.find(|at| {
            let tag = &text.as_bytes()[at + 2..];
            tag.get(..name.len())
                .is_some_and(|it| it.eq_ignore_ascii_case(name.as_bytes()))
        })?;
        let after = &text[end + 2 + name.len()..];
        if text[..end].contains("<!--") || !after.starts_with('>') {
            return None;
        }
        self.at += 1 + name.len() + start + 1 + end + 2 + name.len() + 1;
        Some(())
    }

    /// Writes the attributes that are kept, and gives the byte of the `>` in what follows the name.
    fn attributes(&mut self, tag: &str, rest: &str) -> Option<usize> {
        let bytes = rest.as_bytes();
        let mut at = 0;
        let mut seen: [&str; 4] = [""; 4];
        let mut count = 0;
        loop {
            let blank = bytes[at..].iter().take_while(|it| it.is_ascii_whitespace());
            let blanks = blank.count();
            at += blanks;
            match bytes.get(at)? {
                b'>' => return Some(at),
                b'/' if bytes.get(at + 1) == Some(&b'>') => return Some(at + 1),
                b'/' | b'=' => return None,
                _ if blanks == 0 => return None,
                _ => {}
            }
            let attribute = Attribute::read(rest, at)?;
            at = attribute.end;
            let mut lower = [0; 12];
            let name = attribute.name;
            // Longer ones are not kept.
            let Some(lower) = lower.get_mut(..name.len()) else {
                continue;
            };
            lower.copy_from_slice(name.as_bytes());
            lower.make_ascii_lowercase();
            let lower = std::str::from_utf8(lower).ok()?;
            if !policy::keeps(tag, lower) {
                continue;
            }
            // Of two with one name the first counts.
            if seen[..count].iter().any(|it| it.eq_ignore_ascii_case(name)) {
                return None;
            }
            *seen.get_mut(count)? = name;
            count += 1;
            self.attribute(lower, &attribute)?;
        }
    }

    /// Copies the value of an attribute. Browsers know that `<` and `>` in it are no tags; whoever
    /// reads the text later may not.
    fn value(&mut self, value: &str) {
        if value.contains(['<', '>']) {
            self.out
                .push_str(&value.replace('<', "&lt;").replace('>', "&gt;"));
        } else {
            self.out.push_str(value);
        }
    }

    fn attribute(&mut self, name: &str, attribute: &Attribute<'_>) -> Option<()> {
        let mark = self.out.len();
        let quote = attribute.quote;
        self.out.push(' ');
        self.out.push_str(name);
        self.out.push('=');
        self.out.push(quote);
        if matches!(name, "href" | "src") {
            match address(attribute.value, self.base)? {
                Address::Same => self.value(attribute.value),
                Address::Absolute(url) => {
                    // The serialization of an address has no quotes that end it.
                    self.out
                        .push_str(&url.replace('&', "&amp;").replace('\'', "&#39;"));
                }
                Address::Bad => {
                    self.out.truncate(mark);
                    return Some(());
                }
            }
        } else {
            self.value(attribute.value);
        }
        self.out.push(quote);
        Some(())
    }
}
