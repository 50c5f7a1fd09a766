//! How one reading is written: marker, title, where its text stands.

use std::ops::Range;

use crate::model::{ItemShape, ItemStyle, TextPlace, TitleMark};

/// The style of the reading whose title stands at `title` and which ends at `end`; none where the
/// title is no link.
pub(super) fn of(file: &str, title: &Range<usize>, end: usize) -> Option<ItemStyle> {
    let start = file[..title.start].rfind('\n').map_or(0, |at| at + 1);
    let line = &file[start..title.start];
    let (shape, marks) = shape(line)?;
    // `**[`, `[**`, `[`, whatever the number of stars.
    let mark = if marks == "[" {
        TitleMark::Link
    } else if marks.ends_with('[') {
        TitleMark::BoldAround
    } else if marks.starts_with('[') {
        TitleMark::BoldWithin
    } else {
        return None;
    };
    let rest = &file[title.end..end.max(title.end)];
    let (title_line, below) = rest.split_once('\n').unwrap_or((rest, ""));
    let text = text_place(title_line, below)?;
    let indent = below
        .lines()
        .find(|line| !line.trim().is_empty())
        .map_or(0, |line| line.len() - line.trim_start_matches(' ').len());
    let indent = if matches!(shape, ItemShape::Bullet(_)) {
        // Text that is not moved in belongs to the bullet only as long as nothing comes between.
        if indent < 2 { 2 } else { indent.min(4) }
    } else {
        0
    };
    let before = file[..start].trim_end_matches(['\r', ' ']);
    let before = before.strip_suffix('\n').unwrap_or(before);
    let before = before.trim_end_matches(['\r', ' ', '\t']);
    let apart = before.ends_with('\n') || matches!(shape, ItemShape::Heading(_));
    Some(ItemStyle {
        shape,
        title: mark,
        text,
        indent,
        apart,
    })
}

fn shape(line: &str) -> Option<(ItemShape, &str)> {
    let line = line.trim_start();
    if let Some(marker) = line.chars().next().filter(|c| matches!(c, '-' | '*' | '+'))
        && let Some(rest) = line[1..].strip_prefix(' ')
    {
        return Some((ItemShape::Bullet(marker), rest.trim_start()));
    }
    let level = line.len() - line.trim_start_matches('#').len();
    if (1..=6).contains(&level) && line[level..].starts_with(' ') {
        return Some((ItemShape::Heading(level), line[level..].trim_start()));
    }
    line.chars()
        .all(|c| matches!(c, '*' | '_' | '['))
        .then_some((ItemShape::Paragraph, line))
}

/// Where the text stands, by what follows the title on its line and what is below.
fn text_place(line: &str, below: &str) -> Option<TextPlace> {
    let after = line.find("](")?;
    let close = line[after..].find(')')? + after + 1;
    let behind = line[close..].trim_matches(['*', '_', ' ', '\t', '\r']);
    if behind.chars().any(char::is_alphanumeric) {
        let separators = [
            (":", ": "),
            ("—", " — "),
            ("–", " – "),
            ("--", " -- "),
            ("-", " - "),
        ];
        let found = separators.iter().find(|(sign, _)| behind.starts_with(sign));
        return Some(TextPlace::SameLine(
            found.map_or(" - ", |(_, written)| written),
        ));
    }
    let next = below.lines().next().unwrap_or("");
    Some(if next.trim().is_empty() {
        TextPlace::Below
    } else {
        TextPlace::NextLine
    })
}
