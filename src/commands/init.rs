//! `newsdesk init`: a new newsletter.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use newsdesk::disk::{self, Durability};

use super::{Context, Found, say};

/// The commented configuration of a new newsletter.
const CONFIG: &str = include_str!("init/config.toml");

/// Its first issue.
const ISSUE: &str = include_str!("init/issue.md");

/// The arguments of `init`.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// The folder of the newsletter
    #[arg(value_name = "DIR", default_value = ".")]
    folder: PathBuf,
    /// The newsletter's name
    #[arg(long, default_value = "My newsletter")]
    title: String,
    /// The address that the documents will be served from
    #[arg(long, value_name = "URL", default_value = "https://news.example.org/")]
    base_url: url::Url,
}

/// Writes the files of a new newsletter; never over one that is there.
pub(super) fn run(context: &Context, args: &Args) -> anyhow::Result<Found> {
    let host = args
        .base_url
        .host_str()
        .context("the address has no host")?;
    let title = toml_text(&args.title);
    let config = CONFIG
        .replace("\"My newsletter\"", &title)
        .replace("https://news.example.org/", args.base_url.as_str())
        .replace(
            "news.example.org,2026",
            &format!("{host},{}", context.now.format("%Y")),
        );
    let date = context.now.format("%Y-%m-%d").to_string();
    let issue = ISSUE.replace("2026-01-31", &date);
    let folder = &args.folder;
    // `--config` names the file, in the folder where it says no other.
    let place = folder.join(&context.config);
    anyhow::ensure!(
        !place.exists(),
        "`{}` is there already\nhint: name another folder, or another file with `--config`; \
         nothing was written",
        place.display()
    );
    let folder = place.parent().unwrap_or(folder.as_path()).to_path_buf();
    let folder = &folder;
    let has_issues =
        fs::read_dir(folder.join("issues")).is_ok_and(|files| files.flatten().any(is_seen));
    disk::make_folder(folder)
        .with_context(|| format!("cannot make the folder `{}`", folder.display()))?;
    keep_out(folder)?;
    // The configuration last: while it is missing, `init` can be run again.
    if !has_issues {
        write_new(
            &folder.join("issues").join(format!("{date}-first-issue.md")),
            &issue,
        )?;
    }
    write_new(&place, &config)?;
    let name = context.config.file_name().unwrap_or_default();
    let name = name.to_string_lossy();
    let option = if context.config_is_default {
        String::new()
    } else {
        format!(" --config {}", shell_text(&name))
    };
    let place = std::path::absolute(folder)?;
    say(&format!(
        "a newsletter is ready in `{}`:\n\
         \x20 {name:<13} its name, its address, what is made\n\
         \x20 issues/       one Markdown file per issue\n\
         next:\n\
         \x20 cd {} && newsdesk{option} build     writes feeds/public; put it on your web server\n\
         \x20 newsdesk{option} check              shows what readers should not see\n\
         from cron, silent unless something is wrong:\n\
         \x20 17 * * * *  cd {} && newsdesk{option} run --quiet",
        folder.display(),
        shell_text(&folder.display().to_string()),
        shell_text(&place.display().to_string()),
    ))?;
    Ok(Found::Nothing)
}

/// Keeps what newsdesk remembers, accounts among it, out of the team's repository.
fn keep_out(folder: &Path) -> anyhow::Result<()> {
    const STORE: &str = "# What newsdesk remembers: entries, decisions, accounts.\nnewsdesk.db*\n";
    let place = folder.join(".gitignore");
    let known = fs::read_to_string(&place).unwrap_or_default();
    if known.lines().any(|line| line.trim() == "newsdesk.db*") {
        return Ok(());
    }
    let end = if known.is_empty() || known.ends_with('\n') {
        ""
    } else {
        "\n"
    };
    let text = format!("{known}{end}{STORE}");
    disk::replace(&place, text.as_bytes(), Durability::Lasting)
        .with_context(|| format!("cannot write `{}`", place.display()))
}

/// Whether it is a file that people see; what a kill left of another is none.
fn is_seen(file: fs::DirEntry) -> bool {
    !file.file_name().to_string_lossy().starts_with('.')
}

/// Text as TOML writes it.
fn toml_text(text: &str) -> String {
    toml::Value::from(text).to_string()
}

/// A path as a shell takes it for one word.
fn shell_text(path: &str) -> String {
    let plain = |c: char| c.is_alphanumeric() || "/._-+~".contains(c);
    if path.chars().all(plain) {
        path.to_owned()
    } else {
        format!("'{}'", path.replace('\'', "'\\''"))
    }
}

fn write_new(path: &Path, text: &str) -> anyhow::Result<()> {
    if let Some(parent) = path.parent() {
        disk::make_folder(parent)
            .with_context(|| format!("cannot make the folder `{}`", parent.display()))?;
    }
    disk::create(path, text.as_bytes())
        .with_context(|| format!("cannot write `{}`", path.display()))
}
