//! `/healthz` and `/metrics`, for who watches the server.

use axum::http::StatusCode;
use axum::response::Response;

use super::failure::plain;
use super::guard::Client;
use super::state::AppState;

/// Whether a path is one of these.
pub(super) fn is_for(path: &str) -> bool {
    matches!(path, "/healthz" | "/metrics")
}

/// Answers them, to who may ask.
pub(super) async fn answer(state: &AppState, client: &Client, _path: &str) -> Response {
    if !state.options.public_metrics && !client.here {
        return plain(StatusCode::NOT_FOUND, "there is nothing here");
    }
    match state.store.has_accounts().await {
        Ok(_) => plain(StatusCode::OK, "all is well"),
        Err(_) => plain(StatusCode::SERVICE_UNAVAILABLE, "the store cannot be read"),
    }
}
