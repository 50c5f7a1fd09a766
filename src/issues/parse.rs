//! From an issue file's header and body to an issue.

use std::collections::HashMap;
use std::ops::Range;

use xxhash_rust::xxh3::xxh3_64;

use super::lint::{self, ReadingSeen};
use super::markdown::{self, Spanned};
use super::readings::signing::Signatures;
use super::readings::{self, Found, Signing};
use super::{Options, content, templates};
use crate::model::{Header, Id, Issue, Problem, Reading};

/// The longest summary that is made of a body, in characters.
const SUMMARY: usize = 280;

/// An issue, with what is wrong with its body.
#[derive(Clone, Debug)]
pub struct Parsed {
    /// The issue.
    pub issue: Issue,
    /// Where the titles of its readings stand in the file.
    pub spans: Vec<Range<usize>>,
    /// The names in its readings.
    pub signatures: Signatures,
    /// Warnings about the body.
    pub problems: Vec<Problem>,
}

/// What is made of a body beside its HTML; what no document needs is left empty, because it costs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Wanted {
    /// The plain text for e-mails.
    pub text: bool,
    /// The commentary of the readings.
    pub commentary: bool,
}

impl Wanted {
    /// All of it.
    pub const ALL: Self = Self {
        text: true,
        commentary: true,
    };
}

/// Reads the body of an issue file whose header is known.
pub fn parse(
    header: Header,
    file: &str,
    body: Range<usize>,
    options: &Options,
    wanted: Wanted,
) -> Parsed {
    let plain = templates::read(file, body.clone());
    let events = markdown::parse(&plain.text, body.clone());
    let found = readings::find(&events, &options.sections, options.signing);
    let mut problems = lint::problems(
        &events,
        &lint::Context {
            path: &header.path,
            file,
            body,
            page: &header.url,
            clean: options.clean_html,
        },
    );
    problems.extend(plain.problems(&header.path));
    let seen: Vec<ReadingSeen<'_>> = found.iter().map(seen).collect();
    let of_readings = lint::readings_problems(&header.path, &seen);
    let of_readings = of_readings
        .into_iter()
        .filter(|problem| !is_told(file, &problems, problem));
    let of_readings: Vec<Problem> = of_readings.collect();
    problems.extend(of_readings);
    let signatures = Signatures::of(&found);
    let spans = found.iter().map(|reading| reading.span.clone()).collect();
    let readings = identify(&header, found, options, wanted);
    let (html, text) = if wanted.text {
        let both = content::both(&events, &header.url, options.clean_html);
        (both.html, both.text)
    } else {
        (
            content::html(&events, &header.url, options.clean_html),
            String::new(),
        )
    };
    let mut header = header;
    if header.summary.is_none() {
        header.summary = content::summary(&events, SUMMARY);
    }
    Parsed {
        issue: Issue {
            header,
            html,
            text,
            readings,
        },
        spans,
        signatures,
        problems,
    }
}

/// The names in the readings of an issue file, wherever a curator's could stand.
pub fn signatures(file: &str, body: Range<usize>, options: &Options) -> Signatures {
    let plain = templates::read(file, body.clone());
    let events = markdown::parse(&plain.text, body);
    Signatures::of(&readings::find(
        &events,
        &options.sections,
        Signing::ANYWHERE,
    ))
}

/// Whether the line of a reading without link has the reason for that already.
fn is_told(file: &str, problems: &[Problem], problem: &Problem) -> bool {
    let start = problem.span.start.min(file.len());
    let from = file[..start].rfind('\n').map_or(0, |at| at + 1);
    let to = file[start..].find('\n').map_or(file.len(), |at| start + at);
    let reasons = [
        "bad-link",
        "empty-link",
        "undefined-reference",
        "unsafe-link",
        "template",
    ];
    problem.code == "reading-without-link"
        && problems.iter().any(|other| {
            reasons.contains(&other.code.as_ref()) && (from..=to).contains(&other.span.start)
        })
}

fn seen<'f>(found: &'f Found<'_>) -> ReadingSeen<'f> {
    ReadingSeen {
        title: &found.title,
        url: found.url.as_deref(),
        has_curator: found.curator.is_some(),
        span: found.span.clone(),
    }
}

/// Gives the readings their ids: the issue's, and a number made of the link (of the title where
/// there is none), so that a reading keeps its id when others come before it.
fn identify(
    header: &Header,
    found: Vec<Found<'_>>,
    options: &Options,
    wanted: Wanted,
) -> Vec<Reading> {
    let mut times: HashMap<u64, usize> = HashMap::new();
    found
        .into_iter()
        .map(|found| {
            let made_of = found.url.as_deref().unwrap_or(&found.title);
            let number = xxh3_64(made_of.as_bytes());
            let time = times
                .entry(number)
                .and_modify(|times| *times += 1)
                .or_insert(1);
            let again = if *time == 1 {
                String::new()
            } else {
                format!("-{time}")
            };
            Reading {
                id: Id(format!("{}#reading-{number:016x}{again}", header.id)),
                commentary_html: if wanted.commentary {
                    commentary(&found.commentary, header, options)
                } else {
                    String::new()
                },
                title: found.title,
                url: found.url,
                curator: found.curator,
                extra_links: found.extra_links,
                kind: found.kind,
                category: found.category,
            }
        })
        .collect()
}

fn commentary(events: &[Spanned<'_>], header: &Header, options: &Options) -> String {
    content::html(events, &header.url, options.clean_html)
        .trim_end()
        .to_owned()
}
