//! Decisions: made, and taken back. What holds on the command line holds in a browser.

use chrono::{DateTime, NaiveDate, NaiveTime, TimeDelta, TimeZone as _, Utc};
use chrono_tz::Tz;

use super::error::Error;
use crate::config::duration;
use crate::model::EntryId;
use crate::store::{self, Answer, Decision, Remembered, Store};

/// What is decided, before it is known on what.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verdict {
    /// The answer.
    pub answer: Answer,
    /// Who gives it.
    pub curator: Option<String>,
    /// What there is to say of it, Markdown.
    pub note: Option<String>,
    /// When something that is put off comes back.
    pub until: Option<DateTime<Utc>>,
}

/// A decision, and what held before it.
#[derive(Clone, Debug, PartialEq)]
pub struct Decided {
    /// On what.
    pub entry: Remembered,
    /// What holds now.
    pub decision: Decision,
    /// What held until now.
    pub before: Option<Decision>,
}

/// A decision that was taken back, and the one that holds again.
#[derive(Clone, Debug, PartialEq)]
pub struct Undone {
    /// On what.
    pub entry: Remembered,
    /// What holds no more.
    pub decision: Decision,
    /// What holds instead.
    pub holds: Option<Decision>,
}

/// Decides on entries, all or none. Who says yes twice does not take back what they said of it.
///
/// # Errors
///
/// Where the store cannot be read or written.
pub async fn decide(
    store: &Store,
    newsletter: &str,
    entries: Vec<Remembered>,
    verdict: &Verdict,
    now: DateTime<Utc>,
) -> Result<Vec<Decided>, store::Error> {
    let mut decided = Vec::with_capacity(entries.len());
    for entry in entries {
        let history = store.history_of(newsletter, entry.id).await?;
        let before = holding(&history).cloned();
        decided.push(Decided {
            decision: decision(verdict, entry.id, before.as_ref(), now),
            before,
            entry,
        });
    }
    let decisions: Vec<Decision> = decided.iter().map(|it| it.decision.clone()).collect();
    store.decide(newsletter, &decisions).await?;
    Ok(decided)
}

/// Takes back the decisions that hold on these entries.
///
/// # Errors
///
/// Where the store cannot be read or written.
pub async fn take_back(
    store: &Store,
    newsletter: &str,
    entries: Vec<Remembered>,
    now: DateTime<Utc>,
) -> Result<Vec<Undone>, store::Error> {
    let mut undone = Vec::new();
    for entry in entries {
        if let Some(decision) = store.undo(newsletter, entry.id, now).await? {
            let history = store.history_of(newsletter, entry.id).await?;
            undone.push(Undone {
                holds: holding(&history).cloned(),
                entry,
                decision,
            });
        }
    }
    Ok(undone)
}

/// The decision that holds, of all that were ever made.
pub fn holding(history: &[Decision]) -> Option<&Decision> {
    history.iter().rfind(|decision| decision.undone.is_none())
}

/// Whether a decision keeps an entry from being a candidate.
pub fn hides(decision: &Decision, now: DateTime<Utc>) -> bool {
    decision.answer != Answer::Later || decision.until.is_none_or(|until| until > now)
}

fn decision(
    verdict: &Verdict,
    entry: EntryId,
    before: Option<&Decision>,
    now: DateTime<Utc>,
) -> Decision {
    let said = before
        .filter(|before| before.answer == Answer::Accept && verdict.answer == Answer::Accept)
        .filter(|before| before.curator == verdict.curator)
        .and_then(|before| before.note.clone());
    Decision {
        entry,
        answer: verdict.answer,
        curator: verdict.curator.clone(),
        note: verdict.note.clone().or(said),
        until: verdict.until,
        at: now,
        undone: None,
    }
}

/// What somebody typed as a note; none where it is blank.
pub fn note(typed: &str) -> Option<String> {
    let note = typed.replace("\r\n", "\n");
    let note = note.trim();
    (!note.is_empty()).then(|| note.to_owned())
}

/// When something that was put off comes back: a length of time from now, or the start of a day.
///
/// # Errors
///
/// Where it is neither, or past; says what to write.
pub fn until(zone: Tz, when: &str, now: DateTime<Utc>) -> Result<DateTime<Utc>, Error> {
    let neither = || {
        Error::Refused(format!(
            "`{}` is neither a length of time nor a day\nhint: the last word says when it \
             comes back: `newsdesk later 12 2w`, `newsdesk later 12 2026-12-24`",
            when.escape_debug()
        ))
    };
    let until = if let Ok(day) = when.parse::<NaiveDate>() {
        start_of(zone, day)
    } else {
        let length = duration::parse(when).map_err(|_| neither())?;
        let length = TimeDelta::from_std(length).map_err(|_| neither())?;
        now.checked_add_signed(length).ok_or_else(neither)?
    };
    if until <= now {
        return Err(Error::Refused(format!(
            "`{when}` is past\nhint: name a day that is still to come"
        )));
    }
    Ok(until)
}

/// The instant at which a day starts where the newsletter is at home.
pub fn start_of(zone: Tz, day: NaiveDate) -> DateTime<Utc> {
    // A night in which clocks are put forward may have no midnight.
    let midnight = day.and_time(NaiveTime::MIN);
    let start = zone.from_local_datetime(&midnight).earliest();
    start.map_or_else(|| midnight.and_utc(), |start| start.to_utc())
}
