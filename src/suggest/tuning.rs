//! The constants of the learner, all in one place. One set for every newsletter.

use super::features::Group;

/// How much each part counts. Chosen on the benchmarks that `docs/SUGGEST.md` reports.
#[derive(Clone, Debug)]
pub(super) struct Tuning {
    /// The scale of each group of features; nothing is learned from a group of scale 0.
    pub(super) scales: [f32; Group::ALL.len()],
    /// How much the data count beside the prior.
    pub(super) trust: f64,
    /// After how many days a past issue counts half.
    pub(super) half_life: f64,
    /// How little a past reading that no source carried may count beside one that a source
    /// carried, where there are many picks.
    pub(super) least_reading: f32,
    /// How much of that such a reading counts.
    pub(super) archive: f32,
    /// The same for readings of issues that nothing was available for.
    pub(super) orphans: f32,
    /// The scale of what is learned of an entry's age.
    pub(super) age: f32,
    /// The scale of records.
    pub(super) record: f32,
    /// How many made-up entries of the usual sort a record starts with.
    pub(super) smoothing: f64,
    /// Entries older than the window that an issue is compared with.
    pub(super) older: usize,
    /// Steps of descent for one lesson.
    pub(super) steps: usize,
}

impl Default for Tuning {
    fn default() -> Self {
        let mut scales = [0.0; Group::ALL.len()];
        for (group, scale) in [
            (Group::TitleWord, 1.0),
            (Group::TitlePair, 0.5),
            (Group::TitlePiece, 0.5),
            (Group::SummaryWord, 1.0),
            (Group::SummaryPair, 0.0),
            (Group::AnyWord, 1.0),
            (Group::Source, 0.5),
            (Group::Site, 0.7),
            (Group::Author, 0.5),
            (Group::Tag, 1.0),
            (Group::TagPair, 0.5),
            (Group::Form, 0.3),
            (Group::Kind, 0.3),
            (Group::Address, 0.0),
            (Group::Extent, 0.3),
            (Group::Language, 0.3),
        ] {
            scales[group as usize] = scale;
        }
        Self {
            scales,
            trust: 2.0,
            half_life: 1e6,
            least_reading: 0.05,
            archive: 1.0,
            orphans: 1.0,
            age: 1.0,
            record: 0.15,
            smoothing: 5.0,
            older: 64,
            steps: 25,
        }
    }
}

impl Tuning {
    /// Sets a constant by its name; whether there is one of that name.
    pub(super) fn set(&mut self, name: &str, value: f64) -> bool {
        #[expect(clippy::cast_possible_truncation, reason = "scales are small numbers")]
        let scale = value as f32;
        match name {
            "trust" => self.trust = value,
            "half-life" => self.half_life = value,
            "least-reading" => self.least_reading = scale,
            "archive" => self.archive = scale,
            "orphans" => self.orphans = scale,
            "age" => self.age = scale,
            "record" => self.record = scale,
            "smoothing" => self.smoothing = value,
            "older" => self.older = whole(value),
            "steps" => self.steps = whole(value),
            _ => {
                let Some(group) = Group::ALL.iter().find(|group| group.name() == name) else {
                    return false;
                };
                self.scales[*group as usize] = scale;
            }
        }
        true
    }
}

/// A count; one below zero becomes none.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a small number"
)]
fn whole(value: f64) -> usize {
    value as usize
}
