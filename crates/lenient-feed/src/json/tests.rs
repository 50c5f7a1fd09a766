use super::*;

#[track_caller]
fn check(source: &str, ids: &[&str]) {
    let feed = read(source, None, &mut Log::default()).unwrap();
    let found: Vec<_> = feed.entries.iter().map(|entry| entry.id.as_str()).collect();
    assert_eq!(found, ids);
}

#[track_caller]
fn check_repairs(source: &str, titles: &[&str], repairs: &[&str]) {
    let mut log = Log::default();
    let feed = read(source, None, &mut log).unwrap();
    let found: Vec<_> = feed
        .entries
        .iter()
        .map(|entry| entry.title.as_ref().map_or("", |it| it.value.as_str()))
        .collect();
    assert_eq!(found, titles, "{source}");
    let noted: Vec<_> = log
        .into_repairs(source)
        .iter()
        .map(|it| it.defect.name())
        .collect();
    assert_eq!(noted, repairs, "{source}");
}

/// Items of a feed that says that it is one.
fn items(items: &str) -> String {
    format!("{{\"version\":\"https://jsonfeed.org/version/1.1\",\"items\":{items}}}")
}

#[test]
fn reads_items_whatever_their_types() {
    check(
        r#"{"items": [{"id": 1, "url": "/a", "title": "a"}, {"id": 2.5}, {"id": "3"}]}"#,
        &["1", "2.5", "3"],
    );
    check(r#"{"items": {"id": 1, "content_text": "x"}}"#, &["1"]);
    check(&items("null"), &[]);
    check(
        &items(r#"[{"id": "1", "tags": [[], {}, null, "a"], "authors": 5}]"#),
        &["1"],
    );
    check(
        &items(r#"[{"id": 123456789012345678901234567890}, {"id": 1e3}, {"id": -0.0}]"#),
        &["123456789012345678901234567890", "1e3", "-0.0"],
    );
}

#[test]
fn keeps_complete_items_of_a_cut_document() {
    let cut = |text: &str| format!("{{\"version\":\"https://jsonfeed.org/version/1\",{text}");
    check(
        &cut(r#""items": [{"id": 1}, {"id": "2", "url": "http:"#),
        &["1"],
    );
    check(
        &cut(r#""items": [{"id": 1, "authors": [{"name": "x"}]}, {"id": 2}"#),
        &["1", "2"],
    );
    check(
        &cut(r#""items": [{"id": "}]"}, {"id": 2} {"id": 3}]}"#),
        &["}]", "2", "3"],
    );
}

#[test]
fn one_fault_costs_at_most_one_item() {
    let grammar = ["bad-json"];
    for (faulty, expected, repairs) in [
        (
            r#"[{"id":1,"title":"a",},{"id":2,"title":"b"},]"#,
            ["a", "b"],
            &grammar[..],
        ),
        (
            r#"[{"id":1,"title":"a"},,{"id":2,"title":"b"}]"#,
            ["a", "b"],
            &grammar,
        ),
        (
            r#"[{"id":1 "title":"a"} {"id":2,"title":"b"}]"#,
            ["a", "b"],
            &grammar,
        ),
        (
            r#"[{"id":1,"title":"a","x":NaN},{"id":2,"title":"b","y":[-Infinity,undefined]}]"#,
            ["a", "b"],
            &grammar,
        ),
        (
            r#"[{id:1,title:"a"},{'id':2,'title':'b'}]"#,
            ["a", "b"],
            &grammar,
        ),
        (
            r#"[{"id":1,"title":"a" /* x */},// y
            {"id":2,"title":"b"}]"#,
            ["a", "b"],
            &["json-comment"],
        ),
        (
            "[{\"id\":1,\"title\":\"a\nb\tc\"},{\"id\":2,\"title\":\"b\"}]",
            ["a\nb\tc", "b"],
            &["bad-string"],
        ),
        (
            r#"[{"id":1,"title":"C:\Users \x \u12"},{"id":2,"title":"it\'s"}]"#,
            ["C:\\Users \\x \\u12", "it's"],
            &["bad-string"],
        ),
        (
            r#"[{"id":1,"title":"a \ud83d b"},{"id":2,"title":"\ud83d\ude00"}]"#,
            ["a \u{fffd} b", "😀"],
            &["lone-surrogate"],
        ),
        (
            r#"[{"id":1,"title":"first","title":"a"},{"id":2,"title":"b","title":null}]"#,
            ["a", "b"],
            &["duplicate-name"],
        ),
        (
            r#"[{"id":1,"title":"a "quoted" word"},{"id":2,"title":"b"}]"#,
            ["a \"quoted\" word", "b"],
            &grammar,
        ),
        (
            r#"[{"id":1,"title":"he said "yes", then left"},{"id":2,"title":"b"}]"#,
            ["he said \"yes\", then left", "b"],
            &grammar,
        ),
        (
            "[{\"id\":1,\"title\":\"a,\n\"url\":\"x\"},{\"id\":2,\"title\":\"b\"}]",
            ["a", "b"],
            &["bad-string", "bad-json"],
        ),
        (
            r#"[{"id":1,"title":"a","tags":["x"},{"id":2,"title":"b"}]"#,
            ["a", "b"],
            &grammar,
        ),
        (
            r#"[{"id":1,"title":"a"}},{"id":2,"title":"b"}]"#,
            ["a", "b"],
            &grammar,
        ),
        (
            r#"[{"id":1,"title":"a",{"id":2,"title":"b"}]"#,
            ["a", "b"],
            &grammar,
        ),
        (
            r#"[{"id":1,"title"="a"},{"id":2,"title":"b"}]"#,
            ["a", "b"],
            &grammar,
        ),
        (
            r#"[5, {"id":1,"title":"a"}, "x", {"id":2,"title":"b"}]"#,
            ["a", "b"],
            &grammar,
        ),
    ] {
        check_repairs(&items(faulty), &expected, repairs);
    }
}

#[test]
fn reads_documents_without_their_ends_and_one_after_another() {
    let head = r#"{"version":"https://jsonfeed.org/version/1.1","items":[{"id":1,"title":"a"}"#;
    check_repairs(head, &["a"], &["truncated"]);
    check_repairs(&format!("{head}]"), &["a"], &["truncated"]);
    let whole = format!("{head}]}}");
    check_repairs(&whole, &["a"], &[]);
    check_repairs(
        &format!("{whole}\n{whole}"),
        &["a", "a"],
        &["several-documents"],
    );
    check_repairs(&format!("callback({whole});"), &["a"], &["leading-junk"]);
}

#[test]
fn refuses_json_that_is_no_feed() {
    for source in [
        "{}",
        "{\"a\": 1}",
        "{",
        "{\"items\": [{",
        r#"{"version": "1.0.3", "name": "a package"}"#,
        r#"{"version": 2, "items": [{"id": 1, "name": "a thing"}]}"#,
        r#"{"version": "3", "items": []}"#,
        r#"{"info": {"version": "https://jsonfeed.org/"}, "paths": {}}"#,
    ] {
        assert!(read(source, None, &mut Log::default()).is_err(), "{source}");
    }
}

/// Bytes that the scanner walks, by the values and strings that it meets: twice the document is
/// twice the work, whatever it is made of.
#[test]
fn deep_and_long_documents_are_read_in_one_pass() {
    for piece in [
        "[",
        "{",
        "{\"a\":",
        "[{",
        "\"",
        "'",
        "\\",
        "\"a\" ",
        "\" , ",
        "\"a\":",
        ",",
        "}",
        "]",
        "},",
        "/*",
        "//",
        "/* */",
        "#\n",
        "1,",
        "-",
        "a:",
        "\"\\ud800",
        "{\"items\":[",
        "\"items\":[{\"id\":1},",
        "\n",
    ] {
        for start in [
            "",
            "{\"version\":\"https://jsonfeed.org/version/1\",\"items\":[",
            "{\"a\":\"",
        ] {
            let source = format!("{start}{}", piece.repeat(20_000));
            let feed = read(&source, None, &mut Log::default());
            let size = feed.map_or(0, |it| it.entries.len());
            assert!(size <= limits::ENTRIES);
        }
    }
}

#[test]
fn tells_json_from_markup() {
    assert!(is_json("{\"version\""));
    assert!(is_json("/**/ {"));
    assert!(!is_json("<rss>{"));
    assert!(!is_json("text"));
}
