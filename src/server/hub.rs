//! What hubs ask and announce (`WebSub`, sections 5.3 and 7): the one part of the server that
//! changes something for who is not signed in. Whoever does not know the token of a subscription is
//! told nothing, and what is not signed with its secret changes nothing.

use axum::body::{Body, Bytes};
use axum::extract::Request;
use axum::http::header::{ALLOW, CACHE_CONTROL, CONTENT_TYPE, RETRY_AFTER, X_CONTENT_TYPE_OPTIONS};
use axum::http::{HeaderMap, Method, StatusCode};
use axum::response::{IntoResponse as _, Response};
use chrono::{DateTime, TimeDelta, Utc};
use ring::hmac;
use std::net::IpAddr;

use super::event::Event;
use super::failure::{Failure, plain};
use super::metrics::Ping;
use super::signed::read;
use super::state::AppState;
use super::token::Token;
use crate::model::SourceId;
use crate::store::{Phase, Subscription};

/// How long the hub may ask again what was confirmed: our answer may have been lost.
const ONCE_MORE: TimeDelta = TimeDelta::minutes(10);

/// A lease where the hub says nothing of it, as older hubs do.
const LEASE: TimeDelta = TimeDelta::days(10);

/// The longest lease that is believed.
const LONGEST: TimeDelta = TimeDelta::days(90);

/// The least time until a subscription is renewed, however short its lease.
const SOONEST: TimeDelta = TimeDelta::minutes(5);

/// When a hub is asked again that has refused.
const AFTER_DENIAL: TimeDelta = TimeDelta::days(7);

/// The longest reason for a refusal that is kept, in characters.
const REASON: usize = 200;

/// What a hub says in the query of a request.
#[derive(Debug, Default)]
struct Intent {
    mode: String,
    topic: String,
    challenge: String,
    lease: Option<i64>,
    reason: String,
}

impl Intent {
    fn of(query: &str) -> Self {
        let mut intent = Self::default();
        for (name, value) in url::form_urlencoded::parse(query.as_bytes()) {
            let value = value.into_owned();
            match name.as_ref() {
                "hub.mode" => intent.mode = value,
                "hub.topic" => intent.topic = value,
                "hub.challenge" => intent.challenge = value,
                "hub.lease_seconds" => intent.lease = value.parse().ok(),
                "hub.reason" => intent.reason = value,
                _ => {}
            }
        }
        intent
    }
}

/// Answers what came for a token.
pub(super) async fn answer(
    state: &AppState,
    client: IpAddr,
    token: &str,
    request: Request,
) -> Response {
    let answered = match *request.method() {
        Method::GET | Method::HEAD => {
            let intent = Intent::of(request.uri().query().unwrap_or_default());
            verify(state, client, token, intent).await
        }
        Method::POST => announce(state, client, token, request).await,
        _ => {
            let mut refused = plain(StatusCode::METHOD_NOT_ALLOWED, "hubs ask and announce here");
            let allowed = axum::http::HeaderValue::from_static("GET, POST");
            refused.headers_mut().insert(ALLOW, allowed);
            return refused;
        }
    };
    answered.unwrap_or_else(Failure::into_response)
}

/// A subscription by its token.
async fn find(state: &AppState, token: &str) -> Result<Option<Subscription>, Failure> {
    match Token::of(token) {
        Some(token) => Ok(state.store.subscription(token.text()).await?),
        None => Ok(None),
    }
}

/// There is no such subscription. Guessing is hopeless, and ends soon.
fn unknown(state: &AppState, client: IpAddr, status: StatusCode) -> Response {
    state.shared().metrics.ping(Ping::Unknown);
    if let Err(wait) = state.shared().attempts.miss(client, state.now()) {
        let seconds = wait.num_seconds().max(1).to_string();
        let mut refused = plain(StatusCode::TOO_MANY_REQUESTS, "this was asked too often");
        if let Ok(value) = seconds.parse() {
            refused.headers_mut().insert(RETRY_AFTER, value);
        }
        return refused;
    }
    plain(status, "there is no such subscription")
}

/// The hub asks whether we asked (section 5.3), or says that it will not (section 5.2).
async fn verify(
    state: &AppState,
    client: IpAddr,
    token: &str,
    intent: Intent,
) -> Result<Response, Failure> {
    let Some(known) = find(state, token).await? else {
        return Ok(unknown(state, client, StatusCode::NOT_FOUND));
    };
    let now = state.now();
    let is_pending = known.pending.is_some_and(|until| until > now);
    let is_ours = intent.topic == known.topic;
    let wants = !intent.challenge.is_empty();
    match (&*intent.mode, known.phase) {
        ("denied", _) if is_ours => {
            let reason: String = intent.reason.chars().take(REASON).collect();
            let reason = if reason.is_empty() {
                "the hub refused".to_owned()
            } else {
                format!("the hub refused: {reason}")
            };
            let next = now + AFTER_DENIAL;
            state.store.deny(&known.token, next, &reason).await?;
            Ok(text(StatusCode::OK, String::new()))
        }
        ("subscribe", Phase::Wanted | Phase::Held | Phase::Denied)
            if is_ours && is_pending && wants =>
        {
            let (ends, renew) = lease(intent.lease, now);
            let again = now + ONCE_MORE;
            let held = state.store.hold(&known.token, ends, renew, again, now);
            if held.await? {
                return Ok(text(StatusCode::OK, intent.challenge));
            }
            Ok(nothing())
        }
        ("unsubscribe", Phase::Leaving) if is_ours && is_pending && wants => {
            state.store.forget_subscription(&known.token).await?;
            Ok(text(StatusCode::OK, intent.challenge))
        }
        _ => Ok(nothing()),
    }
}

fn nothing() -> Response {
    plain(StatusCode::NOT_FOUND, "nobody asked for this")
}

/// When a lease ends, and when it is renewed: with a fifth of it left.
fn lease(seconds: Option<i64>, now: DateTime<Utc>) -> (DateTime<Utc>, DateTime<Utc>) {
    let longest = LONGEST.num_seconds();
    let lease = seconds.map_or(LEASE, |seconds| {
        TimeDelta::seconds(seconds.clamp(0, longest))
    });
    (now + lease, now + (lease * 4 / 5).max(SOONEST))
}

/// The hub announces something (section 7). Once it is known who speaks, the answer is always the
/// same: whoever guesses at secrets learns nothing.
async fn announce(
    state: &AppState,
    client: IpAddr,
    token: &str,
    request: Request,
) -> Result<Response, Failure> {
    let known = find(state, token).await?;
    let Some(known) = known.filter(|known| known.phase != Phase::Leaving) else {
        return Ok(unknown(state, client, StatusCode::GONE));
    };
    let (parts, body) = request.into_parts();
    let (largest, patience) = (state.options.largest_announcement, state.options.timeout);
    let body = match read(&parts, body, largest, patience).await {
        Ok(body) => body,
        Err(refused) => return Ok(refused),
    };
    let is_right = match &known.secret {
        Some(secret) => is_signed(&parts.headers, secret, &body),
        None => true,
    };
    if is_right {
        state.shared().metrics.ping(Ping::Taken);
        let now = state.now();
        let noted = state.store.note_ping(&known.token, known.source, now);
        noted.await?;
        if known.secret.is_some() && !body.is_empty() {
            let kind = parts.headers.get(CONTENT_TYPE);
            let kind = kind.and_then(|kind| kind.to_str().ok()).map(str::to_owned);
            tokio::spawn(take_in(state.clone(), known.source, body, kind));
        }
    } else {
        state.shared().metrics.ping(Ping::Forged);
    }
    Ok(text(StatusCode::ACCEPTED, String::new()))
}

/// Stores what is new in what the hub sent; it does not wait for that.
async fn take_in(state: AppState, source: SourceId, body: Bytes, kind: Option<String>) {
    let Some(intake) = &state.shared().intake else {
        return;
    };
    let taken = intake.take_in(&state.store, source, body.into(), kind, state.now());
    if let Err(error) = taken.await {
        let story =
            format!("what a hub sent was not stored; the next poll reads it\ncaused by: {error}");
        (state.report)(&Event::Failed(&story));
    }
}

/// Whether a body is signed with the secret (section 7.1). The comparison takes the same time
/// wherever they differ.
fn is_signed(headers: &HeaderMap, secret: &str, body: &[u8]) -> bool {
    let mut signatures = headers.get_all("x-hub-signature").iter();
    let (Some(signature), None) = (signatures.next(), signatures.next()) else {
        return false;
    };
    let Some((method, digest)) = signature
        .to_str()
        .ok()
        .and_then(|signature| signature.trim().split_once('='))
    else {
        return false;
    };
    let algorithm = match method.to_ascii_lowercase().as_str() {
        "sha1" => hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY,
        "sha256" => hmac::HMAC_SHA256,
        "sha384" => hmac::HMAC_SHA384,
        "sha512" => hmac::HMAC_SHA512,
        _ => return false,
    };
    let key = hmac::Key::new(algorithm, secret.as_bytes());
    bytes(digest).is_some_and(|digest| hmac::verify(&key, body, &digest).is_ok())
}

/// The bytes that hexadecimal digits stand for.
fn bytes(digits: &str) -> Option<Vec<u8>> {
    let digit = |byte: &u8| char::from(*byte).to_digit(16);
    let (pairs, rest) = digits.as_bytes().as_chunks::<2>();
    let byte = |[high, low]: &[u8; 2]| u8::try_from(digit(high)? * 16 + digit(low)?).ok();
    rest.is_empty()
        .then(|| pairs.iter().map(byte).collect())
        .flatten()
}

/// Plain text, which no browser takes for a page, whatever it says.
fn text(status: StatusCode, said: String) -> Response {
    let headers = [
        (CONTENT_TYPE, "text/plain; charset=utf-8"),
        (X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (CACHE_CONTROL, "no-store"),
    ];
    (status, headers, Body::from(said)).into_response()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(signatures: &[&str], expected: bool) {
        let mut headers = HeaderMap::new();
        for signature in signatures {
            headers.append("x-hub-signature", signature.parse().unwrap());
        }
        // The second case of RFC 2202 and RFC 4231.
        let body = b"what do ya want for nothing?";
        assert_eq!(
            is_signed(&headers, "Jefe", body),
            expected,
            "{signatures:?}"
        );
    }

    #[test]
    fn knows_the_four_ways_to_sign() {
        let sha1 = "sha1=effcdf6ae5eb2fa2d27416d5f184df9c259a7c79";
        let sha256 = "sha256=5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843";
        let sha384 = "sha384=af45d2e376484031617f78d2b58a6b1b9c7ef464f5a01b47e42ec3736322445e\
                      8e2240ca5e69e2c78b3239ecfab21649";
        let sha512 = "sha512=164b7a7bfcf819e2e395fbe73b56e0a387bd64222e831fd610270cd7ea250554\
                      9758bf75c05a994a6d034f65f8f0e6fdcaeab1a34d4a6b4b636e070a38bce737";
        for right in [sha1, sha256, sha384, sha512] {
            check(&[right], true);
            check(&[&right.to_uppercase()], true);
            for missing in [1, 2] {
                let (short, _) = right.split_at(right.len() - missing);
                check(&[short], false);
            }
            check(&[&format!("{right}00")], false);
            check(&[right, right], false);
        }
        check(&[], false);
        for wrong in ["", "sha1", "sha1=", "sha256=", "md5=00", "=", "sha1=zz"] {
            check(&[wrong], false);
        }
        check(&[&sha256.replace("sha256", "sha512")], false);
    }

    #[test]
    fn a_lease_is_renewed_before_it_ends_and_not_at_once() {
        let now = DateTime::from_timestamp(1_800_000_000, 0).unwrap();
        let of = |seconds| {
            let (ends, renew) = lease(seconds, now);
            ((ends - now).num_seconds(), (renew - now).num_seconds())
        };
        assert_eq!(of(Some(1000)), (1000, 800));
        assert_eq!(of(None), (864_000, 691_200));
        assert_eq!(of(Some(10)), (10, 300));
        assert_eq!(of(Some(-1)), (0, 300));
        assert_eq!(of(Some(i64::MAX)), (7_776_000, 6_220_800));
    }
}
