//! A source and how it does.

use crate::model::Origin;
use crate::poll::health::State;
use crate::store::{Known, Pulse, Subscription};

/// One source, examined.
pub struct Examined {
    /// The source.
    pub known: Known,
    /// Its entries by the week, and what came of the last visits.
    pub pulse: Pulse,
    /// Its state.
    pub state: State,
    /// Whether somebody should do something about it.
    pub is_wrong: bool,
    /// The address of the source that it doubles.
    pub double: Option<String>,
    /// What its hub was asked.
    pub subscription: Option<Subscription>,
}

impl Examined {
    /// Whether config.toml, and nobody else, can change it.
    pub(super) fn is_in_config(&self) -> bool {
        self.known.source.origin == Origin::Config
    }
}
