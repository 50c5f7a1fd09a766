use chrono::TimeDelta;
use sqlx::sqlite::{SqliteConnectOptions, SqlitePool};
use sqlx::{AssertSqlSafe, Executor as _};
use tempfile::TempDir;

use super::super::migrations::{APPLICATION, STEPS};
use super::super::{Options, Place, Store, bench};
use super::*;

fn at(days: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(1_800_000_000, 0).unwrap() + TimeDelta::days(days)
}

fn options(folder: &TempDir) -> Options {
    bench::options(folder.path())
}

fn account(name: &str) -> Account {
    Account {
        name: name.to_owned(),
        curator: name.to_uppercase(),
        password: format!("hash of {name}"),
        added: at(0),
        changed: at(0),
    }
}

fn session(account: Option<&str>, days: i64) -> Session {
    Session {
        account: account.map(str::to_owned),
        curator: "ADA".to_owned(),
        made: at(days),
        expires: at(days + 14),
    }
}

#[tokio::test]
async fn a_store_of_the_first_version_learns_of_accounts() {
    let folder = tempfile::tempdir().unwrap();
    let options = bench::file(folder.path());
    let Place::File(place) = &options.place else {
        unreachable!("it is a file")
    };
    let connect = SqliteConnectOptions::new()
        .filename(place)
        .create_if_missing(true);
    let pool = SqlitePool::connect_with(connect).await.unwrap();
    let mark = format!("PRAGMA user_version = 1; PRAGMA application_id = {APPLICATION}");
    for statements in [STEPS[0].to_owned(), mark] {
        let statements = sqlx::raw_sql(AssertSqlSafe(statements));
        pool.execute(statements).await.unwrap();
    }
    pool.close().await;
    let store = Store::open(&options).await.unwrap();
    assert!(!store.has_accounts().await.unwrap());
    assert!(store.add_account(&account("ada")).await.unwrap());
    assert!(store.has_accounts().await.unwrap());
}

#[tokio::test]
async fn a_session_holds_as_long_as_what_it_was_made_with() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(&options(&folder)).await.unwrap();
    let open = session(None, 0);
    assert!(store.begin_session(&[1; 32], &open, None).await.unwrap());
    assert_eq!(store.session(&[1; 32], at(13)).await.unwrap(), Some(open));
    assert_eq!(store.session(&[1; 32], at(14)).await.unwrap(), None);
    assert_eq!(store.session(&[2; 32], at(0)).await.unwrap(), None);
    // With the first account, sessions without one hold no more, and none begins.
    assert!(store.add_account(&account("ada")).await.unwrap());
    assert!(!store.add_account(&account("ada")).await.unwrap());
    assert_eq!(store.session(&[1; 32], at(1)).await.unwrap(), None);
    let open = session(None, 1);
    assert!(!store.begin_session(&[2; 32], &open, None).await.unwrap());
    // The password was changed, or the account removed, between its check and the session.
    let begin = async |token: u8, name: &str, password: &str| {
        let (token, session) = ([token; 32], session(Some(name), 1));
        let begun = store.begin_session(&token, &session, Some(password));
        begun.await.unwrap()
    };
    assert!(!begin(3, "ada", "an older hash").await);
    assert!(!begin(3, "ben", "hash of ben").await);
    assert!(begin(3, "ada", "hash of ada").await);
    assert!(store.session(&[3; 32], at(2)).await.unwrap().is_some());
    assert!(store.set_password("ada", "new", at(2)).await.unwrap());
    assert_eq!(store.session(&[3; 32], at(2)).await.unwrap(), None);
    assert!(begin(4, "ada", "new").await);
    assert!(store.remove_account("ada").await.unwrap());
    assert_eq!(store.session(&[4; 32], at(2)).await.unwrap(), None);
    assert!(!store.remove_account("ada").await.unwrap());
    assert!(!store.set_password("ada", "new", at(2)).await.unwrap());
}

#[tokio::test]
async fn sessions_that_ended_are_forgotten() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(&options(&folder)).await.unwrap();
    for token in 0..5 {
        let session = session(None, i64::from(token));
        store
            .begin_session(&[token; 32], &session, None)
            .await
            .unwrap();
    }
    store.extend_session(&[0; 32], at(90)).await.unwrap();
    store.end_session(&[4; 32]).await.unwrap();
    let late = session(None, 60);
    store.begin_session(&[9; 32], &late, None).await.unwrap();
    let left: i64 = query_scalar("SELECT count(*) FROM session")
        .fetch_one(&store.pool)
        .await
        .unwrap();
    assert_eq!(left, 2);
}

#[tokio::test]
async fn an_account_opens_the_pages_of_its_own_newsletter_alone() {
    let folder = tempfile::tempdir().unwrap();
    let ours = Store::open(&options(&folder)).await.unwrap();
    let theirs = Options {
        newsletter: "other".to_owned(),
        ..options(&folder)
    };
    let theirs = Store::open(&theirs).await.unwrap();
    assert!(ours.add_account(&account("ada")).await.unwrap());
    assert!(!theirs.has_accounts().await.unwrap());
    assert_eq!(theirs.account("ada").await.unwrap(), None);
    let signed_in = session(Some("ada"), 0);
    let password = Some("hash of ada");
    assert!(
        !theirs
            .begin_session(&[1; 32], &signed_in, password)
            .await
            .unwrap()
    );
    assert!(
        ours.begin_session(&[1; 32], &signed_in, password)
            .await
            .unwrap()
    );
    assert!(ours.session(&[1; 32], at(1)).await.unwrap().is_some());
    assert_eq!(theirs.session(&[1; 32], at(1)).await.unwrap(), None);
    // The same name is somebody else there.
    assert!(theirs.add_account(&account("ada")).await.unwrap());
    assert!(theirs.remove_account("ada").await.unwrap());
    assert!(ours.session(&[1; 32], at(1)).await.unwrap().is_some());
}
