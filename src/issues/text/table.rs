//! Tables in plain text: in columns where they fit, else row by row.

use pulldown_cmark::Alignment;

use super::lines::{Lines, UNBROKEN, width_of};

/// A table while its cells come in.
pub(super) struct Table {
    alignments: Vec<Alignment>,
    rows: Vec<Vec<String>>,
    row: Vec<String>,
}

impl Table {
    pub(super) fn new(alignments: &[Alignment]) -> Self {
        Self {
            alignments: alignments.to_vec(),
            rows: Vec::new(),
            row: Vec::new(),
        }
    }

    pub(super) fn cell(&mut self, text: &str) {
        let words: Vec<&str> = text.split_ascii_whitespace().collect();
        self.row.push(words.join(" ").replace(UNBROKEN, " "));
    }

    pub(super) fn end_row(&mut self) {
        self.rows.push(std::mem::take(&mut self.row));
    }

    pub(super) fn write(self, lines: &mut Lines) {
        let mut widths = vec![0; self.alignments.len()];
        for row in &self.rows {
            for (width, cell) in widths.iter_mut().zip(row) {
                *width = width_of(cell).max(*width);
            }
        }
        let gaps = 2 * widths.len().saturating_sub(1);
        if widths.iter().sum::<usize>() + gaps <= lines.room() {
            self.write_columns(&widths, lines);
        } else {
            self.write_rows(lines);
        }
    }

    fn write_columns(&self, widths: &[usize], lines: &mut Lines) {
        for (at, row) in self.rows.iter().enumerate() {
            let mut line = String::new();
            for ((cell, &width), alignment) in row.iter().zip(widths).zip(&self.alignments) {
                if !line.is_empty() {
                    line.push_str("  ");
                }
                let space = width.saturating_sub(width_of(cell));
                let before = match alignment {
                    Alignment::Right => space,
                    Alignment::Center => space / 2,
                    Alignment::Left | Alignment::None => 0,
                };
                line.extend(std::iter::repeat_n(' ', before));
                line.push_str(cell);
                line.extend(std::iter::repeat_n(' ', space - before));
            }
            lines.verbatim(&line);
            if at == 0 {
                let rules: Vec<String> = widths.iter().map(|&width| "-".repeat(width)).collect();
                lines.verbatim(&rules.join("  "));
            }
        }
    }

    /// Each row as `column: cell` lines.
    fn write_rows(&self, lines: &mut Lines) {
        let Some((head, rows)) = self.rows.split_first() else {
            return;
        };
        for row in rows {
            lines.gap();
            for (name, cell) in head.iter().zip(row) {
                if name.is_empty() {
                    lines.wrapped(cell);
                } else if !cell.is_empty() {
                    lines.wrapped(&format!("{name}: {cell}"));
                }
            }
        }
        if rows.is_empty() {
            lines.wrapped(&head.join(", "));
        }
    }
}
