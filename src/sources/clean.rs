//! HTML of entries without anything that runs, its addresses absolute.

use ammonia::{Builder, UrlRelative};
use url::Url;

use super::{Entry, Markup, Text};

pub(super) fn clean(entry: &mut Entry, url: Option<&Url>) {
    let own = entry.base.as_deref().and_then(|base| Url::parse(base).ok());
    let link = entry.link.as_deref().and_then(|link| Url::parse(link).ok());
    let base = own.as_ref().or(url).or(link.as_ref());
    let mut builder = Builder::default();
    builder.link_rel(None);
    builder.url_relative(match base {
        Some(base) => UrlRelative::RewriteWithBase(base.clone()),
        None => UrlRelative::PassThrough,
    });
    let texts = [&mut entry.title, &mut entry.summary, &mut entry.content];
    for text in texts.into_iter().flatten() {
        clean_text(text, &builder);
    }
}

fn clean_text(text: &mut Text, builder: &Builder<'_>) {
    // Without a tag there is nothing to clean.
    if text.markup == Markup::Html && text.value.contains('<') {
        text.value = builder.clean(&text.value).to_string();
    }
}
