//! The one binary of integration tests.

mod archive_readings;
mod formats;
