//! `newsdesk store`: what is done to the store as a whole.

use std::fmt::Write as _;
use std::io::{IsTerminal as _, stderr};
use std::path::Path;

use anyhow::{Context as _, bail};
use clap::Subcommand;
use newsdesk::store::{self, Options, Place, Server, Store};

use super::store::in_runtime;
use super::{Context, Found, poll, print, say};

/// The arguments of `store`.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Copy a store, such as the file of one machine to a server for many; what was cut off goes
    /// on when it is run again
    Copy {
        /// What is copied: a file, or `postgres://user@host/database`
        #[arg(long, value_name = "PLACE")]
        from: String,
        /// Where it is copied to: a file that is not there yet, or an empty schema
        #[arg(long, value_name = "PLACE")]
        to: String,
    },
}

/// Does what is asked.
pub(super) fn run(context: &Context, args: &Args) -> anyhow::Result<Found> {
    let Command::Copy { from, to } = &args.command;
    let authority = context.config()?.issues.newsletter.authority;
    let (from, to) = (place("--from", from)?, place("--to", to)?);
    if from == to {
        bail!("`{from}` cannot be copied to itself");
    }
    if !from.exists() {
        bail!("there is no `{from}`\nhint: name the store that is to be copied");
    }
    // Nobody polls into a store that is copied, or into a half of one.
    let _locks = (free(&from)?, free(&to)?);
    let options = |place: &Place| Options {
        place: place.clone(),
        newsletter: authority.clone(),
        keep: Options::KEEP,
    };
    in_runtime(async {
        let source = Store::open(&options(&from)).await?;
        let target = Store::open_for_copy(&options(&to)).await?;
        let is_watched = stderr().is_terminal();
        let mut lines = format!("{:<14} {:>10}  hash of all rows\n", "table", "rows");
        let done = store::copy(&source, &target, &mut |copied| {
            if is_watched {
                let _ = say(&format!("{}: {} rows", copied.table, copied.rows));
            }
            let _ = writeln!(
                lines,
                "{:<14} {:>10}  {:016x}",
                copied.table, copied.rows, copied.hash
            );
        })
        .await;
        source.close().await;
        target.close().await;
        done?;
        print(&lines)?;
        say(&format!(
            "`{to}` has what `{from}` has; name it in config.toml, under `[store]`"
        ))?;
        Ok(Found::Nothing)
    })
}

fn place(flag: &str, written: &str) -> anyhow::Result<Place> {
    if written.starts_with("postgres:") || written.starts_with("postgresql:") {
        let server = Server::parse(written);
        return server.map(Place::Server).map_err(|error| {
            anyhow::anyhow!("`{flag}` is no address of a database: {error}\nhint: write it as `postgres://user@host/database`")
        });
    }
    let file =
        std::path::absolute(Path::new(written)).with_context(|| format!("`{flag}` is no file"))?;
    Ok(Place::File(file))
}

fn free(place: &Place) -> anyhow::Result<poll::Lock> {
    poll::lock(place)?.with_context(|| {
        format!("`{place}` is being polled into\nhint: run this again when that has ended")
    })
}
