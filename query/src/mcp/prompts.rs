//! Prompts: what a person picks from a menu.

use std::sync::Arc;

use athena_schemas::{Error, wire::Kind};
use rmcp::model::{GetPromptResult, JsonObject, Prompt, PromptArgument, PromptMessage, Role};
use serde_json::{Value, json};

use crate::App;
use crate::answer;
use crate::who::Caller;

/// Bytes of memory in a prompt.
const BYTES: usize = 6_000;

/// The prompts there are.
pub fn all() -> Vec<Prompt> {
    let argument = |name: &str, description: &str, required| {
        PromptArgument::new(name).with_description(description).with_required(required)
    };
    let project = || argument("project", "The project; this client's when not said.", false);
    vec![
        Prompt::new(
            "resume",
            Some("Go on where a session stopped: its goal, what was done last, what failed."),
            Some(vec![argument("session", "The session; the newest when not said.", false), project()]),
        ),
        Prompt::new(
            "recall",
            Some("Answer a question from what is remembered, with the ids it rests on."),
            Some(vec![argument("question", "The question.", true), project()]),
        ),
        Prompt::new(
            "remember",
            Some("Look back on this conversation, and remember what will matter again."),
            Some(vec![project()]),
        ),
    ]
}

/// A prompt with what the memory has for it.
///
/// # Errors
/// `not_found`; an argument that is missing; what its operation says.
pub async fn get(
    app: &Arc<App>,
    caller: &Caller,
    name: &str,
    given: &JsonObject,
) -> Result<GetPromptResult, Error> {
    let text = |name: &str| given.get(name).and_then(Value::as_str).filter(|text| !text.is_empty());
    let message = match name {
        "resume" => {
            let arguments = json!({"session": text("session"), "project": text("project")});
            let found = asked(app, caller, ("sessions", "resume"), arguments, "").await?;
            format!("Go on with this work. This is where it stands, from Athena:\n\n{found}")
        }
        "recall" => {
            let question =
                text("question").ok_or_else(|| Error::invalid("question", "`question` is missing"))?;
            let arguments =
                json!({"query": question, "project": text("project"), "kinds": [Kind::Memory, Kind::Event]});
            let found = asked(app, caller, ("memories", "recall"), arguments, question).await?;
            format!(
                "{question}\n\nAnswer from what is remembered, and name the ids that the answer rests on. Where \
                 nothing here answers, say so.\n\n{found}"
            )
        }
        "remember" => {
            let project = text("project").map(|project| format!(" in project {project}")).unwrap_or_default();
            format!(
                "Look back on this conversation. Remember with Athena's `remember`{project}, one call each, what will \
                 matter in a later session: facts that were hard to find, decisions with their reasons, preferences, \
                 patterns that worked. Not what the code or the files say themselves. Recall first, and supersede what \
                 no longer holds."
            )
        }
        _ => return Err(Error::not_found(format!("there is no prompt {name:?}"))),
    };
    Ok(GetPromptResult::new(vec![PromptMessage::new_text(Role::User, message)]))
}

async fn asked(
    app: &Arc<App>,
    caller: &Caller,
    (tool, operation): (&str, &str),
    arguments: Value,
    query: &str,
) -> Result<String, Error> {
    let value = app.registry.find(tool, operation)?.call(app, caller, arguments).await?;
    Ok(answer::bounded(value, query, BYTES).0)
}
