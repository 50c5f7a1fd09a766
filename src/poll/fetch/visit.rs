//! One request for a feed, its redirects, and its body: bounded in time, size and number.

use std::sync::Arc;
use std::time::Duration;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use reqwest::header::{
    ACCEPT, ACCEPT_ENCODING, ACCEPT_LANGUAGE, AUTHORIZATION, CONTENT_ENCODING, COOKIE, HOST,
    HeaderMap, HeaderName, HeaderValue, IF_MODIFIED_SINCE, IF_NONE_MATCH, LOCATION,
    WWW_AUTHENTICATE,
};
use reqwest::{Client, Response};
use tokio::sync::{Semaphore, SemaphorePermit};
use tokio::time::timeout;
use url::Url;

use super::client::{Clients, Way};
use super::coding;
use super::fields::fields;
pub use super::journey::Journey;
use super::words;
use crate::model::address::host_key;
use crate::model::{Manner, Outcome};
use crate::poll::answer::{Answer, Cut, Hop, same_host};
use crate::poll::guard::Refusal;
use crate::poll::{options, wall};

/// What can be read, feeds first.
const ACCEPTED: &str = "application/atom+xml, application/rss+xml, application/feed+json, \
    application/rdf+xml;q=0.9, application/xml;q=0.8, text/xml;q=0.8, application/json;q=0.7, \
    */*;q=0.1";

/// Bodies above this size are read a few at a time, so that memory does not grow with the number
/// of hosts that are asked at once.
const LARGE: usize = 1 << 20;

/// How many large bodies are held at the same time.
const LARGE_AT_ONCE: usize = 2;

/// Somebody who fetches feeds.
pub struct Fetcher {
    pub(super) options: options::Fetch,
    pub(super) allowed: Arc<crate::poll::guard::Allowed>,
    clients: Clients,
    large: Semaphore,
}

/// What is asked for.
#[derive(Clone, Debug, Default)]
pub struct Request {
    /// The address.
    pub url: String,
    /// The `ETag` that is known.
    pub etag: Option<String>,
    /// The `Last-Modified` that is known.
    pub last_modified: Option<String>,
    /// The address that these two came from, where it is not the one that is asked.
    pub validated_at: Option<String>,
    /// More header fields, such as `Authorization`, for the address's own host alone.
    pub secrets: Vec<(String, String)>,
    /// How it is asked, where that differs from all others.
    pub manner: Manner,
}

/// How far a journey came.
#[derive(Debug)]
pub enum Leg {
    /// Here is the answer.
    Arrived(Answer),
    /// A redirect leads to another host.
    Onward(Journey),
}

/// Why no answer came.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    /// The outcome of the visit.
    pub outcome: Outcome,
    /// What went wrong.
    pub message: String,
    /// Whether the whole network may be away: no name could be looked up, or no way leads there.
    pub is_offline: bool,
    /// Whether the name is nobody's, as far as a network is there at all.
    pub is_no_host: bool,
}

impl Failure {
    /// A failure that says nothing about the network.
    pub fn new(outcome: Outcome, message: impl Into<String>) -> Self {
        Self {
            outcome,
            message: message.into(),
            is_offline: false,
            is_no_host: false,
        }
    }
}

impl From<Refusal> for Failure {
    fn from(refusal: Refusal) -> Self {
        let hint = refusal.hint();
        let hint = hint.map_or_else(String::new, |hint| format!("; {hint}"));
        Self::new(Outcome::Refused, format!("{refusal}{hint}"))
    }
}

impl Fetcher {
    /// One that has not asked anybody yet.
    pub fn new(options: options::Fetch) -> Self {
        Self {
            allowed: Arc::new(options.allowed.clone()),
            options,
            clients: Clients::default(),
            large: Semaphore::new(LARGE_AT_ONCE),
        }
    }

    /// Fetches a document and follows its redirects.
    ///
    /// # Errors
    ///
    /// Where there was no answer at all.
    pub async fn fetch(&self, request: &Request) -> Result<Answer, Failure> {
        let answer = self.fetch_where(request, async |_: &Url| Ok(true)).await?;
        answer.ok_or_else(|| Failure::new(Outcome::Refused, "may not be asked"))
    }

    /// Fetches a document and follows its redirects as far as `may` lets it, which is asked
    /// before each request; `None` where it forbids one.
    ///
    /// # Errors
    ///
    /// Where there was no answer at all, or `may` fails.
    pub async fn fetch_where(
        &self,
        request: &Request,
        may: impl AsyncFn(&Url) -> Result<bool, Failure>,
    ) -> Result<Option<Answer>, Failure> {
        let mut journey = Journey::new(request.clone())?;
        let mut body = Vec::new();
        let all = async {
            loop {
                match self.follow(journey, &mut body, &may).await? {
                    Some(Leg::Onward(further)) => journey = further,
                    Some(Leg::Arrived(answer)) => return Ok(Some(answer)),
                    None => return Ok(None),
                }
            }
        };
        let answer: Result<Option<Answer>, Failure> = match timeout(self.options.whole, all).await {
            Ok(answer) => answer,
            Err(_) => Err(self.too_late()),
        };
        Ok(answer?.map(|answer| Answer { body, ..answer }))
    }

    /// Goes on with a journey for at most so long, as far as one host leads: another one may be in
    /// somebody else's hands, or want to rest.
    ///
    /// # Errors
    ///
    /// Where there was no answer at all.
    pub async fn leg(&self, journey: Journey, time: Duration) -> Result<Leg, Failure> {
        let mut body = Vec::new();
        let may = async |_: &Url| Ok(true);
        match timeout(time, self.follow(journey, &mut body, &may)).await {
            Ok(leg) => match leg? {
                Some(Leg::Arrived(answer)) => Ok(Leg::Arrived(Answer { body, ..answer })),
                Some(onward) => Ok(onward),
                None => Err(Failure::new(Outcome::Refused, "may not be asked")),
            },
            Err(_) => Err(self.too_late()),
        }
    }

    fn too_late(&self) -> Failure {
        let whole = self.options.whole.as_secs_f32();
        Failure::new(Outcome::TimedOut, format!("not done after {whole} s"))
    }

    /// Asks, and follows redirects while they stay at one host.
    async fn follow(
        &self,
        mut journey: Journey,
        body: &mut Vec<u8>,
        may: &impl AsyncFn(&Url) -> Result<bool, Failure>,
    ) -> Result<Option<Leg>, Failure> {
        loop {
            let url = &journey.url;
            self.allowed.check(url)?;
            if !may(url).await? {
                return Ok(None);
            }
            let response = self.ask(&journey).await?;
            let Some(to) = redirect(&response, url) else {
                let Journey {
                    hops, url, request, ..
                } = journey;
                let limit = request.manner.max_bytes.unwrap_or(self.options.max_bytes);
                let answer = self.read(response, hops, url, (body, limit)).await?;
                return Ok(Some(Leg::Arrived(answer)));
            };
            let is_elsewhere = host_key(&to) != host_key(url);
            let turned = journey.turn(response.status().as_u16(), to, response.headers());
            // A short body is read, so that the connection can be used again.
            drain(response).await;
            turned?;
            if is_elsewhere {
                // Who may not be asked is not waited for.
                self.allowed.check(&journey.url)?;
                return Ok(Some(Leg::Onward(journey)));
            }
        }
    }

    /// Asks once, and once more where the server wants a password that nobody can overhear
    /// (Digest, RFC 7616).
    async fn ask(&self, journey: &Journey) -> Result<Response, Failure> {
        let Journey { start, url, .. } = journey;
        let response = self.send(journey, basic(journey)).await?;
        if response.status().as_u16() != 401 || !(same_host(start, url) && has_user(start)) {
            return Ok(response);
        }
        let challenges = response.headers().get_all(WWW_AUTHENTICATE).iter();
        let Some(digest) = challenges
            .filter_map(|challenge| digest(challenge, start, url))
            .next()
        else {
            return Ok(response);
        };
        drain(response).await;
        self.send(journey, Some(digest)).await
    }

    async fn send(
        &self,
        journey: &Journey,
        authorization: Option<HeaderValue>,
    ) -> Result<Response, Failure> {
        let Journey { start, url, .. } = journey;
        let target = self.options.stand_ins.target(url);
        let manner = manner(journey);
        let (client, way) = self.client(url, &target, &manner).await?;
        let mut headers = headers(journey, &manner);
        if target != *url {
            insert(&mut headers, HOST, url.host_str());
        }
        if same_host(start, url) {
            if let Some(authorization) = authorization {
                headers.insert(AUTHORIZATION, authorization);
            }
            add_secrets(&mut headers, &journey.request.secrets);
        }
        let asked = client.get(bare(&target)).headers(headers);
        let limit = self.options.connect + self.options.first_byte;
        match timeout(limit, asked.send()).await {
            Ok(sent) => sent.map_err(|error| by_way_of(&way, words::failure(&error))),
            Err(_) => Err(Failure::new(
                Outcome::TimedOut,
                format!("no answer after {} s", limit.as_secs_f32()),
            )),
        }
    }

    /// Reads an answer, at most `limit` bytes of its body, of which `body` has as many as came.
    async fn read(
        &self,
        mut response: Response,
        hops: Vec<Hop>,
        url: Url,
        (body, limit): (&mut Vec<u8>, usize),
    ) -> Result<Answer, Failure> {
        let status = response.status().as_u16();
        let fields = fields(response.headers());
        let mut cut = None;
        if response.status().is_success() {
            cut = self.read_body(&mut response, body, limit).await?;
        } else if may_be_walled(status, fields.content_type.as_deref()) {
            // What a page says of why nobody comes in; where it cannot be read it says nothing.
            let _ = self.read_body(&mut response, body, wall::LOOK).await;
        } else {
            drain(response).await;
        }
        Ok(Answer {
            hops,
            url,
            status,
            fields,
            body: Vec::new(),
            cut,
        })
    }

    /// Reads a body as far as it comes and fits, and unpacks it.
    async fn read_body(
        &self,
        response: &mut Response,
        body: &mut Vec<u8>,
        limit: usize,
    ) -> Result<Option<Cut>, Failure> {
        let named = codings(response.headers());
        let mut cut = None;
        let mut permit: Option<SemaphorePermit<'_>> = None;
        loop {
            let chunk = match response.chunk().await {
                Ok(Some(chunk)) => chunk,
                Ok(None) => break,
                Err(_) => {
                    cut = Some(Cut::BrokenOff);
                    break;
                }
            };
            let size = body.len() + chunk.len();
            if size > limit {
                body.extend_from_slice(&chunk[..limit - body.len()]);
                cut = Some(Cut::TooLarge);
                break;
            }
            if size > LARGE && permit.is_none() {
                permit = self.large.acquire().await.ok();
            }
            body.extend_from_slice(&chunk);
        }
        let unpacked = coding::unpack(std::mem::take(body), &named, limit);
        let (whole, damage) =
            unpacked.map_err(|error| Failure::new(Outcome::NotAFeed, error.to_string()))?;
        *body = whole;
        Ok(cut.or(damage))
    }

    /// The client for an address, for which `target` may stand in, and how that one connects.
    pub(super) async fn client(
        &self,
        url: &Url,
        target: &Url,
        manner: &Manner,
    ) -> Result<(Client, Way), Failure> {
        let mut way = Way::to(target, manner, &self.options);
        if target != url {
            way.proxy = None;
        }
        if way.proxy.is_some() {
            // Whoever asks on our behalf looks the name up, too; what we can see is refused here.
            super::resolve::check(&self.allowed, url).await?;
        }
        let client = self.clients.get(&way, &self.options, &self.allowed)?;
        Ok((client, way))
    }
}

/// What a request says of itself.
fn headers(journey: &Journey, manner: &Manner) -> HeaderMap {
    let Journey {
        request,
        start,
        url,
        ..
    } = journey;
    let mut headers = HeaderMap::new();
    headers.insert(ACCEPT, HeaderValue::from_static(ACCEPTED));
    headers.insert(ACCEPT_ENCODING, HeaderValue::from_static(coding::ACCEPTED));
    insert(&mut headers, ACCEPT_LANGUAGE, manner.language.as_deref());
    let validated_at = request.validated_at.as_deref().unwrap_or(&request.url);
    if url.as_str() == validated_at || (url == start && request.validated_at.is_none()) {
        insert(&mut headers, IF_NONE_MATCH, request.etag.as_deref());
        insert(
            &mut headers,
            IF_MODIFIED_SINCE,
            request.last_modified.as_deref(),
        );
    }
    if let Some(cookies) = journey.cookies() {
        headers.insert(COOKIE, cookies);
    }
    headers
}

fn add_secrets(headers: &mut HeaderMap, secrets: &[(String, String)]) {
    for (name, value) in secrets {
        if let (Ok(name), Ok(mut value)) = (
            HeaderName::from_bytes(name.as_bytes()),
            HeaderValue::from_bytes(value.as_bytes()),
        ) {
            value.set_sensitive(true);
            headers.insert(name, value);
        }
    }
}

/// Whoever is trusted without a certificate is nobody but the source's own host.
fn manner(journey: &Journey) -> Manner {
    let manner = &journey.request.manner;
    Manner {
        any_certificate: manner.any_certificate && same_host(&journey.start, &journey.url),
        ..manner.clone()
    }
}

/// The name and password of the address.
fn basic(journey: &Journey) -> Option<HeaderValue> {
    let start = &journey.start;
    if !has_user(start) {
        return None;
    }
    let password = start.password().map(decoded).unwrap_or_default();
    let pair = format!("{}:{password}", decoded(start.username()));
    let mut value =
        HeaderValue::from_str(&format!("Basic {}", BASE64_STANDARD.encode(pair))).ok()?;
    value.set_sensitive(true);
    Some(value)
}

/// The answer to a challenge, where it is one of Digest's.
fn digest(challenge: &HeaderValue, start: &Url, url: &Url) -> Option<HeaderValue> {
    let text = challenge.to_str().ok()?.trim();
    let is_digest = text
        .get(..7)
        .is_some_and(|scheme| scheme.eq_ignore_ascii_case("digest "));
    if !is_digest {
        return None;
    }
    let mut prompt = digest_auth::parse(text).ok()?;
    let (user, password) = (start.username(), start.password().unwrap_or_default());
    let asked = &url[url::Position::BeforePath..url::Position::AfterQuery];
    let context = digest_auth::AuthContext::new(decoded(user), decoded(password), asked);
    let answer = prompt.respond(&context).ok()?.to_header_string();
    let mut value = HeaderValue::from_str(&answer).ok()?;
    value.set_sensitive(true);
    Some(value)
}

/// Says whose failure it may be.
pub(super) fn by_way_of(way: &Way, failure: Failure) -> Failure {
    let Some(proxy) = &way.proxy else {
        return failure;
    };
    let message = format!(
        "by way of the proxy `{}`: {}",
        shown(proxy),
        failure.message
    );
    Failure { message, ..failure }
}

/// Whether the page of a refusal may say that a wall is there.
fn may_be_walled(status: u16, content_type: Option<&str>) -> bool {
    let is_page = content_type.is_none_or(|it| it.to_ascii_lowercase().contains("html"));
    is_page && matches!(status, 401..=403 | 405 | 406 | 429 | 503)
}

/// All codings of a body, in the order in which they were applied.
fn codings(headers: &HeaderMap) -> String {
    let named = headers.get_all(CONTENT_ENCODING).iter();
    let named: Vec<_> = named
        .map(|it| String::from_utf8_lossy(it.as_bytes()))
        .collect();
    named.join(",")
}

/// Where the answer sends us on.
pub(super) fn redirect(response: &Response, url: &Url) -> Option<Url> {
    if !matches!(response.status().as_u16(), 301 | 302 | 303 | 307 | 308) {
        return None;
    }
    let location = response.headers().get(LOCATION)?;
    // Browsers read UTF-8 here, whatever RFC 9110 says of field values.
    let location = std::str::from_utf8(location.as_bytes()).ok()?;
    let mut to = url.join(location).ok()?;
    // Nobody may choose whom we pretend to be, and a fragment is the reader's.
    let _ = to.set_username("");
    let _ = to.set_password(None);
    to.set_fragment(None);
    Some(to)
}

/// Reads the rest of a body that does not matter, if that is cheaper than a new connection.
pub(super) async fn drain(mut response: Response) {
    const WORTH: u64 = 16 << 10;
    if response
        .content_length()
        .is_none_or(|length| length > WORTH)
    {
        return;
    }
    let rest = async { while let Ok(Some(_)) = response.chunk().await {} };
    let _ = timeout(Duration::from_secs(1), rest).await;
}

pub(super) fn insert(headers: &mut HeaderMap, name: HeaderName, value: Option<&str>) {
    let value = value.and_then(|value| HeaderValue::from_bytes(&to_bytes(value)?).ok());
    if let Some(value) = value {
        headers.insert(name, value);
    }
}

/// A field value as text, one character for each byte, so that [`to_bytes`] gives the same bytes.
pub(super) fn to_text(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| char::from(*byte)).collect()
}

fn to_bytes(text: &str) -> Option<Vec<u8>> {
    text.chars().map(|c| u8::try_from(c).ok()).collect()
}

fn has_user(url: &Url) -> bool {
    !url.username().is_empty() || url.password().is_some()
}

/// The address without user and password.
pub fn bare(url: &Url) -> Url {
    let mut bare = url.clone();
    let _ = bare.set_username("");
    let _ = bare.set_password(None);
    bare
}

/// The address as it may be shown: without its password.
pub fn shown(url: &Url) -> String {
    let mut shown = url.clone();
    let _ = shown.set_password(None);
    shown.to_string()
}

/// User and password are percent-encoded in an address, and not in the header.
fn decoded(part: &str) -> String {
    url::form_urlencoded::parse(part.replace('+', "%2B").as_bytes())
        .next()
        .map_or_else(String::new, |(name, _)| name.into_owned())
}
