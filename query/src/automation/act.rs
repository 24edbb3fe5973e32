//! Acts on what fired: the command that says so, the actions in their order, and the command that says what became of
//! them.

use std::sync::Arc;
use std::time::Duration;

use athena_ingest::Command;
use athena_ingest::watches::{Cause, Ended, Fired, Firing, Maker, Then};
use athena_schemas::tables::Event;
use athena_schemas::vocabulary::Origin;
use athena_schemas::{Code, Error, Row, Time};
use athena_store::Scope;
use serde::Serialize;
use serde_json::{Map, Value, json};
use tokio_util::sync::CancellationToken;
use tracing::{debug, warn};

use super::{Armed, facts, matching};
use crate::hooks_out::{Signed, as_one, deliver, led_by};
use crate::who::{Identity, Role};
use crate::{App, sql};

const EVENT_AT: &str = include_str!("../../sql/event_at.sql");

/// How often an operation is tried that is not to be had, such as while a disk is full: for some five minutes.
const TRIES: u32 = 64;
/// The waits before a command that must get into the log is sent again: then the longest, until it stops.
const RETRY: Duration = Duration::from_millis(50);
const RETRY_MOST: Duration = Duration::from_secs(5);
/// Posts of one trigger or rule in a minute: firings have a rate of their own.
const POSTS: u32 = 1_000_000;
/// Ids of firings that are remembered before all are forgotten.
const REMEMBERED: usize = 100_000;
/// Characters of an error that is kept.
const WHY_CHARS: usize = 500;

/// Something that is to fire.
pub struct Taken {
    pub armed: Arc<Armed>,
    /// Of the firing.
    pub id: String,
    pub cause: Cause,
    pub chain: Vec<String>,
    pub facts: Map<String, Value>,
}

/// Says in the log that it fires, and acts when this process is the first that said so. Returns when it is in the log.
pub async fn fire(app: &Arc<App>, taken: Taken, stop: &CancellationToken) {
    if !taken_up(app, &taken.id) {
        return;
    }
    let Ok(place) = app.automation.at_once.clone().acquire_owned().await else { return };
    let told = Fired {
        trigger: taken.armed.id.clone(),
        by: app.automation.node.clone(),
        cause: taken.cause.clone(),
        chain: taken.chain.clone(),
    };
    let answer = match command(app, &taken.armed, "fired", taken.id.clone(), &told, stop).await {
        Some(Ok(answer)) => answer,
        Some(Err(error)) => return debug!(%error, id = taken.armed.id, firing = taken.id, "not fired"),
        None => {
            app.automation.taken.lock().remove(&taken.id);
            return;
        }
    };
    if answer.get("by").and_then(Value::as_str) != Some(&app.automation.node) {
        // Whoever said so first acts; if its process is gone, it is taken up like any other.
        app.automation.taken.lock().remove(&taken.id);
        return;
    }
    let (app, stop) = (app.clone(), stop.clone());
    let (tracker, cancelled) = (app.tasks.clone(), stop.clone());
    let acting = async move {
        act(&app, &taken, &stop).await;
        drop(place);
    };
    tracker.spawn(async move { cancelled.run_until_cancelled(acting).await });
}

/// Whether a firing was not taken up by this process before; from now on it is.
pub fn taken_up(app: &App, firing: &str) -> bool {
    let mut taken = app.automation.taken.lock();
    if taken.len() >= REMEMBERED {
        taken.clear();
    }
    taken.insert(firing.to_owned())
}

/// Acts on a firing that another process has left, or that was fired by hand here.
pub fn take_up(app: &Arc<App>, armed: &Arc<Armed>, firing: &Firing, stop: &CancellationToken) {
    if !taken_up(app, &firing.id) {
        return;
    }
    let (armed, firing, app, stop) = (armed.clone(), firing.clone(), app.clone(), stop.clone());
    let (tracker, cancelled) = (app.tasks.clone(), stop.clone());
    let acting = async move {
        let Ok(_place) = app.automation.at_once.clone().acquire_owned().await else { return };
        let mut waits = 0;
        let known = loop {
            match known(&app, &armed, &firing).await {
                Ok(known) => break known,
                Err(error) => {
                    warn!(%error, firing = firing.id, "what fired is not read, trying again");
                    waits += 1;
                    tokio::time::sleep(pause(waits)).await;
                }
            }
        };
        let Firing { id, cause, chain, .. } = firing;
        match known {
            Some(facts) => {
                act(&app, &Taken { armed, id, cause, chain, facts }, &stop).await;
            }
            None => {
                let why = vec![json!({"error": "the event that fired it is forgotten"})];
                end(&app, &armed, &id, "failed", why, &stop).await;
            }
        }
    };
    tracker.spawn(async move { cancelled.run_until_cancelled(acting).await });
}

/// What was known when it fired; `None` when the event is not there any more.
async fn known(app: &App, armed: &Armed, firing: &Firing) -> Result<Option<Map<String, Value>>, Error> {
    let position = match &firing.cause {
        Cause::Due(due) => return Ok(Some(matching::of_due(&armed.project, *due))),
        Cause::Hand { input } => return Ok(Some(matching::of_hand(&armed.project, firing.at, input))),
        Cause::Event { position, .. } => *position,
    };
    let scope = Scope::Projects(vec![armed.project.clone()]);
    let batches = sql::ask(app, &scope, EVENT_AT, &[json!(position)], 1).await?;
    let events = batches.iter().map(Event::rows).collect::<Result<Vec<_>, _>>()?;
    let event = events.into_iter().flatten().next();
    let verdict = event.map(|event| {
        matching::verdict(&armed.watch, &event)
            .map_or_else(|| facts::of_event(&event), |verdict| verdict.facts)
    });
    Ok(verdict)
}

/// Does one action after the other, until one fails, and says what became of them. Every action has a key of its own,
/// so that one which was done before the process was killed is not done again.
pub async fn act(app: &Arc<App>, taken: &Taken, stop: &CancellationToken) -> (String, Vec<Value>) {
    let Taken { armed, id, chain, facts, .. } = taken;
    let chain: Vec<String> = chain.iter().cloned().chain([armed.id.clone()]).collect();
    let (mut results, mut outcome) = (Vec::new(), "done");
    for (at, then) in armed.watch.then.iter().enumerate() {
        let done = match then {
            Then::Inject { .. } => Ok(json!({"injected": true})),
            Then::Call { call, arguments } => {
                let given = facts::filled(&Value::Object(arguments.clone()), facts);
                let key = format!("{id}/{at}");
                let called = operate(app, armed, call, given, &key);
                let done = led_by(chain.clone(), called).await;
                done.map(|made| json!({"call": call, "id": made.get("id")}))
                    .map_err(|error| (json!({"call": call}), "failed", error.to_string()))
            }
            Then::Url { url } => {
                let done = post(app, armed, (id, at), url, &chain, facts).await;
                let place = json!({"url": url.split('?').next()});
                match done {
                    Ok(()) => Ok(place),
                    Err(why) => Err((place, "dead", why)),
                }
            }
        };
        match done {
            Ok(result) => results.push(result),
            Err((mut result, became, why)) => {
                result["error"] = why.chars().take(WHY_CHARS).collect::<String>().into();
                warn!(id = armed.id, firing = id, why, "an action failed");
                results.push(result);
                outcome = became;
                break;
            }
        }
    }
    end(app, armed, id, outcome, results.clone(), stop).await;
    (outcome.to_owned(), results)
}

async fn end(
    app: &Arc<App>,
    armed: &Armed,
    firing: &str,
    outcome: &str,
    results: Vec<Value>,
    stop: &CancellationToken,
) {
    let told = Ended { trigger: armed.id.clone(), firing: firing.into(), outcome: outcome.into(), results };
    let ended = command(app, armed, "ended", format!("{firing}/ended"), &told, stop).await;
    if let Some(Err(error)) = ended {
        warn!(%error, firing, "the end of a firing is not told");
    }
}

/// Calls an operation with the rights of who made what fired, as far as they go now.
async fn operate(
    app: &Arc<App>,
    armed: &Armed,
    call: &str,
    given: Value,
    event_id: &str,
) -> Result<Value, Error> {
    let mut tries = 0;
    loop {
        tries += 1;
        let identity = identity(app, &armed.watch.maker, &armed.project)?;
        let done = as_one(app, identity, call, given.clone(), Some(event_id.to_owned())).await;
        let again = |error: &Error| [Code::Unavailable, Code::ResourceExhausted].contains(&error.code);
        match done {
            Err(error) if again(&error) && tries < TRIES => tokio::time::sleep(pause(tries)).await,
            done => return done,
        }
    }
}

/// Who a firing acts as: its maker, who never has more than the role write here, and nothing once the token is gone.
fn identity(app: &App, maker: &Maker, project: &str) -> Result<Identity, Error> {
    // These are no tokens of the file.
    let own = ["local", "admin"].contains(&maker.name.as_str());
    if !own {
        let gone = || {
            Error::new(
                Code::PermissionDenied,
                format!("the token {} that made it is not valid any more", maker.name),
            )
        };
        let tokens = app.tokens.list()?;
        let token = tokens.iter().find(|token| token.name == maker.name).ok_or_else(gone)?;
        if token.expires_at.is_some_and(|at| at <= Time::now()) {
            return Err(gone());
        }
        let now = token.identity();
        now.must(Role::Write)?;
        now.must_see(project)?;
    }
    let projects = vec![project.to_owned()];
    Ok(Identity { name: maker.name.clone(), role: Role::Write, projects, sensitive: false })
}

/// Posts what happened, signed; its key is the same each time.
async fn post(
    app: &App,
    armed: &Armed,
    (firing, at): (&str, usize),
    url: &str,
    chain: &[String],
    facts: &Map<String, Value>,
) -> Result<(), String> {
    if !app.hooks.admit(&armed.id, POSTS) {
        return Err("not posted: the address rests after failures".into());
    }
    let key = format!("{firing}/{at}");
    let mut body = facts.clone();
    body.insert("firing".into(), firing.into());
    body.insert(armed.kind.clone(), armed.id.clone().into());
    body.insert("name".into(), json!(armed.name));
    let signed = Signed { by: &armed.id, message: &key };
    let done = deliver(app, url, chain, signed, Value::Object(body).to_string()).await;
    app.hooks.ended(&armed.id, done.is_ok());
    done
}

/// Sends a command until it is in the log; `None` when this process stops before.
async fn command(
    app: &App,
    armed: &Armed,
    operation: &str,
    event_id: String,
    arguments: &impl Serialize,
    stop: &CancellationToken,
) -> Option<Result<Value, Error>> {
    let Ok(log) = app.log() else { return None };
    let arguments = match serde_json::to_value(arguments) {
        Ok(arguments) => arguments,
        Err(error) => return Some(Err(Error::internal(format!("arguments: {error}")))),
    };
    let mut failures = 0;
    loop {
        let named = format!("{}.{operation}", armed.tool());
        let command = Command::new(named, arguments.clone(), &armed.project, &armed.id, Origin::Hook);
        let command = Command { event_id: Some(event_id.clone()), ..command };
        let answer = stop.run_until_cancelled(log.command(command)).await?;
        match answer {
            Ok(answer) => {
                app.acknowledge([armed.project.as_str()], &answer.position);
                return Some(Ok(answer.result));
            }
            Err(error) if [Code::Unavailable, Code::ResourceExhausted].contains(&error.code) => {
                failures += 1;
                debug!(%error, failures, "a command of a trigger did not get into the log, trying again");
                stop.run_until_cancelled(tokio::time::sleep(pause(failures))).await?;
            }
            Err(error) => return Some(Err(error)),
        }
    }
}

fn pause(failures: u32) -> Duration {
    (RETRY * 2_u32.pow(failures.min(7))).min(RETRY_MOST)
}
