//! `backtest`: the real program on an archive of thirty weeks, of which it is known what else
//! appeared.

use std::fmt::Write as _;

use chrono::{Days, NaiveDate};

use crate::decide::{gathered, gathered_with};
use crate::project::Project;

const NOW: &str = crate::project::NOW;
const WEEKS: u64 = 30;

fn day(week: u64, day: u64) -> NaiveDate {
    let first: NaiveDate = "2026-04-06".parse().unwrap();
    first + Days::new(week * 7 + day)
}

/// A source with two entries a week.
fn source(host: &str, words: &str) -> String {
    let mut feed = format!(
        "<feed xmlns=\"http://www.w3.org/2005/Atom\"><title>{host}</title>\
         <id>https://{host}/</id><updated>2026-11-14T08:00:00Z</updated>\n"
    );
    for week in 0..WEEKS {
        for at in 0..2 {
            let _ = writeln!(
                feed,
                "<entry><title>{words} {week} and {at}</title><id>https://{host}/{week}/{at}</id>\
                 <link href=\"https://{host}/{week}/{at}\"/>\
                 <published>{}T08:00:00Z</published><updated>{}T08:00:00Z</updated>\
                 <summary>More of {words}.</summary></entry>",
                day(week, at),
                day(week, at)
            );
        }
    }
    feed.push_str("</feed>\n");
    feed
}

/// An issue each week with what was first from the harbour that week: Ada's and Ben's by turns.
fn project(weeks: std::ops::Range<u64>) -> Project {
    let project = gathered_with(
        "",
        &[
            ("harbour.example", &source("harbour.example", "Ropes knots")),
            (
                "noise.example",
                &source("noise.example", "Celebrity gossip"),
            ),
            ("more.example", &source("more.example", "Sports results")),
        ],
    );
    for issue in ["issues/2026-09.md", "issues/2026-10.md"] {
        std::fs::remove_file(project.path(issue)).unwrap();
    }
    for week in weeks {
        let curator = if week % 2 == 0 { "Ada" } else { "Ben" };
        project.write(
            &format!("issues/{}.md", day(week, 4)),
            format!(
                "---\ntitle: Week {week}\ndate: {}\n---\nHello.\n\n## Recommended reading\n\n\
                 - [Ropes knots {week} and 0](https://harbour.example/{week}/0)\n  Worth it. - \
                 [{curator}](https://{curator}.example/)\n",
                day(week, 4)
            ),
        );
    }
    project
}

#[test]
fn an_archive_that_can_be_predicted_is() {
    let project = project(0..WEEKS);
    let found = project
        .run_at(NOW, &["backtest", "--json", "--svg", "plot.svg"])
        .expect(0)
        .json();
    assert_eq!(found["readings"], 30);
    assert_eq!(found["readings_among_entries"], 30);
    assert_eq!(found["entries"], 180);
    assert_eq!(found["window_days"], 14);
    let measured = found["issues_measured"].as_u64().unwrap();
    assert!((15..=20).contains(&measured), "{measured}");
    assert_eq!(found["judgement"], "better", "{found:#}");
    let rankers = found["rankers"].as_array().unwrap();
    assert_eq!(rankers[0]["ranker"], "newsdesk");
    assert_eq!(rankers.len(), 5);
    assert_eq!(rankers[0]["mean"]["recall@20"], 1.0);
    let curators: Vec<&str> = found["curators"]
        .as_array()
        .unwrap()
        .iter()
        .map(|own| own["curator"].as_str().unwrap())
        .collect();
    assert_eq!(curators, ["Ada", "Ben"]);
    let own = found["curators"][0]["issues_measured"].as_u64().unwrap();
    assert!(own < measured, "{own}");
    let svg = project.read("plot.svg");
    assert!(svg.starts_with("<svg") && svg.contains("The Test"), "{svg}");
    let run = project.run(&["backtest"]).expect(0);
    assert!(
        run.stdout.starts_with(
            "30 of 30 past readings stand among the 180 entries that sources brought; an entry \
             counts as available for 14 days\n"
        ),
        "{}",
        run.stdout
    );
    assert!(
        run.stdout.contains("TF-IDF and linear SVM"),
        "{}",
        run.stdout
    );
    assert_eq!(
        run.stderr,
        "suggestions predict this archive better than newest first does\n"
    );
}

#[test]
fn says_when_an_archive_is_too_small() {
    let run = project(0..15).run(&["backtest"]).expect(0);
    assert!(
        run.stderr.starts_with("too few to judge by: "),
        "{}",
        run.stderr
    );
    let project = gathered();
    let run = project.run(&["backtest", "--svg", "plot.svg"]).expect(0);
    assert!(
        run.stderr
            .starts_with("nothing can be judged yet: for none of 2 issues"),
        "{}",
        run.stderr
    );
    assert!(run.stderr.contains("\nhint: "), "{}", run.stderr);
    assert!(!project.path("plot.svg").exists());
    let found = project.run(&["backtest", "--json"]).expect(0).json();
    assert_eq!(found["judgement"], "nothing");
    assert_eq!(found["rankers"], serde_json::json!([]));
}

#[test]
fn tells_how_far_the_sources_reach() {
    let project = project(0..WEEKS);
    project.write(
        "issues/2026-11-13.md",
        "---\ntitle: Elsewhere\ndate: 2026-11-13\n---\nHello.\n\n## Recommended reading\n\n\
         - [Found by hand](https://elsewhere.example/1)\n  Worth it. - [Ada](https://ada.example/)\n",
    );
    let found = project.run_at(NOW, &["reach", "--json"]).expect(0).json();
    assert_eq!(found["readings"], WEEKS + 1, "{found:#}");
    assert_eq!(found["there"], WEEKS);
    assert_eq!(found["late"], 0);
    let ranked = &found["ranked"];
    assert_eq!(
        ranked["first_20"].as_u64().unwrap() + 1,
        ranked["readings"].as_u64().unwrap(),
        "all that stood among the entries, and not what was found by hand: {found:#}"
    );
    assert_eq!(
        found["missing"],
        serde_json::json!([{ "place": "elsewhere.example", "readings": 1, "recent": 1, "last": "2026-11-13" }])
    );
    let shown = project.run_at(NOW, &["reach"]).expect(0).stdout;
    assert!(
        shown.contains("of 31 past readings: 30 (97 %) stood among the entries before their issue"),
        "{shown}"
    );
}
