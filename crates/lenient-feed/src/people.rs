//! Names and mail addresses out of what feeds write as an author.

use std::collections::HashSet;
use std::sync::LazyLock;

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

/// Names that programs write where they know none, in the languages that feeds have.
const NOBODY: &str = "\
    admin administrator root author webmaster user guest anon anonymous unknown noreply no-reply \
    no_reply donotreply do-not-reply nobody none null undefined n/a default superuser siteadmin \
    wpadmin wp-admin wordpress sysadmin postmaster anonym anonyme anonimo anonymus anonimno anonimowy \
    anonymni unbekannt inconnu desconocido desconhecido sconosciuto onbekend okand ukjent ukendt \
    tuntematon nieznany neznamy nepoznat ismeretlen necunoscut bilinmiyor bilinmeyen yonetici \
    administrador administrateur amministratore beheerder autor auteur autore verfasser forfatter \
    forfattare kirjoittaja autore админ администратор автор аноним неизвестно неизвестный невідомо \
    адміністратор αγνωστος διαχειριστης 管理员 管理員 匿名 佚名 未知 不明 作者 名無し 관리자 익명 作者不明 مجهول مدير \
    אנונימי";

static FOLDED: LazyLock<HashSet<String>> =
    LazyLock::new(|| NOBODY.split_whitespace().map(crate::dates::fold).collect());

/// Whether a name or an address is nobody's.
fn is_nobody(person: &Person) -> bool {
    let name = crate::dates::fold(person.name.trim());
    let name = name.trim_matches(|c: char| "()[]<>\"'.-".contains(c) || c.is_whitespace());
    let name = name
        .replace("site admin", "siteadmin")
        .replace("no reply", "noreply");
    let known = |name: &str| FOLDED.contains(name);
    if name.is_empty() || known(&name) {
        return true;
    }
    // An address alone: of nobody, or of an office.
    match name.split_once('@') {
        Some((local, _)) if person.name.contains('@') => {
            known(local) || matches!(local, "info" | "contact" | "hello" | "office" | "mail")
        }
        _ => false,
    }
}

/// Leaves out authors that are nobody: what programs write for want of a name, and the site itself
/// where nothing else is said of it.
pub(super) fn leave_out_nobody(feed: &mut crate::Feed) {
    let title = feed
        .title
        .as_ref()
        .map(|it| it.plain().trim().to_lowercase());
    let host = feed.link.as_deref().and_then(|it| url::Url::parse(it).ok());
    let host = host.and_then(|it| Some(it.host_str()?.trim_start_matches("www.").to_owned()));
    let is_site = |person: &Person| {
        let name = person.name.trim().to_lowercase();
        let alone = person.url.is_none() && person.email.is_none();
        alone
            && (Some(&name) == title.as_ref()
                || Some(name.trim_start_matches("www.")) == host.as_deref())
    };
    let is_somebody = |person: &Person| !is_nobody(person) && !is_site(person);
    feed.authors.retain(is_somebody);
    for entry in &mut feed.entries {
        entry.authors.retain(is_somebody);
    }
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

    #[test]
    fn nobody_writes_nothing() {
        let read = |head: &str, author: &str| {
            let source = format!(
                "<rss><channel><title>The Pier</title><link>https://www.pier.example/</link>{head}<item>\
                 <guid>1</guid><author>{author}</author></item></channel></rss>"
            );
            let mut feed = crate::parse(source.as_bytes(), &crate::Hints::default()).unwrap();
            feed.entries
                .remove(0)
                .authors
                .into_iter()
                .map(|it| it.name)
                .collect::<Vec<_>>()
        };
        for nobody in [
            "Unknown",
            "admin",
            "noreply@blogger.com (Unknown)",
            "no-reply@pier.example",
            "The Pier",
            "the pier",
            "pier.example",
            "Anonymous",
            "root",
            "(author)",
            "Anónimo",
            "Администратор",
            "Okänd",
            "管理员",
            "info@pier.example",
            "N/A",
            "Site Admin",
        ] {
            assert!(read("", nobody).is_empty(), "{nobody}");
        }
        for somebody in [
            "Ada",
            "Admina Root",
            "ada@pier.example",
            "Ann Unknown",
            "Pier",
            "info@pier.example (Ada)",
        ] {
            assert_eq!(read("", somebody).len(), 1, "{somebody}");
        }
        assert!(read("<managingEditor>admin</managingEditor>", "Unknown").is_empty());
    }
}
