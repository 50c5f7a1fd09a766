//! `newsdesk user`: who may sign in to the review pages.
//!
//! A password is typed without being shown, or comes from standard input; never from a flag, which
//! other users of the machine can read.

use std::fmt::Write as _;
use std::io::{self, BufRead as _, IsTerminal as _};

use anyhow::{Context as _, bail};
use clap::Subcommand;
use newsdesk::server::accounts;
use newsdesk::store::Account;
use serde_json::json;

use super::store::{in_runtime, open};
use super::{Context, Found, instant, print, say, shown};

/// The arguments of `user`.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Let somebody sign in; asks for a password, or reads it from standard input
    Add {
        /// What is typed to sign in
        name: String,
        /// The name that decisions carry, as the issues write it; the same where it is left out
        #[arg(long, value_name = "NAME")]
        curator: Option<String>,
    },
    /// List who may sign in
    List {
        /// Print a list with one object per account
        #[arg(long)]
        json: bool,
    },
    /// Let somebody sign in no more, and end their sessions
    Remove {
        /// What is typed to sign in
        name: String,
    },
    /// Set another password, and end the sessions of the old one
    Password {
        /// What is typed to sign in
        name: String,
    },
}

/// Does what is asked.
pub(super) fn run(context: &Context, args: &Args) -> anyhow::Result<Found> {
    match &args.command {
        Command::Add { name, curator } => add(context, name, curator.as_deref()),
        Command::List { json } => list(context, *json),
        Command::Remove { name } => remove(context, name),
        Command::Password { name } => password(context, name),
    }
}

fn add(context: &Context, written: &str, curator: Option<&str>) -> anyhow::Result<Found> {
    let config = context.config()?;
    let name = accounts::name(written)?;
    let curator = shown::line(curator.unwrap_or(written));
    in_runtime(async {
        let store = open(context, &config).await?;
        // Before a password is typed in vain.
        if store.account(&name).await?.is_some() {
            return Err(taken(&name));
        }
        let account = Account {
            password: accounts::hash(&ask()?)?,
            name,
            curator,
            added: context.now,
            changed: context.now,
        };
        if !store.add_account(&account).await? {
            return Err(taken(&account.name));
        }
        say(&format!(
            "`{}` may sign in; decisions carry the name `{}`",
            account.name, account.curator
        ))
    })?;
    Ok(Found::Nothing)
}

fn taken(name: &str) -> anyhow::Error {
    anyhow::anyhow!(
        "there is an account `{name}` already\nhint: `newsdesk user password {name}` sets another \
         password"
    )
}

fn list(context: &Context, as_json: bool) -> anyhow::Result<Found> {
    let config = context.config()?;
    let accounts = in_runtime(async {
        let store = open(context, &config).await?;
        Ok(store.accounts().await?)
    })?;
    if as_json {
        let list: Vec<_> = accounts
            .iter()
            .map(|account| {
                json!({
                    "name": account.name,
                    "curator": account.curator,
                    "added": instant(account.added),
                    "password_set": instant(account.changed),
                })
            })
            .collect();
        print(&format!("{:#}\n", json!(list)))?;
        return Ok(Found::Nothing);
    }
    if accounts.is_empty() {
        say("there are no accounts: the review pages are for this machine alone")?;
    }
    let mut lines = String::new();
    for account in &accounts {
        lines.push_str(&account.name);
        if account.curator != account.name {
            let _ = write!(lines, " ({})", shown::line(&account.curator));
        }
        lines.push('\n');
    }
    print(&lines)?;
    Ok(Found::Nothing)
}

fn remove(context: &Context, written: &str) -> anyhow::Result<Found> {
    let config = context.config()?;
    let name = accounts::name(written)?;
    in_runtime(async {
        let store = open(context, &config).await?;
        if !store.remove_account(&name).await? {
            return Err(unknown(&name));
        }
        say(&format!("`{name}` may sign in no more"))
    })?;
    Ok(Found::Nothing)
}

fn password(context: &Context, written: &str) -> anyhow::Result<Found> {
    let config = context.config()?;
    let name = accounts::name(written)?;
    in_runtime(async {
        let store = open(context, &config).await?;
        if store.account(&name).await?.is_none() {
            return Err(unknown(&name));
        }
        let hash = accounts::hash(&ask()?)?;
        if !store.set_password(&name, &hash, context.now).await? {
            return Err(unknown(&name));
        }
        say(&format!(
            "`{name}` has another password; sessions of the old one have ended"
        ))
    })?;
    Ok(Found::Nothing)
}

fn unknown(name: &str) -> anyhow::Error {
    anyhow::anyhow!("there is no account `{name}`\nhint: `newsdesk user list` shows all")
}

/// The password: typed twice on a terminal, or the first line of standard input.
fn ask() -> anyhow::Result<String> {
    if io::stdin().is_terminal() {
        let attempt = "cannot read a password from the terminal";
        let once = rpassword::prompt_password("password: ").context(attempt)?;
        let again = rpassword::prompt_password("once more: ").context(attempt)?;
        if once != again {
            bail!("the two passwords differ\nhint: nothing was changed; try again");
        }
        return Ok(once);
    }
    let mut line = String::new();
    io::stdin()
        .lock()
        .read_line(&mut line)
        .context("cannot read a password from standard input")?;
    let password = line.trim_end_matches(['\n', '\r']);
    if password.is_empty() {
        bail!("standard input has no password\nhint: it is the first line");
    }
    Ok(password.to_owned())
}
