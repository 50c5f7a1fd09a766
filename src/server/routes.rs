//! Which part of the server answers a request.

use std::net::SocketAddr;
use std::panic::AssertUnwindSafe;

use axum::Router;
use axum::body::Body;
use axum::extract::{DefaultBodyLimit, Request};
use axum::http::header::{CONTENT_LENGTH, USER_AGENT};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::middleware::from_fn_with_state;
use axum::response::{IntoResponse as _, Response};
use axum::routing::get;
use futures_util::FutureExt as _;
use tower::ServiceExt as _;

use super::event::{Answered, Event};
use super::failure::{Failure, Note, plain};
use super::guard::{self, Client, Peer};
use super::metrics::Side;
use super::state::AppState;
use super::{documents, health, hub, login, page, review, session};

/// What answers requests.
#[derive(Clone)]
pub(super) struct Routes {
    state: AppState,
    /// The review pages; none: there are none.
    review: Option<Router>,
}

impl Routes {
    /// For a server of this state.
    pub(super) fn new(state: AppState) -> Self {
        let review = state.options.review.is_some().then(|| review_side(&state));
        Self { state, review }
    }

    /// Answers a request; a handler that panics is a fault of ours, told as any other, and costs
    /// nobody else the connection.
    pub(super) async fn answer(&self, peer: SocketAddr, request: Request) -> Response {
        let whole = AssertUnwindSafe(self.answer_or_panic(peer, request));
        whole.catch_unwind().await.unwrap_or_else(|_| {
            let failure = Failure::Broken("the answer to a request");
            (self.state.report)(&Event::Failed(&failure.to_string()));
            failure.into_response()
        })
    }

    async fn answer_or_panic(&self, peer: SocketAddr, mut request: Request) -> Response {
        let state = &self.state;
        let began = state.clock.elapsed();
        let client = guard::address(peer, request.headers(), &state.options);
        let method = request.method().clone();
        let uri = request.uri().clone();
        let agent = request.headers().get(USER_AGENT).cloned();
        let (side, response) = match &self.review {
            _ if health::is_for(uri.path()) => {
                let client = Client::of(peer, &uri, request.headers(), &state.options);
                let health = health::answer(state, &client, &method, uri.path());
                (Side::Health, health.await)
            }
            _ if token(state, uri.path()).is_some() => {
                let token = token(state, uri.path()).unwrap_or_default();
                (Side::Hubs, hub::answer(state, client, token, request).await)
            }
            Some(review) if is_below(uri.path(), state.base()) => {
                request.extensions_mut().insert(Peer(peer));
                let response = review.clone().oneshot(request).await;
                (
                    Side::Review,
                    response.unwrap_or_else(|never| match never {}),
                )
            }
            _ => {
                let (parts, _) = request.into_parts();
                let found = documents::answer(state, &parts.method, &parts.uri, &parts.headers);
                (Side::Documents, found.await)
            }
        };
        let agent = agent.as_ref().map_or(&b""[..], HeaderValue::as_bytes);
        state.shared().metrics.answered(side, response.status());
        if let Some(Note(story)) = response.extensions().get::<Note>() {
            (state.report)(&Event::Failed(story));
        }
        (state.report)(&Event::Answered(&Answered {
            client,
            method: method.as_str(),
            // Whoever reads the log is no hub.
            path: shown(state, uri.path()),
            status: response.status().as_u16(),
            bytes: length(response.headers()),
            took: state.clock.elapsed().saturating_sub(began),
            user_agent: &String::from_utf8_lossy(agent),
        }));
        response
    }
}

/// A path as it may be told: the token of a subscription is secret.
fn shown<'p>(state: &AppState, path: &'p str) -> &'p str {
    token(state, path).map_or(path, |token| path.strip_suffix(token).unwrap_or(path))
}

fn length(headers: &HeaderMap) -> Option<u64> {
    headers.get(CONTENT_LENGTH)?.to_str().ok()?.parse().ok()
}

/// The token of a subscription, where hubs may come and a path is one for them.
fn token<'p>(state: &AppState, path: &'p str) -> Option<&'p str> {
    state.options.callback.as_ref()?.token(path)
}

/// Whether a path is `base` or below it.
fn is_below(path: &str, base: &str) -> bool {
    path.strip_prefix(base)
        .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// The review pages behind their wall, and what is before it: the sign-in and the files of pages.
fn review_side(state: &AppState) -> Router {
    let behind = review::router()
        .merge(login::way_out())
        .layer(from_fn_with_state(state.clone(), session::wall));
    let pages = behind
        .merge(login::router())
        .merge(page::router())
        .fallback(nothing);
    let base = state.base().to_owned();
    let slash = format!("{base}/");
    // Forms are bounded where they are read.
    Router::new()
        .nest(&base, pages)
        .route(
            &slash,
            get(move || async move { session::see_other(&base) }),
        )
        .fallback(nothing)
        .layer(DefaultBodyLimit::disable())
        .layer(from_fn_with_state(state.clone(), guard::protect))
        .with_state(state.clone())
}

async fn nothing() -> Response<Body> {
    plain(StatusCode::NOT_FOUND, "there is nothing here")
}
