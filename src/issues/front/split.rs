//! Where front matter ends and the body begins.

use std::ops::Range;

use super::{Fault, Front, FrontKind, MAX_BYTES, json, pelican};

/// A fence: the opening line and the lines that close it.
struct Fence {
    opening: &'static str,
    closing: &'static [&'static str],
    kind: FrontKind,
}

const FENCES: [Fence; 5] = [
    Fence {
        opening: "---",
        closing: &["---", "..."],
        kind: FrontKind::Yaml,
    },
    Fence {
        opening: "+++",
        closing: &["+++"],
        kind: FrontKind::Toml,
    },
    // Eleventy names the language behind the fence.
    Fence {
        opening: "---yaml",
        closing: &["---"],
        kind: FrontKind::Yaml,
    },
    Fence {
        opening: "---toml",
        closing: &["---"],
        kind: FrontKind::Toml,
    },
    Fence {
        opening: "---json",
        closing: &["---"],
        kind: FrontKind::Json,
    },
];

/// Says where the front matter and the body of a file stand. A byte order mark and blank lines
/// may come first.
///
/// # Errors
///
/// A fence that never closes, a JSON object that does not parse, more than [`MAX_BYTES`].
pub fn split(file: &str) -> Result<Front, Fault> {
    let text_start = if file.starts_with('\u{feff}') { 3 } else { 0 };
    let Some(first) = first_line(file, text_start) else {
        return Ok(without(file, text_start));
    };
    let line = file[first.clone()].trim_end();
    let front = if let Some(fence) = FENCES.iter().find(|fence| fence.opening == line) {
        fenced(file, &first, fence)?
    } else if json::opens(&file[first.start..]) {
        let block = json::extent(file, first.start)?;
        let end = line_end(file, block.end);
        Front {
            kind: FrontKind::Json,
            body: end..file.len(),
            block,
        }
    } else if let Some(block) = pelican::extent(file, first.start) {
        Front {
            kind: FrontKind::Pelican,
            body: block.end..file.len(),
            block,
        }
    } else {
        without(file, text_start)
    };
    if front.block.len() > MAX_BYTES {
        return Err(Fault {
            code: "bad-front-matter",
            span: first.start..first.start + line.len(),
            message: format!("front matter is longer than {} KiB", MAX_BYTES / 1024),
            hint: Some("close it above the issue's text".to_owned()),
        });
    }
    Ok(front)
}

fn without(file: &str, text_start: usize) -> Front {
    Front {
        kind: FrontKind::None,
        block: text_start..text_start,
        body: text_start..file.len(),
    }
}

fn fenced(file: &str, opening: &Range<usize>, fence: &Fence) -> Result<Front, Fault> {
    let block_start = opening.end;
    let mut at = block_start;
    for line in file[block_start..].split_inclusive('\n') {
        if fence.closing.contains(&line.trim_end()) {
            return Ok(Front {
                kind: fence.kind,
                block: block_start..at,
                body: at + line.len()..file.len(),
            });
        }
        at += line.len();
    }
    Err(Fault {
        code: "unclosed-front-matter",
        span: opening.start..opening.start + fence.opening.len(),
        message: format!(
            "front matter opens with `{}` and never closes",
            fence.opening
        ),
        hint: Some(format!(
            "write `{}` on a line of its own after the last key",
            fence.closing[0]
        )),
    })
}

/// The first line that is not blank, with its line ending.
fn first_line(file: &str, from: usize) -> Option<Range<usize>> {
    let mut at = from;
    for line in file[from..].split_inclusive('\n') {
        if !line.trim().is_empty() {
            return Some(at..at + line.len());
        }
        at += line.len();
    }
    None
}

/// The end of the line that `at` stands in, behind its line ending.
fn line_end(file: &str, at: usize) -> usize {
    file[at..].find('\n').map_or(file.len(), |end| at + end + 1)
}
