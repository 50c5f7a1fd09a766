//! One reading as the house writes it.

use super::{Accepted, GAP, escape, note};
use crate::model::{
    AttributionPlace, AttributionStyle, Curator, HouseStyle, ItemShape, ItemStyle, TextPlace,
    TitleMark,
};

/// How carefully one reading is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Care {
    /// The note as it is, the attribution where the house has it.
    Least,
    /// The attribution in a paragraph of its own.
    Apart,
    /// The note letter for letter.
    Literal,
    /// Both, and without a link.
    Most,
}

impl Care {
    /// One step more; none after the last.
    pub(super) fn more(self) -> Option<Self> {
        match self {
            Self::Least => Some(Self::Apart),
            Self::Apart => Some(Self::Literal),
            Self::Literal => Some(Self::Most),
            Self::Most => None,
        }
    }

    /// Whether the note is shown letter for letter.
    pub(super) fn is_literal(self) -> bool {
        self >= Self::Literal
    }

    fn is_apart(self) -> bool {
        matches!(self, Self::Apart | Self::Most)
    }
}

/// The house's form of a reading, and those that are used where it cannot be read.
pub(super) fn forms(style: &HouseStyle) -> Vec<ItemStyle> {
    let level = style.heading.len() - style.heading.trim_start_matches('#').len();
    let listed = ItemStyle {
        shape: ItemShape::Bullet('-'),
        title: TitleMark::Link,
        text: TextPlace::Below,
        indent: 2,
        apart: true,
    };
    let mut forms = vec![style.item];
    if (1..5).contains(&level) {
        forms.push(ItemStyle {
            shape: ItemShape::Heading((level + 1).max(2) + usize::from(!style.groups.is_empty())),
            ..listed
        });
    }
    forms.push(listed);
    forms
}

/// What is said about a reading, as it is written.
pub(super) fn said(accepted: &Accepted, care: Care) -> String {
    let note = accepted.note.as_deref().and_then(note::tidy);
    let mut said = match note {
        Some(note) if care == Care::Most => note::without_links(&note),
        Some(note) if care.is_literal() => note::literal(&note),
        Some(note) => note,
        None => GAP.to_owned(),
    };
    if !accepted.extra_links.is_empty() {
        let links: Vec<String> = accepted.extra_links.iter().map(|url| link(url)).collect();
        said.push_str("\n\nSee also ");
        said.push_str(&links.join(", "));
        said.push('.');
    }
    said
}

/// An address as a link whose words are its host and path.
fn link(url: &str) -> String {
    let url = escape::one_word(url);
    let shown = url.split_once("://").map_or(url.as_str(), |(_, rest)| rest);
    let shown = shown.split(['?', '#']).next().unwrap_or(shown);
    let shown = shown.trim_start_matches("www.").trim_end_matches('/');
    format!("[{}]({})", escape::text(shown), escape::destination(&url))
}

/// Writes a reading at the end of the text, with the line's end.
pub(super) fn write(
    text: &mut String,
    style: &ItemStyle,
    attribution: &AttributionStyle,
    accepted: &Accepted,
    care: Care,
) {
    let title = title(style.title, accepted);
    let said = said(accepted, care);
    let indent = match style.shape {
        ItemShape::Bullet(marker) => {
            text.push(marker);
            text.push_str(&" ".repeat(style.indent.max(2) - 1));
            style.indent.max(2)
        }
        ItemShape::Heading(level) => {
            text.push_str(&"#".repeat(level));
            text.push(' ');
            0
        }
        ItemShape::Paragraph => 0,
    };
    let flows = note::ends_with_text(&said);
    let first_plain = note::ends_with_text(said.split("\n\n").next().unwrap_or(""));
    let mut place = style.text;
    if matches!(style.shape, ItemShape::Heading(_)) || !first_plain || care.is_apart() {
        place = TextPlace::Below;
    }
    let mut body = said;
    if let Some(curator) = &accepted.curator {
        let joined = flows && !care.is_apart();
        let signature = signature(attribution, curator);
        match attribution.place {
            AttributionPlace::Inline if joined => body.push(' '),
            AttributionPlace::Line if joined => body.push('\n'),
            _ => body.push_str("\n\n"),
        }
        // At the start of a line `- Ada` would be a list.
        match signature
            .strip_prefix("- ")
            .filter(|_| !body.ends_with(' '))
        {
            Some(rest) => {
                body.push_str("— ");
                body.push_str(rest);
            }
            None => body.push_str(&signature),
        }
    }
    text.push_str(&title);
    let body = match place {
        TextPlace::SameLine(separator) => {
            text.push_str(separator);
            moved_in(&body, indent).trim_start().to_owned()
        }
        TextPlace::NextLine => {
            text.push('\n');
            moved_in(&body, indent)
        }
        TextPlace::Below => {
            text.push_str("\n\n");
            moved_in(&body, indent)
        }
    };
    text.push_str(&body);
    text.push('\n');
}

fn title(mark: TitleMark, accepted: &Accepted) -> String {
    let shown = escape::text(&accepted.title);
    let url = escape::destination(&accepted.url);
    match mark {
        TitleMark::Link => format!("[{shown}]({url})"),
        TitleMark::BoldAround => format!("**[{shown}]({url})**"),
        TitleMark::BoldWithin => format!("[**{shown}**]({url})"),
    }
}

/// The lines, all but the blank ones moved in.
fn moved_in(text: &str, indent: usize) -> String {
    let spaces = " ".repeat(indent);
    let lines: Vec<String> = text
        .lines()
        .map(|line| {
            if line.is_empty() {
                String::new()
            } else {
                format!("{spaces}{line}")
            }
        })
        .collect();
    lines.join("\n")
}

/// The curator's name with their profile, as the house writes it.
fn signature(style: &AttributionStyle, curator: &Curator) -> String {
    let name = escape::text(&curator.name);
    let (out, within) = style.before.split_once('[').unwrap_or((&style.before, ""));
    match &curator.url {
        Some(url) => format!(
            "{}{name}{}]({}){}",
            style.before,
            style.after,
            escape::destination(url),
            style.outside
        ),
        None => format!("{out}{within}{name}{}{}", style.after, style.outside),
    }
}
