//! What holds within an element: its attributes, its namespaces, the base of its addresses.

use std::borrow::Cow;

use url::Url;

use super::Reader;
use crate::address::is_allowed;
use crate::entities::unescape;
use crate::limits;
use crate::names::{self, Element, Namespace};
use crate::repair::Defect;
use crate::tokens::Attributes;

/// What the name of an element means.
#[derive(Clone, Copy, Debug)]
pub(super) struct Meaning {
    pub(super) element: Element,
    pub(super) namespace: Namespace,
    /// Whether it has a prefix, as Atom's elements have in RSS.
    pub(super) prefixed: bool,
    /// Whether its prefix lacks a declaration.
    pub(super) undeclared: bool,
}

impl<'a> Reader<'a, '_> {
    /// The attributes of the current element, references resolved.
    pub(super) fn read_attributes(&mut self, raw: &'a str, at: usize) {
        self.attributes.clear();
        if raw.is_empty() {
            return;
        }
        let mut attributes = Attributes::new(raw);
        for (name, value) in attributes.by_ref().take(limits::ATTRIBUTES) {
            let value = if value.contains('&') {
                let mut text = String::with_capacity(value.len());
                unescape(value, at, &mut self.entities, self.log, &mut text);
                Cow::Owned(text)
            } else {
                Cow::Borrowed(value)
            };
            self.attributes.push((name, value));
        }
        if attributes.bad {
            self.log.note(Defect::BadAttribute, Some(at));
        }
    }

    /// The value of an attribute of the current element, by the first of its names.
    pub(super) fn attribute(&self, names: &[&str]) -> Option<&str> {
        names.iter().find_map(|name| {
            self.attributes
                .iter()
                .find(|(known, _)| known.eq_ignore_ascii_case(name))
                .map(|(_, value)| value.trim())
        })
    }

    /// Notes the namespaces that the current element declares; the default one among them.
    pub(super) fn declare(&mut self) -> Option<Namespace> {
        let mut default = None;
        for (name, value) in &self.attributes {
            let prefix = match name.split_at_checked(5) {
                Some((xmlns, "")) if xmlns.eq_ignore_ascii_case("xmlns") => "",
                Some((xmlns, prefix)) if xmlns.eq_ignore_ascii_case("xmlns") => {
                    prefix.strip_prefix(':').unwrap_or(prefix)
                }
                _ => continue,
            };
            let declared = names::namespace(value);
            if prefix.is_empty() {
                default = Some(declared);
            }
            if self.bindings.len() < limits::NAMESPACES {
                let namespace = match declared {
                    // A default namespace of its own makes `rss` no less RSS, and `dc` bound to a
                    // misspelt address is Dublin Core all the same.
                    Namespace::Other if prefix.is_empty() => Namespace::Core,
                    Namespace::Other => names::usual(prefix).unwrap_or(Namespace::Other),
                    namespace => namespace,
                };
                self.bindings.push((prefix, namespace));
            }
        }
        default
    }

    /// What the name of an element means where it stands.
    pub(super) fn element(&self, name: &str) -> Meaning {
        let (prefix, local) = name.split_once(':').unwrap_or(("", name));
        let bound = self
            .bindings
            .iter()
            .rev()
            .find(|(known, _)| *known == prefix)
            .map(|(_, namespace)| *namespace);
        let usual = if bound.is_some() {
            None
        } else {
            names::usual(prefix)
        };
        let undeclared = bound.is_none() && !prefix.is_empty() && usual.is_some();
        let namespace = match bound.or(usual) {
            Some(namespace) => namespace,
            None if prefix.is_empty() => Namespace::Core,
            None => Namespace::Other,
        };
        let mut meaning = Meaning {
            element: Element::Unknown,
            namespace,
            prefixed: !prefix.is_empty(),
            undeclared,
        };
        let mut lower = [0; 20];
        if let Some(buffer) = lower.get_mut(..local.len()) {
            buffer.copy_from_slice(local.as_bytes());
            buffer.make_ascii_lowercase();
            let local = std::str::from_utf8(buffer).unwrap_or_default();
            meaning.element = names::element(namespace, local);
        }
        meaning
    }

    /// Makes `xml:base` of the current element the base of what is in it.
    pub(super) fn push_base(&mut self) {
        let Some(written) = self.attribute(&["xml:base", "base"]) else {
            return;
        };
        let base = match self.bases.last().filter(|outer| !is_rootless(outer)) {
            Some(outer) => outer.join(written).ok(),
            None => Url::parse(written).ok(),
        };
        // Where nobody says where the document is from, the outermost relative base counts.
        let base = match base {
            None if self.bases.is_empty() => rootless(written),
            base => base,
        };
        if let Some(base) = base
            && is_allowed(base.as_str())
            && base.as_str().len() <= limits::ADDRESS
            && !base.cannot_be_a_base()
        {
            self.bases.push(base);
        }
    }

    /// The base that the document itself names for what is open now, where it is a whole address.
    pub(super) fn whole_base(&self) -> Option<String> {
        let own = self.bases.len() > self.outer_bases;
        let base = self.bases.last().filter(|base| own && !is_rootless(base))?;
        Some(base.to_string())
    }

    /// An address as it is if it is absolute, else made absolute where a base is known; `None`
    /// where nothing could open it.
    pub(super) fn address(&mut self, written: &str) -> Option<String> {
        let written = written.trim();
        if written.is_empty() {
            return None;
        }
        // As browsers do: an address that was broken into lines is whole.
        let joined = written.contains(['\n', '\r', '\t']).then(|| {
            let pieces = written.split(['\n', '\r', '\t']).map(str::trim);
            pieces.collect::<String>()
        });
        let straight = without_empty_host(joined.as_deref().unwrap_or(written));
        let written = straight.as_ref();
        let scheme = scheme(written);
        if written.len() > limits::ADDRESS || !is_allowed(written) {
            self.log.note(Defect::BadAddress, None);
            return None;
        }
        let Some(base) = self.bases.last().filter(|_| scheme.is_none()) else {
            return Some(written.to_owned());
        };
        if is_rootless(base) && written.starts_with('/') {
            return Some(written.to_owned());
        }
        let absolute = base.join(written).ok().map(without_root);
        let cost = absolute.as_ref().map_or(0, String::len);
        let leads = absolute.as_deref().is_none_or(is_allowed);
        if !leads || cost > self.resolvable || cost > limits::ADDRESS {
            self.log.note(Defect::BadAddress, None);
            return None;
        }
        self.resolvable -= cost;
        Some(absolute.unwrap_or_else(|| written.to_owned()))
    }
}

/// The hosts of bases of which only the path is known; one of them for paths that begin with `/`.
const ROOTLESS: [&str; 2] = ["http://relative.invalid/", "http://rooted.invalid/"];

/// A base that is itself relative.
fn rootless(written: &str) -> Option<Url> {
    let host = ROOTLESS[usize::from(written.starts_with('/'))];
    let base = Url::parse(host).ok()?.join(written).ok()?;
    (!written.is_empty() && is_rootless(&base)).then_some(base)
}

fn is_rootless(base: &Url) -> bool {
    base.host_str().is_some_and(|it| it.ends_with(".invalid"))
        && ROOTLESS.iter().any(|host| base.as_str().starts_with(host))
}

/// An address that was joined to a relative base is relative, too.
fn without_root(address: Url) -> String {
    let address = String::from(address);
    let [relative, rooted] = ROOTLESS;
    if let Some(path) = address.strip_prefix(relative) {
        return path.to_owned();
    }
    match address.strip_prefix(rooted) {
        Some(path) => format!("/{path}"),
        None => address,
    }
}

/// `http:///e.example/` has a slash too many: no web address is without a host.
fn without_empty_host(address: &str) -> Cow<'_, str> {
    match address.split_once(":///") {
        Some((scheme, rest)) if matches!(scheme, "http" | "https" | "HTTP" | "HTTPS") => {
            Cow::Owned(format!("{scheme}://{}", rest.trim_start_matches('/')))
        }
        _ => Cow::Borrowed(address),
    }
}

/// The scheme of an absolute address.
pub(super) fn scheme(address: &str) -> Option<&str> {
    let (scheme, _) = address.split_once(':')?;
    let mut bytes = scheme.bytes();
    let fits = bytes.next().is_some_and(|byte| byte.is_ascii_alphabetic())
        && bytes.all(|byte| byte.is_ascii_alphanumeric() || b"+-.".contains(&byte));
    fits.then_some(scheme)
}
