//! HTML of entries without anything that runs, its addresses absolute.
//!
//! `policy` says what is kept. `quick` applies it in one pass to HTML that is put together as it
//! should be; everything else goes to ammonia, which reads it as browsers do, with the same policy.

mod attributes;
mod mend;
mod policy;
mod quick;

use std::cell::{OnceCell, RefCell};

use ammonia::{Builder, UrlRelative};
use url::Url;

use super::address::SCHEMES;
use super::html::bounded;
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
    /// The entry's page: its notes and pictures are there, and not where the feed is.
    link: Option<&'a str>,
    parsed: OnceCell<Option<Url>>,
}

impl Base<'_> {
    fn get(&self) -> Option<&Url> {
        let allowed = |url: &Url| SCHEMES.contains(&url.scheme());
        let parse = |written: Option<&str>| Url::parse(written?).ok().filter(allowed);
        let page = || parse(self.link).filter(|it| matches!(it.scheme(), "http" | "https"));
        let find = || {
            parse(self.own)
                .or_else(page)
                .or_else(|| self.url.cloned().filter(allowed))
        };
        self.parsed.get_or_init(find).as_ref()
    }
}

fn has_tags(text: &Text) -> bool {
    text.markup == Markup::Html && text.value.contains('<')
}

/// A piece of HTML, cleaned.
fn html(html: &str, base: &Base<'_>) -> String {
    if let Some(clean) = quick::clean(html, base) {
        return clean;
    }
    if is_costly(html) {
        let markup = Markup::Html;
        let value = html.to_owned();
        return super::text::escape(&Text { value, markup }.plain()).into_owned();
    }
    thorough(&mend::mend(html), base)
}

/// Whether ammonia would take more than some hundredths of a second to write a text: for each sign
/// that it escapes, its serializer looks at all that follows up to the next `<` or `>`. Nobody
/// writes such texts but to do harm; of them the words are kept.
fn is_costly(html: &str) -> bool {
    const MOST: usize = 1 << 30;
    let cost = html.split(['<', '>']).map(|piece| {
        let escaped = piece.bytes().filter(|byte| matches!(byte, b'&' | 0xc2));
        piece.len().saturating_mul(escaped.count())
    });
    cost.fold(0, usize::saturating_add) > MOST
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
        builder.clean(&bounded(html)).to_string()
    })
}

#[cfg(test)]
mod tests;
