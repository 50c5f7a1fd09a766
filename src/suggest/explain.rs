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

/// The heading under which reasons of one sort are shown.
fn heading(reason: &Reason) -> &'static str {
    match reason {
        Reason::Word(_) => "words",
        Reason::Author(_) => "author",
        Reason::Label(_) => "label",
        Reason::Form(_) => "form",
        Reason::Kind(_) => "kind",
        Reason::Language(_) => "language",
        Reason::Age { .. } => "age",
        Reason::Source(_) | Reason::Site(_) | Reason::Record { .. } | Reason::Archive { .. } => {
            "where"
        }
        Reason::Carriers { .. } => "carriers",
        Reason::PassedOver { .. } => "passed over",
    }
}

/// The reasons that speak most for it, the largest first, in words; at most `most`.
pub(super) fn in_words(contributions: &[Contribution], most: usize) -> Vec<String> {
    let mut groups: BTreeMap<&'static str, Vec<&Contribution>> = BTreeMap::new();
    for contribution in contributions {
        let of = match &contribution.reason {
            Reason::Record { of, .. } if of == "author" => "author",
            Reason::Record { of, .. } if of == "label" => "label",
            reason => heading(reason),
        };
        groups.entry(of).or_default().push(contribution);
    }
    let mut lines: Vec<(f64, String)> = groups
        .into_iter()
        .filter_map(|(heading, parts)| {
            let amount: f64 = parts.iter().map(|part| part.amount).sum();
            Some((amount, line(heading, parts)?))
        })
        .filter(|(amount, _)| *amount > 0.05)
        .collect();
    lines.sort_by(|a, b| b.0.total_cmp(&a.0));
    lines.into_iter().take(most).map(|(_, line)| line).collect()
}

/// One line for all reasons of a sort.
fn line(heading: &str, mut parts: Vec<&Contribution>) -> Option<String> {
    parts.sort_by(|a, b| b.amount.total_cmp(&a.amount));
    if let Some(record) = parts.iter().find_map(|part| record(part)) {
        return Some(record);
    }
    let best = parts.first()?;
    let names: Vec<&str> = parts
        .iter()
        // What says little beside the first is not named.
        .filter(|part| part.amount > best.amount * 0.15)
        .filter_map(|part| named(&part.reason))
        .take(4)
        .collect();
    match &best.reason {
        Reason::Age { days } => return Some(age(*days)),
        Reason::Carriers { count: 1 } => return Some("another source links to it".to_owned()),
        Reason::Carriers { count } => return Some(format!("{count} other sources link to it")),
        _ if names.is_empty() => return None,
        _ => {}
    }
    let names = names.join(", ");
    Some(match heading {
        "words" => format!("words: {names}"),
        "author" => format!("by {names}"),
        "label" => format!("labels: {names}"),
        "form" => format!("looks like what is picked: {names}"),
        "kind" => format!("of a kind that is picked more than others: {names}"),
        "language" => format!("in {}, as most of what is picked", language(&names)),
        _ => format!("from {names}"),
    })
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

/// What a language is called; its code where it is not among the most frequent.
fn language(code: &str) -> &str {
    match code.split(['-', '_']).next().unwrap_or(code) {
        "de" => "German",
        "en" => "English",
        "es" => "Spanish",
        "fr" => "French",
        "it" => "Italian",
        "ja" => "Japanese",
        "nl" => "Dutch",
        "pl" => "Polish",
        "pt" => "Portuguese",
        "ru" => "Russian",
        "zh" => "Chinese",
        _ => code,
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
        check(
            Reason::Form(text("a question")),
            &["looks like what is picked: a question"],
        );
        check(
            Reason::Kind(text("paper")),
            &["of a kind that is picked more than others: paper"],
        );
        check(Reason::Kind(text("other")), &[]);
        check(
            Reason::Language(text("en-GB")),
            &["in English, as most of what is picked"],
        );
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
}
