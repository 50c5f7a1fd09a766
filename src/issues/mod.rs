//! Issue files: their text in, [`model::Issue`](crate::model::Issue) out, and every problem with
//! its place.
//!
//! A file is front matter ([`front`]), then Markdown ([`markdown`]); the sections that the
//! configuration names hold the [`readings`]; [`lint`] looks for what readers should not see.
//! Nothing here reads a clock or a file.

mod absolute;
mod characters;
pub mod content;
mod html;
pub mod lint;
pub mod markdown;
pub mod options;
mod summary;
mod text;

pub use options::{Ids, Options};
