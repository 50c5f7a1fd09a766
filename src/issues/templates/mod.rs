//! Templates of the tools that published an issue before: Liquid (Jekyll, Eleventy), shortcodes
//! (Hugo, Zola), attributes of kramdown.
//!
//! [`read`] gives the Markdown that remains once the templates are done, with every byte where it
//! was: code between `highlight` tags becomes a code block, a figure an image, what is hidden goes.
//! What only its own tool can fill in goes too, and is told as a problem: nobody wants to read
//! `{% include sponsor.html %}`. `{{ name }}` stays, since mailing services fill it in.

mod figure;
mod tag;
#[cfg(test)]
mod tests;

use std::borrow::Cow;
use std::ops::Range;
use std::path::Path;

use crate::model::{Problem, Severity};

use tag::{Form, Tag};

/// More problems with templates than these are not told of one issue.
const MOST_PROBLEMS: usize = 100;

/// An issue's text without its templates.
#[derive(Clone, Debug, PartialEq)]
pub struct Plain<'f> {
    /// The file, as long as it was; what went is blank.
    pub text: Cow<'f, str>,
    /// Templates that nobody can fill in here: their places and what they say.
    pub unknown: Vec<(Range<usize>, String)>,
}

impl Plain<'_> {
    /// A warning for each template that is left out.
    pub fn problems(&self, path: &Path) -> Vec<Problem> {
        let unknown = self.unknown.iter().take(MOST_PROBLEMS);
        unknown
            .map(|(span, said)| Problem {
                severity: Severity::Warning,
                code: "template".into(),
                path: path.to_owned(),
                span: span.clone(),
                message: format!("`{said}` is left out: it is for another tool to fill in"),
                hint: Some("write in its place what readers should see".to_owned()),
            })
            .collect()
    }
}

/// Reads the Markdown in `file[body]` without its templates.
///
/// # Panics
///
/// Never: whole tags, which begin and end with ASCII, are replaced by ASCII.
pub fn read(file: &str, body: Range<usize>) -> Plain<'_> {
    let mut reading = Reading {
        file,
        text: None,
        unknown: Vec::new(),
        hidden: None,
        code: None,
    };
    if file[body.clone()].contains(['{', '}']) {
        for tag in tag::find(file, body) {
            reading.take(&tag);
        }
    }
    Plain {
        text: reading.text.map_or(Cow::Borrowed(file), |text| {
            Cow::Owned(String::from_utf8(text).expect("whole tags are replaced by ASCII"))
        }),
        unknown: reading.unknown,
    }
}

/// One walk over the tags of a file.
struct Reading<'f> {
    file: &'f str,
    /// The text as far as it differs from the file.
    text: Option<Vec<u8>>,
    unknown: Vec<(Range<usize>, String)>,
    /// Where hidden text began, and the tag that ends it.
    hidden: Option<(usize, &'static str)>,
    /// The tag that ends the code that is open.
    code: Option<&'static str>,
}

impl<'f> Reading<'f> {
    fn take(&mut self, tag: &Tag<'f>) {
        if let Some((from, end)) = self.hidden {
            if tag.name == end {
                self.blank(from..tag.place.end);
                self.hidden = None;
            }
            return;
        }
        if let Some(end) = self.code {
            if tag.name == end {
                self.fence(tag, "");
                self.code = None;
            }
            return;
        }
        match (tag.form, tag.name) {
            (Form::Attributes, _) | (Form::Liquid, "raw" | "endraw" | "assign") => {
                self.remove(tag);
            }
            (Form::Liquid, "comment") => self.hidden = Some((tag.place.start, "endcomment")),
            (Form::Liquid, "capture") => self.hidden = Some((tag.place.start, "endcapture")),
            (Form::Liquid, "highlight") if self.stands_alone(tag) => {
                self.fence(tag, tag.first_word());
                self.code = Some("endhighlight");
            }
            (Form::Shortcode, "highlight") if self.stands_alone(tag) => {
                self.fence(tag, tag.first_word());
                self.code = Some("/highlight");
            }
            (Form::Address, _) => self.shorten(tag),
            _ => self.fill(tag),
        }
    }

    /// Puts a picture in the place of a tag that shows one; leaves out any other, and tells.
    fn fill(&mut self, tag: &Tag<'f>) {
        if let Some(image) = figure::image(tag) {
            self.put(tag.place.clone(), &image);
            return;
        }
        self.remove(tag);
        // The end of a pair is no second thing to mend.
        if !tag.is_end() {
            let said = self.file[tag.place.clone()].split_whitespace();
            let said: Vec<&str> = said.collect();
            let said: String = said.join(" ").chars().take(80).collect();
            self.unknown.push((tag.place.clone(), said));
        }
    }

    /// An address that begins with the site's own: it goes, and the rest moves to its place.
    fn shorten(&mut self, tag: &Tag<'f>) {
        let rest = self.file[tag.place.clone()].to_owned();
        let kept = format!("{}{}", tag.arguments, &rest[rest.len() - tag.after..]);
        self.put(tag.place.clone(), &kept);
    }

    fn remove(&mut self, tag: &Tag<'f>) {
        let before = self.file[..tag.place.start].chars().next_back();
        let after = self.file[tag.place.end..].chars().next();
        let space = |c: Option<char>| c.is_none_or(char::is_whitespace);
        // A gap before a full stop would show; a comment does not.
        if !space(before) && !space(after) && tag.place.len() >= "<!---->".len() {
            let comment = format!("<!--{}-->", " ".repeat(tag.place.len() - "<!---->".len()));
            self.put(tag.place.clone(), &comment);
        } else {
            self.blank(tag.place.clone());
        }
    }

    /// The first or last line of a code block in the place of the tag.
    fn fence(&mut self, tag: &Tag<'f>, language: &str) {
        self.put(tag.place.clone(), &format!("~~~~{language}"));
    }

    /// Whether nothing else is on the tag's line.
    fn stands_alone(&self, tag: &Tag<'_>) -> bool {
        let line_start = self.file[..tag.place.start]
            .rfind('\n')
            .map_or(0, |at| at + 1);
        let rest = self.file[tag.place.end..].lines().next().unwrap_or("");
        self.file[line_start..tag.place.start].trim().is_empty() && rest.trim().is_empty()
    }

    fn blank(&mut self, place: Range<usize>) {
        self.put(place, "");
    }

    /// Writes into the place, and makes the rest of it blank; line ends stay.
    fn put(&mut self, place: Range<usize>, with: &str) {
        let file = self.file;
        let text = self.text.get_or_insert_with(|| file.as_bytes().to_vec());
        let mut with = with.bytes();
        for byte in &mut text[place] {
            match with.next() {
                Some(own) => *byte = own,
                None if *byte == b'\n' || *byte == b'\r' => {}
                None => *byte = b' ',
            }
        }
    }
}
