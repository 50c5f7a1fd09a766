//! What a request is told when something went wrong, and what its keeper is.

use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Response};

use crate::desk;
use crate::model::story;
use crate::store;

/// Why a page cannot be shown or something was not done.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Failure {
    /// The store could not be read or written.
    #[error(transparent)]
    Store(#[from] store::Error),
    /// The desk could not do it.
    #[error(transparent)]
    Desk(#[from] desk::Error),
    /// A page could not be written.
    #[error("cannot write the page")]
    Page(#[from] askama::Error),
    /// What was asked for makes no sense; the text says why.
    #[error("{0}")]
    Refused(StatusCode, String),
    /// There is no such thing.
    #[error("there is nothing here")]
    NotFound,
    /// Ours.
    #[error("{0} broke off")]
    Broken(&'static str),
}

/// What went wrong, carried with an answer to who reports it.
#[derive(Clone, Debug)]
pub(super) struct Note(pub(super) String);

impl Failure {
    fn status(&self) -> StatusCode {
        match self {
            Self::Store(store::Error::Busy { .. }) => StatusCode::SERVICE_UNAVAILABLE,
            Self::Store(_) | Self::Page(_) | Self::Broken(_) => StatusCode::INTERNAL_SERVER_ERROR,
            Self::Desk(_) => StatusCode::UNPROCESSABLE_ENTITY,
            Self::Refused(status, _) => *status,
            Self::NotFound => StatusCode::NOT_FOUND,
        }
    }
}

impl IntoResponse for Failure {
    fn into_response(self) -> Response {
        let status = self.status();
        // What the system says is for who keeps the server; the rest is for who asked.
        let said = match &self {
            Self::Desk(_) | Self::Refused(..) | Self::NotFound => story(&self),
            _ if status == StatusCode::SERVICE_UNAVAILABLE => {
                "the store is in use; try again in a moment".to_owned()
            }
            _ => "something went wrong; the server's messages say what".to_owned(),
        };
        let mut response = plain(status, &said);
        if status.is_server_error() {
            response.extensions_mut().insert(Note(story(&self)));
        }
        response
    }
}

/// A page with nothing but a message.
pub(super) fn plain(status: StatusCode, said: &str) -> Response {
    let reason = status.canonical_reason().unwrap_or("error");
    let said = said
        .replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('\n', "<br>");
    let page = format!(
        "<!doctype html>\n<html lang=\"en\">\n<head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\
         <meta name=\"color-scheme\" content=\"light dark\">\
         <title>{reason}</title></head>\n<body><main><h1>{reason}</h1>\n<p>{said}</p></main></body>\n</html>\n"
    );
    (status, Html(page)).into_response()
}
