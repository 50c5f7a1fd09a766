//! `newsdesk readings`: what the issues recommend.

use std::fmt::Write as _;
use std::path::PathBuf;

use chrono::SecondsFormat;
use newsdesk::model::{Issue, Reading, Severity};
use newsdesk::publish::files::{IssueRead, read_issues};
use serde_json::{Value, json};

use super::{Context, Found, print, print_problems};

/// The arguments of `readings`.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Issue files, wherever they lie; all issues of the newsletter where none is named
    #[arg(value_name = "FILE")]
    files: Vec<PathBuf>,
    /// Print a list with one object per issue
    #[arg(long)]
    json: bool,
}

/// Prints the readings.
pub(super) fn run(context: &Context, args: &Args) -> anyhow::Result<Found> {
    let config = context.config_for_files(&args.files)?;
    let issues = read_issues(&config, &args.files)?;
    if args.json {
        let list: Vec<Value> = issues.iter().map(issue_json).collect();
        print(&format!("{:#}\n", Value::from(list)))?;
    } else {
        print(&issues.iter().map(issue_text).collect::<String>())?;
    }
    // A date that cannot be read is told; the readings are listed all the same.
    let errors: Vec<_> = issues
        .iter()
        .flat_map(|issue| &issue.problems)
        .filter(|problem| problem.severity == Severity::Error)
        .cloned()
        .collect();
    if errors.is_empty() {
        return Ok(Found::Nothing);
    }
    print_problems(&config.root, &errors)?;
    Ok(Found::Problems)
}

fn issue_json(read: &IssueRead) -> Value {
    let stem = read.path.file_stem().unwrap_or_default().to_string_lossy();
    let Some(issue) = &read.issue else {
        return json!({ "issue": stem, "date": null, "title": null, "readings": [] });
    };
    let known = |value: String| {
        if read.right {
            Value::from(value)
        } else {
            Value::Null
        }
    };
    json!({
        "issue": issue.header.stem,
        "date": known(issue.header.published.to_rfc3339_opts(SecondsFormat::Secs, true)),
        "title": known(issue.header.title.clone()),
        "readings": issue.readings.iter().map(reading_json).collect::<Vec<_>>(),
    })
}

fn reading_json(reading: &Reading) -> Value {
    let curator = reading.curator.as_ref();
    json!({
        "title": reading.title,
        "url": reading.url,
        "curator": curator.map(|curator| &curator.name),
        "curator_url": curator.and_then(|curator| curator.url.as_ref()),
        "extra_links": reading.extra_links,
        "commentary_html": reading.commentary_html,
        "kind": reading.kind,
        "category": reading.category,
    })
}

fn issue_text(read: &IssueRead) -> String {
    let mut text = String::new();
    let Some(Issue {
        header, readings, ..
    }) = &read.issue
    else {
        return text;
    };
    if readings.is_empty() {
        return text;
    }
    let date = if read.right {
        header.published.format("%Y-%m-%d").to_string()
    } else {
        String::new()
    };
    let _ = writeln!(
        text,
        "{}",
        format!("{date} {} ({})", header.title, read.path.display()).trim()
    );
    let mut category = None;
    for reading in readings {
        if reading.category.as_ref() != category {
            category = reading.category.as_ref();
            if let Some(name) = category {
                let _ = writeln!(text, "  {name}");
            }
        }
        let curator = reading
            .curator
            .as_ref()
            .map(|curator| format!(" - {}", curator.name))
            .unwrap_or_default();
        let _ = writeln!(
            text,
            "  [{}] {}{curator}",
            reading.kind.name(),
            reading.title
        );
        if let Some(url) = &reading.url {
            let _ = writeln!(text, "      {url}");
        }
    }
    text.push('\n');
    text
}
