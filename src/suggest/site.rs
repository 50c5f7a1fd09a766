//! Where an address lives: its host, the site somebody registered, the corner of a shared host.

use url::Url;

/// The places of an address, from narrow to wide.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Place {
    /// The host without `www.`.
    pub(super) host: String,
    /// The part of the host that somebody registered.
    pub(super) site: String,
    /// Host and first part of the path, where more follows: one user's corner of a shared host.
    pub(super) corner: Option<String>,
}

/// The places of an address; empty where it is not one.
pub(super) fn place(address: &str) -> Place {
    let Ok(url) = Url::parse(address.trim()) else {
        return Place::default();
    };
    let Some(host) = url.host_str() else {
        return Place::default();
    };
    let host = host.strip_prefix("www.").unwrap_or(host).to_lowercase();
    let site = psl::domain_str(&host).unwrap_or(&host).to_owned();
    let mut parts = url
        .path_segments()
        .into_iter()
        .flatten()
        .filter(|part| !part.is_empty());
    let corner = match (parts.next(), parts.next()) {
        (Some(first), Some(_)) => Some(format!("{host}/{}", first.to_lowercase())),
        _ => None,
    };
    Place { host, site, corner }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(address: &str, host: &str, site: &str, corner: Option<&str>) {
        let expected = Place {
            host: host.to_owned(),
            site: site.to_owned(),
            corner: corner.map(str::to_owned),
        };
        assert_eq!(place(address), expected);
    }

    #[test]
    fn finds_the_places_of_an_address() {
        check(
            "https://www.example.org/",
            "example.org",
            "example.org",
            None,
        );
        check(
            "https://blog.example.co.uk/2024/a",
            "blog.example.co.uk",
            "example.co.uk",
            Some("blog.example.co.uk/2024"),
        );
        check(
            "https://medium.com/@Ada/on-machines",
            "medium.com",
            "medium.com",
            Some("medium.com/@ada"),
        );
        check(
            "https://ada.github.io/x",
            "ada.github.io",
            "ada.github.io",
            None,
        );
        check("not an address", "", "", None);
    }
}
