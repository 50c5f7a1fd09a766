//! One entry: all that it says, why it is suggested, and all that was decided on it.

use std::collections::HashMap;

use askama::Template;
use axum::extract::{Path, Query, State};
use axum::http::HeaderValue;
use axum::http::header::CONTENT_SECURITY_POLICY;
use axum::response::Response;

use super::asked::Asked;
use super::candidates::{Message, message, words};
use super::card::{Card, Naming};
use super::content::{self, PICTURES_POLICY, Pictures};
use super::time;
use crate::feeds::shown;
use crate::model::EntryId;
use crate::server::failure::Failure;
use crate::server::page::{Page, html};
use crate::server::session::Curator;
use crate::server::state::AppState;

#[derive(Template)]
#[template(path = "review/entry.html")]
struct Whole {
    page: Page,
    csrf: String,
    card: Card,
    content: String,
    /// How many pictures are not shown.
    pictures: usize,
    past: Vec<Event>,
    /// The decision that holds, as forms name it.
    of: Option<i64>,
    later: [(&'static str, &'static str); 4],
    message: Option<Message>,
}

/// Something that was decided, once.
struct Event {
    words: String,
    note: Option<String>,
    ago: String,
    machine: String,
    is_undone: bool,
}

/// Shows an entry; with `pictures=1`, the pictures too.
pub(super) async fn show(
    State(state): State<AppState>,
    curator: Curator,
    Path(id): Path<i64>,
    Query(query): Query<HashMap<String, String>>,
) -> Result<Response, Failure> {
    let id = EntryId(id);
    let remembered = state.store.entry(id).await?.ok_or(Failure::NotFound)?;
    let now = state.now();
    let ranking = state.ask(move |desk| desk.ranking(None, now)).await?;
    let weighed = state.ask(move |desk| desk.weigh(None, &[id], now)).await?;
    let naming = Naming {
        ranking: &ranking,
        now,
    };
    let card = Card::of(&remembered, &[], weighed.first(), &naming);
    let entry = &remembered.entry;
    let said = if entry.content_html.is_empty() {
        &entry.summary_html
    } else {
        &entry.content_html
    };
    let pictures = if query.contains_key("pictures") {
        Pictures::Loaded
    } else {
        Pictures::Hidden
    };
    let (content, hidden) = content::shown(said.clone(), pictures).await?;
    let history = state
        .store
        .history_of(&state.newsletter.authority, id)
        .await?;
    let held = history.iter().rfind(|decision| decision.undone.is_none());
    let asked = Asked {
        done: query.get("done").cloned().unwrap_or_default(),
        id: id.0.to_string(),
        ..Asked::default()
    };
    let mut response = html(&Whole {
        csrf: curator.csrf.clone(),
        content,
        pictures: hidden,
        of: held.map(|held| held.at.timestamp_millis()),
        past: history
            .iter()
            .rev()
            .map(|decision| Event {
                words: words(decision),
                note: decision.note.clone(),
                ago: time::ago(decision.at, now),
                machine: time::machine(decision.at),
                is_undone: decision.undone.is_some(),
            })
            .collect(),
        later: time::LATER,
        message: message(&state, &asked).await?,
        page: state.page(shown::line(&card.title), Some(&curator)),
        card,
    })?;
    if pictures == Pictures::Loaded {
        let policy = HeaderValue::from_static(PICTURES_POLICY);
        response
            .headers_mut()
            .insert(CONTENT_SECURITY_POLICY, policy);
    }
    Ok(response)
}
