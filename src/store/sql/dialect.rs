//! From the words of `SQLite` to those of PostgreSQL.

use std::fmt::Write as _;

/// The statement as PostgreSQL wants it: numbered parameters, rows of a list of numbers by
/// `unnest`, and no order of joins, which its planner finds by itself.
pub(super) fn postgres(text: &str) -> String {
    let mut made = String::with_capacity(text.len() + 64);
    let mut next = 1;
    let mut rest = text;
    while let Some(at) = rest.find(['?', 'j', 'C', '\'']) {
        made.push_str(&rest[..at]);
        rest = &rest[at..];
        if let Some(after) = rest.strip_prefix("CROSS JOIN") {
            made.push_str("JOIN");
            rest = after;
        } else if let Some(after) = rest.strip_prefix("json_each(?") {
            let (number, after) = parameter(after, &mut next);
            let _ = write!(
                made,
                "unnest(${number}::bigint[]) WITH ORDINALITY AS each(value, key"
            );
            rest = after;
        } else if let Some(after) = rest.strip_prefix('?') {
            let (number, after) = parameter(after, &mut next);
            let _ = write!(made, "${number}");
            rest = after;
        } else if rest.starts_with('\'') {
            // A text: nothing in it is ours to turn.
            let end = rest[1..].find('\'').map_or(rest.len(), |end| end + 2);
            made.push_str(&rest[..end]);
            rest = &rest[end..];
        } else {
            made.push_str(&rest[..1]);
            rest = &rest[1..];
        }
    }
    made.push_str(rest);
    made
}

/// The number of a parameter: the one that is written, or else the next.
fn parameter<'a>(after: &'a str, next: &mut usize) -> (usize, &'a str) {
    let digits = after
        .find(|c: char| !c.is_ascii_digit())
        .unwrap_or(after.len());
    let number = after[..digits].parse().unwrap_or(*next);
    *next = number + 1;
    (number, &after[digits..])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(written: &str, expected: &str) {
        assert_eq!(postgres(written), expected);
    }

    #[test]
    fn numbers_parameters() {
        check("a = ? AND b = ?", "a = $1 AND b = $2");
        check("a = ?2 AND b = ?1 OR c = ?2", "a = $2 AND b = $1 OR c = $2");
        check("(?,?), (?,?)", "($1,$2), ($3,$4)");
    }

    #[test]
    fn makes_rows_of_numbers() {
        check(
            "SELECT mark FROM json_each(?) CROSS JOIN item ON mark = value WHERE x = ?",
            "SELECT mark FROM unnest($1::bigint[]) WITH ORDINALITY AS each(value, key) \
             JOIN item ON mark = value WHERE x = $2",
        );
    }

    #[test]
    fn leaves_texts_alone() {
        check("SELECT 'what?', ?", "SELECT 'what?', $1");
        check("SELECT '?", "SELECT '?");
    }
}
