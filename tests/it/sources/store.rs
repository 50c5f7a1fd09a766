//! Databases that cannot be used: refused with what to do, and not touched.

use super::*;
use sqlx::Connection as _;

/// Commands that open the store.
const COMMANDS: [&[&str]; 8] = [
    &["sources", "list"],
    &["sources", "health"],
    &["sources", "export"],
    &["sources", "add", "--as-is", "https://a.example/"],
    &["sources", "remove", "https://a.example/"],
    &["sources", "import", "empty.opml"],
    &["search", "word"],
    &["poll"],
];

/// Every command refuses the database with these words, and leaves it as it is.
#[track_caller]
fn check_refused(project: &Project, database: &[u8], expected: &str) {
    project.write("newsdesk.db", database);
    project.write("empty.opml", "<opml/>");
    for arguments in COMMANDS {
        let run = project.run(arguments).expect(2);
        assert!(
            run.stderr.contains(expected),
            "{arguments:?}: {}",
            run.stderr
        );
        assert!(
            run.stderr.contains("hint: "),
            "{arguments:?}: {}",
            run.stderr
        );
        assert_eq!(run.stdout, "", "{arguments:?}");
        let after = std::fs::read(project.path("newsdesk.db")).expect("a file");
        assert!(after == database, "{arguments:?}: the file was touched");
    }
}

/// The bytes of a database that newsdesk made.
fn database() -> Vec<u8> {
    let project = newsletter();
    add(&project, &["https://a.example/"]);
    let file = project.path("newsdesk.db");
    // Two connections that close at once may both leave the log to the next one.
    let whole = async {
        let options = sqlx::sqlite::SqliteConnectOptions::new().filename(&file);
        let mut connection = sqlx::SqliteConnection::connect_with(&options).await?;
        sqlx::query("PRAGMA wal_checkpoint(TRUNCATE)")
            .execute(&mut connection)
            .await?;
        connection.close().await
    };
    tokio::runtime::Runtime::new()
        .expect("a runtime")
        .block_on(whole)
        .expect("a database");
    std::fs::read(&file).expect("a file")
}

#[test]
fn a_damaged_file_is_refused() {
    if crate::database::is_no_file() {
        return;
    }
    let noise: Vec<u8> = (0..9000_u32).map(|n| (n * n % 251) as u8).collect();
    check_refused(&newsletter(), &noise, "is damaged");
    let mut torn = database();
    // All but the header page.
    torn[4096..].fill(0xa5);
    check_refused(&newsletter(), &torn, "is damaged");
}

#[test]
fn a_store_of_a_newer_version_is_refused() {
    if crate::database::is_no_file() {
        return;
    }
    let mut newer = database();
    // `user_version`, sqlite.org/fileformat2.html, section 1.3.
    newer[60..64].copy_from_slice(&99_u32.to_be_bytes());
    check_refused(&newsletter(), &newer, "was written by a newer newsdesk");
}

#[test]
fn a_database_of_somebody_else_is_refused() {
    if crate::database::is_no_file() {
        return;
    }
    let mut foreign = database();
    foreign[68..72].copy_from_slice(&7_u32.to_be_bytes());
    check_refused(&newsletter(), &foreign, "not one of newsdesk");
}

#[cfg(target_os = "linux")]
#[test]
fn a_folder_that_cannot_be_written_is_told() {
    if crate::database::is_no_file() {
        return;
    }
    // Nobody writes there, not even root.
    let project = newsletter_with("[store]\nfile = \"/proc/newsdesk.db\"\n");
    for arguments in [&["sources", "list"][..], &["search", "word"]] {
        let run = project.run(arguments).expect(2);
        assert!(run.stderr.contains("/proc/newsdesk.db"), "{}", run.stderr);
        assert!(run.stderr.contains("writable"), "{}", run.stderr);
    }
}
