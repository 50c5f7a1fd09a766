//! Atom documents that break a rule, and the rule that notices.

use newsdesk::feeds::{self, Format};

use super::samples::{self, archive, broken_rules, document, head, newsletter};

/// The sample with the first `from` replaced breaks just these rules.
#[track_caller]
fn check(from: &str, to: &str, expected: &[&str]) {
    let document = document(Format::Atom);
    assert_eq!(broken_rules(&document, from, to, Format::Atom), expected);
}

/// The same for an archive document.
#[track_caller]
fn check_archive(from: &str, to: &str, expected: &[&str]) {
    let newsletter = newsletter();
    let head = head(&newsletter, archive(Format::Atom));
    let document = feeds::document(Format::Atom, &head, &samples::issues());
    let document = String::from_utf8(document).expect("documents are UTF-8");
    assert_eq!(broken_rules(&document, from, to, Format::Atom), expected);
}

#[test]
fn notices_what_is_not_well_formed() {
    check("</entry>", "", &["SAXError"]);
    check("</feed>", "", &["SAXError"]);
    check("</feed>", "</feed><feed/>", &["SAXError"]);
    check("</feed>", "</feed>x", &["SAXError"]);
    check("<entry>", "<entry a=\"1\" a=\"2\">", &["SAXError"]);
    check(
        "<entry>",
        "<entry><x:y/>",
        &["MissingNamespace", "UnknownNamespace"],
    );
    check("Kelp &amp; Tide", "Kelp & Tide", &["SAXError"]);
    check(
        "Kelp &amp; Tide",
        "Kelp &nbsp; Tide",
        &["UndefinedNamedEntity"],
    );
    check("Kelp &amp; Tide", "Kelp ]]> Tide", &["SAXError"]);
    check("Kelp &amp; Tide", "Kelp \u{B} Tide", &["SAXError"]);
    check("Kelp &amp; Tide", "Kelp &#11; Tide", &["SAXError"]);
    check("Kelp &amp; Tide", "Kelp \u{FFFE} Tide", &["SAXError"]);
    check("Kelp &amp; Tide", "Kelp \u{92} Tide", &["BadCharacters"]);
    check("Kelp &amp; Tide", "Kelp \u{FFFD} Tide", &["BadCharacters"]);
    check("Kelp &amp; Tide", "Kelp \u{1FFFE} Tide", &["BadCharacters"]);
    check("<feed", "<!DOCTYPE feed><feed", &["InvalidDoctype"]);
    check("utf-8", "iso-8859-1", &["EncodingMismatch"]);
    assert_eq!(super::check_atom(b"<feed>\xFF</feed>").len(), 1);
    assert_eq!(
        super::check_atom(b"<feed/>"),
        ["UndefinedElement: feed as root"]
    );
}

#[test]
fn notices_namespaces_that_readers_do_not_know() {
    check(
        " xml:lang",
        " xmlns:x=\"urn:x\" xml:lang",
        &["UnknownNamespace"],
    );
    check(
        " xml:lang",
        " xmlns:dc=\"http://purl.org/dc/terms/\" xml:lang",
        &["ReservedPrefix", "UnknownNamespace"],
    );
    check(
        " xml:lang",
        " xmlns:dublin=\"http://purl.org/dc/elements/1.1/\" xml:lang",
        &["NonstdPrefix"],
    );
    check(
        "<entry>",
        "<entry><x xmlns=\"\"/>",
        &["UndeterminableVocabulary"],
    );
    check(
        "<entry>",
        "<entry><p xmlns=\"http://www.w3.org/1999/xhtml\"/>",
        &["MisplacedXHTMLContent"],
    );
}

#[test]
fn notices_elements_that_are_missing_or_too_many() {
    check("<title>Kelp &amp; Tide</title>", "", &["MissingElement"]);
    check(
        "<id>tag:kelp.example.org,2024:feed</id>",
        "",
        &["MissingElement"],
    );
    check(
        "<updated>2024-06-01T08:00:00+02:00</updated>",
        "",
        &["MissingElement"],
    );
    check(
        "<id>tag:kelp.example.org,2024:issues/may</id>",
        "",
        &["MissingElement"],
    );
    check("<name>Ada Whelk</name>", "", &["MissingElement"]);
    check("<name>Ada Whelk</name>", "<name/>", &["NotBlank"]);
    check("<name>", "<name>a</name><name>", &["DuplicateElement"]);
    check(
        "<generator>",
        "<generator>a</generator><generator>",
        &["DuplicateElement"],
    );
    check(
        "<published>",
        "<published>2024-01-01T00:00:00Z</published><published>",
        &["DuplicateElement"],
    );
    check("<entry>", "<entry><name>a</name>", &["UndefinedElement"]);
    check("<entry>", "<entry>a", &["UnexpectedText"]);
    check(
        "<name>Ada",
        "<nick>a</nick><name>Ada",
        &["UndefinedElement"],
    );
    check(
        "<summary>Five",
        "<summary><rights/>Five",
        &["UndefinedElement"],
    );
    check(
        "</entry>\n</feed>",
        "</entry><icon>https://e.org/i.png</icon></feed>",
        &["DuplicateElement", "MisplacedMetadata"],
    );
    check("<entry>", "<entry term=\"a\">", &["UnexpectedAttribute"]);
    check(
        "<entry>",
        "<entry xmlns:thr=\"http://purl.org/syndication/thread/1.0\" thr:a=\"b\">",
        &["UseOfExtensionAttr"],
    );
}

#[test]
fn wants_an_author_for_each_entry() {
    let document = document(Format::Atom);
    let start = document.find("<author>").expect("the feed has an author");
    let end = document.find("</author>").expect("the author ends") + "</author>".len();
    let author = &document[start..end];
    // Each entry has its own, so the feed needs none.
    assert!(broken_rules(&document, author, "", Format::Atom).is_empty());
    let entries = document.replacen(author, "", 1);
    assert_eq!(
        broken_rules(&entries, author, "", Format::Atom),
        ["MissingElement"]
    );
}

#[test]
fn notices_ids_that_are_none() {
    check(
        "tag:kelp.example.org,2024:feed",
        "feed",
        &["InvalidFullLink"],
    );
    check(
        "tag:kelp.example.org,2024:feed",
        " tag:e.org,2024:feed ",
        &["UnexpectedWhitespace"],
    );
    check(
        "tag:kelp.example.org,2024:feed",
        "tag:kelp,24:feed",
        &["InvalidTAG"],
    );
    check(
        "tag:kelp.example.org,2024:feed",
        "tag:e.org,2024:a b",
        &["InvalidUriChar"],
    );
    check(
        "tag:kelp.example.org,2024:feed",
        "tag:e.org,2024:ø",
        &["UriNotIri"],
    );
    check(
        "tag:kelp.example.org,2024:feed",
        "https:///a",
        &["InvalidFullLink"],
    );
    check(
        "tag:kelp.example.org,2024:feed",
        "https://e.org",
        &["NonCanonicalURI"],
    );
    check(
        "tag:kelp.example.org,2024:feed",
        "https://E.org/",
        &["NonCanonicalURI"],
    );
    check(
        "tag:kelp.example.org,2024:feed",
        "https://e.org:443/",
        &["NonCanonicalURI"],
    );
    check(
        "issues/april</id>",
        "issues/may</id>",
        &["DuplicateEntries"],
    );
}

#[test]
fn notices_dates_that_are_none() {
    let updated = "<updated>2024-06-01T08:00:00+02:00";
    check(updated, "<updated>2024-06-01", &["InvalidRFC3339Date"]);
    check(
        updated,
        "<updated>2024-06-01T08:00:00",
        &["InvalidRFC3339Date"],
    );
    check(
        updated,
        "<updated>2024-06-01t08:00:00z",
        &["InvalidRFC3339Date"],
    );
    check(
        updated,
        "<updated>2024-06-01 08:00:00Z",
        &["InvalidRFC3339Date"],
    );
    check(
        updated,
        "<updated>2024-13-01T08:00:00Z",
        &["InvalidRFC3339Date"],
    );
    check(
        updated,
        "<updated>0001-01-01T00:00:00Z",
        &["ImplausibleDate"],
    );
    check(
        "<published>2024-05",
        "<published>2024-12",
        &["UpdatedBeforePublished"],
    );
    check(
        "2024-04-05T09:30:00+05:45</updated>",
        "2024-06-01T08:00:00+02:00</updated>",
        &["DuplicateUpdated"],
    );
}

#[test]
fn notices_links_that_lead_nowhere() {
    check("rel=\"self\"", "rel=\"related\"", &["MissingSelf"]);
    check("rel=\"hub\"", "rel=\"self\"", &["DuplicateAtomLink"]);
    check(
        "rel=\"hub\"",
        "rel=\"alternate\" type=\"text/html\"",
        &["DuplicateAtomLink"],
    );
    check(
        "rel=\"enclosure\" type=\"audio/mpeg\"",
        "rel=\"alternate\"",
        &["DuplicateAtomLink"],
    );
    check("rel=\"hub\"", "rel=\"hubs\"", &["UnregisteredAtomLinkRel"]);
    check("rel=\"hub\"", "rel=\"\"", &["AttrNotBlank"]);
    check("rel=\"hub\"", "rel=\"hub\" title=\" \"", &["AttrNotBlank"]);
    check(
        "rel=\"hub\"",
        "rel=\"hub\" title=\"&lt;b>a&lt;/b>\"",
        &["ContainsHTML"],
    );
    check(
        "rel=\"hub\"",
        "rel=\"hub\" hreflang=\"english\"",
        &["InvalidLanguage"],
    );
    check(
        "rel=\"enclosure\"",
        "rel=\"next\"",
        &["FeedHistoryRelInEntry"],
    );
    check("href=\"https://hub.example.org/\" ", "", &["MissingHref"]);
    check(
        "href=\"https://hub.example.org/\"",
        "href=\"hub\"",
        &["InvalidFullLink"],
    );
    check(
        "href=\"https://hub.example.org/\"",
        "href=\"https://e.org/[\"",
        &["InvalidUriChar"],
    );
    check(
        "href=\"https://kelp.example.org/atom.xml\"",
        "href=\"/atom.xml\"",
        &["InvalidFullLink", "RelativeSelf"],
    );
    check("application/atom+xml", "application/xml", &["SelfNotAtom"]);
    check("\"text/html\"", "\"html\"", &["InvalidMIMEType"]);
    check(
        "length=\"31415926\"",
        "length=\"-1\"",
        &["InvalidNonNegativeInteger"],
    );
    check(
        "rel=\"hub\"/>",
        "rel=\"hub\">a</link>",
        &["AtomLinkNotEmpty"],
    );
    check(
        "rel=\"hub\"/>",
        "rel=\"hub\" a=\"b\"/>",
        &["UnexpectedAttribute"],
    );
}

#[test]
fn notices_archives_without_their_links() {
    check_archive(
        "rel=\"current\"",
        "rel=\"related\"",
        &["MissingCurrentInArchive"],
    );
    check_archive("<fh:archive>", "<fh:archive>a", &["UndefinedElement"]);
    check_archive(
        "rel=\"next-archive\"",
        "rel=\"prev-archive\"",
        &["DuplicateAtomLink"],
    );
    let document = samples::document(Format::Atom).replace("prev-archive", "via");
    let archive = "<feed xmlns:fh=\"http://purl.org/syndication/history/1.0\"";
    let rules = broken_rules(
        &document.replace("<entry><title>Q", "<fh:archive/><entry><title>Q"),
        "<feed",
        archive,
        Format::Atom,
    );
    assert_eq!(rules, ["ArchiveIncomplete", "MissingCurrentInArchive"]);
}

#[test]
fn notices_text_that_is_not_what_it_says() {
    check(
        "<title>Kelp &amp; Tide",
        "<title>Kelp &lt;/b>",
        &["ContainsUndeclaredHTML"],
    );
    check(
        "<title>Kelp &amp; Tide",
        "<title>Kelp &amp;amp; Tide",
        &["ContainsUndeclaredHTML"],
    );
    check("<title>Kelp &amp; Tide", "<title>", &["NotBlank"]);
    check(
        "<title>",
        "<title type=\"text/html\">",
        &["InvalidTextType"],
    );
    check("<title>", "<title type=\"xhtml\">", &["MissingXhtmlDiv"]);
    check("<title>", "<title type=\"html\">&lt;p>", &[]);
    check("<title>", "<title type=\"html\">&lt;b>", &["NotHtml"]);
    check("<title>", "<title src=\"a\">", &["UnexpectedAttribute"]);
    check("xml:lang=\"en-GB\"", "", &["MissingDCLanguage"]);
    check(
        "xml:lang=\"en-GB\"",
        "xml:lang=\"english\"",
        &["InvalidLanguage"],
    );
    check("<generator>newsdesk", "<generator>", &["NotBlank"]);
    check("<icon>https:", "<icon>", &["InvalidFullLink"]);
}

#[test]
fn notices_content_that_is_not_what_it_says() {
    check(
        "<content type=\"html\">",
        "<content type=\"multipart/alternative\">",
        &["InvalidMIMEType"],
    );
    check(
        "<content type=\"html\">",
        "<content type=\"markdown\">",
        &["InvalidMIMEType"],
    );
    check(
        "<content type=\"html\">",
        "<content type=\"xhtml\">",
        &["MissingXhtmlDiv"],
    );
    check(
        "<content type=\"html\">",
        "<content>",
        &["ContainsUndeclaredHTML"],
    );
    check(
        "<content type=\"html\">",
        "<content src=\"https://e.org/\">",
        &["MissingTypeAttr", "UnexpectedText"],
    );
    check(
        "<content type=\"html\">",
        "<content type=\"html\"><b/>",
        &["UndefinedElement"],
    );
    let april = "<content xml:lang=\"fr\" type=\"html\">&lt;p&gt;Été &amp;nbsp; comme hiver, \
                 &lt;del&gt;jamais&lt;/del&gt;.&lt;/p&gt;</content>";
    check(april, "", &["MissingTextualContent"]);
    check(april, "<content/>", &["NotBlank"]);
    let with_link = format!(
        "<link href=\"https://kelp.example.org/issues/april/\" rel=\"alternate\"/>\
         <published>2024-04-05T09:30:00+05:45</published>{april}"
    );
    check(
        &with_link,
        "<summary>a</summary>",
        &["MissingContentOrAlternate"],
    );
}

#[test]
fn notices_people_and_categories_that_are_none() {
    check("ada@kelp.example.org", "Ada", &["InvalidContact"]);
    check("<uri>https:", "<uri>", &["InvalidFullLink"]);
    check(
        "<category term=\"Monthly\"",
        "<category term=\"\"",
        &["AttrNotBlank"],
    );
    check(
        "<category term=\"Monthly\"",
        "<category",
        &["MissingAttribute"],
    );
    check(
        "<category ",
        "<category scheme=\"a b\" ",
        &["InvalidFullLink"],
    );
    check(
        "<category term=\"Monthly\"/>",
        "<category term=\"a\">b</category>",
        &["UnexpectedText"],
    );
}
