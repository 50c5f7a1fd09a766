//! From what was typed to what is used, collecting every complaint.

use std::borrow::Cow;
use std::ops::Range;
use std::path::{Component, Path};

use chrono_tz::Tz;
use toml::Spanned;
use url::Url;
use xxhash_rust::xxh3::xxh3_64;

use super::{Config, raw};
use crate::feeds::{self, Documents};
use crate::issues::readings::Sections;
use crate::issues::{self, Ids};
use crate::model::{Newsletter, Person, Problem, Severity, Source};

/// The headings above readings: `"all"` for every heading, else their names.
fn sections(written: Spanned<raw::OneOrMany>) -> Sections {
    match written.into_inner() {
        raw::OneOrMany::One(name) if name == "all" => Sections::All,
        raw::OneOrMany::One(name) => Sections::named([name]),
        raw::OneOrMany::Many(names) => Sections::Named(names),
    }
}

/// A complaint about the configuration.
pub(super) fn problem(
    path: &Path,
    span: Range<usize>,
    message: String,
    hint: Option<&str>,
) -> Problem {
    Problem {
        severity: Severity::Error,
        code: Cow::Borrowed("config"),
        path: path.to_path_buf(),
        span,
        message,
        hint: hint.map(str::to_owned),
    }
}

/// Checks everything and tells everything.
pub(super) fn config(path: &Path, text: &str, mut file: raw::File) -> Result<Config, Vec<Problem>> {
    let mut check = Check {
        path,
        problems: Vec::new(),
    };
    let root = path.parent().unwrap_or(Path::new("")).to_path_buf();
    let time_zone = check.time_zone(file.newsletter.time_zone.as_ref());
    let newsletter = check.newsletter(file.newsletter);
    let folders = match file.issues.folder.take() {
        None => vec!["issues".to_owned()],
        Some(raw::OneOrMany::One(folder)) => vec![folder],
        Some(raw::OneOrMany::Many(folders)) => folders,
    };
    let publish_future = file.issues.future.unwrap_or(false);
    let selection = check.selection(file.issues.include.take(), file.issues.exclude.take());
    let mut feeds = check.feeds(&root, file.feeds);
    let issues = check.issues(newsletter, time_zone, file.issues, file.readings);
    let poll = check.poll(&issues.newsletter.base_url, file.poll);
    let store = check.store(&root, &issues.newsletter.authority, &file.store);
    let suggest = check.suggest(&root, &feeds.folder, file.suggest);
    let mail = file.mail.map(|mail| check.mail(mail));
    let mut server = check.server(&issues.newsletter.base_url, &feeds.folder, file.server);
    server.largest_announcement = poll.fetch.max_bytes;
    let sources = check.sources(file.source);
    // A list of nothing is no OPML.
    feeds.documents.opml &= sources.iter().any(Source::is_public);
    if !check.problems.is_empty() {
        return Err(check.problems);
    }
    Ok(Config {
        issue_folders: folders.iter().map(|folder| root.join(folder)).collect(),
        root,
        selection,
        ignored: file.check.ignore,
        publish_future,
        issues,
        feeds,
        poll,
        store,
        suggest,
        mail: mail.flatten(),
        server,
        sources,
        fingerprint: xxh3_64(text.as_bytes()),
    })
}

/// Collects complaints; after one, a stand-in value lets the rest be checked.
pub(super) struct Check<'a> {
    path: &'a Path,
    problems: Vec<Problem>,
}

impl Check<'_> {
    pub(super) fn complain(&mut self, span: Range<usize>, message: String, hint: &str) {
        let hint = (!hint.is_empty()).then_some(hint);
        self.problems.push(problem(self.path, span, message, hint));
    }

    fn newsletter(&mut self, raw: raw::Newsletter) -> Newsletter {
        let base_url = self.base_url(&raw.base_url);
        if raw.title.get_ref().trim().is_empty() {
            self.complain(
                raw.title.span(),
                "the newsletter has no title".to_owned(),
                "",
            );
        }
        let authority = self.authority(raw.authority.as_ref(), &raw.base_url);
        // Feeds without a language draw a warning from validators; months are English here.
        let language = raw
            .language
            .map_or_else(|| "en".to_owned(), |written| self.language(written));
        let icon = raw.icon.and_then(|icon| self.web_address(&icon, "icon"));
        let hubs = raw
            .hubs
            .iter()
            .filter_map(|hub| self.web_address(hub, "hubs"))
            .collect();
        Newsletter {
            title: raw.title.into_inner().trim().to_owned(),
            subtitle: raw.subtitle.filter(|subtitle| !subtitle.trim().is_empty()),
            base_url,
            language: Some(language),
            authors: raw.authors.into_iter().map(author).collect(),
            rights: raw.rights,
            icon,
            hubs,
            authority,
        }
    }

    fn base_url(&mut self, written: &Spanned<String>) -> Url {
        let mut url = self
            .web_address(written, "base_url")
            .unwrap_or_else(|| Url::parse("https://newsletter.invalid/").expect("a fixed address"));
        if url.query().is_some() || url.fragment().is_some() {
            self.complain(
                written.span(),
                "`base_url` has a query or a fragment".to_owned(),
                "name the folder that the documents are served from, such as `https://news.example.org/`",
            );
        }
        if !url.path().ends_with('/') {
            let path = format!("{}/", url.path());
            url.set_path(&path);
        }
        url
    }

    pub(super) fn web_address(&mut self, written: &Spanned<String>, key: &str) -> Option<Url> {
        match Url::parse(written.get_ref()) {
            Ok(url) if matches!(url.scheme(), "http" | "https") && url.has_host() => Some(url),
            _ => {
                self.complain(
                    written.span(),
                    format!("`{key}` is not a web address: `{}`", written.get_ref()),
                    "write it in full, such as `https://news.example.org/`",
                );
                None
            }
        }
    }

    /// RFC 4151, section 2.1: a domain name or mail address, a comma, a date.
    fn authority(&mut self, written: Option<&Spanned<String>>, base: &Spanned<String>) -> String {
        let Some(written) = written else {
            self.complain(
                base.span(),
                "`authority` is missing; the ids of entries are made of it".to_owned(),
                "add `authority = \"news.example.org,2026\"`: a domain that is yours and a year \
                 in which it was; never change it, so that readers keep what they have read",
            );
            return String::new();
        };
        let right = written
            .get_ref()
            .split_once(',')
            .is_some_and(|(name, date)| {
                let allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"-._@".contains(&byte);
                !name.is_empty() && name.bytes().all(allowed) && is_tag_date(date)
            });
        if !right {
            self.complain(
                written.span(),
                format!("`authority` is not one: `{}`", written.get_ref()),
                "write a domain or mail address, a comma and a year, such as `news.example.org,2026`",
            );
        }
        written.get_ref().clone()
    }

    /// RFC 5646 in outline: letters and digits in parts of at most eight.
    fn language(&mut self, written: Spanned<String>) -> String {
        let part = |part: &str| {
            (1..=8).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_alphanumeric())
        };
        let tag = written.get_ref();
        if !tag.split('-').all(part) || tag.split('-').next().is_some_and(|first| first.len() < 2) {
            self.complain(
                written.span(),
                format!("`language` is not a language tag: `{tag}`"),
                "write it as BCP 47 does: `en`, `de-AT`, `zh-Hant`",
            );
        }
        written.into_inner()
    }

    fn time_zone(&mut self, written: Option<&Spanned<String>>) -> Tz {
        let Some(written) = written else {
            return Tz::UTC;
        };
        written.get_ref().parse().unwrap_or_else(|_| {
            self.complain(
                written.span(),
                format!("`time_zone` is not known: `{}`", written.get_ref()),
                "write it as the IANA database does: `Europe/Berlin`, `America/New_York`, `UTC`",
            );
            Tz::UTC
        })
    }

    fn issues(
        &mut self,
        newsletter: Newsletter,
        time_zone: Tz,
        raw: raw::Issues,
        readings: raw::Readings,
    ) -> issues::Options {
        let defaults = issues::Options::new(newsletter);
        let ids = raw.ids.and_then(|ids| self.ids(ids));
        let slug = raw.slug.map(|slug| {
            self.pattern(&slug, "slug", &issues::options::URL_PLACEHOLDERS[1..]);
            slug.into_inner()
        });
        let dates = raw.dates.into_iter().map(|(path, day)| {
            if issues::date::parse(day.get_ref(), time_zone).is_err() {
                self.complain(
                    day.span(),
                    format!("`{}` is not a date", day.get_ref()),
                    "write a day such as `2021-11-17`",
                );
            }
            (path, day.into_inner())
        });
        let dates = dates.collect();
        let clean = self.choice(raw.html, "html", &[("clean", true), ("as-written", false)]);
        let title = raw.title.map(|title| {
            self.pattern(&title, "title", &issues::options::TITLE_PLACEHOLDERS);
            title.into_inner()
        });
        let url = raw.url.map(|url| {
            self.pattern(&url, "url", &issues::options::URL_PLACEHOLDERS);
            url.into_inner()
        });
        issues::Options {
            sections: readings.sections.map_or(defaults.sections, sections),
            signing: defaults.signing,
            time_zone,
            title: title.unwrap_or(defaults.title),
            url: url.unwrap_or(defaults.url),
            slug,
            dates,
            ids: ids.unwrap_or(defaults.ids),
            clean_html: clean.unwrap_or(defaults.clean_html),
            newsletter: defaults.newsletter,
        }
    }

    fn pattern(&mut self, written: &Spanned<String>, key: &str, allowed: &[&str]) {
        let mut rest = written.get_ref().as_str();
        while let Some(at) = rest.find('{') {
            let end = rest[at..]
                .find('}')
                .map_or(rest.len(), |length| at + length + 1);
            let placeholder = &rest[at..end];
            if !allowed.contains(&placeholder) {
                self.complain(
                    written.span(),
                    format!("`{key}` has a placeholder that is not known: `{placeholder}`"),
                    &format!("known are {}", allowed.join(", ")),
                );
            }
            rest = &rest[end..];
        }
        let telling = ["{slug}", "{name}", "{title-slug}", "{number}", "{day}"];
        let tells = |part: &&str| written.get_ref().contains(*part);
        if matches!(key, "url" | "slug" | "ids") && !telling.iter().any(tells) {
            self.complain(
                written.span(),
                format!("`{key}` would be the same for several issues"),
                "put `{slug}` into it",
            );
        }
    }

    fn ids(&mut self, written: Spanned<String>) -> Option<Ids> {
        if written.get_ref().contains('{') {
            self.pattern(&written, "ids", &issues::options::URL_PLACEHOLDERS);
            return Some(Ids::Pattern(written.into_inner()));
        }
        let known = [
            ("tag", Ids::Tag),
            ("permalink", Ids::Permalink),
            ("hugo", Ids::Permalink),
            ("zola", Ids::Permalink),
            ("eleventy", Ids::Permalink),
            ("astro", Ids::Permalink),
            ("jekyll", Ids::Jekyll),
            ("pelican", Ids::Pelican),
        ];
        let names: Vec<(&str, usize)> = known.iter().map(|(name, _)| *name).zip(0..).collect();
        let at = self.choice(Some(written), "ids", &names)?;
        Some(known[at].1.clone())
    }

    fn selection(
        &mut self,
        include: Option<Spanned<Vec<String>>>,
        exclude: Option<Spanned<Vec<String>>>,
    ) -> issues::Selection {
        let span = exclude.as_ref().or(include.as_ref()).map(Spanned::span);
        let list = |written: Option<Spanned<Vec<String>>>| {
            written.map(Spanned::into_inner).unwrap_or_default()
        };
        let selection = issues::Selection::new(list(include), list(exclude));
        selection.unwrap_or_else(|(pattern, fault)| {
            self.complain(
                span.unwrap_or_default(),
                format!("`{pattern}` is not a pattern of paths: {fault}"),
                "write a name such as `about.md`, or a pattern such as `pages/**`",
            );
            issues::Selection::default()
        })
    }

    pub(super) fn choice<T: Copy>(
        &mut self,
        written: Option<Spanned<String>>,
        key: &str,
        choices: &[(&str, T)],
    ) -> Option<T> {
        let written = written?;
        let found = choices.iter().find(|(name, _)| name == written.get_ref());
        if found.is_none() {
            let names: Vec<String> = choices
                .iter()
                .map(|(name, _)| format!("`{name}`"))
                .collect();
            self.complain(
                written.span(),
                format!("`{key}` cannot be `{}`", written.get_ref()),
                &format!("write {}", names.join(" or ")),
            );
        }
        found.map(|(_, value)| *value)
    }

    fn feeds(&mut self, root: &Path, raw: raw::Feeds) -> feeds::Options {
        let defaults = feeds::Options::new(root.join("feeds/public"));
        let folder = raw.folder.map(|folder| {
            let path = Path::new(folder.get_ref());
            // Everything below this folder may be replaced: it cannot be the project itself.
            let holds_project = path.components().all(|part| {
                matches!(
                    part,
                    Component::CurDir | Component::ParentDir | Component::RootDir
                )
            });
            if holds_project {
                self.complain(
                    folder.span(),
                    format!("`folder` holds more than documents: `{}`", folder.get_ref()),
                    "name a folder of its own, such as `feeds/public`",
                );
            }
            root.join(path)
        });
        feeds::Options {
            folder: folder.unwrap_or(defaults.folder),
            entries: self
                .limit(raw.entries, "entries")
                .unwrap_or(defaults.entries),
            readings: self
                .limit(raw.readings, "readings")
                .unwrap_or(defaults.readings),
            max_bytes: self
                .limit(raw.max_bytes, "max_bytes")
                .unwrap_or(defaults.max_bytes),
            documents: raw
                .documents
                .map_or(defaults.documents, |names| self.documents(&names)),
        }
    }

    pub(super) fn limit(&mut self, written: Option<Spanned<i64>>, key: &str) -> Option<usize> {
        let written = written?;
        let number = usize::try_from(*written.get_ref())
            .ok()
            .filter(|&number| number > 0);
        if number.is_none() {
            self.complain(
                written.span(),
                format!("`{key}` is not above zero: `{}`", written.get_ref()),
                "write how many there may be at most, 1 or more",
            );
        }
        number
    }

    fn documents(&mut self, names: &[Spanned<String>]) -> Documents {
        let mut documents = Documents::NONE;
        for name in names {
            match name.get_ref().as_str() {
                "readings" => documents.readings = true,
                "pages" => documents.pages = true,
                "email" => documents.email = true,
                "opml" => documents.opml = true,
                "sitemap" => documents.sitemap = true,
                other => self.complain(
                    name.span(),
                    format!("`documents` has a name that is not known: `{other}`"),
                    "known are `readings`, `pages`, `email`, `opml`, `sitemap`; the three main \
                     feeds are always made",
                ),
            }
        }
        documents
    }
}

/// RFC 4151: `2026`, `2026-01` or `2026-01-31`.
fn is_tag_date(date: &str) -> bool {
    let mut parts = date.split('-');
    let digits = |part: Option<&str>, length: usize| {
        part.is_none_or(|part| part.len() == length && part.bytes().all(|b| b.is_ascii_digit()))
    };
    !date.is_empty()
        && digits(parts.next(), 4)
        && digits(parts.next(), 2)
        && digits(parts.next(), 2)
        && parts.next().is_none()
}

fn author(author: raw::Author) -> Person {
    match author {
        raw::Author::Name(name) => Person {
            name,
            ..Person::default()
        },
        raw::Author::Person(person) => person,
    }
}
