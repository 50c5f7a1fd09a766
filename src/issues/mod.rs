//! Issue files: their text in, [`model::Issue`](crate::model::Issue) out, and every problem with
//! its place.
//!
//! A file is front matter ([`front`]), then Markdown ([`markdown`]); the sections that the
//! configuration names hold the [`readings`]; [`lint`] looks for what readers should not see.
//! Nothing here reads a clock or a file.

pub mod markdown;
pub mod options;
pub mod readings;

pub use options::{Ids, Options};
