//! Forms: read within bounds, and let through only with the token of who sends them.

use std::time::Duration;

use axum::Form;
use axum::body::{Body, Bytes, to_bytes};
use axum::extract::{FromRequest, FromRequestParts as _, Request};
use axum::http::header::{CONTENT_LENGTH, CONTENT_TYPE};
use axum::http::request::Parts;
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse as _, Response};
use serde::de::DeserializeOwned;

use super::failure::plain;
use super::session::Curator;
use super::state::AppState;
use super::token::Token;

/// The largest form: a list of some thousand sources.
pub(super) const LARGEST: usize = 4 << 20;

/// Says that the wall has found the token in a form.
#[derive(Clone, Copy, Debug)]
pub(super) struct Carried;

/// A form that somebody who is signed in sent from a page of their own session.
#[derive(Clone, Debug)]
pub(crate) struct Signed<T> {
    /// Who sent it.
    pub(crate) curator: Curator,
    /// What it says.
    pub(crate) form: T,
}

impl<T: DeserializeOwned> FromRequest<AppState> for Signed<T> {
    type Rejection = Response;

    async fn from_request(request: Request, state: &AppState) -> Result<Self, Response> {
        let (mut parts, body) = request.into_parts();
        let curator = Curator::from_request_parts(&mut parts, state).await?;
        if parts.extensions.get::<Carried>().is_none() {
            return Err(plain(StatusCode::FORBIDDEN, "this is no form"));
        }
        let Form(form) = Form::from_request(Request::from_parts(parts, body), state)
            .await
            .map_err(|rejection| {
                plain(rejection.status(), "this form is not as it should be").into_response()
            })?;
        Ok(Self { curator, form })
    }
}

/// A file that somebody who is signed in sent with a form (RFC 7578), in its field `file`.
#[derive(Clone, Debug)]
pub(crate) struct Upload {
    /// Who sent it.
    pub(crate) curator: Curator,
    /// The file.
    pub(crate) file: Vec<u8>,
}

impl FromRequest<AppState> for Upload {
    type Rejection = Response;

    async fn from_request(request: Request, state: &AppState) -> Result<Self, Response> {
        let (mut parts, body) = request.into_parts();
        let curator = Curator::from_request_parts(&mut parts, state).await?;
        if parts.extensions.get::<Carried>().is_none() {
            return Err(plain(StatusCode::FORBIDDEN, "this is no form"));
        }
        let no_file = || plain(StatusCode::BAD_REQUEST, "there is no file in this form");
        let kind = parts.headers.get(CONTENT_TYPE).cloned();
        let kind = kind.as_ref().and_then(|kind| kind.to_str().ok());
        let boundary = kind.and_then(boundary).ok_or_else(no_file)?.to_owned();
        // The wall has read it, within bounds.
        let read = to_bytes(body, LARGEST).await;
        let bytes = read.map_err(|_| no_file())?;
        let file = part(&bytes, &boundary, "file")
            .ok_or_else(no_file)?
            .to_vec();
        Ok(Self { curator, file })
    }
}

/// What the parts of a form are told apart by.
fn boundary(kind: &str) -> Option<&str> {
    let boundary = kind.strip_prefix("multipart/form-data")?;
    let boundary = boundary
        .split(';')
        .find_map(|it| it.trim().strip_prefix("boundary="))?;
    let boundary = boundary.trim_matches('"');
    (!boundary.is_empty() && boundary.len() <= 70).then_some(boundary)
}

/// The bytes of a field.
fn part<'b>(body: &'b [u8], boundary: &str, name: &str) -> Option<&'b [u8]> {
    let find = |bytes: &[u8], what: &[u8]| bytes.windows(what.len()).position(|it| it == what);
    let named = format!("; name=\"{name}\"");
    let between = format!("\r\n--{boundary}");
    let mut rest = body;
    loop {
        let start = find(rest, format!("--{boundary}\r\n").as_bytes())?;
        rest = rest.get(start + boundary.len() + 4..)?;
        let head = find(rest, b"\r\n\r\n")?;
        let content = rest.get(head + 4..)?;
        let end = find(content, between.as_bytes())?;
        if find(&rest[..head], named.as_bytes()).is_some() {
            return content.get(..end);
        }
        rest = content.get(end + 2..)?;
    }
}

/// The whole body, if it is not too large and arrives in time.
pub(super) async fn read(
    parts: &Parts,
    body: Body,
    largest: usize,
    patience: Duration,
) -> Result<Bytes, Response> {
    let too_large = || plain(StatusCode::PAYLOAD_TOO_LARGE, "this form is too large");
    let announced = parts
        .headers
        .get(CONTENT_LENGTH)
        .and_then(|length| length.to_str().ok()?.parse::<u64>().ok());
    if announced.is_some_and(|length| length > largest as u64) {
        return Err(too_large());
    }
    match tokio::time::timeout(patience, to_bytes(body, largest)).await {
        Ok(Ok(bytes)) => Ok(bytes),
        Ok(Err(_)) => Err(too_large()),
        Err(_) => Err(plain(
            StatusCode::REQUEST_TIMEOUT,
            "this form did not arrive",
        )),
    }
}

/// Whether a request carries the token: in the header, or in a field `csrf` of its form.
pub(super) fn carries(
    token: &Token,
    header: Option<&HeaderValue>,
    kind: Option<&HeaderValue>,
    body: &[u8],
) -> bool {
    if let Some(sent) = header {
        return token.is_csrf(sent.as_bytes());
    }
    let kind = kind.map_or(&b""[..], HeaderValue::as_bytes);
    if kind.starts_with(b"multipart/form-data") {
        // The field's value is told apart by its length alone: whoever sends the right one knows it.
        const FIELD: &[u8] = b"name=\"csrf\"\r\n\r\n";
        let at = body.windows(FIELD.len()).position(|window| window == FIELD);
        return at
            .and_then(|at| body.get(at + FIELD.len()..at + FIELD.len() + 64))
            .is_some_and(|sent| token.is_csrf(sent));
    }
    let mut fields = url::form_urlencoded::parse(body).filter(|(name, _)| name == "csrf");
    let sent = fields.next();
    sent.is_some_and(|(_, sent)| token.is_csrf(sent.as_bytes())) && fields.next().is_none()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_the_file_in_a_form() {
        let body = b"--x\r\nContent-Disposition: form-data; name=\"csrf\"\r\n\r\nabc\r\n\
            --x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"name=file\"\r\n\
            Content-Type: text/xml\r\n\r\n<opml/>\r\n\r\n--x--\r\n";
        assert_eq!(part(body, "x", "file"), Some(&b"<opml/>\r\n"[..]));
        assert_eq!(part(body, "x", "csrf"), Some(&b"abc"[..]));
        assert_eq!(part(body, "x", "other"), None);
        assert_eq!(part(b"--x\r\n", "x", "file"), None);
        let kind = "multipart/form-data; boundary=\"x\"";
        assert_eq!(boundary(kind), Some("x"));
        assert_eq!(boundary("text/plain; boundary=x"), None);
    }
}
