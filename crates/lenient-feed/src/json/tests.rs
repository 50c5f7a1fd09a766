use super::*;

#[track_caller]
fn check(source: &str, ids: &[&str]) {
    let feed = read(source, None, &mut Log::default()).unwrap();
    let found: Vec<_> = feed.entries.iter().map(|entry| entry.id.as_str()).collect();
    assert_eq!(found, ids);
}

#[test]
fn reads_items_whatever_their_types() {
    check(
        r#"{"items": [{"id": 1}, {"id": 2.5}, {"id": "3"}]}"#,
        &["1", "2.5", "3"],
    );
    check(r#"{"items": {"id": 1}}"#, &["1"]);
    check(r#"{"version": 1, "items": null}"#, &[]);
    check(
        r#"{"items": [{"id": "1", "tags": [[], {}, null, "a"], "authors": 5}]}"#,
        &["1"],
    );
}

#[test]
fn keeps_complete_items_of_a_cut_document() {
    check(r#"{"items": [{"id": 1}, {"id": "2", "url": "http:"#, &["1"]);
    check(
        r#"{"items": [{"id": 1, "authors": [{"name": "x"}]}, {"id": 2}"#,
        &["1", "2"],
    );
    check(
        r#"{"items": [{"id": "}]"}, {"id": 2} {"id": 3}]}"#,
        &["}]", "2"],
    );
}

#[test]
fn refuses_json_that_is_no_feed() {
    for source in ["{}", "{\"a\": 1}", "{", "{\"items\": [{"] {
        assert!(read(source, None, &mut Log::default()).is_err(), "{source}");
    }
}

#[test]
fn tells_json_from_markup() {
    assert!(is_json("{\"version\""));
    assert!(is_json("/**/ {"));
    assert!(!is_json("<rss>{"));
    assert!(!is_json("text"));
}
