//! OPML: a list of sources, as every feed reader writes it, and some badly.
//!
//! Read as far as it goes, in one pass and without recursion: folders become tags, and so does
//! the `category` attribute. Nothing that the document defines is expanded, nothing is fetched.

use std::collections::HashMap;

use super::address;
use super::decode::decode;
use super::entities::{self, Entities};
use super::limits;
use super::repair::{Defect, Log, Repair};
use super::text::shorten;
use super::tokens::{Attributes, Tag, Token, Tokens};

/// What a list holds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct List {
    /// Its sources, each address once.
    pub outlines: Vec<Outline>,
    /// What is in it and cannot be polled, in order.
    pub skipped: Vec<Skipped>,
    /// How often an address stood there again; its tags were added to the first.
    pub repeated: usize,
    /// What had to be mended.
    pub repairs: Vec<Repair>,
}

/// One source of a list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Outline {
    /// Its feed: `http:`, `https:` or `file:`.
    pub url: String,
    /// What the list calls it; none where that is only the feed's own title.
    pub title: Option<String>,
    /// Its page for people.
    pub site: Option<String>,
    /// The folders that it is in, from the outside, then its categories; each once.
    pub tags: Vec<String>,
    /// The kind, as newsdesk writes it.
    pub kind: Option<String>,
    /// How often it is to be visited, as newsdesk writes it.
    pub every: Option<String>,
    /// Whether it was switched off, by newsdesk's own word.
    pub disabled: bool,
}

/// An outline that is no source.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Skipped {
    /// The line where it begins; the first is 1.
    pub line: usize,
    /// What the list calls it.
    pub name: String,
    /// Why.
    pub why: Why,
}

/// Why an outline is no source.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Why {
    /// It has neither an address nor anything in it.
    NoAddress,
    /// Its address is neither of the web nor a file's.
    NotPolled(String),
}

/// Reads a list; `None` where the bytes are none.
pub fn read(bytes: &[u8]) -> Option<List> {
    let mut log = Log::default();
    let bytes = limits::body(bytes, limits::BODY, &mut log);
    let source = decode(bytes, None, &mut log);
    let mut reader = Reader {
        log,
        ..Reader::default()
    };
    reader.read(&source);
    if !reader.is_opml {
        return None;
    }
    let mut list = reader.list;
    list.repairs = reader.log.into_repairs(&source);
    Some(list)
}

/// An outline that is still open.
struct Folder {
    name: String,
    line: usize,
    /// Whether it is a source itself: what is in it is not filed under it.
    is_source: bool,
    is_empty: bool,
}

#[derive(Default)]
struct Reader {
    list: List,
    log: Log,
    /// None of a document that a list defines is written out.
    entities: Entities,
    /// The place of each address in the list.
    places: HashMap<String, usize>,
    folders: Vec<Folder>,
    /// Open outlines beyond the bound.
    deeper: usize,
    /// The line of a byte.
    line: (usize, usize),
    is_opml: bool,
}

impl Reader {
    fn read(&mut self, source: &str) {
        self.line = (0, 1);
        let mut tokens = Tokens::new(source);
        loop {
            let at = tokens.position();
            let Some(token) = tokens.next(&mut self.log) else {
                break;
            };
            match token {
                Token::Start(tag) if tag.name.eq_ignore_ascii_case("outline") => {
                    self.is_opml = true;
                    let line = self.line_of(source, at);
                    self.open(tag, at, line);
                }
                Token::Start(tag) => self.is_opml |= tag.name.eq_ignore_ascii_case("opml"),
                Token::End(name) if name.eq_ignore_ascii_case("outline") => self.close(at),
                _ => {}
            }
        }
        if tokens.cut || !self.folders.is_empty() {
            self.log.note(Defect::Truncated, Some(source.len()));
        }
        while let Some(folder) = self.folders.pop() {
            self.leave(folder);
        }
    }

    /// The line of a byte that is not before the last one asked for.
    fn line_of(&mut self, source: &str, at: usize) -> usize {
        let (from, line) = self.line;
        let passed = source.as_bytes()[from..at]
            .iter()
            .filter(|byte| **byte == b'\n');
        self.line = (at, line + passed.count());
        self.line.1
    }

    fn open(&mut self, tag: Tag<'_>, at: usize, line: usize) {
        if let Some(folder) = self.folders.last_mut() {
            folder.is_empty = false;
        }
        let fields = self.fields(tag, at);
        let name = fields.name();
        let is_source = fields.url.is_some();
        if let Some(written) = &fields.url {
            self.add(written, &fields, &name, line);
        }
        let folder = Folder {
            name,
            line,
            is_source,
            is_empty: true,
        };
        if tag.empty {
            self.leave(folder);
        } else if self.folders.len() < limits::DEPTH {
            self.folders.push(folder);
        } else {
            self.log.note(Defect::TooDeep, Some(at));
            self.deeper += 1;
        }
    }

    fn close(&mut self, at: usize) {
        if self.deeper > 0 {
            self.deeper -= 1;
        } else if let Some(folder) = self.folders.pop() {
            self.leave(folder);
        } else {
            self.log.note(Defect::StrayEndTag, Some(at));
        }
    }

    /// Notes an outline that is nothing.
    fn leave(&mut self, folder: Folder) {
        if folder.is_empty && !folder.is_source {
            self.skip(folder.line, folder.name, Why::NoAddress);
        }
    }

    fn skip(&mut self, line: usize, name: String, why: Why) {
        if self.list.skipped.len() < limits::OUTLINES {
            self.list.skipped.push(Skipped { line, name, why });
        }
    }

    fn add(&mut self, written: &str, fields: &Fields, name: &str, line: usize) {
        let url = written_in_full(written);
        let Some(url) = url.filter(|url| url.len() <= limits::ADDRESS) else {
            let shown = shorten(written, limits::NAME).into_owned();
            self.skip(line, name.to_owned(), Why::NotPolled(shown));
            return;
        };
        let tags = self.tags(&fields.categories);
        match self.places.get(&address::canonical_source(&url)) {
            Some(&place) => {
                self.list.repeated += 1;
                let known = &mut self.list.outlines[place].tags;
                for tag in tags {
                    push_tag(known, tag);
                }
            }
            None if self.list.outlines.len() >= limits::OUTLINES => {
                self.log.note(Defect::TooManyEntries, None);
            }
            None => {
                let form = address::canonical_source(&url);
                self.places.insert(form, self.list.outlines.len());
                let own = fields.titled == "by-feed" || name.is_empty() || name == url;
                self.list.outlines.push(Outline {
                    url,
                    title: (!own).then(|| name.to_owned()),
                    site: fields.site.clone(),
                    tags,
                    kind: fields.kind.clone(),
                    every: fields.every.clone(),
                    disabled: fields.disabled,
                });
            }
        }
    }

    /// The folders around, and the categories.
    fn tags(&self, categories: &str) -> Vec<String> {
        let mut tags = Vec::new();
        for folder in self.folders.iter().filter(|folder| !folder.is_source) {
            push_tag(&mut tags, folder.name.clone());
        }
        // `/Boston/Weather,/Politics`: a path names folders, a word without `/` is a tag.
        for category in categories.split(',') {
            match category.trim().strip_prefix('/') {
                Some(path) => path
                    .split('/')
                    .for_each(|name| push_tag(&mut tags, tidy(name))),
                None => push_tag(&mut tags, tidy(category)),
            }
        }
        tags
    }

    fn fields(&mut self, tag: Tag<'_>, at: usize) -> Fields {
        let mut fields = Fields::default();
        let mut attributes = Attributes::new(tag.attributes);
        let mut other = None;
        for (name, raw) in attributes.by_ref().take(limits::ATTRIBUTES) {
            let mut value = String::with_capacity(raw.len());
            entities::unescape(raw, at, &mut self.entities, &mut self.log, &mut value);
            let value = value.trim();
            if value.is_empty() {
                continue;
            }
            let text = || Some(value.to_owned());
            match name.to_ascii_lowercase().as_str() {
                "xmlurl" => fields.url = text(),
                // Some lists write it so.
                "url" | "feedurl" => other = text(),
                "htmlurl" => fields.site = site(value),
                "title" => fields.title = tidy(value),
                "text" => fields.text = tidy(value),
                "type" => fields.sort = value.to_ascii_lowercase(),
                "category" => value.clone_into(&mut fields.categories),
                "newsdesk:titled" => value.clone_into(&mut fields.titled),
                "newsdesk:kind" => fields.kind = text(),
                "newsdesk:every" => fields.every = text(),
                "newsdesk:enabled" => fields.disabled = value == "false",
                _ => {}
            }
        }
        if attributes.bad {
            self.log.note(Defect::BadAttribute, Some(at));
        }
        if matches!(fields.sort.as_str(), "rss" | "atom" | "rss1" | "feed") {
            fields.url = fields.url.or(other);
        }
        fields
    }
}

/// The attributes of an outline that mean something.
#[derive(Default)]
struct Fields {
    url: Option<String>,
    site: Option<String>,
    title: String,
    text: String,
    sort: String,
    categories: String,
    titled: String,
    kind: Option<String>,
    every: Option<String>,
    disabled: bool,
}

impl Fields {
    fn name(&self) -> String {
        let title = if self.title.is_empty() {
            &self.text
        } else {
            &self.title
        };
        title.clone()
    }
}

/// An address of the web, or of a file that says so itself: a bare path means nothing in a list.
fn written_in_full(written: &str) -> Option<String> {
    let (scheme, _) = written.split_once(':')?;
    let known = ["http", "https", "file", "feed"];
    known
        .iter()
        .any(|known| scheme.eq_ignore_ascii_case(known))
        .then(|| address::source(written))?
}

fn site(written: &str) -> Option<String> {
    let url = url::Url::parse(written).ok()?;
    let is_web = matches!(url.scheme(), "http" | "https") && url.as_str().len() <= limits::ADDRESS;
    is_web.then(|| url.into())
}

/// A name on one line, without anything that a terminal would obey.
fn tidy(name: &str) -> String {
    let plain: String = name
        .chars()
        .map(|c| if c.is_control() { ' ' } else { c })
        .collect();
    let words: Vec<&str> = plain.split_whitespace().collect();
    shorten(&words.join(" "), limits::NAME).into_owned()
}

fn push_tag(tags: &mut Vec<String>, tag: String) {
    if !tag.is_empty() && tags.len() < limits::TAGS && !tags.contains(&tag) {
        tags.push(tag);
    }
}

#[cfg(test)]
mod tests;
