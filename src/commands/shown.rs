//! Words of strangers, where people read them: on a terminal, in a mail, in a list.

use newsdesk::feeds::shown;
use unicode_width::UnicodeWidthStr as _;

/// The text on one line, without anything that a terminal would obey or that turns the order of
/// what is read.
pub(super) fn line(text: &str) -> String {
    shown::line(text)
}

/// The title of an entry; its address where it has none.
pub(super) fn title(title: &str, url: Option<&str>) -> String {
    shown::title(title, url)
}

/// The address in the characters of RFC 3986 alone: one word, whatever shows it.
pub(super) fn address(url: &str) -> String {
    shown::address(url)
}

/// The address, if it is one that a link may lead to.
pub(super) fn web(url: Option<&str>) -> Option<String> {
    shown::web(url)
}

/// The cell with spaces behind it, or before it, up to a width.
pub(super) fn padded(cell: &str, width: usize, side: Side) -> String {
    let spaces = " ".repeat(width.saturating_sub(cell.width()));
    match side {
        Side::Left => format!("{cell}{spaces}"),
        Side::Right => format!("{spaces}{cell}"),
    }
}

/// Where a cell stands in its column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Side {
    /// At the left.
    Left,
    /// At the right, as numbers do.
    Right,
}

/// The columns of the terminal: what `COLUMNS` asks for, else what the terminal says, else `usual`.
pub(super) fn columns(usual: usize) -> usize {
    let asked = std::env::var("COLUMNS").ok().and_then(|it| it.parse().ok());
    let seen = terminal_size::terminal_size().map(|(width, _)| usize::from(width.0));
    asked.or(seen).unwrap_or(usual).clamp(40, 400)
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_are_as_wide_as_they_look() {
        assert_eq!(padded("日本", 6, Side::Left), "日本  ");
        assert_eq!(padded("7", 3, Side::Right), "  7");
        assert_eq!(wrapped("one two three", 2, 9), "  one two\n  three\n");
    }
}
