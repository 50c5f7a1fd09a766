//! Sixty pages as sites write them, and what must not be taken for granted.

use super::*;

fn at(url: &str) -> Url {
    Url::parse(url).unwrap()
}

/// The pages of `pages.txt`: a line with what is expected, a line that is the page.
fn pages() -> Vec<([&'static str; 5], &'static str)> {
    let mut lines = include_str!("pages.txt").lines();
    let mut pages = Vec::new();
    while let Some(expected) = lines.next() {
        let expected = expected.strip_prefix("= ").unwrap();
        let fields: Vec<&str> = expected.split('|').map(str::trim).collect();
        pages.push((fields.try_into().unwrap(), lines.next().unwrap()));
    }
    pages
}

#[test]
fn title_author_date_and_kind_are_right_on_sixty_pages() {
    let pages = pages();
    assert_eq!(pages.len(), 60);
    let mut wrong = Vec::new();
    for ([url, title, authors, date, kind], page) in pages {
        let thing = read(page.as_bytes(), Some("text/html; charset=utf-8"), &at(url));
        let published = thing.published.map(|at| at.format("%Y-%m-%d").to_string());
        let published = published.unwrap_or_default();
        let same = thing.title == title
            && thing.authors.join("; ") == authors
            && (published == date || (date.len() == 4 && published == format!("{date}-01-01")))
            && thing.kind.name() == kind;
        if !same {
            wrong.push(format!(
                "{url}: {} | {} | {published} | {}",
                thing.title,
                thing.authors.join("; "),
                thing.kind.name()
            ));
        }
    }
    assert!(wrong.len() <= 3, "{}", wrong.join("\n"));
}

#[test]
fn an_address_is_the_page_s_own_and_without_tracking() {
    let page = |html: &str, url: &str| read(html.as_bytes(), None, &at(url)).url;
    let found = "https://a.example/x?utm_source=mail&id=7";
    assert_eq!(page("<title>x</title>", found), "https://a.example/x?id=7");
    let canonical = "<link rel=canonical href='/posts/x/'>";
    assert_eq!(page(canonical, found), "https://a.example/posts/x/");
    // Some name their front page on every page.
    let front = "<link rel=canonical href='https://a.example/'>";
    assert_eq!(page(front, found), "https://a.example/x?id=7");
    let hostile = "<link rel=canonical href='javascript:alert(1)'>";
    assert_eq!(page(hostile, found), "https://a.example/x?id=7");
}

#[test]
fn a_paper_is_asked_for_by_its_page() {
    let about = |url: &str| page_about(&at(url)).to_string();
    assert_eq!(
        about("https://arxiv.org/pdf/2301.00001.pdf"),
        "https://arxiv.org/abs/2301.00001"
    );
    assert_eq!(
        about("https://export.arxiv.org/pdf/cs/9901001"),
        "https://export.arxiv.org/abs/cs/9901001"
    );
    assert_eq!(about("https://a.example/pdf/1"), "https://a.example/pdf/1");
}

#[test]
fn a_pdf_says_its_title_and_authors() {
    let read = |text: &[u8]| {
        read(
            text,
            Some("application/pdf"),
            &at("https://a.example/p.pdf"),
        )
    };
    let thing = read(
        b"%PDF-1.5\n1 0 obj << /Title (Ferries \\(and queues\\)) /Author (Ada Moreau, Ben Okri) \
          /CreationDate (D:20210304120000Z) >>",
    );
    assert_eq!(thing.title, "Ferries (and queues)");
    assert_eq!(thing.authors, ["Ada Moreau", "Ben Okri"]);
    assert_eq!(
        thing.published.unwrap().format("%F").to_string(),
        "2021-03-04"
    );
    assert_eq!(thing.kind, Kind::Paper);
    assert_eq!(
        read(b"%PDF-1.5 /Title <FEFF004100F6>").title,
        "A\u{f6}".to_owned()
    );
    for cut in [
        &b"%PDF-1.4 /Title"[..],
        b"%PDF-1.4 /Title (",
        b"%PDF- /Title (\\",
        b"%PDF-",
    ] {
        assert_eq!(read(cut).title, "");
    }
}

#[test]
fn hostile_pages_stay_within_bounds() {
    for piece in [
        "<meta name=author content=x>",
        "<script type=application/ld+json>[",
        "<script type=application/ld+json>{}</script>",
        "<title>",
        "<h1>&amp;",
        "<time datetime=2020-01-01>",
        "<link rel=canonical href=/x>",
    ] {
        let page = piece.repeat(50_000);
        let thing = read(page.as_bytes(), None, &at("https://a.example/x"));
        // One more for the sign that something is left out.
        let title = thing.title.chars().count();
        assert!(
            thing.authors.len() <= AUTHORS && title <= TITLE + 1,
            "{piece}"
        );
    }
    let deep = format!(
        "<script type=\"application/ld+json\">{}</script>",
        "{\"@graph\":[".repeat(20_000)
    );
    read(deep.as_bytes(), None, &at("https://a.example/x"));
}
