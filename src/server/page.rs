//! What all review pages share: the frame of a page, and the files it loads.

use std::sync::LazyLock;

use askama::Template;
use axum::Router;
use axum::extract::{Path, State};
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE, ETAG, IF_NONE_MATCH};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{Html, IntoResponse as _, Response};
use axum::routing::get;
use xxhash_rust::xxh3::xxh3_64;

use super::failure::Failure;
use super::session::Curator;
use super::state::AppState;

/// A file that review pages load.
struct Asset {
    /// Its name, with a hash of its bytes: another text has another name.
    name: String,
    etag: String,
    media_type: &'static str,
    text: &'static str,
}

impl Asset {
    fn new(stem: &str, ending: &str, media_type: &'static str, text: &'static str) -> Self {
        let hash = xxh3_64(text.as_bytes());
        Self {
            name: format!("{stem}-{hash:016x}.{ending}"),
            etag: format!("\"{hash:016x}\""),
            media_type,
            text,
        }
    }
}

/// The style sheet, then the script.
static ASSETS: LazyLock<[Asset; 2]> = LazyLock::new(|| {
    let css = include_str!("../../templates/review/review.css");
    let js = include_str!("../../templates/review/review.js");
    [
        Asset::new("review", "css", "text/css; charset=utf-8", css),
        Asset::new("review", "js", "text/javascript; charset=utf-8", js),
    ]
});

/// What the frame of a page (`templates/review/base.html`) is made of; a page's template has it as
/// its field `page`.
#[derive(Clone, Debug)]
pub(crate) struct Page {
    /// The title of the page, without that of the newsletter.
    pub(crate) title: String,
    /// The title of the newsletter.
    pub(crate) newsletter: String,
    /// What all links to review pages begin with.
    pub(crate) base: String,
    /// The address of the style sheet.
    pub(crate) css: String,
    /// The address of the script.
    pub(crate) js: String,
    /// Who is signed in.
    pub(crate) curator: Option<Curator>,
}

impl AppState {
    /// The frame of a page.
    pub(crate) fn page(&self, title: impl Into<String>, curator: Option<&Curator>) -> Page {
        let base = self.base();
        let [css, js] = &*ASSETS;
        Page {
            title: title.into(),
            newsletter: self.newsletter.title.clone(),
            base: base.to_owned(),
            css: format!("{base}/static/{}", css.name),
            js: format!("{base}/static/{}", js.name),
            curator: curator.cloned(),
        }
    }
}

/// The page that a template makes.
pub(crate) fn html(template: &impl Template) -> Result<Response, Failure> {
    Ok(Html(template.render()?).into_response())
}

/// Serves the files that pages load.
pub(super) fn router() -> Router<AppState> {
    Router::new()
        .route("/static/{name}", get(asset))
        .route("/manifest.webmanifest", get(manifest))
}

/// What a phone has to know to keep these pages as an app, into which other apps share links
/// (W3C Web Application Manifest; Web Share Target).
async fn manifest(State(state): State<AppState>) -> Response {
    let base = state.base();
    let manifest = serde_json::json!({
        "name": format!("{}: review", state.newsletter.title),
        "short_name": state.newsletter.title,
        "start_url": base,
        "scope": base,
        "display": "minimal-ui",
        "icons": [],
        "share_target": {
            "action": format!("{base}/add"),
            "method": "GET",
            "params": { "title": "title", "text": "text", "url": "url" },
        },
    });
    let media_type = [(CONTENT_TYPE, "application/manifest+json")];
    (media_type, manifest.to_string()).into_response()
}

async fn asset(Path(name): Path<String>, headers: HeaderMap) -> Result<Response, Failure> {
    let asset = ASSETS.iter().find(|asset| asset.name == name);
    let asset = asset.ok_or(Failure::NotFound)?;
    let fixed = [
        (ETAG, asset.etag.as_str()),
        (CACHE_CONTROL, "public, max-age=31536000, immutable"),
    ];
    let known = headers.get(IF_NONE_MATCH);
    if known.is_some_and(|known| known.as_bytes() == asset.etag.as_bytes()) {
        return Ok((StatusCode::NOT_MODIFIED, fixed).into_response());
    }
    Ok((fixed, [(CONTENT_TYPE, asset.media_type)], asset.text).into_response())
}
