//! Issue files: their text in, [`model::Issue`](crate::model::Issue) out, and every problem with
//! its place.
//!
//! A file is front matter ([`front`]), then Markdown ([`markdown`]); the sections that the
//! configuration names hold the [`readings`]; [`lint`] looks for what readers should not see.
//! Nothing here reads a clock or a file.

mod absolute;
pub mod across;
mod characters;
pub mod content;
pub mod date;
pub mod front;
pub mod header;
mod html;
pub mod lint;
pub mod markdown;
pub mod options;
mod parse;
pub mod readings;
pub mod selection;
pub mod style;
mod summary;
pub mod templates;
mod text;

pub use header::decode;
pub use options::{Ids, Options};
pub use parse::{Parsed, Wanted, parse, signatures};
pub use selection::Selection;
