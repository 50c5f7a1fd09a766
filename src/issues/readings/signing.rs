//! Where a newsletter's curators sign, learned from what its issues show.
//!
//! One item alone cannot tell a curator from an author or from the last words of a title: what
//! tells is whether the newsletter does it again and again, with the same few names.

use std::collections::HashSet;

use serde::{Deserialize, Serialize};

use super::Found;

/// Where a name stands in an item.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Position {
    /// Before what is said: `[@ada](…): A fine thing.`
    First,
    /// After it: `A fine thing. - Ada`
    Last,
}

/// Where this newsletter's curators sign; nobody is taken for a curator elsewhere.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Signing {
    /// Before what is said.
    pub first: bool,
    /// After it.
    pub last: bool,
}

impl Signing {
    /// Every name that could be a curator's is taken for one: what a habit is learned from.
    pub const ANYWHERE: Self = Self {
        first: true,
        last: true,
    };

    /// Whether a name that stands there is a curator's.
    pub fn believes(self, position: Position) -> bool {
        match position {
            Position::First => self.first,
            Position::Last => self.last,
        }
    }
}

/// The names in one issue's readings, wherever [`Signing::ANYWHERE`] finds some.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Signatures {
    /// How many readings the issue has.
    pub readings: usize,
    /// The names with their places.
    pub names: Vec<(Position, String)>,
}

impl Signatures {
    /// Those of one issue's readings.
    pub fn of(found: &[Found<'_>]) -> Self {
        let name = |reading: &Found<'_>| {
            let curator = reading.curator.as_ref()?;
            Some((reading.signed?, curator.name.to_lowercase()))
        };
        Self {
            readings: found.len(),
            names: found.iter().filter_map(name).collect(),
        }
    }

    /// Whether a name stands where the newsletter does not sign.
    pub fn has_other_than(&self, signing: Signing) -> bool {
        let mut names = self.names.iter();
        names.any(|(position, _)| !signing.believes(*position))
    }
}

/// Fewer readings than these show no habit: as long as a third of them is signed, names count.
const FEW: usize = 12;

/// A newsletter may begin to sign: so many of the newest issues are also looked at alone.
const NEWEST: usize = 12;

/// The habit that the issues show, newest first.
pub fn habit<'s>(issues: impl IntoIterator<Item = &'s Signatures>) -> Signing {
    let issues: Vec<&Signatures> = issues
        .into_iter()
        .filter(|issue| issue.readings > 0)
        .collect();
    let newest = &issues[..issues.len().min(NEWEST)];
    let shows = |position| is_habit(&issues, position) || is_habit(newest, position);
    Signing {
        first: shows(Position::First),
        last: shows(Position::Last),
    }
}

/// Whether most readings are signed there, or enough of them in most issues; by names that recur,
/// as those of a team do and those of authors do not.
fn is_habit(issues: &[&Signatures], position: Position) -> bool {
    let readings: usize = issues.iter().map(|issue| issue.readings).sum();
    let mut names: HashSet<&str> = HashSet::new();
    let (mut signed, mut signed_issues) = (0, 0);
    for issue in issues {
        let own = issue.names.iter().filter(|(place, _)| *place == position);
        let before = signed;
        for (_, name) in own {
            names.insert(name);
            signed += 1;
        }
        signed_issues += usize::from(signed > before);
    }
    if readings < FEW {
        return signed * 3 >= readings;
    }
    let most = signed * 2 >= readings && names.len() * 2 <= signed;
    let team =
        signed * 7 >= readings && names.len() * 4 <= signed && signed_issues * 2 >= issues.len();
    most || team
}
