//! Whatever a server sends: read as a feed, cleaned, made ready for the store, and read as a page.

#![no_main]

use lenient_feed::{Hints, limits};
use libfuzzer_sys::fuzz_target;
use newsdesk::sources::{self, Context, page};
use url::Url;

fuzz_target!(|bytes: &[u8]| {
    let url = Url::parse("https://harbour.example/log/").expect("an address");
    let now = lenient_feed::parse_date("2026-11-25").expect("a day");
    // The first byte chooses what the server says of it.
    let content_type = bytes.first().and_then(|byte| match byte % 8 {
        0 => None,
        1 => Some("text/xml; charset=iso-8859-1"),
        2 => Some("application/xml"),
        3 => Some("text/html; charset=shift_jis"),
        4 => Some("text/xml; charset=hz-gb-2312"),
        5 => Some("text/xml; charset=iso-2022-kr"),
        6 => Some("text/xml; charset=cp037"),
        _ => Some("text/xml; charset=cp850"),
    });
    let hints = Hints {
        content_type,
        url: Some(&url),
        ..Hints::default()
    };
    match lenient_feed::parse(bytes, &hints) {
        Ok(mut feed) => {
            let entries = std::mem::take(&mut feed.entries);
            assert!(entries.len() <= limits::ENTRIES);
            for entry in entries {
                assert!(!entry.id.is_empty());
                let ready = sources::ready(entry, &Context::new(&feed, Some(&url), now));
                assert!(ready.at <= now);
                for html in [ready.summary_html, ready.content_html] {
                    assert!(!html.to_ascii_lowercase().contains("<script"));
                }
            }
        }
        // It ends one visit; here it must show.
        Err(lenient_feed::Error::Unreadable(panic)) => panic!("{panic}"),
        Err(_) => {}
    }
    assert!(page::feed_links(bytes, content_type, &url).len() <= limits::FEED_LINKS);
});
