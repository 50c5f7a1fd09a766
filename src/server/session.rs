//! Who is signed in: the cookie, the session behind it, and the wall before every review page.
//!
//! The wall stands before the whole router of review pages, so that no page can forget to ask:
//! without a session nobody sees one, and without the token of the session no form gets through.

use axum::body::{Body, Bytes};
use axum::extract::{FromRequestParts, Request, State};
use axum::http::header::{CONTENT_TYPE, COOKIE, LOCATION};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, Uri};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use chrono::TimeDelta;

use super::failure::{Failure, plain};
use super::guard::Client;
use super::signed::{self, Carried};
use super::state::AppState;
use super::token::Token;
use crate::store::Session;

/// How long a session lasts that is not used.
pub(super) const IDLE: TimeDelta = TimeDelta::days(14);

/// How long a session lasts, however much it is used.
pub(super) const WHOLE: TimeDelta = TimeDelta::days(90);

/// Who decides, in a browser that is signed in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Curator {
    /// The name that decisions carry.
    pub(crate) name: String,
    /// What every form of the page carries, in a field `csrf` or a header `x-csrf-token`.
    pub(crate) csrf: String,
    /// Whether the session is of an account, so that there is something to sign out of.
    pub(crate) has_account: bool,
}

impl FromRequestParts<AppState> for Curator {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, _: &AppState) -> Result<Self, Response> {
        // The wall has put it here; a page outside of it has none.
        let curator = parts.extensions.get::<Self>().cloned();
        curator.ok_or_else(|| plain(StatusCode::UNAUTHORIZED, "nobody is signed in"))
    }
}

/// The token of a request's session.
#[derive(Clone, Debug)]
pub(super) struct Held(pub(super) Token);

/// Which cookie.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Purpose {
    /// Of somebody who is signed in.
    Session,
    /// Of somebody who is about to.
    SigningIn,
}

impl Purpose {
    /// `__Host-`: browsers take it only over TLS and for this host alone (RFC 6265bis, section
    /// 4.1.3.2). Without TLS the port tells servers of one machine apart.
    fn name(self, state: &AppState, client: &Client) -> String {
        let word = match self {
            Self::Session => "newsdesk",
            Self::SigningIn => "newsdesk-form",
        };
        if client.secure {
            format!("__Host-{word}")
        } else {
            format!("{word}-{}", state.shared().port)
        }
    }

    /// The token that the request's cookie holds.
    pub(super) fn read(
        self,
        state: &AppState,
        client: &Client,
        headers: &HeaderMap,
    ) -> Option<Token> {
        let name = self.name(state, client);
        headers
            .get_all(COOKIE)
            .iter()
            .filter_map(|value| value.to_str().ok())
            .flat_map(|value| value.split(';'))
            .filter_map(|pair| pair.trim().split_once('='))
            .find_map(|(key, value)| (key == name).then(|| Token::of(value))?)
    }

    /// The header that sets the cookie, or takes it away.
    pub(super) fn write(
        self,
        state: &AppState,
        client: &Client,
        token: Option<&Token>,
    ) -> HeaderValue {
        let name = self.name(state, client);
        let value = token.map_or("", Token::text);
        let age = match (token, self) {
            (None, _) => 0,
            (Some(_), Self::Session) => WHOLE.num_seconds(),
            (Some(_), Self::SigningIn) => 3600,
        };
        // Not `Strict`: a link in a mail leads to the page and not to the sign-in.
        let secure = if client.secure { "; Secure" } else { "" };
        let text = format!("{name}={value}; Path=/; Max-Age={age}; HttpOnly; SameSite=Lax{secure}");
        HeaderValue::try_from(text).expect("letters, digits and signs that headers may have")
    }
}

/// The session that a request belongs to, with its token.
pub(super) async fn find(
    state: &AppState,
    client: &Client,
    headers: &HeaderMap,
) -> Result<Option<(Token, Session)>, Failure> {
    let Some(token) = Purpose::Session.read(state, client, headers) else {
        return Ok(None);
    };
    let session = state.store.session(&token.hash(), state.now()).await?;
    // One without an account was made on this machine, and is of use only there.
    let session = session.filter(|session| session.account.is_some() || client.here);
    Ok(session.map(|session| (token, session)))
}

/// Lets somebody through who is signed in, and no form that does not carry the session's token.
pub(super) async fn wall(
    State(state): State<AppState>,
    client: Client,
    request: Request,
    next: Next,
) -> Response {
    let found = match find(&state, &client, request.headers()).await {
        Ok(found) => found,
        Err(failure) => return failure.into_response(),
    };
    let Some((token, session)) = found else {
        return turn_away(&state, &request);
    };
    if let Err(failure) = extend(&state, &token, &session).await {
        return failure.into_response();
    }
    let (mut parts, body) = request.into_parts();
    let body = match through(&state, &parts, body, &token).await {
        Ok(body) => body,
        Err(refusal) => return refusal,
    };
    parts.extensions.insert(Curator {
        name: session.curator,
        csrf: token.csrf(),
        has_account: session.account.is_some(),
    });
    parts.extensions.insert(Held(token));
    if parts.method.is_safe() {
        return next.run(Request::from_parts(parts, Body::empty())).await;
    }
    parts.extensions.insert(Carried);
    next.run(Request::from_parts(parts, Body::from(body))).await
}

/// The body of a request that may change something, once its token was found in it.
async fn through(
    state: &AppState,
    parts: &Parts,
    body: Body,
    token: &Token,
) -> Result<Bytes, Response> {
    if parts.method.is_safe() {
        return Ok(Bytes::new());
    }
    let bytes = signed::read(parts, body, signed::LARGEST, state.options.timeout).await?;
    let kind = parts.headers.get(CONTENT_TYPE);
    let header = parts.headers.get("x-csrf-token");
    if !signed::carries(token, header, kind, &bytes) {
        return Err(plain(
            StatusCode::FORBIDDEN,
            "this form is not of this session; nothing was changed. Go back, reload the page, \
             and send it again",
        ));
    }
    Ok(bytes)
}

/// Somebody who comes every day stays signed in; the row is written once a day.
async fn extend(state: &AppState, token: &Token, session: &Session) -> Result<(), Failure> {
    let expires = (state.now() + IDLE).min(session.made + WHOLE);
    if expires - session.expires >= TimeDelta::days(1) {
        state.store.extend_session(&token.hash(), expires).await?;
    }
    Ok(())
}

/// To the sign-in, and from there back to the page; what a script fetches is told apart, since it
/// would follow.
fn turn_away(state: &AppState, request: &Request) -> Response {
    let headers = request.headers();
    let fetched = headers
        .get("sec-fetch-dest")
        .is_some_and(|dest| dest != "document");
    if request.method() != Method::GET || fetched {
        return plain(
            StatusCode::UNAUTHORIZED,
            "sign in first; nothing was changed",
        );
    }
    let original = request.extensions().get::<axum::extract::OriginalUri>();
    let uri: &Uri = original.map_or(request.uri(), |original| &original.0);
    let here = uri.path_and_query().map_or("", |path| path.as_str());
    let next: String = url::form_urlencoded::byte_serialize(here.as_bytes()).collect();
    see_other(&format!("{}/login?next={next}", state.base()))
}

/// Sends a browser to another page, with GET.
pub(crate) fn see_other(to: &str) -> Response {
    match HeaderValue::try_from(to) {
        Ok(to) => (StatusCode::SEE_OTHER, [(LOCATION, to)]).into_response(),
        Err(_) => plain(StatusCode::BAD_REQUEST, "this leads nowhere"),
    }
}
