//! HTML of entries without anything that runs, its addresses absolute.
//!
//! `policy` says what is kept. `quick` applies it in one pass to HTML that is put together as it
//! should be; everything else goes to ammonia, which reads it as browsers do, with the same policy.

mod attributes;
mod policy;
mod quick;

use std::borrow::Cow;
use std::cell::RefCell;

use ammonia::{Builder, UrlRelative};
use url::Url;

use super::{Entry, Markup, Text};

pub(super) fn clean(entry: &mut Entry, url: Option<&Url>) {
    let texts = [&entry.title, &entry.summary, &entry.content];
    // Without a tag there is nothing to clean.
    if !texts.into_iter().flatten().any(has_tags) {
        return;
    }
    let own = entry.base.as_deref().and_then(|base| Url::parse(base).ok());
    let link = match (&own, url) {
        (None, None) => entry.link.as_deref().and_then(|link| Url::parse(link).ok()),
        _ => None,
    };
    let base = own.as_ref().or(url).or(link.as_ref());
    let texts = [&mut entry.title, &mut entry.summary, &mut entry.content];
    for text in texts.into_iter().flatten() {
        if has_tags(text) {
            text.value = html(&text.value, base);
        }
    }
}

fn has_tags(text: &Text) -> bool {
    text.markup == Markup::Html && text.value.contains('<')
}

/// A piece of HTML, cleaned.
fn html(html: &str, base: Option<&Url>) -> String {
    quick::clean(html, base).unwrap_or_else(|| thorough(&mend(html), base))
}

/// What ammonia makes of it.
fn thorough(html: &str, base: Option<&Url>) -> String {
    thread_local! {
        static BUILDER: RefCell<Builder<'static>> = RefCell::new(policy::builder());
    }
    BUILDER.with_borrow_mut(|builder| {
        builder.url_relative(match base {
            Some(base) => UrlRelative::RewriteWithBase(base.clone()),
            None => UrlRelative::PassThrough,
        });
        builder.clean(html).to_string()
    })
}

/// Keeps as text what browsers would take for a tag or a comment without an end, and hide together
/// with all that follows: a `<` after the last `>`, `<!` that begins nothing, CDATA in HTML.
fn mend(html: &str) -> Cow<'_, str> {
    let end = html.rfind('>').map_or(0, |at| at + 1);
    let mut mended = String::new();
    let mut from = 0;
    for (at, _) in html.match_indices('<') {
        let rest = &html[at..];
        let (replacement, length) = if at >= end {
            ("&lt;", 1)
        } else if rest.starts_with("<![CDATA[") {
            ("", "<![CDATA[".len())
        } else if is_odd_declaration(rest) {
            ("&lt;", 1)
        } else {
            continue;
        };
        mended.push_str(&html[from..at]);
        mended.push_str(replacement);
        from = at + length;
    }
    if from == 0 {
        return Cow::Borrowed(html);
    }
    mended.push_str(&html[from..]);
    if html.contains("<![CDATA[") {
        mended = mended.replace("]]>", "");
    }
    Cow::Owned(mended)
}

fn is_odd_declaration(rest: &str) -> bool {
    let Some(inner) = rest.strip_prefix("<!") else {
        return false;
    };
    let doctype = inner.get(..7);
    !inner.starts_with("--") && !doctype.is_some_and(|it| it.eq_ignore_ascii_case("doctype"))
}

#[cfg(test)]
mod tests;
