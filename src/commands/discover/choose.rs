//! A short question on a terminal: which proposals to add.

use std::io::{self, Write as _};

use newsdesk::discover::Proposal;

/// Whether there is somebody to ask.
pub(super) fn can_ask() -> bool {
    super::is_terminal()
}

/// Ctrl-C at the question ends the program, also where a run listened to it before.
pub(super) fn end_on_interrupt() {
    tokio::spawn(async {
        let _ = tokio::signal::ctrl_c().await;
        std::process::exit(130);
    });
}

/// Asks which of the proposals to add; they are numbered as they were printed.
pub(super) fn ask<'a>(proposals: &[&'a Proposal]) -> anyhow::Result<Vec<&'a Proposal>> {
    loop {
        let mut out = io::stderr().lock();
        write!(
            out,
            "add which? numbers as in `1-5 8`, `all`, or nothing for none: "
        )?;
        out.flush()?;
        drop(out);
        let mut line = String::new();
        if io::stdin().read_line(&mut line)? == 0 {
            return Ok(Vec::new());
        }
        match parse(&line, proposals.len()) {
            Ok(numbers) => {
                return Ok(numbers
                    .into_iter()
                    .map(|number| proposals[number - 1])
                    .collect());
            }
            Err(word) => super::say(&format!(
                "`{word}` is none of the numbers from 1 to {}",
                proposals.len()
            ))?,
        }
    }
}

/// The numbers that a line names, from 1 to `last`; the first word that names none.
fn parse(line: &str, last: usize) -> Result<Vec<usize>, &str> {
    let mut numbers = Vec::new();
    for word in line
        .split([' ', ',', '\t', '\n', '\r'])
        .filter(|word| !word.is_empty())
    {
        if word == "all" {
            numbers.extend(1..=last);
            continue;
        }
        let (from, to) = word.split_once('-').unwrap_or((word, word));
        match (from.parse::<usize>(), to.parse::<usize>()) {
            (Ok(from), Ok(to)) if 1 <= from && from <= to && to <= last => {
                numbers.extend(from..=to);
            }
            _ => return Err(word),
        }
    }
    numbers.sort_unstable();
    numbers.dedup();
    Ok(numbers)
}

#[cfg(test)]
mod tests {
    use super::parse;

    #[test]
    fn reads_numbers_and_ranges() {
        assert_eq!(parse("3 1-2, 2\n", 5), Ok(vec![1, 2, 3]));
        assert_eq!(parse("all", 3), Ok(vec![1, 2, 3]));
        assert_eq!(parse("\n", 3), Ok(vec![]));
        assert_eq!(parse("1 x", 3), Err("x"));
        assert_eq!(parse("4", 3), Err("4"));
        assert_eq!(parse("3-1", 3), Err("3-1"));
        assert_eq!(parse("0", 3), Err("0"));
    }
}
