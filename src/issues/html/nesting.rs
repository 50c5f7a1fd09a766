//! How deep raw HTML may nest. What parses HTML takes time that grows with the square of the depth,
//! and a phrase that is left open is opened again in every later paragraph.

/// How many elements may be open at once; browsers stop at 512.
const DEEPEST: usize = 64;

/// How many of them may be phrases.
const PHRASES_OPEN: usize = 16;

/// Phrases that go on in the next paragraph until they are closed.
const PHRASES: [&str; 14] = [
    "a", "b", "big", "code", "em", "font", "i", "nobr", "s", "small", "strike", "strong", "tt", "u",
];

/// Elements that hold nothing, or that end where the next of their kind begins.
const NOT_COUNTED: [&str; 26] = [
    "area", "base", "br", "col", "dd", "dt", "embed", "hr", "img", "input", "li", "link", "meta",
    "option", "p", "param", "rp", "rt", "source", "tbody", "td", "tfoot", "th", "thead", "tr",
    "wbr",
];

/// The raw elements that are open, by number.
#[derive(Debug, Default)]
pub(in crate::issues) struct Nesting {
    elements: usize,
    phrases: usize,
}

impl Nesting {
    /// Whether one more may be opened; if so, it is.
    pub(super) fn open(&mut self, name: &str) -> bool {
        let lower = name.to_ascii_lowercase();
        if NOT_COUNTED.binary_search(&lower.as_str()).is_ok() {
            return true;
        }
        let is_phrase = PHRASES.binary_search(&lower.as_str()).is_ok();
        let fits = self.elements < DEEPEST && (!is_phrase || self.phrases < PHRASES_OPEN);
        if fits {
            self.elements += 1;
            self.phrases += usize::from(is_phrase);
        }
        fits
    }

    /// Closes one.
    pub(super) fn close(&mut self, name: &str) {
        let lower = name.to_ascii_lowercase();
        if NOT_COUNTED.binary_search(&lower.as_str()).is_err() {
            self.elements = self.elements.saturating_sub(1);
            let is_phrase = PHRASES.binary_search(&lower.as_str()).is_ok();
            self.phrases = self.phrases.saturating_sub(usize::from(is_phrase));
        }
    }
}
