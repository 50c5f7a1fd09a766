//! What a test's own thread sends: the statements, for a look at their plans, and their times.

use std::cell::RefCell;
use std::time::Duration;

use super::super::dialect;
use super::{Query, Value};

/// A statement that was sent.
pub(in crate::store) struct Sent {
    /// As the server got it.
    pub(in crate::store) text: String,
    /// The types of its values: its plan is the generic one, so that their values do not matter.
    pub(in crate::store) types: Vec<&'static str>,
    /// How long it took.
    pub(in crate::store) took: Duration,
}

/// The test's clock, and what was noted so far.
struct Noting {
    clock: Box<dyn Fn() -> Duration>,
    sent: Vec<Sent>,
}

thread_local! {
    static NOTING: RefCell<Option<Noting>> = const { RefCell::new(None) };
}

/// From now on, what this thread sends is noted, with times by this clock.
pub(in crate::store) fn begin(clock: impl Fn() -> Duration + 'static) {
    NOTING.set(Some(Noting {
        clock: Box::new(clock),
        sent: Vec::new(),
    }));
}

/// What was noted; nothing more is.
pub(in crate::store) fn end() -> Vec<Sent> {
    NOTING.take().map(|noting| noting.sent).unwrap_or_default()
}

/// A statement that was noted and runs: its time is noted once this is dropped.
pub(super) struct Note(Option<(usize, Duration)>);

pub(super) fn note(query: &Query<'_>) -> Note {
    Note(NOTING.with_borrow_mut(|noting| {
        let noting = noting.as_mut()?;
        noting.sent.push(Sent {
            text: dialect::postgres(&query.text),
            types: query.values.iter().map(type_name).collect(),
            took: Duration::ZERO,
        });
        Some((noting.sent.len() - 1, (noting.clock)()))
    }))
}

impl Drop for Note {
    fn drop(&mut self) {
        let Some((at, begun)) = self.0 else { return };
        NOTING.with_borrow_mut(|noting| {
            let Some(noting) = noting else { return };
            let took = (noting.clock)().saturating_sub(begun);
            if let Some(sent) = noting.sent.get_mut(at) {
                sent.took = took;
            }
        });
    }
}

fn type_name(value: &Value<'_>) -> &'static str {
    match value {
        Value::Whole(_) => "bigint",
        Value::Text(_) => "text",
        Value::Bytes(_) => "bytea",
        Value::Numbers(_) => "bigint[]",
        Value::Names(_) => "text[]",
        Value::Column(column) => column.type_name(),
    }
}
