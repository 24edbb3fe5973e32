//! What triggers and rules share: how they are read, shown, checked, fired by hand, and what became of them.

mod firings;
mod hand;

use athena_ingest::watches::{CatchUp, On, RULE, Then, Watch};
use athena_schemas::{Code, Error, Time};
use athena_store::Scope;
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::{Map, Value, json};

use self::firings::firings;
pub use self::firings::{Became, Firing, Firings, Which};
pub use self::hand::{ByHand, by_hand};
use super::paging::limit;
use super::records::{Found, by_id, of_kind, one_project};
use super::rows::absent;
use crate::arguments::nearest;
use crate::automation::{Armed, EVENT, Schedule, check, is_known, places};
use crate::hooks_out::{address, signing_key};
use crate::registry::{Call, Effect, Entry};
use crate::time_args;
use crate::who::Role;

/// Triggers, and rules, of one project.
pub const MOST: usize = 1_000;
/// Firings that come with one.
const SHOWN: usize = 10;
/// Operations that nothing calls by itself: they say what is called.
const OWN: [&str; 11] = [
    "hooks.register",
    "hooks.remove",
    "hooks.limit",
    "triggers.create",
    "triggers.update",
    "triggers.delete",
    "triggers.enable",
    "automation.create",
    "automation.update",
    "automation.delete",
    "automation.enable",
];

/// A trigger or a rule, as it is now.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Line {
    pub id: String,
    /// What it is called.
    pub name: Option<String>,
    /// What makes it fire.
    pub kind: On,
    /// What must be so.
    pub condition: Map<String, Value>,
    /// What must be so besides.
    #[serde(rename = "if")]
    pub only_if: Map<String, Value>,
    /// What it does, one after the other.
    pub then: Vec<Value>,
    /// Which times that were missed are made up for; of the clock only.
    pub catch_up: Option<CatchUp>,
    pub enabled: bool,
    /// In short.
    pub content: String,
    /// How often it fired, how many of these went wrong, and how many have not ended.
    pub fired: u64,
    pub failed: u64,
    pub pending: usize,
    /// How often this server left it out because of its rate.
    pub skipped: u64,
    /// When it fired last.
    pub last_at: Option<Time>,
    /// When the clock fires it next; null when it does not.
    pub next_at: Option<Time>,
    /// Who made it: it acts with the rights of that.
    pub actor: String,
    /// When it was made or changed last.
    pub time: Time,
}

/// What is read of one project.
pub struct Read {
    pub found: Found,
    pub watch: Watch,
}

impl Read {
    pub fn armed(&self, kind: &str, project: &str) -> Armed {
        Armed {
            id: self.found.id.clone(),
            project: project.to_owned(),
            kind: kind.to_owned(),
            name: self.found.name.clone(),
            watch: self.watch.clone(),
            schedule: Default::default(),
        }
    }

    /// When the clock fires it next, after a time.
    pub fn next(&self, after: Time) -> Option<Time> {
        let watch = &self.watch;
        let schedule = Schedule::parse("condition", &watch.condition, watch.since.time);
        let from = watch.last_due.unwrap_or_default().max(watch.since.time).max(after);
        schedule.ok().filter(|_| watch.on == On::Time && watch.enabled)?.after(from)
    }
}

/// All of a kind, in the order in which they were made or changed.
///
/// # Errors
/// Storage.
pub async fn all(call: &Call, scope: &Scope, kind: &str) -> Result<Vec<Read>, Error> {
    let found = of_kind(&call.app, scope, kind).await?;
    found.into_iter().map(|found| found.body().map(|watch| Read { found, watch })).collect()
}

/// One of a kind, which the argument of its name names.
///
/// # Errors
/// `not_found`; storage.
pub async fn one(
    call: &Call,
    (project, scope): (&str, &Scope),
    kind: &'static str,
    id: &str,
) -> Result<Read, Error> {
    let found = by_id(&call.app, scope, &[id.to_owned()]).await?.into_iter().next();
    let found = found.filter(|found| found.id.starts_with(kind));
    let found = found.ok_or_else(|| absent(kind, kind, id, &[project.to_owned()]))?;
    let watch = found.body()?;
    Ok(Read { found, watch })
}

/// One of a kind with what is known of it besides.
pub struct Whole {
    pub line: Line,
    pub signing_key: Option<String>,
    /// The newest.
    pub firings: Vec<Firing>,
    pub project: String,
}

/// # Errors
/// `not_found`; storage.
pub async fn whole(call: &Call, kind: &'static str, id: &str) -> Result<Whole, Error> {
    let (project, scope) = one_project(call).await?;
    let read = one(call, (&project, &scope), kind, id).await?;
    let found = firings(&call.app, &project, (kind, Some(id)), Which::default(), (SHOWN, None)).await?;
    let (line, signing_key) = (line(call, &read), key(call, &read));
    Ok(Whole { line, signing_key, firings: found.items, project })
}

/// A page of what fired, of one or of all of a kind. Of what was taken away its history stays.
///
/// # Errors
/// A limit or a cursor that is none; `not_found` for what never was; storage.
pub async fn history(
    call: &Call,
    (kind, id): (&'static str, Option<&str>),
    which: Which,
    (count, cursor): (Option<usize>, Option<&str>),
) -> Result<Firings, Error> {
    let count = limit(count)?;
    let (project, scope) = one_project(call).await?;
    let found = firings(&call.app, &project, (kind, id), which, (count, cursor)).await?;
    if let (Some(id), true) = (id, found.items.is_empty())
        && let Err(absent) = one(call, (&project, &scope), kind, id).await
    {
        let ever = firings(&call.app, &project, (kind, Some(id)), Which::default(), (1, None)).await?;
        if ever.items.is_empty() {
            return Err(absent);
        }
    }
    Ok(found)
}

/// Since and until when, as somebody says it.
///
/// # Errors
/// By the argument, what is no time.
pub fn which(became: Option<Became>, since: Option<&str>, until: Option<&str>) -> Result<Which, Error> {
    let now = Time::now();
    let time = |field: &str, given| time_args::optional(field, given, now);
    Ok(Which { became, since: time("since", since)?, until: time("until", until)? })
}

/// As it is shown to a caller: only admins see what stands behind the question mark of an address.
pub fn line(call: &Call, read: &Read) -> Line {
    let Read { found, watch } = read;
    let admin = call.caller.identity.role == Role::Admin;
    let then: Vec<Value> = watch
        .then
        .iter()
        .map(|then| match then {
            Then::Url { url } if !admin => json!({"url": url.split('?').next()}),
            other => json!(other),
        })
        .collect();
    let what = watch.then.iter().map(|then| match then {
        Then::Url { url } => url.split('?').next().unwrap_or_default().to_owned(),
        Then::Inject { inject } => format!("says {inject:?}"),
        Then::Call { call, .. } => call.clone(),
    });
    let what = what.collect::<Vec<_>>().join(", ");
    let state = if watch.enabled { "" } else { " (not enabled)" };
    Line {
        id: found.id.clone(),
        name: found.name.clone(),
        kind: watch.on,
        condition: watch.condition.clone(),
        only_if: watch.only_if.clone(),
        then,
        catch_up: (watch.on == On::Time).then_some(watch.catch_up),
        enabled: watch.enabled,
        content: format!("{} {} → {what}{state}", watch.on.name(), Value::Object(watch.condition.clone())),
        fired: watch.fired,
        failed: watch.failed,
        pending: watch.pending.len(),
        skipped: call.app.automation.skipped(&found.id),
        last_at: watch.last_at,
        next_at: read.next(Time::now()),
        actor: watch.maker.name.clone(),
        time: found.recorded_at,
    }
}

/// What a receiver verifies the posts of one with: for admins, where there is one that posts.
fn key(call: &Call, read: &Read) -> Option<String> {
    let posts = read.watch.then.iter().any(|then| matches!(then, Then::Url { .. }));
    let admin = call.caller.identity.role == Role::Admin;
    (posts && admin).then(|| signing_key(&call.app, &read.found.id))
}

/// # Errors
/// By the argument: a condition that cannot be asked.
pub fn check_condition(argument: &str, on: On, condition: &Map<String, Value>) -> Result<(), Error> {
    check(argument, on, condition, Time::now())
}

/// Refuses to wait for a task or a goal that is not there.
///
/// # Errors
/// `not_found`, by the argument; storage.
pub async fn check_there(
    call: &Call,
    (argument, on): (&str, On),
    condition: &Map<String, Value>,
) -> Result<(), Error> {
    let named = ["task", "goal"].into_iter().find_map(|kind| Some((kind, condition.get(kind)?.as_str()?)));
    let Some((kind, id)) = named.filter(|_| on == On::Dependency) else { return Ok(()) };
    let (project, scope) = one_project(call).await?;
    let found = by_id(&call.app, &scope, &[id.to_owned()]).await?;
    match found.iter().any(|found| found.kind == kind) {
        true => Ok(()),
        false => Err(absent(kind, &format!("{argument}.{kind}"), id, &[project])),
    }
}

/// # Errors
/// By the argument: an address that must not be posted to, an operation that there is none of, that nothing calls, or that
/// does not take such arguments.
pub fn check_actions(call: &Call, argument: &str, then: &[Then]) -> Result<(), Error> {
    for (at, one) in then.iter().enumerate() {
        match one {
            Then::Url { url } => {
                call.caller.identity.must(Role::Admin)?;
                address::checked(argument, url)?;
            }
            Then::Call { call: operation, arguments } => {
                let entry = callable(call, argument, operation)?;
                let within = if argument == "then" { format!("then[{at}]") } else { argument.to_owned() };
                check_arguments(call, entry, &within, arguments)?;
            }
            Then::Inject { .. } => {}
        }
    }
    Ok(())
}

fn callable<'c>(call: &'c Call, argument: &str, operation: &str) -> Result<&'c Entry, Error> {
    let wrong = |message: String| Error::invalid(argument, message);
    let Some((tool, name)) = operation.split_once('.') else {
        return Err(wrong(format!("{operation:?} is no operation")).hint("such as memories.remember"));
    };
    let entry = call.app.registry.find(tool, name);
    let entry = entry.map_err(|error| Error { field: Some(argument.into()), ..error })?;
    if OWN.contains(&operation) || entry.effect == Effect::Remove {
        return Err(wrong(format!("nothing calls {operation} by itself"))
            .hint("what fires by itself takes nothing away, and makes nothing that fires"));
    }
    Ok(entry)
}

/// Whether a call would be understood when it fires: in this project, with what happened in the places that say so.
fn check_arguments(
    call: &Call,
    entry: &Entry,
    within: &str,
    arguments: &Map<String, Value>,
) -> Result<(), Error> {
    let project = call.project()?;
    let field = |name: &str| format!("{within}.arguments.{name}");
    for (name, value) in arguments {
        if let Some(unknown) = places::unknown(value, &is_known) {
            let error = Error::invalid(field(name), format!("nothing that happens is called ${unknown}"));
            let near = nearest(&unknown, EVENT);
            let near = near.map(|near| format!("did you mean ${near}? ")).unwrap_or_default();
            return Err(error.hint(format!("{near}`$$` stands for a dollar sign")));
        }
    }
    let elsewhere = |value: &&Value| {
        let given = value.as_array().map_or_else(|| std::slice::from_ref(*value), Vec::as_slice);
        let named = given.iter().filter(|one| !places::is_open(one, &is_known)).filter_map(Value::as_str);
        named.into_iter().any(|named| named != project)
    };
    for name in ["project", "projects"] {
        if arguments.get(name).filter(elsewhere).is_some() {
            let message = format!("what fires in project {project} acts in that project only");
            return Err(Error::invalid(field(name), message).hint("leave it out"));
        }
    }
    entry.check(arguments, |value| places::is_open(value, &is_known)).map_err(|error| Error {
        message: format!("{}.{}: {}", entry.tool, entry.name, error.message),
        field: Some(field(error.field.as_deref().unwrap_or_default()).trim_end_matches('.').to_owned()),
        ..error
    })
}

/// # Errors
/// `resource_exhausted` when there are too many already.
pub async fn room(call: &Call, kind: &str) -> Result<(), Error> {
    let project = call.project()?;
    if of_kind(&call.app, &Scope::Projects(vec![project]), kind).await?.len() >= MOST {
        let message = format!("{MOST} of the kind {kind} are there already");
        return Err(Error::new(Code::ResourceExhausted, message).hint("delete those that are not needed"));
    }
    Ok(())
}

/// The tool of a kind.
pub fn tool(kind: &str) -> &'static str {
    if kind == RULE { "automation" } else { "triggers" }
}
