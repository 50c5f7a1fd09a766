//! JSON Feed documents that break a rule, and the rule that notices.

use newsdesk::feeds::Format;

use super::samples::{broken_rules, document};

/// The sample with the first `from` replaced breaks just these rules.
#[track_caller]
fn check(from: &str, to: &str, expected: &[&str]) {
    let document = document(Format::Json);
    assert_eq!(broken_rules(&document, from, to, Format::Json), expected);
}

#[test]
fn notices_documents_that_are_none() {
    check("\"items\": [", "\"items\": ", &["NotJson"]);
    check("version/1.1", "version/1", &["InvalidVersion"]);
    check(
        "\"version\": \"https://jsonfeed.org/version/1.1\",",
        "",
        &["MissingKey"],
    );
    check("\"title\": \"Kelp & Tide\",", "", &["MissingKey"]);
    check(
        "\"title\": \"Kelp & Tide\"",
        "\"title\": 7",
        &["MissingKey", "WrongType"],
    );
    check("\"items\"", "\"entries\"", &["MissingKey", "UndefinedKey"]);
    check(
        "\"language\": \"en-GB\"",
        "\"language\": \"English\"",
        &["InvalidLanguage"],
    );
    check(
        "\"language\"",
        "\"expired\": 1, \"language\"",
        &["WrongType"],
    );
    check(
        "\"language\"",
        "\"subtitle\": 1, \"language\"",
        &["UndefinedKey"],
    );
    check(
        "\"language\"",
        "\"author\": {\"name\": \"a\"}, \"language\"",
        &["Deprecated"],
    );
    check("\"hubs\": [", "\"hubs\": [1,", &["WrongType"]);
    check("\"type\": \"WebSub\",", "", &["MissingKey"]);
    assert_eq!(super::check_json(b"[]"), ["NotAnObject: the document"]);
}

#[test]
fn notices_addresses_that_are_none() {
    check(
        "\"https://kelp.example.org/feed.json\"",
        "\"/feed.json\"",
        &["InvalidFullLink"],
    );
    check(
        "\"feed_url\": \"https://kelp.example.org/feed.json\",",
        "",
        &["MissingRecommendedKey"],
    );
    check("archive/2023/feed.json", "feed.json", &["NextIsSelf"]);
    check(
        "\"https://kelp.example.org/icon.png\"",
        "\"icon.png\"",
        &["InvalidFullLink"],
    );
    check(
        "\"https://kelp.example.org/issues/may/\"",
        "\"www.example.org\"",
        &["InvalidFullLink"],
    );
    check(
        "\"https://hub.example.org/\"",
        "\"hub\"",
        &["InvalidFullLink"],
    );
}

#[test]
fn notices_items_that_are_none() {
    check(
        "\"id\":\"tag:kelp.example.org,2024:issues/may\",",
        "",
        &["MissingKey"],
    );
    check(
        "\"id\":\"tag:kelp.example.org,2024:issues/may\"",
        "\"id\":7",
        &["MissingKey", "WrongType"],
    );
    check("issues/april\",", "issues/may\",", &["DuplicateIds"]);
    check(
        "\"content_html\":",
        "\"_html\":",
        &["MissingContent", "WrongType"],
    );
    check(
        "\"content_html\":\"<p>",
        "\"content_html\":\"<p><b>",
        &["NotHtml"],
    );
    check(
        "\"content_html\":\"<p>",
        "\"content_html\":\"<p>\\u0007",
        &["BadCharacters"],
    );
    check(
        "\"content_html\":\"<p>",
        "\"content_html\":\"<p><a href='/a'>b</a>",
        &["ContainsRelRef"],
    );
    check(
        "2024-05-03T09:30:00+02:00",
        "3 May 2024",
        &["InvalidRFC3339Date"],
    );
    check(
        "2024-05-03T09:30:00+02:00",
        "2024-12-03T09:30:00+02:00",
        &["UpdatedBeforePublished"],
    );
    check("\"tags\":[", "\"tags\":[1,", &["WrongType"]);
    check(
        "\"authors\":[{\"name\":\"Cy",
        "\"authors\":[{},{\"name\":\"Cy",
        &["EmptyAuthor"],
    );
    check(
        "\"authors\":[",
        "\"author\":{\"name\":\"a\"},\"authors\":[",
        &["Deprecated"],
    );
    check("{\"id\"", "{\"body\":1,\"id\"", &["UndefinedKey"]);
    check("{\"id\"", "{\"_a.b\":{},\"id\"", &["UndefinedKey"]);
    check(
        "{\"id\"",
        "{\"_a\":{\"about\":\"a\"},\"id\"",
        &["InvalidFullLink"],
    );
}

#[test]
fn notices_attachments_that_cannot_be_fetched() {
    check(
        "\"url\":\"https://cdn.example.org/may.mp3\",",
        "",
        &["MissingKey"],
    );
    check("\"mime_type\":\"audio/mpeg\",", "", &["MissingKey"]);
    check("audio/mpeg", "mp3", &["InvalidMIMEType"]);
    check("31415926", "\"30 MB\"", &["WrongType"]);
    check(
        "\"duration_in_seconds\":1805",
        "\"duration\":1805",
        &["UndefinedKey"],
    );
}
