//! Something found anywhere: looked up, corrected by a person, made a candidate or accepted.
//!
//! A bookmark or the share menu of a phone leads here with the address filled in; nothing is
//! fetched and nothing changes before somebody presses a button of this page.

use askama::Template;
use axum::extract::{Query, State};
use axum::http::HeaderMap;
use axum::http::header::HOST;
use axum::response::{IntoResponse as _, Redirect, Response};
use chrono::NaiveDate;
use serde::Deserialize;

use crate::desk::collect::{Found, web_address};
use crate::desk::decisions::{self, Verdict, start_of};
use crate::feeds::shown;
use crate::model::Kind;
use crate::server::failure::Failure;
use crate::server::guard::Client;
use crate::server::page::{Page, html};
use crate::server::session::Curator;
use crate::server::signed::Signed;
use crate::server::state::AppState;
use crate::sources::thing::Thing;
use crate::store::Answer;

#[derive(Template)]
#[template(path = "review/add.html")]
struct Add {
    page: Page,
    csrf: String,
    typed: Typed,
    kinds: Vec<(&'static str, bool)>,
    /// Whether the page was asked already.
    is_read: bool,
    /// The candidate that it is already.
    entry: Option<i64>,
    /// What a curator should know of it.
    notes: Vec<String>,
    /// A bookmark that leads here from any page; only on the page that asks for an address.
    bookmark: Option<String>,
}

/// What is known of the thing, as the fields of a form.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Typed {
    url: String,
    title: String,
    /// What phones share may have the address here.
    text: String,
    authors: String,
    date: String,
    kind: String,
    summary: String,
    note: String,
    /// Whether it is accepted at once.
    accept: String,
}

impl Typed {
    /// The address, wherever it stands: some phones share it within the text.
    fn address(&self) -> &str {
        let words = self
            .url
            .split_whitespace()
            .chain(self.text.split_whitespace());
        let mut found =
            words.filter(|word| word.starts_with("http://") || word.starts_with("https://"));
        found.next().unwrap_or(self.url.trim())
    }

    fn of(found: &Found, note: String) -> Self {
        let thing = &found.thing;
        let authors: Vec<String> = thing.authors.iter().map(|name| shown::line(name)).collect();
        Self {
            url: shown::address(&thing.url),
            title: shown::line(&thing.title),
            authors: authors.join("; "),
            date: thing
                .published
                .map(|at| at.format("%Y-%m-%d").to_string())
                .unwrap_or_default(),
            kind: thing.kind.name().to_owned(),
            summary: shown::line(&thing.summary),
            note,
            ..Self::default()
        }
    }
}

/// Shows the form, with what a bookmark or a phone says filled in.
pub(super) async fn show(
    State(state): State<AppState>,
    curator: Curator,
    client: Client,
    Query(mut typed): Query<Typed>,
    headers: HeaderMap,
) -> Result<Response, Failure> {
    let address = typed.address().to_owned();
    typed.url = address;
    let here = headers.get(HOST).and_then(|host| host.to_str().ok());
    let scheme = if client.secure { "https" } else { "http" };
    let bookmark = here.map(|host| bookmark(&format!("{scheme}://{host}{}", state.base())));
    html(&Add {
        bookmark,
        ..Add::of(&state, &curator, typed)
    })
}

/// Asks the address, and shows what it says for correction.
pub(super) async fn look(
    State(state): State<AppState>,
    signed: Signed<Typed>,
) -> Result<Response, Failure> {
    let (typed, now) = (signed.form, state.now());
    let address = typed.address().to_owned();
    let found = state.ask(move |desk| desk.look_up(&address, now)).await;
    match found {
        Ok(found) => {
            let read = Typed::of(&found, typed.note);
            html(&Add {
                notes: notes(&found),
                is_read: true,
                entry: found.entry.map(|id| id.0),
                ..Add::of(&state, &signed.curator, read)
            })
        }
        Err(Failure::Desk(error)) => html(&Add {
            notes: vec![format!("{}.", shown::line(&error.to_string()))],
            ..Add::of(&state, &signed.curator, typed)
        }),
        Err(failure) => Err(failure),
    }
}

/// Makes it a candidate, and accepts it where that was asked for.
pub(super) async fn add(
    State(state): State<AppState>,
    signed: Signed<Typed>,
) -> Result<Response, Failure> {
    let (typed, now) = (signed.form, state.now());
    let thing = match thing(&state, &typed) {
        Ok(thing) => thing,
        Err(why) => {
            return html(&Add {
                notes: vec![why],
                is_read: true,
                ..Add::of(&state, &signed.curator, typed)
            });
        }
    };
    let id = state.ask(move |desk| desk.collect(&thing, now)).await?;
    let mut done = "collected";
    if !typed.accept.is_empty() {
        let entry = state.store.entry(id).await?.ok_or(Failure::NotFound)?;
        let verdict = Verdict {
            answer: Answer::Accept,
            curator: Some(signed.curator.name),
            note: decisions::note(&typed.note),
            until: None,
        };
        let newsletter = &state.newsletter.authority;
        decisions::decide(&state.store, newsletter, vec![entry], &verdict, now).await?;
        done = "decided";
    }
    let to = format!("{}/entry/{}?done={done}&id={}", state.base(), id.0, id.0);
    Ok(Redirect::to(&to).into_response())
}

/// The thing as the form has it; else what is wrong with the form.
fn thing(state: &AppState, typed: &Typed) -> Result<Thing, String> {
    let url = web_address(typed.address()).map_err(|error| format!("{error}."))?;
    let published = match typed.date.trim() {
        "" => None,
        day => {
            let day = day.parse::<NaiveDate>();
            let day = day.map_err(|_| "The day is written like 2026-12-24.".to_owned())?;
            Some(start_of(state.desk.zone(), day))
        }
    };
    let kind = Kind::ALL.into_iter().find(|kind| kind.name() == typed.kind);
    Ok(Thing {
        title: shown::line(&typed.title),
        authors: typed
            .authors
            .split(';')
            .map(shown::line)
            .filter(|name| !name.is_empty())
            .collect(),
        published,
        kind: kind.unwrap_or_else(|| crate::model::kind_of(Some(url.as_str()), &typed.title)),
        summary: shown::line(&typed.summary),
        url: url.into(),
    })
}

fn notes(found: &Found) -> Vec<String> {
    let mut notes = Vec::new();
    if let Some(trouble) = &found.trouble {
        notes.push(format!(
            "The page could not be read ({trouble}). Say what it is; it can be added all the same."
        ));
    }
    if let Some(read) = &found.read {
        notes.push(format!(
            "It was recommended in {}, in “{}”.",
            read.when(),
            shown::line(&read.issue)
        ));
    }
    notes
}

impl Add {
    fn of(state: &AppState, curator: &Curator, typed: Typed) -> Self {
        let kinds = Kind::ALL.into_iter();
        Self {
            csrf: curator.csrf.clone(),
            kinds: kinds
                .map(|kind| (kind.name(), kind.name() == typed.kind))
                .collect(),
            is_read: !typed.title.is_empty(),
            entry: None,
            notes: Vec::new(),
            bookmark: None,
            typed,
            page: state.page("Add a link", Some(curator)),
        }
    }
}

/// A bookmark that opens this page with the address of what is being read.
fn bookmark(pages: &str) -> String {
    format!(
        "javascript:location.href='{pages}/add?url='+encodeURIComponent(location.href)\
         +'&title='+encodeURIComponent(document.title)"
    )
}
