//! The house style that a team's last issue files show: what a draft has to look like.
//!
//! [`house`] looks at each of the files as text around what the readings rules found in it, and
//! takes for every part of the style what most of them show, the newest where none has more.

mod attribution;
mod front;
mod item;
mod pattern;
#[cfg(test)]
mod tests;

use std::ops::Range;

use super::readings::{self, Found, Sections, Signing};
use super::{front as matter, markdown, templates};
use crate::model::{
    AttributionStyle, FrontForm, FrontStyle, Group, Header, HouseStyle, ItemStyle, Kind,
};

/// An issue file and what is known of it.
#[derive(Clone, Copy, Debug)]
pub struct Sample<'a> {
    /// Its header.
    pub header: &'a Header,
    /// Its text.
    pub file: &'a str,
}

/// What one file shows.
struct Seen<'a> {
    sample: Sample<'a>,
    front: Option<front::FrontSeen>,
    top: Option<String>,
    introduced: bool,
    heading: Option<String>,
    lead: Option<String>,
    items: Vec<ItemStyle>,
    attributions: Vec<AttributionStyle>,
    groups: Vec<(String, Kind)>,
    /// How many readings it has.
    readings: usize,
}

/// The style of the samples, which come newest first; of a newsletter without issues where there
/// are none. `sections` are the names of the headings above readings.
pub fn house(samples: &[Sample<'_>], sections: &Sections, signing: Signing) -> HouseStyle {
    let section = sections
        .names()
        .first()
        .map_or("Recommended reading", String::as_str);
    let default = HouseStyle::without_issues(section);
    if samples.is_empty() {
        return default;
    }
    let seen: Vec<Seen<'_>> = samples
        .iter()
        .map(|sample| look(*sample, sections, signing))
        .collect();
    let front = front::style(seen.iter().filter_map(|seen| seen.front.as_ref()));
    let front = front.unwrap_or(FrontStyle {
        form: FrontForm::None,
        keys: Vec::new(),
    });
    let titles: Vec<(&str, &Header)> = samples
        .iter()
        .map(|sample| (sample.header.title.as_str(), sample.header))
        .collect();
    let numbered = pattern::numbered(samples.iter().map(|sample| sample.header));
    let items = seen.iter().filter_map(|seen| usual(&seen.items));
    let tops = seen.iter().map(|seen| {
        let top = seen.top.as_deref()?;
        let own = top == seen.sample.header.title;
        Some(if own {
            "{title}".to_owned()
        } else {
            pattern::of(top, seen.sample.header, numbered.as_ref())
        })
    });
    HouseStyle {
        name: pattern::name(
            samples.iter().map(|sample| sample.header),
            numbered.as_ref(),
        )
        .unwrap_or(default.name),
        front,
        title: pattern::of_titles(&titles, numbered.as_ref()),
        number: numbered.as_ref().map_or(1, |numbered| numbered.number + 1),
        digits: numbered.as_ref().map_or(1, |numbered| numbered.digits),
        top: most(tops.collect::<Vec<_>>())
            .flatten()
            .filter(|top| top.contains('{')),
        introduced: most(seen.iter().map(|seen| seen.introduced)).unwrap_or(true),
        heading: seen
            .iter()
            .find_map(|seen| seen.heading.clone())
            .unwrap_or(default.heading),
        lead: lead(&seen),
        item: most(items).unwrap_or(default.item),
        attribution: most(seen.iter().filter_map(|seen| usual(&seen.attributions)))
            .unwrap_or(default.attribution),
        groups: groups(&seen),
    }
}

/// The value that most of the issues show; `values` come newest first, one an issue. The newer
/// speak louder: what the last two agree on outweighs four before them, because a style that
/// changed has changed.
fn most<T: PartialEq>(values: impl IntoIterator<Item = T>) -> Option<T> {
    let mut counted: Vec<(T, usize)> = Vec::new();
    for (age, value) in values.into_iter().enumerate() {
        let weight = weight(age);
        match counted.iter_mut().find(|(known, _)| *known == value) {
            Some((_, sum)) => *sum += weight,
            None => counted.push((value, weight)),
        }
    }
    let best = counted.iter().map(|(_, sum)| *sum).max()?;
    counted
        .into_iter()
        .find(|(_, sum)| *sum == best)
        .map(|(value, _)| value)
}

/// How loudly an issue speaks.
fn weight(age: usize) -> usize {
    6_usize.saturating_sub(age).max(1)
}

/// The value that comes most often in one issue, the first of those that come equally often.
fn usual<T: PartialEq + Clone>(values: &[T]) -> Option<T> {
    let count = |value: &T| values.iter().filter(|other| *other == value).count();
    values
        .iter()
        .rev()
        .max_by_key(|value| count(value))
        .cloned()
}

/// The words above the readings, where more than one issue has them, or the only one.
fn lead(seen: &[Seen<'_>]) -> Option<String> {
    let with: Vec<&Seen<'_>> = seen.iter().filter(|seen| seen.readings > 0).collect();
    let lead = most(with.iter().map(|seen| seen.lead.clone()))??;
    let times = with.iter().filter(|seen| seen.lead.as_ref() == Some(&lead));
    (times.count() > 1 || with.len() == 1).then_some(lead)
}

/// The subheadings, if the newest issue with readings has most of them under one: its own first,
/// in its order, then what stood in those before.
fn groups(seen: &[Seen<'_>]) -> Vec<Group> {
    let mut groups: Vec<Group> = Vec::new();
    let newest = seen.iter().find(|seen| seen.readings > 0);
    if newest.is_none_or(|newest| newest.groups.len() * 2 <= newest.readings) {
        return groups;
    }
    for (heading, kind) in seen.iter().flat_map(|seen| &seen.groups) {
        let at = groups.iter().position(|group| group.heading == *heading);
        let at = at.unwrap_or_else(|| {
            groups.push(Group {
                heading: heading.clone(),
                kinds: Vec::new(),
            });
            groups.len() - 1
        });
        let kinds = &mut groups[at].kinds;
        match kinds.iter_mut().find(|(known, _)| known == kind) {
            Some((_, count)) => *count += 1,
            None => kinds.push((*kind, 1)),
        }
    }
    groups
}

fn look<'a>(sample: Sample<'a>, sections: &Sections, signing: Signing) -> Seen<'a> {
    let file = sample.file;
    let split = matter::split(file).ok();
    let body = split
        .as_ref()
        .map_or(file.len()..file.len(), |front| front.body.clone());
    let front = split.and_then(|split| front::look(file, &split));
    let plain = templates::read(file, body.clone());
    let events = markdown::parse(&plain.text, body.clone());
    let found = readings::find(&events, sections, signing);
    let section = readings::sections(&events, sections)
        .into_iter()
        .find(|(_, place)| {
            found
                .first()
                .is_none_or(|first| place.contains(&first.span.start))
        });
    let (top, introduced) = opening(&file[body]);
    let mut seen = Seen {
        sample,
        front,
        top,
        introduced,
        heading: section
            .as_ref()
            .map(|(heading, _)| {
                let line = file[heading.clone()].trim();
                line.lines().next().unwrap_or(line).trim_end().to_owned()
            })
            .filter(|heading| !heading.is_empty()),
        lead: None,
        items: Vec::new(),
        attributions: Vec::new(),
        groups: Vec::new(),
        readings: found.len(),
    };
    if let Some((_, place)) = section {
        look_at_readings(&mut seen, &found, &place);
    }
    seen
}

fn look_at_readings(seen: &mut Seen<'_>, found: &[Found<'_>], section: &Range<usize>) {
    let file = seen.sample.file;
    let starts: Vec<usize> = found
        .iter()
        .map(|reading| {
            file[..reading.span.start]
                .rfind('\n')
                .map_or(0, |at| at + 1)
        })
        .collect();
    if let Some(first) = starts.first() {
        seen.lead = lead_in(file.get(section.start..*first).unwrap_or(""));
    }
    for (at, reading) in found.iter().enumerate() {
        let end = starts
            .get(at + 1)
            .copied()
            .unwrap_or(section.end)
            .max(reading.span.end);
        seen.items.extend(item::of(file, &reading.span, end));
        if let Some(curator) = &reading.curator {
            let text = file.get(reading.span.end..end).unwrap_or("");
            seen.attributions.extend(attribution::of(text, curator));
        }
        if let Some(category) = &reading.category
            && let Some(line) = subheading(&file[section.start..starts[at]], category)
        {
            seen.groups.push((line, reading.kind));
        }
    }
}

/// The words between a section's heading and its first reading, if they are one short paragraph.
fn lead_in(text: &str) -> Option<String> {
    let paragraph = text.trim().split("\n\n").next()?.trim();
    let plain = paragraph.starts_with(|c: char| c.is_alphanumeric() || c == '*' || c == '_');
    let short = paragraph.len() <= 300 && !paragraph.contains('#');
    (plain && short).then(|| paragraph.to_owned())
}

/// The last line that is a heading, or a bold line, with this text.
fn subheading(text: &str, category: &str) -> Option<String> {
    let marks = |c: char| matches!(c, '#' | '*' | '_' | ':' | ' ' | '\t');
    let lines = text.lines().rev().map(str::trim);
    lines
        .filter(|line| line.starts_with('#') || line.starts_with("**") || line.starts_with("__"))
        .find(|line| line.trim_matches(marks) == category.trim_matches(marks))
        .map(str::to_owned)
}

/// The heading of the first level at the top of the text, and whether text stands before the
/// first other heading.
fn opening(body: &str) -> (Option<String>, bool) {
    let body = body.trim_start();
    let first = body.lines().next().unwrap_or("");
    let (top, rest) = match first.strip_prefix("# ") {
        Some(top) => (Some(top.trim().to_owned()), &body[first.len()..]),
        None => (None, body),
    };
    let next = rest.trim_start();
    (top, !next.is_empty() && !next.starts_with('#'))
}
