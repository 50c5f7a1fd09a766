//! Replays time: learns from what was known before an issue, ranks what was available for it, and
//! compares with what it picked.

mod measure;
mod replay;

pub use measure::{Measures, measures};
pub use replay::{Replay, Scored, replay};
