//! What publishing costs: `cargo bench --bench publish`.

#![expect(unreachable_pub, reason = "the archive is shared with the other bench")]

#[expect(dead_code, reason = "the other bench has another configuration")]
mod archive;

use std::fs;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

use chrono_tz::Tz;
use criterion::{BatchSize, Criterion, Throughput, criterion_group, criterion_main};
use newsdesk::config;
use newsdesk::feeds::{Format, entry};
use newsdesk::issues::{self, Options, Wanted, header, markdown, readings};
use tempfile::TempDir;

fn options() -> Options {
    let config = config::parse(Path::new("config.toml"), archive::EVERYTHING).expect("is right");
    assert_eq!(config.issues.time_zone, Tz::UTC);
    config.issues
}

/// One issue of middling length, as a file.
fn file() -> String {
    let mut bodies = archive::bodies();
    bodies.sort_by_key(String::len);
    format!(
        "---\ntitle: One\ndate: 2026-01-31\n---\n{}",
        bodies[bodies.len() / 2]
    )
}

fn one_issue(criterion: &mut Criterion) {
    let options = options();
    let file = file();
    let path = Path::new("issues/one.md");
    let mut group = criterion.benchmark_group("issue");
    group.throughput(Throughput::Bytes(file.len() as u64));
    group.bench_function("header", |bench| {
        bench.iter(|| header::read(path, &file, &options));
    });
    let outcome = header::read(path, &file, &options);
    let header = outcome.header.expect("has a date");
    group.bench_function("markdown", |bench| {
        bench.iter(|| markdown::parse(&file, outcome.body.clone()));
    });
    let events = markdown::parse(&file, outcome.body.clone());
    group.bench_function("readings", |bench| {
        bench.iter(|| readings::find(&events, &options.sections, options.signing));
    });
    group.bench_function("whole", |bench| {
        bench.iter_batched(
            || header.clone(),
            |header| issues::parse(header, &file, outcome.body.clone(), &options, Wanted::ALL),
            BatchSize::SmallInput,
        );
    });
    let parsed = issues::parse(header, &file, outcome.body.clone(), &options, Wanted::ALL);
    let entry = entry::of_issue(&parsed.issue, &options.newsletter);
    for format in Format::ALL {
        group.bench_function(format.file_name(), |bench| {
            bench.iter(|| format.entry(&entry));
        });
    }
    group.finish();
}

/// Runs the real program.
fn build(folder: &TempDir) {
    let status = Command::new(env!("CARGO_BIN_EXE_newsdesk"))
        .args(["build", "--quiet"])
        .current_dir(folder.path())
        .status()
        .expect("the program starts");
    assert!(status.success());
}

fn newsletter(count: usize) -> TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    fs::write(folder.path().join("config.toml"), archive::EVERYTHING).expect("a file");
    archive::write_issues(&folder.path().join("issues"), count);
    folder
}

fn whole_builds(criterion: &mut Criterion) {
    for count in [1_000, 10_000] {
        let folder = newsletter(count);
        let mut group = criterion.benchmark_group(format!("build of {count} issues"));
        group
            .sample_size(10)
            .measurement_time(Duration::from_secs(5));
        group.throughput(Throughput::Elements(count as u64));
        group.bench_function("everything", |bench| {
            bench.iter_batched(
                || {
                    for made in [".newsdesk", "feeds"] {
                        let _ = fs::remove_dir_all(folder.path().join(made));
                    }
                },
                |()| build(&folder),
                BatchSize::PerIteration,
            );
        });
        // The files are older than the cache by now, as they are on any other day.
        build(&folder);
        std::thread::sleep(Duration::from_secs(3));
        fs::remove_dir_all(folder.path().join(".newsdesk")).expect("the cache");
        build(&folder);
        group.bench_function("nothing changed", |bench| bench.iter(|| build(&folder)));
        let changing = folder
            .path()
            .join(format!("issues/issue-{:05}.md", count - 3));
        let text = fs::read_to_string(&changing).expect("an issue");
        let mut round = 0_usize;
        group.bench_function("one issue changed", |bench| {
            bench.iter_batched(
                || {
                    round += 1;
                    fs::write(&changing, format!("{text}\n\nRound {round}.\n")).expect("a file");
                },
                |()| build(&folder),
                BatchSize::PerIteration,
            );
        });
        group.finish();
    }
}

criterion_group!(benches, one_issue, whole_builds);
criterion_main!(benches);
