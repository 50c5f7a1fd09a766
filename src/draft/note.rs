//! A curator's note: kept as it is, or shown letter for letter.

use super::escape;

/// The note with plain line endings and nothing around it; none where nothing is left.
pub(super) fn tidy(note: &str) -> Option<String> {
    let lines: Vec<String> = note
        .replace("\r\n", "\n")
        .replace('\r', "\n")
        .lines()
        .map(|line| {
            let shown: String = line
                .chars()
                .filter(|c| !c.is_control() || *c == '\t')
                .collect();
            // Two spaces at the end are a line break.
            if shown.ends_with("  ") && !shown.trim().is_empty() {
                format!("{}  ", shown.trim_end())
            } else {
                shown.trim_end().to_owned()
            }
        })
        .collect();
    let text = lines.join("\n");
    let text = text.trim_matches('\n').trim_end();
    (!text.trim().is_empty()).then(|| text.to_owned())
}

/// The note's paragraphs as text that shows every mark.
pub(super) fn literal(note: &str) -> String {
    let mut paragraphs = vec![String::new()];
    for line in note.lines() {
        let line = escape::text(line);
        let last = paragraphs.len() - 1;
        if line.is_empty() {
            if !paragraphs[last].is_empty() {
                paragraphs.push(String::new());
            }
        } else {
            if !paragraphs[last].is_empty() {
                paragraphs[last].push('\n');
            }
            paragraphs[last].push_str(&line);
        }
    }
    paragraphs.retain(|paragraph| !paragraph.is_empty());
    paragraphs.join("\n\n")
}

/// The same with addresses as code, so that none of them is a link.
pub(super) fn without_links(note: &str) -> String {
    let word = |word: &str| {
        let linked = word.contains("://") || word.contains("www.");
        if linked && !word.contains('`') {
            format!("`{}`", word.trim())
        } else {
            escape::text(word)
        }
    };
    let line = |line: &str| {
        let words: Vec<String> = line.split_whitespace().map(word).collect();
        words.join(" ")
    };
    let lines: Vec<String> = note.lines().map(line).collect();
    lines.join("\n").trim().to_owned()
}

/// Whether the note ends with a paragraph that more words can be added to.
pub(super) fn ends_with_text(note: &str) -> bool {
    let paragraph = note.rsplit("\n\n").next().unwrap_or(note);
    let mut lines = paragraph.lines();
    let marked = |line: &str| {
        let inner = line.trim_start();
        let number = inner.trim_start_matches(|c: char| c.is_ascii_digit());
        line.starts_with("    ")
            || line.starts_with('\t')
            || inner.starts_with(['#', '>', '|', '<', '`', '~', '=', '!'])
            || inner.starts_with("- ")
            || inner.starts_with("* ")
            || inner.starts_with("+ ")
            || inner.starts_with("---")
            || inner.starts_with("[^")
            || inner.starts_with('[') && inner.contains("]:")
            || number.len() < inner.len() && number.starts_with(['.', ')'])
            || inner.starts_with("$$")
    };
    !lines.any(marked) && !paragraph.ends_with('\\')
}
