//! What a PDF says of itself, in its information dictionary (ISO 32000-1, 14.3.3).

use super::{Thing, date};
use crate::model::Kind;

/// So much of the beginning and of the end is looked at, in bytes: that is where writers put it.
const LOOKED_AT: usize = 200_000;
/// The longest string that is read.
const LONGEST: usize = 4_000;

/// Title, author and date, where they are not packed.
pub(super) fn read(bytes: &[u8]) -> Thing {
    let start = &bytes[..bytes.len().min(LOOKED_AT)];
    let end = &bytes[bytes.len().saturating_sub(LOOKED_AT)..];
    let find = |name: &[u8]| string(end, name).or_else(|| string(start, name));
    let made = find(b"/CreationDate").and_then(|text| {
        let digits: String = text.chars().filter(char::is_ascii_digit).take(8).collect();
        let (year, rest) = digits.split_at_checked(4)?;
        let (month, day) = rest.split_at_checked(2)?;
        date(&format!("{year}-{month}-{day}"))
    });
    let authors = find(b"/Author").unwrap_or_default();
    let parts = authors.split([';', '\n']).flat_map(|part| {
        let by_comma: Vec<&str> = part.split(", ").collect();
        let whole = by_comma.iter().all(|part| part.trim().contains(' '));
        if whole { by_comma } else { vec![part] }
    });
    Thing {
        title: find(b"/Title").unwrap_or_default(),
        authors: super::people(parts.map(str::to_owned).collect()),
        published: made,
        kind: Kind::Paper,
        ..Thing::default()
    }
}

/// The string behind a name: `(…)` with escapes, or `<…>` in hexadecimal.
fn string(bytes: &[u8], name: &[u8]) -> Option<String> {
    let at = bytes.windows(name.len()).position(|it| it == name)? + name.len();
    let rest = bytes.get(at..)?.trim_ascii_start();
    let rest = &rest[..rest.len().min(LONGEST)];
    let raw = match rest.first()? {
        b'(' => literal(&rest[1..]),
        b'<' => hexadecimal(&rest[1..]),
        _ => return None,
    };
    let text = decoded(&raw);
    let text = text.trim();
    (!text.is_empty()).then(|| text.to_owned())
}

fn literal(bytes: &[u8]) -> Vec<u8> {
    let mut text = Vec::new();
    let (mut depth, mut at) = (0, 0);
    while let Some(byte) = bytes.get(at) {
        match byte {
            b'\\' => {
                at += 1;
                match bytes.get(at) {
                    Some(b'n' | b'r' | b't') => text.push(b' '),
                    Some(digit @ b'0'..=b'7') => {
                        let mut value = u32::from(digit - b'0');
                        while let Some(more @ b'0'..=b'7') = bytes.get(at + 1)
                            && value < 32
                        {
                            value = value * 8 + u32::from(more - b'0');
                            at += 1;
                        }
                        text.push(u8::try_from(value & 0xff).unwrap_or(b'?'));
                    }
                    Some(other) => text.push(*other),
                    None => break,
                }
            }
            b'(' => {
                depth += 1;
                text.push(b'(');
            }
            b')' if depth == 0 => break,
            b')' => {
                depth -= 1;
                text.push(b')');
            }
            other => text.push(*other),
        }
        at += 1;
    }
    text
}

fn hexadecimal(bytes: &[u8]) -> Vec<u8> {
    let digits: Vec<u8> = bytes
        .iter()
        .take_while(|byte| **byte != b'>')
        .filter_map(|byte| char::from(*byte).to_digit(16))
        .filter_map(|digit| u8::try_from(digit).ok())
        .collect();
    digits
        .chunks(2)
        .map(|pair| (pair[0] << 4) | pair.get(1).copied().unwrap_or(0))
        .collect()
}

/// UTF-16 with a mark, else Latin 1, which is near enough to the format's own encoding.
fn decoded(raw: &[u8]) -> String {
    match raw {
        [0xfe, 0xff, rest @ ..] => {
            let units: Vec<u16> = rest
                .chunks_exact(2)
                .map(|pair| u16::from_be_bytes([pair[0], pair[1]]))
                .collect();
            String::from_utf16_lossy(&units)
        }
        [0xef, 0xbb, 0xbf, rest @ ..] => String::from_utf8_lossy(rest).into_owned(),
        _ => raw.iter().map(|byte| char::from(*byte)).collect(),
    }
}
