//! The published side: documents as the last build made them, for feed readers, browsers and
//! players.
//!
//! `place` says which file a request means, `shelf` has it in memory, `conditions` whether the
//! client has it already, `range` and `accept` which part and which encoding of it is sent. Only
//! encodings are negotiated: another format has an address of its own, which feeds name.

mod accept;
mod conditions;
mod document;
mod kind;
mod place;
mod range;
mod send;
mod shelf;

use std::io;

use axum::http::header::{
    ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS, ACCESS_CONTROL_ALLOW_ORIGIN,
    ACCESS_CONTROL_MAX_AGE, ALLOW, CACHE_CONTROL, CONTENT_SECURITY_POLICY, LOCATION, RETRY_AFTER,
    USER_AGENT, X_CONTENT_TYPE_OPTIONS,
};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, Uri};
use axum::response::{IntoResponse as _, Response};

pub(super) use shelf::Shelf;

use self::kind::Kind;
use self::shelf::Found;
use super::failure::{Note, plain};
use super::options::Redirect;
use super::state::AppState;

/// The page of a folder.
const INDEX: &str = "index.html";

/// How long others may remember that there is nothing, or that something has moved.
const NOTHING: HeaderValue = HeaderValue::from_static("public, max-age=30");
const MOVED: HeaderValue = HeaderValue::from_static("public, max-age=3600");

/// Pages share their origin with the review pages: whatever an issue brings along, it does not run.
const POLICY: HeaderValue = HeaderValue::from_static("script-src 'none'; object-src 'none'");

/// Answers a request for a document.
pub(super) async fn answer(
    state: &AppState,
    method: &Method,
    uri: &Uri,
    headers: &HeaderMap,
) -> Response {
    let mut response = match *method {
        Method::GET | Method::HEAD => fetch(state, method, uri, headers).await,
        Method::OPTIONS => options(),
        _ => {
            let mut response = plain(StatusCode::METHOD_NOT_ALLOWED, "documents are only read");
            response.headers_mut().insert(ALLOW, METHODS);
            response
        }
    };
    let sent = response.headers_mut();
    sent.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    // Readers in browsers fetch feeds from pages of other sites.
    sent.insert(ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
    if state.options.review.is_some() {
        sent.insert(CONTENT_SECURITY_POLICY, POLICY);
    }
    response
}

const METHODS: HeaderValue = HeaderValue::from_static("GET, HEAD, OPTIONS");

/// What browsers ask before a script fetches with conditions.
fn options() -> Response {
    let allowed = "if-none-match, if-modified-since, range, if-range";
    let headers = [
        (ALLOW, METHODS),
        (ACCESS_CONTROL_ALLOW_METHODS, METHODS),
        (
            ACCESS_CONTROL_ALLOW_HEADERS,
            HeaderValue::from_static(allowed),
        ),
        (ACCESS_CONTROL_MAX_AGE, HeaderValue::from_static("86400")),
    ];
    (StatusCode::NO_CONTENT, headers).into_response()
}

async fn fetch(state: &AppState, method: &Method, uri: &Uri, headers: &HeaderMap) -> Response {
    if let Some(redirect) = redirect(state, uri) {
        return moved(&redirect.to, redirect.status);
    }
    let path = below(uri.path(), &state.options.under);
    let Some((path, is_folder)) = place::of(path) else {
        return nothing();
    };
    let path = match (is_folder, path.is_empty()) {
        (true, true) => INDEX.into(),
        (true, false) => format!("{path}/{INDEX}").into(),
        (false, _) => path,
    };
    // A large file that is replaced while it is opened is looked for once more.
    for _ in 0..2 {
        let shelf = &state.shared().shelf;
        let at = u64::try_from(state.clock.elapsed().as_millis()).unwrap_or(u64::MAX);
        let document = match shelf.find(&path, at).await {
            Ok(Found::Document(document)) => document,
            Ok(Found::Folder) if !is_folder => return to_folder(uri),
            Ok(Found::Folder | Found::Nothing) => return nothing(),
            Err(error) => return unreadable(&path, &error),
        };
        if matches!(document.nature.kind, Kind::Feed)
            && let Some(agent) = headers.get(USER_AGENT)
        {
            let readers = &state.shared().readers;
            readers.note(&path, agent.as_bytes(), state.now());
        }
        match send::send(&document, shelf, method, headers, state.now().timestamp()).await {
            Ok(Some(response)) => return response,
            Ok(None) => {}
            Err(error) => return unreadable(&path, &error),
        }
    }
    unreadable(&path, &io::ErrorKind::Interrupted.into())
}

/// Where an old address leads; one with a query goes before the same without.
fn redirect<'s>(state: &'s AppState, uri: &Uri) -> Option<&'s Redirect> {
    let redirects = &state.options.redirects;
    if redirects.is_empty() {
        return None;
    }
    let whole = uri.path_and_query().map_or("", |whole| whole.as_str());
    let found = redirects.get(whole);
    found.or_else(|| redirects.get(uri.path()))
}

/// The path below that of the newsletter, whether something before this server cuts it or not.
fn below<'p>(path: &'p str, under: &str) -> &'p str {
    let folder = under.trim_end_matches('/');
    match path.strip_prefix(folder) {
        Some(rest) if rest.starts_with('/') => rest,
        _ => path,
    }
}

fn moved(to: &str, status: u16) -> Response {
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::MOVED_PERMANENTLY);
    match HeaderValue::try_from(to) {
        Ok(to) => (status, [(LOCATION, to), (CACHE_CONTROL, MOVED)]).into_response(),
        Err(_) => nothing(),
    }
}

/// The address of a folder ends with a slash, so that relative links in its page are right.
fn to_folder(uri: &Uri) -> Response {
    let query = uri.query().map(|query| format!("?{query}"));
    moved(
        &format!("{}/{}", uri.path(), query.unwrap_or_default()),
        301,
    )
}

fn nothing() -> Response {
    let mut response = plain(StatusCode::NOT_FOUND, "there is nothing here");
    response.headers_mut().insert(CACHE_CONTROL, NOTHING);
    response
}

fn unreadable(path: &str, error: &io::Error) -> Response {
    let busy = error.kind() == io::ErrorKind::Interrupted;
    let (status, said) = if busy {
        (
            StatusCode::SERVICE_UNAVAILABLE,
            "this is being replaced; try again in a moment",
        )
    } else {
        (StatusCode::INTERNAL_SERVER_ERROR, "this cannot be read")
    };
    let mut response = plain(status, said);
    let note = Note(format!(
        "cannot read the document `{path}`\ncaused by: {error}"
    ));
    response.extensions_mut().insert(note);
    if busy {
        response
            .headers_mut()
            .insert(RETRY_AFTER, HeaderValue::from_static("2"));
    }
    response
}
