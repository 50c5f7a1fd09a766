//! The clients behind requests: one for each way to connect, made when it is first needed.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use reqwest::{Client, Proxy};
use url::Url;

use super::resolve::Resolver;
use super::visit::Failure;
use crate::model::{Manner, Outcome, Via};
use crate::poll::guard::{Allowed, Place};
use crate::poll::options;

/// Fields of an answer's header; some servers send a cookie, a link or a policy in each of many.
const FIELDS: usize = 1_000;

/// One way to connect.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub(super) struct Way {
    /// With TLS, to the server or to the proxy.
    secure: bool,
    any_certificate: bool,
    http1: bool,
    /// Who connects on our behalf.
    pub(super) proxy: Option<Url>,
}

impl Way {
    /// How an address is reached.
    pub(super) fn to(target: &Url, manner: &Manner, options: &options::Fetch) -> Self {
        let proxy = match &manner.via {
            Via::Usual => options.proxies.of(target),
            Via::Direct => None,
            Via::Proxy(proxy) => Some(proxy),
        };
        let by_tls = |url: &Url| url.scheme() == "https";
        Self {
            secure: by_tls(target) || proxy.is_some_and(by_tls),
            any_certificate: manner.any_certificate,
            http1: manner.http1,
            proxy: proxy.cloned(),
        }
    }
}

/// The clients that were made.
#[derive(Debug, Default)]
pub(super) struct Clients(Mutex<HashMap<Way, Client>>);

impl Clients {
    /// The client for a way to connect.
    pub(super) fn get(
        &self,
        way: &Way,
        options: &options::Fetch,
        allowed: &Arc<Allowed>,
    ) -> Result<Client, Failure> {
        let mut made = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(client) = made.get(way) {
            return Ok(client.clone());
        }
        let client = build(way, options, allowed).map_err(|_| {
            let message = "no connection can be made: this machine has no certificates to check \
                           others by";
            Failure::new(Outcome::Unreachable, message)
        })?;
        made.insert(way.clone(), client.clone());
        Ok(client)
    }
}

fn build(
    way: &Way,
    options: &options::Fetch,
    allowed: &Arc<Allowed>,
) -> Result<Client, reqwest::Error> {
    // Fails only where a provider is installed already, which is as good.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let mut builder = Client::builder()
        .user_agent(&options.user_agent)
        .referer(false)
        // The environment is not asked behind our back.
        .no_proxy()
        .redirect(reqwest::redirect::Policy::none())
        .dns_resolver(Resolver::new(resolved(way, allowed)))
        .connect_timeout(options.connect)
        .pool_max_idle_per_host(1)
        .pool_idle_timeout(Duration::from_secs(30))
        // What RFC 9112 (sections 2.2, 5.1, 5.2) lets a client mend, this one mends.
        .http1_allow_obsolete_multiline_headers_in_responses(true)
        .http1_allow_spaces_after_header_name_in_responses(true)
        .http1_ignore_invalid_headers_in_responses(true)
        .http1_max_headers(FIELDS)
        .http2_max_header_list_size(64 << 10)
        .tcp_nodelay(true);
    if let Some(proxy) = &way.proxy {
        builder = builder.proxy(Proxy::all(proxy.clone())?);
    }
    if way.http1 {
        builder = builder.http1_only();
    }
    if !way.secure {
        // Without certificates: reading those of the system takes longer than most answers.
        let no_certificates = rustls::ClientConfig::builder()
            .with_root_certificates(rustls::RootCertStore::empty())
            .with_no_client_auth();
        builder = builder.tls_backend_preconfigured(no_certificates);
    } else if way.any_certificate {
        builder = builder.tls_danger_accept_invalid_certs(true);
    }
    builder.build()
}

/// What may be connected to: the proxy beside all others, because whoever runs the program named it.
fn resolved(way: &Way, allowed: &Arc<Allowed>) -> Arc<Allowed> {
    let Some(host) = way.proxy.as_ref().and_then(Url::host_str) else {
        return Arc::clone(allowed);
    };
    let mut allowed = Allowed::clone(allowed);
    allowed.places.extend(Place::parse(host));
    Arc::new(allowed)
}
