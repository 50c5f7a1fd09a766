//! What is published already, and what readers would notice of the difference.

use std::cell::LazyCell;
use std::collections::{HashMap, HashSet};
use std::path::{Path, PathBuf};

use crate::feeds::Options;
use crate::feeds::manifest::{self, Manifest, Published};
use crate::feeds::plan::{self, IssueFacts};
use crate::model::{Problem, Severity, address};
use chrono::{DateTime, SecondsFormat, TimeZone, Utc};

/// The entries that a build of the issues publishes: those of the issues, those of the readings.
pub fn entries(issues: &[IssueFacts], options: &Options) -> (Vec<Published>, Vec<Published>) {
    let own = issues.iter().map(issue_entry).collect();
    let readings = if options.documents.readings {
        issues.iter().flat_map(reading_entries).collect()
    } else {
        Vec::new()
    };
    (own, readings)
}

fn issue_entry(issue: &IssueFacts) -> Published {
    Published {
        id: issue.header.id.0.clone(),
        title: issue.header.title.clone(),
        link: Some(issue.header.url.to_string()),
        published: Some(instant(&issue.header.published)),
        updated: Some(instant(&issue.header.updated)),
    }
}

fn reading_entries(issue: &IssueFacts) -> impl Iterator<Item = Published> + '_ {
    issue
        .readings
        .iter()
        .enumerate()
        .map(|(place, reading)| Published {
            id: reading.id.0.clone(),
            title: reading.title.clone(),
            link: reading
                .url
                .as_deref()
                .and_then(|url| address::absolute(&issue.header.url, url))
                .map(std::borrow::Cow::into_owned),
            published: Some(instant(&issue.header.published)),
            updated: Some(instant(&plan::updated(&issue.header, Some(place)))),
        })
}

/// An instant as the manifest has it.
pub fn instant<Tz: TimeZone>(instant: &DateTime<Tz>) -> String {
    instant
        .with_timezone(&Utc)
        .to_rfc3339_opts(SecondsFormat::Secs, true)
}

/// What readers would notice of the difference between what is published and the issues as they
/// are now.
pub fn problems(published: &Manifest, issues: &[IssueFacts], at: &Path) -> Vec<Problem> {
    let now = Now::of(issues);
    // Only where an id is gone does anybody ask for links and titles.
    let heirs = LazyCell::new(|| Heirs::of(issues));
    let mut problems = Vec::new();
    for list in [&published.issues, &published.readings] {
        let mut seen: HashSet<&str> = HashSet::with_capacity(list.len());
        for entry in list {
            if !seen.insert(&entry.id) {
                problems.push(problem(
                    "id-twice",
                    at,
                    format!(
                        "the id `{}` is published twice, last with `{}`",
                        entry.id, entry.title
                    ),
                    "readers show one of the two entries; give one of them an `id` of its own",
                ));
            } else if let Some(issue) = now.by_id.get(entry.id.as_str()) {
                problems.extend(moved(entry, issue));
            } else {
                problems.push(heirs.without_id(entry, at));
            }
        }
    }
    problems
}

/// The issues of the entries as they would be published now, by id.
struct Now<'a> {
    by_id: HashMap<&'a str, &'a IssueFacts>,
}

impl<'a> Now<'a> {
    fn of(issues: &'a [IssueFacts]) -> Self {
        let mut by_id = HashMap::with_capacity(issues.len() * 4);
        for issue in issues {
            by_id.insert(issue.header.id.0.as_str(), issue);
            by_id.extend(
                issue
                    .readings
                    .iter()
                    .map(|reading| (reading.id.0.as_str(), issue)),
            );
        }
        Self { by_id }
    }
}

/// The date of an entry that moved.
fn moved(old: &Published, issue: &IssueFacts) -> Option<Problem> {
    let was = old.published.as_deref()?;
    let header = &issue.header;
    let same = DateTime::parse_from_rfc3339(was)
        .is_ok_and(|was| was.timestamp() == header.published.timestamp());
    (!same).then(|| {
        problem(
            "date-moved",
            &header.path,
            format!(
                "the date of `{}` moved from {was} to {}",
                old.title,
                instant(&header.published)
            ),
            "readers may sort it elsewhere or show it again; to say that the text changed, leave \
             the date and write `updated`",
        )
    })
}

/// Entries that may be what another one was, by link and by title.
struct Heirs {
    by_link: HashMap<String, (Published, PathBuf)>,
    by_title: HashMap<String, (Published, PathBuf)>,
}

impl Heirs {
    fn of(issues: &[IssueFacts]) -> Self {
        let mut heirs = Self {
            by_link: HashMap::new(),
            by_title: HashMap::new(),
        };
        for issue in issues {
            for entry in std::iter::once(issue_entry(issue)).chain(reading_entries(issue)) {
                let path = &issue.header.path;
                if let Some(link) = &entry.link {
                    heirs
                        .by_link
                        .insert(link.clone(), (entry.clone(), path.clone()));
                }
                heirs
                    .by_title
                    .insert(entry.title.clone(), (entry, path.clone()));
            }
        }
        heirs
    }

    fn without_id(&self, old: &Published, at: &Path) -> Problem {
        let same_link = old.link.as_ref().and_then(|link| self.by_link.get(link));
        let Some((new, path)) = same_link.or_else(|| self.by_title.get(&old.title)) else {
            return problem(
                "id-lost",
                at,
                format!(
                    "`{}` is published and would be gone (`{}`)",
                    old.title, old.id
                ),
                "those who have it keep it, others never see it; bring its issue or its link \
                 back, or build to accept it",
            );
        };
        problem(
            "id-changed",
            path,
            format!(
                "`{}` would come back as unread: its id was `{}`, and would be `{}`",
                new.title, old.id, new.id
            ),
            &format!(
                "keep the slug and the link as they were, or write `id: {}`",
                old.id
            ),
        )
    }
}

fn problem(code: &'static str, path: &Path, message: String, hint: &str) -> Problem {
    Problem {
        severity: Severity::Warning,
        code: code.into(),
        path: path.to_path_buf(),
        span: 0..0,
        message,
        hint: Some(hint.to_owned()),
    }
}

/// The manifest's file.
pub fn manifest_path(options: &Options) -> PathBuf {
    options.folder.join(manifest::FILE_NAME)
}
