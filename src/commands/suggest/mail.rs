//! The digest of new suggestions: a mail with plain text and HTML, sent through the server that
//! `[mail]` names.
//!
//! What strangers wrote stands in the bodies alone, which are encoded; the headers are made of the
//! configuration and of numbers.

use std::collections::BTreeSet;
use std::error::Error as _;
use std::time::Duration;

use anyhow::Context as _;
use chrono::{DateTime, TimeDelta, Utc};
use lettre::message::header::{Header, HeaderName, HeaderValue};
use lettre::message::{MultiPart, SinglePart, header::ContentType};
use lettre::transport::smtp::authentication::Credentials;
use lettre::transport::smtp::client::{Tls as Connection, TlsParameters};
use lettre::transport::smtp::extension::ClientId;
use lettre::{Message, SmtpTransport, Transport as _};
use newsdesk::config::{Config, Mail, Tls};
use newsdesk::store::Store;
use serde::{Deserialize, Serialize};
use xxhash_rust::xxh3::xxh3_64;

use super::super::{Context, count, say};
use super::sheet::Sheet;
use super::show;

/// Under what name the store keeps what was sent.
const SENT: &str = "suggest mail";
/// So many of the entries that were sent are remembered.
const MOST: usize = 5_000;
/// No server is waited for longer.
const PATIENCE: Duration = Duration::from_secs(30);
/// Cron is not on time to the second: a weekly job may run a little less than a week later.
const SLACK: TimeDelta = TimeDelta::minutes(5);

/// What was sent.
#[derive(Debug, Default, Serialize, Deserialize)]
struct Sent {
    /// When the last digest was sent, in seconds.
    at: i64,
    /// The entries that were in any of them.
    ids: BTreeSet<i64>,
}

/// Whether a mail was due, and what came of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Came {
    /// Nothing was to be sent.
    Nothing,
    /// It was sent, with so many suggestions.
    Sent(usize),
    /// It could not be sent; that was said.
    Failed,
}

/// Sends the suggestions of a list that no digest had, if it is time.
pub(super) async fn send_due(
    context: &Context,
    config: &Config,
    mail: &Mail,
    store: &Store,
    sheet: &Sheet,
) -> anyhow::Result<Came> {
    let newsletter = &config.issues.newsletter.authority;
    let kept = store.kept(newsletter, SENT).await?;
    let sent: Option<Sent> = kept.and_then(|(_, bytes)| postcard::from_bytes(&bytes).ok());
    let is_due = sent
        .as_ref()
        .is_none_or(|sent| is_due(sent.at, mail.every, context.now));
    let mut sent = sent.unwrap_or_default();
    let new = Sheet {
        rows: sheet
            .rows
            .iter()
            .filter(|row| !sent.ids.contains(&row.id))
            .cloned()
            .collect(),
        ..sheet.clone()
    };
    if !is_due || new.rows.is_empty() {
        return Ok(Came::Nothing);
    }
    if let Err(error) = send(mail, &new, context.now) {
        say(&format!(
            "warning: the digest of suggestions was not sent: {error:#}\nhint: it is tried again \
             at the next run; `[mail]` of config.toml says how it is sent"
        ))?;
        return Ok(Came::Failed);
    }
    sent.at = context.now.timestamp();
    sent.ids.extend(new.rows.iter().map(|row| row.id));
    while sent.ids.len() > MOST {
        sent.ids.pop_first();
    }
    let bytes = postcard::to_stdvec(&sent)?;
    store.keep(newsletter, SENT, &bytes, context.now).await?;
    Ok(Came::Sent(new.rows.len()))
}

fn is_due(last: i64, every: Duration, now: DateTime<Utc>) -> bool {
    let last = DateTime::from_timestamp(last, 0).unwrap_or_default();
    let every = TimeDelta::from_std(every).unwrap_or(TimeDelta::MAX);
    now - last >= every - SLACK || now < last
}

/// Sends one digest.
fn send(mail: &Mail, sheet: &Sheet, now: DateTime<Utc>) -> anyhow::Result<()> {
    let message = message(mail, sheet, now)?;
    let sent = transport(mail)?.send(&message);
    sent.map(|_| ()).map_err(|error| {
        let cause = error.source().map(ToString::to_string);
        let said = cause.unwrap_or_else(|| error.to_string());
        anyhow::anyhow!(
            "`{}:{}`: {}",
            mail.server,
            mail.port,
            super::super::shown::line(&said)
        )
    })
}

/// The message: who, what, when, and the list twice.
pub(super) fn message(mail: &Mail, sheet: &Sheet, now: DateTime<Utc>) -> anyhow::Result<Message> {
    let what = count(sheet.rows.len(), "new suggestion");
    let text = show::text(sheet);
    let domain = mail.from.email.domain();
    let name = xxh3_64(format!("{} {text}", now.timestamp()).as_bytes());
    let mut message = Message::builder()
        .from(mail.from.clone())
        .subject(format!("{}: {what}", sheet.newsletter))
        .date(now.into())
        .message_id(Some(format!("<digest.{name:016x}@{domain}>")))
        .header(AutoSubmitted);
    for to in &mail.to {
        message = message.to(to.clone());
    }
    message
        .multipart(
            MultiPart::alternative()
                .singlepart(
                    SinglePart::builder()
                        .header(ContentType::TEXT_PLAIN)
                        .body(text),
                )
                .singlepart(
                    SinglePart::builder()
                        .header(ContentType::TEXT_HTML)
                        .body(show::html(sheet)),
                ),
        )
        .context("the digest cannot be written")
}

fn transport(mail: &Mail) -> anyhow::Result<SmtpTransport> {
    let secret = || TlsParameters::new(mail.server.clone()).context("cannot prepare for TLS");
    let mut transport = SmtpTransport::builder_dangerous(&mail.server)
        .port(mail.port)
        .timeout(Some(PATIENCE))
        .hello_name(ClientId::Domain(mail.from.email.domain().to_owned()))
        .tls(match mail.tls {
            Tls::Whole => Connection::Wrapper(secret()?),
            Tls::Asked => Connection::Required(secret()?),
            Tls::None => Connection::None,
        });
    if let Some((user, variable)) = &mail.account {
        let password = std::env::var(variable)
            .ok()
            .filter(|password| !password.is_empty())
            .with_context(|| format!("the environment variable `{variable}` is not set"))?;
        transport = transport.credentials(Credentials::new(user.clone(), password));
    }
    Ok(transport.build())
}

/// That no person wrote it (RFC 3834), so that no absence note answers.
#[derive(Clone, Copy, Debug)]
struct AutoSubmitted;

impl Header for AutoSubmitted {
    fn name() -> HeaderName {
        HeaderName::new_from_ascii_str("Auto-Submitted")
    }

    fn parse(_: &str) -> Result<Self, Box<dyn std::error::Error + Send + Sync>> {
        Ok(Self)
    }

    fn display(&self) -> HeaderValue {
        HeaderValue::new(Self::name(), "auto-generated".to_owned())
    }
}
