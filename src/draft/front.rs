//! The front matter of a draft, in the form and with the keys of the last issues.

use super::Options;
use crate::model::{FrontForm, FrontKey, FrontStyle, FrontValue, address};

/// Whether the key holds the title.
pub(super) fn is_title(key: &FrontKey) -> bool {
    matches!(key.value, FrontValue::Title(_))
}

/// The front matter with its fences and the blank line below it. Issues without any get one for
/// `draft: true`, and for the date where the file's name does not have it (`dated`).
pub(super) fn write(
    style: &FrontStyle,
    title: Option<&str>,
    options: &Options,
    dated: bool,
) -> String {
    let form = match style.form {
        FrontForm::None => FrontForm::Yaml,
        form => form,
    };
    let mut lines: Vec<String> = Vec::new();
    let mut marked = false;
    for key in &style.keys {
        lines.extend(line(form, key, title, options));
        if matches!(key.value, FrontValue::Date(..)) {
            lines.push(draft(form).to_owned());
            marked = true;
        }
    }
    if !marked {
        let key = FrontKey {
            key: "date".to_owned(),
            value: FrontValue::Date(String::new(), None),
        };
        lines.extend(line(form, &key, title, options).filter(|_| !dated));
        lines.push(draft(form).to_owned());
    }
    match form {
        FrontForm::Toml => format!("+++\n{}\n+++\n\n", lines.join("\n")),
        FrontForm::Json => {
            let lines: Vec<&str> = lines
                .iter()
                .map(|line| line.trim_end_matches(','))
                .collect();
            format!("{{\n{}\n}}\n\n", lines.join(",\n"))
        }
        FrontForm::Pelican => format!("{}\n\n", lines.join("\n")),
        FrontForm::Yaml | FrontForm::None => format!("---\n{}\n---\n\n", lines.join("\n")),
    }
}

fn draft(form: FrontForm) -> &'static str {
    match form {
        FrontForm::Toml => "draft = true",
        FrontForm::Json => "  \"draft\": true",
        FrontForm::Pelican => "Status: draft",
        FrontForm::Yaml | FrontForm::None => "draft: true",
    }
}

/// The lines of one key; none where it would stand there for nothing.
fn line(form: FrontForm, key: &FrontKey, title: Option<&str>, options: &Options) -> Option<String> {
    let value = match &key.value {
        FrontValue::Same(lines) => return Some(lines.clone()),
        FrontValue::Title(quote) => quoted(form, title?, *quote),
        FrontValue::Date(tail, quote) => {
            let date = format!("{}{tail}", options.date.format("%Y-%m-%d"));
            // TOML has dates of its own, and they are not quoted.
            match (form, quote) {
                (FrontForm::Json, _) => format!("\"{date}\""),
                (_, Some(quote)) => format!("{quote}{date}{quote}"),
                (_, None) => date,
            }
        }
        FrontValue::Slug(quote) => {
            let slug = title
                .filter(|title| *title != super::TITLE_GAP)
                .map(address::slug)?;
            quoted(form, &slug, *quote)
        }
        FrontValue::EmptyList => match form {
            FrontForm::Pelican => String::new(),
            _ => "[]".to_owned(),
        },
        FrontValue::Empty => match form {
            FrontForm::Toml | FrontForm::Json => "\"\"".to_owned(),
            _ => String::new(),
        },
    };
    let written = match form {
        FrontForm::Toml => format!("{} = {value}", key.key),
        FrontForm::Json => format!("  {}: {value}", serde_json::Value::from(key.key.as_str())),
        _ => format!("{}: {value}", key.key),
    };
    Some(written.trim_end().to_owned())
}

/// Text as the form writes it, quoted as the house does where that is possible.
fn quoted(form: FrontForm, text: &str, quote: Option<char>) -> String {
    let double = || serde_json::Value::from(text).to_string();
    match (form, quote) {
        (FrontForm::Pelican, _) => text.to_owned(),
        (FrontForm::Toml, Some('\'')) if !text.contains('\'') => format!("'{text}'"),
        (FrontForm::Yaml | FrontForm::None, Some('\'')) => {
            format!("'{}'", text.replace('\'', "''"))
        }
        (FrontForm::Yaml | FrontForm::None, None) if is_plain(text) => text.to_owned(),
        _ => double(),
    }
}

/// Whether YAML reads the text, without quotes, as that text.
fn is_plain(text: &str) -> bool {
    let words = [
        "true", "false", "yes", "no", "on", "off", "null", "~", "y", "n",
    ];
    text.starts_with(|c: char| c.is_alphabetic())
        && !text.contains(": ")
        && !text.contains(" #")
        && !text.ends_with([':', ' '])
        && !words.iter().any(|word| text.eq_ignore_ascii_case(word))
}
