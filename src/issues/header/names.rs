//! What an issue goes by: file name, slug, permalink, id.

use std::borrow::Cow;
use std::ffi::OsStr;
use std::path::Path;

use chrono::{DateTime, FixedOffset};
use unicode_normalization::char::is_combining_mark;
use unicode_normalization::{UnicodeNormalization, is_nfc};
use url::Url;

use super::keys::{Key, Sheet};
use super::values;
use super::{Options, Places, Problems, shown};
use crate::issues::Ids;
use crate::issues::date::{self, NameDate};
use crate::issues::front::{Field, Value};
use crate::issues::options::URL_PLACEHOLDERS;
use crate::model::{Id, Severity, address};

/// No slug is longer, in bytes: file names end at 255, and endings and folders come on top.
const MAX_SLUG: usize = 100;

/// No permalink and no id is longer, in bytes.
const MAX_ADDRESS: usize = 2_000;

/// What the file's name says.
pub(super) struct Name<'p> {
    /// The name without its ending; that of the folder for a page bundle's `index.md`.
    pub(super) stem: Cow<'p, str>,
    /// The date in it, or in it and the folders together.
    pub(super) date: Option<NameDate>,
    /// The name of the folder that it lies in.
    folder: Cow<'p, str>,
}

impl<'p> Name<'p> {
    pub(super) fn of(path: &'p Path) -> Self {
        let stem = path.file_stem().unwrap_or_default().to_string_lossy();
        let bundle = stem == "index" || stem == "_index";
        let folder = path.parent().filter(|_| bundle).unwrap_or(path);
        let stem = match folder.file_name().filter(|_| bundle) {
            Some(folder) => folder.to_string_lossy(),
            None => stem,
        };
        let whole = folder.with_file_name(&*stem);
        let parts: Vec<Cow<'_, str>> = whole.iter().map(|part| part.to_string_lossy()).collect();
        Self {
            date: date::in_path(&parts.join("/")),
            stem,
            folder: folder
                .parent()
                .and_then(Path::file_name)
                .map(OsStr::to_string_lossy)
                .unwrap_or_default(),
        }
    }

    /// The issue's number as its front matter has it, else as its name does.
    fn number(&self, sheet: &Sheet<'_>) -> String {
        let written = sheet
            .first(Key::Number)
            .and_then(|field| field.value.value.text());
        let written = written.map(|text| text.trim().trim_start_matches('#'));
        let is_number = |text: &&str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
        if let Some(number) = written.filter(is_number) {
            return number.to_owned();
        }
        let name = date::without_date(&self.stem);
        // A name that is a date alone has no number beside it.
        if name.len() == self.stem.len() && date::in_name(name).is_some() {
            return String::new();
        }
        let end = name
            .rfind(|c: char| c.is_ascii_digit())
            .map_or(0, |at| at + 1);
        let start = name[..end]
            .rfind(|c: char| !c.is_ascii_digit())
            .map_or(0, |at| {
                at + name[at..].chars().next().map_or(1, char::len_utf8)
            });
        let number = name[start..end].trim_start_matches('0');
        if number.is_empty() && end > start {
            "0"
        } else {
            number
        }
        .to_owned()
    }
}

/// What is known of an issue when its names are made.
#[derive(Clone, Copy)]
pub(super) struct Known<'k> {
    pub(super) slug: &'k str,
    /// The slug without a date that only the file's name has.
    pub(super) name: &'k str,
    pub(super) number: &'k str,
    pub(super) section: &'k str,
    /// The title; empty while it is not known.
    pub(super) title: &'k str,
    pub(super) published: DateTime<FixedOffset>,
    pub(super) options: &'k Options,
}

/// The slug: that of the front matter, else the file's name.
fn slug(
    sheet: &Sheet<'_>,
    name: &Name<'_>,
    places: &mut Places,
    problems: &mut Problems<'_>,
) -> String {
    let from_name = || match segment(&name.stem) {
        slug if slug.is_empty() => "issue".to_owned(),
        slug => slug,
    };
    let Some(field) = sheet.first(Key::Slug) else {
        return from_name();
    };
    let Some(written) = values::text(field, problems) else {
        return from_name();
    };
    places.slug = field.value.span.clone();
    let slug = segment(written);
    if slug.is_empty() || written.contains(['/', '\\']) || written.contains(char::is_control) {
        problems.warning(
            "bad-slug",
            field.value.span.clone(),
            format!("`{}` is not a single part of an address", shown(written)),
            Some(match slug.as_str() {
                "" => "write letters, digits and `-`".to_owned(),
                slug => format!("did you mean `{slug}`?"),
            }),
        );
    } else if slug != written && !written.nfc().eq(slug.chars()) {
        problems.warning(
            "odd-slug",
            field.value.span.clone(),
            format!(
                "the slug `{}` becomes `{slug}` in addresses",
                shown(written)
            ),
            Some(format!("write `slug: {slug}`")),
        );
    }
    if slug.is_empty() { from_name() } else { slug }
}

/// Names of an issue that do not depend on its title or date.
pub(super) struct Names {
    /// Its slug.
    pub(super) slug: String,
    /// The same without a date that only the file's name has.
    pub(super) undated: String,
    /// Its number; empty where it has none.
    pub(super) number: String,
    /// The name of its folder.
    pub(super) section: String,
}

/// The names of an issue.
pub(super) fn names(
    sheet: &Sheet<'_>,
    name: &Name<'_>,
    places: &mut Places,
    problems: &mut Problems<'_>,
) -> Names {
    let slug = slug(sheet, name, places, problems);
    let from_name = slug == segment(&name.stem);
    let undated = if from_name {
        segment(date::without_date(&name.stem))
    } else {
        String::new()
    };
    Names {
        undated: if undated.is_empty() {
            slug.clone()
        } else {
            undated
        },
        slug,
        number: name.number(sheet),
        section: segment(&name.folder),
    }
}

/// The slug that the configuration's pattern makes of what is known, for an issue that names
/// none.
pub(super) fn patterned_slug(sheet: &Sheet<'_>, known: &Known<'_>) -> Option<String> {
    let pattern = known.options.slug.as_deref()?;
    if sheet.first(Key::Slug).is_some() {
        return None;
    }
    let slug = segment(&fill(pattern, known, Form::Address));
    (!slug.is_empty()).then_some(slug)
}

/// A text as one safe part of a path: letters, digits, `-`, `_` and `.`; nothing in front that
/// hides a file. Empty where nothing is left.
fn segment(text: &str) -> String {
    // Some file systems take names apart into letters and accents: the slug must not depend on
    // where it is built.
    let text: Cow<'_, str> = if is_nfc(text) {
        Cow::Borrowed(text)
    } else {
        Cow::Owned(text.nfc().collect())
    };
    let mut slug = String::with_capacity(text.len());
    for character in text.chars() {
        let kept = character.is_alphanumeric()
            || matches!(character, '-' | '_')
            || (character == '.' && !slug.is_empty() && !slug.ends_with('.'))
            || (is_combining_mark(character) && !slug.is_empty());
        if slug.len() + character.len_utf8() > MAX_SLUG {
            break;
        }
        if kept {
            slug.push(character);
        } else if character != '.' && !slug.is_empty() && !slug.ends_with('-') {
            slug.push('-');
        }
    }
    let end = slug.trim_end_matches(['-', '.']).len();
    slug.truncate(end);
    slug
}

/// The permalink: that of the front matter, else what the configuration's pattern makes.
pub(super) fn url(
    sheet: &Sheet<'_>,
    known: &Known<'_>,
    places: &mut Places,
    problems: &mut Problems<'_>,
) -> Option<Url> {
    if let Some((field, written)) = written_url(sheet, problems) {
        places.url = field.value.span.clone();
        match resolve(written, known) {
            Ok(url) => return Some(url),
            Err((message, hint)) => {
                // Another tool's template: the configuration's pattern says what it made of it.
                let severity = if is_template(written) {
                    Severity::Warning
                } else {
                    Severity::Error
                };
                problems.add(severity, "bad-url", field.value.span.clone(), message, hint);
            }
        }
    }
    match resolve(&known.options.url, known) {
        Ok(url) => Some(url),
        Err((message, _)) => {
            let hint = "mend the pattern of permalinks in the configuration".to_owned();
            problems.error("bad-url", 0..0, message, Some(hint));
            None
        }
    }
}

fn is_template(written: &str) -> bool {
    written.contains(['{', '}']) || written.contains("/:")
}

fn written_url<'s, 'a>(
    sheet: &'s Sheet<'a>,
    problems: &mut Problems<'_>,
) -> Option<(&'s Field<'a>, &'s str)> {
    let field = sheet.first(Key::Url)?;
    // Eleventy's `permalink: false` and Jekyll's named styles ask for the usual place.
    if matches!(field.value.value, Value::Bool(..)) {
        return None;
    }
    let written = values::text(field, problems)?;
    let is_style = matches!(written, "pretty" | "date" | "ordinal" | "weekdate" | "none");
    (!is_style).then_some((field, written))
}

/// An address from front matter or configuration, absolute. Site generators take `/x/` for a path
/// below the site's own address, also where that has a path.
fn resolve(written: &str, known: &Known<'_>) -> Result<Url, (String, Option<String>)> {
    let filled = fill_jekyll(fill(written, known, Form::Address), known);
    let quoted = shown(written);
    let unknown = ["{", "}", "/:"].iter().any(|open| filled.contains(open));
    if unknown {
        return Err((
            format!("`{quoted}` has a placeholder that newsdesk does not fill"),
            Some(format!("it fills {}", URL_PLACEHOLDERS.join(", "))),
        ));
    }
    if address::lacks_scheme(&filled) {
        return Err((
            format!("`{quoted}` has no `https://`"),
            Some(format!("did you mean `https://{}`?", shown(&filled))),
        ));
    }
    let url = match Url::parse(&filled) {
        Err(url::ParseError::RelativeUrlWithoutBase) if filled.starts_with("//") => {
            known.options.newsletter.base_url.join(&filled)
        }
        Err(url::ParseError::RelativeUrlWithoutBase) => {
            let relative = filled.trim_start_matches('/');
            known.options.newsletter.base_url.join(relative)
        }
        parsed => parsed,
    };
    match url {
        Ok(url) if !matches!(url.scheme(), "http" | "https") => Err((
            format!(
                "`{quoted}` is not a web address: its scheme is `{}`",
                url.scheme()
            ),
            Some("write an address with `https://`, or a path".to_owned()),
        )),
        Ok(url) if url.as_str().len() <= MAX_ADDRESS => Ok(url),
        Ok(_) => Err((format!("`{quoted}` is too long for an address"), None)),
        Err(error) => Err((format!("`{quoted}` is not an address: {error}"), None)),
    }
}

/// The id: that of the front matter, else one that the configuration's way makes.
pub(super) fn id(
    sheet: &Sheet<'_>,
    known: &Known<'_>,
    url: &Url,
    places: &mut Places,
    problems: &mut Problems<'_>,
) -> Id {
    let made = || Id(made_id(known, url));
    let Some(field) = sheet.first(Key::Id) else {
        return made();
    };
    let Some(written) = field.value.value.text().map(str::trim) else {
        values::wrong_type(&field.key, &field.value, "text", problems);
        return made();
    };
    if is_uri(written) {
        places.id = field.value.span.clone();
        return Id(written.to_owned());
    }
    if is_uuid(written) {
        places.id = field.value.span.clone();
        return Id(format!("urn:uuid:{}", written.to_ascii_lowercase()));
    }
    // Other tools number and name their pages by `id`: that is no entry's, unless it looks so.
    if written.contains("://") || written.starts_with("tag:") {
        problems.error(
            "bad-id",
            field.value.span.clone(),
            format!(
                "`{}` is not an absolute URI, and so not an id",
                shown(written)
            ),
            Some(format!(
                "write one such as `{}`, or leave the key out",
                made()
            )),
        );
    }
    made()
}

/// The id that the configuration's way makes.
fn made_id(known: &Known<'_>, url: &Url) -> String {
    match &known.options.ids {
        Ids::Tag => tag_uri(&known.options.newsletter.authority, known.slug),
        Ids::Permalink => url.as_str().to_owned(),
        Ids::Jekyll => {
            let id = url.as_str().trim_end_matches('/');
            id.strip_suffix(".html").unwrap_or(id).to_owned()
        }
        // Pelican takes Django's: host, day, path, a slash and the fragment.
        Ids::Pelican => format!(
            "tag:{},{}:{}/{}",
            url.host_str().unwrap_or(""),
            known.published.format("%Y-%m-%d"),
            url.path(),
            url.fragment().unwrap_or("")
        ),
        Ids::Pattern(pattern) => fill(pattern, known, Form::Address).into_owned(),
    }
}

/// `tag:authority:slug` (RFC 4151, section 2.1), what has no place in it percent-encoded.
fn tag_uri(authority: &str, slug: &str) -> String {
    use std::fmt::Write;
    let mut uri = format!("tag:{authority}:");
    for byte in slug.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~!$&'()*+,;=:@/?".contains(&byte) {
            uri.push(char::from(byte));
        } else {
            write!(uri, "%{byte:02X}").expect("writing to a string does not fail");
        }
    }
    uri
}

/// Whether the text has the shape of an absolute IRI (RFC 3987), as atom:id wants it.
fn is_uri(text: &str) -> bool {
    let Some((scheme, rest)) = text.split_once(':') else {
        return false;
    };
    let is_scheme = scheme.starts_with(|c: char| c.is_ascii_alphabetic())
        && scheme
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || b"+-.".contains(&b));
    let forbidden = |c: char| c.is_whitespace() || c.is_control() || "<>\"{}|\\^`".contains(c);
    is_scheme && !rest.is_empty() && text.len() <= MAX_ADDRESS && !rest.contains(forbidden)
}

fn is_uuid(text: &str) -> bool {
    text.len() == 36
        && text.bytes().enumerate().all(|(at, byte)| match at {
            8 | 13 | 18 | 23 => byte == b'-',
            _ => byte.is_ascii_hexdigit(),
        })
}

/// What a pattern is for: in an address months and days have two figures.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Form {
    Address,
    Title,
}

/// The pattern with its placeholders filled; unknown ones stay.
pub(super) fn fill<'t>(pattern: &'t str, known: &Known<'_>, form: Form) -> Cow<'t, str> {
    if !pattern.contains('{') {
        return Cow::Borrowed(pattern);
    }
    let mut filled = String::with_capacity(pattern.len() + 32);
    let mut rest = pattern;
    while let Some((before, after)) = rest.split_once('{') {
        filled.push_str(before);
        let part = after
            .split_once('}')
            .and_then(|(name, after)| Some((placeholder(name, known, form)?, after)));
        if let Some((text, after)) = part {
            filled.push_str(&text);
            rest = after;
        } else {
            filled.push('{');
            rest = after;
        }
    }
    filled.push_str(rest);
    Cow::Owned(filled)
}

fn placeholder<'k>(name: &str, known: &Known<'k>, form: Form) -> Option<Cow<'k, str>> {
    let date = known.published;
    let format = match (name, form) {
        ("slug", _) => return Some(Cow::Borrowed(known.slug)),
        ("name", _) => return Some(Cow::Borrowed(known.name)),
        ("number", _) => return Some(Cow::Borrowed(known.number)),
        ("section", Form::Address) => return Some(Cow::Borrowed(known.section)),
        ("title-slug", Form::Address) => return Some(Cow::Owned(address::slug(known.title))),
        ("newsletter", Form::Title) => {
            return Some(Cow::Borrowed(&known.options.newsletter.title));
        }
        ("year", _) => "%Y",
        ("month", Form::Address) => "%m",
        ("month", Form::Title) => "%B",
        ("day", Form::Address) => "%d",
        ("day", Form::Title) => "%-d",
        ("date", _) => "%Y-%m-%d",
        _ => return None,
    };
    Some(Cow::Owned(date.format(format).to_string()))
}

/// Jekyll's `:year`, `:month`, `:day`, `:title` and `:slug`, where a part of the path starts.
fn fill_jekyll<'t>(pattern: Cow<'t, str>, known: &Known<'_>) -> Cow<'t, str> {
    if !pattern.contains("/:") {
        return pattern;
    }
    let mut filled = pattern.into_owned();
    for (name, stands_for) in [
        ("year", "year"),
        ("month", "month"),
        ("day", "day"),
        ("title", "name"),
        ("slug", "name"),
    ] {
        if let Some(text) = placeholder(stands_for, known, Form::Address) {
            filled = filled.replace(&format!("/:{name}"), &format!("/{text}"));
        }
    }
    Cow::Owned(filled)
}
