//! Encodings that browsers do not read and feeds still declare: code pages of IBM, HP and Apple,
//! EBCDIC, and two that write Chinese and Korean in seven bits.
//!
//! They are read only where a label names them: nothing is detected to be one of them.

use encoding_rs::{EUC_KR, GBK};

/// A page a line: its names in small letters, a tab, and its characters up to 255, from 128 on or,
/// in EBCDIC, from 64 on; what a page leaves undefined is U+FFFD.
const PAGES: &str = include_str!("pages.txt");

/// How a document in EBCDIC begins: `<?xm`.
pub(super) const EBCDIC: [u8; 4] = [0x4c, 0x6f, 0xa7, 0x94];

/// The page of EBCDIC that tells which other it is: all write markup alike.
pub(super) const ANY_EBCDIC: &str = "cp037";

/// The text, where the label is of one of these encodings and the bytes fit it.
pub(super) fn decode(bytes: &[u8], label: &str) -> Option<String> {
    let label = label.trim().to_ascii_lowercase().replace('_', "-");
    match label.as_str() {
        "hz" | "hzgb" | "hz-gb" | "hz-gb-2312" => chinese(bytes),
        label if is_korean(label) => korean(bytes),
        label => page(bytes, label),
    }
}

/// Whether bytes that look like ASCII may be none: a label says that everything is written in
/// seven bits.
pub(super) fn is_seven_bit(bytes: &[u8], label: &str) -> bool {
    let label = label.to_ascii_lowercase();
    (label.starts_with("hz") || is_korean(&label)) && bytes.is_ascii()
}

/// `iso-2022-kr`, `iso2022_kr`, `csISO2022KR`.
fn is_korean(label: &str) -> bool {
    label.contains("2022") && label.ends_with("kr")
}

fn page(bytes: &[u8], label: &str) -> Option<String> {
    let (_, characters) = PAGES
        .lines()
        .filter_map(|line| line.split_once('\t'))
        .find(|(names, _)| names.split(' ').any(|name| name == label))?;
    let characters: Vec<char> = characters.chars().collect();
    let start = 256 - characters.len();
    let ebcdic = start == 0x40;
    let read = |byte: &u8| match usize::from(*byte).checked_sub(start) {
        Some(place) => Some(characters[place]).filter(|it| *it != char::REPLACEMENT_CHARACTER),
        None if !ebcdic => Some(char::from(*byte)),
        // The controls that a text has in EBCDIC: a tab, and four ways to end a line.
        None if *byte == 0x05 => Some('\t'),
        None if matches!(byte, 0x0d | 0x15 | 0x25) => Some('\n'),
        None => None,
    };
    bytes.iter().map(read).collect()
}

/// `~{VPND~}`: Chinese between brackets, two letters a character.
fn chinese(bytes: &[u8]) -> Option<String> {
    let mut eight = Vec::with_capacity(bytes.len());
    let mut within = false;
    let mut rest = bytes;
    loop {
        rest = match rest {
            [b'~', b'{', rest @ ..] if !within => {
                within = true;
                rest
            }
            [b'~', b'}', rest @ ..] if within => {
                within = false;
                rest
            }
            [b'~', b'~', rest @ ..] if !within => {
                eight.push(b'~');
                rest
            }
            [b'~', b'\n', rest @ ..] if !within => rest,
            [first @ 0x21..=0x7d, second @ 0x21..=0x7e, rest @ ..] if within => {
                eight.extend([first | 0x80, second | 0x80]);
                rest
            }
            [byte, rest @ ..] => {
                // A line's end ends what was not closed.
                within &= *byte != b'\n';
                eight.push(*byte);
                rest
            }
            [] => break,
        };
    }
    GBK.decode_without_bom_handling_and_without_replacement(&eight)
        .map(std::borrow::Cow::into_owned)
}

/// Korean between the controls that shift out and in, after a line that says so.
fn korean(bytes: &[u8]) -> Option<String> {
    let mut eight = Vec::with_capacity(bytes.len());
    let mut within = false;
    let mut rest = bytes;
    while let [byte, after @ ..] = rest {
        rest = after;
        match byte {
            0x0e | 0x0f => within = *byte == 0x0e,
            0x1b if after.starts_with(b"$)C") => rest = &after[3..],
            0x21..=0x7e if within => eight.push(byte | 0x80),
            byte => eight.push(*byte),
        }
    }
    EUC_KR
        .decode_without_bom_handling_and_without_replacement(&eight)
        .map(std::borrow::Cow::into_owned)
}
