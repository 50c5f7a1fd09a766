//! What discovery found, for people and for programs.

use std::fmt::Write as _;

use chrono::{DateTime, Datelike as _, SecondsFormat, Utc};
use newsdesk::discover::{Evidence, Known, Link, Proposal, Reach, Report};
use serde_json::{Value, json};

use super::super::count;
use crate::commands::instant;
use crate::commands::shown::line;

/// Sites that are named where there are many of a sort.
const NAMED: usize = 12;

/// What was found, for a person. Proposals that are not polled are numbered.
pub(super) fn text(report: &Report, links: &[Link], now: DateTime<Utc>, most: usize) -> String {
    let mut text = String::new();
    let (known, new): (Vec<&Proposal>, Vec<&Proposal>) =
        report.proposals.iter().partition(|it| it.known.is_some());
    let _ = writeln!(
        text,
        "{} in {}: {}, {} polled already\n",
        count(report.links, "link"),
        count(readings(links), "reading"),
        count(new.len(), "proposal"),
        known.len()
    );
    text.push_str(&reach(report.reach));
    for (number, proposal) in (1..).zip(&new).take(most) {
        let _ = writeln!(
            text,
            "{number:>4}  {}{}",
            line(&proposal.title),
            kind(proposal)
        );
        let _ = writeln!(text, "      {}", proposal.url);
        let _ = writeln!(text, "      {}", evidence(&proposal.evidence));
        let _ = writeln!(text, "      {}", state(proposal, now));
    }
    if new.len() > most {
        let more = new.len() - most;
        let _ = writeln!(
            text,
            "      … and {more} more: `--all` shows them, `--at-least 2` those with more links"
        );
    }
    polled(&known, &mut text);
    silent(report, &mut text);
    unknown(report, &mut text);
    text
}

/// `these 162 sources carry 74 % of the 1630 readings of your last year; …`
fn reach(reach: Reach) -> String {
    if reach.sources == 0 || reach.readings == 0 {
        return String::new();
    }
    let share = |part: usize| (200 * part + reach.readings) / (2 * reach.readings);
    let these = if reach.sources == 1 {
        "this source carries".to_owned()
    } else {
        format!("these {} sources carry", reach.sources)
    };
    format!(
        "{these} {} % of the {} of your last year; {} % came from a place that an earlier issue had linked to\n\n",
        share(reach.carried),
        count(reach.readings, "reading"),
        share(reach.foreseen)
    )
}

fn polled(known: &[&Proposal], text: &mut String) {
    if !known.is_empty() {
        text.push_str("\npolled already\n");
    }
    for proposal in known {
        let how = match &proposal.known {
            Some(Known::Same(url)) => url.clone(),
            Some(Known::OtherAddress(url)) => {
                format!("{url}, which is the same as {}", proposal.url)
            }
            Some(Known::SameSite(url)) => {
                format!("{url}, another feed of the site of {}", proposal.url)
            }
            None => continue,
        };
        let _ = writeln!(text, "      {how}\n      {}", evidence(&proposal.evidence));
    }
}

fn silent(report: &Report, text: &mut String) {
    if !report.silent.is_empty() {
        text.push_str("\nwithout a feed\n");
    }
    for silent in &report.silent {
        let links = count(silent.evidence.links.len(), "link");
        let because = line(silent.reason.text());
        let _ = writeln!(text, "      {}: {because} ({links})", silent.host);
    }
}

fn unknown(report: &Report, text: &mut String) {
    let all = report.unknown.len();
    if all == 0 {
        return;
    }
    let noun = if all == 1 { "address" } else { "addresses" };
    let _ = writeln!(text, "\nnot looked at yet: {all} {noun}");
    for unknown in report.unknown.iter().take(NAMED) {
        let _ = writeln!(text, "      {}", unknown.question.url);
    }
    if all > NAMED {
        let _ = writeln!(text, "      … and {} more", all - NAMED);
    }
}

fn readings(links: &[Link]) -> usize {
    let mut readings: Vec<(&str, &str)> = links
        .iter()
        .map(|link| (link.issue.as_str(), link.title.as_str()))
        .collect();
    readings.sort_unstable();
    readings.dedup();
    readings.len()
}

fn kind(proposal: &Proposal) -> String {
    proposal
        .kind
        .map_or_else(String::new, |kind| format!(" [{}]", kind.name()))
}

/// `linked 6 times by Nisha and Andrew, last in 2022-08, under "Blog posts"`.
fn evidence(evidence: &Evidence) -> String {
    let mut text = match evidence.links.len() {
        1 => "linked once".to_owned(),
        2 => "linked twice".to_owned(),
        times => format!("linked {times} times"),
    };
    let names: Vec<String> = evidence
        .curators
        .iter()
        .map(|(name, _)| line(name))
        .collect();
    let shown = &names[..names.len().min(4)];
    match shown {
        [] => {}
        [one] => {
            let _ = write!(text, " by {one}");
        }
        [others @ .., last] => {
            let more = names.len() - shown.len();
            let rest = if more > 0 {
                format!(", {last} and {more} more")
            } else {
                format!(" and {last}")
            };
            let _ = write!(text, " by {}{rest}", others.join(", "));
        }
    }
    let last = evidence.last;
    let _ = write!(text, ", last in {}-{:02}", last.year(), last.month());
    if let Some((category, _)) = evidence.categories.first() {
        let _ = write!(text, ", under \"{}\"", line(category));
    }
    text
}

fn state(proposal: &Proposal, now: DateTime<Utc>) -> String {
    let Some(summary) = &proposal.summary else {
        return "by rule alone; nobody has looked".to_owned();
    };
    let latest = match summary.latest {
        None if summary.entries == 0 => "empty at the moment".to_owned(),
        None => "entries without dates".to_owned(),
        Some(at) => {
            let quiet = (now - at).num_days() > 365;
            let word = if quiet { "quiet since" } else { "last entry" };
            format!("{word} {}", at.format("%Y-%m-%d"))
        }
    };
    let entries = if summary.entries == 1 {
        "1 entry".to_owned()
    } else {
        format!("{} entries", summary.entries)
    };
    format!("{}, {entries}, {latest}", summary.format)
}

/// What was found, for a program.
pub(super) fn json(report: &Report, links: &[Link], added: &[&Proposal]) -> String {
    let proposals: Vec<Value> = report
        .proposals
        .iter()
        .map(|it| proposal(it, links, added.iter().any(|added| added.url == it.url)))
        .collect();
    let silent: Vec<Value> = report
        .silent
        .iter()
        .map(|it| {
            json!({
                "host": it.host,
                "why": it.reason.name(),
                "because": it.reason.text(),
                "evidence": shown(&it.evidence, links),
            })
        })
        .collect();
    let unknown: Vec<Value> = report
        .unknown
        .iter()
        .map(|it| json!({ "asks": it.question.url, "evidence": shown(&it.evidence, links) }))
        .collect();
    let all = json!({
        "links": report.links,
        "reach": {
            "readings": report.reach.readings,
            "sources": report.reach.sources,
            "carried": report.reach.carried,
            "foreseen": report.reach.foreseen,
        },
        "proposals": proposals,
        "without_feed": silent,
        "not_looked_at": unknown,
    });
    format!("{all:#}\n")
}

fn proposal(proposal: &Proposal, links: &[Link], added: bool) -> Value {
    let summary = proposal.summary.as_ref();
    let how = |known: &Known| match known {
        Known::Same(_) => "same-address",
        Known::OtherAddress(_) => "other-address",
        Known::SameSite(_) => "same-site",
    };
    json!({
        "url": proposal.url,
        "title": proposal.title,
        "site": proposal.site,
        "kind": proposal.kind,
        "certainty": proposal.certainty,
        "second": proposal.second,
        "feed": summary.map(|it| json!({
            "format": it.format,
            "entries": it.entries,
            "latest": it.latest.map(instant),
        })),
        "polled": proposal.known.as_ref().map(|it| json!({ "url": it.url(), "how": how(it) })),
        "added": added,
        "evidence": shown(&proposal.evidence, links),
    })
}

fn shown(evidence: &Evidence, links: &[Link]) -> Value {
    let counted = |list: &[(String, usize)]| -> Vec<Value> {
        list.iter()
            .map(|(name, readings)| json!({ "name": name, "readings": readings }))
            .collect()
    };
    let mut addresses: Vec<&str> = evidence
        .links
        .iter()
        .map(|at| links[*at].url.as_str())
        .collect();
    addresses.dedup();
    json!({
        "readings": evidence.readings,
        "recent": evidence.recent,
        "links": addresses,
        "curators": counted(&evidence.curators),
        "categories": counted(&evidence.categories),
        "first": evidence.first.to_rfc3339_opts(SecondsFormat::Secs, true),
        "last": evidence.last.to_rfc3339_opts(SecondsFormat::Secs, true),
    })
}
