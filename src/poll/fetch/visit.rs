//! One request for a feed, its redirects, and its body: bounded in time, size and number.

use std::error::Error as _;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use reqwest::header::{
    ACCEPT, AGE, AUTHORIZATION, CACHE_CONTROL, CONTENT_TYPE, ETAG, EXPIRES, HOST, HeaderMap,
    HeaderName, HeaderValue, IF_MODIFIED_SINCE, IF_NONE_MATCH, LAST_MODIFIED, LINK, LOCATION,
    RETRY_AFTER,
};
use reqwest::{Client, Response};
use tokio::sync::{Semaphore, SemaphorePermit};
use tokio::time::timeout;
use url::Url;

use super::resolve::{Resolver, Unknown};
use crate::model::Outcome;
use crate::model::address::host_key;
use crate::poll::answer::{Answer, Cut, Fields, Hop, same_host};
use crate::poll::guard::Refusal;
use crate::poll::options;

/// Redirects that are followed; browsers and the Fetch standard go twice as far.
const HOPS: usize = 10;

/// What can be read, feeds first.
const ACCEPTED: &str = "application/atom+xml, application/rss+xml, application/feed+json, \
    application/rdf+xml;q=0.9, application/xml;q=0.8, text/xml;q=0.8, application/json;q=0.7, \
    */*;q=0.1";

/// Fields of an answer's header; the bytes are bounded by the client.
const FIELDS: usize = 100;

/// Bodies above this size are read a few at a time, so that memory does not grow with the number
/// of hosts that are asked at once.
const LARGE: usize = 1 << 20;

/// How many large bodies are held at the same time.
const LARGE_AT_ONCE: usize = 2;

/// Somebody who fetches feeds.
pub struct Fetcher {
    pub(super) options: options::Fetch,
    pub(super) allowed: Arc<crate::poll::guard::Allowed>,
    /// Without certificates: reading those of the system takes longer than most answers.
    plain: OnceLock<Client>,
    secure: OnceLock<Client>,
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
}

/// A request on its way through redirects.
#[derive(Clone, Debug)]
pub struct Journey {
    request: Request,
    start: Url,
    /// Who is to be asked next.
    url: Url,
    hops: Vec<Hop>,
}

/// How far a journey came.
#[derive(Debug)]
pub enum Leg {
    /// Here is the answer.
    Arrived(Answer),
    /// A redirect leads to another host.
    Onward(Journey),
}

impl Journey {
    /// Before anybody was asked.
    ///
    /// # Errors
    ///
    /// Where the request has no address.
    pub fn new(request: Request) -> Result<Self, Failure> {
        let start = Url::parse(&request.url)
            .map_err(|error| Failure::new(Outcome::Refused, format!("not an address: {error}")))?;
        Ok(Self {
            url: start.clone(),
            start,
            request,
            hops: Vec::new(),
        })
    }

    /// Who is to be asked next.
    pub fn url(&self) -> &Url {
        &self.url
    }

    /// A redirect leads on.
    fn turn(&mut self, status: u16, to: Url) -> Result<(), Failure> {
        if self.hops.len() >= HOPS {
            let message = format!("more than {HOPS} redirects");
            return Err(Failure::new(Outcome::Refused, message));
        }
        if to == self.url || self.hops.iter().any(|hop| hop.to == to) {
            let message = format!("redirects lead in a circle: {}", shown(&to));
            return Err(Failure::new(Outcome::Refused, message));
        }
        self.hops.push(Hop {
            status,
            to: to.clone(),
        });
        self.url = to;
        Ok(())
    }
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
            plain: OnceLock::new(),
            secure: OnceLock::new(),
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
            let response = self.ask(&journey.request, &journey.start, url).await?;
            let Some(to) = redirect(&response, url) else {
                let Journey { hops, url, .. } = journey;
                let answer = self.read(response, hops, url, body).await?;
                return Ok(Some(Leg::Arrived(answer)));
            };
            let status = response.status().as_u16();
            // A short body is read, so that the connection can be used again.
            drain(response).await;
            let is_elsewhere = host_key(&to) != host_key(url);
            journey.turn(status, to)?;
            if is_elsewhere {
                // Who may not be asked is not waited for.
                self.allowed.check(&journey.url)?;
                return Ok(Some(Leg::Onward(journey)));
            }
        }
    }

    async fn ask(&self, request: &Request, start: &Url, url: &Url) -> Result<Response, Failure> {
        let target = self.options.stand_ins.target(url);
        let client = self.client(&target)?;
        let mut headers = HeaderMap::new();
        if target != *url {
            insert(&mut headers, HOST, url.host_str());
        }
        headers.insert(ACCEPT, HeaderValue::from_static(ACCEPTED));
        let validated_at = request.validated_at.as_deref().unwrap_or(&request.url);
        if url.as_str() == validated_at || (url == start && request.validated_at.is_none()) {
            insert(&mut headers, IF_NONE_MATCH, request.etag.as_deref());
            insert(
                &mut headers,
                IF_MODIFIED_SINCE,
                request.last_modified.as_deref(),
            );
        }
        if same_host(start, url) {
            for (name, value) in &request.secrets {
                if let (Ok(name), Ok(mut value)) = (
                    HeaderName::from_bytes(name.as_bytes()),
                    HeaderValue::from_bytes(value.as_bytes()),
                ) {
                    value.set_sensitive(true);
                    headers.insert(name, value);
                }
            }
        }
        let mut asked = client.get(bare(&target)).headers(headers);
        if same_host(start, url)
            && has_user(start)
            && !request
                .secrets
                .iter()
                .any(|(name, _)| name.eq_ignore_ascii_case(AUTHORIZATION.as_str()))
        {
            asked = asked.basic_auth(decoded(start.username()), start.password().map(decoded));
        }
        let limit = self.options.connect + self.options.first_byte;
        match timeout(limit, asked.send()).await {
            Ok(Ok(response)) if response.headers().len() > FIELDS => {
                Err(Failure::new(Outcome::TooLarge, "the header is too large"))
            }
            Ok(sent) => sent.map_err(|error| failure(&error)),
            Err(_) => Err(Failure::new(
                Outcome::TimedOut,
                format!("no answer after {} s", limit.as_secs_f32()),
            )),
        }
    }

    async fn read(
        &self,
        mut response: Response,
        hops: Vec<Hop>,
        url: Url,
        body: &mut Vec<u8>,
    ) -> Result<Answer, Failure> {
        let status = response.status().as_u16();
        let fields = fields(response.headers());
        let cut = if response.status().is_success() {
            self.read_body(&mut response, body).await
        } else {
            drain(response).await;
            None
        };
        Ok(Answer {
            hops,
            url,
            status,
            fields,
            body: Vec::new(),
            cut,
        })
    }

    /// Reads a body as far as it comes and fits, decompressed as it comes.
    async fn read_body(&self, response: &mut Response, body: &mut Vec<u8>) -> Option<Cut> {
        let mut permit: Option<SemaphorePermit<'_>> = None;
        loop {
            let chunk = match response.chunk().await {
                Ok(Some(chunk)) => chunk,
                Ok(None) => return None,
                Err(_) => return Some(Cut::BrokenOff),
            };
            let size = body.len() + chunk.len();
            if size > self.options.max_bytes {
                body.extend_from_slice(&chunk[..self.options.max_bytes - body.len()]);
                return Some(Cut::TooLarge);
            }
            if size > LARGE && permit.is_none() {
                permit = self.large.acquire().await.ok();
            }
            body.extend_from_slice(&chunk);
        }
    }

    pub(super) fn client(&self, url: &Url) -> Result<&Client, Failure> {
        let (place, secure) = if url.scheme() == "https" {
            (&self.secure, true)
        } else {
            (&self.plain, false)
        };
        if let Some(client) = place.get() {
            return Ok(client);
        }
        let client = self
            .build(secure)
            .map_err(|error| Failure::new(Outcome::Unreachable, chain(&error)))?;
        Ok(place.get_or_init(|| client))
    }

    fn build(&self, secure: bool) -> Result<Client, reqwest::Error> {
        // Fails only where a provider is installed already, which is as good.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let builder = Client::builder()
            .user_agent(&self.options.user_agent)
            .referer(false)
            // A proxy would connect on our behalf, past every check of addresses.
            .no_proxy()
            .redirect(reqwest::redirect::Policy::none())
            .dns_resolver(Resolver::new(Arc::clone(&self.allowed)))
            .connect_timeout(self.options.connect)
            .pool_max_idle_per_host(1)
            .pool_idle_timeout(Duration::from_secs(30))
            .http2_max_header_list_size(64 << 10)
            .tcp_nodelay(true);
        if secure {
            return builder.build();
        }
        let no_certificates = rustls::ClientConfig::builder()
            .with_root_certificates(rustls::RootCertStore::empty())
            .with_no_client_auth();
        builder.tls_backend_preconfigured(no_certificates).build()
    }
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

fn fields(headers: &HeaderMap) -> Fields {
    let first = |name: HeaderName| headers.get(name).map(|value| to_text(value.as_bytes()));
    let controls: Vec<String> = headers
        .get_all(CACHE_CONTROL)
        .iter()
        .map(|value| to_text(value.as_bytes()))
        .collect();
    Fields {
        etag: first(ETAG),
        last_modified: first(LAST_MODIFIED),
        cache_control: (!controls.is_empty()).then(|| controls.join(",")),
        expires: first(EXPIRES),
        age: first(AGE),
        retry_after: first(RETRY_AFTER),
        content_type: first(CONTENT_TYPE),
        links: headers
            .get_all(LINK)
            .iter()
            .map(|value| to_text(value.as_bytes()))
            .collect(),
    }
}

/// A field value as text, one character for each byte, so that [`to_bytes`] gives the same bytes.
fn to_text(bytes: &[u8]) -> String {
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

/// What a person should know of an error of the client.
pub(super) fn failure(error: &reqwest::Error) -> Failure {
    let mut cause: Option<&(dyn std::error::Error + 'static)> = error.source();
    let (mut is_offline, mut is_no_host) = (false, false);
    while let Some(inner) = cause {
        if let Some(refusal) = inner.downcast_ref::<Refusal>() {
            return refusal.clone().into();
        }
        if let Some(unknown) = inner.downcast_ref::<Unknown>() {
            is_offline = true;
            is_no_host = !unknown.is_temporary();
        }
        if let Some(error) = inner.downcast_ref::<std::io::Error>() {
            use std::io::ErrorKind::{HostUnreachable, NetworkDown, NetworkUnreachable};
            is_offline |= matches!(
                error.kind(),
                NetworkUnreachable | NetworkDown | HostUnreachable
            );
        }
        cause = inner.source();
    }
    let outcome = if error.is_timeout() {
        Outcome::TimedOut
    } else {
        Outcome::Unreachable
    };
    Failure {
        is_offline,
        is_no_host,
        ..Failure::new(outcome, chain(error))
    }
}

/// The last causes say most; the first one is the address, which the reader knows.
fn chain(error: &reqwest::Error) -> String {
    let mut causes: Vec<String> = Vec::new();
    let mut cause = error.source();
    while let Some(inner) = cause {
        let text = inner.to_string();
        if !causes.iter().any(|known| known.contains(&text)) {
            causes.push(text);
        }
        cause = inner.source();
    }
    let from = causes.len().saturating_sub(2);
    if causes.is_empty() {
        "no answer".to_owned()
    } else {
        causes[from..].join(": ")
    }
}
