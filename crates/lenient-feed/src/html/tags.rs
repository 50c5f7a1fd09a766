//! Where tags, comments and texts begin and end, as browsers find them (HTML, section 13.2.5).
//! Nothing here fails and nothing looks at a byte twice: what is no tag is text.

/// A piece of HTML.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Piece<'a> {
    /// Text, its references as written; a `<` alone may be one.
    Text,
    /// A start tag.
    Start(Tag<'a>),
    /// An end tag, by its name as written.
    End(&'a str),
    /// A comment, a declaration, or a tag that the end of the document cuts: nothing is shown.
    Hidden,
}

/// A start tag.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Tag<'a> {
    /// The name of the element, as written.
    pub(super) name: &'a str,
    /// How many attributes it has.
    pub(super) attributes: usize,
}

/// The piece that begins at a byte, and the byte after it.
pub(super) fn piece(html: &str, at: usize) -> (Piece<'_>, usize) {
    let bytes = html.as_bytes();
    let next = bytes.get(at + 1).copied();
    match (bytes[at], next) {
        (b'<', Some(b'!' | b'?')) => (Piece::Hidden, declaration_end(html, at)),
        (b'<', Some(b'/')) => match bytes.get(at + 2) {
            Some(letter) if letter.is_ascii_alphabetic() => {
                let (tag, end) = tag(html, at + 2);
                let piece = tag.map_or(Piece::Hidden, |tag| Piece::End(tag.name));
                (piece, end)
            }
            None => (Piece::Text, html.len()),
            _ => (Piece::Hidden, after(html, at, ">")),
        },
        (b'<', Some(letter)) if letter.is_ascii_alphabetic() => {
            let (tag, end) = tag(html, at + 1);
            (tag.map_or(Piece::Hidden, Piece::Start), end)
        }
        _ => {
            let rest = &bytes[at + 1..];
            let length = rest.iter().position(|byte| *byte == b'<');
            (Piece::Text, length.map_or(html.len(), |it| at + 1 + it))
        }
    }
}

/// The byte after the next `end`, or that after the document.
fn after(html: &str, at: usize, end: &str) -> usize {
    let found = html[at..].find(end);
    found.map_or(html.len(), |it| at + it + end.len())
}

fn declaration_end(html: &str, at: usize) -> usize {
    let rest = &html[at..];
    if !rest.starts_with("<!--") {
        return after(html, at, ">");
    }
    for abrupt in ["<!-->", "<!--->"] {
        if rest.starts_with(abrupt) {
            return at + abrupt.len();
        }
    }
    let mut from = at + 4;
    while let Some(found) = html[from..].find("--") {
        let tail = &html[from + found + 2..];
        if tail.starts_with('>') {
            return from + found + 3;
        }
        if tail.starts_with("!>") {
            return from + found + 4;
        }
        from += found + 1;
    }
    html.len()
}

/// The tag whose name begins at a byte, and the byte after it; none where the document ends in it.
fn tag(html: &str, start: usize) -> (Option<Tag<'_>>, usize) {
    let bytes = html.as_bytes();
    let skip = |from: usize, belongs: &dyn Fn(u8) -> bool| {
        let rest = bytes[from..].iter().position(|byte| !belongs(*byte));
        rest.map_or(bytes.len(), |length| from + length)
    };
    let blank = |byte: u8| byte.is_ascii_whitespace();
    let ends_name = |byte: u8| blank(byte) || matches!(byte, b'/' | b'>');
    let mut at = skip(start, &|byte| !ends_name(byte));
    let name = &html[start..at];
    let mut attributes = 0;
    loop {
        at = skip(at, &|byte| blank(byte) || byte == b'/');
        match bytes.get(at) {
            None => return (None, html.len()),
            Some(b'>') => return (Some(Tag { name, attributes }), at + 1),
            Some(_) => attributes += 1,
        }
        // A `=` here belongs to the name, odd as it is.
        at = skip(at + 1, &|byte| !ends_name(byte) && byte != b'=');
        at = skip(at, &blank);
        if bytes.get(at) != Some(&b'=') {
            continue;
        }
        at = skip(at + 1, &blank);
        at = match bytes.get(at) {
            Some(quote @ (b'"' | b'\'')) => {
                let end = skip(at + 1, &|byte| byte != *quote);
                (end + 1).min(bytes.len())
            }
            _ => skip(at, &|byte| !blank(byte) && byte != b'>'),
        };
    }
}
