//! What one page is called in several ways: with the path of a language, with slashes twice, with
//! the name of the site in its title.

use crate::model::address;

/// A page without what differs between copies of it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Page {
    /// Its address; empty for none.
    pub(super) address: String,
    /// Its host.
    pub(super) host: String,
}

/// Languages that sites have in paths, as ISO 639-1 writes them.
const LANGUAGES: &str = " ar bg bn ca cs da de el en es et fa fi fr he hi hr hu id it ja ko lt lv \
    ms nb nl no pl pt ro ru sk sl sr sv th tr uk vi zh ";

/// The page of an address.
pub(super) fn page(url: &str) -> Page {
    if url.is_empty() {
        return Page::default();
    }
    let canonical = address::canonical(url);
    let (host, rest) =
        canonical.split_at(canonical.find(['/', '?', '#']).unwrap_or(canonical.len()));
    let (path, query) = rest.split_at(rest.find(['?', '#']).unwrap_or(rest.len()));
    let mut parts: Vec<&str> = path.split('/').filter(|part| !part.is_empty()).collect();
    if parts.len() > 1 && is_language(parts[0]) {
        parts.remove(0);
    }
    Page {
        address: format!("{host}/{}{query}", parts.join("/")),
        host: host.to_owned(),
    }
}

/// Whether a part of a path is a language and perhaps a region: `pt`, `en-us`, `zh-Hant`.
fn is_language(part: &str) -> bool {
    let (language, region) = part.split_once(['-', '_']).unwrap_or((part, "us"));
    let is_region =
        (2..=4).contains(&region.len()) && region.bytes().all(|b| b.is_ascii_alphabetic());
    language.len() == 2
        && is_region
        && LANGUAGES.contains(&format!(" {} ", language.to_lowercase()))
}

/// What stands between a title and the name of its site.
const BETWEEN: [&str; 7] = [" | ", " - ", " – ", " — ", " · ", " :: ", " » "];

/// A title without the name of its site at its end or its start: of a last or first part whose
/// letters are the host's, or begin with them.
pub(super) fn without_site<'t>(title: &'t str, host: &str) -> &'t str {
    let site = psl::domain_str(host).unwrap_or(host);
    let name = letters(site.split('.').next().unwrap_or(site));
    let is_site = |part: &str| {
        let part = letters(part);
        let short = part.len().min(name.len());
        short >= 4 && (part.starts_with(&name) || name.starts_with(&part))
    };
    for between in BETWEEN {
        if let Some((rest, last)) = title.rsplit_once(between)
            && is_site(last)
        {
            return rest.trim();
        }
        if let Some((first, rest)) = title.split_once(between)
            && is_site(first)
        {
            return rest.trim();
        }
    }
    title
}

/// The letters and digits of a name, in lower case.
fn letters(name: &str) -> String {
    name.chars()
        .filter(|c| c.is_alphanumeric())
        .flat_map(char::to_lowercase)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn same_page(one: &str, other: &str) {
        assert_eq!(page(one), page(other));
    }

    #[test]
    fn a_page_is_one_in_all_languages_and_with_any_number_of_slashes() {
        let own = "https://mill.example/notes/grinding-slowly/";
        same_page(own, "https://www.mill.example/de/notes/grinding-slowly");
        same_page(own, "https://mill.example/pt-BR/notes/grinding-slowly/");
        same_page(own, "https://mill.example//notes//grinding-slowly");
        same_page(
            own,
            "http://mill.example/zh_Hant/notes/grinding-slowly/?utm_source=rss",
        );
        let others = [
            "https://mill.example/notes/",
            "https://mill.example/go/notes/grinding-slowly",
            "https://mill.example/notes/grinding-slowly/?page=2",
            "https://mill.example/de",
        ];
        for other in others {
            assert_ne!(page(own), page(other), "{other}");
        }
        assert_ne!(
            page("https://mill.example/de"),
            page("https://mill.example/en")
        );
        assert_eq!(page(""), Page::default());
    }

    #[track_caller]
    fn check(title: &str, host: &str, expected: &str) {
        assert_eq!(without_site(title, host), expected);
    }

    #[test]
    fn the_name_of_a_site_is_no_part_of_a_title() {
        check(
            "Grinding slowly | Mill Pond Works",
            "blog.millpond.example",
            "Grinding slowly",
        );
        check(
            "Mill Pond – Grinding slowly",
            "millpond.example",
            "Grinding slowly",
        );
        check(
            "Grinding - slowly - Mill Pond",
            "millpond.example",
            "Grinding - slowly",
        );
        check("Grinding - slowly", "millpond.example", "Grinding - slowly");
        check(
            "Grinding slowly | Mill",
            "m.example",
            "Grinding slowly | Mill",
        );
        check("Mill-Pond", "millpond.example", "Mill-Pond");
        check("", "", "");
    }
}
