//! A build while readers read: each gets a whole document, the old or the new.

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicBool, Ordering};

use super::{Server, site};

#[test]
fn readers_see_only_whole_documents() {
    let project = site("");
    let long = |word: &str| {
        let text = format!("{word} and more of it.\n\n").repeat(3000);
        let head = "---\ntitle: One\ndate: 2026-11-01\n---\n";
        project.write("issues/2026-11-01.md", format!("{head}{text}"));
        project.run(&["build"]).expect(0);
        project.read("feeds/public/atom.xml").into_bytes()
    };
    let versions = [long("Bread"), long("Butter")];
    let server = Server::start(&project);
    let done = AtomicBool::new(false);
    let seen = std::thread::scope(|scope| {
        let reader = scope.spawn(|| {
            let mut seen = BTreeSet::new();
            while !done.load(Ordering::Relaxed) {
                let answer = server.get("/atom.xml", &[]).expect(200);
                let version = versions.iter().position(|version| *version == answer.body);
                let version = version.expect("a whole document");
                seen.insert((version, answer.header("etag").to_owned()));
            }
            seen
        });
        for turn in 0..6 {
            long(if turn % 2 == 0 { "Bread" } else { "Butter" });
            let now = server.get("/atom.xml", &[]).expect(200);
            assert!(now.body == versions[turn % 2], "the build is seen at once");
        }
        done.store(true, Ordering::Relaxed);
        reader.join().unwrap()
    });
    // One tag for each version, and none for both.
    assert!((1..=2).contains(&seen.len()), "{seen:?}");
}

#[test]
fn a_large_file_that_is_replaced_is_sent_to_its_end() {
    use std::io::{Read as _, Write as _};
    let project = site("");
    project.write("feeds/public/talk.mp3", vec![b'a'; 30 << 20]);
    let server = Server::start(&project);
    let mut stream = server.connect();
    let request = "GET /talk.mp3 HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
    stream.write_all(request.as_bytes()).unwrap();
    let mut start = vec![0; 64 << 10];
    stream.read_exact(&mut start).unwrap();
    super::replace(&project, "feeds/public/talk.mp3", &vec![b'b'; 6 << 20]);
    let mut rest = Vec::new();
    stream.read_to_end(&mut rest).unwrap();
    assert!(rest.iter().all(|byte| *byte == b'a'));
    assert!(start.len() + rest.len() > 30 << 20);
    let new = server
        .get("/talk.mp3", &[("Range", "bytes=0-9")])
        .expect(206);
    assert_eq!(new.body, b"bbbbbbbbbb");
}

#[test]
fn documents_that_come_and_go_are_seen() {
    let project = site("");
    let server = Server::start(&project);
    server.get("/new.txt", &[]).expect(404);
    project.write("feeds/public/new.txt", "here");
    server.get("/new.txt", &[]).expect(200);
    std::fs::remove_file(project.path("feeds/public/new.txt")).unwrap();
    server.get("/new.txt", &[]).expect(404);
    std::fs::remove_dir_all(project.path("feeds/public")).unwrap();
    server.get("/atom.xml", &[]).expect(404);
    project.run(&["build"]).expect(0);
    server.get("/atom.xml", &[]).expect(200);
}
