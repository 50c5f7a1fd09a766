//! The bounds that keep one hostile source from costing more than any other.

use super::repair::{Defect, Log};

/// Bytes of a document; the rest is cut off.
pub const BODY: usize = 10 << 20;
/// Entries of a feed; the rest is left out.
pub const ENTRIES: usize = 5_000;
/// Levels of elements; deeper ones are flattened. feed-rs overflows the stack near a thousand.
pub const DEPTH: usize = 256;
/// Attributes of one element.
pub const ATTRIBUTES: usize = 64;
/// Namespaces in scope.
pub const NAMESPACES: usize = 256;
/// Categories, links, authors, enclosures of one entry, each.
pub const CHILDREN: usize = 256;
/// Bytes of an address or of a base.
pub const ADDRESS: usize = 2 << 10;
/// Bytes that the entities which a document defines may grow to, all together.
pub const EXPANSION: usize = 1 << 20;
/// Bytes that relative addresses may grow by when they are made absolute, all together.
pub const RESOLVED: usize = 8 << 20;

/// Sources of an OPML list; the rest is left out.
pub const OUTLINES: usize = 50_000;
/// Folders around one source of an OPML list that become its tags, and tags that it has.
pub const TAGS: usize = 16;
/// Characters of a title or a tag of an OPML list.
pub const NAME: usize = 400;

/// Bytes of a web page that are looked through for feeds.
pub const PAGE: usize = 4 << 20;
/// Feeds that a web page may name.
pub const FEED_LINKS: usize = 32;

/// The document up to a number of bytes.
pub fn body<'a>(bytes: &'a [u8], most: usize, log: &mut Log) -> &'a [u8] {
    if bytes.len() > most {
        log.note(Defect::TooLong, None);
        return &bytes[..most];
    }
    bytes
}
