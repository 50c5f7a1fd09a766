//! The published side: documents as the last build made them.

use std::path::{Path, PathBuf};

use axum::http::{HeaderMap, Method, StatusCode, Uri};
use axum::response::Response;

use super::failure::plain;
use super::state::AppState;

/// The documents that are in memory.
#[derive(Debug)]
pub(super) struct Shelf {
    _folder: PathBuf,
}

impl Shelf {
    /// An empty one.
    pub(super) fn new(folder: &Path) -> Self {
        Self {
            _folder: folder.to_path_buf(),
        }
    }
}

/// Answers a request for a document.
pub(super) async fn answer(
    _state: &AppState,
    _method: &Method,
    _uri: &Uri,
    _headers: &HeaderMap,
) -> Response {
    plain(StatusCode::NOT_FOUND, "there is nothing here")
}
