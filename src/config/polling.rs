//! `[poll]`, `[store]` and `[[source]]`, checked.

use std::collections::BTreeMap;
use std::path::Path;
use std::time::Duration;

use toml::Spanned;
use url::Url;

use super::check::Check;
use super::{duration, raw};
use crate::model::{Kind, Origin, RequestHeader, Source, Via, address};
use crate::poll::guard::{Allowed, Place};
use crate::poll::proxy::Proxies;
use crate::poll::stand_in::StandIns;
use crate::poll::{self, Bounds, Fetch};
use crate::store;

impl Check<'_> {
    pub(super) fn poll(&mut self, base_url: &Url, raw: raw::Poll) -> poll::Options {
        let contact = raw.contact.as_ref().map(|contact| self.contact(contact));
        let defaults = poll::Options::new(contact.as_deref().unwrap_or(base_url.as_str()));
        let bounds = Bounds {
            min: self
                .time(raw.min_interval.as_ref(), "min_interval", LEAST_INTERVAL)
                .unwrap_or(defaults.bounds.min),
            max: self
                .time(raw.max_interval.as_ref(), "max_interval", LEAST_INTERVAL)
                .unwrap_or(defaults.bounds.max),
        };
        if bounds.min > bounds.max {
            let at = raw.min_interval.as_ref().or(raw.max_interval.as_ref());
            self.complain(
                at.map_or(0..0, Spanned::span),
                "`min_interval` is longer than `max_interval`".to_owned(),
                "sources are visited at intervals between the two",
            );
        }
        let user_agent = raw.user_agent.map(|written| self.user_agent(&written));
        let least = Duration::from_millis(1);
        let fetch = Fetch {
            user_agent: user_agent.unwrap_or(defaults.fetch.user_agent),
            connect: self
                .time(raw.connect_timeout.as_ref(), "connect_timeout", least)
                .unwrap_or(defaults.fetch.connect),
            first_byte: self
                .time(raw.first_byte_timeout.as_ref(), "first_byte_timeout", least)
                .unwrap_or(defaults.fetch.first_byte),
            whole: self
                .time(raw.timeout.as_ref(), "timeout", least)
                .unwrap_or(defaults.fetch.whole),
            work: self
                .time(raw.work.as_ref(), "work", least)
                .unwrap_or(defaults.fetch.work),
            max_bytes: self
                .limit(raw.max_bytes, "max_bytes")
                .unwrap_or(defaults.fetch.max_bytes),
            allowed: Allowed {
                places: self.places(&raw.allow_private),
                ports: self.ports(&raw.ports),
            },
            proxies: match self.via(raw.proxy.as_ref()) {
                Via::Usual => Proxies::default(),
                Via::Direct => Proxies::nobody(),
                Via::Proxy(url) => Proxies::all(url),
            },
            stand_ins: self.stand_ins(&raw.resolve),
        };
        poll::Options {
            bounds,
            fetch,
            concurrency: self
                .limit(raw.concurrency, "concurrency")
                .unwrap_or(defaults.concurrency),
            per_host: self
                .limit(raw.per_host, "per_host")
                .unwrap_or(defaults.per_host),
            pause: self
                .time(raw.pause.as_ref(), "pause", Duration::ZERO)
                .unwrap_or(defaults.pause),
            budget: self.time(raw.r#for.as_ref(), "for", Duration::from_secs(1)),
        }
    }

    pub(super) fn store(
        &mut self,
        root: &Path,
        authority: &str,
        raw: &raw::Store,
    ) -> store::Options {
        let file = raw
            .file
            .as_ref()
            .map_or(store::Options::FILE, |file| file.get_ref());
        if let Some(written) = &raw.file
            && file.trim().is_empty()
        {
            self.complain(
                written.span(),
                "`file` is empty".to_owned(),
                "name the database, such as `newsdesk.db`",
            );
        }
        let server = raw.url.as_ref().and_then(|url| self.store_server(url, raw));
        store::Options {
            newsletter: authority.to_owned(),
            place: server.map_or_else(|| store::Place::File(root.join(file)), store::Place::Server),
            keep: self
                .time(raw.keep.as_ref(), "keep", DAY)
                .unwrap_or(store::Options::KEEP),
        }
    }

    fn store_server(&mut self, url: &Spanned<String>, raw: &raw::Store) -> Option<store::Server> {
        if raw.file.is_some() {
            self.complain(
                url.span(),
                "the store has both `file` and `url`".to_owned(),
                "keep one: `file` for a database on this machine, `url` for one on a server",
            );
        }
        match store::Server::parse(url.get_ref()) {
            Ok(server) if server.has_password() => {
                self.complain(
                    url.span(),
                    "a password stands in the configuration".to_owned(),
                    "leave it out, and set it as PGPASSWORD or in ~/.pgpass; or set the whole \
                     address as NEWSDESK_STORE_URL",
                );
                None
            }
            Ok(server) => Some(server),
            Err(error) => {
                self.complain(
                    url.span(),
                    format!("`url` is no address of a database: {error}"),
                    "write it as `postgres://user@host/database`",
                );
                None
            }
        }
    }

    pub(super) fn time(
        &mut self,
        written: Option<&Spanned<String>>,
        key: &str,
        least: Duration,
    ) -> Option<Duration> {
        let written = written?;
        match duration::parse(written.get_ref()) {
            Ok(time) if time >= least => Some(time),
            Ok(_) => {
                self.complain(
                    written.span(),
                    format!("`{key}` is too short: `{}`", written.get_ref()),
                    &format!("write {} or more", shown(least)),
                );
                None
            }
            Err(_) => {
                self.complain(
                    written.span(),
                    format!("`{key}` is not a length of time: `{}`", written.get_ref()),
                    "write a whole number and `ms`, `s`, `m`, `h`, `d`, `w` or `y`, such as `30m`",
                );
                None
            }
        }
    }

    /// A web address, or a mail address.
    fn contact(&mut self, written: &Spanned<String>) -> String {
        let text = written.get_ref().trim();
        let is_mail = text
            .split_once('@')
            .is_some_and(|(name, host)| !name.is_empty() && host.contains('.'));
        let is_web =
            Url::parse(text).is_ok_and(|url| matches!(url.scheme(), "http" | "https" | "mailto"));
        let is_plain = text
            .bytes()
            .all(|byte| byte.is_ascii_graphic() && !b"()\\\"".contains(&byte));
        if !(is_mail || is_web) || !is_plain {
            self.complain(
                written.span(),
                format!("`contact` is neither a web nor a mail address: `{text}`"),
                "servers' owners write there, such as `https://news.example.org/about` or `us@news.example.org`",
            );
        }
        text.to_owned()
    }

    fn user_agent(&mut self, written: &Spanned<String>) -> String {
        let text = written.get_ref().trim();
        if text.is_empty() || !text.bytes().all(|byte| (b' '..=b'~').contains(&byte)) {
            self.complain(
                written.span(),
                format!("`user_agent` cannot be `{text}`"),
                "write a name, a version and an address in plain letters",
            );
        }
        text.to_owned()
    }

    fn places(&mut self, written: &[Spanned<String>]) -> Vec<Place> {
        let mut places = Vec::new();
        for written in written {
            match Place::parse(written.get_ref()) {
                Some(place) => places.push(place),
                None => self.complain(
                    written.span(),
                    format!(
                        "`allow_private` has something that is no host: `{}`",
                        written.get_ref()
                    ),
                    "write a host name, an address, or a network such as `10.0.0.0/8`",
                ),
            }
        }
        places
    }

    fn stand_ins(&mut self, written: &BTreeMap<String, Spanned<String>>) -> StandIns {
        let mut servers = BTreeMap::new();
        for (host, server) in written {
            match server.get_ref().parse() {
                Ok(address) => {
                    servers.insert(host.to_ascii_lowercase(), address);
                }
                Err(_) => self.complain(
                    server.span(),
                    format!(
                        "`resolve` has something that is no server: `{}`",
                        server.get_ref()
                    ),
                    "write an address and a port, such as `127.0.0.1:8080`",
                ),
            }
        }
        StandIns(servers)
    }

    fn ports(&mut self, written: &[Spanned<i64>]) -> Vec<u16> {
        let mut ports = Vec::new();
        for written in written {
            match u16::try_from(*written.get_ref()) {
                Ok(port) if port > 0 => ports.push(port),
                _ => self.complain(
                    written.span(),
                    format!(
                        "`ports` has a number that is no port: `{}`",
                        written.get_ref()
                    ),
                    "ports are numbers from 1 to 65535",
                ),
            }
        }
        ports
    }

    /// The sources, each address once: the first that names it counts, and has the tags of all.
    pub(super) fn sources(&mut self, raw: Vec<raw::Source>) -> Vec<Source> {
        let mut sources: Vec<Source> = Vec::with_capacity(raw.len());
        let mut numbers = std::collections::HashMap::new();
        for raw in raw {
            let source = self.source(raw);
            match numbers.entry(source.url.clone()) {
                std::collections::hash_map::Entry::Vacant(place) => {
                    place.insert(sources.len());
                    sources.push(source);
                }
                std::collections::hash_map::Entry::Occupied(place) => {
                    let known = &mut sources[*place.get()];
                    for tag in source.tags {
                        if !known.tags.contains(&tag) {
                            known.tags.push(tag);
                        }
                    }
                }
            }
        }
        sources
    }

    fn source(&mut self, raw: raw::Source) -> Source {
        let url = self.source_url(&raw.url);
        let manner = self.manner(&raw);
        let kind = raw.kind.and_then(|written| {
            let choices: Vec<(&str, Kind)> = Kind::ALL.map(|kind| (kind.name(), kind)).to_vec();
            self.choice(Some(written), "kind", &choices)
        });
        let site = raw.site.map(|site| {
            self.web_address(&site, "site");
            site.into_inner()
        });
        Source {
            url,
            title: raw.title,
            site,
            kind,
            tags: raw.tags,
            every: self.time(raw.every.as_ref(), "every", LEAST_INTERVAL),
            headers: raw
                .headers
                .into_iter()
                .filter_map(|(name, variable)| self.header(name, &variable))
                .collect(),
            manner,
            enabled: raw.enabled.unwrap_or(true),
            origin: Origin::Config,
        }
    }

    /// An address of the web as it is, anything else as the address of a file.
    fn source_url(&mut self, written: &Spanned<String>) -> String {
        let text = written.get_ref().trim();
        if let Some(url) = address::source(text) {
            return url;
        }
        self.complain(
            written.span(),
            format!("a source cannot be polled at `{text}`"),
            "write an address with `https:`, `http:` or `file:`, or a path",
        );
        text.to_owned()
    }

    fn header(&mut self, name: String, variable: &Spanned<String>) -> Option<RequestHeader> {
        let is_token =
            |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte);
        if name.is_empty() || !name.bytes().all(is_token) {
            self.complain(
                variable.span(),
                format!("`headers` has a name that is none: `{name}`"),
                "write the name of a request header, such as `Authorization`",
            );
            return None;
        }
        let text = variable.get_ref();
        if !is_variable(text) {
            // The text itself may be the secret, so it is not repeated.
            self.complain(
                variable.span(),
                format!("the value of `{name}` is not the name of an environment variable"),
                "secrets stay out of this file: put the value into a variable and name that here, \
                 such as `headers = { Authorization = \"EXAMPLE_TOKEN\" }`",
            );
            return None;
        }
        Some(RequestHeader {
            name,
            variable: text.clone(),
        })
    }
}

/// Nothing is kept for less than a day.
pub(super) const DAY: Duration = Duration::from_hours(24);

/// No source more often than once a minute.
const LEAST_INTERVAL: Duration = Duration::from_mins(1);

/// Whether it is the name of an environment variable, and not the secret itself.
pub(super) fn is_variable(text: &str) -> bool {
    !text.is_empty()
        && !text.starts_with(|c: char| c.is_ascii_digit())
        && text
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
}

fn shown(time: Duration) -> String {
    match time.as_millis() {
        millis if millis % 60_000 == 0 => format!("`{}m`", millis / 60_000),
        millis if millis % 1_000 == 0 => format!("`{}s`", millis / 1_000),
        millis => format!("`{millis}ms`"),
    }
}
