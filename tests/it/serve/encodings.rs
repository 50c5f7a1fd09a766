//! Compressed documents: prepared once, each with a tag of its own.

use std::io::Read as _;

use super::{Server, replace, site};

#[test]
fn each_encoding_has_its_bytes_and_its_tag() {
    let project = site("");
    let server = Server::start(&project);
    let plain = server.get("/atom.xml", &[]).expect(200);
    assert_eq!(plain.header("content-encoding"), "");
    let bare = plain.header("etag").trim_matches('"').to_owned();
    for (accepted, encoding) in [("gzip, deflate", "gzip"), ("gzip, deflate, br, zstd", "br")] {
        let answer = server
            .get("/atom.xml", &[("Accept-Encoding", accepted)])
            .expect(200);
        assert_eq!(answer.header("content-encoding"), encoding);
        assert_eq!(answer.header("vary"), "accept-encoding");
        assert_eq!(answer.header("etag"), format!("\"{bare}-{encoding}\""));
        assert_eq!(
            answer.header("content-length"),
            answer.body.len().to_string()
        );
        assert!(answer.body.len() * 2 < plain.body.len());
        assert_eq!(decoded(encoding, &answer.body), plain.body);
        // What came back is known again, whatever is accepted then.
        for accepted in ["gzip", "br", "identity"] {
            let known = [
                ("If-None-Match", answer.header("etag")),
                ("Accept-Encoding", accepted),
            ];
            let same = server.get("/atom.xml", &known).expect(304);
            assert_eq!(same.header("etag"), answer.header("etag"));
            assert_eq!(same.header("vary"), "accept-encoding");
        }
    }
    for accepted in ["", "identity", "gzip;q=0", "zstd"] {
        let answer = server
            .get("/atom.xml", &[("Accept-Encoding", accepted)])
            .expect(200);
        assert_eq!(answer.body, plain.body, "{accepted}");
        assert_eq!(answer.header("vary"), "accept-encoding");
    }
}

fn decoded(encoding: &str, bytes: &[u8]) -> Vec<u8> {
    let mut decoded = Vec::new();
    match encoding {
        "gzip" => flate2::read::GzDecoder::new(bytes).read_to_end(&mut decoded),
        _ => brotli::Decompressor::new(bytes, 4096).read_to_end(&mut decoded),
    }
    .unwrap();
    decoded
}

#[test]
fn a_part_is_one_of_the_plain_bytes() {
    let project = site("");
    let server = Server::start(&project);
    let plain = server.get("/atom.xml", &[]).expect(200);
    let headers = [("Accept-Encoding", "gzip, br"), ("Range", "bytes=5-14")];
    let part = server.get("/atom.xml", &headers).expect(206);
    assert_eq!(part.body, plain.body[5..15]);
    assert_eq!(part.header("content-encoding"), "");
    assert_eq!(part.header("etag"), plain.header("etag"));
}

#[test]
fn what_does_not_shrink_is_sent_as_it_is() {
    let project = site("");
    project.write("feeds/public/short.txt", "short");
    project.write("feeds/public/picture.png", vec![0; 4000]);
    let server = Server::start(&project);
    for path in ["/short.txt", "/picture.png"] {
        let answer = server
            .get(path, &[("Accept-Encoding", "gzip, br")])
            .expect(200);
        assert_eq!(answer.header("content-encoding"), "", "{path}");
        assert_eq!(answer.header("vary"), "", "{path}");
        assert!(answer.header("etag").len() == 34);
    }
}

#[test]
fn a_new_document_is_compressed_anew() {
    let project = site("");
    let server = Server::start(&project);
    let accepted = [("Accept-Encoding", "br")];
    let old = server.get("/style.css", &accepted).expect(200);
    let text = "p { color: red }\n".repeat(200);
    replace(&project, "feeds/public/style.css", text.as_bytes());
    let new = server.get("/style.css", &accepted).expect(200);
    assert_ne!(new.header("etag"), old.header("etag"));
    assert_eq!(decoded("br", &new.body), text.as_bytes());
    // The same bytes under another time have the same tag.
    let tag = new.header("etag").to_owned();
    replace(&project, "feeds/public/style.css", text.as_bytes());
    server
        .get("/style.css", &[("If-None-Match", &tag)])
        .expect(304);
}
