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

#[test]
fn keeps_suggestions_to_curators() {
    for feed in [
        "feeds/public/s.xml",
        "./feeds/../feeds/public/deeper/s.xml",
        "/n/feeds/public/s.xml",
    ] {
        check(
            &format!("{LEAST}[suggest]\nfeed = \"{feed}\"\n"),
            &[(
                &format!("\"{feed}\""),
                &format!("`feed` would be published: `{feed}`"),
            )],
        );
    }
    check(
        &format!(
            "{LEAST}[suggest]\nfeed = \"config.toml\"\nvariety = 1.5\ncount = 0\nwindow = \"1h\"\n"
        ),
        &[
            ("1.5", "`variety` cannot be `1.5`"),
            (
                "\"config.toml\"",
                "`feed` is no name of a feed: `config.toml`",
            ),
            ("0", "`count` is not above zero: `0`"),
            ("\"1h\"", "`window` is too short: `1h`"),
        ],
    );
    let text = format!("{LEAST}[suggest]\nfeed = \"feeds/public-not/s.xml\"\n");
    let config = parse(Path::new("/n/config.toml"), &text).unwrap();
    let place = config.suggest.feed.unwrap();
    assert_eq!(place, Path::new("/n/feeds/public-not/s.xml"));
}

#[test]
fn sends_no_mail_in_the_open_and_holds_no_secret() {
    check(
        &format!(
            "{LEAST}[mail]\nto = [\"ada\"]\nfrom = \"a\\r\\nBcc: b@c.example\"\n\
             server = \"smtp.a.example\"\ntls = \"none\"\nport = 99999\nuser = \"a\"\n\
             password = \"correct horse\"\nevery = \"1m\"\n"
        ),
        &[
            (
                "\"none\"",
                "mail for `smtp.a.example` would cross the network in the open",
            ),
            ("99999", "`port` is no port: `99999`"),
            ("\"1m\"", "`every` is too short: `1m`"),
            (
                "\"correct horse\"",
                "`password` is not the name of an environment variable",
            ),
            (
                "\"a\\r\\nBcc: b@c.example\"",
                "`from` has something that is no mail address: `a\\r\\nBcc: b@c.example`",
            ),
            (
                "[\"ada\"]",
                "`to` has something that is no mail address: `ada`",
            ),
        ],
    );
    check(
        &format!(
            "{LEAST}[mail]\nto = []\nfrom = \"a@a.example\"\nserver = \"a b\"\nuser = \"a\"\n"
        ),
        &[
            ("\"a b\"", "`server` is no host: `a b`"),
            ("\"a\"", "`user` and `password` go together"),
            ("[]", "`to` names nobody"),
        ],
    );
    let text = format!(
        "{LEAST}[mail]\nto = [\"Ada <ada@a.example>\"]\nfrom = \"a@a.example\"\nserver = \"smtp.a.example\"\n"
    );
    let mail = parse(Path::new("/n/config.toml"), &text)
        .unwrap()
        .mail
        .unwrap();
    assert_eq!((mail.port, mail.tls), (587, Tls::Asked));
}
