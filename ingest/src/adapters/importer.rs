//! A file's lines to drafts, whatever its format.

use serde_json::Value;

use super::claude_code::Transcript;
use super::{Format, ProjectOf, detect, trajectory};
use crate::decode::{self, Element};
use crate::{Draft, Limits, Reject};

/// Most bytes of a file that is one JSON value rather than lines, as it must be held whole.
const WHOLE_BYTES: usize = 256 << 20;
/// Most bytes of one run of an agent, which is held as values.
const RUN_BYTES: usize = 64 << 20;

/// Reads one file, line by line.
///
/// What it says of a line goes into `out` with the line's number, from 0, blank lines included; of a
/// file that is one array, with the place in it. Blank lines say nothing.
pub struct Importer {
    format: Format,
    path: String,
    limits: Limits,
    line: u64,
    transcript: Transcript,
    /// The file so far, when it began like one array or one object on several lines; and its first line.
    whole: Option<Vec<u8>>,
    first: u64,
    /// Whether the file itself says its format.
    auto: bool,
    /// Messages of a run that has one a line.
    messages: Vec<Value>,
    /// Whether a line has been read as such.
    began: bool,
}

/// An importer of a file. `path` is only looked at, to tell the format where `format` is `Auto`.
pub fn importer(format: Format, path: &str, limits: &Limits) -> Importer {
    Importer {
        format,
        path: path.to_owned(),
        limits: limits.clone(),
        line: 0,
        transcript: Transcript::new(limits),
        whole: None,
        first: 0,
        auto: format == Format::Auto,
        messages: Vec::new(),
        began: false,
    }
}

impl Importer {
    /// What the file is written in; `Auto` until the first line has been read.
    pub fn format(&self) -> Format {
        self.format
    }

    /// Reads a line, with or without its end.
    pub fn line(&mut self, line: &[u8], project_of: ProjectOf<'_>, out: &mut Vec<Element>) {
        let number = self.line;
        self.line += 1;
        if let Some(whole) = &mut self.whole {
            if whole.len() <= WHOLE_BYTES {
                whole.extend_from_slice(line);
                whole.push(b'\n');
            }
            return;
        }
        let text = line.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(line).trim_ascii();
        if text.is_empty() {
            return;
        }
        if self.format == Format::Auto {
            self.format = detect(text, &self.path);
        }
        match self.format {
            Format::ClaudeCode => match self.transcript.line(text, project_of) {
                Ok(drafts) => out.extend(drafts.into_iter().map(|draft| (number, Ok(draft)))),
                Err(reject) => out.push((number, Err(reject))),
            },
            format if format.is_of_runs() => match self.run(text) {
                Some(run) => out.extend(run.into_iter().map(|draft| (number, draft))),
                None => self.hold(line, number),
            },
            // Only a file's first line says that it is one value.
            _ if !self.began && (text.starts_with(b"[") || text == b"{") => self.hold(line, number),
            _ => out.push((number, self.one(text))),
        }
        self.began = true;
    }

    /// From this line on the file is one value.
    fn hold(&mut self, line: &[u8], number: u64) {
        let mut whole = line.to_vec();
        whole.push(b'\n');
        self.whole = Some(whole);
        self.first = number;
    }

    /// The events of a line that is a run; `None` of one that is not whole.
    fn run(&mut self, text: &[u8]) -> Option<Vec<Result<Draft, Reject>>> {
        if text.len() > RUN_BYTES {
            return Some(vec![Err(Reject::new("", format!("one run of more than {RUN_BYTES} bytes")))]);
        }
        let value: Value = match serde_json::from_slice(text) {
            Ok(value) => value,
            Err(error) if error.is_eof() && !self.began => return None,
            Err(error) => return Some(vec![Err(Reject::new("", error.to_string()))]),
        };
        if self.format == Format::Messages && trajectory::messages::is_one(&value) {
            if self.messages.len() < super::said::MESSAGES {
                self.messages.push(value);
            }
            return Some(Vec::new());
        }
        Some(self.told(&value))
    }

    fn told(&self, value: &Value) -> Vec<Result<Draft, Reject>> {
        match trajectory::read(self.format, value, &self.limits) {
            Ok(drafts) => drafts.into_iter().map(Ok).collect(),
            Err(reject) => vec![Err(reject)],
        }
    }

    /// A file that is one run, or several in an array.
    fn runs(&mut self, whole: &[u8]) -> Option<Vec<Element>> {
        if !(self.auto || self.format.is_of_runs()) || whole.len() > RUN_BYTES {
            return None;
        }
        let value: Value = serde_json::from_slice(whole).ok()?;
        if self.auto {
            let several = value.as_array().and_then(|list| trajectory::detect(list.first()?));
            self.format = trajectory::detect(&value).or(several)?;
        }
        let several = value.as_array().filter(|_| trajectory::detect(&value).is_none());
        let read: Vec<_> = match several {
            Some(list) => list.iter().flat_map(|one| self.told(one)).collect(),
            None => self.told(&value),
        };
        Some((0..).zip(read).collect())
    }

    fn one(&self, text: &[u8]) -> Result<Draft, Reject> {
        match self.format {
            Format::CloudEvents => decode::cloud_event(text, &self.limits),
            _ => decode::plain(text, &self.limits),
        }
    }

    /// Reads what only the end of the file completes. Nothing is left afterwards.
    pub fn finish(&mut self, out: &mut Vec<Element>) {
        if !self.messages.is_empty() {
            let list = Value::Array(std::mem::take(&mut self.messages));
            out.extend((0..).zip(self.told(&list)));
        }
        let Some(whole) = self.whole.take() else { return };
        if whole.len() > WHOLE_BYTES {
            let message = format!("one JSON value of more than {WHOLE_BYTES} bytes: write an event a line");
            return out.push((0, Err(Reject::new("", message))));
        }
        if let Some(runs) = self.runs(&whole) {
            return out.extend(runs);
        }
        match decode::batch(&whole, "application/json", &self.limits) {
            Ok(elements) => out.extend(elements),
            Err(reject) => match self.as_lines(&whole) {
                Some(lines) => out.extend(lines),
                None => out.push((0, Err(reject))),
            },
        }
    }

    /// What began like one value and was lines after all, if any of them is an event.
    fn as_lines(&self, whole: &[u8]) -> Option<Vec<Element>> {
        let lines = (self.first..).zip(whole.split(|byte| *byte == b'\n'));
        let lines =
            lines.map(|(number, line)| (number, line.trim_ascii())).filter(|(_, line)| !line.is_empty());
        let read: Vec<Element> = lines.map(|(number, line)| (number, self.one(line))).collect();
        read.iter().any(|(_, line)| line.is_ok()).then_some(read)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn import(format: Format, text: &str) -> Vec<(u64, Result<String, String>)> {
        let mut importer = importer(format, "a.jsonl", &Limits::default());
        let mut out = Vec::new();
        for line in text.lines() {
            importer.line(line.as_bytes(), &|_| None, &mut out);
        }
        importer.finish(&mut out);
        out.into_iter()
            .map(|(line, result)| {
                let content = result.map(|draft| draft.content.unwrap_or_default());
                (line, content.map_err(|reject| reject.field))
            })
            .collect()
    }

    #[test]
    fn lines_have_their_numbers_in_the_file() {
        let ok = |line, text: &str| (line, Ok(text.to_owned()));
        let bad = |line, field: &str| (line, Err(field.to_owned()));
        let text = "\u{feff}\n{\"content\":\"a\"}\n\n{\"content\":1}\nnonsense\n{\"content\":\"b\"}";
        assert_eq!(import(Format::Auto, text), [ok(1, "a"), bad(3, "content"), bad(4, ""), ok(5, "b")]);
        assert_eq!(import(Format::CloudEvents, "{\"content\":\"a\"}"), [bad(0, "specversion")]);
        let hook = r#"{"hook_event_name":"UserPromptSubmit","session_id":"s","prompt":"p"}"#;
        assert_eq!(import(Format::Auto, hook), [ok(0, "p")]);
    }

    #[test]
    fn a_file_may_be_one_array_or_one_object() {
        let expected = [(0, Ok("a".to_owned())), (1, Ok("b".to_owned()))];
        assert_eq!(import(Format::Auto, "[{\"content\":\"a\"},\n\n{\"content\":\n\"b\"}]"), expected);
        assert_eq!(import(Format::Plain, "{\n\"content\": \"a\"\n}"), expected[..1]);
        assert_eq!(import(Format::Auto, "[{\"content\":\"a\"},"), [(0, Err(String::new()))]);
        let lines = "[info] began\n{\"content\":\"a\"}\n[\n{\n{\"content\":\"b\"}";
        let read: Vec<_> =
            import(Format::Plain, lines).into_iter().map(|(line, one)| (line, one.is_ok())).collect();
        assert_eq!(read, [(0, false), (1, true), (2, false), (3, false), (4, true)]);
        assert_eq!(import(Format::Auto, ""), []);
    }
}
