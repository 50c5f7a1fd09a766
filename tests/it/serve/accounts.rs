//! `newsdesk user`.

use std::io::Write as _;
use std::process::Stdio;

use super::super::project::Run;
use super::{Project, add_user, site};

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
