//! Any dialect of RSS, RDF, Atom or CDF, however broken, made into entries.
//!
//! One pass over the tokens. Elements are known by what they mean, so that a wrong root, a channel
//! that closes too early or Atom's elements in RSS cost nothing; but an element within another counts
//! for that one alone (`path`), so that the link of a related story is not the entry's. Where the
//! other one turns out to be a tag that lacks its end, the document is read once more with what
//! stands in it. Nothing here recurses.

mod constructs;
mod fields;
mod inline;
mod item;
mod path;
mod recordings;
mod scope;
mod values;

use std::borrow::Cow;
use std::collections::HashSet;

use url::Url;

use self::constructs::Capture;
use self::item::Item;
use self::scope::Meaning;
use self::values::{LinkDraft, PersonDraft};
use super::entities::{Entities, unescape};
use super::names::{self, Element, Holds, Namespace};
use super::newest::Newest;
use super::repair::{Defect, Log};
use super::tokens::{Tag, Token, Tokens};
use super::{Contributor, Error, Feed, Format, Media, limits};

/// Reads a document.
///
/// # Errors
///
/// When it is no feed.
pub(super) fn read(source: &str, url: Option<&Url>, log: &mut Log) -> Result<Feed, Error> {
    // At most thrice: the last time everything counts wherever it stands.
    const READINGS: usize = 3;
    let before = log.clone();
    let mut loose = Loose::default();
    for reading in 1..=READINGS {
        loose.all |= reading == READINGS;
        log.clone_from(&before);
        let mut reader = Reader::new(url, log, loose);
        reader.pass(source);
        loose = match reader.outcome(source)? {
            Outcome::Read(feed) => return Ok(*feed),
            Outcome::Again(loose) => loose,
        };
    }
    Err(Error::NotAFeed)
}

/// What is known of a document after it was read.
enum Outcome {
    Read(Box<Feed>),
    /// It has to be read again with these elements loose.
    Again(Loose),
}

/// Elements that hide nothing of what is in them.
#[derive(Default)]
struct Loose {
    /// The bytes where those begin that lack their end tags.
    tags: HashSet<usize>,
    /// An entry ends where the next begins.
    items: bool,
    /// Nothing hides anything.
    all: bool,
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
    /// A link whose address may be its text.
    Link,
    /// A content in several types.
    Multipart,
    /// An author.
    Person,
    /// A text is being collected.
    Field,
    /// Markup within a text.
    Inline,
}

struct Frame<'a> {
    name: &'a str,
    /// The byte of its start tag.
    at: usize,
    role: Role,
    /// What counts of that which is in it.
    holds: Holds,
    /// Something in it did not count.
    hid: Hid,
    bindings: usize,
    bases: usize,
}

/// What did not count because of where it stood.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Hid {
    Nothing,
    Fields,
    Items,
}

#[expect(
    clippy::struct_excessive_bools,
    reason = "each is what a document said of itself so far"
)]
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
    link: Option<LinkDraft>,
    /// Text that stands in a content of several types beside them.
    multipart: String,
    /// A recording in another form, while the element is open.
    alternate: Media,
    /// Somebody whose name is being collected.
    contributor: Contributor,
    loose: Loose,
    /// What turns out to have to be loose.
    found: Loose,
    /// Whether the document has to be read again.
    again: bool,
    /// Whether entries did not count where they stood.
    hid_items: bool,
    /// Whether its end was reached.
    ended: bool,
    item: Option<Item>,
    head: Item,
    newest: Newest,
    done: Feed,
    versioned: bool,
    is_feed: bool,
    /// The first element, where it is no feed's.
    odd_root: Option<(&'a str, usize)>,
    /// The document ended within a tag, a comment or a section.
    cut: bool,
}

impl<'a, 'l> Reader<'a, 'l> {
    fn new(url: Option<&Url>, log: &'l mut Log, loose: Loose) -> Self {
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
            link: None,
            multipart: String::new(),
            alternate: Media::default(),
            contributor: Contributor::default(),
            loose,
            found: Loose::default(),
            again: false,
            hid_items: false,
            ended: false,
            item: None,
            head: Item::default(),
            newest: Newest::default(),
            done: Feed::default(),
            versioned: false,
            is_feed: false,
            odd_root: None,
            cut: false,
        }
    }

    /// Reads the tokens of a document.
    fn pass(&mut self, source: &'a str) {
        let mut tokens = Tokens::new(source);
        let mut at = 0;
        while let Some(token) = tokens.next(self.log) {
            match token {
                Token::Start(tag) => self.start(tag, at),
                Token::End(name) => self.end(name, at),
                Token::Text(text) => self.text(text, at, Resolve::Yes),
                Token::Plain(text) => self.text(text, at, Resolve::No),
                Token::Doctype(text) => self.doctype(text),
            }
            at = tokens.position();
        }
        self.cut = tokens.cut;
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
        if self.capture.is_some() && !self.ends_text(tag, at) {
            self.open_inline(tag, at);
            return;
        }
        self.read_attributes(tag.attributes, at);
        let (bindings, bases) = (self.bindings.len(), self.bases.len());
        let meaning = self.declared(tag, at);
        let element = meaning.element;
        let counts = self.counts(meaning);
        if matches!(element, Element::Item | Element::Live) && counts {
            self.close_open_item(at);
        }
        if self.frames.is_empty() && self.odd_root.is_none() && !self.is_feed && !element.is_root()
        {
            self.odd_root = Some((tag.name, at));
        }
        self.push_base();
        let inherited = self.frames.last().map_or(Holds::Anything, |it| it.holds);
        let (role, holds) = if counts {
            let inside = self.is_inside();
            let role = self.open(meaning);
            (role, path::holds(meaning, role, inherited, inside))
        } else {
            self.hide(element);
            (Role::Transparent, Holds::Nothing)
        };
        let loose = self.loose.all || self.loose.tags.contains(&at);
        self.frames.push(Frame {
            name: tag.name,
            at,
            role,
            holds: if loose && counts {
                Holds::Anything
            } else {
                holds
            },
            hid: Hid::Nothing,
            bindings,
            bases,
        });
        if tag.empty || self.frames.len() > limits::DEPTH {
            if !tag.empty {
                self.log.note(Defect::TooDeep, Some(at));
            }
            self.close_last();
        }
    }

    /// Whether a text that is being collected ends where a tag begins, since its own end tag is
    /// missing.
    fn ends_text(&mut self, tag: Tag<'a>, at: usize) -> bool {
        let element = self.element(tag.name).element;
        let Some(capture) = &self.capture else {
            return false;
        };
        // HTML's `link` has attributes, a feed's has its address as text.
        let link = element == Element::Link && !tag.empty && tag.attributes.trim().is_empty();
        let ends = link || element.ends_text(capture.is_block());
        if !ends || capture.is_foreign() {
            return false;
        }
        self.log.note(Defect::UnclosedTag, Some(at));
        self.drop_end_without_bracket();
        self.close_to(self.capture_frame());
        true
    }

    /// What a tag means with the namespaces that it declares itself.
    fn declared(&mut self, tag: Tag<'a>, at: usize) -> Meaning {
        let default = self.declare();
        let mut meaning = self.element(tag.name);
        let foreign = default == Some(Namespace::Other) && !meaning.prefixed;
        if foreign && self.is_inside() && !meaning.element.is_root() {
            // `<title xmlns="urn:x">` in an entry is of that vocabulary, whatever its name.
            meaning.element = Element::Unknown;
            meaning.namespace = Namespace::Other;
        }
        if meaning.undeclared {
            self.log.note_with(Defect::UndeclaredPrefix, Some(at), || {
                let prefix = tag.name.split(':').next()?;
                Some(format!("`{}`", super::text::shorten(prefix, 40)))
            });
        }
        meaning
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
        self.close_to(index + 1);
        self.close_last();
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

    /// Closes the elements from `index` on, which lack their end tags, the innermost first.
    fn close_to(&mut self, index: usize) {
        while self.frames.len() > index {
            self.note_unclosed();
            self.close_last();
        }
    }

    /// Closes the innermost element.
    fn close_last(&mut self) {
        let Some(frame) = self.frames.pop() else {
            return;
        };
        match frame.role {
            Role::Inline => self.close_inline(frame.name),
            Role::Field => self.finish_field(self.frames.len() + 1),
            Role::Person => self.finish_person(),
            Role::Item => self.finish_item(),
            Role::Link => self.finish_link(),
            Role::Multipart => self.finish_multipart(),
            Role::Feed | Role::Transparent | Role::Apart => {}
        }
        self.bindings.truncate(frame.bindings);
        self.bases.truncate(frame.bases);
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
        } else if let Some(mut into) = self.take_beside() {
            match resolve {
                Resolve::Yes => unescape(text, at, &mut self.entities, self.log, &mut into),
                Resolve::No => into.push_str(text),
            }
            self.put_beside(into);
        } else if self.frames.is_empty() && at == 0 && !text.trim().is_empty() {
            self.log.note(Defect::LeadingJunk, Some(0));
        }
    }

    /// The feed, once all its tokens were read.
    fn outcome(mut self, source: &str) -> Result<Outcome, Error> {
        let incomplete = self.cut || self.capture.is_some();
        if incomplete || !self.frames.is_empty() {
            self.log.note(Defect::Truncated, Some(source.len()));
        }
        if incomplete && !self.newest.is_empty() && self.item.take().is_some() {
            // What was cut may be its id: half an entry would come again under another one.
            self.capture = None;
            self.person = None;
            self.link = None;
            self.frames.clear();
        }
        self.ended = true;
        self.close_to(0);
        if !self.loose.all && self.must_read_again() {
            self.found.tags.extend(self.loose.tags);
            self.found.items |= self.loose.items;
            return Ok(Outcome::Again(self.found));
        }
        if !self.is_feed && self.newest.is_empty() {
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
        self.done.entries = self.newest.finish(self.log);
        Ok(Outcome::Read(Box::new(self.done)))
    }
}

#[cfg(test)]
mod tests;
