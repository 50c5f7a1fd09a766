//! How a source does: a function of what its visits taught, of all sources' pulses, and of the
//! clock it is given.

use std::collections::{BTreeMap, HashSet};

use chrono::{DateTime, TimeDelta, Utc};

use super::due::DEAD;
use crate::model::{Kind, Origin, Outcome, SourceId, address};
use crate::store::{Known, Pulse};

/// The weeks that a pulse is counted over.
pub const WEEKS: u32 = 26;

/// A source that has not answered for so long is dead, if it was asked often enough meanwhile.
const DEAD_AFTER: TimeDelta = TimeDelta::days(30);

/// Failures in a row that are enough of asking.
const DEAD_FAILURES: u32 = 5;

/// Nothing is idle sooner than this.
const IDLE_LEAST: TimeDelta = TimeDelta::days(30);

/// A source without entries, or with one alone, has no rhythm to be measured by.
const IDLE_WITHOUT_RHYTHM: TimeDelta = TimeDelta::days(365);

/// Everything is idle after this.
const IDLE_MOST: TimeDelta = TimeDelta::days(730);

/// So many visits in a row without anything but 304, and silence beyond its rhythm: the server
/// may never give anything else.
const STUCK: usize = 20;

/// So many visits in a row with a document that was cut are every visit.
const CUTS: usize = 3;

/// Entries a month of a source that may drown the others.
const NOISY: f64 = 600.0;

/// Fewer sources than this have none that drowns the others.
const NOISY_AMONG: usize = 3;

/// Entries that appeared within this time of one another appeared together.
const TOGETHER: TimeDelta = TimeDelta::hours(1);

/// How a source does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum State {
    /// It answers, and says something now and then.
    Fine,
    /// Nobody has visited it yet.
    New,
    /// Somebody switched it off.
    Disabled,
    /// A permanent redirect leads elsewhere; it is not believed yet.
    Moving,
    /// It moved for good and is visited at its new address.
    Moved,
    /// Its last visit failed.
    Failing,
    /// It has failed for long.
    Dead,
    /// There never was a feed.
    NeverValid,
    /// Its server lets us not in (401, 403).
    Blocked,
    /// A wall keeps programs out.
    Walled,
    /// Its document is cut at every visit.
    Cut,
    /// Its server says that it will not come back (410).
    Gone,
    /// It answers, and has been silent beyond its own rhythm.
    Idle,
    /// The same, and all that its server says is 304.
    Stuck,
    /// Another source has the same entries, or moved to the same address.
    Duplicate,
    /// It alone says more than all others together.
    Noisy,
}

impl State {
    /// The word in `sources health --json`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Fine => "fine",
            Self::New => "new",
            Self::Disabled => "disabled",
            Self::Moving => "moving",
            Self::Moved => "moved",
            Self::Failing => "failing",
            Self::Dead => "dead",
            Self::NeverValid => "never-valid",
            Self::Blocked => "blocked",
            Self::Walled => "walled",
            Self::Cut => "cut",
            Self::Gone => "gone",
            Self::Idle => "idle",
            Self::Stuck => "stuck",
            Self::Duplicate => "duplicate",
            Self::Noisy => "noisy",
        }
    }

    /// Whether somebody should do something about it. A source that moved is somebody's business
    /// only where config.toml still has the old address.
    pub fn is_wrong(self, origin: Origin) -> bool {
        match self {
            Self::Fine | Self::New | Self::Disabled | Self::Moving => false,
            Self::Moved => origin == Origin::Config,
            _ => true,
        }
    }
}

/// The state of each source, in their order.
pub fn states(
    sources: &[Known],
    pulses: &BTreeMap<SourceId, Pulse>,
    now: DateTime<Utc>,
) -> Vec<State> {
    let nothing = Pulse::default();
    let all: f64 = pulses.values().map(a_month).sum();
    let is_crowd = sources.len() >= NOISY_AMONG;
    let polled: HashSet<SourceId> = sources
        .iter()
        .filter(|known| known.source.enabled && known.twin.is_none())
        .map(|known| known.id)
        .collect();
    sources
        .iter()
        .map(|known| {
            let pulse = pulses.get(&known.id).unwrap_or(&nothing);
            let own = a_month(pulse);
            let by_visits = by_visits(known, pulse, now);
            by_visits
                .or_else(|| doubles(known, &polled, pulses).then_some(State::Duplicate))
                .or_else(|| by_silence(known, pulse, now))
                .or_else(|| {
                    let drowns = is_crowd && own >= NOISY && own * 2.0 > all && !is_archive(known);
                    drowns.then_some(State::Noisy)
                })
                .or_else(|| by_place(known))
                .unwrap_or(State::Fine)
        })
        .collect()
}

/// Entries a month, since the first of them; a source that began last week is not measured by a
/// day.
pub fn a_month(pulse: &Pulse) -> f64 {
    let empty = pulse.weeks.iter().take_while(|count| **count == 0).count();
    let weeks = u32::try_from(pulse.weeks.len() - empty).unwrap_or(WEEKS);
    let entries: u32 = pulse.weeks.iter().sum();
    f64::from(entries) / f64::from(weeks.max(4)) * (365.25 / 12.0 / 7.0)
}

/// The address that a source had before it moved, in the form for comparing.
pub fn moved_from(known: &Known) -> Option<&str> {
    (known.named != address::canonical_source(&known.source.url)).then_some(known.named.as_str())
}

/// What its visits alone say.
fn by_visits(known: &Known, pulse: &Pulse, now: DateTime<Utc>) -> Option<State> {
    let history = &known.history;
    if !known.source.enabled {
        return Some(State::Disabled);
    }
    if history.retired.is_some() {
        return Some(State::Gone);
    }
    if known.twin.is_some() {
        return Some(State::Duplicate);
    }
    if history.last_visit.is_none() {
        return Some(State::New);
    }
    if history.failures == 0 {
        let latest = &pulse.recent[..pulse.recent.len().min(CUTS)];
        let is_cut = latest.len() > 1 && latest.iter().all(|it| *it == Outcome::Cut);
        return is_cut.then_some(State::Cut);
    }
    match pulse.recent.first() {
        Some(Outcome::Denied) => return Some(State::Blocked),
        Some(Outcome::Walled) => return Some(State::Walled),
        _ => {}
    }
    let Some(last) = history.last_success else {
        // A server that is away for an hour says nothing about what it has.
        let may_pass = pulse.recent.first().copied().is_some_and(passes);
        return Some(if may_pass && history.failures < DEAD_FAILURES {
            State::Failing
        } else {
            State::NeverValid
        });
    };
    let is_long = history.failures >= DEAD_FAILURES && now - last >= DEAD_AFTER;
    if is_long || history.failures >= DEAD {
        return Some(State::Dead);
    }
    Some(State::Failing)
}

/// Whether a failure says something of the server's day, and nothing of the address.
fn passes(outcome: Outcome) -> bool {
    matches!(
        outcome,
        Outcome::Busy | Outcome::ServerError | Outcome::Unreachable | Outcome::TimedOut
    )
}

/// Whether another source that came before has the same entries, and it has no others.
fn doubles(known: &Known, polled: &HashSet<SourceId>, pulses: &BTreeMap<SourceId, Pulse>) -> bool {
    let twin = pulses.get(&known.id).and_then(|pulse| pulse.twin);
    let Some((other, common, _)) = twin else {
        return false;
    };
    let total: u32 = pulses
        .get(&other)
        .map_or(0, |pulse| pulse.weeks.iter().sum());
    // A blog whose entries a planet carries too is no double: the planet has more.
    polled.contains(&other) && other < known.id && common * 10 >= total * 9
}

fn by_silence(known: &Known, pulse: &Pulse, now: DateTime<Utc>) -> Option<State> {
    let silence = now - last_entry(known, now).unwrap_or(known.added);
    if silence < idle_after(&known.history.instants, now) {
        return None;
    }
    let recent = pulse.recent.iter().take(STUCK);
    let unchanged = recent.filter(|outcome| **outcome == Outcome::NotModified);
    if unchanged.count() == STUCK {
        return Some(State::Stuck);
    }
    Some(State::Idle)
}

/// When its newest entry appeared.
pub fn last_entry(known: &Known, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
    let past = known.history.instants.iter().filter(|at| **at <= now);
    past.max().copied()
}

/// The silence that is unusual: twice its longest, and six times its usual.
fn idle_after(instants: &[DateTime<Utc>], now: DateTime<Utc>) -> TimeDelta {
    let mut instants: Vec<DateTime<Utc>> =
        instants.iter().copied().filter(|at| *at <= now).collect();
    instants.sort_unstable();
    let mut gaps: Vec<TimeDelta> = instants
        .windows(2)
        .map(|pair| pair[1] - pair[0])
        .filter(|gap| *gap > TOGETHER)
        .collect();
    gaps.sort_unstable();
    let Some(longest) = gaps.last() else {
        return IDLE_WITHOUT_RHYTHM;
    };
    let usual = gaps[gaps.len() / 2];
    (*longest * 2).max(usual * 6).clamp(IDLE_LEAST, IDLE_MOST)
}

/// Archives of papers say more than anybody else, and are meant to.
fn is_archive(known: &Known) -> bool {
    let is_paper = known.source.kind == Some(Kind::Paper);
    is_paper || address::canonical_source(&known.source.url).contains("arxiv.org")
}

fn by_place(known: &Known) -> Option<State> {
    if moved_from(known).is_some() {
        return Some(State::Moved);
    }
    let moved = known.history.moved.as_ref()?;
    let elsewhere =
        address::canonical_source(&moved.to) != address::canonical_source(&known.source.url);
    elsewhere.then_some(State::Moving)
}

#[cfg(test)]
mod tests;
