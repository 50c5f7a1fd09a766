//! TOML front matter, as Hugo and Zola have it.

use std::borrow::Cow;
use std::ops::Range;

use toml::Spanned;
use toml::de::{DeString, DeTable, DeValue};

use super::{Fault, Field, Node, Value, with_plain_spaces};

pub(super) fn fields(file: &str, block: Range<usize>) -> Result<Vec<Field<'static>>, Fault> {
    let text = with_plain_spaces(&file[block.clone()]);
    let table = DeTable::parse(&text).map_err(|error| {
        let place = error.span().unwrap_or(0..0);
        Fault {
            code: "bad-front-matter",
            span: place.start + block.start..place.end + block.start,
            message: format!(
                "front matter is not valid TOML: {}",
                one_line(error.message())
            ),
            hint: None,
        }
    })?;
    let reader = Reader {
        text: &text,
        start: block.start,
    };
    Ok(reader.table(table.get_ref()))
}

/// The parser's message, which may run over several lines.
fn one_line(message: &str) -> String {
    message.lines().collect::<Vec<_>>().join(", ")
}

struct Reader<'t> {
    text: &'t str,
    start: usize,
}

impl Reader<'_> {
    fn place(&self, span: &Range<usize>) -> Range<usize> {
        span.start + self.start..span.end + self.start
    }

    fn table(&self, table: &DeTable<'_>) -> Vec<Field<'static>> {
        let mut fields: Vec<Field<'static>> = table
            .iter()
            .map(|(key, value)| self.field(key, value))
            .collect();
        // The parser sorts by key; the order of the file decides which of two spellings wins.
        fields.sort_by_key(|field| field.key_span.start);
        fields
    }

    fn field(&self, key: &Spanned<DeString<'_>>, value: &Spanned<DeValue<'_>>) -> Field<'static> {
        Field {
            key: Cow::Owned(key.get_ref().to_string()),
            key_span: self.place(&key.span()),
            value: self.node(value, &self.place(&key.span())),
        }
    }

    fn node(&self, value: &Spanned<DeValue<'_>>, key: &Range<usize>) -> Node<'static> {
        let span = value.span();
        let written = || Cow::Owned(self.text.get(span.clone()).unwrap_or("").to_owned());
        let number = |number: Option<serde_json::Number>| match number {
            Some(number) => Value::Number(number, written()),
            // Infinity, or an integer of more than 64 bits: JSON has no such number.
            None => Value::Text(written()),
        };
        let value = match value.get_ref() {
            DeValue::String(text) => Value::Text(Cow::Owned(text.to_string())),
            DeValue::Integer(integer) => number(
                i64::from_str_radix(integer.as_str(), integer.radix())
                    .ok()
                    .map(serde_json::Number::from),
            ),
            DeValue::Float(float) => number(
                float
                    .as_str()
                    .parse()
                    .ok()
                    .and_then(serde_json::Number::from_f64),
            ),
            DeValue::Boolean(truth) => Value::Bool(*truth, written()),
            DeValue::Datetime(date) => Value::Text(Cow::Owned(date.to_string())),
            DeValue::Array(values) => {
                Value::List(values.iter().map(|value| self.node(value, key)).collect())
            }
            DeValue::Table(table) => Value::Table(self.table(table)),
        };
        let span = match value {
            Value::List(_) | Value::Table(_) => key.clone(),
            _ => self.place(&span),
        };
        Node { span, value }
    }
}
