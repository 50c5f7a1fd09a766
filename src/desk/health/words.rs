//! What is wrong with a source, in words, and what mends it.

use std::path::Path;

use crate::model::Outcome;
use crate::poll::health::{State, a_month, last_entry, moved_from};
use chrono::{DateTime, Utc};

use super::super::examined::Examined;
use super::super::shown::address;
use crate::feeds::shown;

/// So much is shown of what a server said.
const MESSAGE: usize = 240;

/// What to do about a document that is cut.
const CUT: &str = "where it is too long, `max_bytes` under its `[[source]]` lets more of it in; where it \
                   breaks off, its owner should know; what came of it is kept";

/// What mends a source.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Mend {
    /// A command, as it is pasted at a prompt.
    pub command: Option<String>,
    /// What else is to be done, or known before.
    pub hint: Option<String>,
}

/// Why a source is in its state; none where all is well.
pub fn why(row: &Examined, now: DateTime<Utc>) -> Option<String> {
    let known = &row.known;
    let day = |at: DateTime<Utc>| at.format("%Y-%m-%d").to_string();
    let double = || row.double.as_deref().unwrap_or("another source");
    let text = match row.state {
        State::Fine | State::Disabled => return None,
        State::New => "not visited yet".to_owned(),
        State::Moving => {
            let moved = known.history.moved.as_ref()?;
            format!(
                "its server says that it moved to {}; it is believed if it says so for some days",
                address(&moved.to)
            )
        }
        State::Moved => {
            let from = shown::address(moved_from(known)?);
            let is_wrong = if row.is_in_config() {
                ", and config.toml still has the old address"
            } else {
                ""
            };
            format!("moved here for good from {from}{is_wrong}")
        }
        State::Failing | State::Blocked | State::Walled => error(row)?,
        State::Cut => {
            let said = row.pulse.message.as_deref().map(shown::line);
            format!("cut at every visit: {}", said.unwrap_or_default())
        }
        State::Dead => {
            let error = error(row)?;
            match known.history.last_success {
                Some(last) => format!("no feed since {}: {error}", day(last)),
                None => error,
            }
        }
        State::NeverValid => format!("never was a feed: {}", error(row)?),
        State::Gone => {
            let since = known.history.retired.map(day).unwrap_or_default();
            format!("its server said on {since} that it will not come back (410)")
        }
        State::Idle => silence(row, now),
        State::Stuck => format!(
            "{}, and its server says nothing but \"not modified\" (304)",
            silence(row, now)
        ),
        State::Duplicate if known.twin.is_some() => {
            format!("moved to the address of {}", double())
        }
        State::Duplicate => {
            let (_, common, total) = row.pulse.twin?;
            format!(
                "{common} of its last {total} entries are in {} too",
                double()
            )
        }
        State::Noisy => format!(
            "{:.0} entries a month, more than all other sources together",
            a_month(&row.pulse)
        ),
    };
    Some(text)
}

/// The last error, and how often in a row there was one.
pub fn error(row: &Examined) -> Option<String> {
    let failures = row.known.history.failures;
    if failures == 0 {
        return None;
    }
    let said = row.pulse.message.as_deref().map(shown::line);
    // A pause and a success are no failure: what failed was before them.
    let outcome = row.pulse.recent.first().copied();
    let outcome = outcome.filter(|it| !it.is_success() && *it != Outcome::Paused);
    let said = said
        .filter(|said| !said.is_empty())
        .unwrap_or_else(|| outcome.map_or("no feed", Outcome::words).to_owned());
    let mut short: String = said.chars().take(MESSAGE).collect();
    if short.len() < said.len() {
        short.push('…');
    }
    Some(match failures {
        1 => short,
        times => format!("{short} ({times} times in a row)"),
    })
}

fn silence(row: &Examined, now: DateTime<Utc>) -> String {
    match last_entry(&row.known, now) {
        Some(last) => format!(
            "no entry for {} days, since {}: longer than its own rhythm",
            (now - last).num_days(),
            last.format("%Y-%m-%d")
        ),
        None => format!(
            "no entry since it was added on {}",
            row.known.added.format("%Y-%m-%d")
        ),
    }
}

/// What mends it: a command, as far as one does; config.toml is changed by hand.
pub fn mend(row: &Examined, config: Option<&Path>) -> Mend {
    let url = address(&row.known.source.url);
    let program = config.map_or_else(
        || "newsdesk".to_owned(),
        |path| format!("newsdesk --config {}", quoted(&path.to_string_lossy())),
    );
    let command = |words: &str| format!("{program} {words} {}", quoted(&url));
    let in_config = row.is_in_config();
    let (words, by_hand, hint) = match row.state {
        State::Moved if in_config => {
            let hint = format!("write `url = \"{url}\"` in config.toml");
            return Mend {
                command: None,
                hint: Some(hint),
            };
        }
        State::Failing => return Mend::with(command("poll"), "visits it at once"),
        State::Stuck => {
            let hint = "asks for the whole document at the next poll";
            return Mend::with(command("sources revive"), hint);
        }
        State::Cut => {
            return Mend {
                command: None,
                hint: Some(CUT.to_owned()),
            };
        }
        State::Blocked | State::Walled => ("sources disable", SWITCH_OFF, Some(ALLOW)),
        State::Idle | State::Noisy => ("sources disable", SWITCH_OFF, None),
        State::Dead | State::NeverValid => ("sources remove", TAKE_OUT, Some(FIND)),
        State::Gone | State::Duplicate => ("sources remove", TAKE_OUT, None),
        State::Fine | State::New | State::Disabled | State::Moving | State::Moved => {
            return Mend::default();
        }
    };
    let first = in_config.then_some(by_hand);
    let hints: Vec<&str> = first.into_iter().chain(hint).collect();
    Mend {
        command: (!in_config).then(|| command(words)),
        hint: (!hints.is_empty()).then(|| hints.join("; ")),
    }
}

/// What mends it, in words that end the sentence `To mend it: …`.
pub fn advice(row: &Examined) -> Option<String> {
    let Mend { command, hint } = mend(row, None);
    match (command, hint) {
        // What stands beside a command says what the command does.
        (Some(command), Some(hint)) if matches!(row.state, State::Failing | State::Stuck) => {
            Some(format!("{command} {hint}"))
        }
        (Some(command), None) => Some(command),
        (_, hint) => hint,
    }
}

const SWITCH_OFF: &str = "give it `enabled = false` in config.toml";
const TAKE_OUT: &str = "take it out of config.toml";
const ALLOW: &str = "if its server wants a key, give it a header under `[[source]]` in config.toml";
const FIND: &str =
    "`newsdesk sources add` with the address of its site finds where its feed is now, if anywhere";

impl Mend {
    fn with(command: String, hint: &str) -> Self {
        Self {
            command: Some(command),
            hint: Some(hint.to_owned()),
        }
    }
}

/// A word as a POSIX shell takes it for one, whatever is in it.
pub(super) fn quoted(word: &str) -> String {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~:/@%+=,".contains(&byte);
    if !word.is_empty() && !word.starts_with(['-', '~']) && word.bytes().all(is_plain) {
        return word.to_owned();
    }
    format!("'{}'", word.replace('\'', "'\\''"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commands_can_be_pasted() {
        assert_eq!(quoted("https://a.example/feed"), "https://a.example/feed");
        assert_eq!(
            quoted("https://a.example/?x=1&y=$(id)"),
            "'https://a.example/?x=1&y=$(id)'"
        );
        assert_eq!(
            quoted("https://a.example/'x;id'"),
            r"'https://a.example/'\''x;id'\'''"
        );
        assert_eq!(quoted("file:a b"), "'file:a b'");
        assert_eq!(quoted(""), "''");
    }
}
