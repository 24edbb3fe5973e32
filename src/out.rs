//! What is printed: tables and colour for people at a terminal, JSON lines for whatever reads a pipe.

use std::fmt::Display;
use std::io::{self, IsTerminal, Write};

use console::{Alignment, measure_text_width, pad_str, style, truncate_str};
use serde::Serialize;

/// Where answers go, and for whom.
#[derive(Debug, Clone, Copy)]
pub struct Out {
    /// Whether a person reads it.
    pub human: bool,
    /// Columns of the terminal.
    width: usize,
}

/// The narrowest that a column is made to fit the others in.
const NARROW: usize = 12;
/// The width where there is no terminal to ask.
const WIDE: usize = 160;

impl Out {
    /// Standard output as it is. Colour only on a terminal, and not with `NO_COLOR`.
    pub fn standard() -> Self {
        let human = io::stdout().is_terminal();
        let plain = std::env::var_os("NO_COLOR").is_some_and(|set| !set.is_empty())
            || std::env::var_os("TERM").is_some_and(|terminal| terminal == "dumb");
        console::set_colors_enabled(human && !plain);
        let width = match human {
            true => console::Term::stdout().size_checked().map_or(WIDE, |(_, columns)| columns.into()),
            false => WIDE,
        };
        Self { human, width }
    }

    /// The same, for a person wherever it goes.
    pub fn for_people(self) -> Self {
        Self { human: true, ..self }
    }

    pub fn line(&self, text: impl Display) -> io::Result<()> {
        writeln!(io::stdout(), "{text}")
    }

    /// One line of JSON.
    pub fn json(&self, value: &impl Serialize) -> io::Result<()> {
        let text = serde_json::to_string(value)?;
        self.line(text)
    }

    /// Bytes as they are.
    pub fn raw(&self, bytes: &[u8]) -> io::Result<()> {
        let mut out = io::stdout().lock();
        out.write_all(bytes)?;
        out.flush()
    }

    /// Rows under their names, narrowed to the terminal.
    pub fn table(&self, names: &[&str], rows: &[Vec<String>]) -> io::Result<()> {
        let rows: Vec<Vec<String>> =
            rows.iter().map(|row| row.iter().map(|cell| clean(cell)).collect()).collect();
        let widest = |column: usize| {
            let cells = rows.iter().filter_map(|row| row.get(column)).map(|cell| measure_text_width(cell));
            cells.chain([names[column].len()]).max().unwrap_or(0)
        };
        let widths = fit((0..names.len()).map(widest).collect(), self.width);
        let mut out = io::stdout().lock();
        let header: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
        writeln!(out, "{}", style(row(&header, &widths)).dim())?;
        for cells in &rows {
            writeln!(out, "{}", row(cells, &widths))?;
        }
        Ok(())
    }
}

/// Text without control characters: what is remembered must not steer a terminal.
pub fn clean(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect()
}

/// `1234567` as `1,234,567`.
pub fn count(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// A JSON value as the cell of a table.
pub fn cell(value: &serde_json::Value) -> String {
    match value {
        serde_json::Value::Null => String::new(),
        serde_json::Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

fn row(cells: &[String], widths: &[usize]) -> String {
    let padded: Vec<_> = cells
        .iter()
        .zip(widths)
        .map(|(cell, width)| {
            pad_str(&truncate_str(cell, *width, "…"), *width, Alignment::Left, None).into_owned()
        })
        .collect();
    padded.join("  ").trim_end().to_owned()
}

/// Takes from the widest columns until all fit.
fn fit(mut widths: Vec<usize>, total: usize) -> Vec<usize> {
    let room = total.saturating_sub(2 * widths.len().saturating_sub(1));
    while widths.iter().sum::<usize>() > room {
        let over = widths.iter().sum::<usize>() - room;
        let widest = widths.iter().copied().max().unwrap_or(0);
        if widest <= NARROW {
            break;
        }
        let next = widths.iter().copied().filter(|width| *width < widest).max().unwrap_or(0).max(NARROW);
        let widest_columns = widths.iter().filter(|width| **width == widest).count();
        let cut = (widest - next).min(over.div_ceil(widest_columns));
        widths.iter_mut().filter(|width| **width == widest).for_each(|width| *width -= cut);
    }
    widths
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_widest_columns_give_way() {
        assert_eq!(fit(vec![4, 10, 6], 80), [4, 10, 6]);
        assert_eq!(fit(vec![4, 100, 20], 60), [4, 32, 20]);
        assert_eq!(fit(vec![100, 100], 62), [30, 30]);
        assert_eq!(fit(vec![100, 100, 100], 20), [NARROW, NARROW, NARROW]);
    }

    #[test]
    fn cells_cannot_steer_a_terminal() {
        assert_eq!(clean("a\x1b[2Jb\r\nc\u{9b}d"), "a [2Jb  c d");
        assert_eq!(row(&["abcdef".into(), "x".into()], &[4, 3]), "abc…  x");
    }

    #[test]
    fn numbers_are_grouped() {
        assert_eq!([0, 12, 123, 1234, 1_234_567].map(count), ["0", "12", "123", "1,234", "1,234,567"]);
    }
}
