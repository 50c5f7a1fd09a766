//! Suggestions must not break unnoticed: `evaluate` over real pools, thinned to what an unoptimized
//! program ranks in seconds. What is a little worse shows in whole pools only: `docs/SUGGEST.md`.

use std::collections::HashSet;
use std::io::Read as _;

use serde_json::Value;

use crate::project::{Project, shared};

fn id(row: &str) -> Option<String> {
    let row: Value = serde_json::from_str(row).expect("JSON");
    row["id"].as_str().map(str::to_owned)
}

/// Ranks for the issues since a day out of all that was picked and every so many of the others,
/// and holds nDCG@20 of each newsletter against its floor.
#[track_caller]
fn check(folder: &str, every: usize, from: &str, floors: &[(&str, f64)]) {
    let Some(folder) = shared(&format!("bench/suggest/{folder}")) else {
        return;
    };
    let picks = folder.join("picks.jsonl");
    let rows = std::fs::read_to_string(&picks).expect("picks");
    let wanted: HashSet<String> = rows.lines().filter_map(id).collect();
    let packed = std::fs::File::open(folder.join("pool.jsonl.gz")).expect("a pool");
    let mut pool = String::new();
    flate2::read::MultiGzDecoder::new(packed)
        .read_to_string(&mut pool)
        .expect("gzip");
    let thinned: String = pool
        .split_inclusive('\n')
        .enumerate()
        .filter(|(at, row)| at % every == 0 || id(row).is_some_and(|id| wanted.contains(&id)))
        .map(|(_, row)| row)
        .collect();
    let project = Project::new("");
    project.write("pool.jsonl", thinned);
    let found = project
        .run(&[
            "evaluate",
            "--pool",
            "pool.jsonl",
            "--picks",
            picks.to_str().expect("a path"),
            "--alone",
            "--from",
            from,
            "--json",
        ])
        .expect(0)
        .json();
    for (newsletter, floor) in floors {
        let tables = found["newsletters"].as_array().expect("a list");
        let own = tables.iter().find(|own| own["newsletter"] == *newsletter);
        let own = own.unwrap_or_else(|| panic!("no {newsletter}"));
        let measured = own["rankers"][0]["mean"]["ndcg@20"].as_f64();
        let measured = measured.expect("a number");
        assert!(
            measured >= *floor,
            "{newsletter}: {measured:.3} is below {floor}"
        );
    }
}

#[test]
fn papers_are_ranked_no_worse_than_they_were() {
    // Measured: 0.593; without form 0.559.
    check("arxiv", 8, "2025-12-21", &[("dair-papers", 0.56)]);
}

#[test]
fn links_are_ranked_no_worse_than_they_were() {
    // Measured: 0.987 and 0.945.
    let floors = [("haskell-weekly", 0.95), ("this-week-in-rust", 0.91)];
    check("links", 12, "2020-03-24", &floors);
}
