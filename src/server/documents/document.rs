//! One document in memory: what it is, what identifies it, its bytes and their encodings.

use std::fs::{File, Metadata};
use std::io::{self, Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::time::UNIX_EPOCH;

use axum::body::Bytes;
use axum::http::HeaderValue;
use tokio::sync::{OnceCell, Semaphore};
use xxhash_rust::xxh3::Xxh3;

use super::accept::Encoding;
use super::kind::Nature;
use crate::server::Cache;

/// The largest file that is kept in memory; larger ones are read as they are sent.
pub(super) const LARGEST: u64 = 4 << 20;

/// What is smaller than this fits into one packet either way.
const WORTHWHILE: usize = 512;

/// Of 11: from here on, time grows and bytes hardly shrink.
const BROTLI: i32 = 9;

/// What tells whether a file is the one that was read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Stamp {
    length: u64,
    /// Nanoseconds since 1970.
    modified: u128,
    /// Where the system has it: the device, the file's number on it, and when anything of it last
    /// changed.
    place: [i64; 4],
}

impl Stamp {
    /// The stamp of a file as it is now.
    pub(super) fn of(metadata: &Metadata) -> io::Result<Self> {
        let since = metadata.modified()?.duration_since(UNIX_EPOCH);
        #[cfg(unix)]
        let place = {
            use std::os::unix::fs::MetadataExt as _;
            [
                metadata.dev().cast_signed(),
                metadata.ino().cast_signed(),
                metadata.ctime(),
                metadata.ctime_nsec(),
            ]
        };
        #[cfg(not(unix))]
        let place = [0; 4];
        Ok(Self {
            length: metadata.len(),
            modified: since.unwrap_or_default().as_nanos(),
            place,
        })
    }
}

/// A document as it is served.
#[derive(Debug)]
pub(super) struct Document {
    /// Its file.
    pub(super) file: PathBuf,
    /// The file's stamp when it was read.
    pub(super) stamp: Stamp,
    /// The hash of its bytes, in hexadecimal digits.
    pub(super) hash: String,
    /// When it last changed, in seconds since 1970, rounded up: whoever got it at or after that
    /// second cannot have got what it was before.
    pub(super) modified: i64,
    /// What it is.
    pub(super) nature: Nature,
    /// What its headers say.
    pub(super) headers: Headers,
    /// Its bytes; none: it is read from its file each time.
    pub(super) bytes: Option<Bytes>,
    encoded: Arc<Encoded>,
    /// When it was last asked for, in milliseconds of the server's run.
    used: AtomicU64,
}

/// Headers that are the same in all answers.
#[derive(Debug)]
pub(super) struct Headers {
    /// The media type.
    pub(super) content_type: HeaderValue,
    /// How long it may be kept.
    pub(super) cache_control: HeaderValue,
    /// When it last changed.
    pub(super) last_modified: HeaderValue,
    tags: [HeaderValue; 3],
}

impl Headers {
    /// The entity tag of a representation.
    pub(super) fn tag(&self, encoding: Encoding) -> &HeaderValue {
        &self.tags[encoding as usize]
    }
}

/// The compressed forms of some bytes, made when the first client asks for them; none where they
/// are no smaller.
#[derive(Debug, Default)]
struct Encoded {
    gzip: OnceCell<Option<Bytes>>,
    brotli: OnceCell<Option<Bytes>>,
}

impl Document {
    /// Reads a file; none where it is no file. What is the same as `before` keeps its encodings.
    ///
    /// # Errors
    ///
    /// What the system says; `Interrupted` where somebody writes to the file all the while.
    pub(super) fn read(
        file: &Path,
        name: &str,
        before: Option<&Self>,
        cache: &Cache,
    ) -> io::Result<Option<Self>> {
        // Something else than a file may keep whoever opens it waiting.
        if !file.metadata()?.is_file() {
            return Ok(None);
        }
        for _ in 0..3 {
            let mut open = File::open(file)?;
            let stamp = Stamp::of(&open.metadata()?)?;
            let (hash, head, bytes) = take(&mut open, stamp.length)?;
            if Stamp::of(&open.metadata()?)? != stamp {
                continue;
            }
            let encoded = before
                .filter(|before| before.hash == hash)
                .map(|before| Arc::clone(&before.encoded));
            let nature = Nature::of(name, bytes.as_deref().unwrap_or(&head));
            let modified = seconds_up(stamp.modified);
            return Ok(Some(Self {
                file: file.to_path_buf(),
                stamp,
                headers: headers(&hash, modified, &nature, cache),
                hash,
                modified,
                nature,
                bytes,
                encoded: encoded.unwrap_or_default(),
                used: AtomicU64::new(0),
            }));
        }
        Err(io::Error::from(io::ErrorKind::Interrupted))
    }

    /// Its length in bytes.
    pub(super) fn length(&self) -> u64 {
        self.stamp.length
    }

    /// Notes that it is asked for.
    pub(super) fn touch(&self, at: u64) {
        self.used.store(at, Relaxed);
    }

    /// When it was last asked for.
    pub(super) fn last_used(&self) -> u64 {
        self.used.load(Relaxed)
    }

    /// The bytes of memory that it takes, compressed forms among them.
    pub(super) fn held(&self) -> usize {
        let length = |bytes: Option<&Bytes>| bytes.map_or(0, Bytes::len);
        let encoded = [&self.encoded.gzip, &self.encoded.brotli]
            .into_iter()
            .map(|cell| length(cell.get().and_then(Option::as_ref)))
            .sum::<usize>();
        // And what is around them.
        length(self.bytes.as_ref()) + encoded + 1024
    }

    /// Whether it may be sent compressed.
    pub(super) fn varies(&self) -> bool {
        let long = self
            .bytes
            .as_ref()
            .is_some_and(|bytes| bytes.len() >= WORTHWHILE);
        self.nature.compressible && long
    }

    /// Whether there is nothing left to do for an encoding.
    pub(super) fn has(&self, encoding: Encoding) -> bool {
        match encoding {
            Encoding::Plain => true,
            Encoding::Gzip => self.encoded.gzip.initialized(),
            Encoding::Brotli => self.encoded.brotli.initialized(),
        }
    }

    /// Its bytes in an encoding, compressed now if they never were; none where that makes them no
    /// smaller. `turn` bounds how many are compressed at the same time.
    pub(super) async fn encoded(&self, encoding: Encoding, turn: &Semaphore) -> Option<Bytes> {
        let cell = match encoding {
            Encoding::Plain => return None,
            Encoding::Gzip => &self.encoded.gzip,
            Encoding::Brotli => &self.encoded.brotli,
        };
        if let Some(made) = cell.get() {
            return made.clone();
        }
        let bytes = self.bytes.clone()?;
        let made = cell.get_or_init(|| async move {
            let _turn = turn.acquire().await;
            let made = tokio::task::spawn_blocking(move || {
                let made = compress(&bytes, encoding).ok()?;
                (made.len() < bytes.len()).then(|| Bytes::from(made))
            });
            made.await.ok().flatten()
        });
        made.await.clone()
    }
}

/// The hash of a file, its beginning, and all of it where it is not too large.
fn take(file: &mut File, length: u64) -> io::Result<(String, Vec<u8>, Option<Bytes>)> {
    let mut hasher = Xxh3::new();
    let mut head = Vec::new();
    let bytes = if length <= LARGEST {
        let mut bytes = Vec::with_capacity(usize::try_from(length).unwrap_or(0) + 1);
        file.take(LARGEST + 1).read_to_end(&mut bytes)?;
        bytes.shrink_to_fit();
        hasher.update(&bytes);
        Some(Bytes::from(bytes))
    } else {
        let mut part = vec![0; 256 << 10];
        loop {
            let read = file.read(&mut part)?;
            if read == 0 {
                break None;
            }
            hasher.update(&part[..read]);
            if head.is_empty() {
                head.extend_from_slice(&part[..read]);
            }
        }
    };
    Ok((format!("{:032x}", hasher.digest128()), head, bytes))
}

fn seconds_up(nanoseconds: u128) -> i64 {
    i64::try_from(nanoseconds.div_ceil(1_000_000_000)).unwrap_or(i64::MAX)
}

fn headers(hash: &str, modified: i64, nature: &Nature, cache: &Cache) -> Headers {
    let value = |text: String| HeaderValue::try_from(text).expect("digits, letters and signs");
    let tag = |encoding: Encoding| value(format!("\"{hash}{}\"", encoding.suffix()));
    let since = std::time::Duration::from_secs(modified.max(0).unsigned_abs());
    let age = nature.kind.age(cache).as_secs();
    let keep = if age == 0 {
        // To be kept, but never shown without asking.
        "no-cache".to_owned()
    } else {
        format!("public, max-age={age}")
    };
    Headers {
        content_type: value(nature.media_type.clone()),
        cache_control: value(keep),
        last_modified: value(httpdate::fmt_http_date(UNIX_EPOCH + since)),
        tags: [Encoding::Plain, Encoding::Gzip, Encoding::Brotli].map(tag),
    }
}

fn compress(bytes: &[u8], encoding: Encoding) -> io::Result<Vec<u8>> {
    let mut made = Vec::with_capacity(bytes.len() / 3);
    match encoding {
        Encoding::Plain => made.extend_from_slice(bytes),
        Encoding::Gzip => {
            let level = flate2::Compression::best();
            let mut writer = flate2::write::GzEncoder::new(&mut made, level);
            writer.write_all(bytes)?;
            writer.finish()?;
        }
        Encoding::Brotli => {
            let params = brotli::enc::BrotliEncoderParams {
                quality: BROTLI,
                size_hint: bytes.len(),
                ..Default::default()
            };
            brotli::BrotliCompress(&mut &*bytes, &mut made, &params)?;
        }
    }
    made.shrink_to_fit();
    Ok(made)
}
