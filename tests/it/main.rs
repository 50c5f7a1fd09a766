//! The one binary of integration tests.

mod corpus;
