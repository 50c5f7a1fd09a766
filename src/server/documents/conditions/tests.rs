use axum::http::HeaderValue;

use super::*;

/// Sunday, 15 November 2026, 12:00 UTC.
const MODIFIED: i64 = 1_794_744_000;

#[track_caller]
fn check(sent: &[(&str, &str)], expected: Verdict) {
    let mut headers = HeaderMap::new();
    for (name, value) in sent {
        let name = HeaderName::try_from(*name).unwrap();
        headers.append(name, HeaderValue::try_from(*value).unwrap());
    }
    let validators = Validators {
        hash: "0a1b",
        modified: Some(MODIFIED),
        now: MODIFIED + 86_400,
    };
    let verdict = validators.weigh(&headers, Encoding::Gzip);
    assert_eq!(verdict, expected, "{sent:?}");
}

#[test]
fn knows_its_tags_however_they_come_back() {
    for (tag, encoding) in [
        ("\"0a1b\"", Encoding::Plain),
        ("W/\"0a1b\"", Encoding::Plain),
        ("w/\"0a1b\"", Encoding::Plain),
        ("0a1b", Encoding::Plain),
        ("\"0a1b", Encoding::Plain),
        ("\\\"0a1b\\\"", Encoding::Plain),
        ("\"0a1b-br\"", Encoding::Brotli),
        ("0a1b-br", Encoding::Brotli),
        ("\"0a1b-gzip\"", Encoding::Gzip),
        ("\"0a1b--gzip\"", Encoding::Gzip),
        ("\"0a1b;gzip\"", Encoding::Gzip),
        ("\"0a1b\"-gzip", Encoding::Gzip),
        ("\"0a1b-br-gzip\"", Encoding::Gzip),
        ("\"other\", \"0a1b-br\"", Encoding::Brotli),
        ("\"with, comma\",W/\"0a1b\"", Encoding::Plain),
        ("*", Encoding::Gzip),
    ] {
        check(&[("if-none-match", tag)], Verdict::Same(encoding));
    }
    for tag in [
        "",
        "\"\"",
        "\"0a1\"",
        "\"0a1bc\"",
        "\"0a1b-zip\"",
        "\"x0a1b\"",
        ",",
    ] {
        check(&[("if-none-match", tag)], Verdict::Send);
    }
    let two = [("if-none-match", "\"a\""), ("if-none-match", "\"0a1b\"")];
    check(&two, Verdict::Same(Encoding::Plain));
}

#[test]
fn knows_its_date_however_it_comes_back() {
    let same = Verdict::Same(Encoding::Gzip);
    for date in [
        "Sun, 15 Nov 2026 12:00:00 GMT",
        "Sunday, 15-Nov-26 12:00:00 GMT",
        "Sun Nov 15 12:00:00 2026",
        "Sun, 15 Nov 2026 12:00:00 GMT; length=1234",
        "Sun, 15 Nov 2026 12:00:00 +0000",
        "Sun, 15 Nov 2026 12:00:00 UTC",
        "Sun, 15 Nov 2026 18:00:00 GMT",
    ] {
        check(&[("if-modified-since", date)], same);
    }
    for date in [
        "Sun, 15 Nov 2026 11:59:59 GMT",
        "Thu, 01 Jan 1970 00:00:00 GMT",
        "Sun, 15 Nov 2099 12:00:00 GMT",
        "yesterday",
        "",
        "0",
    ] {
        check(&[("if-modified-since", date)], Verdict::Send);
    }
}

#[test]
fn a_tag_overrides_a_date() {
    let date = ("if-modified-since", "Sun, 15 Nov 2026 12:00:00 GMT");
    check(&[("if-none-match", "\"old\""), date], Verdict::Send);
    let old = ("if-modified-since", "Sun, 15 Nov 2020 12:00:00 GMT");
    let same = Verdict::Same(Encoding::Plain);
    check(&[("if-none-match", "\"0a1b\""), old], same);
}

#[test]
fn conditions_of_those_who_change_come_first() {
    let same = ("if-none-match", "\"0a1b\"");
    check(&[("if-match", "\"old\""), same], Verdict::Other);
    check(&[("if-match", "W/\"0a1b\"")], Verdict::Other);
    check(&[("if-match", "\"0a1b-br\", \"x\"")], Verdict::Send);
    check(&[("if-match", "*"), same], Verdict::Same(Encoding::Plain));
    let before = ("if-unmodified-since", "Sun, 15 Nov 2026 11:00:00 GMT");
    check(&[before], Verdict::Other);
    check(&[("if-match", "\"0a1b\""), before], Verdict::Send);
    check(
        &[("if-unmodified-since", "Sun, 15 Nov 2026 12:00:00 GMT")],
        Verdict::Send,
    );
}

#[test]
fn a_document_of_this_second_has_no_date() {
    let mut headers = HeaderMap::new();
    let date = HeaderValue::from_static("Sun, 15 Nov 2026 12:00:00 GMT");
    headers.insert(IF_MODIFIED_SINCE, date.clone());
    headers.insert(IF_RANGE, date);
    let validators = Validators {
        hash: "0a1b",
        modified: None,
        now: MODIFIED,
    };
    assert_eq!(validators.weigh(&headers, Encoding::Plain), Verdict::Send);
    assert!(!validators.fits(&headers));
}

#[test]
fn a_part_fits_only_this_very_state() {
    let validators = Validators {
        hash: "0a1b",
        modified: Some(MODIFIED),
        now: MODIFIED + 1,
    };
    for (condition, expected) in [
        ("\"0a1b\"", true),
        ("W/\"0a1b\"", false),
        ("\"0a1b-gzip\"", false),
        ("0a1b", false),
        ("Sun, 15 Nov 2026 12:00:00 GMT", true),
        ("Sun, 15 Nov 2026 12:00:01 GMT", false),
        ("", false),
    ] {
        let mut headers = HeaderMap::new();
        headers.insert(IF_RANGE, HeaderValue::from_static(condition));
        assert_eq!(validators.fits(&headers), expected, "{condition}");
    }
    assert!(validators.fits(&HeaderMap::new()));
}
