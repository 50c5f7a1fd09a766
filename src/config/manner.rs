//! How one source is asked and kept, and who asks: checked.

use toml::Spanned;

use super::check::Check;
use super::polling::DAY;
use super::raw;
use crate::model::{Manner, Via};
use crate::poll::proxy;

impl Check<'_> {
    /// How a source is asked and kept, where it is to be otherwise than all others.
    pub(super) fn manner(&mut self, raw: &raw::Source) -> Manner {
        let http = raw.http.clone();
        let http1 = self.choice(http, "http", &[("1.1", true), ("2", false)]);
        Manner {
            any_certificate: raw.verify_tls == Some(false),
            http1: http1 == Some(true),
            unconditional: raw.validators == Some(false),
            language: raw.accept_language.as_ref().map(|it| self.languages(it)),
            max_bytes: self.limit(raw.max_bytes.clone(), "max_bytes"),
            keep: self.time(raw.keep.as_ref(), "keep", DAY),
            via: self.via(raw.proxy.as_ref()),
            is_secret: raw.public == Some(false),
        }
    }

    /// Languages as `Accept-Language` names them (RFC 9110, section 12.5.4).
    fn languages(&mut self, written: &Spanned<String>) -> String {
        let text = written.get_ref().trim();
        let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-,;=. *".contains(&byte);
        if text.is_empty() || !text.bytes().all(is_plain) {
            self.complain(
                written.span(),
                format!("`accept_language` names no languages: `{text}`"),
                "write them as `de` or `de, en;q=0.5`",
            );
        }
        text.to_owned()
    }

    /// Who asks on our behalf.
    pub(super) fn via(&mut self, written: Option<&Spanned<String>>) -> Via {
        let Some(written) = written else {
            return Via::Usual;
        };
        match (written.get_ref().trim(), proxy::parse(written.get_ref())) {
            ("none", _) => Via::Direct,
            (_, Some(url)) if url.password().is_some() => {
                self.complain(
                    written.span(),
                    "a password stands in the configuration".to_owned(),
                    "leave `proxy` out, and set HTTPS_PROXY and HTTP_PROXY in the environment",
                );
                Via::Usual
            }
            (_, Some(url)) => Via::Proxy(url),
            (text, None) => {
                self.complain(
                    written.span(),
                    format!("`proxy` is no address of a proxy: `{text}`"),
                    "write it as `http://host:port` or `socks5://host:port`, or `none`",
                );
                Via::Usual
            }
        }
    }
}
