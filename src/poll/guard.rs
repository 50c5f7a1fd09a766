//! Addresses that are not visited, whoever names them.
//!
//! A feed's address comes from anybody: an OPML list, a redirect, a page. None of them may make
//! this program speak to machines that only it can reach. So an address is checked before every
//! request, redirects included, and what a name stands for is checked when the connection is made
//! (`fetch::resolve`), because a name may stand for something else a moment later.

use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use url::{Host, Url};

/// The ports of the web; others are refused unless allowed.
const PORTS: [u16; 4] = [80, 443, 8080, 8443];

/// Exceptions, as the configuration names them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Allowed {
    /// Private hosts, addresses and networks (`allow_private`).
    pub places: Vec<Place>,
    /// Ports beside those of the web (`ports`).
    pub ports: Vec<u16>,
}

/// A host or a network that may be visited although it is private.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    /// A host name and the names below it, in small letters.
    Name(String),
    /// A network: the address and the number of bits that count.
    Network(IpAddr, u8),
}

/// Why an address is not visited.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// Neither `http:` nor `https:`.
    #[error("`{0}:` is not visited")]
    Scheme(String),
    /// No host.
    #[error("the address has no host")]
    NoHost,
    /// A port where no web server is expected.
    #[error("port {0} is not one of the web")]
    Port(u16),
    /// An address that only machines nearby can reach.
    #[error("`{host}` is a private address{}", shown(*address))]
    Private {
        /// The host, as the address has it.
        host: String,
        /// What it stands for, where that is something else.
        address: Option<IpAddr>,
    },
}

fn shown(address: Option<IpAddr>) -> String {
    address.map_or_else(String::new, |address| format!(": {address}"))
}

impl Refusal {
    /// What to write in `config.toml` to visit it all the same.
    pub fn hint(&self) -> Option<String> {
        match self {
            Self::Port(port) => Some(format!("allow it with `ports = [{port}]` under `[poll]`")),
            Self::Private { host, .. } => Some(format!(
                "allow it with `allow_private = [\"{host}\"]` under `[poll]`"
            )),
            Self::Scheme(_) | Self::NoHost => None,
        }
    }
}

impl Place {
    /// Reads a host name, an address, or a network such as `10.0.0.0/8`.
    pub fn parse(written: &str) -> Option<Self> {
        let written = written.trim();
        let (address, bits) = match written.split_once('/') {
            Some((address, bits)) => (address, Some(bits.parse::<u8>().ok()?)),
            None => (written, None),
        };
        let bare = address
            .strip_prefix('[')
            .and_then(|rest| rest.strip_suffix(']'))
            .unwrap_or(address);
        if let Ok(address) = bare.parse::<IpAddr>() {
            let all = if address.is_ipv4() { 32 } else { 128 };
            let bits = bits.unwrap_or(all);
            return (bits <= all).then_some(Self::Network(address, bits));
        }
        if bits.is_some() {
            return None;
        }
        match Host::parse(address).ok()? {
            Host::Domain(name) if !name.contains('*') => {
                Some(Self::Name(name.trim_start_matches('.').to_owned()))
            }
            _ => None,
        }
    }

    /// One address alone.
    fn whole(address: IpAddr) -> Self {
        Self::Network(address, if address.is_ipv4() { 32 } else { 128 })
    }

    /// Whether it is a network that has this address.
    pub fn has_address(&self, address: IpAddr) -> bool {
        match (self, address) {
            (Self::Network(IpAddr::V4(network), bits), IpAddr::V4(address)) => same_bits(
                network.to_bits().into(),
                address.to_bits().into(),
                32,
                *bits,
            ),
            (Self::Network(IpAddr::V6(network), bits), IpAddr::V6(address)) => {
                same_bits(network.to_bits(), address.to_bits(), 128, *bits)
            }
            _ => false,
        }
    }

    /// Whether it is this name, or one above it.
    pub fn has_name(&self, host: &str) -> bool {
        let Self::Name(name) = self else { return false };
        host.strip_suffix(name.as_str())
            .is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
    }
}

/// Whether the first `bits` of two addresses of `width` bits are the same.
fn same_bits(one: u128, other: u128, width: u32, bits: u8) -> bool {
    let rest = width - u32::from(bits).min(width);
    rest == 128 || (one ^ other) >> rest == 0
}

impl fmt::Display for Place {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Name(name) => formatter.write_str(name),
            Self::Network(address, bits) => write!(formatter, "{address}/{bits}"),
        }
    }
}

impl Allowed {
    /// Checks all of an address that can be seen without a look-up.
    ///
    /// # Errors
    ///
    /// Why it is not visited.
    pub fn check(&self, url: &Url) -> Result<(), Refusal> {
        if !matches!(url.scheme(), "http" | "https") {
            return Err(Refusal::Scheme(url.scheme().to_owned()));
        }
        let host = url.host().ok_or(Refusal::NoHost)?;
        let address = match host {
            Host::Domain(name) if is_localhost(name) => Some(IpAddr::V4(Ipv4Addr::LOCALHOST)),
            Host::Domain(_) => None,
            Host::Ipv4(address) => Some(address.into()),
            Host::Ipv6(address) => Some(address.into()),
        };
        let name = url.host_str().unwrap_or_default();
        if let Some(address) = address {
            self.check_address(name, address)?;
        }
        let port = url.port_or_known_default().unwrap_or(80);
        let free = PORTS.contains(&port)
            || self.ports.contains(&port)
            // Whoever allows a private place means all of it.
            || self.names(name)
            || address.is_some_and(|address| self.allows_private(address));
        if free {
            Ok(())
        } else {
            Err(Refusal::Port(port))
        }
    }

    /// Checks what a host stands for.
    ///
    /// # Errors
    ///
    /// Where the address is private and nobody allowed it.
    pub fn check_address(&self, host: &str, address: IpAddr) -> Result<(), Refusal> {
        let is_free = if is_metadata(address) {
            // A network that has it, or a name that stands for it, does not mean it.
            self.places.contains(&Place::whole(address))
        } else {
            is_public(address) || self.names(host) || self.allows_private(address)
        };
        if is_free {
            return Ok(());
        }
        let literal = host.trim_matches(['[', ']']).parse::<IpAddr>().ok();
        Err(Refusal::Private {
            host: host.to_owned(),
            address: (literal != Some(address)).then_some(address),
        })
    }

    fn names(&self, host: &str) -> bool {
        let host = host.trim_end_matches('.');
        self.places.iter().any(|place| place.has_name(host))
    }

    fn allows_private(&self, address: IpAddr) -> bool {
        let mapped = match address {
            IpAddr::V6(address) => address.to_ipv4_mapped().map(IpAddr::V4),
            IpAddr::V4(_) => None,
        };
        let mut both = [Some(address), mapped].into_iter().flatten();
        both.any(|address| self.places.iter().any(|place| place.has_address(address)))
    }
}

/// Where the providers of machines tell them their secrets; one of these is public by its number.
/// AWS, Google, Azure and most others; tasks of AWS; Alibaba; Oracle; Azure's wire server; AWS and
/// Google by IPv6.
fn is_metadata(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => matches!(
            address.octets(),
            [169, 254, 169, 254]
                | [169, 254, 170, 2]
                | [100, 100, 100, 200]
                | [192, 0, 0, 192]
                | [168, 63, 129, 16]
        ),
        IpAddr::V6(address) => {
            let carried = carried_v4(address);
            matches!(
                address.segments(),
                [0xfd00, 0xec2, 0, 0, 0, 0, 0, 0x254] | [0xfd20, 0xce, 0, 0, 0, 0, 0, 0x254]
            ) || carried.is_some_and(|address| is_metadata(address.into()))
        }
    }
}

/// The IPv4 address that an IPv6 address leads to: mapped, by NAT64 (RFC 6052) or 6to4 (RFC 3056).
fn carried_v4(address: Ipv6Addr) -> Option<Ipv4Addr> {
    let v4 = |high: u16, low: u16| Ipv4Addr::from_bits(u32::from(high) << 16 | u32::from(low));
    address.to_ipv4_mapped().or(match address.segments() {
        [0x64, 0xff9b, 0, 0, 0, 0, high, low] | [0x2002, high, low, ..] => Some(v4(high, low)),
        _ => None,
    })
}

/// Whether a name stands for this machine, whatever a name server says (RFC 6761, section 6.3).
pub fn is_localhost(name: &str) -> bool {
    let name = name.trim_end_matches('.');
    let lower = name.to_ascii_lowercase();
    lower == "localhost" || lower.ends_with(".localhost")
}

/// Whether everybody on the internet reaches the same machine at this address.
pub fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => is_public_v4(address),
        IpAddr::V6(address) => is_public_v6(address),
    }
}

/// The IANA IPv4 Special-Purpose Address Registry (RFC 6890), all that is not globally reachable.
fn is_public_v4(address: Ipv4Addr) -> bool {
    let [a, b, c, _] = address.octets();
    !matches!(
        (a, b, c),
        (0 | 10 | 127 | 224..=255, _, _)      // this network, private, loopback, multicast, reserved
            | (100, 64..=127, _)              // carrier-grade NAT
            | (169, 254, _)                   // link-local, the metadata services of clouds
            | (172, 16..=31, _)               // private
            | (192, 168, _)                   // private
            | (192, 0, 0 | 2)                 // protocol assignments, documentation
            | (192, 88, 99)                   // 6to4 relays
            | (192, 31, 196)                  // AS112
            | (192, 52, 193)                  // AMT
            | (192, 175, 48)                  // AS112
            | (198, 18 | 19, _)               // benchmarks
            | (198, 51, 100)                  // documentation
            | (203, 0, 113) // documentation
    )
}

/// The same for IPv6: only the global unicast space, and nothing in it that carries a private
/// IPv4 address.
fn is_public_v6(address: Ipv6Addr) -> bool {
    let segments = address.segments();
    let v4 = |high: u16, low: u16| Ipv4Addr::from_bits(u32::from(high) << 16 | u32::from(low));
    // The local form of NAT64 (RFC 8215) is nobody else's, and not among these.
    if let Some(carried) = carried_v4(address) {
        return is_public_v4(carried);
    }
    match segments {
        // Teredo (RFC 4380): server plainly, client with every bit turned.
        [0x2001, 0, server_high, server_low, _, _, high, low] => {
            is_public_v4(v4(server_high, server_low)) && is_public_v4(v4(!high, !low))
        }
        // Protocol assignments, benchmarks and ORCHID among them; documentation.
        [0x2001, 0..=0x1ff | 0xdb8, ..] | [0x3fff, 0..=0xfff, ..] => false,
        // ISATAP (RFC 5214) may stand in any prefix.
        [_, _, _, _, 0 | 0x200, 0x5efe, high, low] if !is_public_v4(v4(high, low)) => false,
        [first, ..] => (0x2000..=0x3fff).contains(&first),
    }
}

#[cfg(test)]
mod tests;
