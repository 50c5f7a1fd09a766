//! Pictures in the words of other tools: `{{< figure src="…" >}}`, `{% include image.html … %}`.

use super::tag::{Form, Tag};

/// What such tags call the address of the picture.
const SOURCES: &[&str] = &[
    "src",
    "url",
    "image",
    "img",
    "file",
    "path",
    "image_path",
    "link",
];

/// What they call its words, the best first.
const WORDS: &[&str] = &["alt", "caption", "title", "description"];

/// The image that the tag shows, in raw HTML that is no longer than the tag.
pub(super) fn image(tag: &Tag<'_>) -> Option<String> {
    let shows = |name: &str| {
        ["figure", "fig", "image", "img", "picture", "photo"]
            .iter()
            .any(|known| name.contains(known))
    };
    let named = match (tag.form, tag.name) {
        (Form::Liquid, "include" | "include_cached" | "render") => shows(tag.first_word()),
        (Form::Shortcode | Form::Call, name) => shows(name),
        _ => false,
    };
    if !named {
        return None;
    }
    let source = attribute(tag.arguments, SOURCES).filter(|source| !source.contains(['"', '<']))?;
    let fits = |image: &String| image.len() <= tag.place.len();
    attribute(tag.arguments, WORDS)
        .map(|words| words.replace('"', "&quot;"))
        .map(|words| format!("<img src=\"{source}\" alt=\"{words}\">"))
        .filter(fits)
        .or_else(|| Some(format!("<img src=\"{source}\">")).filter(fits))
}

/// The value of the first of these keys that is there: `key="…"`, `key='…'`, `key=…`.
fn attribute<'a>(arguments: &'a str, keys: &[&str]) -> Option<&'a str> {
    keys.iter().find_map(|key| {
        let found = arguments.match_indices(key);
        found.into_iter().find_map(|(at, _)| {
            let apart = arguments[..at]
                .chars()
                .next_back()
                .is_none_or(|c| c.is_whitespace() || matches!(c, ',' | '('));
            let rest = arguments[at + key.len()..].trim_start();
            let rest = rest
                .strip_prefix(['=', ':'])
                .filter(|_| apart)?
                .trim_start();
            let quote = rest.chars().next().filter(|c| matches!(c, '"' | '\''));
            match quote {
                Some(quote) => rest[1..].split(quote).next(),
                None => rest.split([' ', '\n', ',', ')']).next(),
            }
        })
    })
}
