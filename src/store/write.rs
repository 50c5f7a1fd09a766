//! Many rows with one statement: the cost of a statement is a hundred times that of a row.

use std::fmt::Write as _;
use std::sync::LazyLock;

use super::Writing;
use super::sql::{Query, insert_columns, query};

/// The numbers of rows that there are prepared statements for; any number is a sum of few.
const SIZES: [usize; 4] = [128, 16, 4, 1];

/// Rows of one statement for a server, which takes any number.
const AT_ONCE: usize = 2_000;

/// A statement that inserts rows, prepared for several numbers of them.
pub(super) struct Insert {
    head: &'static str,
    tail: &'static str,
    texts: [String; SIZES.len()],
}

impl Insert {
    /// The statement `head VALUES (?, …), … tail` for rows of `columns` values.
    pub(super) fn new(head: &'static str, columns: usize, tail: &'static str) -> Self {
        Self {
            head,
            tail,
            texts: SIZES.map(|rows| {
                let mut text = format!("{head} VALUES ");
                for row in 0..rows {
                    text.push_str(if row == 0 { "(?" } else { ", (?" });
                    for _ in 1..columns {
                        text.push_str(",?");
                    }
                    text.push(')');
                }
                let _ = write!(text, " {tail}");
                text
            }),
        }
    }

    /// Inserts all rows; `bind` binds the values of one.
    pub(super) async fn run<'q, T>(
        &'static self,
        writing: &mut Writing,
        rows: &'q [T],
        bind: impl Fn(Query<'q>, &'q T) -> Query<'q>,
    ) -> Result<(), sqlx::Error> {
        if writing.is_shared() {
            for rows in rows.chunks(AT_ONCE) {
                let rows = rows.iter().map(|row| bind(query(""), row));
                let statement = insert_columns(self.head, rows, self.tail);
                statement.execute(&mut *writing).await?;
            }
            return Ok(());
        }
        let mut rest = rows;
        for (size, text) in SIZES.iter().zip(&self.texts) {
            while rest.len() >= *size {
                let (now, later) = rest.split_at(*size);
                rest = later;
                let query = now.iter().fold(query(text.as_str()), &bind);
                query.execute(&mut *writing).await?;
            }
        }
        Ok(())
    }
}

/// New entries.
pub(super) static ENTRIES: LazyLock<Insert> = LazyLock::new(|| {
    Insert::new(
        "INSERT INTO entry (id, source, seen, at, dated, updated, words, link, digest, kind, \
         title, url, guid, authors, tags, more, summary, content, text)",
        19,
        "",
    )
});

/// Entries that are dated later than they were seen.
pub(super) static STATED: LazyLock<Insert> = LazyLock::new(|| {
    Insert::new(
        "INSERT INTO stated (entry, at)",
        2,
        "ON CONFLICT (entry) DO UPDATE SET at = excluded.at",
    )
});

/// Who carries an entry, or carries it as another item now.
pub(super) static CARRIERS: LazyLock<Insert> = LazyLock::new(|| {
    Insert::new(
        "INSERT INTO carrier (entry, source, since, item, guid)",
        5,
        "ON CONFLICT (entry, source) DO UPDATE SET item = excluded.item, guid = excluded.guid",
    )
});

/// Items that were read.
pub(super) static ITEMS: LazyLock<Insert> = LazyLock::new(|| {
    Insert::new(
        "INSERT INTO item (mark, entry, content)",
        3,
        "ON CONFLICT (mark) DO UPDATE SET entry = excluded.entry, content = excluded.content",
    )
});

/// What identifies entries; the latest entry has the key.
pub(super) static IDENTITIES: LazyLock<Insert> = LazyLock::new(|| {
    Insert::new(
        "INSERT INTO identity (hash, entry)",
        2,
        "ON CONFLICT (hash) DO UPDATE SET entry = excluded.entry",
    )
});

/// What visits taught.
pub(super) static HISTORIES: LazyLock<Insert> = LazyLock::new(|| {
    Insert::new(
        "INSERT INTO history (source, due, last_visit_row, recent, instants, facts)",
        6,
        "ON CONFLICT (source) DO UPDATE SET due = excluded.due, \
         last_visit_row = excluded.last_visit_row, \
         recent = substr(excluded.recent || history.recent, 1, 50), \
         instants = excluded.instants, facts = excluded.facts",
    )
});

/// Visits.
pub(super) static VISITS: LazyLock<Insert> = LazyLock::new(|| {
    Insert::new(
        "INSERT INTO visit (id, source, previous, at, outcome, status, took, bytes, new, changed, \
         repairs, message)",
        12,
        "",
    )
});

/// Entries that the full-text index has with other words.
pub(super) static UNINDEXED: LazyLock<Insert> =
    LazyLock::new(|| Insert::new("INSERT INTO unindexed (entry)", 1, "ON CONFLICT DO NOTHING"));
