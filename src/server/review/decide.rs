//! Decisions: made, and taken back.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Redirect, Response};
use serde::Deserialize;

use super::asked::Asked;
use super::time;
use crate::desk::decisions::{self, Verdict, hides, holding};
use crate::model::EntryId;
use crate::server::failure::Failure;
use crate::server::signed::Signed;
use crate::server::state::AppState;
use crate::store::Answer;

/// A decision as a form has it.
#[derive(Debug, Deserialize)]
pub(super) struct Decide {
    id: i64,
    answer: String,
    #[serde(default)]
    note: String,
    /// When something that is put off comes back.
    #[serde(default)]
    when: String,
    /// Says that what somebody else decided is to be decided anew.
    #[serde(default)]
    anew: String,
    #[serde(flatten)]
    back: Back,
}

/// What is taken back.
#[derive(Debug, Deserialize)]
pub(super) struct Undo {
    id: i64,
    /// The instant of the decision that is meant.
    #[serde(default)]
    of: String,
    #[serde(flatten)]
    back: Back,
}

/// Where somebody came from.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Back {
    /// The page: the list where it does not say.
    #[serde(default)]
    from: String,
    /// The query of the list.
    #[serde(default)]
    back: String,
}

impl Back {
    /// The way back, with what was done on the way.
    fn with(&self, base: &str, done: &str, id: EntryId) -> Response {
        let did = format!("done={done}&id={}", id.0);
        let to = match self.from.as_str() {
            "entry" => format!("{base}/entry/{}?{did}", id.0),
            "issue" => format!("{base}/issue?{did}"),
            _ => {
                let query = Asked::parse(&self.back).query();
                let and = if query.is_empty() { "" } else { "&" };
                format!("{base}?{query}{and}{did}")
            }
        };
        Redirect::to(&to).into_response()
    }
}

/// Makes a decision, unless somebody else made one meanwhile.
pub(super) async fn decide(
    State(state): State<AppState>,
    signed: Signed<Decide>,
) -> Result<Response, Failure> {
    let (form, now) = (signed.form, state.now());
    let newsletter = &state.newsletter.authority;
    let id = EntryId(form.id);
    let refused = |why: &str| Failure::Refused(StatusCode::BAD_REQUEST, why.to_owned());
    let (answer, until) = match form.answer.as_str() {
        "accept" => (Answer::Accept, None),
        "decline" => (Answer::Decline, None),
        "later" => {
            let until = time::later(&form.when, now);
            let until = until.ok_or_else(|| refused("it is not said until when"))?;
            (Answer::Later, Some(until))
        }
        _ => return Err(refused("it is not said what is decided")),
    };
    let entry = state.store.entry(id).await?.ok_or(Failure::NotFound)?;
    let history = state.store.history_of(newsletter, id).await?;
    let held = holding(&history);
    let theirs = held.filter(|held| {
        let is_theirs = held.curator.as_deref() != Some(signed.curator.name.as_str());
        is_theirs && hides(held, now)
    });
    if theirs.is_some() && form.anew.is_empty() {
        return Ok(form.back.with(state.base(), "taken", id));
    }
    let verdict = Verdict {
        answer,
        curator: Some(signed.curator.name),
        note: decisions::note(&form.note),
        until,
    };
    decisions::decide(&state.store, newsletter, vec![entry], &verdict, now).await?;
    Ok(form.back.with(state.base(), "decided", id))
}

/// Takes back the decision that a page showed, if it is still the one that holds.
pub(super) async fn undo(
    State(state): State<AppState>,
    signed: Signed<Undo>,
) -> Result<Response, Failure> {
    let form = signed.form;
    let (newsletter, base) = (&state.newsletter.authority, state.base());
    let id = EntryId(form.id);
    let history = state.store.history_of(newsletter, id).await?;
    let held = holding(&history);
    let meant = form.of.parse().ok();
    if held.map(|held| held.at.timestamp_millis()) != meant {
        return Ok(form.back.with(base, "taken", id));
    }
    state.store.undo(newsletter, id, state.now()).await?;
    let used = state.store.used(newsletter).await?;
    let done = if used.iter().any(|used| used.entry == id) {
        "used"
    } else {
        "undone"
    };
    Ok(form.back.with(base, done, id))
}
