//! A span to events.

use athena_schemas::Time;
use serde_json::{Map, Value, json};

use super::super::claude_code::text::{bounded, readable};
use super::super::said::{Message, Part, Role, structured};
use super::super::told::{Teller, cut, name, with};
use super::lineage::Lineage;
use super::said::said;
use super::span::{Record, Span, Status, text};
use super::{SOURCE, Which};
use crate::decode::NAME_BYTES;
use crate::{Draft, Limits, Reject};

const PREFIX: &str = "ot-";
/// What is told in fields of its own, or not at all: long, and the same in every call.
const ELSEWHERE: [&str; 14] = [
    "gen_ai.operation.name",
    "gen_ai.conversation.id",
    "gen_ai.agent.name",
    "gen_ai.tool.name",
    "gen_ai.tool.call.arguments",
    "gen_ai.tool.call.result",
    "gen_ai.tool.definitions",
    "gen_ai.tool.description",
    "gen_ai.system_instructions",
    "gen_ai.input.messages",
    "gen_ai.output.messages",
    "gen_ai.event.content",
    "gen_ai.prompt",
    "gen_ai.completion",
];
/// Bytes of all attributes of a span that are kept.
const ATTRIBUTES_BYTES: usize = 16 << 10;

/// The events of a span; none of one that says nothing for a memory.
///
/// # Errors
/// A project whose name is none.
pub(super) fn of(
    span: &Span,
    resource: &Record,
    lineage: &Lineage<'_>,
    which: Which,
    limits: &Limits,
) -> Result<Vec<Draft>, Reject> {
    if !span.is_gen_ai() && which == Which::GenAi {
        return Ok(Vec::new());
    }
    let project = text(resource, "athena.project").map(str::to_owned);
    if project.as_ref().is_some_and(|project| project.len() > NAME_BYTES) {
        return Err(Reject::new("athena.project", format!("more than {NAME_BYTES} bytes")));
    }
    let service = text(resource, "service.name");
    let agent = lineage.agent(span).or(service).unwrap_or(SOURCE).to_owned();
    let teller = Teller::new(PREFIX, &span.trace, &agent, limits);
    let base = Draft {
        time: span.started_at(),
        project,
        session: Some(name(lineage.session(span))),
        agent: Some(name(&agent)),
        source: Some(SOURCE.to_owned()),
        parent: lineage.parent(span).map(|parent| teller.id(&["span", parent])),
        traceparent: Some(format!("00-{}-{}-{:02x}", span.trace, span.id, span.flags)),
        ..Draft::default()
    };
    let scene = Scene { span, service, base, limits, teller };
    Ok(match operation(span) {
        Some("chat" | "generate_content" | "text_completion") => scene.chat(),
        Some("execute_tool") => scene.tool(),
        Some("embeddings") => Vec::new(),
        operation => scene.action(operation),
    })
}

/// What a span is of; some instrumentations leave it to be seen from the rest.
fn operation(span: &Span) -> Option<&str> {
    let has = |key: &str| span.attributes.contains_key(key);
    span.text("gen_ai.operation.name").or_else(|| match () {
        () if has("gen_ai.tool.name") => Some("execute_tool"),
        () if has("gen_ai.request.model") || has("gen_ai.response.model") => Some("chat"),
        () if has("gen_ai.agent.name") => Some("invoke_agent"),
        () => None,
    })
}

struct Scene<'a> {
    span: &'a Span,
    service: Option<&'a str>,
    /// What all events of the span have.
    base: Draft,
    limits: &'a Limits,
    teller: Teller<'a>,
}

impl Scene<'_> {
    /// A model was asked and answered.
    fn chat(mut self) -> Vec<Draft> {
        let (input, output) = said(self.span);
        let mut drafts = self.asked(&input);
        let texts: Vec<&str> = output.iter().flat_map(|message| &message.parts).filter_map(as_text).collect();
        let ended = Draft { time: self.span.ended_at().or(self.base.time), ..self.base.clone() };
        let answer = self.teller.text(Role::Assistant, &texts.join("\n"), &ended);
        let mut attributes = self.attributes();
        let calls: Vec<Value> =
            output.iter().flat_map(|message| &message.parts).filter_map(as_call).collect();
        if !calls.is_empty() {
            attributes.insert("tool_calls".into(), self.bounded(&calls.into()));
        }
        let failed = self.span.status == Status::Error;
        let own = Draft { id: Some(self.span_id()), r#type: Some("message".into()), ..ended };
        let mut answer = answer.unwrap_or(own);
        if failed {
            answer.r#type = Some("error".into());
            answer.outcome = Some("failure");
            answer.id = Some(self.span_id());
            let said = answer.content.take().or_else(|| self.span.failure().map(str::to_owned));
            answer.content = said.map(|said| cut(&said, self.limits, &mut attributes));
        }
        drafts.push(Draft { duration_ms: self.span.duration_ms(), ..with(answer, attributes) });
        drafts
    }

    /// What was said to the model since it last spoke to a person: the rest was told before.
    fn asked(&mut self, input: &[Message]) -> Vec<Draft> {
        let last = input.iter().rposition(Message::is_asked).unwrap_or(0);
        let before = input[..last].iter().rev().take_while(|message| message.is_asked()).count();
        let mut drafts = Vec::new();
        for (at, message) in input.iter().enumerate() {
            let told = self.teller.message(message, &self.base);
            if at >= last - before {
                drafts.extend(told);
            }
        }
        // The same time would leave their order to chance where requests are reordered.
        for (step, draft) in (0..).zip(&mut drafts) {
            draft.time = draft.time.map(|time: Time| time.plus_micros(step));
        }
        drafts
    }

    /// A tool was called.
    fn tool(mut self) -> Vec<Draft> {
        let span = self.span;
        let attribute = |key: &str| span.attributes.get(key).map(structured).unwrap_or_default();
        let tool = span.text("gen_ai.tool.name").unwrap_or(&span.name);
        let id = span.text("gen_ai.tool.call.id");
        let arguments = attribute("gen_ai.tool.call.arguments");
        let mut call = self.teller.call(id, tool, &arguments, &self.base);
        if id.is_none() {
            call.id = Some(self.span_id());
        }
        let call = Draft { outcome: Some(self.outcome()), duration_ms: span.duration_ms(), ..call };
        let call = with(call, self.attributes());
        let result = readable(&attribute("gen_ai.tool.call.result"));
        let said = if result.is_empty() { span.failure().unwrap_or_default() } else { &result };
        let ended = Draft { time: span.ended_at().or(self.base.time), ..self.base.clone() };
        let result = self.teller.result(id, Some(tool), said, &ended).map(|result| match id {
            Some(_) => result,
            None => {
                let id = self.teller.id(&["span", &span.id, "result"]);
                Draft { id: Some(id), parent: call.id.clone(), ..result }
            }
        });
        [Some(call), result].into_iter().flatten().collect()
    }

    /// An agent was set to work, or anything else was done.
    fn action(self, operation: Option<&str>) -> Vec<Draft> {
        let mut attributes = self.attributes();
        let mut content = self.span.name.clone();
        if content.is_empty() {
            content = operation.unwrap_or("span").to_owned();
        }
        if let Some(said) = self.span.failure().filter(|_| self.span.status == Status::Error) {
            content = format!("{content}: {said}");
        }
        let content = cut(&content, self.limits, &mut attributes);
        let draft = Draft {
            id: Some(self.span_id()),
            r#type: Some("action".into()),
            content: Some(content),
            outcome: Some(self.outcome()),
            duration_ms: self.span.duration_ms(),
            ..self.base.clone()
        };
        vec![with(draft, attributes)]
    }

    fn span_id(&self) -> String {
        self.teller.id(&["span", &self.span.id])
    }

    fn outcome(&self) -> &'static str {
        if self.span.status == Status::Error { "failure" } else { "success" }
    }

    fn bounded(&self, value: &Value) -> Value {
        bounded(value, &mut ATTRIBUTES_BYTES.clone(), self.limits.depth.saturating_sub(3))
    }

    /// What the span says besides, `gen_ai.request.model` as `request_model`; how much was used together.
    fn attributes(&self) -> Record {
        let mut kept = Map::new();
        let mut usage = Map::new();
        kept.extend(operation(self.span).map(|operation| ("operation".to_owned(), json!(name(operation)))));
        for (key, value) in &self.span.attributes {
            let own = key.strip_prefix("gen_ai.");
            let flat =
                ["prompt.", "completion."].iter().any(|part| own.is_some_and(|own| own.starts_with(part)));
            if ELSEWHERE.contains(&key.as_str()) || flat {
                continue;
            }
            match own.and_then(|own| own.strip_prefix("usage.")) {
                Some(part) => drop(usage.insert(part.replace('.', "_"), value.clone())),
                None if own.is_some() || !self.span.is_gen_ai() || key == "error.type" => {
                    kept.insert(own.unwrap_or(key).replace('.', "_"), value.clone());
                }
                None => {}
            }
        }
        if !usage.is_empty() {
            kept.insert("usage".into(), usage.into());
        }
        kept.extend(self.service.map(|service| ("service".to_owned(), json!(service))));
        match self.bounded(&kept.into()) {
            Value::Object(kept) => kept,
            _ => Map::new(),
        }
    }
}

fn as_text(part: &Part) -> Option<&str> {
    match part {
        Part::Text(text) => Some(text),
        _ => None,
    }
}

fn as_call(part: &Part) -> Option<Value> {
    match part {
        Part::Call { id, name, arguments } => Some(json!({"id": id, "name": name, "arguments": arguments})),
        _ => None,
    }
}
