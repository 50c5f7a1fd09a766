use super::*;

#[test]
fn bars_are_as_high_as_weeks_are_full() {
    assert_eq!(sparkline(&[]), "");
    assert_eq!(sparkline(&[0, 0]), "▁▁");
    assert_eq!(sparkline(&[0, 1, 7, 14]), "▁▂▅█");
    assert_eq!(sparkline(&[u32::MAX, 1]), "█▂");
}

#[test]
fn names_are_as_wide_as_there_is_room() {
    assert_eq!(clipped("short", 12), "short");
    assert_eq!(clipped("exactly this", 12), "exactly this");
    assert_eq!(clipped("a name that is too long", 12), "a name that…");
    assert_eq!(clipped("日本語日本語日本語", 12), "日本語日本…");
}

/// A source that was good a day ago and fails since.
fn failing(title: &str) -> Examined {
    let now = DateTime::from_timestamp(1_795_000_000, 0).unwrap();
    Examined {
        subscription: None,
        known: newsdesk::store::Known {
            id: newsdesk::model::SourceId(1),
            source: newsdesk::model::Source {
                title: Some(title.to_owned()),
                ..newsdesk::model::Source::new(
                    "https://a.example/feed?a=1&b=2",
                    newsdesk::model::Origin::Added,
                )
            },
            named: "a.example/feed?a=1&b=2".to_owned(),
            history: newsdesk::model::History {
                last_success: Some(now),
                last_visit: Some(now),
                failures: 3,
                ..newsdesk::model::History::default()
            },
            twin: None,
            added: now,
        },
        pulse: newsdesk::store::Pulse {
            weeks: (0..26).collect(),
            message: Some("no answer\u{1b}[2J in time, said the server at great length".to_owned()),
            ..newsdesk::store::Pulse::default()
        },
        state: State::Failing,
        is_wrong: true,
        double: None,
    }
}

#[test]
fn the_table_fits_the_terminal_and_obeys_nobody() {
    let show = Show {
        now: DateTime::from_timestamp(1_795_000_000, 0).unwrap(),
        config: None,
    };
    let rows = [failing(
        "A name\u{1b}[31m that is far too long for any terminal that people have",
    )];
    for width in [40, 59, 60, 89, 90, 120] {
        let table = show.table(&rows, width);
        assert!(!table.contains('\u{1b}'), "{table}");
        for line in table.lines().filter(|line| !line.starts_with("  mend: ")) {
            assert!(line.width() <= width, "{width}: {line}");
        }
    }
    insta::assert_snapshot!(show.table(&rows, 60), @r"
    state        source               last good   fails  a month
    failing      A name[31m that is…  2026-11-18      3     56.5

    https://a.example/feed?a=1&b=2
      no answer[2J in time, said the server at great length (3
      times in a row)
      mend: newsdesk poll 'https://a.example/feed?a=1&b=2'
      hint: visits it at once
    ");
}
