//! Documents and review pages over HTTP.
pub mod newsroom;
pub mod review;
