//! What is put into an agent's context unasked: little, and only what bears on the moment.
//!
//! It is wrapped in `<athena-memory>`, which the adapters take out of what comes back, so that Athena never takes its
//! own words for evidence.

use athena_schemas::Error;
use athena_schemas::wire::{Hit, Kind};
use athena_store::Scope;
use serde_json::{Value, json};

use crate::automation::{Injection, SESSION_START, USER_PROMPT, injections};
use crate::moments::Warning;
use crate::operations::standing;
use crate::recall::{self, Cutoff, Recall};
use crate::text::Filter;
use crate::who::Caller;
use crate::{App, accesses, answer};

/// Bytes of an injected text: 600 tokens.
const BYTES: usize = 1_800;
/// Things injected for a prompt.
const ITEMS: usize = 5;
/// Characters of a prompt that are searched with.
const PROMPT_CHARS: usize = 2_000;

pub struct Injected {
    /// `None` when there is nothing to say.
    pub context: Option<String>,
    pub items: Vec<Hit>,
}

/// What bears on a prompt: memories, and what was said in other sessions.
///
/// # Errors
/// An index that cannot be read.
pub async fn for_prompt(
    app: &App,
    project: &str,
    session: &str,
    prompt: &str,
    scope: Vec<String>,
) -> Result<Injected, Error> {
    let query: String = prompt.chars().take(PROMPT_CHARS).collect();
    let asked = Recall {
        filter: Filter::within(Scope::Projects(vec![project.to_owned()])),
        places: scope,
        kinds: vec![Kind::Memory, Kind::Event],
        known: Some(session.to_owned()),
        limit: ITEMS,
        cutoff: Cutoff::Auto,
        explain: false,
        query: query.clone(),
    };
    let more = json!({"session": session, "project": project, "agent": "user"});
    let said = injections(app, project, USER_PROMPT, prompt, more);
    let (found, said) = tokio::join!(recall::recall(app, asked, None), said);
    let found = found?;
    let context = joined(of_triggers(&said), wrapped(json!({"items": found.items}), &query));
    Ok(Injected { context, items: found.items })
}

/// Tells what was put into a context for a prompt.
pub fn note(app: &App, caller: &Caller, (project, session): (&str, &str), prompt: &str, items: &[Hit]) {
    let asked = accesses::Asked {
        operation: "hooks.user_prompt",
        query: prompt,
        projects: &[project.to_owned()],
        session: Some(session),
        agent: None,
        actor: &caller.identity.name,
    };
    accesses::note(app, &asked, items);
}

/// What a session begins with: what is remembered, and where the project's newest other session stopped.
///
/// # Errors
/// An index that cannot be read.
pub async fn at_start(app: &App, project: &str, session: &str, cwd: Option<&str>) -> Result<Injected, Error> {
    let more = json!({"session": session, "project": project, "cwd": cwd});
    let said = injections(app, project, SESSION_START, "", more);
    let (standing, said) = tokio::join!(standing(app, project, Some(session)), said);
    let context = standing?.and_then(|standing| wrapped(standing, ""));
    Ok(Injected { context: joined(of_triggers(&said), context), items: Vec::new() })
}

/// What triggers say.
fn of_triggers(said: &[Injection]) -> Option<String> {
    let ids = said.iter().map(|one| one.id.as_str()).collect::<Vec<_>>().join(" ");
    let lines: Vec<String> = said.iter().map(|one| format!("[{}] {}", one.id, one.text)).collect();
    (!said.is_empty())
        .then(|| format!("<athena-memory ids=\"{ids}\">\n{}\n</athena-memory>", lines.join("\n")))
}

fn joined(one: Option<String>, other: Option<String>) -> Option<String> {
    match (one, other) {
        (Some(one), Some(other)) => Some(format!("{one}\n{other}")),
        (one, other) => one.or(other),
    }
}

/// What went wrong before with what is about to be done.
pub fn of_warnings(warnings: &[Warning]) -> Option<String> {
    let ids = warnings.iter().flat_map(|warning| &warning.ids).map(String::as_str).collect::<Vec<_>>();
    let lines: Vec<&str> = warnings.iter().map(|warning| warning.text.as_str()).collect();
    let text = lines.join("\n");
    let text = &text[..text.floor_char_boundary(BYTES)];
    (!lines.is_empty())
        .then(|| format!("<athena-memory ids=\"{}\">\n{text}\n</athena-memory>", ids.join(" ")))
}

/// `None` of what has no items and says nothing else.
fn wrapped(value: Value, query: &str) -> Option<String> {
    let (text, value) = answer::bounded(value, query, BYTES);
    let said = value.as_object()?.values().any(|part| match part {
        Value::Array(all) => !all.is_empty(),
        Value::Null => false,
        _ => true,
    });
    let mut ids = Vec::new();
    name_all(&value, &mut ids);
    said.then(|| format!("<athena-memory ids=\"{}\">\n{text}\n</athena-memory>", ids.join(" ")))
}

fn name_all(value: &Value, ids: &mut Vec<String>) {
    match value {
        Value::Array(all) => all.iter().for_each(|one| name_all(one, ids)),
        Value::Object(fields) => {
            ids.extend(fields.get("id").and_then(Value::as_str).map(str::to_owned));
            fields.values().for_each(|one| name_all(one, ids));
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_injected_names_what_it_is_made_of() {
        let items = json!({"items": [{"id": "m-1", "content": "deploy on Tuesdays"}]});
        let text = "<athena-memory ids=\"m-1\">\n[m-1] deploy on Tuesdays\n</athena-memory>";
        assert_eq!(wrapped(items, "").as_deref(), Some(text));
        assert_eq!(wrapped(json!({"items": []}), ""), None);
    }
}
