//! `[suggest]` and `[mail]`, checked.

use std::net::IpAddr;
use std::path::{Component, Path, PathBuf};
use std::time::Duration;

use lettre::message::Mailbox;
use toml::Spanned;

use super::check::Check;
use super::polling::is_variable;
use super::raw;

/// What the list of suggestions is like: `[suggest]` of `config.toml`.
#[derive(Clone, Debug, PartialEq)]
pub struct Suggesting {
    /// How many suggestions there are at most; none: as the issues of the archive are long.
    pub count: Option<usize>,
    /// How much neighbors are kept apart: 0 not at all, 1 a lot.
    pub variety: f64,
    /// For how long an entry is taken to have been available for an issue; none: from one issue
    /// to the next, as the archive has them.
    pub window: Option<Duration>,
    /// The file of the feed of suggestions, absolute; none where none is written.
    pub feed: Option<PathBuf>,
}

impl Suggesting {
    /// How much neighbors are kept apart where nothing says it.
    pub const VARIETY: f64 = 0.5;
    /// The feed of suggestions beside config.toml: not published, not for git.
    pub const FEED: &'static str = ".newsdesk/suggestions.atom.xml";
}

/// How the digest of suggestions is sent: `[mail]` of `config.toml`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mail {
    /// Who gets it.
    pub to: Vec<Mailbox>,
    /// Who sends it.
    pub from: Mailbox,
    /// The host of the server.
    pub server: String,
    /// Its port.
    pub port: u16,
    /// How the connection is kept secret.
    pub tls: Tls,
    /// The name to sign in with, and the environment variable that holds the password.
    pub account: Option<(String, String)>,
    /// How often at most.
    pub every: Duration,
}

impl Mail {
    /// How often at most where nothing says it.
    pub const EVERY: Duration = Duration::from_hours(7 * 24);
}

/// How the connection to the server is kept secret.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tls {
    /// From the first byte on.
    Whole,
    /// The server is asked to begin (`STARTTLS`, RFC 3207); without it nothing is sent.
    Asked,
    /// Not at all; for a server on this machine alone.
    None,
}

impl Tls {
    /// The port that servers listen on.
    fn port(self) -> u16 {
        match self {
            Self::Whole => 465,
            Self::Asked => 587,
            Self::None => 25,
        }
    }
}

impl Check<'_> {
    pub(super) fn suggest(
        &mut self,
        root: &Path,
        published: &Path,
        raw: raw::Suggest,
    ) -> Suggesting {
        let day = Duration::from_hours(24);
        let variety = raw.variety.map(|written| {
            let value = *written.get_ref();
            if !(0.0..=1.0).contains(&value) {
                self.complain(
                    written.span(),
                    format!("`variety` cannot be `{value}`"),
                    "write a number from 0.0 (the best first, however alike) to 1.0",
                );
            }
            value
        });
        let feed = match raw.feed {
            None => Some(root.join(Suggesting::FEED)),
            Some(written) if written.get_ref().trim().is_empty() => None,
            Some(written) => Some(self.private_feed(root, published, &written)),
        };
        Suggesting {
            count: self.limit(raw.count, "count").map(|count| count.min(1000)),
            variety: variety.unwrap_or(Suggesting::VARIETY),
            window: self.time(raw.window.as_ref(), "window", day),
            feed,
        }
    }

    /// Suggestions say what a team did not pick: they are not for everybody.
    fn private_feed(
        &mut self,
        root: &Path,
        published: &Path,
        written: &Spanned<String>,
    ) -> PathBuf {
        let text = written.get_ref();
        let place = root.join(text);
        if normal(&place).starts_with(normal(published)) {
            self.complain(
                written.span(),
                format!("`feed` would be published: `{text}`"),
                "suggestions are for curators alone: name a file that is not below the folder of \
                 `[feeds]`, such as `.newsdesk/suggestions.atom.xml`",
            );
        } else if place.extension().is_none_or(|ending| ending != "xml") {
            self.complain(
                written.span(),
                format!("`feed` is no name of a feed: `{text}`"),
                "the file is replaced at each run: name one that ends with `.xml`, or write \
                 `feed = \"\"` for none",
            );
        }
        place
    }

    pub(super) fn mail(&mut self, raw: raw::Mail) -> Option<Mail> {
        let choices = [
            ("starttls", Tls::Asked),
            ("tls", Tls::Whole),
            ("none", Tls::None),
        ];
        let at = raw.tls.as_ref().map(Spanned::span);
        let tls = self.choice(raw.tls, "tls", &choices).unwrap_or(Tls::Asked);
        let server = raw.server.get_ref().trim().to_owned();
        if !is_host(&server) {
            self.complain(
                raw.server.span(),
                format!("`server` is no host: `{}`", server.escape_debug()),
                "write a name such as `smtp.example.org`; the port stands in `port`",
            );
        }
        if tls == Tls::None && !is_loopback(&server) {
            self.complain(
                at.unwrap_or_default(),
                format!(
                    "mail for `{}` would cross the network in the open",
                    server.escape_debug()
                ),
                "`tls = \"none\"` is for a server on this machine (`127.0.0.1`, `::1`, \
                 `localhost`); write `starttls` or `tls`",
            );
        }
        let port = raw
            .port
            .map_or(Some(tls.port()), |written| self.port(&written));
        let every = self.time(raw.every.as_ref(), "every", Duration::from_hours(1));
        let account = self.account(raw.user, raw.password);
        let span = raw.to.span();
        if raw.to.get_ref().is_empty() {
            self.complain(
                span.clone(),
                "`to` names nobody".to_owned(),
                "write `to = [\"us@news.example.org\"]`, or leave `[mail]` out",
            );
        }
        let from = Spanned::new(raw.from.span(), raw.from.into_inner());
        let from = self.mailbox(&from, "from");
        let to: Vec<Option<Mailbox>> = raw
            .to
            .into_inner()
            .into_iter()
            .map(|one| self.mailbox(&Spanned::new(span.clone(), one), "to"))
            .collect();
        Some(Mail {
            to: to.into_iter().collect::<Option<_>>()?,
            from: from?,
            server,
            port: port?,
            tls,
            account,
            every: every.unwrap_or(Mail::EVERY),
        })
    }

    fn port(&mut self, written: &Spanned<i64>) -> Option<u16> {
        let port = u16::try_from(*written.get_ref())
            .ok()
            .filter(|&port| port > 0);
        if port.is_none() {
            self.complain(
                written.span(),
                format!("`port` is no port: `{}`", written.get_ref()),
                "ports are numbers from 1 to 65535",
            );
        }
        port
    }

    fn mailbox(&mut self, written: &Spanned<String>, key: &str) -> Option<Mailbox> {
        let mailbox = written.get_ref().trim().parse().ok();
        if mailbox.is_none() {
            self.complain(
                written.span(),
                format!(
                    "`{key}` has something that is no mail address: `{}`",
                    written.get_ref().escape_debug()
                ),
                "write `us@news.example.org` or `News <us@news.example.org>`",
            );
        }
        mailbox
    }

    fn account(
        &mut self,
        user: Option<Spanned<String>>,
        password: Option<Spanned<String>>,
    ) -> Option<(String, String)> {
        match (user, password) {
            (Some(user), Some(password)) => {
                if !is_variable(password.get_ref()) {
                    // The text may be the password itself, so it is not repeated.
                    self.complain(
                        password.span(),
                        "`password` is not the name of an environment variable".to_owned(),
                        "secrets stay out of this file: put the password into a variable and name \
                         that here, such as `password = \"SMTP_PASSWORD\"`",
                    );
                }
                Some((user.into_inner(), password.into_inner()))
            }
            (None, None) => None,
            (Some(one), None) | (None, Some(one)) => {
                self.complain(
                    one.span(),
                    "`user` and `password` go together".to_owned(),
                    "write both or none; `password` names the environment variable that holds it",
                );
                None
            }
        }
    }
}

/// The path without `.` and `..`, as far as its text says it.
fn normal(path: &Path) -> PathBuf {
    let mut normal = PathBuf::new();
    for part in path.components() {
        match part {
            Component::CurDir => {}
            Component::ParentDir => {
                normal.pop();
            }
            part => normal.push(part),
        }
    }
    normal
}

fn is_host(server: &str) -> bool {
    server.parse::<IpAddr>().is_ok()
        || (!server.is_empty()
            && server
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || b"-._".contains(&byte)))
}

fn is_loopback(server: &str) -> bool {
    server.eq_ignore_ascii_case("localhost")
        || server.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback())
}
