//! The review pages, asked as a browser without scripts asks. What they look like, and what a
//! script adds, is tested in a real one: `tests/browser`.

use super::{Answer, Server, session};
use crate::project::{CONFIG, Project};

/// A curator who is signed in.
struct Desk<'s> {
    server: &'s Server,
    cookie: String,
    csrf: String,
}

impl<'s> Desk<'s> {
    fn of(server: &'s Server, name: &str) -> Self {
        let cookie = session(server, name);
        let page = server.get("/review", &[("Cookie", &cookie)]).expect(200);
        Self {
            server,
            csrf: page.csrf(),
            cookie,
        }
    }

    fn get(&self, path: &str) -> Answer {
        self.server.get(path, &[("Cookie", &self.cookie)])
    }

    /// The text of a page that is there.
    #[track_caller]
    fn page(&self, path: &str) -> String {
        self.get(path).expect(200).text()
    }

    fn post(&self, path: &str, form: &[(&str, &str)]) -> Answer {
        let mut whole = vec![("csrf", &*self.csrf)];
        whole.extend(form);
        self.server.post(path, &[("Cookie", &self.cookie)], &whole)
    }

    /// Where a form leads.
    #[track_caller]
    fn sent(&self, path: &str, form: &[(&str, &str)]) -> String {
        self.post(path, form)
            .expect(303)
            .header("location")
            .to_owned()
    }
}

/// Five entries of a source that is a file.
fn project() -> Project {
    let project = Project::new(&format!(
        "{CONFIG}\n[[source]]\nurl = \"file:feed.xml\"\ntags = [\"Filed\"]\n"
    ));
    let items: Vec<String> = (1..=5)
        .map(|number| {
            format!(
                "<item><title>Thing {number}</title><link>https://a.example/{number}</link>\
                 <pubDate>0{number} Nov 2026 10:00:00 GMT</pubDate>\
                 <description>About the {} of it.</description></item>",
                if number == 2 { "harbour" } else { "house" }
            )
        })
        .collect();
    project.write(
        "feed.xml",
        format!(
            "<rss version=\"2.0\"><channel><title>A Feed</title>{}</channel></rss>",
            items.concat()
        ),
    );
    project.issue("2026-11-01", "2026-11-01");
    project.run(&["poll"]).expect(0);
    project
}

/// The numbers of the candidates on a page, in order.
fn candidates(page: &str) -> Vec<String> {
    let cards = page.split("data-id=\"").skip(1);
    cards
        .map(|rest| rest.split('"').next().unwrap().to_owned())
        .collect()
}

/// What the page says of what was done.
fn said(page: &str) -> &str {
    let at = page.find("id=\"said\"").unwrap();
    let rest = &page[at..];
    let start = rest.find("<p>").map_or(0, |at| at + 3);
    let end = rest[start..].find("</p>").unwrap();
    rest[start..start + end].split(" <a").next().unwrap()
}

#[test]
fn a_decision_takes_a_candidate_off_the_list_and_undo_brings_it_back() {
    let project = project();
    let server = Server::start(&project);
    let ada = Desk::of(&server, "Ada");
    let page = ada.page("/review");
    let all = candidates(&page);
    assert_eq!(all.len(), 5);
    let (first, title) = (&*all[0], "Thing");
    assert!(page.contains(title));
    let form = [
        ("id", first),
        ("answer", "accept"),
        ("note", " Good.\r\n"),
        ("back", "kind=post"),
    ];
    let to = ada.sent("/review/decide", &form);
    assert_eq!(to, format!("/review?kind=post&done=decided&id={first}"));
    let page = ada.page(&to);
    assert!(
        said(&page).ends_with("is accepted by Ada."),
        "{}",
        said(&page)
    );
    assert!(!candidates(&page).contains(&all[0]));
    let of = page.split("name=\"of\" value=\"").nth(1).unwrap();
    let of = of.split('"').next().unwrap();
    // Only the decision that was meant is taken back.
    let to = ada.sent("/review/undo", &[("id", first), ("of", "1")]);
    assert!(said(&ada.page(&to)).contains("nothing was changed"));
    let to = ada.sent("/review/undo", &[("id", first), ("of", of)]);
    let page = ada.page(&to);
    assert!(
        said(&page).ends_with("is a candidate again."),
        "{}",
        said(&page)
    );
    assert_eq!(candidates(&page), all);
}

#[test]
fn nobody_decides_on_what_somebody_else_decided_without_knowing() {
    let project = project();
    let server = Server::start(&project);
    let (ada, ben) = (Desk::of(&server, "Ada"), Desk::of(&server, "Ben"));
    let mark = || ada.page("/review/changes");
    let before = mark();
    assert_eq!(mark(), before);
    ben.sent("/review/decide", &[("id", "2"), ("answer", "decline")]);
    assert_ne!(mark(), before);
    let form = [("id", "2"), ("answer", "accept")];
    let page = ada.page(&ada.sent("/review/decide", &form));
    assert!(
        said(&page).contains("declined by Ben meanwhile"),
        "{}",
        said(&page)
    );
    // On the page of the entry she sees it, and may.
    let form = [
        ("id", "2"),
        ("answer", "accept"),
        ("anew", "1"),
        ("from", "entry"),
    ];
    let to = ada.sent("/review/decide", &form);
    assert!(to.starts_with("/review/entry/2?"), "{to}");
    assert!(said(&ada.page(&to)).ends_with("is accepted by Ada."));
    // What is one's own is decided anew without a question.
    let form = [("id", "2"), ("answer", "later"), ("when", "1w")];
    let page = ada.page(&ada.sent("/review/decide", &form));
    assert!(
        said(&page).contains("put off by Ada until 22 November 2026"),
        "{}",
        said(&page)
    );
}

#[test]
fn filters_and_searches() {
    let project = project();
    let server = Server::start(&project);
    let ada = Desk::of(&server, "Ada");
    let count = |query: &str| candidates(&ada.page(&format!("/review?{query}"))).len();
    assert_eq!(count("q=harbour"), 1);
    assert_eq!(count("q=harbour+-thing"), 0);
    assert_eq!(count("source=feed&tag=filed"), 5);
    assert_eq!(count("source=other"), 0);
    assert_eq!(count("tag=other"), 0);
    assert_eq!(count("kind=paper"), 0);
    assert_eq!(count("for=Ada"), 5);
    assert_eq!(count("for=Nobody+at+all&page=1"), 5);
    assert_eq!(count("page=7"), 0);
    assert_eq!(count("page=x&kind=y&done=z&id=w&q="), 5);
}

#[test]
fn what_makes_no_sense_is_refused_and_changes_nothing() {
    let project = project();
    let server = Server::start(&project);
    let ada = Desk::of(&server, "Ada");
    for (path, form, status) in [
        (
            "/review/decide",
            vec![("id", "1"), ("answer", "maybe")],
            400,
        ),
        (
            "/review/decide",
            vec![("id", "1"), ("answer", "later")],
            400,
        ),
        (
            "/review/decide",
            vec![("id", "999"), ("answer", "accept")],
            404,
        ),
        (
            "/review/decide",
            vec![("id", "x"), ("answer", "accept")],
            422,
        ),
        ("/review/decide", vec![("answer", "accept")], 422),
        ("/review/sources/1", vec![("to", "explode")], 303),
        ("/review/sources/999", vec![("to", "pause")], 404),
        ("/review/sources/import", vec![("file", "x")], 400),
    ] {
        let answer = ada.post(path, &form);
        assert_eq!(answer.status, status, "{path} {form:?} {}", answer.text());
    }
    for path in [
        "/review/entry/999",
        "/review/sources/999",
        "/review/nothing",
    ] {
        ada.get(path).expect(404);
    }
    // A way back leads to the list, whatever it says.
    for back in [
        "//evil.example",
        "https://evil.example/",
        "\r\nX: y",
        "q=%0d%0aX:+y",
    ] {
        let to = ada.sent(
            "/review/decide",
            &[("id", "3"), ("answer", "decline"), ("back", back)],
        );
        assert!(to.starts_with("/review?"), "{to}");
        assert!(!to.contains("evil"), "{to}");
    }
    let form = [
        ("id", "3"),
        ("answer", "decline"),
        ("from", "//evil.example"),
    ];
    assert!(ada.sent("/review/decide", &form).starts_with("/review?"));
    assert_eq!(candidates(&ada.page("/review")).len(), 4);
}

#[test]
fn the_next_issue_is_arranged_commented_and_written_once() {
    let project = project();
    let server = Server::start(&project);
    let ada = Desk::of(&server, "Ada");
    assert!(
        ada.page("/review/issue")
            .contains("Nothing is accepted yet")
    );
    ada.get("/review/issue/preview").expect(422);
    for id in ["1", "2"] {
        ada.sent("/review/decide", &[("id", id), ("answer", "accept")]);
    }
    ada.sent("/review/issue/move", &[("id", "2"), ("to", "up")]);
    ada.sent("/review/issue/move", &[("id", "2"), ("to", "up")]);
    let note = |note: &str, was: &str| {
        ada.post(
            "/review/issue/note",
            &[("id", "1"), ("note", note), ("was", was)],
        )
    };
    note("Mine, *really*.", "").expect(303);
    let conflict = note("Other words.", "").expect(409).text();
    assert!(conflict.contains("Other words.") && conflict.contains("Mine, *really*."));
    note("Mine, *really*.", "").expect(303);
    let preview = ada.get("/review/issue/preview").expect(200);
    assert_eq!(preview.header("x-frame-options"), "SAMEORIGIN");
    assert!(preview.text().contains("<em>really</em>"));
    let draft = [("date", "2026-11-29"), ("title", ""), ("name", "next")];
    let page = ada.post("/review/issue/draft", &draft).expect(200).text();
    assert!(
        said(&page).starts_with("The draft is written: issues/next.md"),
        "{}",
        said(&page)
    );
    let file = project.read("issues/next.md");
    assert!(
        file.find("Thing 2").unwrap() < file.find("Thing 1").unwrap(),
        "{file}"
    );
    // What is accepted afterwards is added to it.
    let ours = file.replace("draft: true\n", "draft: true\nsummary: By hand.\n");
    project.write("issues/next.md", &ours);
    ada.sent("/review/decide", &[("id", "4"), ("answer", "accept")]);
    let page = ada.post("/review/issue/draft", &draft).expect(200).text();
    assert!(
        said(&page).starts_with("The draft has them now: issues/next.md"),
        "{}",
        said(&page)
    );
    let added = project.read("issues/next.md");
    assert!(
        added.contains("Thing 4") && added.starts_with(ours.trim_end()),
        "{added}"
    );
    // What is no draft stays as it is.
    project.write("issues/next.md", added.replace("draft: true\n", ""));
    ada.sent("/review/decide", &[("id", "5"), ("answer", "accept")]);
    let page = ada.post("/review/issue/draft", &draft).expect(200).text();
    assert!(said(&page).contains("is there already"), "{}", said(&page));
    let page = ada
        .post("/review/issue/draft", &[("date", "soon")])
        .expect(200)
        .text();
    assert!(
        said(&page).contains("written like 2026-12-24"),
        "{}",
        said(&page)
    );
}

#[test]
fn every_page_is_there() {
    let project = project();
    let server = Server::start(&project);
    let ada = Desk::of(&server, "Ada");
    for (path, words) in [
        ("/review/entry/1", "What it says"),
        ("/review/sources", "A Feed"),
        ("/review/sources?q=nothing", "0 sources"),
        ("/review/sources/1", "Its latest visits"),
        ("/review/archive", "By curator"),
        ("/review/archive?q=harbour", "Thing 2"),
        ("/review/sources/sources.opml", "<opml"),
    ] {
        assert!(ada.page(path).contains(words), "{path}");
    }
    // What stands in config.toml is changed there.
    let to = ada.sent("/review/sources/1", &[("to", "pause")]);
    assert!(said(&ada.page(&to)).contains("config.toml"));
}
