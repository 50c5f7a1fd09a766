//! When a source is visited next: a function of what is known and of the clock it is given.
//!
//! A source that answers is asked again after a quarter of the time that usually passes between
//! its entries, and not before it says that there can be something new. One that fails is asked
//! again after an hour, then two, then four, up to the longest interval, each time a little
//! earlier or later, so that sources which failed together do not come back together.

use std::time::Duration;

use chrono::{DateTime, Datelike, TimeDelta, Timelike, Utc};

use super::options::Bounds;
use crate::model::{History, Outcome, Rhythm, Source};
use crate::store::Lease;

/// The pace of a source whose rhythm is not known, and of the first visits to any source.
const FIRST: Duration = Duration::from_hours(1);

/// The visits during which a new source is watched closely: dates alone do not tell its rhythm.
const WATCHED: u32 = 3;

/// The pace of a source that a hub announces: often enough to see that it announces all.
const ANNOUNCED: Duration = Duration::from_hours(24);

/// Visits between two entries of a source.
const VISITS_PER_ENTRY: u32 = 4;

/// Entries that appear within this time of one another appeared together.
const TOGETHER: TimeDelta = TimeDelta::hours(1);

/// The gaps between entries that its rhythm is learned from.
const GAPS: usize = 10;

/// After so many failures in a row a source is as good as dead and asked only once in a while.
pub(super) const DEAD: u32 = 30;

/// How many longest intervals pass between two visits to a dead source.
const DEAD_INTERVALS: u32 = 7;

/// The longest that a server can ask to be left alone with `Retry-After`.
pub const LONGEST_RETRY_AFTER: Duration = Duration::from_hours(48);

/// A visit that is over, and all that says when the next one is due.
#[derive(Clone, Copy, Debug)]
pub struct Done<'a> {
    /// The source.
    pub source: &'a Source,
    /// What is known of it, this visit among it.
    pub history: &'a History,
    /// What came of the visit.
    pub outcome: Outcome,
    /// Until when the server asked to be left alone.
    pub retry_at: Option<DateTime<Utc>>,
    /// The subscription by which a hub announces it.
    pub lease: Option<Lease>,
    /// When it was.
    pub now: DateTime<Utc>,
    /// A number that differs from source to source and from visit to visit.
    pub seed: u64,
}

/// The longest that anything waits for its next visit, but for what somebody visits less often.
pub fn longest(bounds: Bounds) -> Duration {
    // A dead source waits longest, and up to a tenth more; a feed may skip all days of a week.
    (bounds.max * (DEAD_INTERVALS + 1)).max(LONGEST_RETRY_AFTER) + Duration::from_hours(24 * 8)
}

/// Whether a source is to be visited now.
pub fn is_due(source: &Source, history: &History, now: DateTime<Utc>) -> bool {
    source.enabled && history.retired.is_none() && history.next_visit.is_none_or(|next| next <= now)
}

/// When the next visit is due.
pub fn next(done: &Done<'_>, bounds: Bounds) -> DateTime<Utc> {
    if done.outcome.is_success() {
        return after_success(done, bounds);
    }
    // A host that had enough says nothing about the source, which has waited long already.
    let failures = match done.outcome {
        Outcome::Busy => 1,
        _ => done.history.failures,
    };
    let wait = back_off(failures, bounds, done.seed);
    let next = done.now + wait;
    // What a server asks for counts above our own bounds, but not for ever.
    let latest = done.now + LONGEST_RETRY_AFTER;
    done.retry_at
        .map_or(next, |retry_at| next.max(retry_at.min(latest)))
}

fn after_success(done: &Done<'_>, bounds: Bounds) -> DateTime<Utc> {
    let &Done {
        source,
        history,
        now,
        ..
    } = done;
    if let Some(every) = source.every {
        return now + every - slack(every);
    }
    if let Some(lease) = done
        .lease
        .filter(|lease| lease.is_trusted && lease.ends > now)
    {
        let pace = ANNOUNCED.clamp(bounds.min, bounds.max);
        return (now + pace - slack(pace)).min(lease.ends);
    }
    let mut pace = rhythm(&history.instants, now).unwrap_or(bounds.max / VISITS_PER_ENTRY);
    if history.visits <= WATCHED {
        pace = pace.min(FIRST);
    }
    let pace = pace
        .max(stated(history.rhythm))
        .clamp(bounds.min, bounds.max);
    let next = skip(now + pace, history.rhythm);
    let next = if next == now + pace {
        next - slack(pace)
    } else {
        next
    };
    match history.fresh_until {
        Some(fresh_until) => next.max(skip(fresh_until.min(now + bounds.max), history.rhythm)),
        None => next,
    }
}

/// Cron comes at the same minute of each hour, but not at the same second: what would be due a
/// moment after it is due then.
fn slack(pace: Duration) -> Duration {
    Duration::from_mins(1).min(pace / 10)
}

/// Whether the feed wants not to be asked at this hour or on this day. One that was not asked for
/// long is asked all the same: perhaps the only hour at which we run is one of those.
pub fn is_excluded(history: &History, now: DateTime<Utc>, bounds: Bounds) -> bool {
    let starved = history
        .last_success
        .is_none_or(|last| (now - last).to_std().is_ok_and(|gap| gap > bounds.max * 2));
    !starved && skip(now, history.rhythm) != now
}

/// From when on the feed wants to be asked.
pub fn allowed(history: &History, now: DateTime<Utc>) -> DateTime<Utc> {
    skip(now, history.rhythm)
}

/// How long to wait between visits to see entries soon after they appear; none where nothing
/// tells.
fn rhythm(newest_first: &[DateTime<Utc>], now: DateTime<Utc>) -> Option<Duration> {
    let mut bursts: Vec<DateTime<Utc>> = Vec::new();
    for &instant in newest_first.iter().filter(|instant| **instant <= now) {
        if bursts.last().is_none_or(|last| *last - instant > TOGETHER) {
            bursts.push(instant);
        }
    }
    let silence = now - *bursts.first()?;
    let mut gaps: Vec<TimeDelta> = bursts
        .windows(2)
        .take(GAPS)
        .map(|pair| pair[0] - pair[1])
        .collect();
    gaps.sort_unstable();
    let usual = gaps.get(gaps.len() / 2).copied().unwrap_or(silence);
    // A source that fell silent is no longer what its last entries say.
    let gap = usual.max(silence / 2).to_std().ok()?;
    Some(gap / VISITS_PER_ENTRY)
}

/// The time between changes that the feed states: `ttl`, or `sy:updatePeriod` by
/// `sy:updateFrequency`.
fn stated(rhythm: Rhythm) -> Duration {
    let ttl = rhythm
        .ttl
        .map(|minutes| Duration::from_secs(u64::from(minutes) * 60));
    let period = rhythm
        .period
        .map(|seconds| Duration::from_secs(seconds) / rhythm.frequency.unwrap_or(1).max(1));
    ttl.max(period).unwrap_or_default()
}

/// The first instant from here on whose hour and day the feed does not exclude. One that excludes
/// every hour or every day says nothing.
fn skip(mut next: DateTime<Utc>, rhythm: Rhythm) -> DateTime<Utc> {
    const ALL_HOURS: u32 = (1 << 24) - 1;
    const ALL_DAYS: u8 = (1 << 7) - 1;
    let hours = rhythm.skip_hours & ALL_HOURS;
    let days = rhythm.skip_days & ALL_DAYS;
    let hours = if hours == ALL_HOURS { 0 } else { hours };
    let days = if days == ALL_DAYS { 0 } else { days };
    let excluded = |at: DateTime<Utc>| {
        hours >> at.hour() & 1 == 1 || days >> at.weekday().num_days_from_monday() & 1 == 1
    };
    for _ in 0..24 * 8 {
        if !excluded(next) {
            break;
        }
        let into_the_hour = TimeDelta::minutes(next.minute().into())
            + TimeDelta::seconds(next.second().into())
            + TimeDelta::nanoseconds(next.nanosecond().into());
        next = next + TimeDelta::hours(1) - into_the_hour;
    }
    next
}

/// The wait after so many failures in a row, up to a tenth shorter or longer.
fn back_off(failures: u32, bounds: Bounds, seed: u64) -> Duration {
    let doubled = failures.saturating_sub(1).min(16);
    let wait = (FIRST * 2_u32.pow(doubled)).clamp(bounds.min, bounds.max);
    let wait = if failures > DEAD {
        bounds.max * DEAD_INTERVALS
    } else {
        wait
    };
    // A thousandth of a tenth at a time is fine enough, and whole numbers are the same everywhere.
    let jitter = u32::try_from(fastrand::Rng::with_seed(seed).u64(0..=200)).unwrap_or(100);
    wait / 1000 * (900 + jitter)
}

#[cfg(test)]
mod tests;
