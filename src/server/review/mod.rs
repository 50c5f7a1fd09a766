//! The review pages: what curators who never open a terminal see.
pub mod desk;
pub mod ranking;
