//! Words of strangers in every format, written to be anything but words.

use chrono::{DateTime, NaiveDate, Utc};
use newsdesk::config::{self, Config};
use newsdesk::model::Kind;
use newsdesk::suggest::Item;
use pulldown_cmark::{Event, Options, Parser, Tag};

use super::sheet::{Duplicate, Other, Row, Sheet};
use super::{feed, mail, show};

/// What has been used against terminals, Markdown, HTML, XML and mail.
const HOSTILE: [&str; 12] = [
    "\u{1b}]0;owned\u{7}\u{1b}[2J\u{1b}[31mred",
    "\u{9b}2J\u{90}payload\u{9c} C1 controls",
    "<script>alert(1)</script><img src=x onerror=alert(1)>",
    "</title></li></ol><iframe src=//x.example>",
    "x](javascript:alert(1)) [click](javascript:alert(2)",
    "![p](https://track.example/p.png) `code` **bold** <https://auto.example>",
    "]]></title><entry xmlns='x'>&lol; &#0; &amp;lt;b&gt;",
    "subject\r\nBcc: victim@x.example\r\n\r\nbody",
    "\u{202e}gnp.exe\u{2066}\u{200b}\u{feff}",
    "1. # heading\n\n---\n* item",
    "\" onmouseover=\"alert(1)' autofocus='",
    "https://track.example/ www.track.example",
];

fn instant() -> DateTime<Utc> {
    "2026-11-14T08:00:00Z".parse().unwrap()
}

fn hostile() -> Sheet {
    let rows = (1..).zip(HOSTILE).map(|(id, words)| {
        let item = Item {
            key: id.to_string(),
            title: words.to_owned(),
            summary: words.repeat(3),
            url: format!("https://a.example/{words}"),
            source: words.to_owned(),
            authors: vec![words.to_owned()],
            kind: Some(Kind::Post),
            published: instant(),
            ..Item::default()
        };
        Row {
            reasons: vec![super::shown::line(&format!("words: {words}"))],
            chance: Some(0.25),
            also: vec![Other {
                id: 99,
                url: super::shown::web(Some(&format!("https://b.example/{words}"))),
                source: super::shown::line(words),
            }],
            ..Row::bare(&item)
        }
    });
    Sheet {
        newsletter: super::shown::line(HOSTILE[7]),
        day: NaiveDate::default(),
        rows: rows.collect(),
        duplicates: HOSTILE
            .iter()
            .map(|words| Duplicate {
                id: 7,
                title: super::shown::line(words),
                like: super::shown::line(words),
                day: NaiveDate::default(),
            })
            .collect(),
        basis: "nothing".to_owned(),
        curator: Some(super::shown::line(HOSTILE[0])),
    }
}

/// Asserts that nothing in it is obeyed by a terminal, or turns what is read.
#[track_caller]
fn assert_plain(text: &str) {
    let odd = text.chars().find(|c| {
        (c.is_control() && *c != '\n')
            || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{2028}' | '\u{200b}')
    });
    assert_eq!(odd, None, "{text}");
}

fn config() -> Config {
    let mut config = config::without_file(std::path::Path::new("/x"));
    config.issues.newsletter.title = "The Test".to_owned();
    config
}

#[test]
fn a_terminal_sees_text_alone() {
    let sheet = hostile();
    for text in [show::table(&sheet, 80), show::text(&sheet)] {
        assert_plain(&text);
        assert!(text.contains("]0;owned"), "the words stay: {text}");
    }
    // Each suggestion begins a line of its own, and nothing else does.
    let table = show::table(&sheet, 80);
    let rows = table
        .lines()
        .filter(|line| line.contains("2026-11-14  post"))
        .count();
    assert_eq!(rows, HOSTILE.len());
}

#[test]
fn json_has_no_controls_either() {
    assert_plain(&format!("{:#}", show::json(&hostile())));
}

#[test]
fn markdown_shows_titles_letter_for_letter() {
    let sheet = hostile();
    let text = show::markdown(&sheet);
    assert_plain(&text);
    let mut options = Options::all();
    options.remove(Options::ENABLE_SMART_PUNCTUATION);
    let mut links = Vec::new();
    let mut shown = String::new();
    for event in Parser::new_ext(&text, options) {
        match event {
            Event::Start(Tag::Link { dest_url, .. }) => links.push(dest_url.to_string()),
            Event::Start(Tag::List(_) | Tag::Item | Tag::Paragraph | Tag::Emphasis)
            | Event::End(_)
            | Event::HardBreak
            | Event::SoftBreak => {}
            Event::Code(code) => assert!(code.starts_with("accept "), "{code}"),
            Event::Text(words) => shown.push_str(&words),
            odd => panic!("{odd:?} in\n{text}"),
        }
    }
    let expected: Vec<&str> = sheet
        .rows
        .iter()
        .filter_map(|row| row.url.as_deref())
        .collect();
    assert_eq!(links, expected);
    for row in &sheet.rows {
        assert!(shown.contains(&row.title), "{}\n{shown}", row.title);
    }
}

#[test]
fn html_shows_titles_letter_for_letter() {
    let sheet = hostile();
    let page = show::html(&sheet);
    assert_plain(&page);
    let document = scraper::Html::parse_document(&page);
    assert_eq!(document.errors, Vec::<String>::new());
    let known = "html head meta title body h1 ol ul li p b br a code";
    let all = scraper::Selector::parse("*").unwrap();
    for element in document.select(&all) {
        let name = element.value().name();
        assert!(known.split(' ').any(|known| known == name), "<{name}>");
        for (attribute, value) in element.value().attrs() {
            match attribute {
                "href" => assert!(value.starts_with("https://"), "{value}"),
                "lang" | "charset" | "name" | "content" | "value" => {}
                odd => panic!("`{odd}` of <{name}>"),
            }
        }
    }
    let titles = scraper::Selector::parse("ol > li > p > b").unwrap();
    let shown: Vec<String> = document
        .select(&titles)
        .map(|title| title.text().collect())
        .collect();
    let expected: Vec<&str> = sheet.rows.iter().map(|row| row.title.as_str()).collect();
    assert_eq!(shown, expected);
}

#[test]
fn xml_shows_titles_letter_for_letter() {
    let sheet = hostile();
    let document = feed::document(&config(), &sheet, &feed::First::new(), instant());
    let text = String::from_utf8(document).unwrap();
    assert_plain(&text);
    let read = feed_rs::parser::parse(text.as_bytes()).unwrap();
    let shown: Vec<String> = read
        .entries
        .iter()
        .map(|entry| entry.title.as_ref().unwrap().content.clone())
        .collect();
    let expected: Vec<&str> = sheet.rows.iter().map(|row| row.title.as_str()).collect();
    assert_eq!(shown, expected);
}

#[test]
fn a_mail_has_the_headers_that_it_should_and_no_others() {
    let text = "[newsletter]\ntitle = \"T\"\nbase_url = \"https://a.example/\"\n\
                authority = \"a.example,2026\"\n[mail]\nto = [\"Ada <ada@a.example>\"]\n\
                from = \"news@a.example\"\nserver = \"localhost\"\ntls = \"none\"\n";
    let config = config::parse(std::path::Path::new("/x/config.toml"), text).unwrap();
    let message = mail::message(&config.mail.unwrap(), &hostile(), instant()).unwrap();
    let formatted = String::from_utf8(message.formatted()).unwrap();
    let (headers, _) = formatted.split_once("\r\n\r\n").unwrap();
    let mut names: Vec<&str> = headers
        .split("\r\n")
        .filter(|line| !line.starts_with([' ', '\t']))
        .map(|line| line.split(':').next().unwrap())
        .collect();
    names.sort_unstable();
    assert_eq!(
        names,
        [
            "Auto-Submitted",
            "Content-Type",
            "Date",
            "From",
            "MIME-Version",
            "Message-ID",
            "Subject",
            "To"
        ]
    );
    let to: Vec<&str> = message.envelope().to().iter().map(AsRef::as_ref).collect();
    assert_eq!(to, ["ada@a.example"]);
    assert!(
        formatted
            .bytes()
            .all(|byte| byte.is_ascii() && (byte >= b' ' || matches!(byte, b'\r' | b'\n' | b'\t'))),
        "{formatted}"
    );
}
