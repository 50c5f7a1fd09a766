//! Replays time: learns from what was known before an issue, ranks what was available for it, and
//! compares with what it picked.

mod baselines;
mod cold;
mod filed;
mod measure;
mod plot;
mod reach;
mod reliability;
mod replay;
mod table;
mod turns;

pub use baselines::Baseline;
pub use cold::{Cold, cold};
pub use filed::{Filed, filed};
pub use measure::{Mean, Measures, difference, mean, measures};
pub use plot::{Curve, plot};
pub use reach::{Missing, Reach, reach};
pub use reliability::{Level, Reliability, reliability};
pub use replay::{PARTS, Ranker, Scored, replay};
pub use table::{Line, Table};
pub use turns::Replay;
