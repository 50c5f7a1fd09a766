//! Words of a text: lower case, without punctuation, brought to their stems.

use std::collections::HashMap;

use rust_stemmers::{Algorithm, Stemmer};
use xxhash_rust::xxh3::xxh3_64;

/// The words of one text, all in one buffer.
#[derive(Debug, Default)]
pub(super) struct Words {
    text: String,
    ends: Vec<usize>,
}

impl Words {
    /// Reads the words of `text`. A word keeps what stands inside it (`state-of-the-art` is four
    /// words, `c++` and `node.js` are one each).
    pub(super) fn read(&mut self, text: &str) {
        self.text.clear();
        self.ends.clear();
        let mut characters = text.chars().peekable();
        let mut open = false;
        while let Some(character) = characters.next() {
            let inside = character.is_alphanumeric()
                || (open
                    && (matches!(character, '+' | '#')
                        || (matches!(character, '.' | '\'' | '’')
                            && characters.peek().is_some_and(|next| next.is_alphanumeric()))));
            if inside {
                if character.is_ascii() {
                    self.text.push(character.to_ascii_lowercase());
                } else if character != '’' {
                    self.text.extend(character.to_lowercase());
                }
                open = true;
            } else if open {
                self.ends.push(self.text.len());
                open = false;
            }
        }
        if open {
            self.ends.push(self.text.len());
        }
    }

    /// How many there are.
    pub(super) fn len(&self) -> usize {
        self.ends.len()
    }

    /// The words in their order.
    pub(super) fn iter(&self) -> impl Iterator<Item = &str> {
        let starts = std::iter::once(0).chain(self.ends.iter().copied());
        starts
            .zip(&self.ends)
            .map(|(start, end)| &self.text[start..*end])
    }
}

/// The stems of words, each computed once.
pub(super) struct Stems {
    stemmer: Stemmer,
    known: HashMap<u64, u64>,
}

impl Default for Stems {
    fn default() -> Self {
        Self {
            stemmer: Stemmer::create(Algorithm::English),
            known: HashMap::new(),
        }
    }
}

impl std::fmt::Debug for Stems {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "Stems({})", self.known.len())
    }
}

impl Stems {
    /// A number for the stem of a word: equal for `diffusion` and `diffusions`.
    pub(super) fn of(&mut self, word: &str) -> u64 {
        let own = xxh3_64(word.as_bytes());
        if let Some(stem) = self.known.get(&own) {
            return *stem;
        }
        let stem = xxh3_64(self.stemmer.stem(word).as_bytes());
        self.known.insert(own, stem);
        stem
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: &[&str]) {
        let mut words = Words::default();
        words.read(text);
        assert_eq!(words.iter().collect::<Vec<_>>(), expected);
    }

    #[test]
    fn reads_words() {
        check("", &[]);
        check("Hello, World!", &["hello", "world"]);
        check(
            "State-of-the-art C++ in Node.js.",
            &["state", "of", "the", "art", "c++", "in", "node.js"],
        );
        check("L’été d'Élodie", &["lété", "d'élodie"]);
        check("GPT-4: 3.5x", &["gpt", "4", "3.5x"]);
    }

    #[test]
    fn stems_agree_between_forms_of_a_word() {
        let mut stems = Stems::default();
        assert_eq!(stems.of("diffusion"), stems.of("diffusions"));
        assert_ne!(stems.of("diffusion"), stems.of("distillation"));
    }
}
