//! Writing the one dialect that feed-rs is fed: Atom 1.0, one namespace, nothing nested deeper
//! than a person's name.

use crate::model::Person;
use crate::sources::text::{Markup, escape_into};

/// Stands before every address, so that feed-rs takes it for a relative one without a base and
/// keeps it as it is; otherwise it would write `http://example.org` another way.
pub(in crate::sources) const VERBATIM: char = '=';

/// An Atom document that is being written.
pub(super) struct Writer(String);

impl Writer {
    pub(super) fn new(capacity: usize) -> Self {
        let mut xml = String::with_capacity(capacity);
        // An id of its own keeps feed-rs from making one up.
        xml.push_str("<feed xmlns=\"http://www.w3.org/2005/Atom\"><id>feed</id>");
        Self(xml)
    }

    pub(super) fn finish(mut self) -> String {
        self.0.push_str("</feed>");
        self.0
    }

    pub(super) fn position(&self) -> usize {
        self.0.len()
    }

    /// What was written since a position.
    pub(super) fn since(&self, position: usize) -> &str {
        &self.0[position..]
    }

    /// Takes back what was written since a position.
    pub(super) fn truncate(&mut self, position: usize) {
        self.0.truncate(position);
    }

    pub(super) fn raw(&mut self, xml: &str) {
        self.0.push_str(xml);
    }

    /// An element with text in it.
    pub(super) fn text(&mut self, name: &str, text: &str) {
        self.open(name, "");
        self.characters(text);
        self.close(name);
    }

    /// A text construct (RFC 4287, section 3.1).
    pub(super) fn construct(&mut self, name: &str, text: &str, markup: Markup) {
        let html = match markup {
            Markup::Plain => "",
            Markup::Html => " type=\"html\"",
        };
        self.open(name, html);
        self.characters(text);
        self.close(name);
    }

    /// A link with attributes, of which those without a value are left out.
    pub(super) fn link(&mut self, rel: &str, href: &str, more: [(&str, Option<&str>); 2]) {
        self.0.push_str("<link rel=\"");
        self.0.push_str(rel);
        self.0.push_str("\" href=\"");
        self.0.push(VERBATIM);
        escape_into(href, &mut self.0);
        for (name, value) in more {
            if let Some(value) = value {
                self.0.push_str("\" ");
                self.0.push_str(name);
                self.0.push_str("=\"");
                escape_into(value, &mut self.0);
            }
        }
        self.0.push_str("\"/>");
    }

    pub(super) fn category(&mut self, term: &str) {
        self.0.push_str("<category term=\"");
        escape_into(term, &mut self.0);
        self.0.push_str("\"/>");
    }

    pub(super) fn author(&mut self, person: &Person) {
        self.raw("<author>");
        self.text("name", &person.name);
        if let Some(url) = &person.url {
            self.text("uri", url);
        }
        if let Some(email) = &person.email {
            self.text("email", email);
        }
        self.raw("</author>");
    }

    fn open(&mut self, name: &str, attributes: &str) {
        self.0.push('<');
        self.0.push_str(name);
        self.0.push_str(attributes);
        self.0.push('>');
    }

    fn close(&mut self, name: &str) {
        self.0.push_str("</");
        self.0.push_str(name);
        self.0.push('>');
    }

    /// Text as a CDATA section where it holds markup: one event for the reader instead of one for
    /// each reference.
    fn characters(&mut self, text: &str) {
        if !text.contains(['<', '&', '>']) {
            self.0.push_str(text);
            return;
        }
        self.0.push_str("<![CDATA[");
        let mut rest = text;
        while let Some(at) = rest.find("]]>") {
            self.0.push_str(&rest[..at + 2]);
            self.0.push_str("]]><![CDATA[");
            rest = &rest[at + 2..];
        }
        self.0.push_str(rest);
        self.0.push_str("]]>");
    }
}
