use std::path::Path;

use super::*;

const LEAST: &str = "[newsletter]\ntitle = \"T\"\nbase_url = \"https://news.example.org\"\nauthority = \"news.example.org,2026\"\n";

#[track_caller]
fn check(text: &str, expected: &[(&str, &str)]) {
    let problems = parse(Path::new("/n/config.toml"), text).expect_err("has problems");
    let seen: Vec<(&str, &str)> = problems
        .iter()
        .map(|problem| (&text[problem.span.clone()], problem.message.as_str()))
        .collect();
    assert_eq!(seen, expected);
}

#[test]
fn the_least_configuration_gets_every_default() {
    let config = parse(Path::new("/n/config.toml"), LEAST).unwrap();
    assert_eq!(
        config.issues.newsletter.base_url.as_str(),
        "https://news.example.org/"
    );
    assert_eq!(config.issue_folders, [Path::new("/n/issues")]);
    assert_eq!(config.feeds.folder, Path::new("/n/feeds/public"));
    assert_eq!(config.feeds.entries, 20);
    assert_eq!(config.issues.sections, ["Recommended reading"]);
}

#[test]
fn names_a_bad_address_and_a_zero_limit_together() {
    check(
        "[newsletter]\ntitle = \"T\"\nbase_url = \"news\"\nauthority = \"a.example,2026\"\n[feeds]\nentries = 0\n",
        &[
            ("\"news\"", "`base_url` is not a web address: `news`"),
            ("0", "`entries` is not above zero: `0`"),
        ],
    );
}

#[test]
fn refuses_an_unknown_key_where_it_stands() {
    let text = format!("{LEAST}titel = \"x\"\n");
    let problems = parse(Path::new("config.toml"), &text).expect_err("has a problem");
    assert_eq!(&text[problems[0].span.clone()], "titel");
    assert!(
        problems[0].message.starts_with("unknown field `titel`"),
        "{}",
        problems[0].message
    );
}

#[test]
fn asks_for_the_authority() {
    check(
        "[newsletter]\ntitle = \"T\"\nbase_url = \"https://a.example/\"\n",
        &[(
            "\"https://a.example/\"",
            "`authority` is missing; the ids of entries are made of it",
        )],
    );
}

#[test]
fn refuses_odd_values() {
    check(
        &format!(
            "{LEAST}language = \"english please\"\ntime_zone = \"Berlin\"\n\
             [issues]\nids = \"guid\"\ntitle = \"{{issue}}\"\nurl = \"x/{{year}}\"\n\
             [feeds]\nfolder = \"..\"\ndocuments = [\"pages\", \"page\"]\n\
             [[source]]\nurl = \"gopher://a.example/\"\n"
        ),
        &[
            ("\"Berlin\"", "`time_zone` is not known: `Berlin`"),
            (
                "\"english please\"",
                "`language` is not a language tag: `english please`",
            ),
            ("\"..\"", "`folder` holds more than documents: `..`"),
            (
                "\"page\"",
                "`documents` has a name that is not known: `page`",
            ),
            ("\"guid\"", "`ids` cannot be `guid`"),
            (
                "\"{issue}\"",
                "`title` has a placeholder that is not known: `{issue}`",
            ),
            ("\"x/{year}\"", "`url` would be the same for several issues"),
            (
                "\"gopher://a.example/\"",
                "a source cannot be polled at `gopher://a.example/`",
            ),
        ],
    );
}

#[test]
fn works_without_a_file() {
    assert_eq!(without_file(Path::new("/x")).root, Path::new("/x"));
}

#[test]
fn names_a_stand_in_that_is_no_server() {
    check(
        &format!(
            "{LEAST}[poll]\nresolve = {{ \"*\" = \"127.0.0.1:80\", \"a.example\" = \"nowhere\" }}\n"
        ),
        &[(
            "\"nowhere\"",
            "`resolve` has something that is no server: `nowhere`",
        )],
    );
}
