//! From links to feeds: what the rules say of real links, and the program on a web in miniature.

mod document;
mod kinds;
mod program;
mod real;
mod web;
