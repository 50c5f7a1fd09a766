//! F, first half: feeds as they are found, read from a server's answer to the stored entry.

use super::*;

/// The titles that are stored after one poll of a feed with this body.
#[track_caller]
fn check(content_type: &'static str, body: impl Into<Vec<u8>>, expected: &[&str]) {
    let body = body.into();
    let server =
        Server::new(move |_| Answer::ok(body.clone()).header("Content-Type", content_type));
    let project = newsletter(&[server.url("/feed")]);
    let visits = poll(&project, FIRST);
    assert_eq!(titles(&project), expected, "{visits:?}");
}

fn channel(prolog: &str, title: &str) -> String {
    format!(
        "{prolog}<rss version=\"2.0\"><channel><title>The feed</title><item><title>{title}</title>\
         <link>https://feed.example/1</link></item></channel></rss>"
    )
}

const XML: &str = "application/rss+xml";

// F1
#[test]
fn reads_windows_1251_from_the_http_header() {
    let text = channel("<?xml version=\"1.0\"?>", "Привет");
    let (bytes, ..) = encoding_rs::WINDOWS_1251.encode(&text);
    check("text/xml; charset=windows-1251", bytes, &["Привет"]);
}

// F2
#[test]
fn reads_iso_8859_1_from_the_declaration() {
    let text = channel("<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?>", "Café");
    let (bytes, ..) = encoding_rs::WINDOWS_1252.encode(&text);
    check(XML, bytes, &["Café"]);
}

// F3
#[test]
fn reads_utf_16() {
    let text = channel("<?xml version=\"1.0\" encoding=\"utf-16\"?>", "Café");
    let little: Vec<u8> = std::iter::once(0xfeff)
        .chain(text.encode_utf16())
        .flat_map(u16::to_le_bytes)
        .collect();
    check(XML, little, &["Café"]);
    let big: Vec<u8> = std::iter::once(0xfeff)
        .chain(text.encode_utf16())
        .flat_map(u16::to_be_bytes)
        .collect();
    check(XML, big, &["Café"]);
}

// F4
#[test]
fn reads_shift_jis() {
    let text = channel("<?xml version=\"1.0\" encoding=\"Shift_JIS\"?>", "日本語");
    let (bytes, ..) = encoding_rs::SHIFT_JIS.encode(&text);
    check(XML, bytes, &["日本語"]);
}

// F5
#[test]
fn text_xml_without_a_charset_is_not_ascii() {
    let text = channel("<?xml version=\"1.0\" encoding=\"utf-8\"?>", "Café");
    check("text/xml", text, &["Café"]);
}

// F6
#[test]
fn reads_cp1252_that_calls_itself_utf_8() {
    let text = channel("<?xml version=\"1.0\" encoding=\"utf-8\"?>", "It’s a café");
    let (bytes, ..) = encoding_rs::WINDOWS_1252.encode(&text);
    check(XML, bytes, &["It’s a café"]);
}

// F7
#[test]
fn reads_past_a_control_character() {
    check(XML, channel("", "One\u{8} two"), &["One two"]);
}

// F8
#[test]
fn reads_a_bare_ampersand() {
    check(XML, channel("", "Tom & Jerry"), &["Tom & Jerry"]);
}

// F9
#[test]
fn reads_the_entities_of_html() {
    check(
        XML,
        channel("", "Caf&eacute; &mdash; open"),
        &["Café — open"],
    );
}

// F10
#[test]
fn reads_past_blank_lines_before_the_declaration() {
    check(
        XML,
        channel("\n\n <?xml version=\"1.0\"?>", "One"),
        &["One"],
    );
}

// F11
#[test]
fn reads_past_junk_after_the_end() {
    let text = channel("", "One") + "\n<!-- 0.2 s --><script>x()</script>";
    check(XML, text, &["One"]);
}

// F12
#[test]
fn saves_what_it_can_of_a_feed_cut_short() {
    let text = rss(&[
        ("One", "https://feed.example/1"),
        ("Two", "https://feed.example/2"),
    ]);
    let end = text.find("Two").unwrap();
    check(XML, &text.as_bytes()[..end], &["One"]);
}

// F13
#[test]
fn reads_past_a_byte_order_mark() {
    check(
        XML,
        channel("\u{feff}<?xml version=\"1.0\"?>", "Café"),
        &["Café"],
    );
}

// F14
#[test]
fn reads_past_a_prefix_that_was_not_declared() {
    let text = channel("", "One").replace("</item>", "<media:thumb url=\"x\"/></item>");
    check(XML, text, &["One"]);
}

// F15
#[test]
fn an_entity_bomb_stays_small() {
    use std::fmt::Write as _;
    let mut entities = String::from("<!ENTITY a0 \"lol lol lol lol\">");
    for n in 1..12 {
        let _ = write!(
            entities,
            "<!ENTITY a{n} \"{}\">",
            format!("&a{};", n - 1).repeat(10)
        );
    }
    let text = channel(&format!("<!DOCTYPE rss [{entities}]>"), "One &a11;");
    let server = Server::new(move |_| Answer::ok(text.clone()));
    let project = newsletter(&[server.url("/feed")]);
    poll(&project, FIRST);
    for title in titles(&project) {
        assert!(title.len() < 100_000, "{}", title.len());
    }
}

// F16
#[test]
fn reads_no_file_that_a_feed_names() {
    let text = channel(
        "<!DOCTYPE rss [<!ENTITY x SYSTEM \"file:///etc/passwd\">]>",
        "One &x; two",
    );
    let server = Server::new(move |_| Answer::ok(text.clone()));
    let project = newsletter(&[server.url("/feed")]);
    poll(&project, FIRST);
    for title in titles(&project) {
        assert!(!title.contains("root"), "{title}");
    }
    assert_eq!(server.take_log().len(), 1);
}

// F17
#[test]
fn reads_rss_1_0() {
    let text = "<rdf:RDF xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\" \
        xmlns=\"http://purl.org/rss/1.0/\"><channel rdf:about=\"https://feed.example/\">\
        <title>The feed</title><link>https://feed.example/</link></channel>\
        <item rdf:about=\"https://feed.example/1\"><title>One</title>\
        <link>https://feed.example/1</link></item></rdf:RDF>";
    check("application/rdf+xml", text, &["One"]);
}

// F18
#[test]
fn reads_atom_0_3() {
    let text = "<feed version=\"0.3\" xmlns=\"http://purl.org/atom/ns#\"><title>The feed</title>\
        <entry><title>One</title><id>tag:feed.example,2026:1</id>\
        <link rel=\"alternate\" href=\"https://feed.example/1\"/>\
        <issued>2026-11-23T08:00:00Z</issued></entry></feed>";
    check("application/atom+xml", text, &["One"]);
}

const JSON: &str = "{\"version\":\"https://jsonfeed.org/version/1.1\",\"title\":\"The feed\",\
    \"items\":[{\"id\":\"1\",\"title\":\"One\",\"url\":\"https://feed.example/1\"}]}";

// F19
#[test]
fn reads_json_feed() {
    check("application/feed+json", JSON, &["One"]);
}

// F20
#[test]
fn reads_json_feed_that_calls_itself_plain_text() {
    check("text/plain", JSON, &["One"]);
}

// F21
#[test]
fn reads_rss_0_91() {
    let text = channel("", "One").replace("2.0", "0.91");
    check("text/xml", text, &["One"]);
}

// F23
#[test]
fn reads_items_without_dates() {
    let server = Server::new(|_| Answer::ok(channel("", "One")));
    let project = newsletter(&[server.url("/feed")]);
    poll(&project, FIRST);
    assert_eq!(rows(&project, "SELECT dated FROM entry"), ["first-seen"]);
}

#[test]
fn a_date_to_come_is_not_believed() {
    let text = rss(&[("One", "https://feed.example/1")]).replace("2026", "2036");
    let server = Server::new(move |_| Answer::ok(text.clone()));
    let project = newsletter(&[server.url("/feed")]);
    poll(&project, FIRST);
    assert_eq!(rows(&project, "SELECT dated FROM entry"), ["first-seen"]);
}

// F35
#[test]
fn nothing_that_runs_is_stored() {
    let html = "<p onclick=\"x()\">Hello<script>x()</script><img src=\"a.png\" onerror=\"x()\">\
        <a href=\"javascript:x()\">there</a></p>";
    let text = channel("", "One").replace(
        "</item>",
        &format!("<description><![CDATA[{html}]]></description></item>"),
    );
    let server = Server::new(move |_| Answer::ok(text.clone()));
    let project = newsletter(&[server.url("/feed")]);
    poll(&project, FIRST);
    let stored = rows(
        &project,
        "SELECT summary || coalesce(content, '') || text FROM entry",
    )
    .concat();
    assert!(stored.contains("Hello"), "{stored}");
    for bad in ["script", "onclick", "onerror"] {
        assert!(!stored.contains(bad), "{stored}");
    }
    assert!(
        stored.contains("https://feed.example/a.png"),
        "addresses are absolute: {stored}"
    );
}
