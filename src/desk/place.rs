//! Addresses of sources as people type them at a prompt.

use std::path::{Component, Path, PathBuf};

use url::Url;

use crate::model::address;

/// The address of a source: one of the web as it is; a path, which starts where it is typed, as
/// one that starts at the folder of config.toml, as far as it lies within. `None` where it is
/// neither.
pub fn of(typed: &str, root: &Path) -> Option<String> {
    let url = address::source(typed)?;
    let Some(path) = url.strip_prefix("file:") else {
        return Some(url);
    };
    // Whoever writes `file:` means what config.toml would mean.
    let is_path = !typed.trim().to_ascii_lowercase().starts_with("file:");
    if is_path {
        let place = std::path::absolute(path).ok()?;
        return below(&place, root);
    }
    if path.starts_with('/') {
        let place = Url::parse(&url).ok()?.to_file_path().ok()?;
        return below(&place, root);
    }
    Some(url)
}

/// The address of a file, relative to the folder of config.toml where it lies within.
fn below(place: &Path, root: &Path) -> Option<String> {
    let place = straight(place);
    match place.strip_prefix(straight(root)) {
        Ok(path) => Some(format!("file:{}", path.to_str()?)),
        Err(_) => Url::from_file_path(&place).ok().map(String::from),
    }
}

/// The path without `.` and `..`, by its words alone.
fn straight(path: &Path) -> PathBuf {
    let mut straight = PathBuf::new();
    for part in path.components() {
        match part {
            Component::CurDir => {}
            Component::ParentDir => {
                straight.pop();
            }
            part => straight.push(part),
        }
    }
    straight
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    #[track_caller]
    fn check(typed: &str, expected: Option<&str>) {
        assert_eq!(
            of(typed, Path::new("/desk")).as_deref(),
            expected,
            "{typed}"
        );
    }

    #[test]
    fn paths_below_the_newsletter_are_named_from_there() {
        check("https://a.example/feed", Some("https://a.example/feed"));
        check("/desk/feeds/a.xml", Some("file:feeds/a.xml"));
        check("/desk/x/../feeds/./a b.xml", Some("file:feeds/a b.xml"));
        check("/other/a b.xml", Some("file:///other/a%20b.xml"));
        check("file:feeds/a.xml", Some("file:feeds/a.xml"));
        check("file:///desk/feeds/a.xml", Some("file:feeds/a.xml"));
        check("file:///other/a.xml", Some("file:///other/a.xml"));
        check("gopher://a.example/", None);
        check("", None);
    }
}
