//! The health of sources as a table on a terminal, as lines in a mail, and as JSON.

use std::fmt::Write as _;
use std::path::Path;

use chrono::{DateTime, Utc};
use newsdesk::poll::health::{State, WEEKS, a_month, last_entry, moved_from};
use serde_json::{Value, json};
use unicode_width::{UnicodeWidthChar as _, UnicodeWidthStr as _};

use super::{address, shown, title};
use crate::commands::instant;
use newsdesk::desk::examined::Examined;
use newsdesk::desk::health::words::{Mend, error, mend, why};

/// The heights of a sparkline; a week without entries is the lowest.
const BARS: [char; 8] = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];

/// Terminals narrower than this have no room for the sparkline.
const WIDE: usize = 90;
/// Nor, narrower than this, for the last good visit and the entries a month.
const MIDDLING: usize = 60;

/// What is said of a server that is wrong about its own documents.
const UNRELIABLE: &str = "its server says \"not modified\" (304) of what it has changed: it is asked for \
                          the whole document each time";

/// What all rows are shown with.
pub(super) struct Show<'a> {
    pub(super) now: DateTime<Utc>,
    /// The configuration that commands have to name, if it is not the usual one.
    pub(super) config: Option<&'a Path>,
}

impl Show<'_> {
    /// For a terminal of this width: a table, and below it what is wrong and what mends it.
    pub(super) fn table(&self, rows: &[Examined], width: usize) -> String {
        if rows.is_empty() {
            return String::new();
        }
        let room = Room::of(rows, width);
        let mut text = room.line([
            "state",
            "source",
            "last good",
            "fails",
            "a month",
            "26 weeks",
        ]);
        for row in rows {
            text.push_str(&room.line([
                row.state.name(),
                &name(row),
                &last_good(row),
                &row.known.history.failures.to_string(),
                &format!("{:.1}", a_month(&row.pulse)),
                &sparkline(&row.pulse.weeks),
            ]));
        }
        for row in rows.iter().filter(|row| row.is_wrong) {
            let _ = writeln!(text, "\n{}", address(&row.known.source.url));
            for reason in self.reasons(row) {
                // A command is pasted, so it stays on one line.
                if reason.starts_with("mend: ") {
                    let _ = writeln!(text, "  {reason}");
                } else {
                    text.push_str(&shown::wrapped(&reason, 2, width));
                }
            }
        }
        text
    }

    /// For a mail or a script: each source with what is to be said of it, a line each.
    pub(super) fn text(&self, rows: &[Examined]) -> String {
        let mut text = String::new();
        for row in rows {
            let url = address(&row.known.source.url).replace(' ', "%20");
            let _ = write!(text, "{:<11}  {url}", row.state.name());
            if let Some(title) = title(&row.known) {
                let _ = write!(text, "  {title}");
            }
            let _ = write!(
                text,
                "\n    last good {}, {:.1} entries a month",
                last_good(row),
                a_month(&row.pulse)
            );
            if let Some(last) = last_entry(&row.known, self.now) {
                let _ = write!(text, ", last entry {}", day(last));
            }
            text.push('\n');
            for reason in self.reasons(row) {
                let _ = writeln!(text, "    {reason}");
            }
        }
        text
    }

    /// Why it is in its state, what mends it, and what to know of that.
    fn reasons(&self, row: &Examined) -> Vec<String> {
        let Mend { command, hint } = mend(row, self.config);
        let mut reasons: Vec<String> = why(row, self.now).into_iter().collect();
        if row.is_wrong {
            reasons.extend(command.map(|command| format!("mend: {command}")));
            reasons.extend(hint.map(|hint| format!("hint: {hint}")));
        }
        if row.known.history.is_unreliable {
            reasons.push(UNRELIABLE.to_owned());
        }
        reasons.extend(self.announced(row));
        reasons
    }

    /// By which hub it is announced, or why it is not.
    fn announced(&self, row: &Examined) -> Option<String> {
        let subscription = row.subscription.as_ref()?;
        let hub = address(&subscription.hub);
        match (subscription.since, subscription.ends) {
            (Some(since), Some(ends)) if ends > self.now => Some(format!(
                "announced by {hub} since {}, until {}",
                day(since),
                day(ends)
            )),
            _ => {
                let message = subscription.message.as_deref()?;
                Some(format!("not announced by {hub}: {}", shown::line(message)))
            }
        }
    }

    /// The documented shape of `sources health --json`: a list of objects with these keys, null
    /// where there is nothing to say.
    ///
    /// - `url`, `title`, `origin` (`config`, `added`, `discovered`), `tags`
    /// - `state`: `fine`, `new`, `disabled`, `moving`, `moved`, `failing`, `dead`, `never-valid`,
    ///   `blocked`, `walled`, `cut`, `gone`, `idle`, `stuck`, `duplicate` or `noisy`; `wrong`: whether somebody
    ///   should do something; `why`: in words; `mend`: a command; `hint`: what else
    /// - `last_visit`, `last_success`, `last_entry`, `next_visit`: RFC 3339, UTC
    /// - `outcome`: of the last visit, as `poll --json` has it; `failures` in a row; `error`: the
    ///   last one in words
    /// - `entries_a_month`, and `weeks`: the entries of each of the last 26 weeks, this one last
    /// - `hub`: who is asked to announce it; `announced_since`, `announced_until`: RFC 3339, where
    ///   it does
    /// - `moved_from`: the old address, without its scheme; `moving_to`; `duplicate_of`
    pub(super) fn json(&self, row: &Examined) -> Value {
        let history = &row.known.history;
        let Mend { command, hint } = mend(row, self.config);
        let moving = history
            .moved
            .as_ref()
            .filter(|_| row.state == State::Moving);
        let double = row
            .double
            .as_ref()
            .filter(|_| row.state == State::Duplicate);
        let subscription = row.subscription.as_ref();
        let holds = subscription.filter(|it| it.ends.is_some_and(|ends| ends > self.now));
        json!({
            "url": address(&row.known.source.url),
            "title": title(&row.known),
            "origin": row.known.source.origin,
            "tags": row.known.source.tags,
            "state": row.state.name(),
            "wrong": row.is_wrong,
            "why": why(row, self.now),
            "mend": command.filter(|_| row.is_wrong),
            "hint": hint.filter(|_| row.is_wrong),
            "last_visit": history.last_visit.map(instant),
            "last_success": history.last_success.map(instant),
            "last_entry": last_entry(&row.known, self.now).map(instant),
            "next_visit": history.next_visit.map(instant),
            "outcome": row.pulse.recent.first(),
            "failures": history.failures,
            "error": error(row),
            "entries_a_month": (a_month(&row.pulse) * 10.0).round() / 10.0,
            "weeks": row.pulse.weeks,
            "hub": subscription.map(|it| address(&it.hub)),
            "announced_since": holds.and_then(|it| it.since).map(instant),
            "announced_until": holds.and_then(|it| it.ends).map(instant),
            "moved_from": moved_from(&row.known).map(shown::address),
            "moving_to": moving.map(|moved| address(&moved.to)),
            "duplicate_of": double,
        })
    }
}

/// How wide the columns are; 0 for one that there is no room for.
struct Room([usize; 6]);

impl Room {
    fn of(rows: &[Examined], width: usize) -> Self {
        let mut columns = [11, 0, 10, 5, 7, 26];
        if width < WIDE {
            columns[5] = 0;
        }
        if width < MIDDLING {
            (columns[2], columns[4]) = (0, 0);
        }
        // Two spaces after each of the others.
        let taken = columns.iter().filter(|it| **it > 0).map(|it| it + 2).sum();
        let longest = rows.iter().map(|row| name(row).width()).max().unwrap_or(0);
        columns[1] = longest.clamp(6, width.saturating_sub(taken).max(12));
        Self(columns)
    }

    fn line(&self, cells: [&str; 6]) -> String {
        let mut line = String::new();
        for (number, (cell, width)) in cells.into_iter().zip(self.0).enumerate() {
            if width == 0 {
                continue;
            }
            let cell = clipped(cell, width);
            let spaces = " ".repeat(width.saturating_sub(cell.width()));
            // Numbers stand at the right.
            if matches!(number, 3 | 4) {
                line.push_str(&spaces);
                line.push_str(&cell);
                line.push_str("  ");
            } else {
                line.push_str(&cell);
                line.push_str(&spaces);
                line.push_str("  ");
            }
        }
        format!("{}\n", line.trim_end())
    }
}

fn name(row: &Examined) -> String {
    title(&row.known).unwrap_or_else(|| address(&row.known.source.url))
}

fn last_good(row: &Examined) -> String {
    let last = row.known.history.last_success;
    last.map_or_else(|| "never".to_owned(), day)
}

fn day(at: DateTime<Utc>) -> String {
    at.format("%Y-%m-%d").to_string()
}

/// A bar for each week, the highest for the fullest.
fn sparkline(weeks: &[u32]) -> String {
    let most = u64::from(weeks.iter().copied().max().unwrap_or(0).max(1));
    let skip = weeks.len().saturating_sub(WEEKS as usize);
    let bar = |count: &u32| {
        let height = (u64::from(*count) * 7).div_ceil(most);
        BARS[usize::try_from(height).unwrap_or(0).min(7)]
    };
    weeks[skip..].iter().map(bar).collect()
}

/// The beginning of a text, where it is longer than there is room.
fn clipped(text: &str, width: usize) -> String {
    if text.width() <= width {
        return text.to_owned();
    }
    let mut clipped = String::new();
    let mut here = 1;
    for character in text.chars() {
        here += character.width().unwrap_or(0);
        if here > width {
            break;
        }
        clipped.push(character);
    }
    clipped.push('…');
    clipped
}

#[cfg(test)]
mod tests;
