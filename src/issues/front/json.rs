//! JSON front matter, as Hugo and Eleventy have it.

use std::borrow::Cow;
use std::ops::Range;

use super::{Fault, Field, MAX_BYTES, Node, Value, character_at, offset_of};

/// Whether a text opens with a JSON object and not with a template's `{{` or `{%`.
pub(super) fn opens(text: &str) -> bool {
    text.strip_prefix('{')
        .is_some_and(|rest| rest.trim_start().starts_with(['"', '}']))
}

/// The bytes of the object that opens at `start`.
pub(super) fn extent(file: &str, start: usize) -> Result<Range<usize>, Fault> {
    let text = &file[start..file.floor_char_boundary(start + MAX_BYTES)];
    let mut values = serde_json::Deserializer::from_str(text).into_iter::<serde_json::Value>();
    match values.next() {
        Some(Ok(_)) => Ok(start..start + values.byte_offset()),
        Some(Err(error)) => Err(fault(text, start, &error)),
        None => Ok(start..start),
    }
}

pub(super) fn fields(file: &str, block: Range<usize>) -> Result<Vec<Field<'_>>, Fault> {
    let text = &file[block.clone()];
    let object = serde_json::from_str::<serde_json::Map<String, serde_json::Value>>(text)
        .map_err(|error| fault(text, block.start, &error))?;
    Ok(object
        .into_iter()
        .map(|(key, value)| {
            let key_span = key_span(text, block.start, &key);
            field(key, value, &key_span)
        })
        .collect())
}

fn field(key: String, value: serde_json::Value, span: &Range<usize>) -> Field<'static> {
    Field {
        key: Cow::Owned(key),
        key_span: span.clone(),
        value: node(value, span),
    }
}

/// The value with the place of its key: serde's reader of JSON does not say where values stand.
fn node(value: serde_json::Value, span: &Range<usize>) -> Node<'static> {
    let value = match value {
        serde_json::Value::Null => Value::Null,
        serde_json::Value::Bool(value) => Value::Bool(value, Cow::Owned(value.to_string())),
        serde_json::Value::Number(value) => {
            let text = Cow::Owned(value.to_string());
            Value::Number(value, text)
        }
        serde_json::Value::String(text) => Value::Text(Cow::Owned(text)),
        serde_json::Value::Array(values) => {
            Value::List(values.into_iter().map(|value| node(value, span)).collect())
        }
        serde_json::Value::Object(map) => Value::Table(
            map.into_iter()
                .map(|(key, value)| field(key, value, span))
                .collect(),
        ),
    };
    Node {
        span: span.clone(),
        value,
    }
}

/// The place of a key: the first text in quotes that is the key and has a colon after it.
fn key_span(text: &str, start: usize, key: &str) -> Range<usize> {
    let quoted = format!("\"{key}\"");
    text.match_indices(&quoted)
        .find(|(at, _)| text[at + quoted.len()..].trim_start().starts_with(':'))
        .map_or(start..start + 1, |(at, _)| {
            start + at..start + at + quoted.len()
        })
}

fn fault(text: &str, start: usize, error: &serde_json::Error) -> Fault {
    let at = offset_of(text, error.line(), error.column());
    let place = character_at(text, at);
    let said = error.to_string();
    let message = said.split(" at line ").next().unwrap_or(&said);
    Fault {
        code: "bad-front-matter",
        span: start + place.start..start + place.end,
        message: format!("front matter is not valid JSON: {}", message.to_lowercase()),
        hint: None,
    }
}
