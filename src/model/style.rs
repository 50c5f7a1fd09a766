//! The house style: how a team writes its issue files, as far as a draft has to know it.

use super::Kind;

/// How the last issues are written. In its patterns stand `{month}` (its name), `{mm}`, `{year}`,
/// `{day}`, `{number}`, `{title}` and `{slug}` (the title's words).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HouseStyle {
    /// The pattern of file names, their ending left out.
    pub name: String,
    /// The front matter.
    pub front: FrontStyle,
    /// The pattern of titles; none where they follow none.
    pub title: Option<String>,
    /// The number of the next issue, for `{number}`.
    pub number: u64,
    /// How many digits it has at least in file names.
    pub digits: usize,
    /// The pattern of the heading of the first level at the top of the text; none without one.
    pub top: Option<String>,
    /// Whether text stands before the first section.
    pub introduced: bool,
    /// The line above the readings: `## Recommended reading`.
    pub heading: String,
    /// What stands between that line and the first reading.
    pub lead: Option<String>,
    /// One reading.
    pub item: ItemStyle,
    /// Who recommends it.
    pub attribution: AttributionStyle,
    /// The subheadings that readings stand under, in order; empty where there are none.
    pub groups: Vec<Group>,
}

/// How front matter is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum FrontForm {
    /// YAML between `---`.
    Yaml,
    /// TOML between `+++`.
    Toml,
    /// One JSON object.
    Json,
    /// `Key: value` lines.
    Pelican,
    /// None at all.
    None,
}

/// The front matter of the last issues.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FrontStyle {
    /// How it is written.
    pub form: FrontForm,
    /// Its keys, in order.
    pub keys: Vec<FrontKey>,
}

/// A key of front matter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FrontKey {
    /// The key, as written.
    pub key: String,
    /// What its value is in a new issue.
    pub value: FrontValue,
}

/// What a new issue has as the value of a key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FrontValue {
    /// The title, quoted so.
    Title(Option<char>),
    /// The date: what follows the day in the newest issue (`T17:00:00Z`), quoted so.
    Date(String, Option<char>),
    /// The title's words, quoted so.
    Slug(Option<char>),
    /// The same lines in all the last issues, comments among them.
    Same(String),
    /// A list without anything in it.
    EmptyList,
    /// Nothing yet.
    Empty,
}

/// How one reading is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct ItemStyle {
    /// What it begins with.
    pub shape: ItemShape,
    /// How its title is marked.
    pub title: TitleMark,
    /// Where the text stands beside the title.
    pub text: TextPlace,
    /// How many spaces the text below a bullet is moved in.
    pub indent: usize,
    /// Whether a blank line stands between two readings.
    pub apart: bool,
}

/// What a reading begins with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ItemShape {
    /// A list's item with this marker.
    Bullet(char),
    /// A paragraph that is the title.
    Paragraph,
    /// A heading of this level.
    Heading(usize),
}

/// How the title, always a link, is marked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum TitleMark {
    /// `[Title](…)`
    Link,
    /// `**[Title](…)**`
    BoldAround,
    /// `[**Title**](…)`
    BoldWithin,
}

/// Where the text stands beside the title.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum TextPlace {
    /// On the same line, behind a colon or a dash.
    SameLine(&'static str),
    /// On the next line.
    NextLine,
    /// In a paragraph of its own.
    Below,
}

/// How the curator's name is written: what stands before it, behind it and behind the address, as
/// in `— [*Ada*](…)`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct AttributionStyle {
    /// What stands before the name: `— [*`.
    pub before: String,
    /// What stands between the name and the end of the link: `*`.
    pub after: String,
    /// What stands behind the link.
    pub outside: String,
    /// Where it stands.
    pub place: AttributionPlace,
}

/// Where the attribution stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum AttributionPlace {
    /// At the end of the text.
    Inline,
    /// On a line of its own.
    Line,
    /// In a paragraph of its own.
    Paragraph,
}

/// A subheading that readings stand under.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Group {
    /// Its line: `### Papers`.
    pub heading: String,
    /// How often each kind stood under it.
    pub kinds: Vec<(Kind, usize)>,
}

impl Default for AttributionStyle {
    fn default() -> Self {
        Self {
            before: "— [".to_owned(),
            after: String::new(),
            outside: String::new(),
            place: AttributionPlace::Inline,
        }
    }
}

impl Default for ItemStyle {
    fn default() -> Self {
        Self {
            shape: ItemShape::Bullet('-'),
            title: TitleMark::Link,
            text: TextPlace::Below,
            indent: 2,
            apart: true,
        }
    }
}

impl Default for FrontStyle {
    /// YAML with a title and a day.
    fn default() -> Self {
        let key = |key: &str, value| FrontKey {
            key: key.to_owned(),
            value,
        };
        Self {
            form: FrontForm::Yaml,
            keys: vec![
                key("title", FrontValue::Title(Some('"'))),
                key("date", FrontValue::Date(String::new(), None)),
            ],
        }
    }
}

impl HouseStyle {
    /// The subheading that things of a kind stand under: the first of those with most of them.
    pub fn group_of(&self, kind: Kind) -> Option<usize> {
        let count = |at: usize| {
            let kinds = &self.groups[at].kinds;
            kinds
                .iter()
                .find(|(known, _)| *known == kind)
                .map_or(0, |(_, count)| *count)
        };
        (0..self.groups.len()).rev().max_by_key(|&at| count(at))
    }

    /// The style of a newsletter without issues; `section` is the heading of its readings.
    pub fn without_issues(section: &str) -> Self {
        Self {
            name: "{year}-{mm}".to_owned(),
            front: FrontStyle::default(),
            title: None,
            number: 1,
            digits: 1,
            top: None,
            introduced: true,
            heading: format!("## {section}"),
            lead: None,
            item: ItemStyle::default(),
            attribution: AttributionStyle::default(),
            groups: Vec::new(),
        }
    }
}
