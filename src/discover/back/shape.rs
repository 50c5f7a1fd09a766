//! The shape of a site's posts: what the addresses of a feed's entries have in common, so that
//! nothing else is asked for its title.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, NaiveTime, Utc};
use url::Url;

/// The addresses of entries, and what they have in common.
#[derive(Clone, Debug, Default)]
pub(super) struct Shapes {
    known: Vec<Vec<String>>,
    hosts: BTreeMap<String, usize>,
    patterns: BTreeMap<Vec<Part>, usize>,
    /// Posts whose names have a hyphen, a digit or `_`, as pages about a site seldom have.
    named: usize,
}

/// A part of an address.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Part {
    /// A folder that many entries lie in.
    Folder(String),
    /// A number of so many digits: a year, a month.
    Number(usize),
    /// Anything else, with what its name ends in.
    Word(String),
    /// The names of parameters.
    Query(String),
}

/// So many addresses tell a shape.
const ENOUGH: usize = 500;

/// Names of pages that are no posts, whatever their shape.
const NO_POSTS: &str = "about contact archive archives tags tag categories category search page author authors feed \
                        rss privacy impressum imprint legal now uses projects talks links blogroll subscribe \
                        newsletter login index home cv resume books photos colophon";

impl Shapes {
    /// Takes the addresses of entries.
    pub(super) fn learn<'a>(&mut self, links: impl Iterator<Item = &'a str>) {
        for link in links {
            let Some(url) = Url::parse(link).ok().filter(|_| self.known.len() < ENOUGH) else {
                continue;
            };
            *self.hosts.entry(host(&url)).or_default() += 1;
            self.named += usize::from(is_named(&url));
            self.known.push(parts(&url));
        }
        let known = std::mem::take(&mut self.known);
        self.patterns.clear();
        for parts in &known {
            *self.patterns.entry(pattern(parts, &known)).or_default() += 1;
        }
        self.known = known;
    }

    pub(super) fn is_empty(&self) -> bool {
        self.known.is_empty()
    }

    /// Whether an address looks like an entry's. What one of many entries looks like is no rule.
    pub(super) fn fits(&self, url: &Url) -> bool {
        let all = self.known.len();
        let of_site = self
            .hosts
            .get(&host(url))
            .is_some_and(|count| 2 * count >= all);
        let last = url
            .path()
            .trim_matches('/')
            .rsplit('/')
            .next()
            .unwrap_or_default();
        let stem = last.split('.').next().unwrap_or_default();
        if !of_site
            || NO_POSTS
                .split_whitespace()
                .any(|name| name.eq_ignore_ascii_case(stem))
        {
            return false;
        }
        if 5 * self.named >= 4 * all && !is_named(url) {
            return false;
        }
        let asked = pattern(&parts(url), &self.known);
        let like = self
            .patterns
            .iter()
            .filter(|(known, _)| is_like(&asked, known));
        let count: usize = like.map(|(_, count)| count).sum();
        count > 0 && (all < 5 || 10 * count >= all || count >= 3)
    }

    /// The folder that most entries lie in, as a page that may list them.
    pub(super) fn folder(&self, scheme: &str) -> Option<Url> {
        let (host, _) = self.hosts.iter().max_by_key(|(_, count)| **count)?;
        let (pattern, _) = self.patterns.iter().max_by_key(|(_, count)| **count)?;
        let mut path = String::from("/");
        for part in pattern {
            let Part::Folder(name) = part else { break };
            path.push_str(name);
            path.push('/');
        }
        Url::parse(&format!("{scheme}://{host}{path}")).ok()
    }
}

fn host(url: &Url) -> String {
    let host = url.host_str().unwrap_or_default();
    let host = host.strip_prefix("www.").unwrap_or(host);
    url.port()
        .map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"))
}

/// The parts of the path, and the names of parameters behind `?`.
fn parts(url: &Url) -> Vec<String> {
    let path = url.path().split('/').filter(|part| !part.is_empty());
    let mut parts: Vec<String> = path.map(str::to_owned).collect();
    let mut names: Vec<String> = url
        .query_pairs()
        .map(|(name, _)| name.into_owned())
        .collect();
    names.sort();
    if !names.is_empty() {
        parts.push(format!("?{}", names.join("&")));
    }
    parts
}

/// Whether an address has the shape of known ones. Posts that are numbered had shorter numbers
/// when there were fewer.
fn is_like(asked: &[Part], known: &[Part]) -> bool {
    match (asked, known) {
        ([folders @ .., Part::Number(asked)], [others @ .., Part::Number(known)]) => {
            folders == others && asked <= known
        }
        _ => asked == known,
    }
}

fn pattern(parts: &[String], known: &[Vec<String>]) -> Vec<Part> {
    let last = parts.iter().rposition(|part| !part.starts_with('?'));
    let shape = |(at, part): (usize, &String)| {
        if let Some(names) = part.strip_prefix('?') {
            return Part::Query(names.to_owned());
        }
        if part.bytes().all(|byte| byte.is_ascii_digit()) {
            return Part::Number(part.len());
        }
        if Some(at) == last {
            let ending = part.rsplit_once('.').map(|(_, ending)| ending);
            return Part::Word(
                ending
                    .filter(|it| it.len() <= 5)
                    .unwrap_or_default()
                    .to_owned(),
            );
        }
        let same = known
            .iter()
            .filter(|other| other.get(at) == Some(part))
            .count();
        let many = known.len() < 5 || (same >= 2 && 5 * same >= known.len());
        if many && same > 0 {
            Part::Folder(part.clone())
        } else {
            Part::Word(String::new())
        }
    };
    parts.iter().enumerate().map(shape).collect()
}

fn is_named(url: &Url) -> bool {
    let last = url
        .path()
        .trim_end_matches('/')
        .rsplit('/')
        .next()
        .unwrap_or_default();
    let stem = last.rsplit_once('.').map_or(last, |(stem, _)| stem);
    url.query().is_some()
        || stem.contains(['-', '_'])
        || stem.bytes().any(|byte| byte.is_ascii_digit())
}

/// The date that an address names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Dated {
    /// The first day that it may be.
    pub(super) first: DateTime<Utc>,
    /// The last.
    pub(super) last: DateTime<Utc>,
}

impl Dated {
    /// The day, where it names one.
    pub(super) fn day(self) -> Option<DateTime<Utc>> {
        (self.first == self.last).then_some(self.first)
    }
}

/// The date in an address: `/2026/05/12/`, `/2026/05/`, `/2026-05-12-name`, `/20260512/`.
pub(super) fn date_in(url: &Url) -> Option<Dated> {
    let numbers: Vec<&str> = url
        .path()
        .split(|c: char| !c.is_ascii_digit())
        .filter(|part| !part.is_empty())
        .collect();
    let at = numbers.iter().position(|part| is_year(part))?;
    let whole = numbers[at];
    if whole.len() == 8 {
        return span(&whole[..4], Some(&whole[4..6]), Some(&whole[6..]));
    }
    let two = |at: usize| numbers.get(at).copied().filter(|part| part.len() <= 2);
    let month = two(at + 1);
    let day = month.and(two(at + 2));
    span(whole, month, day)
        .or_else(|| span(whole, month, None))
        .or_else(|| span(whole, None, None))
}

fn is_year(part: &str) -> bool {
    let fits = matches!(part.len(), 4 | 8);
    fits && part
        .get(..4)
        .and_then(|year| year.parse::<i32>().ok())
        .is_some_and(|year| (1990..2100).contains(&year))
}

fn span(year: &str, month: Option<&str>, day: Option<&str>) -> Option<Dated> {
    let year: i32 = year.parse().ok()?;
    let number = |part: Option<&str>| part.map(str::parse::<u32>).transpose().ok();
    let (month, day) = (number(month)?, number(day)?);
    let first = NaiveDate::from_ymd_opt(year, month.unwrap_or(1), day.unwrap_or(1))?;
    let last = match (month, day) {
        (_, Some(_)) => first,
        (Some(12) | None, None) => NaiveDate::from_ymd_opt(year, 12, 31)?,
        (Some(month), None) => NaiveDate::from_ymd_opt(year, month + 1, 1)?.pred_opt()?,
    };
    let at = |day: NaiveDate| day.and_time(NaiveTime::MIN).and_utc();
    Some(Dated {
        first: at(first),
        last: at(last),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn url(path: &str) -> Url {
        Url::parse("https://harbour.example")
            .unwrap()
            .join(path)
            .unwrap()
    }

    fn shapes(paths: &[&str]) -> Shapes {
        let links: Vec<String> = paths.iter().map(|path| url(path).to_string()).collect();
        let mut shapes = Shapes::default();
        shapes.learn(links.iter().map(String::as_str));
        shapes
    }

    #[track_caller]
    fn check(known: &[&str], fitting: &[&str], others: &[&str]) {
        let shapes = shapes(known);
        for path in fitting {
            assert!(shapes.fits(&url(path)), "{path} is like {known:?}");
        }
        for path in others {
            assert!(!shapes.fits(&url(path)), "{path} is not like {known:?}");
        }
    }

    #[test]
    fn knows_a_post_by_its_address() {
        check(
            &["/blog/a-b/", "/blog/c-d/"],
            &["/blog/older-one/", "/blog/e-f"],
            &[
                "/about-us/",
                "/blog/",
                "/blog/tags/",
                "/blog/tag/ropes/",
                "/notes/a-b/",
                "https://other.example/blog/a-b/",
            ],
        );
        check(
            &["/2026/05/ropes.html", "/2025/04/knots.html"],
            &["/2019/01/older.html"],
            &[
                "/2019/01/",
                "/2019/",
                "/tags/ropes.html",
                "/about.html",
                "/2019/01/x.png",
            ],
        );
        check(&["/?p=12", "/?p=13"], &["/?p=9"], &["/?cat=3", "/about"]);
    }

    #[test]
    fn an_odd_entry_makes_no_rule() {
        let mut known: Vec<String> = (0..20).map(|at| format!("/posts/post-{at}/")).collect();
        known.push("/tags/ropes-2/".to_owned());
        known.push("https://elsewhere.example/a-b/".to_owned());
        let known: Vec<&str> = known.iter().map(String::as_str).collect();
        check(
            &known,
            &["/posts/older-1/"],
            &["/tags/knots-3/", "https://elsewhere.example/c-d/"],
        );
    }

    #[test]
    fn reads_dates_in_addresses() {
        let day = |path: &str| {
            date_in(&url(path)).map(|it| {
                (
                    it.first.format("%F").to_string(),
                    it.last.format("%F").to_string(),
                )
            })
        };
        let span = |first: &str, last: &str| Some((first.to_owned(), last.to_owned()));
        assert_eq!(day("/2026/05/12/ropes"), span("2026-05-12", "2026-05-12"));
        assert_eq!(
            day("/log/2026-05-12-ropes.html"),
            span("2026-05-12", "2026-05-12")
        );
        assert_eq!(day("/20260512/"), span("2026-05-12", "2026-05-12"));
        assert_eq!(day("/2026/02/ropes"), span("2026-02-01", "2026-02-28"));
        assert_eq!(
            day("/2026/ropes-in-100-words"),
            span("2026-01-01", "2026-12-31")
        );
        assert_eq!(day("/ropes-of-12-feet"), None);
        assert_eq!(day("/2026/13/45/ropes"), span("2026-01-01", "2026-12-31"));
    }
}
