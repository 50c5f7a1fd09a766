//! Replays time: learns from what was known before an issue, ranks what was available for it, and
//! compares with what it picked.

mod baselines;
mod measure;
mod plot;
mod reach;
mod replay;
mod turns;

pub use baselines::Baseline;
pub use measure::{Mean, Measures, difference, mean, measures};
pub use plot::{Curve, plot};
pub use reach::{Missing, Reach, reach};
pub use replay::{PARTS, Ranker, Scored, replay};
pub use turns::Replay;
