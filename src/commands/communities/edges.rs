//! Edges as lines of text: from, to and perhaps a weight, separated by tabs.

use std::collections::HashMap;
use std::fs::File;
use std::io::{self, BufRead, BufReader};
use std::sync::Arc;

use ahash::RandomState;
use anyhow::{Context, bail, ensure};
use athena_learn::leiden::{Edge, LEAST_WEIGHT, is_weight};

/// Bytes that are read at once.
const READ_BYTES: usize = 1 << 18;
/// Bytes of a line; more is no edge list.
const LINE_BYTES: usize = 1 << 16;
/// Edges, which take 16 bytes each until the graph is built.
const EDGES: usize = 1 << 31;

/// A graph as it was written down.
#[derive(Debug, Default)]
pub struct Edges {
    /// Nodes in the order in which they first stand there; an edge names them by number.
    pub names: Vec<Arc<str>>,
    pub edges: Vec<Edge>,
}

/// The edges of a file, or of standard input if it is `-`.
///
/// # Errors
/// What cannot be read; the first line that is no edge, by its number.
pub fn read(name: &str) -> anyhow::Result<Edges> {
    match name {
        "-" => parse(BufReader::with_capacity(READ_BYTES, io::stdin().lock()), "standard input"),
        path => {
            let file = File::open(path).with_context(|| format!("read {path}"))?;
            parse(BufReader::with_capacity(READ_BYTES, file), path)
        }
    }
}

/// Blank lines and those that begin with # say nothing.
fn parse(mut input: impl BufRead, name: &str) -> anyhow::Result<Edges> {
    let mut reader = Reader::default();
    let mut line = Vec::new();
    for number in 1_u64.. {
        line.clear();
        let bytes = next_line(&mut input, &mut line).with_context(|| format!("read {name}"))?;
        if bytes == 0 {
            break;
        }
        ensure!(line.len() <= LINE_BYTES, "{name} line {number} is longer than {LINE_BYTES} bytes");
        let told = || format!("{name} line {number}");
        let text = std::str::from_utf8(&line).with_context(told)?.trim_end_matches(['\n', '\r']);
        if !text.starts_with('#') && !text.trim().is_empty() {
            reader.take(text).with_context(told)?;
        }
    }
    Ok(reader.read)
}

/// Reads a line, but of one that is too long only so much that it can be seen.
fn next_line(input: &mut impl BufRead, line: &mut Vec<u8>) -> io::Result<usize> {
    let mut bounded = io::Read::take(input, LINE_BYTES as u64 + 1);
    bounded.read_until(b'\n', line)
}

#[derive(Debug, Default)]
struct Reader {
    read: Edges,
    numbers: HashMap<Arc<str>, u32, RandomState>,
    /// The node that the last edge began at: lists are often sorted.
    last: u32,
}

impl Reader {
    fn take(&mut self, text: &str) -> anyhow::Result<()> {
        let mut columns = text.split('\t');
        let (from, to) = match (columns.next(), columns.next()) {
            (Some(from), Some(to)) if !from.is_empty() && !to.is_empty() => (from, to),
            _ => bail!("no edge; give from, to and perhaps a weight, separated by tabs"),
        };
        let weight = match columns.next() {
            None => 1.0,
            Some(text) => weight(text)?,
        };
        ensure!(columns.next().is_none(), "more than three columns; give from, to and perhaps a weight");
        ensure!(self.read.edges.len() < EDGES, "more than {EDGES} edges; split the graph");
        let same = self.read.names.get(self.last as usize).is_some_and(|name| **name == *from);
        if !same {
            self.last = self.number(from)?;
        }
        let to = self.number(to)?;
        self.read.edges.push(Edge { from: self.last, to, weight });
        Ok(())
    }

    fn number(&mut self, name: &str) -> anyhow::Result<u32> {
        if let Some(number) = self.numbers.get(name) {
            return Ok(*number);
        }
        let number = u32::try_from(self.read.names.len()).context("too many nodes; split the graph")?;
        let name: Arc<str> = name.into();
        self.read.names.push(name.clone());
        self.numbers.insert(name, number);
        Ok(number)
    }
}

fn weight(text: &str) -> anyhow::Result<f64> {
    match text.trim().parse() {
        Ok(weight) if is_weight(weight) => Ok(weight),
        Ok(weight) => {
            let most = 1.0 / LEAST_WEIGHT;
            bail!("{weight} cannot be a weight; give a number from {LEAST_WEIGHT:e} to {most:e}")
        }
        Err(_) => bail!("{text:?} is no number; the third column is the weight"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(text: &str) -> Result<Edges, String> {
        parse(text.as_bytes(), "g.tsv").map_err(|error| format!("{error:#}"))
    }

    #[test]
    fn names_are_any_text() {
        let read = parsed("# a graph\nann lee\tbéa\t2.5\r\n\n  \nbéa\t7\nbéa\tann lee").unwrap();
        let names: Vec<&str> = read.names.iter().map(|name| &**name).collect();
        assert_eq!(names, ["ann lee", "béa", "7"]);
        let edge = |from, to, weight| Edge { from, to, weight };
        assert_eq!(read.edges, [edge(0, 1, 2.5), edge(1, 2, 1.0), edge(1, 0, 1.0)]);
        assert!(parsed("").unwrap().names.is_empty());
    }

    #[test]
    fn a_bad_line_is_told_by_its_number() {
        let told = |text: &str| parsed(text).unwrap_err();
        let no_edge = "no edge; give from, to and perhaps a weight, separated by tabs";
        assert_eq!(told("a\tb\n# c\na b"), format!("g.tsv line 3: {no_edge}"));
        assert_eq!(told("a\t"), format!("g.tsv line 1: {no_edge}"));
        assert_eq!(
            told("a\tb\tweight"),
            "g.tsv line 1: \"weight\" is no number; the third column is the weight"
        );
        for bad in ["0", "-1", "inf", "NaN", "1e13"] {
            assert!(told(&format!("a\tb\t{bad}")).contains("cannot be a weight"), "{bad}");
        }
        assert!(told("a\tb\t1\tc").contains("more than three columns"));
        assert!(told(&"a".repeat(LINE_BYTES + 9)).contains("line 1 is longer than"));
        assert!(parse(&b"a\tb\n\xff\tb"[..], "g").is_err());
    }
}
