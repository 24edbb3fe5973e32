//! Files to chunks that one request carries.

use std::collections::BTreeSet;
use std::fmt;
use std::io::{BufRead, BufReader, Read};
use std::path::Path;
use std::sync::Arc;

use anyhow::Context;
use athena_ingest::Limits;
use athena_ingest::adapters::{Format, importer};

use super::event::{self, Names};
use super::files::File;
use crate::project::Projects;

/// What one request carries at most.
const CHUNK_EVENTS: usize = 2_000;
const CHUNK_BYTES: usize = 4 << 20;
/// The longest line that is read: a file may be one array on one line. What is longer is cut, which
/// makes it no JSON.
const LINE_BYTES: u64 = 257 << 20;

/// Where an event stands.
#[derive(Debug, Clone, PartialEq)]
pub struct Place {
    file: Arc<str>,
    /// From 1; the place in the array where the file is one.
    line: u64,
}

/// An event that was not taken: `FILE:LINE: field: why`.
#[derive(Debug)]
pub struct Rejection {
    place: Place,
    why: String,
}

impl Rejection {
    pub fn new(place: Place, field: Option<&str>, message: &str) -> Self {
        let why = match field {
            Some(field) if !field.is_empty() => format!("{field}: {message}"),
            _ => message.to_owned(),
        };
        Self { place, why }
    }
}

impl fmt::Display for Rejection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: {}", self.place.file, self.place.line, self.why)
    }
}

/// Events of one request as lines of JSON, each with its place, and what was rejected before sending.
#[derive(Debug, Default)]
pub struct Chunk {
    pub lines: Vec<String>,
    pub places: Vec<Place>,
    /// Those that its events name; `None` among them when one names none.
    pub projects: BTreeSet<Option<String>>,
    pub rejected: Vec<Rejection>,
    /// Read of all files when the chunk was full.
    pub bytes: u64,
    line_bytes: usize,
}

pub struct Reader {
    files: Vec<File>,
    format: Format,
    limits: Limits,
    /// The project of all that names none, in place of that of its directory.
    project: Option<String>,
}

impl Reader {
    pub fn new(files: Vec<File>, format: Format, limits: Limits, project: Option<String>) -> Self {
        Self { files, format, limits, project }
    }

    /// Reads all files, and gives each chunk to `take` until it wants no more. Blocks.
    ///
    /// # Errors
    /// A file that cannot be read.
    pub fn run(self, mut take: impl FnMut(Chunk) -> bool) -> anyhow::Result<()> {
        let projects = Projects::default();
        let project_of =
            |directory: &str| Some(self.project.clone().unwrap_or_else(|| projects.of(Path::new(directory))));
        let mut chunk = Chunk::default();
        let mut bytes = 0;
        let (mut line, mut elements) = (Vec::new(), Vec::new());
        for file in &self.files {
            let failed = || format!("read {}", file.name);
            let mut input = BufReader::with_capacity(1 << 16, file.open().with_context(failed)?);
            let mut importer = importer(self.format, &file.name, &self.limits);
            let mut names = Names::default();
            let name: Arc<str> = file.name.as_str().into();
            loop {
                let read = read_line(&mut input, &mut line).with_context(failed)?;
                match read {
                    0 => importer.finish(&mut elements),
                    _ => importer.line(&line, &project_of, &mut elements),
                }
                bytes += read;
                for (number, element) in elements.drain(..) {
                    let place = Place { file: name.clone(), line: number + 1 };
                    match element {
                        Ok(mut draft) => {
                            draft.project = draft.project.or_else(|| self.project.clone());
                            let line = event::line(&mut draft, &mut names)?;
                            chunk.push(line, place, draft.project);
                        }
                        Err(reject) => {
                            chunk.rejected.push(Rejection::new(place, Some(&reject.field), &reject.message));
                        }
                    }
                    if chunk.is_full() {
                        chunk.bytes = bytes;
                        if !take(std::mem::take(&mut chunk)) {
                            return Ok(());
                        }
                    }
                }
                if read == 0 {
                    break;
                }
            }
        }
        chunk.bytes = bytes;
        take(chunk);
        Ok(())
    }
}

impl Chunk {
    fn push(&mut self, line: String, place: Place, project: Option<String>) {
        self.line_bytes += line.len() + 1;
        self.lines.push(line);
        self.places.push(place);
        if !self.projects.contains(&project) {
            self.projects.insert(project);
        }
    }

    fn is_full(&self) -> bool {
        self.places.len() >= CHUNK_EVENTS
            || self.line_bytes >= CHUNK_BYTES
            || self.rejected.len() >= CHUNK_EVENTS
    }
}

/// Reads a line, without what of it is beyond the bound. Returns how many bytes it had in the file.
fn read_line(input: &mut impl BufRead, line: &mut Vec<u8>) -> std::io::Result<u64> {
    line.clear();
    let mut read = input.by_ref().take(LINE_BYTES).read_until(b'\n', line)? as u64;
    if read == LINE_BYTES && line.last() != Some(&b'\n') {
        read += input.skip_until(b'\n')? as u64;
    }
    Ok(read)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(content: &'static str, project: Option<&str>) -> Vec<Chunk> {
        let files = vec![File::embedded("a.jsonl", content.as_bytes())];
        let mut chunks = Vec::new();
        let reader = Reader::new(files, Format::Auto, Limits::default(), project.map(str::to_owned));
        reader
            .run(|chunk| {
                chunks.push(chunk);
                true
            })
            .unwrap();
        chunks
    }

    #[test]
    fn rejections_say_where() {
        let chunks = read(
            "{\"content\":\"a\"}\n\n{\"content\":1}\n{\"content\":\"b\",\"project\":\"own\"}",
            Some("p"),
        );
        let [chunk] = chunks.as_slice() else { panic!("{chunks:?}") };
        assert_eq!(chunk.places.iter().map(|place| place.line).collect::<Vec<_>>(), [1, 4]);
        assert!(chunk.rejected[0].to_string().starts_with("a.jsonl:3: content: "));
        let projects: Vec<_> = chunk
            .lines
            .iter()
            .map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap()["project"].clone())
            .collect();
        assert_eq!(projects, ["p", "own"]);
        assert_eq!(chunk.bytes, 62);
    }

    #[test]
    fn chunks_are_bounded_and_lose_nothing() {
        let text: &'static str = "{\"content\":\"x\"}\n".repeat(4_500).leak();
        let sizes: Vec<_> = read(text, None).iter().map(|chunk| chunk.places.len()).collect();
        assert_eq!(sizes, [2_000, 2_000, 500]);
    }
}
