//! Base64 (RFC 4648, section 4), as Atom carries what is not text.

/// The bytes, white space overlooked; `None` where it is not base64: a word such as `Tides` that
/// happens to have no other letters is not a whole number of groups of four.
pub fn decode(text: &str) -> Option<Vec<u8>> {
    let mut bytes = Vec::with_capacity(text.len() / 4 * 3);
    let (mut bits, mut count) = (0_u32, 0_u32);
    let mut letters = 0_usize;
    for byte in text.bytes().filter(|byte| !byte.is_ascii_whitespace()) {
        letters += 1;
        let value = match byte {
            b'A'..=b'Z' => byte - b'A',
            b'a'..=b'z' => byte - b'a' + 26,
            b'0'..=b'9' => byte - b'0' + 52,
            b'+' => 62,
            b'/' => 63,
            b'=' => continue,
            _ => return None,
        };
        bits = bits << 6 | u32::from(value);
        count += 6;
        if count >= 8 {
            count -= 8;
            bytes.push(u8::try_from(bits >> count & 0xff).unwrap_or_default());
        }
    }
    letters.is_multiple_of(4).then_some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_every_length() {
        assert_eq!(decode("Zg=="), Some(b"f".to_vec()));
        assert_eq!(decode("Zm8="), Some(b"fo".to_vec()));
        assert_eq!(decode(" Zm9v\n"), Some(b"foo".to_vec()));
        assert_eq!(
            decode("PHA+8J+YgDwvcD4="),
            Some("<p>😀</p>".as_bytes().to_vec())
        );
        assert_eq!(decode("<p>"), None);
        assert_eq!(decode("Tides"), None);
    }
}
