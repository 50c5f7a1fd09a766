//! The list for a terminal, for a mail in plain text, as Markdown, as HTML and as JSON.
//!
//! Every word in it may be a stranger's. [`Sheet`] has them on one line and without controls;
//! here each is written so that it is nothing but text where it stands.

use std::fmt::Write as _;

use newsdesk::draft::escape as markdown_escape;
use newsdesk::feeds::text::escape;
use serde_json::{Value, json};

use super::super::shown::{Side, padded, wrapped};
use super::sheet::{Duplicate, Row, Sheet};
use crate::commands::instant;

/// Near-duplicates that are named.
const NAMED: usize = 3;

/// Columns, one suggestion after another; what is said of it stands below its title.
pub(super) fn table(sheet: &Sheet, width: usize) -> String {
    let has_chance = sheet.rows.iter().any(|row| row.chance.is_some());
    let id = |row: &Row| row.id.to_string();
    let most = |length: &dyn Fn(&Row) -> usize, least: usize| {
        sheet.rows.iter().map(length).max().unwrap_or(0).max(least)
    };
    let ids = most(&|row| id(row).len(), 2);
    let kinds = most(&|row| row.kind.name().len(), 4);
    let line = |cells: [&str; 5]| {
        let mut line = padded(cells[0], ids, Side::Right);
        if has_chance {
            let _ = write!(line, "  {}", padded(cells[1], 6, Side::Right));
        }
        let _ = write!(
            line,
            "  {}  {}  {}",
            padded(cells[2], 10, Side::Left),
            padded(cells[3], kinds, Side::Left),
            cells[4]
        );
        line.truncate(line.trim_end().len());
        line.push('\n');
        line
    };
    let mut text = String::new();
    if !sheet.rows.is_empty() {
        text.push_str(&line(["id", "chance", "day", "kind", "title"]));
    }
    let indent = ids + if has_chance { 8 } else { 0 } + 2 + 10 + 2 + kinds + 2;
    for row in &sheet.rows {
        let percent = row.percent().unwrap_or_default();
        let day = row.at.format("%Y-%m-%d").to_string();
        text.push_str(&line([
            &id(row),
            &percent,
            &day,
            row.kind.name(),
            &row.title,
        ]));
        for said in lines(row) {
            text.push_str(&wrapped(&said, indent, width.max(indent + 30)));
        }
    }
    text.push_str(&foot(sheet, width));
    text
}

/// What is said below a title.
fn lines(row: &Row) -> Vec<String> {
    let mut lines = Vec::new();
    lines.extend(row.url.clone());
    if !row.source.is_empty() {
        lines.push(format!("from {}", row.source));
    }
    if !row.reasons.is_empty() {
        lines.push(row.reasons.join("; "));
    }
    lines.extend(row.section());
    lines.extend(also(row));
    lines
}

fn also(row: &Row) -> Option<String> {
    let others: Vec<String> = row
        .also
        .iter()
        .map(|other| {
            let place = other.url.as_deref().unwrap_or(&other.source);
            format!("{} {place}", other.id)
        })
        .collect();
    (!others.is_empty()).then(|| format!("also: {}", others.join(", ")))
}

/// What stands below all of them.
fn foot(sheet: &Sheet, width: usize) -> String {
    let mut text = String::new();
    if !sheet.rows.is_empty() {
        text.push('\n');
    }
    if let Some(left) = left_out(&sheet.duplicates) {
        text.push_str(&wrapped(&left, 0, width));
    }
    let whom = sheet
        .curator
        .as_ref()
        .map_or_else(String::new, |curator| format!("for {curator}; "));
    text.push_str(&wrapped(
        &format!("{whom}rests on {}", sheet.basis),
        0,
        width,
    ));
    text
}

/// That something was left out because the newsletter already had it.
fn left_out(duplicates: &[Duplicate]) -> Option<String> {
    let named: Vec<String> = duplicates
        .iter()
        .take(NAMED)
        .map(|it| {
            format!(
                "“{}” ({}) is nearly “{}” of {}",
                it.title,
                it.id,
                it.like,
                it.day.format("%B %Y")
            )
        })
        .collect();
    let more = match duplicates.len().saturating_sub(NAMED) {
        0 => String::new(),
        more => format!(", and {more} more"),
    };
    (!named.is_empty()).then(|| format!("left out: {}{more}", named.join(", ")))
}

/// Plain text, as a mail has it.
pub(super) fn text(sheet: &Sheet) -> String {
    const WIDTH: usize = 72;
    let mut text = String::new();
    for (number, row) in (1..).zip(&sheet.rows) {
        let _ = writeln!(text, "{number}. {}", row.title);
        if let Some(url) = &row.url {
            let _ = writeln!(text, "   {url}");
        }
        let _ = writeln!(text, "   {}; accept {}", row.place(), row.id);
        if !row.reasons.is_empty() {
            text.push_str(&wrapped(&row.reasons.join("; "), 3, WIDTH));
        }
        text.push('\n');
    }
    text.push_str(foot(sheet, WIDTH).trim_start());
    text
}

/// A Markdown list.
pub(super) fn markdown(sheet: &Sheet) -> String {
    let word = |text: &str| markdown_escape::text(text);
    let mut text = String::new();
    for (number, row) in (1..).zip(&sheet.rows) {
        let title = word(&row.title);
        let linked = row.url.as_ref().map_or_else(
            || title.clone(),
            |url| format!("[{title}]({})", markdown_escape::destination(url)),
        );
        let _ = writeln!(text, "{number}. {linked}  ");
        let _ = writeln!(text, "   {}; `accept {}`", word(&row.place()), row.id);
        for reason in &row.reasons {
            let _ = writeln!(text, "   - {}", word(reason));
        }
    }
    if !sheet.rows.is_empty() {
        text.push('\n');
    }
    if let Some(left) = left_out(&sheet.duplicates) {
        let _ = writeln!(text, "{}\n", word(&left));
    }
    let _ = writeln!(text, "*Rests on {}*", word(&sheet.basis));
    text
}

/// A whole HTML page that loads nothing.
pub(super) fn html(sheet: &Sheet) -> String {
    let title = format!("{}: suggestions of {}", sheet.newsletter, sheet.day);
    let title = escape(&title);
    let mut page = format!(
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta name=\"referrer\" content=\"no-referrer\">\n<title>{title}</title>\n</head>\n<body>\n\
         <h1>{title}</h1>\n<ol>\n"
    );
    for row in &sheet.rows {
        let _ = writeln!(page, "<li value=\"{}\">{}</li>", row.id, item(row));
    }
    page.push_str("</ol>\n");
    if let Some(left) = left_out(&sheet.duplicates) {
        let _ = writeln!(page, "<p>{}</p>", escape(&left));
    }
    let _ = writeln!(
        page,
        "<p>Rests on {}</p>\n</body>\n</html>",
        escape(&sheet.basis)
    );
    page
}

/// One suggestion in HTML: what it is, where, and why.
fn item(row: &Row) -> String {
    let title = escape(&row.title);
    let linked = row.url.as_ref().map_or_else(
        || title.clone().into_owned(),
        |url| format!("<a href=\"{}\">{title}</a>", escape(url)),
    );
    format!(
        "<p><b>{linked}</b><br>{}</p>\n{}",
        escape(&row.place()),
        body(row)
    )
}

/// Why it is suggested and how it begins, in HTML.
pub(super) fn body(row: &Row) -> String {
    let mut html = String::new();
    if !row.reasons.is_empty() {
        html.push_str("<ul>\n");
        for reason in &row.reasons {
            let _ = writeln!(html, "<li>{}</li>", escape(reason));
        }
        html.push_str("</ul>\n");
    }
    if !row.excerpt.is_empty() {
        let _ = writeln!(html, "<p>{}</p>", escape(&row.excerpt));
    }
    for other in &row.also {
        if let Some(url) = &other.url {
            let url = escape(url);
            let _ = writeln!(html, "<p>also <a href=\"{url}\">{url}</a></p>");
        }
    }
    let _ = write!(html, "<p><code>newsdesk accept {}</code></p>", row.id);
    html
}

/// The documented shape of `suggest --json`.
pub(super) fn json(sheet: &Sheet) -> Value {
    json!({
        "day": sheet.day.to_string(),
        "for": sheet.curator,
        "rests_on": sheet.basis,
        "suggestions": sheet.rows.iter().map(row_json).collect::<Vec<_>>(),
        "left_out": sheet.duplicates.iter().map(|it| json!({
            "id": it.id,
            "title": it.title,
            "like": it.like,
            "day": it.day.to_string(),
        })).collect::<Vec<_>>(),
    })
}

/// One suggestion of it.
pub(super) fn row_json(row: &Row) -> Value {
    json!({
        "id": row.id,
        "title": row.title,
        "url": row.url,
        "kind": row.kind,
        "source": row.source,
        "authors": row.authors,
        "published": instant(row.at),
        "excerpt": row.excerpt,
        "score": row.score,
        "chance": row.chance,
        "reasons": row.reasons,
        "sections": row.sections.iter().map(|(name, chance)| json!({
            "name": name,
            "chance": chance,
        })).collect::<Vec<_>>(),
        "also": row.also.iter().map(|other| json!({
            "id": other.id,
            "url": other.url,
            "source": other.source,
        })).collect::<Vec<_>>(),
        "shown": row.shown,
    })
}
