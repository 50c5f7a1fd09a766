//! The recording that comes with an issue.

use std::borrow::Cow;

use url::Url;

use super::keys::{Key, Sheet};
use super::values::wrong_type;
use super::{Problems, shown};
use crate::issues::front::{Field, Node, Value};
use crate::model::{Audio, address};

/// Media types by the endings of their files.
const MEDIA_TYPES: [(&str, &str); 12] = [
    ("mp3", "audio/mpeg"),
    ("m4a", "audio/mp4"),
    ("m4b", "audio/mp4"),
    ("aac", "audio/aac"),
    ("ogg", "audio/ogg"),
    ("oga", "audio/ogg"),
    ("opus", "audio/ogg"),
    ("wav", "audio/wav"),
    ("flac", "audio/flac"),
    ("mp4", "video/mp4"),
    ("m4v", "video/mp4"),
    ("webm", "video/webm"),
];

/// The recording: an address, or a table with `url`, `length`, `type` and `duration`.
pub(super) fn read(sheet: &Sheet<'_>, base: &Url, problems: &mut Problems<'_>) -> Option<Audio> {
    let field = sheet.first(Key::Audio)?;
    let no_fields = Vec::new();
    let (written, node, fields) = match &field.value.value {
        Value::Table(fields) => {
            let Some(url) = find(fields, &["url", "src", "href", "file"]) else {
                problems.error(
                    "bad-audio",
                    field.key_span.clone(),
                    format!("`{}` has no `url`", field.key),
                    Some("say where the recording is".to_owned()),
                );
                return None;
            };
            (
                url.value.value.text().unwrap_or("").trim(),
                &url.value,
                fields,
            )
        }
        value => {
            let Some(text) = value.text() else {
                let expected = "an address or a table with `url`";
                wrong_type(&field.key, &field.value, expected, problems);
                return None;
            };
            (text.trim(), &field.value, &no_fields)
        }
    };
    if written.is_empty() {
        return None;
    }
    let url = address_of(written, base, node, problems)?;
    let media_type = media_type(fields, &url, node, problems);
    Some(Audio {
        length: length(fields, field, node, problems),
        duration: duration(fields, problems),
        media_type,
        url,
    })
}

fn find<'f, 'a>(fields: &'f [Field<'a>], names: &[&str]) -> Option<&'f Field<'a>> {
    fields.iter().find(|field| {
        field.value.value != Value::Null
            && names
                .iter()
                .any(|name| field.key.eq_ignore_ascii_case(name))
    })
}

fn address_of(
    written: &str,
    base: &Url,
    node: &Node<'_>,
    problems: &mut Problems<'_>,
) -> Option<Url> {
    let url = address::absolute(base, written)
        .and_then(|url| Url::parse(&url).ok())
        .filter(|url| matches!(url.scheme(), "http" | "https"));
    if url.is_none() {
        problems.error(
            "bad-audio",
            node.span.clone(),
            format!("`{}` is not the address of a recording", shown(written)),
            Some("write an address with `https://`, or a path".to_owned()),
        );
    }
    url
}

fn media_type(
    fields: &[Field<'_>],
    url: &Url,
    node: &Node<'_>,
    problems: &mut Problems<'_>,
) -> String {
    let written = find(fields, &["type", "media_type", "mime", "mime_type"]);
    if let Some(field) = written {
        match field.value.value.text().map(str::trim) {
            Some(text) if is_media_type(text) => return text.to_ascii_lowercase(),
            text => problems.warning(
                "bad-audio",
                field.value.span.clone(),
                format!(
                    "`{}` is not a media type",
                    shown(text.unwrap_or(&field.key))
                ),
                Some("write one such as `audio/mpeg`".to_owned()),
            ),
        }
    }
    let ending = url.path().rsplit('.').next().unwrap_or("");
    let known = MEDIA_TYPES
        .iter()
        .find(|(known, _)| ending.eq_ignore_ascii_case(known));
    if let Some((_, media_type)) = known {
        return (*media_type).to_owned();
    }
    if written.is_none() {
        problems.warning(
            "audio-type",
            node.span.clone(),
            "the address does not show the recording's media type: taken for `audio/mpeg`".into(),
            Some("add its `type`, such as `audio/mp4`".to_owned()),
        );
    }
    "audio/mpeg".to_owned()
}

fn is_media_type(text: &str) -> bool {
    let is_part = |part: &str| {
        !part.is_empty()
            && part
                .bytes()
                .all(|b| b.is_ascii_alphanumeric() || b"+-.".contains(&b))
    };
    text.len() <= 100
        && text
            .split_once('/')
            .is_some_and(|(kind, name)| is_part(kind) && is_part(name))
}

fn length(
    fields: &[Field<'_>],
    field: &Field<'_>,
    node: &Node<'_>,
    problems: &mut Problems<'_>,
) -> u64 {
    let Some(written) = find(fields, &["length", "size", "bytes"]) else {
        problems.warning(
            "audio-length",
            node.span.clone(),
            "the recording's size is missing, and podcast programs show it".to_owned(),
            Some(format!(
                "write `{}` as a table with `url` and `length` in bytes",
                field.key
            )),
        );
        return 0;
    };
    let digits = written
        .value
        .value
        .text()
        .map(|text| text.replace(['_', ','], ""));
    digits
        .and_then(|digits| digits.trim().parse().ok())
        .unwrap_or_else(|| {
            problems.warning(
                "audio-length",
                written.value.span.clone(),
                format!("`{}` is not a number of bytes", written.key),
                Some("write figures alone, such as `24986239`".to_owned()),
            );
            0
        })
}

fn duration(fields: &[Field<'_>], problems: &mut Problems<'_>) -> Option<u64> {
    let field = find(fields, &["duration"])?;
    let text = field
        .value
        .value
        .text()
        .map_or(Cow::Borrowed(""), Cow::from);
    let seconds = seconds(text.trim());
    if seconds.is_none() {
        problems.warning(
            "bad-audio",
            field.value.span.clone(),
            "the recording's duration is neither seconds nor `hours:minutes:seconds`".to_owned(),
            Some("write it such as `1984` or `33:04`".to_owned()),
        );
    }
    seconds
}

/// `1984`, `33:04`, `0:33:04`, in seconds.
fn seconds(text: &str) -> Option<u64> {
    let mut total: u64 = 0;
    for (at, part) in text.split(':').enumerate() {
        let number: u64 = part.split('.').next()?.parse().ok()?;
        if at > 2 || (at > 0 && number > 59) {
            return None;
        }
        total = total.checked_mul(60)?.checked_add(number)?;
    }
    Some(total)
}
