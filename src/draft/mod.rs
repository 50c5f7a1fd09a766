//! The next issue file: what curators accepted, written as the last issues are.
//!
//! [`compose`] is given the house style, the accepted readings and the date, and gives the name and
//! the text of the file. It reads back what it wrote with the [`Reader`] that it is handed, and
//! where a curator's note would be taken for something else (a title, another signature, the end of
//! the section) it writes it more plainly, until what is read is what was meant. [`next_date`] says
//! when the next issue is due. Nothing here reads a clock or a file.

mod add;
mod date;
pub mod escape;
mod front;
mod item;
mod note;
#[cfg(test)]
mod tests;

use chrono::{Datelike, NaiveDate};

use crate::model::{Curator, HouseStyle, ItemStyle, Kind, Reading, address};

pub use add::add;
pub use date::next_date;

/// What stands where a curator has still to say something; [`crate::issues`] warns of it.
pub const GAP: &str = "INSERT_COMMENTARY_HERE: why is this worth reading?";

/// What stands where the issue has still to be introduced.
pub const INTRODUCTION_GAP: &str = "INSERT_INTRODUCTION_HERE";

/// What stands where the issue has no title yet.
pub const TITLE_GAP: &str = "INSERT_TITLE_HERE";

/// A candidate that a curator accepted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Accepted {
    /// Its title, plain text.
    pub title: String,
    /// Its address.
    pub url: String,
    /// What sort of thing it is.
    pub kind: Kind,
    /// Who accepted it, with the profile that the archive knows.
    pub curator: Option<Curator>,
    /// What they say about it, Markdown; none where they have not said it yet.
    pub note: Option<String>,
    /// Other addresses that belong to it.
    pub extra_links: Vec<String>,
}

/// What a draft is to be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Options {
    /// The day of the issue.
    pub date: NaiveDate,
    /// Its title; made as the last ones are where there is none.
    pub title: Option<String>,
    /// The name of its file, without ending; made as the last ones are where there is none.
    pub name: Option<String>,
}

/// How issue files are read: what turns a draft back into readings.
#[derive(Clone, Copy)]
pub struct Reader<'r> {
    /// The readings in the file with this text.
    pub readings: &'r dyn Fn(&str) -> Vec<Reading>,
    /// The HTML of a note.
    pub html: &'r dyn Fn(&str) -> String,
}

/// The next issue file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct File {
    /// Its name, with `.md`.
    pub name: String,
    /// Its text.
    pub text: String,
    /// Which of the accepted are not read back as they were meant, by their place in the list:
    /// a title without a letter, a curator whose name looks like none.
    pub unread: Vec<usize>,
    /// Whose notes had to be written more plainly than they were given, likewise.
    pub plain: Vec<usize>,
}

/// Writes the next issue file.
pub fn compose(
    style: &HouseStyle,
    accepted: &[Accepted],
    options: &Options,
    reader: Reader<'_>,
) -> File {
    let plan = Plan {
        style,
        options,
        accepted,
        title: title(style, options),
        order: order(style, accepted),
    };
    let mut best: Option<(Vec<item::Care>, String, Vec<usize>)> = None;
    'forms: for item_style in item::forms(style) {
        let mut cares = vec![item::Care::Least; accepted.len()];
        loop {
            let text = plan.text(&item_style, &cares);
            let wrong = plan.differences(&text, &cares, reader);
            let done = wrong.is_empty();
            // The house's own form stays unless another is read better.
            let better = best
                .as_ref()
                .is_none_or(|(_, _, unread)| wrong.len() < unread.len());
            if better {
                best = Some((cares.clone(), text, wrong.clone()));
            }
            if done {
                break 'forms;
            }
            if !take_more_care(&mut cares, &wrong, &plan.order) {
                break;
            }
        }
    }
    let (cares, text, mut unread) = best.unwrap_or_default();
    unread.sort_unstable();
    File {
        name: format!("{}.md", plan.name()),
        text,
        unread,
        plain: (0..accepted.len())
            .filter(|&at| accepted[at].note.is_some() && cares[at].is_literal())
            .collect(),
    }
}

/// The curator of this name, whatever its case, as the newest of the readings that name a profile
/// has them; the readings come newest first.
pub fn known_curator<'r>(
    readings: impl Iterator<Item = &'r Reading> + Clone,
    name: &str,
) -> Option<&'r Curator> {
    let name = name.to_lowercase();
    let mut same = readings
        .filter_map(|reading| reading.curator.as_ref())
        .filter(|curator| curator.name.to_lowercase() == name);
    let first = same.clone().next();
    same.find(|curator| curator.url.is_some()).or(first)
}

/// The places of the accepted in the order in which they are written, each with the subheading
/// that it is the first under.
fn order(style: &HouseStyle, accepted: &[Accepted]) -> Vec<(usize, Option<usize>)> {
    let mut placed: Vec<(Option<usize>, usize)> = accepted
        .iter()
        .enumerate()
        .map(|(at, accepted)| (style.group_of(accepted.kind), at))
        .collect();
    placed.sort();
    let mut last = None;
    placed
        .into_iter()
        .map(|(group, at)| {
            let first = group.filter(|_| group != last);
            last = group;
            (at, first)
        })
        .collect()
}

/// Raises the care taken of what is read wrongly, and of what stands before the first of it, which
/// may be what swallowed it. False where no more can be taken.
fn take_more_care(
    cares: &mut [item::Care],
    wrong: &[usize],
    order: &[(usize, Option<usize>)],
) -> bool {
    let first = order.iter().position(|(at, _)| wrong.contains(at));
    let before = first
        .and_then(|first| first.checked_sub(1))
        .map(|before| order[before].0);
    let own = first.map(|first| order[first].0);
    let mut raised = false;
    // One at a time: what follows is often read wrongly only because of it.
    for at in own.into_iter().chain(before).chain(wrong.iter().copied()) {
        if let Some(more) = cares[at].more() {
            cares[at] = more;
            raised = true;
            if Some(at) == own {
                break;
            }
        }
    }
    raised
}

/// What is to be written.
struct Plan<'p> {
    style: &'p HouseStyle,
    options: &'p Options,
    accepted: &'p [Accepted],
    title: Option<String>,
    order: Vec<(usize, Option<usize>)>,
}

impl Plan<'_> {
    /// The text of the file.
    fn text(&self, item_style: &ItemStyle, cares: &[item::Care]) -> String {
        let (style, options) = (self.style, self.options);
        let title = self.title.as_deref();
        let dated = self.name().starts_with(&options.date.to_string());
        let mut text = front::write(&style.front, title, options, dated);
        if let Some(top) = &style.top {
            let shown = fill(top, style, options, title);
            text.push_str("# ");
            text.push_str(&escape::text(&shown));
            text.push_str("\n\n");
        } else if !style.front.keys.iter().any(front::is_title)
            && let Some(title) = &options.title
        {
            text.push_str("# ");
            text.push_str(&escape::text(title));
            text.push_str("\n\n");
        }
        if style.introduced {
            text.push_str(INTRODUCTION_GAP);
            text.push_str("\n\n");
        }
        text.push_str(&style.heading);
        text.push('\n');
        if let Some(lead) = &style.lead {
            text.push('\n');
            text.push_str(lead);
            text.push('\n');
        }
        let mut first = true;
        for (at, group) in &self.order {
            if let Some(group) = group {
                text.push('\n');
                text.push_str(&style.groups[*group].heading);
                text.push('\n');
                first = true;
            }
            if first || item_style.apart {
                text.push('\n');
            }
            item::write(
                &mut text,
                item_style,
                &style.attribution,
                &self.accepted[*at],
                cares[*at],
            );
            first = false;
        }
        text
    }

    /// Which of the accepted are not read back from the text as they were meant.
    fn differences(&self, text: &str, cares: &[item::Care], reader: Reader<'_>) -> Vec<usize> {
        let found = (reader.readings)(text);
        let mut wrong = Vec::new();
        for (place, (at, _)) in self.order.iter().enumerate() {
            let meant = &self.accepted[*at];
            let same = found.get(place).is_some_and(|found| {
                let said = item::said(meant, cares[*at]);
                letters(&found.title).eq(letters(&meant.title))
                    && found.url.as_deref() == Some(escape::one_word(&meant.url).as_str())
                    && found.curator == meant.curator
                    && words(&found.commentary_html) == words(&(reader.html)(&said))
            });
            if !same {
                wrong.push(*at);
            }
        }
        if found.len() > self.order.len()
            && wrong.is_empty()
            && let Some((last, _)) = self.order.last()
        {
            wrong.push(*last);
        }
        wrong
    }

    /// The name of the file, without ending.
    fn name(&self) -> String {
        let (style, options) = (self.style, self.options);
        let title = self.title.as_deref();
        if let Some(name) = &options.name {
            return name.clone();
        }
        let slug = title
            .filter(|title| *title != TITLE_GAP)
            .map(address::slug)
            .unwrap_or_default();
        let number = format!("{:0width$}", style.number, width = style.digits);
        let name = fill_with(&style.name, &number, options, title)
            .replace("{slug}", &slug)
            .trim_end_matches('-')
            .to_owned();
        if name.is_empty() {
            options.date.format("%Y-%m-%d").to_string()
        } else {
            name
        }
    }
}

/// What of a title has to come back; marks around it are taken for marks.
fn letters(title: &str) -> impl Iterator<Item = char> {
    title.chars().filter(|c| c.is_alphanumeric())
}

/// HTML without what does not show: how white space is written.
fn words(html: &str) -> String {
    let words: Vec<&str> = html.split_whitespace().collect();
    words.join(" ")
}

/// The title of the issue; none where issues have none.
fn title(style: &HouseStyle, options: &Options) -> Option<String> {
    if let Some(title) = &options.title {
        return Some(escape::one_line(title));
    }
    let pattern = style.title.as_ref();
    let wanted = style.front.keys.iter().any(front::is_title)
        || style
            .top
            .as_ref()
            .is_some_and(|top| top.contains("{title}"));
    wanted.then(|| match pattern {
        Some(pattern) => fill(pattern, style, options, None),
        None => TITLE_GAP.to_owned(),
    })
}

fn fill(pattern: &str, style: &HouseStyle, options: &Options, title: Option<&str>) -> String {
    fill_with(pattern, &style.number.to_string(), options, title)
}

fn fill_with(pattern: &str, number: &str, options: &Options, title: Option<&str>) -> String {
    let date = options.date;
    pattern
        .replace("{month}", &date.format("%B").to_string())
        .replace("{year}", &date.year().to_string())
        .replace("{mm}", &date.format("%m").to_string())
        .replace("{dd}", &date.format("%d").to_string())
        .replace("{day}", &date.day().to_string())
        .replace("{number}", number)
        .replace("{title}", title.unwrap_or(TITLE_GAP))
}
