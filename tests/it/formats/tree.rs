//! An XML document as a tree of elements with their namespaces resolved, and whether it is well
//! formed. Stricter than the reader that it stands on: what XML 1.0 forbids is a remark.

use quick_xml::XmlVersion;
use quick_xml::events::{BytesRef, BytesStart, Event};
use quick_xml::name::{PrefixDeclaration, ResolveResult};
use quick_xml::reader::NsReader;

use super::Report;

pub(crate) const XML: &str = "http://www.w3.org/XML/1998/namespace";

/// The namespaces that the W3C's service knows and we might use, with the prefix it expects.
const KNOWN: [(&str, &str); 9] = [
    ("atom", "http://www.w3.org/2005/Atom"),
    ("content", "http://purl.org/rss/1.0/modules/content/"),
    ("dc", "http://purl.org/dc/elements/1.1/"),
    ("fh", "http://purl.org/syndication/history/1.0"),
    ("itunes", "http://www.itunes.com/dtds/podcast-1.0.dtd"),
    ("media", "http://search.yahoo.com/mrss/"),
    ("sy", "http://purl.org/rss/1.0/modules/syndication/"),
    ("thr", "http://purl.org/syndication/thread/1.0"),
    ("xhtml", "http://www.w3.org/1999/xhtml"),
];

pub(crate) struct Element {
    /// Its namespace; empty where it has none.
    pub(crate) namespace: String,
    pub(crate) name: String,
    pub(crate) attributes: Vec<Attribute>,
    pub(crate) children: Vec<Element>,
    /// The text directly in it.
    pub(crate) text: String,
}

pub(crate) struct Attribute {
    pub(crate) namespace: String,
    pub(crate) name: String,
    pub(crate) value: String,
}

impl Element {
    pub(crate) fn is(&self, namespace: &str, name: &str) -> bool {
        self.namespace == namespace && self.name == name
    }

    pub(crate) fn all<'a>(
        &'a self,
        namespace: &'a str,
        name: &'a str,
    ) -> impl Iterator<Item = &'a Element> {
        self.children
            .iter()
            .filter(move |child| child.is(namespace, name))
    }

    pub(crate) fn first<'a>(&'a self, namespace: &'a str, name: &'a str) -> Option<&'a Element> {
        self.all(namespace, name).next()
    }

    /// The value of an attribute without namespace.
    pub(crate) fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes
            .iter()
            .find(|attribute| attribute.namespace.is_empty() && attribute.name == name)
            .map(|attribute| attribute.value.as_str())
    }

    pub(crate) fn lang(&self) -> Option<&str> {
        self.attributes
            .iter()
            .find(|attribute| attribute.namespace == XML && attribute.name == "lang")
            .map(|attribute| attribute.value.as_str())
    }

    /// Its name with the usual prefix: `itunes:duration`.
    pub(crate) fn title(&self) -> String {
        let known = KNOWN.iter().find(|(_, uri)| *uri == self.namespace);
        match known {
            Some((prefix, _)) if *prefix != "atom" => format!("{prefix}:{}", self.name),
            _ => self.name.clone(),
        }
    }
}

/// Whether the W3C's service knows the namespace.
pub(crate) fn is_known(namespace: &str) -> bool {
    KNOWN.iter().any(|(_, uri)| *uri == namespace)
}

/// The document's root, or none where it is not well formed.
pub(crate) fn parse(document: &[u8], report: &mut Report) -> Option<Element> {
    let text = match std::str::from_utf8(document) {
        Ok(text) => text,
        Err(error) => {
            report.say("UnicodeError", error);
            return None;
        }
    };
    for character in text.chars() {
        check_character(character, report);
    }
    match build(text, report) {
        Ok(root) => root,
        Err(error) => {
            report.say("SAXError", error);
            None
        }
    }
}

/// Section 2.2 of XML 1.0, and the characters that are nearly always a wrong encoding.
fn check_character(character: char, report: &mut Report) {
    let code = u32::from(character);
    match character {
        '\t' | '\n' | '\r' => {}
        '\0'..='\u{1F}' | '\u{FFFE}' | '\u{FFFF}' => {
            report.say("SAXError", format!("forbidden character U+{code:04X}"));
        }
        '\u{7F}'..='\u{9F}' | '\u{FFFD}' | '\u{FDD0}'..='\u{FDEF}' => {
            report.say("BadCharacters", format!("U+{code:04X}"));
        }
        _ if code & 0xFFFE == 0xFFFE => report.say("BadCharacters", format!("U+{code:04X}")),
        _ => {}
    }
}

fn build(text: &str, report: &mut Report) -> Result<Option<Element>, String> {
    let mut reader = NsReader::from_str(text);
    reader.config_mut().expand_empty_elements = true;
    reader.config_mut().allow_unmatched_ends = false;
    let mut open: Vec<Element> = Vec::new();
    let mut root = None;
    loop {
        let event = reader.read_event().map_err(|error| error.to_string())?;
        match event {
            Event::Start(tag) => {
                if open.is_empty() && root.is_some() {
                    return Err("a second root element".to_owned());
                }
                open.push(element(&reader, &tag, report)?);
            }
            Event::End(_) => {
                let element = open.pop().ok_or("an end without a start")?;
                match open.last_mut() {
                    Some(parent) => parent.children.push(element),
                    None => root = Some(element),
                }
            }
            Event::Text(text) => {
                let text = text.decode().map_err(|error| error.to_string())?;
                if text.contains("]]>") {
                    return Err("`]]>` in text".to_owned());
                }
                add(&mut open, &text)?;
            }
            Event::CData(text) => {
                let text = text.decode().map_err(|error| error.to_string())?;
                add(&mut open, &text)?;
            }
            Event::GeneralRef(reference) => add(&mut open, &resolve(&reference, report)?)?,
            Event::DocType(_) => report.say("InvalidDoctype", "a document type"),
            Event::Decl(declaration) => {
                let encoding = declaration.encoding().and_then(Result::ok);
                let is_utf8 = encoding.is_none_or(|name| name.eq_ignore_ascii_case(b"utf-8"));
                if !is_utf8 {
                    report.say("EncodingMismatch", "not UTF-8");
                }
            }
            Event::PI(_) | Event::Comment(_) | Event::Empty(_) => {}
            Event::Eof => break,
        }
    }
    if !open.is_empty() {
        return Err("the document ends within an element".to_owned());
    }
    Ok(root)
}

/// Adds text to the innermost open element.
fn add(open: &mut [Element], text: &str) -> Result<(), String> {
    match open.last_mut() {
        // Line ends are `\n` to whoever reads XML (section 2.11).
        Some(element) => element.text.push_str(&text.replace("\r\n", "\n")),
        None if text.trim().is_empty() => {}
        None => return Err("text outside the root element".to_owned()),
    }
    Ok(())
}

fn resolve(reference: &BytesRef<'_>, report: &mut Report) -> Result<String, String> {
    let character = reference
        .resolve_char_ref()
        .map_err(|error| error.to_string())?;
    if let Some(character) = character {
        check_character(character, report);
        return Ok(character.to_string());
    }
    let name = reference.decode().map_err(|error| error.to_string())?;
    match name.as_ref() {
        "lt" => Ok("<".to_owned()),
        "gt" => Ok(">".to_owned()),
        "amp" => Ok("&".to_owned()),
        "quot" => Ok("\"".to_owned()),
        "apos" => Ok("'".to_owned()),
        name => {
            report.say("UndefinedNamedEntity", name);
            Ok(String::new())
        }
    }
}

fn element(
    reader: &NsReader<&[u8]>,
    tag: &BytesStart<'_>,
    report: &mut Report,
) -> Result<Element, String> {
    let resolver = reader.resolver();
    let (namespace, name) = resolver.resolve_element(tag.name());
    let mut element = Element {
        namespace: namespace_name(&namespace, report),
        name: String::from_utf8_lossy(name.as_ref()).into_owned(),
        attributes: Vec::new(),
        children: Vec::new(),
        text: String::new(),
    };
    for attribute in tag.attributes() {
        let attribute = attribute.map_err(|error| error.to_string())?;
        let value = attribute
            .decoded_and_normalized_value(XmlVersion::Implicit1_0, reader.decoder())
            .map_err(|error| error.to_string())?;
        for character in value.chars() {
            check_character(character, report);
        }
        if let Some(declared) = attribute.key.as_namespace_binding() {
            let prefix = match declared {
                PrefixDeclaration::Default => "",
                PrefixDeclaration::Named(prefix) => {
                    std::str::from_utf8(prefix).map_err(|error| error.to_string())?
                }
            };
            check_declaration(prefix, &value, report);
            continue;
        }
        let (namespace, name) = resolver.resolve_attribute(attribute.key);
        element.attributes.push(Attribute {
            namespace: namespace_name(&namespace, report),
            name: String::from_utf8_lossy(name.as_ref()).into_owned(),
            value: value.into_owned(),
        });
    }
    Ok(element)
}

fn check_declaration(prefix: &str, uri: &str, report: &mut Report) {
    if !uri.is_empty() && !is_known(uri) {
        report.say("UnknownNamespace", uri);
    }
    for (expected, known) in KNOWN {
        if prefix == expected && known != uri {
            report.say("ReservedPrefix", expected);
        }
        if known == uri && !prefix.is_empty() && prefix != expected {
            report.say("NonstdPrefix", uri);
        }
    }
}

fn namespace_name(resolved: &ResolveResult<'_>, report: &mut Report) -> String {
    match resolved {
        ResolveResult::Bound(namespace) => String::from_utf8_lossy(namespace.as_ref()).into_owned(),
        ResolveResult::Unbound => String::new(),
        ResolveResult::Unknown(prefix) => {
            let prefix = String::from_utf8_lossy(prefix).into_owned();
            report.say("MissingNamespace", &prefix);
            prefix
        }
    }
}
