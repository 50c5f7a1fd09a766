//! Requests that nobody sends by mistake.

use std::io::{Read as _, Write as _};
use std::time::Duration;

use super::{Server, rest, session, site};

#[test]
fn no_path_leads_out_of_the_folder() {
    let project = site("");
    project.write("feeds/secret.txt", "the secret");
    project.write("feeds/public/.git/config", "the secret");
    project.write("feeds/public/.well-known/security.txt", "Contact: a");
    #[cfg(unix)]
    {
        let public = project.path("feeds/public");
        let link = |to: &str, from: &str| {
            std::os::unix::fs::symlink(to, public.join(from)).unwrap();
        };
        link("../secret.txt", "out.txt");
        link("../..", "up");
        link(".git/config", "hidden.txt");
        link("/etc/passwd", "passwd");
        link("atom.xml", "same.xml");
        link("circle", "circle");
    }
    let server = Server::start(&project);
    for path in [
        "/../secret.txt",
        "/issues/../../secret.txt",
        "/%2e%2e/secret.txt",
        "/%2E%2E%2Fsecret.txt",
        "/..%2fsecret.txt",
        "/..%5csecret.txt",
        "/..\\secret.txt",
        "/issues/%2e%2e/%2e%2e/secret.txt",
        "/%252e%252e/secret.txt",
        "/%c0%ae%c0%ae/secret.txt",
        "/....//secret.txt",
        "/./../secret.txt",
        "//../secret.txt",
        "/atom.xml/../../secret.txt",
        "/secret.txt%00.xml",
        "/%00",
        "/.git/config",
        "/%2egit/config",
        "/.newsdesk/build-stamps",
        "//etc/passwd",
        "/up/feeds/secret.txt",
        "/up/config.toml",
        "/out.txt",
        "/hidden.txt",
        "/passwd",
        "/circle",
        "/circle/x",
        "/atom.xml%0d%0aX-Evil:1",
        "/con",
        "/~root",
    ] {
        let answer = server.get(path, &[]);
        assert!(
            matches!(answer.status, 400 | 404 | 500),
            "{path}: {}",
            answer.status
        );
        let text = answer.text();
        assert!(
            !text.contains("secret") && !text.contains("root:"),
            "{path}: {text}"
        );
        assert_eq!(answer.header("x-evil"), "", "{path}");
    }
    server.get("/.well-known/security.txt", &[]).expect(200);
    #[cfg(unix)]
    server.get("/same.xml", &[]).expect(200);
}

#[test]
fn nothing_that_is_sent_becomes_a_header() {
    let project = site("");
    let server = Server::start(&project);
    for path in [
        "/issues/2026-11-01?x=%0d%0aX-Evil:%201",
        "/issues/2026-11-01?x=a\u{1}b",
        "/review/login?next=/review%0d%0aX-Evil:%201",
        "/review?a=%0d%0aX-Evil:%201",
    ] {
        let answer = server.get(path, &[]);
        assert_eq!(answer.header("x-evil"), "", "{path}");
    }
    for request in [
        "GET /atom.xml HTTP/1.1\r\nHost: a\r\nX: a\0b\r\n\r\n",
        "GET /atom.xml HTTP/1.1\r\nHost: a\r\n : b\r\n\r\n",
        "GET /atom.xml HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab",
        "GET /atom.xml HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked, x\r\n\r\n",
        "GET /a b HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET /atom.xml HTTP/9.9\r\nHost: a\r\n\r\n",
        "\x16\x03\x01\x02\x00\x01\x00\x01\u{fc}\x03\x03",
        "nonsense\r\n\r\n",
    ] {
        let answer = server.raw(request.as_bytes());
        let text = String::from_utf8_lossy(&answer);
        assert!(
            text.is_empty() || text.starts_with("HTTP/1.1 400"),
            "{request:?}: {text}"
        );
    }
    server.get("/atom.xml", &[]).expect(200);
}

#[test]
fn nobody_is_led_elsewhere_after_signing_in() {
    let project = site("");
    let server = Server::start(&project);
    for next in [
        "https://evil.example/",
        "//evil.example/",
        "/\\evil.example",
        "/review/../../evil",
        "/review//evil.example",
        "/review.evil.example/",
        "/reviewer",
        "\\\\evil",
        "javascript:alert(1)",
        "/review\r\nX-Evil: 1",
        "/review/logout",
        "",
    ] {
        let page = server.get("/review/login", &[]).expect(200);
        let form = [("csrf", &*page.csrf()), ("name", "Ada"), ("next", next)];
        let cookies = page.cookies();
        let answer = server
            .post("/review/login", &[("Cookie", &cookies)], &form)
            .expect(303);
        let to = answer.header("location");
        assert_eq!(to, "/review", "{next}");
        assert_eq!(answer.header("x-evil"), "");
    }
}

#[test]
fn what_is_too_large_is_refused_early() {
    let project = site("");
    let server = Server::start(&project);
    let head = format!(
        "GET /atom.xml HTTP/1.1\r\nHost: a\r\nX-Long: {}\r\n\r\n",
        "a".repeat(64 << 10)
    );
    let answer = server.raw(head.as_bytes());
    assert!(answer.is_empty() || answer.starts_with(b"HTTP/1.1 431"));
    let many: Vec<String> = (0..300).map(|n| format!("X-{n}: a\r\n")).collect();
    let many = many.concat();
    let answer = server.raw(format!("GET / HTTP/1.1\r\nHost: a\r\n{many}\r\n").as_bytes());
    assert!(answer.is_empty() || answer.starts_with(b"HTTP/1.1 431"));
    let page = server.get("/review/login", &[]).expect(200);
    let cookies = page.cookies();
    let form = [("csrf", &*page.csrf()), ("name", &"a".repeat(40 << 10))];
    server
        .post("/review/login", &[("Cookie", &cookies)], &form)
        .expect(413);
    // Not even read, where its length says enough.
    let cookie = session(&server, "Ada");
    let request = format!(
        "POST /review/logout HTTP/1.1\r\nHost: 127.0.0.1:{}\r\nCookie: {cookie}\r\nContent-Length: 99999999999\r\nConnection: close\r\n\r\n",
        server.port
    );
    let answer = server.raw(request.as_bytes());
    assert!(
        answer.starts_with(b"HTTP/1.1 413"),
        "{}",
        String::from_utf8_lossy(&answer)
    );
    // Nor is one without a length read to its end.
    let mut stream = server.connect();
    let request = format!(
        "POST /review/logout HTTP/1.1\r\nHost: 127.0.0.1:{}\r\nCookie: {cookie}\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n",
        server.port
    );
    stream.write_all(request.as_bytes()).unwrap();
    let chunk = format!("10000\r\n{}\r\n", "a".repeat(0x10000));
    for _ in 0..200 {
        if stream.write_all(chunk.as_bytes()).is_err() {
            break;
        }
    }
    let answer = rest(stream);
    assert!(answer.is_empty() || answer.starts_with(b"HTTP/1.1 413"));
    server.get("/review", &[("Cookie", &cookie)]).expect(200);
}

#[test]
fn slow_clients_are_cut_and_hold_up_nobody() {
    let project = site("[server]\ntimeout = \"1s\"\n");
    let server = Server::start(&project);
    let cookie = session(&server, "Ada");
    let mut slow = Vec::new();
    for number in 0..300 {
        let mut stream = server.connect();
        let start = match number % 3 {
            0 => String::new(),
            1 => "GET /atom.xml HTTP/1.1\r\nHost: a\r\nX-Slow: ".to_owned(),
            _ => format!(
                "POST /review/logout HTTP/1.1\r\nHost: 127.0.0.1:{}\r\nCookie: {cookie}\r\nContent-Length: 100\r\n\r\ncs",
                server.port
            ),
        };
        stream.write_all(start.as_bytes()).unwrap();
        slow.push(stream);
    }
    server.get("/atom.xml", &[]).expect(200);
    server.get("/review", &[("Cookie", &cookie)]).expect(200);
    // Each ends by itself: with nothing, or with the word that it took too long.
    for mut stream in slow {
        let mut answer = Vec::new();
        let ended = stream.read_to_end(&mut answer);
        assert!(
            ended.is_ok()
                || ended.is_err_and(|error| error.kind() != std::io::ErrorKind::WouldBlock)
        );
        let text = String::from_utf8_lossy(&answer);
        assert!(
            text.is_empty() || text.starts_with("HTTP/1.1 408"),
            "{text}"
        );
    }
    server.get("/review", &[("Cookie", &cookie)]).expect(200);
}

#[test]
fn who_takes_nothing_of_an_answer_is_cut() {
    let project = site("[server]\ntimeout = \"1s\"\n");
    project.write("feeds/public/talk.mp3", vec![7; 64 << 20]);
    let server = Server::start(&project);
    let mut stream = server.connect();
    let request = "GET /talk.mp3 HTTP/1.1\r\nHost: a\r\n\r\n";
    stream.write_all(request.as_bytes()).unwrap();
    // Until the server has given up, which its numbers show.
    let open = || {
        let text = server.get("/metrics", &[]).expect(200).text();
        let line = text
            .lines()
            .find(|line| line.starts_with("newsdesk_connections "));
        line.unwrap()
            .rsplit(' ')
            .next()
            .unwrap()
            .parse::<u32>()
            .unwrap()
    };
    let cut = (0..100).any(|_| {
        std::thread::sleep(Duration::from_millis(100));
        open() == 1
    });
    assert!(cut, "the connection is still there");
}

#[test]
fn letters_of_several_bytes_end_no_handler() {
    let project = site("");
    let server = Server::start(&project);
    for next in [
        "/revie%C3%A9",
        "/review%C3%A9",
        "%C3%A9",
        "/revi%F0%9F%93%9A",
        "/review?q=%E9",
        "",
    ] {
        let page = server.get(&format!("/review/login?next={next}"), &[]);
        assert!([200, 400].contains(&page.status), "{next}: {}", page.status);
    }
    for agent in [
        "Leser é5 subscribers",
        "読者5 subscribers",
        "📚 subscribers",
        "é subscribers",
        "5é subscribers",
    ] {
        server
            .get("/atom.xml", &[("User-Agent", agent)])
            .expect(200);
    }
    let said = server.said();
    assert!(!said.contains("panicked"), "{said}");
}
