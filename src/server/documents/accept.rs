//! Which encoding a client takes (RFC 9110, section 12.5.3).

/// How a document's bytes are sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Encoding {
    /// As they are.
    Plain,
    /// Compressed with gzip.
    Gzip,
    /// Compressed with brotli.
    Brotli,
}

impl Encoding {
    /// What it adds to the entity tag: another representation has another tag.
    pub(super) fn suffix(self) -> &'static str {
        match self {
            Self::Plain => "",
            Self::Gzip => "-gzip",
            Self::Brotli => "-br",
        }
    }

    /// Its name, where it has one.
    pub(super) fn name(self) -> Option<&'static str> {
        match self {
            Self::Plain => None,
            Self::Gzip => Some("gzip"),
            Self::Brotli => Some("br"),
        }
    }
}

/// The encoding that a client likes best of those that there are; between equals, the smaller.
pub(super) fn choose(accepted: Option<&str>) -> Encoding {
    let Some(accepted) = accepted else {
        return Encoding::Plain;
    };
    let (mut gzip, mut brotli, mut others) = (None, None, None);
    for part in accepted.split(',') {
        let mut words = part.split(';');
        let name = words.next().unwrap_or_default().trim();
        let weight = words.find_map(weight).unwrap_or(1.0);
        let slot = if name.eq_ignore_ascii_case("gzip") || name.eq_ignore_ascii_case("x-gzip") {
            &mut gzip
        } else if name.eq_ignore_ascii_case("br") {
            &mut brotli
        } else if name == "*" {
            &mut others
        } else {
            continue;
        };
        *slot = Some(weight);
    }
    let gzip = gzip.or(others).unwrap_or(0.0);
    let brotli = brotli.or(others).unwrap_or(0.0);
    if brotli > 0.0 && brotli >= gzip {
        Encoding::Brotli
    } else if gzip > 0.0 {
        Encoding::Gzip
    } else {
        Encoding::Plain
    }
}

/// `q=0.5`; what cannot be read is not wanted.
fn weight(word: &str) -> Option<f32> {
    let (name, value) = word.trim().split_once('=')?;
    name.trim()
        .eq_ignore_ascii_case("q")
        .then(|| value.trim().parse().unwrap_or(0.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(accepted: &str, expected: Encoding) {
        assert_eq!(choose(Some(accepted)), expected, "{accepted}");
    }

    #[test]
    fn takes_what_the_client_takes() {
        assert_eq!(choose(None), Encoding::Plain);
        check("", Encoding::Plain);
        check("gzip, deflate, br", Encoding::Brotli);
        check("gzip, deflate", Encoding::Gzip);
        check("GZIP", Encoding::Gzip);
        check("x-gzip", Encoding::Gzip);
        check("br;q=0.5, gzip;q=0.8", Encoding::Gzip);
        check("br;q=0, gzip", Encoding::Gzip);
        check("br ; q = 0.0 , gzip;q=0", Encoding::Plain);
        check("identity", Encoding::Plain);
        check("*", Encoding::Brotli);
        check("*;q=0", Encoding::Plain);
        check("br;q=0, *", Encoding::Gzip);
        check("gzip;q=nonsense", Encoding::Plain);
        check("zstd, deflate", Encoding::Plain);
    }
}
