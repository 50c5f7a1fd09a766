//! The review pages: what curators who never open a terminal see.
//!
//! All routes are relative to the path of the review pages, and behind the wall of `session`:
//! whoever gets here is signed in, and each form carries its token. Every page works without a
//! script; the script adds the keyboard, and replaces parts of a page where a form would load it.

mod add;
mod archive;
mod asked;
mod candidates;
mod card;
mod charts;
mod content;
mod decide;
mod entry;
mod issue;
mod sources;
mod time;
mod why;

use axum::Router;
use axum::routing::{get, post};

use super::state::AppState;

/// The routes.
pub(crate) fn router() -> Router<AppState> {
    Router::new()
        .route("/", get(candidates::list))
        .route("/changes", get(candidates::changes))
        .route("/add", get(add::show).post(add::add))
        .route("/add/look", post(add::look))
        .route("/decide", post(decide::decide))
        .route("/undo", post(decide::undo))
        .route("/entry/{id}", get(entry::show))
        .route("/issue", get(issue::show))
        .route("/issue/preview", get(issue::preview))
        .route("/issue/note", post(issue::annotate))
        .route("/issue/move", post(issue::arrange))
        .route("/issue/draft", post(issue::draft))
        .route("/sources", get(sources::list))
        .route("/sources/look", post(sources::look))
        .route("/sources/add", post(sources::add))
        .route("/sources/import", post(sources::import))
        .route("/sources/sources.opml", get(sources::export))
        .route("/sources/{id}", get(sources::show).post(sources::switch))
        .route("/archive", get(archive::show))
        .route("/archive/backtest", post(archive::backtest))
}
