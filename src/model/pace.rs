//! How often a host may be asked, as its refusals taught: one request, then a rest.

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};

/// A longer rest is a pause, and teaches nothing.
const LONGEST: Duration = Duration::from_mins(10);

/// The first guess, where a host does not say.
const FIRST: Duration = Duration::from_secs(10);

/// After so long without a refusal, half of the rest is tried.
const TRIED: TimeDelta = TimeDelta::days(1);

/// How often a host may be asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pace {
    /// The rest between two requests.
    pub spacing: Duration,
    /// When that was learned.
    pub learned: DateTime<Utc>,
}

impl Pace {
    /// What a refusal teaches: `says` is until when the host wants to be left alone, by its own word.
    pub fn refused(
        before: Option<Self>,
        says: Option<DateTime<Utc>>,
        now: DateTime<Utc>,
    ) -> Option<Self> {
        let said = says.and_then(|until| (until - now).to_std().ok());
        let doubled = before.map_or(FIRST, |pace| pace.spacing * 2);
        let spacing = match said {
            Some(said) if said > LONGEST => return before,
            Some(said) => said,
            None => doubled.min(LONGEST),
        };
        Some(Self {
            spacing,
            learned: now,
        })
    }

    /// What an answer teaches: after a while without a refusal less rest will do, or none.
    pub fn answered(self, now: DateTime<Utc>) -> Option<Self> {
        if now - self.learned < TRIED {
            return Some(self);
        }
        let spacing = self.spacing / 2;
        (spacing >= Duration::from_secs(1)).then_some(Self {
            spacing,
            learned: now,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(seconds, 0).unwrap()
    }

    fn pace(seconds: u64, learned: i64) -> Pace {
        Pace {
            spacing: Duration::from_secs(seconds),
            learned: at(learned),
        }
    }

    #[test]
    fn learns_from_refusals() {
        let said = Pace::refused(None, Some(at(60)), at(0));
        assert_eq!(said, Some(pace(60, 0)));
        let guessed = Pace::refused(None, None, at(0));
        assert_eq!(guessed, Some(pace(10, 0)));
        assert_eq!(Pace::refused(guessed, None, at(5)), Some(pace(20, 5)));
        let most = Pace::refused(Some(pace(600, 0)), None, at(5));
        assert_eq!(most, Some(pace(600, 5)));
        // Six hours are a pause.
        assert_eq!(Pace::refused(None, Some(at(21_600)), at(0)), None);
    }

    #[test]
    fn tries_less_after_a_day() {
        assert_eq!(pace(60, 0).answered(at(3_600)), Some(pace(60, 0)));
        assert_eq!(pace(60, 0).answered(at(86_400)), Some(pace(30, 86_400)));
        assert_eq!(pace(1, 0).answered(at(86_400)), None);
    }
}
