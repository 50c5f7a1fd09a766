//! `poll --forever`, the real program: it polls, sees what is added, reads a changed
//! configuration, lives through trouble, and stops when it is told to.

use std::io::{BufRead as _, BufReader};
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};
use std::thread::sleep;
use std::time::{Duration, Instant};

use super::server::{Answer, Server};
use super::{CONFIG, Project, feed, newsletter};

/// A running program; it is killed when this is dropped.
struct Forever {
    child: Child,
    said: Arc<Mutex<String>>,
}

impl Forever {
    fn start(project: &Project) -> Self {
        let mut child = project
            .command(&["poll", "--forever"])
            .env_remove("NEWSDESK_NOW")
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .expect("it starts");
        let mut lines = BufReader::new(child.stderr.take().expect("a pipe"));
        let said = Arc::new(Mutex::new(String::new()));
        let heard = Arc::clone(&said);
        std::thread::spawn(move || {
            let mut line = String::new();
            while lines.read_line(&mut line).is_ok_and(|read| read > 0) {
                heard.lock().expect("nobody panicked").push_str(&line);
                line.clear();
            }
        });
        Self { child, said }
    }

    fn said(&self) -> String {
        self.said.lock().expect("nobody panicked").clone()
    }

    /// Asks it to stop, and gives its exit code and how long it took.
    fn stop(mut self, signal: &str) -> (Option<i32>, Duration, String) {
        let id = self.child.id().to_string();
        let began = Instant::now();
        let sent = Command::new("kill").args([signal, &id]).status();
        assert!(sent.expect("there is `kill`").success());
        let code = loop {
            if let Some(status) = self.child.try_wait().expect("our child") {
                break status.code();
            }
            assert!(began.elapsed() < Duration::from_secs(30), "it did not stop");
            sleep(Duration::from_millis(20));
        };
        (code, began.elapsed(), self.said())
    }
}

impl Drop for Forever {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Waits until this is so.
#[track_caller]
fn until(what: &str, mut so: impl FnMut() -> bool) {
    let began = Instant::now();
    while !so() {
        assert!(began.elapsed() < Duration::from_mins(1), "never: {what}");
        sleep(Duration::from_millis(50));
    }
}

fn paths(server: &Server, seen: &mut Vec<String>) {
    seen.extend(server.take_log().into_iter().map(|request| request.path));
}

#[test]
fn polls_what_is_added_and_what_config_toml_says_until_it_is_told_to_stop() {
    let server = Server::new(|_| Answer::ok(feed()));
    let project = newsletter(&[server.url("/first")]);
    let running = Forever::start(&project);
    let mut seen = Vec::new();
    until("the first poll", || {
        paths(&server, &mut seen);
        seen == ["/first"]
    });
    // A source that another process adds while this one sleeps.
    let list = format!(
        "<opml version=\"2.0\"><body><outline type=\"rss\" xmlUrl=\"{}\"/></body></opml>",
        server.url("/second")
    );
    project.write("list.opml", list);
    project.run(&["sources", "import", "list.opml"]).expect(0);
    until("the added source", || {
        paths(&server, &mut seen);
        seen == ["/first", "/second"]
    });
    // A configuration that is wrong changes nothing, one that is right is taken over.
    project.write("config.toml", "[newsletter]\ntitle = 1\n");
    until("the complaint", || {
        running.said().contains("configuration of before")
    });
    let right = format!(
        "{CONFIG}[poll]\nallow_private = [\"127.0.0.0/8\"]\n[[source]]\nurl = \"{}\"\n",
        server.url("/third")
    );
    project.write("config.toml", right);
    until("the new configuration", || {
        paths(&server, &mut seen);
        seen == ["/first", "/second", "/third"]
    });
    let (code, took, said) = running.stop("-TERM");
    assert_eq!(code, Some(0), "{said}");
    assert!(took < Duration::from_secs(10), "{took:?}");
    assert!(said.contains("was read again"), "{said}");
}

#[test]
fn stops_in_the_middle_of_a_visit_that_hangs() {
    let server = Server::new(|_| Answer::hang());
    let project = newsletter(&[server.url("/feed")]);
    let running = Forever::start(&project);
    until("the request", || !server.take_log().is_empty());
    let (code, took, said) = running.stop("-INT");
    assert_eq!(code, Some(0), "{said}");
    assert!(took < Duration::from_secs(10), "{took:?}");
}

#[test]
fn what_passes_is_said_once_and_waited_for() {
    if crate::database::is_no_file() {
        return;
    }
    let server = Server::new(|_| Answer::ok(feed()));
    let project = newsletter(&[server.url("/feed")]);
    // A folder where the lock is to be: nothing can be locked until it is gone.
    std::fs::create_dir(project.path("newsdesk.db.lock")).expect("a folder");
    let running = Forever::start(&project);
    until("the complaint", || running.said().contains("error: "));
    sleep(Duration::from_secs(11));
    assert_eq!(running.said().matches("error: ").count(), 1);
    assert!(server.take_log().is_empty());
    std::fs::remove_dir(project.path("newsdesk.db.lock")).expect("it is empty");
    until("the poll", || !server.take_log().is_empty());
    until("the good news", || {
        running.said().contains("polling goes on\n")
    });
    let (code, _, said) = running.stop("-TERM");
    assert_eq!(code, Some(0), "{said}");
}

#[test]
fn goes_with_nothing_that_has_an_end() {
    let project = newsletter(&[]);
    for other in ["--all", "--dry-run", "https://a.example/"] {
        let run = project.run(&["poll", "--forever", other]).expect(2);
        assert!(run.stderr.contains("cannot be used with"), "{}", run.stderr);
    }
}
