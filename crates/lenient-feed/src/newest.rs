//! The newest entries of a feed that has more than the bound, wherever they stand in it.

use chrono::{DateTime, Utc};

use super::dates::{Date, Order};
use super::repair::{Defect, Log};
use super::{Entry, limits};

/// An entry, with the other readings of its dates: month before day.
#[derive(Default)]
pub(super) struct Draft {
    pub(super) entry: Entry,
    pub(super) published: Option<DateTime<Utc>>,
    pub(super) updated: Option<DateTime<Utc>>,
}

/// How the dates of a document are written, as those that leave no choice show.
#[derive(Clone, Copy, Default)]
pub(super) struct Habit {
    day_first: usize,
    month_first: usize,
}

impl Habit {
    /// Counts a date.
    pub(super) fn note(&mut self, date: Date) {
        match date {
            Date::At(_, Order::DayFirst) => self.day_first += 1,
            Date::At(_, Order::MonthFirst) => self.month_first += 1,
            _ => {}
        }
    }
}

/// Entries in their order, the oldest left out where there are too many.
#[derive(Default)]
pub(super) struct Newest {
    kept: Vec<(DateTime<Utc>, Draft)>,
    pub(super) habit: Habit,
    /// The instant of the last entry that had one: those without are as old as their neighbors.
    last: Option<DateTime<Utc>>,
    left_out: usize,
}

impl Newest {
    pub(super) fn is_empty(&self) -> bool {
        self.kept.is_empty()
    }

    pub(super) fn len(&self) -> usize {
        self.kept.len() + self.left_out
    }

    /// Adds an entry.
    pub(super) fn push(&mut self, draft: Draft) {
        let entry = &draft.entry;
        let own = entry.published.or(entry.updated);
        let own = own.or_else(|| entry.is_old.then_some(DateTime::<Utc>::MIN_UTC));
        self.last = own.or(self.last);
        self.kept.push((self.last.unwrap_or_default(), draft));
        if self.kept.len() >= 2 * limits::ENTRIES {
            self.shrink();
        }
    }

    /// Leaves out the oldest, and of those that are of one instant the last.
    fn shrink(&mut self) {
        let over = self.kept.len().saturating_sub(limits::ENTRIES);
        if over == 0 {
            return;
        }
        self.left_out += over;
        let mut order: Vec<(DateTime<Utc>, usize)> = Vec::with_capacity(self.kept.len());
        let rank = |(index, (at, _)): (usize, &(DateTime<Utc>, Draft))| (*at, usize::MAX - index);
        order.extend(self.kept.iter().enumerate().map(rank));
        order.select_nth_unstable(over);
        let least = order[over];
        let mut index = 0;
        self.kept.retain(|(at, _)| {
            index += 1;
            (*at, usize::MAX - (index - 1)) >= least
        });
    }

    /// The entries, with the dates that their document's habit gives them.
    pub(super) fn finish(mut self, log: &mut Log) -> Vec<Entry> {
        self.shrink();
        if self.left_out > 0 {
            log.note_times(Defect::TooManyEntries, self.left_out);
        }
        let month_first = self.habit.month_first > self.habit.day_first;
        let entry = |draft: Draft| {
            let mut entry = draft.entry;
            if month_first {
                entry.published = draft.published.or(entry.published);
                entry.updated = draft.updated.or(entry.updated);
            }
            entry
        };
        self.kept
            .into_iter()
            .map(|(_, draft)| entry(draft))
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kept(dates: impl Iterator<Item = Option<i64>>) -> Vec<String> {
        let mut newest = Newest::default();
        for (number, date) in dates.enumerate() {
            let mut draft = Draft::default();
            draft.entry.id = number.to_string();
            draft.entry.published = date.and_then(|it| DateTime::from_timestamp(it, 0));
            newest.push(draft);
        }
        let mut log = Log::default();
        newest
            .finish(&mut log)
            .into_iter()
            .map(|it| it.id)
            .collect()
    }

    #[test]
    fn keeps_the_newest_wherever_they_stand() {
        let most = i64::try_from(limits::ENTRIES).unwrap();
        let oldest_first = kept((0..3 * most).map(|n| Some(86_400 * n)));
        assert_eq!(oldest_first.len(), limits::ENTRIES);
        assert_eq!(oldest_first[0], (2 * most).to_string());
        let newest_first = kept((0..3 * most).map(|n| Some(86_400 * (9 * most - n))));
        assert_eq!(
            (newest_first[0].as_str(), newest_first.len()),
            ("0", limits::ENTRIES)
        );
        let undated = kept((0..3 * most).map(|_| None));
        assert_eq!(undated.last(), Some(&(most - 1).to_string()));
    }
}
