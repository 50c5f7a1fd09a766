//! HTML of entries without anything that runs, its addresses absolute.
//!
//! `policy` says what is kept. `quick` applies it in one pass to HTML that is put together as it
//! should be; everything else goes to ammonia, which reads it as browsers do, with the same policy.

mod attributes;
mod policy;
mod quick;

use std::borrow::Cow;
use std::cell::{OnceCell, RefCell};

use ammonia::{Builder, UrlRelative};
use url::Url;

use super::{Entry, Markup, Text};

pub(super) fn clean(entry: &mut Entry, url: Option<&Url>) {
    let texts = [&entry.title, &entry.summary, &entry.content];
    // Without a tag there is nothing to clean.
    if !texts.into_iter().flatten().any(has_tags) {
        return;
    }
    let base = Base {
        own: entry.base.as_deref(),
        url,
        link: entry.link.as_deref(),
        parsed: OnceCell::new(),
    };
    let texts = [&mut entry.title, &mut entry.summary, &mut entry.content];
    for text in texts.into_iter().flatten() {
        if has_tags(text) {
            text.value = html(&text.value, &base);
        }
    }
}

/// Where relative addresses start: most entries have none, so that it is parsed only for the first.
struct Base<'a> {
    /// What the feed itself says.
    own: Option<&'a str>,
    /// Where the feed came from.
    url: Option<&'a Url>,
    /// The entry's page, for want of anything better.
    link: Option<&'a str>,
    parsed: OnceCell<Option<Url>>,
}

impl Base<'_> {
    fn get(&self) -> Option<&Url> {
        let parse = |written: Option<&str>| written.and_then(|it| Url::parse(it).ok());
        let find = || {
            parse(self.own)
                .or_else(|| self.url.cloned())
                .or_else(|| parse(self.link))
        };
        self.parsed.get_or_init(find).as_ref()
    }
}

fn has_tags(text: &Text) -> bool {
    text.markup == Markup::Html && text.value.contains('<')
}

/// A piece of HTML, cleaned.
fn html(html: &str, base: &Base<'_>) -> String {
    quick::clean(html, base).unwrap_or_else(|| thorough(&mend(html), base))
}

/// What ammonia makes of it.
fn thorough(html: &str, base: &Base<'_>) -> String {
    thread_local! {
        static BUILDER: RefCell<Builder<'static>> = RefCell::new(policy::builder());
    }
    BUILDER.with_borrow_mut(|builder| {
        builder.url_relative(match base.get() {
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
