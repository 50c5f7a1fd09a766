//! Small pictures in SVG: bars of counts over time. Each has a title and a description in words,
//! and stands beside a table that says the same.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use chrono::{Datelike as _, NaiveDate};

use crate::feeds::text::escape;

/// So many rows a chart has; what is less is added up in one.
const ROWS: usize = 8;

/// More periods than this would be too thin to see.
const PERIODS: usize = 36;

/// The height of a row of bars.
const HEIGHT: f64 = 28.0;

/// Counts of several sorts of things over the same periods.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Chart {
    /// What it shows: `kind`.
    pub(super) by: &'static str,
    /// The periods: `2025`, `March 2026`.
    pub(super) periods: Vec<String>,
    /// The rows, the largest first.
    pub(super) rows: Vec<Series>,
}

/// The counts of one sort of thing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Series {
    /// What it is.
    pub(super) name: String,
    /// How many there were in each period.
    pub(super) counts: Vec<u32>,
    /// How many there were in all.
    pub(super) total: u32,
    /// The bars.
    pub(super) svg: String,
}

impl Chart {
    /// Counts what happened on these days, by name.
    pub(super) fn of(by: &'static str, events: &[(NaiveDate, String)]) -> Self {
        let Some(span) = Span::of(events) else {
            return Self {
                by,
                ..Self::default()
            };
        };
        let mut counts: BTreeMap<&str, Vec<u32>> = BTreeMap::new();
        for (day, name) in events {
            let own = counts
                .entry(name)
                .or_insert_with(|| vec![0; span.periods.len()]);
            if let Some(count) = span.place(*day).and_then(|place| own.get_mut(place)) {
                *count += 1;
            }
        }
        let mut rows: Vec<Series> = counts
            .into_iter()
            .map(|(name, counts)| Series {
                name: name.to_owned(),
                total: counts.iter().sum(),
                counts,
                svg: String::new(),
            })
            .filter(|row| row.total > 0)
            .collect();
        rows.sort_by(|one, other| (other.total, &one.name).cmp(&(one.total, &other.name)));
        if rows.len() > ROWS {
            let rest = rows.split_off(ROWS - 1);
            rows.push(together(&rest, span.periods.len()));
        }
        let most = rows.iter().flat_map(|row| &row.counts).max();
        let most = most.copied().unwrap_or(1).max(1);
        for (number, row) in rows.iter_mut().enumerate() {
            let title = format!("{}: {}", row.name, row.total);
            let said: Vec<String> = span
                .periods
                .iter()
                .zip(&row.counts)
                .filter(|(_, count)| **count > 0)
                .map(|(period, count)| format!("{period}: {count}"))
                .collect();
            let id = format!("{by}-{number}");
            row.svg = bars(&id, (&title, &said.join(", ")), &row.counts, most);
        }
        Self {
            by,
            periods: span.periods,
            rows,
        }
    }
}

fn together(rest: &[Series], periods: usize) -> Series {
    let counts: Vec<u32> = (0..periods)
        .map(|place| rest.iter().map(|row| row.counts[place]).sum())
        .collect();
    Series {
        name: format!("{} others", rest.len()),
        total: counts.iter().sum(),
        counts,
        svg: String::new(),
    }
}

/// The periods from the first day to the last: months, or years where there would be too many.
struct Span {
    first: (i32, u32),
    months: u32,
    periods: Vec<String>,
}

impl Span {
    fn of(events: &[(NaiveDate, String)]) -> Option<Self> {
        let first = events.iter().map(|(day, _)| *day).min()?;
        let last = events.iter().map(|(day, _)| *day).max()?;
        let months = month(last) - month(first) + 1;
        if usize::try_from(months).is_ok_and(|months| months <= PERIODS) {
            let periods = (0..months).map(|at| {
                let at = month(first) + at;
                let day = u32::try_from(at.rem_euclid(12) + 1)
                    .ok()
                    .and_then(|month| NaiveDate::from_ymd_opt(at.div_euclid(12), month, 1));
                day.unwrap_or(first).format("%b %Y").to_string()
            });
            return Some(Self {
                first: (first.year(), first.month0()),
                months: 1,
                periods: periods.collect(),
            });
        }
        Some(Self {
            first: (first.year(), 0),
            months: 12,
            periods: (first.year()..=last.year())
                .map(|year| year.to_string())
                .collect(),
        })
    }

    fn place(&self, day: NaiveDate) -> Option<usize> {
        let first = i64::from(self.first.0) * 12 + i64::from(self.first.1);
        let at = i64::from(month(day)) - first;
        usize::try_from(at.div_euclid(i64::from(self.months))).ok()
    }
}

/// A month, counted from the year 0.
fn month(day: NaiveDate) -> i32 {
    day.year() * 12 + i32::try_from(day.month0()).unwrap_or(0)
}

/// A row of bars, one for each count; the highest possible is `most`.
fn bars(id: &str, (title, said): (&str, &str), counts: &[u32], most: u32) -> String {
    let mut svg = format!(
        "<svg class=\"bars\" role=\"img\" viewBox=\"0 0 {} {HEIGHT}\" preserveAspectRatio=\"none\" \
         aria-labelledby=\"{id}-t {id}-d\"><title id=\"{id}-t\">{}</title>\
         <desc id=\"{id}-d\">{}</desc>",
        counts.len() * 10,
        escape(title),
        escape(said)
    );
    for (place, count) in counts.iter().enumerate().filter(|(_, count)| **count > 0) {
        let height = f64::from(*count) / f64::from(most) * HEIGHT;
        let height = height.max(1.0);
        let _ = write!(
            svg,
            "<rect x=\"{}\" y=\"{:.1}\" width=\"8\" height=\"{height:.1}\"/>",
            place * 10 + 1,
            HEIGHT - height
        );
    }
    svg.push_str("</svg>");
    svg
}

/// The entries of a source's last weeks as a row of bars.
pub(super) fn rhythm(id: i64, name: &str, weeks: &[u32]) -> String {
    let most = weeks.iter().max().copied().unwrap_or(0).max(1);
    let total: u32 = weeks.iter().sum();
    let title = format!("{name}: {total} entries in {} weeks", weeks.len());
    let busy = weeks.iter().filter(|count| **count > 0).count();
    let last = weeks.iter().rev().take_while(|count| **count == 0).count();
    let desc = match (total, last) {
        (0, _) => "none".to_owned(),
        (_, 0) => format!("in {busy} of them, also in this one"),
        (_, 1) => format!("in {busy} of them, the last a week ago"),
        (_, last) => format!("in {busy} of them, the last {last} weeks ago"),
    };
    bars(&format!("rhythm-{id}"), (&title, &desc), weeks, most)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn events(list: &[(&str, &str)]) -> Vec<(NaiveDate, String)> {
        list.iter()
            .map(|(day, name)| (day.parse().unwrap(), (*name).to_owned()))
            .collect()
    }

    #[test]
    fn counts_by_month_where_there_are_few() {
        let chart = Chart::of(
            "kind",
            &events(&[
                ("2026-01-05", "post"),
                ("2026-01-20", "post"),
                ("2026-03-01", "paper"),
                ("2026-03-02", "post"),
            ]),
        );
        assert_eq!(chart.periods, ["Jan 2026", "Feb 2026", "Mar 2026"]);
        assert_eq!(chart.rows[0].counts, [2, 0, 1]);
        assert_eq!(
            (chart.rows[1].name.as_str(), chart.rows[1].total),
            ("paper", 1)
        );
        insta::assert_snapshot!(chart.rows[1].svg, @r#"<svg class="bars" role="img" viewBox="0 0 30 28" preserveAspectRatio="none" aria-labelledby="kind-1-t kind-1-d"><title id="kind-1-t">paper: 1</title><desc id="kind-1-d">Mar 2026: 1</desc><rect x="21" y="14.0" width="8" height="14.0"/></svg>"#);
    }

    #[test]
    fn counts_by_year_where_there_are_many() {
        let chart = Chart::of(
            "curator",
            &events(&[("2020-06-01", "Ada"), ("2024-01-01", "Ben")]),
        );
        assert_eq!(chart.periods, ["2020", "2021", "2022", "2023", "2024"]);
        assert_eq!(chart.rows[1].counts, [0, 0, 0, 0, 1]);
    }

    #[test]
    fn adds_up_what_is_less() {
        let list: Vec<(NaiveDate, String)> = (0..12)
            .map(|number| ("2026-01-01".parse().unwrap(), format!("site {number:02}")))
            .collect();
        let chart = Chart::of("source", &list);
        assert_eq!(chart.rows.len(), ROWS);
        assert_eq!(chart.rows[ROWS - 1].name, "5 others");
        assert_eq!(chart.rows[ROWS - 1].total, 5);
        assert!(Chart::of("source", &[]).rows.is_empty());
    }

    #[test]
    fn a_name_is_nothing_but_a_name() {
        let svg = rhythm(3, "<script>\"&", &[0, 2, 0]);
        assert!(svg.contains("&lt;script&gt;"), "{svg}");
        assert!(svg.contains("in 1 of them, the last a week ago"), "{svg}");
    }
}
