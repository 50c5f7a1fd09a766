//! From one store to another, table by table, in the order of keys; what was copied can be copied
//! again, and what was cut off goes on.
//!
//! A mark is in the target from before the first row until the tables of both sides are found
//! equal; a store with it is not opened for anything else.

mod tables;

use xxhash_rust::xxh3::{Xxh3, xxh3_64};

use self::tables::{Kind, TABLES, Table};
use super::sql::{Query, Row, Writing, insert_columns, query, query_scalar};
use super::{Error, Store};
use crate::model::address;

/// Rows that are read and written together.
const ROWS: i64 = 500;

/// The counter that marks a copy that is not whole; its value is made of where it comes from.
pub(super) const MARK: &str = "copying";

/// Why a store is not copied.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum CopyError {
    /// One of the stores could not be read or written.
    #[error(transparent)]
    Store(#[from] Error),
    /// The target is not empty.
    #[error(
        "`{0}` has something in it already\nhint: copy into a new file or an empty schema; nothing was changed"
    )]
    Occupied(String),
    /// The target has a part of another store.
    #[error(
        "`{0}` has a part of another store\nhint: go on with the copy that was begun, or empty it first; nothing was changed"
    )]
    Begun(String),
    /// The two sides differ at the end.
    #[error(
        "`{table}` is not the same on both sides\nhint: stop everything that writes to the old store, and run this again"
    )]
    Differs {
        /// The table.
        table: &'static str,
    },
}

/// What a table came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Copied {
    /// The table.
    pub table: &'static str,
    /// Its rows.
    pub rows: u64,
    /// A hash of all its rows, whatever their order.
    pub hash: u64,
}

/// Copies all that is in `from` into `to`, which is empty or has a part of it from a copy that was
/// cut off. `watch` hears of each table that was found equal on both sides.
///
/// Full-text indexes are not copied; whoever searches first makes them.
///
/// # Errors
///
/// Where the target has something else, or the source changed meanwhile; the target stays marked.
pub async fn copy(
    from: &Store,
    to: &Store,
    watch: &mut dyn FnMut(Copied),
) -> Result<(), CopyError> {
    begin(from, to).await?;
    for table in TABLES {
        let read = |error| from.error("read what is copied", error);
        let written = |error| to.error("write what is copied", error);
        fill(from, to, table).await?;
        let source = sum(from, table).await.map_err(read)?;
        let mut target = sum(to, table).await.map_err(written)?;
        if source != target {
            // A row changed after it was copied; the whole table is taken again, once.
            to.clear(table).await.map_err(written)?;
            fill(from, to, table).await?;
            target = sum(to, table).await.map_err(written)?;
        }
        if source != target {
            return Err(CopyError::Differs { table: table.name });
        }
        watch(source);
    }
    to.finish_copy()
        .await
        .map_err(|error| to.error("end the copy", error))?;
    Ok(())
}

/// Marks the target, if it is empty or marked for the same source already.
async fn begin(from: &Store, to: &Store) -> Result<(), CopyError> {
    let wrap = |error| to.error("look at what is there", error);
    let place = to.options.place.to_string();
    let mark = xxh3_64(from.options.place.to_string().as_bytes()).cast_signed();
    let known: Option<i64> = query_scalar("SELECT value FROM counter WHERE name = ?")
        .bind(MARK)
        .fetch_optional(&to.pool)
        .await
        .map_err(wrap)?;
    match known {
        Some(known) if known == mark => return Ok(()),
        Some(_) => return Err(CopyError::Begun(place)),
        None => {}
    }
    for table in TABLES.iter().filter(|table| table.name != "counter") {
        let text = format!("SELECT EXISTS (SELECT 1 FROM {})", table.name);
        let is_there: bool = query_scalar(text).fetch_one(&to.pool).await.map_err(wrap)?;
        if is_there {
            return Err(CopyError::Occupied(place));
        }
    }
    query("INSERT INTO counter (name, value) VALUES (?, ?)")
        .bind(MARK)
        .bind(mark)
        .execute(&to.pool)
        .await
        .map_err(wrap)?;
    Ok(())
}

/// Copies the rows of a table behind those that the target has.
async fn fill(from: &Store, to: &Store, table: &Table) -> Result<(), Error> {
    let read = |error| from.error("read what is copied", error);
    let written = |error| to.error("write what is copied", error);
    let mut after = to.last_key(table).await.map_err(written)?;
    loop {
        let rows = from.page(table, after.take()).await.map_err(read)?;
        let Some(last) = rows.last() else {
            return Ok(());
        };
        after = Some(last[..table.key].to_vec());
        to.put(table, &rows).await.map_err(written)?;
    }
}

/// The rows of a table, counted and hashed.
async fn sum(store: &Store, table: &Table) -> Result<Copied, sqlx::Error> {
    let mut sum = Copied {
        table: table.name,
        rows: 0,
        hash: 0,
    };
    let mut after = None;
    loop {
        let rows = store.page(table, after.take()).await?;
        let Some(last) = rows.last() else {
            return Ok(sum);
        };
        after = Some(last[..table.key].to_vec());
        for row in &rows {
            sum.rows += 1;
            sum.hash = sum.hash.wrapping_add(hash(row));
        }
    }
}

/// A value of a row.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Cell {
    Whole(Option<i64>),
    Text(Option<String>),
    Bytes(Vec<u8>),
}

fn hash(row: &[Cell]) -> u64 {
    let mut state = Xxh3::new();
    for cell in row {
        let (kind, bytes): (u8, &[u8]) = match cell {
            Cell::Whole(None) | Cell::Text(None) => (0, &[]),
            Cell::Whole(Some(number)) => (1, &number.to_le_bytes()),
            Cell::Text(Some(text)) => (2, text.as_bytes()),
            Cell::Bytes(bytes) => (3, bytes),
        };
        state.update(&[kind]);
        state.update(&(bytes.len() as u64).to_le_bytes());
        state.update(bytes);
    }
    state.digest()
}

fn bind<'q>(statement: Query<'q>, cell: &'q Cell) -> Query<'q> {
    match cell {
        Cell::Whole(number) => statement.bind(*number),
        Cell::Text(text) => statement.bind(text),
        Cell::Bytes(bytes) => statement.bind(bytes.as_slice()),
    }
}

impl Store {
    /// The next rows of a table, in the order of its key.
    async fn page(
        &self,
        table: &Table,
        after: Option<Vec<Cell>>,
    ) -> Result<Vec<Vec<Cell>>, sqlx::Error> {
        let columns = table.names().collect::<Vec<_>>().join(", ");
        let key = table.names().take(table.key).collect::<Vec<_>>().join(", ");
        let places = vec!["?"; table.key].join(", ");
        let behind = match &after {
            Some(_) => format!("AND ({key}) > ({places})"),
            None => String::new(),
        };
        let text = format!(
            "SELECT {columns} FROM {} WHERE {} {behind} ORDER BY {key} LIMIT ?",
            table.name, table.only
        );
        let after = after.unwrap_or_default();
        let statement = after.iter().fold(query(text), bind).bind(ROWS);
        let rows = statement.fetch_all(&self.pool).await?;
        rows.iter().map(|row| cells(table, row)).collect()
    }

    /// The key of the last row of a table.
    async fn last_key(&self, table: &Table) -> Result<Option<Vec<Cell>>, sqlx::Error> {
        let key = table.names().take(table.key).collect::<Vec<_>>();
        let order: Vec<String> = key.iter().map(|name| format!("{name} DESC")).collect();
        let text = format!(
            "SELECT {} FROM {} WHERE {} ORDER BY {} LIMIT 1",
            key.join(", "),
            table.name,
            table.only,
            order.join(", ")
        );
        // What a new store counts is not the source's: it is written over from the first on.
        if table.name == "counter" {
            return Ok(None);
        }
        let row = query(text).fetch_optional(&self.pool).await?;
        let key = row.map(|row| {
            let kinds = table.kinds().take(table.key).enumerate();
            kinds.map(|(at, kind)| cell(&row, at, kind)).collect()
        });
        key.transpose()
    }

    /// Writes rows.
    async fn put(&self, table: &Table, rows: &[Vec<Cell>]) -> Result<(), sqlx::Error> {
        let columns = table.names().collect::<Vec<_>>().join(", ");
        let key = table.names().take(table.key).collect::<Vec<_>>().join(", ");
        let set: Vec<String> = table
            .names()
            .skip(table.key)
            .map(|name| format!("{name} = excluded.{name}"))
            .collect();
        let tail = if set.is_empty() {
            "ON CONFLICT DO NOTHING".to_owned()
        } else {
            format!("ON CONFLICT ({key}) DO UPDATE SET {}", set.join(", "))
        };
        let head = format!("INSERT INTO {} ({columns})", table.name);
        let mut writing = self.pool.begin().await?;
        if writing.is_shared() {
            let rows = rows.iter().map(|row| row.iter().fold(query(""), bind));
            insert_columns(&head, rows, &tail)
                .execute(&mut writing)
                .await?;
        } else {
            let places = vec!["?"; table.names().count()].join(", ");
            let text = format!("{head} VALUES ({places}) {tail}");
            for row in rows {
                let statement = row.iter().fold(query(text.clone()), bind);
                statement.execute(&mut writing).await?;
            }
        }
        writing.commit().await
    }

    /// Takes everything out of a table again.
    async fn clear(&self, table: &Table) -> Result<(), sqlx::Error> {
        query(format!("DELETE FROM {} WHERE {}", table.name, table.only))
            .execute(&self.pool)
            .await?;
        Ok(())
    }

    /// The copy is whole: numbers go on behind those that were copied, and the mark goes.
    async fn finish_copy(&self) -> Result<(), sqlx::Error> {
        let mut writing = self.pool.begin().await?;
        if writing.is_shared() {
            for name in TABLES.iter().filter(|table| table.is_numbered) {
                renumber(&mut writing, name.name).await?;
            }
        }
        query("DELETE FROM counter WHERE name = ?")
            .bind(MARK)
            .execute(&mut writing)
            .await?;
        writing.commit().await
    }
}

/// Has a table give numbers behind those that it has.
async fn renumber(writing: &mut Writing, table: &str) -> Result<(), sqlx::Error> {
    query(format!(
        "SELECT setval(pg_get_serial_sequence(quote_ident(current_schema()) || '.{table}', 'id'), \
         (SELECT coalesce(max(id), 0) FROM {table}) + 1, false)"
    ))
    .execute(writing)
    .await?;
    Ok(())
}

fn cells(table: &Table, row: &Row) -> Result<Vec<Cell>, sqlx::Error> {
    let mut cells: Vec<Cell> = table
        .kinds()
        .enumerate()
        .map(|(at, kind)| cell(row, at, kind))
        .collect::<Result<_, _>>()?;
    if table.name == "source" {
        add_host(table, &mut cells);
    }
    Ok(cells)
}

/// A file of an older version names no hosts.
fn add_host(table: &Table, cells: &mut [Cell]) {
    let place = |wanted: &str| table.names().position(|name| name == wanted);
    let (Some(url), Some(host)) = (place("url"), place("host")) else {
        return;
    };
    if let (Cell::Text(Some(address)), Cell::Text(None)) = (&cells[url], &cells[host]) {
        cells[host] = Cell::Text(Some(address::host_of(address)));
    }
}

fn cell(row: &Row, at: usize, kind: Kind) -> Result<Cell, sqlx::Error> {
    Ok(match kind {
        Kind::Whole => Cell::Whole(row.try_get(at)?),
        // PostgreSQL has no text with a NUL in it.
        Kind::Text => Cell::Text(
            row.try_get::<Option<String>>(at)?
                .map(|text| text.replace('\0', "")),
        ),
        Kind::Bytes => Cell::Bytes(row.try_get(at)?),
    })
}

#[cfg(test)]
mod tests;
