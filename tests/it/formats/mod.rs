//! The three feed formats held to their specifications.
//!
//! [`check_atom`], [`check_rss`] and [`check_json`] read a whole document and say everything that
//! is wrong with it, each remark beginning with the name of the rule: the names of the W3C's feed
//! validation service where it has one. They know RFC 4287's schema, the errors and warnings of
//! that service, the elements of RSS 2.0 and the JSON Feed 1.1 specification, and are stricter in
//! a few places: every address in content is absolute, nothing changed before it was published.

mod atom;
mod broken_atom;
mod broken_content;
mod broken_json;
mod broken_rss;
mod html;
mod itunes;
mod json;
mod link;
mod roundtrip;
mod rss;
mod samples;
mod tree;
mod valid;
mod value;

pub(crate) use atom::check as check_atom;
pub(crate) use json::check as check_json;
pub(crate) use rss::check as check_rss;

/// The remarks on one document, in its order.
#[derive(Default)]
struct Report {
    remarks: Vec<String>,
}

impl Report {
    /// Adds a remark: the name of the rule, and what breaks it.
    fn say(&mut self, rule: &str, what: impl std::fmt::Display) {
        let what: String = what.to_string().chars().take(200).collect();
        self.remarks.push(format!("{rule}: {what}"));
    }
}
