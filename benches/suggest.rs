//! Learning and ranking, as somebody waits for them: the program on archives and stores of three
//! sizes, each a process of its own: `cargo bench --bench suggest`.
//!
//! Each size is half of the next, so that a cost that is linear doubles. Of the archive's readings,
//! seven of ten are entries of the store that have certain words in their titles, most of them;
//! three are of places that no source carries. The rest is made up as well, always the same. Needs
//! GNU `time`.

#![expect(clippy::print_stdout, reason = "a table is what it is for")]

use std::fmt::Write as _;
use std::fs;
use std::ops::Range;
use std::path::Path;
use std::process::{Command, Stdio};

use chrono::{DateTime, TimeDelta, Utc};
use newsdesk::config;
use newsdesk::model::{Entry, History, Origin, Outcome, Source, SourceId, Visit};
use newsdesk::store::{Added, Mark, Record, Store};
use tempfile::TempDir;

/// Entries and picks of each size.
const SIZES: [(u64, u64); 3] = [(50_000, 2_500), (100_000, 5_000), (200_000, 10_000)];

/// Entries that one source carries.
const SOURCES: u64 = 500;

/// Picks of one issue.
const OF_ISSUE: u64 = 10;

/// Words that entries are made of.
const WORDS: u32 = 40_000;

const NOW: &str = "2026-11-15T12:00:00Z";

fn main() {
    // `cargo test --benches` runs this too; only a bench is meant.
    if !std::env::args().any(|argument| argument == "--bench") {
        return;
    }
    if !Path::new("/usr/bin/time").exists() {
        println!("skipped: needs `/usr/bin/time`");
        return;
    }
    println!(
        "{:32} {:>8} {:>8} {:>10}",
        "", "CPU s", "wall s", "peak MiB"
    );
    for (entries, picks) in SIZES {
        let folder = newsletter(entries, picks);
        let runtime = tokio::runtime::Runtime::new().expect("a runtime");
        let (store, sources) = runtime.block_on(filled(folder.path(), entries, picks));
        println!("{picks} picks, {entries} entries");
        suggest(&folder, "learn, and rank all", NOW);
        suggest(&folder, "nothing changed", NOW);
        runtime.block_on(add(
            &store,
            &sources,
            entries..entries + 200,
            entries,
            picks,
        ));
        suggest(&folder, "200 new entries", "2026-11-15T18:00:00Z");
        runtime.block_on(store.close());
    }
}

/// Runs `suggest` under GNU time, and prints what it cost.
fn suggest(folder: &TempDir, what: &str, now: &str) {
    let cost = folder.path().join("cost.txt");
    let status = Command::new("/usr/bin/time")
        .arg("-o")
        .arg(&cost)
        .args([
            "-f",
            "%U %S %e %M",
            env!("CARGO_BIN_EXE_newsdesk"),
            "suggest",
        ])
        .current_dir(folder.path())
        .env("NEWSDESK_NOW", now)
        .stdout(Stdio::null())
        .status()
        .expect("GNU time");
    assert!(status.success(), "`newsdesk suggest` failed");
    let text = fs::read_to_string(&cost).expect("what GNU time wrote");
    let numbers: Vec<f64> = text
        .split_whitespace()
        .map(|number| number.parse().expect("a number"))
        .collect();
    println!(
        "  {what:30} {:>8.2} {:>8.2} {:>10.0}",
        numbers[0] + numbers[1],
        numbers[2],
        numbers[3] / 1024.0
    );
}

/// A random number of an entry, always the same.
fn random(entry: u64) -> fastrand::Rng {
    fastrand::Rng::with_seed(entry.wrapping_mul(0x9e37_79b9_7f4a_7c15))
}

/// Words, the first ones far more often than the last ones, as in any language.
fn words(random: &mut fastrand::Rng, count: usize) -> String {
    let mut text = String::new();
    for _ in 0..count {
        let share = random.f64();
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "at most the number of words"
        )]
        let word = f64::from(WORDS).powf(share) as u32;
        let _ = write!(text, "{} ", word_of(word));
    }
    text.truncate(text.trim_end().len());
    text
}

/// A word made of syllables.
fn word_of(mut number: u32) -> String {
    const SYLLABLES: [&str; 16] = [
        "ta", "ren", "lo", "mi", "sku", "par", "de", "vo", "nis", "gra", "hel", "on", "bi", "cru",
        "fe", "zal",
    ];
    let mut word = String::new();
    loop {
        word.push_str(SYLLABLES[number as usize % 16]);
        number /= 16;
        if number == 0 {
            return word;
        }
    }
}

/// Whether an entry was picked: one of so many.
fn is_picked(entry: u64, entries: u64, picks: u64) -> bool {
    entry.is_multiple_of(entries / picks)
}

/// What an issue recommends in the place of an entry that was picked: itself, or, three times of
/// ten, something that no source carries.
fn reading(entry: u64) -> (String, String) {
    if random(entry ^ 1 << 41).u8(..10) < 3 {
        let url = format!("https://elsewhere{}.example/{entry}", entry % 97);
        return (title(entry ^ 1 << 42, true), url);
    }
    (title(entry, true), url(entry))
}

/// The title of an entry. Those that were picked have a word that others seldom have.
fn title(entry: u64, is_picked: bool) -> String {
    let mut random = random(entry);
    let title = words(&mut random, 7);
    if is_picked && random.u8(..3) > 0 {
        format!("{title} {}", word_of(30_000 + random.u32(..20)))
    } else {
        format!("{title} {entry}")
    }
}

/// The source that carries an entry; no source has more picks than others by its number.
fn source_of(entry: u64) -> u64 {
    (entry.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 32) % SOURCES
}

fn url(entry: u64) -> String {
    format!("https://s{}.example/{entry}", source_of(entry))
}

/// When an entry appeared: the last one just now, and forty a day.
fn appeared(entry: u64, entries: u64) -> DateTime<Utc> {
    let now: DateTime<Utc> = NOW.parse().expect("an instant");
    let before = i64::try_from(entries.saturating_sub(entry)).expect("a small number");
    now - TimeDelta::minutes(before * 36)
}

/// A newsletter whose issues have the entries that were picked.
fn newsletter(entries: u64, picks: u64) -> TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    let write = |path: &str, text: &str| fs::write(folder.path().join(path), text).expect("a file");
    write(
        "config.toml",
        "[newsletter]\ntitle = \"News\"\nbase_url = \"https://news.example.org/\"\n\
         authority = \"news.example.org,2026\"\n",
    );
    fs::create_dir(folder.path().join("issues")).expect("a folder");
    let picked: Vec<u64> = (0..entries)
        .filter(|entry| is_picked(*entry, entries, picks))
        .collect();
    for (number, own) in picked
        .chunks(usize::try_from(OF_ISSUE).expect("small"))
        .enumerate()
    {
        let day = appeared(own[own.len() - 1], entries) + TimeDelta::days(1);
        let mut text = format!(
            "---\ntitle: Issue {number}\ndate: {}\n---\nHello.\n\n## Recommended reading\n\n",
            day.format("%Y-%m-%dT%H:%M:%SZ")
        );
        for (title, url) in own.iter().copied().map(reading) {
            let _ = writeln!(
                text,
                "- [{title}]({url})\n  Worth reading. - [Ada](https://ada.example/)"
            );
        }
        write(&format!("issues/{number:05}.md"), &text);
    }
    folder
}

/// A store that has the entries of the archive, and all others.
async fn filled(folder: &Path, entries: u64, picks: u64) -> (Store, Vec<SourceId>) {
    let place = folder.join("config.toml");
    let text = fs::read_to_string(&place).expect("a file");
    let config = config::parse(&place, &text).expect("a configuration");
    let store = Store::open(&config.store).await.expect("a store");
    let now: DateTime<Utc> = NOW.parse().expect("an instant");
    let mut sources = Vec::new();
    for number in 0..SOURCES {
        let source = Source {
            title: Some(format!("Source {number}")),
            ..Source::new(format!("https://s{number}.example/feed"), Origin::Added)
        };
        let Added::New(source) = store.add(&source, now).await.expect("a source") else {
            panic!("a new store has no sources");
        };
        sources.push(source);
    }
    let mut start = 0;
    while start < entries {
        let end = (start + 10_000).min(entries);
        add(&store, &sources, start..end, entries, picks).await;
        start = end;
    }
    (store, sources)
}

/// Stores entries, as polls do.
async fn add(store: &Store, sources: &[SourceId], which: Range<u64>, entries: u64, picks: u64) {
    let now: DateTime<Utc> = NOW.parse().expect("an instant");
    let mut of_source: Vec<Vec<(Mark, Entry)>> = vec![Vec::new(); sources.len()];
    for number in which {
        let own = Entry {
            url: Some(url(number)),
            title: title(
                number,
                number < entries && is_picked(number, entries, picks),
            ),
            text: words(&mut random(number ^ 1 << 40), 60),
            at: appeared(number, entries),
            ..Entry::default()
        };
        let mark = Mark {
            item: number,
            content: number,
        };
        let source = usize::try_from(source_of(number)).expect("a small number");
        of_source[source].push((mark, own));
    }
    let records: Vec<Record> = sources
        .iter()
        .zip(of_source)
        .filter(|(_, entries)| !entries.is_empty())
        .map(|(source, entries)| Record {
            source: *source,
            moved_to: None,
            history: History::default(),
            visit: Visit {
                at: now,
                outcome: Outcome::Changed,
                status: Some(200),
                took: 1,
                bytes: 1,
                new: 0,
                changed: 0,
                repairs: Vec::new(),
                message: None,
            },
            entries,
            seen: Vec::new(),
        })
        .collect();
    store.record(&records, &[], now).await.expect("stored");
}
