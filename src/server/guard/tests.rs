use axum::body::Body;

use super::*;

fn options() -> Options {
    let mut options = Options::new("/nowhere".into());
    options.hosts = vec!["news.example.org".to_owned()];
    options.trusted_proxies = vec!["10.0.0.0/8".parse().unwrap()];
    options
}

fn request(method: &str, uri: &str, headers: &[(&str, &str)]) -> Request {
    let mut request = Request::builder().method(method).uri(uri);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    request.body(Body::empty()).unwrap()
}

#[track_caller]
fn refused(method: &str, uri: &str, headers: &[(&str, &str)], expected: Option<u16>) {
    let refusal = refusal(&request(method, uri, headers), &options());
    let status = refusal.map(|refusal| refusal.status().as_u16());
    assert_eq!(status, expected, "{method} {uri} {headers:?}");
}

#[test]
fn answers_to_its_own_names_alone() {
    for host in [
        "localhost:8080",
        "127.0.0.1:8080",
        "[::1]:8080",
        "192.0.2.7",
        "news.example.org",
        "NEWS.example.org:443",
        "desk.localhost",
    ] {
        refused("GET", "/review", &[("host", host)], None);
    }
    for host in [
        "evil.example",
        "evil.example:8080",
        "127.0.0.1.evil.example",
        "localhost.evil.example",
        "news.example.org.evil.example",
        "news.example.org@evil.example",
        "evil.example#localhost",
        "",
        " ",
    ] {
        refused("GET", "/review", &[("host", host)], Some(421));
    }
    refused("GET", "/review", &[], Some(421));
    let two = [("host", "localhost"), ("host", "evil.example")];
    refused("GET", "/review", &two, Some(421));
    let full = "http://evil.example/review";
    refused("GET", full, &[("host", "localhost")], Some(421));
}

#[test]
fn takes_forms_from_its_own_pages_alone() {
    let host = ("host", "127.0.0.1:8080");
    let post = |other: &[(&str, &str)], expected: Option<u16>| {
        let mut headers = vec![host];
        headers.extend_from_slice(other);
        refused("POST", "/review/x", &headers, expected);
    };
    post(&[], None);
    post(&[("origin", "http://127.0.0.1:8080")], None);
    post(&[("origin", "https://news.example.org")], None);
    post(&[("sec-fetch-site", "same-origin")], None);
    post(&[("origin", "http://127.0.0.1:8081")], Some(403));
    post(&[("origin", "http://localhost:8080")], Some(403));
    post(&[("origin", "http://evil.example")], Some(403));
    post(&[("origin", "null")], Some(403));
    post(&[("origin", "")], Some(403));
    post(&[("sec-fetch-site", "cross-site")], Some(403));
    post(&[("sec-fetch-site", "same-site")], Some(403));
    let mixed = [
        ("origin", "http://127.0.0.1:8080"),
        ("sec-fetch-site", "cross-site"),
    ];
    post(&mixed, Some(403));
}

#[track_caller]
fn client(peer: &str, headers: &[(&str, &str)], expected: (&str, bool, bool)) {
    let mut all = vec![("host", "localhost:8080")];
    all.extend_from_slice(headers);
    let request = request("GET", "/", &all);
    let peer = SocketAddr::new(peer.parse().unwrap(), 5000);
    let client = Client::of(peer, request.uri(), request.headers(), &options());
    let (address, secure, here) = expected;
    let expected = Client {
        address: address.parse().unwrap(),
        secure,
        here,
    };
    assert_eq!(client, expected);
}

#[test]
fn believes_only_the_proxies_it_was_told_of() {
    let said = [
        ("x-forwarded-for", "198.51.100.1, 192.0.2.9, 10.0.0.2"),
        ("x-forwarded-proto", "https"),
    ];
    client("10.0.0.1", &said, ("192.0.2.9", true, false));
    client("192.0.2.1", &said, ("192.0.2.1", false, false));
    client("127.0.0.1", &said, ("127.0.0.1", false, false));
    client("127.0.0.1", &[], ("127.0.0.1", false, true));
    client("::ffff:127.0.0.1", &[], ("127.0.0.1", false, true));
    client(
        "127.0.0.1",
        &[("via", "1.1 a")],
        ("127.0.0.1", false, false),
    );
    let odd = [("x-forwarded-for", "not an address, 10.0.0.2")];
    client("10.0.0.1", &odd, ("10.0.0.2", false, false));
}
