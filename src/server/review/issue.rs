//! The next issue: what is accepted, in its order, with its commentaries, until it is a draft.

use askama::Template;
use axum::extract::{Query, State};
use axum::http::header::{CONTENT_SECURITY_POLICY, X_FRAME_OPTIONS};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{Html, IntoResponse as _, Redirect, Response};
use chrono::NaiveDate;
use serde::Deserialize;

use super::asked::Asked;
use super::candidates::{Message, message};
use super::time;
use crate::desk::answers::{Composed, DraftFile, Drafted, Wanted};
use crate::feeds::shown;
use crate::feeds::text::escape;
use crate::model::EntryId;
use crate::server::failure::Failure;
use crate::server::page::{Page, html};
use crate::server::session::Curator;
use crate::server::signed::Signed;
use crate::server::state::AppState;
use crate::store::{Annotated, Picked};

/// The policy of the preview: it may stand in a frame of this server's own pages.
const PREVIEW_POLICY: &str = "default-src 'none'; style-src 'self' 'unsafe-inline'; \
     img-src 'self' data:; base-uri 'self'; form-action 'none'; frame-ancestors 'self'";

/// The policy of the page with the frame.
const FRAME_POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; \
     img-src 'self' data:; connect-src 'self'; frame-src 'self'; manifest-src 'self'; form-action 'self'; \
     base-uri 'none'; frame-ancestors 'none'";

#[derive(Template)]
#[template(path = "review/issue.html")]
struct Next {
    page: Page,
    csrf: String,
    readings: Vec<Reading>,
    composed: Option<Composed>,
    /// What a draft was asked to be.
    wanted: Asking,
    drafts: Vec<DraftFile>,
    conflict: Option<Conflict>,
    message: Option<Message>,
}

/// An accepted entry.
struct Reading {
    id: i64,
    title: String,
    url: Option<String>,
    kind: &'static str,
    curator: String,
    ago: String,
    /// The commentary that is kept.
    note: String,
    /// What somebody wrote meanwhile, where that is something else than what is in the field.
    theirs: Option<String>,
    /// What stands in the field.
    typed: String,
    is_first: bool,
    is_last: bool,
    of: i64,
}

/// A file that is in the way of a draft.
struct Conflict {
    path: String,
    theirs: String,
    ours: String,
}

/// What a form wants a draft to be.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Asking {
    date: String,
    title: String,
    name: String,
}

/// A commentary as a form has it.
#[derive(Debug, Deserialize)]
pub(super) struct Commentary {
    id: i64,
    note: String,
    /// What it was when the page was made.
    #[serde(default)]
    was: String,
}

/// A step up or down.
#[derive(Debug, Deserialize)]
pub(super) struct Move {
    id: i64,
    to: String,
}

/// What somebody typed that could not be kept.
struct Unkept {
    id: i64,
    typed: String,
    theirs: Option<String>,
}

/// Shows the next issue.
pub(super) async fn show(
    State(state): State<AppState>,
    curator: Curator,
    Query(asked): Query<Asked>,
) -> Result<Response, Failure> {
    let said = match asked.done.as_str() {
        "kept" => Some(note("The commentary is kept.")),
        "moved" => Some(note("Moved.")),
        _ => message(&state, &asked).await?,
    };
    page(&state, &curator, Asking::default(), said, None, None).await
}

/// The page of the next issue as it will be published.
pub(super) async fn preview(
    State(state): State<AppState>,
    _: Curator,
) -> Result<Response, Failure> {
    let now = state.now();
    let composed = state
        .ask(move |desk| desk.compose(&Wanted::default(), now))
        .await?;
    let headers = [
        (CONTENT_SECURITY_POLICY, PREVIEW_POLICY),
        (X_FRAME_OPTIONS, "SAMEORIGIN"),
    ];
    // Its links are relative to where it will be.
    let place = format!("{}{}", state.options.under, composed.folder);
    let base = format!("<head>\n<base href=\"{}\">", escape(&place));
    let page = composed.page.replacen("<head>", &base, 1);
    Ok((headers, Html(page)).into_response())
}

/// Keeps a commentary, if nobody else changed it meanwhile.
pub(super) async fn annotate(
    State(state): State<AppState>,
    signed: Signed<Commentary>,
) -> Result<Response, Failure> {
    let form = signed.form;
    let id = EntryId(form.id);
    let text = |text: &str| text.replace("\r\n", "\n").trim().to_owned();
    let (typed, was) = (text(&form.note), text(&form.was));
    let kept = (!typed.is_empty()).then_some(typed.as_str());
    let newsletter = &state.newsletter.authority;
    let came = state
        .store
        .annotate(newsletter, id, Some(&was), kept)
        .await?;
    let theirs = match came {
        Annotated::Kept => {
            let to = format!(
                "{}/issue?done=kept&id={}#reading-{}",
                state.base(),
                id.0,
                id.0
            );
            return Ok(Redirect::to(&to).into_response());
        }
        // The same words need no decision between them.
        Annotated::Changed(theirs) if theirs.as_deref().unwrap_or("") == typed => {
            return Ok(Redirect::to(&format!("{}/issue", state.base())).into_response());
        }
        Annotated::Changed(theirs) => Some(theirs.unwrap_or_default()),
        Annotated::NotAccepted => None,
    };
    let words = if theirs.is_some() {
        "Somebody else changed this commentary meanwhile. Yours is in the field, theirs below it; \
         nothing was changed."
    } else {
        "This is not accepted any more; the commentary was not kept."
    };
    let unkept = Unkept {
        id: id.0,
        typed,
        theirs,
    };
    let said = Some(wrong(words));
    let page = page(
        &state,
        &signed.curator,
        Asking::default(),
        said,
        None,
        Some(unkept),
    )
    .await?;
    Ok((StatusCode::CONFLICT, page).into_response())
}

/// Moves a reading up or down.
pub(super) async fn arrange(
    State(state): State<AppState>,
    signed: Signed<Move>,
) -> Result<Response, Failure> {
    let newsletter = &state.newsletter.authority;
    let accepted = state.store.accepted(newsletter).await?;
    let mut order: Vec<EntryId> = accepted.iter().map(|it| it.remembered.id).collect();
    let id = EntryId(signed.form.id);
    let place = order.iter().position(|other| *other == id);
    let other = place.and_then(|place| match signed.form.to.as_str() {
        "up" => place.checked_sub(1),
        "down" => Some(place + 1).filter(|next| *next < order.len()),
        _ => None,
    });
    if let (Some(place), Some(other)) = (place, other) {
        order.swap(place, other);
        state.store.arrange(newsletter, &order).await?;
    }
    let to = format!(
        "{}/issue?done=moved&id={}#reading-{}",
        state.base(),
        id.0,
        id.0
    );
    Ok(Redirect::to(&to).into_response())
}

/// Makes the draft; what is in its place stays, and is shown.
pub(super) async fn draft(
    State(state): State<AppState>,
    signed: Signed<Asking>,
) -> Result<Response, Failure> {
    let (form, now) = (signed.form, state.now());
    let given = |text: &str| (!text.trim().is_empty()).then(|| text.trim().to_owned());
    let date = match given(&form.date).map(|date| date.parse::<NaiveDate>()) {
        Some(Err(_)) => {
            let said = Some(wrong("The day is written like 2026-12-24."));
            return page(&state, &signed.curator, form, said, None, None).await;
        }
        date => date.and_then(Result::ok),
    };
    let wanted = Wanted {
        date,
        title: given(&form.title).map(|title| shown::line(&title)),
        name: given(&form.name),
    };
    let came = state.ask(move |desk| desk.draft(&wanted, now)).await;
    let (said, conflict) = match came {
        Ok(Drafted::Written {
            path,
            is_added,
            gaps,
            notes,
        }) => {
            let gaps = match gaps {
                0 => "nothing is left to fill in".to_owned(),
                1 => "one gap is left to fill in".to_owned(),
                gaps => format!("{gaps} gaps are left to fill in"),
            };
            let done = if is_added {
                "The draft has them now"
            } else {
                "The draft is written"
            };
            let mut words = format!("{done}: {path}; {gaps}.");
            for note in notes {
                words.push(' ');
                words.push_str(&note);
                words.push('.');
            }
            (note(&words), None)
        }
        Ok(Drafted::Conflict { path, theirs, ours }) => {
            let words = format!(
                "{path} is there already, and a draft never replaces a file. Choose another day \
                 or another name of the file."
            );
            (wrong(&words), Some(Conflict { path, theirs, ours }))
        }
        Err(Failure::Desk(error)) => (wrong(&format!("No draft was written: {error}.")), None),
        Err(failure) => return Err(failure),
    };
    page(&state, &signed.curator, form, Some(said), conflict, None).await
}

async fn page(
    state: &AppState,
    curator: &Curator,
    wanted: Asking,
    message: Option<Message>,
    conflict: Option<Conflict>,
    unkept: Option<Unkept>,
) -> Result<Response, Failure> {
    let now = state.now();
    let newsletter = &state.newsletter.authority;
    let composed = state
        .ask(move |desk| desk.compose(&Wanted::default(), now))
        .await;
    // Composing settles what stands in issues already, so that it comes first.
    let accepted = state.store.accepted(newsletter).await?;
    let composed = match composed {
        Ok(composed) => Some(composed),
        Err(Failure::Desk(_)) if accepted.is_empty() => None,
        Err(failure) => return Err(failure),
    };
    let past = state.ask(move |desk| desk.past(now)).await?;
    let count = accepted.len();
    let readings = accepted.iter().enumerate().map(|(place, picked)| {
        let unkept = unkept.as_ref().filter(|it| it.id == picked.remembered.id.0);
        Reading {
            ago: time::ago(picked.decision.at, now),
            ..Reading::of(picked, (place, count), unkept)
        }
    });
    let mut response = html(&Next {
        csrf: curator.csrf.clone(),
        readings: readings.collect(),
        composed,
        wanted,
        drafts: past.drafts.clone(),
        conflict,
        message,
        page: state.page("Next issue", Some(curator)),
    })?;
    let policy = HeaderValue::from_static(FRAME_POLICY);
    response
        .headers_mut()
        .insert(CONTENT_SECURITY_POLICY, policy);
    Ok(response)
}

impl Reading {
    fn of(picked: &Picked, (place, count): (usize, usize), unkept: Option<&Unkept>) -> Self {
        let (entry, decision) = (&picked.remembered.entry, &picked.decision);
        let note = decision.note.clone().unwrap_or_default();
        Self {
            id: picked.remembered.id.0,
            title: shown::title(&entry.title, entry.url.as_deref()),
            url: shown::web(entry.url.as_deref()),
            kind: entry.kind.name(),
            curator: decision
                .curator
                .as_deref()
                .map(shown::line)
                .unwrap_or_default(),
            ago: String::new(),
            theirs: unkept.and_then(|it| it.theirs.clone()),
            typed: unkept.map_or_else(|| note.clone(), |it| it.typed.clone()),
            note,
            is_first: place == 0,
            is_last: place + 1 == count,
            of: decision.at.timestamp_millis(),
        }
    }
}

/// A message of what was done.
pub(super) fn note(words: &str) -> Message {
    Message {
        words: words.to_owned(),
        is_wrong: false,
        id: None,
        of: None,
    }
}

/// The same of what was not done.
pub(super) fn wrong(words: &str) -> Message {
    Message {
        is_wrong: true,
        ..note(words)
    }
}
