use super::*;
use crate::entities::{Entities, unescape};

/// The tokens in short: `<name|attributes>`, `<name|attributes/>`, `</name>`, `"text"`, `'plain'`.
#[track_caller]
fn check(source: &str, expected: &str) {
    let mut log = Log::default();
    let mut tokens = Tokens::new(source);
    let mut found = String::new();
    while let Some(token) = tokens.next(&mut log) {
        let short = match token {
            Token::Start(tag) => {
                let end = if tag.empty { "/>" } else { ">" };
                format!("<{}|{}{end}", tag.name, tag.attributes.trim())
            }
            Token::End(name) => format!("</{name}>"),
            Token::Text(text) => format!("\"{text}\""),
            Token::Plain(text) => format!("'{text}'"),
            Token::Doctype(text) => format!("!{}", text.trim()),
        };
        found.push_str(&short);
    }
    if tokens.cut {
        found.push('~');
    }
    assert_eq!(found, expected);
}

#[test]
fn takes_good_documents_apart() {
    check("<a b=\"c\">d</a>", "<a|b=\"c\">\"d\"</a>");
    check("<a/><b c='>' />", "<a|/><b|c='>'/>");
    check("<?xml version='1.0'?><!-- <x> --><a>", "<a|>");
    check("<a><![CDATA[<b>&amp;]]></a>", "<a|>'<b>&amp;'</a>");
    check(
        "<!DOCTYPE rss [<!ENTITY a \"]>\">]><a>",
        "!rss [<!ENTITY a \"]>\">]<a|>",
    );
}

#[test]
fn takes_broken_documents_apart() {
    check("a < b", "\"a \"'<'\" b\"");
    check("i <3 u", "\"i \"'<'\"3 u\"");
    check("a <b then</t>", "\"a \"'<'\"b then\"</t>");
    check("<a href=\"x>y</a>", "<a|href=\"x>\"y\"</a>");
    check("<a href=x>y</a>", "<a|href=x>\"y\"</a>");
    check("<a b=\"1\"c=\"2\">", "<a|b=\"1\"c=\"2\">");
    check("<a title=\"1 < 2\">", "<a|title=\"1 < 2\">");
    check(
        "<a href=\"x>y</a><a href=\"z\">",
        "<a|href=\"x>\"y\"</a><a|href=\"z\">",
    );
    check("</title<link>", "</title><link|>");
    check("</><a></ b>", "<a|>");
    check("<?xml version='1.0'><a>", "<a|>");
    check("<?php if (1 > 0) ?><a>", "<a|>");
    check("<![cdata[x]]>", "'x'");
}

#[test]
fn takes_cut_documents_apart() {
    check("<a><b", "<a|>~");
    check("<a><b c=\"d", "<a|>~");
    check("<a></b", "<a|>~");
    check("<a><![CDATA[xy", "<a|>'xy'~");
    check("<a><!-- b", "<a|>~");
    check("<!DOCTYPE rss [<!ENTITY", "!rss [<!ENTITY");
}

#[track_caller]
fn check_attributes(attributes: &str, expected: &[(&str, &str)]) {
    assert_eq!(Attributes::new(attributes).collect::<Vec<_>>(), expected);
}

#[test]
fn takes_attributes_apart() {
    check_attributes(
        " a=\"1\" b = '2'\nc:d=\"&amp;\"",
        &[("a", "1"), ("b", "2"), ("c:d", "&amp;")],
    );
    check_attributes(
        " a=1 b c=\"2\"d='3'",
        &[("a", "1"), ("b", ""), ("c", "2"), ("d", "3")],
    );
    check_attributes(" a=\"1 b=2", &[("a", "1"), ("b", "2")]);
    check_attributes(" / = \"", &[]);
}

#[track_caller]
fn check_text(text: &str, expected: &str) {
    let mut into = String::new();
    unescape(
        text,
        0,
        &mut Entities::default(),
        &mut Log::default(),
        &mut into,
    );
    assert_eq!(into, expected);
}

#[test]
fn resolves_references_in_text() {
    check_text("a &amp; b &lt;c&gt; &#233;&#xe9;&eacute;", "a & b <c> ééé");
    check_text("R&D & AT&T; Q&A &", "R&D & AT&T; Q&A &");
    check_text("?a=1&b=2&copy=3", "?a=1&b=2&copy=3");
    check_text("it&#8217s &#39", "it’s '");
    check_text("a&#0;b&#x1;c", "abc");
    check_text("&nothing; &;", "&nothing; &;");
}

/// The bytes looked at for `count` pieces, what is looked at twice counted twice.
fn work(before: &str, piece: &str, after: &str, count: usize) -> usize {
    let source = format!("{before}{}{after}", piece.repeat(count));
    let mut log = Log::default();
    let mut tokens = Tokens::new(&source);
    let mut into = String::new();
    while let Some(token) = tokens.next(&mut log) {
        match token {
            Token::Text(text) => {
                unescape(text, 0, &mut Entities::default(), &mut log, &mut into);
            }
            Token::Start(tag) => drop(Attributes::new(tag.attributes).count()),
            _ => {}
        }
    }
    assert!(into.len() <= source.len());
    tokens.work()
}

/// Each piece that begins a search, where the search finds nothing, and where only the last thing
/// of the document is what was looked for.
#[test]
fn twice_the_document_is_twice_the_work() {
    let pieces = [
        "<",
        "<a ",
        "<a b=\"",
        "<a b='",
        "<a b=\"c' d='",
        "<a b=\"<c d='>=",
        "<a>",
        "</",
        "</a",
        "<!--",
        "<!-",
        "<!--a-->",
        "<t><!--x</t>",
        "<![CDATA[",
        "<t><![CDATA[x</t>",
        "<title><![CDATA[x</title>",
        "<![CDATA[a]]>",
        "<t><![CDATA[x",
        "</t><![CDATA[",
        "<?",
        "<?a",
        "<?a>",
        "<?a?>",
        "<?a <b>",
        "<!DOCTYPE [\"",
        "<!DOCTYPE a [<!ENTITY b \"",
        "<!ENTITY a \"",
        "<!x",
        "&",
        "&#",
        "&a",
        "&amp;",
    ];
    let ends = [
        "",
        ">",
        "\"",
        "'>",
        "]]>",
        "-->",
        "?>",
        "</t>",
        "]]></t>",
        "<t><![CDATA[x]]>",
        "]>",
    ];
    for piece in pieces {
        for end in ends {
            for start in ["", "<t>", "<t a=\""] {
                let (one, two) = (
                    work(start, piece, end, 4_000),
                    work(start, piece, end, 8_000),
                );
                let most = one * 26 / 10 + 64;
                assert!(two <= most, "{start}{piece}{end}: {one}, then {two}");
            }
        }
    }
}
