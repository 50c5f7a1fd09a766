//! One document, sent: as much of it as the client has not.

use std::fs::File;
use std::io::{self, Read as _, Seek as _, SeekFrom};
use std::sync::Arc;

use axum::body::{Body, Bytes};
use axum::http::header::{
    ACCEPT_ENCODING, ACCEPT_RANGES, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_RANGE,
    CONTENT_TYPE, ETAG, LAST_MODIFIED, RANGE, VARY,
};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode};
use axum::response::Response;
use futures_util::stream;

use super::accept::{self, Encoding};
use super::conditions::{Validators, Verdict};
use super::document::{Document, Stamp};
use super::range::{self, Part};
use super::shelf::Shelf;

/// The bytes of a file that are in memory for one client.
const AT_ONCE: u64 = 128 << 10;

/// Sends a document; none where its file is another by now.
pub(super) async fn send(
    document: &Arc<Document>,
    shelf: &Shelf,
    method: &Method,
    headers: &HeaderMap,
    now: i64,
) -> io::Result<Option<Response>> {
    let validators = Validators {
        hash: &document.hash,
        // Within the second of a change, another may follow that a date cannot tell apart.
        modified: Some(document.modified).filter(|modified| *modified <= now),
        now,
    };
    let wanted = if document.varies() {
        accept::choose(headers.get(ACCEPT_ENCODING).and_then(|it| it.to_str().ok()))
    } else {
        Encoding::Plain
    };
    match validators.weigh(headers, wanted) {
        Verdict::Same(encoding) => {
            let mut response = Response::new(Body::empty());
            *response.status_mut() = StatusCode::NOT_MODIFIED;
            describe(&mut response, document, encoding, &validators);
            return Ok(Some(response));
        }
        Verdict::Other => {
            let mut response = Response::new(Body::empty());
            *response.status_mut() = StatusCode::PRECONDITION_FAILED;
            return Ok(Some(response));
        }
        Verdict::Send => {}
    }
    let asked = headers.get(RANGE).filter(|_| method == Method::GET);
    let part = match asked.and_then(|range| range.to_str().ok()) {
        Some(range) if validators.fits(headers) => range::parse(range, document.length()),
        _ => Part::Whole,
    };
    if let Part::Whole = part {
        let known = document.has(wanted);
        let made = document.encoded(wanted, shelf.turns()).await;
        if !known {
            shelf.tidy();
        }
        let encoding = if made.is_some() {
            wanted
        } else {
            Encoding::Plain
        };
        let length = made
            .as_ref()
            .map_or(document.length(), |made| made.len() as u64);
        let bytes = made.or_else(|| document.bytes.clone());
        return whole(document, method, encoding, bytes, length, &validators);
    }
    ranged(document, part, &validators)
}

fn whole(
    document: &Arc<Document>,
    method: &Method,
    encoding: Encoding,
    bytes: Option<Bytes>,
    length: u64,
    validators: &Validators<'_>,
) -> io::Result<Option<Response>> {
    let body = match bytes {
        _ if method == Method::HEAD => Body::empty(),
        Some(bytes) => Body::from(bytes),
        None => match read(document, 0, length)? {
            Some(body) => body,
            None => return Ok(None),
        },
    };
    let mut response = Response::new(body);
    describe(&mut response, document, encoding, validators);
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, document.headers.content_type.clone());
    headers.insert(CONTENT_LENGTH, HeaderValue::from(length));
    if let Some(name) = encoding.name() {
        headers.insert(CONTENT_ENCODING, HeaderValue::from_static(name));
    } else {
        headers.insert(ACCEPT_RANGES, HeaderValue::from_static("bytes"));
    }
    Ok(Some(response))
}

/// A part, which is always one of the bytes as they are.
fn ranged(
    document: &Arc<Document>,
    part: Part,
    validators: &Validators<'_>,
) -> io::Result<Option<Response>> {
    let all = document.length();
    let Part::Bytes { first, last } = part else {
        let mut response = Response::new(Body::empty());
        *response.status_mut() = StatusCode::RANGE_NOT_SATISFIABLE;
        let range = HeaderValue::try_from(format!("bytes */{all}")).map_err(io::Error::other)?;
        response.headers_mut().insert(CONTENT_RANGE, range);
        return Ok(Some(response));
    };
    let length = last - first + 1;
    let body = match &document.bytes {
        Some(bytes) => {
            let index = |at: u64| usize::try_from(at).unwrap_or(usize::MAX).min(bytes.len());
            Body::from(bytes.slice(index(first)..index(last + 1)))
        }
        None => match read(document, first, length)? {
            Some(body) => body,
            None => return Ok(None),
        },
    };
    let mut response = Response::new(body);
    *response.status_mut() = StatusCode::PARTIAL_CONTENT;
    describe(&mut response, document, Encoding::Plain, validators);
    let range = format!("bytes {first}-{last}/{all}");
    let range = HeaderValue::try_from(range).map_err(io::Error::other)?;
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, document.headers.content_type.clone());
    headers.insert(CONTENT_LENGTH, HeaderValue::from(length));
    headers.insert(CONTENT_RANGE, range);
    headers.insert(ACCEPT_RANGES, HeaderValue::from_static("bytes"));
    Ok(Some(response))
}

/// The headers that a 304 has, too.
fn describe(
    response: &mut Response,
    document: &Document,
    encoding: Encoding,
    validators: &Validators<'_>,
) {
    let headers = response.headers_mut();
    headers.insert(ETAG, document.headers.tag(encoding).clone());
    headers.insert(CACHE_CONTROL, document.headers.cache_control.clone());
    if validators.modified.is_some() {
        headers.insert(LAST_MODIFIED, document.headers.last_modified.clone());
    }
    if document.varies() {
        headers.insert(VARY, HeaderValue::from_static("accept-encoding"));
    }
}

/// Part of a document's file, read as it is sent; none where the file is another by now. What is
/// open stays what it was, also if it is replaced on the way.
fn read(document: &Document, first: u64, length: u64) -> io::Result<Option<Body>> {
    let mut file = File::open(&document.file)?;
    if Stamp::of(&file.metadata()?)? != document.stamp {
        return Ok(None);
    }
    file.seek(SeekFrom::Start(first))?;
    let parts = stream::try_unfold((file, length), |(file, left)| async move {
        if left == 0 {
            return Ok(None);
        }
        let read = tokio::task::spawn_blocking(move || next(file, left.min(AT_ONCE)));
        let (file, bytes) = read.await.map_err(io::Error::other)??;
        let left = left.saturating_sub(bytes.len() as u64);
        Ok::<_, io::Error>(Some((bytes, (file, left))))
    });
    Ok(Some(Body::from_stream(parts)))
}

fn next(mut file: File, most: u64) -> io::Result<(File, Bytes)> {
    let mut bytes = vec![0; usize::try_from(most).unwrap_or(usize::MAX)];
    let read = file.read(&mut bytes)?;
    if read == 0 {
        // Somebody has cut it short: better to break off than to pretend.
        return Err(io::ErrorKind::UnexpectedEof.into());
    }
    bytes.truncate(read);
    Ok((file, Bytes::from(bytes)))
}
