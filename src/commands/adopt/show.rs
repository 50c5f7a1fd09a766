//! What `adopt` found, for people and for programs.

use std::fmt::Write as _;

use newsdesk::adopt::{Proposal, Tool};
use newsdesk::issues::readings::Sections;
use serde_json::{Value, json};

use super::trial::Outcome;
use crate::commands::count;

/// More files than these are not named.
const MOST_NAMED: usize = 12;

/// What was found, in a few lines.
pub(super) fn summary(proposal: &Proposal, outcome: &Outcome, files: usize) -> String {
    let mut text = format!(
        "found {} in `{}`, of {}",
        count(outcome.issues, "issue"),
        proposal.folder.display(),
        count(files, "Markdown file"),
    );
    if let Some(tool) = proposal.tool {
        let _ = write!(text, ", published with {}", tool.name());
    }
    let _ = write!(text, "\n{}", count(outcome.readings, "reading"));
    match &proposal.sections {
        Sections::All => text.push_str(" under all headings"),
        Sections::Named(names) => {
            let _ = write!(text, " under `{}`", names.join("`, `"));
        }
    }
    let _ = match outcome.signed {
        0 => write!(text, ", signed by nobody"),
        signed => write!(text, ", {signed} of them signed"),
    };
    if outcome.warnings > 0 {
        let _ = write!(
            text,
            "\n{}; `newsdesk check --accept-known` takes those of old issues for known",
            count(outcome.warnings, "warning")
        );
    }
    for note in &proposal.notes {
        let _ = write!(text, "\nnote: {note}");
    }
    for (path, why) in outcome.left_out.iter().take(MOST_NAMED) {
        let _ = write!(text, "\nleft out: {path}: {why}");
    }
    if let Some(more) = outcome
        .left_out
        .len()
        .checked_sub(MOST_NAMED)
        .filter(|more| *more > 0)
    {
        let _ = write!(text, "\nleft out: {}", count(more, "more file"));
    }
    if let Some((entries, changed)) = outcome.compared {
        let _ = write!(
            text,
            "\nof {} in the feed, {changed} would come back as unread or be gone",
            count(entries, "entry").replace("entrys", "entries")
        );
    }
    text.push('\n');
    text
}

/// The same for programs.
pub(super) fn json(proposal: &Proposal, outcome: &Outcome, text: &str) -> Value {
    let left_out = outcome.left_out.iter();
    json!({
        "tool": proposal.tool.map(Tool::name),
        "issues": outcome.issues,
        "readings": outcome.readings,
        "signed": outcome.signed,
        "warnings": outcome.warnings,
        "notes": proposal.notes,
        "left_out": left_out
            .map(|(path, why)| json!({ "path": path, "problem": why }))
            .collect::<Vec<_>>(),
        "compared": outcome.compared.map(|(entries, changed)| json!({
            "entries": entries,
            "ids_changed": changed,
        })),
        "config": text,
    })
}
