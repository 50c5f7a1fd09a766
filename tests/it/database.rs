//! The database of a test: a file in its folder, or, where `NEWSDESK_TEST_POSTGRES` names a server,
//! a schema of its own there.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Mutex;

use sqlx::{AssertSqlSafe, Connection as _, Executor as _, PgConnection};

/// The schemas that were made.
static MADE: Mutex<BTreeSet<String>> = Mutex::new(BTreeSet::new());

/// The server for tests, if there is one.
pub(crate) fn server() -> Option<String> {
    std::env::var("NEWSDESK_TEST_POSTGRES")
        .ok()
        .filter(|address| !address.is_empty())
}

/// Whether this is about a file that there is not, because a server is tested.
pub(crate) fn is_no_file() -> bool {
    let is_server = server().is_some();
    if is_server {
        eprintln!("skipped: only a file is like this");
    }
    is_server
}

/// The address of a folder's database on the server for tests, if there is one.
pub(crate) fn address(folder: &Path) -> Option<String> {
    let server = server()?;
    let schema: String = folder
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
    let schema = format!("it{schema}_{}", std::process::id());
    if MADE.lock().expect("the list").insert(schema.clone()) {
        let statement = format!("CREATE SCHEMA {schema}");
        ask(&server, |mut connection| async move {
            connection
                .execute(AssertSqlSafe(statement))
                .await
                .expect("a schema");
        });
    }
    let sign = if server.contains('?') { '&' } else { '?' };
    Some(format!("{server}{sign}options=-c%20search_path%3D{schema}"))
}

/// The texts that a query gives on the server.
#[track_caller]
pub(crate) fn texts(address: &str, query: &'static str) -> Vec<String> {
    ask(address, |mut connection| async move {
        sqlx::query_scalar(query)
            .fetch_all(&mut connection)
            .await
            .expect("rows")
    })
}

/// Does something with a connection of its own.
fn ask<T: Send, F: Future<Output = T>>(
    address: &str,
    what: impl FnOnce(PgConnection) -> F + Send,
) -> T {
    let connect_and_ask = || {
        tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .expect("a runtime")
            .block_on(async {
                let connection = PgConnection::connect(address).await.expect("the server");
                what(connection).await
            })
    };
    // The test may be inside a runtime already.
    std::thread::scope(|scope| scope.spawn(connect_and_ask).join().expect("an answer"))
}
