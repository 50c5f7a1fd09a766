//! Sources as people read them.

use url::Url;

use crate::feeds::shown;
use crate::poll::fetch::visit;
use crate::store::Known;

/// An address as it may be shown: on one line, without a password; a file as it is named.
pub fn address(url: &str) -> String {
    if url.starts_with("file:") {
        return shown::line(url);
    }
    // What was parsed is one word already, and stays what `sources remove` would find.
    Url::parse(url).map_or_else(|_| shown::address(url), |url| visit::shown(&url))
}

/// The title that somebody gave, else the feed's own.
pub fn title(known: &Known) -> Option<String> {
    let title = known.source.title.as_ref();
    let title = title.or(known.history.feed_title.as_ref())?;
    let title = shown::line(title);
    (!title.is_empty()).then_some(title)
}
