//! A row of either database, and what can be read from it.

use sqlx::postgres::PgRow;
use sqlx::sqlite::SqliteRow;
use sqlx::{Error, Row as _, TypeInfo as _, ValueRef as _};

/// A row of either database.
pub(in crate::store) enum Row {
    Sqlite(SqliteRow),
    Postgres(PgRow),
}

/// Something that a column holds.
pub(in crate::store) trait Field<'r>: Sized {
    fn of(row: &'r Row, at: usize) -> Result<Self, Error>;
}

impl Row {
    /// What the column at this place holds, the first at 0.
    pub(in crate::store) fn try_get<'r, T: Field<'r>>(&'r self, at: usize) -> Result<T, Error> {
        T::of(self, at)
    }
}

/// Types that both drivers read in the same way.
macro_rules! as_it_is {
    ($($type:ty),*) => { $(
        impl<'r> Field<'r> for $type {
            fn of(row: &'r Row, at: usize) -> Result<Self, Error> {
                match row {
                    Row::Sqlite(row) => row.try_get(at),
                    Row::Postgres(row) => row.try_get(at),
                }
            }
        }
    )* };
}

as_it_is!(
    &'r str,
    Option<&'r str>,
    String,
    Option<String>,
    &'r [u8],
    Vec<u8>
);

impl<'r> Field<'r> for Option<i64> {
    fn of(row: &'r Row, at: usize) -> Result<Self, Error> {
        match row {
            Row::Sqlite(row) => row.try_get(at),
            Row::Postgres(row) => match row.try_get_raw(at)?.type_info().name() {
                // A number that stands in the statement itself.
                "INT4" => Ok(row.try_get::<Option<i32>, _>(at)?.map(i64::from)),
                _ => row.try_get(at),
            },
        }
    }
}

impl<'r> Field<'r> for i64 {
    fn of(row: &'r Row, at: usize) -> Result<Self, Error> {
        present(row.try_get(at)?, at)
    }
}

impl<'r> Field<'r> for bool {
    fn of(row: &'r Row, at: usize) -> Result<Self, Error> {
        match row {
            Row::Sqlite(row) => row.try_get(at),
            Row::Postgres(inner) => match inner.try_get_raw(at)?.type_info().name() {
                "BOOL" => inner.try_get(at),
                _ => Ok(i64::of(row, at)? != 0),
            },
        }
    }
}

impl<'r> Field<'r> for f64 {
    fn of(row: &'r Row, at: usize) -> Result<Self, Error> {
        match row {
            Row::Sqlite(row) => row.try_get(at),
            Row::Postgres(row) => match row.try_get_raw(at)?.type_info().name() {
                "FLOAT4" => Ok(f64::from(row.try_get::<f32, _>(at)?)),
                _ => row.try_get(at),
            },
        }
    }
}

/// Narrower numbers, which the databases keep as wide ones.
macro_rules! narrow {
    ($($type:ty),*) => { $(
        impl<'r> Field<'r> for Option<$type> {
            fn of(row: &'r Row, at: usize) -> Result<Self, Error> {
                let wide: Option<i64> = row.try_get(at)?;
                wide.map(<$type>::try_from).transpose().map_err(|error| Error::ColumnDecode {
                    index: at.to_string(),
                    source: error.into(),
                })
            }
        }
        impl<'r> Field<'r> for $type {
            fn of(row: &'r Row, at: usize) -> Result<Self, Error> {
                present(row.try_get(at)?, at)
            }
        }
    )* };
}

narrow!(u16, u32);

fn present<T>(value: Option<T>, at: usize) -> Result<T, Error> {
    value.ok_or_else(|| Error::ColumnDecode {
        index: at.to_string(),
        source: Box::new(sqlx::error::UnexpectedNullError),
    })
}

/// The columns of a row, from the first on.
pub(in crate::store) trait Fields: Sized {
    fn of(row: &Row) -> Result<Self, Error>;
}

macro_rules! columns {
    ($($name:ident $at:tt),*) => {
        impl<$($name),*> Fields for ($($name,)*)
        where
            $($name: for<'r> Field<'r>),*
        {
            fn of(row: &Row) -> Result<Self, Error> {
                Ok(($(row.try_get::<$name>($at)?,)*))
            }
        }
    };
}

columns!(A 0, B 1);
columns!(A 0, B 1, C 2);
columns!(A 0, B 1, C 2, D 3);
columns!(A 0, B 1, C 2, D 3, E 4);
