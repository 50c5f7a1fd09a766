//! How front matter is written: form, keys, and what their values would be in a new issue.

use super::most;
use crate::issues::front::{self, Field, Front, FrontKind, Value};
use crate::model::{FrontForm, FrontKey, FrontStyle, FrontValue};

/// The front matter of one issue.
pub(super) struct FrontSeen {
    form: FrontForm,
    keys: Vec<KeySeen>,
}

/// A key, what it is for, and its lines.
struct KeySeen {
    key: String,
    role: Role,
    lines: String,
    list: bool,
    /// Behind the day, in a date.
    tail: String,
    quote: Option<char>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Role {
    Title,
    Date,
    Slug,
    /// What belongs to one issue alone, or is written anew in every draft.
    Own,
    /// Text about the issue, to be written.
    About,
    Other,
}

/// Reads the front matter of a file; none where it cannot be read.
pub(super) fn look(file: &str, split: &Front) -> Option<FrontSeen> {
    let fields = front::fields(file, split).ok()?;
    let form = match split.kind {
        FrontKind::Yaml => FrontForm::Yaml,
        FrontKind::Toml => FrontForm::Toml,
        FrontKind::Json => FrontForm::Json,
        FrontKind::Pelican => FrontForm::Pelican,
        FrontKind::None => FrontForm::None,
    };
    let line_start = |at: usize| file[..at].rfind('\n').map_or(0, |end| end + 1);
    let mut starts: Vec<usize> = fields
        .iter()
        .map(|field| line_start(field.key_span.start).max(split.block.start))
        .collect();
    starts.push(split.block.end);
    let keys = fields.iter().enumerate().map(|(at, field)| {
        let end = starts[at + 1].max(starts[at]);
        let lines = file[starts[at]..end].trim_end();
        key_seen(field, lines)
    });
    Some(FrontSeen {
        form,
        keys: keys.collect(),
    })
}

fn key_seen(field: &Field<'_>, lines: &str) -> KeySeen {
    let value = lines
        .split_once([':', '='])
        .map_or("", |(_, value)| value.trim());
    let text = field.value.value.text().unwrap_or("");
    let quote = value.chars().next().filter(|c| matches!(c, '"' | '\''));
    KeySeen {
        key: field.key.clone().into_owned(),
        role: role(&field.key, &field.value.value),
        lines: lines.replace("\r\n", "\n"),
        list: matches!(field.value.value, Value::List(_)),
        tail: tail(text),
        quote,
    }
}

fn role(key: &str, value: &Value<'_>) -> Role {
    let name: String = key
        .chars()
        .filter(|c| !matches!(c, '_' | '-'))
        .flat_map(char::to_lowercase)
        .collect();
    match name.as_str() {
        "title" => Role::Title,
        "date" | "pubdate" | "publishdate" | "datepublished" | "publishedat" => Role::Date,
        "slug" => Role::Slug,
        "url" | "permalink" | "path" | "id" | "guid" | "draft" | "status" | "published"
        | "updated" | "lastmod" | "modified" | "lastmodified" | "lastmodifiedat"
        | "lastupdated" | "updatedat" | "datemodified" | "audio" | "enclosure" => Role::Own,
        "summary" | "description" | "excerpt" | "tags" | "tag" => Role::About,
        _ if matches!(value, Value::Table(_)) => Role::Own,
        _ => Role::Other,
    }
}

/// What follows the day in a date. A time to the second is a program's: its hour stays.
fn tail(text: &str) -> String {
    let tail = text.get(10..).unwrap_or("");
    let bytes = tail.as_bytes();
    let timed = bytes.len() >= 9 && bytes[3] == b':' && bytes[6] == b':';
    if timed && &tail[7..9] != "00" {
        return format!("{}:00:00{}", &tail[..3], &tail[9..]);
    }
    tail.to_owned()
}

/// The style that most of these show, newest first.
pub(super) fn style<'s>(seen: impl Iterator<Item = &'s FrontSeen>) -> Option<FrontStyle> {
    let all: Vec<&FrontSeen> = seen.collect();
    let form = most(all.iter().map(|seen| seen.form))?;
    let same: Vec<&FrontSeen> = all.into_iter().filter(|seen| seen.form == form).collect();
    let newest = same.first()?;
    let keys = newest.keys.iter().filter_map(|key| {
        let own = |seen: &&FrontSeen| seen.keys.iter().any(|other| other.key == key.key);
        let usual = most(same.iter().map(own)) == Some(true);
        let others: Vec<&KeySeen> = same
            .iter()
            .filter_map(|seen| seen.keys.iter().find(|other| other.key == key.key))
            .collect();
        usual.then(|| value(key, &others)).flatten()
    });
    Some(FrontStyle {
        form,
        keys: keys.collect(),
    })
}

fn value(key: &KeySeen, all: &[&KeySeen]) -> Option<FrontKey> {
    let same = all.iter().all(|other| other.lines == key.lines);
    let value = match key.role {
        Role::Own => return None,
        Role::Title => FrontValue::Title(key.quote),
        Role::Date => FrontValue::Date(key.tail.clone(), key.quote),
        Role::Slug => FrontValue::Slug(key.quote),
        Role::Other if same && (all.len() > 1 || key.lines.len() < 200) => {
            FrontValue::Same(key.lines.clone())
        }
        _ if key.list => FrontValue::EmptyList,
        _ => FrontValue::Empty,
    };
    Some(FrontKey {
        key: key.key.clone(),
        value,
    })
}
