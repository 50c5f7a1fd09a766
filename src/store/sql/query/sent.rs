//! What a test's own thread sends: the statements, for a look at their plans, and their times.

use std::cell::RefCell;
use std::time::{Duration, Instant};

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

thread_local! {
    static SENT: RefCell<Option<Vec<Sent>>> = const { RefCell::new(None) };
}

/// From now on, what this thread sends is noted.
pub(in crate::store) fn begin() {
    SENT.with_borrow_mut(|sent| *sent = Some(Vec::new()));
}

/// What was noted; nothing more is.
pub(in crate::store) fn end() -> Vec<Sent> {
    SENT.take().unwrap_or_default()
}

/// Notes a statement, with its time once it is dropped.
pub(super) struct Note {
    begun: Instant,
    at: Option<usize>,
}

pub(super) fn note(query: &Query<'_>) -> Note {
    let at = SENT.with_borrow_mut(|sent| {
        let sent = sent.as_mut()?;
        sent.push(Sent {
            text: dialect::postgres(&query.text),
            types: query.values.iter().map(type_name).collect(),
            took: Duration::ZERO,
        });
        Some(sent.len() - 1)
    });
    Note {
        begun: Instant::now(),
        at,
    }
}

impl Drop for Note {
    fn drop(&mut self) {
        let took = self.begun.elapsed();
        SENT.with_borrow_mut(|sent| {
            let noted = sent.as_mut().zip(self.at);
            if let Some(noted) = noted.and_then(|(sent, at)| sent.get_mut(at)) {
                noted.took = took;
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
