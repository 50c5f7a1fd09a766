//! What is known of a candidate beside its features: age, records, carriers. A few numbers each,
//! as they were before the issue that it is a candidate for.

use super::records::{Keys, Of, Records};
use super::tuning::Tuning;

/// Steps of the age curve.
const AGES: usize = 24;

/// Where the parts of the numbers begin.
const ARCHIVED: usize = 0;
const AGE: usize = 1;
const RECORD: usize = AGE + AGES;
const SITE_ARCHIVE: usize = RECORD + 2 * Of::ALL.len();
const CARRIERS: usize = SITE_ARCHIVE + 2;

/// How many numbers there are.
pub(super) const COUNT: usize = CARRIERS + 1;

/// The numbers of one candidate.
pub(super) type Signals = [f32; COUNT];

/// What a number is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum About {
    /// That it is a past reading which no source carried.
    Archived,
    /// How old it is.
    Age,
    /// How much of this sort was picked.
    Record(Of),
    /// How many past readings are of this place.
    Archive(Of),
    /// How many carry it.
    Carriers,
}

/// What the number at a place is about.
pub(super) fn about(place: usize) -> About {
    match place {
        ARCHIVED => About::Archived,
        AGE..RECORD => About::Age,
        RECORD..SITE_ARCHIVE => About::Record(Of::ALL[(place - RECORD) / 2]),
        SITE_ARCHIVE => About::Archive(Of::Host),
        CARRIERS => About::Carriers,
        _ => About::Archive(Of::Corner),
    }
}

/// What the numbers weigh before anything is learned: what is new and what several carry stands
/// a little higher.
pub(super) fn prior() -> [f64; COUNT] {
    let mut prior = [0.0; COUNT];
    let mut weight = 0.0;
    for step in &mut prior[AGE..RECORD] {
        *step = weight;
        weight -= 0.05;
    }
    prior[CARRIERS] = 0.5;
    prior
}

/// Whether they are those of a past reading that no source carried.
pub(super) fn is_reading(signals: &Signals) -> bool {
    signals[ARCHIVED] > 0.0
}

/// Whether a past reading that no source carried has the number at a place as well.
pub(super) fn is_of_readings(place: usize) -> bool {
    match about(place) {
        About::Archived | About::Archive(_) => true,
        About::Record(of) => matches!(of, Of::Host | Of::Site | Of::Corner),
        About::Age | About::Carriers => false,
    }
}

/// The step of the age curve: a day each for two weeks, then wider and wider.
fn age_step(days: i32) -> usize {
    match days {
        ..=0 => 0,
        1..=13 => usize::try_from(days).unwrap_or(0),
        14..=20 => 14,
        21..=30 => 15,
        31..=60 => 16,
        61..=120 => 17,
        121..=365 => 18,
        366..=1000 => 19,
        _ => 20,
    }
}

/// The numbers of a past reading that was no entry.
pub(super) fn of_reading(keys: &Keys, records: &Records, tuning: &Tuning) -> Signals {
    let mut signals = [0.0; COUNT];
    signals[ARCHIVED] = 1.0;
    add_records(&mut signals, keys, records, tuning);
    signals
}

/// The numbers of an entry.
#[expect(clippy::cast_precision_loss, reason = "a small number")]
pub(super) fn of_item(
    keys: &Keys,
    age: i32,
    carriers: u32,
    records: &Records,
    tuning: &Tuning,
) -> Signals {
    let mut signals = [0.0; COUNT];
    signals[AGE + age_step(age)] = tuning.age;
    signals[CARRIERS] = (carriers as f32).ln_1p();
    add_records(&mut signals, keys, records, tuning);
    signals
}

#[expect(clippy::cast_possible_truncation, reason = "small numbers")]
fn add_records(signals: &mut Signals, keys: &Keys, records: &Records, tuning: &Tuning) {
    let mut count = [0.0_f64; Of::ALL.len()];
    let mut sum = [0.0_f64; Of::ALL.len()];
    let mut best = [f64::NEG_INFINITY; Of::ALL.len()];
    for (of, key) in keys {
        let odds = records.log_odds(records.of(*key), tuning.smoothing);
        let at = *of as usize;
        count[at] += 1.0;
        sum[at] += odds;
        best[at] = best[at].max(odds);
    }
    for of in 0..Of::ALL.len() {
        if count[of] > 0.0 {
            signals[RECORD + 2 * of] = tuning.record * (sum[of] / count[of]) as f32;
            if count[of] > 1.0 {
                signals[RECORD + 2 * of + 1] = tuning.record * best[of] as f32;
            }
        }
    }
    for (of, key) in keys {
        let archived = records.of(*key).archived.ln_1p() as f32;
        match of {
            Of::Host => signals[SITE_ARCHIVE] = tuning.record * archived,
            Of::Corner => signals[SITE_ARCHIVE + 1] = tuning.record * archived,
            _ => {}
        }
    }
}
