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
    assert_eq!(config.issues.sections.names(), ["Recommended reading"]);
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

#[test]
fn names_all_that_is_wrong_with_the_server() {
    check(
        &format!(
            "{LEAST}[server]\naddress = \"example.org:80\"\nreview = \"review/\"\ntimeout = \"10ms\"\n\
             hosts = [\"a b\"]\ntrusted_proxies = [\"10.0.0.0/40\"]\ncache = {{ feeds = \"often\" }}\n\
             [server.redirects]\n\"old.xml\" = \"/a\"\n\"/b\" = \"c\"\n\"/c\" = {{ to = \"//evil\", status = 301 }}\n\
             \"/d\" = {{ to = \"/a\", status = 200 }}\n\"/e\" = \"/a\\r\\nX: 1\"\n\"/f\" = \"/g\"\n\"/g\" = \"/atom.xml\"\n"
        ),
        &[
            (
                "\"example.org:80\"",
                "`address` is not one to listen on: `example.org:80`",
            ),
            ("\"review/\"", "`review` is no path: `review/`"),
            ("\"a b\"", "`hosts` has something that is no host: `a b`"),
            (
                "\"10.0.0.0/40\"",
                "`trusted_proxies` has something that is no address: `10.0.0.0/40`",
            ),
            ("\"10ms\"", "`timeout` is too short: `10ms`"),
            ("\"often\"", "`feeds` is not a length of time: `often`"),
            ("\"c\"", "`/b` leads nowhere: `c`"),
            (
                "{ to = \"//evil\", status = 301 }",
                "`/c` leads nowhere: `//evil`",
            ),
            (
                "{ to = \"/a\", status = 200 }",
                "`/d` cannot have the status `200`",
            ),
            ("\"/a\\r\\nX: 1\"", "`/e` leads nowhere: `/a\\r\\nX: 1`"),
            (
                "\"/a\"",
                "`redirects` has an old address that is no path: `old.xml`",
            ),
            ("\"/g\"", "`/f` leads to `/g`, which is redirected itself"),
        ],
    );
}

#[test]
fn reads_where_hubs_come() {
    let written = |callback: &str| {
        let text = format!("{LEAST}[server]\ncallback = \"{callback}\"\n");
        parse(Path::new("/n/config.toml"), &text).map(|config| config.server.callback)
    };
    for (callback, expected) in [
        ("https://a.example", "https://a.example/hub"),
        ("https://a.example/b/", "https://a.example/b/hub"),
        (" http://a.example:8080 ", "http://a.example:8080/hub"),
    ] {
        let found = written(callback).unwrap().unwrap();
        assert_eq!(found.address(), expected);
    }
    assert_eq!(written("").unwrap(), None);
    for wrong in [
        "a.example",
        "ftp://a.example/",
        "https://ada@a.example/",
        "https://a.example/?b",
        "https://a.example/#b",
    ] {
        assert!(written(wrong).is_err(), "{wrong}");
    }
}

#[test]
fn reads_the_server() {
    let text = format!(
        "{LEAST}[server]\naddress = \"localhost:9000\"\nreview = \"\"\nhosts = [\"Desk.Example\"]\n\
         redirects = {{ \"/old\" = \"https://a.example/\", \"/?p=1\" = {{ to = \"/x\", status = 308 }} }}\n"
    );
    let server = parse(Path::new("/n/config.toml"), &text).unwrap().server;
    assert_eq!(server.address.to_string(), "127.0.0.1:9000");
    assert_eq!(server.review, None);
    assert_eq!(server.hosts, ["news.example.org", "desk.example"]);
    assert_eq!(server.under, "/");
    assert_eq!(server.folder, Path::new("/n/feeds/public"));
    assert_eq!(server.redirects["/old"].status, 301);
    assert_eq!(server.redirects["/?p=1"].status, 308);
    let defaults = parse(Path::new("/n/config.toml"), LEAST).unwrap().server;
    assert!(defaults.address.ip().is_loopback());
    assert_eq!(defaults.review.as_deref(), Some("/review"));
}
