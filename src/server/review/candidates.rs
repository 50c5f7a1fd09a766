//! The list of candidates.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use askama::Template;
use axum::extract::{Query, State};
use axum::response::{IntoResponse as _, Response};
use chrono::{DateTime, Utc};

use super::asked::{Asked, ON_PAGE};
use super::card::{Card, Naming};
use super::time;
use crate::desk::decisions::{hides, holding};
use crate::desk::ranking::{Ranking, Row};
use crate::feeds::shown;
use crate::model::{EntryId, Kind};
use crate::server::failure::Failure;
use crate::server::page::{Page, html};
use crate::server::session::Curator;
use crate::server::state::AppState;
use crate::store::{Answer, Decision, Latest, Remembered};
use crate::suggest::Suggestion;

/// Decisions that are shown below the list.
const LATEST: usize = 8;

#[derive(Template)]
#[template(path = "review/candidates.html")]
struct List {
    page: Page,
    csrf: String,
    /// The query of this page, for the forms on it.
    back: String,
    asked: Asked,
    mark: String,
    kinds: Vec<Choice>,
    curators: Vec<Choice>,
    sources: Vec<String>,
    tags: Vec<String>,
    later: [(&'static str, &'static str); 4],
    cards: Vec<Card>,
    total: usize,
    first: usize,
    last: usize,
    before: Option<String>,
    after: Option<String>,
    basis: String,
    is_own: bool,
    latest: Vec<Decided>,
    message: Option<Message>,
}

/// One of the values of a field.
struct Choice {
    value: String,
    words: String,
    is_chosen: bool,
}

/// A decision, as the pages show it.
#[derive(Clone, Debug)]
pub(super) struct Decided {
    pub(super) id: i64,
    pub(super) title: String,
    pub(super) words: String,
    pub(super) ago: String,
    pub(super) machine: String,
    /// Tells it from another decision on the same entry.
    pub(super) of: i64,
}

/// What came of what somebody did.
#[derive(Clone, Debug)]
pub(super) struct Message {
    pub(super) words: String,
    pub(super) is_wrong: bool,
    /// The entry that it is about.
    pub(super) id: Option<i64>,
    /// The decision that can be taken back.
    pub(super) of: Option<i64>,
}

/// Shows the list.
pub(super) async fn list(
    State(state): State<AppState>,
    curator: Curator,
    Query(asked): Query<Asked>,
) -> Result<Response, Failure> {
    let now = state.now();
    let ranking = ranking(&state, &asked).await?;
    let newsletter = state.newsletter.authority.as_str();
    let hidden = hidden(&state).await?;
    let among = match asked.q.trim() {
        "" => None,
        words => state.store.matching(words).await?,
    };
    let among: Option<HashSet<EntryId>> = among.map(|ids| ids.into_iter().collect());
    let start = (asked.number() - 1) * ON_PAGE;
    let selected = ranking.select(&asked.filter(), &hidden, among.as_ref(), (start, ON_PAGE));
    let cards = cards(&state, &asked, &ranking, &selected.rows).await?;
    let shown: Vec<EntryId> = selected.rows.iter().map(|row| row.id).collect();
    if !asked.is_filtered() {
        state.desk.note_shown(&shown, now).await?;
    }
    let last = start + cards.len();
    let latest = state.store.latest(newsletter, LATEST).await?;
    html(&List {
        csrf: curator.csrf.clone(),
        back: asked.query(),
        mark: mark(&state, &ranking).await?,
        kinds: kinds(&asked),
        curators: curators(&state, &asked, &curator).await?,
        sources: ranking.busiest_sources.clone(),
        tags: ranking.busiest_tags.clone(),
        later: time::LATER,
        before: (start > 0).then(|| asked.with_page(asked.number() - 1)),
        after: (last < selected.total).then(|| asked.with_page(asked.number() + 1)),
        total: selected.total,
        first: start + 1,
        last,
        basis: ranking.basis.clone(),
        is_own: ranking.curator.is_some(),
        latest: latest.iter().map(|it| Decided::of(it, now)).collect(),
        message: message(&state, &asked).await?,
        page: state.page("Candidates", Some(&curator)),
        cards,
        asked,
    })
}

/// A few letters that are others when the list would be another one: a page asks for them now and
/// then, to show what somebody else decided meanwhile.
pub(super) async fn changes(
    State(state): State<AppState>,
    _: Curator,
    Query(asked): Query<Asked>,
) -> Result<Response, Failure> {
    let ranking = ranking(&state, &asked).await?;
    Ok(mark(&state, &ranking).await?.into_response())
}

/// The candidates as they are ranked for whom the address names.
async fn ranking(state: &AppState, asked: &Asked) -> Result<Arc<Ranking>, Failure> {
    let (now, taste) = (state.now(), asked.taste());
    state
        .ask(move |desk| desk.ranking(taste.as_deref(), now))
        .await
}

async fn mark(state: &AppState, ranking: &Arc<Ranking>) -> Result<String, Failure> {
    let stamp = state.store.stamp(&state.newsletter.authority).await?;
    Ok(format!(
        "{:x}.{:x}.{:x}",
        ranking.stamp.entries, stamp.decisions, stamp.issue
    ))
}

/// What is no candidate any more: decided on, or in a draft.
async fn hidden(state: &AppState) -> Result<HashSet<EntryId>, Failure> {
    let (newsletter, now) = (&state.newsletter.authority, state.now());
    let decisions = state.store.decisions(newsletter).await?;
    let mut hidden: HashSet<EntryId> = decisions
        .iter()
        .filter(|held| hides(held, now))
        .map(|held| held.entry)
        .collect();
    let used = state.store.used(newsletter).await?;
    hidden.extend(used.iter().map(|used| used.entry));
    Ok(hidden)
}

/// The candidates of a page, read from the store and weighed.
async fn cards(
    state: &AppState,
    asked: &Asked,
    ranking: &Arc<Ranking>,
    rows: &[Row],
) -> Result<Vec<Card>, Failure> {
    let ids: Vec<EntryId> = rows.iter().map(|row| row.id).collect();
    let also = rows.iter().flat_map(|row| &row.also).copied();
    let wanted: Vec<EntryId> = ids.iter().copied().chain(also).collect();
    let entries = state.store.entries(&wanted).await?;
    let entries: HashMap<EntryId, Remembered> =
        entries.into_iter().map(|entry| (entry.id, entry)).collect();
    let (now, taste) = (state.now(), asked.taste());
    let weighed = state
        .ask(move |desk| desk.weigh(taste.as_deref(), &ids, now))
        .await?;
    let weighed: HashMap<String, Suggestion> =
        weighed.into_iter().map(|it| (it.key.clone(), it)).collect();
    let naming = Naming { ranking, now };
    Ok(rows
        .iter()
        .filter_map(|row| {
            let entry = entries.get(&row.id)?;
            let also: Vec<&Remembered> = row.also.iter().filter_map(|id| entries.get(id)).collect();
            Some(Card::of(
                entry,
                &also,
                weighed.get(&row.id.0.to_string()),
                &naming,
            ))
        })
        .collect())
}

fn kinds(asked: &Asked) -> Vec<Choice> {
    let chosen = asked.filter().kind;
    Kind::ALL
        .into_iter()
        .map(|kind| Choice {
            value: kind.name().to_owned(),
            words: kind.plural().to_owned(),
            is_chosen: chosen == Some(kind),
        })
        .collect()
}

async fn curators(
    state: &AppState,
    asked: &Asked,
    curator: &Curator,
) -> Result<Vec<Choice>, Failure> {
    let now = state.now();
    let past = state.ask(move |desk| desk.past(now)).await?;
    let mut names = past.curators.clone();
    if !names.contains(&curator.name) {
        names.insert(0, curator.name.clone());
    }
    Ok(names
        .into_iter()
        .map(|name| Choice {
            words: shown::line(&name),
            is_chosen: asked.curator == name,
            value: name,
        })
        .collect())
}

impl Decided {
    /// As it is shown now.
    pub(super) fn of(latest: &Latest, now: DateTime<Utc>) -> Self {
        let (entry, decision) = (&latest.remembered.entry, &latest.decision);
        Self {
            id: decision.entry.0,
            title: shown::title(&entry.title, entry.url.as_deref()),
            words: words(decision),
            ago: time::ago(decision.at, now),
            machine: time::machine(decision.at),
            of: decision.at.timestamp_millis(),
        }
    }
}

/// A decision in words: `declined by Ada`.
pub(super) fn words(decision: &Decision) -> String {
    let by = decision.curator.as_deref().map(shown::line);
    let by = by.map_or_else(String::new, |name| format!(" by {name}"));
    match (decision.answer, decision.until) {
        (Answer::Accept, _) => format!("accepted{by}"),
        (Answer::Decline, _) => format!("declined{by}"),
        (Answer::Later, Some(until)) => format!("put off{by} until {}", time::day(until)),
        (Answer::Later, None) => format!("put off{by}"),
    }
}

/// What is said of what was just done.
pub(super) async fn message(state: &AppState, asked: &Asked) -> Result<Option<Message>, Failure> {
    let Some(id) = asked.entry().filter(|_| !asked.done.is_empty()) else {
        return Ok(None);
    };
    let Some(remembered) = state.store.entry(id).await? else {
        return Ok(None);
    };
    let entry = &remembered.entry;
    let title = shown::title(&entry.title, entry.url.as_deref());
    let history = state
        .store
        .history_of(&state.newsletter.authority, id)
        .await?;
    let held = holding(&history);
    let message = |words: String, is_wrong: bool, of: Option<i64>| Message {
        words,
        is_wrong,
        id: Some(id.0),
        of,
    };
    let of = held.map(|held| held.at.timestamp_millis());
    let held = held.map(words);
    Ok(match (asked.done.as_str(), held) {
        ("decided", Some(held)) => Some(message(format!("“{title}” is {held}."), false, of)),
        ("collected", _) => Some(message(
            format!("“{title}” is a candidate now."),
            false,
            None,
        )),
        ("undone", None) => Some(message(
            format!("“{title}” is a candidate again."),
            false,
            None,
        )),
        ("undone", Some(held)) => Some(message(
            format!("Taken back: “{title}” is {held} again."),
            false,
            None,
        )),
        ("taken", Some(held)) => Some(message(
            format!("“{title}” was {held} meanwhile, so nothing was changed."),
            true,
            None,
        )),
        ("taken", None) => Some(message(
            format!("Somebody has taken back what was decided on “{title}”; nothing was changed."),
            true,
            None,
        )),
        ("used", _) => Some(message(
            format!("“{title}” stands in a draft already; take it out there too."),
            true,
            None,
        )),
        _ => None,
    })
}
