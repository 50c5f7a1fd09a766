//! The manifest: what newsdesk made and published, so that the next build removes only its own
//! documents, and a check sees what readers would see again.
//!
//! It is published beside the documents (`manifest.json`), one document and one entry a line, so
//! that a repository's history of it can be read.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use serde::{Deserialize, Serialize};

/// The name of its file.
pub const FILE_NAME: &str = "manifest.json";

/// What was made and published.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    /// The version of this shape.
    pub version: u32,
    /// Every document by its path, with a hash of its bytes (XXH3, 64 bits, hexadecimal).
    pub documents: BTreeMap<String, String>,
    /// The issues, newest first.
    pub issues: Vec<Published>,
    /// The readings, newest first.
    pub readings: Vec<Published>,
}

/// What readers have of an entry.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Published {
    /// Its id.
    pub id: String,
    /// Its title.
    pub title: String,
    /// Where it leads.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub link: Option<String>,
    /// When it appeared, RFC 3339.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub published: Option<String>,
    /// When it last changed, RFC 3339.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub updated: Option<String>,
}

impl Manifest {
    /// Reads one.
    ///
    /// # Errors
    ///
    /// What serde says where it is not one.
    pub fn parse(text: &str) -> Result<Self, serde_json::Error> {
        serde_json::from_str(text)
    }

    /// Writes it, a document and an entry a line.
    pub fn print(&self) -> String {
        let mut text = format!("{{\n\"version\": {},\n\"documents\": {{\n", self.version);
        for (at, (path, hash)) in self.documents.iter().enumerate() {
            let comma = if at + 1 < self.documents.len() {
                ","
            } else {
                ""
            };
            let _ = writeln!(text, "{}: {}{comma}", quoted(path), quoted(hash));
        }
        text.push_str("},\n\"issues\": [\n");
        lines(&mut text, &self.issues);
        text.push_str("],\n\"readings\": [\n");
        lines(&mut text, &self.readings);
        text.push_str("]\n}\n");
        text
    }
}

fn lines(text: &mut String, entries: &[Published]) {
    for (at, entry) in entries.iter().enumerate() {
        let line = serde_json::to_string(entry).expect("text and options can be written");
        text.push_str(&line);
        text.push_str(if at + 1 < entries.len() { ",\n" } else { "\n" });
    }
}

fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_what_it_writes() {
        let entry = |id: &str| Published {
            id: id.to_owned(),
            title: "“Quoted” \"title\"\n".to_owned(),
            link: None,
            published: Some("2026-01-31T00:00:00Z".to_owned()),
            updated: None,
        };
        let manifest = Manifest {
            version: 1,
            documents: [("atom.xml", "00ff"), ("a/\"b\".html", "12")]
                .map(|(path, hash)| (path.to_owned(), hash.to_owned()))
                .into(),
            issues: vec![entry("tag:a"), entry("tag:b")],
            readings: vec![],
        };
        assert_eq!(Manifest::parse(&manifest.print()).unwrap(), manifest);
        assert_eq!(
            Manifest::parse(&Manifest::default().print()).unwrap(),
            Manifest::default()
        );
    }
}
