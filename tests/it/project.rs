//! A newsletter in a folder of its own, and the real program run on it.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use tempfile::TempDir;

use crate::database;

/// The clock of all tests that do not say otherwise.
pub(crate) const NOW: &str = "2026-11-15T12:00:00Z";

/// The least configuration.
pub(crate) const CONFIG: &str = "[newsletter]\ntitle = \"The Test\"\nbase_url = \"https://test.example/\"\nauthority = \"test.example,2026\"\nauthors = [\"Ada\"]\n";

/// A newsletter.
pub(crate) struct Project {
    folder: TempDir,
}

/// What a run of the program gave.
#[derive(Debug)]
pub(crate) struct Run {
    pub(crate) code: i32,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Run {
    /// The run, if it ended with this exit code.
    #[track_caller]
    pub(crate) fn expect(self, code: i32) -> Self {
        assert_eq!(
            self.code, code,
            "stdout:\n{}\nstderr:\n{}",
            self.stdout, self.stderr
        );
        self
    }

    /// What it printed as JSON.
    #[track_caller]
    pub(crate) fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.stdout)
            .unwrap_or_else(|error| panic!("{error}\n{}\n{}", self.stdout, self.stderr))
    }
}

impl Project {
    /// One with a configuration and no issues.
    pub(crate) fn new(config: &str) -> Self {
        let project = Self {
            folder: tempfile::tempdir().expect("a temporary folder"),
        };
        project.write("config.toml", config);
        fs::create_dir(project.path("issues")).expect("a new folder");
        project
    }

    /// A copy of the sample newsletter.
    pub(crate) fn sample() -> Self {
        let project = Self::new("");
        for file in ["config.toml", "issues", "feeds/sources"] {
            copy(
                &Path::new(env!("CARGO_MANIFEST_DIR")).join(file),
                &project.path(file),
            );
        }
        project
    }

    /// A path in it.
    pub(crate) fn path(&self, path: &str) -> PathBuf {
        self.folder.path().join(path)
    }

    /// Writes a file. Its time is set back, as if somebody had written it a while ago.
    pub(crate) fn write(&self, path: &str, text: impl AsRef<[u8]>) {
        let place = self.path(path);
        fs::create_dir_all(place.parent().expect("has a folder")).expect("a folder");
        fs::write(&place, text).expect("a file");
    }

    /// Writes an issue with one reading.
    pub(crate) fn issue(&self, stem: &str, date: &str) {
        self.write(
            &format!("issues/{stem}.md"),
            format!(
                "---\ntitle: Issue {stem}\ndate: {date}\n---\nHello from {stem}.\n\n\
                 ## Recommended reading\n\n- [On {stem}](https://reads.example/{stem})\n  \
                 Worth it. - [Ada](https://ada.example/)\n"
            ),
        );
    }

    /// A file's text.
    #[track_caller]
    pub(crate) fn read(&self, path: &str) -> String {
        fs::read_to_string(self.path(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
    }

    /// All files below a folder, by path.
    pub(crate) fn tree(&self, folder: &str) -> BTreeMap<String, Vec<u8>> {
        tree(&self.path(folder))
    }

    /// Runs the program in the folder.
    pub(crate) fn run(&self, arguments: &[&str]) -> Run {
        self.run_at(NOW, arguments)
    }

    /// The same with another clock.
    pub(crate) fn run_at(&self, now: &str, arguments: &[&str]) -> Run {
        let output = self
            .command(arguments)
            .env("NEWSDESK_NOW", now)
            .output()
            .expect("the program starts");
        Run {
            code: output.status.code().unwrap_or(-1),
            stdout: String::from_utf8_lossy(&output.stdout).into_owned(),
            stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
        }
    }

    /// The program, about to run in the folder.
    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_newsdesk"));
        command
            .args(arguments)
            .current_dir(self.folder.path())
            .env("NEWSDESK_NOW", NOW)
            .env("NO_COLOR", "1")
            .stdin(Stdio::null());
        for name in ["http_proxy", "https_proxy", "all_proxy", "no_proxy"] {
            command.env_remove(name).env_remove(name.to_uppercase());
        }
        if let Some(address) = database::address(self.folder.path()) {
            command.env("NEWSDESK_STORE_URL", address);
        }
        command
    }

    /// The texts that a query gives, asked of the store itself.
    #[track_caller]
    pub(crate) fn rows(&self, query: &'static str) -> Vec<String> {
        if let Some(address) = database::address(self.folder.path()) {
            return database::texts(&address, query);
        }
        let place = self.path("newsdesk.db");
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .expect("a runtime");
        runtime.block_on(async {
            let options = sqlx::sqlite::SqliteConnectOptions::new()
                .filename(place)
                .read_only(true);
            let pool = sqlx::SqlitePool::connect_with(options)
                .await
                .expect("a database");
            let rows = sqlx::query_scalar(query)
                .fetch_all(&pool)
                .await
                .expect("rows");
            pool.close().await;
            rows
        })
    }
}

/// All files below a folder, by path.
pub(crate) fn tree(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    walkdir::WalkDir::new(folder)
        .into_iter()
        .filter_map(Result::ok)
        .filter(|entry| entry.file_type().is_file())
        .map(|entry| {
            let path = entry.path().strip_prefix(folder).expect("below the folder");
            (
                path.to_string_lossy().replace('\\', "/"),
                fs::read(entry.path()).expect("a file"),
            )
        })
        .collect()
}

/// Copies a file or a folder.
pub(crate) fn copy(from: &Path, to: &Path) {
    if from.is_dir() {
        fs::create_dir_all(to).expect("a folder");
        for entry in fs::read_dir(from).expect("a folder") {
            let entry = entry.expect("an entry");
            copy(&entry.path(), &to.join(entry.file_name()));
        }
    } else {
        fs::copy(from, to).expect("a copy");
    }
}

/// A folder of `../shared/archive`; `None`, said so, where it is missing.
pub(crate) fn archive(folder: &str) -> Option<PathBuf> {
    shared(&format!("archive/{folder}"))
}

/// A folder of `../shared`; `None`, said so, where it is missing.
pub(crate) fn shared(folder: &str) -> Option<PathBuf> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../shared")
        .join(folder);
    if path.is_dir() {
        Some(path)
    } else {
        eprintln!("skipped: no ../shared");
        None
    }
}
