//! Values of front matter as text, truth values and lists of words.

use super::keys::{Key, Known, Sheet};
use super::{FrontKind, Options, Problems, shown};
use crate::issues::front::{Field, Node, Value};

/// No title or summary is longer, in characters.
const MAX_TEXT: usize = 10_000;

/// The text of a field that must be a scalar; none where it is blank or something else.
pub(super) fn text<'f>(field: &'f Field<'_>, problems: &mut Problems<'_>) -> Option<&'f str> {
    let text = field.value.value.text();
    if text.is_none() {
        wrong_type(&field.key, &field.value, "text", problems);
    }
    text.map(str::trim).filter(|text| !text.is_empty())
}

/// Says that a value is of the wrong sort.
pub(super) fn wrong_type(key: &str, node: &Node<'_>, expected: &str, problems: &mut Problems<'_>) {
    let found = node.value.sort();
    problems.error(
        "wrong-type",
        node.span.clone(),
        format!("`{}` must be {expected}, not {found}", shown(key)),
        None,
    );
}

/// Whether the issue is not to be published yet: `draft: true`, Jekyll's `published: false`,
/// Pelican's `status: draft` (`hidden` and `skip` are in no feed either).
pub(super) fn is_draft(sheet: &Sheet<'_>, problems: &mut Problems<'_>) -> bool {
    let draft = sheet
        .first(Key::Draft)
        .and_then(|field| truth(field, problems));
    if let Some(draft) = draft {
        return draft;
    }
    if let Some(published) = sheet.first(Key::Published).and_then(as_truth) {
        return !published;
    }
    let status = sheet.first(Key::Status).and_then(|f| f.value.value.text());
    status.is_some_and(|status| {
        ["draft", "hidden", "skip"]
            .iter()
            .any(|word| status.trim().eq_ignore_ascii_case(word))
    })
}

/// The field as a truth value, in any of YAML's spellings.
pub(super) fn as_truth(field: &Field<'_>) -> Option<bool> {
    if let Value::Bool(truth, _) = &field.value.value {
        return Some(*truth);
    }
    let text = field.value.value.text()?.trim();
    let is_any = |words: &[&str]| words.iter().any(|word| text.eq_ignore_ascii_case(word));
    if is_any(&["true", "yes", "on", "1"]) {
        Some(true)
    } else if is_any(&["false", "no", "off", "0"]) {
        Some(false)
    } else {
        None
    }
}

fn truth(field: &Field<'_>, problems: &mut Problems<'_>) -> Option<bool> {
    let truth = as_truth(field);
    if truth.is_none() {
        let found = match field.value.value.text() {
            Some(text) => format!("`{}`", shown(text)),
            None => field.value.value.sort().to_owned(),
        };
        problems.error(
            "wrong-type",
            field.value.span.clone(),
            format!("`{}` must be `true` or `false`, not {found}", field.key),
            None,
        );
    }
    truth
}

/// The words of a list, or of a text that lists them; each once, in their order.
pub(super) fn words(sheet: &Sheet<'_>, key: Key, problems: &mut Problems<'_>) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let mut seen = std::collections::HashSet::new();
    let mut add = |word: &str| {
        let word = one_line(word);
        if !word.is_empty() && seen.insert(word.to_lowercase()) {
            words.push(word);
        }
    };
    for known in sheet.all(key) {
        let node = &known.field.value;
        match &node.value {
            Value::List(items) => {
                for item in items {
                    match item.value.text() {
                        Some(text) => add(text),
                        None => wrong_type(&known.field.key, item, "a list of words", problems),
                    }
                }
            }
            value => match value.text() {
                Some(text) => split(text, known, sheet.kind).for_each(&mut add),
                None => wrong_type(&known.field.key, node, "a list of words", problems),
            },
        }
    }
    words
}

/// The words of a text. Pelican parts them by commas; Jekyll takes `tags: one two` for two and
/// `tag: one two` for one.
fn split<'t>(text: &'t str, known: &Known<'_>, kind: FrontKind) -> impl Iterator<Item = &'t str> {
    let separators: &'static [char] = if text.contains([';', '\n']) {
        &[';', '\n']
    } else if text.contains(',') {
        &[',']
    } else if kind == FrontKind::Pelican || known.is_singular() {
        &['\n']
    } else {
        &[' ', '\t', '\u{a0}']
    };
    text.split(separators)
}

/// The summary, as plain text on one line.
pub(super) fn summary(sheet: &Sheet<'_>, problems: &mut Problems<'_>) -> Option<String> {
    let text = text(sheet.first(Key::Summary)?, problems)?;
    Some(cut(one_line(text), MAX_TEXT)).filter(|text| !text.is_empty())
}

/// The language where it differs from the newsletter's.
pub(super) fn language(
    sheet: &Sheet<'_>,
    options: &Options,
    problems: &mut Problems<'_>,
) -> Option<String> {
    let field = sheet.first(Key::Language)?;
    let written = text(field, problems)?;
    // POSIX and some generators write `pt_BR`.
    let language = written.replace('_', "-");
    if !is_language(&language) {
        problems.warning(
            "bad-language",
            field.value.span.clone(),
            format!("`{}` is not a language, and is ignored", shown(written)),
            Some("write it as BCP 47 has it, such as `en` or `pt-BR`".to_owned()),
        );
        return None;
    }
    let usual = options.newsletter.language.as_deref();
    (!usual.is_some_and(|usual| usual.eq_ignore_ascii_case(&language))).then_some(language)
}

/// Whether the text has the shape of a language tag (RFC 5646, section 2.1).
fn is_language(tag: &str) -> bool {
    let mut parts = tag.split('-');
    let first = parts.next().unwrap_or("");
    let is_first = (2..=8).contains(&first.len()) && first.bytes().all(|b| b.is_ascii_alphabetic());
    is_first
        && tag.len() <= 35
        && parts.all(|part| {
            (1..=8).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_alphanumeric())
        })
}

/// The text on one line: white space of every sort as single spaces, no control characters.
pub(super) fn one_line(text: &str) -> String {
    let mut line = String::with_capacity(text.len());
    for word in text.split_whitespace() {
        if !line.is_empty() {
            line.push(' ');
        }
        line.extend(word.chars().filter(|&c| is_visible(c)));
    }
    // A word may have been nothing but control characters.
    line.truncate(line.trim_end().len());
    line
}

/// Whether a character may stand in published text: XML 1.0 has no place for most others.
fn is_visible(c: char) -> bool {
    !c.is_control() && !matches!(c, '\u{feff}' | '\u{fffe}' | '\u{ffff}')
}

/// The text, shortened to `most` characters.
pub(super) fn cut(mut text: String, most: usize) -> String {
    if let Some((at, _)) = text.char_indices().nth(most) {
        text.truncate(at);
        text.push('…');
    }
    text
}
