//! Serving one feed of 200 KB on loopback: nginx and newsdesk by turns, asked by wrk, with as many
//! threads each: `cargo bench --bench serve`. Then a million requests, and what memory does.
//!
//! nginx sends the file with `sendfile`, and with `gzip_static` the one that was compressed
//! beforehand: the best that it can do. Skipped with a message where nginx or wrk is missing; all
//! traffic stays on 127.0.0.1, and every run ends by itself.

#![expect(
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a table is what it is for, and a machine that cannot run it may say so as it likes"
)]

use std::fs;
use std::io::{BufRead as _, BufReader, Write as _};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use tempfile::TempDir;

/// Threads of each server, and connections to it.
const THREADS: usize = 2;
const CONNECTIONS: usize = 32;

/// Turns, and the seconds of each.
const ROUNDS: usize = 4;
const SECONDS: u64 = 4;

/// Requests of the long run.
const MANY: u64 = 1_000_000;

/// A server that runs.
struct Running {
    child: Child,
    port: u16,
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn main() {
    // `cargo test --benches` runs this too; only a bench is meant.
    if !std::env::args().any(|argument| argument == "--bench") {
        return;
    }
    for (program, flag) in [("nginx", "-v"), ("wrk", "-v")] {
        if Command::new(program)
            .arg(flag)
            .stderr(Stdio::null())
            .stdout(Stdio::null())
            .status()
            .is_err()
        {
            println!("skipped: needs `{program}`");
            return;
        }
    }
    let folder = TempDir::new().unwrap();
    let feed = feed();
    let public = folder.path().join("feeds/public");
    fs::create_dir_all(&public).unwrap();
    fs::create_dir_all(folder.path().join("issues")).unwrap();
    fs::write(public.join("atom.xml"), &feed).unwrap();
    fs::write(public.join("atom.xml.gz"), gzip(&feed)).unwrap();
    let nginx = nginx(folder.path());
    let newsdesk = newsdesk(folder.path());
    println!(
        "a feed of {} bytes, {} with gzip; {THREADS} threads, {CONNECTIONS} connections, best of {ROUNDS} turns of {SECONDS} s\n",
        feed.len(),
        gzip(&feed).len()
    );
    println!("| answer | nginx, a second | newsdesk, a second | newsdesk / nginx |");
    println!("| --- | ---: | ---: | ---: |");
    for case in ["304", "200", "200 gzip"] {
        let (mut theirs, mut ours) = (0.0_f64, 0.0_f64);
        for _ in 0..ROUNDS {
            theirs = theirs.max(rate(&nginx, case, SECONDS).0);
            ours = ours.max(rate(&newsdesk, case, SECONDS).0);
        }
        println!(
            "| {case} | {theirs:.0} | {ours:.0} | {:.2} |",
            ours / theirs
        );
    }
    drop(nginx);
    long(&newsdesk);
}

/// An Atom feed of 200 KB that compresses as prose does.
fn feed() -> Vec<u8> {
    let words = [
        "harbour", "signal", "paper", "lantern", "column", "letter", "margin", "verse", "press",
        "issue",
    ];
    let mut text = String::from(
        "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<feed xmlns=\"http://www.w3.org/2005/Atom\">",
    );
    let mut state = 1_u32;
    while text.len() < 200_000 {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        text.push_str(words[(state >> 16) as usize % words.len()]);
        text.push_str(&(state >> 24).to_string());
        text.push(' ');
    }
    text.push_str("</feed>\n");
    text.into_bytes()
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut writer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    writer.write_all(bytes).unwrap();
    writer.finish().unwrap()
}

fn nginx(folder: &Path) -> Running {
    let port = free_port();
    let place = folder.display();
    let config = format!(
        "worker_processes {THREADS};\ndaemon off;\npid {place}/nginx.pid;\nerror_log /dev/null crit;\n\
         events {{ worker_connections 1024; }}\nhttp {{\n  access_log off; sendfile on; tcp_nopush on;\n\
         keepalive_requests 100000000; gzip_static on; gzip_vary on;\n  types {{ application/atom+xml xml; }}\n\
         client_body_temp_path {place}/b; proxy_temp_path {place}/p; fastcgi_temp_path {place}/f;\n\
         uwsgi_temp_path {place}/u; scgi_temp_path {place}/s;\n\
         server {{ listen 127.0.0.1:{port} reuseport; root {place}/feeds/public; }}\n}}\n"
    );
    fs::write(folder.join("nginx.conf"), config).unwrap();
    // As root, its workers are of another user.
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        fs::set_permissions(folder, fs::Permissions::from_mode(0o755)).unwrap();
    }
    let child = Command::new("nginx")
        .arg("-c")
        .arg(folder.join("nginx.conf"))
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    wait_for(port);
    Running { child, port }
}

fn newsdesk(folder: &Path) -> Running {
    fs::write(
        folder.join("config.toml"),
        "[newsletter]\ntitle = \"T\"\nbase_url = \"https://t.example/\"\nauthority = \"t.example,2026\"\n",
    )
    .unwrap();
    let mut child = Command::new(env!("CARGO_BIN_EXE_newsdesk"))
        .args(["serve", "--address", "127.0.0.1:0"])
        .current_dir(folder)
        .env("TOKIO_WORKER_THREADS", THREADS.to_string())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut line = String::new();
    BufReader::new(child.stderr.as_mut().unwrap())
        .read_line(&mut line)
        .unwrap();
    let port = line
        .trim()
        .rsplit(':')
        .next()
        .unwrap()
        .trim_end_matches('/')
        .parse()
        .unwrap();
    Running { child, port }
}

fn free_port() -> u16 {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    listener.local_addr().unwrap().port()
}

fn wait_for(port: u16) {
    for _ in 0..100 {
        if TcpStream::connect(("127.0.0.1", port)).is_ok() {
            return;
        }
        std::thread::sleep(Duration::from_millis(50));
    }
    panic!("nobody listens on {port}");
}

/// Requests a second, and requests in all.
fn rate(server: &Running, case: &str, seconds: u64) -> (f64, u64) {
    let url = format!("http://127.0.0.1:{}/atom.xml", server.port);
    let mut wrk = Command::new("wrk");
    wrk.args([
        "-t",
        "1",
        "-c",
        &CONNECTIONS.to_string(),
        "-d",
        &format!("{seconds}s"),
    ]);
    match case {
        "304" => wrk.args(["-H", &format!("If-None-Match: {}", etag(&url))]),
        "200 gzip" => wrk.args(["-H", "Accept-Encoding: gzip"]),
        _ => &mut wrk,
    };
    let output = wrk.arg(&url).output().unwrap();
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let number = |mark: &str| {
        let line = text.lines().find(|line| line.contains(mark));
        line.unwrap_or_else(|| panic!("{text}")).to_owned()
    };
    // wrk counts what is neither 2xx nor 3xx.
    assert!(
        !text.contains("Non-2xx") && !text.contains("Socket errors"),
        "{text}"
    );
    let rate = number("Requests/sec");
    let count = number(" requests in ");
    (
        rate.split_whitespace().last().unwrap().parse().unwrap(),
        count.split_whitespace().next().unwrap().parse().unwrap(),
    )
}

fn etag(url: &str) -> String {
    use std::io::Read as _;
    let rest = url.strip_prefix("http://").unwrap();
    let (host, path) = rest.split_once('/').unwrap();
    let mut stream = TcpStream::connect(host).unwrap();
    let request = format!("HEAD /{path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).unwrap();
    let mut head = String::new();
    stream.read_to_string(&mut head).unwrap();
    let mut lines = head.lines();
    let etag = lines.find_map(|line| {
        let (name, value) = line.split_once(": ")?;
        name.eq_ignore_ascii_case("etag").then(|| value.to_owned())
    });
    etag.unwrap()
}

/// Memory before, on the way to, and after a million requests of all sorts.
fn long(server: &Running) {
    println!("\n| requests so far | resident memory, KiB |\n| ---: | ---: |");
    println!("| a few | {} |", resident(server));
    let (mut done, mut next) = (0, MANY / 5);
    for case in ["304", "200 gzip", "304", "200"].iter().cycle() {
        done += rate(server, case, 3).1;
        if done >= next {
            println!("| {done} | {} |", resident(server));
            next = done + MANY / 5;
        }
        if done >= MANY {
            break;
        }
    }
}

fn resident(server: &Running) -> String {
    let status =
        fs::read_to_string(format!("/proc/{}/status", server.child.id())).unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    line.map_or("unknown".to_owned(), |line| {
        line.trim().trim_end_matches(" kB").to_owned()
    })
}
