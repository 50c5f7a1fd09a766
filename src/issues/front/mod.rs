//! Front matter: what stands above an issue's Markdown, as fields with their places.
//!
//! [`split()`] says where it is, [`fields`] reads it, whichever of the five ways it is written in:
//! YAML between `---`, TOML between `+++`, a JSON object, Pelican's `Title: …` lines without a
//! fence, or none. What the keys mean is no matter of this module: that is [`super::header`]'s.

mod json;
mod pelican;
mod plain;
mod split;
#[cfg(test)]
mod tests;
mod toml;
mod yaml;

use std::borrow::Cow;
use std::ops::Range;

pub use split::split;

/// No front matter is longer, in bytes: more is a mistake, or an attack on the reader.
pub const MAX_BYTES: usize = 64 * 1024;

/// How the front matter is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FrontKind {
    /// YAML between `---` and `---` or `...`.
    Yaml,
    /// TOML between `+++` and `+++`.
    Toml,
    /// One JSON object.
    Json,
    /// `Key: value` lines up to the first blank one, as Pelican and Python-Markdown have them.
    Pelican,
    /// There is none.
    None,
}

/// Where the front matter and the body stand in the file, in bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Front {
    /// How it is written.
    pub kind: FrontKind,
    /// The front matter without its fences; empty where there is none.
    pub block: Range<usize>,
    /// All that follows.
    pub body: Range<usize>,
}

/// Why front matter cannot be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// The short name of the problem.
    pub code: &'static str,
    /// The bytes of the file that it is about.
    pub span: Range<usize>,
    /// What is wrong.
    pub message: String,
    /// How to mend it.
    pub hint: Option<String>,
}

/// A key and its value.
#[derive(Clone, Debug, PartialEq)]
pub struct Field<'a> {
    /// The key, as written.
    pub key: Cow<'a, str>,
    /// The bytes of the file where the key stands.
    pub key_span: Range<usize>,
    /// Its value.
    pub value: Node<'a>,
}

/// A value and its place.
#[derive(Clone, Debug, PartialEq)]
pub struct Node<'a> {
    /// The bytes of the file where a scalar stands; for the rest, and where the format's reader
    /// does not say, those of the key.
    pub span: Range<usize>,
    /// The value itself.
    pub value: Value<'a>,
}

/// A value of front matter. Numbers and truth values keep their spelling: `title: 1.10` is a
/// title, and `No` may be one.
#[derive(Clone, Debug, PartialEq)]
pub enum Value<'a> {
    /// Nothing was written.
    Null,
    /// True or false, and how that was written.
    Bool(bool, Cow<'a, str>),
    /// A number, and how it was written.
    Number(serde_json::Number, Cow<'a, str>),
    /// Text.
    Text(Cow<'a, str>),
    /// Values in order.
    List(Vec<Node<'a>>),
    /// Keys with values, in order.
    Table(Vec<Field<'a>>),
}

impl Value<'_> {
    /// The text of a scalar, as written.
    pub fn text(&self) -> Option<&str> {
        match self {
            Self::Bool(_, text) | Self::Number(_, text) | Self::Text(text) => Some(text),
            Self::Null | Self::List(_) | Self::Table(_) => None,
        }
    }

    /// What it is, in a message: `a list`.
    pub fn sort(&self) -> &'static str {
        match self {
            Self::Null => "nothing",
            Self::Bool(..) => "a truth value",
            Self::Number(..) => "a number",
            Self::Text(_) => "text",
            Self::List(_) => "a list",
            Self::Table(_) => "a table",
        }
    }

    /// The same value as JSON.
    pub fn into_json(self) -> serde_json::Value {
        match self {
            Self::Null => serde_json::Value::Null,
            Self::Bool(value, _) => value.into(),
            Self::Number(value, _) => value.into(),
            Self::Text(text) => text.into_owned().into(),
            Self::List(nodes) => nodes
                .into_iter()
                .map(|node| node.value.into_json())
                .collect(),
            Self::Table(fields) => fields
                .into_iter()
                .map(|field| (field.key.into_owned(), field.value.value.into_json()))
                .collect(),
        }
    }
}

/// Reads the front matter that [`split()`] found in `file`.
pub fn fields<'a>(file: &'a str, front: &Front) -> Result<Vec<Field<'a>>, Fault> {
    let block = front.block.clone();
    match front.kind {
        FrontKind::Yaml => match plain::fields(file, block.clone()) {
            Some(fields) => Ok(fields),
            None => yaml::fields(file, block),
        },
        FrontKind::Toml => toml::fields(file, block),
        FrontKind::Json => json::fields(file, block),
        FrontKind::Pelican => Ok(pelican::fields(file, block)),
        FrontKind::None => Ok(Vec::new()),
    }
}

/// The block with plain spaces for no-break and other wide ones where they would hide a key:
/// before it and around its `:` or `=`. As many bytes stand in, so places stay what they are.
fn with_plain_spaces(block: &str) -> Cow<'_, str> {
    let is_odd = |c: char| !c.is_ascii() && c.is_whitespace();
    if block.is_ascii() || !block.contains(is_odd) {
        return Cow::Borrowed(block);
    }
    let mut spaced = String::with_capacity(block.len());
    for line in block.split_inclusive('\n') {
        let sign = line.find([':', '=']).unwrap_or(0);
        let start = line.len() - line.trim_start().len();
        let key_end = line[..sign].trim_end().len();
        let value = sign + usize::from(sign > 0);
        let value_start = line.len() - line[value..].trim_start().len();
        for (at, character) in line.char_indices() {
            let outside = at < start || (at >= key_end && at < value_start);
            if outside && is_odd(character) {
                spaced.extend(std::iter::repeat_n(' ', character.len_utf8()));
            } else {
                spaced.push(character);
            }
        }
    }
    Cow::Owned(spaced)
}

/// The byte at a 1-based line and a 1-based column in characters, as parsers count them.
fn offset_of(text: &str, line: usize, column: usize) -> usize {
    let start = if line <= 1 {
        0
    } else {
        text.match_indices('\n')
            .nth(line - 2)
            .map_or(text.len(), |(at, _)| at + 1)
    };
    let rest = &text[start..];
    let rest = rest.split('\n').next().unwrap_or(rest);
    let within = rest
        .char_indices()
        .nth(column.saturating_sub(1))
        .map_or(rest.trim_end().len(), |(at, _)| at);
    start + within
}

/// The character at `at`, or nothing at the end of the text: what a caret points to.
fn character_at(text: &str, at: usize) -> Range<usize> {
    let length = text[at..].chars().next().map_or(0, char::len_utf8);
    at..at + length
}
