//! `newsdesk evaluate`: how well the ranking predicts what curators picked, over files.

use std::collections::{BTreeMap, HashMap};
use std::fmt::Write as _;
use std::io::Read as _;
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use chrono::{DateTime, NaiveDate, Utc};
use newsdesk::suggest::evaluate::{Measures, Replay, Scored, measures, replay};
use newsdesk::suggest::{Item, Pick};
use serde::{Deserialize, Serialize};

/// Measures how well the ranking predicts what curators picked out of a pool, issue by issue
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// What was available: JSON lines, also gzipped; several files are joined
    #[arg(long, value_name = "FILE", required = true, num_args = 1..)]
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
}

/// Replays every newsletter and prints how well its picks were predicted.
pub(super) fn run(args: &Args) -> anyhow::Result<super::Found> {
    let items = pool(&args.pool)?;
    let newsletters = picks(&args.picks)?;
    let set = constants();
    let days = (
        args.from.map_or(i32::MIN / 2, day_number),
        args.to.map_or(i32::MAX / 2, day_number),
    );
    let mut rows = String::new();
    for (name, picks) in &newsletters {
        if args
            .newsletter
            .as_ref()
            .is_some_and(|wanted| wanted != name)
        {
            continue;
        }
        let what = Replay {
            items: &items,
            picks,
            window_days: 14,
            least_picks: 40,
            days,
        };
        let scored = replay(&what, &set);
        write_scores(&mut rows, &items, &scored)?;
        let mean = mean(&scored);
        let half = scored.len() / 2;
        let (first, second) = (self::mean(&scored[..half]), self::mean(&scored[half..]));
        super::print(&format!(
            "{name}: {} issues: nDCG@20 {:.4} recall@20 {:.4} recall@50 {:.4} MAP {:.4} (halves {:.3} {:.3})\n",
            scored.len(),
            mean.ndcg_20,
            mean.recall_20,
            mean.recall_50,
            mean.precision,
            first.ndcg_20,
            second.ndcg_20,
        ))?;
    }
    if let Some(path) = &args.scores {
        std::fs::write(path, rows).with_context(|| format!("cannot write `{}`", path.display()))?;
    }
    Ok(super::Found::Nothing)
}

fn constants() -> Vec<(String, f64)> {
    std::env::var("NEWSDESK_TUNING")
        .unwrap_or_default()
        .split(',')
        .filter_map(|part| {
            let (name, value) = part.split_once('=')?;
            Some((name.to_owned(), value.parse().ok()?))
        })
        .collect()
}

fn day_number(day: NaiveDate) -> i32 {
    i32::try_from(day.and_time(chrono::NaiveTime::MIN).and_utc().timestamp() / 86_400).unwrap_or(0)
}

/// The candidates of an issue in their order, as whether each was picked.
fn ranked(scored: &Scored) -> Vec<bool> {
    let mut order: Vec<usize> = (0..scored.scores.len()).collect();
    order.sort_by(|a, b| scored.scores[*b].total_cmp(&scored.scores[*a]));
    order.into_iter().map(|at| scored.picked[at]).collect()
}

fn mean(scored: &[Scored]) -> Measures {
    let mut sum = Measures::default();
    #[expect(clippy::cast_precision_loss, reason = "a small number")]
    let count = scored.len() as f64;
    for one in scored {
        let own = measures(&ranked(one));
        sum.ndcg_20 += own.ndcg_20 / count;
        sum.recall_20 += own.recall_20 / count;
        sum.recall_50 += own.recall_50 / count;
        sum.precision += own.precision / count;
    }
    sum
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
                issued,
                ..Pick::default()
            });
    }
    Ok(newsletters)
}
