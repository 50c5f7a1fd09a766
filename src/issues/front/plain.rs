//! The YAML that nearly all front matter is made of, read without a YAML parser.
//!
//! `key: value` lines whose values are plain words, dates, small numbers, text in quotes or short
//! lists of those. The YAML parser needs some 25 microseconds for five such lines, this a
//! fraction of one: with ten thousand issues that is the difference between a quarter of a second
//! and nothing. Anything else, anything doubtful, is left to the parser; a property test holds
//! that both read the same.

use std::borrow::Cow;
use std::ops::Range;

use super::{Field, Node, Value};

/// Words that YAML takes for something else than text, in one of its versions.
const NO_TEXT: [&str; 12] = [
    "true", "false", "yes", "no", "on", "off", "y", "n", "null", "nan", "inf", "infinity",
];

/// The fields, or `None` where the block takes a YAML parser.
pub(super) fn fields(file: &str, block: Range<usize>) -> Option<Vec<Field<'_>>> {
    let mut fields: Vec<Field<'_>> = Vec::new();
    let mut indent = None;
    let mut at = block.start;
    for line in file[block].split_inclusive('\n') {
        let text = line.strip_suffix('\n').unwrap_or(line);
        let text = text.strip_suffix('\r').unwrap_or(text);
        if !text.chars().all(is_harmless) {
            return None;
        }
        if text.trim_start_matches(' ').starts_with('-') {
            add_item(fields.last_mut()?, text, at, &mut indent)?;
        } else if !text.is_empty() && !text.starts_with('#') {
            let field = field(text, at)?;
            if fields.iter().any(|known| known.key == field.key) {
                return None;
            }
            fields.push(field);
            indent = None;
        }
        at += line.len();
    }
    Some(fields)
}

/// Adds a `- item` line to the list under a key; all its items are equally far to the right.
fn add_item<'a>(
    field: &mut Field<'a>,
    line: &'a str,
    at: usize,
    indent: &mut Option<usize>,
) -> Option<()> {
    let before = line.len() - line.trim_start_matches(' ').len();
    let written = line[before + 1..]
        .strip_prefix(' ')?
        .trim_start_matches(' ');
    let start = at + line.len() - written.len();
    let item = scalar(written.trim_end_matches(' '), start, Inside::Brackets)?;
    match &mut field.value.value {
        Value::Null => field.value.value = Value::List(vec![item]),
        Value::List(items) if *indent == Some(before) => items.push(item),
        _ => return None,
    }
    *indent = Some(before);
    Some(())
}

fn is_harmless(c: char) -> bool {
    matches!(c, ' '..='~')
        || (c > '\u{a0}'
            && !c.is_whitespace()
            && !matches!(c, '\u{feff}' | '\u{fffe}' | '\u{ffff}'))
}

fn field(line: &str, at: usize) -> Option<Field<'_>> {
    let colon = line.find(':')?;
    let key = &line[..colon];
    let is_key = key.starts_with(|c: char| c.is_ascii_alphabetic())
        && key
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || b == b'_' || b == b'-')
        && !is_reserved(key);
    let rest = &line[colon + 1..];
    if !is_key || !(rest.is_empty() || rest.starts_with(' ')) {
        return None;
    }
    let key_span = at..at + colon;
    let written = rest.trim_matches(' ');
    let value = if written.is_empty() {
        Node {
            span: key_span.clone(),
            value: Value::Null,
        }
    } else {
        let start = at + line.len() - rest.trim_start_matches(' ').len();
        match written.strip_prefix('[') {
            Some(list) => Node {
                span: key_span.clone(),
                value: list_of(list.strip_suffix(']')?, start)?,
            },
            None => scalar(written, start, Inside::Block)?,
        }
    };
    Some(Field {
        key: Cow::Borrowed(key),
        key_span,
        value,
    })
}

/// Where a scalar stands: between brackets more characters mean something.
#[derive(Clone, Copy, PartialEq)]
enum Inside {
    Block,
    Brackets,
}

fn list_of(items: &str, start: usize) -> Option<Value<'_>> {
    let mut list = Vec::new();
    let mut at = start + 1;
    for item in items.split(',') {
        let written = item.trim_matches(' ');
        let indent = item.len() - item.trim_start_matches(' ').len();
        list.push(scalar(written, at + indent, Inside::Brackets)?);
        at += item.len() + 1;
    }
    Some(Value::List(list))
}

fn scalar(written: &str, start: usize, inside: Inside) -> Option<Node<'_>> {
    let value = match written.bytes().next()? {
        quote @ (b'"' | b'\'') => Value::Text(Cow::Borrowed(quoted(written, quote)?)),
        _ => unquoted(written, inside)?,
    };
    Some(Node {
        span: start..start + written.len(),
        value,
    })
}

/// The text between quotes, where nothing in it needs a second look.
fn quoted(written: &str, quote: u8) -> Option<&str> {
    let mark = char::from(quote);
    let text = written.strip_prefix(mark)?.strip_suffix(mark)?;
    (!text.contains([mark, '\\'])).then_some(text)
}

fn unquoted(written: &str, inside: Inside) -> Option<Value<'_>> {
    let stops = match inside {
        Inside::Block => written.contains(": ") || written.contains(" #"),
        Inside::Brackets => !written
            .chars()
            .all(|c| c.is_alphanumeric() || " -_./".contains(c)),
    };
    if stops || written.ends_with(':') {
        return None;
    }
    let first = written.chars().next()?;
    if written == "true" || written == "false" {
        return Some(Value::Bool(written == "true", Cow::Borrowed(written)));
    }
    if first.is_ascii_digit() {
        return number_or_date(written);
    }
    let is_text = (first.is_alphabetic() || first == '/') && !is_reserved(written);
    is_text.then_some(Value::Text(Cow::Borrowed(written)))
}

fn number_or_date(written: &str) -> Option<Value<'_>> {
    let bytes = written.as_bytes();
    let digits = |range: Range<usize>| bytes[range].iter().all(u8::is_ascii_digit);
    if bytes.len() <= 15 && digits(0..bytes.len()) && (bytes[0] != b'0' || bytes.len() == 1) {
        let number: u64 = written.parse().ok()?;
        return Some(Value::Number(number.into(), Cow::Borrowed(written)));
    }
    let is_date = bytes.len() >= 10
        && digits(0..4)
        && bytes[4] == b'-'
        && digits(5..7)
        && bytes[7] == b'-'
        && digits(8..10);
    is_date.then_some(Value::Text(Cow::Borrowed(written)))
}

fn is_reserved(word: &str) -> bool {
    word.len() <= 8 && NO_TEXT.iter().any(|no| word.eq_ignore_ascii_case(no))
}
