//! `newsdesk completions` and `newsdesk man`: made from the definitions of the flags.

use std::path::PathBuf;

use anyhow::Context as _;
use clap::CommandFactory as _;
use clap_complete::Shell;

use super::{Cli, Found, print};

/// The arguments of `completions`.
#[derive(Debug, clap::Args)]
pub(super) struct CompletionsArgs {
    /// The shell that reads the script
    shell: Shell,
}

/// The arguments of `man`.
#[derive(Debug, clap::Args)]
pub(super) struct ManArgs {
    /// Write `newsdesk.1` and one page per command into this folder instead of printing
    #[arg(long, value_name = "DIR")]
    folder: Option<PathBuf>,
}

/// Prints a completion script.
pub(super) fn completions(args: &CompletionsArgs) -> anyhow::Result<Found> {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut Cli::command(), "newsdesk", &mut script);
    print(&String::from_utf8(script)?)?;
    Ok(Found::Nothing)
}

/// Prints the manual page, or writes all of them.
pub(super) fn man(args: &ManArgs) -> anyhow::Result<Found> {
    if let Some(folder) = &args.folder {
        std::fs::create_dir_all(folder)
            .with_context(|| format!("cannot make the folder `{}`", folder.display()))?;
        clap_mangen::generate_to(Cli::command(), folder)
            .with_context(|| format!("cannot write to `{}`", folder.display()))?;
    } else {
        let mut page = Vec::new();
        clap_mangen::Man::new(Cli::command()).render(&mut page)?;
        print(&String::from_utf8(page)?)?;
    }
    Ok(Found::Nothing)
}
