use super::*;

#[track_caller]
fn check(text: &str, expected: &str) {
    let found = parse(text).map(|it| it.format("%Y-%m-%dT%H:%M:%SZ").to_string());
    assert_eq!(found.as_deref().unwrap_or("none"), expected, "{text}");
}

#[test]
fn reads_rfc_822_and_what_became_of_it() {
    check("Thu, 01 Jan 2004 19:48:21 GMT", "2004-01-01T19:48:21Z");
    check("Thu, 01 Jan 2004 19:48:21 +0100", "2004-01-01T18:48:21Z");
    check("Thu, 01 Jan 2004 19:48:21 +01:00", "2004-01-01T18:48:21Z");
    check("Thu, 01 Jan 2004 19:48:21 + 0100", "2004-01-01T18:48:21Z");
    check("Thu, 01 Jan 2004 19:48:21 +01 00", "2004-01-01T18:48:21Z");
    check(
        "Thu, 01 Jan 2004 19:48:21 GMT+01:00",
        "2004-01-01T18:48:21Z",
    );
    check("Thu, 01 Jan 2004 19:48:21 Etc/GMT", "2004-01-01T19:48:21Z");
    check("Thu, 01 Jan 2004 19:48:21 EST", "2004-01-02T00:48:21Z");
    check("Thu, 01 Jan 2004 19:48:21 PDT", "2004-01-02T02:48:21Z");
    check("Thu, 01 Jul 2004 19:48:21 CEST", "2004-07-01T17:48:21Z");
    check("Thu, 01 Jan 2004 19:48:21 UT", "2004-01-01T19:48:21Z");
    check("Thu, 01 Jan 2004 19:48:21 Z", "2004-01-01T19:48:21Z");
    check("Thu, 01 Jan 2004 19:48:21 (CET)", "2004-01-01T18:48:21Z");
    check("Thu, 01 Jan 2004 19:48:21 XYZ", "2004-01-01T19:48:21Z");
    check("Thu, 01 Jan 2004 19:48:21", "2004-01-01T19:48:21Z");
    check("Thu, 01 Jan 2004 19:48", "2004-01-01T19:48:00Z");
    check("Thu, 01 Jan 2004", "2004-01-01T00:00:00Z");
    check("01 Jan 2004", "2004-01-01T00:00:00Z");
    check("Mon, 01 Jan 2004 19:48:21 GMT", "2004-01-01T19:48:21Z");
    check("Thursday, 1 January 2004 9:48 GMT", "2004-01-01T09:48:00Z");
    check("Thu 1 January 2004 9:48:21 gmt", "2004-01-01T09:48:21Z");
    check("Thu, 01 Jan 04 19:48:21 GMT", "2004-01-01T19:48:21Z");
    check("Thu, 01 Jan 99 19:48:21 GMT", "1999-01-01T19:48:21Z");
    check("THU, 01 JAN 2004 19:48:21 GMT", "2004-01-01T19:48:21Z");
    check("thu,01 jan 2004 19:48:21 gmt", "2004-01-01T19:48:21Z");
    check("Thu, Jan 01 2004 19:48:21 GMT", "2004-01-01T19:48:21Z");
    check("January 1st, 2004 7:48 pm", "2004-01-01T19:48:00Z");
    check("January 1, 2004 12:48 AM EST", "2004-01-01T05:48:00Z");
    check("Sat, 31 Dec 2005 24:00:00 GMT", "2006-01-01T00:00:00Z");
    check("Sat, 31 Dec 2005 23:59:60 GMT", "2006-01-01T00:00:00Z");
    check("05-Jan-2004 10:00:00 GMT", "2004-01-05T10:00:00Z");
    check("Jan-05-2004", "2004-01-05T00:00:00Z");
    check("Mon, 5/Jan/2004 10:00:00", "2004-01-05T10:00:00Z");
    check("Fri, 2006/09/15 08:19:53 EDT", "2006-09-15T12:19:53Z");
    check("31.12.2004 10:30", "2004-12-31T10:30:00Z");
    check("12/31/2004 10:30", "2004-12-31T10:30:00Z");
}

#[test]
fn reads_asctime() {
    check("Sun Jan  4 16:29:06 2004", "2004-01-04T16:29:06Z");
    check("Sun Jan 04 16:29:06 PST 2004", "2004-01-05T00:29:06Z");
    check("Sun Jan  4 16:29:06 +0100 2004", "2004-01-04T15:29:06Z");
}

#[test]
fn reads_iso_8601() {
    check("2003-12-31T10:14:55Z", "2003-12-31T10:14:55Z");
    check("2003-12-31t10:14:55z", "2003-12-31T10:14:55Z");
    check("2003-12-31T10:14:55-08:00", "2003-12-31T18:14:55Z");
    check("2003-12-31T10:14:55-0800", "2003-12-31T18:14:55Z");
    check("2003-12-31T10:14:55-08", "2003-12-31T18:14:55Z");
    check("2003-12-31T10:14:55 -08:00", "2003-12-31T18:14:55Z");
    check("2003-12-31T18:14+08:00", "2003-12-31T10:14:00Z");
    check("2003-12-31T10:14:55.1234567890123Z", "2003-12-31T10:14:55Z");
    check("2003-12-31T10:14:55,5Z", "2003-12-31T10:14:55Z");
    check("2003-12-31 10:14:55", "2003-12-31T10:14:55Z");
    check("2003-12-31 10:14:55 EST", "2003-12-31T15:14:55Z");
    check("2003-12-31 10:14:55 +0200", "2003-12-31T08:14:55Z");
    check("2003-12-31T24:00:00Z", "2004-01-01T00:00:00Z");
    check("2003-12-31T10:14", "2003-12-31T10:14:00Z");
    check("2003-12-31", "2003-12-31T00:00:00Z");
    check("-03-12", "2003-12-01T00:00:00Z");
    check("-0312", "2003-12-01T00:00:00Z");
    check("2003-12", "2003-12-01T00:00:00Z");
    check("2003", "2003-01-01T00:00:00Z");
    check("2003-1-5", "2003-01-05T00:00:00Z");
    check("2003/12/31 10:14", "2003-12-31T10:14:00Z");
    check("2003.12.31", "2003-12-31T00:00:00Z");
    check("20031231", "2003-12-31T00:00:00Z");
    check("20031231T101455Z", "2003-12-31T10:14:55Z");
    check("20031231T10:14:55", "2003-12-31T10:14:55Z");
    check("20031231101455", "2003-12-31T10:14:55Z");
    check("2003-365", "2003-12-31T00:00:00Z");
    check("2003365", "2003-12-31T00:00:00Z");
    check("2004-W01-1", "2003-12-29T00:00:00Z");
    check("2004W013", "2003-12-31T00:00:00Z");
    check("03-12-31", "2003-12-31T00:00:00Z");
    check("031231", "2003-12-31T00:00:00Z");
    check("03-365", "2003-12-31T00:00:00Z");
    check("03365", "2003-12-31T00:00:00Z");
    check("2003-12-31 10:14 PM", "2003-12-31T22:14:00Z");
}

#[test]
fn reads_other_languages() {
    check("2004년 05월 28일  01:31:15", "2004-05-27T16:31:15Z");
    check("2004-05-25 오후 11:23:17", "2004-05-25T14:23:17Z");
    check("2004-05-25 오전 12:23:17", "2004-05-24T15:23:17Z");
    check("Κυρ, 11 Ιούλ 2004 12:00:00 EST", "2004-07-11T17:00:00Z");
    check("Τρι, 06 Μαϊ 2004 12:00:00 GMT", "2004-05-06T12:00:00Z");
    check("2004-július-13T9:15-05:00", "2004-07-13T14:15:00Z");
    check("2004-március-3T19:15+01:00", "2004-03-03T18:15:00Z");
    check("mer, 16 nov 2022 00:38:15 +0100", "2022-11-15T23:38:15Z");
    check("jeu. 14 juillet 2022 10:00", "2022-07-14T10:00:00Z");
    check("mar, 05 mar 2024 10:00:00 +0000", "2024-03-05T10:00:00Z");
    check("mar, 05 dic 2023 10:00:00 +0000", "2023-12-05T10:00:00Z");
    check("Mi, 6. März 2024 10:00:00 +0100", "2024-03-06T09:00:00Z");
    check("Пн, 04 мая 2020 10:00:00 +0300", "2020-05-04T07:00:00Z");
    check("śr., 12 paź 2022 10:00:00 +0200", "2022-10-12T08:00:00Z");
}

#[test]
fn reads_seconds_and_milliseconds() {
    check("1072897295", "2003-12-31T19:01:35Z");
    check("1072897295123", "2003-12-31T19:01:35Z");
}

/// Forms that public feeds have, as their makers and other readers describe them: each with the
/// instant that a person would read.
#[test]
fn reads_what_public_feeds_write() {
    let mut wrong = Vec::new();
    let rows: Vec<(&str, &str)> = PUBLIC
        .lines()
        .filter_map(|line| line.split_once(" = "))
        .map(|(expected, text)| (expected.trim(), text))
        .collect();
    for (expected, text) in &rows {
        let found = parse(text).map(|it| it.format("%Y-%m-%dT%H:%M:%SZ").to_string());
        let found = found.as_deref().unwrap_or("none");
        if found != *expected {
            wrong.push(format!("{text}: {found}, not {expected}"));
        }
    }
    assert!(rows.len() >= 115, "{}", rows.len());
    assert!(
        wrong.is_empty(),
        "{} of {}:\n{}",
        wrong.len(),
        rows.len(),
        wrong.join("\n")
    );
}

const PUBLIC: &str = include_str!("public.txt");

#[test]
fn what_cannot_be_is_no_date() {
    for text in [
        "",
        "now",
        "Thu, 32 Jan 2004 19:48:21 GMT",
        "Thu, 30 Feb 2004 19:48:21 GMT",
        "Thu, 01 Foo 2004 19:48:21 GMT",
        "Thu, 01 Jan 2004 25:48:21 GMT",
        "Thu, 01 Jan 0001 00:00:00 GMT",
        "0001-01-01T00:00:00Z",
        "0000-00-00 00:00:00",
        "2003-13-01",
        "2003-02-29",
        "2003-12-31T99:00:00Z",
        "-365",
        "{{ page.date }}",
        "99999999999999999999999",
    ] {
        check(text, "none");
    }
    check(&"9".repeat(1 << 20), "none");
}
