//! A real server on loopback: it answers as a test tells it, and remembers who asked what.

use std::collections::HashMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// What a client asked.
#[derive(Clone, Debug)]
pub(crate) struct Request {
    pub(crate) method: String,
    pub(crate) path: String,
    /// Names in small letters.
    headers: Vec<(String, String)>,
    /// What it sent.
    pub(crate) body: String,
    /// The requests for this path before it.
    pub(crate) before: usize,
    /// The requests that were being answered when it came, itself among them.
    pub(crate) at_once: usize,
}

impl Request {
    /// The value of a header field, by its name in small letters.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        let mut named = self.headers.iter().filter(|(known, _)| known == name);
        named.next().map(|(_, value)| value.as_str())
    }

    /// `ETag` and `Last-Modified` as they were sent back.
    pub(crate) fn validators(&self) -> (Option<&str>, Option<&str>) {
        (
            self.header("if-none-match"),
            self.header("if-modified-since"),
        )
    }
}

/// What a server does with a request.
#[derive(Clone, Debug)]
pub(crate) struct Answer {
    status: u16,
    headers: Vec<(String, Vec<u8>)>,
    body: Body,
}

#[derive(Clone, Debug)]
enum Body {
    Whole(Vec<u8>),
    /// In chunks (RFC 9112, section 7.1).
    Chunked(Vec<u8>),
    /// Fewer bytes than announced, then the end of the connection.
    Broken(Vec<u8>),
    /// A start, then the same piece again and again for as long as somebody reads.
    Endless(Vec<u8>, Vec<u8>),
    /// A start, then a byte now and then.
    Drip(Vec<u8>),
    /// No answer at all.
    Hang,
    /// Header fields without end.
    EndlessHead,
    /// These bytes and no others, header and all; then the end of the connection.
    Raw(Vec<u8>),
    /// After a while, so that requests at the same time meet.
    Slow(Vec<u8>),
}

impl Answer {
    pub(crate) fn status(status: u16) -> Self {
        Self {
            status,
            headers: Vec::new(),
            body: Body::Whole(Vec::new()),
        }
    }

    /// 200 with a body.
    pub(crate) fn ok(body: impl Into<Vec<u8>>) -> Self {
        Self::status(200).body(body)
    }

    pub(crate) fn redirect(status: u16, to: &str) -> Self {
        Self::status(status).header("Location", to)
    }

    pub(crate) fn body(mut self, body: impl Into<Vec<u8>>) -> Self {
        self.body = Body::Whole(body.into());
        self
    }

    pub(crate) fn header(self, name: &str, value: &str) -> Self {
        self.raw_header(name, value.as_bytes())
    }

    pub(crate) fn raw_header(mut self, name: &str, value: &[u8]) -> Self {
        self.headers.push((name.to_owned(), value.to_vec()));
        self
    }

    pub(crate) fn chunked(mut self) -> Self {
        if let Body::Whole(body) = self.body {
            self.body = Body::Chunked(body);
        }
        self
    }

    pub(crate) fn broken_off(body: &[u8]) -> Self {
        Self {
            body: Body::Broken(body.to_vec()),
            ..Self::status(200)
        }
    }

    pub(crate) fn endless(start: &[u8], piece: &[u8]) -> Self {
        Self {
            body: Body::Endless(start.to_vec(), piece.to_vec()),
            ..Self::status(200)
        }
    }

    pub(crate) fn dripping(start: &[u8]) -> Self {
        Self {
            body: Body::Drip(start.to_vec()),
            ..Self::status(200)
        }
    }

    pub(crate) fn hang() -> Self {
        Self {
            body: Body::Hang,
            ..Self::status(200)
        }
    }

    pub(crate) fn endless_head() -> Self {
        Self {
            body: Body::EndlessHead,
            ..Self::status(200)
        }
    }

    /// An answer written byte by byte.
    pub(crate) fn raw(bytes: impl Into<Vec<u8>>) -> Self {
        Self {
            body: Body::Raw(bytes.into()),
            ..Self::status(200)
        }
    }

    pub(crate) fn slow(body: &[u8]) -> Self {
        Self {
            body: Body::Slow(body.to_vec()),
            ..Self::status(200)
        }
    }
}

type Rule = dyn Fn(&Request) -> Answer + Send + Sync;

struct Shared {
    rule: Box<Rule>,
    log: Mutex<Vec<Request>>,
    asked: Mutex<HashMap<String, usize>>,
    connections: AtomicUsize,
    running: AtomicUsize,
    is_over: AtomicBool,
}

/// A server that runs until it is dropped.
pub(crate) struct Server {
    address: SocketAddr,
    shared: Arc<Shared>,
}

impl Server {
    /// One on 127.0.0.1.
    pub(crate) fn new(rule: impl Fn(&Request) -> Answer + Send + Sync + 'static) -> Self {
        Self::on("127.0.0.1", rule)
    }

    /// One on this address, at a port of its own.
    pub(crate) fn on(
        host: &str,
        rule: impl Fn(&Request) -> Answer + Send + Sync + 'static,
    ) -> Self {
        let listener = TcpListener::bind((host, 0)).expect("a port of loopback");
        let address = listener.local_addr().expect("it is bound");
        let shared = Arc::new(Shared {
            rule: Box::new(rule),
            log: Mutex::default(),
            asked: Mutex::default(),
            connections: AtomicUsize::new(0),
            running: AtomicUsize::new(0),
            is_over: AtomicBool::new(false),
        });
        let ours = Arc::clone(&shared);
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                if ours.is_over.load(Ordering::SeqCst) {
                    return;
                }
                let Ok(stream) = stream else { continue };
                let ours = Arc::clone(&ours);
                ours.connections.fetch_add(1, Ordering::SeqCst);
                std::thread::spawn(move || {
                    // Clients come and go as they like.
                    let _ = serve(&ours, stream);
                });
            }
        });
        Self { address, shared }
    }

    /// The address of a path.
    pub(crate) fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    /// The address of a path at a name that stands for loopback.
    pub(crate) fn url_at(&self, name: &str, path: &str) -> String {
        format!("http://{name}.localhost:{}{path}", self.address.port())
    }

    /// All that was asked since the last time.
    pub(crate) fn take_log(&self) -> Vec<Request> {
        std::mem::take(&mut *self.shared.log.lock().expect("nobody panicked"))
    }

    /// The connections that were made.
    pub(crate) fn connections(&self) -> usize {
        self.shared.connections.load(Ordering::SeqCst)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.shared.is_over.store(true, Ordering::SeqCst);
        // Wakes the listener up, so that it sees that it is over.
        let _ = TcpStream::connect(self.address);
    }
}

fn serve(shared: &Shared, stream: TcpStream) -> std::io::Result<()> {
    stream.set_read_timeout(Some(Duration::from_mins(1)))?;
    stream.set_nodelay(true)?;
    let mut reader = BufReader::new(stream.try_clone()?);
    let mut stream = stream;
    while let Some(mut request) = read(&mut reader)? {
        request.at_once = shared.running.fetch_add(1, Ordering::SeqCst) + 1;
        {
            let mut asked = shared.asked.lock().expect("nobody panicked");
            let count = asked.entry(request.path.clone()).or_default();
            request.before = *count;
            *count += 1;
            let mut log = shared.log.lock().expect("nobody panicked");
            log.push(request.clone());
        }
        let answer = (shared.rule)(&request);
        let result = write(shared, &mut stream, &answer);
        shared.running.fetch_sub(1, Ordering::SeqCst);
        if !result? {
            break;
        }
    }
    Ok(())
}

fn read(reader: &mut impl BufRead) -> std::io::Result<Option<Request>> {
    let mut line = String::new();
    if reader.read_line(&mut line)? == 0 {
        return Ok(None);
    }
    let mut parts = line.split_whitespace();
    let method = parts.next().unwrap_or_default().to_owned();
    let path = parts.next().unwrap_or_default().to_owned();
    let mut headers = Vec::new();
    loop {
        let mut bytes = Vec::new();
        reader.take(64 << 10).read_until(b'\n', &mut bytes)?;
        // A character for each byte, so that nothing is lost.
        let line: String = bytes.iter().map(|byte| char::from(*byte)).collect();
        let line = line.trim_end_matches(['\r', '\n']);
        let Some((name, value)) = line.split_once(':') else {
            break;
        };
        headers.push((name.to_ascii_lowercase(), value.trim().to_owned()));
    }
    let length = headers.iter().find(|(name, _)| name == "content-length");
    let length = length.and_then(|(_, value)| value.parse().ok());
    let mut body = String::new();
    reader.take(length.unwrap_or(0)).read_to_string(&mut body)?;
    Ok(Some(Request {
        method,
        path,
        headers,
        body,
        before: 0,
        at_once: 0,
    }))
}

/// Whether the connection can be used again.
fn write(shared: &Shared, stream: &mut TcpStream, answer: &Answer) -> std::io::Result<bool> {
    let over = || shared.is_over.load(Ordering::SeqCst);
    let pause = |millis| std::thread::sleep(Duration::from_millis(millis));
    let mut head = format!("HTTP/1.1 {} Whatever\r\n", answer.status).into_bytes();
    for (name, value) in &answer.headers {
        head.extend_from_slice(format!("{name}: ").as_bytes());
        head.extend_from_slice(value);
        head.extend_from_slice(b"\r\n");
    }
    let mut announced = |length: usize| {
        let has_body = answer.status != 304;
        if has_body {
            head.extend_from_slice(format!("Content-Length: {length}\r\n").as_bytes());
        }
        head.extend_from_slice(b"\r\n");
        head.clone()
    };
    match &answer.body {
        Body::Whole(body) => {
            let mut all = announced(body.len());
            all.extend_from_slice(body);
            stream.write_all(&all)?;
            return Ok(true);
        }
        Body::Slow(body) => {
            pause(150);
            let mut all = announced(body.len());
            all.extend_from_slice(body);
            stream.write_all(&all)?;
            return Ok(true);
        }
        Body::Chunked(body) => {
            head.extend_from_slice(b"Transfer-Encoding: chunked\r\n\r\n");
            stream.write_all(&head)?;
            for piece in body.chunks(7) {
                stream.write_all(format!("{:x}\r\n", piece.len()).as_bytes())?;
                stream.write_all(piece)?;
                stream.write_all(b"\r\n")?;
            }
            stream.write_all(b"0\r\n\r\n")?;
            return Ok(true);
        }
        Body::Broken(body) => {
            stream.write_all(&announced(body.len() + 1000))?;
            stream.write_all(body)?;
        }
        Body::Endless(start, piece) => {
            head.extend_from_slice(b"\r\n");
            stream.write_all(&head)?;
            stream.write_all(start)?;
            while !over() {
                stream.write_all(piece)?;
            }
        }
        Body::Drip(start) => {
            stream.write_all(&announced(1 << 20))?;
            stream.write_all(start)?;
            while !over() {
                stream.write_all(b" ")?;
                pause(50);
            }
        }
        Body::Raw(bytes) => stream.write_all(bytes)?,
        Body::Hang => {
            while !over() {
                pause(20);
            }
        }
        Body::EndlessHead => {
            stream.write_all(&head)?;
            let line = format!("X-More: {}\r\n", "x".repeat(8000));
            while !over() {
                stream.write_all(line.as_bytes())?;
            }
        }
    }
    Ok(false)
}
