//! `newsdesk user`.

use std::io::Write as _;
use std::process::Stdio;

use super::super::project::Run;
use super::{Project, Server, add_user, sign_in, site};

/// Runs the program with something on standard input.
pub(super) fn with_input(project: &Project, arguments: &[&str], input: &str) -> Run {
    let mut child = project
        .command(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // It may end before it has read anything.
    let _ = child.stdin.take().unwrap().write_all(input.as_bytes());
    let output = child.wait_with_output().unwrap();
    Run {
        code: output.status.code().unwrap_or(-1),
        stdout: String::from_utf8_lossy(&output.stdout).into_owned(),
        stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
    }
}

#[test]
fn accounts_are_added_listed_and_removed() {
    let project = site("");
    let none = project.run(&["user", "list"]).expect(0);
    assert_eq!(none.stdout, "");
    assert!(none.stderr.contains("there are no accounts"));
    let added = with_input(
        &project,
        &["user", "add", "Ada", "--curator", "Ada Lovelace"],
        "correct horse\n",
    );
    let added = added.expect(0);
    assert_eq!(
        added.stderr,
        "`ada` may sign in; decisions carry the name `Ada Lovelace`\n"
    );
    add_user(&project, "ben", "ben", "correct horse");
    let list = project.run(&["user", "list"]).expect(0);
    assert_eq!(list.stdout, "ada (Ada Lovelace)\nben\n");
    let json = project.run(&["user", "list", "--json"]).expect(0).json();
    assert_eq!(
        json[0],
        serde_json::json!({
            "name": "ada", "curator": "Ada Lovelace",
            "added": super::NOW, "password_set": super::NOW,
        })
    );
    let again = with_input(&project, &["user", "add", "ADA"], "correct horse\n").expect(2);
    assert!(
        again.stderr.contains("there is an account `ada` already"),
        "{}",
        again.stderr
    );
    project.run(&["user", "remove", "Ada"]).expect(0);
    let gone = project.run(&["user", "remove", "Ada"]).expect(2);
    assert!(
        gone.stderr.contains("there is no account `ada`\nhint: "),
        "{}",
        gone.stderr
    );
    let gone = with_input(&project, &["user", "password", "ada"], "correct horse\n").expect(2);
    assert!(
        gone.stderr.contains("there is no account"),
        "{}",
        gone.stderr
    );
    assert_eq!(project.run(&["user", "list"]).expect(0).stdout, "ben\n");
}

#[test]
fn passwords_come_from_standard_input_and_are_kept_as_hashes() {
    if crate::database::is_no_file() {
        return;
    }
    let project = site("");
    for (input, said) in [
        ("", "standard input has no password"),
        ("\n", "standard input has no password"),
        ("short\n", "the password is too short"),
    ] {
        let run = with_input(&project, &["user", "add", "ada"], input).expect(2);
        assert!(run.stderr.contains(said), "{}", run.stderr);
    }
    with_input(&project, &["user", "add", "a b"], "correct horse\n").expect(2);
    with_input(&project, &["user", "add", "ada", "--password", "x"], "").expect(2);
    with_input(&project, &["user", "add", "ada"], "correct horse\r\n").expect(0);
    let mut found = false;
    for (path, bytes) in project.tree("") {
        let has = |text: &str| {
            bytes
                .windows(text.len())
                .any(|window| window == text.as_bytes())
        };
        assert!(!has("correct horse"), "{path}");
        found |= path.contains("newsdesk.db") && has("$argon2id$v=19$m=19456,t=2,p=1$");
    }
    assert!(found);
}

/// A server whose clock goes.
fn start_for_real(project: &Project) -> Server {
    Server::spawn(
        project
            .command(&["serve", "--address", "127.0.0.1:0"])
            .env_remove("NEWSDESK_NOW"),
    )
}

/// The key of the link that was printed last, once there are this many.
fn key(server: &Server, number: usize) -> String {
    let mark = "sign in, once: ";
    let said = server.hear_often(mark, number);
    let link = said.rsplit_once(mark).unwrap().1;
    let key = link.split_once("/review/login?key=").unwrap().1;
    key.trim().to_owned()
}

#[test]
fn without_accounts_a_printed_link_signs_in_once() {
    let project = site("");
    let server = start_for_real(&project);
    let first = key(&server, 1);
    // What a proxy on this machine sends looks like what this machine sends.
    for path in [
        "/review/login",
        "/review/login?key=",
        "/review/login?key=00",
    ] {
        let page = server.get(path, &[]).expect(403);
        assert!(page.text().contains("newsdesk serve"), "{}", page.text());
    }
    let page = server.get(&format!("/review/login?key={first}"), &[]);
    let page = page.expect(200);
    let (cookies, csrf) = (page.cookies(), page.csrf());
    let send = |key: &str, name: &str| {
        let form = [
            ("csrf", &*csrf),
            ("name", name),
            ("key", key),
            ("next", "/review"),
        ];
        server.post("/review/login", &[("Cookie", &cookies)], &form)
    };
    send("", "Ada").expect(403);
    // A name that is none does not use it up.
    send(&first, " ").expect(401);
    let session = send(&first, "Ada").expect(303).cookies();
    server.get("/review", &[("Cookie", &session)]).expect(200);
    let second = key(&server, 2);
    assert_ne!(first, second);
    send(&first, "Mallory").expect(403);
    send(&second, "Ben").expect(303);
}

#[test]
fn with_accounts_no_link_is_printed() {
    let project = site("");
    add_user(&project, "ada", "Ada", "correct horse battery");
    let server = start_for_real(&project);
    server.get("/review/login", &[]).expect(200);
    assert!(
        !server.said().contains("sign in, once"),
        "{}",
        server.said()
    );
    let page = sign_in(&server, "ada", "another password")
        .expect(401)
        .text();
    assert!(page.contains("value=\"ada\""), "{page}");
    assert!(!page.contains("another password"), "{page}");
}
