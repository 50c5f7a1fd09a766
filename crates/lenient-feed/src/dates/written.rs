//! Dates of other scripts, written with the signs of ASCII: digits, the signs of Chinese, Japanese
//! and Korean for year, month, day and hour, and the halves of their days.

use std::borrow::Cow;

/// What stands for a sign, or for a word of several.
const SIGNS: [(&str, &str); 41] = [
    ("년", "-"),
    ("월", "-"),
    ("일", " "),
    ("시", ":"),
    ("분", ":"),
    ("초", " "),
    ("오전", " am "),
    ("오후", " pm "),
    ("年", "-"),
    ("月", "-"),
    ("日", " "),
    ("号", " "),
    ("號", " "),
    ("时", ":"),
    ("時", ":"),
    ("点", ":"),
    ("點", ":"),
    ("分", ":"),
    ("秒", " "),
    ("上午", " am "),
    ("午前", " am "),
    ("凌晨", " am "),
    ("清晨", " am "),
    ("早上", " am "),
    ("下午", " pm "),
    ("午後", " pm "),
    ("中午", " pm "),
    ("傍晚", " pm "),
    ("晚上", " pm "),
    ("：", ":"),
    ("／", "/"),
    ("－", "-"),
    ("．", "."),
    ("，", ","),
    ("、", ","),
    ("（", "("),
    ("）", ")"),
    ("\u{2010}", "-"),
    ("\u{2011}", "-"),
    ("\u{2013}", "-"),
    ("\u{2212}", "-"),
];

/// The text with those signs replaced, and names of weekdays of the same languages left out.
pub(super) fn ascii(text: &str) -> Cow<'_, str> {
    if text.is_ascii() {
        return Cow::Borrowed(text);
    }
    let mut ascii = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(character) = rest.chars().next() {
        let after = &rest[character.len_utf8()..];
        if let Some(after) = after_weekday(rest) {
            rest = after;
        } else if let Some((sign, replaced)) = longest(rest) {
            ascii.push_str(replaced);
            rest = &rest[sign.len()..];
        } else {
            match digit(character) {
                Some(digit) => ascii.push(digit),
                // Marks of writing direction; spaces of any width are spaces.
                None if matches!(character, '\u{200e}' | '\u{200f}' | '\u{feff}') => {}
                None if character.is_whitespace() => ascii.push(' '),
                None => ascii.push(character),
            }
            rest = after;
        }
    }
    Cow::Owned(ascii)
}

fn longest(text: &str) -> Option<(&'static str, &'static str)> {
    let signs = SIGNS.iter().filter(|(sign, _)| text.starts_with(sign));
    signs.max_by_key(|(sign, _)| sign.len()).copied()
}

/// What follows the name of a weekday: `星期二`, `周二`, `火曜日`, `화요일`, `(火)`.
fn after_weekday(text: &str) -> Option<&str> {
    const DAYS: &str = "一二三四五六日天月火水木金土월화수목금토일";
    // Each of these signs has three bytes.
    let named = |text: &str| text.chars().next().is_some_and(|day| DAYS.contains(day));
    for start in ["星期", "周", "週"] {
        if let Some(rest) = text.strip_prefix(start).filter(|rest| named(rest)) {
            return Some(&rest[3..]);
        }
    }
    if let Some(rest) = text.strip_prefix(['(', '（']).filter(|rest| named(rest)) {
        return rest[3..].strip_prefix([')', '）']);
    }
    let rest = text.get(3..).filter(|_| named(text))?;
    rest.strip_prefix("曜日")
        .or_else(|| rest.strip_prefix("요일"))
}

/// The digits of full width, of Arabic, Persian, Devanagari, Bengali and Thai.
fn digit(character: char) -> Option<char> {
    const ZEROS: [u32; 6] = [0x660, 0x6f0, 0x966, 0x9e6, 0xe50, 0xff10];
    let code = u32::from(character);
    let zero = ZEROS
        .iter()
        .find(|zero| (**zero..**zero + 10).contains(&code))?;
    char::from_digit(code - zero, 10)
}
