//! An archive that another tool published -> the configuration that goes on where it ended.
//!
//! [`site`] reads what the other tool was told, [`files`] which Markdown files are issues and when
//! they appeared, `sections` where their readings stand; [`propose`] puts that together and
//! [`print()`] writes it down. Nothing here reads a disk or a clock.

pub mod files;
mod print;
mod sections;
pub mod site;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use crate::issues::readings::Sections;

pub use files::{File, Found};
pub use print::print;
pub use site::{Site, Tool};

/// What a configuration needs.
#[derive(Clone, Debug, PartialEq)]
pub struct Proposal {
    /// The tool that made the site; none where nothing shows one.
    pub tool: Option<Tool>,
    /// The newsletter's name.
    pub title: String,
    /// Where the site is served; none where nothing says so.
    pub base_url: Option<String>,
    /// What ids are made of.
    pub authority: String,
    /// Its language.
    pub language: String,
    /// The zone of its days.
    pub time_zone: Option<String>,
    /// Who writes it.
    pub author: Option<String>,
    /// The folder of the issues, relative to that of the configuration.
    pub folder: PathBuf,
    /// The pattern of permalinks.
    pub url: String,
    /// The pattern of slugs, where file names are not unlike enough.
    pub slug: Option<String>,
    /// The way ids are made.
    pub ids: &'static str,
    /// The title of issues without one.
    pub issue_title: Option<String>,
    /// Patterns of the only files that are issues.
    pub include: Vec<String>,
    /// Patterns of files that are none.
    pub exclude: Vec<String>,
    /// Days of files that have none of their own, by path relative to the configuration.
    pub dates: BTreeMap<PathBuf, String>,
    /// The headings above readings.
    pub sections: Sections,
    /// What a person should look at.
    pub notes: Vec<String>,
}

/// Proposes a configuration for the archive in a folder of this name, of the files found in it.
/// None where none of them could be an issue.
pub fn propose(name: &str, site: &Site, found: &[File]) -> Option<Proposal> {
    let issues = files::choose(site.tool, found)?;
    let texts: Vec<&str> = issues.files.iter().map(|file| file.body()).collect();
    let titles: Vec<&str> = issues
        .files
        .iter()
        .filter_map(|file| file.title.as_deref())
        .collect();
    let title = site
        .title
        .clone()
        .unwrap_or_else(|| common_title(&titles, name));
    let host = site
        .base_url
        .as_deref()
        .and_then(host)
        .unwrap_or("newsletter.invalid");
    let mut notes = issues.notes.clone();
    if site.base_url.is_none() {
        notes.push(
            "nothing says where the site is served: mend `base_url` and `authority`".to_owned(),
        );
    }
    let numbered = issues
        .files
        .iter()
        .filter(|file| file.is_numbered())
        .count();
    let untitled = titles.len() * 2 < issues.files.len();
    Some(Proposal {
        tool: site.tool,
        base_url: site.base_url.clone(),
        authority: format!("{host},{}", issues.first_year.unwrap_or(2020)),
        language: site
            .language
            .clone()
            .unwrap_or_else(|| language(&texts).to_owned()),
        time_zone: site.time_zone.clone(),
        author: site.author.clone(),
        url: url(site, &issues),
        slug: issues.clash.then(|| "{section}-{name}".to_owned()),
        ids: site.tool.map_or("tag", Tool::ids),
        issue_title: (untitled && numbered * 2 > issues.files.len())
            .then(|| "{newsletter} {number}".to_owned()),
        include: issues.include.clone(),
        exclude: issues.exclude.clone(),
        dates: issues.dates.clone(),
        sections: sections::choose(&texts),
        folder: issues.folder.clone(),
        title,
        notes,
    })
}

/// The pattern of permalinks: what the tool was told, else what it does where it is told nothing.
fn url(site: &Site, issues: &Found<'_>) -> String {
    if let Some(pattern) = &site.url {
        return pattern.clone();
    }
    let below = site
        .tool
        .and_then(Tool::content)
        .and_then(|content| {
            let parts: Vec<_> = issues
                .folder
                .iter()
                .map(|part| part.to_string_lossy())
                .collect();
            let at = parts.iter().rposition(|part| part == content)?;
            Some(parts[at + 1..].join("/"))
        })
        .unwrap_or_default();
    let slash = if below.is_empty() { "" } else { "/" };
    match site.tool {
        Some(Tool::Jekyll) => "{year}/{month}/{day}/{name}.html".to_owned(),
        Some(Tool::Pelican) => "{title-slug}.html".to_owned(),
        Some(Tool::Zola | Tool::Eleventy) => format!("{below}{slash}{{name}}/"),
        Some(Tool::Hugo | Tool::Astro) => format!("{below}{slash}{{slug}}/"),
        None => "issues/{slug}/".to_owned(),
    }
}

/// The words with which most titles begin, without the number after them.
fn common_title(titles: &[&str], name: &str) -> String {
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    for title in titles {
        let words: Vec<&str> = title
            .split_whitespace()
            .take_while(|word| !word.contains(|c: char| c.is_ascii_digit() || ":#–—-".contains(c)))
            .take(6)
            .collect();
        for length in 1..=words.len() {
            *counts.entry(words[..length].join(" ")).or_default() += 1;
        }
    }
    let most = counts
        .into_iter()
        .filter(|(words, count)| count * 2 > titles.len() && words.len() > 4)
        .max_by_key(|(words, _)| words.len());
    let generic = |words: &str| ["issue", "newsletter"].contains(&words.to_lowercase().as_str());
    most.map(|(words, _)| words)
        .filter(|words| !generic(words))
        .unwrap_or_else(|| name.to_owned())
}

fn host(url: &str) -> Option<&str> {
    let rest = url.split_once("://")?.1;
    let host = rest.split(['/', ':']).next()?;
    Some(host).filter(|host| !host.is_empty())
}

/// The language that the letters show: Chinese, Japanese, Korean, Russian, else English.
fn language(texts: &[&str]) -> &'static str {
    let (mut kana, mut han, mut hangul, mut cyrillic, mut latin) = (0, 0, 0, 0, 0_usize);
    for c in texts
        .iter()
        .take(20)
        .flat_map(|text| text.chars().take(4_000))
    {
        match c {
            '\u{3040}'..='\u{30ff}' => kana += 1,
            '\u{4e00}'..='\u{9fff}' => han += 1,
            '\u{ac00}'..='\u{d7af}' => hangul += 1,
            '\u{0400}'..='\u{04ff}' => cyrillic += 1,
            _ if c.is_ascii_alphabetic() => latin += 1,
            _ => {}
        }
    }
    // A sign of these scripts says as much as some letters of the others.
    if (kana + han) * 6 > latin {
        return if kana * 10 > han { "ja" } else { "zh" };
    }
    if hangul * 4 > latin {
        return "ko";
    }
    if cyrillic > latin { "ru" } else { "en" }
}

/// A path with `/` between its parts, as configurations write it.
fn slashed(path: &Path) -> String {
    let parts: Vec<_> = path.iter().map(|part| part.to_string_lossy()).collect();
    parts.join("/")
}
