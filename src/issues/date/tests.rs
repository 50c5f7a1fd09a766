use super::*;

const BERLIN: Tz = chrono_tz::Europe::Berlin;

/// The instant with its offset, and whether it is a day.
fn read(text: &str, zone: Tz) -> String {
    match parse(text, zone) {
        Ok(moment) => match moment.precision {
            Precision::Day => format!("{} (day)", moment.at.to_rfc3339()),
            Precision::Time => moment.at.to_rfc3339(),
        },
        Err(error) => format!("`{text}` {error}"),
    }
}

#[track_caller]
fn check(text: &str, expected: &str) {
    assert_eq!(read(text, BERLIN), expected, "{text}");
}

#[test]
fn reads_days_as_midnight_in_the_zone() {
    for day in [
        "2021-11-17",
        " 2021-11-17 ",
        "\u{a0}2021-11-17\u{a0}",
        "2021/11/17",
        "2021.11.17",
        "20211117",
        "17 November 2021",
        "17. Nov. 2021",
        "November 17, 2021",
        "Nov 17th, 2021",
        "Wednesday, November 17, 2021",
    ] {
        check(day, "2021-11-17T00:00:00+01:00 (day)");
    }
    check("2021-6-7", "2021-06-07T00:00:00+02:00 (day)");
    check("2021-06", "2021-06-01T00:00:00+02:00 (day)");
    check("June 2021", "2021-06-01T00:00:00+02:00 (day)");
    check("May 1 2021", "2021-05-01T00:00:00+02:00 (day)");
}

#[test]
fn reads_times_without_offset_in_the_zone() {
    for time in [
        "2021-11-17 10:00",
        "2021-11-17T10:00",
        "2021-11-17t10:00:00",
        "2021-11-17  10:00:00",
        "2021-11-17 10:00:00.000",
        "2021/11/17 10:00",
    ] {
        check(time, "2021-11-17T10:00:00+01:00");
    }
    check("2021-11-17 7:05", "2021-11-17T07:05:00+01:00");
    check("2021-11-17 10:00:05.25", "2021-11-17T10:00:05.250+01:00");
    check("2021-11-17 10:00:60", "2021-11-17T10:00:59+01:00");
}

#[test]
fn keeps_the_offset_that_was_written() {
    for time in [
        "2021-11-17T10:00:00+02:00",
        "2021-11-17 10:00:00 +0200",
        "2021-11-17 10:00 +02",
        "2021-11-17 10:00:00 +2",
        "Wed, 17 Nov 2021 10:00:00 +0200",
        "17 Nov 2021 10:00:00 +0200",
    ] {
        check(time, "2021-11-17T10:00:00+02:00");
    }
    for time in [
        "2021-11-17T10:00:00Z",
        "2021-11-17t10:00:00z",
        "2021-11-17 10:00:00 UTC",
        "2021-11-17 10:00 GMT",
        "Wed, 17 Nov 2021 10:00:00 GMT",
    ] {
        check(time, "2021-11-17T10:00:00+00:00");
    }
    check("2021-11-17 10:00 -05:30", "2021-11-17T10:00:00-05:30");
}

#[test]
fn finds_an_instant_for_hours_that_clocks_skip_or_repeat() {
    check("2021-03-28 02:30", "2021-03-28T03:30:00+02:00");
    check("2021-10-31 02:30", "2021-10-31T02:30:00+02:00");
    let samoa = read("2011-12-30", chrono_tz::Pacific::Apia);
    assert_eq!(samoa, "2011-12-31T00:00:00+14:00 (day)");
    let brazil = read("2017-10-15", chrono_tz::America::Sao_Paulo);
    assert_eq!(brazil, "2017-10-15T01:00:00-02:00 (day)");
}

#[test]
fn refuses_what_no_calendar_has() {
    check(
        "2021-13-01",
        "`2021-13-01` is not a date: there is no month 13",
    );
    check(
        "2021-00-01",
        "`2021-00-01` is not a date: there is no month 0",
    );
    check(
        "2021-02-30",
        "`2021-02-30` is not a date: February 2021 has no day 30",
    );
    check(
        "31 June 2021",
        "`31 June 2021` is not a date: June 2021 has no day 31",
    );
    check(
        "2021-11-17 25:00",
        "`2021-11-17 25:00` is not a date: no time of day follows the day",
    );
    check(
        "2021-11-17 noon",
        "`2021-11-17 noon` is not a date: no time of day follows the day",
    );
    check(
        "2021-11-17 10:00 CET",
        "`2021-11-17 10:00 CET` is in the zone `CET`, which is not an offset from UTC",
    );
    check(
        "2021-11-17 10:00 +25:00",
        "`2021-11-17 10:00 +25:00` is in the zone `+25:00`, which is not an offset from UTC",
    );
    check(
        "17.11.2021",
        "`17.11.2021` is ambiguous: its year stands last",
    );
    check(
        "11/17/2021",
        "`11/17/2021` is ambiguous: its year stands last",
    );
}

#[test]
fn refuses_years_that_no_newsletter_has() {
    check("020-08-14", "`020-08-14` is in the year 20");
    check("20-08-14", "`20-08-14` is in the year 20");
    check(
        "0020-08-14T21:00:39Z",
        "`0020-08-14T21:00:39Z` is in the year 20",
    );
    check("1776-07-04", "`1776-07-04` is in the year 1776");
    check("20211-07-04", "`20211-07-04` is in the year 20211");
    check("14 August 20", "`14 August 20` is not a date");
}

#[test]
fn refuses_what_is_no_date() {
    for text in [
        "",
        "TBD",
        "soon",
        "2021",
        "3.5",
        "1605571200",
        "Last Modified",
        "June",
        "17 2021",
        "June June 2021",
        "-",
        "2021-",
        "2021-1-",
        "日本",
        "+",
        "2021-11-17-18",
    ] {
        assert!(parse(text, BERLIN).is_err(), "{text}");
    }
}

#[track_caller]
fn check_name(name: &str, expected: Option<(i32, u32, Option<u32>)>) {
    let found = in_name(name).map(|date| (date.year, date.month, date.day));
    assert_eq!(found, expected, "{name}");
}

#[test]
fn reads_the_date_in_a_file_name() {
    check_name("2020-06", Some((2020, 6, None)));
    check_name("2020_06", Some((2020, 6, None)));
    check_name("2020-06-16", Some((2020, 6, Some(16))));
    check_name("2020-06-16-a-title", Some((2020, 6, Some(16))));
    check_name("2020-06-a-title", Some((2020, 6, None)));
    check_name("2020-06-31-a-title", Some((2020, 6, None)));
    check_name("20200616", Some((2020, 6, Some(16))));
    check_name("20200616-title", Some((2020, 6, Some(16))));
    check_name("letter-2020-06-16", Some((2020, 6, Some(16))));
    check_name("letter-2020-06", None);
    check_name("2020-13", None);
    check_name("2020-061", None);
    check_name("0020-06", None);
    check_name("2020", None);
    check_name("issue-12", None);
    check_name("", None);
}

proptest::proptest! {
    #[test]
    fn never_panics(text in "\\PC{0,40}", figures in "[0-9T:Z+ ./-]{0,30}") {
        let _ = (parse(&text, BERLIN), parse(&figures, BERLIN));
        let _ = (in_name(&text), in_name(&figures));
    }

    #[test]
    fn reads_back_rfc_3339(seconds in -2_200_000_000_i64..7_200_000_000, minutes in -840..840) {
        let offset = FixedOffset::east_opt(minutes * 60).unwrap();
        let at = DateTime::from_timestamp(seconds, 0).unwrap().with_timezone(&offset);
        proptest::prop_assert_eq!(parse(&at.to_rfc3339(), BERLIN).unwrap().at, at);
        proptest::prop_assert_eq!(parse(&at.to_rfc2822(), BERLIN).unwrap().at, at);
    }
}

#[test]
fn reads_the_dates_that_other_tools_name_files_by() {
    check_name("2020-dec-15", Some((2020, 12, Some(15))));
    check_name("15-December-2020", Some((2020, 12, Some(15))));
    check_name("news-2020-dec-15", Some((2020, 12, Some(15))));
    check_name("#378-2026.08.31", Some((2026, 8, Some(31))));
    check_name("#2026.08.31", Some((2026, 8, Some(31))));
    check_name("2024-W42", Some((2024, 10, Some(14))));
    check_name("2024-10-14-2024-W43", Some((2024, 10, Some(14))));
    check_name("2020年6月16日", Some((2020, 6, Some(16))));
    check_name("2020-decade", None);
    check_name("issue-99", None);
    check_name("2024-W60", None);
}

#[test]
fn reads_the_date_in_folders() {
    #[track_caller]
    fn check(path: &str, expected: Option<(i32, u32, Option<u32>)>) {
        let found = in_path(path).map(|date| (date.year, date.month, date.day));
        assert_eq!(found, expected, "{path}");
    }
    check("issues/2019/06/13/issue-163", Some((2019, 6, Some(13))));
    check("2019/06/issue-163", Some((2019, 6, None)));
    check("blog/2019/06/13-title", Some((2019, 6, Some(13))));
    check("2019-06-13/index", Some((2019, 6, Some(13))));
    check("2019/2020-01-02-title", Some((2020, 1, Some(2))));
    check("2019/issue-1", None);
    check("", None);
}

#[test]
fn takes_the_date_off_a_name() {
    for (name, rest) in [
        ("2020-06-16-a-title", "a-title"),
        ("letter-2020-06-16", "letter"),
        ("2020-06-16", "2020-06-16"),
        ("2020-06-a-title", "a-title"),
        ("2024-10-14-2024-W42", "2024-W42"),
        ("#378-2026.08.31", "#378"),
        ("issue-7", "issue-7"),
    ] {
        assert_eq!(without_date(name), rest);
    }
}
