//! Titles, summaries and contents: of what type they are, and which of several counts.

use super::{Reader, Role};
use crate::names::Element;
use crate::text::{Markup, Text, looks_like_html};
use crate::{base64, limits};

/// A text that is being collected.
pub(super) struct Capture {
    pub(super) element: Element,
    kind: Kind,
    pub(super) value: String,
    /// Markup was met, so that the value is HTML and further text is escaped.
    pub(super) inline: bool,
    /// Text on its way to being escaped.
    pub(super) buffer: String,
    /// What an attribute says of it: the term of a category, the place of a content.
    pub(super) attribute: Option<String>,
    /// `isPermaLink` of a `guid`.
    pub(super) permalink: bool,
}

/// The type of a text construct.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// Nothing is said, and nobody means markup.
    Bare,
    Text,
    Html,
    Xhtml,
    /// XML of another vocabulary: nothing in it is the feed's.
    Foreign,
    Base64,
    /// A picture or a recording, as Base64.
    Binary,
}

/// What a text is of its entry.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Part {
    Summary,
    Content,
}

impl Capture {
    /// Whether it may hold a whole document.
    pub(super) fn is_block(&self) -> bool {
        matches!(
            self.element,
            Element::Description
                | Element::Summary
                | Element::SecondSummary
                | Element::Caption
                | Element::Content
                | Element::Encoded
                | Element::Body
        )
    }

    pub(super) fn is_foreign(&self) -> bool {
        self.kind == Kind::Foreign
    }

    pub(super) fn is_html(&self) -> bool {
        self.kind == Kind::Html
    }
}

impl Reader<'_, '_> {
    /// Begins to collect a text.
    pub(super) fn open_field(&mut self, element: Element) -> Role {
        let element = match element {
            // A second description is the text, where there is no other.
            Element::Description | Element::Summary if self.is_second_summary() => Element::Content,
            other => other,
        };
        let kind = self.kind(element);
        let attribute = match element {
            Element::Category => self.attribute(&["term", "text", "label"]),
            Element::Content => self.attribute(&["src"]),
            Element::Funding => self.attribute(&["url", "href"]),
            Element::Season => self.attribute(&["name"]),
            _ => None,
        };
        let attribute = attribute.filter(|it| !it.is_empty()).map(str::to_owned);
        let permalink = self
            .attribute(&["ispermalink"])
            .is_none_or(|it| it.eq_ignore_ascii_case("true"));
        let mut value = std::mem::take(&mut self.spare);
        value.clear();
        self.capture = Some(Capture {
            element,
            kind,
            value,
            inline: false,
            buffer: String::new(),
            attribute,
            permalink,
        });
        Role::Field
    }

    fn is_second_summary(&self) -> bool {
        self.item
            .as_ref()
            .is_some_and(|item| item.summary_depth.is_some() && !item.has_content)
    }
    /// The type of a text construct, by what its attributes say and by what is usual.
    fn kind(&self, element: Element) -> Kind {
        let usual = match element {
            Element::Title
            | Element::SecondTitle
            | Element::Summary
            | Element::SecondSummary
            | Element::Caption
            | Element::Content => Kind::Text,
            Element::Description | Element::Encoded => Kind::Html,
            Element::Body => Kind::Xhtml,
            _ => return Kind::Bare,
        };
        if self
            .attribute(&["mode"])
            .is_some_and(|it| it.eq_ignore_ascii_case("base64"))
        {
            return Kind::Base64;
        }
        let Some(written) = self.attribute(&["type"]) else {
            return usual;
        };
        match written.to_ascii_lowercase().as_str() {
            "text" | "plain" => Kind::Text,
            "html" | "text/html" => Kind::Html,
            "xhtml" | "application/xhtml+xml" => Kind::Xhtml,
            other if other.ends_with("+xml") || other.ends_with("/xml") => Kind::Foreign,
            other if other.starts_with("text/") => Kind::Text,
            other if is_binary(other) => Kind::Binary,
            other if other.contains('/') => Kind::Base64,
            _ => usual,
        }
    }

    pub(super) fn finish_construct(&mut self, capture: &mut Capture, depth: usize) {
        if capture.element == Element::Content
            && let Some(place) = capture.attribute.take()
        {
            let address = self.address(&place);
            self.current().elsewhere = address;
        }
        let markup = self.settle(capture);
        let value = trimmed(std::mem::take(&mut capture.value));
        if value.is_empty() {
            return;
        }
        let text = Text { value, markup };
        let base = match self.item {
            Some(_) => self.whole_base(),
            None => None,
        };
        let item = self.item.as_mut().unwrap_or(&mut self.head);
        match capture.element {
            // The first title counts, unless another stands higher up.
            Element::Title | Element::SecondTitle => {
                let counts = match capture.element {
                    Element::Title => item.title_depth.is_none_or(|before| depth < before),
                    _ => item.entry.title.is_none(),
                };
                if !counts {
                    return;
                }
                if capture.element == Element::Title {
                    item.title_depth = Some(depth);
                }
                item.entry.title = Some(text);
            }
            Element::Caption => {
                item.caption.get_or_insert(text);
            }
            _ => {
                let Some(part) = self.part(capture.element, text.value.len(), depth) else {
                    return;
                };
                let entry = &mut self.current().entry;
                match part {
                    Part::Summary => entry.summary = Some(text),
                    Part::Content => entry.content = Some(text),
                }
                if base.is_some() && self.resolvable > limits::ADDRESS {
                    self.resolvable -= base.as_ref().map_or(0, String::len);
                    self.current().entry.base = base;
                }
            }
        }
    }

    /// Which part of the entry a text becomes; `None` where it has a better one.
    fn part(&mut self, element: Element, length: usize, depth: usize) -> Option<Part> {
        let item = self.item.as_mut()?;
        let is_content = matches!(element, Element::Content | Element::Encoded | Element::Body);
        let higher = item.summary_depth.is_none_or(|before| depth <= before);
        if is_content {
            let first = !item.has_content;
            item.has_content = true;
            return first.then_some(Part::Content);
        }
        if element == Element::SecondSummary && item.summary_depth.is_some() {
            // It is the text where it says no less than the summary, until a real one comes.
            let longer = !item.has_content && length >= item.summary_length;
            return longer.then_some(Part::Content);
        }
        if higher {
            item.summary_depth = Some(depth);
            item.summary_length = length;
        }
        higher.then_some(Part::Summary)
    }

    /// A content of several types is complete: its own text counts where none of them has any.
    pub(super) fn finish_multipart(&mut self) {
        let value = trimmed(std::mem::take(&mut self.multipart));
        let Some(item) = self.item.as_mut().filter(|_| !value.is_empty()) else {
            return;
        };
        if !item.has_content {
            item.has_content = true;
            let markup = guess(&value);
            item.entry.content = Some(Text { value, markup });
        }
    }

    /// Makes the value of a text construct what its type says.
    fn settle(&mut self, capture: &mut Capture) -> Markup {
        if capture.inline {
            unwrap_div(&mut capture.value);
            return Markup::Html;
        }
        match capture.kind {
            Kind::Html => Markup::Html,
            Kind::Xhtml => {
                capture.value = crate::text::escape(&capture.value).into_owned();
                Markup::Html
            }
            Kind::Base64 | Kind::Binary => {
                if let Some(decoded) = base64::decode(&capture.value) {
                    // What is no text is a picture or the like (RFC 4287, section 4.1.3.3), and its
                    // letters are no words.
                    capture.value = match String::from_utf8(decoded) {
                        Ok(text) if capture.kind == Kind::Base64 => text,
                        _ => String::new(),
                    };
                    let odd = |c: char| c.is_control() && !matches!(c, '\n' | '\r' | '\t');
                    if capture.value.matches(odd).count() * 8 > capture.value.len() {
                        capture.value.clear();
                    }
                    capture.value.retain(|c| !odd(c) && c != '\r');
                }
                guess(&capture.value)
            }
            Kind::Text | Kind::Bare if self.done.format.is_atom() => Markup::Plain,
            Kind::Text | Kind::Bare | Kind::Foreign => guess(&capture.value),
        }
    }
}

fn is_binary(media_type: &str) -> bool {
    let kind = media_type.split('/').next().unwrap_or_default();
    matches!(kind, "image" | "audio" | "video" | "font" | "model")
}

/// The value without white space around it, copied only where there is some before it.
fn trimmed(mut value: String) -> String {
    value.truncate(value.trim_end().len());
    let start = value.len() - value.trim_start().len();
    if start > 0 {
        value.drain(..start);
    }
    value
}

fn guess(value: &str) -> Markup {
    if looks_like_html(value) {
        Markup::Html
    } else {
        Markup::Plain
    }
}

/// Takes away the `div` that Atom wants around XHTML (RFC 4287, section 3.1.1.3), where it is
/// around all of it.
fn unwrap_div(value: &mut String) {
    let trimmed = value.trim();
    let Some(inner) = trimmed
        .strip_prefix("<div")
        .and_then(|it| it.strip_suffix("</div>"))
    else {
        return;
    };
    let Some(start) = inner.find('>').filter(|_| inner.starts_with(['>', ' '])) else {
        return;
    };
    let inner = &inner[start + 1..];
    // The end tag may be another one's.
    let mut depth = 0_usize;
    for (at, _) in inner.match_indices("div") {
        if inner[..at].ends_with("</") {
            let Some(less) = depth.checked_sub(1) else {
                return;
            };
            depth = less;
        } else if inner[..at].ends_with('<') && inner[at + 3..].starts_with(['>', ' ']) {
            depth += 1;
        }
    }
    *value = inner.to_owned();
}
