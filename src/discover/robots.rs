//! `robots.txt`, as RFC 9309 has it: which pages of a host a program is asked not to fetch.
//!
//! It is about pages that a program comes to by itself. A feed that a person subscribed to, and an
//! interface that a site offers to programs, are not asked for here.

use std::fmt::Write as _;

use url::Url;

/// The larger rest of a file is not read (RFC 9309, section 2.5 asks for 500 KiB at least).
pub const LARGEST: usize = 512 << 10;

/// The name that this program is addressed by.
pub const NAME: &str = "newsdesk";

/// The rules of one host for this program.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Robots {
    rules: Vec<Rule>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Rule {
    allow: bool,
    pattern: String,
}

impl Robots {
    /// Reads the rules for a program of this name: the groups that name it, else those for `*`.
    pub fn parse(text: &str, name: &str) -> Self {
        let end = text.floor_char_boundary(LARGEST);
        let name = name.to_ascii_lowercase();
        let (mut own, mut all) = (Vec::new(), Vec::new());
        let mut named = false;
        let mut group: (bool, bool) = (false, false);
        let mut in_names = false;
        for line in text[..end].trim_start_matches('\u{feff}').lines() {
            let line = line.split('#').next().unwrap_or_default();
            let Some((key, value)) = line.split_once(':') else {
                continue;
            };
            let value = value.trim();
            match key.trim().to_ascii_lowercase().as_str() {
                "user-agent" => {
                    if !in_names {
                        group = (false, false);
                    }
                    in_names = true;
                    let agent = value.to_ascii_lowercase();
                    // Section 2.2.1: the product's name, whatever version follows it.
                    let product = agent.split(['/', ' ']).next().unwrap_or_default();
                    group.0 |= product == name;
                    group.1 |= agent == "*";
                    named |= product == name;
                }
                key @ ("allow" | "disallow") => {
                    in_names = false;
                    // An empty `Disallow` allows all, which is what no rule does.
                    if value.is_empty() {
                        continue;
                    }
                    let rule = Rule {
                        allow: key == "allow",
                        pattern: normal(value),
                    };
                    if group.0 {
                        own.push(rule.clone());
                    }
                    if group.1 {
                        all.push(rule);
                    }
                }
                _ => {}
            }
        }
        Self {
            rules: if named { own } else { all },
        }
    }

    /// Rules that forbid everything: the host could not say what it wants (section 2.3.1.4).
    pub fn closed() -> Self {
        Self {
            rules: vec![Rule {
                allow: false,
                pattern: "/".to_owned(),
            }],
        }
    }

    /// Whether a page may be fetched: the longest pattern that fits decides, and of two of one
    /// length the one that allows (section 2.2.2).
    pub fn allow(&self, url: &Url) -> bool {
        let mut path = normal(url.path());
        if let Some(query) = url.query() {
            path.push('?');
            path.push_str(&normal(query));
        }
        if path == "/robots.txt" {
            return true;
        }
        self.rules
            .iter()
            .filter(|rule| fits(rule.pattern.as_bytes(), path.as_bytes()))
            .max_by_key(|rule| (rule.pattern.len(), rule.allow))
            .is_none_or(|rule| rule.allow)
    }
}

/// One form for each way to write a character: what needs no `%` has none, the rest is upper case.
fn normal(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut normal = String::with_capacity(text.len());
    let mut at = 0;
    while at < bytes.len() {
        let coded = (bytes[at] == b'%')
            .then(|| text.get(at + 1..at + 3))
            .flatten()
            .and_then(|digits| u8::from_str_radix(digits, 16).ok());
        let (byte, length) = coded.map_or((bytes[at], 1), |byte| (byte, 3));
        let plain = byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
        if plain || (length == 1 && byte.is_ascii()) {
            normal.push(char::from(byte));
        } else {
            let _ = write!(normal, "%{byte:02X}");
        }
        at += length;
    }
    normal
}

/// Whether a pattern fits the beginning of a path; `*` stands for anything, `$` for the end.
/// Goes back to the last `*` only, so that time is at most the product of the lengths.
fn fits(pattern: &[u8], path: &[u8]) -> bool {
    let (pattern, to_end) = match pattern.strip_suffix(b"$") {
        Some(rest) => (rest, true),
        None => (pattern, false),
    };
    let (mut at, mut seen) = (0, 0);
    let mut star: Option<(usize, usize)> = None;
    loop {
        if at == pattern.len() && (!to_end || seen == path.len()) {
            return true;
        }
        if pattern.get(at) == Some(&b'*') {
            star = Some((at, seen));
            at += 1;
        } else if at < pattern.len() && pattern.get(at) == path.get(seen) {
            at += 1;
            seen += 1;
        } else if let Some((place, from)) = star.filter(|(_, from)| *from < path.len()) {
            star = Some((place, from + 1));
            at = place + 1;
            seen = from + 1;
        } else {
            return false;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(robots: &str, path: &str, expected: bool) {
        let url = Url::parse("https://example.org/")
            .unwrap()
            .join(path)
            .unwrap();
        assert_eq!(
            Robots::parse(robots, NAME).allow(&url),
            expected,
            "{robots:?} {path}"
        );
    }

    #[test]
    fn the_group_that_names_the_program_counts_alone() {
        let robots = "User-agent: *\nDisallow: /\n\nUser-agent: other\nUser-Agent: NewsDesk/1.0\nDisallow: /private\n";
        check(robots, "/blog/", true);
        check(robots, "/private/x", false);
        check("User-agent: *\nDisallow: /\n", "/blog/", false);
        check("User-agent: newsdeskbot\nDisallow: /\n", "/blog/", true);
        check(
            "User-agent: newsdesk\n\nUser-agent: *\nDisallow: /x\n",
            "/x",
            false,
        );
        check("", "/anything", true);
        check("Disallow: /\n", "/before/any/group", true);
    }

    #[test]
    fn groups_of_one_name_are_one() {
        let robots = "User-agent: newsdesk\nDisallow: /a\nUser-agent: x\nDisallow: /b\nUser-agent: newsdesk\nDisallow: /c";
        check(robots, "/a", false);
        check(robots, "/b", true);
        check(robots, "/c", false);
    }

    #[test]
    fn the_longest_pattern_decides() {
        let robots =
            "User-agent: *\nAllow: /p\nDisallow: /page\nAllow: /page/feed\nDisallow: /page/feed\n";
        check(robots, "/p", true);
        check(robots, "/page/one", false);
        check(robots, "/page/feed", true);
        check("User-agent: *\nDisallow:\n", "/x", true);
    }

    #[test]
    fn stars_and_ends_mean_what_they_say() {
        check("User-agent: *\nDisallow: /*.pdf$\n", "/a/b.pdf", false);
        check("User-agent: *\nDisallow: /*.pdf$\n", "/a/b.pdf?x=1", true);
        check("User-agent: *\nDisallow: /a*/c\n", "/abc/d/c", false);
        check("User-agent: *\nDisallow: *\n", "/x", false);
        check("User-agent: *\nDisallow: /$\n", "/", false);
        check("User-agent: *\nDisallow: /$\n", "/x", true);
        check("User-agent: *\nDisallow: /?s=\n", "/?s=rust", false);
    }

    #[test]
    fn one_character_has_one_form() {
        check("User-agent: *\nDisallow: /caf%c3%a9\n", "/café", false);
        check("User-agent: *\nDisallow: /%7Eada\n", "/~ada/x", false);
        check("User-agent: *\nDisallow: /a%2Fb\n", "/a/b", true);
    }

    #[test]
    fn rough_files_are_read_as_meant() {
        check(
            "\u{feff}user-agent:*\r\ndisallow:/x # because\r\n",
            "/x",
            false,
        );
        check("User-agent: *\nCrawl-delay: 5\nDisallow: /x\n", "/x", false);
        check(
            "User-agent: *\nSitemap: https://example.org/s.xml\nUser-agent: y\nDisallow: /x\n",
            "/x",
            false,
        );
        check("<html>not found</html>", "/x", true);
        assert!(!Robots::closed().allow(&Url::parse("https://example.org/x").unwrap()));
        assert!(Robots::closed().allow(&Url::parse("https://example.org/robots.txt").unwrap()));
    }

    #[test]
    fn hostile_patterns_take_no_time() {
        let pattern = "*a".repeat(20_000);
        let robots = Robots::parse(&format!("User-agent: *\nDisallow: /{pattern}b\n"), NAME);
        let url = Url::parse(&format!("https://example.org/{}", "a".repeat(20_000))).unwrap();
        assert!(robots.allow(&url));
    }
}
