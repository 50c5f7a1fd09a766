//! Any history of a newsletter, built step by step, gives what a build from nothing gives.
//!
//! `NEWSDESK_TEST_HISTORIES` says how many histories are tried; a handful where it does not.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use chrono::{DateTime, TimeDelta, Utc};
use newsdesk::config::{self, Config};
use newsdesk::publish::{self, Report, Request};
use proptest::prelude::*;
use tempfile::TempDir;

use crate::project::{CONFIG, tree};

/// Where issues may lie: with and without a date, in folders of their own, moved, not in ASCII.
const PLACES: [&str; 10] = [
    "2026-01-15-one.md",
    "2026-02-15-two.md",
    "old/2026-01-15-one.md",
    "2026-03-15-three/index.md",
    "third/index.md",
    "four.md",
    "issue-fünf.markdown",
    "2026-05-15.md",
    "drafts/2026-09-15-later.md",
    "_hidden/2026-01-15-one.md",
];

/// What may stand in them: front matter that moves dates, slugs and ids, and readings.
const TEXTS: [&str; 14] = [
    "---\ntitle: One\n---\nHello.\n",
    "---\ntitle: Two\ndate: 2026-02-20\n---\nHello again.\n",
    "---\ntitle: Three\nslug: third\ndate: 2026-03-01\n---\nText.\n",
    "---\ntitle: Late\ndate: 2026-11-01\n---\nIn November.\n",
    "---\ntitle: Old\ndate: 2019-04-01\n---\nYears ago.\n",
    "---\ntitle: Draft\ndate: 2026-04-01\ndraft: true\n---\nNot yet.\n",
    "---\ntitle: Named\ndate: 2026-04-02\nid: urn:x:named\nurl: named/\n---\nMine.\n",
    "---\ntitle: Changed\ndate: 2026-04-03\nupdated: 2026-05-05\n---\nNow better.\n",
    "---\ndate: 2026-05-01\n---\n# From a heading\n\nText.\n",
    "Nothing in front.\n",
    "---\ntitle: Ada reads\ndate: 2026-05-15\n---\nHello.\n\n## Recommended reading\n\n- [On clocks](https://reads.example/clocks)\n  Worth it. - [Ada](https://ada.example/)\n",
    "---\ntitle: Both read\ndate: 2026-05-16\n---\nHello.\n\n## Recommended reading\n\n### Boats\n\n- [On boats](https://reads.example/boats)\n  Good. - [Ben](https://ben.example/)\n\n### Clocks\n\n- [On clocks](https://reads.example/clocks)\n  Again. - [Ada](https://ada.example/)\n",
    "---\ntitle: Same day\ndate: 2026-05-16\n---\nHello.\n\n## Recommended reading\n\n- [A film](https://youtu.be/aaaaaaaaaaa)\n  Look. - [BEN](https://ben.example/)\n",
    "---\ntitle: Wrong\ndate: never\n---\nText.\n",
];

/// What may stand in the configuration, below the least.
const CONFIGURATIONS: [&str; 8] = [
    "",
    "[feeds]\nentries = 1\nreadings = 1\n",
    "[feeds]\ndocuments = [\"pages\"]\n",
    "[feeds]\nfolder = \"out\"\n",
    "[feeds]\nmax_bytes = 4000\ndocuments = [\"readings\", \"pages\", \"email\", \"opml\", \"sitemap\"]\n",
    "[issues]\nids = \"permalink\"\nurl = \"letters/{slug}/\"\n",
    "[issues]\nfuture = true\n",
    "[[source]]\nurl = \"https://reads.example/feed.xml\"\n",
];

/// What happens between two builds.
#[derive(Clone, Debug)]
enum Step {
    /// A file is written, or written again.
    Write(usize, usize),
    /// A file goes by another name, in place of one that may have it.
    Rename(usize, usize),
    /// Two files change places; their sizes and times are the same.
    Swap(usize, usize),
    Remove(usize),
    Configure(usize),
    /// Days go by.
    Wait(u16),
    /// The build cache is lost.
    Forget,
    /// A document is written to by somebody else, or removed.
    Meddle(usize, bool),
    /// No more than another build.
    Nothing,
}

fn step() -> impl Strategy<Value = Step> {
    let place = 0..PLACES.len();
    prop_oneof![
        6 => (place.clone(), 0..TEXTS.len()).prop_map(|(place, text)| Step::Write(place, text)),
        4 => (place.clone(), place.clone()).prop_map(|(from, to)| Step::Rename(from, to)),
        2 => (place.clone(), place.clone()).prop_map(|(one, other)| Step::Swap(one, other)),
        2 => place.prop_map(Step::Remove),
        2 => (0..CONFIGURATIONS.len()).prop_map(Step::Configure),
        1 => (1_u16..200).prop_map(Step::Wait),
        1 => Just(Step::Forget),
        1 => (any::<usize>(), any::<bool>()).prop_map(|(at, gone)| Step::Meddle(at, gone)),
        1 => Just(Step::Nothing),
    ]
}

/// A newsletter with a past.
struct Newsletter {
    folder: TempDir,
    configuration: usize,
    now: DateTime<Utc>,
    /// How many files were written; each has its own time but the first, which are as old as each
    /// other, as a checkout leaves them.
    written: u64,
}

impl Newsletter {
    fn new() -> Self {
        let newsletter = Self {
            folder: tempfile::tempdir().unwrap(),
            configuration: 0,
            now: "2026-06-01T00:00:00Z".parse().unwrap(),
            written: 0,
        };
        for (place, text) in [(0, 0), (1, 10), (3, 11), (5, 7)] {
            newsletter.write(place, text);
        }
        newsletter
    }

    fn issues(&self) -> std::path::PathBuf {
        self.folder.path().join("issues")
    }

    fn place(&self, place: usize) -> std::path::PathBuf {
        self.issues().join(PLACES[place])
    }

    fn write(&self, place: usize, text: usize) {
        let path = self.place(place);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        // All of one size, so that sizes tell nothing.
        fs::write(&path, format!("{:\n<600}", TEXTS[text])).unwrap();
        let file = fs::File::options().write(true).open(&path).unwrap();
        let time = UNIX_EPOCH + Duration::from_secs(1_700_000_000 + self.written);
        file.set_modified(time).unwrap();
    }

    fn config(&self) -> Config {
        config(self.folder.path(), self.configuration)
    }

    fn take(&mut self, step: &Step) {
        match *step {
            Step::Write(place, text) => {
                self.written += 1;
                self.write(place, text);
            }
            Step::Rename(from, to) => {
                fs::create_dir_all(self.place(to).parent().unwrap()).unwrap();
                let _ = fs::rename(self.place(from), self.place(to));
            }
            Step::Swap(one, other) => {
                let (one, other) = (self.place(one), self.place(other));
                if one != other && one.exists() && other.exists() {
                    let between = self.folder.path().join("between");
                    fs::rename(&one, &between).unwrap();
                    fs::rename(&other, &one).unwrap();
                    fs::rename(&between, &other).unwrap();
                }
            }
            Step::Remove(place) => {
                let _ = fs::remove_file(self.place(place));
            }
            Step::Configure(configuration) => self.configuration = configuration,
            Step::Wait(days) => self.now += TimeDelta::days(days.into()),
            Step::Forget => {
                let _ = fs::remove_dir_all(self.folder.path().join(".newsdesk"));
            }
            Step::Meddle(at, gone) => {
                let folder = self.config().feeds.folder;
                let documents: Vec<String> = tree(&folder).into_keys().collect();
                // Without the manifest newsdesk cannot know what is its own.
                let documents: Vec<&String> = documents
                    .iter()
                    .filter(|it| *it != "manifest.json")
                    .collect();
                if let Some(path) = documents.get(at % documents.len().max(1)) {
                    let path = folder.join(path);
                    if gone {
                        fs::remove_file(path).unwrap();
                    } else {
                        fs::write(path, "somebody else's").unwrap();
                    }
                }
            }
            Step::Nothing => {}
        }
    }

    fn build(&self) -> Report {
        let request = Request {
            now: self.now,
            overwrite: false,
        };
        let report = publish::build(&self.config(), request).unwrap();
        // As if it were long after the last change of an issue, when stamps are believed.
        for file in ["build-cache", "build-stamps"] {
            let path = self.folder.path().join(".newsdesk").join(file);
            if let Ok(file) = fs::File::options().write(true).open(path) {
                let later = SystemTime::now() + Duration::from_hours(1);
                file.set_modified(later).unwrap();
            }
        }
        report
    }

    /// The documents of a build from nothing; none where it was stopped.
    fn afresh(&self) -> Option<BTreeMap<String, Vec<u8>>> {
        let folder = tempfile::tempdir().unwrap();
        crate::project::copy(&self.issues(), &folder.path().join("issues"));
        let config = config(folder.path(), self.configuration);
        let request = Request {
            now: self.now,
            overwrite: false,
        };
        let report = publish::build(&config, request).unwrap();
        (!report.stopped).then(|| tree(&config.feeds.folder))
    }
}

fn config(root: &Path, configuration: usize) -> Config {
    let text = format!("{CONFIG}{}", CONFIGURATIONS[configuration]);
    config::parse(&root.join("config.toml"), &text).expect("a configuration")
}

fn histories() -> u32 {
    let asked = std::env::var("NEWSDESK_TEST_HISTORIES").ok();
    asked.and_then(|it| it.parse().ok()).unwrap_or(12)
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: histories(),
        failure_persistence: None,
        max_shrink_iters: 200,
        ..ProptestConfig::default()
    })]

    #[test]
    fn any_history_gives_what_a_build_from_nothing_gives(steps in prop::collection::vec(step(), 1..12)) {
        let mut newsletter = Newsletter::new();
        newsletter.build();
        for step in &steps {
            newsletter.take(step);
            let report = newsletter.build();
            let expected = newsletter.afresh();
            prop_assert_eq!(report.stopped, expected.is_none());
            if let Some(expected) = expected {
                compare(&tree(&newsletter.config().feeds.folder), &expected)?;
            }
        }
    }
}

fn compare(
    found: &BTreeMap<String, Vec<u8>>,
    expected: &BTreeMap<String, Vec<u8>>,
) -> Result<(), TestCaseError> {
    let names = |tree: &BTreeMap<String, Vec<u8>>| tree.keys().cloned().collect::<Vec<_>>();
    prop_assert_eq!(names(found), names(expected));
    for (path, bytes) in expected {
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        prop_assert_eq!(text(&found[path]), text(bytes), "in `{}`", path);
    }
    Ok(())
}
