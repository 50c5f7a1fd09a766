//! `suggest`, what `run` makes of it, and the whole loop from a source to a published reading.

use serde_json::Value;

use crate::decide::{Item, feed, gathered, gathered_with};
use crate::formats::check_atom;
use crate::project::Project;
use crate::smtp::{Refuses, Smtp};

const FEED: &str = ".newsdesk/suggestions.atom.xml";

/// The suggestions that the program lists.
#[track_caller]
fn suggestions(project: &Project, now: &str, arguments: &[&str]) -> Vec<Value> {
    let mut all = vec!["suggest", "--json"];
    all.extend(arguments);
    let list = project.run_at(now, &all).expect(0).json();
    list["suggestions"].as_array().unwrap().clone()
}

#[track_caller]
fn titles(project: &Project, now: &str, arguments: &[&str]) -> Vec<String> {
    suggestions(project, now, arguments)
        .iter()
        .map(|it| it["title"].as_str().unwrap().to_owned())
        .collect()
}

const NOW: &str = crate::project::NOW;

#[test]
fn lists_what_nobody_decided_on() {
    let project = gathered();
    let all = titles(&project, NOW, &[]);
    assert_eq!(all.len(), 4);
    assert_eq!(titles(&project, NOW, &[]), all, "the same list again");
    project
        .run(&["accept", "https://harbour.example/ropes", "--by", "Ada"])
        .expect(0);
    project
        .run(&["decline", "https://harbour.example/weather"])
        .expect(0);
    project
        .run(&["later", "https://harbour.example/parser", "3d"])
        .expect(0);
    assert_eq!(titles(&project, NOW, &[]), ["How lighthouses keep time"]);
    let mut later = titles(&project, "2026-11-19T12:00:00Z", &[]);
    later.sort();
    assert_eq!(
        later,
        [
            "A parser should say where it stopped",
            "How lighthouses keep time"
        ]
    );
}

#[test]
fn prints_a_table_with_what_a_curator_needs() {
    let project = gathered();
    let run = project.run(&["suggest", "-n", "1"]).expect(0);
    let id = suggestions(&project, NOW, &["-n", "1"])[0]["id"].to_string();
    let lines: Vec<&str> = run.stdout.lines().collect();
    assert!(lines[0].starts_with("id  "), "{}", run.stdout);
    assert!(lines[1].trim_start().starts_with(&id), "{}", run.stdout);
    assert!(
        run.stdout.contains("https://harbour.example/"),
        "{}",
        run.stdout
    );
    assert!(
        lines
            .last()
            .is_some_and(|line| line.starts_with("rests on 3 past readings of 2 issues")),
        "{}",
        run.stdout
    );
    assert_eq!(run.stderr, "");
}

#[test]
fn chooses_by_kind_and_day_and_number() {
    let items: [Item<'_>; 3] = [
        ("A video of waves", "waves", "Waves."),
        ("A post about sand", "sand", "Sand."),
        ("A post about stones", "stones", "Stones."),
    ];
    let videos = feed("youtube.com", &items[..1]).replace("/waves", "/watch?v=12345678901");
    let project = gathered_with(
        "",
        &[
            ("youtube.com", videos.as_str()),
            ("sand.example", &feed("sand.example", &items[1..])),
        ],
    );
    assert_eq!(
        titles(&project, NOW, &["--kind", "video"]),
        ["A video of waves"]
    );
    assert_eq!(titles(&project, NOW, &["-n", "2"]).len(), 2);
    assert_eq!(titles(&project, NOW, &["--since", "2026-11-14"]).len(), 2);
    assert_eq!(titles(&project, NOW, &["--since", "2026-11-15"]).len(), 0);
    let run = project.run(&["suggest", "--since", "2026-11-15"]).expect(0);
    assert_eq!(run.stderr, "there is no candidate of this sort\n");
    let run = project.run(&["suggest", "--kind", "poem"]).expect(2);
    assert!(run.stderr.contains("`paper`"), "{}", run.stderr);
}

#[test]
fn an_empty_archive_gives_the_newest_one_of_each_source_first() {
    let items: [Item<'_>; 3] = [
        ("Alpha beta gamma", "1", "One."),
        ("Delta epsilon zeta", "2", "Two."),
        ("Eta theta iota", "3", "Three."),
    ];
    let project = gathered_with(
        "",
        &[
            ("one.example", &feed("one.example", &items)),
            (
                "two.example",
                &feed("two.example", &[("Kappa lambda mu", "1", "Four.")]),
            ),
        ],
    );
    for issue in ["issues/2026-09.md", "issues/2026-10.md"] {
        std::fs::remove_file(project.path(issue)).unwrap();
    }
    let run = project.run(&["suggest", "--json"]).expect(0);
    let list = run.json();
    let sources: Vec<&str> = list["suggestions"]
        .as_array()
        .unwrap()
        .iter()
        .map(|it| it["source"].as_str().unwrap())
        .collect();
    assert_eq!(sources.len(), 4);
    assert_ne!(sources[0], sources[1], "{sources:?}");
    assert_eq!(
        list["rests_on"],
        "nothing was picked yet: the newest, one of each source first"
    );
}

#[test]
fn says_so_where_nothing_was_gathered() {
    let project = Project::new(crate::project::CONFIG);
    let run = project.run(&["suggest"]).expect(0);
    assert!(
        run.stderr
            .starts_with("nothing has been gathered yet\nhint: "),
        "{}",
        run.stderr
    );
    let run = project.run(&["run", "--quiet"]).expect(0);
    assert_eq!((run.stdout.as_str(), run.stderr.as_str()), ("", ""));
    assert!(!project.path(FEED).exists());
}

#[test]
fn leaves_out_what_is_nearly_a_past_reading_and_says_so() {
    let items: [Item<'_>; 2] = [
        (
            "Notes on the clocks of old harbour towns",
            "clocks",
            "Clocks.",
        ),
        ("Something else", "else", "Else."),
    ];
    let project = gathered_with("", &[("a.example", &feed("a.example", &items))]);
    let issue = project
        .read("issues/2026-10.md")
        .replace("[On clocks]", "[Notes on clocks of the old harbour towns]");
    project.write("issues/2026-10.md", issue);
    let run = project.run(&["suggest"]).expect(0);
    assert!(
        run.stdout
            .contains("left out: “Notes on the clocks of old harbour towns” ("),
        "{}",
        run.stdout
    );
    assert!(
        run.stdout
            .replace('\n', " ")
            .contains("is nearly “Notes on clocks of the old harbour towns” of October 2026"),
        "{}",
        run.stdout
    );
    let run = project
        .run(&["suggest", "--explain", "https://a.example/clocks"])
        .expect(0);
    assert!(
        run.stdout
            .contains("not suggested: it is, or is nearly, “Notes on clocks"),
        "{}",
        run.stdout
    );
}

/// The numbers of a key, to the last bit: `serde_json` reads them a little less exactly.
fn numbers(json: &str, key: &str) -> Vec<f64> {
    let start = format!("\"{key}\": ");
    json.lines()
        .filter_map(|line| line.trim().strip_prefix(start.as_str()))
        .map(|number| number.trim_end_matches(',').parse().unwrap())
        .collect()
}

#[test]
fn explains_a_score_that_adds_up() {
    let project = gathered();
    for suggestion in suggestions(&project, NOW, &[]) {
        let id = suggestion["id"].to_string();
        let run = project
            .run(&["suggest", "--explain", &id, "--json"])
            .expect(0);
        let sum: f64 = numbers(&run.stdout, "amount").iter().sum();
        let score = numbers(&run.stdout, "score");
        assert_eq!(score.len(), 1);
        assert_eq!(sum.to_bits(), score[0].to_bits());
        assert_eq!(suggestion["score"], run.json()["score"]);
    }
    let run = project.run(&["suggest", "--explain", "999"]).expect(2);
    assert!(
        run.stderr.contains("no entry is known as `999`"),
        "{}",
        run.stderr
    );
}

#[test]
fn what_was_passed_over_sinks() {
    let project = gathered();
    let score = |now: &str| {
        let list = suggestions(&project, now, &[]);
        list[0]["score"].as_f64().unwrap()
    };
    let first = score("2026-11-15T12:00:00Z");
    let again = score("2026-11-15T18:00:00Z");
    assert_eq!(first.to_bits(), again.to_bits(), "a list stays for a day");
    score("2026-11-16T12:00:00Z");
    let list = suggestions(&project, "2026-11-17T12:00:00Z", &[]);
    assert_eq!(list[0]["shown"], 2);
    let id = list[0]["id"].to_string();
    let run = project
        .run_at("2026-11-17T12:00:00Z", &["suggest", "--explain", &id])
        .expect(0);
    assert!(
        run.stdout
            .contains("-0.5000  shown on 2 days, and nobody wanted it"),
        "{}",
        run.stdout
    );
}

#[test]
fn ranks_for_one_curator() {
    let project = gathered();
    let run = project
        .run(&["suggest", "--for", "ben", "--json"])
        .expect(0);
    assert_eq!(run.json()["for"], "Ben");
    assert_eq!(run.stderr, "");
    let run = project.run(&["suggest", "--for", "Zoe"]).expect(0);
    assert!(
        run.stderr
            .contains("`Zoe` has recommended nothing so far, so that the team's picks count; the issues name `Ada`, `Ben`"),
        "{}",
        run.stderr
    );
}

/// A source whose titles were written to be anything but titles, as they come through a poll.
fn hostile() -> Project {
    let items: [Item<'_>; 4] = [
        (
            "&lt;script&gt;alert(1)&lt;/script&gt; &amp;amp;",
            "1",
            "One.",
        ),
        (
            "x](javascript:alert(1)) \u{9b}2J",
            "2",
            "&lt;img src=x onerror=alert(1)&gt;",
        ),
        ("]]&gt;&lt;entry&gt; `x` **b** | a", "3", "Three\u{202e}."),
        (
            "Bcc: victim@x.example&#13;&#10;&#13;&#10;body",
            "4",
            "Four.",
        ),
    ];
    gathered_with("", &[("bad.example", &feed("bad.example", &items))])
}

#[test]
fn strangers_titles_are_text_in_every_format() {
    let project = hostile();
    for format in ["table", "text", "markdown", "html", "atom", "json"] {
        let run = project.run(&["suggest", "--format", format]).expect(0);
        let odd = run.stdout.chars().find(|c| c.is_control() && *c != '\n');
        assert_eq!(odd, None, "{format}: {}", run.stdout);
        assert!(run.stdout.contains("victim@x.example"), "{format}");
        assert!(!run.stdout.contains("\nBcc"), "{format}: {}", run.stdout);
        if matches!(format, "html" | "atom") {
            assert!(!run.stdout.contains("<script"), "{format}: {}", run.stdout);
            assert!(!run.stdout.contains("<img"), "{format}: {}", run.stdout);
        }
    }
}

#[test]
fn the_feed_is_valid_and_written_only_when_it_changes() {
    let project = gathered();
    let run = project.run(&["run"]).expect(0);
    assert!(
        run.stderr
            .contains("4 suggestions in .newsdesk/suggestions.atom.xml, 4 new\n"),
        "{}",
        run.stderr
    );
    let document = project.read(FEED);
    assert_eq!(
        check_atom(document.as_bytes()),
        Vec::<String>::new(),
        "{document}"
    );
    assert!(!document.contains("rel=\"hub\""));
    let later = "2026-11-15T13:00:00Z";
    let run = project.run_at(later, &["run"]).expect(0);
    assert!(!run.stderr.contains("suggestions in"), "{}", run.stderr);
    assert_eq!(project.read(FEED), document);
    let printed = project
        .run_at(later, &["suggest", "--format", "atom"])
        .expect(0);
    assert_eq!(printed.stdout, document);
    project
        .run(&["decline", "https://harbour.example/ropes"])
        .expect(0);
    let run = project.run_at(later, &["run"]).expect(0);
    assert!(run.stderr.contains("3 suggestions in"), "{}", run.stderr);
    assert!(!project.read(FEED).contains("Old ropes"));
    let left: Vec<String> = project.tree(".newsdesk").into_keys().collect();
    assert!(left.iter().all(|name| !name.contains(".part")), "{left:?}");
    // Whoever declines everything has an empty feed, that is valid too.
    for path in ["lighthouses", "parser", "weather"] {
        project
            .run(&["decline", &format!("https://harbour.example/{path}")])
            .expect(0);
    }
    project.run_at(later, &["run"]).expect(0);
    let document = project.read(FEED);
    assert!(!document.contains("<entry>"), "{document}");
    assert_eq!(
        check_atom(document.as_bytes()),
        Vec::<String>::new(),
        "{document}"
    );
}

#[test]
fn a_feed_of_strangers_breaks_no_rule_but_that_titles_have_no_markup() {
    let project = hostile();
    project.run(&["run", "--quiet"]).expect(0);
    let document = project.read(FEED);
    let remarks = check_atom(document.as_bytes());
    assert!(!remarks.is_empty());
    for remark in &remarks {
        assert!(
            remark.starts_with("ContainsUndeclaredHTML: title"),
            "{remark}"
        );
    }
}

#[test]
fn the_feed_can_be_elsewhere_or_nowhere() {
    let sources = [(
        "a.example",
        feed("a.example", &[("One title", "1", "One.")]),
    )];
    let sources: Vec<(&str, &str)> = sources.iter().map(|(a, b)| (*a, b.as_str())).collect();
    let project = gathered_with("[suggest]\nfeed = \"private/s.xml\"\n", &sources);
    project.run(&["run", "--quiet"]).expect(0);
    assert!(project.read("private/s.xml").contains("One title"));
    let project = gathered_with("[suggest]\nfeed = \"\"\n", &sources);
    project.run(&["run", "--quiet"]).expect(0);
    assert!(!project.path(FEED).exists());
}

fn mailing(port: u16, more: &str) -> Project {
    let mail = format!(
        "[mail]\nto = [\"Ada <ada@a.example>\", \"ben@b.example\"]\nfrom = \"Desk <desk@a.example>\"\n\
         server = \"127.0.0.1\"\nport = {port}\n{more}\n"
    );
    let items: [Item<'_>; 2] = [
        ("Bcc: victim@x.example&#13;&#10;From: x", "1", "One."),
        ("A quiet title", "2", "Two."),
    ];
    gathered_with(&mail, &[("a.example", &feed("a.example", &items))])
}

/// Adds an entry to the source, and polls it.
fn publish(project: &Project, now: &str, title: &str) {
    let items: [Item<'_>; 1] = [(title, title, "New.")];
    project.write("sources/a.example.xml", feed("a.example", &items));
    project.run_at(now, &["poll", "--all", "--quiet"]).expect(0);
}

#[test]
fn mails_what_is_new_at_most_once_a_period() {
    let server = Smtp::new(&[]);
    let project = mailing(server.port, "tls = \"none\"\nevery = \"1w\"");
    let run = project.run(&["run"]).expect(0);
    assert!(
        run.stderr.contains("mailed 2 new suggestions\n"),
        "{}",
        run.stderr
    );
    let letters = server.take();
    assert_eq!(letters.len(), 1);
    let letter = &letters[0];
    assert_eq!(letter.from, "desk@a.example");
    assert_eq!(letter.to, ["ada@a.example", "ben@b.example"]);
    assert_eq!(letter.account, None);
    let (headers, body) = letter.text.split_once("\n\n").unwrap();
    assert!(
        headers.contains("Subject: The Test: 2 new suggestions\n"),
        "{headers}"
    );
    assert!(
        headers.contains("From: Desk <desk@a.example>\n"),
        "{headers}"
    );
    assert!(
        headers.contains("Auto-Submitted: auto-generated"),
        "{headers}"
    );
    assert!(
        headers.contains("Date: Sun, 15 Nov 2026 12:00:00 +0000"),
        "{headers}"
    );
    assert!(!letter.text.contains("\nBcc"), "{}", letter.text);
    assert!(body.contains("A quiet title"), "{body}");
    assert!(body.contains("text/html"), "{body}");
    // Nothing more in the same week, however new.
    publish(&project, "2026-11-16T12:00:00Z", "Newer");
    project
        .run_at("2026-11-16T12:00:00Z", &["run", "--quiet"])
        .expect(0);
    assert!(server.take().is_empty());
    // A week later, what is new alone; cron may be some seconds early.
    let run = project
        .run_at("2026-11-22T11:59:00Z", &["run", "--quiet"])
        .expect(0);
    assert_eq!(run.stderr, "");
    let letters = server.take();
    assert_eq!(letters.len(), 1);
    assert!(
        letters[0].text.contains("The Test: 1 new suggestion\n"),
        "{}",
        letters[0].text
    );
    assert!(
        !letters[0].text.contains("A quiet title"),
        "{}",
        letters[0].text
    );
    // And nothing where nothing is new.
    project
        .run_at("2026-12-24T12:00:00Z", &["run", "--quiet"])
        .expect(0);
    assert!(server.take().is_empty());
}

#[test]
fn a_mail_that_failed_is_sent_the_next_time() {
    let server = Smtp::new(&[]);
    let project = mailing(server.port, "tls = \"none\"");
    server.refuse(Refuses::Everything);
    let run = project.run(&["run", "--quiet"]).expect(1);
    assert!(
        run.stderr
            .starts_with("warning: the digest of suggestions was not sent: `127.0.0.1:"),
        "{}",
        run.stderr
    );
    assert!(!run.stderr.contains('\u{1b}'), "{}", run.stderr);
    assert!(
        project.read(FEED).contains("A quiet title"),
        "the feed is written all the same"
    );
    server.refuse(Refuses::Nothing);
    project
        .run_at("2026-11-15T13:00:00Z", &["run", "--quiet"])
        .expect(0);
    assert_eq!(server.take().len(), 1);
}

#[test]
fn signs_in_with_a_password_from_the_environment() {
    let server = Smtp::new(&["AUTH PLAIN LOGIN"]);
    let more = "tls = \"none\"\nuser = \"desk\"\npassword = \"DESK_PASSWORD\"";
    let project = mailing(server.port, more);
    let run = project.run(&["run", "--quiet"]).expect(1);
    assert!(
        run.stderr
            .contains("the environment variable `DESK_PASSWORD` is not set"),
        "{}",
        run.stderr
    );
    assert!(server.heard().is_empty());
    let output = project
        .command(&["run", "--quiet"])
        .env("DESK_PASSWORD", "open sesame")
        .output()
        .unwrap();
    assert!(output.status.success(), "{output:?}");
    // RFC 4616: nobody, the name and the password, each after a zero byte.
    assert_eq!(
        server.take()[0].account.as_deref(),
        Some("AUTH PLAIN AGRlc2sAb3BlbiBzZXNhbWU=")
    );
}

#[test]
fn sends_nothing_where_the_server_offers_no_secrecy() {
    let server = Smtp::new(&["AUTH PLAIN"]);
    let more = "tls = \"starttls\"\nuser = \"desk\"\npassword = \"DESK_PASSWORD\"";
    let project = mailing(server.port, more);
    let output = project
        .command(&["run", "--quiet"])
        .env("DESK_PASSWORD", "open sesame")
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(1), "{output:?}");
    let heard = server.heard();
    assert!(!heard.is_empty());
    let secret = |line: &String| line.starts_with("AUTH") || line.starts_with("MAIL");
    assert!(!heard.iter().any(secret), "{heard:?}");
    assert!(server.take().is_empty());
}

#[test]
fn the_loop_from_a_source_to_a_published_reading() {
    let project = gathered();
    let before = titles(&project, NOW, &[]);
    assert!(before.contains(&"Old ropes, new knots".to_owned()));
    let url = "https://harbour.example/ropes";
    project
        .run(&["accept", url, "--by", "Ada", "--note", "Knots *matter*."])
        .expect(0);
    project
        .run(&["accept", "https://harbour.example/weather", "--by", "Ben"])
        .expect(0);
    project.run(&["draft", "--date", "2026-11-24"]).expect(0);
    let name = "issues/2026-11.md";
    let issues = project.run(&["readings", "--json", name]).expect(0).json();
    assert_eq!(issues[0]["readings"][0]["url"], url);
    // The gaps are open, and nothing of the draft is out.
    let run = project.run(&["check", "--strict", name]).expect(1);
    assert!(
        run.stderr.contains("INSERT_COMMENTARY_HERE"),
        "{}",
        run.stderr
    );
    project.run(&["build"]).expect(0);
    let readings = || project.read("feeds/public/readings/atom.xml");
    assert!(!readings().contains(url));
    let filled = project
        .read(name)
        .replace("INSERT_INTRODUCTION_HERE", "Welcome.")
        .replace(
            "INSERT_COMMENTARY_HERE: why is this worth reading?",
            "Because.",
        )
        .replace("draft: true\n", "");
    project.write(name, filled);
    let out = "2026-11-25T12:00:00Z";
    project.run_at(out, &["check", "--strict", name]).expect(0);
    project.run_at(out, &["run", "--quiet"]).expect(0);
    assert!(readings().contains(url), "{}", readings());
    assert!(
        readings().contains("Knots &lt;em&gt;matter&lt;/em&gt;."),
        "{}",
        readings()
    );
    let mut after = titles(&project, out, &[]);
    after.sort();
    assert_eq!(
        after,
        [
            "A parser should say where it stopped",
            "How lighthouses keep time"
        ]
    );
    assert!(!project.read(FEED).contains("Old ropes"));
    // It is learned from: three readings of two issues were known before.
    let list = project.run_at(out, &["suggest", "--json"]).expect(0).json();
    let basis = list["rests_on"].as_str().unwrap();
    assert!(basis.starts_with("5 past readings of 3 issues"), "{basis}");
}
