//! newsdesk turns a newsletter's issue files into everything that readers subscribe to.
//!
//! The modules in reading order: [`model`] holds the nouns; [`issues`] reads issue files into
//! them; [`feeds`] renders them as documents; [`publish`] puts those on the disk; [`sources`]
//! reads what others publish; [`discover`] finds out what is worth polling; [`poll`] speaks to the
//! network, and [`explore`] for discovery; [`store`] remembers what was seen; [`suggest`] ranks
//! what appeared; [`draft`] writes the next issue file; [`desk`] joins archive, store and ranking:
//! what curators ask and decide; [`server`] shows documents and review pages in browsers;
//! [`config`] reads `config.toml`; [`adopt`] proposes one for the archive of another tool. Stages
//! know the model and not one another; only `publish`,
//! `explore`, `desk` and the program's commands know an order.

pub mod adopt;
pub mod config;
pub mod desk;
pub mod discover;
pub mod disk;
pub mod draft;
pub mod explore;
pub mod feeds;
pub mod issues;
pub mod model;
pub mod poll;
pub mod publish;
pub mod server;
pub mod sources;
pub mod store;
pub mod suggest;
