//! `newsdesk accept`, `decline`, `later` and `undo`: what curators answer to candidates.

use anyhow::Context as _;
use newsdesk::config::Config;
use newsdesk::desk::archive::Archive;
use newsdesk::desk::collect;
use newsdesk::desk::decisions::{self, Decided, Undone, Verdict, holding, take_back};
use newsdesk::model::EntryId;
use newsdesk::store::{Answer, Decision, Remembered, Store, Used};
use serde_json::{Value, json};

use super::store::{entries, in_runtime, open};
use super::{Context, Found, add, print, say, shown};
use crate::commands::instant;

/// The environment variable that says who decides.
const CURATOR: &str = "NEWSDESK_CURATOR";

/// Who decides, and how it is told.
#[derive(Debug, clap::Args)]
pub(super) struct Voice {
    /// Who decides; as the issues write the name
    #[arg(long, value_name = "NAME", env = CURATOR, hide_env_values = true)]
    by: Option<String>,
    /// Print a list with one object per decision
    #[arg(long)]
    json: bool,
}

/// The arguments of `accept` and `decline`.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// The number that `suggest` prints, or the address
    #[arg(value_name = "ID", required = true)]
    ids: Vec<String>,
    /// What there is to say of it, Markdown; of an accepted one, the commentary in the draft
    #[arg(long, value_name = "TEXT")]
    note: Option<String>,
    #[command(flatten)]
    voice: Voice,
}

/// The arguments of `later`.
#[derive(Debug, clap::Args)]
pub(super) struct LaterArgs {
    /// The number that `suggest` prints, or the address
    #[arg(value_name = "ID", required = true)]
    ids: Vec<String>,
    /// When it comes back: `2w`, `10d`, or a day such as `2026-12-24`
    #[arg(value_name = "WHEN", required = true)]
    when: String,
    #[command(flatten)]
    voice: Voice,
}

/// The arguments of `undo`.
#[derive(Debug, clap::Args)]
pub(super) struct UndoArgs {
    /// Whose last decision is taken back; the last of all where none is named
    #[arg(value_name = "ID")]
    ids: Vec<String>,
    #[command(flatten)]
    voice: Voice,
}

/// Takes candidates into the next issue.
pub(super) fn accept(context: &Context, args: &Args) -> anyhow::Result<Found> {
    let config = context.config()?;
    let curator = curator(&config, &args.voice)?;
    let curator = Some(curator.with_context(|| nobody(&config))?);
    let verdict = Verdict {
        answer: Answer::Accept,
        curator,
        note: args.note.as_deref().and_then(decisions::note),
        until: None,
    };
    decide(context, &config, &args.ids, &verdict, args.voice.json)
}

/// Keeps candidates from being suggested again.
pub(super) fn decline(context: &Context, args: &Args) -> anyhow::Result<Found> {
    let config = context.config()?;
    let verdict = Verdict {
        answer: Answer::Decline,
        curator: curator(&config, &args.voice)?,
        note: args.note.as_deref().and_then(decisions::note),
        until: None,
    };
    decide(context, &config, &args.ids, &verdict, args.voice.json)
}

/// Puts candidates off.
pub(super) fn later(context: &Context, args: &LaterArgs) -> anyhow::Result<Found> {
    let config = context.config()?;
    let verdict = Verdict {
        answer: Answer::Later,
        curator: curator(&config, &args.voice)?,
        note: None,
        until: Some(decisions::until(
            config.issues.time_zone,
            &args.when,
            context.now,
        )?),
    };
    decide(context, &config, &args.ids, &verdict, args.voice.json)
}

/// Takes decisions back.
pub(super) fn undo(context: &Context, args: &UndoArgs) -> anyhow::Result<Found> {
    let config = context.config()?;
    let by = match &args.voice.by {
        Some(_) => curator(&config, &args.voice)?,
        None => None,
    };
    in_runtime(async {
        let store = open(context, &config).await?;
        let newsletter = &config.issues.newsletter.authority;
        let undone = if args.ids.is_empty() {
            undo_last(context, &store, newsletter, by.as_deref()).await?
        } else {
            undo_these(context, &store, newsletter, &args.ids).await?
        };
        let used = store.used(newsletter).await?;
        store.close().await;
        tell_undone(&undone, &used, args.voice.json)
    })
}

/// Who decides: as it was said, or the only one that it can be.
fn curator(config: &Config, voice: &Voice) -> anyhow::Result<Option<String>> {
    let given = voice.by.as_deref().map(shown::line);
    let archive = Archive::read(config)?;
    if let Some(given) = given.filter(|given| !given.is_empty()) {
        if let Some(known) = archive.known_name(&given) {
            return Ok(Some(known));
        }
        let names = archive.curators();
        if !names.is_empty() {
            say(&format!(
                "note: `{given}` has recommended nothing so far; the issues name {}",
                list(&names)
            ))?;
        }
        return Ok(Some(given));
    }
    let authors = config.issues.newsletter.authors.iter();
    let mut names = archive.curators();
    for author in authors {
        let lower = author.name.to_lowercase();
        if !names.iter().any(|name| name.to_lowercase() == lower) {
            names.push(author.name.clone());
        }
    }
    Ok(names.pop().filter(|_| names.is_empty()))
}

/// What is said where an accepted candidate would have no curator.
fn nobody(config: &Config) -> String {
    let names = Archive::read(config).map_or_else(|_| Vec::new(), |archive| archive.curators());
    let known = if names.is_empty() {
        String::new()
    } else {
        format!("; the issues name {}", list(&names))
    };
    format!(
        "it is not said who accepts\nhint: add `--by NAME`, or set `{CURATOR}` once and for all{known}"
    )
}

fn list(names: &[String]) -> String {
    const MOST: usize = 12;
    let some: Vec<String> = names
        .iter()
        .take(MOST)
        .map(|name| format!("`{}`", shown::line(name)))
        .collect();
    let more = if names.len() > MOST { ", …" } else { "" };
    format!("{}{more}", some.join(", "))
}

fn decide(
    context: &Context,
    config: &Config,
    ids: &[String],
    verdict: &Verdict,
    json: bool,
) -> anyhow::Result<Found> {
    in_runtime(async {
        let store = open(context, config).await?;
        let newsletter = &config.issues.newsletter.authority;
        let mut ids = ids.to_vec();
        if verdict.answer == Answer::Accept {
            collect_unknown(context, config, &store, &mut ids).await?;
        }
        let entries = entries(&store, &ids).await?;
        let decided = decisions::decide(&store, newsletter, entries, verdict, context.now).await?;
        let used = store.used(newsletter).await?;
        store.close().await;
        tell(config, &decided, &used, json)
    })
}

/// Whoever accepts an address that no source brought has found it elsewhere: it becomes an entry.
async fn collect_unknown(
    context: &Context,
    config: &Config,
    store: &Store,
    ids: &mut [String],
) -> anyhow::Result<()> {
    // A number that nothing has is a slip: nothing is changed then.
    for id in ids.iter().filter_map(|id| id.parse().ok()) {
        if store.entry(EntryId(id)).await?.is_none() {
            return Ok(());
        }
    }
    for id in ids {
        let Ok(url) = collect::web_address(id) else {
            continue;
        };
        if id.contains("://") && store.entry_at(id).await?.is_none() {
            // Its page may want to be known by another address.
            *id = add::bring(context, config, store, &url)
                .await?
                .0
                .to_string();
        }
    }
    Ok(())
}

fn issue_of(used: &[Used], entry: EntryId) -> Option<&str> {
    let found = used.iter().find(|used| used.entry == entry);
    found.map(|used| used.issue.as_str())
}

fn tell(config: &Config, decided: &[Decided], used: &[Used], json: bool) -> anyhow::Result<Found> {
    if json {
        let list: Vec<Value> = decided
            .iter()
            .map(|it| {
                let mut value = entry_json(&it.entry, used);
                merge(&mut value, decision_json(&it.decision));
                value["before"] = it.before.as_ref().map_or(Value::Null, decision_json);
                value
            })
            .collect();
        print(&format!("{:#}\n", Value::from(list)))?;
        return Ok(Found::Nothing);
    }
    for it in decided {
        let id = it.entry.id.0;
        print(&format!(
            "{} {id}: {}{}\n",
            done(config, &it.decision),
            title(&it.entry),
            whose(&it.decision)
        ))?;
        if let Some(before) = &it.before {
            say(&format!("note: {} held until now", told(before)))?;
        }
        if let Some(issue) = issue_of(used, it.entry.id) {
            say(&format!("note: `{issue}` has it already"))?;
        }
    }
    Ok(Found::Nothing)
}

fn done(config: &Config, decision: &Decision) -> String {
    match (decision.answer, decision.until) {
        (Answer::Accept, _) => "accepted".to_owned(),
        (Answer::Decline, _) => "declined".to_owned(),
        (Answer::Later, None) => "put off".to_owned(),
        (Answer::Later, Some(until)) => {
            let day = until.with_timezone(&config.issues.time_zone);
            format!("put off until {}:", day.format("%Y-%m-%d"))
        }
    }
}

fn whose(decision: &Decision) -> String {
    let mut parts = Vec::new();
    if let Some(curator) = &decision.curator {
        parts.push(format!("by {}", shown::line(curator)));
    }
    match (decision.answer, &decision.note) {
        (_, Some(_)) => parts.push("with a note".to_owned()),
        (Answer::Accept, None) => parts.push("without a note yet".to_owned()),
        _ => {}
    }
    if parts.is_empty() {
        return String::new();
    }
    format!(" ({})", parts.join(", "))
}

/// A decision in half a sentence: `the decline by Ada of 2026-11-01`.
fn told(decision: &Decision) -> String {
    let answer = match decision.answer {
        Answer::Accept => "`accept`",
        Answer::Decline => "`decline`",
        Answer::Later => "`later`",
    };
    let by = decision
        .curator
        .as_ref()
        .map_or_else(String::new, |name| format!(" by {}", shown::line(name)));
    format!("{answer}{by} of {}", decision.at.format("%Y-%m-%d"))
}

fn title(entry: &Remembered) -> String {
    shown::title(&entry.entry.title, entry.entry.url.as_deref())
}

fn entry_json(entry: &Remembered, used: &[Used]) -> Value {
    json!({
        "id": entry.id,
        "title": title(entry),
        "url": entry.entry.url.as_deref().map(shown::address),
        "issue": issue_of(used, entry.id),
    })
}

fn decision_json(decision: &Decision) -> Value {
    json!({
        "answer": decision.answer,
        "curator": decision.curator,
        "note": decision.note,
        "until": decision.until.map(instant),
        "at": instant(decision.at),
    })
}

fn merge(value: &mut Value, more: Value) {
    if let (Value::Object(value), Value::Object(more)) = (value, more) {
        value.extend(more);
    }
}

/// Takes back the last decision, of all or of one curator.
async fn undo_last(
    context: &Context,
    store: &Store,
    newsletter: &str,
    by: Option<&str>,
) -> anyhow::Result<Vec<Undone>> {
    let decisions = store.decisions(newsletter).await?;
    let own = |decision: &&Decision| by.is_none() || decision.curator.as_deref() == by;
    let last = decisions.iter().rfind(own).with_context(|| match by {
        Some(name) => format!("no decision of `{name}` holds"),
        None => "nothing was decided yet\nhint: `newsdesk suggest` shows candidates".to_owned(),
    })?;
    let entry = store.entry(last.entry).await?;
    let entry = entry.context("what was decided on is no longer in the store")?;
    Ok(take_back(store, newsletter, vec![entry], context.now).await?)
}

/// Takes back the decisions on these entries, all or none.
async fn undo_these(
    context: &Context,
    store: &Store,
    newsletter: &str,
    ids: &[String],
) -> anyhow::Result<Vec<Undone>> {
    let entries = entries(store, ids).await?;
    let mut open = Vec::new();
    for entry in &entries {
        if holding(&store.history_of(newsletter, entry.id).await?).is_none() {
            open.push(format!("{} (`{}`)", entry.id.0, title(entry)));
        }
    }
    anyhow::ensure!(
        open.is_empty(),
        "nothing holds that was decided on {}\nhint: nothing was changed; without a number, \
         `newsdesk undo` takes back the last decision",
        open.join(", ")
    );
    Ok(take_back(store, newsletter, entries, context.now).await?)
}

fn tell_undone(undone: &[Undone], used: &[Used], json: bool) -> anyhow::Result<Found> {
    if json {
        let list: Vec<Value> = undone
            .iter()
            .map(|it| {
                let mut value = entry_json(&it.entry, used);
                value["undone"] = decision_json(&it.decision);
                value["holds"] = it.holds.as_ref().map_or(Value::Null, decision_json);
                value
            })
            .collect();
        print(&format!("{:#}\n", Value::from(list)))?;
        return Ok(Found::Nothing);
    }
    for it in undone {
        let holds = it.holds.as_ref().map_or_else(
            || "it is a candidate again".to_owned(),
            |holds| format!("{} holds again", told(holds)),
        );
        print(&format!(
            "took back {} on {}: {}; {holds}\n",
            told(&it.decision),
            it.entry.id.0,
            title(&it.entry)
        ))?;
        if let Some(issue) = issue_of(used, it.entry.id) {
            say(&format!(
                "note: `{issue}` has it already; take it out there too"
            ))?;
        }
    }
    Ok(Found::Nothing)
}
