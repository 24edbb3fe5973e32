//! What agents already emit, as events: one pure function a format.
//!
//! ```text
//! line ─▶ importer ─┬▶ plain, cloud events (decode)
//!                   ├▶ claude_code: transcript, hook
//!                   └▶ trajectory: messages, swe_agent, openhands
//! spans ─▶ otel ─▶ said (messages of any provider) ─▶ told (each once)
//! ```

pub mod claude_code;
mod importer;
pub mod otel;
mod said;
mod told;
mod trajectory;
pub mod withheld;

pub use importer::{Importer, importer};

/// The project of a working directory, where the caller knows one. Hooks and transcripts must be given
/// the same function: project is part of what makes two events the same.
pub type ProjectOf<'p> = &'p dyn Fn(&str) -> Option<String>;

/// What a file to import is written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// Told by the first lines and the path.
    Auto,
    /// Events as plain JSON: lines, an array, or one object.
    Plain,
    /// CloudEvents 1.0 in structured mode: lines, an array, or one object.
    CloudEvents,
    /// Transcripts and captured hooks of Claude Code, as lines.
    ClaudeCode,
    /// Lists of messages as the APIs of OpenAI and Anthropic have them: one a line, or one a file.
    Messages,
    /// A trajectory of SWE-agent.
    SweAgent,
    /// Events of OpenHands: one run a line, or one a file.
    OpenHands,
}

impl Format {
    /// As on the command line.
    pub const NAMES: [&'static str; 7] =
        ["auto", "plain", "cloudevents", "claude-code", "messages", "swe-agent", "openhands"];

    pub const fn name(self) -> &'static str {
        Self::NAMES[self as usize]
    }

    pub fn parse(name: &str) -> Option<Self> {
        let all = [
            Self::Auto,
            Self::Plain,
            Self::CloudEvents,
            Self::ClaudeCode,
            Self::Messages,
            Self::SweAgent,
            Self::OpenHands,
        ];
        all.into_iter().find(|format| format.name().eq_ignore_ascii_case(name))
    }

    /// Whether one JSON value is a whole run of an agent.
    fn is_of_runs(self) -> bool {
        matches!(self, Self::Messages | Self::SweAgent | Self::OpenHands)
    }
}

/// Marks of a line of a transcript.
const TRANSCRIPT_KEYS: [&str; 4] = ["sessionId", "parentUuid", "leafUuid", "isSnapshotUpdate"];

/// The format of a file by its first lines (some KiB are plenty; the last may be cut) and its path.
/// Never `Auto`; `Plain` where nothing else fits.
pub fn detect(head: &[u8], path: &str) -> Format {
    let objects = head
        .split(|&byte| byte == b'\n')
        .filter_map(|line| serde_json::from_slice::<serde_json::Map<_, serde_json::Value>>(line).ok());
    for object in objects.take(20) {
        let has = |key: &str| object.contains_key(key);
        let kind = object.get("type").and_then(serde_json::Value::as_str);
        // Two kinds of lines of transcripts have a content, as events do.
        let own = !has("content") || matches!(kind, Some("system" | "queue-operation"));
        if has("hook_event_name") || (own && kind.is_some() && TRANSCRIPT_KEYS.into_iter().any(has)) {
            return Format::ClaudeCode;
        }
        if has("specversion") {
            return Format::CloudEvents;
        }
        let is_event = has("content") || has("attributes");
        if let Some(format) = trajectory::detect(&serde_json::Value::Object(object)) {
            return format;
        }
        if is_event {
            return Format::Plain;
        }
    }
    let path = path.replace('\\', "/");
    if path.contains("/.claude/") || path.contains(".claude/projects/") {
        Format::ClaudeCode
    } else {
        Format::Plain
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formats_have_their_names() {
        for (index, name) in Format::NAMES.into_iter().enumerate() {
            assert_eq!(Format::parse(name).map(|format| format as usize), Some(index), "{name}");
        }
        assert_eq!(Format::parse("otlp"), None);
    }

    #[test]
    fn the_first_lines_tell_the_format() {
        assert_eq!(detect(br#"{"content":"c"}"#, "a.jsonl"), Format::Plain);
        assert_eq!(detect(br#"[{"content":"c"}]"#, "a.json"), Format::Plain);
        assert_eq!(detect(b"", "a.jsonl"), Format::Plain);
        assert_eq!(detect(br#"{"specversion":"1.0","id":"1"}"#, "a.jsonl"), Format::CloudEvents);
        assert_eq!(detect(br#"{"role":"user","content":"c"}"#, "a.jsonl"), Format::Messages);
        assert_eq!(detect(br#"{"role":"user","content":"c","session":"s"}"#, "a.jsonl"), Format::Plain);
        assert_eq!(detect(br#"{"messages":[{"role":"user","content":"c"}]}"#, "a.jsonl"), Format::Messages);
        assert_eq!(detect(br#"{"content":"c","history":["a"],"messages":3}"#, "a.jsonl"), Format::Plain);
        assert_eq!(detect(br#"{"hook_event_name":"Stop","session_id":"s"}"#, "a.jsonl"), Format::ClaudeCode);
        assert_eq!(
            detect(b"{\"type\":\"summary\",\"summary\":\"s\",\"leafUuid\":\"u\"}\n{\"ty", "a"),
            Format::ClaudeCode
        );
        assert_eq!(detect(br#"{"type":"message","content":"c","sessionId":"x"}"#, "a"), Format::Plain);
        assert_eq!(
            detect(br#"{"type":"queue-operation","content":"c","sessionId":"x"}"#, "a"),
            Format::ClaudeCode
        );
        assert_eq!(
            detect(b"{\"type\":\"cut", "/home/a/.claude/projects/-home-a/s.jsonl"),
            Format::ClaudeCode
        );
    }
}
