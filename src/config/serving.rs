//! `[server]`, checked.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::Path;
use std::time::Duration;

use toml::Spanned;
use url::Url;

use super::check::Check;
use super::raw;
use crate::server::{Cache, Callback, Network, Options, Redirect};

impl Check<'_> {
    pub(super) fn server(&mut self, base_url: &Url, folder: &Path, raw: raw::Server) -> Options {
        let defaults = Options::new(folder.to_path_buf());
        let address = raw.address.map(|written| self.address(&written));
        let review = match raw.review {
            None => defaults.review,
            Some(written) if written.get_ref().is_empty() => None,
            Some(written) => Some(self.review(&written)),
        };
        let mut hosts: Vec<String> = base_url.host_str().map(str::to_owned).into_iter().collect();
        hosts.extend(raw.hosts.iter().filter_map(|written| self.host(written)));
        let proxies = raw.trusted_proxies.iter();
        let trusted_proxies = proxies
            .filter_map(|written| self.network(written))
            .collect();
        let contact = raw
            .contact
            .map(|written| written.into_inner().trim().to_owned());
        let timeout = self.time(raw.timeout.as_ref(), "timeout", Duration::from_secs(1));
        Options {
            timeout: timeout.unwrap_or(defaults.timeout),
            address: address.unwrap_or(defaults.address),
            under: base_url.path().to_owned(),
            cache: self.cache(&raw.cache),
            redirects: self.redirects(raw.redirects),
            tls: raw.tls.unwrap_or(defaults.tls),
            hosts,
            trusted_proxies,
            review,
            public_metrics: raw.public_metrics.unwrap_or(defaults.public_metrics),
            contact: contact.filter(|contact| !contact.is_empty()),
            callback: raw.callback.and_then(|written| self.callback(&written)),
            largest_announcement: defaults.largest_announcement,
            folder: defaults.folder,
        }
    }

    fn address(&mut self, written: &Spanned<String>) -> SocketAddr {
        let text = written.get_ref();
        // The name that everybody knows, though it is no number.
        let numbers = text.replace("localhost:", "127.0.0.1:");
        numbers.parse().unwrap_or_else(|_| {
            self.complain(
                written.span(),
                format!(
                    "`address` is not one to listen on: `{}`",
                    text.escape_debug()
                ),
                "write the number of this machine and a port: `127.0.0.1:8080` for this machine \
                 alone, `0.0.0.0:8080` or `[::]:8080` for everybody",
            );
            Options::ADDRESS
        })
    }

    fn review(&mut self, written: &Spanned<String>) -> String {
        let path = written.get_ref();
        let right = path.strip_prefix('/').is_some_and(|parts| {
            let allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"-_".contains(&byte);
            parts
                .split('/')
                .all(|part| !part.is_empty() && part.bytes().all(allowed))
        });
        if !right {
            self.complain(
                written.span(),
                format!("`review` is no path: `{}`", path.escape_debug()),
                "write where the review pages are, such as `/review`: letters, digits, `-` and `_` \
                 after each `/`; or `\"\"` for none",
            );
        }
        path.clone()
    }

    /// Where hubs send announcements; empty is nowhere, as if nothing were written.
    fn callback(&mut self, written: &Spanned<String>) -> Option<Callback> {
        let text = written.get_ref().trim();
        if text.is_empty() {
            return None;
        }
        let callback = Url::parse(text).ok().and_then(|url| Callback::new(&url));
        if callback.is_none() {
            self.complain(
                written.span(),
                format!(
                    "`callback` is no address that hubs can reach: `{}`",
                    text.escape_debug()
                ),
                "write how this server is reached from outside, such as \
                 `https://news.example.org`, without user, query and fragment",
            );
        }
        callback
    }

    fn host(&mut self, written: &Spanned<String>) -> Option<String> {
        let text = written.get_ref();
        match url::Host::parse(text) {
            Ok(host) if !text.is_empty() => Some(host.to_string()),
            _ => {
                self.complain(
                    written.span(),
                    format!(
                        "`hosts` has something that is no host: `{}`",
                        text.escape_debug()
                    ),
                    "write names without scheme and port, such as `desk.example.org`",
                );
                None
            }
        }
    }

    fn network(&mut self, written: &Spanned<String>) -> Option<Network> {
        let network = written.get_ref().parse().ok();
        if network.is_none() {
            self.complain(
                written.span(),
                format!(
                    "`trusted_proxies` has something that is no address: `{}`",
                    written.get_ref().escape_debug()
                ),
                "write `127.0.0.1`, `::1`, or a network such as `10.0.0.0/8`",
            );
        }
        network
    }

    fn cache(&mut self, raw: &raw::Cache) -> Cache {
        let defaults = Cache::default();
        let mut time = |written: &Option<Spanned<String>>, key, default| {
            self.time(written.as_ref(), key, Duration::ZERO)
                .unwrap_or(default)
        };
        Cache {
            feeds: time(&raw.feeds, "feeds", defaults.feeds),
            archive: time(&raw.archive, "archive", defaults.archive),
            pages: time(&raw.pages, "pages", defaults.pages),
            media: time(&raw.media, "media", defaults.media),
            files: time(&raw.files, "files", defaults.files),
        }
    }

    fn redirects(
        &mut self,
        raw: BTreeMap<String, Spanned<raw::Redirect>>,
    ) -> BTreeMap<String, Redirect> {
        let mut redirects = BTreeMap::new();
        let mut places = BTreeMap::new();
        for (from, written) in raw {
            let span = written.span();
            let (to, status) = match written.into_inner() {
                raw::Redirect::To(to) => (to, 301),
                raw::Redirect::With { to, status } => (to, status),
            };
            let complaint = if !is_path(&from) {
                Some((
                    format!(
                        "`redirects` has an old address that is no path: `{}`",
                        from.escape_debug()
                    ),
                    "write it as it stands after the host, such as `/old.xml` or `/?feed=rss2`",
                ))
            } else if !is_path(&to) && !is_web_address(&to) {
                Some((
                    format!(
                        "`{}` leads nowhere: `{}`",
                        from.escape_debug(),
                        to.escape_debug()
                    ),
                    "write a path such as `/readings/atom.xml`, or an address in full",
                ))
            } else if ![301, 302, 307, 308].contains(&status) {
                Some((
                    format!(
                        "`{}` cannot have the status `{status}`",
                        from.escape_debug()
                    ),
                    "301 and 308 are for good, 302 and 307 for a time",
                ))
            } else {
                None
            };
            if let Some((message, hint)) = complaint {
                self.complain(span, message, hint);
                continue;
            }
            places.insert(from.clone(), span);
            redirects.insert(from, Redirect { to, status });
        }
        for (from, redirect) in &redirects {
            if redirects.contains_key(&redirect.to) {
                self.complain(
                    places[from].clone(),
                    format!(
                        "`{from}` leads to `{}`, which is redirected itself",
                        redirect.to
                    ),
                    "write where it leads in the end: readers follow few redirects",
                );
            }
        }
        redirects
    }
}

/// Whether it is a path, perhaps with a query, that can stand in a header as it is. One that begins
/// with two slashes would be an address of another host.
fn is_path(text: &str) -> bool {
    text.starts_with('/')
        && !text.starts_with("//")
        && text
            .bytes()
            .all(|byte| byte.is_ascii_graphic() && !b"\\#".contains(&byte))
}

fn is_web_address(text: &str) -> bool {
    let url = Url::parse(text);
    text.bytes().all(|byte| byte.is_ascii_graphic())
        && url.is_ok_and(|url| matches!(url.scheme(), "http" | "https") && url.has_host())
}
