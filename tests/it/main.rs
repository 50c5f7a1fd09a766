//! The one binary of integration tests.

#![expect(
    clippy::unwrap_used,
    clippy::print_stderr,
    reason = "a test that fails should stop where it does, and say what it skipped"
)]

mod adopt;
mod archive;
mod archive_readings;
mod backtest;
mod database;
mod decide;
mod discover;
mod draft;
#[expect(dead_code, reason = "the bench counts connections too")]
#[path = "../../benches/farm.rs"]
mod farm;
mod faults;
mod floor;
mod formats;
mod histories;
mod poll;
mod project;
mod publish;
mod serve;
mod smtp;
mod sources;
mod suggest_command;
mod tidy;
mod workers;
