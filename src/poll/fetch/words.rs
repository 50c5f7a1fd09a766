//! What a person should know of an error of the client: in words for whoever curates, and with
//! what can be done.

use std::error::Error;
use std::io::{self, ErrorKind};

use rustls::CertificateError;

use super::resolve::Unknown;
use super::visit::Failure;
use crate::model::Outcome;
use crate::poll::guard::Refusal;

/// What to do about a certificate.
const CERTIFICATE: &str = "`verify_tls = false` under its `[[source]]` asks it all the same";

/// Why no answer came.
pub(super) fn failure(error: &reqwest::Error) -> Failure {
    let mut told: Option<String> = None;
    let (mut is_offline, mut is_no_host) = (false, false);
    let mut cause: Option<&(dyn Error + 'static)> = error.source();
    while let Some(inner) = cause {
        if let Some(refusal) = inner.downcast_ref::<Refusal>() {
            return refusal.clone().into();
        }
        if let Some(unknown) = inner.downcast_ref::<Unknown>() {
            is_offline = true;
            is_no_host = !unknown.is_temporary();
            told = Some(unknown.to_string());
        }
        if let Some(error) = inner.downcast_ref::<io::Error>() {
            is_offline |= is_away(error.kind());
            let within = error.get_ref().and_then(|it| it.downcast_ref());
            told = within.map(tls).or_else(|| broken(error.kind())).or(told);
        }
        if let Some(error) = inner.downcast_ref::<rustls::Error>() {
            told = Some(tls(error));
        }
        if let Some(error) = inner.downcast_ref::<hyper::Error>() {
            told = told.or_else(|| http(error));
        }
        cause = inner.source();
    }
    let outcome = if error.is_timeout() {
        Outcome::TimedOut
    } else {
        Outcome::Unreachable
    };
    let usual = match (error.is_timeout(), error.is_connect()) {
        (true, _) => "no connection in time",
        (_, true) => "no connection could be made",
        _ => "the connection broke off before the answer",
    };
    Failure {
        is_offline,
        is_no_host,
        ..Failure::new(outcome, told.unwrap_or_else(|| usual.to_owned()))
    }
}

/// Whether there may be no network at all.
fn is_away(kind: ErrorKind) -> bool {
    use ErrorKind::{HostUnreachable, NetworkDown, NetworkUnreachable};
    matches!(kind, HostUnreachable | NetworkDown | NetworkUnreachable)
}

fn broken(kind: ErrorKind) -> Option<String> {
    let words = match kind {
        ErrorKind::ConnectionRefused => "no server listens there: the connection was refused",
        ErrorKind::ConnectionReset
        | ErrorKind::ConnectionAborted
        | ErrorKind::BrokenPipe
        | ErrorKind::UnexpectedEof => "the connection broke off before the answer",
        ErrorKind::TimedOut => "no connection in time",
        kind if is_away(kind) => "no way leads there",
        _ => return None,
    };
    Some(words.to_owned())
}

fn tls(error: &rustls::Error) -> String {
    use CertificateError::{
        Expired, ExpiredContext, NotValidForName, NotValidForNameContext, NotValidYet,
        NotValidYetContext, Revoked, UnknownIssuer,
    };
    let what = match error {
        rustls::Error::InvalidCertificate(why) => match why {
            Expired | ExpiredContext { .. } => "has expired",
            NotValidYet | NotValidYetContext { .. } => "is not valid yet, by this machine's clock",
            NotValidForName | NotValidForNameContext { .. } => "is that of another host",
            UnknownIssuer => "is signed by nobody whom this machine trusts",
            Revoked => "was taken back by who signed it",
            _ => "is not valid",
        },
        rustls::Error::InvalidMessage(_) => {
            return "what answers there does not speak TLS: is it `http:`?".to_owned();
        }
        _ => {
            return "it speaks no TLS that newsdesk speaks".to_owned();
        }
    };
    format!("its certificate {what}; {CERTIFICATE}")
}

fn http(error: &hyper::Error) -> Option<String> {
    let words = if error.is_parse_too_large() {
        "the header of its answer is too large"
    } else if error.is_parse() {
        "what it answers is not HTTP"
    } else if error.is_incomplete_message() || error.is_closed() || error.is_canceled() {
        "the connection broke off before the answer"
    } else if error.to_string().starts_with("http2") {
        "it breaks off over HTTP/2; `http = \"1.1\"` under its `[[source]]` asks it in HTTP/1.1"
    } else {
        return None;
    };
    Some(words.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn says_what_is_wrong_with_a_certificate_and_what_to_do() {
        let of = |why| tls(&rustls::Error::InvalidCertificate(why));
        assert_eq!(
            of(CertificateError::Expired),
            format!("its certificate has expired; {CERTIFICATE}")
        );
        assert!(of(CertificateError::UnknownIssuer).contains("signed by nobody"));
        assert!(of(CertificateError::NotValidForName).contains("another host"));
    }
}
