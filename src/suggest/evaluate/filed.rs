//! How well headings are foretold: each issue's readings by what the issues before it teach.

use serde::Serialize;

use super::super::Pick;
use super::super::features::Facts;
use super::super::sections::Sections;

/// How often headings were foretold.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Filed {
    /// The newsletter.
    pub newsletter: String,
    /// How many readings with a heading there were.
    pub readings: usize,
    /// The share whose heading was the likeliest.
    pub first: f64,
    /// The share whose heading was among the likeliest three.
    pub first_three: f64,
    /// The mean of the chance that the likeliest was given.
    pub chance: f64,
}

/// Foretells the headings of readings of certain days, counted from 1970, learning from each issue
/// afterwards.
#[expect(clippy::cast_precision_loss, reason = "counts are far below 2^52")]
pub fn filed(newsletter: &str, picks: &[Pick], days: (i32, i32)) -> Filed {
    let mut issues = std::collections::BTreeMap::<i32, Vec<(Facts<'_>, &str)>>::new();
    for pick in picks {
        if let Some(section) = &pick.section {
            let issue = issues.entry(pick.day()).or_default();
            issue.push((Facts::from(pick), section));
        }
    }
    let mut sections = Sections::default();
    let (mut readings, mut first, mut three, mut chance) = (0, 0, 0, 0.0);
    for (day, issue) in issues {
        if (days.0..=days.1).contains(&day) {
            for (facts, section) in &issue {
                let found = sections.of_facts(facts);
                let place = found.iter().position(|own| own.name == *section);
                readings += 1;
                first += usize::from(place == Some(0));
                three += usize::from(place.is_some_and(|place| place < 3));
                chance += found.first().map_or(0.0, |own| own.chance);
            }
        }
        sections.add(issue.into_iter());
    }
    let share = |count: f64| count / readings.max(1) as f64;
    Filed {
        newsletter: newsletter.to_owned(),
        readings,
        first: share(first as f64),
        first_three: share(three as f64),
        chance: share(chance),
    }
}

impl Filed {
    /// One line for people.
    pub fn text(&self) -> String {
        format!(
            "{}: {} readings, {:.3} under the likeliest heading ({:.3} stated), {:.3} under one of \
             the likeliest three\n",
            self.newsletter, self.readings, self.first, self.chance, self.first_three
        )
    }
}
