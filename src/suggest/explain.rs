//! Reasons: what makes up a score, in words that a curator understands.

use std::collections::BTreeMap;
use std::fmt::{self, Display, Formatter};

/// One part of a score.
#[derive(Clone, Debug, PartialEq)]
pub struct Contribution {
    /// What it is for.
    pub reason: Reason,
    /// How much it adds; less than nothing where it speaks against.
    pub amount: f64,
}

/// What a part of a score is for.
#[derive(Clone, Debug, PartialEq)]
pub enum Reason {
    /// A word or two of title or summary.
    Word(String),
    /// The source that carries it.
    Source(String),
    /// Where it is.
    Site(String),
    /// Somebody who wrote it.
    Author(String),
    /// A label, or several together.
    Label(String),
    /// The form of its title or summary.
    Form(String),
    /// What sort of thing it is.
    Kind(String),
    /// Its language, as BCP 47 writes it.
    Language(String),
    /// How old it is.
    Age {
        /// In days.
        days: i32,
    },
    /// How many of a sort were picked.
    Record {
        /// Of what the record is: `source`, `site`, `author`, `label`.
        of: String,
        /// Its name.
        name: String,
        /// How many were picked.
        picked: f64,
        /// How many there were.
        offered: f64,
    },
    /// How many past readings are of the same place.
    Archive {
        /// The place.
        place: String,
        /// How many readings.
        readings: f64,
    },
    /// How many further sources carry it.
    Carriers {
        /// How many.
        count: u32,
    },
    /// That it was shown before and nobody wanted it.
    PassedOver {
        /// How often.
        times: u32,
    },
}

impl Display for Reason {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Word(text) => write!(formatter, "word: {text}"),
            Self::Source(text) => write!(formatter, "source: {text}"),
            Self::Site(text) => write!(formatter, "site: {text}"),
            Self::Author(text) => write!(formatter, "author: {text}"),
            Self::Label(text) => write!(formatter, "label: {text}"),
            Self::Form(text) => write!(formatter, "its form: {text}"),
            Self::Kind(text) => write!(formatter, "what it is: {text}"),
            Self::Language(text) => write!(formatter, "its language: {text}"),
            Self::Age { days: 1 } => formatter.write_str("age: a day"),
            Self::Age { days } => write!(formatter, "age: {days} days"),
            Self::Record {
                of,
                name,
                picked,
                offered,
            } => write!(
                formatter,
                "record of the {of} {name}: {picked} of {offered} were picked"
            ),
            Self::Archive { place, readings } => {
                write!(formatter, "past readings from {place}: {readings}")
            }
            Self::Carriers { count } => {
                write!(formatter, "further sources that carry it: {count}")
            }
            Self::PassedOver { times } => {
                write!(formatter, "shown on {times} days, and nobody wanted it")
            }
        }
    }
}

impl Eq for Reason {}

impl std::hash::Hash for Reason {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        std::mem::discriminant(self).hash(state);
        match self {
            Self::Word(text)
            | Self::Source(text)
            | Self::Site(text)
            | Self::Author(text)
            | Self::Label(text)
            | Self::Form(text)
            | Self::Kind(text)
            | Self::Language(text) => text.hash(state),
            Self::Age { .. }
            | Self::Record { .. }
            | Self::Archive { .. }
            | Self::Carriers { .. }
            | Self::PassedOver { .. } => {}
        }
    }
}

/// The groups in which reasons are shown, a line for each; what says nothing of the thing itself, as
/// the form of its title or its language, is in none.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Group {
    Topic,
    Kind,
    Place,
    People,
    Age,
    Carriers,
    PassedOver,
}

fn group(reason: &Reason) -> Option<Group> {
    Some(match reason {
        Reason::Word(_) | Reason::Label(_) => Group::Topic,
        Reason::Record { of, .. } if of == "label" => Group::Topic,
        Reason::Author(_) => Group::People,
        Reason::Record { of, .. } if of == "author" => Group::People,
        Reason::Source(_) | Reason::Site(_) | Reason::Record { .. } | Reason::Archive { .. } => {
            Group::Place
        }
        Reason::Kind(_) => Group::Kind,
        Reason::Age { .. } => Group::Age,
        Reason::Carriers { .. } => Group::Carriers,
        Reason::PassedOver { .. } => Group::PassedOver,
        Reason::Form(_) | Reason::Language(_) => return None,
    })
}

/// The reasons that speak most for it, the largest first, in words; at most `most`.
pub(super) fn in_words(contributions: &[Contribution], most: usize) -> Vec<String> {
    let places: Vec<String> = contributions
        .iter()
        .filter_map(|part| match &part.reason {
            Reason::Source(name) | Reason::Site(name) => Some(name.to_lowercase()),
            _ => None,
        })
        .collect();
    // Many a blog is its author's: one line, not two that say the same of one name.
    let is_place = |reason: &Reason| match reason {
        Reason::Author(name) | Reason::Record { name, .. } => places.contains(&name.to_lowercase()),
        _ => false,
    };
    let mut groups: BTreeMap<Group, Vec<&Contribution>> = BTreeMap::new();
    for contribution in contributions {
        let own = match group(&contribution.reason) {
            Some(Group::People) if is_place(&contribution.reason) => Group::Place,
            Some(own) => own,
            None => continue,
        };
        groups.entry(own).or_default().push(contribution);
    }
    let mut lines: Vec<(f64, String)> = groups
        .into_iter()
        .filter_map(|(group, parts)| {
            let amount: f64 = parts.iter().map(|part| part.amount).sum();
            Some((amount, line(group, parts)?))
        })
        .filter(|(amount, _)| *amount > 0.05)
        .collect();
    lines.sort_by(|a, b| b.0.total_cmp(&a.0));
    lines.into_iter().take(most).map(|(_, line)| line).collect()
}

/// One line for all reasons of a group.
fn line(group: Group, mut parts: Vec<&Contribution>) -> Option<String> {
    parts.sort_by(|a, b| b.amount.total_cmp(&a.amount));
    let record = parts.iter().find_map(|part| record(part));
    if group == Group::Topic {
        let words = listed("words", &parts, |it| matches!(it, Reason::Word(_)));
        let labels = listed("labels", &parts, |it| matches!(it, Reason::Label(_)));
        let said: Vec<String> = match record {
            Some(record) => [Some(record), words].into_iter().flatten().collect(),
            None => [words, labels].into_iter().flatten().collect(),
        };
        return (!said.is_empty()).then(|| said.join("; "));
    }
    if record.is_some() {
        return record;
    }
    match parts.first()?.reason {
        Reason::Age { days } => return Some(age(days)),
        Reason::Carriers { count: 1 } => return Some("another source links to it".to_owned()),
        Reason::Carriers { count } => return Some(format!("{count} other sources link to it")),
        _ => {}
    }
    let before = match group {
        Group::People => "by",
        Group::Kind => "of a kind that is picked more than others:",
        _ => "from",
    };
    let names = names(&parts, |_| true)?;
    Some(format!("{before} {names}"))
}

/// The names of certain reasons, the largest first, after what they are; none where there are none.
fn listed(what: &str, parts: &[&Contribution], is_of: impl Fn(&Reason) -> bool) -> Option<String> {
    Some(format!("{what}: {}", names(parts, is_of)?))
}

fn names(parts: &[&Contribution], is_of: impl Fn(&Reason) -> bool) -> Option<String> {
    let best = parts.first()?.amount;
    let mut names: Vec<&str> = Vec::new();
    for part in parts {
        // What says little beside the first is not named, and nothing is named twice.
        let says = part.amount > best * 0.15 && is_of(&part.reason);
        if let Some(name) = named(&part.reason).filter(|_| says)
            && names.iter().all(|known| !known.eq_ignore_ascii_case(name))
        {
            names.push(name);
        }
    }
    names.truncate(4);
    (!names.is_empty()).then(|| names.join(", "))
}

/// What is named of a reason, if it is worth naming.
fn named(reason: &Reason) -> Option<&str> {
    match reason {
        Reason::Word(text) => says_something(text).then_some(text.as_str()),
        Reason::Source(text)
        | Reason::Site(text)
        | Reason::Author(text)
        | Reason::Label(text)
        | Reason::Form(text)
        | Reason::Language(text) => Some(text),
        Reason::Kind(text) => (text != "other").then_some(text.as_str()),
        _ => None,
    }
}

/// Whether a word, or one of two, says what something is about.
fn says_something(text: &str) -> bool {
    const SAY_NOTHING: &str = " a about all an and are as at be been but by can do does for from \
        has have how i if in into is it its more my new no not of on one or our out so than that \
        the their them there these they this to up us use used using via was we what when where which \
        while who why will with you your ";
    text.split(' ').any(|word| {
        word.chars().count() > 1
            && !word.chars().all(|c| c.is_ascii_digit() || c == '.')
            && !SAY_NOTHING.contains(&format!(" {word} "))
    })
}

fn age(days: i32) -> String {
    match days {
        ..=0 => "from today".to_owned(),
        1 => "from yesterday".to_owned(),
        2..=60 => format!("{days} days old"),
        61..=730 => format!("{} months old", days / 30),
        _ => format!("{} years old", days / 365),
    }
}

/// A record that is worth quoting.
fn record(part: &Contribution) -> Option<String> {
    match &part.reason {
        Reason::Record {
            name,
            picked,
            offered,
            of,
        } if *picked >= 1.0 && part.amount > 0.0 => {
            let which = match of.as_str() {
                "author" => "by",
                "label" => "labelled",
                _ => "from",
            };
            Some(format!(
                "{picked} of {offered} entries {which} {name} were picked"
            ))
        }
        Reason::Archive { place, readings } if *readings >= 1.0 => Some(if *readings < 1.5 {
            format!("a past reading is from {place}")
        } else {
            format!("{readings} past readings are from {place}")
        }),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn says_the_largest_reason_first() {
        let part = |reason: Reason, amount: f64| Contribution { reason, amount };
        let parts = [
            part(Reason::Word("diffusion".to_owned()), 0.4),
            part(Reason::Word("distillation".to_owned()), 0.5),
            part(Reason::Word("survey".to_owned()), -0.3),
            part(Reason::Age { days: 3 }, 0.1),
            part(
                Reason::Record {
                    of: "site".to_owned(),
                    name: "blog.example".to_owned(),
                    picked: 4.0,
                    offered: 61.0,
                },
                1.5,
            ),
            part(Reason::Carriers { count: 3 }, 0.01),
        ];
        assert_eq!(
            in_words(&parts, 5),
            [
                "4 of 61 entries from blog.example were picked",
                "words: distillation, diffusion",
                "3 days old",
            ]
        );
    }

    #[track_caller]
    fn check(reason: Reason, expected: &[&str]) {
        let part = Contribution {
            reason,
            amount: 0.3,
        };
        assert_eq!(in_words(&[part], 4), expected);
    }

    #[test]
    fn says_each_reason_in_words() {
        let text = |word: &str| word.to_owned();
        check(Reason::Word(text("diffusion")), &["words: diffusion"]);
        check(Reason::Word(text("the")), &[]);
        check(Reason::Word(text("of the")), &[]);
        check(Reason::Form(text("a title of 4 or 5 words")), &[]);
        check(
            Reason::Kind(text("paper")),
            &["of a kind that is picked more than others: paper"],
        );
        check(Reason::Kind(text("other")), &[]);
        check(Reason::Language(text("en-GB")), &[]);
        check(Reason::Site(text("a.example")), &["from a.example"]);
        check(Reason::Author(text("Ada")), &["by Ada"]);
        check(Reason::Label(text("rust")), &["labels: rust"]);
        check(Reason::Age { days: 0 }, &["from today"]);
        check(Reason::Age { days: 90 }, &["3 months old"]);
        check(Reason::Age { days: 800 }, &["2 years old"]);
        let record = |of: &str, name: &str| Reason::Record {
            of: text(of),
            name: text(name),
            picked: 4.0,
            offered: 61.0,
        };
        check(
            record("label", "rust"),
            &["4 of 61 entries labelled rust were picked"],
        );
        check(
            record("author", "Ada"),
            &["4 of 61 entries by Ada were picked"],
        );
    }

    #[test]
    fn a_name_is_said_once() {
        let part = |reason: Reason, amount: f64| Contribution { reason, amount };
        let text = |word: &str| word.to_owned();
        let parts = [
            part(Reason::Author(text("Mill Pond")), 0.4),
            part(Reason::Source(text("mill pond")), 0.3),
            part(Reason::Word(text("tides")), 0.5),
            part(Reason::Label(text("boats")), 0.3),
            part(Reason::Label(text("Boats")), 0.2),
        ];
        assert_eq!(
            in_words(&parts, 4),
            ["words: tides; labels: boats", "from Mill Pond"]
        );
    }
}
