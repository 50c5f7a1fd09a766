use std::collections::BTreeMap;

use super::*;
use crate::model::Id;

fn header(path: &str, day: u32) -> Header {
    let published = format!("2021-11-{day:02}T00:00:00Z").parse().unwrap();
    Header {
        path: path.into(),
        stem: path.to_owned(),
        slug: path.to_owned(),
        id: Id(format!("tag:x.example,2020:{path}")),
        title: format!("Issue {path}"),
        url: format!("https://x.example/{path}/").parse().unwrap(),
        published,
        updated: published,
        draft: false,
        tags: Vec::new(),
        categories: Vec::new(),
        authors: Vec::new(),
        summary: None,
        language: None,
        audio: None,
        extra: BTreeMap::new(),
    }
}

fn places() -> Places {
    Places {
        title: 1..2,
        date: 2..3,
        slug: 3..4,
        url: 4..5,
        id: 5..6,
    }
}

/// The problems of issues and what they recommend: path, code, start, message.
#[track_caller]
fn check(issues: &[(Header, &[&str])], expected: &[(&str, &str, usize, &str)]) {
    let places = places();
    let seen: Vec<Seen<'_>> = issues
        .iter()
        .map(|(header, urls)| Seen {
            header,
            places: &places,
            readings: urls
                .iter()
                .enumerate()
                .map(|(at, url)| SeenReading {
                    url,
                    title: "A Fern",
                    category: None,
                    span: 10 + at..20,
                })
                .collect(),
        })
        .collect();
    let problems = problems(&seen);
    let found: Vec<_> = problems
        .iter()
        .map(|problem| {
            (
                problem.path.to_str().unwrap(),
                problem.code.as_ref(),
                problem.span.start,
                problem.message.as_str(),
            )
        })
        .collect();
    assert_eq!(found, expected);
}

#[test]
fn finds_nothing_in_issues_that_do_not_clash() {
    check(
        &[
            (header("a", 1), &["https://f.example/1"]),
            (header("b", 2), &[]),
        ],
        &[],
    );
}

#[test]
fn blames_the_later_of_two_issues_with_one_slug() {
    let mut later = header("B", 2);
    later.slug = "A".to_owned();
    // The id and the permalink are made of the slug: one problem is enough.
    let earlier = header("a", 1);
    later.id = earlier.id.clone();
    later.url = earlier.url.clone();
    check(
        &[(later, &[]), (earlier, &[])],
        &[("B", "same-slug", 3, "the slug `A` is also that of `a`")],
    );
}

#[test]
fn finds_ids_and_permalinks_that_are_used_twice() {
    let earlier = header("a", 1);
    let mut later = header("b", 2);
    later.id = earlier.id.clone();
    later.url = earlier.url.clone();
    check(
        &[(earlier, &[]), (later, &[])],
        &[
            (
                "b",
                "same-id",
                5,
                "the id `tag:x.example,2020:a` is also that of `a`",
            ),
            (
                "b",
                "same-url",
                4,
                "the permalink `https://x.example/a/` is also that of `a`",
            ),
        ],
    );
}

#[test]
fn warns_of_a_title_used_twice() {
    let mut later = header("b", 2);
    later.title = "ISSUE A".to_owned();
    check(
        &[(header("a", 1), &[]), (later, &[])],
        &[(
            "b",
            "same-title",
            1,
            "the title `ISSUE A` is also that of `a`",
        )],
    );
}

#[test]
fn warns_of_what_was_recommended_before() {
    check(
        &[
            (
                header("c", 3),
                &["https://arxiv.org/pdf/2005.12872v2", "https://f.example/x"],
            ),
            (header("a", 1), &["https://arxiv.org/abs/2005.12872"]),
            (
                header("b", 2),
                &[
                    "https://f.example/x?utm_source=b",
                    "http://www.f.example/x/",
                ],
            ),
        ],
        &[
            (
                "b",
                "repeated-reading",
                11,
                "`A Fern` was already recommended above in this issue",
            ),
            (
                "c",
                "repeated-reading",
                10,
                "`A Fern` was already recommended in `a`",
            ),
            (
                "c",
                "repeated-reading",
                11,
                "`A Fern` was already recommended in `b`",
            ),
        ],
    );
}

#[test]
fn lets_highlights_and_releases_come_again() {
    let (old, new) = (header("a", 1), header("b", 2));
    let places = places();
    let reading = |title, category, at: usize| SeenReading {
        url: "https://r.example/x",
        title,
        category: Some(category),
        span: at..at + 1,
    };
    let seen = |header, readings| Seen {
        header,
        places: &places,
        readings,
    };
    let highlight = vec![
        reading("x 1.0", "Highlights", 1),
        reading("x 1.0", "Tools", 2),
    ];
    let release = vec![reading("x 1.1", "Tools", 3)];
    let again = vec![reading("x 1.0", "Tools", 4)];
    let codes = |issues: &[Seen<'_>]| -> Vec<String> {
        let problems = problems(issues).into_iter();
        problems
            .filter(|problem| problem.code == "repeated-reading")
            .map(|problem| problem.path.display().to_string())
            .collect()
    };
    assert_eq!(
        codes(&[seen(&old, highlight.clone()), seen(&new, release)]),
        [""; 0]
    );
    assert_eq!(codes(&[seen(&old, highlight), seen(&new, again)]), ["b"]);
}
