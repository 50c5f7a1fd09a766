use std::path::PathBuf;

use proptest::prelude::*;
use serde_json::json;

use super::*;
use crate::issues::Ids;
use crate::model::{Audio, Newsletter, Person};

fn options() -> Options {
    Options {
        newsletter: Newsletter {
            title: "The Weekly Fern".to_owned(),
            subtitle: None,
            base_url: "https://fern.example.org/letter/".parse().unwrap(),
            language: Some("en".to_owned()),
            authors: vec![person("Flora")],
            rights: None,
            icon: None,
            hubs: Vec::new(),
            authority: "fern.example.org,2020".to_owned(),
        },
        sections: crate::issues::readings::Sections::named::<String>([]),
        signing: crate::issues::readings::Signing::ANYWHERE,
        time_zone: chrono_tz::Europe::Berlin,
        title: "{newsletter}: {month} {year}".to_owned(),
        url: "{year}/{month}/{slug}/".to_owned(),
        slug: None,
        dates: std::collections::BTreeMap::new(),
        ids: Ids::Tag,
        clean_html: true,
    }
}

fn person(name: &str) -> Person {
    Person {
        name: name.to_owned(),
        ..Person::default()
    }
}

/// What is read of a file named `issues/2021-11-17.md`.
#[track_caller]
fn outcome(file: &str) -> Outcome {
    read(Path::new("issues/2021-11-17.md"), file, &options())
}

/// The header of a file in which nothing is wrong.
#[track_caller]
fn header(file: &str) -> Header {
    let outcome = outcome(file);
    assert_eq!(outcome.problems, [], "{file}");
    outcome.header.unwrap()
}

/// The header of front matter in YAML in which nothing is wrong.
#[track_caller]
fn yaml(lines: &str) -> Header {
    header(&format!("---\n{lines}\n---\nText.\n"))
}

/// The problems of front matter in YAML: severity, code, what they mark, message, hint.
#[track_caller]
fn check_problems(lines: &str, expected: &[(Severity, &str, &str, &str, &str)]) {
    let file = format!("---\n{lines}\n---\nText.\n");
    let problems = outcome(&file).problems;
    let found: Vec<_> = problems
        .iter()
        .map(|problem| {
            (
                problem.severity,
                problem.code.as_ref(),
                &file[problem.span.clone()],
                problem.message.as_str(),
                problem.hint.as_deref().unwrap_or(""),
            )
        })
        .collect();
    assert_eq!(found, expected, "{lines}");
}

use Severity::{Error, Warning};

#[test]
fn reads_everything_from_nothing_but_the_file_name() {
    let header = header("Text.\n");
    assert_eq!(header.path, PathBuf::from("issues/2021-11-17.md"));
    assert_eq!(header.stem, "2021-11-17");
    assert_eq!(header.slug, "2021-11-17");
    assert_eq!(header.id.0, "tag:fern.example.org,2020:2021-11-17");
    assert_eq!(header.title, "The Weekly Fern: November 2021");
    assert_eq!(
        header.url.as_str(),
        "https://fern.example.org/letter/2021/11/2021-11-17/"
    );
    assert_eq!(header.published.to_rfc3339(), "2021-11-17T00:00:00+01:00");
    assert_eq!(header.updated, header.published);
    assert_eq!(header.authors, [person("Flora")]);
    assert!(!header.draft);
}

#[test]
fn reads_every_spelling_of_dates() {
    for key in [
        "date",
        "Date",
        "DATE",
        "pubDate",
        "publishDate",
        "published",
        "published_at",
    ] {
        let header = yaml(&format!("{key}: 2021-11-17T10:00:00Z"));
        assert_eq!(
            header.published.to_rfc3339(),
            "2021-11-17T10:00:00+00:00",
            "{key}"
        );
    }
    for key in [
        "updated",
        "lastmod",
        "modified",
        "Modified",
        "last_modified_at",
        "lastModified",
        "last-updated",
        "updated_at",
    ] {
        let header = yaml(&format!("{key}: 2022-01-02"));
        assert_eq!(
            header.updated.to_rfc3339(),
            "2022-01-02T00:00:00+01:00",
            "{key}"
        );
        assert_eq!(
            header.published.to_rfc3339(),
            "2021-11-17T00:00:00+01:00",
            "{key}"
        );
    }
    let toml = header("+++\ndate = 2021-11-17T10:00:00Z\nupdated = 2021-11-18\n+++\nText");
    assert_eq!(toml.published.to_rfc3339(), "2021-11-17T10:00:00+00:00");
    assert_eq!(toml.updated.to_rfc3339(), "2021-11-18T00:00:00+01:00");
}

#[test]
fn takes_an_update_on_the_same_day_for_no_update() {
    let header = yaml("date: 2021-11-17 10:00\nupdated: 2021-11-17");
    assert_eq!(header.updated, header.published);
}

#[test]
fn reads_every_spelling_of_drafts() {
    for lines in [
        "draft: true",
        "Draft: yes",
        "draft: 'true'",
        "published: false",
        "status: draft",
        "Status: Hidden",
    ] {
        assert!(yaml(lines).draft, "{lines}");
    }
    for lines in [
        "draft: false",
        "draft: no",
        "published: true",
        "status: published",
        "draft:",
        "draft: false\nstatus: draft",
    ] {
        assert!(!yaml(lines).draft, "{lines}");
    }
}

#[test]
fn reads_tags_and_categories_as_generators_do() {
    let tags = |lines: &str| yaml(lines).tags;
    assert_eq!(tags("tags: [a b, c, 7]"), ["a b", "c", "7"]);
    assert_eq!(tags("tags:\n  - a b\n  - c\n  - A B"), ["a b", "c"]);
    assert_eq!(tags("tags: a b, c"), ["a b", "c"]);
    assert_eq!(tags("tags: a b; c, d"), ["a b", "c, d"]);
    assert_eq!(tags("tags: a b"), ["a", "b"]);
    assert_eq!(tags("tag: a b"), ["a b"]);
    assert_eq!(tags("tags: []"), [""; 0]);
    assert_eq!(
        yaml("categories: [Ferns]\ncategory: Mosses").categories,
        ["Ferns", "Mosses"]
    );
    let pelican = header("Title: T\nTags: a b\nCategory: This Week\n\nText");
    assert_eq!(pelican.tags, ["a b"]);
    assert_eq!(pelican.categories, ["This Week"]);
    let zola = header(
        "+++\n[taxonomies]\ntags = [\"a\"]\ncategories = [\"b\"]\n[extra]\nauthor = \"Ada\"\n\
         title = \"of the theme\"\n+++\nText",
    );
    assert_eq!(
        (&zola.tags[..], &zola.categories[..]),
        (&["a".to_owned()][..], &["b".to_owned()][..])
    );
    assert_eq!(zola.authors, [person("Ada")]);
    assert_eq!(zola.extra["title"], json!("of the theme"));
}

#[test]
fn reads_authors_in_every_shape() {
    let ada = Person {
        name: "Ada".to_owned(),
        url: Some("https://ada.example/".to_owned()),
        email: Some("ada@example.org".to_owned()),
    };
    let authors = |lines: &str| yaml(lines).authors;
    assert_eq!(authors("author: Ada, Countess"), [person("Ada, Countess")]);
    assert_eq!(authors("authors: Ada, Bo"), [person("Ada"), person("Bo")]);
    assert_eq!(authors("authors: Ada; Bo"), [person("Ada"), person("Bo")]);
    assert_eq!(
        authors("authors: [Ada, Bo, Ada]"),
        [person("Ada"), person("Bo")]
    );
    assert_eq!(authors("author: [Ada, Bo]"), [person("Ada"), person("Bo")]);
    assert_eq!(
        authors("author: {name: Ada, url: 'https://ada.example/', email: ada@example.org}"),
        std::slice::from_ref(&ada)
    );
    assert_eq!(
        authors(
            "authors:\n  - name: Ada\n    uri: https://ada.example/\n    mail: ada@example.org\n  - Bo"
        ),
        [ada, person("Bo")]
    );
    let mail = &authors("author: Ada <ada@example.org>")[0];
    assert_eq!(
        (mail.name.as_str(), mail.email.as_deref()),
        ("Ada", Some("ada@example.org"))
    );
    let page = &authors("author: Ada <https://ada.example/>")[0];
    assert_eq!(page.url.as_deref(), Some("https://ada.example/"));
    let toml = header("+++\n[[authors]]\nname = \"Ada\"\n[[authors]]\nname = \"Bo\"\n+++\nText");
    assert_eq!(toml.authors, [person("Ada"), person("Bo")]);
}

#[test]
fn reads_summary_and_language() {
    for key in ["summary", "description", "excerpt", "Summary"] {
        let header = yaml(&format!("{key}: \"Two  words\\nand more\""));
        assert_eq!(
            header.summary.as_deref(),
            Some("Two words and more"),
            "{key}"
        );
    }
    let both = yaml("description: Two\nsummary: One");
    assert_eq!(both.summary.as_deref(), Some("One"));
    assert_eq!(both.extra["description"], json!("Two"));
    for key in ["lang", "language", "locale"] {
        assert_eq!(
            yaml(&format!("{key}: pt_BR")).language.as_deref(),
            Some("pt-BR")
        );
        assert_eq!(yaml(&format!("{key}: EN")).language, None);
    }
}

#[test]
fn keeps_unknown_keys() {
    let header = yaml("post_type: Newsletter\ndeep:\n  a: [1, {b: c}]\nnothing:");
    assert_eq!(header.extra["post_type"], json!("Newsletter"));
    assert_eq!(header.extra["deep"], json!({"a": [1, {"b": "c"}]}));
    assert_eq!(header.extra["nothing"], json!(null));
}

#[test]
fn finds_a_title_in_front_matter_heading_or_pattern() {
    #[track_caller]
    fn check(file: &str, title: &str) {
        assert_eq!(header(file).title, title, "{file}");
    }
    check("---\ntitle: One\n---\n# Two\n", "One");
    check("---\ntitle: 1.10\n---\nText", "1.10");
    check("---\ntitle: No\n---\nText", "No");
    check("---\ntitle: \" A\\tb\u{a0}c\\u0007 \"\n---\nText", "A b c");
    check("---\ntitle: ''\n---\n# Two\n", "Two");
    check("# A *b* `c` [d](https://d.example) {#own}\nText", "A b c d");
    check("Text\n\n# Late\n", "Late");
    check("Two\n===\n", "Two");
    check("Two\nlines\n   ===  \nText\n", "Two lines");
    check("#\n\n# After an empty one\n", "After an empty one");
    check("# Last", "Last");
    check(
        &format!("{}\n# Far{}", "x\n".repeat(60), "\n".repeat(200)),
        "Far",
    );
    for without in [
        "```\n# code\n```\n",
        "    # code\n",
        "#hash\n",
        "## Second\n",
        "> # quoted\n",
        "- # listed\n",
        "<!--\n# hidden\n-->\n",
        "a\n\n=\n",
    ] {
        check(without, "The Weekly Fern: November 2021");
    }
}

#[test]
fn fills_patterns() {
    let mut options = options();
    options.title = "{newsletter} {day} {month} {year} ({date}, {slug}) {other}".to_owned();
    options.url = "https://elsewhere.example/{year}-{month}-{day}/{slug}".to_owned();
    options.ids = Ids::Permalink;
    let file = "---\ndate: 2021-06-07\nslug: großes-日本\n---\nText";
    let header = read(Path::new("a.md"), file, &options).header.unwrap();
    assert_eq!(
        header.title,
        "The Weekly Fern 7 June 2021 (2021-06-07, großes-日本) {other}"
    );
    let url = "https://elsewhere.example/2021-06-07/gro%C3%9Fes-%E6%97%A5%E6%9C%AC";
    assert_eq!(header.url.as_str(), url);
    assert_eq!(header.id.0, url);
}

#[test]
fn makes_slugs_of_file_names() {
    #[track_caller]
    fn check(path: &str, slug: &str) {
        let file = "---\ndate: 2021-11-17\n---\nText";
        let header = read(Path::new(path), file, &options()).header.unwrap();
        assert_eq!(header.slug, slug, "{path}");
    }
    check("issues/no-7.markdown", "no-7");
    check("issues/the seventh/index.md", "the-seventh");
    check("issues/seventh/_index.md", "seventh");
    check("index.md", "index");
    check("issues/A b,c (d).md", "A-b-c-d");
    check("issues/v1.2..3.md", "v1.2.3");
    check("issues/.hidden.md", "hidden");
    check("issues/-.md", "issue");
    check("issues/e\u{301}te\u{301}.md", "été");
    check("issues/हिन्दी.md", "हिन्दी");
    check(&format!("issues/{}.md", "é".repeat(120)), &"é".repeat(50));
}

#[test]
fn resolves_permalinks_below_the_newsletter() {
    #[track_caller]
    fn check(lines: &str, url: &str) {
        assert_eq!(yaml(lines).url.as_str(), url, "{lines}");
    }
    let base = "https://fern.example.org/letter";
    check("url: /x/y/", &format!("{base}/x/y/"));
    check("permalink: x.html", &format!("{base}/x.html"));
    check("path: x", &format!("{base}/x"));
    check(
        "url: https://other.example/x?y=1",
        "https://other.example/x?y=1",
    );
    check("url: //other.example/x", "https://other.example/x");
    check(
        "permalink: /:year/:month/:day/:title/",
        &format!("{base}/2021/11/17/2021-11-17/"),
    );
    check("url: /{year}/{slug}", &format!("{base}/2021/2021-11-17"));
    check("permalink: false", &format!("{base}/2021/11/2021-11-17/"));
    check("permalink: pretty", &format!("{base}/2021/11/2021-11-17/"));
}

#[test]
fn keeps_ids_that_were_given() {
    for id in [
        "tag:fern.example.org,2020:7",
        "urn:uuid:3f1e9a1e-7c2b-4a53-9f83-0d6d3a6f2a11",
        "https://fern.example.org/日本/7",
    ] {
        assert_eq!(yaml(&format!("id: '{id}'")).id.0, id);
        assert_eq!(yaml(&format!("guid: '{id}'")).id.0, id);
    }
    let odd = header("---\nslug: großes\n---\nText");
    assert_eq!(odd.id.0, "tag:fern.example.org,2020:gro%C3%9Fes");
}

#[test]
fn keeps_the_id_when_title_and_address_change() {
    let before = yaml("title: One");
    let after = yaml("title: Two\nurl: /elsewhere/");
    assert_eq!(before.id, after.id);
}

#[test]
fn reads_recordings() {
    let audio = |lines: &str| yaml(lines).audio.unwrap();
    let table = "{url: /a/seven.mp3, length: 24986239, duration: '33:04'}";
    let expected = Audio {
        url: "https://fern.example.org/a/seven.mp3".parse().unwrap(),
        length: 24_986_239,
        media_type: "audio/mpeg".to_owned(),
        duration: Some(1984),
    };
    for key in ["audio", "enclosure"] {
        assert_eq!(audio(&format!("{key}: {table}")), expected);
    }
    for (ending, media_type) in [
        ("m4a", "audio/mp4"),
        ("ogg", "audio/ogg"),
        ("OPUS", "audio/ogg"),
        ("wav", "audio/wav"),
        ("flac", "audio/flac"),
    ] {
        let found = audio(&format!(
            "audio: {{src: 'https://a.example/x.{ending}?y=1', size: 1}}"
        ));
        assert_eq!(found.media_type, media_type);
    }
    let found = audio("audio: {href: x.bin, bytes: 1, type: audio/x-own, duration: 1984}");
    assert_eq!(
        (found.media_type.as_str(), found.duration),
        ("audio/x-own", Some(1984))
    );
    let found = audio("audio: {url: x.mp3, length: 1, duration: '1:00:01'}");
    assert_eq!(found.duration, Some(3601));
}

#[test]
fn says_what_is_wrong_with_recordings() {
    check_problems(
        "audio: ftp://a.example/x.mp3",
        &[(
            Error,
            "bad-audio",
            "ftp://a.example/x.mp3",
            "`ftp://a.example/x.mp3` is not the address of a recording",
            "write an address with `https://`, or a path",
        )],
    );
    check_problems(
        "audio: {length: 1}",
        &[(
            Error,
            "bad-audio",
            "audio",
            "`audio` has no `url`",
            "say where the recording is",
        )],
    );
    check_problems(
        "audio: {url: x, length: many, duration: long, type: music}",
        &[
            (
                Warning,
                "bad-audio",
                "music",
                "`music` is not a media type",
                "write one such as `audio/mpeg`",
            ),
            (
                Warning,
                "audio-length",
                "many",
                "`length` is not a number of bytes",
                "write figures alone, such as `24986239`",
            ),
            (
                Warning,
                "bad-audio",
                "long",
                "the recording's duration is neither seconds nor `hours:minutes:seconds`",
                "write it such as `1984` or `33:04`",
            ),
        ],
    );
    check_problems(
        "audio: {url: x, length: 1}",
        &[(
            Warning,
            "audio-type",
            "x",
            "the address does not show the recording's media type: taken for `audio/mpeg`",
            "add its `type`, such as `audio/mp4`",
        )],
    );
}

#[test]
fn guesses_the_year_that_was_meant() {
    let hint = |name: &str, date: &str| {
        let file = format!("---\ndate: {date}\n---\nText");
        let outcome = read(Path::new(name), &file, &options());
        assert_eq!(outcome.header, None);
        outcome.problems[0].hint.clone().unwrap()
    };
    assert_eq!(
        hint("2020-08.md", "020-08-14T21:00:39Z"),
        "did you mean `2020-08-14T21:00:39Z`?"
    );
    assert_eq!(
        hint("2020-08-14.md", "220-08-14"),
        "did you mean `2020-08-14`?"
    );
    assert_eq!(
        hint("2020-09.md", "020-08-14"),
        "did you mean `2020-08-14`?"
    );
    assert_eq!(hint("a.md", "98-08-14"), "did you mean `1998-08-14`?");
    assert_eq!(
        hint("a.md", "220-08-14"),
        "write the year with four digits, such as `2021-11-17`"
    );
}

#[test]
fn compares_the_date_with_the_file_name() {
    let problems = |name: &str, date: &str| {
        let file = format!("---\ndate: {date}\n---\nText");
        let outcome = read(Path::new(name), &file, &options());
        outcome
            .problems
            .into_iter()
            .map(|problem| problem.message)
            .collect::<Vec<_>>()
    };
    assert_eq!(problems("2020-06.md", "2020-06-30"), [""; 0]);
    assert_eq!(problems("2020-06.md", "2020-05-31"), [""; 0]);
    assert_eq!(
        problems("2020-06-16.md", "2020-06-17T01:00:00+10:00"),
        [""; 0]
    );
    assert_eq!(problems("seven.md", "2020-06-17"), [""; 0]);
    assert_eq!(
        problems("2020-06.md", "2020-07-16"),
        ["dated `2020-07-16`, but the file's name says `2020-06`"]
    );
    assert_eq!(
        problems("2020-06-16/index.md", "2020-06-18"),
        ["dated `2020-06-18`, but the file's name says `2020-06-16`"]
    );
}

#[test]
fn lets_a_draft_wait_for_its_date() {
    let file = "---\ndraft: true\ndate: TBD\n---\nText";
    let outcome = read(Path::new("next.md"), file, &options());
    assert_eq!(outcome.header, None);
    let severities: Vec<_> = outcome.problems.iter().map(|p| p.severity).collect();
    assert_eq!(severities, [Warning]);
    let outcome = read(
        Path::new("next.md"),
        "---\ndraft: true\n---\nText",
        &options(),
    );
    assert_eq!(outcome.problems[0].message, "the draft has no date yet");
    assert_eq!(outcome.problems[0].severity, Warning);
}

#[test]
fn reports_all_problems_and_not_the_first() {
    check_problems(
        "title: [a]\ntags: {a: b}\ndraft: perhaps\nslug: a/b\nid: seven\nlang: English!",
        &[
            (
                Error,
                "wrong-type",
                "perhaps",
                "`draft` must be `true` or `false`, not `perhaps`",
                "",
            ),
            (
                Warning,
                "bad-slug",
                "a/b",
                "`a/b` is not a single part of an address",
                "did you mean `a-b`?",
            ),
            (
                Error,
                "wrong-type",
                "title",
                "`title` must be text, not a list",
                "",
            ),
            (
                Error,
                "wrong-type",
                "tags",
                "`tags` must be a list of words, not a table",
                "",
            ),
            (
                Warning,
                "bad-language",
                "English!",
                "`English!` is not a language, and is ignored",
                "write it as BCP 47 has it, such as `en` or `pt-BR`",
            ),
        ],
    );
}

#[test]
fn says_what_is_wrong_with_names() {
    check_problems(
        "slug: My Issue",
        &[(
            Warning,
            "odd-slug",
            "My Issue",
            "the slug `My Issue` becomes `My-Issue` in addresses",
            "write `slug: My-Issue`",
        )],
    );
    check_problems(
        "slug: ..",
        &[(
            Warning,
            "bad-slug",
            "..",
            "`..` is not a single part of an address",
            "write letters, digits and `-`",
        )],
    );
    check_problems("id: 3F1E9A1E-7C2B-4A53-9F83-0D6D3A6F2A11", &[]);
    check_problems("id: 7", &[]);
    check_problems(
        "id: 'https://fern.example.org/a b'",
        &[(
            Error,
            "bad-id",
            "'https://fern.example.org/a b'",
            "`https://fern.example.org/a b` is not an absolute URI, and so not an id",
            "write one such as `tag:fern.example.org,2020:2021-11-17`, or leave the key out",
        )],
    );
    check_problems(
        "permalink: '/{{ page.date }}/'",
        &[(
            Warning,
            "bad-url",
            "'/{{ page.date }}/'",
            "`/{{ page.date }}/` has a placeholder that newsdesk does not fill",
            "it fills {slug}, {name}, {title-slug}, {number}, {section}, {year}, {month}, {day}",
        )],
    );
    check_problems(
        "permalink: /:categories/x",
        &[(
            Warning,
            "bad-url",
            "/:categories/x",
            "`/:categories/x` has a placeholder that newsdesk does not fill",
            "it fills {slug}, {name}, {title-slug}, {number}, {section}, {year}, {month}, {day}",
        )],
    );
    check_problems(
        "url: www.fern.example.org/x",
        &[(
            Error,
            "bad-url",
            "www.fern.example.org/x",
            "`www.fern.example.org/x` has no `https://`",
            "did you mean `https://www.fern.example.org/x`?",
        )],
    );
    check_problems(
        "url: javascript:alert(1)",
        &[(
            Error,
            "bad-url",
            "javascript:alert(1)",
            "`javascript:alert(1)` is not a web address: its scheme is `javascript`",
            "write an address with `https://`, or a path",
        )],
    );
    check_problems(
        "author: Ada <javascript://x>",
        &[(
            Warning,
            "bad-address",
            "Ada <javascript://x>",
            "`javascript://x` is not the address of a person, and is ignored",
            "write an address with `https://`",
        )],
    );
    check_problems(
        "Title: One\ntitle: Two",
        &[(
            Warning,
            "duplicate-key",
            "title",
            "`title` repeats `Title` and is ignored",
            "keep one of the two",
        )],
    );
}

#[test]
fn cuts_titles_that_are_texts() {
    let file = format!("---\ntitle: {}\n---\nText", "x".repeat(600));
    let outcome = outcome(&file);
    assert_eq!(outcome.problems[0].code, "long-title");
    assert_eq!(outcome.header.unwrap().title.chars().count(), 501);
}

#[test]
fn says_where_the_parts_stand() {
    let file = "---\ntitle: One\ndate: 2021-11-17\nslug: s\nurl: /u\nid: 'a:b'\n---\nText";
    let places = outcome(file).places;
    let shown = [
        places.title,
        places.date,
        places.slug,
        places.url,
        places.id,
    ]
    .map(|place| &file[place]);
    assert_eq!(shown, ["One", "2021-11-17", "s", "/u", "'a:b'"]);
    let file = "Text\n\n# One\n\nMore";
    assert_eq!(&file[outcome(file).places.title], "# One");
    assert_eq!(outcome("Text").places, Places::default());
}

#[test]
fn warns_of_an_issue_in_the_future() {
    let outcome = outcome("---\ndate: 2021-11-17T10:00:00Z\n---\nText");
    let header = outcome.header.unwrap();
    let at = |time: &str| time.parse::<DateTime<Utc>>().unwrap();
    let problem = future_problem(&header, &outcome.places, at("2021-11-17T09:59:59Z")).unwrap();
    assert_eq!(
        problem.message,
        "dated in the future (`2021-11-17`): left out until then"
    );
    assert_eq!(problem.span, 10..30);
    assert_eq!(
        future_problem(&header, &outcome.places, at("2021-11-17T10:00:00Z")),
        None
    );
}

#[test]
fn names_the_first_byte_that_is_no_utf_8() {
    let path = Path::new("a.md");
    assert_eq!(decode("é".as_bytes(), path).unwrap(), "é");
    let problem = decode(b"one\n\xc3\xa9t\xe9 \xff", path).unwrap_err();
    assert_eq!(
        problem.message,
        "the file is not UTF-8: byte 0xe9 at 2:3 begins no character"
    );
    assert_eq!(problem.span, 7..8);
    assert_eq!(decode(b"ab\xc3", path).unwrap_err().span, 2..3);
}

#[test]
fn reads_the_archive() {
    let archive = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/archive");
    let folders = ["fast-forward-labs/issues", "this-week-in-rust/issues"];
    if !archive.is_dir() {
        println!("skipped: no ../shared");
        return;
    }
    for folder in folders {
        for entry in std::fs::read_dir(archive.join(folder)).unwrap() {
            let path = entry.unwrap().path();
            let bytes = std::fs::read(&path).unwrap();
            let file = decode(&bytes, &path).unwrap();
            let outcome = read(&path, file, &options());
            let errors: Vec<_> = outcome
                .problems
                .iter()
                .filter(|problem| problem.severity == Error)
                .collect();
            assert!(errors.is_empty(), "{errors:?}");
            let header = outcome.header.expect("it has no errors");
            let text = &file[outcome.body];
            assert!(
                !text.contains("\nDate:") && !text.starts_with("---"),
                "{path:?}"
            );
            assert!(
                header
                    .stem
                    .starts_with(&header.published.format("%Y-%m").to_string())
            );
        }
    }
}

proptest! {
    #[test]
    fn never_panics(
        bytes in prop::collection::vec(any::<u8>(), 0..200),
        text in "(---|\\+\\+\\+|Title: x)\n((date|title|slug|url|id|audio|tags|author|lang)( = |: )\
                 [ -~é\u{a0}]{0,20}\n){0,5}(---|\\+\\+\\+|)\n[#=` \na-é]{0,40}",
        name in "\\PC{0,20}",
    ) {
        let path = PathBuf::from(name);
        if let Ok(file) = decode(&bytes, &path) {
            read(&path, file, &options());
        }
        let outcome = read(&path, &text, &options());
        prop_assert!(text.get(outcome.body).is_some());
        for problem in outcome.problems {
            prop_assert!(text.get(problem.span).is_some());
        }
        if let Some(header) = outcome.header {
            let slug = &header.slug;
            prop_assert!(!slug.is_empty() && slug.len() <= 100 && !slug.starts_with('.'));
            prop_assert!(!slug.contains("..") && !slug.contains(['/', '\\', ' ']));
            prop_assert!(!header.title.contains(char::is_control));
        }
    }
}

/// The permalink of a file, and its id, under a pattern and a way of making ids.
#[track_caller]
fn check_names(path: &str, front: &str, url: &str, ids: Ids, expected: (&str, &str)) {
    let mut options = options();
    options.url = url.to_owned();
    options.ids = ids;
    let file = format!("---\n{front}\n---\nText");
    let header = read(Path::new(path), &file, &options).header.unwrap();
    let base = "https://fern.example.org/letter/";
    let found = header.url.as_str().strip_prefix(base).unwrap();
    assert_eq!((found, header.id.0.as_str()), expected);
}

#[test]
fn keeps_the_addresses_and_ids_of_other_tools() {
    check_names(
        "_posts/2020-05-01-engine-one.md",
        "title: On Engines",
        "{year}/{name}.html",
        Ids::Jekyll,
        (
            "2020/engine-one.html",
            "https://fern.example.org/letter/2020/engine-one",
        ),
    );
    check_names(
        "content/2020-05-01-x.md",
        "title: On Engines & Looms",
        "blog/{title-slug}/",
        Ids::Pelican,
        (
            "blog/on-engines-looms/",
            "tag:fern.example.org,2020-05-01:/letter/blog/on-engines-looms//",
        ),
    );
    check_names(
        "letters/2020/05/01/issue-163.md",
        "title: T",
        "{section}/{number}/",
        Ids::Pattern("tag:fern.example.org,2020:issue/{number}".to_owned()),
        ("01/163/", "tag:fern.example.org,2020:issue/163"),
    );
    check_names(
        "a/#378-2026.08.31.md",
        "slug: own\nissue: 12",
        "{name}-{number}/",
        Ids::Permalink,
        ("own-12/", "https://fern.example.org/letter/own-12/"),
    );
}

#[test]
fn takes_a_day_that_was_noted_where_nothing_else_says_one() {
    let mut options = options();
    let noted = |path: &str| (path.into(), "2019-03-04".to_owned());
    options.dates = [
        noted("issue-1.md"),
        noted("2020-06-16-a.md"),
        noted("2020-06.md"),
    ]
    .into();
    options.slug = Some("letter-{number}".to_owned());
    let day = |path: &str, file: &str| {
        let header = read(Path::new(path), file, &options).header.unwrap();
        (header.published.date_naive().to_string(), header.slug)
    };
    let own = |day: &str, slug: &str| (day.to_owned(), slug.to_owned());
    assert_eq!(day("issue-1.md", "Text"), own("2019-03-04", "letter-1"));
    assert_eq!(day("2020-06-16-a.md", "Text").0, "2020-06-16");
    assert_eq!(day("2020-06.md", "Text").0, "2019-03-04");
    let dated = "---\ncreated: 2021-01-02\n---\nText";
    assert_eq!(day("issue-1.md", dated).0, "2021-01-02");
}
