//! An issue as an e-mail: HTML whose styles stand in the tags, and plain text. Mailing services
//! take both as they are.
//!
//! Every address is absolute, and nothing is loaded but the issue's own images.

mod inline;

use std::borrow::Cow;
use std::fmt::Write as _;

use askama::Template;
use url::Url;

use super::body;
use super::site;
use crate::model::{Issue, Newsletter};

#[derive(Template)]
#[template(path = "email.html")]
struct Email<'a> {
    newsletter: &'a Newsletter,
    issue: &'a Issue,
    language: &'a str,
    direction: &'static str,
    date: String,
    /// What lists of mail show beside the subject.
    preheader: Option<Cow<'a, str>>,
    audio: Option<&'a Url>,
    body: String,
}

/// The issue as a complete HTML message.
pub fn html(newsletter: &Newsletter, issue: &Issue) -> String {
    let header = &issue.header;
    let language = language(newsletter, issue);
    let content = body::without_title(&issue.html, &header.title);
    let mut body = String::with_capacity(issue.html.len() * 2);
    inline::push_styled(content.before, &mut body);
    inline::push_styled(content.after, &mut body);
    let email = Email {
        newsletter,
        issue,
        language,
        direction: site::direction(language),
        date: site::day(&header.published, language),
        preheader: header.summary.as_deref().map(site::describe),
        audio: header
            .audio
            .as_ref()
            .map(|audio| &audio.url)
            .filter(|url| matches!(url.scheme(), "http" | "https")),
        body,
    };
    site::write(&email, email.body.len() + 4096)
}

/// The issue as plain text.
pub fn text(newsletter: &Newsletter, issue: &Issue) -> String {
    let header = &issue.header;
    let date = site::day(&header.published, language(newsletter, issue));
    let body = text_without_title(issue);
    let mut text = String::with_capacity(body.len() + 512);
    let _ = write!(text, "{}\n{date}\n{}\n", header.title, header.url);
    if let Some(audio) = &header.audio {
        let _ = writeln!(text, "Listen: {}", audio.url);
    }
    text.push('\n');
    if !body.is_empty() {
        text.push_str(body);
        text.push_str("\n\n");
    }
    // Mail programs leave out of replies what follows `-- ` (RFC 3676, section 4.3).
    let _ = write!(text, "-- \n{}\n{}\n", newsletter.title, newsletter.base_url);
    text
}

fn language<'a>(newsletter: &'a Newsletter, issue: &'a Issue) -> &'a str {
    let stated = issue.header.language.as_deref();
    site::language(stated.or(newsletter.language.as_deref()))
}

/// The text without the heading that repeats the title at its start, and without the line under it.
fn text_without_title(issue: &Issue) -> &str {
    let whole = issue.text.trim_matches(['\n', '\r']).trim_end();
    let mut rest = whole.trim_start_matches(['#', ' ', '\n', '\r']);
    for word in issue.header.title.split_whitespace() {
        rest = rest.trim_start();
        let end = rest.find(char::is_whitespace).unwrap_or(rest.len());
        if rest[..end].to_lowercase() != word.to_lowercase() {
            return whole;
        }
        rest = &rest[end..];
    }
    let Some((_, after)) = rest
        .split_once('\n')
        .filter(|(end, _)| end.trim().is_empty())
    else {
        return if rest.trim().is_empty() { "" } else { whole };
    };
    let (line, below) = after.split_once('\n').unwrap_or((after, ""));
    let underlined = !line.is_empty() && line.bytes().all(|byte| matches!(byte, b'=' | b'-'));
    let body = if underlined { below } else { after };
    body.trim_start_matches(['\n', '\r'])
}

#[cfg(test)]
mod tests;
