//! The few lines that stand for an issue in lists: its first paragraph of prose.

use pulldown_cmark::{Event, Tag, TagEnd};

use crate::issues::characters;
use crate::issues::markdown::Spanned;

/// How long a summary is by default, in characters.
pub const SUMMARY_CHARACTERS: usize = 280;

/// Words that begin a greeting.
const GREETINGS: [&str; 14] = [
    "hi",
    "hello",
    "hey",
    "dear",
    "welcome",
    "greetings",
    "howdy",
    "hallo",
    "bonjour",
    "hola",
    "ciao",
    "salut",
    "moin",
    "olá",
];

/// The first paragraph of prose as plain text, cut at the end of a sentence or word where it has
/// more than `max_chars` characters. What stands before `<!-- more -->` is preferred, where that
/// is short enough. Images, headings, captions, greetings and lists of links are passed over.
pub fn summary(events: &[Spanned<'_>], max_chars: usize) -> Option<String> {
    let mut paragraphs = Paragraphs::default();
    for (event, _) in events {
        paragraphs.read(event);
        // A `<!-- more -->` further on has too much before it.
        let enough = paragraphs.before.len() > max_chars.saturating_mul(4);
        if paragraphs.prose.is_some() && (enough || paragraphs.more.is_some()) {
            break;
        }
    }
    if let Some(before) = paragraphs.more.filter(|text| length(text) <= max_chars) {
        return Some(before);
    }
    let chosen = paragraphs.prose.or(paragraphs.other)?;
    Some(cut(&chosen, max_chars))
}

/// What was read so far.
#[derive(Default)]
struct Paragraphs {
    /// How many lists, quotes, tables and the like are open.
    inside: usize,
    open: Option<Paragraph>,
    /// All paragraphs so far, for a `<!-- more -->` that may come.
    before: String,
    /// What stood before `<!-- more -->`.
    more: Option<String>,
    /// The first paragraph of prose.
    prose: Option<String>,
    /// The first text of another kind.
    other: Option<String>,
    /// Whether the paragraph before was an image alone, which makes the next a caption.
    image_before: bool,
}

/// The paragraph that is read.
#[derive(Default)]
struct Paragraph {
    text: String,
    /// How many bytes of the text stand outside links, and outside emphasis.
    unlinked: usize,
    plain: usize,
    links: usize,
    emphasis: usize,
    images: usize,
    image_depth: usize,
}

impl Paragraphs {
    fn read(&mut self, event: &Event<'_>) {
        match event {
            Event::Html(raw) | Event::InlineHtml(raw) if is_more(raw) => {
                if self.more.is_none() && !self.before.is_empty() {
                    self.more = Some(std::mem::take(&mut self.before));
                }
            }
            Event::Start(Tag::Paragraph) if self.open.is_none() => {
                self.open = Some(Paragraph::default());
            }
            Event::End(TagEnd::Paragraph) => self.close(),
            Event::Start(Tag::Item | Tag::Heading { .. }) => {
                self.inside += 1;
                // The text of a tight list has no paragraph of its own.
                if matches!(event, Event::Start(Tag::Item)) && self.open.is_none() {
                    self.open = Some(Paragraph::default());
                }
            }
            Event::End(TagEnd::Item | TagEnd::Heading(_)) => {
                self.close();
                self.inside = self.inside.saturating_sub(1);
            }
            Event::Start(Tag::BlockQuote(_) | Tag::Table(_) | Tag::FootnoteDefinition(_)) => {
                self.inside += 1;
            }
            Event::End(TagEnd::BlockQuote(_) | TagEnd::Table | TagEnd::FootnoteDefinition) => {
                self.inside = self.inside.saturating_sub(1);
            }
            inline => {
                if let Some(open) = &mut self.open {
                    open.read(inline);
                }
            }
        }
    }

    fn close(&mut self) {
        let Some(paragraph) = self.open.take() else {
            return;
        };
        let text = squeezed(&paragraph.text);
        let after_image = std::mem::replace(
            &mut self.image_before,
            text.is_empty() && paragraph.images > 0,
        );
        if text.is_empty() {
            return;
        }
        if self.inside == 0 {
            if !self.before.is_empty() {
                self.before.push(' ');
            }
            self.before.push_str(&text);
        }
        let caption = after_image && paragraph.plain == 0;
        let prose = self.inside == 0
            && paragraph.unlinked > 0
            && !caption
            && !is_greeting(&text)
            && text.chars().any(char::is_alphanumeric);
        if prose {
            self.prose.get_or_insert(text);
        } else {
            self.other.get_or_insert(text);
        }
    }
}

impl Paragraph {
    fn read(&mut self, event: &Event<'_>) {
        match event {
            Event::Text(text) | Event::Code(text) if self.image_depth == 0 => {
                self.text.push_str(text);
                let words = text.trim().len();
                if self.links == 0 {
                    self.unlinked += words;
                }
                if self.emphasis == 0 {
                    self.plain += words;
                }
            }
            Event::SoftBreak | Event::HardBreak => self.text.push(' '),
            Event::Start(Tag::Link { .. }) => self.links += 1,
            Event::End(TagEnd::Link) => self.links = self.links.saturating_sub(1),
            Event::Start(Tag::Emphasis) => self.emphasis += 1,
            Event::End(TagEnd::Emphasis) => self.emphasis = self.emphasis.saturating_sub(1),
            Event::Start(Tag::Image { .. }) => {
                self.images += 1;
                self.image_depth += 1;
            }
            Event::End(TagEnd::Image) => self.image_depth = self.image_depth.saturating_sub(1),
            _ => {}
        }
    }
}

/// Whether the raw HTML is the comment at which other tools end a summary.
fn is_more(raw: &str) -> bool {
    raw.trim()
        .strip_prefix("<!--")
        .and_then(|rest| rest.strip_suffix("-->"))
        .is_some_and(|inner| inner.trim().eq_ignore_ascii_case("more"))
}

/// Whether it only says hello.
fn is_greeting(text: &str) -> bool {
    if length(text) > 60 {
        return false;
    }
    let first: String = text
        .chars()
        .take_while(|c| c.is_alphabetic())
        .flat_map(char::to_lowercase)
        .collect();
    let opens = GREETINGS.contains(&first.as_str()) || text.starts_with("Good ");
    // `Hello, world is a program` is prose; a greeting ends as one, and in its first sentence.
    let body = text.trim_end_matches(|c: char| !c.is_alphanumeric());
    opens && !body.contains(['.', '?', ':']) && !text.ends_with(['.', '?', ':'])
}

/// The text on one line, with single spaces and nothing that cannot be published.
fn squeezed(text: &str) -> String {
    let mut line = String::with_capacity(text.len());
    for word in characters::repaired(text).split_ascii_whitespace() {
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(word);
    }
    line
}

fn length(text: &str) -> usize {
    text.chars().count()
}

/// The text, cut where it has more than `max_chars` characters: after a sentence if one ends in
/// the last third, else after a word, else anywhere between two signs.
fn cut(text: &str, max_chars: usize) -> String {
    let Some((limit, _)) = text.char_indices().nth(max_chars) else {
        return text.to_owned();
    };
    // One place is for the ellipsis, and after a sentence another for a space.
    let room = |places: usize| {
        text.char_indices()
            .nth(max_chars.saturating_sub(places))
            .map_or(limit, |(at, _)| at)
    };
    let sentence = text[..room(2)]
        .char_indices()
        .filter(|&(at, mark)| {
            let after = at + mark.len_utf8();
            matches!(mark, '。' | '！' | '？')
                || (matches!(mark, '.' | '!' | '?') && text[after..].starts_with(' '))
        })
        .map(|(at, mark)| at + mark.len_utf8())
        .next_back()
        .filter(|&end| end * 3 >= limit * 2);
    if let Some(end) = sentence {
        return format!("{} …", &text[..end]);
    }
    let room = room(1);
    let mut end = match text[..room].rfind(' ') {
        _ if text[room..].starts_with(' ') => room,
        Some(space) if space * 2 >= room => space,
        _ => room,
    };
    // Never between the parts of one sign.
    while end > 0 && text[end..].starts_with(is_continuation) {
        end = text[..end]
            .char_indices()
            .next_back()
            .map_or(0, |(at, _)| at);
    }
    let kept = text[..end].trim_end_matches(|c: char| {
        c.is_whitespace() || matches!(c, ',' | ';' | ':' | '(' | '–' | '—' | '\u{200D}')
    });
    format!("{kept}…")
}

/// Whether the character belongs to the one before it.
fn is_continuation(character: char) -> bool {
    unicode_normalization::char::is_combining_mark(character)
        || matches!(character, '\u{200D}' | '\u{FE00}'..='\u{FE0F}' | '\u{1F3FB}'..='\u{1F3FF}')
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::issues::markdown;

    #[track_caller]
    fn check(markdown: &str, expected: Option<&str>) {
        check_cut(markdown, SUMMARY_CHARACTERS, expected);
    }

    #[track_caller]
    fn check_cut(markdown: &str, max_chars: usize, expected: Option<&str>) {
        let events = markdown::parse(markdown, 0..markdown.len());
        let found = summary(&events, max_chars);
        assert_eq!(found.as_deref(), expected);
        if let Some(found) = found {
            assert!(length(&found) <= max_chars, "{} characters", length(&found));
        }
    }

    #[test]
    fn takes_the_first_paragraph_of_prose() {
        check(
            "# May\n\n![Boat](b.png)\n\nThe *first* [thing](x)\nto know.\n\nMore.",
            Some("The first thing to know."),
        );
        check(
            "![Boat](b.png)\n\n_A boat at sea._\n\nProse.",
            Some("Prose."),
        );
        check("> Quoted.\n\nProse.", Some("Prose."));
        check("[View it here](x)\n\nProse.", Some("Prose."));
    }

    #[test]
    fn passes_over_greetings() {
        check("Hi everyone,\n\nSpring is here.", Some("Spring is here."));
        check("Hello!\n\nSpring is here.", Some("Spring is here."));
        check(
            "Hello, spring is here. It is warm.",
            Some("Hello, spring is here. It is warm."),
        );
        check("Dear readers,", Some("Dear readers,"));
    }

    #[test]
    fn has_something_to_say_where_there_is_no_prose() {
        check("# Only\n\n- [One](x)\n- [Two](y)\n", Some("One"));
        check("- [One](x)\n- [Two](y)\n", Some("One"));
        check("![x](y)", None);
        check("", None);
        check("<!-- more -->", None);
    }

    #[test]
    fn prefers_what_stands_before_more() {
        check(
            "Hi all,\n\nOne.\n\nTwo.\n\n<!-- more -->\n\nThree.",
            Some("Hi all, One. Two."),
        );
        check("One. <!--more--> Two.", Some("One. Two."));
        check_cut(
            "One and two.\n\nThree.\n\n<!-- more -->",
            13,
            Some("One and two."),
        );
    }

    #[test]
    fn cuts_at_sentences_and_words() {
        check_cut("Aaa bbb ccc. Ddd eee fff.", 18, Some("Aaa bbb ccc. …"));
        check_cut("Aaa bbb, ccc ddd eee.", 9, Some("Aaa bbb…"));
        check_cut("Aaa bbb ccc.", 12, Some("Aaa bbb ccc."));
        check_cut("日本語の文章。これは長い。", 9, Some("日本語の文章。 …"));
        check_cut("aaaaaaaaaaaaaaaa", 5, Some("aaaa…"));
        check_cut("👩\u{200D}🔬👩\u{200D}🔬", 5, Some("👩\u{200D}🔬…"));
    }
}
