//! What the tool that made a site was told in its own configuration.

use std::path::Path;

use serde_json::Value;

use crate::issues::front;

/// A tool that makes sites.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tool {
    /// Jekyll.
    Jekyll,
    /// Hugo.
    Hugo,
    /// Zola.
    Zola,
    /// Pelican.
    Pelican,
    /// Eleventy.
    Eleventy,
    /// Astro.
    Astro,
}

impl Tool {
    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Jekyll => "Jekyll",
            Self::Hugo => "Hugo",
            Self::Zola => "Zola",
            Self::Pelican => "Pelican",
            Self::Eleventy => "Eleventy",
            Self::Astro => "Astro",
        }
    }

    /// How `ids` in the configuration calls the ids in its feeds.
    pub(super) fn ids(self) -> &'static str {
        match self {
            Self::Jekyll => "jekyll",
            Self::Pelican => "pelican",
            Self::Hugo | Self::Zola | Self::Eleventy | Self::Astro => "permalink",
        }
    }

    /// The folder whose parts become parts of addresses.
    pub(super) fn content(self) -> Option<&'static str> {
        match self {
            Self::Hugo | Self::Zola | Self::Astro => Some("content"),
            Self::Eleventy => Some("src"),
            Self::Jekyll | Self::Pelican => None,
        }
    }
}

/// What a site says of itself.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Site {
    /// The tool that makes it.
    pub tool: Option<Tool>,
    /// Its name.
    pub title: Option<String>,
    /// Where it is served.
    pub base_url: Option<String>,
    /// Its language.
    pub language: Option<String>,
    /// The zone of its days.
    pub time_zone: Option<String>,
    /// Who writes it.
    pub author: Option<String>,
    /// The pattern of its permalinks, with our placeholders.
    pub url: Option<String>,
}

/// The files that may say something, the most telling first; paths below the site's folder.
pub const FILES: &[&str] = &[
    "_config.yml",
    "_config.yaml",
    "hugo.toml",
    "hugo.yaml",
    "hugo.yml",
    "hugo.json",
    "config/_default/hugo.toml",
    "config/_default/config.toml",
    "config/_default/config.yaml",
    "zola.toml",
    "config.toml",
    "config.yaml",
    "config.yml",
    "config.json",
    "pelicanconf.py",
    "publishconf.py",
    ".eleventy.js",
    "eleventy.config.js",
    "eleventy.config.mjs",
    "eleventy.config.cjs",
    "_data/metadata.json",
    "_data/metadata.js",
    "_data/site.json",
    "src/_data/metadata.json",
    "src/_data/site.json",
    "astro.config.mjs",
    "astro.config.ts",
    "astro.config.js",
    "CNAME",
];

/// Reads the files of a site, each with its path below the site's folder. What the first says
/// stands.
pub fn read(files: &[(&str, String)]) -> Site {
    let mut site = Site::default();
    for (path, text) in files {
        let told = file(path, text);
        site.tool = site.tool.or(told.tool);
        site.title = site.title.or(told.title);
        site.base_url = site.base_url.or(told.base_url);
        site.language = site.language.or(told.language);
        site.time_zone = site.time_zone.or(told.time_zone);
        site.author = site.author.or(told.author);
        site.url = site.url.or(told.url);
    }
    site
}

fn file(path: &str, text: &str) -> Site {
    let name = Path::new(path)
        .file_name()
        .unwrap_or_default()
        .to_string_lossy();
    let ending = name.rsplit('.').next().unwrap_or("");
    match (name.as_ref(), ending) {
        ("CNAME", _) => Site {
            base_url: Some(format!("https://{}/", text.trim())).filter(|_| text.contains('.')),
            ..Site::default()
        },
        ("pelicanconf.py" | "publishconf.py", _) => pelican(text),
        (_, "js" | "mjs" | "cjs" | "ts") => script(&name, text),
        (_, "json") => table(&name, &serde_json::from_str(text).unwrap_or_default()),
        (_, "toml") => {
            let value: toml::Table = toml::from_str(text).unwrap_or_default();
            table(&name, &serde_json::to_value(value).unwrap_or_default())
        }
        _ => table(&name, &yaml(text)),
    }
}

/// A YAML file, read as front matter is.
fn yaml(text: &str) -> Value {
    let fenced = format!("---\n{}\n---\n", text.trim_start_matches("---\n"));
    let fields = front::split(&fenced)
        .and_then(|front| front::fields(&fenced, &front))
        .unwrap_or_default();
    let pairs = fields
        .into_iter()
        .map(|field| (field.key.into_owned(), field.value.value.into_json()));
    Value::Object(pairs.collect())
}

/// What a table of settings says, in any of the tools' words.
fn table(name: &str, value: &Value) -> Site {
    let text = |keys: &[&str]| {
        keys.iter().find_map(|key| {
            let found = value.pointer(&format!("/{key}"))?.as_str()?.trim();
            Some(found.to_owned()).filter(|found| !found.is_empty())
        })
    };
    let ours = value.get("newsletter").is_some();
    let tool = match name {
        _ if ours => None,
        "_config.yml" | "_config.yaml" => Some(Tool::Jekyll),
        _ if name.starts_with("hugo.")
            || value.get("baseURL").is_some()
            || value.get("baseurl").is_some() =>
        {
            Some(Tool::Hugo)
        }
        _ if value.get("base_url").is_some() => Some(Tool::Zola),
        "metadata.json" | "site.json" => Some(Tool::Eleventy),
        _ => None,
    };
    if ours {
        return Site::default();
    }
    let base = text(&["url", "baseURL", "base_url", "baseurl", "siteUrl"]);
    let below = (tool == Some(Tool::Jekyll))
        .then(|| text(&["baseurl"]))
        .flatten();
    let base = base.filter(|base| base.contains("://"));
    Site {
        title: text(&["title", "name", "params/title"]),
        language: text(&[
            "lang",
            "language",
            "languageCode",
            "default_language",
            "defaultContentLanguage",
            "locale",
        ]),
        time_zone: text(&["timezone", "timeZone"]),
        author: text(&[
            "author",
            "author/name",
            "params/author",
            "params/author/name",
            "params/Author",
        ]),
        base_url: base.map(|base| {
            with_slash(&format!(
                "{}{}",
                base.trim_end_matches('/'),
                below.unwrap_or_default()
            ))
        }),
        url: match tool {
            Some(Tool::Jekyll) => text(&["permalink"]).and_then(|pattern| jekyll_url(&pattern)),
            Some(Tool::Hugo) => hugo_url(value),
            _ => None,
        },
        tool,
    }
}

/// Pelican's settings, a Python file of assignments.
fn pelican(text: &str) -> Site {
    let url = assigned(text, "ARTICLE_URL", "=").map(|pattern| {
        let dates = [
            ("{date:%Y}", "{year}"),
            ("{date:%m}", "{month}"),
            ("{date:%d}", "{day}"),
        ];
        let filled = dates
            .iter()
            .fold(pattern, |pattern, (from, to)| pattern.replace(from, to));
        filled
            .replace("{slug}", "{title-slug}")
            .replace("index.html", "")
    });
    Site {
        tool: Some(Tool::Pelican),
        title: assigned(text, "SITENAME", "="),
        base_url: assigned(text, "SITEURL", "=")
            .filter(|url| url.contains("://"))
            .map(|url| with_slash(&url)),
        language: assigned(text, "DEFAULT_LANG", "="),
        time_zone: assigned(text, "TIMEZONE", "="),
        author: assigned(text, "AUTHOR", "="),
        url: url.filter(|pattern| is_ours(pattern)),
    }
}

/// A script that exports settings.
fn script(name: &str, text: &str) -> Site {
    let tool = if name.contains("eleventy") || name.starts_with("metadata") {
        Some(Tool::Eleventy)
    } else {
        Some(Tool::Astro)
    };
    let base = ["site", "url", "siteUrl"]
        .iter()
        .find_map(|key| assigned(text, key, ":").filter(|url| url.contains("://")));
    Site {
        tool,
        title: assigned(text, "title", ":"),
        base_url: base.map(|url| with_slash(&url)),
        language: assigned(text, "language", ":"),
        ..Site::default()
    }
}

/// The quoted text after the key and the sign at the start of a line.
fn assigned(text: &str, key: &str, sign: &str) -> Option<String> {
    text.lines().find_map(|line| {
        let rest = line
            .trim()
            .strip_prefix(key)?
            .trim_start()
            .strip_prefix(sign)?
            .trim_start();
        let rest = rest
            .strip_prefix(['u', 'r'])
            .filter(|rest| rest.starts_with(['"', '\'']))
            .unwrap_or(rest);
        let quote = rest
            .chars()
            .next()
            .filter(|c| matches!(c, '"' | '\'' | '`'))?;
        let value = rest[1..].split(quote).next()?;
        (!value.is_empty()).then(|| value.to_owned())
    })
}

fn with_slash(url: &str) -> String {
    format!("{}/", url.trim_end_matches('/'))
}

/// Jekyll's pattern or the name of one.
fn jekyll_url(pattern: &str) -> Option<String> {
    let pattern = match pattern {
        "date" => "/:year/:month/:day/:title.html",
        "pretty" => "/:year/:month/:day/:title/",
        "none" => "/:title.html",
        other => other,
    };
    let parts = [
        (":categories/", ""),
        ("/:categories", ""),
        (":year", "{year}"),
        (":month", "{month}"),
        (":day", "{day}"),
        (":title", "{name}"),
        (":slug", "{name}"),
        (":name", "{slug}"),
    ];
    let filled = parts
        .iter()
        .fold(pattern.to_owned(), |pattern, (from, to)| {
            pattern.replace(from, to)
        });
    let relative = filled.trim_start_matches('/').to_owned();
    is_ours(&relative).then_some(relative)
}

/// The first of Hugo's patterns for sections.
fn hugo_url(value: &Value) -> Option<String> {
    let all = value.get("permalinks")?.as_object()?;
    let pattern = all.values().find_map(|pattern| match pattern {
        Value::Object(inner) => inner.values().next()?.as_str(),
        other => other.as_str(),
    })?;
    let parts = [
        (":year", "{year}"),
        (":month", "{month}"),
        (":day", "{day}"),
        (":sections", "{section}"),
        (":section", "{section}"),
        (":slugorcontentbasename", "{slug}"),
        (":slugorfilename", "{slug}"),
        (":contentbasename", "{slug}"),
        (":filename", "{slug}"),
        (":slug", "{slug}"),
        (":title", "{title-slug}"),
    ];
    let filled = parts
        .iter()
        .fold(pattern.to_owned(), |pattern, (from, to)| {
            pattern.replace(from, to)
        });
    let relative = with_slash(filled.trim_start_matches('/'));
    is_ours(&relative).then_some(relative)
}

/// Whether the pattern has only placeholders that we fill, and tells issues apart.
fn is_ours(pattern: &str) -> bool {
    let known = crate::issues::options::URL_PLACEHOLDERS;
    let rest = known
        .iter()
        .fold(pattern.to_owned(), |rest, name| rest.replace(name, ""));
    let tells = ["{slug}", "{name}", "{title-slug}", "{number}", "{day}"];
    !rest.contains(['{', ':']) && tells.iter().any(|part| pattern.contains(part))
}
