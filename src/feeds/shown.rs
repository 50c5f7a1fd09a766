//! Words of strangers, where people read them: on a terminal, in a mail, on a review page.

use super::text;

/// The text on one line, without anything that a terminal would obey or that turns the order of
/// what is read: escapes, other controls, direction marks, characters without width.
pub fn line(text: &str) -> String {
    let plain: String = text
        .chars()
        .map(|c| if is_break(c) { ' ' } else { c })
        .filter(|&c| !is_unfit(c))
        .collect();
    let words: Vec<&str> = plain.split_whitespace().collect();
    words.join(" ")
}

/// The title of an entry; its address where it has none.
pub fn title(title: &str, url: Option<&str>) -> String {
    let line = line(title);
    if !line.is_empty() {
        return line;
    }
    url.map_or_else(|| "(without a title)".to_owned(), address)
}

/// The address in the characters of RFC 3986 alone: one word, whatever shows it.
pub fn address(url: &str) -> String {
    text::address(url.trim()).into_owned()
}

/// The address, if it is one that a link may lead to.
pub fn web(url: Option<&str>) -> Option<String> {
    let url = url?.trim();
    let lower = url.get(..8).unwrap_or(url).to_ascii_lowercase();
    (lower.starts_with("http://") || lower.starts_with("https://")).then(|| address(url))
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

    #[test]
    fn an_address_is_one_word() {
        assert_eq!(
            address("https://a.example/x y\u{1b}[2J\"<é>"),
            "https://a.example/x%20y%1B[2J%22%3C%C3%A9%3E".replace('[', "%5B")
        );
        assert_eq!(web(Some("javascript:alert(1)")), None);
        assert_eq!(web(Some("ÖÖÖÖ://x")), None);
        assert_eq!(
            web(Some("HTTPS://a.example/")).as_deref(),
            Some("HTTPS://a.example/")
        );
    }
}
