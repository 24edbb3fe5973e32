//! MCP: the registry as tools, rows as resources, and a few prompts.
//!
//! ```text
//! POST /mcp?tools=… ─▶ door: who asks, is it a message ─▶ rmcp: revisions, sessions, streams ─▶ Face ─▶ registry
//! athena mcp ─▶ the same, over loopback
//! ```

mod conformance;
mod door;
mod listing;
mod message;
mod prompts;
mod resources;

use std::sync::Arc;
use std::time::Duration;

use athena_schemas::{Code, Error};
use axum::http::request::Parts;
use rmcp::handler::server::ServerHandler;
use rmcp::model::{
    CallToolRequestParams, CallToolResponse, CallToolResult, CompleteRequestMethod, CompleteRequestParams,
    CompleteResult, CompletionInfo, ContentBlock, ErrorData, GetPromptRequestParams, GetPromptResponse,
    Implementation, ListPromptsResult, ListResourceTemplatesResult, ListResourcesResult, ListToolsResult,
    PaginatedRequestParams, ProgressNotificationParam, ReadResourceRequestParams, ReadResourceResponse,
    ServerCapabilities, ServerConfig, SetLevelRequestMethod, SubscribeRequestMethod, SubscribeRequestParams,
    UnsubscribeRequestMethod, UnsubscribeRequestParams,
};
use rmcp::service::{RequestContext, RoleServer};
use rmcp::transport::streamable_http_server::session::local::LocalSessionManager;
use rmcp::transport::streamable_http_server::{StreamableHttpServerConfig, StreamableHttpService};
use serde_json::{Map, Value, json};
use tokio_util::sync::CancellationToken;

use crate::App;
use crate::answer;
use crate::registry::Registry;
use crate::who::Caller;
use listing::{Definitions, Listing};

pub use door::admit;

/// What a client that asks for progress hears, while a call takes longer.
const PROGRESS: Duration = Duration::from_secs(1);

const INSTRUCTIONS: &str = "Athena remembers for agents: what happened (events), and what they were told to \
remember (memories). Recall before you begin, remember what will matter again, resume where a session stopped. Every \
operation also takes `project` (without it, this client's), `session` and `agent` (whose it is), `after` (a `position` \
from an earlier answer that must be seen), and writes `event_id`, under which a call that is repeated is done once. \
`limit` and `k` bound how many; times are RFC 3339 or ages such as `2h`; `max_tokens` (1,500 when not said) bounds an \
answer. `degraded` says what an answer lacks.";

/// Whether `words`, with commas between them, are `all`, `core` or names of tools.
///
/// # Errors
/// `invalid_argument`: the first that is none, with the nearest that is one.
pub fn check_tools(words: &str, registry: &Registry) -> Result<(), Error> {
    Listing::of(words, registry).map(drop)
}

/// The service behind `/mcp`.
pub type Service = StreamableHttpService<Face, LocalSessionManager>;

/// Both ways of speaking: with sessions, as revisions before 2026-07-28 do, and without.
pub fn service(app: &Arc<App>, stop: &CancellationToken) -> Service {
    let definitions = Arc::new(Definitions::of(&app.registry));
    let face = Face { app: app.clone(), definitions };
    let config = StreamableHttpServerConfig::default()
        // Who may ask from where is decided before, by the same rules as for every route.
        .disable_allowed_hosts()
        .with_cancellation_token(stop.child_token())
        .with_max_request_body_bytes(app.options.request_bytes);
    StreamableHttpService::new(move || Ok(face.clone()), LocalSessionManager::default().into(), config)
}

/// One server's memory, as MCP shows it.
#[derive(Clone)]
pub struct Face {
    app: Arc<App>,
    definitions: Arc<Definitions>,
}

impl Face {
    /// Whether what the conformance suite calls is served too.
    fn conforms(&self) -> bool {
        self.app.options.conformance
    }

    fn asked(&self, context: &RequestContext<RoleServer>) -> Result<(Caller, Listing), ErrorData> {
        let parts = context.extensions.get::<Parts>();
        let caller = parts.and_then(|parts| parts.extensions.get::<Caller>()).cloned();
        let caller = caller.ok_or_else(|| ErrorData::internal_error("nobody asks", None))?;
        let query = parts.and_then(|parts| parts.uri.query()).unwrap_or_default();
        let listing = Listing::parse(query, &self.app.registry);
        Ok((caller, listing.map_err(protocol)?))
    }

    /// Calls what `request` names, and tells how long it takes until it is done or cancelled.
    async fn called(
        &self,
        request: CallToolRequestParams,
        context: &RequestContext<RoleServer>,
    ) -> Result<CallToolResult, ErrorData> {
        let (caller, listing) = self.asked(context)?;
        let mut arguments = request.arguments.unwrap_or_default();
        let most = match answer::budget(&mut arguments) {
            Ok(most) => most,
            Err(error) => return Ok(failed(&error)),
        };
        let target = listing.target(&self.app.registry, &request.name, arguments);
        let target = match target.map_err(|refused| refused.into_result())? {
            Ok(target) => target,
            Err(error) => return Ok(failed(&error)),
        };
        let query = target.arguments.get("query").and_then(Value::as_str).unwrap_or_default().to_owned();
        let call = target.entry.call(&self.app, &caller, Value::Object(target.arguments));
        let called = tokio::time::timeout(self.app.options.request_timeout, call);
        tokio::pin!(called);
        let token = context.meta.get_progress_token();
        let mut seconds = 0.0;
        let done = loop {
            tokio::select! {
                done = &mut called => break done,
                () = context.ct.cancelled() => return Err(ErrorData::internal_error("the call was cancelled", None)),
                () = tokio::time::sleep(PROGRESS) => {
                    seconds += PROGRESS.as_secs_f64();
                    if let Some(progress_token) = token.clone() {
                        let mut progress = ProgressNotificationParam::new(progress_token, seconds);
                        progress.message = Some(format!("{seconds} s"));
                        // Whoever has gone away hears nothing.
                        let _ = context.peer.notify_progress(progress).await;
                    }
                }
            }
        };
        Ok(match done {
            Ok(Ok(value)) => {
                let (text, value) = answer::bounded(value, &query, most);
                let mut result = CallToolResult::success(vec![ContentBlock::text(text)]);
                result.structured_content = Some(value);
                result
            }
            Ok(Err(error)) => failed(&error),
            Err(_) => failed(
                &Error::unavailable("no answer in time; a write may be durable all the same")
                    .hint("call it again with the same event_id: nothing is written twice"),
            ),
        })
    }
}

/// An error that a model reads.
fn failed(error: &Error) -> CallToolResult {
    let mut result = CallToolResult::error(vec![ContentBlock::text(answer::error(error))]);
    result.structured_content = Some(json!({ "error": error }));
    result
}

/// Refuses a cursor of what is listed whole.
fn one_page(request: Option<PaginatedRequestParams>) -> Result<(), ErrorData> {
    match request.and_then(|request| request.cursor) {
        Some(cursor) => Err(ErrorData::invalid_params(format!("cursor: no list gave {cursor:?}"), None)),
        None => Ok(()),
    }
}

/// An error of the protocol, which programs read.
fn protocol(error: Error) -> ErrorData {
    let (message, data) = (answer::error(&error), Some(json!(error)));
    match error.code {
        Code::NotFound | Code::InvalidArgument => ErrorData::invalid_params(message, data),
        _ => ErrorData::internal_error(message, data),
    }
}

// Logging and subscriptions are of revisions before 2026-07-28, whose clients are served too.
#[allow(deprecated)]
impl ServerHandler for Face {
    fn get_info(&self) -> ServerConfig {
        let own = ServerCapabilities::builder().enable_tools().enable_resources().enable_prompts();
        let capabilities = match self.conforms() {
            true => own.enable_completions().enable_logging().build(),
            false => own.build(),
        };
        let server = Implementation::new("athena", env!("CARGO_PKG_VERSION")).with_title("Athena");
        ServerConfig::new(capabilities).with_instructions(INSTRUCTIONS).with_server_info(server)
    }

    async fn list_tools(
        &self,
        request: Option<PaginatedRequestParams>,
        context: RequestContext<RoleServer>,
    ) -> Result<ListToolsResult, ErrorData> {
        one_page(request)?;
        let (_, listing) = self.asked(&context)?;
        let mut tools = listing.tools(&self.definitions);
        tools.extend(conformance::tools().filter(|_| self.conforms()));
        Ok(ListToolsResult::with_all_items(tools))
    }

    async fn call_tool(
        &self,
        request: CallToolRequestParams,
        context: RequestContext<RoleServer>,
    ) -> Result<CallToolResponse, ErrorData> {
        if self.conforms()
            && let Some(done) = conformance::call(&request, &context).await
        {
            return done;
        }
        self.called(request, &context).await.map(Into::into)
    }

    async fn list_resources(
        &self,
        request: Option<PaginatedRequestParams>,
        context: RequestContext<RoleServer>,
    ) -> Result<ListResourcesResult, ErrorData> {
        let (caller, _) = self.asked(&context)?;
        let cursor = request.and_then(|request| request.cursor);
        let mut listed = resources::list(&self.app, &caller, cursor.as_deref()).await.map_err(protocol)?;
        listed.resources.extend(conformance::resources().filter(|_| self.conforms() && cursor.is_none()));
        Ok(listed)
    }

    async fn list_resource_templates(
        &self,
        request: Option<PaginatedRequestParams>,
        _: RequestContext<RoleServer>,
    ) -> Result<ListResourceTemplatesResult, ErrorData> {
        one_page(request)?;
        let mut templates = resources::templates();
        templates.extend(conformance::templates().filter(|_| self.conforms()));
        Ok(ListResourceTemplatesResult::with_all_items(templates))
    }

    async fn read_resource(
        &self,
        request: ReadResourceRequestParams,
        context: RequestContext<RoleServer>,
    ) -> Result<ReadResourceResponse, ErrorData> {
        if self.conforms()
            && let Some(found) = conformance::resource(&request.uri)
        {
            return Ok(found.into());
        }
        let (caller, _) = self.asked(&context)?;
        resources::read(&self.app, &caller, &request.uri).await.map(Into::into)
    }

    async fn list_prompts(
        &self,
        request: Option<PaginatedRequestParams>,
        _: RequestContext<RoleServer>,
    ) -> Result<ListPromptsResult, ErrorData> {
        one_page(request)?;
        let mut prompts = prompts::all();
        prompts.extend(conformance::prompts().filter(|_| self.conforms()));
        Ok(ListPromptsResult::with_all_items(prompts))
    }

    async fn get_prompt(
        &self,
        request: GetPromptRequestParams,
        context: RequestContext<RoleServer>,
    ) -> Result<GetPromptResponse, ErrorData> {
        if self.conforms()
            && let Some(prompt) = conformance::prompt(&request, &context)
        {
            return prompt;
        }
        let (caller, _) = self.asked(&context)?;
        let arguments = request.arguments.unwrap_or_default();
        prompts::get(&self.app, &caller, &request.name, &arguments).await.map(Into::into).map_err(protocol)
    }

    async fn complete(
        &self,
        request: CompleteRequestParams,
        _: RequestContext<RoleServer>,
    ) -> Result<CompleteResult, ErrorData> {
        if !self.conforms() {
            return Err(ErrorData::method_not_found::<CompleteRequestMethod>());
        }
        let words = CompletionInfo::with_all_values(conformance::completions(&request.argument.value));
        words.map(CompleteResult::new).map_err(|error| ErrorData::internal_error(error, None))
    }

    async fn set_level(
        &self,
        _: rmcp::model::SetLevelRequestParams,
        _: RequestContext<RoleServer>,
    ) -> Result<(), ErrorData> {
        self.conforms().then_some(()).ok_or_else(ErrorData::method_not_found::<SetLevelRequestMethod>)
    }

    async fn subscribe(
        &self,
        _: SubscribeRequestParams,
        _: RequestContext<RoleServer>,
    ) -> Result<(), ErrorData> {
        self.conforms().then_some(()).ok_or_else(ErrorData::method_not_found::<SubscribeRequestMethod>)
    }

    async fn unsubscribe(
        &self,
        _: UnsubscribeRequestParams,
        _: RequestContext<RoleServer>,
    ) -> Result<(), ErrorData> {
        self.conforms().then_some(()).ok_or_else(ErrorData::method_not_found::<UnsubscribeRequestMethod>)
    }
}

/// A call of an operation, without what only MCP has.
struct Target<'r> {
    entry: &'r crate::registry::Entry,
    arguments: Map<String, Value>,
}
