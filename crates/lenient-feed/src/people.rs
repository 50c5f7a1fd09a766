//! Names and mail addresses out of what feeds write as an author.

use serde::{Deserialize, Serialize};

/// Somebody with a name: who writes a feed, or one of its entries.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Person {
    /// The name, as readers see it.
    pub name: String,
    /// A page about the person.
    #[serde(default)]
    pub url: Option<String>,
    /// A mail address.
    #[serde(default)]
    pub email: Option<String>,
}

/// Takes apart `me@example.org (Me)`, `Me <me@example.org>`, `Me`, or an address alone, which then
/// is the name too.
pub(super) fn person(text: &str) -> Option<Person> {
    let text = text.trim();
    let Some((start, end)) = mail_address(text) else {
        let name = text
            .strip_prefix('<')
            .and_then(|it| it.strip_suffix('>'))
            .filter(|it| !it.contains(['<', '>']))
            .unwrap_or(text)
            .trim();
        return (!name.is_empty()).then(|| Person {
            name: name.to_owned(),
            ..Person::default()
        });
    };
    let email = &text[start..end];
    let before = text[..start].trim_end_matches("mailto:");
    // `me@example.org?subject=Tides (Me)`.
    let after = &text[end..];
    let after = match after.strip_prefix('?') {
        Some(query) => query.trim_start_matches(|c: char| !c.is_whitespace()),
        None => after,
    };
    let rest = format!("{before}{after}");
    let rest = rest.replace("()", "").replace("<>", "");
    let rest = rest.trim();
    let inner = rest.strip_prefix('(').unwrap_or(rest);
    let inner = inner.strip_suffix(')').unwrap_or(inner);
    let name = inner.trim().trim_matches('"').trim();
    Some(Person {
        name: if name.is_empty() { email } else { name }.to_owned(),
        email: Some(email.to_owned()),
        url: None,
    })
}

/// Where a mail address stands.
fn mail_address(text: &str) -> Option<(usize, usize)> {
    let at = text.find('@')?;
    let local = |byte: &u8| byte.is_ascii_alphanumeric() || b"_-.+".contains(byte);
    let domain = |byte: &u8| byte.is_ascii_alphanumeric() || b"-.".contains(byte);
    let start = at
        - text.as_bytes()[..at]
            .iter()
            .rev()
            .take_while(|byte| local(byte))
            .count();
    let end = at
        + 1
        + text.as_bytes()[at + 1..]
            .iter()
            .take_while(|byte| domain(byte))
            .count();
    let end = at + 1 + text[at + 1..end].trim_end_matches(['.', '-']).len();
    (start < at && text[at..end].contains('.')).then_some((start, end))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, name: &str, email: Option<&str>) {
        let person = person(text).unwrap();
        assert_eq!(
            (person.name.as_str(), person.email.as_deref()),
            (name, email),
            "{text}"
        );
    }

    #[test]
    fn takes_authors_apart() {
        let mail = Some("ada@example.org");
        check("ada@example.org (Ada Lovelace)", "Ada Lovelace", mail);
        check("Ada Lovelace <ada@example.org>", "Ada Lovelace", mail);
        check("Ada Lovelace (ada@example.org)", "Ada Lovelace", mail);
        check("ada@example.org", "ada@example.org", mail);
        check("<ada@example.org>", "ada@example.org", mail);
        check("mailto:ada@example.org", "ada@example.org", mail);
        check("ada@example.org?subject=Tides (Ada)", "Ada", mail);
        check("Ada Lovelace", "Ada Lovelace", None);
        check("Ada @ home", "Ada @ home", None);
        check("<Ada>", "Ada", None);
        assert_eq!(person("  "), None);
    }
}
