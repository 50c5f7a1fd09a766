//! Whether statements go to their rows by an index, as PostgreSQL plans them.

mod tests;
