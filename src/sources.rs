//! What is known of the places that publish: the kinds of sites and where their feeds are, the
//! feeds that a web page names, sitemaps; and what was read of a feed, made ready for the store.
//!
//! The reader of feeds itself is the crate `lenient-feed`. Nothing here fetches anything, or
//! reads a clock or a file.

pub mod anchors;
pub mod page;
mod ready;
pub mod sitemap;
pub mod sites;
pub mod thing;
pub mod things;

pub use ready::{Context, instant, kind, ready};
