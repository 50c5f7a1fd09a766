//! References to characters: by number, by the names that HTML 4 gave them, and by the names that a
//! document defines itself.

use super::limits;
use super::repair::{Defect, Log};

/// The entities that a document's own type declaration defines, with what they stand for.
#[derive(Default)]
pub struct Entities {
    defined: Vec<(String, String)>,
    spent: usize,
}

/// What a reference turned out to be.
#[derive(Debug, PartialEq, Eq)]
pub enum Reference {
    /// One of XML's five, or a character by number.
    Character(char),
    /// One of HTML's names.
    Html(char),
    /// An entity of the document, already written out.
    Defined,
    /// A number that no document may hold.
    Forbidden,
    /// A name that nobody defines.
    Unknown,
    /// An entity that would grow beyond the bound.
    TooLarge,
}

impl Entities {
    /// Reads the `<!ENTITY name "value">` of a document type declaration; external and parameter
    /// entities are overlooked, and nothing is ever fetched.
    pub fn define(&mut self, doctype: &str) {
        for declaration in doctype.split("<!ENTITY").skip(1).take(limits::NAMESPACES) {
            let declaration = declaration.trim_start();
            let name_end = declaration
                .find(|c: char| c.is_whitespace())
                .unwrap_or(declaration.len());
            let (name, rest) = declaration.split_at(name_end);
            let rest = rest.trim_start();
            let Some(quote) = rest.chars().next().filter(|c| matches!(c, '"' | '\'')) else {
                continue;
            };
            if let Some((value, _)) = rest[1..].split_once(quote)
                && !self.defined.iter().any(|(known, _)| known == name)
            {
                self.defined.push((name.to_owned(), value.to_owned()));
            }
        }
    }

    /// Resolves what stands between `&` and `;`. The text of a document's own entity is added to
    /// `into`.
    pub fn resolve(&mut self, reference: &str, into: &mut String) -> Reference {
        if let Some(number) = reference.strip_prefix('#') {
            return by_number(number);
        }
        if let Some(character) = predefined(reference) {
            return Reference::Character(character);
        }
        if !self.defined.is_empty() && self.defined.iter().any(|(name, _)| name == reference) {
            let start = into.len();
            return if self.expand(reference, into, 0) {
                Reference::Defined
            } else {
                into.truncate(start);
                Reference::TooLarge
            };
        }
        named(reference).map_or(Reference::Unknown, Reference::Html)
    }

    /// Writes out an entity and those within it; `false` beyond the bounds. Recursion is bounded
    /// by its depth, work by [`limits::EXPANSION`].
    fn expand(&mut self, name: &str, into: &mut String, depth: usize) -> bool {
        let Some(index) = self.defined.iter().position(|(known, _)| known == name) else {
            return true;
        };
        // Every visit costs at least something, so that empty entities cannot multiply for ever.
        self.spent += self.defined[index].1.len() + 16;
        if depth >= 16 || self.spent > limits::EXPANSION {
            return false;
        }
        let value = self.defined[index].1.clone();
        let mut rest = value.as_str();
        while let Some(at) = rest.find('&') {
            into.push_str(&rest[..at]);
            rest = &rest[at + 1..];
            let Some(end) = rest.bytes().take(64).position(|byte| byte == b';') else {
                into.push('&');
                continue;
            };
            let inner = &rest[..end];
            rest = &rest[end + 1..];
            if self.defined.iter().any(|(known, _)| known == inner) {
                if !self.expand(inner, into, depth + 1) {
                    return false;
                }
            } else {
                match self.resolve(inner, into) {
                    Reference::Character(c) | Reference::Html(c) => into.push(c),
                    Reference::Unknown => {
                        into.push('&');
                        into.push_str(inner);
                        into.push(';');
                    }
                    _ => {}
                }
            }
        }
        into.push_str(rest);
        true
    }
}

/// Adds text to `into`, its references resolved; `at` is where it stands, for the log.
pub fn unescape(text: &str, at: usize, entities: &mut Entities, log: &mut Log, into: &mut String) {
    let mut rest = text;
    while let Some(found) = rest.find('&') {
        into.push_str(&rest[..found]);
        rest = &rest[found + 1..];
        let here = Some(at + text.len() - rest.len() - 1);
        let Some(end) = reference_end(rest) else {
            log.note(Defect::BareAmpersand, here);
            into.push('&');
            continue;
        };
        let name = &rest[..end];
        let closed = rest.as_bytes().get(end) == Some(&b';');
        match entities.resolve(name, into) {
            Reference::Character(character) => into.push(character),
            Reference::Html(character) => {
                log.note_with(Defect::HtmlEntity, here, || Some(format!("`&{name};`")));
                into.push(character);
            }
            Reference::Defined => {}
            Reference::Forbidden => log.note(Defect::ForbiddenReference, here),
            Reference::TooLarge => log.note(Defect::EntityExpansion, here),
            Reference::Unknown => {
                log.note_with(Defect::UnknownEntity, here, || Some(format!("`&{name};`")));
                into.push('&');
                into.push_str(name);
                into.push(';');
            }
        }
        rest = &rest[end + usize::from(closed)..];
    }
    into.push_str(rest);
}

/// Where the name of a reference ends; `None` where there is none, as in `R&D ` or `?a=1&b=2`.
fn reference_end(rest: &str) -> Option<usize> {
    let bytes = rest.as_bytes();
    let body = usize::from(bytes.first() == Some(&b'#'));
    let length = bytes
        .iter()
        .skip(body)
        .take(64)
        .take_while(|byte| {
            byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.' | b':')
        })
        .count();
    if length == 0 {
        return None;
    }
    let end = body + length;
    if bytes.get(end) == Some(&b';') {
        // `&#x;` and `&#one;` name no character.
        return (body == 0 || is_number(&rest[1..end])).then_some(end);
    }
    // `&#8217 ` lacks its `;`. Names do not count without it: `&copy=1` is part of an address.
    let digits = bytes[body..end]
        .iter()
        .take_while(|byte| byte.is_ascii_digit())
        .count();
    (body == 1 && digits > 0).then_some(body + digits)
}

fn is_number(text: &str) -> bool {
    match text.strip_prefix(['x', 'X']) {
        Some(digits) => !digits.is_empty() && digits.bytes().all(|it| it.is_ascii_hexdigit()),
        None => text.bytes().all(|it| it.is_ascii_digit()),
    }
}

fn by_number(number: &str) -> Reference {
    let code = match number.strip_prefix(['x', 'X']) {
        Some(hexadecimal) => u32::from_str_radix(hexadecimal, 16),
        None => number.parse(),
    };
    match code {
        Ok(code) => character(code).map_or(Reference::Forbidden, Reference::Character),
        // Too many digits for any character.
        Err(_) => Reference::Forbidden,
    }
}

/// The character of a number as a document may hold it: none for what XML 1.0 forbids (section
/// 2.2), and Windows' character for 128 to 159, as browsers read them.
pub fn character(code: u32) -> Option<char> {
    match code {
        0x80..=0x9f => Some(windows(code)),
        0x9 | 0xa | 0xd | 0x20..=0xd7ff | 0xe000..=0xfffd | 0x1_0000..=0x10_ffff => {
            char::from_u32(code)
        }
        _ => None,
    }
}

/// What Windows code page 1252 has at 128 to 159.
pub fn windows(code: u32) -> char {
    const PAGE: [char; 32] = [
        '\u{20ac}', '\u{81}', '\u{201a}', '\u{192}', '\u{201e}', '\u{2026}', '\u{2020}',
        '\u{2021}', '\u{2c6}', '\u{2030}', '\u{160}', '\u{2039}', '\u{152}', '\u{8d}', '\u{17d}',
        '\u{8f}', '\u{90}', '\u{2018}', '\u{2019}', '\u{201c}', '\u{201d}', '\u{2022}', '\u{2013}',
        '\u{2014}', '\u{2dc}', '\u{2122}', '\u{161}', '\u{203a}', '\u{153}', '\u{9d}', '\u{17e}',
        '\u{178}',
    ];
    PAGE[(code & 0x1f) as usize]
}

/// The byte that Windows code page 1252 or Latin-1 has for a character.
pub fn windows_byte(character: char) -> Option<u8> {
    let code = u32::from(character);
    if let Ok(byte) = u8::try_from(code) {
        return Some(byte);
    }
    (0x80..=0x9f_u8).find(|byte| windows(u32::from(*byte)) == character)
}

fn predefined(name: &str) -> Option<char> {
    match name {
        "amp" => Some('&'),
        "lt" => Some('<'),
        "gt" => Some('>'),
        "quot" => Some('"'),
        "apos" => Some('\''),
        _ => None,
    }
}

/// The character that HTML 4 calls by this name.
pub fn named(name: &str) -> Option<char> {
    NAMES
        .binary_search_by(|(known, _)| (*known).cmp(name))
        .ok()
        .map(|index| NAMES[index].1)
}

/// The 252 names of HTML 4 (section 24), in order.
#[rustfmt::skip]
const NAMES: [(&str, char); 252] = [
    ("AElig", '\u{c6}'), ("Aacute", '\u{c1}'), ("Acirc", '\u{c2}'), ("Agrave", '\u{c0}'),
    ("Alpha", '\u{391}'), ("Aring", '\u{c5}'), ("Atilde", '\u{c3}'), ("Auml", '\u{c4}'),
    ("Beta", '\u{392}'), ("Ccedil", '\u{c7}'), ("Chi", '\u{3a7}'), ("Dagger", '\u{2021}'),
    ("Delta", '\u{394}'), ("ETH", '\u{d0}'), ("Eacute", '\u{c9}'), ("Ecirc", '\u{ca}'),
    ("Egrave", '\u{c8}'), ("Epsilon", '\u{395}'), ("Eta", '\u{397}'), ("Euml", '\u{cb}'),
    ("Gamma", '\u{393}'), ("Iacute", '\u{cd}'), ("Icirc", '\u{ce}'), ("Igrave", '\u{cc}'),
    ("Iota", '\u{399}'), ("Iuml", '\u{cf}'), ("Kappa", '\u{39a}'), ("Lambda", '\u{39b}'),
    ("Mu", '\u{39c}'), ("Ntilde", '\u{d1}'), ("Nu", '\u{39d}'), ("OElig", '\u{152}'),
    ("Oacute", '\u{d3}'), ("Ocirc", '\u{d4}'), ("Ograve", '\u{d2}'), ("Omega", '\u{3a9}'),
    ("Omicron", '\u{39f}'), ("Oslash", '\u{d8}'), ("Otilde", '\u{d5}'), ("Ouml", '\u{d6}'),
    ("Phi", '\u{3a6}'), ("Pi", '\u{3a0}'), ("Prime", '\u{2033}'), ("Psi", '\u{3a8}'),
    ("Rho", '\u{3a1}'), ("Scaron", '\u{160}'), ("Sigma", '\u{3a3}'), ("THORN", '\u{de}'),
    ("Tau", '\u{3a4}'), ("Theta", '\u{398}'), ("Uacute", '\u{da}'), ("Ucirc", '\u{db}'),
    ("Ugrave", '\u{d9}'), ("Upsilon", '\u{3a5}'), ("Uuml", '\u{dc}'), ("Xi", '\u{39e}'),
    ("Yacute", '\u{dd}'), ("Yuml", '\u{178}'), ("Zeta", '\u{396}'), ("aacute", '\u{e1}'),
    ("acirc", '\u{e2}'), ("acute", '\u{b4}'), ("aelig", '\u{e6}'), ("agrave", '\u{e0}'),
    ("alefsym", '\u{2135}'), ("alpha", '\u{3b1}'), ("amp", '\u{26}'), ("and", '\u{2227}'),
    ("ang", '\u{2220}'), ("aring", '\u{e5}'), ("asymp", '\u{2248}'), ("atilde", '\u{e3}'),
    ("auml", '\u{e4}'), ("bdquo", '\u{201e}'), ("beta", '\u{3b2}'), ("brvbar", '\u{a6}'),
    ("bull", '\u{2022}'), ("cap", '\u{2229}'), ("ccedil", '\u{e7}'), ("cedil", '\u{b8}'),
    ("cent", '\u{a2}'), ("chi", '\u{3c7}'), ("circ", '\u{2c6}'), ("clubs", '\u{2663}'),
    ("cong", '\u{2245}'), ("copy", '\u{a9}'), ("crarr", '\u{21b5}'), ("cup", '\u{222a}'),
    ("curren", '\u{a4}'), ("dArr", '\u{21d3}'), ("dagger", '\u{2020}'), ("darr", '\u{2193}'),
    ("deg", '\u{b0}'), ("delta", '\u{3b4}'), ("diams", '\u{2666}'), ("divide", '\u{f7}'),
    ("eacute", '\u{e9}'), ("ecirc", '\u{ea}'), ("egrave", '\u{e8}'), ("empty", '\u{2205}'),
    ("emsp", '\u{2003}'), ("ensp", '\u{2002}'), ("epsilon", '\u{3b5}'), ("equiv", '\u{2261}'),
    ("eta", '\u{3b7}'), ("eth", '\u{f0}'), ("euml", '\u{eb}'), ("euro", '\u{20ac}'),
    ("exist", '\u{2203}'), ("fnof", '\u{192}'), ("forall", '\u{2200}'), ("frac12", '\u{bd}'),
    ("frac14", '\u{bc}'), ("frac34", '\u{be}'), ("frasl", '\u{2044}'), ("gamma", '\u{3b3}'),
    ("ge", '\u{2265}'), ("gt", '\u{3e}'), ("hArr", '\u{21d4}'), ("harr", '\u{2194}'),
    ("hearts", '\u{2665}'), ("hellip", '\u{2026}'), ("iacute", '\u{ed}'), ("icirc", '\u{ee}'),
    ("iexcl", '\u{a1}'), ("igrave", '\u{ec}'), ("image", '\u{2111}'), ("infin", '\u{221e}'),
    ("int", '\u{222b}'), ("iota", '\u{3b9}'), ("iquest", '\u{bf}'), ("isin", '\u{2208}'),
    ("iuml", '\u{ef}'), ("kappa", '\u{3ba}'), ("lArr", '\u{21d0}'), ("lambda", '\u{3bb}'),
    ("lang", '\u{2329}'), ("laquo", '\u{ab}'), ("larr", '\u{2190}'), ("lceil", '\u{2308}'),
    ("ldquo", '\u{201c}'), ("le", '\u{2264}'), ("lfloor", '\u{230a}'), ("lowast", '\u{2217}'),
    ("loz", '\u{25ca}'), ("lrm", '\u{200e}'), ("lsaquo", '\u{2039}'), ("lsquo", '\u{2018}'),
    ("lt", '\u{3c}'), ("macr", '\u{af}'), ("mdash", '\u{2014}'), ("micro", '\u{b5}'),
    ("middot", '\u{b7}'), ("minus", '\u{2212}'), ("mu", '\u{3bc}'), ("nabla", '\u{2207}'),
    ("nbsp", '\u{a0}'), ("ndash", '\u{2013}'), ("ne", '\u{2260}'), ("ni", '\u{220b}'),
    ("not", '\u{ac}'), ("notin", '\u{2209}'), ("nsub", '\u{2284}'), ("ntilde", '\u{f1}'),
    ("nu", '\u{3bd}'), ("oacute", '\u{f3}'), ("ocirc", '\u{f4}'), ("oelig", '\u{153}'),
    ("ograve", '\u{f2}'), ("oline", '\u{203e}'), ("omega", '\u{3c9}'), ("omicron", '\u{3bf}'),
    ("oplus", '\u{2295}'), ("or", '\u{2228}'), ("ordf", '\u{aa}'), ("ordm", '\u{ba}'),
    ("oslash", '\u{f8}'), ("otilde", '\u{f5}'), ("otimes", '\u{2297}'), ("ouml", '\u{f6}'),
    ("para", '\u{b6}'), ("part", '\u{2202}'), ("permil", '\u{2030}'), ("perp", '\u{22a5}'),
    ("phi", '\u{3c6}'), ("pi", '\u{3c0}'), ("piv", '\u{3d6}'), ("plusmn", '\u{b1}'),
    ("pound", '\u{a3}'), ("prime", '\u{2032}'), ("prod", '\u{220f}'), ("prop", '\u{221d}'),
    ("psi", '\u{3c8}'), ("quot", '\u{22}'), ("rArr", '\u{21d2}'), ("radic", '\u{221a}'),
    ("rang", '\u{232a}'), ("raquo", '\u{bb}'), ("rarr", '\u{2192}'), ("rceil", '\u{2309}'),
    ("rdquo", '\u{201d}'), ("real", '\u{211c}'), ("reg", '\u{ae}'), ("rfloor", '\u{230b}'),
    ("rho", '\u{3c1}'), ("rlm", '\u{200f}'), ("rsaquo", '\u{203a}'), ("rsquo", '\u{2019}'),
    ("sbquo", '\u{201a}'), ("scaron", '\u{161}'), ("sdot", '\u{22c5}'), ("sect", '\u{a7}'),
    ("shy", '\u{ad}'), ("sigma", '\u{3c3}'), ("sigmaf", '\u{3c2}'), ("sim", '\u{223c}'),
    ("spades", '\u{2660}'), ("sub", '\u{2282}'), ("sube", '\u{2286}'), ("sum", '\u{2211}'),
    ("sup", '\u{2283}'), ("sup1", '\u{b9}'), ("sup2", '\u{b2}'), ("sup3", '\u{b3}'),
    ("supe", '\u{2287}'), ("szlig", '\u{df}'), ("tau", '\u{3c4}'), ("there4", '\u{2234}'),
    ("theta", '\u{3b8}'), ("thetasym", '\u{3d1}'), ("thinsp", '\u{2009}'), ("thorn", '\u{fe}'),
    ("tilde", '\u{2dc}'), ("times", '\u{d7}'), ("trade", '\u{2122}'), ("uArr", '\u{21d1}'),
    ("uacute", '\u{fa}'), ("uarr", '\u{2191}'), ("ucirc", '\u{fb}'), ("ugrave", '\u{f9}'),
    ("uml", '\u{a8}'), ("upsih", '\u{3d2}'), ("upsilon", '\u{3c5}'), ("uuml", '\u{fc}'),
    ("weierp", '\u{2118}'), ("xi", '\u{3be}'), ("yacute", '\u{fd}'), ("yen", '\u{a5}'),
    ("yuml", '\u{ff}'), ("zeta", '\u{3b6}'), ("zwj", '\u{200d}'), ("zwnj", '\u{200c}'),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(doctype: &str, reference: &str, expected: &Reference, text: &str) {
        let mut entities = Entities::default();
        entities.define(doctype);
        let mut into = String::new();
        assert_eq!(&entities.resolve(reference, &mut into), expected);
        assert_eq!(into, text);
    }

    #[test]
    fn resolves_numbers_and_names() {
        check("", "#233", &Reference::Character('é'), "");
        check("", "#xE9", &Reference::Character('é'), "");
        check("", "#150", &Reference::Character('–'), "");
        check("", "#0", &Reference::Forbidden, "");
        check("", "#x1F", &Reference::Forbidden, "");
        check("", "#xFFFE", &Reference::Forbidden, "");
        check("", "#xD800", &Reference::Forbidden, "");
        check("", "#99999999999999999999", &Reference::Forbidden, "");
        check("", "amp", &Reference::Character('&'), "");
        check("", "eacute", &Reference::Html('é'), "");
        check("", "nbsp", &Reference::Html('\u{a0}'), "");
        check("", "newsdesk", &Reference::Unknown, "");
    }

    #[test]
    fn the_table_is_in_order() {
        assert!(NAMES.is_sorted_by(|a, b| a.0 < b.0));
    }

    #[test]
    fn expands_what_the_document_defines() {
        let doctype =
            r#"<!DOCTYPE rss [<!ENTITY who "Tom &amp; &sur;"><!ENTITY sur 'J&eacute;'>]>"#;
        check(doctype, "who", &Reference::Defined, "Tom & Jé");
        check(doctype, "whom", &Reference::Unknown, "");
        let external = r#"<!DOCTYPE rss [<!ENTITY x SYSTEM "file:///etc/passwd">]>"#;
        check(external, "x", &Reference::Unknown, "");
    }

    #[test]
    fn bombs_stay_small() {
        let mut doctype = String::from("<!ENTITY a0 \"lol\">");
        for level in 1..12 {
            use std::fmt::Write;
            let inner = format!("&a{};", level - 1).repeat(10);
            write!(doctype, "<!ENTITY a{level} \"{inner}\">").unwrap();
        }
        check(&doctype, "a2", &Reference::Defined, &"lol".repeat(100));
        check(&doctype, "a11", &Reference::TooLarge, "");
        check("<!ENTITY x \"&x;\">", "x", &Reference::TooLarge, "");
    }
}
