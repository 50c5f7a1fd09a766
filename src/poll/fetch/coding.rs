//! Content codings (RFC 9110, section 8.4): from the bytes of the wire to those of the document.
//!
//! A body is unpacked once all of it is here: the wire's bytes are bounded, and so is what comes
//! of them at every step, whatever a body pretends to be.

use std::io::{self, BufRead, Read};

use crate::poll::answer::Cut;

/// What can be unpacked, as `Accept-Encoding` says it.
pub(super) const ACCEPTED: &str = "gzip, br, zstd, deflate";

/// Codings that lie one in another; two are a server's mistake, more are somebody's joke.
const NESTED: usize = 4;

/// The window of zstd as a power of two: 8 MiB, which is all that HTTP allows (RFC 9659).
const WINDOW: u32 = 23;

/// The first bytes of gzip (RFC 1952, section 2.3.1); no document begins with them.
const GZIP: [u8; 2] = [0x1f, 0x8b];

/// One way to make a body smaller.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Coding {
    Gzip,
    Deflate,
    Brotli,
    Zstd,
}

/// A coding that cannot be unpacked, or too many of them.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum Unknown {
    /// Not one that was asked for.
    #[error("the server packs its answer in a way that was not asked for: `{0}`")]
    Name(String),
    /// More than anybody needs.
    #[error("the server packs its answer more than {NESTED} times")]
    Nested,
}

/// Unpacks a body whose `Content-Encoding` is `named`, the last one named first. At most `limit`
/// bytes come of it; where that or damage ends it, the reason is told with what came.
///
/// # Errors
///
/// Where a coding is not known.
pub(super) fn unpack(
    body: Vec<u8>,
    named: &str,
    limit: usize,
) -> Result<(Vec<u8>, Option<Cut>), Unknown> {
    let mut codings = parse(named)?;
    let (mut body, mut cut) = (body, None);
    for _ in 0..=NESTED {
        let coding = match codings.pop() {
            // Some servers call packed what is not.
            Some(Coding::Gzip) if !body.starts_with(&GZIP) => continue,
            Some(_) if body.is_empty() => continue,
            Some(coding) => coding,
            // Others do not say that they packed it, or say it once and did it twice.
            None if body.starts_with(&GZIP) => Coding::Gzip,
            None => return Ok((body, cut)),
        };
        let (unpacked, why) = coding.unpack(&body, limit);
        (body, cut) = (unpacked, cut.or(why));
    }
    Err(Unknown::Nested)
}

/// The codings that a field names, in the order in which they were applied.
fn parse(named: &str) -> Result<Vec<Coding>, Unknown> {
    let mut codings = Vec::new();
    let names = named.split(',').map(str::trim);
    for name in names.filter(|name| !name.is_empty()) {
        codings.push(match name.to_ascii_lowercase().as_str() {
            "gzip" | "x-gzip" => Coding::Gzip,
            "deflate" => Coding::Deflate,
            "br" => Coding::Brotli,
            "zstd" => Coding::Zstd,
            // No coding; the second is what a server's own settings leave in the field.
            "identity" | "none" | "utf-8" => continue,
            _ => {
                let name = name.chars().take(40).collect();
                return Err(Unknown::Name(name));
            }
        });
        if codings.len() > NESTED {
            return Err(Unknown::Nested);
        }
    }
    Ok(codings)
}

impl Coding {
    fn unpack(self, packed: &[u8], limit: usize) -> (Vec<u8>, Option<Cut>) {
        let mut unpacked = Unpacked {
            bytes: Vec::new(),
            limit,
        };
        let cut = match self {
            Self::Gzip => unpacked.members(packed),
            Self::Zstd => unpacked.frames(packed),
            Self::Brotli => {
                let mut rest = packed;
                let reader = brotli::Decompressor::new(&mut rest, 4096);
                unpacked.take(reader).err()
            }
            Self::Deflate => unpacked.deflated(packed),
        };
        (unpacked.bytes, cut)
    }
}

/// What came so far, and how much may.
struct Unpacked {
    bytes: Vec<u8>,
    limit: usize,
}

impl Unpacked {
    /// Takes all that a reader gives and that fits.
    fn take(&mut self, reader: impl Read) -> Result<(), Cut> {
        let left = self.limit.saturating_sub(self.bytes.len());
        let mut reader = reader.take(left as u64 + 1);
        let read = reader.read_to_end(&mut self.bytes);
        if self.bytes.len() > self.limit {
            self.bytes.truncate(self.limit);
            return Err(Cut::TooLarge);
        }
        read.map(drop).map_err(|_: io::Error| Cut::BrokenOff)
    }

    /// The members of gzip, one after the other (RFC 1952, section 2.2); what comes after the last
    /// and is none is left out, as gzip itself does.
    fn members(&mut self, packed: &[u8]) -> Option<Cut> {
        let mut rest = packed;
        loop {
            let mut reader = flate2::bufread::GzDecoder::new(rest);
            if let Err(cut) = self.take(&mut reader) {
                return Some(cut);
            }
            rest = reader.into_inner();
            if !rest.starts_with(&GZIP) {
                return None;
            }
        }
    }

    /// The frames of zstd (RFC 8878, section 3), likewise.
    fn frames(&mut self, packed: &[u8]) -> Option<Cut> {
        let mut rest = packed;
        let mut is_first = true;
        while is_first || is_frame(rest) {
            is_first = false;
            let reader = zstd::stream::read::Decoder::with_buffer(rest);
            let Ok(mut reader) = reader.map(zstd::stream::read::Decoder::single_frame) else {
                return Some(Cut::BrokenOff);
            };
            if reader.window_log_max(WINDOW).is_err() {
                return Some(Cut::BrokenOff);
            }
            if let Err(cut) = self.take(&mut reader) {
                return Some(cut);
            }
            rest = reader.finish();
        }
        None
    }

    /// `deflate` is zlib's format (RFC 9110, section 8.4.1.2); some servers leave its two bytes out.
    fn deflated(&mut self, packed: &[u8]) -> Option<Cut> {
        let is_zlib = matches!(packed, [first, second, ..]
            if first & 0x0f == 8 && (u16::from(*first) << 8 | u16::from(*second)) % 31 == 0);
        if is_zlib {
            let cut = self.take(flate2::bufread::ZlibDecoder::new(packed)).err();
            if cut != Some(Cut::BrokenOff) || !self.bytes.is_empty() {
                return cut;
            }
        }
        self.take(flate2::bufread::DeflateDecoder::new(packed))
            .err()
    }
}

/// Whether another frame begins here, be it one to skip.
fn is_frame(mut rest: impl BufRead) -> bool {
    let mut magic = [0; 4];
    let is_whole = rest.read_exact(&mut magic).is_ok();
    let number = u32::from_le_bytes(magic);
    is_whole && (number == 0xfd2f_b528 || number & 0xffff_fff0 == 0x184d_2a50)
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use flate2::Compression;
    use flate2::write::{DeflateEncoder, GzEncoder, ZlibEncoder};

    use super::*;

    const LIMIT: usize = 1 << 20;

    fn gzip(text: &[u8]) -> Vec<u8> {
        let mut writer = GzEncoder::new(Vec::new(), Compression::fast());
        writer.write_all(text).unwrap();
        writer.finish().unwrap()
    }

    fn zlib(text: &[u8]) -> Vec<u8> {
        let mut writer = ZlibEncoder::new(Vec::new(), Compression::fast());
        writer.write_all(text).unwrap();
        writer.finish().unwrap()
    }

    fn raw(text: &[u8]) -> Vec<u8> {
        let mut writer = DeflateEncoder::new(Vec::new(), Compression::fast());
        writer.write_all(text).unwrap();
        writer.finish().unwrap()
    }

    fn br(text: &[u8]) -> Vec<u8> {
        let mut writer = brotli::CompressorWriter::new(Vec::new(), 4096, 3, 20);
        writer.write_all(text).unwrap();
        writer.into_inner()
    }

    fn zstd(text: &[u8]) -> Vec<u8> {
        zstd::encode_all(text, 1).unwrap()
    }

    #[track_caller]
    fn check(body: Vec<u8>, named: &str, expected: &str) {
        let (found, cut) = unpack(body, named, LIMIT).unwrap();
        assert_eq!(String::from_utf8_lossy(&found), expected, "{named}");
        assert_eq!(cut, None, "{named}");
    }

    #[test]
    fn unpacks_what_servers_send() {
        let words = b"words of a feed".as_slice();
        for (named, body) in [
            ("gzip", gzip(words)),
            ("x-gzip", gzip(words)),
            ("GZip", gzip(words)),
            ("deflate", zlib(words)),
            ("deflate", raw(words)),
            ("br", br(words)),
            ("zstd", zstd(words)),
            ("gzip, gzip", gzip(&gzip(words))),
            ("deflate, br", br(&zlib(words))),
            ("identity,gzip,", gzip(words)),
            ("", words.to_vec()),
            ("identity", words.to_vec()),
            // Not as it says.
            ("", gzip(words)),
            ("gzip", gzip(&gzip(words))),
            ("gzip", words.to_vec()),
        ] {
            check(body, named, "words of a feed");
        }
        check(Vec::new(), "gzip", "");
    }

    #[test]
    fn reads_every_member_and_no_junk_behind_them() {
        for (named, mut body) in [
            ("gzip", [gzip(b"one "), gzip(b""), gzip(b"two")].concat()),
            ("zstd", [zstd(b"one "), zstd(b"two")].concat()),
        ] {
            check(body.clone(), named, "one two");
            body.extend_from_slice(b"\0\0junk");
            check(body, named, "one two");
        }
        check(
            [zlib(b"one two"), b"junk".to_vec()].concat(),
            "deflate",
            "one two",
        );
        check(
            [raw(b"one two"), b"junk".to_vec()].concat(),
            "deflate",
            "one two",
        );
    }

    #[test]
    fn gives_what_came_of_half_a_body() {
        let words = "never the same words: ".to_owned();
        let many: String = (0..4000).fold(words, |it, n| it + &(n * n).to_string());
        for (named, packed) in [
            ("gzip", gzip(many.as_bytes())),
            ("deflate", zlib(many.as_bytes())),
            ("br", br(many.as_bytes())),
            ("zstd", zstd(many.as_bytes())),
        ] {
            let half = packed[..packed.len() - 9].to_vec();
            let (found, cut) = unpack(half, named, LIMIT).unwrap();
            assert_eq!(cut, Some(Cut::BrokenOff), "{named}");
            assert!(many.as_bytes().starts_with(&found), "{named}");
        }
    }

    #[test]
    fn nothing_grows_beyond_the_limit_at_any_step() {
        let spaces = vec![b' '; LIMIT * 2];
        for (named, bomb) in [
            ("gzip", gzip(&spaces)),
            ("deflate", raw(&spaces)),
            ("br", br(&spaces)),
            ("zstd", zstd(&spaces)),
            ("gzip", [gzip(&spaces[..LIMIT]), gzip(b"more")].concat()),
        ] {
            let (found, cut) = unpack(bomb, named, LIMIT).unwrap();
            assert_eq!((found.len(), cut), (LIMIT, Some(Cut::TooLarge)), "{named}");
        }
        // Members that hold nothing, packed once more.
        let nothing = gzip(b"").repeat(LIMIT / 10);
        let (found, cut) = unpack(gzip(&nothing), "gzip, gzip", LIMIT).unwrap();
        assert_eq!((found.len(), cut), (0, Some(Cut::TooLarge)));
    }

    #[test]
    fn refuses_what_it_does_not_know_and_what_has_no_end() {
        let unknown = unpack(Vec::new(), "compress", LIMIT);
        assert_eq!(unknown, Err(Unknown::Name("compress".to_owned())));
        let many = unpack(Vec::new(), &["gzip"; 5].join(","), LIMIT);
        assert_eq!(many, Err(Unknown::Nested));
        let deep = (0..6).fold(b"words".to_vec(), |it, _| gzip(&it));
        assert_eq!(unpack(deep, "gzip", LIMIT), Err(Unknown::Nested));
    }
}
