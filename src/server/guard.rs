//! Who may ask for a review page, and what browsers may do with it: the `Host` against DNS
//! rebinding, where a form comes from, the headers that keep a page to itself.
//!
//! Whether somebody is signed in is `session`'s; whether a form carries its token is `signed`'s.

use std::net::{IpAddr, SocketAddr};

use axum::extract::{FromRequestParts, Request, State};
use axum::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, HOST, ORIGIN, REFERRER_POLICY, X_CONTENT_TYPE_OPTIONS,
    X_FRAME_OPTIONS,
};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, Uri};
use axum::middleware::Next;
use axum::response::Response;
use url::{Host, Url};

use super::failure::plain;
use super::options::Options;
use super::state::AppState;

/// Nothing runs and nothing is loaded but what this server sends; no page of others shows one of
/// these in a frame.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; \
     img-src 'self' data:; connect-src 'self'; manifest-src 'self'; form-action 'self'; base-uri 'none'; \
     frame-ancestors 'none'";

/// The other end of the connection.
#[derive(Clone, Copy, Debug)]
pub(super) struct Peer(pub(super) SocketAddr);

/// Who asks, as far as it can be known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Client {
    /// Its address; behind a trusted proxy, what that says.
    pub(crate) address: IpAddr,
    /// Whether its browser speaks TLS.
    pub(crate) secure: bool,
    /// Whether it is this machine: the connection, the name it asks for, and nobody between.
    pub(crate) here: bool,
}

impl Client {
    /// Reads the connection and the headers.
    pub(super) fn of(peer: SocketAddr, uri: &Uri, headers: &HeaderMap, options: &Options) -> Self {
        let address = address(peer, headers, options);
        let scheme = headers.get("x-forwarded-proto");
        let tls = scheme.is_some_and(|scheme| scheme.as_bytes().eq_ignore_ascii_case(b"https"));
        let forwarded = ["forwarded", "x-forwarded-for", "x-real-ip", "via"]
            .iter()
            .any(|name| headers.contains_key(*name));
        let named = || host(uri, headers).is_some_and(|host| is_loopback(&host));
        Self {
            address,
            secure: options.tls || (tls && is_trusted(peer.ip().to_canonical(), options)),
            here: peer.ip().to_canonical().is_loopback() && !forwarded && named(),
        }
    }
}

fn is_trusted(address: IpAddr, options: &Options) -> bool {
    let mut proxies = options.trusted_proxies.iter();
    proxies.any(|proxy| proxy.contains(address))
}

/// Who asks: each proxy appends whom it saw, so that the last that is none of ours is who it is.
pub(super) fn address(peer: SocketAddr, headers: &HeaderMap, options: &Options) -> IpAddr {
    let mut address = peer.ip().to_canonical();
    if !is_trusted(address, options) {
        return address;
    }
    let mut seen: Vec<&str> = headers
        .get_all("x-forwarded-for")
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .collect();
    while is_trusted(address, options)
        && let Some(before) = seen.pop().and_then(|text| text.trim().parse().ok())
    {
        address = IpAddr::to_canonical(&before);
    }
    address
}

impl FromRequestParts<AppState> for Client {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Response> {
        let Some(Peer(peer)) = parts.extensions.get::<Peer>() else {
            return Err(plain(StatusCode::BAD_REQUEST, "nobody asks"));
        };
        // Of a route in a nested router, the address is cut; its host is not.
        Ok(Self::of(*peer, &parts.uri, &parts.headers, &state.options))
    }
}

/// The host that a request is for, without its port; none where it is missing, double or no host.
pub(super) fn host(uri: &Uri, headers: &HeaderMap) -> Option<Host> {
    authority(uri, headers).and_then(|url| Some(url.host()?.to_owned()))
}

/// The host and port that a request is for, as an address to compare.
fn authority(uri: &Uri, headers: &HeaderMap) -> Option<Url> {
    let mut hosts = headers.get_all(HOST).iter();
    let named = hosts.next().map(HeaderValue::to_str);
    if hosts.next().is_some() {
        return None;
    }
    // RFC 9112, section 3.2.2: an address in full overrides the header.
    let authority = match (uri.authority(), named) {
        (Some(authority), _) => authority.as_str(),
        (None, Some(Ok(named))) => named,
        (None, _) => return None,
    };
    if authority.contains(['/', '?', '#', '@', '\\']) {
        return None;
    }
    Url::parse(&format!("http://{authority}/")).ok()
}

fn is_loopback(host: &Host) -> bool {
    match host {
        Host::Domain(name) => name == "localhost" || name.ends_with(".localhost"),
        Host::Ipv4(address) => address.is_loopback(),
        Host::Ipv6(address) => address.is_loopback(),
    }
}

/// A site that makes its own name lead here (DNS rebinding) is asked for by that name, which is
/// none of ours; a number cannot be made to lead elsewhere.
fn is_ours(host: &Host, options: &Options) -> bool {
    match host {
        Host::Domain(name) => is_loopback(host) || options.hosts.iter().any(|own| own == name),
        Host::Ipv4(_) | Host::Ipv6(_) => true,
    }
}

/// Whether what asks is a page of this server, as the browser tells. What tells nothing is no
/// browser of today; the token of forms is asked for in any case.
fn is_own_page(uri: &Uri, headers: &HeaderMap, options: &Options) -> bool {
    let site = headers.get("sec-fetch-site").map(HeaderValue::as_bytes);
    if site.is_some_and(|site| site != b"same-origin" && site != b"none") {
        return false;
    }
    let Some(origin) = headers.get(ORIGIN) else {
        return true;
    };
    let Some(origin) = origin.to_str().ok().and_then(|text| Url::parse(text).ok()) else {
        return false;
    };
    let Some(host) = origin.host_str() else {
        return false;
    };
    if options.hosts.iter().any(|own| own == host) {
        return true;
    }
    authority(uri, headers).is_some_and(|own| {
        let port = |url: &Url| url.port().filter(|port| ![80, 443].contains(port));
        own.host_str() == Some(host) && port(&own) == port(&origin)
    })
}

/// Lets through what may be asked, and sends every answer with the headers of review pages.
pub(super) async fn protect(
    State(state): State<AppState>,
    request: Request,
    next: Next,
) -> Response {
    let mut response = match refusal(&request, &state.options) {
        Some(refusal) => refusal,
        None => next.run(request).await,
    };
    let headers = response.headers_mut();
    headers
        .entry(CONTENT_SECURITY_POLICY)
        .or_insert(HeaderValue::from_static(POLICY));
    headers
        .entry(CACHE_CONTROL)
        .or_insert(HeaderValue::from_static("no-store"));
    // The preview of an issue stands in a frame of our own.
    headers
        .entry(X_FRAME_OPTIONS)
        .or_insert(HeaderValue::from_static("DENY"));
    for (name, value) in [
        (X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (REFERRER_POLICY, "same-origin"),
        (
            HeaderName::from_static("cross-origin-opener-policy"),
            "same-origin",
        ),
        (
            HeaderName::from_static("cross-origin-resource-policy"),
            "same-origin",
        ),
        (HeaderName::from_static("x-robots-tag"), "noindex"),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
    response
}

fn refusal(request: &Request, options: &Options) -> Option<Response> {
    let (uri, headers) = (request.uri(), request.headers());
    if !host(uri, headers).is_some_and(|host| is_ours(&host, options)) {
        return Some(plain(
            StatusCode::MISDIRECTED_REQUEST,
            "the review pages are not served under this name",
        ));
    }
    if !request.method().is_safe() && !is_own_page(uri, headers, options) {
        return Some(plain(
            StatusCode::FORBIDDEN,
            "this form was sent from a page of another site; nothing was changed",
        ));
    }
    None
}

#[cfg(test)]
mod tests;
