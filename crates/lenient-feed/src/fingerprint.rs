//! What an entry says, as one number.

use xxhash_rust::xxh3::Xxh3;

use super::Entry;

impl Entry {
    /// A hash of what it says, as read: the same as long as the feed says the same of it. Cheap
    /// beside [`super::clean()`].
    pub fn fingerprint(&self) -> u64 {
        let mut hash = Xxh3::new();
        let texts = [&self.title, &self.summary, &self.content]
            .map(|text| text.as_ref().map(|it| it.value.as_str()));
        let addresses = [&self.link, &self.transcript, &self.thumbnail].map(Option::as_deref);
        for part in texts.into_iter().chain(addresses) {
            // The length parts one text from the next.
            let part = part.unwrap_or_default();
            hash.update(&part.len().to_le_bytes());
            hash.update(part.as_bytes());
        }
        let rest = (
            &self.authors,
            &self.categories,
            &self.enclosures,
            self.published,
            self.duration,
        );
        hash.update(format!("{rest:?}").as_bytes());
        hash.digest()
    }
}

#[cfg(test)]
mod tests {
    use crate::{Hints, parse};

    #[test]
    fn the_fingerprint_changes_with_what_is_said() {
        let read = |item: &str| {
            let source = format!("<rss><item>{item}");
            parse(source.as_bytes(), &Hints::default())
                .unwrap()
                .entries
                .remove(0)
                .fingerprint()
        };
        let first = read("<guid>1</guid><title>a</title><description>b</description>");
        assert_eq!(
            first,
            read("<description>b</description><title>a</title><guid>1</guid>")
        );
        assert_ne!(
            first,
            read("<guid>1</guid><title>ab</title><description></description>")
        );
        assert_ne!(
            first,
            read(
                "<guid>1</guid><title>a</title><description>b</description><category>c</category>"
            )
        );
    }
}
