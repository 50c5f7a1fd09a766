//! Where the tags of templates stand in a file.

use std::ops::Range;

/// A tag longer than this, in bytes, is none: braces of something else.
const LONGEST: usize = 2_000;

/// Whose tag it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    /// `{% name … %}`, also Zola's.
    Liquid,
    /// `{{< name … >}}` and `{{% name … %}}`.
    Shortcode,
    /// `{{ name(…) }}`.
    Call,
    /// `{: .class}`.
    Attributes,
    /// `{{ site.baseurl }}/a/` as the address of a link: to its end.
    Address,
    /// `{{ site.title }}`.
    Value,
}

/// A tag.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Tag<'f> {
    pub(super) form: Form,
    /// Its bytes in the file.
    pub(super) place: Range<usize>,
    /// Its first word; with `/` before it where it ends a pair.
    pub(super) name: &'f str,
    /// What follows the name. Of an address, what stands in its place.
    pub(super) arguments: &'f str,
    /// How many bytes at its end are not the tag's own, but move with it.
    pub(super) after: usize,
}

impl<'f> Tag<'f> {
    /// The first of its arguments.
    pub(super) fn first_word(&self) -> &'f str {
        self.arguments
            .split([' ', '\n', ',', '(', '"'])
            .find(|word| !word.is_empty())
            .unwrap_or("")
    }

    /// Whether it ends a pair, or goes on with one.
    pub(super) fn is_end(&self) -> bool {
        self.name.starts_with('/')
            || self.name.starts_with("end")
            || matches!(self.name, "else" | "elsif" | "elseif" | "when")
    }
}

/// The tags in `file[body]`, outside Markdown's code.
pub(super) fn find(file: &str, body: Range<usize>) -> Vec<Tag<'_>> {
    let mut tags: Vec<Tag<'_>> = Vec::new();
    let mut fence: Option<&str> = None;
    let mut line_start = body.start;
    let mut from = body.start;
    for line in file[body.clone()].split_inclusive('\n') {
        let line_end = line_start + line.len();
        let trimmed = line.trim_start();
        let opens = ["```", "~~~"]
            .into_iter()
            .find(|mark| trimmed.starts_with(mark));
        match (fence, opens) {
            (None, Some(mark)) => fence = Some(mark),
            (Some(open), Some(mark)) if open == mark => fence = None,
            (None, None) => {
                let mut at = from.max(line_start);
                while at < line_end {
                    let Some(tag) = next(file, at..line_end, body.end) else {
                        break;
                    };
                    at = tag.place.end;
                    tags.push(tag);
                }
                from = at;
            }
            _ => {}
        }
        line_start = line_end;
    }
    tags
}

/// The first tag that begins in `within`, outside code between backticks.
fn next(file: &str, within: Range<usize>, end: usize) -> Option<Tag<'_>> {
    let line = &file[within.clone()];
    let mut skip = 0;
    for (at, c) in line.char_indices() {
        if at < skip {
            continue;
        }
        if c == '`' {
            let run = line[at..].len() - line[at..].trim_start_matches('`').len();
            let close = line[at + run..].find(&line[at..at + run]);
            skip = close.map_or(at + run, |close| at + run + close + run);
        } else if c == '{' {
            let start = within.start + at;
            let limit = end.min(start + LONGEST);
            let limit = (0..=limit).rev().find(|&at| file.is_char_boundary(at))?;
            if let Some(tag) = tag_at(file, start, limit) {
                return Some(tag);
            }
        }
    }
    None
}

fn tag_at(file: &str, start: usize, end: usize) -> Option<Tag<'_>> {
    let rest = &file[start..end];
    if let Some(inside) = rest.strip_prefix("{{<") {
        return shortcode(start, inside, ">}}");
    }
    if let Some(inside) = rest.strip_prefix("{{%") {
        return shortcode(start, inside, "%}}");
    }
    if let Some(inside) = rest.strip_prefix("{%") {
        let length = inside.find("%}")?;
        let said = inside[..length].trim_matches(['-', ' ', '\n', '\r', '\t']);
        return Some(named(Form::Liquid, start..start + length + 4, said));
    }
    if let Some(inside) = rest.strip_prefix("{{") {
        return value(file, start, inside);
    }
    attributes(start, rest)
}

fn shortcode<'f>(start: usize, inside: &'f str, close: &str) -> Option<Tag<'f>> {
    let length = inside.find(close)?;
    let said = inside[..length].trim();
    // `{{</* name */>}}` shows how a shortcode is written.
    let shown = said.starts_with("/*");
    let place = start..start + 3 + length + close.len();
    (!shown && !said.is_empty()).then(|| named(Form::Shortcode, place, said))
}

fn named(form: Form, place: Range<usize>, said: &str) -> Tag<'_> {
    let slash = usize::from(said.starts_with('/'));
    let name = said[slash..].trim_start();
    let length = name.find(|c: char| !(c.is_alphanumeric() || "_-./".contains(c)));
    let end = said.len() - name.len() + length.unwrap_or(name.len());
    // `{{< / name >}}` ends a pair as `{{< /name >}}` does.
    let start = if slash == 1 && said.len() - name.len() > 1 {
        said.len() - name.len()
    } else {
        0
    };
    Tag {
        form,
        place,
        name: &said[start..end],
        arguments: said[end..].trim(),
        after: 0,
    }
}

/// `{{ … }}`: only what is surely no mailing service's.
fn value<'f>(file: &'f str, start: usize, inside: &'f str) -> Option<Tag<'f>> {
    let length = inside.find("}}")?;
    let said = inside[..length].trim_matches(['-', ' ', '\n', '\t']);
    let place = start..start + length + 4;
    let name = said.split(['(', '|', ' ']).next().unwrap_or("");
    if file[..start].ends_with("](") {
        return address(file, place, said);
    }
    let word = !name.is_empty()
        && name
            .chars()
            .all(|c| c.is_alphanumeric() || "_:".contains(c));
    if word && said[name.len()..].starts_with('(') && said.ends_with(')') {
        return Some(Tag {
            form: Form::Call,
            place,
            name,
            arguments: &said[name.len() + 1..said.len() - 1],
            after: 0,
        });
    }
    let own = [
        "site.",
        "page.",
        "include.",
        "layout.",
        "collections.",
        "config.",
        "section.",
    ];
    own.iter()
        .any(|prefix| said.starts_with(prefix))
        .then_some(Tag {
            form: Form::Value,
            place,
            name,
            arguments: "",
            after: 0,
        })
}

/// `({{ site.baseurl }}/a/)`, `({{ "/a/" | relative_url }})`: addresses below the site's own.
fn address<'f>(file: &'f str, place: Range<usize>, said: &'f str) -> Option<Tag<'f>> {
    let (before, filter) = said
        .split_once('|')
        .map_or((said, ""), |(a, b)| (a.trim(), b.trim()));
    let quoted = before
        .strip_prefix(['"', '\''])
        .and_then(|rest| rest.strip_suffix(['"', '\'']));
    let path = match (before, quoted) {
        ("site.baseurl" | "site.url" | "config.base_url", _) => "",
        (_, Some(path)) if matches!(filter, "relative_url" | "absolute_url" | "url") => path,
        _ => return None,
    };
    // The rest of the address, to the mark that ends the link.
    let rest = &file[place.end..];
    let after = rest.find([')', '\n'])?;
    let stands = rest[after..].starts_with(')') && !rest[..after].contains('{');
    stands.then(|| Tag {
        form: Form::Address,
        place: place.start..place.end + after + 1,
        name: "",
        arguments: path,
        after: after + 1,
    })
}

/// `{: .class #id}`, `{:toc}`, `{::comment}`; after text or alone on its line.
fn attributes(start: usize, rest: &str) -> Option<Tag<'_>> {
    let inside = rest.strip_prefix("{:")?;
    let length = inside.find(['}', '\n'])?;
    if !inside[length..].starts_with('}') {
        return None;
    }
    let said = inside[..length].trim();
    let known = said.is_empty()
        || said.starts_with(['.', '#', ':', '/'])
        || said.contains('=')
        || matches!(said, "toc" | "footnotes");
    known.then(|| named(Form::Attributes, start..start + 2 + length + 1, said))
}
