//! `newsdesk evaluate`: how well the ranking predicts what curators picked, over files.

use std::collections::{BTreeMap, HashMap};
use std::fmt::Write as _;
use std::io::Read as _;
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use chrono::{DateTime, NaiveDate, Utc};
use newsdesk::disk::{self, Durability};
use newsdesk::suggest::evaluate::{
    Baseline, Cold, Filed, Line, PARTS, Ranker, Replay, Scored, Table, cold, difference, filed,
    mean, reliability, replay,
};
use newsdesk::suggest::{Item, Pick};
use rayon::prelude::*;
use serde::{Deserialize, Serialize};

/// Measures how well the ranking predicts what curators picked out of a pool, issue by issue
#[derive(Debug, clap::Args)]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of its own")]
pub(super) struct Args {
    /// What was available: JSON lines, also gzipped; several files are joined
    #[arg(long, value_name = "FILE", required_unless_present = "sections", num_args = 1..)]
    pool: Vec<PathBuf>,
    /// What was picked: JSON lines, also gzipped; several files are joined
    #[arg(long, value_name = "FILE", required = true, num_args = 1..)]
    picks: Vec<PathBuf>,
    /// Only this newsletter
    #[arg(long, value_name = "NAME")]
    newsletter: Option<String>,
    /// Only issues of this day and later; earlier ones are learned from all the same
    #[arg(long, value_name = "DAY")]
    from: Option<NaiveDate>,
    /// Only issues up to this day
    #[arg(long, value_name = "DAY")]
    to: Option<NaiveDate>,
    /// Write a row for every candidate: issue, id, score
    #[arg(long, value_name = "FILE")]
    scores: Option<PathBuf>,
    /// Take a part of the learner away, and show what the whole is worth beside it; as often as
    /// wanted
    #[arg(long, value_name = "PART")]
    without: Vec<String>,
    /// Leave out the simple rankers that it is compared with
    #[arg(long)]
    alone: bool,
    /// Measure a store that begins the day before an issue, with what feeds hold on that day, and the
    /// issues that follow
    #[arg(long, conflicts_with_all = ["without", "scores"])]
    cold: bool,
    /// Measure how well the headings are foretold under which readings stand
    #[arg(long, conflicts_with_all = ["without", "scores", "cold"])]
    sections: bool,
    /// Leave out the readings under this heading; as often as wanted
    #[arg(long, value_name = "HEADING", requires = "sections")]
    leave_out: Vec<String>,
    /// Print one JSON object
    #[arg(long)]
    json: bool,
}

/// A row of a pool.
#[derive(Deserialize)]
struct PoolRow {
    id: String,
    #[serde(default)]
    title: String,
    #[serde(default)]
    summary: Option<String>,
    #[serde(default)]
    url: Option<String>,
    published: String,
    #[serde(default)]
    source: Option<String>,
    #[serde(default)]
    authors: Vec<String>,
    #[serde(default)]
    tags: Vec<String>,
}

/// A row of picks; a row that names no newsletter says more of one that does.
#[derive(Deserialize)]
struct PickRow {
    #[serde(default)]
    newsletter: Option<String>,
    issue: String,
    #[serde(default)]
    rank: Option<u32>,
    #[serde(default)]
    id: Option<String>,
    #[serde(default)]
    url: Option<String>,
    #[serde(default)]
    title: String,
    #[serde(default)]
    description: Option<String>,
    #[serde(default, alias = "category")]
    section: Option<String>,
}

/// Replays every newsletter and prints how well its picks were predicted.
pub(super) fn run(args: &Args) -> anyhow::Result<super::Found> {
    let items = pool(&args.pool)?;
    let mut newsletters = picks(&args.picks)?;
    if let Some(wanted) = &args.newsletter {
        newsletters.retain(|name, _| name == wanted);
        anyhow::ensure!(
            !newsletters.is_empty(),
            "no picks of `{wanted}`\nhint: it must be written as the rows have it"
        );
    }
    if args.sections {
        return measure_sections(&newsletters, args);
    }
    let found: Vec<anyhow::Result<Vec<Table>>> = newsletters
        .par_iter()
        .map(|(name, picks)| tables(name, picks, &items, args))
        .collect();
    let found: Vec<Vec<Table>> = found.into_iter().collect::<anyhow::Result<_>>()?;
    let tables: Vec<Table> = found.into_iter().flatten().collect();
    if let Some(path) = &args.scores {
        let mut rows = String::new();
        for table in &tables {
            write_scores(&mut rows, &items, &table.scored)?;
        }
        disk::replace(path, rows.as_bytes(), Durability::Lasting)
            .with_context(|| format!("cannot write `{}`", path.display()))?;
    }
    if args.json {
        super::print(&format!(
            "{}\n",
            serde_json::json!({ "newsletters": tables })
        ))?;
    } else {
        for table in &tables {
            super::print(&table.text())?;
        }
    }
    Ok(super::Found::Nothing)
}

/// Prints how well headings are foretold.
fn measure_sections(
    newsletters: &BTreeMap<String, Vec<Pick>>,
    args: &Args,
) -> anyhow::Result<super::Found> {
    let found: Vec<Filed> = newsletters
        .iter()
        .map(|(name, picks)| {
            let is_left_out = |name: &String| args.leave_out.contains(name);
            let stays = |pick: &&Pick| !pick.section.as_ref().is_some_and(is_left_out);
            let picks: Vec<Pick> = picks.iter().filter(stays).cloned().collect();
            filed(name, &picks, days(args))
        })
        .collect();
    if args.json {
        super::print(&format!("{}\n", serde_json::json!({ "sections": found })))?;
    } else {
        for own in &found {
            super::print(&own.text())?;
        }
    }
    Ok(super::Found::Nothing)
}

/// The days of the issues that are measured.
fn days(args: &Args) -> (i32, i32) {
    (
        args.from.map_or(i32::MIN / 2, day_number),
        args.to.map_or(i32::MAX / 2, day_number),
    )
}

/// The stores of [`cold`], for people: a row for each ranker, a column for each issue after the
/// start.
fn cold_tables(name: &str, what: &Replay<'_>) -> Vec<Table> {
    let found: Vec<(Cold, _)> = Cold::ALL
        .into_iter()
        .map(|ranker| (ranker, cold(what, ranker)))
        .collect();
    let which = ["first", "second", "third"];
    (0..which.len())
        .map(|at| Table {
            newsletter: format!("{name}, {} issue after a cold start", which[at]),
            issues: found[0].1[at].len(),
            rankers: found
                .iter()
                .map(|(ranker, issues)| Line {
                    ranker: ranker.name().to_owned(),
                    mean: mean(&issues[at]),
                })
                .collect(),
            chances: None,
            scored: Vec::new(),
        })
        .collect()
}

fn tables(name: &str, picks: &[Pick], items: &[Item], args: &Args) -> anyhow::Result<Vec<Table>> {
    let what = Replay {
        items,
        picks,
        window_days: 14,
        least_picks: 40,
        days: days(args),
    };
    if args.cold {
        return Ok(cold_tables(name, &what));
    }
    let unknown =
        |part: String| anyhow::anyhow!("no part `{part}`\nhint: there are {}", PARTS.join(", "));
    let scored = replay(&what, Ranker::Learner(&args.without)).map_err(unknown)?;
    let mut rankers = vec![Line {
        ranker: "newsdesk".to_owned(),
        mean: mean(&scored),
    }];
    if !args.without.is_empty() {
        let whole = replay(&what, Ranker::Learner(&[])).map_err(unknown)?;
        rankers.push(Line {
            ranker: "with all parts".to_owned(),
            mean: mean(&whole),
        });
        rankers.push(Line {
            ranker: "difference, issue by issue".to_owned(),
            mean: difference(&whole, &scored),
        });
    }
    if !args.alone {
        let others: Vec<Line> = Baseline::ALL
            .par_iter()
            .map(|baseline| {
                let scored = replay(&what, Ranker::Baseline(*baseline)).map_err(unknown)?;
                Ok(Line {
                    ranker: baseline.name().to_owned(),
                    mean: mean(&scored),
                })
            })
            .collect::<anyhow::Result<_>>()?;
        rankers.extend(others);
    }
    Ok(vec![Table {
        newsletter: name.to_owned(),
        issues: scored.len(),
        rankers,
        chances: reliability(&scored),
        scored,
    }])
}

fn day_number(day: NaiveDate) -> i32 {
    i32::try_from(day.and_time(chrono::NaiveTime::MIN).and_utc().timestamp() / 86_400).unwrap_or(0)
}

#[derive(Serialize)]
struct ScoreRow<'a> {
    issue: String,
    id: &'a str,
    score: f64,
}

fn write_scores(rows: &mut String, items: &[Item], scored: &[Scored]) -> anyhow::Result<()> {
    for one in scored {
        let instant = DateTime::<Utc>::from_timestamp(i64::from(one.day) * 86_400, 0);
        let issue = instant.unwrap_or_default().date_naive().to_string();
        for (item, score) in one.candidates.iter().zip(&one.scores) {
            let row = ScoreRow {
                issue: issue.clone(),
                id: &items[*item].key,
                score: *score,
            };
            writeln!(rows, "{}", serde_json::to_string(&row)?)?;
        }
    }
    Ok(())
}

/// A file's text, unpacked where it is gzipped.
fn text(path: &Path) -> anyhow::Result<String> {
    let cannot = || format!("cannot read `{}`", path.display());
    let bytes = std::fs::read(path).with_context(cannot)?;
    if !bytes.starts_with(&[0x1f, 0x8b]) {
        return String::from_utf8(bytes).with_context(cannot);
    }
    let mut text = String::new();
    flate2::read::MultiGzDecoder::new(bytes.as_slice())
        .read_to_string(&mut text)
        .with_context(cannot)?;
    Ok(text)
}

/// The rows of a file.
fn rows<T: serde::de::DeserializeOwned>(path: &Path) -> anyhow::Result<Vec<T>> {
    let text = text(path)?;
    let mut rows = Vec::new();
    for (number, line) in (1..).zip(text.lines()) {
        if !line.trim().is_empty() {
            let row = serde_json::from_str(line)
                .with_context(|| format!("{}:{number}: not a row of this sort", path.display()))?;
            rows.push(row);
        }
    }
    Ok(rows)
}

/// An instant, written as a day or as RFC 3339 does.
fn instant(text: &str) -> anyhow::Result<DateTime<Utc>> {
    if let Ok(instant) = DateTime::parse_from_rfc3339(text) {
        return Ok(instant.with_timezone(&Utc));
    }
    let day: NaiveDate = text
        .parse()
        .with_context(|| format!("`{text}` is not a day\nhint: write it as `2026-01-31`"))?;
    Ok(day.and_time(chrono::NaiveTime::MIN).and_utc())
}

fn pool(paths: &[PathBuf]) -> anyhow::Result<Vec<Item>> {
    let mut items = Vec::new();
    for path in paths {
        for row in rows::<PoolRow>(path)? {
            items.push(Item {
                published: instant(&row.published)?,
                key: row.id,
                title: row.title,
                summary: row.summary.unwrap_or_default(),
                url: row.url.unwrap_or_default(),
                source: row.source.unwrap_or_default(),
                authors: row.authors,
                tags: row.tags,
                ..Item::default()
            });
        }
    }
    Ok(items)
}

/// The picks of every newsletter; where a row gives a text for a pick, it is joined to it.
fn picks(paths: &[PathBuf]) -> anyhow::Result<BTreeMap<String, Vec<Pick>>> {
    let mut newsletters: BTreeMap<String, Vec<Pick>> = BTreeMap::new();
    let mut texts = HashMap::new();
    let mut all = Vec::new();
    for path in paths {
        for row in rows::<PickRow>(path)? {
            if row.newsletter.is_none() && row.description.is_some() {
                texts.insert((row.issue, row.rank, row.id), row.description);
            } else {
                all.push(row);
            }
        }
    }
    for row in all {
        let issued = instant(&row.issue)?;
        let own = (row.issue, row.rank, row.id);
        let commentary = row
            .description
            .or_else(|| texts.get(&own).cloned().flatten());
        newsletters
            .entry(row.newsletter.unwrap_or_default())
            .or_default()
            .push(Pick {
                item: own.2,
                title: row.title,
                url: row.url.unwrap_or_default(),
                commentary: commentary.unwrap_or_default(),
                section: row.section,
                issued,
                ..Pick::default()
            });
    }
    Ok(newsletters)
}
