//! `newsdesk adopt`: the configuration for an archive that another tool published.

mod disk;
mod show;
mod trial;

use std::io::{self, IsTerminal, Write as _};
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use newsdesk::adopt;

use super::{Context, Found, print, say};

/// The file that is written: `config.toml` is also Hugo's and Zola's.
const FILE: &str = "newsdesk.toml";

/// The arguments of `adopt`.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// The folder of the archive, or of the site that it is part of
    #[arg(value_name = "DIR", default_value = ".")]
    folder: PathBuf,
    /// Where the site is served, where nothing in it says so
    #[arg(long, value_name = "URL")]
    base_url: Option<url::Url>,
    /// The newsletter's name
    #[arg(long)]
    title: Option<String>,
    /// A feed that the other tool made, to compare with
    #[arg(long, value_name = "FILE")]
    against: Option<PathBuf>,
    /// Write the configuration without asking
    #[arg(long)]
    yes: bool,
    /// Print what was found as JSON
    #[arg(long)]
    json: bool,
}

/// Looks, proposes, tries it, and writes it on a yes.
pub(super) fn run(context: &Context, args: &Args) -> anyhow::Result<Found> {
    let place = args.folder.join(FILE);
    anyhow::ensure!(
        !place.exists(),
        "`{}` is there already\nhint: `newsdesk check` shows what is to mend; nothing was written",
        place.display()
    );
    let ours = std::fs::read_to_string(args.folder.join("config.toml"));
    anyhow::ensure!(
        !ours.is_ok_and(|text| text.lines().any(|line| line.trim() == "[newsletter]")),
        "`{}` is newsdesk's own\nhint: there is nothing to adopt; nothing was written",
        args.folder.join("config.toml").display()
    );
    let folder = std::path::absolute(&args.folder)?;
    let mut site = disk::site(&folder);
    if let Some(url) = &args.base_url {
        site.base_url = Some(url.to_string());
    }
    site.title = args.title.clone().or(site.title);
    let files = disk::markdown(&folder)?;
    let name = folder.file_name().unwrap_or_default().to_string_lossy();
    let proposal = adopt::propose(&name, &site, &files).with_context(|| {
        format!(
            "no issues in `{}`\nhint: name the folder that holds them, as Markdown files with a \
             date or a number",
            args.folder.display()
        )
    })?;
    let (proposal, outcome) = trial::settle(context, &folder, proposal, args.against.as_deref())?;
    let text = adopt::print(&proposal);
    if args.json {
        print(&format!("{:#}\n", show::json(&proposal, &outcome, &text)))?;
    } else {
        say(&show::summary(&proposal, &outcome, files.len()))?;
        say(&text)?;
    }
    if !args.yes && !asked(&place)? {
        say("nothing was written; `--yes` writes it")?;
        return Ok(Found::Nothing);
    }
    newsdesk::disk::create(&place, text.as_bytes())
        .with_context(|| format!("cannot write `{}`", place.display()))?;
    say(&format!(
        "wrote `{}`\nnext: {}newsdesk build",
        place.display(),
        go_to(&args.folder)
    ))?;
    Ok(Found::Nothing)
}

fn go_to(folder: &Path) -> String {
    if folder == Path::new(".") {
        String::new()
    } else {
        format!("cd {} && ", folder.display())
    }
}

/// Asks on a terminal; elsewhere nobody could answer.
fn asked(place: &Path) -> anyhow::Result<bool> {
    if !io::stdin().is_terminal() || !io::stderr().is_terminal() {
        return Ok(false);
    }
    write!(io::stderr(), "write `{}`? [y/N] ", place.display())?;
    let mut answer = String::new();
    io::stdin().read_line(&mut answer)?;
    Ok(["y", "yes"].contains(&answer.trim().to_lowercase().as_str()))
}
