//! A farm of feeds on loopback: many hosts, each with a few feeds of its own text, served as good
//! servers do: gzip, `ETag`, `Last-Modified`, 304, connections kept.
//!
//! Everything is made of a number, so
//! two farms of one size serve the same bytes. It listens on 127.0.0.0/8 alone.

use std::fmt::Write as _;
use std::io;
use std::net::Ipv4Addr;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use chrono::{DateTime, TimeDelta, Utc};
use flate2::Compression;
use flate2::write::GzEncoder;
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::oneshot;

/// How large a farm is.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Size {
    /// Addresses, from 127.0.0.1 on; at most 250.
    pub(crate) hosts: usize,
    /// Feeds, dealt over the hosts.
    pub(crate) feeds: usize,
    /// Entries in each feed.
    pub(crate) entries: usize,
}

/// A farm that serves until it is dropped.
pub(crate) struct Farm {
    size: Size,
    port: u16,
    shared: Arc<Shared>,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<thread::JoinHandle<()>>,
}

/// What the connections see.
struct Shared {
    feeds: Vec<Feed>,
    /// Feeds whose number is below this many in a thousand of all have one entry more.
    changed_per_mille: AtomicUsize,
    requests: AtomicUsize,
    connections: AtomicUsize,
    /// How long an answer takes.
    delay: Duration,
    /// Requests on their way, by host.
    busy: Vec<AtomicUsize>,
    /// Requests that found another one on its way to the same host.
    overlaps: AtomicUsize,
    /// Which feed was asked for when.
    log: Mutex<Vec<(usize, Instant)>>,
}

/// A feed in two states: as it is first, and with one entry more.
struct Feed {
    before: Document,
    after: Document,
}

struct Document {
    media_type: &'static str,
    gzip: Vec<u8>,
    etag: String,
    last_modified: String,
}

impl Farm {
    /// Makes the feeds and serves them.
    ///
    /// # Errors
    ///
    /// Where loopback addresses cannot be bound.
    pub(crate) fn start(size: Size) -> io::Result<Self> {
        Self::start_slow(size, Duration::ZERO)
    }

    /// The same, with answers that take this time.
    ///
    /// # Errors
    ///
    /// Where loopback addresses cannot be bound.
    pub(crate) fn start_slow(size: Size, delay: Duration) -> io::Result<Self> {
        let shared = Arc::new(Shared {
            feeds: (0..size.feeds).map(|number| feed(number, size)).collect(),
            changed_per_mille: AtomicUsize::new(0),
            requests: AtomicUsize::new(0),
            connections: AtomicUsize::new(0),
            delay,
            busy: (0..size.hosts).map(|_| AtomicUsize::new(0)).collect(),
            overlaps: AtomicUsize::new(0),
            log: Mutex::new(Vec::new()),
        });
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()?;
        let listeners = runtime.block_on(listen(size.hosts))?;
        let port = listeners[0].local_addr()?.port();
        let (stop, stopped) = oneshot::channel();
        let serving = Arc::clone(&shared);
        let thread = thread::spawn(move || {
            runtime.block_on(async move {
                for listener in listeners {
                    tokio::spawn(accept(listener, Arc::clone(&serving)));
                }
                let _ = stopped.await;
            });
        });
        Ok(Self {
            size,
            port,
            shared,
            stop: Some(stop),
            thread: Some(thread),
        })
    }

    /// The addresses of all feeds, in their order.
    pub(crate) fn urls(&self) -> Vec<String> {
        (0..self.size.feeds)
            .map(|number| {
                let host = number % self.size.hosts + 1;
                format!("http://127.0.0.{host}:{}/feed/{number}.xml", self.port)
            })
            .collect()
    }

    /// From now on so many feeds in a thousand have one entry more.
    pub(crate) fn change(&self, per_mille: usize) {
        self.shared
            .changed_per_mille
            .store(per_mille, Ordering::SeqCst);
    }

    /// Which feed was asked for when, since the last call, and how many requests found another one
    /// on its way to the same host.
    pub(crate) fn take_log(&self) -> (Vec<(usize, Instant)>, usize) {
        let log = std::mem::take(&mut *self.shared.log.lock().expect("the log"));
        (log, self.shared.overlaps.swap(0, Ordering::SeqCst))
    }

    /// Requests and connections since the last call.
    pub(crate) fn take_counts(&self) -> (usize, usize) {
        (
            self.shared.requests.swap(0, Ordering::SeqCst),
            self.shared.connections.swap(0, Ordering::SeqCst),
        )
    }
}

impl Drop for Farm {
    fn drop(&mut self) {
        if let Some(stop) = self.stop.take() {
            let _ = stop.send(());
        }
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

/// One listener for each host, all on one port.
async fn listen(hosts: usize) -> io::Result<Vec<TcpListener>> {
    // A port that is free on the first address may be taken on another; then the next is tried.
    for _ in 0..20 {
        let first = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
        let port = first.local_addr()?.port();
        let mut listeners = vec![first];
        for host in 2..=hosts {
            let host = u8::try_from(host).map_err(io::Error::other)?;
            match TcpListener::bind((Ipv4Addr::new(127, 0, 0, host), port)).await {
                Ok(listener) => listeners.push(listener),
                Err(_) => break,
            }
        }
        if listeners.len() == hosts {
            return Ok(listeners);
        }
    }
    Err(io::Error::other("no port is free on all addresses"))
}

async fn accept(listener: TcpListener, shared: Arc<Shared>) {
    while let Ok((stream, _)) = listener.accept().await {
        shared.connections.fetch_add(1, Ordering::SeqCst);
        let shared = Arc::clone(&shared);
        tokio::spawn(async move {
            // A client that goes away is its own affair.
            let _ = serve(stream, &shared).await;
        });
    }
}

/// Answers the requests of one connection.
async fn serve(stream: TcpStream, shared: &Shared) -> io::Result<()> {
    stream.set_nodelay(true)?;
    let mut stream = BufReader::new(stream);
    loop {
        let Some(request) = read_request(&mut stream).await? else {
            return Ok(());
        };
        shared.requests.fetch_add(1, Ordering::SeqCst);
        let feed = request.feed();
        let busy = feed.map(|feed| &shared.busy[feed % shared.busy.len()]);
        if let (Some(feed), Some(busy)) = (feed, busy) {
            let others = busy.fetch_add(1, Ordering::SeqCst);
            shared
                .overlaps
                .fetch_add(usize::from(others > 0), Ordering::SeqCst);
            let mut log = shared.log.lock().expect("the log");
            log.push((feed, Instant::now()));
        }
        let answer = answer(&request, shared);
        if !shared.delay.is_zero() {
            tokio::time::sleep(shared.delay).await;
        }
        if let Some(busy) = busy {
            busy.fetch_sub(1, Ordering::SeqCst);
        }
        stream.get_mut().write_all(&answer).await?;
    }
}

/// What the farm looks at in a request.
#[derive(Default)]
struct Request {
    path: String,
    if_none_match: Option<String>,
}

impl Request {
    /// The number of the feed that is asked for.
    fn feed(&self) -> Option<usize> {
        let rest = self.path.strip_prefix("/feed/")?;
        rest.strip_suffix(".xml")?.parse().ok()
    }
}

async fn read_request(stream: &mut BufReader<TcpStream>) -> io::Result<Option<Request>> {
    let mut request = Request::default();
    let mut line = String::new();
    for number in 0..100 {
        line.clear();
        if stream.read_line(&mut line).await? == 0 {
            return Ok(None);
        }
        let text = line.trim_end();
        if text.is_empty() {
            return Ok(Some(request));
        }
        if number == 0 {
            let path = text.split(' ').nth(1).unwrap_or_default();
            path.clone_into(&mut request.path);
        } else if let Some((name, value)) = text.split_once(':')
            && name.eq_ignore_ascii_case("if-none-match")
        {
            request.if_none_match = Some(value.trim().to_owned());
        }
    }
    Ok(None)
}

fn answer(request: &Request, shared: &Shared) -> Vec<u8> {
    let number = request.feed();
    let Some(feed) = number.and_then(|number| shared.feeds.get(number)) else {
        return b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n".to_vec();
    };
    let changed = shared.changed_per_mille.load(Ordering::SeqCst);
    // Spread over the hosts: every so many feeds, not the first ones.
    let document = if number.unwrap_or(0) * 7 % 1000 < changed {
        &feed.after
    } else {
        &feed.before
    };
    let validators = format!(
        "ETag: {}\r\nLast-Modified: {}\r\n",
        document.etag, document.last_modified
    );
    if request.if_none_match.as_deref() == Some(&document.etag) {
        return format!("HTTP/1.1 304 Not Modified\r\n{validators}\r\n").into_bytes();
    }
    let mut answer = format!(
        "HTTP/1.1 200 OK\r\n{validators}Content-Type: {}\r\nContent-Encoding: gzip\r\n\
         Content-Length: {}\r\n\r\n",
        document.media_type,
        document.gzip.len()
    )
    .into_bytes();
    answer.extend_from_slice(&document.gzip);
    answer
}

/// A feed: RSS where its number is even, Atom where it is odd.
fn feed(number: usize, size: Size) -> Feed {
    let document = |entries: std::ops::Range<usize>, state: &str| {
        let count = entries.len();
        let (media_type, text) = if number.is_multiple_of(2) {
            ("application/rss+xml; charset=utf-8", rss(number, entries))
        } else {
            ("application/atom+xml", atom(number, entries))
        };
        let mut gzip = GzEncoder::new(Vec::new(), Compression::fast());
        io::Write::write_all(&mut gzip, text.as_bytes()).expect("memory takes all");
        Document {
            media_type,
            gzip: gzip.finish().expect("memory takes all"),
            etag: format!("\"feed-{number}-{state}-{count}\""),
            last_modified: if state == "before" {
                "Sun, 01 Nov 2026 08:00:00 GMT".to_owned()
            } else {
                "Mon, 02 Nov 2026 08:00:00 GMT".to_owned()
            },
        }
    };
    Feed {
        before: document(0..size.entries, "before"),
        after: document(1..size.entries + 1, "after"),
    }
}

fn rss(feed: usize, entries: std::ops::Range<usize>) -> String {
    let mut text = format!(
        "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<rss version=\"2.0\" \
         xmlns:content=\"http://purl.org/rss/1.0/modules/content/\" \
         xmlns:dc=\"http://purl.org/dc/elements/1.1/\"><channel><title>Blog {feed}</title>\
         <link>http://blog-{feed}.example/</link><description>Notes of blog {feed}</description>\n"
    );
    for entry in entries.rev() {
        let mut words = Words::new(feed, entry);
        let _ = writeln!(
            text,
            "<item><title>{}</title><link>http://blog-{feed}.example/{entry}</link>\
             <guid isPermaLink=\"true\">http://blog-{feed}.example/{entry}</guid>\
             <pubDate>{}</pubDate><dc:creator>{}</dc:creator><category>{}</category>\
             <description>{}</description><content:encoded><![CDATA[{}]]></content:encoded></item>",
            words.sentence(7),
            date(entry).format("%a, %d %b %Y %H:%M:%S GMT"),
            words.name(),
            words.word(),
            words.sentence(20),
            words.html(),
        );
    }
    text.push_str("</channel></rss>\n");
    text
}

fn atom(feed: usize, entries: std::ops::Range<usize>) -> String {
    let mut text = format!(
        "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<feed xmlns=\"http://www.w3.org/2005/Atom\">\
         <title>Blog {feed}</title><id>tag:blog-{feed}.example,2026:feed</id>\
         <link href=\"http://blog-{feed}.example/\"/><updated>{}</updated>\n",
        date(entries.end).format("%Y-%m-%dT%H:%M:%SZ")
    );
    for entry in entries.rev() {
        let mut words = Words::new(feed, entry);
        let when = date(entry).format("%Y-%m-%dT%H:%M:%SZ");
        let _ = writeln!(
            text,
            "<entry><title>{}</title><link href=\"http://blog-{feed}.example/{entry}\"/>\
             <id>tag:blog-{feed}.example,2026:{entry}</id><published>{when}</published>\
             <updated>{when}</updated><author><name>{}</name></author><category term=\"{}\"/>\
             <summary>{}</summary><content type=\"html\"><![CDATA[{}]]></content></entry>",
            words.sentence(7),
            words.name(),
            words.word(),
            words.sentence(20),
            words.html(),
        );
    }
    text.push_str("</feed>\n");
    text
}

/// Entry after entry, a day and a bit apart.
fn date(entry: usize) -> DateTime<Utc> {
    let first: DateTime<Utc> = "2026-09-01T06:00:00Z".parse().expect("an instant");
    let entry = i64::try_from(entry).expect("a small number");
    first + TimeDelta::minutes(entry * 1_500)
}

/// Words out of a number: syllables, so that there are many and they repeat as words do.
struct Words(fastrand::Rng);

impl Words {
    fn new(feed: usize, entry: usize) -> Self {
        let seed = (feed as u64) << 20 | entry as u64;
        Self(fastrand::Rng::with_seed(seed))
    }

    fn word(&mut self) -> String {
        const SYLLABLES: [&str; 20] = [
            "ka", "lo", "mir", "ten", "sa", "ru", "vel", "no", "pi", "dar", "es", "um", "tor",
            "li", "ban", "che", "fo", "gra", "hin", "jo",
        ];
        // Two rolls multiplied: small numbers, so common words, come often.
        let rank = self.0.usize(..90) * self.0.usize(..90);
        let mut rest = rank;
        let mut word = String::new();
        loop {
            word.push_str(SYLLABLES[rest % SYLLABLES.len()]);
            rest /= SYLLABLES.len();
            if rest == 0 {
                return word;
            }
        }
    }

    fn name(&mut self) -> String {
        format!("{} {}", self.word(), self.word())
    }

    fn sentence(&mut self, length: usize) -> String {
        let words: Vec<String> = (0..length).map(|_| self.word()).collect();
        words.join(" ")
    }

    /// About a thousand bytes of what blogs have.
    fn html(&mut self) -> String {
        let page = self.word();
        format!(
            "<p>{} <a href=\"http://{page}.example/{}\">{}</a> {}.</p>\n<p>{} <em>{}</em> {}.</p>\n\
             <ul><li>{}</li><li>{}</li></ul>\n<p><img src=\"http://{page}.example/p.png\" \
             alt=\"{}\" width=\"640\" height=\"480\"> {} <code>{}</code> &amp; {}.</p>",
            self.sentence(25),
            self.word(),
            self.sentence(3),
            self.sentence(12),
            self.sentence(20),
            self.sentence(2),
            self.sentence(25),
            self.sentence(8),
            self.sentence(8),
            self.sentence(4),
            self.sentence(15),
            self.word(),
            self.sentence(20),
        )
    }
}
