//! The text of one paragraph or heading, with the places of its links and its bold parts.

use std::ops::Range;

use pulldown_cmark::{Event, LinkType, Tag, TagEnd};

use crate::issues::markdown::Spanned;

/// A link in a [`Run`].
#[derive(Clone, Debug)]
pub(super) struct Link<'e> {
    /// Its words, in the run's text.
    pub(super) text: Range<usize>,
    /// Its address, as written.
    pub(super) url: &'e str,
    /// The place of its start among all events.
    pub(super) event: usize,
}

/// Neighbouring inline events as one text. Pictures and raw HTML are no part of it; a line break
/// is `\n`.
#[derive(Clone, Debug, Default)]
pub(super) struct Run<'e> {
    /// The text.
    pub(super) text: String,
    /// The links, in order; mail addresses and pictures that lead to themselves are left out.
    pub(super) links: Vec<Link<'e>>,
    /// The bold parts; of nested ones the outer.
    pub(super) strong: Vec<Range<usize>>,
    /// The parts in italics; of nested ones the outer.
    pub(super) emphasis: Vec<Range<usize>>,
    /// The parts that are code.
    pub(super) code: Vec<Range<usize>>,
    /// Where the text of each event starts, and the event.
    pieces: Vec<(usize, usize)>,
}

/// Text of one event that is to go.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Cut {
    /// The place of the event among all events.
    pub(super) event: usize,
    /// The bytes of its text that go.
    pub(super) text: Range<usize>,
}

impl<'e> Run<'e> {
    /// Reads the inline events at `places`.
    pub(super) fn read(events: &'e [Spanned<'_>], places: Range<usize>) -> Self {
        let mut run = Self::default();
        if let Some(((_, first), (_, last))) = events[places.clone()]
            .first()
            .zip(events[..places.end].last())
        {
            run.text.reserve(last.end.saturating_sub(first.start));
        }
        let mut links: Vec<Link<'e>> = Vec::new();
        let mut strong: Vec<usize> = Vec::new();
        let mut emphasis: Vec<usize> = Vec::new();
        let mut pictures = 0_usize;
        for at in places {
            let here = run.text.len();
            let event = &events[at].0;
            if let Some(url) = link_start(event) {
                links.push(Link {
                    text: here..here,
                    url,
                    event: at,
                });
            } else if ends_link(event) {
                run.links.extend(links.pop().map(|link| Link {
                    text: link.text.start..here,
                    ..link
                }));
            }
            match event {
                Event::Start(Tag::Image { .. }) => pictures += 1,
                Event::End(TagEnd::Image) => pictures = pictures.saturating_sub(1),
                Event::Start(Tag::Strong) => strong.push(here),
                Event::End(TagEnd::Strong) => close(&mut strong, here, &mut run.strong),
                Event::Start(Tag::Emphasis) => emphasis.push(here),
                Event::End(TagEnd::Emphasis) => close(&mut emphasis, here, &mut run.emphasis),
                Event::Text(_) | Event::Code(_) | Event::SoftBreak | Event::HardBreak
                    if pictures == 0 =>
                {
                    run.push(at, event);
                }
                _ => {}
            }
        }
        run.links.retain(|link| is_outward(events, link));
        run.links.sort_by_key(|link| link.text.start);
        run
    }

    /// Takes in the text of an event.
    fn push(&mut self, at: usize, event: &Event<'_>) {
        let start = self.text.len();
        self.pieces.push((start, at));
        match event {
            Event::Text(text) => self.text.push_str(text),
            Event::Code(code) => {
                self.text.push_str(code);
                self.code.push(start..self.text.len());
            }
            _ => self.text.push('\n'),
        }
    }

    /// What has to go from the events so that these bytes of the text are gone.
    pub(super) fn cuts(&self, range: &Range<usize>) -> Vec<Cut> {
        let mut cuts = Vec::new();
        for (at, &(start, event)) in self.pieces.iter().enumerate() {
            let end = self
                .pieces
                .get(at + 1)
                .map_or(self.text.len(), |next| next.0);
            let (from, to) = (range.start.max(start), range.end.min(end));
            if from < to {
                cuts.push(Cut {
                    event,
                    text: from - start..to - start,
                });
            }
        }
        cuts
    }

    /// The last link that starts before this byte of the text.
    pub(super) fn link_before(&self, at: usize) -> Option<&Link<'e>> {
        let after = self.links.partition_point(|link| link.text.start < at);
        self.links[..after].last()
    }

    /// The link that starts at this byte of the text.
    pub(super) fn link_from(&self, at: usize) -> Option<&Link<'e>> {
        let first = self.links.partition_point(|link| link.text.start < at);
        self.links.get(first).filter(|link| link.text.start == at)
    }

    /// The bytes of the file that these bytes of the text came from, to the nearest event.
    pub(super) fn place(
        &self,
        events: &[Spanned<'_>],
        range: &Range<usize>,
    ) -> Option<Range<usize>> {
        let cuts = self.cuts(range);
        let first = &events[cuts.first()?.event].1;
        let last = &events[cuts.last()?.event].1;
        Some(first.start..last.end.max(first.end))
    }
}

/// The address of the link that starts here, in Markdown or in raw HTML; empty for mail addresses
/// without `mailto:`.
fn link_start<'e>(event: &'e Event<'_>) -> Option<&'e str> {
    match event {
        Event::Start(Tag::Link {
            link_type: LinkType::Email,
            ..
        }) => Some(""),
        Event::Start(Tag::Link { dest_url, .. }) => Some(dest_url),
        Event::InlineHtml(tag) => anchor(tag),
        _ => None,
    }
}

fn ends_link(event: &Event<'_>) -> bool {
    match event {
        Event::End(TagEnd::Link) => true,
        Event::InlineHtml(tag) => closes_anchor(tag),
        _ => false,
    }
}

/// The address in a raw `<a href="…">`.
pub(super) fn anchor(tag: &str) -> Option<&str> {
    let name = tag.get(..2)?;
    if !name.eq_ignore_ascii_case("<a") || !tag[2..].starts_with(char::is_whitespace) {
        return None;
    }
    let at = tag.find("href=")? + "href=".len();
    let quote = tag[at..]
        .chars()
        .next()
        .filter(|c| matches!(c, '"' | '\''))?;
    let rest = &tag[at + 1..];
    rest.find(quote).map(|end| &rest[..end])
}

/// Whether this is `</a>`.
pub(super) fn closes_anchor(tag: &str) -> bool {
    tag.trim().eq_ignore_ascii_case("</a>")
}

/// Notes a bold part that ends here, unless it stands in another.
fn close(open: &mut Vec<usize>, here: usize, parts: &mut Vec<Range<usize>>) {
    if let Some(start) = open.pop()
        && open.is_empty()
        && start < here
    {
        parts.push(start..here);
    }
}

/// Whether the link leads a reader somewhere else: no mail address, no script, no place on the same page, no
/// picture that shows itself larger.
fn is_outward(events: &[Spanned<'_>], link: &Link<'_>) -> bool {
    let picture = link.text.is_empty() && {
        let path = link.url.split(['?', '#']).next().unwrap_or("");
        [".png", ".jpg", ".jpeg", ".gif", ".svg", ".webp"]
            .iter()
            .any(|ending| path.to_ascii_lowercase().ends_with(ending))
            || matches!(
                events.get(link.event + 1),
                Some((Event::Start(Tag::Image { dest_url, .. }), _)) if **dest_url == *link.url
            )
    };
    let url = link.url.trim();
    let scheme = url.split_once(':').map_or("", |(scheme, _)| scheme);
    let elsewhere = !["mailto", "tel", "sms", "javascript", "data"]
        .iter()
        .any(|known| scheme.eq_ignore_ascii_case(known));
    !picture && elsewhere && !url.is_empty() && !url.starts_with('#')
}
