//! Texts of entries: plain or HTML, and what the one is as the other.

use std::borrow::Cow;

use super::entities::{self, Entities, unescape};
use super::repair::Log;
use super::tokens::{Token, Tokens};

/// What the characters of a [`Text`] are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Markup {
    /// Plain text: `<` is a less-than sign.
    #[default]
    Plain,
    /// A piece of HTML, as the source sent it.
    Html,
}

/// A title, a summary or a content.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Text {
    /// Its characters.
    pub value: String,
    /// What they are.
    pub markup: Markup,
}

impl Text {
    /// A plain text.
    pub fn new(value: impl Into<String>) -> Self {
        Self {
            value: value.into(),
            markup: Markup::Plain,
        }
    }

    /// The text without markup, on one line.
    pub fn plain(&self) -> Cow<'_, str> {
        match self.markup {
            Markup::Plain => one_line(&self.value),
            Markup::Html => Cow::Owned(strip(&self.value)),
        }
    }

    /// The text as HTML. It is not cleaned: see [`super::clean()`].
    pub fn html(&self) -> Cow<'_, str> {
        match self.markup {
            Markup::Plain => escape(&self.value),
            Markup::Html => Cow::Borrowed(&self.value),
        }
    }
}

/// The text with one space between its words and none around them.
fn one_line(text: &str) -> Cow<'_, str> {
    let text = text.trim();
    let Some(first) = odd_space(text, 0) else {
        return Cow::Borrowed(text);
    };
    let mut line = String::with_capacity(text.len());
    let (mut from, mut found) = (0, Some(first));
    while let Some(at) = found {
        // A single space before it is already there.
        line.push_str(text[from..at].trim_end());
        line.push(' ');
        from = text.len() - text[at..].trim_start().len();
        found = odd_space(text, from);
    }
    line.push_str(&text[from..]);
    Cow::Owned(line)
}

/// Where the first white space is, from a byte on, that is not one space between two words.
fn odd_space(text: &str, from: usize) -> Option<usize> {
    let bytes = text.as_bytes();
    let mut at = from;
    while let Some(&byte) = bytes.get(at) {
        let odd = match byte {
            b' ' => bytes.get(at + 1).is_some_and(|next| *next == b' '),
            0x9..=0xd => true,
            // The first bytes of no-break, Ogham, typographic and ideographic spaces.
            0xc2 | 0xe1..=0xe3 => text[at..].starts_with(char::is_whitespace),
            _ => false,
        };
        if odd {
            return Some(at);
        }
        at += 1;
    }
    None
}

/// The words of a piece of HTML.
fn strip(html: &str) -> String {
    let mut log = Log::default();
    let mut entities = Entities::default();
    let mut tokens = Tokens::new(html);
    let mut text = String::with_capacity(html.len());
    let mut hidden = None;
    while let Some(token) = tokens.next(&mut log) {
        match token {
            Token::Start(tag) => {
                let is = |name: &str| tag.name.eq_ignore_ascii_case(name);
                if hidden.is_none() && !tag.empty && (is("script") || is("style")) {
                    hidden = Some(tag.name);
                } else if !is_inline_in_any_case(tag.name) {
                    text.push(' ');
                }
            }
            Token::End(name) => {
                if hidden
                    .as_ref()
                    .is_some_and(|it| it.eq_ignore_ascii_case(name))
                {
                    hidden = None;
                } else if !is_inline_in_any_case(name) {
                    text.push(' ');
                }
            }
            Token::Text(raw) if hidden.is_none() => {
                unescape(raw, 0, &mut entities, &mut log, &mut text);
            }
            Token::Plain(raw) if hidden.is_none() => text.push_str(raw),
            _ => {}
        }
    }
    match one_line(&text) {
        Cow::Owned(line) => line,
        Cow::Borrowed(line) if line.len() == text.len() => text,
        Cow::Borrowed(line) => line.to_owned(),
    }
}

fn is_inline_in_any_case(name: &str) -> bool {
    is_inline(name)
        || name.bytes().any(|byte| byte.is_ascii_uppercase())
            && is_inline(&name.to_ascii_lowercase())
}

/// Elements that do not part words.
fn is_inline(name: &str) -> bool {
    matches!(
        name,
        "a" | "abbr"
            | "acronym"
            | "b"
            | "bdi"
            | "bdo"
            | "big"
            | "cite"
            | "code"
            | "data"
            | "del"
            | "dfn"
            | "em"
            | "font"
            | "i"
            | "ins"
            | "kbd"
            | "mark"
            | "q"
            | "s"
            | "samp"
            | "small"
            | "span"
            | "strike"
            | "strong"
            | "sub"
            | "sup"
            | "time"
            | "tt"
            | "u"
            | "var"
            | "wbr"
    )
}

/// The text with `&`, `<` and `>` as references.
pub fn escape(text: &str) -> Cow<'_, str> {
    if !text.contains(['&', '<', '>']) {
        return Cow::Borrowed(text);
    }
    let mut escaped = String::with_capacity(text.len() + 16);
    escape_into(text, &mut escaped);
    Cow::Owned(escaped)
}

/// Adds the text to `into` with `&`, `<`, `>` and `"` as references.
pub fn escape_into(text: &str, into: &mut String) {
    let mut from = 0;
    for (at, byte) in text.bytes().enumerate() {
        let reference = match byte {
            b'&' => "&amp;",
            b'<' => "&lt;",
            b'>' => "&gt;",
            b'"' => "&quot;",
            _ => continue,
        };
        into.push_str(&text[from..at]);
        into.push_str(reference);
        from = at + 1;
    }
    into.push_str(&text[from..]);
}

/// Whether a text that calls itself plain is HTML all the same, as RSS titles often are: an end
/// tag or a reference is in it, and neither an element nor an entity that HTML does not know.
pub fn looks_like_html(text: &str) -> bool {
    let mut sure = false;
    let mut rest = text;
    while let Some(at) = rest.find(['<', '&']) {
        let reference = rest.as_bytes()[at] == b'&';
        rest = &rest[at + 1..];
        let (end_tag, inner) = match rest.strip_prefix('/') {
            Some(inner) if !reference => (true, inner),
            _ => (false, rest),
        };
        let inner = if reference {
            inner.trim_start_matches('#')
        } else {
            inner
        };
        let length = inner
            .bytes()
            .take(32)
            .take_while(u8::is_ascii_alphanumeric)
            .count();
        let (name, after) = inner.split_at(length);
        if name.is_empty() {
            continue;
        }
        if reference {
            if after.starts_with(';') {
                let numeric = rest.starts_with('#');
                let known = matches!(name, "amp" | "lt" | "gt" | "quot" | "apos");
                if !numeric && !known && entities::named(name).is_none() {
                    return false;
                }
                sure = true;
            }
        } else {
            if !is_html(&name.to_ascii_lowercase()) {
                return false;
            }
            sure |= end_tag && after.starts_with('>');
        }
    }
    sure
}

/// Elements that HTML texts in feeds have.
fn is_html(name: &str) -> bool {
    is_inline(name)
        || super::names::is_void(name)
        || matches!(
            name,
            "address"
                | "article"
                | "aside"
                | "audio"
                | "blockquote"
                | "button"
                | "canvas"
                | "caption"
                | "center"
                | "colgroup"
                | "dd"
                | "details"
                | "dialog"
                | "dir"
                | "div"
                | "dl"
                | "dt"
                | "fieldset"
                | "figcaption"
                | "figure"
                | "footer"
                | "form"
                | "h1"
                | "h2"
                | "h3"
                | "h4"
                | "h5"
                | "h6"
                | "header"
                | "label"
                | "legend"
                | "li"
                | "main"
                | "map"
                | "menu"
                | "nav"
                | "noscript"
                | "ol"
                | "optgroup"
                | "option"
                | "output"
                | "p"
                | "picture"
                | "pre"
                | "progress"
                | "section"
                | "select"
                | "summary"
                | "table"
                | "tbody"
                | "td"
                | "textarea"
                | "tfoot"
                | "th"
                | "thead"
                | "tr"
                | "ul"
                | "video"
        )
}

/// The text decoded once more, where it is UTF-8 that somebody took for Windows code page 1252 and
/// encoded again; `None` where it is not.
pub fn decode_again(text: &str) -> Option<String> {
    const BLOCK: usize = 32;
    let bytes = text.as_bytes();
    let mut blocks = bytes.chunks(BLOCK);
    let block = blocks.position(|block| !block.is_ascii())? * BLOCK;
    let first = block + bytes[block..].iter().position(|byte| !byte.is_ascii())?;
    // The first byte of two or more of UTF-8, `Â` to `ô`, itself in UTF-8.
    if !matches!(bytes[first..], [0xc3, 0x82..=0xb4, 0x80..=0xff, ..]) {
        return None;
    }
    // Most texts are no such thing, and show it in their first letter beyond ASCII.
    let (mut follow, mut letters) = (0_u32, 0);
    for character in text.chars().filter(|character| !character.is_ascii()) {
        let byte = entities::windows_byte(character)?;
        match (follow, byte) {
            (1.., 0x80..=0xbf) => follow -= 1,
            (0, 0xc2..=0xf4) => {
                follow = byte.leading_ones() - 1;
                letters += 1;
            }
            _ => return None,
        }
    }
    // `é`, a space that does not break, and a dash, as French has them, are one Chinese letter by
    // chance; what stands alone in a text of Latin letters begins with another byte.
    if letters == 1 && matches!(bytes[first + 1], 0xa3..=0xaf) {
        return None;
    }
    let bytes: Option<Vec<u8>> = text.chars().map(entities::windows_byte).collect();
    String::from_utf8(bytes?).ok()
}

/// Whether a text that looks as if it was encoded twice is about such texts: it speaks of encodings,
/// or shows the bad letters alone between quotes.
pub(super) fn shows_bad_letters(text: &str) -> bool {
    const WORDS: [&str; 13] = [
        "mojibake",
        "encod",
        "unicode",
        "utf-8",
        "utf8",
        "latin-1",
        "latin1",
        "charset",
        "codepage",
        "windows-1252",
        "iso-8859",
        "ascii",
        "garbled",
    ];
    let lower = text.to_lowercase();
    if WORDS.iter().any(|word| lower.contains(word)) {
        return true;
    }
    let quote = |c: Option<char>| c.is_some_and(|c| "\"'`()[]".contains(c));
    let mut before = None;
    let mut rest = text;
    while let Some(start) = rest.find(|c: char| !c.is_ascii()) {
        before = rest[..start].chars().next_back().or(before);
        let run = &rest[start..];
        let end = run.find(|c: char| c.is_ascii()).unwrap_or(run.len());
        if quote(before) && quote(run[end..].chars().next()) {
            return true;
        }
        before = run[..end].chars().next_back();
        rest = &run[end..];
    }
    false
}

/// The text up to a number of characters, with `…` where something is left out.
pub fn shorten(text: &str, most: usize) -> Cow<'_, str> {
    match text.char_indices().nth(most) {
        None => Cow::Borrowed(text),
        Some((end, _)) => Cow::Owned(format!("{}…", &text[..end])),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(html: &str, expected: &str) {
        let text = Text {
            value: html.into(),
            markup: Markup::Html,
        };
        assert_eq!(text.plain(), expected);
    }

    #[test]
    fn strips_markup() {
        check("plain", "plain");
        check("<p>one</p><p>two<br>three</p>", "one two three");
        check("a<b>b</b>c &amp;&nbsp;d &lt;e&gt;", "abc & d <e>");
        check("1 < 2 & <3", "1 < 2 & <3");
        check("<script>alert('<p>')</script>x<style>p{}</style>", "x");
        check("<script>alert(1)", "");
        check("&amp;lt;", "&lt;");
        check("<p", "");
    }

    #[test]
    fn plain_text_becomes_html_and_one_line() {
        assert_eq!(Text::new("a < b & c").html(), "a &lt; b &amp; c");
        assert_eq!(Text::new(" a\n\n b ").plain(), "a b");
        assert_eq!(
            Text::new("a  b \n c\u{a0}d\u{3000}é e").plain(),
            "a b c d é e"
        );
        assert_eq!(Text::new("a b é").plain(), "a b é");
        assert_eq!(Text::new(" \n ").plain(), "");
    }

    #[test]
    fn tells_html_in_plain_texts() {
        for html in ["<b>x</b>", "a &amp; b", "&#8217;", "x<br>y</p>"] {
            assert!(looks_like_html(html), "{html}");
        }
        for plain in [
            "x",
            "a < b",
            "a & b",
            "<foo>x</foo>",
            "<b>x</foo>",
            "&foo; &amp;",
            "<br>",
        ] {
            assert!(!looks_like_html(plain), "{plain}");
        }
    }

    #[test]
    fn decodes_what_was_encoded_twice() {
        assert_eq!(decode_again("cafÃ©").as_deref(), Some("café"));
        assert_eq!(decode_again("itâ€™s").as_deref(), Some("it’s"));
        assert_eq!(decode_again("café"), None);
        assert_eq!(decode_again("Привет"), None);
        assert_eq!(decode_again("Zoé\u{a0}– suite"), None);
        assert_eq!(decode_again("æ—¥æœ¬").as_deref(), Some("日本"));
        assert_eq!(decode_again("plain"), None);
    }

    #[test]
    fn knows_texts_that_are_about_bad_letters() {
        for about in [
            "Why \"Ã©\" is not é in UTF-8",
            "What (Ã©) means",
            "â€™ and other mojibake",
        ] {
            assert!(shows_bad_letters(about), "{about}");
        }
        for broken in ["cafÃ©", "itâ€™s", "\"Ã©tude\"", "A â€“ B"] {
            assert!(!shows_bad_letters(broken), "{broken}");
        }
    }
}
