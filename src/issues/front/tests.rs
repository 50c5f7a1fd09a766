use proptest::prelude::*;

use super::*;

#[track_caller]
fn check_split(file: &str, kind: FrontKind, block: &str, body: &str) {
    let front = split(file).unwrap();
    assert_eq!(front.kind, kind, "{file:?}");
    assert_eq!(&file[front.block], block, "{file:?}");
    assert_eq!(&file[front.body], body, "{file:?}");
}

#[test]
fn finds_front_matter_in_every_form() {
    check_split("---\na: b\n---\nText", FrontKind::Yaml, "a: b\n", "Text");
    check_split("---\na: b\n...\nText", FrontKind::Yaml, "a: b\n", "Text");
    check_split("---\n---\n", FrontKind::Yaml, "", "");
    check_split("---\na: b\n---", FrontKind::Yaml, "a: b\n", "");
    check_split(
        "---yaml\na: b\n---\nText",
        FrontKind::Yaml,
        "a: b\n",
        "Text",
    );
    check_split("+++\na = 1\n+++\nText", FrontKind::Toml, "a = 1\n", "Text");
    check_split(
        "---toml\na = 1\n---\nText",
        FrontKind::Toml,
        "a = 1\n",
        "Text",
    );
    check_split(
        "{\n\"a\": 1\n}\nText",
        FrontKind::Json,
        "{\n\"a\": 1\n}",
        "Text",
    );
    check_split(
        "---json\n{\"a\": 1}\n---\nT",
        FrontKind::Json,
        "{\"a\": 1}\n",
        "T",
    );
    check_split(
        "Title: A\nDate: B\n\nText",
        FrontKind::Pelican,
        "Title: A\nDate: B\n",
        "\nText",
    );
    check_split("Text\n", FrontKind::None, "", "Text\n");
    check_split("", FrontKind::None, "", "");
    check_split("\n \n", FrontKind::None, "", "\n \n");
}

#[test]
fn finds_it_behind_marks_blank_lines_and_foreign_line_ends() {
    check_split(
        "\u{feff}---\na: b\n---\nText",
        FrontKind::Yaml,
        "a: b\n",
        "Text",
    );
    check_split("\u{feff}Text", FrontKind::None, "", "Text");
    check_split(
        "---\r\na: b\r\n---\r\nText",
        FrontKind::Yaml,
        "a: b\r\n",
        "Text",
    );
    check_split(
        "--- \na: b\n---\t\u{a0}\nText",
        FrontKind::Yaml,
        "a: b\n",
        "Text",
    );
    check_split(
        "\n\n---\na: b\n---\nText",
        FrontKind::Yaml,
        "a: b\n",
        "Text",
    );
    check_split(
        "title: A\r\ndate: B\r\n\r\nText",
        FrontKind::Pelican,
        "title: A\r\ndate: B\r\n",
        "\r\nText",
    );
}

#[test]
fn leaves_prose_alone() {
    for prose in [
        "Note: this is no front matter\nTitle: nor this\n",
        "Summary: an issue about nothing\n\nText",
        "Author: a word with a colon",
        "https://example.org\n",
        "Title\n",
        "{{< figure >}}\n",
        "{% include x %}\n",
        "----\n\nText",
        "# Title: x\n",
        " Title: indented\n",
    ] {
        check_split(prose, FrontKind::None, "", prose);
    }
}

#[test]
fn ends_pelican_lines_where_the_text_begins() {
    check_split(
        "Title: A\nDate: B\nText: of\n  three\n  lines\nNo key here\n",
        FrontKind::Pelican,
        "Title: A\nDate: B\nText: of\n  three\n  lines\n",
        "No key here\n",
    );
    check_split(
        "Title: A\nDate: B\nhttps://example.org\n",
        FrontKind::Pelican,
        "Title: A\nDate: B\n",
        "https://example.org\n",
    );
}

#[track_caller]
fn check_fault(file: &str, place: &str, message: &str) {
    let fault = split(file)
        .and_then(|front| fields(file, &front))
        .expect_err(file);
    assert_eq!(fault.message, message);
    assert_eq!(&file[fault.span], place, "{file:?}");
}

#[test]
fn refuses_a_fence_that_never_closes() {
    check_fault(
        "---\na: b\n\nText\n",
        "---",
        "front matter opens with `---` and never closes",
    );
    check_fault(
        "\n+++\na = 1\n---\nText\n",
        "+++",
        "front matter opens with `+++` and never closes",
    );
}

#[test]
fn refuses_more_than_front_matter_can_be() {
    let long = format!("---\na: {}\n---\n", "x".repeat(MAX_BYTES));
    check_fault(&long, "---", "front matter is longer than 64 KiB");
    let long = format!("{{\"a\": \"{}\"}}", "é".repeat(MAX_BYTES));
    let fault = split(&long).unwrap_err();
    assert_eq!(
        fault.message,
        "front matter is not valid JSON: eof while parsing a string"
    );
}

#[test]
fn places_a_parsers_complaint_in_the_file() {
    check_fault(
        "---\nä: x\ntitle: a: b\n---\n",
        ":",
        "front matter is not valid YAML: mapping values are not allowed in this context",
    );
    check_fault(
        "---\r\ntitle: \"a\r\n---\r\n",
        "\"",
        "front matter is not valid YAML: unclosed quote",
    );
    check_fault(
        "---\nab: 1\nab: 2\n---\n",
        "ab",
        "front matter is not valid YAML: duplicate mapping key `ab` is not allowed here",
    );
    check_fault(
        "---\n- a\n- b\n---\n",
        "- a",
        "front matter is not a list of `key: value` lines",
    );
    check_fault(
        "---\n? [a]\n: b\n---\n",
        "[",
        "a key must be text, not a list",
    );
    check_fault(
        "+++\nä = 1\n+++\n",
        "ä",
        "front matter is not valid TOML: invalid unquoted key, expected letters, numbers, `-`, `_`",
    );
    check_fault(
        "+++\nok = 1\nname = \"ä\n+++\n",
        "",
        "front matter is not valid TOML: invalid basic string, expected `\"`",
    );
    check_fault(
        "{\n\"a\": 1,\n}\n",
        "}",
        "front matter is not valid JSON: trailing comma",
    );
}

#[test]
fn refuses_yaml_that_explodes() {
    let mut bomb = String::from("---\na: &a [x, x, x, x, x, x, x, x, x]\n");
    for (one, next) in ["a", "b", "c", "d", "e", "f"]
        .iter()
        .zip(["b", "c", "d", "e", "f", "g"])
    {
        let nine = vec![format!("*{one}"); 9].join(", ");
        bomb.extend([next, ": &", next, " [", &nine, "]\n"]);
    }
    bomb.push_str("---\n");
    let front = split(&bomb).unwrap();
    fields(&bomb, &front).expect_err("it would have 531,441 words");
    let deep = format!("---\na: {}\n---\n", "[".repeat(10_000));
    let front = split(&deep).unwrap();
    fields(&deep, &front).expect_err("it is ten thousand lists deep");
    let deep = format!("+++\na = {}\n+++\n", "[".repeat(10_000));
    let front = split(&deep).unwrap();
    fields(&deep, &front).expect_err("it is ten thousand lists deep");
    split(&format!("{{\"a\": {}", "[".repeat(10_000))).expect_err("so is this");
}

/// The fields as JSON.
#[track_caller]
fn json(file: &str) -> serde_json::Value {
    let front = split(file).unwrap();
    fields(file, &front)
        .unwrap()
        .into_iter()
        .map(|field| (field.key.into_owned(), field.value.value.into_json()))
        .collect()
}

#[test]
fn reads_the_same_from_every_form() {
    let expected = serde_json::json!({
        "title": "It: works", "number": 7, "draft": false, "tags": ["a b", "c"],
        "extra": {"deep": 1.5},
    });
    for file in [
        "---\ntitle: 'It: works'\nnumber: 7\ndraft: false\ntags:\n  - a b\n  - c\nextra:\n  \
         deep: 1.5\n---\n",
        "---\ntitle: \"It: works\" # yes\nnumber: 7\ndraft: no\ntags: [a b, c]\nextra: {deep: \
         1.5}\n---\n",
        "+++\ntitle = \"It: works\"\nnumber = 7\ndraft = false\ntags = [\"a b\", \"c\"]\n\
         [extra]\ndeep = 1.5\n+++\n",
        "{\"title\": \"It: works\", \"number\": 7, \"draft\": false, \"tags\": [\"a b\", \"c\"],\n\
         \"extra\": {\"deep\": 1.5}}\n",
    ] {
        assert_eq!(json(file), expected, "{file}");
    }
}

#[test]
fn keeps_what_only_looks_like_a_number() {
    let expected = serde_json::json!({
        "a": "007", "b": "2021-11-17", "c": "1_000", "d": "NaN", "e": 12, "f": null,
    });
    let yaml = "---\na: 007\nb: 2021-11-17\nc: 1_000\nd: NaN\ne: 12\nf:\n---\n";
    assert_eq!(json(yaml), expected);
    let toml = "+++\na = 2021-11-17\nb = 2021-11-17T10:00:00+02:00\nc = inf\n+++\n";
    assert_eq!(
        json(toml),
        serde_json::json!({"a": "2021-11-17", "b": "2021-11-17T10:00:00+02:00", "c": "inf"})
    );
}

#[test]
fn takes_wide_spaces_around_keys_for_spaces() {
    let yaml = "---\ntitle\u{a0}:\u{a0}A\u{a0}b\n\u{a0}\u{a0}\n---\n";
    assert_eq!(json(yaml), serde_json::json!({"title": "A\u{a0}b"}));
    let toml = "+++\ntitle\u{a0}=\u{3000}\"A\u{a0}b\"\n+++\n";
    assert_eq!(json(toml), serde_json::json!({"title": "A\u{a0}b"}));
    let pelican = "Title\u{a0}:\u{a0}A\u{a0}b\n\n";
    assert_eq!(json(pelican), serde_json::json!({"Title": "A\u{a0}b"}));
}

#[test]
fn joins_pelican_lines_that_go_on() {
    assert_eq!(
        json("Title: A\nSummary: one\n    two\n\tthree\nTags:\n  a\n  b\nEmpty:\n\n"),
        serde_json::json!({
            "Title": "A", "Summary": "one\ntwo\nthree", "Tags": "a\nb", "Empty": null,
        })
    );
}

#[test]
fn places_keys_and_values() {
    for file in [
        "---\nkey: value\n---\n",
        "---\nkey: value # with a comment\n---\n",
        "+++\nkey = value\n+++\n"
            .replace("value", "'value'")
            .as_str(),
        "Title: x\nkey: value\n\n",
    ] {
        let front = split(file).unwrap();
        let fields = fields(file, &front).unwrap();
        let field = fields.iter().find(|field| field.key == "key").unwrap();
        assert_eq!(&file[field.key_span.clone()], "key", "{file}");
        let value = file[field.value.span.clone()].trim_matches('\'');
        assert_eq!(value, "value", "{file}");
    }
}

/// Front matter as people write it, and slightly beside it.
fn lines() -> impl Strategy<Value = String> {
    let key = "[a-zA-Z_-]{1,8}|title|date|tags|no|null";
    let value = prop_oneof![
        "[a-zA-Z0-9éß’ ./_-]{0,20}",
        "[ -~]{0,12}",
        "\"[a-z0-9:#' ]{0,12}\"",
        "'[a-z0-9:#\" ]{0,12}'",
        "[0-9]{1,20}",
        "20[0-9]{2}-[01][0-9]-[0-3][0-9][T :0-9Z+]{0,12}",
        "\\[[a-z0-9, ./\"-]{0,20}\\]",
        "true|false|yes|No|null|~|on|.5|1e3|0x1F|0o7|-1|\\+1|.inf|NaN|y",
        "[a-z]{1,3}(: | #|:|#)[a-z]{0,3}",
        "\\PC{0,6}",
    ];
    let line = (
        key,
        prop_oneof![": ", ":", ":  ", " : ", ":\t"],
        value,
        " {0,2}",
    );
    let line = line.prop_map(|(key, colon, value, end)| format!("{key}{colon}{value}{end}"));
    let line = prop_oneof![
        12 => line,
        1 => "# [ -~]{0,10}",
        1 => "",
        1 => " {1,2}[a-z: ]{0,6}",
        2 => " {0,3}- {1,2}[a-z0-9\"]{1,4}",
        1 => "[a-z]{3}:\n {0,2}- [a-zA-Z0-9 ]{1,9}\n {0,2}- [a-z'0-9-]{1,9}",
    ];
    let end = prop_oneof![4 => Just("\n"), 1 => Just("\r\n")];
    prop::collection::vec((line, end), 0..6)
        .prop_map(|lines| lines.into_iter().map(|(line, end)| line + end).collect())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(600))]

    #[test]
    fn reads_plain_yaml_as_the_parser_does(block in lines()) {
        if let Some(plain) = plain::fields(&block, 0..block.len()) {
            let parsed = yaml::fields(&block, 0..block.len());
            prop_assert_eq!(parsed, Ok(plain));
        }
    }

    #[test]
    fn never_panics(text in "\\PC{0,80}", block in lines(), fence in "---|\\+\\+\\+|---json|\\{|") {
        for file in [text.clone(), format!("{fence}\n{text}\n{fence}\n"),
                     format!("{fence}\n{block}{fence}\nText")] {
            if let Ok(front) = split(&file) {
                prop_assert!(front.block.end <= front.body.start);
                prop_assert_eq!(front.body.end, file.len());
                match fields(&file, &front) {
                    Ok(fields) => for field in fields {
                        prop_assert!(file.get(field.key_span).is_some());
                        prop_assert!(file.get(field.value.span).is_some());
                    },
                    Err(fault) => prop_assert!(file.get(fault.span).is_some()),
                }
            }
        }
    }
}
