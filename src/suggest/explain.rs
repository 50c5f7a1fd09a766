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
            Self::Form(text) => write!(formatter, "form: {text}"),
            Self::Kind(text) => write!(formatter, "kind: {text}"),
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
            | Self::Kind(text) => text.hash(state),
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
    if let Some(record) = parts.iter().find_map(|part| record(&part.reason)) {
        return Some(record);
    }
    let best = parts.first()?;
    let names: Vec<&str> = parts
        .iter()
        .filter(|part| part.amount > 0.0)
        .filter_map(|part| match &part.reason {
            Reason::Word(text)
            | Reason::Source(text)
            | Reason::Site(text)
            | Reason::Author(text)
            | Reason::Label(text)
            | Reason::Form(text)
            | Reason::Kind(text) => Some(text.as_str()),
            _ => None,
        })
        .take(4)
        .collect();
    match &best.reason {
        Reason::Age { days: 0 } => Some("from today".to_owned()),
        Reason::Age { days: 1 } => Some("from yesterday".to_owned()),
        Reason::Age { days } => Some(format!("{days} days old")),
        Reason::Carriers { count: 1 } => Some("another source links to it".to_owned()),
        Reason::Carriers { count } => Some(format!("{count} other sources link to it")),
        _ if names.is_empty() => None,
        _ => Some(format!("{heading}: {}", names.join(", "))),
    }
}

/// A record that is worth quoting.
fn record(reason: &Reason) -> Option<String> {
    match reason {
        Reason::Record {
            name,
            picked,
            offered,
            of,
        } if *picked >= 1.0 => Some(format!(
            "{picked} of {offered} of this {of} were picked ({name})"
        )),
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
                "4 of 61 of this site were picked (blog.example)",
                "words: distillation, diffusion",
                "3 days old",
            ]
        );
    }
}
