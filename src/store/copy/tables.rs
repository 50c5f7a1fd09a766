//! What there is to copy.

/// What a column holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Whole,
    Text,
    Bytes,
}

/// A table.
#[derive(Debug)]
pub(super) struct Table {
    /// Its name.
    pub(super) name: &'static str,
    /// How many of its first columns are its key.
    pub(super) key: usize,
    /// Its columns: a name, and `:t` for texts or `:b` for bytes; the others are numbers.
    columns: &'static str,
    /// Which of its rows are copied.
    pub(super) only: &'static str,
    /// Whether it numbers its rows by itself.
    pub(super) is_numbered: bool,
}

impl Table {
    const fn new(name: &'static str, key: usize, columns: &'static str) -> Self {
        Self {
            name,
            key,
            columns,
            only: "true",
            is_numbered: false,
        }
    }

    const fn numbered(name: &'static str, columns: &'static str) -> Self {
        Self {
            is_numbered: true,
            ..Self::new(name, 1, columns)
        }
    }

    /// The names of its columns.
    pub(super) fn names(&self) -> impl Iterator<Item = &'static str> + use<> {
        let columns = self.columns.split(' ');
        columns.map(|column| column.split_once(':').map_or(column, |(name, _)| name))
    }

    /// What its columns hold.
    pub(super) fn kinds(&self) -> impl Iterator<Item = Kind> + use<> {
        self.columns
            .split(' ')
            .map(|column| match column.split_once(':') {
                Some((_, "t")) => Kind::Text,
                Some(_) => Kind::Bytes,
                None => Kind::Whole,
            })
    }
}

/// All tables whose content is not made of others'. A test finds those that are missing.
pub(super) const TABLES: &[Table] = &[
    Table::numbered(
        "source",
        "id named:t address:t url:t title:t site:t kind:t tags:t every headers:t enabled origin:t \
         added removed twin host:t manner:t",
    ),
    Table::new("uses", 2, "newsletter:t source declared enabled"),
    Table::new(
        "history",
        1,
        "source due last_visit_row recent:t instants:b facts:t",
    ),
    Table::new(
        "visit",
        1,
        "id source previous at outcome:t status took bytes new changed repairs:t message:t",
    ),
    Table::new("pause", 1, "host:t until"),
    Table::new("pace", 1, "host:t spacing learned"),
    Table::new(
        "entry",
        1,
        "id source seen at dated:t updated words link digest kind:t title:t url:t guid:t authors:t \
         tags:t more:t summary:t content:t text:t",
    ),
    Table::new("stated", 1, "entry at"),
    Table::new("carrier", 2, "entry source since item guid"),
    Table::new("item", 1, "mark entry content"),
    Table::new("identity", 1, "hash entry"),
    Table::numbered(
        "decision",
        "id newsletter:t entry curator:t answer:t note:t until at undone",
    ),
    Table::new("used", 2, "newsletter:t entry issue:t at"),
    Table::new("shown", 3, "newsletter:t entry day"),
    Table::new("kept", 2, "newsletter:t name:t at value:b"),
    Table::new(
        "account",
        2,
        "newsletter:t name:t curator:t password:t added changed",
    ),
    Table::new(
        "session",
        1,
        "token:b newsletter:t account:t curator:t made expires",
    ),
    Table::new("arranged", 2, "newsletter:t entry place"),
    Table::new("announced", 1, "source hub:t topic:t"),
    Table::new(
        "subscription",
        1,
        "token:t source hub:t topic:t callback:t secret:t phase:t next pending since ends failures \
         pinged trusted message:t",
    ),
    Table {
        // What is indexed is made anew, and so is the mark.
        only: "name NOT IN ('indexed', 'copying') AND name NOT LIKE 'readings %'",
        ..Table::new("counter", 1, "name:t value")
    },
];

/// What is made anew from the others, or is of no use elsewhere.
#[cfg(test)]
pub(super) const DERIVED: &[&str] = &[
    "entry_words",
    "unindexed",
    "reading",
    "reading_words",
    "host_lease",
    "written",
    "newsdesk_version",
];
