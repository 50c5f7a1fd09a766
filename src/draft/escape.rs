//! Text that strangers wrote, as Markdown that shows it letter for letter.

/// The text on one line, without characters that do not show.
pub fn one_line(text: &str) -> String {
    let shown: String = text
        .chars()
        .map(|c| if c.is_control() { ' ' } else { c })
        .filter(|c| !matches!(c, '\u{feff}' | '\u{200b}' | '\u{2028}' | '\u{2029}'))
        .collect();
    let words: Vec<&str> = shown.split_whitespace().collect();
    words.join(" ")
}

/// The text as Markdown that shows it as it is, on one line.
pub fn text(text: &str) -> String {
    let line = one_line(text);
    let mut escaped = String::with_capacity(line.len() + 8);
    let mut before: Option<char> = None;
    for (at, c) in line.char_indices() {
        let rest = &line[at + c.len_utf8()..];
        let special = match c {
            '\\' | '`' | '*' | '[' | ']' | '<' | '>' | '~' | '|' | '^' => true,
            '_' => {
                !(before.is_some_and(char::is_alphanumeric)
                    && rest.starts_with(char::is_alphanumeric))
            }
            '&' => is_entity(rest),
            // At the start of a line these would begin a heading, a list, a quote, a rule.
            '#' | '-' | '+' | '=' => before.is_none() || c == '#' && rest.is_empty(),
            '.' | ')' => !line[..at].is_empty() && line[..at].bytes().all(|b| b.is_ascii_digit()),
            ':' => before.is_none(),
            _ => false,
        };
        if special {
            escaped.push('\\');
        }
        if c == '}' && rest.is_empty() {
            // At the end of a heading `{…}` names attributes, even where it is escaped.
            escaped.push_str("&#125;");
        } else {
            escaped.push(c);
        }
        before = Some(c);
    }
    escaped
}

/// Whether what follows a `&` makes it an entity.
fn is_entity(rest: &str) -> bool {
    let name = rest.find(|c: char| !c.is_ascii_alphanumeric() && c != '#');
    name.is_some_and(|end| end > 0 && rest[end..].starts_with(';'))
}

/// The address without the white space and the control characters that no address has.
pub(super) fn one_word(url: &str) -> String {
    let plain: String = url
        .trim()
        .chars()
        .filter(|c| !c.is_control() && !matches!(c, '\u{2028}' | '\u{2029}'))
        .collect();
    plain.trim().to_owned()
}

/// The address as a link has it between its brackets.
pub fn destination(url: &str) -> String {
    let url = one_word(url);
    let mut depth = 0_i32;
    let mut balanced = true;
    for c in url.chars() {
        match c {
            '(' => depth += 1,
            ')' => depth -= 1,
            _ => {}
        }
        balanced &= (0..=8).contains(&depth);
    }
    let bare = balanced
        && depth == 0
        && !url.is_empty()
        && !url.contains(|c: char| c.is_whitespace() || matches!(c, '<' | '>'));
    let mut written = String::with_capacity(url.len() + 2);
    for (at, c) in url.char_indices() {
        let rest = &url[at + c.len_utf8()..];
        let special = match c {
            '\\' => true,
            '<' | '>' => !bare,
            '&' => is_entity(rest),
            _ => false,
        };
        if special {
            written.push('\\');
        }
        written.push(c);
    }
    if bare {
        written
    } else {
        format!("<{written}>")
    }
}
