//! Hooks called at their moments: behind the answer, within bounds, and never in a ring.
//!
//! ```text
//! moment ─▶ hooks of the project ─▶ when ─▶ rate, rest ─┬▶ post, three times at most
//!                                                       └▶ operation, as `hook:ID` with the role write
//! ```

pub mod address;
mod guard;
mod sign;

use std::collections::{HashMap, VecDeque};
use std::sync::Arc;
use std::time::{Duration, Instant};

use athena_ingest::hooks::{Action, Hook, KIND, Moment};
use athena_ingest::watches::DEEPEST;
use athena_schemas::tables::Record;
use athena_schemas::vocabulary::Origin;
use athena_schemas::{Error, Row, Time, ids};
use athena_store::Scope;
use bytes::Bytes;
use parking_lot::Mutex;
use reqwest::header::CONTENT_TYPE;
use reqwest::redirect::Policy;
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::{Map, Value, json};
use tokio::sync::Semaphore;
use tokio_util::sync::CancellationToken;
use tracing::warn;

use self::address::{Resolver, checked};
pub use self::guard::Counts;
use self::guard::Guard;
pub use self::sign::{Signed, signing_key};
use crate::operations::records::of_kind;
use crate::who::{Caller, Identity, Role};
use crate::{App, condition};

/// Calls of all hooks at once.
const AT_ONCE: usize = 64;
/// How long one post may take, how often it is tried, and how long to wait before the next try.
const TIMEOUT: Duration = Duration::from_secs(5);
const PAUSES: [Duration; 2] = [Duration::from_millis(200), Duration::from_secs(1)];
/// Hooks of a project that are looked at, and projects whose hooks are kept at hand.
pub const MOST_HOOKS: usize = 100;
const PROJECTS_KEPT: usize = 1_000;

/// Posts that came to nothing which are remembered of each hook, and hooks of which they are.
const DEAD: usize = 10;
const MOST_DEAD: usize = 10_000;

/// Bytes of a text that hooks are told.
const TOLD_BYTES: usize = 16 << 10;

/// Names the hooks that led to a request, so that rings through other servers end too.
pub const CHAIN_HEADER: &str = "athena-hooks";

tokio::task_local! {
    /// The hooks that led to what this task does.
    static CHAIN: Vec<String>;
}

/// Runs work that hooks, as another server named them, have led to.
pub async fn led_by<T>(chain: Vec<String>, work: impl Future<Output = T>) -> T {
    CHAIN.scope(chain, work).await
}

/// What has led to what this task does.
pub fn led() -> Vec<String> {
    CHAIN.try_with(Vec::clone).unwrap_or_default()
}

/// The chain that a header names.
pub fn chain_of(header: Option<&str>) -> Vec<String> {
    let names = header.into_iter().flat_map(|header| header.split(' '));
    names.filter(|name| !name.is_empty()).take(DEEPEST).map(str::to_owned).collect()
}

/// A hook with its id.
#[derive(Debug, Clone)]
pub struct Named {
    pub id: String,
    pub hook: Hook,
}

/// The hooks of a project as they were at a version of the table.
type Known = (u64, Arc<Vec<Named>>);

/// Something that a hook was to do and that came to nothing.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Dead {
    pub time: Time,
    /// The event that it was about.
    pub event: Option<String>,
    pub why: String,
}

/// The caller of hooks.
pub struct HooksOut {
    http: reqwest::Client,
    guards: Mutex<HashMap<String, Guard>>,
    dead: Mutex<HashMap<String, VecDeque<Dead>>>,
    known: Mutex<HashMap<String, Known>>,
    at_once: Arc<Semaphore>,
    stop: CancellationToken,
}

impl HooksOut {
    /// # Errors
    /// A client that cannot be made.
    pub fn new(stop: CancellationToken) -> Result<Self, Error> {
        let http = reqwest::Client::builder()
            .timeout(TIMEOUT)
            .redirect(Policy::none())
            .no_proxy()
            .dns_resolver(Arc::new(Resolver))
            .user_agent(concat!("athena/", env!("CARGO_PKG_VERSION")))
            .build()
            .map_err(|error| Error::internal(format!("client of hooks: {error}")))?;
        let (guards, dead, known) = Default::default();
        Ok(Self { http, guards, dead, known, at_once: Arc::new(Semaphore::new(AT_ONCE)), stop })
    }

    /// What became of a hook since this server began, and whether it rests.
    pub fn state(&self, id: &str) -> (Counts, bool) {
        let guards = self.guards.lock();
        guards.get(id).map_or_else(Default::default, |guard| (guard.counts, guard.is_resting(Instant::now())))
    }

    /// Whether one of `rate` calls a minute may be made under a name now; what came of it is told by `ended`.
    pub fn admit(&self, name: &str, rate: u32) -> bool {
        let now = Instant::now();
        let mut guards = self.guards.lock();
        guards.entry(name.to_owned()).or_insert_with(|| Guard::new(rate, now)).admit(rate, now)
    }

    /// Hooks that failed since this server began, with how often, and whether they rest.
    pub fn failing(&self) -> Vec<(String, u64, bool)> {
        let (now, guards) = (Instant::now(), self.guards.lock());
        let failing = guards.iter().filter(|(_, guard)| guard.counts.failures > 0);
        let told = failing.map(|(id, guard)| (id.clone(), guard.counts.failures, guard.is_resting(now)));
        let mut told: Vec<_> = told.collect();
        told.sort();
        told
    }

    /// Calls under way, and at most.
    pub fn under_way(&self) -> (usize, usize) {
        (AT_ONCE - self.at_once.available_permits(), AT_ONCE)
    }

    pub fn ended(&self, id: &str, well: bool) {
        if let Some(guard) = self.guards.lock().get_mut(id) {
            guard.ended(well, Instant::now());
        }
    }

    /// What a hook did not get done since this server began, the newest first.
    pub fn dead(&self, id: &str) -> Vec<Dead> {
        self.dead.lock().get(id).into_iter().flatten().rev().cloned().collect()
    }

    fn died(&self, id: &str, facts: &Map<String, Value>, why: &str) {
        let event = facts.get("event").and_then(Value::as_str).map(str::to_owned);
        let mut dead = self.dead.lock();
        if dead.len() >= MOST_DEAD {
            dead.clear();
        }
        let of_hook = dead.entry(id.to_owned()).or_default();
        of_hook.push_back(Dead { time: Time::now(), event, why: why.to_owned() });
        if of_hook.len() > DEAD {
            of_hook.pop_front();
        }
    }

    /// The hooks of a project; read again when any record has changed.
    async fn of_project(&self, app: &App, project: &str) -> Result<Arc<Vec<Named>>, Error> {
        let version = app.store.snapshot().dataset(Record::TABLE).manifest().version;
        if let Some((_, hooks)) = self.known.lock().get(project).filter(|(at, _)| *at == version) {
            return Ok(hooks.clone());
        }
        let scope = Scope::Projects(vec![project.to_owned()]);
        let found = of_kind(app, &scope, KIND).await?.into_iter().take(MOST_HOOKS);
        let hooks = found.map(|found| found.body().map(|hook| Named { id: found.id, hook }));
        let hooks = Arc::new(hooks.collect::<Result<Vec<_>, Error>>()?);
        let mut known = self.known.lock();
        if known.len() >= PROJECTS_KEPT {
            known.clear();
        }
        known.insert(project.to_owned(), (version, hooks.clone()));
        Ok(hooks)
    }
}

/// What a hook is told and may ask, besides the moment and the project.
pub const FIELDS: [&str; 12] = [
    "moment", "project", "session", "agent", "event", "time", "tool", "input", "output", "outcome", "prompt",
    "cwd",
];

/// A text as hooks are told it.
pub fn short(value: Value) -> Value {
    match value {
        Value::String(text) if text.len() > TOLD_BYTES => {
            text[..text.floor_char_boundary(TOLD_BYTES)].to_owned().into()
        }
        other => other,
    }
}

/// Calls the hooks of a moment, behind the caller's back. `facts` are among [`FIELDS`].
pub fn fire(app: &Arc<App>, moment: Moment, project: &str, facts: Map<String, Value>) {
    let chain = led();
    if chain.len() >= DEEPEST {
        return;
    }
    let mut facts = facts;
    facts.retain(|_, value| !value.is_null());
    facts.insert("moment".into(), moment.name().into());
    facts.insert("project".into(), project.into());
    let (app, project) = (app.clone(), project.to_owned());
    let (tasks, behind) = (app.tasks.clone(), app.tasks.clone());
    tasks.spawn(async move {
        let hooks = match app.hooks.of_project(&app, &project).await {
            Ok(hooks) => hooks,
            Err(error) => return warn!(%error, project, "hooks not called"),
        };
        let led = |named: &&Named| {
            let own = chain.contains(&named.id);
            named.hook.moment == moment && !own && condition::holds(&named.hook.when, &facts)
        };
        for named in hooks.iter().filter(led).filter(|named| app.hooks.admit(&named.id, named.hook.rate)) {
            let Ok(place) = app.hooks.at_once.clone().acquire_owned().await else { return };
            let chain: Vec<String> = chain.iter().cloned().chain([named.id.clone()]).collect();
            let (app, named, facts) = (app.clone(), named.clone(), facts.clone());
            let stop = app.hooks.stop.clone();
            let called = async move {
                let done = call(&app, &named, &facts, chain).await;
                if let Err(why) = &done {
                    warn!(hook = named.id, why, "hook failed");
                    app.hooks.died(&named.id, &facts, why);
                }
                app.hooks.ended(&named.id, done.is_ok());
                drop(place);
            };
            behind.spawn(async move { stop.run_until_cancelled(called).await });
        }
    });
}

async fn call(
    app: &Arc<App>,
    named: &Named,
    facts: &Map<String, Value>,
    chain: Vec<String>,
) -> Result<(), String> {
    match &named.hook.then {
        Action::Url { url } => post(app, named, url, facts, &chain).await,
        Action::Call { call, arguments } => {
            let done = led_by(chain, operate(app, named, call, arguments, facts)).await;
            done.map_err(|error| error.to_string())
        }
    }
}

/// Posts what happened, and which hook tells it.
async fn post(
    app: &App,
    named: &Named,
    url: &str,
    facts: &Map<String, Value>,
    chain: &[String],
) -> Result<(), String> {
    let mut body = facts.clone();
    body.insert("hook".into(), named.id.clone().into());
    let body = Value::Object(body).to_string();
    let message = ids::short("msg-", &[&named.id, &body]);
    deliver(app, url, chain, Signed { by: &named.id, message: &message }, body).await
}

/// Posts JSON, signed. What the other side may do better the next time is tried again.
///
/// # Errors
/// An address that must not be posted to; what the last try came to.
pub async fn deliver(
    app: &App,
    url: &str,
    chain: &[String],
    signed: Signed<'_>,
    body: String,
) -> Result<(), String> {
    let url = checked("url", url).map_err(|error| error.to_string())?;
    let mut pauses = PAUSES.into_iter();
    loop {
        let headers = signed.headers(app, &body, Time::now().micros() / 1_000_000)?;
        let request = app.hooks.http.post(url.clone()).headers(headers);
        let request = request.header(CHAIN_HEADER, chain.join(" ")).header(CONTENT_TYPE, "application/json");
        let why = match request.body(Bytes::from(body.clone())).send().await {
            Ok(answer) if answer.status().is_success() => return Ok(()),
            Ok(answer) => {
                let status = answer.status();
                if !(status.is_server_error() || [408, 429].contains(&status.as_u16())) {
                    return Err(format!("answered {status}"));
                }
                format!("answered {status}")
            }
            Err(error) => error.without_url().to_string(),
        };
        match pauses.next() {
            Some(pause) => tokio::time::sleep(pause).await,
            None => return Err(why),
        }
    }
}

/// Calls an operation in the hook's own name, in its project only. A write is made once for an event.
async fn operate(
    app: &Arc<App>,
    named: &Named,
    operation: &str,
    arguments: &Map<String, Value>,
    facts: &Map<String, Value>,
) -> Result<(), Error> {
    let project = facts.get("project").and_then(Value::as_str).unwrap_or_default().to_owned();
    let given = filled(&Value::Object(arguments.clone()), facts, &|name| FIELDS.contains(&name));
    let event_id = facts.get("event").and_then(Value::as_str).map(|event| format!("{}/{event}", named.id));
    let identity = Identity {
        name: format!("hook:{}", named.id),
        role: Role::Write,
        projects: vec![project],
        sensitive: false,
    };
    as_one(app, identity, operation, given, event_id).await.map(drop)
}

/// Calls an operation as one that has a single project, in that; if it writes, under a key.
///
/// # Errors
/// An operation that is none; what it says.
pub async fn as_one(
    app: &Arc<App>,
    identity: Identity,
    operation: &str,
    mut given: Value,
    event_id: Option<String>,
) -> Result<Value, Error> {
    let (tool, name) = operation.split_once('.').unwrap_or((operation, ""));
    let entry = app.registry.find(tool, name)?;
    let project = identity.only_project().map(str::to_owned);
    given["project"] = json!(project);
    if let (true, Some(event_id)) = (entry.writes(), event_id) {
        given["event_id"] = json!(event_id);
    }
    let caller = Caller { identity, origin: Origin::Hook, project };
    entry.call(app, &caller, given).await
}

/// Arguments in which texts such as `$session` are what happened, where that is a `known` field.
pub fn filled(value: &Value, facts: &Map<String, Value>, known: &impl Fn(&str) -> bool) -> Value {
    match value {
        Value::String(text) => {
            let fact = text.strip_prefix('$').filter(|name| known(name));
            fact.map_or_else(|| value.clone(), |name| facts.get(name).cloned().unwrap_or(Value::Null))
        }
        Value::Array(all) => all.iter().map(|one| filled(one, facts, known)).collect(),
        Value::Object(fields) => {
            fields.iter().map(|(name, one)| (name.clone(), filled(one, facts, known))).collect()
        }
        other => other.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arguments_are_filled_with_what_happened() {
        let facts = json!({"session": "s-1", "output": "done"});
        let facts = facts.as_object().unwrap();
        let given = json!({"session": "$session", "list": ["$output", "$tool", "$price"], "n": 3});
        let expected = json!({"session": "s-1", "list": ["done", null, "$price"], "n": 3});
        assert_eq!(filled(&given, facts, &|name| FIELDS.contains(&name)), expected);
    }

    #[test]
    fn chains_are_bounded() {
        assert_eq!(chain_of(Some("a b")), ["a", "b"]);
        assert_eq!(chain_of(Some("a b c d e f g")).len(), DEEPEST);
        assert!(chain_of(None).is_empty() && chain_of(Some(" ")).is_empty());
    }
}
