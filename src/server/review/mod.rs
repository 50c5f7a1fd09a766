//! The review pages. All routes are relative to the path of the review pages, and behind the wall
//! of `session`: whoever gets here is signed in, and each form carries its token.

use askama::Template;
use axum::Router;
use axum::extract::State;
use axum::response::Response;
use axum::routing::get;

use super::failure::Failure;
use super::page::{Page, html};
use super::session::Curator;
use super::state::AppState;

#[derive(Template)]
#[template(path = "review/start.html")]
struct Start {
    page: Page,
}

/// The routes.
pub(crate) fn router() -> Router<AppState> {
    Router::new().route("/", get(start))
}

async fn start(State(state): State<AppState>, curator: Curator) -> Result<Response, Failure> {
    html(&Start {
        page: state.page("Review", Some(&curator)),
    })
}
