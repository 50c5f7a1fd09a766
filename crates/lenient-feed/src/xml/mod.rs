//! Any dialect of RSS, RDF, Atom or CDF, however broken, made into entries.
//!
//! One pass over the tokens. Elements are known by what they mean and not by where they stand, so
//! that a wrong root, a channel that closes too early or Atom's elements in RSS cost nothing.
//! Nothing here recurses.

mod constructs;
mod fields;
mod inline;
mod item;
mod scope;
mod values;

use std::borrow::Cow;

use url::Url;

use self::constructs::Capture;
use self::item::Item;
use self::values::PersonDraft;
use super::entities::{Entities, unescape};
use super::names::{self, Element, Namespace};
use super::repair::{Defect, Log};
use super::tokens::{Tag, Token, Tokens};
use super::{Error, Feed, Format, limits};

/// Reads a document.
///
/// # Errors
///
/// When it is no feed.
pub(super) fn read(source: &str, url: Option<&Url>, log: &mut Log) -> Result<Feed, Error> {
    let mut reader = Reader::new(url, log);
    let mut tokens = Tokens::new(source);
    let mut at = 0;
    while let Some(token) = tokens.next(reader.log) {
        match token {
            Token::Start(tag) => reader.start(tag, at),
            Token::End(name) => reader.end(name, at),
            Token::Text(text) => reader.text(text, at, Resolve::Yes),
            Token::Plain(text) => reader.text(text, at, Resolve::No),
            Token::Doctype(text) => reader.doctype(text),
        }
        at = tokens.position();
        if reader.full {
            break;
        }
    }
    reader.finish(tokens.cut, source)
}

/// Whether references stand in a text.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Resolve {
    Yes,
    No,
}

/// What an open element is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Role {
    /// Nothing of its own: what is in it counts as if it were not there.
    Transparent,
    /// The feed itself.
    Feed,
    /// An entry.
    Item,
    /// Its titles and links are its own.
    Apart,
    /// An author.
    Person,
    /// A text is being collected.
    Field,
    /// Markup within a text.
    Inline,
}

struct Frame<'a> {
    name: &'a str,
    role: Role,
    bindings: usize,
    bases: usize,
}

struct Reader<'a, 'l> {
    log: &'l mut Log,
    entities: Entities,
    frames: Vec<Frame<'a>>,
    bindings: Vec<(&'a str, Namespace)>,
    bases: Vec<Url>,
    /// How many of them do not come from the document.
    outer_bases: usize,
    /// Bytes that may still be spent on making addresses absolute.
    resolvable: usize,
    attributes: Vec<(&'a str, Cow<'a, str>)>,
    capture: Option<Capture>,
    /// The buffer of the last text, for the next one.
    spare: String,
    person: Option<PersonDraft>,
    apart: usize,
    item: Option<Item>,
    head: Item,
    done: Feed,
    versioned: bool,
    is_feed: bool,
    /// The first element, where it is no feed's.
    odd_root: Option<(&'a str, usize)>,
    full: bool,
}

impl<'a, 'l> Reader<'a, 'l> {
    fn new(url: Option<&Url>, log: &'l mut Log) -> Self {
        Self {
            log,
            entities: Entities::default(),
            frames: Vec::with_capacity(16),
            bindings: Vec::with_capacity(16),
            bases: url
                .filter(|url| !url.cannot_be_a_base())
                .cloned()
                .into_iter()
                .collect(),
            outer_bases: usize::from(url.is_some_and(|url| !url.cannot_be_a_base())),
            resolvable: limits::RESOLVED,
            attributes: Vec::new(),
            capture: None,
            spare: String::new(),
            person: None,
            apart: 0,
            item: None,
            head: Item::default(),
            done: Feed::default(),
            versioned: false,
            is_feed: false,
            odd_root: None,
            full: false,
        }
    }

    fn doctype(&mut self, text: &str) {
        self.entities.define(text);
        if text.to_ascii_lowercase().contains("netscape") {
            self.set_format(Format::Rss091Netscape);
        }
    }

    /// The first to name a version is right.
    fn set_format(&mut self, format: Format) {
        if !self.versioned {
            self.versioned = true;
            self.done.format = format;
        }
    }

    fn start(&mut self, tag: Tag<'a>, at: usize) {
        let (mut element, mut undeclared) = self.element(tag.name);
        if let Some(capture) = &self.capture {
            // HTML's `link` has attributes, a feed's has its address as text.
            let link = element == Element::Link && !tag.empty && tag.attributes.trim().is_empty();
            let ends = link || element.ends_text(capture.is_block());
            if !ends || capture.is_foreign() {
                self.open_inline(tag, at);
                return;
            }
            self.log.note(Defect::UnclosedTag, Some(at));
            self.drop_end_without_bracket();
            self.close_to(self.capture_frame());
        }
        self.read_attributes(tag.attributes, at);
        let (bindings, bases) = (self.bindings.len(), self.bases.len());
        self.declare();
        if self.bindings.len() > bindings {
            (element, undeclared) = self.element(tag.name);
        }
        if undeclared {
            self.log.note_with(Defect::UndeclaredPrefix, Some(at), || {
                let prefix = tag.name.split(':').next()?;
                Some(format!("`{}`", super::text::shorten(prefix, 40)))
            });
        }
        if element == Element::Item {
            self.close_open_item(at);
        }
        if self.frames.is_empty() && self.odd_root.is_none() && !self.is_feed && !element.is_root()
        {
            self.odd_root = Some((tag.name, at));
        }
        self.push_base();
        let role = self.open(element, at);
        self.frames.push(Frame {
            name: tag.name,
            role,
            bindings,
            bases,
        });
        if tag.empty || self.frames.len() > limits::DEPTH {
            if !tag.empty {
                self.log.note(Defect::TooDeep, Some(at));
            }
            self.close_to(self.frames.len() - 1);
        }
    }

    fn end(&mut self, name: &str, at: usize) {
        let found = self
            .frames
            .iter()
            .rposition(|frame| frame.name == name || frame.name.eq_ignore_ascii_case(name));
        let Some(index) = found else {
            if !names::is_void(name) {
                self.log.note(Defect::StrayEndTag, Some(at));
            }
            return;
        };
        if index + 1 < self.frames.len() {
            self.log.note(Defect::UnclosedTag, Some(at));
        }
        self.close_to(index);
    }

    /// Notes a first element that is no feed's: it is the root where it is still open, or where
    /// none follows; else it is junk.
    fn note_root(&mut self, root_follows: bool) {
        if let Some((name, at)) = self.odd_root.take() {
            let open = self.frames.iter().any(|frame| frame.name == name);
            if open || !root_follows {
                self.log.note_with(Defect::WrongRoot, Some(at), || {
                    Some(format!("`{}`", super::text::shorten(name, 40)))
                });
            } else {
                self.log.note(Defect::LeadingJunk, Some(at));
            }
        }
    }

    /// `One/title>`: the text ends with its end tag, which lacks its `<`.
    fn drop_end_without_bracket(&mut self) {
        let name = self.frames.get(self.capture_frame()).map(|it| it.name);
        if let (Some(capture), Some(name)) = (&mut self.capture, name)
            && let Some(rest) = capture.value.trim_end().strip_suffix('>')
            && let Some(rest) = rest.strip_suffix(name)
            && let Some(rest) = rest.strip_suffix('/')
        {
            capture.value.truncate(rest.len());
        }
    }

    /// The frame of the text that is being collected.
    fn capture_frame(&self) -> usize {
        self.frames
            .iter()
            .rposition(|frame| frame.role == Role::Field)
            .unwrap_or(self.frames.len())
    }

    /// Closes the elements from `index` on, the innermost first.
    fn close_to(&mut self, index: usize) {
        while self.frames.len() > index {
            let Some(frame) = self.frames.pop() else {
                return;
            };
            match frame.role {
                Role::Inline => self.close_inline(frame.name),
                Role::Field => self.finish_field(self.frames.len() + 1),
                Role::Person => self.finish_person(),
                Role::Item => self.finish_item(),
                Role::Apart => self.apart -= 1,
                Role::Feed | Role::Transparent => {}
            }
            self.bindings.truncate(frame.bindings);
            self.bases.truncate(frame.bases);
        }
    }

    /// An item begins: one that is still open, or something like an image that should have been
    /// closed, ends here.
    fn close_open_item(&mut self, at: usize) {
        let open = self
            .frames
            .iter()
            .position(|frame| matches!(frame.role, Role::Item | Role::Apart | Role::Person));
        if let Some(index) = open {
            self.log.note(Defect::UnclosedTag, Some(at));
            self.close_to(index);
        }
        let rdf = matches!(self.done.format, Format::Rss10 | Format::Rss090);
        let inside = self.frames.iter().any(|frame| frame.role == Role::Feed);
        if !inside && !rdf && !self.frames.is_empty() {
            self.log.note(Defect::StrayItem, Some(at));
        }
    }

    fn text(&mut self, text: &'a str, at: usize, resolve: Resolve) {
        if let Some(capture) = &mut self.capture {
            let markup = capture.inline;
            let into = if markup {
                &mut capture.buffer
            } else {
                &mut capture.value
            };
            match resolve {
                Resolve::Yes => unescape(text, at, &mut self.entities, self.log, into),
                Resolve::No => into.push_str(text),
            }
            if markup {
                super::text::escape_into(&capture.buffer, &mut capture.value);
                capture.buffer.clear();
            }
        } else if let Some(person) = &mut self.person {
            let own = self.frames.last().is_some_and(|it| it.role == Role::Person);
            let into = if own {
                &mut person.text
            } else {
                &mut person.inner
            };
            match resolve {
                Resolve::Yes => unescape(text, at, &mut self.entities, self.log, into),
                Resolve::No => into.push_str(text),
            }
        } else if self.frames.is_empty() && at == 0 && !text.trim().is_empty() {
            self.log.note(Defect::LeadingJunk, Some(0));
        }
    }

    fn finish(mut self, cut: bool, source: &str) -> Result<Feed, Error> {
        let incomplete = cut || self.capture.is_some();
        if !self.full && (incomplete || !self.frames.is_empty()) {
            self.log.note(Defect::Truncated, Some(source.len()));
        }
        if incomplete && !self.full && !self.done.entries.is_empty() && self.item.take().is_some() {
            // What was cut may be its id: half an entry would come again under another one.
            self.capture = None;
            self.person = None;
            self.frames.clear();
        }
        self.close_to(0);
        if !self.is_feed && self.done.entries.is_empty() {
            let start = source.get(..4096).unwrap_or(source).to_ascii_lowercase();
            let page = start.contains("<html") || start.contains("<!doctype html");
            return Err(if page {
                Error::WebPage
            } else {
                Error::NotAFeed
            });
        }
        self.note_root(false);
        self.finish_head();
        Ok(self.done)
    }
}

#[cfg(test)]
mod tests;
