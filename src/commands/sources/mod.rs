//! `newsdesk sources`: what is polled, and what could be.
//!
//! What these commands add, remove and switch is in the store. The sources of config.toml are
//! changed there, so they refuse to touch those.

mod add;
mod back;
mod export;
mod health;
mod import;
mod list;
mod remove;
mod switch;

use anyhow::bail;
use newsdesk::config::Config;
use newsdesk::desk::place;
use newsdesk::desk::shown::{address, title};
use newsdesk::model::Origin;
use newsdesk::store::{Known, Store};

use super::store::{in_runtime, open};
use super::{Context, Found, count, discover, print, say, shown};

/// The arguments of `sources`.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, clap::Subcommand)]
enum Command {
    /// List what is polled
    List(list::Args),
    /// Poll the feed behind an address: a feed's own, a post, a repository, a paper, a video
    ///
    /// It is noted in the store (newsdesk.db) and not in config.toml, which newsdesk never
    /// writes; `sources export` writes a list of all sources.
    Add(add::Args),
    /// Poll a source no more; what it brought stays
    Remove(remove::Args),
    /// Propose sources: the feeds behind the links of past issues
    Discover(discover::Args),
    /// Bring the past of what is polled, as deep as this: entries that feeds show no more
    Back(back::Args),
    /// Add the sources of an OPML list; its folders and categories become tags
    Import(import::Args),
    /// Write all sources as an OPML list; their tags become folders
    Export(export::Args),
    /// Tell how sources do: failing, dead, moved, gone, idle, blocked, doubled, too noisy
    Health(health::Args),
    /// Poll a source again that was disabled
    Enable(switch::Args),
    /// Do not poll a source until it is enabled
    Disable(switch::Args),
    /// Forget that a source failed, is gone or did not change, and visit it at the next poll
    Revive(switch::Args),
}

/// Does what the subcommand says.
pub(super) fn run(context: &Context, args: &Args) -> anyhow::Result<Found> {
    use switch::To;
    match &args.command {
        Command::List(args) => in_runtime(list::run(context, args)),
        Command::Add(args) => in_runtime(add::run(context, args)),
        Command::Remove(args) => in_runtime(remove::run(context, args)),
        Command::Discover(args) => discover::run(context, args),
        Command::Back(args) => in_runtime(back::run(context, args)),
        Command::Import(args) => in_runtime(import::run(context, args)),
        Command::Export(args) => in_runtime(export::run(context, args)),
        Command::Health(args) => in_runtime(health::run(context, args)),
        Command::Enable(args) => in_runtime(switch::run(context, args, To::Enabled)),
        Command::Disable(args) => in_runtime(switch::run(context, args, To::Disabled)),
        Command::Revive(args) => in_runtime(switch::run(context, args, To::Revived)),
    }
}

/// The sources of these addresses, each once; all of them, or an error that names those that are
/// none.
async fn named(
    store: &Store,
    context: &Context,
    config: &Config,
    addresses: &[String],
) -> anyhow::Result<Vec<Known>> {
    let mut found: Vec<Known> = Vec::new();
    let mut unknown = Vec::new();
    for typed in addresses {
        let url = place::of(typed, &config.root).unwrap_or_else(|| typed.clone());
        match store.find(&url).await? {
            Some(known) if found.iter().any(|it| it.id == known.id) => {}
            Some(known) => found.push(known),
            None => unknown.push(format!("`{}`", shown::line(typed))),
        }
    }
    if !unknown.is_empty() {
        let (is, it) = if unknown.len() == 1 {
            ("is no source", "it")
        } else {
            ("are no sources", "them")
        };
        let flag = if context.config_is_default {
            String::new()
        } else {
            format!(" --config {}", context.config.display())
        };
        bail!(
            "{} {is}, so nothing was changed\nhint: `newsdesk{flag} sources list` shows all sources, \
             `newsdesk{flag} sources add` adds {it}",
            unknown.join(", ")
        );
    }
    Ok(found)
}

/// Refuses to change what stands in config.toml.
fn ensure_ours(sources: &[Known], context: &Context, instead: &str) -> anyhow::Result<()> {
    let theirs: Vec<String> = sources
        .iter()
        .filter(|known| known.source.origin == Origin::Config)
        .map(|known| format!("`{}`", address(&known.source.url)))
        .collect();
    if theirs.is_empty() {
        return Ok(());
    }
    bail!(
        "{} {} in `{}`, so nothing was changed\nhint: {instead} there",
        theirs.join(", "),
        if theirs.len() == 1 { "stands" } else { "stand" },
        context.config.display()
    );
}
