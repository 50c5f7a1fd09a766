//! RSS documents that break a rule, and the rule that notices.

use newsdesk::feeds::Format;

use super::samples::{broken_rules, document};

/// The sample with the first `from` replaced breaks just these rules.
#[track_caller]
fn check(from: &str, to: &str, expected: &[&str]) {
    let document = document(Format::Rss);
    assert_eq!(broken_rules(&document, from, to, Format::Rss), expected);
}

#[test]
fn notices_documents_that_are_none() {
    check("</item>", "", &["SAXError"]);
    check(
        "version=\"2.0\"",
        "version=\"0.91\"",
        &["InvalidRSSVersion"],
    );
    check(
        "version=\"2.0\"",
        "version=\"2.0\" a=\"b\"",
        &["UnexpectedAttribute"],
    );
    check("</channel>", "</channel><channel/>", &["MissingElement"]);
    check("<channel>", "a<channel>", &["UnexpectedText"]);
    check("<channel>", "<channel>a", &["UnexpectedText"]);
    assert_eq!(
        super::check_rss(b"<feed/>"),
        ["UndefinedElement: feed as root"]
    );
}

#[test]
fn notices_what_the_channel_lacks() {
    check(
        "<title>Kelp &amp; Tide</title>",
        "",
        &["ImageTitleDoesntMatch", "MissingTitle"],
    );
    check(
        "<title>Kelp &amp; Tide</title>",
        "<title/>",
        &["ImageTitleDoesntMatch", "NotBlank"],
    );
    check(
        "<link>https://kelp.example.org/</link>",
        "",
        &["ImageLinkDoesntMatch", "MissingLink"],
    );
    check(
        "<description>What grows below the water line</description>",
        "",
        &["MissingDescription"],
    );
    check(
        "<language>en-GB</language>",
        "",
        &["MissingDCLanguage", "MissingItunesElement"],
    );
    check("<language>en-GB", "<language>english", &["InvalidLanguage"]);
    check("rel=\"self\"", "rel=\"related\"", &["MissingSelf"]);
    check("application/rss+xml", "application/json", &["SelfNotAtom"]);
}

#[test]
fn notices_what_the_channel_cannot_have() {
    check(
        "<generator>",
        "<author>a</author><generator>",
        &["UndefinedElement"],
    );
    check(
        "<generator>",
        "<generator>a</generator><generator>",
        &["DuplicateElement"],
    );
    check(
        "<generator>",
        "<ttl>-1</ttl><generator>",
        &["InvalidPositiveInteger"],
    );
    check(
        "<generator>",
        "<docs>rss</docs><generator>",
        &["InvalidFullLink"],
    );
    check(
        "<generator>",
        "<dc:creator>a</dc:creator><generator>",
        &["DuplicateSemantics"],
    );
    check(
        "<generator>",
        "<x xmlns=\"urn:x\"/><generator>",
        &["UnknownNamespace"],
    );
    check(
        "<generator>",
        "<category>a&lt;/b></category><generator>",
        &["ContainsHTML"],
    );
    check("What grows", "What &lt;/b> grows", &["ContainsHTML"]);
    check("</channel>", "<ttl>9</ttl></channel>", &["MisplacedItem"]);
    check("rel=\"hub\"", "rel=\"self\"", &["DuplicateAtomLink"]);
    check(
        "ada@kelp.example.org (Ada Whelk)",
        "Ada",
        &["InvalidContact"],
    );
    check(
        "ada@kelp.example.org (Ada Whelk)",
        "ada@kelp.example.org",
        &["MissingRealName"],
    );
    check(
        "ada@kelp.example.org (Ada Whelk)",
        "ada@kelp.example.org Ada",
        &["EmailFormat"],
    );
}

#[test]
fn notices_dates_that_are_none() {
    let date = "Sat, 1 Jun 2024 06:00:00 +0000";
    check(date, "2024-06-01T08:00:00Z", &["InvalidRFC2822Date"]);
    check(
        date,
        "Sat, 31 Jun 2024 06:00:00 +0000",
        &["InvalidRFC2822Date"],
    );
    check(date, "Sun, 1 Jun 2024 06:00:00 +0000", &["IncorrectDOW"]);
    check(
        date,
        "Sat, 1 Jun 2024 11:45:00 +0545",
        &["ProblematicalRFC822Date"],
    );
    check(date, "Mon, 1 Jan 0001 00:00:00 +0000", &["ImplausibleDate"]);
}

#[test]
fn notices_pictures_that_are_not_the_channels() {
    check("icon.png</url>", "icon.svg</url>", &["ImageUrlFormat"]);
    check(
        "<url>https://kelp.example.org/icon.png</url>",
        "",
        &["MissingElement"],
    );
    check(
        "<url>https://kelp.example.org/icon.png</url><title>Kelp",
        "<title>Fish",
        &["ImageTitleDoesntMatch", "MissingElement"],
    );
    check("</image>", "<width>500</width></image>", &["InvalidWidth"]);
    check("</image>", "<alt>a</alt></image>", &["UndefinedElement"]);
}

#[test]
fn notices_what_podcast_programs_refuse() {
    check(
        "<itunes:category text=\"News\"></itunes:category>",
        "",
        &["MissingItunesElement"],
    );
    check(
        "text=\"News\"",
        "text=\"Letters\"",
        &["InvalidItunesCategory"],
    );
    check(" text=\"News\"", "", &["MissingAttribute"]);
    check(
        "<itunes:explicit>false</itunes:explicit>",
        "",
        &["MissingItunesElement"],
    );
    check(
        "<itunes:explicit>false",
        "<itunes:explicit>no",
        &["InvalidTrueFalse"],
    );
    check(
        "<itunes:type>episodic",
        "<itunes:type>a",
        &["InvalidItunesChannelType"],
    );
    check(
        "<itunes:email>ada@kelp.example.org</itunes:email>",
        "",
        &["MissingElement"],
    );
    check("<itunes:email>ada@", "<itunes:email>", &["InvalidContact"]);
    check(
        "<itunes:duration>1805",
        "<itunes:duration>30m",
        &["InvalidDuration"],
    );
    check(
        "<itunes:duration>1805",
        "<itunes:duration>30:75",
        &["InvalidDuration"],
    );
    check("<itunes:duration>1805", "<itunes:duration>30:05", &[]);
    check(
        "<itunes:duration>",
        "<itunes:length>1</itunes:length><itunes:duration>",
        &["UndefinedElement"],
    );
    let long = format!("<itunes:author>{}", "a".repeat(256));
    check("<itunes:author>", &long, &["TooLong"]);
    check(
        "<itunes:image href=\"https://",
        "<itunes:image href=\"",
        &["InvalidURLAttribute"],
    );
    check("may.mp3\"", "may.ogg\"", &["UnsupportedItunesFormat"]);
    let owner = "<itunes:owner><itunes:name>Ada Whelk</itunes:name>\
                 <itunes:email>ada@kelp.example.org</itunes:email></itunes:owner>";
    check(owner, "", &["MissingItunesEmail"]);
}

#[test]
fn notices_items_that_say_nothing() {
    check("<title>Issue april</title>", "<title/>", &["NotBlank"]);
    check(
        "<title>Issue april",
        "<title>Issue &lt;b>april&lt;/b>",
        &["ContainsHTML"],
    );
    check(
        "<title>Issue april",
        "<title>Issue &amp;eacute;",
        &["ContainsHTML"],
    );
    check(
        "<description><![CDATA[Issue march]]></description>",
        "",
        &["NeedDescriptionBeforeContent"],
    );
    check(
        "<description><![CDATA[Issue march]]>",
        "<description>&lt;b>",
        &["NotHtml"],
    );
    check("<title>Issue march</title>", "", &[]);
    check("<category>Monthly", "<category>", &["NotBlank"]);
    check("<dc:creator>Dee", "<dc:creator>", &["NotBlank"]);
    check(
        "<dc:language>fr",
        "<dc:language>french",
        &["InvalidLanguage"],
    );
    check(
        "<item>",
        "<item><author>Dee</author>",
        &["DuplicateSemantics", "InvalidContact"],
    );
    check("<item>", "<item><content:format/>", &["UndefinedElement"]);
    check("<item>", "<item><name>a</name>", &["UndefinedElement"]);
    check(
        "<item>",
        "<item><link>https://e.org/</link>",
        &["DuplicateElement"],
    );
    check(
        "<link>https://kelp.example.org/issues/may/",
        "<link>/issues/may/",
        &["InvalidFullLink"],
    );
    check(
        "<content:encoded><![CDATA[",
        "<content:encoded><![CDATA[<a href=\"/a\">b</a>",
        &["ContainsRelRef"],
    );
    let texts = "<title>Issue march</title><link>https://kelp.example.org/issues/march/</link>\
                 <description><![CDATA[Issue march]]></description>";
    check(
        texts,
        "",
        &[
            "ItemMustContainTitleOrDescription",
            "NeedDescriptionBeforeContent",
        ],
    );
}

#[test]
fn notices_ids_that_are_none() {
    let guid = "<guid isPermaLink=\"false\">tag:kelp.example.org,2024:issues/may</guid>";
    check(guid, "", &["MissingGuid"]);
    check(
        guid,
        "<guid>tag:kelp.example.org,2024:issues/may</guid>",
        &["InvalidPermalink"],
    );
    check(guid, "<guid>may</guid>", &["InvalidHttpGUID"]);
    check(
        guid,
        "<guid isPermaLink=\"no\">may</guid>",
        &["InvalidBooleanAttribute"],
    );
    check(
        guid,
        "<guid isPermaLink=\"false\">17</guid>",
        &["NotSufficientlyUnique"],
    );
    check(guid, "<guid isPermaLink=\"false\"/>", &["NotBlank"]);
    check(
        "issues/april</guid>",
        "issues/may</guid>",
        &["DuplicateValue"],
    );
}

#[test]
fn notices_enclosures_that_cannot_be_fetched() {
    check(" length=\"31415926\"", "", &["MissingAttribute"]);
    check(
        "length=\"31415926\"",
        "length=\"30 MB\"",
        &["InvalidIntegerAttribute"],
    );
    check(
        "type=\"audio/mpeg\"",
        "type=\"mp3\"",
        &["InvalidMIMEAttribute"],
    );
    check(
        "url=\"https://cdn.example.org/",
        "url=\"/",
        &["InvalidURLAttribute"],
    );
    check(
        "<enclosure",
        "<enclosure url=\"https://e.org/a.mp3\" length=\"1\" type=\"a/b\"/>\
        <enclosure",
        &["DuplicateEnclosure"],
    );
}
