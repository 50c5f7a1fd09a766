//! How a curator's name is written: dash, marks, link.

use crate::model::{AttributionPlace, AttributionStyle, Curator};

/// The style in which the text of a reading names its curator; none where no dash comes before
/// the name.
pub(super) fn of(text: &str, curator: &Curator) -> Option<AttributionStyle> {
    let name_start = text.rfind(curator.name.as_str())?;
    let above = &text[..name_start];
    let marks = |c: char| matches!(c, '*' | '_' | '[' | ' ');
    let dash = |c: char| matches!(c, '-' | '–' | '—' | '―' | '~');
    let line_start = above.rfind('\n').map_or(0, |at| at + 1);
    let line = &above[line_start..];
    let start = line.trim_end_matches(|c| marks(c) || dash(c)).len();
    let before = line[start..].trim_start();
    // Marks that close what stands before are none of the name's.
    let before = before
        .split_once(' ')
        .filter(|(closing, rest)| !closing.contains(dash) && rest.contains(dash))
        .map_or(before, |(_, rest)| rest.trim_start());
    if before.matches(dash).count() == 0 || curator.name.contains(['[', ']', '*', '_']) {
        return None;
    }
    let below = &text[name_start + curator.name.len()..];
    let below = below.lines().next().unwrap_or("");
    let linked = before.contains('[');
    let (after, outside) = if linked {
        let (after, rest) = below.split_once("](")?;
        let close = rest.find(')')? + 1;
        let outside = &rest[close..];
        let length = outside
            .find(|c| !matches!(c, '*' | '_'))
            .unwrap_or(outside.len());
        (after, &outside[..length])
    } else {
        let length = below
            .find(|c| !matches!(c, '*' | '_'))
            .unwrap_or(below.len());
        (&below[..length], "")
    };
    let after = after.trim_matches('.');
    let style = AttributionStyle {
        before: if linked {
            before.to_owned()
        } else {
            with_link(before)
        },
        after: after.to_owned(),
        outside: outside.to_owned(),
        place: if !line[..start].trim().is_empty() {
            AttributionPlace::Inline
        } else if above[..line_start].trim_end_matches(' ').ends_with("\n\n") {
            AttributionPlace::Paragraph
        } else {
            AttributionPlace::Line
        },
    };
    is_balanced(&style).then_some(style)
}

/// Where a name without a link would have one: behind the dash.
fn with_link(before: &str) -> String {
    let dash = before.trim_end_matches(['*', '_']);
    format!("{dash}[{}", &before[dash.len()..])
}

/// Whether all marks that open close again, one inside the other.
fn is_balanced(style: &AttributionStyle) -> bool {
    let Some((out, within)) = style.before.split_once('[') else {
        return false;
    };
    let marks =
        |text: &str| -> String { text.chars().filter(|c| matches!(c, '*' | '_')).collect() };
    let mirrored = |text: &str| -> String { marks(text).chars().rev().collect() };
    mirrored(out) == marks(&style.outside)
        && mirrored(within) == style.after
        && !within.contains('[')
}
