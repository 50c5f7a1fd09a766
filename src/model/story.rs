//! What went wrong, for who reads it.

use std::error::Error;

/// The message of an error with its causes, a line each. Some errors tell their cause themselves:
/// it is not told twice.
pub fn story(error: &(dyn Error + 'static)) -> String {
    let mut before = error.to_string();
    let mut story = before.clone();
    let mut cause = error.source();
    while let Some(error) = cause {
        let told = error.to_string();
        if !before.ends_with(&told) {
            story.push_str("\ncaused by: ");
            story.push_str(&told);
        }
        before = told;
        cause = error.source();
    }
    story
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, thiserror::Error)]
    #[error("{0}")]
    struct Told(&'static str, #[source] Option<Box<Told>>);

    #[test]
    fn tells_each_cause_once() {
        let refused = Told("refused", None);
        let twice = Told("cannot connect: refused", Some(Box::new(refused)));
        let all = Told("no database", Some(Box::new(twice)));
        let expected = "no database\ncaused by: cannot connect: refused";
        assert_eq!(story(&all), expected);
    }
}
