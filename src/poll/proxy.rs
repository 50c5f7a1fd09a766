//! Who asks on our behalf: the proxies of the configuration and of the environment.

use std::net::IpAddr;

use url::{Host, Url};

use super::guard::Place;

/// The schemes of proxies.
const SCHEMES: [&str; 6] = ["http", "https", "socks4", "socks4a", "socks5", "socks5h"];

/// Proxies, and the hosts that are asked without any.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Proxies {
    /// For `http:`.
    pub http: Option<Url>,
    /// For `https:`.
    pub https: Option<Url>,
    /// Hosts and networks that are asked without any.
    pub except: Vec<Place>,
    /// Whether everybody is.
    pub no_host: bool,
}

/// A variable of the environment, or a word of the configuration, that names no proxy.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "`{name}` is no address of a proxy\nhint: write it as `http://host:port` or `socks5://host:port`"
)]
pub struct NoProxy {
    /// The name of the variable.
    pub name: String,
}

/// The address of a proxy as people write it; without a scheme it speaks HTTP.
pub fn parse(written: &str) -> Option<Url> {
    let written = written.trim();
    let whole = if written.contains("://") {
        written.to_owned()
    } else {
        format!("http://{written}")
    };
    let url = Url::parse(&whole).ok()?;
    let is_plain = url.has_host() && matches!(url.path(), "" | "/") && url.query().is_none();
    (SCHEMES.contains(&url.scheme()) && is_plain).then_some(url)
}

impl Proxies {
    /// One for all.
    pub fn all(url: Url) -> Self {
        Self {
            http: Some(url.clone()),
            https: Some(url),
            ..Self::default()
        }
    }

    /// None, whatever the environment says.
    pub fn nobody() -> Self {
        Self {
            no_host: true,
            ..Self::default()
        }
    }

    /// Whether the environment may say more.
    pub fn is_open(&self) -> bool {
        *self == Self::default()
    }

    /// What the usual variables say: `http_proxy`, `https_proxy`, `all_proxy` and `no_proxy`, in small
    /// letters or large. In a CGI program `HTTP_PROXY` is what a client says (RFC 3875, section
    /// 4.1.18), and is not heard.
    ///
    /// # Errors
    ///
    /// The name of a variable that has something else.
    pub fn from_environment(variable: &dyn Fn(&str) -> Option<String>) -> Result<Self, NoProxy> {
        let is_cgi = variable("REQUEST_METHOD").is_some();
        let named = |name: &str| -> Result<Option<Url>, NoProxy> {
            let large = name.to_ascii_uppercase();
            let large_counts = !(is_cgi && name == "http_proxy");
            let names = [name, &large];
            let counting = if large_counts {
                &names[..]
            } else {
                &names[..1]
            };
            for name in counting {
                let written = variable(name).unwrap_or_default();
                if !written.trim().is_empty() {
                    let no_proxy = || NoProxy {
                        name: (*name).to_owned(),
                    };
                    return parse(&written).map(Some).ok_or_else(no_proxy);
                }
            }
            Ok(None)
        };
        let all = named("all_proxy")?;
        let mut proxies = Self {
            http: named("http_proxy")?.or_else(|| all.clone()),
            https: named("https_proxy")?.or(all),
            ..Self::default()
        };
        let except = variable("no_proxy").or_else(|| variable("NO_PROXY"));
        proxies.leave_out(&except.unwrap_or_default());
        Ok(proxies)
    }

    /// Asks these hosts without a proxy: names, with those below them, addresses and networks, by
    /// commas; `*` for all.
    pub fn leave_out(&mut self, written: &str) {
        for part in written.split([',', ' ']).filter(|part| !part.is_empty()) {
            if part == "*" {
                self.no_host = true;
            }
            let bare = part.trim_start_matches("*.").trim_start_matches('.');
            // A port says nothing about who is asked.
            let host = match bare.rsplit_once(':') {
                Some((host, port)) if port.parse::<u16>().is_ok() && !host.contains(':') => host,
                _ => bare,
            };
            self.except.extend(Place::parse(host));
        }
    }

    /// The proxy for an address; none where it is asked directly.
    pub fn of(&self, url: &Url) -> Option<&Url> {
        let proxy = match url.scheme() {
            "https" => self.https.as_ref(),
            _ => self.http.as_ref(),
        }?;
        let is_left_out = match url.host()? {
            Host::Domain(name) => self.except.iter().any(|place| place.has_name(name)),
            Host::Ipv4(address) => self.has(address.into()),
            Host::Ipv6(address) => self.has(address.into()),
        };
        (!is_left_out && !self.no_host).then_some(proxy)
    }

    fn has(&self, address: IpAddr) -> bool {
        self.except.iter().any(|place| place.has_address(address))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn from(variables: &[(&str, &str)]) -> Result<Proxies, NoProxy> {
        let variable = |name: &str| {
            let found = variables.iter().find(|(known, _)| *known == name);
            found.map(|(_, value)| (*value).to_owned())
        };
        Proxies::from_environment(&variable)
    }

    #[track_caller]
    fn check(variables: &[(&str, &str)], url: &str, expected: Option<&str>) {
        let proxies = from(variables).unwrap();
        let proxy = proxies.of(&Url::parse(url).unwrap()).map(Url::as_str);
        assert_eq!(proxy, expected, "{url}");
    }

    #[test]
    fn hears_the_usual_variables() {
        let both = [
            ("http_proxy", "p.example:3128"),
            ("HTTPS_PROXY", "https://s.example"),
        ];
        check(&both, "http://a.example/f", Some("http://p.example:3128/"));
        check(&both, "https://a.example/f", Some("https://s.example/"));
        let all = [
            ("ALL_PROXY", "socks5h://127.0.0.1:1080"),
            ("http_proxy", " "),
        ];
        check(&all, "http://a.example/f", Some("socks5h://127.0.0.1:1080"));
        check(
            &all,
            "https://a.example/f",
            Some("socks5h://127.0.0.1:1080"),
        );
        let cgi = [
            ("HTTP_PROXY", "http://evil.example"),
            ("REQUEST_METHOD", "GET"),
        ];
        check(&cgi, "http://a.example/f", None);
        check(&[], "https://a.example/f", None);
    }

    #[test]
    fn leaves_out_who_is_to_be_asked_directly() {
        let variables = [
            ("all_proxy", "http://p.example"),
            (
                "no_proxy",
                "b.example, .c.example,*.d.example,e.example:8080,10.0.0.0/8,::1",
            ),
        ];
        for url in [
            "http://b.example/",
            "https://www.b.example/",
            "http://c.example/",
            "http://x.d.example/",
            "http://e.example:8080/",
            "http://10.2.3.4/",
            "http://[::1]/",
        ] {
            check(&variables, url, None);
        }
        for url in ["http://bb.example/", "http://11.2.3.4/", "http://[::2]/"] {
            check(&variables, url, Some("http://p.example/"));
        }
        let nobody = [("all_proxy", "p.example"), ("NO_PROXY", "*")];
        check(&nobody, "http://a.example/", None);
    }

    #[test]
    fn says_which_variable_names_no_proxy() {
        for written in ["ftp://p.example", "http://p.example/path", "http://"] {
            let error = from(&[("https_proxy", written)]).unwrap_err();
            assert_eq!(error.name, "https_proxy", "{written}");
        }
    }
}
