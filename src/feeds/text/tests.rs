use proptest::prelude::*;

use super::*;

#[track_caller]
fn check_clean(text: &str, expected: &str) {
    assert_eq!(clean(text), expected);
    // Wherever it stands among the blocks that are looked at together.
    for before in [1, 62, 63, 64, 65, 200] {
        let before = "a".repeat(before);
        assert_eq!(
            clean(&format!("{before}{text}")),
            format!("{before}{expected}")
        );
    }
}

#[test]
fn leaves_out_what_xml_forbids() {
    check_clean("a\0b\u{8}c\u{B}d\u{C}e\u{1F}f", "abcdef");
    check_clean("a\u{FFFE}b\u{FFFF}c", "abc");
    check_clean("a\u{7F}b\u{FDD0}c\u{FDEF}d\u{1FFFE}e\u{10FFFF}f", "abcdef");
}

#[test]
fn keeps_every_other_character() {
    let kept = "\t\n ~\u{A0}é€\u{FDCF}\u{FDF0}\u{FEFF}\u{FFFD}שלום\u{202E}🌊\u{10FFFD}]]>&<b>";
    check_clean(kept, kept);
    assert!(matches!(clean(kept), Cow::Borrowed(_)));
}

#[test]
fn ends_lines_as_xml_does() {
    check_clean("a\r\nb\rc\r\r\nd\n", "a\nb\nc\n\nd\n");
}

#[test]
fn reads_the_control_characters_of_windows_1252() {
    check_clean("\u{93}it\u{92}s\u{94}\u{85} \u{80}5\u{81}", "“it’s”… €5");
}

#[track_caller]
fn check_line(text: &str, expected: &str) {
    assert_eq!(line(text), expected);
}

#[test]
fn puts_titles_on_one_line() {
    check_line("a b", "a b");
    check_line(" a \r\n\t b  c\u{B}\n", "a b c");
    check_line("a\u{A0}\u{A0}b", "a\u{A0}\u{A0}b");
    check_line(" \n", "");
}

#[track_caller]
fn check_address(written: &str, expected: &str) {
    assert_eq!(address(written), expected);
}

#[test]
fn writes_addresses_in_the_characters_of_uris() {
    check_address("https://e.org/a?b=1&c=%20#d", "https://e.org/a?b=1&c=%20#d");
    check_address(
        "https://e.org/é [1]|\"<>\\^`{}",
        "https://e.org/%C3%A9%20%5B1%5D%7C%22%3C%3E%5C%5E%60%7B%7D",
    );
    check_address("http://[::1]:8000/[", "http://[::1]:8000/%5B");
    check_address("mailto:a@e.org", "mailto:a@e.org");
}

#[track_caller]
fn check_excerpt(html: &str, expected: &str) {
    assert_eq!(excerpt(html, 20), expected);
}

#[test]
fn begins_as_the_text_begins() {
    check_excerpt(
        "<h2 id=\"a\">One</h2>\n<p>two <b>th</b>ree &amp; four</p>",
        "One two three &amp; four",
    );
    check_excerpt("<p>one</p><p>two</p>", "one two");
    check_excerpt(
        "<p>One two three four five six seven</p>",
        "One two three four five six…",
    );
    check_excerpt(
        "a<!-- b > c -->d<script>e > f</script>g<STYLE>h</STYLE>",
        "ad g",
    );
    check_excerpt("<img alt=\"a > b\" src='c'>1 < 2 > 0", "1 &lt; 2 &gt; 0");
    check_excerpt("", "");
    check_excerpt("<img src=\"a\">", "");
    check_excerpt("a <b", "a");
}

#[test]
fn ends_without_spaces_too() {
    assert!(excerpt(&"日".repeat(1_000), 20).chars().count() < 50);
    assert!(excerpt(&"a".repeat(1_000), 20).chars().count() < 100);
    let references = excerpt(&"&amp;".repeat(100), 20);
    assert!(references.ends_with(";…"), "{references}");
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_is_clean_stays_as_it_is(text in any::<String>()) {
        let cleaned = clean(&text).into_owned();
        prop_assert_eq!(clean(&cleaned), cleaned.as_str());
        prop_assert!(!line(&text).contains(['\n', '\r', '\t']));
        prop_assert!(address(&text).is_ascii());
    }

    #[test]
    fn excerpts_hold_no_tags(html in "[<>a-c/!\"'& =;\\-日]{0,80}") {
        prop_assert!(!excerpt(&html, 20).contains(['<', '>']));
    }
}
