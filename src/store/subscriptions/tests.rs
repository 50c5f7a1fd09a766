use chrono::TimeDelta;

use super::super::{Added, bench};
use super::*;
use crate::model::{Origin, RequestHeader, Source};

fn at(minutes: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(1_800_000_000, 0).unwrap() + TimeDelta::minutes(minutes)
}

async fn open() -> (tempfile::TempDir, Store) {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(&bench::options(folder.path())).await.unwrap();
    (folder, store)
}

async fn add(store: &Store, url: &str, headers: Vec<RequestHeader>) -> SourceId {
    let source = Source {
        url: url.to_owned(),
        title: None,
        site: None,
        kind: None,
        tags: Vec::new(),
        every: None,
        headers,
        manner: crate::model::Manner::default(),
        enabled: true,
        origin: Origin::Added,
    };
    match store.add(&source, at(0)).await.unwrap() {
        Added::New(id) | Added::Known(id) => id,
    }
}

fn announced(topic: &str) -> Announced {
    Announced {
        hub: "https://hub.example/".to_owned(),
        topic: topic.to_owned(),
    }
}

fn wanted(source: SourceId, token: &str, topic: &str) -> Subscription {
    Subscription {
        token: token.to_owned(),
        source,
        hub: "https://hub.example/".to_owned(),
        topic: topic.to_owned(),
        callback: "https://news.example/websub".to_owned(),
        secret: Some("secret".to_owned()),
        phase: Phase::Wanted,
        next: at(0),
        pending: None,
        since: None,
        ends: None,
        failures: 0,
        pinged: None,
        is_trusted: false,
        message: None,
    }
}

const A: &str = "https://a.example/feed";

#[tokio::test]
async fn lists_the_sources_that_have_a_hub_and_no_subscription() {
    let (_folder, store) = open().await;
    let (a, b) = (
        add(&store, A, Vec::new()).await,
        add(&store, "https://b.example/feed", Vec::new()).await,
    );
    let header = RequestHeader {
        name: "Authorization".to_owned(),
        variable: "TOKEN".to_owned(),
    };
    let secret = add(&store, "https://c.example/feed", vec![header]).await;
    let notes = [a, b, secret].map(|id| (id, Some(announced(A))));
    store.note_announced(&notes).await.unwrap();
    let listed = |all: Vec<(SourceId, Announced)>| -> Vec<SourceId> {
        all.into_iter().map(|(id, _)| id).collect()
    };
    assert_eq!(listed(store.unsubscribed().await.unwrap()), [a, b]);
    store.disable(b).await.unwrap();
    assert_eq!(listed(store.unsubscribed().await.unwrap()), [a]);
    store.add_subscription(&wanted(a, "t", A)).await.unwrap();
    assert_eq!(listed(store.unsubscribed().await.unwrap()), []);
    store.note_announced(&[(a, None)]).await.unwrap();
    let ended = store.end_superseded("https://news.example/websub", at(1));
    assert_eq!(ended.await.unwrap(), 1);
    let found = store.subscription("t").await.unwrap().unwrap();
    assert_eq!((found.phase, found.next), (Phase::Leaving, at(1)));
}

#[tokio::test]
async fn another_topic_or_no_source_ends_a_subscription() {
    for change in ["nothing", "topic", "removed"] {
        let (_folder, store) = open().await;
        let a = add(&store, A, Vec::new()).await;
        store
            .note_announced(&[(a, Some(announced(A)))])
            .await
            .unwrap();
        store.add_subscription(&wanted(a, "t", A)).await.unwrap();
        let callback = "https://news.example/websub";
        match change {
            "topic" => {
                let other = announced("https://a.example/other");
                store.note_announced(&[(a, Some(other))]).await.unwrap();
            }
            "removed" => store.remove(a, at(1)).await.map(drop).unwrap(),
            _ => {}
        }
        let ended = store.end_superseded(callback, at(1)).await.unwrap();
        assert_eq!(ended, u64::from(change != "nothing"), "{change}");
        // What is being ended stays so.
        assert_eq!(store.end_superseded(callback, at(2)).await.unwrap(), 0);
    }
}

#[tokio::test]
async fn a_subscription_holds_until_its_lease_ends_or_the_hub_denies_it() {
    let (_folder, store) = open().await;
    let a = add(&store, A, Vec::new()).await;
    store.add_subscription(&wanted(a, "t", A)).await.unwrap();
    let due = |minutes| store.subscriptions_due("https://news.example/websub", at(minutes), 10);
    assert_eq!(due(0).await.unwrap(), [wanted(a, "t", A)]);
    store.begin_asking("t", at(60), at(30)).await.unwrap();
    assert_eq!(due(29).await.unwrap(), []);
    assert_eq!(due(30).await.unwrap().len(), 1);
    let held = store.hold("t", at(1000), at(800), at(11), at(1));
    assert!(held.await.unwrap());
    assert!(store.leases(&[], at(2)).await.unwrap().is_empty());
    let lease = Lease {
        ends: at(1000),
        is_trusted: false,
        pinged: None,
    };
    let leases = async |minutes| store.leases(&[a], at(minutes)).await.unwrap();
    assert_eq!(leases(2).await.get(&a), Some(&lease));
    assert!(leases(1000).await.is_empty());
    store.note_ping("t", a, at(3)).await.unwrap();
    let trusted = Lease {
        is_trusted: true,
        pinged: Some(at(3)),
        ..lease
    };
    assert_eq!(leases(4).await.get(&a), Some(&trusted));
    assert_eq!(store.due(at(4)).await.unwrap()[0].next_visit, None);
    store.distrust(a).await.unwrap();
    assert!(!leases(4).await[&a].is_trusted);
    // Held again, it holds since the first time.
    assert!(
        store
            .hold("t", at(2000), at(1800), at(810), at(800))
            .await
            .unwrap()
    );
    let found = store.subscriptions().await.unwrap().remove(&a).unwrap();
    assert_eq!((found.since, found.ends), (Some(at(1)), Some(at(2000))));
    store.deny("t", at(9000), "no more").await.unwrap();
    assert!(leases(4).await.is_empty());
    let found = store.subscription("t").await.unwrap().unwrap();
    assert_eq!(found.phase, Phase::Denied);
    assert_eq!(found.message.as_deref(), Some("no more"));
    store.forget_subscription("t").await.unwrap();
    assert_eq!(store.subscription("t").await.unwrap(), None);
}

#[tokio::test]
async fn what_is_being_ended_is_held_no_more_and_a_removed_source_is_never_due() {
    let (_folder, store) = open().await;
    let a = add(&store, A, Vec::new()).await;
    store.add_subscription(&wanted(a, "t", A)).await.unwrap();
    // Its feed names no hub.
    store
        .end_superseded("https://news.example/websub", at(1))
        .await
        .unwrap();
    let held = store.hold("t", at(1000), at(800), at(11), at(2));
    assert!(!held.await.unwrap());
    store.remove(a, at(3)).await.unwrap();
    store.note_ping("t", a, at(4)).await.unwrap();
    store.make_due(a).await.unwrap();
    assert_eq!(store.due(at(5)).await.unwrap(), []);
    store
        .asking_failed("t", 2, at(50), Some("503"))
        .await
        .unwrap();
    let found = store.subscription("t").await.unwrap().unwrap();
    assert_eq!((found.failures, found.next), (2, at(50)));
    assert_eq!(found.message.as_deref(), Some("503"));
}

#[tokio::test]
async fn newsletters_that_share_a_store_leave_each_other_alone() {
    let (_folder, store) = open().await;
    let a = add(&store, A, Vec::new()).await;
    let notes = [(a, Some(announced(A)))];
    store.note_announced(&notes).await.unwrap();
    let ours = wanted(a, "ours", A);
    let theirs = Subscription {
        callback: "https://other.example/hub".to_owned(),
        ..wanted(a, "theirs", A)
    };
    store.add_subscription(&ours).await.unwrap();
    // A source has one.
    store.add_subscription(&theirs).await.unwrap();
    assert_eq!(store.subscription("theirs").await.unwrap(), None);
    let due = async |callback: &str| {
        let due = store.subscriptions_due(callback, at(1), 10).await.unwrap();
        due.len()
    };
    assert_eq!(due(&ours.callback).await, 1);
    assert_eq!(due(&theirs.callback).await, 0);
    store.note_announced(&[(a, None)]).await.unwrap();
    let end = async |minutes| {
        let ended = store.end_superseded(&theirs.callback, at(minutes)).await;
        assert_eq!(ended.unwrap(), 0);
        store.subscription("ours").await.unwrap()
    };
    assert_eq!(end(1).await, Some(ours.clone()));
    // Nobody looks after it any more.
    assert_eq!(end(2 * 24 * 60).await, Some(ours));
    assert_eq!(end(2 * 24 * 60 + 1).await, None);
}

#[tokio::test]
async fn knows_which_hubs_feeds_name() {
    let (_folder, store) = open().await;
    let a = add(&store, A, Vec::new()).await;
    let b = add(&store, "https://b.example/feed", Vec::new()).await;
    let notes = [(a, Some(announced(A))), (b, None)];
    store.note_announced(&notes).await.unwrap();
    let known = store.announced(&[a, b]).await.unwrap();
    assert_eq!(known.into_iter().collect::<Vec<_>>(), [(a, announced(A))]);
    assert!(store.announced(&[b]).await.unwrap().is_empty());
}
