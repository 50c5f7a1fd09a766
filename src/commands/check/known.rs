//! What the team knows of already: problems of old issues that nobody will mend.
//!
//! One line a problem, in a file beside the configuration that the team keeps with its issues.

use std::collections::HashSet;
use std::fs;
use std::io;
use std::path::PathBuf;

use anyhow::Context as _;
use newsdesk::config::Config;
use newsdesk::disk::{self, Durability};
use newsdesk::model::Problem;

use crate::commands::{Found, count, say, text_of};

/// The file's name.
const FILE: &str = "check-known.txt";

/// Problems that are known.
pub(super) struct Known {
    lines: HashSet<String>,
}

impl Known {
    /// Whether the problem is one of them.
    pub(super) fn has(&self, config: &Config, problem: &Problem) -> bool {
        !self.lines.is_empty() && self.lines.contains(&line(config, problem))
    }
}

/// Reads what is known; nothing where there is no file.
pub(super) fn read(config: &Config) -> anyhow::Result<Known> {
    let text = match fs::read_to_string(place(config)) {
        Ok(text) => text,
        Err(error) if error.kind() == io::ErrorKind::NotFound => String::new(),
        Err(error) => return Err(error).context(format!("cannot read `{FILE}`")),
    };
    let lines = text.lines().filter(|line| !line.starts_with('#'));
    Ok(Known {
        lines: lines.map(str::to_owned).collect(),
    })
}

/// Writes these problems as the known ones.
pub(super) fn write(config: &Config, problems: &[Problem]) -> anyhow::Result<Found> {
    let mut lines: Vec<String> = problems
        .iter()
        .map(|problem| line(config, problem))
        .collect();
    lines.sort();
    lines.dedup();
    let mut text =
        "# What `newsdesk check` does not tell again; `newsdesk check --accept-known` wrote it.\n"
            .to_owned();
    for line in lines {
        text.push_str(&line);
        text.push('\n');
    }
    disk::replace(&place(config), text.as_bytes(), Durability::Lasting)
        .with_context(|| format!("cannot write `{FILE}`"))?;
    say(&format!(
        "{} known from now on, in `{FILE}`",
        count(problems.len(), "warning")
    ))?;
    Ok(Found::Nothing)
}

fn place(config: &Config) -> PathBuf {
    config.root.join(FILE)
}

/// A problem by file, code and what the file says there: it stays the same when lines move.
fn line(config: &Config, problem: &Problem) -> String {
    let text = text_of(&config.root, &problem.path).unwrap_or_default();
    let said = text.get(problem.span.clone()).unwrap_or("");
    let said: Vec<&str> = said.split_whitespace().collect();
    let said: String = said.join(" ").chars().take(120).collect();
    let said = if said.is_empty() {
        problem.message.clone()
    } else {
        said
    };
    format!("{}\t{}\t{said}", problem.path.display(), problem.code)
}
