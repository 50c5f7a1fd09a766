//! The footnotes of an issue: their numbers and where their texts are.

use std::collections::HashMap;

use pulldown_cmark::{Event, Tag, TagEnd};

/// The footnotes in the order in which they are referred to.
#[derive(Default)]
pub(super) struct Notes<'e> {
    /// Their labels in that order.
    pub(super) order: Vec<&'e str>,
    /// The number of each.
    pub(super) numbers: HashMap<&'e str, usize>,
    /// Where the events of each begin and end.
    pub(super) texts: HashMap<&'e str, (usize, usize)>,
}

impl<'e> Notes<'e> {
    /// Finds them: first what the text refers to, then what the footnotes do.
    pub(super) fn of(events: &'e [Event<'_>]) -> Self {
        let mut notes = Self::default();
        let mut open: Vec<(&str, usize)> = Vec::new();
        for (at, event) in events.iter().enumerate() {
            match event {
                Event::FootnoteReference(label) if open.is_empty() => notes.refer(label),
                Event::Start(Tag::FootnoteDefinition(label)) => open.push((label, at + 1)),
                Event::End(TagEnd::FootnoteDefinition) => {
                    if let Some((label, start)) = open.pop() {
                        notes.texts.entry(label).or_insert((start, at));
                    }
                }
                _ => {}
            }
        }
        let mut next = 0;
        while let Some(label) = notes.order.get(next) {
            let (start, end) = notes.texts.get(label).copied().unwrap_or_default();
            for event in &events[start..end] {
                if let Event::FootnoteReference(label) = event {
                    notes.refer(label);
                }
            }
            next += 1;
        }
        notes
    }

    fn refer(&mut self, label: &'e str) {
        let number = self.order.len() + 1;
        self.numbers.entry(label).or_insert_with(|| {
            self.order.push(label);
            number
        });
    }
}
