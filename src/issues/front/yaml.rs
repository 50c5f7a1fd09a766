//! YAML front matter: serde-saphyr reads it, with limits that no honest front matter meets.

use std::borrow::Cow;
use std::fmt;
use std::ops::Range;

use serde::Deserialize;
use serde::de::{Deserializer, MapAccess, SeqAccess, Visitor};
use serde_saphyr::options::{DuplicateKeyPolicy, NonFiniteFloatPolicy};
use serde_saphyr::{Error, MessageFormatter, Options, Spanned, UserMessageFormatter};

use super::{Fault, Field, Node, Value, character_at, offset_of, with_plain_spaces};

pub(super) fn fields(file: &str, block: Range<usize>) -> Result<Vec<Field<'static>>, Fault> {
    let text = with_plain_spaces(&file[block.clone()]);
    let root: Raw = serde_saphyr::from_str_with_options(&text, options())
        .map_err(|error| fault(&text, block.start, &error))?;
    let reader = Reader {
        text: &text,
        start: block.start,
    };
    match root.value {
        RawValue::Null => Ok(Vec::new()),
        RawValue::Table(fields) => reader.table(fields),
        _ => Err(Fault {
            code: "bad-front-matter",
            span: first_line(&text, block.start),
            message: "front matter is not a list of `key: value` lines".to_owned(),
            hint: Some("write one key a line, such as `date: 2021-11-17`".to_owned()),
        }),
    }
}

/// Limits far above honest front matter and far below what could hurt; values that JSON cannot
/// hold stay text.
fn options() -> Options {
    serde_saphyr::options! {
        budget: serde_saphyr::budget! {
            max_events: 50_000,
            max_nodes: 20_000,
            max_depth: 32,
            flow_nesting_limit: 32,
            max_aliases: 200,
            max_anchors: 200,
            max_recorded_anchor_events: 20_000,
            max_documents: 1,
        },
        alias_limits: serde_saphyr::alias_limits! {
            max_total_replayed_events: 10_000,
            max_replay_stack_depth: 8,
        },
        duplicate_keys: DuplicateKeyPolicy::Error,
        non_finite_float_policy: NonFiniteFloatPolicy::AsString,
        leading_zero_numbers_as_strings: true,
        underscored_numbers_as_strings: true,
        ignore_binary_tag_for_string: true,
        emit_comments: false,
        with_snippet: false,
    }
}

/// A value as the parser hands it over, with the bytes of the block where it stands.
struct Raw {
    span: Range<usize>,
    value: RawValue,
}

enum RawValue {
    Null,
    Bool(bool),
    Number(serde_json::Number),
    Text(String),
    List(Vec<Raw>),
    Table(Vec<(Raw, Raw)>),
}

impl<'de> Deserialize<'de> for Raw {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let spanned = Spanned::<RawValue>::deserialize(deserializer)?;
        let place = spanned.referenced.span();
        let bytes = |count: Option<u64>| count.and_then(|n| usize::try_from(n).ok()).unwrap_or(0);
        let start = bytes(place.byte_offset());
        Ok(Self {
            span: start..start + bytes(place.byte_len()),
            value: spanned.value,
        })
    }
}

impl<'de> Deserialize<'de> for RawValue {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(AnyValue)
    }
}

struct AnyValue;

impl<'de> Visitor<'de> for AnyValue {
    type Value = RawValue;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a value")
    }

    fn visit_unit<E>(self) -> Result<RawValue, E> {
        Ok(RawValue::Null)
    }

    fn visit_none<E>(self) -> Result<RawValue, E> {
        Ok(RawValue::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<RawValue, E> {
        Ok(RawValue::Bool(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<RawValue, E> {
        Ok(RawValue::Number(value.into()))
    }

    fn visit_u64<E>(self, value: u64) -> Result<RawValue, E> {
        Ok(RawValue::Number(value.into()))
    }

    fn visit_i128<E>(self, value: i128) -> Result<RawValue, E> {
        Ok(RawValue::Text(value.to_string()))
    }

    fn visit_u128<E>(self, value: u128) -> Result<RawValue, E> {
        Ok(RawValue::Text(value.to_string()))
    }

    fn visit_f64<E>(self, value: f64) -> Result<RawValue, E> {
        Ok(match serde_json::Number::from_f64(value) {
            Some(number) => RawValue::Number(number),
            None => RawValue::Text(value.to_string()),
        })
    }

    fn visit_str<E>(self, value: &str) -> Result<RawValue, E> {
        Ok(RawValue::Text(value.to_owned()))
    }

    fn visit_string<E>(self, value: String) -> Result<RawValue, E> {
        Ok(RawValue::Text(value))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<RawValue, A::Error> {
        let mut list = Vec::new();
        while let Some(item) = items.next_element()? {
            list.push(item);
        }
        Ok(RawValue::List(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<RawValue, A::Error> {
        let mut table = Vec::new();
        while let Some(entry) = entries.next_entry()? {
            table.push(entry);
        }
        Ok(RawValue::Table(table))
    }
}

struct Reader<'t> {
    text: &'t str,
    start: usize,
}

impl Reader<'_> {
    fn place(&self, span: &Range<usize>) -> Range<usize> {
        span.start + self.start..span.end + self.start
    }

    fn table(&self, fields: Vec<(Raw, Raw)>) -> Result<Vec<Field<'static>>, Fault> {
        fields
            .into_iter()
            .map(|(key, value)| {
                let key_span = self.place(&key.span);
                let key = self.node(key, &key_span)?;
                let Some(text) = key.value.text() else {
                    return Err(Fault {
                        code: "bad-front-matter",
                        span: key.span,
                        message: format!("a key must be text, not {}", key.value.sort()),
                        hint: None,
                    });
                };
                Ok(Field {
                    key: Cow::Owned(text.to_owned()),
                    value: self.node(value, &key_span)?,
                    key_span,
                })
            })
            .collect()
    }

    fn node(&self, raw: Raw, key: &Range<usize>) -> Result<Node<'static>, Fault> {
        let written = || Cow::Owned(self.text.get(raw.span.clone()).unwrap_or("").to_owned());
        let span = match raw.value {
            RawValue::Null | RawValue::List(_) | RawValue::Table(_) => key.clone(),
            _ => self.place(&raw.span),
        };
        let value = match raw.value {
            RawValue::Null => Value::Null,
            RawValue::Bool(value) => Value::Bool(value, written()),
            RawValue::Number(number) => Value::Number(number, written()),
            RawValue::Text(text) => Value::Text(Cow::Owned(text)),
            RawValue::List(list) => Value::List(
                list.into_iter()
                    .map(|item| self.node(item, key))
                    .collect::<Result<_, _>>()?,
            ),
            RawValue::Table(fields) => Value::Table(self.table(fields)?),
        };
        Ok(Node { span, value })
    }
}

fn fault(text: &str, start: usize, error: &Error) -> Fault {
    let mut error = error.without_snippet();
    let place = place(text, error);
    while let Error::AliasError { error: inner, .. } = error {
        error = inner;
    }
    let (message, hint) = match error {
        Error::Budget { .. }
        | Error::AliasReplayLimitExceeded { .. }
        | Error::AliasExpansionLimitExceeded { .. }
        | Error::AliasReplayStackDepthExceeded { .. } => (
            "front matter is too large or too deep to read".to_owned(),
            Some("write short values out instead of repeating others with `*`"),
        ),
        error => {
            let said = UserMessageFormatter.format_message(error);
            let said = said.replace('\'', "`");
            let hint = hint(&said, &text[place.start..]);
            (format!("front matter is not valid YAML: {said}"), hint)
        }
    };
    Fault {
        code: "bad-front-matter",
        span: start + place.start..start + place.end,
        message,
        hint: hint.map(str::to_owned),
    }
}

/// The bytes of the block that an error is about: as many as the parser says, else a character.
fn place(text: &str, error: &Error) -> Range<usize> {
    let Some(location) = error.location() else {
        return 0..0;
    };
    let count = |n: u64| usize::try_from(n).unwrap_or(usize::MAX);
    let at = offset_of(text, count(location.line()), count(location.column()));
    let length = location.span().byte_len().map_or(0, count);
    match text.get(at..at.saturating_add(length)) {
        Some(part) if !part.is_empty() => at..at + part.lines().next().map_or(0, str::len),
        _ => character_at(text, at),
    }
}

/// The way out of the mistakes that people make.
fn hint(message: &str, rest: &str) -> Option<&'static str> {
    let said = |words: &str| message.contains(words);
    if said("mapping values are not allowed") {
        Some("a colon with a space after it starts a value: put text that holds one in quotes")
    } else if said("tabs disallowed") || rest.starts_with('\t') {
        Some("indent with spaces")
    } else if said("unclosed quote") {
        Some("close the quote on the same line")
    } else if said("duplicate mapping key") {
        Some("keep one of the two")
    } else if said("unexpected character") {
        Some("put the value in quotes")
    } else {
        None
    }
}

fn first_line(text: &str, start: usize) -> Range<usize> {
    let blank = text.len() - text.trim_start().len();
    let line = text[blank..].lines().next().unwrap_or("").trim_end();
    start + blank..start + blank + line.len()
}
