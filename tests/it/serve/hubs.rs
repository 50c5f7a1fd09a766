//! Sources that a hub announces: the real program between a feed and a real hub on loopback.

use std::collections::HashMap;
use std::fmt::Write as _;
use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::sync::atomic::{AtomicU16, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use ring::hmac;

use super::{Answer, Server};
use crate::poll::server as web;
use crate::project::{CONFIG, Project};

const NOW: &str = "2026-11-25T10:00:00Z";

/// A form that a hub was sent.
type Form = HashMap<String, String>;

/// What a hub does when it is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Manner {
    /// Verifies before it answers, with a lease of ten days.
    Verify,
    /// Refuses.
    Deny,
    /// Takes the request and does nothing.
    Forget,
    /// Sends it elsewhere first, so that it keeps its method.
    Redirect,
    /// The same with a status that makes a GET of it.
    Misdirect,
}

/// A feed and its hub.
struct Hub {
    web: web::Server,
    port: Arc<AtomicU16>,
    items: Arc<Mutex<usize>>,
    forms: Arc<Mutex<Vec<Form>>>,
}

fn pairs(text: &str) -> Form {
    url::form_urlencoded::parse(text.as_bytes())
        .into_owned()
        .collect()
}

/// The path of a callback, which the server of a test has on a port that nobody knew before.
fn path(form: &Form) -> String {
    let callback = url::Url::parse(&form["hub.callback"]).unwrap();
    assert_eq!(callback.host_str(), Some("news.example"));
    callback.path().to_owned()
}

fn get(port: u16, target: &str) -> Answer {
    let mut stream = TcpStream::connect(("127.0.0.1", port)).unwrap();
    stream
        .set_read_timeout(Some(Duration::from_secs(30)))
        .unwrap();
    let request =
        format!("GET {target} HTTP/1.1\r\nHost: news.example\r\nConnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).unwrap();
    let mut answer = Vec::new();
    let _ = stream.read_to_end(&mut answer);
    Answer::parse(&answer)
}

fn query(pairs: &[(&str, &str)]) -> String {
    url::form_urlencoded::Serializer::new(String::new())
        .extend_pairs(pairs)
        .finish()
}

/// Waits until something is so.
#[track_caller]
fn until(what: &str, mut is_so: impl FnMut() -> bool) {
    let began = Instant::now();
    while !is_so() {
        assert!(began.elapsed() < Duration::from_secs(40), "never: {what}");
        std::thread::sleep(Duration::from_millis(20));
    }
}

impl Hub {
    fn start(manner: Manner) -> Self {
        let (port, items, forms) = (
            Arc::new(AtomicU16::new(0)),
            Arc::new(Mutex::new(1)),
            Arc::new(Mutex::new(Vec::new())),
        );
        let (to, count, log) = (Arc::clone(&port), Arc::clone(&items), Arc::clone(&forms));
        let web = web::Server::new(move |request| match request.path.as_str() {
            "/feed" => {
                let count = *count.lock().unwrap();
                web::Answer::ok(feed(count))
                    .header("Link", "</hub>; rel=\"hub\", </topic>; rel=self")
            }
            "/hub" if manner == Manner::Redirect => web::Answer::redirect(307, "/elsewhere"),
            "/hub" if manner == Manner::Misdirect => web::Answer::redirect(302, "/elsewhere"),
            _ if request.method != "POST" => web::Answer::status(404),
            _ => {
                let form = pairs(&request.body);
                if manner != Manner::Forget {
                    until("a server", || to.load(Ordering::SeqCst) > 0);
                    answer_back(to.load(Ordering::SeqCst), &form, manner);
                }
                log.lock().unwrap().push(form);
                web::Answer::status(202)
            }
        });
        Self {
            web,
            port,
            items,
            forms,
        }
    }

    fn config(&self) -> String {
        format!(
            "{CONFIG}[poll]\nallow_private = [\"127.0.0.1\"]\npause = \"0s\"\n\
             [server]\ncallback = \"https://news.example/web\"\n\
             [[source]]\nurl = \"{}\"\n",
            self.web.url("/feed")
        )
    }

    /// Starts the program beside it.
    fn serve(&self, project: &Project, now: &str) -> Server {
        let server = Server::start_with(project, now, &[]);
        self.port.store(server.port, Ordering::SeqCst);
        server
    }

    /// The form that it was sent as the so-and-so-many-th.
    #[track_caller]
    fn form(&self, number: usize) -> Form {
        until("asked", || self.forms.lock().unwrap().len() >= number);
        self.forms.lock().unwrap()[number - 1].clone()
    }

    fn asked(&self) -> usize {
        self.forms.lock().unwrap().len()
    }
}

/// What a hub asks in its turn.
fn answer_back(port: u16, form: &Form, manner: Manner) {
    let (path, topic) = (path(form), form["hub.topic"].as_str());
    if manner == Manner::Deny {
        let said = [
            ("hub.mode", "denied"),
            ("hub.topic", topic),
            ("hub.reason", "not <now>"),
        ];
        get(port, &format!("{path}?{}", query(&said))).expect(200);
        return;
    }
    let lease = form.get("hub.lease_seconds").map_or("", String::as_str);
    let said = [
        ("hub.mode", form["hub.mode"].as_str()),
        ("hub.topic", topic),
        ("hub.challenge", "<b>1&2"),
        ("hub.lease_seconds", lease),
    ];
    let answer = get(port, &format!("{path}?{}", query(&said))).expect(200);
    assert_eq!(answer.text(), "<b>1&2");
    assert_eq!(answer.header("content-type"), "text/plain; charset=utf-8");
    assert_eq!(answer.header("x-content-type-options"), "nosniff");
}

fn feed(items: usize) -> String {
    let mut text = "<rss version=\"2.0\"><channel><title>Tides</title>".to_owned();
    for number in 1..=items {
        let _ = write!(
            text,
            "<item><title>Tide {number}</title><link>https://tides.example/{number}</link>\
             <pubDate>Mon, 23 Nov 2026 08:00:00 GMT</pubDate></item>"
        );
    }
    text + "</channel></rss>"
}

fn signed(secret: &str, body: &str) -> String {
    let key = hmac::Key::new(hmac::HMAC_SHA256, secret.as_bytes());
    let mut text = "sha256=".to_owned();
    for byte in hmac::sign(&key, body.as_bytes()).as_ref() {
        let _ = write!(text, "{byte:02x}");
    }
    text
}

/// The visits of a poll.
#[track_caller]
fn poll(project: &Project, now: &str) -> usize {
    let run = project.run_at(now, &["poll", "--json"]).expect(0);
    run.stdout.lines().count()
}

fn phases(project: &Project) -> Vec<String> {
    project.rows("SELECT phase FROM subscription")
}

/// A newsletter whose one source was visited and is announced from then on.
fn announced(hub: &Hub) -> (Project, Server, Form) {
    let project = Project::new(&hub.config());
    assert_eq!(poll(&project, NOW), 1);
    let server = hub.serve(&project, NOW);
    let form = hub.form(1);
    assert_eq!(phases(&project), ["held"]);
    (project, server, form)
}

#[test]
fn a_hub_is_asked_and_its_word_makes_a_source_due() {
    let hub = Hub::start(Manner::Verify);
    let (project, server, form) = announced(&hub);
    assert_eq!(form["hub.mode"], "subscribe");
    assert_eq!(form["hub.topic"], hub.web.url("/topic"));
    assert_eq!(form["hub.secret"].len(), 64);
    let path = path(&form);
    assert!(path.starts_with("/web/hub/"), "{path}");
    *hub.items.lock().unwrap() = 2;
    let body = feed(2);
    // Not by who does not know the secret.
    for signature in [
        "",
        "sha256=00",
        &signed("guess", &body),
        &signed(&form["hub.secret"], "x"),
    ] {
        let headers = [("X-Hub-Signature", signature)];
        server.ask("POST", &path, &headers, &body).expect(202);
    }
    server.ask("POST", &path, &[], &body).expect(202);
    assert_eq!(poll(&project, "2026-11-25T10:01:00Z"), 0);
    let right = signed(&form["hub.secret"], &body);
    let headers = [("X-Hub-Signature", right.as_str())];
    server.ask("POST", &path, &headers, &body).expect(202);
    // What it sent is there before anybody polls, and does not come again.
    let titles = || project.rows("SELECT title FROM entry ORDER BY title");
    until("stored", || titles().len() == 2);
    assert_eq!(poll(&project, "2026-11-25T10:02:00Z"), 1);
    assert_eq!(titles(), ["Tide 1", "Tide 2"]);
    // A source that is announced is looked at once a day.
    assert_eq!(poll(&project, "2026-11-25T22:00:00Z"), 0);
    assert_eq!(poll(&project, "2026-11-26T10:02:00Z"), 1);
    let numbers = server.get("/metrics", &[]).expect(200).text();
    for (outcome, count) in [("taken", 1), ("forged", 5), ("unknown", 0)] {
        let line = format!("newsdesk_announcements_total{{outcome=\"{outcome}\"}} {count}\n");
        assert!(numbers.contains(&line), "{numbers}");
    }
    let health = project.run_at(NOW, &["sources", "health"]);
    let says = "since 2026-11-25, until 2026-12-05";
    assert!(health.stdout.contains(says), "{}", health.stdout);
}

#[test]
fn what_a_hub_sends_is_read_as_a_visit_reads_it() {
    let hub = Hub::start(Manner::Verify);
    let (project, server, form) = announced(&hub);
    let send = |body: &str| {
        let right = signed(&form["hub.secret"], body);
        let headers = [("X-Hub-Signature", right.as_str())];
        server.ask("POST", &path(&form), &headers, body).expect(202);
    };
    let titles = || project.rows("SELECT title FROM entry ORDER BY title");
    // No feed, and one that is broken: an entry without an end.
    send("hub.mode=publish");
    let new = "<item><title>Ebb</title><link>https://tides.example/ebb</link>\
               <description>&lt;script&gt;x()&lt;/script&gt;&lt;p&gt;Low.&lt;/p&gt;</description>";
    let item = format!("<rss version=\"2.0\"><channel><title>T</title>{new}");
    send(&item);
    send(&item);
    until("stored", || titles().len() == 2);
    assert_eq!(titles(), ["Ebb", "Tide 1"]);
    let text = project.rows("SELECT text FROM entry ORDER BY title");
    assert_eq!(text[0].trim(), "Low.");
    // One that says something else is left to the visit.
    let changed = feed(1).replace("Tide 1", "Tide one");
    send(&changed);
    send(&feed(2));
    until("stored", || titles().len() == 3);
    assert_eq!(titles(), ["Ebb", "Tide 1", "Tide 2"]);
    // It was no visit: the next asks as before, and finds what is there.
    assert_eq!(
        project.rows("SELECT facts FROM history")[0]
            .matches("\"visits\":1,")
            .count(),
        1
    );
    *hub.items.lock().unwrap() = 3;
    assert_eq!(poll(&project, "2026-11-25T10:02:00Z"), 1);
    assert_eq!(titles(), ["Ebb", "Tide 1", "Tide 2", "Tide 3"]);
}

#[test]
fn a_hub_that_misses_something_is_relied_upon_no_more() {
    let hub = Hub::start(Manner::Verify);
    let (project, server, form) = announced(&hub);
    let headers = [("X-Hub-Signature", &*signed(&form["hub.secret"], "x"))];
    server.ask("POST", &path(&form), &headers, "x").expect(202);
    assert_eq!(poll(&project, "2026-11-25T10:02:00Z"), 1);
    *hub.items.lock().unwrap() = 2;
    assert_eq!(poll(&project, "2026-11-26T10:02:00Z"), 1);
    assert_eq!(poll(&project, "2026-11-26T11:03:00Z"), 1);
}

#[test]
fn who_knows_no_subscription_is_told_nothing() {
    let hub = Hub::start(Manner::Verify);
    let (project, server, form) = announced(&hub);
    let path = path(&form);
    let topic = form["hub.topic"].as_str();
    let ask = |path: &str, mode: &str, topic: &str, challenge: &str| {
        let said = [
            ("hub.mode", mode),
            ("hub.topic", topic),
            ("hub.challenge", challenge),
        ];
        server.get(&format!("{path}?{}", query(&said)), &[]).status
    };
    assert_eq!(ask(&path, "subscribe", topic, "x"), 200);
    assert_eq!(ask(&path, "subscribe", topic, ""), 404);
    assert_eq!(ask(&path, "subscribe", "https://other.example/", "x"), 404);
    assert_eq!(ask(&path, "denied", "https://other.example/", "x"), 404);
    assert_eq!(ask(&path, "unsubscribe", topic, "x"), 404);
    assert_eq!(ask(&path, "publish", topic, "x"), 404);
    server.ask("PUT", &path, &[], "").expect(405);
    assert_eq!(phases(&project), ["held"]);
    // Nobody asked of late.
    drop(server);
    let server = hub.serve(&project, "2026-11-25T18:00:00Z");
    let said = [
        ("hub.mode", "subscribe"),
        ("hub.topic", topic),
        ("hub.challenge", "x"),
    ];
    server
        .get(&format!("{path}?{}", query(&said)), &[])
        .expect(404);
    let other = format!("/web/hub/{}", "0".repeat(64));
    server.get(&other, &[]).expect(404);
    server.ask("POST", &other, &[], "x").expect(410);
    for odd in ["/web/hub/", "/web/hub/x", "/web/hub/../../review"] {
        server.ask("POST", odd, &[], "x").expect(410);
    }
    let tries = (0..40).take_while(|_| server.get(&other, &[]).status == 404);
    assert_eq!(tries.count(), 15);
    let refused = server.ask("POST", &other, &[], "x").expect(429);
    assert!(refused.header("retry-after").parse::<u32>().unwrap() > 0);
    // Who does know one is not concerned.
    server.ask("POST", &path, &[], "x").expect(202);
    server.get("/review", &[]).expect(303);
}

#[test]
fn an_announcement_is_bounded() {
    let hub = Hub::start(Manner::Verify);
    let (_project, server, form) = announced(&hub);
    let request = format!(
        "POST {} HTTP/1.1\r\nHost: news.example\r\nContent-Length: 99999999999\r\n\r\n",
        path(&form)
    );
    Answer::parse(&server.raw(request.as_bytes())).expect(413);
}

#[test]
fn a_hub_may_refuse() {
    let hub = Hub::start(Manner::Deny);
    let project = Project::new(&hub.config());
    poll(&project, NOW);
    let server = hub.serve(&project, NOW);
    hub.form(1);
    assert_eq!(phases(&project), ["denied"]);
    let health = project.run_at(NOW, &["sources", "health"]);
    assert!(
        health.stdout.contains("the hub refused: not <now>"),
        "{}",
        health.stdout
    );
    drop(server);
    hub.port.store(0, Ordering::SeqCst);
    let _server = hub.serve(&project, "2026-12-03T10:00:00Z");
    hub.form(2);
}

#[test]
fn a_subscription_is_renewed_before_it_ends_and_outlives_a_restart() {
    let hub = Hub::start(Manner::Verify);
    let (project, server, first) = announced(&hub);
    let ends = || project.rows("SELECT CAST(ends AS TEXT) FROM subscription");
    let before = ends();
    drop(server);
    let server = hub.serve(&project, "2026-11-26T10:00:00Z");
    let headers = [("X-Hub-Signature", &*signed(&first["hub.secret"], "x"))];
    server.ask("POST", &path(&first), &headers, "x").expect(202);
    assert_eq!(poll(&project, "2026-11-26T10:00:00Z"), 1);
    drop(server);
    assert_eq!(hub.asked(), 1);
    hub.port.store(0, Ordering::SeqCst);
    let _server = hub.serve(&project, "2026-12-03T12:00:00Z");
    assert_eq!(hub.form(2), first);
    assert_eq!(phases(&project), ["held"]);
    assert_ne!(ends(), before);
}

#[test]
fn a_source_that_is_removed_is_announced_no_more() {
    let hub = Hub::start(Manner::Verify);
    let config = hub.config();
    let (config, _) = config.split_once("[[source]]").unwrap();
    let project = Project::new(config);
    let url = hub.web.url("/feed");
    project.run_at(NOW, &["sources", "add", &url]).expect(0);
    project.run_at(NOW, &["poll", "--all"]).expect(0);
    let server = hub.serve(&project, NOW);
    let first = hub.form(1);
    drop(server);
    project.run_at(NOW, &["sources", "remove", &url]).expect(0);
    hub.port.store(0, Ordering::SeqCst);
    let server = hub.serve(&project, "2026-11-25T11:00:00Z");
    let last = hub.form(2);
    assert_eq!(last["hub.mode"], "unsubscribe");
    assert_eq!(last["hub.callback"], first["hub.callback"]);
    assert!(!last.contains_key("hub.secret"));
    assert_eq!(phases(&project), [""; 0]);
    server.ask("POST", &path(&first), &[], "x").expect(410);
}

#[test]
fn a_form_follows_only_where_it_stays_a_form() {
    let hub = Hub::start(Manner::Redirect);
    let (_project, _server, form) = announced(&hub);
    assert_eq!(form["hub.mode"], "subscribe");
    let hub = Hub::start(Manner::Misdirect);
    let project = Project::new(&hub.config());
    poll(&project, NOW);
    let _server = hub.serve(&project, NOW);
    let says = || project.run_at(NOW, &["sources", "health"]).stdout;
    until("said", || says().contains("the hub answered 302"));
    assert_eq!(hub.asked(), 0);
}

#[test]
fn a_hub_in_a_private_place_is_not_asked() {
    let hub = web::Server::on("127.0.0.2", |_| web::Answer::status(202));
    let link = format!("<{}>; rel=hub", hub.url("/"));
    let feed = web::Server::new(move |_| web::Answer::ok(feed(1)).header("Link", &link));
    let project = Project::new(&format!(
        "{CONFIG}[poll]\nallow_private = [\"127.0.0.1\"]\n\
         [server]\ncallback = \"https://news.example\"\n[[source]]\nurl = \"{}\"\n",
        feed.url("/feed")
    ));
    poll(&project, NOW);
    let _server = Server::start_with(&project, NOW, &[]);
    let says = || project.run_at(NOW, &["sources", "health"]).stdout;
    until("said", || says().contains("allow_private"));
    assert_eq!(hub.take_log().len(), 0);
}

#[test]
fn without_a_callback_no_hub_is_asked_and_none_may_come() {
    let hub = Hub::start(Manner::Forget);
    let config = hub.config();
    let project = Project::new(&config.replace("callback", "# callback"));
    poll(&project, NOW);
    let server = hub.serve(&project, NOW);
    let path = format!("/web/hub/{}", "0".repeat(64));
    server.get(&path, &[]).expect(404);
    server.ask("POST", &path, &[], "x").expect(405);
    drop(server);
    assert_eq!(hub.asked(), 0);
    assert_eq!(phases(&project), [""; 0]);
}
