//! What sort of thing a reading is.

use serde::{Deserialize, Serialize};

/// The sort of thing that is recommended.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// A scientific article or preprint.
    Paper,
    /// A post, an article, an essay.
    Post,
    /// A podcast or one episode of it.
    Podcast,
    /// A video.
    Video,
    /// A book.
    Book,
    /// A program, a library, a notebook.
    Code,
    /// A talk, its slides or its recording at a conference's site.
    Talk,
    /// Anything else.
    #[default]
    Other,
}

impl Kind {
    /// Every kind, in the order in which lists show them.
    pub const ALL: [Self; 8] = [
        Self::Paper,
        Self::Post,
        Self::Podcast,
        Self::Video,
        Self::Book,
        Self::Code,
        Self::Talk,
        Self::Other,
    ];

    /// The word in addresses, flags and JSON: `paper`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Paper => "paper",
            Self::Post => "post",
            Self::Podcast => "podcast",
            Self::Video => "video",
            Self::Book => "book",
            Self::Code => "code",
            Self::Talk => "talk",
            Self::Other => "other",
        }
    }

    /// The words over a list of them: `Papers`.
    pub fn plural(self) -> &'static str {
        match self {
            Self::Paper => "Papers",
            Self::Post => "Posts",
            Self::Podcast => "Podcasts",
            Self::Video => "Videos",
            Self::Book => "Books",
            Self::Code => "Code",
            Self::Talk => "Talks",
            Self::Other => "Other",
        }
    }
}
