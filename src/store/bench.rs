//! A database for a test: a file in a folder of its own, or, where `NEWSDESK_TEST_POSTGRES` names a
//! server, a schema of its own there.

use std::path::Path;

use sqlx::{AssertSqlSafe, Connection as _, Executor as _, PgConnection};

use super::{Options, Place, Server};

/// The variable that names a server for tests.
const SERVER: &str = "NEWSDESK_TEST_POSTGRES";

/// The database of a folder; the same one for the same folder.
pub(super) fn options(folder: &Path) -> Options {
    match server() {
        None => file(folder),
        Some(server) => Options {
            place: Place::Server(schema(&server, folder)),
            newsletter: "test".to_owned(),
            keep: Options::KEEP,
        },
    }
}

/// The database of a folder that is a file, whatever is there for tests.
pub(super) fn file(folder: &Path) -> Options {
    Options {
        place: Place::File(folder.join(Options::FILE)),
        newsletter: "test".to_owned(),
        keep: Options::KEEP,
    }
}

/// The server for tests, if there is one.
pub(super) fn server() -> Option<String> {
    std::env::var(SERVER)
        .ok()
        .filter(|address| !address.is_empty())
}

/// How many cases of a property are tried: as many as `PROPTEST_CASES` says, or else these.
pub(super) fn cases(usual: u32) -> u32 {
    let asked = std::env::var("PROPTEST_CASES").ok();
    asked.and_then(|cases| cases.parse().ok()).unwrap_or(usual)
}

fn schema(server: &str, folder: &Path) -> Server {
    let name: String = folder
        .file_name()
        .map(|name| name.to_string_lossy())
        .unwrap_or_default()
        .chars()
        .map(|c| {
            if c.is_ascii_alphanumeric() {
                c.to_ascii_lowercase()
            } else {
                '_'
            }
        })
        .collect();
    let name = format!("test{name}_{}", std::process::id());
    let statement = format!("CREATE SCHEMA IF NOT EXISTS {name}");
    let address = server.to_owned();
    // A test may be inside a runtime already.
    std::thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .unwrap();
        runtime.block_on(async {
            let mut connection = PgConnection::connect(&address).await.unwrap();
            connection.execute(AssertSqlSafe(statement)).await.unwrap();
            connection.close().await.unwrap();
        });
    })
    .join()
    .unwrap();
    let sign = if server.contains('?') { '&' } else { '?' };
    Server::parse(&format!("{server}{sign}options=-c%20search_path%3D{name}")).unwrap()
}
