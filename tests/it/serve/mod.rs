//! `newsdesk serve`, the real program on a port of this machine, asked as feed readers, browsers
//! and attackers ask.

mod accounts;
mod desk;
mod documents;
mod encodings;
mod hostile;
mod hubs;
mod rebuild;
mod review;
mod running;
mod signing;

use std::fmt::Write as _;
use std::fs::{self, File};
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{Shutdown, TcpStream};
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Condvar, Mutex};
use std::time::{Duration, SystemTime};

use chrono::{DateTime, Utc};

use super::project::{self, NOW, Project};

/// When all documents of [`site`] last changed, as a header says it.
const MODIFIED: &str = "Sat, 14 Nov 2026 12:00:00 GMT";

/// A running server; it is killed when this is dropped.
struct Server {
    child: Child,
    port: u16,
    said: Arc<(Mutex<String>, Condvar)>,
}

/// A newsletter with one issue, built; its files are of the day before [`NOW`].
fn site(more: &str) -> Project {
    let project = Project::new(&format!("{}{more}", project::CONFIG));
    project.issue("2026-11-01", "2026-11-01");
    project.run(&["build"]).expect(0);
    settle(&project);
    project
}

/// Sets the times of all documents back.
fn settle(project: &Project) {
    let at: DateTime<Utc> = NOW.parse().unwrap();
    let at = SystemTime::from(at) - Duration::from_hours(24);
    let folder = project.path("feeds/public");
    for entry in walkdir::WalkDir::new(folder).into_iter().flatten() {
        if entry.file_type().is_file() {
            let file = File::options().write(true).open(entry.path()).unwrap();
            file.set_modified(at).unwrap();
        }
    }
}

impl Server {
    /// Starts one on a free port.
    fn start(project: &Project) -> Self {
        Self::start_with(project, NOW, &[])
    }

    /// The same with another clock and more arguments.
    fn start_with(project: &Project, now: &str, arguments: &[&str]) -> Self {
        Self::spawn(
            project
                .command(&["serve", "--address", "127.0.0.1:0"])
                .args(arguments)
                .env("NEWSDESK_NOW", now),
        )
    }

    /// Starts this command, and waits until it listens.
    fn spawn(command: &mut Command) -> Self {
        let mut child = command.stderr(Stdio::piped()).spawn().unwrap();
        let mut lines = BufReader::new(child.stderr.take().unwrap());
        let mut said = String::new();
        let port = loop {
            let mut line = String::new();
            let read = lines.read_line(&mut line).unwrap();
            assert!(read > 0, "the server did not start: {said}");
            said.push_str(&line);
            let address = line.trim().strip_prefix("documents: http://127.0.0.1:");
            if let Some(rest) = address {
                break rest.split('/').next().unwrap().parse().unwrap();
            }
        };
        let said = Arc::new((Mutex::new(said), Condvar::new()));
        let heard = Arc::clone(&said);
        std::thread::spawn(move || {
            let mut line = String::new();
            while lines.read_line(&mut line).is_ok_and(|read| read > 0) {
                heard.0.lock().unwrap().push_str(&line);
                heard.1.notify_all();
                line.clear();
            }
        });
        Self { child, port, said }
    }

    /// What it said so far.
    fn said(&self) -> String {
        self.said.0.lock().unwrap().clone()
    }

    /// The same, once this is in it.
    #[track_caller]
    fn hear(&self, mark: &str) -> String {
        self.hear_often(mark, 1)
    }

    /// The same, once this is in it so often.
    #[track_caller]
    fn hear_often(&self, mark: &str, often: usize) -> String {
        let said = self.said.0.lock().unwrap();
        let patience = Duration::from_secs(30);
        let waiting = |said: &mut String| said.matches(mark).count() < often;
        let (said, late) = self
            .said
            .1
            .wait_timeout_while(said, patience, waiting)
            .unwrap();
        assert!(!late.timed_out(), "never said `{mark}`: {said}");
        said.clone()
    }

    /// A connection to it.
    fn connect(&self) -> TcpStream {
        let stream = TcpStream::connect(("127.0.0.1", self.port)).unwrap();
        let patience = Some(Duration::from_secs(30));
        stream.set_read_timeout(patience).unwrap();
        stream.set_write_timeout(patience).unwrap();
        stream
    }

    /// Sends these bytes, and reads until the server closes.
    fn raw(&self, request: &[u8]) -> Vec<u8> {
        let mut stream = self.connect();
        // The server may have had enough before it has read all.
        let _ = stream.write_all(request);
        let mut answer = Vec::new();
        let _ = stream.read_to_end(&mut answer);
        answer
    }

    /// Asks, with these headers beside `Host`.
    fn ask(&self, method: &str, path: &str, headers: &[(&str, &str)], body: &str) -> Answer {
        let mut request = format!("{method} {path} HTTP/1.1\r\nConnection: close\r\n");
        if !headers.iter().any(|(name, _)| *name == "Host") {
            let _ = write!(request, "Host: 127.0.0.1:{}\r\n", self.port);
        }
        for (name, value) in headers {
            let _ = write!(request, "{name}: {value}\r\n");
        }
        if !body.is_empty() {
            let kind = "application/x-www-form-urlencoded";
            let length = body.len();
            let _ = write!(
                request,
                "Content-Type: {kind}\r\nContent-Length: {length}\r\n"
            );
        }
        request.push_str("\r\n");
        request.push_str(body);
        Answer::parse(&self.raw(request.as_bytes()))
    }

    /// Asks for a document.
    fn get(&self, path: &str, headers: &[(&str, &str)]) -> Answer {
        self.ask("GET", path, headers, "")
    }

    /// Sends it a signal.
    fn signal(&self, name: &str) {
        let id = self.child.id().to_string();
        let sent = Command::new("kill").args([name, &id]).status().unwrap();
        assert!(sent.success());
    }

    /// Sends a form.
    fn post(&self, path: &str, headers: &[(&str, &str)], form: &[(&str, &str)]) -> Answer {
        let body = url::form_urlencoded::Serializer::new(String::new())
            .extend_pairs(form)
            .finish();
        self.ask("POST", path, headers, &body)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// What a server answered.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Answer {
    status: u16,
    headers: Vec<(String, String)>,
    body: Vec<u8>,
}

impl Answer {
    #[track_caller]
    fn parse(bytes: &[u8]) -> Self {
        let end = bytes
            .windows(4)
            .position(|window| window == b"\r\n\r\n")
            .unwrap_or_else(|| panic!("no answer: {}", String::from_utf8_lossy(bytes)));
        let head = String::from_utf8(bytes[..end].to_vec()).unwrap();
        let mut lines = head.split("\r\n");
        let status = lines.next().unwrap().split(' ').nth(1).unwrap();
        let headers = lines
            .map(|line| {
                line.split_once(": ")
                    .unwrap_or((line.trim_end_matches(':'), ""))
            })
            .map(|(name, value)| (name.to_ascii_lowercase(), value.to_owned()))
            .collect();
        Self {
            status: status.parse().unwrap(),
            headers,
            body: bytes[end + 4..].to_vec(),
        }
    }

    /// The value of a header; empty where it is missing.
    fn header(&self, name: &str) -> &str {
        let mut headers = self.headers.iter();
        let found = headers.find(|(key, _)| key == name);
        found.map_or("", |(_, value)| value)
    }

    /// The answer, if it has this status.
    #[track_caller]
    fn expect(self, status: u16) -> Self {
        assert_eq!(self.status, status, "{:?}\n{}", self.headers, self.text());
        self
    }

    fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// The cookies that it sets, as a browser sends them back.
    fn cookies(&self) -> String {
        let set = self.headers.iter().filter(|(name, _)| name == "set-cookie");
        let pairs: Vec<&str> = set
            .filter(|(_, value)| !value.contains("Max-Age=0"))
            .filter_map(|(_, value)| value.split(';').next())
            .collect();
        pairs.join("; ")
    }

    /// The token of its first form.
    #[track_caller]
    fn csrf(&self) -> String {
        let text = self.text();
        let mark = "name=\"csrf\" value=\"";
        let at = text.find(mark).unwrap_or_else(|| panic!("no form: {text}"));
        text[at + mark.len()..].chars().take(64).collect()
    }
}

/// Makes an account.
fn add_user(project: &Project, name: &str, curator: &str, password: &str) {
    let mut child = project
        .command(&["user", "add", name, "--curator", curator])
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut stdin = child.stdin.take().unwrap();
    stdin.write_all(format!("{password}\n").as_bytes()).unwrap();
    drop(stdin);
    let output = child.wait_with_output().unwrap();
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
}

/// A browser's way to a session: the page, then the form. What comes of the form.
fn sign_in(server: &Server, name: &str, password: &str) -> Answer {
    let page = server.get("/review/login", &[]).expect(200);
    let cookies = page.cookies();
    let form = [
        ("csrf", &*page.csrf()),
        ("name", name),
        ("password", password),
        ("next", "/review"),
    ];
    server.post("/review/login", &[("Cookie", &cookies)], &form)
}

/// The cookie of a session on this machine, where there are no accounts.
fn session(server: &Server, name: &str) -> String {
    sign_in(server, name, "").expect(303).cookies()
}

/// Replaces a file as a build does.
fn replace(project: &Project, path: &str, bytes: &[u8]) {
    let beside = project.path("beside");
    fs::write(&beside, bytes).unwrap();
    fs::rename(beside, project.path(path)).unwrap();
}

/// Reads what is left of a connection.
fn rest(mut stream: TcpStream) -> Vec<u8> {
    let _ = stream.shutdown(Shutdown::Write);
    let mut bytes = Vec::new();
    let _ = stream.read_to_end(&mut bytes);
    bytes
}
