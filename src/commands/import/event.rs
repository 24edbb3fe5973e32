//! A draft as the plain event that `POST /v1/events` takes.

use std::collections::HashMap;

use anyhow::Context;
use athena_ingest::Draft;
use athena_schemas::{Time, ids};
use serde::Serialize;
use serde_json::value::RawValue;

#[derive(Serialize)]
struct Plain<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    time: Option<Time>,
    #[serde(skip_serializing_if = "Option::is_none")]
    project: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    session: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    agent: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    source: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    r#type: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    tool: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    content: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    outcome: Option<&'a str>,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    files: &'a [String],
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    tags: &'a [String],
    #[serde(skip_serializing_if = "Option::is_none")]
    duration_ms: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    parent: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    attributes: Option<&'a RawValue>,
    #[serde(skip_serializing_if = "Option::is_none")]
    traceparent: Option<&'a str>,
}

/// Ids for the events of one file that have none: what they say, and the how manieth that says it. So
/// the file can be imported again, longer or under another name, and its events are the same.
#[derive(Debug, Default)]
pub struct Names(HashMap<String, u64>);

impl Names {
    fn name(&mut self, said: &str) -> String {
        let hash = ids::short("", &[said]);
        let nth = self.0.entry(hash.clone()).or_default();
        *nth += 1;
        ids::short("i-", &[&hash, &nth.to_string()])
    }
}

/// The event as one line of JSON, with an id.
pub fn line(draft: &mut Draft, names: &mut Names) -> anyhow::Result<String> {
    if draft.id.is_none() {
        draft.id = Some(names.name(&write(draft)?));
    }
    write(draft)
}

fn write(draft: &Draft) -> anyhow::Result<String> {
    // A CloudEvent may say nothing; a plain event has one of the two.
    let nothing = draft.content.is_none().then_some("{}");
    let attributes = draft.attributes.as_deref().or(nothing);
    let attributes = attributes.map(serde_json::from_str).transpose().context("attributes")?;
    let plain = Plain {
        id: draft.id.as_deref(),
        time: draft.time,
        project: draft.project.as_deref(),
        session: draft.session.as_deref(),
        agent: draft.agent.as_deref(),
        source: draft.source.as_deref(),
        r#type: draft.r#type.as_deref(),
        tool: draft.tool.as_deref(),
        content: draft.content.as_deref(),
        outcome: draft.outcome,
        files: &draft.files,
        tags: &draft.tags,
        duration_ms: draft.duration_ms,
        parent: draft.parent.as_deref(),
        attributes,
        traceparent: draft.traceparent.as_deref(),
    };
    serde_json::to_string(&plain).context("write the event")
}

#[cfg(test)]
mod tests {
    use athena_ingest::{Limits, decode};

    use super::*;

    #[test]
    fn nothing_is_lost_on_the_way() {
        let text = r#"{"id":"e-1","time":"2026-11-23T10:00:00Z","project":"shop","session":"s-7",
            "agent":"claude","source":"x","type":"tool_call","tool":"Bash","content":"cargo test",
            "outcome":"failure","files":["a.rs"],"tags":["ci"],"duration_ms":5321,"parent":"e-0",
            "attributes":{"exit_code":101},"traceparent":"00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
            "unknown":[1]}"#;
        let draft = decode::plain(text.as_bytes(), &Limits::default()).unwrap();
        let sent = line(&mut draft.clone(), &mut Names::default()).unwrap();
        assert_eq!(decode::plain(sent.as_bytes(), &Limits::default()).unwrap(), draft);
    }

    #[test]
    fn equal_lines_are_counted_and_named_the_same_again() {
        let names = |texts: &[&str]| -> Vec<String> {
            let mut names = Names::default();
            let name = |text: &&str| {
                let mut draft = Draft { content: Some((*text).to_owned()), ..Draft::default() };
                line(&mut draft, &mut names).unwrap();
                draft.id.unwrap()
            };
            texts.iter().map(name).collect()
        };
        let first = names(&["a", "b", "a"]);
        assert_ne!(first[0], first[2]);
        let longer = names(&["b", "a", "a", "c"]);
        assert_eq!((&longer[0], &longer[1], &longer[2]), (&first[1], &first[0], &first[2]));
    }
}
