//! `POST /v1/hooks/claude-code`: a hook's body, as it is. Where a session begins, where somebody asks for something, and
//! where a tool is about to be used that failed before, the answer has what to put into the agent's context. Where a
//! policy says something about a tool that is about to be used, it has the decision.

use std::sync::Arc;

use athena_ingest::Draft;
use athena_ingest::adapters::claude_code;
use athena_ingest::hooks::Moment;
use athena_ingest::safety::{Action, Verdict};
use athena_schemas::audit::VERDICT;
use athena_schemas::vocabulary::Origin;
use athena_schemas::{Error, Time};
use axum::Json;
use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use serde_json::{Map, Value, json};
use tracing::warn;

use super::events::answer;
use super::query::{Arguments, Said};
use super::{Failure, body, within};
use crate::events::{self, Given};
use crate::hooks_out::{CHAIN_HEADER, short};
use crate::moments::Warning;
use crate::safety::{self, Acting, Judged};
use crate::who::Caller;
use crate::{App, hooks_out, inject, moments};

/// The project is the one named, the token's only one, the one said for this server or by the client,
/// else that of the hook's working directory, which is looked up where client and server share a disk.
pub async fn claude_code(
    State(app): State<Arc<App>>,
    caller: Caller,
    Said(arguments): Said<Arguments>,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, Failure> {
    let body = body::read(&app, body).await?;
    let said =
        arguments.project.is_some() || caller.identity.only_project().is_some() || caller.project.is_some();
    let look_up = (!said && app.is_loopback()).then(|| app.project_of.clone());
    let limits = app.options.limits.clone();
    let given = body.clone();
    // Looking up the project asks git.
    let read = tokio::task::spawn_blocking(move || {
        let project_of = |directory: &str| look_up.as_ref().and_then(|look_up| look_up(directory));
        claude_code::hook(&body, &limits, &project_of)
    });
    let drafts = read.await.map_err(|error| Error::internal(format!("hook: {error}")))?;
    let mut drafts = drafts.map_err(Error::from)?;
    let happened = Happened::of(&drafts);
    let at = Project { app: &app, caller: &caller, named: arguments.project.as_deref() };
    at.sum_up(&mut drafts).await;
    let warnings = at.warns(happened.as_ref(), &drafts).await;
    let judged = at.judges(happened.as_ref(), &mut drafts, &given).await;
    let asked = happened.as_ref().filter(|happened| happened.moment == Moment::UserPrompt);
    let of = drafts.last().and_then(|draft| at.of(draft)).filter(|project| at.may_see(project));
    let elements = (0..).zip(drafts.into_iter().map(Ok)).collect();
    let given = Given { project: arguments.project.as_deref(), ..Given::default() };
    let chain = hooks_out::chain_of(headers.get(CHAIN_HEADER).and_then(|value| value.to_str().ok()));
    let appended = events::append(&app, &caller, Origin::Hook, elements, &given);
    let appended = hooks_out::led_by(chain.clone(), appended);
    // What is known bears on a prompt, not the prompt itself: nothing waits until that is found.
    let bears = async {
        match asked.zip(of) {
            Some((asked, project)) => Some(asked.tells(&app, &caller, &project, Vec::new()).await),
            None => None,
        }
    };
    let (bears, accepted) = tokio::join!(bears, within(app.options.request_timeout, appended));
    let accepted = accepted?;
    let Some(happened) = happened else { return Ok(answer(accepted)) };
    if accepted.accepted > 0 {
        let fire =
            async { hooks_out::fire(&app, happened.moment, &accepted.project, happened.facts.clone()) };
        hooks_out::led_by(chain, fire).await;
    }
    let told = match bears {
        Some(bears) => bears,
        None => happened.tells(&app, &caller, &accepted.project, warnings).await,
    };
    let told = told.unwrap_or_else(|error| {
        // What was recorded stays recorded, and the agent goes on without.
        warn!(%error, "nothing put into the context of a hook");
        None
    });
    let mut body = json!(accepted);
    if let (Some(context), Some(event)) = (told, happened.event_name()) {
        body["hookSpecificOutput"] = json!({"hookEventName": event, "additionalContext": context});
    }
    if let Some((judged, event)) = judged.zip(happened.event_name()) {
        let answer = &mut body["hookSpecificOutput"];
        answer["hookEventName"] = json!(event);
        answer["permissionDecision"] = json!(decision(judged.verdict));
        answer["permissionDecisionReason"] = json!(judged.reason);
    }
    let status = if accepted.pending { StatusCode::ACCEPTED } else { StatusCode::OK };
    Ok((status, Json(body)).into_response())
}

/// What Claude Code calls it.
fn decision(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Allowed => "allow",
        Verdict::Ask => "ask",
        Verdict::Denied => "deny",
    }
}

/// Where a hook's events go.
struct Project<'a> {
    app: &'a App,
    caller: &'a Caller,
    named: Option<&'a str>,
}

impl Project<'_> {
    fn of(&self, draft: &Draft) -> Option<String> {
        draft.project.clone().or_else(|| self.caller.project(self.named).ok())
    }

    /// Whether the caller may be told of a project at all.
    fn may_see(&self, project: &str) -> bool {
        self.caller.identity.must_see(project).is_ok()
    }

    /// Puts what a session was, in short, into the event that ends it.
    async fn sum_up(&self, drafts: &mut [Draft]) {
        for draft in drafts.iter_mut().filter(|draft| draft.r#type.as_deref() == Some("session_end")) {
            let (Some(project), Some(session)) = (self.of(draft), draft.session.clone()) else { continue };
            if !self.may_see(&project) {
                continue;
            }
            match moments::summary(self.app, &project, &session).await {
                Ok(summary) if !summary.text.is_empty() => {
                    let why = draft.content.take().unwrap_or_default();
                    draft.content = Some(format!("{why}\n{}", summary.text).trim().to_owned());
                }
                Ok(_) => {}
                Err(error) => warn!(%error, session, "a session ends without its summary"),
            }
        }
    }

    /// Warnings about the tool that is about to be used.
    async fn warns(&self, happened: Option<&Happened>, drafts: &[Draft]) -> Vec<Warning> {
        let before = happened.is_some_and(|happened| happened.moment == Moment::PreTool);
        let Some(draft) = drafts.first().filter(|_| before) else { return Vec::new() };
        let (Some(project), Some(tool)) = (self.of(draft), draft.tool.as_deref()) else { return Vec::new() };
        if !self.may_see(&project) {
            return Vec::new();
        }
        let input = draft.content.as_deref().unwrap_or_default();
        moments::warnings(self.app, &project, tool, input).await.unwrap_or_else(|error| {
            warn!(%error, tool, "no warnings before a tool");
            Vec::new()
        })
    }

    /// What the policies say of the tool that is about to be used, which is recorded with it; `None` where they say
    /// nothing. The input is asked about as it came, whatever of it is kept.
    async fn judges(&self, happened: Option<&Happened>, drafts: &mut [Draft], body: &[u8]) -> Option<Judged> {
        happened.filter(|happened| happened.moment == Moment::PreTool)?;
        let draft = drafts.first_mut()?;
        let project = self.of(draft).filter(|project| self.may_see(project))?;
        let input =
            serde_json::from_slice::<Value>(body).ok()?.get("tool_input").cloned().unwrap_or_default();
        let action = Action { tool: draft.tool.clone()?, input };
        let acting = Acting { agent: draft.agent.as_deref(), session: draft.session.as_deref() };
        let judged = safety::judge(self.app, &project, &action, acting, Time::now()).await;
        let judged = judged.unwrap_or_else(|error| {
            warn!(%error, tool = action.tool, "no verdict before a tool");
            Judged::unknown(&error)
        });
        let verdict = judged.recorded()?;
        let attributes = draft.attributes.as_deref().and_then(|text| serde_json::from_str(text).ok());
        let mut attributes: Map<String, Value> = attributes.unwrap_or_default();
        attributes.insert(VERDICT.to_owned(), verdict);
        draft.attributes = Some(Value::Object(attributes).to_string());
        Some(judged)
    }
}

/// A moment of an agent's run, with what its hooks are told.
struct Happened {
    moment: Moment,
    session: String,
    facts: Map<String, Value>,
}

impl Happened {
    fn of(drafts: &[Draft]) -> Option<Self> {
        let draft = drafts.last()?;
        let session = draft.session.clone()?;
        let content = draft.content.as_deref();
        let (moment, own) = match (draft.r#type.as_deref()?, draft.agent.as_deref()) {
            ("session_start", _) => (Moment::SessionStart, json!({})),
            ("session_end", _) => (Moment::SessionEnd, json!({})),
            ("message", Some("user")) => (Moment::UserPrompt, json!({"prompt": content?})),
            ("tool_call", _) => (Moment::PreTool, json!({"input": content})),
            ("tool_result", _) => {
                let call = drafts.iter().find(|draft| draft.r#type.as_deref() == Some("tool_call"));
                let input = call.and_then(|call| call.content.as_deref());
                (Moment::PostTool, json!({"input": input, "output": content, "outcome": draft.outcome}))
            }
            _ => return None,
        };
        let attributes: Option<Value> =
            draft.attributes.as_deref().and_then(|text| serde_json::from_str(text).ok());
        let cwd = attributes.and_then(|all| all.get("cwd").cloned());
        let mut facts = json!({"session": session, "agent": draft.agent, "event": draft.id, "tool": draft.tool,
                               "time": athena_schemas::Time::now(), "cwd": cwd});
        for (name, value) in own.as_object().into_iter().flatten() {
            facts[name] = short(value.clone());
        }
        let Value::Object(facts) = facts else { return None };
        Some(Self { moment, session, facts })
    }

    /// What Claude Code calls it, where it takes an answer into the context.
    fn event_name(&self) -> Option<&'static str> {
        match self.moment {
            Moment::SessionStart => Some("SessionStart"),
            Moment::UserPrompt => Some("UserPromptSubmit"),
            Moment::PreTool => Some("PreToolUse"),
            Moment::PostTool | Moment::SessionEnd => None,
        }
    }

    async fn tells(
        &self,
        app: &App,
        caller: &Caller,
        project: &str,
        warnings: Vec<Warning>,
    ) -> Result<Option<String>, Error> {
        let injected = match self.moment {
            Moment::SessionStart => {
                let cwd = self.facts.get("cwd").and_then(Value::as_str);
                inject::at_start(app, project, &self.session, cwd).await?
            }
            Moment::UserPrompt => {
                let text = self.facts.get("prompt").and_then(Value::as_str).unwrap_or_default();
                let injected = inject::for_prompt(app, project, &self.session, text, Vec::new()).await?;
                inject::note(app, caller, (project, &self.session), text, &injected.items);
                injected
            }
            Moment::PreTool => return Ok(inject::of_warnings(&warnings)),
            Moment::PostTool | Moment::SessionEnd => return Ok(None),
        };
        Ok(injected.context)
    }
}
