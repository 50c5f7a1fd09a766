//! Which Markdown files of an archive are issues, and when they appeared.

use std::collections::{BTreeMap, HashMap};
use std::path::{Path, PathBuf};

use chrono::NaiveDate;

use super::site::Tool;
use super::slashed;
use crate::issues::date;
use crate::issues::front;

/// A Markdown file of the archive.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct File {
    /// Where it is, below the folder of the configuration.
    pub path: PathBuf,
    /// All of it.
    pub text: String,
    /// Whether its front matter has a date.
    pub dated: bool,
    /// The title in its front matter.
    pub title: Option<String>,
    /// Where its Markdown begins.
    pub body: usize,
    /// The day on which git first saw it.
    pub first_seen: Option<NaiveDate>,
}

impl File {
    /// Looks at a file.
    pub fn new(path: PathBuf, text: String, first_seen: Option<NaiveDate>) -> Self {
        let front = front::split(&text).ok();
        let body = front.as_ref().map_or(0, |front| front.body.start);
        let fields = front
            .as_ref()
            .and_then(|front| front::fields(&text, front).ok());
        let fields = fields.unwrap_or_default();
        let key = |field: &front::Field<'_>| field.key.to_lowercase().replace(['_', '-'], "");
        let dated = fields.iter().any(|field| {
            [
                "date",
                "pubdate",
                "publishdate",
                "datepublished",
                "publishedat",
                "published",
            ]
            .contains(&key(field).as_str())
                && field
                    .value
                    .value
                    .text()
                    .is_some_and(|text| text.contains(|c: char| c.is_ascii_digit()))
        });
        let title = fields.iter().find(|field| key(field) == "title");
        let title = title
            .and_then(|field| field.value.value.text())
            .map(str::to_owned);
        Self {
            path,
            text,
            dated,
            title,
            body,
            first_seen,
        }
    }

    /// Whether neither front matter nor name says when it appeared.
    pub fn needs_day(&self) -> bool {
        !self.dated && self.path_date().is_none()
    }

    /// Its Markdown.
    pub fn body(&self) -> &str {
        self.text.get(self.body..).unwrap_or("")
    }

    /// The name by which people know it: that of a page bundle is its folder's.
    fn name(&self) -> String {
        let stem = self.path.file_stem().unwrap_or_default().to_string_lossy();
        let folder = self.path.parent().and_then(Path::file_name);
        match folder {
            Some(folder) if stem == "index" => folder.to_string_lossy().into_owned(),
            _ => stem.into_owned(),
        }
    }

    /// Whether its name has a number beside its date.
    pub(super) fn is_numbered(&self) -> bool {
        let name = self.name();
        let rest = date::without_date(&name);
        rest.contains(|c: char| c.is_ascii_digit())
            && (rest.len() < name.len() || date::in_name(rest).is_none())
    }

    /// Whether its name has a number, as issues have.
    fn has_number(&self) -> bool {
        self.name().contains(|c: char| c.is_ascii_digit())
    }

    fn path_date(&self) -> Option<date::NameDate> {
        let bundle = self.path.file_stem().is_some_and(|stem| stem == "index");
        let whole = if bundle {
            self.path.parent().unwrap_or(&self.path).to_path_buf()
        } else {
            self.path.with_extension("")
        };
        date::in_path(&slashed(&whole))
    }

    /// The year of a folder that it lies in.
    fn year(&self) -> Option<i32> {
        let folders = self.path.parent()?.iter();
        let years = folders.filter_map(|part| part.to_str()?.parse().ok());
        let mut years = years.filter(|year| (1990..=2200).contains(year));
        years.next_back()
    }

    /// Whether it could be an issue: a date, or a number and no name of a page.
    fn is_likely(&self) -> bool {
        !self.is_page() && (self.dated || self.path_date().is_some() || self.has_number())
    }

    /// Whether its name or its folder's is that of a page that every site has.
    fn is_page(&self) -> bool {
        let name = self.name().to_lowercase();
        PAGES.contains(&name.as_str())
            || self
                .path
                .parent()
                .into_iter()
                .flat_map(Path::iter)
                .any(|part| {
                    FOLDERS
                        .iter()
                        .any(|folder| part.eq_ignore_ascii_case(folder))
                })
    }
}

/// Names of pages that are no issues.
const PAGES: &[&str] = &[
    "404",
    "_index",
    "about",
    "about-us",
    "accessibility",
    "archive",
    "archives",
    "authors",
    "changelog",
    "code-of-conduct",
    "code_of_conduct",
    "contact",
    "contribute",
    "contributing",
    "draft",
    "faq",
    "home",
    "impressum",
    "imprint",
    "index",
    "issues",
    "license",
    "links",
    "privacy",
    "privacy-policy",
    "readme",
    "search",
    "security",
    "sponsor",
    "sponsors",
    "submit",
    "subscribe",
    "success",
    "tags",
    "template",
    "terms",
    "thanks",
    "todo",
    "unsubscribe",
];

/// Folders of what is no issue.
const FOLDERS: &[&str] = &[
    ".github",
    "_drafts",
    "_includes",
    "_layouts",
    "archetypes",
    "authors",
    "drafts",
    "includes",
    "layouts",
    "node_modules",
    "pages",
    "templates",
    "themes",
    "vendor",
];

/// The files that are issues, and what is to be known of them.
#[derive(Clone, Debug)]
pub struct Found<'f> {
    /// Their folder.
    pub folder: PathBuf,
    /// The issues, by path.
    pub files: Vec<&'f File>,
    /// Patterns of the only ones.
    pub include: Vec<String>,
    /// Those in the folder that are none, relative to it.
    pub exclude: Vec<String>,
    /// Days of those that have none, by path.
    pub dates: BTreeMap<PathBuf, String>,
    /// The year of the oldest.
    pub first_year: Option<i32>,
    /// Whether two have one name.
    pub clash: bool,
    /// What a person should look at.
    pub notes: Vec<String>,
}

/// Finds the issues among the Markdown files of an archive; none where there is none.
pub(super) fn choose(tool: Option<Tool>, all: &[File]) -> Option<Found<'_>> {
    let folder = folder(tool, all)?;
    let mut below: Vec<&File> = all
        .iter()
        .filter(|file| file.path.starts_with(&folder))
        .collect();
    below.sort_by(|one, other| one.path.cmp(&other.path));
    let include = series(&below);
    if let Some(words) = &include {
        below.retain(|file| file.name().contains(words.as_str()));
    }
    let mut notes = Vec::new();
    let (mut files, others): (Vec<&File>, Vec<&File>) =
        below.into_iter().partition(|file| file.is_likely());
    let mut dates = BTreeMap::new();
    let undated = note_dates(&files, &mut dates, &mut notes);
    files.retain(|file| !undated.contains(&file.path.as_path()));
    let exclude = others
        .iter()
        .map(|file| file.path.as_path())
        .chain(undated)
        .filter(|path| !is_never_listed(path))
        .map(|path| slashed(path.strip_prefix(&folder).unwrap_or(path)))
        .collect();
    let mut names: HashMap<String, usize> = HashMap::new();
    for file in &files {
        *names.entry(file.name().to_lowercase()).or_default() += 1;
    }
    let days = dates
        .values()
        .filter_map(|day: &String| day.get(..4)?.parse().ok());
    let own = files.iter().filter_map(|file| Some(file.path_date()?.year));
    Some(Found {
        first_year: own.chain(days).min(),
        clash: names.values().any(|count| *count > 1),
        include: include
            .map(|words| format!("**/*{words}*"))
            .into_iter()
            .collect(),
        exclude,
        dates,
        notes,
        folder,
        files,
    })
    .filter(|found| !found.files.is_empty())
}

/// Whether the build never takes the file for an issue anyway.
fn is_never_listed(path: &Path) -> bool {
    path.file_stem().is_some_and(|stem| {
        let stem = stem.to_string_lossy();
        stem.starts_with(['_', '.']) || stem.eq_ignore_ascii_case("readme")
    })
}

/// The deepest folder that most likely issues lie below; where the tool keeps its posts, if they
/// are there.
fn folder(tool: Option<Tool>, all: &[File]) -> Option<PathBuf> {
    let likely: Vec<&File> = all.iter().filter(|file| file.is_likely()).collect();
    let jekyll = tool == Some(Tool::Jekyll);
    let posts = Path::new("_posts");
    if jekyll && likely.iter().any(|file| file.path.starts_with(posts)) {
        return Some(posts.to_path_buf());
    }
    let mut counts: BTreeMap<PathBuf, usize> = BTreeMap::new();
    for file in &likely {
        for folder in file.path.ancestors().skip(1) {
            *counts.entry(folder.to_path_buf()).or_default() += 1;
        }
    }
    let most = likely.len();
    let holds = |count: usize| count * 10 >= most * 7 && count > 0;
    let is_part = |folder: &Path| {
        // Folders of years, months and days are parts of one archive.
        folder.file_name().is_some_and(|name| {
            let name = name.to_string_lossy();
            name.bytes()
                .all(|byte| byte.is_ascii_digit() || byte == b'-')
        })
    };
    counts
        .into_iter()
        .filter(|(folder, count)| holds(*count) && !is_part(folder))
        .max_by_key(|(folder, _)| folder.components().count())
        .map(|(folder, _)| folder)
}

/// Words of a series among other posts: `our-news-digest` of `2020-05-our-news-digest-may`.
fn series(files: &[&File]) -> Option<String> {
    let likely: Vec<String> = files
        .iter()
        .filter(|file| file.is_likely())
        .map(|file| file.name())
        .collect();
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    for name in &likely {
        let words = date::without_date(name).split(['-', '_', ' ']);
        let kept: Vec<&str> = words
            .take_while(|word| !word.contains(|c: char| c.is_ascii_digit()))
            .filter(|word| !is_month(word))
            .collect();
        *counts.entry(kept.join("-")).or_default() += 1;
    }
    let (words, count) = counts.into_iter().max_by_key(|(_, count)| *count)?;
    let lower = words.to_lowercase();
    let says = [
        "digest",
        "letter",
        "weekly",
        "monthly",
        "news",
        "issue",
        "this-week",
        "roundup",
    ];
    let named = says.iter().any(|word| lower.contains(word));
    let part = count >= 8 && count * 10 < likely.len() * 6;
    (named && part && likely.iter().any(|name| name.contains(&words))).then_some(words)
}

fn is_month(word: &str) -> bool {
    date::MONTHS.iter().any(|month| {
        month.eq_ignore_ascii_case(word) || word.len() == 3 && month[..3].eq_ignore_ascii_case(word)
    })
}

/// Notes the days of files that have none of their own: git's first sight of them, else a day in
/// the year of their folder. Gives those for which nothing is known.
fn note_dates<'f>(
    files: &[&'f File],
    dates: &mut BTreeMap<PathBuf, String>,
    notes: &mut Vec<String>,
) -> Vec<&'f Path> {
    let undated = files
        .iter()
        .filter(|file| !file.dated && file.path_date().is_none_or(|date| date.day.is_none()));
    let mut years: BTreeMap<i32, Vec<&File>> = BTreeMap::new();
    let mut unknown = Vec::new();
    let (mut seen, mut guessed) = (0, 0);
    for file in undated {
        if file.path_date().is_some() {
            continue;
        }
        if let Some(day) = file.first_seen {
            dates.insert(file.path.clone(), day.to_string());
            seen += 1;
        } else if let Some(year) = file.year() {
            years.entry(year).or_default().push(file);
        } else {
            unknown.push(file.path.as_path());
        }
    }
    for (year, mut own) in years {
        own.sort_by_key(|file| (number(&file.name()), file.path.clone()));
        let count = own.len();
        for (at, file) in own.into_iter().enumerate() {
            let day = u32::try_from(at * 365 / count).unwrap_or(0) + 1;
            if let Some(day) = NaiveDate::from_yo_opt(year, day) {
                dates.insert(file.path.clone(), day.to_string());
                guessed += 1;
            }
        }
    }
    let mut note = |count: usize, said: &str| {
        if count > 0 {
            notes.push(format!("{count} without a date {said}"));
        }
    };
    note(seen, "got the day on which git first saw them");
    note(
        guessed,
        "got a day in the year of their folder, in their order: mend `[issues.dates]` where you know better",
    );
    note(
        unknown.len(),
        "are left out: nothing says when they appeared",
    );
    unknown
}

/// The last number in a name.
fn number(name: &str) -> u64 {
    let figures: Vec<&str> = name.split(|c: char| !c.is_ascii_digit()).collect();
    let last = figures.into_iter().rfind(|part| !part.is_empty());
    last.and_then(|last| last.parse().ok()).unwrap_or(0)
}
