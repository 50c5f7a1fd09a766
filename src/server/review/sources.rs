//! The sources: how they do, and what can be done about it.

use std::collections::{BTreeMap, HashMap};

use askama::Template;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse as _, Redirect, Response};
use chrono::{DateTime, Utc};
use serde::Deserialize;

use super::candidates::Message;
use super::charts;
use super::issue::{note, wrong};
use super::time;
use crate::desk::Desk;
use crate::desk::answers::{Behind, Health, NewSource};
use crate::feeds::shown;
use crate::model::{EntryId, Kind, Origin, SourceId};
use crate::server::failure::Failure;
use crate::server::page::{Page, html};
use crate::server::session::Curator;
use crate::server::signed::{Signed, Upload};
use crate::server::state::AppState;
use crate::store::{Known, Tally};

/// Sources on a page.
const ON_PAGE: usize = 100;

/// Visits that are shown of a source.
const VISITS: usize = 20;

/// Entries that are shown of a source.
const ENTRIES: usize = 10;

#[derive(Template)]
#[template(path = "review/sources.html")]
struct List {
    page: Page,
    csrf: String,
    q: String,
    rows: Vec<Line>,
    total: usize,
    wrong: usize,
    before: Option<String>,
    after: Option<String>,
    message: Option<Message>,
}

#[derive(Template)]
#[template(path = "review/source.html")]
struct One {
    page: Page,
    csrf: String,
    line: Line,
    weeks: Vec<(usize, u32)>,
    visits: Vec<Visited>,
    entries: Vec<Brought>,
    message: Option<Message>,
}

#[derive(Template)]
#[template(path = "review/found.html")]
struct Found {
    page: Page,
    csrf: String,
    address: String,
    feeds: Vec<Behind>,
    complaint: Option<String>,
}

/// A source as the pages show it.
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a question of the template"
)]
struct Line {
    id: i64,
    name: String,
    address: String,
    site: Option<String>,
    tags: String,
    state: &'static str,
    state_words: &'static str,
    is_wrong: bool,
    why: Option<String>,
    hint: Option<String>,
    rhythm: String,
    entries: u32,
    picked: u32,
    declined: u32,
    rate: String,
    last_visit: String,
    next_visit: String,
    is_paused: bool,
    is_gone: bool,
    /// Whether it stands in config.toml, which nothing here changes.
    is_fixed: bool,
}

/// A visit as the pages show it.
struct Visited {
    ago: String,
    machine: String,
    outcome: String,
    is_wrong: bool,
    status: String,
    new: u32,
    changed: u32,
    repairs: String,
    message: String,
}

/// An entry that a source brought.
struct Brought {
    id: i64,
    title: String,
    ago: String,
    machine: String,
}

/// What a list of sources is asked for.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Asked {
    q: String,
    page: String,
    done: String,
}

/// What becomes of a source.
#[derive(Debug, Deserialize)]
pub(super) struct Switch {
    to: String,
}

/// An address that somebody typed.
#[derive(Debug, Deserialize)]
pub(super) struct Address {
    address: String,
}

/// A feed that somebody chose.
#[derive(Debug, Deserialize)]
pub(super) struct Chosen {
    url: String,
    #[serde(default)]
    site: String,
    #[serde(default)]
    kind: String,
    #[serde(default)]
    tags: String,
}

/// Shows all sources, those that want somebody first.
pub(super) async fn list(
    State(state): State<AppState>,
    curator: Curator,
    Query(asked): Query<Asked>,
) -> Result<Response, Failure> {
    let said = match asked.done.as_str() {
        "retired" => Some(note("The source is polled no more; what it brought stays.")),
        "added" => Some(note("The source is added, and visited at the next poll.")),
        _ => None,
    };
    show_list(&state, &curator, &asked, said).await
}

async fn show_list(
    state: &AppState,
    curator: &Curator,
    asked: &Asked,
    message: Option<Message>,
) -> Result<Response, Failure> {
    let now = state.now();
    let health = state.ask(move |desk| desk.health(now)).await?;
    let tallies = tallies(state).await?;
    let words = asked.q.to_lowercase();
    let words: Vec<&str> = words.split_whitespace().collect();
    let wrong = health.iter().filter(|source| source.is_wrong).count();
    let passing: Vec<&Health> = health
        .iter()
        .filter(|source| {
            let text = format!(
                "{} {} {}",
                source.name,
                source.address,
                source.known.source.tags.join(" ")
            );
            let text = text.to_lowercase();
            words.iter().all(|word| text.contains(word))
        })
        .collect();
    let number: usize = asked.page.parse().unwrap_or(1).clamp(1, 1 << 20);
    let start = (number - 1) * ON_PAGE;
    let link = |number: usize| {
        let mut query = url::form_urlencoded::Serializer::new(String::new());
        query.append_pair("q", &asked.q);
        query.append_pair("page", &number.to_string());
        query.finish()
    };
    html(&List {
        csrf: curator.csrf.clone(),
        rows: passing
            .iter()
            .skip(start)
            .take(ON_PAGE)
            .map(|source| Line::of(source, &tallies, now))
            .collect(),
        total: passing.len(),
        wrong,
        before: (start > 0).then(|| link(number - 1)),
        after: (start + ON_PAGE < passing.len()).then(|| link(number + 1)),
        message,
        q: asked.q.clone(),
        page: state.page("Sources", Some(curator)),
    })
}

/// Shows one source.
pub(super) async fn show(
    State(state): State<AppState>,
    curator: Curator,
    Path(id): Path<i64>,
    Query(asked): Query<Asked>,
) -> Result<Response, Failure> {
    let (id, now) = (SourceId(id), state.now());
    let health = state.ask(move |desk| desk.health(now)).await?;
    let source = health.iter().find(|source| source.known.id == id);
    let source = source.ok_or(Failure::NotFound)?;
    let tallies = tallies(&state).await?;
    let visits = state.store.visits(id, VISITS).await?;
    let entries = state.store.carried_by(id, ENTRIES).await?;
    let line = Line::of(source, &tallies, now);
    html(&One {
        csrf: curator.csrf.clone(),
        page: state.page(line.name.clone(), Some(&curator)),
        weeks: source
            .pulse
            .weeks
            .iter()
            .rev()
            .copied()
            .enumerate()
            .filter(|(_, count)| *count > 0)
            .collect(),
        line,
        visits: visits
            .iter()
            .map(|visit| Visited {
                ago: time::ago(visit.at, now),
                machine: time::machine(visit.at),
                outcome: visit.outcome.words().to_owned(),
                is_wrong: !visit.outcome.is_success(),
                status: visit.status.map(|it| it.to_string()).unwrap_or_default(),
                new: visit.new,
                changed: visit.changed,
                repairs: visit.repairs.join(", "),
                message: visit
                    .message
                    .as_deref()
                    .map(shown::line)
                    .unwrap_or_default(),
            })
            .collect(),
        entries: entries
            .iter()
            .map(|entry| Brought {
                id: entry.id.0,
                title: shown::title(&entry.entry.title, entry.entry.url.as_deref()),
                ago: time::ago(entry.entry.at, now),
                machine: time::machine(entry.entry.at),
            })
            .collect(),
        message: match asked.done.as_str() {
            "paused" => Some(note("It is not polled until somebody resumes it.")),
            "resumed" => Some(note("It is polled again.")),
            "revived" => Some(note("It is visited at the next poll, and read whole.")),
            "fixed" => Some(wrong(
                "It stands in config.toml; whoever keeps that changes it there.",
            )),
            _ => None,
        },
    })
}

/// Pauses, resumes, revives or retires a source.
pub(super) async fn switch(
    State(state): State<AppState>,
    Path(id): Path<i64>,
    signed: Signed<Switch>,
) -> Result<Response, Failure> {
    let id = SourceId(id);
    let known = state
        .store
        .load(&[id])
        .await?
        .pop()
        .ok_or(Failure::NotFound)?;
    let is_fixed = known.source.origin == Origin::Config;
    let done = match signed.form.to.as_str() {
        "revive" => {
            state.store.revive(id).await?;
            "revived"
        }
        _ if is_fixed => "fixed",
        "pause" => {
            state.store.disable(id).await?;
            "paused"
        }
        "resume" => {
            state.store.enable(id).await?;
            "resumed"
        }
        "retire" => {
            state.store.remove(id, state.now()).await?;
            let to = format!("{}/sources?done=retired", state.base());
            return Ok(Redirect::to(&to).into_response());
        }
        _ => {
            let why = "it is not said what becomes of it".to_owned();
            return Err(Failure::Refused(StatusCode::BAD_REQUEST, why));
        }
    };
    let to = format!("{}/sources/{}?done={done}", state.base(), id.0);
    Ok(Redirect::to(&to).into_response())
}

/// Shows the feeds behind an address.
pub(super) async fn look(
    State(state): State<AppState>,
    signed: Signed<Address>,
) -> Result<Response, Failure> {
    let (address, now) = (signed.form.address, state.now());
    let asked = address.clone();
    let found = state.ask(move |desk| desk.look(&asked, now)).await;
    let (feeds, complaint) = match found {
        Ok(feeds) => (feeds, None),
        Err(Failure::Desk(error)) => (Vec::new(), Some(shown::line(&error.to_string()))),
        Err(failure) => return Err(failure),
    };
    html(&Found {
        csrf: signed.curator.csrf.clone(),
        address: shown::line(&address),
        feeds,
        complaint,
        page: state.page("Add a source", Some(&signed.curator)),
    })
}

/// Adds a feed that was found.
pub(super) async fn add(
    State(state): State<AppState>,
    signed: Signed<Chosen>,
) -> Result<Response, Failure> {
    let (form, now) = (signed.form, state.now());
    let wanted = NewSource {
        url: form.url,
        site: shown::web(Some(&form.site)),
        kind: Kind::ALL.into_iter().find(|kind| kind.name() == form.kind),
        tags: form
            .tags
            .split(',')
            .map(shown::line)
            .filter(|tag| !tag.is_empty())
            .collect(),
    };
    state.ask(move |desk| desk.add(&wanted, now)).await?;
    Ok(Redirect::to(&format!("{}/sources?done=added", state.base())).into_response())
}

/// Adds the sources of an OPML list.
pub(super) async fn import(
    State(state): State<AppState>,
    upload: Upload,
) -> Result<Response, Failure> {
    let now = state.now();
    let bytes = upload.file;
    let came = state.ask(move |desk| desk.import(&bytes, now)).await;
    let said = match came {
        Ok(words) => note(&format!("The list is read: {}.", shown::line(&words))),
        Err(Failure::Desk(error)) => wrong(&format!(
            "Nothing was added: {}.",
            shown::line(&error.to_string())
        )),
        Err(failure) => return Err(failure),
    };
    show_list(&state, &upload.curator, &Asked::default(), Some(said)).await
}

/// All sources as an OPML list.
pub(super) async fn export(State(state): State<AppState>, _: Curator) -> Result<Response, Failure> {
    let list = state.ask(Desk::export).await?;
    let headers = [
        (CONTENT_TYPE, "text/x-opml; charset=utf-8"),
        (CONTENT_DISPOSITION, "attachment; filename=\"sources.opml\""),
    ];
    Ok((headers, list).into_response())
}

async fn tallies(state: &AppState) -> Result<BTreeMap<SourceId, Tally>, Failure> {
    let now = state.now();
    let past = state.ask(move |desk| desk.past(now)).await?;
    let read: Vec<EntryId> = past.picks.iter().filter_map(|pick| pick.entry).collect();
    let newsletter = &state.newsletter.authority;
    Ok(state.store.tallies(newsletter, &read).await?)
}

impl Line {
    fn of(source: &Health, tallies: &BTreeMap<SourceId, Tally>, now: DateTime<Utc>) -> Self {
        let Known {
            id,
            source: named,
            history,
            ..
        } = &source.known;
        let tally = tallies.get(id).copied().unwrap_or_default();
        let (state, state_words) = state_of(source);
        let outcome = source.pulse.recent.first().map(|it| it.words().to_owned());
        let last = history.last_visit.map(|at| time::ago(at, now));
        Self {
            id: id.0,
            name: source.name.clone(),
            address: source.address.clone(),
            site: shown::web(named.site.as_deref().or(history.feed_site.as_deref())),
            tags: shown::line(&named.tags.join(", ")),
            state,
            state_words,
            is_wrong: source.is_wrong,
            why: source.why.clone(),
            hint: source.hint.as_ref().map(|hint| hint.replace('`', "")),
            rhythm: charts::rhythm(id.0, &source.name, &source.pulse.weeks),
            entries: tally.entries,
            picked: tally.picked,
            declined: tally.declined,
            rate: rate(tally),
            last_visit: match (last, outcome) {
                (Some(last), Some(outcome)) => format!("{last}: {outcome}"),
                (Some(last), None) => last,
                _ => "never".to_owned(),
            },
            next_visit: next_visit(source, now),
            is_paused: !named.enabled,
            is_gone: history.retired.is_some() || source.known.twin.is_some(),
            is_fixed: named.origin == Origin::Config,
        }
    }
}

fn next_visit(source: &Health, now: DateTime<Utc>) -> String {
    let history = &source.known.history;
    let is_polled =
        source.known.source.enabled && history.retired.is_none() && source.known.twin.is_none();
    match history.next_visit {
        _ if !is_polled => "none".to_owned(),
        Some(at) if at > now => time::ago(at, now),
        _ => "at the next poll".to_owned(),
    }
}

/// The share of what a source brought that was picked.
fn rate(tally: Tally) -> String {
    if tally.entries == 0 {
        return "–".to_owned();
    }
    let percent = f64::from(tally.picked) / f64::from(tally.entries) * 100.0;
    if tally.picked > 0 && percent < 1.0 {
        "<1%".to_owned()
    } else {
        format!("{percent:.0}%")
    }
}

fn state_of(source: &Health) -> (&'static str, &'static str) {
    let name = source.state.name();
    let words: HashMap<&str, &str> = HashMap::from([
        ("fine", "fine"),
        ("new", "not visited yet"),
        ("disabled", "paused"),
        ("never-valid", "never was a feed"),
        ("blocked", "lets us not in"),
        ("stuck", "always the same"),
        ("duplicate", "a double"),
    ]);
    (name, words.get(name).copied().unwrap_or(name))
}
