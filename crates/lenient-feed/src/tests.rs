use super::*;

fn feed(source: &str) -> Feed {
    parse(source.as_bytes(), &Hints::default()).unwrap()
}

#[test]
fn the_served_charset_and_address_count() {
    let url = Url::parse("https://harbour.example/feeds/all.xml").unwrap();
    let hints = Hints {
        content_type: Some("text/xml; charset=koi8-r"),
        url: Some(&url),
        ..Hints::default()
    };
    let source = b"<rss><channel><item><title>\xf0\xd2\xc9\xd7\xc5\xd4</title><link>../1</link>\
                   </item></channel></rss>";
    let feed = parse(source, &hints).unwrap();
    assert_eq!(feed.entries[0].title.as_ref().unwrap().value, "Привет");
    assert_eq!(
        feed.entries[0].link.as_deref(),
        Some("https://harbour.example/1")
    );
}

#[test]
fn repairs_say_where_and_how_often() {
    let feed = feed(
        "<rss><channel>\n<item><title>a & b</title></item>\n<item><title>c & d</title></item></channel></rss>",
    );
    assert_eq!(
        feed.repairs[0].to_string(),
        "`&` that begins no reference was read as text (2 times, first in line 2)"
    );
}

#[test]
fn an_entry_without_id_keeps_its_hash_when_its_text_is_corrected() {
    let with = |text: &str| {
        let source = format!(
            "<rss><item><title>Tides</title><description>{text}</description></item></rss>"
        );
        feed(&source).entries[0].id.clone()
    };
    assert_eq!(with("hihg water"), with("high water"));
    assert!(with("x").starts_with("hash:"));
}

#[test]
fn cleaning_leaves_nothing_that_runs() {
    let mut entry = feed(
        "<feed><entry xml:base='https://e.example/a/'><title type='html'>&lt;b onclick='x()'&gt;T&lt;/b&gt;</title>\
         <content type='xhtml'>&lt;script&gt;x()&lt;/script&gt;<a href='b'>c</a><script>y()</script></content></entry></feed>",
    )
    .entries
    .remove(0);
    clean(&mut entry, None);
    assert_eq!(entry.title.unwrap().value, "<b>T</b>");
    let content = entry.content.unwrap().value;
    assert_eq!(
        content,
        "&lt;script&gt;x()&lt;/script&gt;<a href=\"https://e.example/a/b\">c</a>"
    );
}

#[test]
fn what_is_no_feed_is_refused() {
    for source in [
        "",
        " \n ",
        "hello",
        "<html><p>Hi</p></html>",
        "{}",
        "[1]",
        "\0\0\0",
    ] {
        assert!(
            parse(source.as_bytes(), &Hints::default()).is_err(),
            "{source:?}"
        );
    }
}

#[test]
fn bounds_hold() {
    let many = format!(
        "<rss>{}</rss>",
        "<item><guid>1</guid></item>".repeat(limits::ENTRIES + 10)
    );
    let feed = feed(&many);
    assert_eq!(feed.entries.len(), limits::ENTRIES);
    assert!(
        feed.repairs
            .iter()
            .any(|it| it.defect == Defect::TooManyEntries)
    );
    let categories: Vec<_> = (0..1_000)
        .map(|n| format!("<category>{n}</category>"))
        .collect();
    let categories = categories.concat();
    let feed = super::parse(
        format!("<rss><item>{categories}").as_bytes(),
        &Hints::default(),
    )
    .unwrap();
    assert_eq!(feed.entries[0].categories.len(), limits::CHILDREN);
}
