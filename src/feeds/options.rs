//! What the configuration says of documents.

use std::path::PathBuf;

/// Which documents are made, and how large.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Options {
    /// The folder they are written to, absolute.
    pub folder: PathBuf,
    /// The number of issues in a feed document.
    pub entries: usize,
    /// The number of readings in a readings feed document.
    pub readings: usize,
    /// The size in bytes that no feed document exceeds, as far as one entry fits.
    pub max_bytes: usize,
    /// What is made beside the three main feeds.
    pub documents: Documents,
}

impl Options {
    /// The defaults.
    pub fn new(folder: PathBuf) -> Self {
        Self {
            folder,
            entries: 20,
            readings: 50,
            max_bytes: 1 << 20,
            documents: Documents::ALL,
        }
    }
}

/// The sorts of documents beside the three main feeds.
#[expect(
    clippy::struct_excessive_bools,
    reason = "each sort is made or not, on its own"
)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Documents {
    /// The readings feeds: all, per curator, per category, per kind.
    pub readings: bool,
    /// A page per issue, and the index.
    pub pages: bool,
    /// An e-mail per issue, HTML and text.
    pub email: bool,
    /// `opml.xml` of the sources.
    pub opml: bool,
    /// `sitemap.xml`.
    pub sitemap: bool,
}

impl Documents {
    /// Every sort.
    pub const ALL: Self = Self {
        readings: true,
        pages: true,
        email: true,
        opml: true,
        sitemap: true,
    };
    /// Only the three main feeds.
    pub const NONE: Self = Self {
        readings: false,
        pages: false,
        email: false,
        opml: false,
        sitemap: false,
    };
}
