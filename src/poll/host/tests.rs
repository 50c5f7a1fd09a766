use url::Url;

use super::*;

const LIMITS: Limits = Limits {
    all: 3,
    per_host: 1,
    pause: Duration::from_secs(1),
};

fn queue(limits: Limits, items: &[(&str, u32)]) -> Queue<u32> {
    Queue::new(
        limits,
        items.iter().map(|(host, item)| ((*host).to_owned(), *item)),
    )
}

fn secs(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

#[test]
fn names_a_host_by_what_somebody_registered() {
    let key = |url: &str| key(&Url::parse(url).unwrap()).unwrap();
    assert_eq!(key("https://www.reddit.com/r/x.rss"), "reddit.com");
    assert_eq!(key("https://old.reddit.com:443/r/x.rss"), "reddit.com");
    assert_eq!(key("http://old.reddit.com:8080/"), "reddit.com");
    assert_eq!(key("https://a.blogspot.com/"), "a.blogspot.com");
    assert_eq!(key("https://news.bbc.co.uk/"), "bbc.co.uk");
    assert_eq!(key("https://a.b.localhost/"), "b.localhost");
    assert_eq!(key("http://127.0.0.7:80/"), "127.0.0.7");
    assert_eq!(key("http://127.0.0.7:4001/"), "127.0.0.7:4001");
    assert_eq!(key("http://[2001:db8::1]/"), "[2001:db8::1]");
}

#[test]
fn asks_a_host_one_thing_at_a_time_with_a_rest_between() {
    let mut queue = queue(LIMITS, &[("a", 1), ("a", 2)]);
    assert_eq!(queue.next(secs(0)), Next::Visit(0, 1));
    assert_eq!(queue.next(secs(0)), Next::Busy);
    queue.done(0, secs(5));
    assert_eq!(queue.next(secs(5)), Next::Wait(secs(6)));
    assert_eq!(queue.next(secs(6)), Next::Visit(0, 2));
    queue.done(0, secs(7));
    assert_eq!(queue.next(secs(7)), Next::Done);
}

#[test]
fn asks_many_hosts_at_once_up_to_the_limit() {
    let mut queue = queue(LIMITS, &[("a", 1), ("a", 2), ("b", 3), ("c", 4), ("d", 5)]);
    assert_eq!(queue.next(secs(0)), Next::Visit(0, 1));
    assert_eq!(queue.next(secs(0)), Next::Visit(1, 3));
    assert_eq!(queue.next(secs(0)), Next::Visit(2, 4));
    assert_eq!(queue.next(secs(0)), Next::Busy);
    assert_eq!(queue.running(), 3);
    // The host that has waited longest comes first.
    queue.done(0, secs(1));
    assert_eq!(queue.next(secs(9)), Next::Visit(3, 5));
}

#[test]
fn a_host_may_be_allowed_more_at_once() {
    let limits = Limits {
        per_host: 2,
        ..LIMITS
    };
    let mut queue = queue(limits, &[("a", 1), ("a", 2), ("a", 3)]);
    assert_eq!(queue.next(secs(0)), Next::Visit(0, 1));
    assert_eq!(queue.next(secs(0)), Next::Visit(0, 2));
    assert_eq!(queue.next(secs(0)), Next::Busy);
    queue.done(0, secs(1));
    queue.done(0, secs(1));
    assert_eq!(queue.next(secs(2)), Next::Visit(0, 3));
    assert_eq!(queue.next(secs(9)), Next::Busy);
}

#[test]
fn leaves_a_host_alone_that_has_had_enough() {
    let mut queue = queue(LIMITS, &[("a", 1), ("a", 2), ("a", 3), ("b", 4)]);
    assert_eq!(queue.next(secs(0)), Next::Visit(0, 1));
    assert_eq!(queue.stop("a").collect::<Vec<_>>(), [2, 3]);
    queue.done(0, secs(1));
    assert_eq!(queue.next(secs(1)), Next::Visit(1, 4));
    queue.done(1, secs(1));
    assert_eq!(queue.next(secs(9)), Next::Done);
}

#[test]
fn ends_with_what_is_on_its_way() {
    let mut queue = queue(LIMITS, &[("a", 1), ("a", 2), ("b", 3)]);
    assert_eq!(queue.next(secs(0)), Next::Visit(0, 1));
    assert_eq!(queue.stop_all().collect::<Vec<_>>(), [2, 3]);
    assert_eq!(queue.next(secs(0)), Next::Busy);
    queue.done(0, secs(1));
    assert_eq!(queue.next(secs(1)), Next::Done);
}

#[test]
fn tells_who_comes_next() {
    let mut queue = queue(LIMITS, &[("a", 1), ("a", 2), ("b", 3), ("c", 4), ("d", 5)]);
    assert_eq!(queue.next(secs(0)), Next::Visit(0, 1));
    assert_eq!(queue.left(0).collect::<Vec<_>>(), [&2]);
    assert_eq!(queue.untouched(2).collect::<Vec<_>>(), [&3, &4]);
    assert_eq!(queue.untouched(2).collect::<Vec<_>>(), [&5]);
    assert_eq!(queue.untouched(2).count(), 0);
}

#[test]
fn what_redirects_lead_to_a_host_waits_for_its_turn() {
    let mut queue = queue(LIMITS, &[("a", 1), ("a", 2), ("b", 3)]);
    assert_eq!(queue.next(secs(0)), Next::Visit(0, 1));
    assert_eq!(queue.next(secs(0)), Next::Visit(1, 3));
    // Somebody is asking it.
    queue.done(1, secs(1));
    queue.add_first("a".to_owned(), 4, secs(1));
    assert_eq!(queue.next(secs(1)), Next::Busy);
    queue.done(0, secs(3));
    assert_eq!(queue.next(secs(3)), Next::Wait(secs(4)));
    assert_eq!(queue.next(secs(4)), Next::Visit(0, 4));
    // Nobody is, and it rests.
    queue.add_first("b".to_owned(), 5, secs(1));
    assert_eq!(queue.next(secs(1)), Next::Wait(secs(2)));
    assert_eq!(queue.next(secs(2)), Next::Visit(1, 5));
    queue.done(1, secs(3));
    queue.done(0, secs(5));
    assert_eq!(queue.next(secs(6)), Next::Visit(0, 2));
    queue.done(0, secs(7));
    // It was never heard of.
    queue.add_first("c".to_owned(), 6, secs(7));
    assert_eq!(queue.next(secs(7)), Next::Visit(2, 6));
    queue.done(2, secs(8));
    assert_eq!(queue.next(secs(9)), Next::Done);
}

#[test]
fn more_of_a_host_that_is_being_asked_waits() {
    let mut queue = queue(LIMITS, &[("a", 1)]);
    assert_eq!(queue.next(secs(0)), Next::Visit(0, 1));
    queue.add([("a".to_owned(), 2)], secs(0));
    assert_eq!(queue.next(secs(0)), Next::Busy);
    queue.done(0, secs(2));
    assert_eq!(queue.next(secs(2)), Next::Wait(secs(3)));
    assert_eq!(queue.next(secs(3)), Next::Visit(0, 2));
}
