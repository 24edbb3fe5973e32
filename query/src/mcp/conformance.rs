//! What the official conformance suite calls besides what every server has: tools, resources and prompts of
//! fixed names. They are there only where `mcp.conformance` is set, and then beside Athena's own.
//!
//! `conformance.json` says of each what it logs, how far it says it is, what it asks the client, and what it
//! answers. A round of `rounds` is a result that asks (revision 2026-07-28); `ask` is a request of the server
//! (those before). A state is sealed, so that one that a client changed is refused.

use std::collections::BTreeMap;
use std::sync::OnceLock;
use std::time::Duration;

use rmcp::model::{
    CallToolRequestParams, CallToolResponse, CallToolResult, ClientCapabilities, ContentBlock, ErrorData,
    GetPromptRequestParams, GetPromptResponse, GetPromptResult, InputRequest, InputRequiredResult,
    InputResponses, JsonObject, Prompt, ReadResourceResult, Resource, ResourceContents, ResourceTemplate,
    ServerNotification, ServerRequest, Tool,
};
use rmcp::service::{RequestContext, RoleServer};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

/// Between two notifications of a tool.
const PAUSE: Duration = Duration::from_millis(20);
/// The first revision in which servers send no requests.
const STATELESS: &str = "2026-07-28";

#[derive(Deserialize)]
struct Fixture {
    tools: Vec<FixedTool>,
    resources: Vec<FixedResource>,
    templates: Vec<ResourceTemplate>,
    prompts: Vec<FixedPrompt>,
    completions: Vec<String>,
}

#[derive(Deserialize)]
struct FixedTool {
    tool: Tool,
    #[serde(default)]
    log: Vec<String>,
    #[serde(default)]
    progress: Vec<f64>,
    ask: Option<Value>,
    #[serde(flatten)]
    rounds: Rounds,
    result: Value,
}

#[derive(Deserialize)]
struct FixedResource {
    resource: Resource,
    contents: Vec<ResourceContents>,
}

#[derive(Deserialize)]
struct FixedPrompt {
    prompt: Prompt,
    #[serde(flatten)]
    rounds: Rounds,
    result: Value,
}

/// What is asked of the client, one map a time.
#[derive(Deserialize)]
struct Rounds {
    #[serde(default)]
    rounds: Vec<BTreeMap<String, Value>>,
    /// Whether the client is given a state to hand back.
    #[serde(default)]
    sealed: bool,
}

fn fixture() -> &'static Fixture {
    static FIXTURE: OnceLock<Fixture> = OnceLock::new();
    FIXTURE.get_or_init(|| {
        serde_json::from_str(include_str!("conformance.json")).expect("a test reads what is compiled in")
    })
}

pub fn tools() -> impl Iterator<Item = Tool> {
    fixture().tools.iter().map(|one| one.tool.clone())
}

pub fn resources() -> impl Iterator<Item = Resource> {
    fixture().resources.iter().map(|one| one.resource.clone())
}

pub fn templates() -> impl Iterator<Item = ResourceTemplate> {
    fixture().templates.iter().cloned()
}

pub fn prompts() -> impl Iterator<Item = Prompt> {
    fixture().prompts.iter().map(|one| one.prompt.clone())
}

pub fn completions(prefix: &str) -> Vec<String> {
    fixture().completions.iter().filter(|word| word.starts_with(prefix)).cloned().collect()
}

/// A call of one of its tools; `None` where it has no such tool.
pub async fn call(
    request: &CallToolRequestParams,
    context: &RequestContext<RoleServer>,
) -> Option<Result<CallToolResponse, ErrorData>> {
    let tool = fixture().tools.iter().find(|one| one.tool.name == request.name)?;
    Some(called(tool, request, context).await)
}

async fn called(
    tool: &FixedTool,
    request: &CallToolRequestParams,
    context: &RequestContext<RoleServer>,
) -> Result<CallToolResponse, ErrorData> {
    tell(tool, context).await;
    let answers = request.input_responses.as_ref();
    if let Some(asks) = tool.rounds.next(&request.name, answers, request.request_state.as_deref(), context)? {
        return Ok(asks.into());
    }
    let mut result: CallToolResult = complete(&tool.result)?;
    if let Some(asked) = &tool.ask {
        let mut asked = asked.clone();
        for (_, words) in request.arguments.iter().flatten() {
            // The one argument is what to ask.
            let place = if asked["params"]["messages"].is_array() {
                "/params/messages/0/content/text"
            } else {
                "/params/message"
            };
            asked.pointer_mut(place).into_iter().for_each(|place| *place = words.clone());
        }
        let answer = context.peer.send_request(read::<ServerRequest>(&asked)?).await;
        let answer = answer.map_err(|error| ErrorData::internal_error(error.to_string(), None))?;
        result.content.push(ContentBlock::text(json!(answer).to_string()));
    }
    if let Some(answers) = answers {
        result.content.push(ContentBlock::text(json!(answers).to_string()));
    }
    Ok(result.into())
}

/// Its messages and steps, as far as the client wants them.
async fn tell(tool: &FixedTool, context: &RequestContext<RoleServer>) {
    let asked = context.meta.get("io.modelcontextprotocol/logLevel").is_some();
    let mut told: Vec<Value> = Vec::new();
    if asked || !is_stateless(context) {
        let message = |data: &String| json!({"method": "notifications/message", "params": {"level": "info", "data": data}});
        told.extend(tool.log.iter().map(message));
    }
    if let Some(token) = context.meta.get_progress_token() {
        let step = |progress: &f64| {
            json!({"method": "notifications/progress",
                   "params": {"progressToken": token, "progress": progress, "total": 100}})
        };
        told.extend(tool.progress.iter().map(step));
    }
    for notification in told {
        if let Ok(notification) = read::<ServerNotification>(&notification) {
            // Whoever has gone away hears nothing.
            let _ = context.peer.send_notification(notification).await;
            tokio::time::sleep(PAUSE).await;
        }
    }
}

fn is_stateless(context: &RequestContext<RoleServer>) -> bool {
    context.protocol_version().is_some_and(|version| version.as_str() >= STATELESS)
}

/// One of its resources, or what its template makes of an address.
pub fn resource(uri: &str) -> Option<ReadResourceResult> {
    if let Some(found) = fixture().resources.iter().find(|one| one.resource.uri == uri) {
        return Some(ReadResourceResult::new(found.contents.clone()));
    }
    let id = uri.strip_prefix("test://template/")?.strip_suffix("/data")?;
    let text = json!({"id": id, "templateTest": true, "data": format!("Data for ID: {id}")}).to_string();
    let contents = ResourceContents::text(text, uri).with_mime_type("application/json");
    Some(ReadResourceResult::new(vec![contents]))
}

/// One of its prompts, with its arguments put in.
pub fn prompt(
    request: &GetPromptRequestParams,
    context: &RequestContext<RoleServer>,
) -> Option<Result<GetPromptResponse, ErrorData>> {
    let prompt = fixture().prompts.iter().find(|one| one.prompt.name == request.name)?;
    let (answers, state) = (request.input_responses.as_ref(), request.request_state.as_deref());
    let asks = match prompt.rounds.next(&request.name, answers, state, context) {
        Ok(asks) => asks,
        Err(error) => return Some(Err(error)),
    };
    Some(match asks {
        Some(asks) => Ok(asks.into()),
        None => {
            complete::<GetPromptResult>(&filled(&prompt.result, request.arguments.as_ref())).map(Into::into)
        }
    })
}

/// The value with `{NAME}` in its texts replaced.
fn filled(value: &Value, arguments: Option<&JsonObject>) -> Value {
    match value {
        Value::String(text) => {
            let text = arguments.into_iter().flatten().fold(text.clone(), |text, (name, words)| {
                text.replace(&format!("{{{name}}}"), words.as_str().unwrap_or_default())
            });
            Value::String(text)
        }
        Value::Array(items) => items.iter().map(|item| filled(item, arguments)).collect(),
        Value::Object(members) => {
            let member = |(name, member): (&String, &Value)| (name.clone(), filled(member, arguments));
            Value::Object(members.iter().map(member).collect())
        }
        other => other.clone(),
    }
}

impl Rounds {
    /// What is still to be asked; `None` when all of it is answered.
    ///
    /// # Errors
    /// A state that was changed; a client that can answer none of it.
    fn next(
        &self,
        name: &str,
        answers: Option<&InputResponses>,
        state: Option<&str>,
        context: &RequestContext<RoleServer>,
    ) -> Result<Option<InputRequiredResult>, ErrorData> {
        let Some(first) = self.rounds.first() else { return Ok(None) };
        let at = match state.filter(|_| self.sealed) {
            Some(state) => opened(name, state).ok_or_else(|| {
                ErrorData::invalid_params("the state is not one that this server gave", None)
            })?,
            None => 0,
        };
        let asked = self.rounds.get(at).unwrap_or(first);
        let has = |key: &String| answers.and_then(|answers| answers.get(key)).is_some_and(Value::is_object);
        let is_answered = state.is_some() >= self.sealed
            && asked.keys().any(&has)
            && asked.iter().all(|(key, request)| has(key) || !can(context, request));
        let next = if is_answered { at + 1 } else { at };
        let Some(requests) = self.rounds.get(next) else { return Ok(None) };
        let mut wanted = BTreeMap::new();
        for (key, request) in requests.iter().filter(|(_, request)| can(context, request)) {
            wanted.insert(key.clone(), read::<InputRequest>(request)?);
        }
        if wanted.is_empty() {
            let needed = requests.values().next().and_then(capability).unwrap_or_default();
            return Err(ErrorData::missing_required_client_capability(needed));
        }
        Ok(Some(InputRequiredResult::new(Some(wanted), self.sealed.then(|| sealed(name, next)))))
    }
}

/// Whether the client says that it answers such requests.
fn can(context: &RequestContext<RoleServer>, request: &Value) -> bool {
    let declared = json!(context.client_capabilities());
    kind(request).is_some_and(|kind| declared.get(kind).is_some_and(|one| !one.is_null()))
}

fn kind(request: &Value) -> Option<&str> {
    request.get("method")?.as_str()?.split('/').next()
}

fn capability(request: &Value) -> Option<ClientCapabilities> {
    read(&json!({ kind(request)?: {} })).ok()
}

/// The number of a round, which only this process can have written.
fn sealed(name: &str, round: usize) -> String {
    static KEY: OnceLock<[u8; 32]> = OnceLock::new();
    let mac = blake3::keyed_hash(KEY.get_or_init(rand::random), format!("{name} {round}").as_bytes());
    format!("{round}.{}", mac.to_hex())
}

fn opened(name: &str, state: &str) -> Option<usize> {
    let round = state.split_once('.')?.0.parse().ok()?;
    (sealed(name, round) == state).then_some(round)
}

/// A result after which nothing is asked.
fn complete<T: DeserializeOwned>(value: &Value) -> Result<T, ErrorData> {
    let mut value = value.clone();
    value["resultType"] = "complete".into();
    read(&value)
}

fn read<T: DeserializeOwned>(value: &Value) -> Result<T, ErrorData> {
    serde_json::from_value(value.clone())
        .map_err(|error| ErrorData::internal_error(format!("conformance.json: {error}"), None))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_compiled_in_can_be_read() {
        assert!(tools().count() > 20);
        for tool in &fixture().tools {
            assert!(read::<CallToolResult>(&tool.result).is_ok(), "{}", tool.tool.name);
            assert!(tool.ask.as_ref().is_none_or(|ask| read::<ServerRequest>(ask).is_ok()));
            for request in tool.rounds.rounds.iter().flat_map(BTreeMap::values) {
                assert!(read::<InputRequest>(request).is_ok(), "{request}");
            }
        }
        for prompt in &fixture().prompts {
            assert!(read::<GetPromptResult>(&prompt.result).is_ok(), "{}", prompt.prompt.name);
        }
    }

    #[test]
    fn states_are_sealed_each_for_itself() {
        let state = sealed("a", 1);
        assert_eq!(opened("a", &state), Some(1));
        assert_eq!(
            (opened("b", &state), opened("a", "1.00"), opened("a", &state.replacen('1', "2", 1))),
            (None, None, None)
        );
    }
}
