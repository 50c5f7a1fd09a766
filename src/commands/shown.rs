//! Words of strangers, where people read them: on a terminal, in a mail, in a list.

use unicode_width::UnicodeWidthStr as _;

/// The text on one line, without anything that a terminal would obey or that turns the order of
/// what is read: escapes, other controls, direction marks, characters without width.
pub(super) fn line(text: &str) -> String {
    let plain: String = text
        .chars()
        .map(|c| if is_break(c) { ' ' } else { c })
        .filter(|&c| !is_unfit(c))
        .collect();
    let words: Vec<&str> = plain.split_whitespace().collect();
    words.join(" ")
}

/// The address in the characters of RFC 3986 alone: one word, whatever shows it.
pub(super) fn address(url: &str) -> String {
    newsdesk::feeds::text::address(url.trim()).into_owned()
}

/// The text in lines of at most `width` columns, each after `indent` spaces; a word that is
/// longer has a line of its own.
pub(super) fn wrapped(text: &str, indent: usize, width: usize) -> String {
    let mut lines = String::new();
    let mut here = 0;
    for word in text.split_whitespace() {
        if here > 0 && here + 1 + word.width() > width.saturating_sub(indent) {
            lines.push('\n');
            here = 0;
        }
        if here == 0 {
            lines.push_str(&" ".repeat(indent));
        } else {
            lines.push(' ');
            here += 1;
        }
        lines.push_str(word);
        here += word.width();
    }
    lines.push('\n');
    lines
}

fn is_break(c: char) -> bool {
    c.is_ascii_control() && c != '\u{7f}' && c != '\u{1b}'
        || matches!(c, '\u{85}' | '\u{2028}' | '\u{2029}')
}

fn is_unfit(c: char) -> bool {
    c.is_control()
        || matches!(
            c,
            '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{61c}' | '\u{feff}' | '\u{ad}'
                | '\u{202a}'..='\u{202e}'
                | '\u{2060}'..='\u{206f}'
                | '\u{e0000}'..='\u{e007f}'
                | '\u{fff9}'..='\u{fffb}'
        )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: &str) {
        assert_eq!(line(text), expected);
    }

    #[test]
    fn a_line_holds_nothing_that_a_terminal_obeys() {
        check("a\u{1b}[31mred\u{1b}]0;title\u{7}b", "a[31mred]0;title b");
        check("a\u{9b}31mb\u{90}c", "a31mbc");
        check("one\r\nBcc: two\u{2028}three", "one Bcc: two three");
        check("abc\u{202e}fed\u{2066}x\u{feff}", "abcfedx");
        check("naïve 日本語 👩‍🔬", "naïve 日本語 👩‍🔬");
    }
}
