//! `Title: …` lines without a fence, as Pelican and Python-Markdown have them.

use std::borrow::Cow;
use std::ops::Range;

use super::{Field, Node, Value};

/// The keys that may stand in the first line: prose may start with `Note: …` too.
const FIRST_KEYS: [&str; 21] = [
    "title",
    "date",
    "modified",
    "updated",
    "number",
    "slug",
    "author",
    "authors",
    "category",
    "categories",
    "tags",
    "keywords",
    "summary",
    "description",
    "status",
    "lang",
    "url",
    "save_as",
    "template",
    "id",
    "audio",
];

/// The bytes of the block that opens at `start`: up to the first line that is neither a key with
/// its value nor an indented continuation. `None` where the text there is prose: no known key
/// comes first, or there is neither a title nor a date.
pub(super) fn extent(file: &str, start: usize) -> Option<Range<usize>> {
    let mut end = start;
    let mut names_issue = false;
    for line in file[start..].split_inclusive('\n') {
        let key = key(line).map(|at| &line[..at]);
        let is_first = end == start;
        match key {
            Some(key) if is_first && !is_any_of(key, &FIRST_KEYS) => return None,
            Some(key) => names_issue |= is_any_of(key, &["title", "date"]),
            None if is_first || !continues(line) => break,
            None => {}
        }
        end += line.len();
    }
    (names_issue && end > start).then_some(start..end)
}

pub(super) fn fields(file: &str, block: Range<usize>) -> Vec<Field<'_>> {
    let mut fields: Vec<Field<'_>> = Vec::new();
    let mut at = block.start;
    for line in file[block].split_inclusive('\n') {
        if let Some(end) = key(line) {
            let (key, rest) = line.split_at(end);
            let rest = rest.trim_start().trim_start_matches(':').trim_start();
            let value_start = at + line.len() - rest.len();
            let value = rest.trim_end();
            fields.push(Field {
                key: Cow::Borrowed(key),
                key_span: at..at + end,
                value: Node {
                    span: value_start..value_start + value.len(),
                    value: Value::Text(Cow::Borrowed(value)),
                },
            });
        } else if let Some(field) = fields.last_mut() {
            continue_with(field, line.trim());
        }
        at += line.len();
    }
    for field in &mut fields {
        if field.value.value.text() == Some("") {
            field.value = Node {
                span: field.key_span.clone(),
                value: Value::Null,
            };
        }
    }
    fields
}

/// Adds a line to a value; those who read a list take each line for an item.
fn continue_with(field: &mut Field<'_>, line: &str) {
    if let Value::Text(text) = &mut field.value.value {
        let text = text.to_mut();
        if !text.is_empty() {
            text.push('\n');
        }
        text.push_str(line);
    }
}

/// Where the key ends in a `Key: value` line.
fn key(line: &str) -> Option<usize> {
    let end = line.find(|c: char| !c.is_ascii_alphanumeric() && c != '_' && c != '-')?;
    let (key, rest) = line.split_at(end);
    let after = rest.trim_start_matches(is_space).strip_prefix(':')?;
    let opens = key.starts_with(|c: char| c.is_ascii_alphabetic());
    let parted = after.is_empty()
        || after.starts_with(char::is_whitespace)
        || (is_any_of(key, &FIRST_KEYS) && !after.starts_with("//"));
    (opens && key.len() <= 40 && parted).then_some(end)
}

fn continues(line: &str) -> bool {
    line.starts_with(is_space) && !line.trim().is_empty()
}

fn is_space(c: char) -> bool {
    c.is_whitespace() && c != '\n' && c != '\r'
}

fn is_any_of(key: &str, keys: &[&str]) -> bool {
    keys.iter().any(|known| key.eq_ignore_ascii_case(known))
}
