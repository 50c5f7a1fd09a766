//! A mail server on loopback that keeps what it is given (RFC 5321, as far as a client needs it).

use std::io::{BufRead as _, BufReader, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;

/// A mail that came.
#[derive(Clone, Debug, Default)]
pub(crate) struct Letter {
    /// The sender of the envelope.
    pub(crate) from: String,
    /// The recipients of the envelope.
    pub(crate) to: Vec<String>,
    /// What the client signed in with, as it was sent.
    pub(crate) account: Option<String>,
    /// Headers and body, with plain line ends.
    pub(crate) text: String,
}

#[derive(Default)]
struct Shared {
    letters: Mutex<Vec<Letter>>,
    /// Every line of every client, up to the data.
    heard: Mutex<Vec<String>>,
    refuses: AtomicBool,
    stops: AtomicBool,
}

/// The server; it ends when it is dropped.
pub(crate) struct Smtp {
    pub(crate) port: u16,
    shared: Arc<Shared>,
    thread: Option<JoinHandle<()>>,
}

impl Smtp {
    /// One that offers these extensions, such as `AUTH PLAIN`.
    pub(crate) fn new(extensions: &'static [&'static str]) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let port = listener.local_addr().expect("an address").port();
        let shared = Arc::new(Shared::default());
        let own = Arc::clone(&shared);
        let thread = std::thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                if own.stops.load(Ordering::SeqCst) {
                    return;
                }
                // A client that goes away is its own matter.
                let _ = speak(stream, &own, extensions);
            }
        });
        Self {
            port,
            shared,
            thread: Some(thread),
        }
    }

    /// The mails that came since the last time.
    pub(crate) fn take(&self) -> Vec<Letter> {
        std::mem::take(&mut *self.shared.letters.lock().expect("no panic"))
    }

    /// What clients said since the last time.
    pub(crate) fn heard(&self) -> Vec<String> {
        std::mem::take(&mut *self.shared.heard.lock().expect("no panic"))
    }

    /// From now on mails are refused, or taken.
    pub(crate) fn refuse(&self, refuses: Refuses) {
        let value = refuses == Refuses::Everything;
        self.shared.refuses.store(value, Ordering::SeqCst);
    }
}

/// What a server refuses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Refuses {
    Nothing,
    Everything,
}

impl Drop for Smtp {
    fn drop(&mut self) {
        self.shared.stops.store(true, Ordering::SeqCst);
        let _ = TcpStream::connect(("127.0.0.1", self.port));
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

fn speak(stream: TcpStream, shared: &Shared, extensions: &[&str]) -> std::io::Result<()> {
    let mut out = stream.try_clone()?;
    let mut lines = BufReader::new(stream);
    out.write_all(b"220 mail.test ready\r\n")?;
    let mut letter = Letter::default();
    loop {
        let mut line = String::new();
        if lines.read_line(&mut line)? == 0 {
            return Ok(());
        }
        let line = line.trim_end().to_owned();
        shared.heard.lock().expect("no panic").push(line.clone());
        let word = line.split(' ').next().unwrap_or("").to_ascii_uppercase();
        let answer = match word.as_str() {
            "EHLO" => hello(extensions),
            "AUTH" => {
                letter.account = Some(line);
                "235 welcome\r\n".to_owned()
            }
            "MAIL" if shared.refuses.load(Ordering::SeqCst) => {
                "550 5.7.1 not\u{1b}[31m today\r\n".to_owned()
            }
            "MAIL" => {
                letter.from = address(&line);
                "250 ok\r\n".to_owned()
            }
            "RCPT" => {
                letter.to.push(address(&line));
                "250 ok\r\n".to_owned()
            }
            "DATA" => {
                out.write_all(b"354 go on\r\n")?;
                letter.text = data(&mut lines)?;
                let whole = std::mem::take(&mut letter);
                shared.letters.lock().expect("no panic").push(whole);
                "250 kept\r\n".to_owned()
            }
            "QUIT" => {
                out.write_all(b"221 bye\r\n")?;
                return Ok(());
            }
            _ => "250 ok\r\n".to_owned(),
        };
        out.write_all(answer.as_bytes())?;
    }
}

fn hello(extensions: &[&str]) -> String {
    let mut lines = vec!["mail.test"];
    lines.extend(extensions);
    let last = lines.len() - 1;
    let mut answer = String::new();
    for (at, line) in lines.iter().enumerate() {
        answer.push_str(if at == last { "250 " } else { "250-" });
        answer.push_str(line);
        answer.push_str("\r\n");
    }
    answer
}

fn address(line: &str) -> String {
    let start = line.find('<').map_or(0, |at| at + 1);
    let end = line.find('>').unwrap_or(line.len());
    line[start..end].to_owned()
}

fn data(lines: &mut BufReader<TcpStream>) -> std::io::Result<String> {
    let mut text = String::new();
    loop {
        let mut line = String::new();
        if lines.read_line(&mut line)? == 0 || line == ".\r\n" {
            return Ok(text);
        }
        let line = line.strip_prefix('.').unwrap_or(&line);
        text.push_str(line.trim_end_matches("\r\n"));
        text.push('\n');
    }
}
