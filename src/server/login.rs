//! Signing in and out.
//!
//! Where there are accounts, with a name and a password. As long as there are none, on this machine
//! by a link that is printed on the terminal, and saying who one is.

use std::sync::LazyLock;

use askama::Template;
use axum::body::Body;
use axum::extract::{Query, Request, State};
use axum::http::header::{RETRY_AFTER, SET_COOKIE};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{Html, IntoResponse as _, Response};
use axum::routing::{get, post};
use axum::{Extension, Router};
use serde::Deserialize;
use tokio::sync::Semaphore;

use super::accounts;
use super::event::Event;
use super::failure::{Failure, plain};
use super::guard::Client;
use super::page::Page;
use super::session::{self, Held, IDLE, Purpose, see_other};
use super::signed;
use super::state::AppState;
use super::token::Token;
use crate::desk::Desk;
use crate::store::Session;

/// The largest form of a sign-in.
const LARGEST: usize = 16 << 10;

/// Passwords that are hashed at the same time: each takes 19 MiB and a core.
static HASHING: LazyLock<Semaphore> = LazyLock::new(|| Semaphore::new(2));

#[derive(Template)]
#[template(path = "review/login.html")]
struct SignIn {
    page: Page,
    /// Names to choose from where there are no accounts; none: name and password are asked for.
    curators: Option<Vec<String>>,
    /// What went wrong the last time.
    complaint: Option<&'static str>,
    /// What is asked for anew.
    typed: Typed,
    csrf: String,
    contact: Option<String>,
}

/// What the address or the form says.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Typed {
    name: String,
    #[serde(skip)]
    password: String,
    /// Where to afterwards.
    next: String,
    /// The key of a link that signs in once.
    key: String,
}

/// The routes before the wall.
pub(super) fn router() -> Router<AppState> {
    Router::new().route("/login", get(ask).post(sign_in))
}

/// The route behind it.
pub(super) fn way_out() -> Router<AppState> {
    Router::new().route("/logout", post(sign_out))
}

async fn ask(
    State(state): State<AppState>,
    client: Client,
    Query(mut asked): Query<Typed>,
    headers: HeaderMap,
) -> Result<Response, Failure> {
    asked.next = inside(&state, &asked.next);
    if session::find(&state, &client, &headers).await?.is_some() {
        return Ok(see_other(&asked.next));
    }
    form(&state, &client, &headers, asked, None).await
}

/// Only to a page of these, whatever the address says.
fn inside(state: &AppState, next: &str) -> String {
    let base = state.base();
    let right = next.strip_prefix(base).is_some_and(|rest| {
        (rest.is_empty() || rest.starts_with(['/', '?']))
            && ["//", "/login", "/logout"]
                .iter()
                .all(|path| !rest.starts_with(path))
    });
    let clean = next
        .bytes()
        .all(|byte| byte.is_ascii_graphic() && byte != b'\\')
        && !next.contains("..");
    if right && clean {
        next.to_owned()
    } else {
        base.to_owned()
    }
}

/// The page that asks. Its form carries a token of its own, so that nobody is signed in as
/// somebody else by a page elsewhere.
async fn form(
    state: &AppState,
    client: &Client,
    headers: &HeaderMap,
    typed: Typed,
    complaint: Option<&'static str>,
) -> Result<Response, Failure> {
    let link = state.shared().link.as_ref();
    let curators = if state.store.has_accounts().await? {
        None
    } else if !client.here {
        return Ok(plain(
            StatusCode::FORBIDDEN,
            "there are no accounts yet; whoever keeps the server makes one with `newsdesk user add`",
        ));
    } else if link.is_some_and(|link| !link.has(&typed.key)) {
        return Ok(plain(
            StatusCode::FORBIDDEN,
            "there are no accounts yet: open the link that `newsdesk serve` printed last on its \
             terminal; each works once. Or make an account with `newsdesk user add`",
        ));
    } else {
        Some(state.ask(Desk::curators).await?)
    };
    let known = Purpose::SigningIn.read(state, client, headers);
    let token = known.or_else(Token::random);
    let token = token.ok_or(Failure::Broken("the system's random numbers"))?;
    let page = SignIn {
        page: state.page("Sign in", None),
        curators,
        complaint,
        typed,
        csrf: token.csrf(),
        contact: state.options.contact.clone(),
    };
    let status = if complaint.is_some() {
        StatusCode::UNAUTHORIZED
    } else {
        StatusCode::OK
    };
    let cookie = Purpose::SigningIn.write(state, client, Some(&token));
    Ok((status, [(SET_COOKIE, cookie)], Html(page.render()?)).into_response())
}

async fn sign_in(
    State(state): State<AppState>,
    client: Client,
    request: Request,
) -> Result<Response, Failure> {
    let (parts, body) = request.into_parts();
    let mut typed = match typed(&state, &client, &parts, body).await {
        Ok(typed) => typed,
        Err(refusal) => return Ok(refusal),
    };
    typed.next = inside(&state, &typed.next);
    let begun = if state.store.has_accounts().await? {
        match with_password(&state, &client, &mut typed).await? {
            Ok(begun) => begun,
            Err(refusal) => return Ok(refusal),
        }
    } else if client.here {
        by_name(&state, &typed).await?
    } else {
        None
    };
    let Some(token) = begun else {
        let complaint = Some("That did not work. Check what you typed and try again.");
        return form(&state, &client, &parts.headers, typed, complaint).await;
    };
    let mut response = see_other(&typed.next);
    let headers = response.headers_mut();
    let old = Purpose::SigningIn.write(&state, &client, None);
    headers.append(SET_COOKIE, old);
    let new = Purpose::Session.write(&state, &client, Some(&token));
    headers.append(SET_COOKIE, new);
    Ok(response)
}

/// The form, if it carries the token of the page that asked.
async fn typed(
    state: &AppState,
    client: &Client,
    parts: &Parts,
    body: Body,
) -> Result<Typed, Response> {
    let bytes = signed::read(parts, body, LARGEST, state.options.timeout).await?;
    let token = Purpose::SigningIn.read(state, client, &parts.headers);
    if !token.is_some_and(|token| signed::carries(&token, None, None, &bytes)) {
        return Err(plain(
            StatusCode::FORBIDDEN,
            "this form is not of this browser, or its page is old. Go back, reload the page, \
             and try again; cookies must be allowed",
        ));
    }
    let mut typed = Typed::default();
    for (name, value) in url::form_urlencoded::parse(&bytes) {
        match &*name {
            "name" => typed.name = value.into_owned(),
            "password" => typed.password = value.into_owned(),
            "next" => typed.next = value.into_owned(),
            "key" => typed.key = value.into_owned(),
            _ => {}
        }
    }
    Ok(typed)
}

/// A session of the account whose password was typed; none where there is no such account or
/// another password, which nothing tells apart.
async fn with_password(
    state: &AppState,
    client: &Client,
    typed: &mut Typed,
) -> Result<Result<Option<Token>, Response>, Failure> {
    let attempts = &state.shared().attempts;
    // What is no name counts as one, so that it costs the same.
    let name = accounts::name(&typed.name).unwrap_or_else(|_| "?".to_owned());
    if let Err(wait) = attempts.note(&name, client.address, state.now()) {
        state.shared().metrics.sign_in_refused();
        return Ok(Err(too_often(wait)));
    }
    let account = state.store.account(&name).await?;
    let hash = account.as_ref().map(|account| account.password.clone());
    let right = {
        let _turn = HASHING.acquire().await;
        // The page that asks again has the name, and never the password.
        let password = std::mem::take(&mut typed.password);
        tokio::task::spawn_blocking(move || accounts::verify(&password, hash.as_deref()))
            .await
            .map_err(|_| Failure::Broken("the password's hash"))?
    };
    let Some(account) = account.filter(|_| right) else {
        state.shared().metrics.sign_in_failed();
        return Ok(Ok(None));
    };
    attempts.forgive(&name, client.address);
    let password = account.password.clone();
    let begun = begin(state, Some(account.name), account.curator, Some(&password)).await?;
    Ok(Ok(begun))
}

fn too_often(wait: chrono::TimeDelta) -> Response {
    let seconds = wait.num_seconds().max(1);
    let mut response = plain(
        StatusCode::TOO_MANY_REQUESTS,
        &format!("too many attempts; try again in {seconds} seconds"),
    );
    response
        .headers_mut()
        .insert(RETRY_AFTER, HeaderValue::from(seconds));
    response
}

/// A session of whom somebody says to be who has the link of the terminal, which it uses up.
async fn by_name(state: &AppState, typed: &Typed) -> Result<Option<Token>, Failure> {
    let name = typed.name.trim();
    let right = (1..=100).contains(&name.chars().count()) && !name.chars().any(char::is_control);
    if !right {
        return Ok(None);
    }
    if let Some(link) = &state.shared().link {
        if !link.take(&typed.key) {
            return Ok(None);
        }
        if let Some(next) = state.one_time_link() {
            (state.report)(&Event::OneTimeLink(&next));
        }
    }
    begin(state, None, name.to_owned(), None).await
}

async fn begin(
    state: &AppState,
    account: Option<String>,
    curator: String,
    password: Option<&str>,
) -> Result<Option<Token>, Failure> {
    let token = Token::random().ok_or(Failure::Broken("the system's random numbers"))?;
    let made = state.now();
    let session = Session {
        account,
        curator,
        made,
        expires: made + IDLE,
    };
    let hash = token.hash();
    let begun = state.store.begin_session(&hash, &session, password).await?;
    Ok(begun.then_some(token))
}

async fn sign_out(
    State(state): State<AppState>,
    client: Client,
    Extension(Held(token)): Extension<Held>,
) -> Result<Response, Failure> {
    state.store.end_session(&token.hash()).await?;
    let mut response = see_other(&format!("{}/login", state.base()));
    let cookie = Purpose::Session.write(&state, &client, None);
    response.headers_mut().append(SET_COOKIE, cookie);
    Ok(response)
}
