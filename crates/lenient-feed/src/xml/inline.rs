//! Markup within a text: XHTML in Atom, and HTML that somebody forgot to escape.

use super::{Frame, Hid, Reader, Role};
use crate::limits;
use crate::names::{self, Holds};
use crate::repair::Defect;
use crate::text::escape_into;
use crate::tokens::Tag;

impl<'a> Reader<'a, '_> {
    /// Writes a start tag into the text that is being collected.
    pub(super) fn open_inline(&mut self, tag: Tag<'a>, at: usize) {
        if self.frames.len() >= limits::DEPTH {
            self.log.note(Defect::TooDeep, Some(at));
            return;
        }
        self.read_attributes(tag.attributes, at);
        let Some(capture) = &mut self.capture else {
            return;
        };
        if !capture.inline {
            capture.inline = true;
            if !capture.is_html() {
                let plain = std::mem::take(&mut capture.value);
                escape_into(&plain, &mut capture.value);
            }
        }
        let name = local(tag.name);
        capture.value.push('<');
        capture.value.push_str(name);
        for (attribute, value) in &self.attributes {
            if attribute.starts_with("xmlns") {
                continue;
            }
            capture.value.push(' ');
            capture.value.push_str(attribute);
            capture.value.push_str("=\"");
            escape_into(value, &mut capture.value);
            capture.value.push('"');
        }
        capture.value.push('>');
        if names::is_void(name) {
            return;
        }
        if tag.empty {
            self.close_inline(tag.name);
            return;
        }
        self.frames.push(Frame {
            name: tag.name,
            at,
            holds: Holds::Anything,
            hid: Hid::Nothing,
            role: Role::Inline,
            bindings: self.bindings.len(),
            bases: self.bases.len(),
        });
    }

    /// Writes an end tag into the text that is being collected.
    pub(super) fn close_inline(&mut self, name: &str) {
        if let Some(capture) = &mut self.capture {
            capture.value.push_str("</");
            capture.value.push_str(local(name));
            capture.value.push('>');
        }
    }
}

/// The name without its prefix: HTML has none.
fn local(name: &str) -> &str {
    name.rsplit(':').next().unwrap_or(name)
}
