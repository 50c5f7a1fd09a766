//! `/healthz` and `/metrics`, for who watches the server: from this machine, unless the
//! configuration says that everybody may.

use std::fmt::{Display, Write as _};

use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::http::{Method, StatusCode};
use axum::response::{IntoResponse as _, Response};

use super::failure::plain;
use super::guard::Client;
use super::state::{AppState, CONNECTIONS, Shared};
use crate::store::{Error, Vitals};

/// The text format of Prometheus.
const FORMAT: &str = "text/plain; version=0.0.4; charset=utf-8";

/// Whether a path is one of these.
pub(super) fn is_for(path: &str) -> bool {
    matches!(path, "/healthz" | "/metrics")
}

/// Answers them, to who may ask.
pub(super) async fn answer(
    state: &AppState,
    client: &Client,
    method: &Method,
    path: &str,
) -> Response {
    if !state.options.public_metrics && !client.here {
        return plain(StatusCode::NOT_FOUND, "there is nothing here");
    }
    if method != Method::GET && method != Method::HEAD {
        return plain(StatusCode::METHOD_NOT_ALLOWED, "this is only read");
    }
    let vitals = state.store.vitals(state.now()).await;
    let (status, format, text) = if path == "/healthz" {
        let (status, text) = health(state, vitals.as_ref());
        (status, "text/plain; charset=utf-8", text)
    } else {
        (StatusCode::OK, FORMAT, numbers(state, vitals.ok()))
    };
    let headers = [(CONTENT_TYPE, format), (CACHE_CONTROL, "no-store")];
    (status, headers, text).into_response()
}

/// Whether the server can do what it is for: a line for each part.
fn health(state: &AppState, vitals: Result<&Vitals, &Error>) -> (StatusCode, String) {
    let store = vitals.is_ok();
    let documents = state.options.folder.is_dir();
    let word = |right: bool| if right { "ok" } else { "cannot be read" };
    let status = if store && documents {
        StatusCode::OK
    } else {
        StatusCode::SERVICE_UNAVAILABLE
    };
    let text = format!("store: {}\ndocuments: {}\n", word(store), word(documents));
    (status, text)
}

/// Everything that is counted.
fn numbers(state: &AppState, vitals: Option<Vitals>) -> String {
    let shared = state.shared();
    let mut page = Page(String::new());
    page.head("newsdesk_requests_total", "counter", "Requests answered.");
    for (side, status, count) in shared.metrics.answers() {
        let labels = [("side", side), ("status", status)];
        page.line("newsdesk_requests_total", &labels, count);
    }
    outcomes(&mut page, shared);
    // One place is held by who waits for the next connection.
    let open = (CONNECTIONS - shared.places.available_permits()).saturating_sub(1);
    page.gauge("newsdesk_connections", "Connections that are open.", open);
    let (documents, bytes) = shared.shelf.size();
    page.gauge("newsdesk_documents_held", "Documents in memory.", documents);
    page.gauge(
        "newsdesk_documents_held_bytes",
        "Memory of documents, compressed forms among them.",
        bytes,
    );
    page.gauge(
        "newsdesk_uptime_seconds",
        "Since the server began.",
        state.clock.elapsed().as_secs(),
    );
    page.gauge(
        "newsdesk_store_up",
        "Whether the store can be read.",
        u8::from(vitals.is_some()),
    );
    if let Some(vitals) = vitals {
        page.gauge(
            "newsdesk_sources",
            "Sources that are polled.",
            vitals.sources,
        );
        page.gauge(
            "newsdesk_sources_due",
            "Sources whose visit is due.",
            vitals.due,
        );
        page.gauge("newsdesk_entries", "Entries ever seen.", vitals.entries);
        if let Some(at) = vitals.last_visit {
            page.gauge(
                "newsdesk_last_visit_timestamp_seconds",
                "When a source was last visited.",
                at.timestamp(),
            );
        }
    }
    page.head(
        "newsdesk_subscribers",
        "gauge",
        "Subscribers of a feed, as services say that fetch it for them.",
    );
    for (document, service, count) in shared.readers.list(state.now()) {
        let labels = [("document", document.as_str()), ("service", &service)];
        page.line("newsdesk_subscribers", &labels, count);
    }
    page.0
}

/// What became of sign-ins and of what hubs announced.
fn outcomes(page: &mut Page, shared: &Shared) {
    let (failed, refused) = shared.metrics.sign_ins();
    page.head(
        "newsdesk_sign_ins_total",
        "counter",
        "Sign-ins that did not succeed.",
    );
    page.line("newsdesk_sign_ins_total", &[("outcome", "wrong")], failed);
    page.line(
        "newsdesk_sign_ins_total",
        &[("outcome", "too_often")],
        refused,
    );
    page.head(
        "newsdesk_announcements_total",
        "counter",
        "What hubs announced, and what was refused of it.",
    );
    for (outcome, count) in shared.metrics.pings() {
        page.line(
            "newsdesk_announcements_total",
            &[("outcome", outcome)],
            count,
        );
    }
}

/// The page being written.
struct Page(String);

impl Page {
    fn head(&mut self, name: &str, sort: &str, help: &str) {
        let _ = write!(self.0, "# HELP {name} {help}\n# TYPE {name} {sort}\n");
    }

    fn gauge(&mut self, name: &str, help: &str, value: impl Display) {
        self.head(name, "gauge", help);
        self.line(name, &[], value);
    }

    fn line(&mut self, name: &str, labels: &[(&str, &str)], value: impl Display) {
        let escaped = |text: &str| {
            text.replace('\\', "\\\\")
                .replace('"', "\\\"")
                .replace('\n', "\\n")
        };
        self.0.push_str(name);
        for (at, (label, text)) in labels.iter().enumerate() {
            let open = if at == 0 { '{' } else { ',' };
            let _ = write!(self.0, "{open}{label}=\"{}\"", escaped(text));
        }
        let close = if labels.is_empty() { "" } else { "}" };
        let _ = writeln!(self.0, "{close} {value}");
    }
}
