//! The one place that speaks to the network: bounded in time, size and redirects.

mod client;
mod coding;
mod fields;
pub mod file;
mod hub;
mod journey;
mod resolve;
pub mod visit;
mod words;

use std::time::Duration;

use reqwest::header::CONTENT_TYPE;
use reqwest::{Client, Response};
use url::Url;

/// How this program names itself to servers.
pub const USER_AGENT: &str = concat!(
    "newsdesk/",
    env!("CARGO_PKG_VERSION"),
    " (+https://crates.io/crates/newsdesk)"
);

/// The largest answer that is read, in bytes after decompression.
const LARGEST: usize = 64 << 20;

/// Why an address could not be fetched.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The client could not be made, or no whole answer came.
    #[error("no answer from `{url}`")]
    NoAnswer {
        /// The address.
        url: Url,
        /// What went wrong.
        source: reqwest::Error,
    },
    /// The server answered, but not with what was asked for.
    #[error("`{url}` answered {status}")]
    Status {
        /// The address.
        url: Url,
        /// The HTTP status.
        status: reqwest::StatusCode,
    },
    /// The answer does not end.
    #[error("the answer from `{url}` is larger than {LARGEST} bytes")]
    TooLarge {
        /// The address.
        url: Url,
    },
}

/// A client for a handful of requests on behalf of a person who waits.
///
/// # Errors
///
/// Where the system has no random numbers or no certificates.
pub fn client() -> Result<Client, reqwest::Error> {
    // Fails only where a provider is installed already, which is as good.
    let _ = rustls::crypto::ring::default_provider().install_default();
    Client::builder()
        .user_agent(USER_AGENT)
        .referer(false)
        .connect_timeout(Duration::from_secs(10))
        .read_timeout(Duration::from_secs(20))
        .timeout(Duration::from_mins(1))
        .redirect(reqwest::redirect::Policy::limited(5))
        .build()
}

/// Fetches a document.
///
/// # Errors
///
/// Where no whole answer with status 200 comes in time.
pub async fn get(client: &Client, url: &Url) -> Result<Vec<u8>, Error> {
    let no_answer = |source| Error::NoAnswer {
        url: url.clone(),
        source,
    };
    let answer = client.get(url.clone()).send().await.map_err(no_answer)?;
    if !answer.status().is_success() {
        return Err(Error::Status {
            url: url.clone(),
            status: answer.status(),
        });
    }
    read(answer, url).await
}

async fn read(mut answer: Response, url: &Url) -> Result<Vec<u8>, Error> {
    let no_answer = |source| Error::NoAnswer {
        url: url.clone(),
        source,
    };
    let mut bytes = Vec::new();
    while let Some(chunk) = answer.chunk().await.map_err(no_answer)? {
        if bytes.len() + chunk.len() > LARGEST {
            return Err(Error::TooLarge { url: url.clone() });
        }
        bytes.extend_from_slice(&chunk);
    }
    Ok(bytes)
}

/// Tells a WebSub hub that a feed changed, with the request that hubs have understood since
/// PubSubHubbub 0.3, section 7.1 (WebSub leaves it open).
///
/// # Errors
///
/// Where the hub does not accept it.
pub async fn announce(client: &Client, hub: &Url, topic: &Url) -> Result<(), Error> {
    let body = url::form_urlencoded::Serializer::new(String::new())
        .append_pair("hub.mode", "publish")
        .append_pair("hub.url", topic.as_str())
        .finish();
    let answer = client
        .post(hub.clone())
        .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
        .body(body)
        .send()
        .await
        .map_err(|source| Error::NoAnswer {
            url: hub.clone(),
            source,
        })?;
    if answer.status().is_success() {
        Ok(())
    } else {
        Err(Error::Status {
            url: hub.clone(),
            status: answer.status(),
        })
    }
}
