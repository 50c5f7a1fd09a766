//! Statements, for either database: written once, in the words that both understand, and what
//! is not the same in both is turned here and nowhere else.
//!
//! The interface is that of `sqlx`, with one kind of row and of value. A list of numbers is one
//! value, [`Numbers`]; `json_each(?)` makes rows of it (`key`, `value`).

mod dialect;
mod pool;
mod query;
mod row;

pub(super) use pool::{Pool, Writing, insist};
#[cfg(test)]
pub(super) use query::sent;
pub(super) use query::{
    Names, Numbers, Query, insert_columns, numbers, query, query_as, query_numbers, query_scalar,
    statement,
};
pub(super) use row::Row;

/// One statement that the databases want in different words.
#[derive(Clone, Copy, Debug)]
pub(super) struct Words {
    /// For `SQLite`.
    pub(super) sqlite: &'static str,
    /// For PostgreSQL.
    pub(super) postgres: &'static str,
}
