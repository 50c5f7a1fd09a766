//! Problems that show only when issues are seen together.
//!
//! Linear in the number of issues and readings, but for one sort of the issues by date.

use std::borrow::Cow;
use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::ops::Range;

use super::header::Places;
use crate::model::{Header, Problem, Severity, address};

/// An issue as far as others may clash with it.
#[derive(Clone, Debug)]
pub struct Seen<'a> {
    /// What it says of itself.
    pub header: &'a Header,
    /// Where it says so.
    pub places: &'a Places,
    /// What it recommends.
    pub readings: Vec<SeenReading<'a>>,
}

/// A reading as far as another may repeat it.
#[derive(Clone, Debug)]
pub struct SeenReading<'a> {
    /// The address of the thing recommended, as written.
    pub url: &'a str,
    /// Its title.
    pub title: &'a str,
    /// The heading it stands under.
    pub category: Option<&'a str>,
    /// The bytes of the issue file where it stands.
    pub span: Range<usize>,
}

/// What clashes: two issues with one slug, id or permalink (errors), a title used twice, a thing
/// recommended before (warnings). The later issue has the problem, and the problem names the
/// earlier one. In the order of the issues by date.
pub fn problems<'a>(issues: &'a [Seen<'a>]) -> Vec<Problem> {
    let mut by_date: Vec<&Seen<'a>> = issues.iter().collect();
    by_date.sort_by_key(|seen| (seen.header.published, &seen.header.path));
    let mut clashes = Clashes::default();
    for seen in by_date {
        clashes.names(seen);
        clashes.readings(seen);
    }
    clashes.problems
}

#[derive(Default)]
struct Clashes<'a> {
    slugs: HashMap<String, &'a Header>,
    ids: HashMap<&'a str, &'a Header>,
    urls: HashMap<&'a str, &'a Header>,
    titles: HashMap<String, &'a Header>,
    recommended: HashMap<String, (&'a Header, &'a SeenReading<'a>)>,
    problems: Vec<Problem>,
}

impl<'a> Clashes<'a> {
    fn names(&mut self, seen: &'a Seen<'a>) {
        let header = seen.header;
        // Some file systems hold `May` and `may` to be one file.
        let slug = first(&mut self.slugs, header.slug.to_lowercase(), header);
        let id = first(&mut self.ids, &header.id.0, header);
        let url = first(&mut self.urls, header.url.as_str(), header);
        if let Some(other) = slug {
            self.add(
                Severity::Error,
                "same-slug",
                header,
                &seen.places.slug,
                format!("the slug `{}` is also that of {}", header.slug, name(other)),
                Some("give one of the two another `slug`, or another file name".to_owned()),
            );
        }
        // Ids and permalinks are made of slugs: where the slug clashes, that is the cause.
        if let Some(other) = id.filter(|other| slug.is_none_or(|slug| slug.path != other.path)) {
            self.add(
                Severity::Error,
                "same-id",
                header,
                &seen.places.id,
                format!("the id `{}` is also that of {}", header.id, name(other)),
                Some("give one of the two another `id`".to_owned()),
            );
        }
        if let Some(other) = url.filter(|other| slug.is_none_or(|slug| slug.path != other.path)) {
            self.add(
                Severity::Error,
                "same-url",
                header,
                &seen.places.url,
                format!(
                    "the permalink `{}` is also that of {}",
                    header.url,
                    name(other)
                ),
                Some("give one of the two another `url`".to_owned()),
            );
        }
        if let Some(other) = first(&mut self.titles, header.title.to_lowercase(), header) {
            self.add(
                Severity::Warning,
                "same-title",
                header,
                &seen.places.title,
                format!(
                    "the title `{}` is also that of {}",
                    header.title,
                    name(other)
                ),
                Some("give it a `title` that tells the two apart".to_owned()),
            );
        }
    }

    fn readings(&mut self, seen: &'a Seen<'a>) {
        let header = seen.header;
        for reading in &seen.readings {
            let thing = address::canonical(reading.url);
            let (earlier, before) = match self.recommended.entry(thing) {
                Entry::Occupied(entry) => *entry.get(),
                Entry::Vacant(entry) => {
                    entry.insert((header, reading));
                    continue;
                }
            };
            // What a section of highlights shows stands again below, and a program comes back
            // with each of its releases.
            let again = if std::ptr::eq(earlier, header) {
                before.category == reading.category
            } else {
                before.title.eq_ignore_ascii_case(reading.title)
            };
            if !again {
                continue;
            }
            let place = if std::ptr::eq(earlier, header) {
                "above in this issue".to_owned()
            } else {
                format!("in {}", name(earlier))
            };
            self.add(
                Severity::Warning,
                "repeated-reading",
                header,
                &reading.span,
                format!("`{}` was already recommended {place}", reading.title),
                None,
            );
        }
    }

    fn add(
        &mut self,
        severity: Severity,
        code: &'static str,
        header: &Header,
        span: &Range<usize>,
        message: String,
        hint: Option<String>,
    ) {
        self.problems.push(Problem {
            severity,
            code: Cow::Borrowed(code),
            path: header.path.clone(),
            span: span.clone(),
            message,
            hint,
        });
    }
}

/// The first issue with this key, where it is not this very entry that brings the key up.
fn first<'a, K: Eq + std::hash::Hash>(
    known: &mut HashMap<K, &'a Header>,
    key: K,
    header: &'a Header,
) -> Option<&'a Header> {
    match known.entry(key) {
        Entry::Occupied(entry) => Some(entry.get()),
        Entry::Vacant(entry) => {
            entry.insert(header);
            None
        }
    }
}

fn name(header: &Header) -> String {
    format!("`{}`", header.path.display())
}

#[cfg(test)]
mod tests;
