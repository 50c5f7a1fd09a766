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

/// Addresses that run or read the disk, in the spellings that browsers see through.
const HARMFUL: [&str; 9] = [
    "javascript:alert(1)",
    "java&#9;script:alert(1)",
    "java&#10;script:alert(1)",
    "java&#13;script:alert(1)",
    " JavaScript:alert(1)",
    "vb\tscript:x",
    "data:text/html,x",
    "file:///etc/passwd",
    "view-source:https://e.example/",
];

/// All addresses that a feed gives, after cleaning.
fn addresses(source: &str) -> String {
    let mut feed = feed(source);
    for entry in &mut feed.entries {
        clean(entry, None);
    }
    let people = |people: &[Person]| people.iter().filter_map(|it| it.url.clone()).collect();
    let mut found: Vec<String> = people(&feed.authors);
    found.extend(feed.link.into_iter().chain(feed.self_link).chain(feed.hubs));
    for entry in feed.entries {
        found.extend::<Vec<_>>(people(&entry.authors));
        let single = [
            entry.link,
            entry.comments,
            entry.thumbnail,
            entry.transcript,
            entry.base,
        ];
        found.extend(single.into_iter().flatten());
        found.extend(entry.enclosures.into_iter().map(|it| it.url));
        found.extend(entry.media.into_iter().map(|it| it.url));
        found.push(format!("{:?}", entry.episode));
        let texts = [entry.title, entry.summary, entry.content];
        found.extend(texts.into_iter().flatten().map(|text| text.value));
    }
    found.join(" ").to_lowercase()
}

#[track_caller]
fn check_harmless(source: &str) {
    let found = addresses(source);
    for scheme in ["script:", "data:", "file:", "view-source:"] {
        assert!(!found.contains(scheme), "{found}\nof {source}");
    }
    let squeezed: String = found.split(char::is_whitespace).collect();
    assert!(!squeezed.contains("script:"), "{found}\nof {source}");
}

#[test]
fn no_address_runs_or_reads_the_disk() {
    for harmful in HARMFUL {
        let element = |name: &str| format!("<{name}>{harmful}</{name}>");
        for item in [
            element("link"),
            element("guid"),
            element("comments"),
            format!("<link href='{harmful}'/>"),
            format!("<enclosure url='{harmful}' type='audio/mpeg'/>"),
            format!("<media:content url='{harmful}'/><media:thumbnail url='{harmful}'/>"),
            format!("<podcast:transcript url='{harmful}'/>"),
            format!("<author><name>A</name><uri>{harmful}</uri></author>"),
            format!("<author><uri>{harmful}</uri></author>"),
            format!("<description>&lt;a href='{harmful}'>x&lt;/a>&lt;img src=\"{harmful}\">"),
            format!("<content type='xhtml'><div><a href='{harmful}'>x</a></div></content>"),
            format!("<content src='{harmful}'/>"),
            format!("<itunes:image href='{harmful}'/><image><url>{harmful}</url></image>"),
        ] {
            check_harmless(&format!(
                "<rss><channel><item>{item}</item></channel></rss>"
            ));
            check_harmless(&format!("<feed><entry>{item}</entry></feed>"));
            check_harmless(&format!("<feed>{item}<entry/></feed>"));
        }
        check_harmless(&format!(
            "<feed><link rel='hub' href='{harmful}'/><link rel='self' href='{harmful}'/></feed>"
        ));
        let json = harmful.replace("&#9;", "\\t").replace("&#10;", "\\n");
        let json = json.replace("&#13;", "\\r").replace('\t', "\\t");
        let author = format!("{{\"name\":\"A\",\"url\":\"{json}\"}}");
        check_harmless(&format!(
            "{{\"version\":\"https://jsonfeed.org/version/1.1\",\"home_page_url\":\"{json}\",\
             \"feed_url\":\"{json}\",\"hubs\":[{{\"type\":\"w\",\"url\":\"{json}\"}}],\
             \"authors\":[{author}],\"items\":[{{\"id\":\"1\",\"url\":\"{json}\",\"image\":\"{json}\",\
             \"external_url\":\"{json}\",\"authors\":[{author}],\
             \"content_html\":\"<a href='{json}'>x</a>\",\
             \"attachments\":[{{\"url\":\"{json}\",\"mime_type\":\"audio/mpeg\"}}]}}]}}"
        ));
    }
}

#[test]
fn no_base_makes_an_address_run() {
    for base in [
        "javascript://x/%0aalert(1)//",
        "java&#9;script://x/",
        "file:///etc/",
        "vbscript:/x/",
        "data:text/html,x",
    ] {
        check_harmless(&format!(
            "<feed><entry xml:base='{base}'><link href='p1'/><id>p2</id>\
             <content type='html'>&lt;a href='rel'>x&lt;/a>&lt;a href='/x'>y&lt;/a></content>\
             </entry></feed>"
        ));
        let json = base.replace("&#9;", "\\t");
        check_harmless(&format!(
            "{{\"version\":\"https://jsonfeed.org/version/1\",\"home_page_url\":\"{json}\",\
             \"items\":[{{\"id\":\"1\",\"url\":\"p1\",\"content_html\":\"<a href='rel'>x</a>\"}}]}}"
        ));
    }
}
