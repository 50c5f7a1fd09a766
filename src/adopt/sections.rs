//! Which headings the readings stand under.

use std::collections::BTreeMap;

use pulldown_cmark::{Event, Tag, TagEnd};

use crate::issues::markdown::{self, plain_text};
use crate::issues::readings::Sections;

/// Words in the heading of a section of recommendations among other sections.
const WORDS: &[&str] = &[
    "recommend",
    "reading",
    "worth reading",
    "what we read",
    "further reading",
    "推荐阅读",
    "empfehl",
    "lecture",
    "lectura",
];

/// More issues than these are not looked at.
const MOST: usize = 200;

/// The one heading that recurs and says that things are recommended below it; else all of them.
pub(super) fn choose(texts: &[&str]) -> Sections {
    let step = texts.len().div_ceil(MOST).max(1);
    let looked_at: Vec<&&str> = texts.iter().step_by(step).collect();
    let mut counts: BTreeMap<String, (usize, String)> = BTreeMap::new();
    for text in &looked_at {
        let mut own = headings(text);
        own.sort();
        own.dedup_by_key(|heading| heading.to_lowercase());
        for heading in own {
            let entry = counts.entry(heading.to_lowercase()).or_insert((0, heading));
            entry.0 += 1;
        }
    }
    let says = |lower: &str| WORDS.iter().any(|word| lower.contains(word));
    let named = counts
        .into_iter()
        .filter(|(lower, (count, _))| says(lower) && count * 2 > looked_at.len())
        .max_by_key(|(_, (count, _))| *count);
    named.map_or(Sections::All, |(_, (_, heading))| {
        Sections::named([heading])
    })
}

/// The headings of a text, without marks around them.
fn headings(text: &str) -> Vec<String> {
    let events = markdown::parse(text, 0..text.len());
    let starts = events
        .iter()
        .enumerate()
        .filter(|(_, (event, _))| matches!(event, Event::Start(Tag::Heading { .. })));
    starts
        .map(|(at, _)| {
            let inside = events[at + 1..]
                .iter()
                .map(|(event, _)| event)
                .take_while(|event| !matches!(event, Event::End(TagEnd::Heading(_))));
            let heading = plain_text(inside);
            heading
                .trim_matches(|c: char| !c.is_alphanumeric())
                .to_owned()
        })
        .filter(|heading| !heading.is_empty())
        .collect()
}
