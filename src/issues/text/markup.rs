//! Raw HTML in plain text: its tags go, its text, links and images stay.

use std::borrow::Cow;

use super::Writer;
use super::lines::UNBROKEN;
use crate::issues::html::tags::{Kind, Tag, Tokens, decode};

/// Raw elements that stand on lines of their own.
const BLOCKS: [&str; 36] = [
    "address",
    "article",
    "aside",
    "audio",
    "blockquote",
    "caption",
    "center",
    "dd",
    "details",
    "div",
    "dl",
    "dt",
    "figcaption",
    "figure",
    "footer",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "header",
    "main",
    "nav",
    "ol",
    "p",
    "picture",
    "pre",
    "section",
    "summary",
    "table",
    "tbody",
    "thead",
    "tr",
    "ul",
    "video",
];

impl<'e> Writer<'e> {
    /// Writes what raw HTML says.
    pub(super) fn raw(&mut self, raw: &'e str) {
        for token in Tokens::new(raw) {
            let source = &raw[token.range.clone()];
            match token.kind {
                Kind::Text => self.push(&decode(source)),
                Kind::Start(tag) => self.raw_start(&tag),
                Kind::End(name) => self.raw_end(name),
                Kind::Comment | Kind::Declaration | Kind::Broken => {}
            }
        }
    }

    fn raw_end(&mut self, name: &str) {
        if name.eq_ignore_ascii_case("a") {
            if self.links.last().is_some_and(|link| link.raw) {
                self.close_link();
            }
        } else if is_block(name) && self.block() {
            self.lines.gap();
        }
    }

    fn raw_start(&mut self, tag: &Tag<'_>) {
        let name = tag.name.to_ascii_lowercase();
        match name.as_str() {
            "br" => self.line_break(),
            "hr" => self.rule(),
            "img" => self.image(&tag.value("alt").unwrap_or_default()),
            "a" => {
                if let Some(address) = tag.value("href") {
                    self.open_link(Cow::Owned(address.into_owned()), true);
                }
            }
            "li" => {
                self.block();
                self.push(&format!("-{UNBROKEN}"));
            }
            "td" | "th" => self.push(" "),
            name if is_block(name) => {
                self.block();
            }
            _ => {}
        }
    }
}

fn is_block(name: &str) -> bool {
    BLOCKS
        .binary_search_by(|block| {
            block
                .bytes()
                .cmp(name.bytes().map(|byte| byte.to_ascii_lowercase()))
        })
        .is_ok()
}
