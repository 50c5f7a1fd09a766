//! Looking names up, and checking what they stand for at the moment of connecting.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::Arc;

use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use url::{Host, Url};

use crate::poll::guard::{Allowed, Refusal, is_localhost};

/// A name that stands for nothing, as far as the system can tell.
#[derive(Debug, thiserror::Error)]
#[error("no such host: `{host}`")]
pub(super) struct Unknown {
    host: String,
    source: std::io::Error,
}

impl Unknown {
    /// Whether nobody could be asked; else somebody said that there is no such name. The system
    /// tells the two apart in words alone.
    pub(super) fn is_temporary(&self) -> bool {
        let said = self.source.to_string().to_lowercase();
        said.contains("temporary") || said.contains("try again")
    }
}

/// The system's resolver without the addresses that are not visited.
pub(super) struct Resolver {
    allowed: Arc<Allowed>,
}

impl Resolver {
    pub(super) fn new(allowed: Arc<Allowed>) -> Self {
        Self { allowed }
    }
}

impl Resolve for Resolver {
    fn resolve(&self, name: Name) -> Resolving {
        let allowed = Arc::clone(&self.allowed);
        Box::pin(async move {
            let host = name.as_str();
            let found = look_up(host).await?;
            let mut refusal: Option<Refusal> = None;
            let mut free = Vec::new();
            for address in found {
                match allowed.check_address(host, address.ip()) {
                    Ok(()) => free.push(address),
                    Err(refused) => refusal = Some(refused),
                }
            }
            match refusal {
                Some(refusal) if free.is_empty() => Err(refusal.into()),
                _ => Ok(Box::new(free.into_iter()) as Addrs),
            }
        })
    }
}

/// Checks what a host stands for, as far as this machine can tell: where somebody else connects, he
/// may look up what cannot be looked up here.
///
/// # Errors
///
/// Where all that it stands for is private.
pub(super) async fn check(allowed: &Allowed, url: &Url) -> Result<(), Refusal> {
    let Some(Host::Domain(host)) = url.host() else {
        return allowed.check(url);
    };
    let Ok(found) = look_up(host).await else {
        return Ok(());
    };
    let mut checked = found
        .iter()
        .map(|address| allowed.check_address(host, address.ip()));
    let first = checked.next().unwrap_or(Ok(()));
    checked.fold(first, Result::or)
}

/// The port is the caller's: reqwest puts the right one in the place of 0.
async fn look_up(host: &str) -> Result<Vec<SocketAddr>, Unknown> {
    if is_localhost(host) {
        let here = IpAddr::V4(Ipv4Addr::LOCALHOST);
        return Ok(vec![SocketAddr::new(here, 0)]);
    }
    let unknown = |source| Unknown {
        host: host.to_owned(),
        source,
    };
    let found = tokio::net::lookup_host((host, 0)).await.map_err(unknown)?;
    let found: Vec<SocketAddr> = found.collect();
    if found.is_empty() {
        let nothing = std::io::Error::from(std::io::ErrorKind::NotFound);
        return Err(unknown(nothing));
    }
    Ok(found)
}
