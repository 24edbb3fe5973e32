//! Records that Athena itself produces: a draft as a plain event, and back without loss.

use athena_schemas::Time;
use athena_schemas::vocabulary::Outcome;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use crate::{Draft, Reject};

/// The plain event of CONTRACT.md, with all fields said.
#[derive(Serialize, Deserialize)]
struct Plain<'a> {
    id: String,
    time: Option<Time>,
    project: Option<String>,
    session: Option<String>,
    agent: Option<String>,
    source: Option<String>,
    r#type: Option<String>,
    tool: Option<String>,
    content: Option<String>,
    outcome: Option<String>,
    files: Vec<String>,
    tags: Vec<String>,
    duration_ms: Option<i64>,
    parent: Option<String>,
    #[serde(borrow)]
    attributes: Option<&'a RawValue>,
    traceparent: Option<String>,
}

/// The record's value. `id` names the draft where it named none, so that a producer's retry is known.
pub fn encode(draft: &Draft, id: &str) -> Result<Vec<u8>, serde_json::Error> {
    let attributes = draft.attributes.as_deref().map(serde_json::from_str).transpose()?;
    serde_json::to_vec(&Plain {
        id: draft.id.clone().unwrap_or_else(|| id.to_owned()),
        time: draft.time,
        project: draft.project.clone(),
        session: draft.session.clone(),
        agent: draft.agent.clone(),
        source: draft.source.clone(),
        r#type: draft.r#type.clone(),
        tool: draft.tool.clone(),
        content: draft.content.clone(),
        outcome: draft.outcome.map(str::to_owned),
        files: draft.files.clone(),
        tags: draft.tags.clone(),
        duration_ms: draft.duration_ms,
        parent: draft.parent.clone(),
        attributes,
        traceparent: draft.traceparent.clone(),
    })
}

pub fn decode(payload: &[u8]) -> Result<Draft, Reject> {
    let plain: Plain<'_> = serde_json::from_slice(payload)
        .map_err(|e| Reject::new("", format!("not an event of Athena's: {e}")))?;
    Ok(Draft {
        id: Some(plain.id),
        time: plain.time,
        project: plain.project,
        session: plain.session,
        agent: plain.agent,
        source: plain.source,
        r#type: plain.r#type,
        tool: plain.tool,
        content: plain.content,
        outcome: plain.outcome.as_deref().and_then(Outcome::parse),
        files: plain.files,
        tags: plain.tags,
        duration_ms: plain.duration_ms,
        parent: plain.parent,
        attributes: plain.attributes.map(|raw| raw.get().to_owned()),
        traceparent: plain.traceparent,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_lost_on_the_way() {
        let draft = Draft {
            id: Some("e".into()),
            time: Time::parse("2026-11-23T10:00:00.000001Z"),
            project: Some("p".into()),
            r#type: Some("athena.memories.remember".into()),
            outcome: Some("failure"),
            files: vec!["a \"quoted\" path".into()],
            attributes: Some(r#"{"n":1.50,"big":12345678901234567890}"#.into()),
            ..Draft::default()
        };
        assert_eq!(decode(&encode(&draft, "unused").unwrap()).unwrap(), draft);
        let unnamed = Draft { id: None, ..draft };
        assert_eq!(decode(&encode(&unnamed, "made").unwrap()).unwrap().id.as_deref(), Some("made"));
    }
}
