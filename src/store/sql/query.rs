//! A statement with its values.

use std::borrow::Cow;
use std::marker::PhantomData;
use std::path::Path;

use futures_util::future::BoxFuture;
use sqlx::postgres::PgArguments;
use sqlx::sqlite::SqliteArguments;
use sqlx::{AssertSqlSafe, Error, Postgres, SqlSafeStr as _, Sqlite};

use super::dialect;
use super::pool::{Pool, Writing};
use super::row::{Field, Fields, Row};
use crate::disk::fault::{self, Operation};

#[cfg(test)]
pub(in crate::store) mod sent;

/// A value for a parameter.
pub(in crate::store) enum Value<'q> {
    Whole(Option<i64>),
    Text(Option<Cow<'q, str>>),
    Bytes(Cow<'q, [u8]>),
    Numbers(Numbers),
    Names(Names),
    Column(Column),
}

/// The values of many rows in one column, for a server alone.
pub(in crate::store) enum Column {
    Whole(Vec<Option<i64>>),
    Text(Vec<Option<String>>),
    Bytes(Vec<Option<Vec<u8>>>),
}

impl Column {
    /// What PostgreSQL calls such a list.
    fn type_name(&self) -> &'static str {
        match self {
            Self::Whole(_) => "bigint[]",
            Self::Text(_) => "text[]",
            Self::Bytes(_) => "bytea[]",
        }
    }

    fn of(value: Value<'_>) -> Self {
        let mut column = match value {
            Value::Whole(_) => Self::Whole(Vec::new()),
            Value::Bytes(_) => Self::Bytes(Vec::new()),
            _ => Self::Text(Vec::new()),
        };
        column.push(value);
        column
    }

    fn push(&mut self, value: Value<'_>) {
        match (self, value) {
            (Self::Whole(column), Value::Whole(number)) => column.push(number),
            (Self::Text(column), Value::Text(text)) => {
                column.push(text.as_deref().map(without_nul));
            }
            (Self::Bytes(column), Value::Bytes(bytes)) => column.push(Some(bytes.into_owned())),
            _ => unreachable!("a column has single values of one kind"),
        }
    }
}

/// A statement for a server that inserts rows, column by column: it is parsed and planned once,
/// whatever their number. `head` names the table and its columns.
pub(in crate::store) fn insert_columns<'q>(
    head: &str,
    rows: impl Iterator<Item = Query<'q>>,
    tail: &str,
) -> Query<'static> {
    let mut columns: Vec<Column> = Vec::new();
    for row in rows {
        if columns.is_empty() {
            columns = row.values.into_iter().map(Column::of).collect();
        } else {
            for (column, value) in columns.iter_mut().zip(row.values) {
                column.push(value);
            }
        }
    }
    let lists: Vec<String> = columns
        .iter()
        .map(|column| format!("CAST(? AS {})", column.type_name()))
        .collect();
    Query {
        text: format!("{head} SELECT * FROM unnest({}) {tail}", lists.join(", ")).into(),
        values: columns.into_iter().map(Value::Column).collect(),
    }
}

/// Many texts as one value; `unnest(?)` makes rows of them, on a server alone.
#[derive(Clone, Debug, Default)]
pub(in crate::store) struct Names(pub(in crate::store) Vec<String>);

/// Many numbers as one value.
#[derive(Clone, Debug, Default)]
pub(in crate::store) struct Numbers(pub(in crate::store) Vec<i64>);

/// These numbers as one value.
pub(in crate::store) fn numbers(each: impl IntoIterator<Item = i64>) -> Numbers {
    Numbers(each.into_iter().collect())
}

macro_rules! whole {
    ($($type:ty),*) => { $(
        impl From<$type> for Value<'_> {
            fn from(number: $type) -> Self {
                Self::Whole(Some(i64::from(number)))
            }
        }
        impl From<Option<$type>> for Value<'_> {
            fn from(number: Option<$type>) -> Self {
                Self::Whole(number.map(i64::from))
            }
        }
    )* };
}

whole!(i64, u16, u32, bool);

macro_rules! text {
    ($($type:ty),*) => { $(
        impl<'q> From<$type> for Value<'q> {
            fn from(text: $type) -> Self {
                Self::Text(Some(Cow::from(text)))
            }
        }
        impl<'q> From<Option<$type>> for Value<'q> {
            fn from(text: Option<$type>) -> Self {
                Self::Text(text.map(Cow::from))
            }
        }
    )* };
}

text!(&'q str, String, &'q String);

impl<'q> From<&'q Option<String>> for Value<'q> {
    fn from(text: &'q Option<String>) -> Self {
        Self::Text(text.as_deref().map(Cow::from))
    }
}

impl<'q> From<&'q [u8]> for Value<'q> {
    fn from(bytes: &'q [u8]) -> Self {
        Self::Bytes(Cow::from(bytes))
    }
}

impl From<Vec<u8>> for Value<'_> {
    fn from(bytes: Vec<u8>) -> Self {
        Self::Bytes(Cow::from(bytes))
    }
}

impl From<Names> for Value<'_> {
    fn from(names: Names) -> Self {
        Self::Names(names)
    }
}

impl From<Numbers> for Value<'_> {
    fn from(numbers: Numbers) -> Self {
        Self::Numbers(numbers)
    }
}

/// A statement with the values that it was given so far.
pub(in crate::store) struct Query<'q> {
    text: Cow<'static, str>,
    values: Vec<Value<'q>>,
}

/// A statement whose rows are read column by column.
pub(in crate::store) fn query<'q>(text: impl Into<Cow<'static, str>>) -> Query<'q> {
    Query {
        text: text.into(),
        values: Vec::new(),
    }
}

/// A statement whose rows are tuples.
pub(in crate::store) fn query_as<'q, T>(text: impl Into<Cow<'static, str>>) -> As<'q, T> {
    As {
        query: query(text),
        made: PhantomData,
    }
}

/// A statement whose rows are one value each.
pub(in crate::store) fn query_scalar<'q, T>(text: impl Into<Cow<'static, str>>) -> Scalar<'q, T> {
    Scalar {
        query: query(text),
        made: PhantomData,
    }
}

/// A statement whose rows are a few whole numbers each: `SELECT columns rest`.
pub(in crate::store) fn query_numbers<'q, const N: usize>(
    columns: [&'static str; N],
    rest: &'static str,
) -> Whole<'q, N> {
    Whole {
        columns,
        rest,
        query: query(""),
    }
}

/// Where a statement runs.
pub(in crate::store) enum On<'a> {
    Pool(&'a Pool),
    Writing(&'a mut Writing),
}

impl<'a> From<&'a Pool> for On<'a> {
    fn from(pool: &'a Pool) -> Self {
        Self::Pool(pool)
    }
}

impl<'a> From<&'a mut Writing> for On<'a> {
    fn from(writing: &'a mut Writing) -> Self {
        Self::Writing(writing)
    }
}

impl On<'_> {
    fn is_sqlite(&self) -> bool {
        match self {
            Self::Pool(pool) => matches!(pool, Pool::Sqlite(_)),
            Self::Writing(writing) => matches!(writing, Writing::Sqlite(_)),
        }
    }
}

impl<'q> Query<'q> {
    /// Gives the next parameter its value.
    pub(in crate::store) fn bind(mut self, value: impl Into<Value<'q>>) -> Self {
        self.values.push(value.into());
        self
    }

    fn sqlite(self) -> sqlx::query::Query<'static, Sqlite, SqliteArguments> {
        let query = match self.text {
            Cow::Borrowed(text) => sqlx::query(text),
            Cow::Owned(text) => sqlx::query(AssertSqlSafe(text).into_sql_str()),
        };
        self.values
            .into_iter()
            .fold(query, |query, value| match value {
                Value::Whole(number) => query.bind(number),
                Value::Text(text) => query.bind(text.map(Cow::into_owned)),
                Value::Bytes(bytes) => query.bind(bytes.into_owned()),
                Value::Numbers(numbers) => query.bind(array(&numbers.0)),
                Value::Names(_) | Value::Column(_) => unreachable!("it is for a server alone"),
            })
    }

    fn postgres(&self) -> sqlx::query::Query<'static, Postgres, PgArguments> {
        let query = sqlx::query(AssertSqlSafe(dialect::postgres(&self.text)).into_sql_str());
        self.values.iter().fold(query, |query, value| match value {
            Value::Whole(number) => query.bind(*number),
            Value::Text(text) => query.bind(text.as_deref().map(without_nul)),
            Value::Bytes(bytes) => query.bind(bytes.to_vec()),
            Value::Numbers(numbers) => query.bind(numbers.0.clone()),
            Value::Names(names) => query.bind(names.0.clone()),
            Value::Column(Column::Whole(column)) => query.bind(column.clone()),
            Value::Column(Column::Text(column)) => query.bind(column.clone()),
            Value::Column(Column::Bytes(column)) => query.bind(column.clone()),
        })
    }

    /// All rows.
    pub(in crate::store) async fn fetch_all<'a>(
        self,
        on: impl Into<On<'a>>,
    ) -> Result<Vec<Row>, Error> {
        #[cfg(test)]
        let _note = sent::note(&self);
        statement(&self.text)?;
        match on.into() {
            On::Pool(Pool::Sqlite(pool)) => sqlite_rows(self.sqlite().fetch_all(pool).await),
            On::Writing(Writing::Sqlite(writing)) => {
                sqlite_rows(self.sqlite().fetch_all(&mut **writing).await)
            }
            On::Pool(Pool::Postgres(pool)) => {
                let again = self.is_harmless();
                let ask = || -> BoxFuture<'_, _> {
                    Box::pin(async { self.postgres().fetch_all(pool).await })
                };
                postgres_rows(super::pool::insist(again, ask).await)
            }
            On::Writing(Writing::Postgres(writing)) => {
                postgres_rows(self.postgres().fetch_all(&mut **writing).await)
            }
        }
    }

    /// The first row, if there is one.
    pub(in crate::store) async fn fetch_optional<'a>(
        self,
        on: impl Into<On<'a>>,
    ) -> Result<Option<Row>, Error> {
        // No statement that is asked for one row has many.
        Ok(self.fetch_all(on).await?.into_iter().next())
    }

    /// Runs it; how many rows it made, changed or removed.
    pub(in crate::store) async fn execute<'a>(self, on: impl Into<On<'a>>) -> Result<u64, Error> {
        #[cfg(test)]
        let _note = sent::note(&self);
        statement(&self.text)?;
        match on.into() {
            On::Pool(Pool::Sqlite(pool)) => Ok(self.sqlite().execute(pool).await?.rows_affected()),
            On::Writing(Writing::Sqlite(writing)) => {
                Ok(self.sqlite().execute(&mut **writing).await?.rows_affected())
            }
            On::Pool(Pool::Postgres(pool)) => {
                Ok(self.postgres().execute(pool).await?.rows_affected())
            }
            On::Writing(Writing::Postgres(writing)) => Ok(self
                .postgres()
                .execute(&mut **writing)
                .await?
                .rows_affected()),
        }
    }

    /// Whether it may run twice: where a connection is lost, nobody knows whether it ran.
    fn is_harmless(&self) -> bool {
        self.text.starts_with("SELECT") || self.text.starts_with("WITH")
    }
}

/// Fails where a test wants it to.
pub(in crate::store) fn statement(text: &str) -> Result<(), Error> {
    let first = text.lines().next().unwrap_or_default();
    let asked = fault::at(Operation::Statement, Path::new(first));
    // As the database would say it: the connection is not to blame.
    asked.map_err(|error| Error::Protocol(error.to_string()))
}

fn sqlite_rows(rows: Result<Vec<sqlx::sqlite::SqliteRow>, Error>) -> Result<Vec<Row>, Error> {
    Ok(rows?.into_iter().map(Row::Sqlite).collect())
}

fn postgres_rows(rows: Result<Vec<sqlx::postgres::PgRow>, Error>) -> Result<Vec<Row>, Error> {
    Ok(rows?.into_iter().map(Row::Postgres).collect())
}

/// PostgreSQL has no text with a NUL in it.
fn without_nul(text: &str) -> String {
    text.replace('\0', "")
}

/// A statement whose rows are tuples.
pub(in crate::store) struct As<'q, T> {
    query: Query<'q>,
    made: PhantomData<T>,
}

impl<'q, T: Fields> As<'q, T> {
    /// Gives the next parameter its value.
    pub(in crate::store) fn bind(mut self, value: impl Into<Value<'q>>) -> Self {
        self.query = self.query.bind(value);
        self
    }

    /// All rows.
    pub(in crate::store) async fn fetch_all<'a>(
        self,
        on: impl Into<On<'a>>,
    ) -> Result<Vec<T>, Error> {
        let rows = self.query.fetch_all(on).await?;
        rows.iter().map(T::of).collect()
    }

    /// The first row, if there is one.
    pub(in crate::store) async fn fetch_optional<'a>(
        self,
        on: impl Into<On<'a>>,
    ) -> Result<Option<T>, Error> {
        let row = self.query.fetch_optional(on).await?;
        row.as_ref().map(T::of).transpose()
    }

    /// The one row that there is.
    pub(in crate::store) async fn fetch_one<'a>(self, on: impl Into<On<'a>>) -> Result<T, Error> {
        self.fetch_optional(on).await?.ok_or(Error::RowNotFound)
    }
}

/// A statement whose rows are one value each.
pub(in crate::store) struct Scalar<'q, T> {
    query: Query<'q>,
    made: PhantomData<T>,
}

impl<'q, T: for<'r> Field<'r>> Scalar<'q, T> {
    /// Gives the next parameter its value.
    pub(in crate::store) fn bind(mut self, value: impl Into<Value<'q>>) -> Self {
        self.query = self.query.bind(value);
        self
    }

    /// The first row's value, if there is one.
    pub(in crate::store) async fn fetch_optional<'a>(
        self,
        on: impl Into<On<'a>>,
    ) -> Result<Option<T>, Error> {
        let row = self.query.fetch_optional(on).await?;
        row.as_ref().map(|row| row.try_get(0)).transpose()
    }

    /// The one row's value.
    pub(in crate::store) async fn fetch_one<'a>(self, on: impl Into<On<'a>>) -> Result<T, Error> {
        self.fetch_optional(on).await?.ok_or(Error::RowNotFound)
    }
}

/// A statement whose rows are a few whole numbers each.
pub(in crate::store) struct Whole<'q, const N: usize> {
    columns: [&'static str; N],
    rest: &'static str,
    query: Query<'q>,
}

impl<'q, const N: usize> Whole<'q, N> {
    /// Gives the next parameter its value.
    pub(in crate::store) fn bind(mut self, value: impl Into<Value<'q>>) -> Self {
        self.query = self.query.bind(value);
        self
    }

    /// All rows. `SQLite` hands them over in one text: a row costs as much as ten of these.
    pub(in crate::store) async fn fetch_all<'a>(
        mut self,
        on: impl Into<On<'a>>,
    ) -> Result<Vec<[i64; N]>, Error> {
        let on = on.into();
        let rest = self.rest;
        if on.is_sqlite() {
            let columns = self.columns.join(" || ' ' || ");
            self.query.text = format!("SELECT group_concat({columns}) {rest}").into();
            let row = self.query.fetch_optional(on).await?;
            let text: Option<&str> = row.as_ref().map_or(Ok(None), |row| row.try_get(0))?;
            return Ok(text
                .unwrap_or_default()
                .split(',')
                .filter_map(few)
                .collect());
        }
        self.query.text = format!("SELECT {} {rest}", self.columns.join(", ")).into();
        let rows = self.query.fetch_all(on).await?;
        let numbers = |row: &Row| {
            let mut numbers = [0; N];
            for (at, number) in numbers.iter_mut().enumerate() {
                *number = row.try_get(at)?;
            }
            Ok(numbers)
        };
        rows.iter().map(numbers).collect()
    }
}

/// The numbers of `a b c`.
fn few<const N: usize>(text: &str) -> Option<[i64; N]> {
    let mut numbers = [0; N];
    let mut parts = text.split(' ');
    for number in &mut numbers {
        *number = parts.next()?.parse().ok()?;
    }
    Some(numbers)
}

/// Numbers as a JSON array, the cheapest way to hand many of them to one statement of `SQLite`.
fn array(numbers: &[i64]) -> String {
    let mut text = String::with_capacity(2 + numbers.len() * 12);
    text.push('[');
    let mut digits = [0; 20];
    for (at, number) in numbers.iter().enumerate() {
        if at > 0 {
            text.push(',');
        }
        push_number(&mut text, &mut digits, *number);
    }
    text.push(']');
    text
}

/// Appends a number; `fmt` takes four times as long, and there are a hundred thousand of them.
fn push_number(text: &mut String, digits: &mut [u8; 20], number: i64) {
    if number < 0 {
        text.push('-');
    }
    let mut rest = number.unsigned_abs();
    let mut at = digits.len();
    loop {
        at -= 1;
        digits[at] = b'0' + u8::try_from(rest % 10).unwrap_or(0);
        rest /= 10;
        if rest == 0 {
            break;
        }
    }
    text.extend(digits[at..].iter().map(|&digit| char::from(digit)));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn writes_and_reads_numbers() {
        assert_eq!(array(&[]), "[]");
        assert_eq!(
            array(&[0, -7, i64::MIN, i64::MAX]),
            "[0,-7,-9223372036854775808,9223372036854775807]"
        );
        assert_eq!(few("1 -2 3"), Some([1, -2, 3]));
        assert_eq!(few::<2>("1"), None);
        assert_eq!(few::<2>(""), None);
    }
}
