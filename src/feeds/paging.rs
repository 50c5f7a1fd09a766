//! Which entries stand in which document of a feed (RFC 5005, section 4).
//!
//! The subscription document holds the newest entries. Every entry also has its place in one
//! part of the archive: parts hold one year's entries, oldest first, and no more than the limits
//! allow. A part is closed when the next one has begun; only then is it an archive document that
//! never changes again, so only closed parts are what `prev-archive` leads to. The open part is
//! always within the subscription document, because both have the same limits; it is published
//! all the same, so that the `next-archive` of the last closed part leads somewhere. A feed whose
//! subscription document holds every entry needs no archive yet.

use std::ops::Range;

/// What paging has to know of an entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sized {
    /// The year it appeared in.
    pub year: i32,
    /// Its size in bytes, in the format in which it is largest.
    pub size: usize,
}

/// The documents of one feed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Layout {
    /// How many of the newest entries stand in the subscription document.
    pub current: usize,
    /// The parts of the archive, oldest first.
    pub parts: Vec<Part>,
}

/// One part of the archive.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// Its folder's name: `2021`, and `2021-2` where a year needs several.
    pub name: String,
    /// Its entries, as a range of the list that is newest first.
    pub entries: Range<usize>,
    /// Whether it never changes again.
    pub closed: bool,
}

/// Room for what stands around the entries of a document.
const FRAME: usize = 8 * 1024;

/// Lays out `entries`, which are newest first.
pub fn lay_out(entries: &[Sized], limit: usize, max_bytes: usize) -> Layout {
    let room = max_bytes.saturating_sub(FRAME);
    Layout {
        current: fitting(entries.iter(), limit, room),
        parts: parts(entries, limit, room),
    }
}

/// How many of the entries fit, in their order; one always does.
fn fitting<'a>(entries: impl Iterator<Item = &'a Sized>, limit: usize, room: usize) -> usize {
    let mut bytes = 0_usize;
    entries
        .take(limit)
        .enumerate()
        .take_while(|(at, entry)| {
            bytes = bytes.saturating_add(entry.size);
            *at == 0 || bytes <= room
        })
        .count()
}

fn parts(entries: &[Sized], limit: usize, room: usize) -> Vec<Part> {
    let mut parts: Vec<Part> = Vec::new();
    let mut of_year = 0;
    let mut end = entries.len();
    while end > 0 {
        let year = entries[end - 1].year;
        let same_year = entries[..end]
            .iter()
            .rev()
            .take_while(|entry| entry.year == year);
        let start = end - fitting(same_year, limit, room);
        let previous_year = entries.get(end).map(|entry| entry.year);
        of_year = if previous_year == Some(year) {
            of_year + 1
        } else {
            1
        };
        let name = if of_year == 1 {
            year.to_string()
        } else {
            format!("{year}-{of_year}")
        };
        parts.push(Part {
            name,
            entries: start..end,
            closed: start > 0,
        });
        end = start;
    }
    parts
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn names(layout: &Layout) -> Vec<(&str, Range<usize>, bool)> {
        layout
            .parts
            .iter()
            .map(|part| (part.name.as_str(), part.entries.clone(), part.closed))
            .collect()
    }

    fn entries(years: &[i32]) -> Vec<Sized> {
        years
            .iter()
            .map(|&year| Sized { year, size: 100 })
            .collect()
    }

    #[test]
    fn parts_end_with_the_year_or_when_full() {
        let layout = lay_out(&entries(&[2022, 2021, 2021, 2021, 2020]), 2, 1 << 20);
        assert_eq!(layout.current, 2);
        assert_eq!(
            names(&layout),
            [
                ("2020", 4..5, true),
                ("2021", 2..4, true),
                ("2021-2", 1..2, true),
                ("2022", 0..1, false),
            ]
        );
    }

    #[test]
    fn bytes_bound_documents_too() {
        let mut large = entries(&[2022; 6]);
        large[2].size = 1 << 20;
        let layout = lay_out(&large, 10, FRAME + 250);
        assert_eq!(layout.current, 2);
        assert_eq!(
            names(&layout),
            [
                ("2022", 4..6, true),
                ("2022-2", 3..4, true),
                ("2022-3", 2..3, true),
                ("2022-4", 0..2, false),
            ]
        );
    }

    #[test]
    fn an_empty_feed_has_no_archive() {
        assert_eq!(
            lay_out(&[], 5, 1000),
            Layout {
                current: 0,
                parts: vec![]
            }
        );
    }

    proptest! {
        #[test]
        fn nothing_is_lost_and_closed_parts_stay(
            mut years in proptest::collection::vec((2000_i32..2006, 1_usize..400), 1..60),
            limit in 1_usize..8,
            room in 1_usize..1500,
        ) {
            years.sort_unstable_by_key(|entry| std::cmp::Reverse(entry.0));
            let list: Vec<Sized> =
                years.iter().map(|&(year, size)| Sized { year, size }).collect();
            let whole = lay_out(&list, limit, FRAME + room);
            // Every entry stands in one part; the open part stands in the subscription document.
            let mut next = list.len();
            for part in &whole.parts {
                prop_assert_eq!(part.entries.end, next);
                next = part.entries.start;
            }
            prop_assert_eq!(next, 0);
            let open: Vec<&Part> = whole.parts.iter().filter(|part| !part.closed).collect();
            prop_assert_eq!(open.len(), 1);
            prop_assert!(open[0].entries.end <= whole.current);
            // One more entry leaves closed parts as they were.
            let before = lay_out(&list[1..], limit, FRAME + room);
            for (old, new) in before.parts.iter().zip(&whole.parts) {
                if old.closed {
                    prop_assert_eq!(old.entries.start + 1..old.entries.end + 1, new.entries.clone());
                    prop_assert_eq!(&old.name, &new.name);
                }
            }
        }
    }
}
