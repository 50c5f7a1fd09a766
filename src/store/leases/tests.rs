use super::super::{Added, Options, Place, bench};
use super::*;
use crate::model::{Origin, Source};

const HOUR: Duration = Duration::from_hours(1);

/// A store on the server for tests; none where there is none.
async fn store(newsletter: &str, folder: &tempfile::TempDir) -> Option<Store> {
    let options = bench::options(folder.path());
    if !matches!(options.place, Place::Server(_)) {
        eprintln!("skipped: a file is not shared");
        return None;
    }
    let options = Options {
        newsletter: newsletter.to_owned(),
        ..options
    };
    Some(Store::open(&options).await.unwrap())
}

async fn add(store: &Store, url: &str) -> SourceId {
    let source = Source::new(url, Origin::Added);
    match store.add(&source, Utc::now()).await.unwrap() {
        Added::New(id) | Added::Known(id) => id,
    }
}

async fn lease(store: &Store, worker: Worker, hosts: usize, time: Duration) -> Vec<String> {
    let share = Share {
        hosts,
        sources: 2,
        time,
    };
    let leased = store.lease(worker, share, Utc::now()).await.unwrap();
    leased.sources.into_iter().map(|(_, due)| due.url).collect()
}

#[tokio::test]
async fn a_host_is_one_workers_until_it_is_given_back_or_runs_out() {
    let folder = tempfile::tempdir().unwrap();
    let Some(store) = store("test", &folder).await else {
        return;
    };
    for url in [
        "https://one.example/1",
        "https://one.example/2",
        "https://one.example/3",
    ] {
        add(&store, url).await;
    }
    add(&store, "https://two.example/4").await;
    let (one, two) = (Worker::new(), Worker::new());
    // All names below one domain are one host, and not more than a few sources of it at a time.
    assert_eq!(
        lease(&store, one, 1, HOUR).await,
        ["https://one.example/1", "https://one.example/2"]
    );
    assert_eq!(lease(&store, two, 9, HOUR).await, ["https://two.example/4"]);
    assert_eq!(lease(&store, two, 9, HOUR).await, [""; 0]);
    // It rests before the next one has it.
    let rest = Duration::from_millis(400);
    store
        .give_back(one, vec!["one.example".to_owned()], rest)
        .await
        .unwrap();
    let share = Share {
        hosts: 9,
        sources: 9,
        time: Duration::from_millis(1),
    };
    let leased = store.lease(two, share, Utc::now()).await.unwrap();
    assert_eq!(leased.sources, []);
    let free_in = leased.free_in.unwrap();
    assert!(free_in <= rest, "{free_in:?}");
    tokio::time::sleep(rest).await;
    assert_eq!(
        store
            .lease(two, share, Utc::now())
            .await
            .unwrap()
            .sources
            .len(),
        3
    );
    // Whoever died is not waited for; whoever lives renews.
    tokio::time::sleep(Duration::from_millis(20)).await;
    assert_eq!(lease(&store, one, 9, HOUR).await.len(), 2);
    store.renew(one, HOUR).await.unwrap();
    assert_eq!(lease(&store, two, 9, HOUR).await, [""; 0]);
    store.give_all_back(one, Duration::ZERO).await.unwrap();
    assert_eq!(lease(&store, two, 9, HOUR).await.len(), 2);
}

#[tokio::test]
async fn what_is_named_is_leased_whether_due_or_not() {
    let folder = tempfile::tempdir().unwrap();
    let Some(store) = store("test", &folder).await else {
        return;
    };
    let one = add(&store, "https://one.example/1").await;
    let two = add(&store, "https://two.example/2").await;
    store.postpone(one, Utc::now() + HOUR).await.unwrap();
    let (ours, theirs) = (Worker::new(), Worker::new());
    assert_eq!(
        lease(&store, theirs, 9, HOUR).await,
        ["https://two.example/2"]
    );
    let leased = store.lease_these(ours, &[one, two], HOUR).await.unwrap();
    let hosts: Vec<&str> = leased.iter().map(|(host, _)| host.as_str()).collect();
    assert_eq!(hosts, ["one.example"], "the other is theirs");
}

#[tokio::test]
async fn two_workers_at_once_never_have_the_same_host() {
    let folder = tempfile::tempdir().unwrap();
    let Some(store) = store("test", &folder).await else {
        return;
    };
    for host in 0..60 {
        add(&store, &format!("https://host-{host}.example/feed")).await;
    }
    let workers: Vec<_> = (0..6)
        .map(|_| {
            let store = store.clone();
            tokio::spawn(async move {
                let worker = Worker::new();
                let mut had = Vec::new();
                for _ in 0..20 {
                    had.extend(lease(&store, worker, 4, HOUR).await);
                }
                had
            })
        })
        .collect();
    let mut all = Vec::new();
    for worker in workers {
        all.extend(worker.await.unwrap());
    }
    let distinct: HashSet<&String> = all.iter().collect();
    assert_eq!((all.len(), distinct.len()), (60, 60));
}

#[tokio::test]
async fn a_small_newsletter_does_not_wait_for_a_large_one() {
    let folder = tempfile::tempdir().unwrap();
    let Some(large) = store("large", &folder).await else {
        return;
    };
    let small = store("small", &folder).await.unwrap();
    for host in 0..400 {
        add(&large, &format!("https://large-{host}.example/feed")).await;
    }
    for host in 0..4 {
        add(&small, &format!("https://small-{host}.example/feed")).await;
    }
    // Theirs have waited longer, and there are more than are ever visited in time.
    let mut turns = 0;
    let mut got = 0;
    while got < 4 && turns < 40 {
        let urls = lease(&small, Worker::new(), 4, HOUR).await;
        got += urls.iter().filter(|url| url.contains("small")).count();
        turns += 1;
    }
    assert!(got == 4 && turns < 40, "{got} of 4 after {turns} leases");
}
