//! `config.toml`, read and checked.
