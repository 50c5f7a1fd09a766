//! HTML that strangers wrote, before an HTML parser sees it.

mod elements;
mod guard;
mod tags;

pub use guard::{DEPTH, bounded};
