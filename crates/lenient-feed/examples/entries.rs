//! Reads a feed from a file and prints what it holds and what had to be mended:
//! `cargo run --example entries FILE`.
#![expect(clippy::print_stdout, reason = "an example shows what it reads")]

use lenient_feed::{Hints, Text, parse};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let path = std::env::args().nth(1).ok_or("which file?")?;
    let feed = parse(&std::fs::read(path)?, &Hints::default())?;
    println!("{}: {} entries", feed.format, feed.entries.len());
    for repair in &feed.repairs {
        println!("  mended: {repair}");
    }
    for entry in &feed.entries {
        let day = entry.published.or(entry.updated);
        let day = day.map_or_else(|| "no date".to_owned(), |it| it.date_naive().to_string());
        let title = entry.title.as_ref().map(Text::plain).unwrap_or_default();
        println!("{day}  {title}  {}", entry.link.as_deref().unwrap_or(""));
    }
    Ok(())
}
