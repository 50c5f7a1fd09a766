//! From bytes to characters.
//!
//! In this order: a byte order mark; UTF-16, UTF-32 and EBCDIC by their shape; bytes that are valid
//! UTF-8, whatever is declared; the server's `charset`; the XML declaration; UTF-8 with single bad
//! bytes patched; detection. Then the characters that no document may hold are left out.

mod pages;

use std::borrow::Cow;

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{Encoding, ISO_2022_JP, REPLACEMENT, UTF_8, UTF_16BE, UTF_16LE};

use super::entities;
use super::repair::{Defect, Log};

/// The document as text without characters that XML forbids, lines ended by `\n`.
pub fn decode<'a>(bytes: &'a [u8], content_type: Option<&str>, log: &mut Log) -> Cow<'a, str> {
    clean(characters(bytes, content_type, log), log)
}

/// A web page as text; its encoding may be named in a `meta` element instead.
pub fn decode_page<'a>(bytes: &'a [u8], content_type: Option<&str>) -> Cow<'a, str> {
    let mut log = Log::default();
    let served = content_type.filter(|it| charset(it).is_some());
    let head = &bytes[..bytes.len().min(4096)];
    let named = String::from_utf8_lossy(head);
    let meta = named.split("charset=").nth(1).map(|rest| {
        let label = rest.trim_start_matches(['"', '\'']);
        let end = label.find(['"', '\'', '>', ' ', ';', '/']);
        format!(
            "text/html; charset={}",
            &label[..end.unwrap_or(label.len())]
        )
    });
    decode(bytes, served.or(meta.as_deref()), &mut log)
}

fn characters<'a>(bytes: &'a [u8], content_type: Option<&str>, log: &mut Log) -> Cow<'a, str> {
    if let Some(text) = by_mark_or_shape(bytes, content_type, log) {
        return text;
    }
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let served = content_type.and_then(charset);
    let declared = declaration(bytes);
    let labels = [served, declared];
    let encodings = labels.map(|label| label.and_then(encoding));
    let mut known = labels.into_iter().flatten();
    let seven = known.find(|label| pages::is_seven_bit(bytes, label));
    if let Some(text) = seven.and_then(|label| pages::decode(bytes, label)) {
        return Cow::Owned(text);
    }
    if let Ok(text) = std::str::from_utf8(bytes)
        && !is_seven_bit(bytes, &encodings)
    {
        let other = labels
            .into_iter()
            .zip(encodings)
            .find(|(label, encoding)| label.is_some() && *encoding != Some(UTF_8));
        if let Some((label, encoding)) = other
            && (!text.is_ascii() || encoding.is_none_or(|it| !it.is_ascii_compatible()))
        {
            note_wrong(label, UTF_8, log);
        }
        return Cow::Borrowed(text);
    }
    declared_or_detected(bytes, labels, encodings, log)
}

fn declared_or_detected<'a>(
    bytes: &'a [u8],
    labels: [Option<&str>; 2],
    encodings: [Option<&'static Encoding>; 2],
    log: &mut Log,
) -> Cow<'a, str> {
    let first = labels.into_iter().flatten().next();
    // `us-ascii` is what a server says that knows nothing: these bytes are none.
    let ascii = |label: Option<&str>| {
        label.is_some_and(|it| matches!(&*it.to_ascii_lowercase(), "us-ascii" | "ascii"))
    };
    let encodings = [0, 1].map(|at| encodings[at].filter(|_| !ascii(labels[at])));
    for (label, encoding) in labels.into_iter().zip(encodings) {
        let Some(encoding) = encoding else {
            if let Some(text) = label.and_then(|it| pages::decode(bytes, it)) {
                return Cow::Owned(text);
            }
            continue;
        };
        if is_unicode(encoding) {
            continue;
        }
        let (text, bad) = encoding.decode_without_bom_handling(bytes);
        if !bad {
            if encodings[0].or(encodings[1]) != Some(encoding) {
                note_wrong(first, encoding, log);
            }
            return text;
        }
    }
    let (good, bad) = utf8_balance(bytes);
    // Too few of them tell nothing about their encoding.
    if good >= bad || bad <= 4 {
        if first.is_some_and(|label| encoding(label) != Some(UTF_8)) {
            note_wrong(first, UTF_8, log);
        }
        log.note_with(Defect::BadBytes, None, || Some(format!("{bad} of them")));
        return Cow::Owned(patch(bytes));
    }
    // A few bad bytes in an otherwise fitting encoding are better patched than guessed away.
    let fitting = encodings.into_iter().flatten().find_map(|encoding| {
        let (text, _) = encoding.decode_without_bom_handling(bytes);
        let bad = text.matches('\u{fffd}').count();
        let beyond = text.chars().filter(|it| !it.is_ascii()).count();
        (!is_unicode(encoding) && bad * 4 < beyond).then_some(text)
    });
    if let Some(text) = fitting {
        log.note(Defect::BadBytes, None);
        return text;
    }
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Allow);
    detector.feed(bytes, true);
    let guess = detector.guess(None, Utf8Detection::Deny);
    log.note_with(Defect::GuessedEncoding, None, || {
        Some(match first {
            Some(label) => format!("{} instead of `{}`", guess.name(), printable(label)),
            None => guess.name().to_owned(),
        })
    });
    guess.decode_without_bom_handling(bytes).0
}

/// Whether an encoding has been tried: UTF-8 first, and UTF-16 would have shown by its shape.
fn is_unicode(encoding: &'static Encoding) -> bool {
    [UTF_8, UTF_16BE, UTF_16LE].contains(&encoding)
}

fn note_wrong(label: Option<&str>, used: &'static Encoding, log: &mut Log) {
    log.note_with(Defect::WrongEncoding, None, || {
        label.map(|label| format!("{} instead of `{}`", used.name(), printable(label)))
    });
}

fn printable(label: &str) -> String {
    label.chars().filter(|c| !c.is_control()).take(40).collect()
}

/// ISO-2022-JP is written in ASCII bytes, so that it is always valid UTF-8.
fn is_seven_bit(bytes: &[u8], encodings: &[Option<&'static Encoding>; 2]) -> bool {
    encodings.contains(&Some(ISO_2022_JP)) && bytes.contains(&0x1b)
}

/// The page that is named counts, else the most usual one.
fn ebcdic(bytes: &[u8], content_type: Option<&str>) -> Option<String> {
    let usual = pages::decode(bytes, pages::ANY_EBCDIC)?;
    let declared = declaration(usual.as_bytes());
    let labels = [content_type.and_then(charset), declared];
    let named = labels
        .into_iter()
        .flatten()
        .find_map(|label| pages::decode(bytes, label));
    named.or(Some(usual))
}

fn by_mark_or_shape<'a>(
    bytes: &'a [u8],
    content_type: Option<&str>,
    log: &mut Log,
) -> Option<Cow<'a, str>> {
    let head = bytes.get(..4).unwrap_or(bytes);
    if head == pages::EBCDIC {
        return ebcdic(bytes, content_type).map(Cow::Owned);
    }
    if !bytes.iter().take(64).any(|byte| *byte == 0) {
        // Markup in UTF-16 has zero bytes; a mark without them is junk.
        return (head.starts_with(b"\xff\xfe") || head.starts_with(b"\xfe\xff")).then(|| {
            log.note(Defect::LeadingJunk, Some(0));
            Cow::Owned(patch(&bytes[2..]))
        });
    }
    let encoding = match head {
        [0, 0, 0xfe, 0xff] | [0, 0, 0, 1..=255] => {
            return Some(utf32(bytes, u32::from_be_bytes, log));
        }
        [0xff, 0xfe, 0, 0] | [1..=255, 0, 0, 0] => {
            return Some(utf32(bytes, u32::from_le_bytes, log));
        }
        [0xff, 0xfe, ..] | [1..=255, 0, 1..=255, 0] => UTF_16LE,
        [0xfe, 0xff, ..] | [0, 1..=255, 0, 1..=255] => UTF_16BE,
        _ => return None,
    };
    let (text, bad) = encoding.decode_with_bom_removal(bytes);
    if bad {
        log.note(Defect::BadBytes, None);
    }
    Some(text)
}

fn utf32(bytes: &[u8], read: fn([u8; 4]) -> u32, log: &mut Log) -> Cow<'static, str> {
    let mut text = String::with_capacity(bytes.len() / 4);
    for unit in bytes.chunks_exact(4) {
        let code = read([unit[0], unit[1], unit[2], unit[3]]);
        if code == 0xfeff {
            continue;
        }
        text.push(char::from_u32(code).unwrap_or_else(|| {
            log.note(Defect::BadBytes, None);
            char::REPLACEMENT_CHARACTER
        }));
    }
    Cow::Owned(text)
}

/// How many characters beyond ASCII are good UTF-8, and how many bytes are not.
fn utf8_balance(bytes: &[u8]) -> (usize, usize) {
    bytes.utf8_chunks().fold((0, 0), |(good, bad), chunk| {
        let beyond = chunk.valid().chars().filter(|c| !c.is_ascii()).count();
        (good + beyond, bad + chunk.invalid().len())
    })
}

/// UTF-8 in which single bytes are of Windows code page 1252, as copying and pasting makes it.
fn patch(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len() + 16);
    for chunk in bytes.utf8_chunks() {
        text.push_str(chunk.valid());
        for byte in chunk.invalid() {
            text.push(match byte {
                0x80..=0x9f => entities::windows(u32::from(*byte)),
                _ => char::from(*byte),
            });
        }
    }
    text
}

/// The `charset` of a `Content-Type` header.
fn charset(content_type: &str) -> Option<&str> {
    content_type.split(';').skip(1).find_map(|parameter| {
        let (name, value) = parameter.split_once('=')?;
        let value = value.trim().trim_matches(['"', '\'']);
        (name.trim().eq_ignore_ascii_case("charset") && !value.is_empty()).then_some(value)
    })
}

/// The encoding of an XML declaration, which may stand after junk.
fn declaration(bytes: &[u8]) -> Option<&str> {
    let head = &bytes[..bytes.len().min(1024)];
    let start = head.windows(5).position(|window| window == b"<?xml")?;
    let end = head[start..].iter().position(|byte| *byte == b'>')?;
    let declaration = std::str::from_utf8(&head[start..start + end]).ok()?;
    let (_, rest) = declaration.split_once("encoding")?;
    let rest = rest.trim_start().strip_prefix('=')?.trim_start();
    let quote = rest.chars().next().filter(|c| matches!(c, '"' | '\''))?;
    rest[1..].split(quote).next().map(str::trim)
}

/// The encoding of a label, with the names that other software than browsers uses.
fn encoding(label: &str) -> Option<&'static Encoding> {
    let label = label.trim().to_ascii_lowercase().replace('_', "-");
    let label = label.replace("cp-", "cp").replace("win-", "windows-");
    let known =
        match label.as_str() {
            "u8" | "utf" | "utf-8-sig" | "utf8mb4" | "cp65001" => "utf-8",
            "latin-1" | "8859" | "cp819" | "iso-8859-1-windows-3.1-latin-1" => "windows-1252",
            "windows-936" | "936" | "cp936" | "ms936" | "euc-cn" | "euccn" | "eucgb2312-cn"
            | "gb2312-80" | "gb2312-1980" | "x-mac-simp-chinese" => "gbk",
            "932" | "cp932" | "ms932" | "mskanji" | "ms-kanji" | "s-jis" | "shiftjis"
            | "x-mac-japanese" | "shift-jis-2004" | "shift-jisx0213" => "shift_jis",
            "949" | "cp949" | "ms949" | "uhc" | "euckr" | "ks-c-5601" | "ks-c-5601-1987"
            | "ks-x-1001" | "ksx1001" | "x-mac-korean" => "euc-kr",
            "950" | "cp950" | "ms950" | "big5-tw" | "big5hkscs" | "hkscs"
            | "x-mac-trad-chinese" => "big5",
            "iso2022-jp" | "iso2022jp" | "iso-2022-jp-1" | "iso-2022-jp-2" | "iso-2022-jp-3"
            | "iso-2022-jp-ext" | "iso-2022-jp-2004" => "iso-2022-jp",
            "iso-8859-4-1988" | "iso-8859-4:1988" => "iso-8859-4",
            "iso-8859-10-1992" | "iso-8859-10:1992" => "iso-8859-10",
            "eucjp" | "ujis" | "euc-jis-2004" | "euc-jisx0213" => "euc-jp",
            "cp874" | "874" | "thai" | "tis620" | "tis-620-0" | "iso-ir-166"
            | "iso-8859-11-2001" => "windows-874",
            "mac-roman" | "macroman" => "macintosh",
            "mac-cyrillic" | "maccyrillic" => "x-mac-cyrillic",
            other => other,
        };
    // Shift_JIS is the one label of the web's list with an underscore.
    let known = if known == "shift-jis" {
        "shift_jis"
    } else {
        known
    };
    Encoding::for_label(known.as_bytes()).filter(|encoding| *encoding != REPLACEMENT)
}

/// Leaves out what XML forbids, reads 128 to 159 as Windows does, and ends lines with `\n`.
fn clean<'a>(text: Cow<'a, str>, log: &mut Log) -> Cow<'a, str> {
    let bytes = text.as_bytes();
    let Some(first) = first_unclean(bytes) else {
        return text;
    };
    let mut cleaned = String::with_capacity(text.len());
    let mut from = 0;
    let mut at = Some(first);
    while let Some(index) = at {
        cleaned.push_str(&text[from..index]);
        let character = text[index..].chars().next().unwrap_or_default();
        from = index + character.len_utf8();
        match character {
            '\r' => {
                if bytes.get(from) != Some(&b'\n') {
                    cleaned.push('\n');
                }
            }
            '\u{80}'..='\u{9f}' => cleaned.push(entities::windows(u32::from(character))),
            '\u{feff}' if index == 0 => {}
            '\u{feff}' => cleaned.push(character),
            _ => log.note(Defect::ControlCharacter, Some(cleaned.len())),
        }
        at = first_unclean(&bytes[from..]).map(|next| from + next);
    }
    cleaned.push_str(&text[from..]);
    Cow::Owned(cleaned)
}

/// Where the first byte is that [`clean`] changes something at.
fn first_unclean(bytes: &[u8]) -> Option<usize> {
    const BLOCK: usize = 64;
    let mut from = 0;
    // Whole blocks without a suspicious byte are told at once: nearly every one of most feeds.
    while let Some(block) = bytes.get(from..from + BLOCK) {
        let suspicious = block
            .iter()
            .fold(false, |found, byte| found | is_suspicious(*byte));
        let within = from..from + BLOCK;
        if suspicious && let Some(at) = within.into_iter().find(|at| is_unclean(bytes, *at)) {
            return Some(at);
        }
        from += BLOCK;
    }
    (from..bytes.len()).find(|at| is_unclean(bytes, *at))
}

fn is_suspicious(byte: u8) -> bool {
    byte < 0x20 && byte != b'\n' && byte != b'\t' || byte == 0xc2 || byte == 0xef
}

fn is_unclean(bytes: &[u8], at: usize) -> bool {
    match bytes[at] {
        b'\t' | b'\n' => false,
        0..0x20 => true,
        // U+0080 to U+009F.
        0xc2 => matches!(bytes.get(at + 1), Some(0x80..=0x9f)),
        // U+FEFF, U+FFFE and U+FFFF.
        0xef => matches!(
            bytes.get(at + 1..at + 3),
            Some([0xbb, 0xbf] | [0xbf, 0xbe | 0xbf])
        ),
        _ => false,
    }
}

#[cfg(test)]
mod tests;
