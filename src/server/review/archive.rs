//! The archive: search over all that was ever seen or recommended, what was picked over time, and
//! how well the ranking would have predicted it.

use std::collections::HashMap;

use askama::Template;
use axum::extract::{Query, State};
use axum::response::{IntoResponse as _, Redirect, Response};
use chrono::NaiveDate;
use serde::Deserialize;

use super::charts::Chart;
use super::time;
use crate::desk::answers::{Backtest, Begin, Past, PastPick};
use crate::feeds::shown;
use crate::model::EntryId;
use crate::server::failure::Failure;
use crate::server::page::{Page, html};
use crate::server::session::Curator;
use crate::server::signed::Signed;
use crate::server::state::AppState;
use crate::store::{Found, Hit};

/// Hits that are shown.
const HITS: usize = 30;

#[derive(Template)]
#[template(path = "review/archive.html")]
struct Archive {
    page: Page,
    csrf: String,
    q: String,
    hits: Vec<Line>,
    charts: Vec<Chart>,
    issues: usize,
    readings: usize,
    backtest: Backtest,
    measured: String,
}

/// Something that was found.
struct Line {
    title: String,
    url: Option<String>,
    /// The page of the entry here.
    id: Option<i64>,
    from: String,
    day: String,
    snippet: String,
}

/// What the page is asked for.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Asked {
    q: String,
}

/// A form that says nothing.
#[derive(Debug, Deserialize)]
pub(super) struct Nothing {}

/// Shows the archive.
pub(super) async fn show(
    State(state): State<AppState>,
    curator: Curator,
    Query(asked): Query<Asked>,
) -> Result<Response, Failure> {
    let now = state.now();
    let past = state.ask(move |desk| desk.past(now)).await?;
    let backtest = state
        .ask(move |desk| Ok(desk.backtest(Begin::No, now)))
        .await?;
    let q: String = asked.q.chars().take(200).collect();
    let hits = if q.trim().is_empty() {
        Vec::new()
    } else {
        hits(&state, &past, &q).await?
    };
    let measured = backtest.outcome.as_ref();
    html(&Archive {
        csrf: curator.csrf.clone(),
        q,
        hits,
        charts: charts(&state, &past).await?,
        issues: past.issues.len(),
        readings: past.picks.len(),
        measured: measured.map_or_else(String::new, |it| time::ago(it.at, now)),
        backtest,
        page: state.page("Archive", Some(&curator)),
    })
}

/// Begins a backtest; the page shows it when it is done.
pub(super) async fn backtest(
    State(state): State<AppState>,
    _: Signed<Nothing>,
) -> Result<Response, Failure> {
    let now = state.now();
    state
        .ask(move |desk| Ok(desk.backtest(Begin::Yes, now)))
        .await?;
    Ok(Redirect::to(&format!("{}/archive#trust", state.base())).into_response())
}

async fn hits(state: &AppState, past: &Past, words: &str) -> Result<Vec<Line>, Failure> {
    let newsletter = &state.newsletter.authority;
    let mut hits = state.store.search(newsletter, words, HITS).await?;
    hits.sort_by(|one, other| other.score.total_cmp(&one.score));
    hits.truncate(HITS);
    let sources = source_names(state).await?;
    Ok(hits.iter().map(|hit| line(hit, past, &sources)).collect())
}

fn line(hit: &Hit, past: &Past, sources: &HashMap<i64, String>) -> Line {
    match &hit.found {
        Found::Entry(remembered) => {
            let entry = &remembered.entry;
            let from = sources.get(&remembered.source.0).cloned();
            Line {
                title: shown::title(&entry.title, entry.url.as_deref()),
                url: shown::web(entry.url.as_deref()),
                id: Some(remembered.id.0),
                from: from.unwrap_or_else(|| "a former source".to_owned()),
                day: time::day(entry.at),
                snippet: shown::line(&hit.snippet),
            }
        }
        Found::Reading(reading) => {
            let issue = past.issues.get(&reading.issue);
            let name = issue.map_or(reading.issue.as_str(), |issue| issue.title.as_str());
            let who = reading.curator.as_deref().map(shown::line);
            let who = who.map_or_else(
                || "recommended".to_owned(),
                |name| format!("recommended by {name}"),
            );
            Line {
                title: shown::title(&reading.title, reading.url.as_deref()),
                url: shown::web(reading.url.as_deref()),
                id: None,
                from: format!("{who} in {}", shown::line(name)),
                day: issue.map_or_else(String::new, |issue| {
                    issue.day.format("%-d %B %Y").to_string()
                }),
                snippet: shown::line(&hit.snippet),
            }
        }
    }
}

async fn charts(state: &AppState, past: &Past) -> Result<Vec<Chart>, Failure> {
    let ids: Vec<EntryId> = past.picks.iter().filter_map(|pick| pick.entry).collect();
    let names = source_names(state).await?;
    let outlines = state.store.outlines_of(&ids).await?;
    let sources: HashMap<EntryId, &String> = outlines
        .iter()
        .filter_map(|outline| Some((outline.id, names.get(&outline.source.0)?)))
        .collect();
    let picks = past.picks.iter();
    let by = |name: &dyn Fn(&PastPick) -> String| -> Vec<(NaiveDate, String)> {
        picks.clone().map(|pick| (pick.day, name(pick))).collect()
    };
    Ok(vec![
        Chart::of("kind", &by(&|pick| pick.kind.plural().to_owned())),
        Chart::of(
            "curator",
            &by(&|pick| {
                pick.curator
                    .clone()
                    .unwrap_or_else(|| "nobody named".to_owned())
            }),
        ),
        Chart::of(
            "source",
            &by(&|pick| {
                let source = pick.entry.and_then(|entry| sources.get(&entry));
                source.map_or_else(|| pick.site.clone(), |name| (*name).clone())
            }),
        ),
    ])
}

async fn source_names(state: &AppState) -> Result<HashMap<i64, String>, Failure> {
    let sources = state.store.sources().await?;
    Ok(sources
        .iter()
        .map(|known| {
            let title = known.source.title.as_ref();
            let title = title.or(known.history.feed_title.as_ref());
            (known.id.0, shown::line(title.unwrap_or(&known.source.url)))
        })
        .collect())
}
