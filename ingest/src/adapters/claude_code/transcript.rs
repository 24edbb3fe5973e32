//! Transcripts: JSON lines that Claude Code appends to, a file a session and a file a subagent.
//!
//! The format is not documented and changes; it is read leniently, by the shapes of versions 1.0 to 2.1.

use std::collections::{HashMap, HashSet};

use athena_schemas::{Time, ids};
use serde_json::Value;

use super::super::ProjectOf;
use super::hook::hook;
use super::{
    Call, Record, Returned, Scene, files, is_internal, milliseconds, name, readable, record, string,
};
use crate::decode::{NAME_BYTES, clip};
use crate::{Draft, Limits, Reject};

/// Calls whose result is awaited; more are calls that never get one.
const OPEN_CALLS: usize = 4096;

/// Reads one transcript, from its beginning. What it remembers is two short ids a record, and the calls
/// that have no result yet.
pub struct Transcript {
    limits: Limits,
    seen: Seen,
    calls: HashMap<String, Open>,
    /// The prompt being worked on in the main conversation.
    prompt: Option<String>,
    /// The last working directory, and its project.
    place: Option<(String, Option<String>)>,
}

/// A call without its result.
struct Open {
    tool: String,
    files: Vec<String>,
    time: Option<Time>,
}

/// What has been told already.
#[derive(Default)]
struct Seen {
    records: HashSet<String>,
    /// How often each id has been given.
    ids: HashMap<String, u32>,
}

impl Seen {
    /// The id of the next thing that has these parts: the first as hooks make it, further ones numbered.
    fn next(&mut self, scene: &Scene<'_>, parts: &[&str]) -> String {
        let id = scene.id(parts);
        let count = self.ids.entry(id.clone()).or_default();
        *count += 1;
        match *count {
            1 => id,
            number => scene.id(&[parts, &["again", &number.to_string()]].concat()),
        }
    }
}

impl Transcript {
    pub fn new(limits: &Limits) -> Self {
        Self {
            limits: limits.clone(),
            seen: Seen::default(),
            calls: HashMap::new(),
            prompt: None,
            place: None,
        }
    }

    /// The events of a line. A line may be a captured hook instead.
    ///
    /// # Errors
    /// A line that is not one JSON object, or a message without a session.
    pub fn line(&mut self, line: &[u8], project_of: ProjectOf<'_>) -> Result<Vec<Draft>, Reject> {
        let record = record(line, &self.limits)?;
        if record.contains_key("hook_event_name") {
            return hook(line, &self.limits, project_of);
        }
        let kind = string(&record, "type").unwrap_or_default();
        if !matches!(kind, "user" | "assistant" | "attachment") || is_noise(&record) {
            return Ok(Vec::new());
        }
        // A session that is resumed may repeat its records.
        if string(&record, "uuid").is_some_and(|uuid| !self.seen.records.insert(ids::short("", &[uuid]))) {
            return Ok(Vec::new());
        }
        let project = self.project(string(&record, "cwd"), project_of);
        let sidechain = record.get("isSidechain") == Some(&Value::Bool(true));
        let agent = sidechain.then(|| string(&record, "agentId").unwrap_or("sidechain"));
        if let Some(prompt) = string(&record, "promptId").filter(|_| !sidechain) {
            self.prompt = Some(prompt.to_owned());
        }
        let prompt = self.prompt.clone();
        let limits = self.limits.clone();
        let scene = Scene {
            session: name(&record, "sessionId")
                .map_err(|reject| Reject { project: project.clone(), ..reject })?,
            project,
            agent: agent.map(|id| (id, string(&record, "agentName").unwrap_or(id).to_owned())),
            time: string(&record, "timestamp").and_then(Time::parse),
            prompt: prompt.as_deref().filter(|_| !sidechain),
            cwd: string(&record, "cwd"),
            branch: string(&record, "gitBranch"),
            limits: &limits,
        };
        let message = record.get("message").and_then(Value::as_object);
        Ok(match (kind, message) {
            ("attachment", _) => self.queued(&scene, &record).into_iter().collect(),
            ("user", Some(message)) => self.user(&scene, &record, message),
            ("assistant", Some(message)) => self.assistant(&scene, &record, message),
            _ => Vec::new(),
        })
    }

    fn project(&mut self, cwd: Option<&str>, project_of: ProjectOf<'_>) -> Option<String> {
        let cwd = cwd?;
        if self.place.as_ref().is_none_or(|(known, _)| known != cwd) {
            self.place = Some((cwd.to_owned(), project_of(cwd)));
        }
        self.place.as_ref().and_then(|(_, project)| project.clone())
    }

    /// A prompt, or the results of tools.
    fn user(&mut self, scene: &Scene<'_>, record: &Record, message: &Record) -> Vec<Draft> {
        let content = message.get("content").unwrap_or(&Value::Null);
        let blocks = content.as_array().map(Vec::as_slice).unwrap_or_default();
        let is_result = |block: &&Value| block.get("type").is_some_and(|kind| kind == "tool_result");
        let mut drafts: Vec<Draft> =
            blocks.iter().filter(is_result).map(|block| self.returned(scene, record, block)).collect();
        let words: Vec<String> = blocks.iter().filter(|block| !is_result(block)).map(readable).collect();
        let text = content.as_str().map_or_else(|| words.join("\n"), str::to_owned);
        // Only a text worth an event takes the prompt's id: the first one is what the hook was about.
        if super::text::said(&text).is_some() {
            let id = match (&scene.agent, scene.prompt, string(record, "promptId")) {
                (Some((agent, _)), ..) => self.seen.next(scene, &["told", agent, text.trim()]),
                (None, Some(prompt), Some(_)) => self.seen.next(scene, &["prompt", prompt]),
                _ => self.seen.next(scene, &["prompt text", text.trim()]),
            };
            let told = scene.prompt(Some(id), &text);
            drafts.extend(told.map(|draft| match scene.agent {
                // A subagent is told by the agent that started it.
                Some(_) => Draft { agent: Some(super::AGENT.to_owned()), ..draft },
                None => draft,
            }));
        }
        drafts
    }

    fn returned(&mut self, scene: &Scene<'_>, record: &Record, block: &Value) -> Draft {
        let call = block.get("tool_use_id").and_then(Value::as_str);
        let open = call.and_then(|id| self.calls.remove(id));
        let response = record.get("toolUseResult").unwrap_or(&Value::Null);
        let told = ["durationMs", "totalDurationMs"].iter().find_map(|key| milliseconds(response.get(key)));
        // From the call to the result: a wait for permission is part of it.
        let passed = open.as_ref().and_then(|open| Some(scene.time?.micros() - open.time?.micros()));
        let (tool, files) = open.map_or((None, Vec::new()), |open| (Some(open.tool), open.files));
        scene.returned(Returned {
            call,
            tool: tool.as_deref(),
            files,
            text: readable(block.get("content").unwrap_or(&Value::Null)),
            response,
            failed: block.get("is_error") == Some(&Value::Bool(true)),
            interrupted: false,
            duration_ms: told.or(passed.filter(|micros| *micros >= 0).map(|micros| micros / 1000)),
        })
    }

    /// What the agent said, and its calls. Thinking is its own.
    fn assistant(&mut self, scene: &Scene<'_>, record: &Record, message: &Record) -> Vec<Draft> {
        let failed = record.get("isApiErrorMessage") == Some(&Value::Bool(true));
        let model = string(message, "model");
        // The harness speaks in the agent's place when there is nothing to say.
        if model == Some("<synthetic>") && !failed {
            return Vec::new();
        }
        let mut drafts = Vec::new();
        for block in message.get("content").and_then(Value::as_array).into_iter().flatten() {
            let text = |key: &str| block.get(key).and_then(Value::as_str).filter(|text| !text.is_empty());
            match (text("type"), text("text"), text("name")) {
                (Some("text"), Some(text), _) if !text.trim().is_empty() => {
                    let mut attributes = Record::new();
                    attributes
                        .extend(model.map(|model| ("model".to_owned(), clip(model, NAME_BYTES).into())));
                    let id = self.seen.next(scene, &["said", scene.scope(), text.trim()]);
                    let kind = if failed { "error" } else { "message" };
                    drafts.extend(scene.answer(Some(id), kind, text, attributes));
                }
                (Some("tool_use"), _, Some(tool)) => {
                    let input = block.get("input").unwrap_or(&Value::Null);
                    let id = text("id");
                    drafts.push(scene.call(&Call { id, tool, input }));
                    self.open(id, Open { tool: tool.to_owned(), files: files(input), time: scene.time });
                }
                _ => {}
            }
        }
        drafts
    }

    fn open(&mut self, id: Option<&str>, call: Open) {
        if self.calls.len() >= OPEN_CALLS {
            self.calls.clear();
        }
        if let Some(id) = id {
            self.calls.insert(id.to_owned(), call);
        }
    }

    /// A message typed while the agent was working: it fires no hook and has no record of its own.
    fn queued(&mut self, scene: &Scene<'_>, record: &Record) -> Option<Draft> {
        let attachment = record.get("attachment")?.as_object()?;
        if string(attachment, "type") != Some("queued_command") {
            return None;
        }
        let text = readable(attachment.get("prompt")?);
        let id = self.seen.next(scene, &["prompt text", text.trim()]);
        scene.prompt(Some(id), &text)
    }
}

/// Records that the harness wrote for itself, or a model about the others.
fn is_noise(record: &Record) -> bool {
    ["isMeta", "isCompactSummary", "isVisibleInTranscriptOnly"]
        .iter()
        .any(|key| record.get(*key) == Some(&Value::Bool(true)))
        || string(record, "agentId").is_some_and(is_internal)
}
