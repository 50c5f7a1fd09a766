//! Which Markdown files are issues: pages such as `about.md` are none.

use std::path::Path;

use globset::{Glob, GlobSet, GlobSetBuilder};

/// The files that are issues, by patterns of their paths below the folder of issues: `about.md`
/// anywhere, `pages/**` of one folder.
#[derive(Clone, Debug, Default)]
pub struct Selection {
    /// Only these; all where there is none.
    include: Option<GlobSet>,
    /// Not these.
    exclude: GlobSet,
    /// What was written, for comparing.
    written: (Vec<String>, Vec<String>),
}

impl PartialEq for Selection {
    fn eq(&self, other: &Self) -> bool {
        self.written == other.written
    }
}

impl Selection {
    /// Files that match one of `include`, if there is any, and none of `exclude`.
    ///
    /// # Errors
    ///
    /// The pattern that is none, and why.
    pub fn new(include: Vec<String>, exclude: Vec<String>) -> Result<Self, (String, String)> {
        Ok(Self {
            include: if include.is_empty() {
                None
            } else {
                Some(set(&include)?)
            },
            exclude: set(&exclude)?,
            written: (include, exclude),
        })
    }

    /// Whether the file at this path below the folder of issues is one.
    pub fn takes(&self, path: &Path) -> bool {
        let included = self.include.as_ref().is_none_or(|set| set.is_match(path));
        included && !self.exclude.is_match(path)
    }
}

fn set(patterns: &[String]) -> Result<GlobSet, (String, String)> {
    let mut set = GlobSetBuilder::new();
    for pattern in patterns {
        let fault = |error: globset::Error| (pattern.clone(), error.kind().to_string());
        // A name alone is that of a file in any folder, as in .gitignore; a folder, all in it.
        let folder = pattern
            .strip_suffix('/')
            .map(|folder| format!("{folder}/**"));
        let place = folder.as_deref().unwrap_or(pattern);
        let anywhere = if place.contains('/') {
            place.trim_start_matches('/').to_owned()
        } else {
            format!("**/{place}")
        };
        set.add(Glob::new(&anywhere).map_err(fault)?);
    }
    set.build()
        .map_err(|error| (patterns.join(", "), error.kind().to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(include: &[&str], exclude: &[&str], taken: &[&str], left: &[&str]) {
        let owned = |list: &[&str]| list.iter().map(|&text| text.to_owned()).collect();
        let selection = Selection::new(owned(include), owned(exclude)).unwrap();
        for path in taken {
            assert!(selection.takes(Path::new(path)), "{path}");
        }
        for path in left {
            assert!(!selection.takes(Path::new(path)), "{path}");
        }
    }

    #[test]
    fn takes_what_is_included_and_not_excluded() {
        check(&[], &[], &["a.md", "b/c.md"], &[]);
        check(
            &[],
            &["about.md"],
            &["a.md", "about-us.md"],
            &["about.md", "b/about.md"],
        );
        check(&[], &["pages/"], &["a.md"], &["pages/a.md", "pages/b/c.md"]);
        check(
            &["*-digest.md"],
            &["2019-*"],
            &["x/2020-05-digest.md"],
            &["a.md", "2019-01-digest.md"],
        );
        check(
            &["letters/**/*.md"],
            &[],
            &["letters/a.md", "letters/b/c.md"],
            &["a.md"],
        );
    }

    #[test]
    fn names_the_pattern_that_is_none() {
        let fault = Selection::new(Vec::new(), vec!["a[".to_owned()]).unwrap_err();
        assert_eq!(fault.0, "a[");
    }
}
