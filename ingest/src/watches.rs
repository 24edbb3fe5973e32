//! What fires by itself: the state that triggers (`triggers`) and rules (`automation`) share, and the commands that
//! change it.
//!
//! ```text
//! create ─▶ armed ─▶ fired (once for each key) ─▶ pending ─▶ ended
//! ```
//!
//! A firing is a command of its own, whose `event_id` is the firing's id: a hash of what fires and of the event or the
//! time that fired it. The log knows an id once, so it is the log that says that something fires once, whoever asked
//! and however often. Until it has ended a firing stands in the body of what fired, so that it is taken up again
//! wherever its process was killed.

#[cfg(test)]
mod tests;

use athena_schemas::tables::Record;
use athena_schemas::{Code, Error, Time, ids};
use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::{Map, Value, json};

use crate::apply::{self, Call, Decision, Done, Key, State};
use crate::records::{body, find, id_of, keys_in, may_remove, new_id, row, tombstone, version, written};

/// Kinds of records, which their ids begin with.
pub const TRIGGER: &str = "trigger";
pub const RULE: &str = "rule";
/// What ids of firings begin with.
pub const FIRING: &str = "firing";
/// Triggers, rules and hooks that may have led to each other.
pub const DEEPEST: usize = 5;
/// Actions of one rule.
pub const MOST_ACTIONS: usize = 10;
/// Firings of one trigger or rule that have not ended.
pub const MOST_PENDING: usize = 1_000;
/// Characters of a name, bytes of what is injected, of all actions, and of what is given to a firing by hand.
const NAME_CHARS: usize = 200;
const INJECT_BYTES: usize = 1_000;
const ACTIONS_BYTES: usize = 32 << 10;
const INPUT_BYTES: usize = 8 << 10;

/// What makes something fire.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, schemars::JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum On {
    /// The clock.
    Time,
    /// An event that is so.
    Event,
    /// What a session is about: its prompts, and the files that they name.
    Context,
    /// A task or a goal that comes to a state.
    Dependency,
    /// A file that is changed.
    File,
}

impl On {
    pub const ALL: [Self; 5] = [Self::Time, Self::Event, Self::Context, Self::Dependency, Self::File];

    pub const fn name(self) -> &'static str {
        match self {
            Self::Time => "time",
            Self::Event => "event",
            Self::Context => "context",
            Self::Dependency => "dependency",
            Self::File => "file",
        }
    }
}

/// Which of the times that passed while nobody looked are made up for.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum CatchUp {
    None,
    #[default]
    Last,
    All,
}

/// What is done.
#[derive(Debug, Clone, PartialEq, Serialize, schemars::JsonSchema)]
#[serde(untagged)]
pub enum Then {
    /// Posts what happened there.
    Url { url: String },
    /// Puts a text into the context of the session.
    Inject { inject: String },
    /// Calls an operation.
    Call {
        /// `TOOL.OPERATION`.
        call: String,
        /// Its arguments.
        #[serde(default)]
        arguments: Map<String, Value>,
    },
}

/// What an action may be, as it is told to those who give another.
const ACTIONS: &str = "an action is {\"call\": \"tool.operation\", \"arguments\": {…}}, {\"url\": \"https://…\"}, or of a context \
                       trigger {\"inject\": \"text\"}";

impl<'de> Deserialize<'de> for Then {
    fn deserialize<D: Deserializer<'de>>(given: D) -> Result<Self, D::Error> {
        let given = Value::deserialize(given)?;
        Self::of(given).map_err(|why| D::Error::custom(format!("{why}: {ACTIONS}")))
    }
}

impl Then {
    /// Exactly one thing that is done.
    fn of(given: Value) -> Result<Self, String> {
        let Value::Object(mut fields) = given else { return Err(format!("{given} does nothing")) };
        let known = ["call", "url", "inject"];
        let given: Vec<&str> = known.into_iter().filter(|name| fields.contains_key(*name)).collect();
        let [what] = given[..] else {
            return Err(match given.is_empty() {
                true => "it does nothing".to_owned(),
                false => format!("it does {}", given.join(" and ")),
            });
        };
        let Some(Value::String(text)) = fields.shift_remove(what) else {
            return Err(format!("its {what} is no text"));
        };
        let arguments = match (what == "call").then(|| fields.shift_remove("arguments")).flatten() {
            None => Map::new(),
            Some(Value::Object(arguments)) => arguments,
            Some(_) => return Err("its arguments are no object".to_owned()),
        };
        match fields.keys().next() {
            Some(unknown) => Err(format!("it has no {unknown:?}")),
            None => Ok(match what {
                "url" => Self::Url { url: text },
                "inject" => Self::Inject { inject: text },
                _ => Self::Call { call: text, arguments },
            }),
        }
    }
}

/// Whose rights a firing has.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Maker {
    /// The token's name.
    pub name: String,
    pub admin: bool,
}

/// From where on events and times count: where it was made, changed or enabled last.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Since {
    pub time: Time,
    pub topic: String,
    pub partition: i32,
    pub offset: i64,
}

/// The body of the record of a trigger or a rule.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Watch {
    pub on: On,
    pub condition: Map<String, Value>,
    /// What must be so besides.
    #[serde(default)]
    pub only_if: Map<String, Value>,
    pub then: Vec<Then>,
    #[serde(default)]
    pub catch_up: CatchUp,
    pub enabled: bool,
    pub maker: Maker,
    pub since: Since,
    /// How often it fired, how many of these went wrong, when it fired last, and the last time of the clock that fired.
    pub fired: u64,
    pub failed: u64,
    pub last_at: Option<Time>,
    pub last_due: Option<Time>,
    /// Firings that have not ended.
    pub pending: Vec<Firing>,
}

/// Something that fired, and by what.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Firing {
    pub id: String,
    /// The process that acts on it.
    pub by: String,
    pub at: Time,
    #[serde(flatten)]
    pub cause: Cause,
    /// The triggers, rules and hooks that led to it, without itself.
    #[serde(default)]
    pub chain: Vec<String>,
}

/// What made something fire.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Cause {
    Event { id: String, position: u64 },
    Due(Time),
    Hand { input: Map<String, Value> },
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Create {
    #[serde(default)]
    name: Option<String>,
    on: On,
    condition: Map<String, Value>,
    #[serde(default)]
    only_if: Map<String, Value>,
    then: Vec<Then>,
    #[serde(default)]
    catch_up: CatchUp,
    #[serde(default = "yes")]
    enabled: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Update {
    #[serde(alias = "rule")]
    trigger: String,
    name: Option<String>,
    on: Option<On>,
    condition: Option<Map<String, Value>>,
    only_if: Option<Map<String, Value>>,
    then: Option<Vec<Then>>,
    catch_up: Option<CatchUp>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Named {
    #[serde(alias = "rule")]
    trigger: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Enable {
    #[serde(alias = "rule")]
    trigger: String,
    enabled: bool,
}

/// A firing, as the engine tells it: the command's own id is that of the firing.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Fired {
    #[serde(alias = "rule")]
    pub trigger: String,
    pub by: String,
    pub cause: Cause,
    #[serde(default)]
    pub chain: Vec<String>,
}

/// What became of a firing.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Ended {
    #[serde(alias = "rule")]
    pub trigger: String,
    pub firing: String,
    /// `done`, `failed`, or `dead` when an address could not be reached.
    pub outcome: String,
    pub results: Vec<Value>,
}

fn yes() -> bool {
    true
}

pub(crate) fn keys(call: &Call<'_>) -> Vec<Key> {
    keys_in(call, &["trigger", "rule"])
}

/// Decides the commands of both tools; `what` is the kind and the argument that names it.
pub(crate) fn decide(
    what: &'static str,
    operation: &str,
    state: &State,
    call: &Call<'_>,
) -> Option<Decision> {
    Some(Decision::from(match operation {
        "create" => create(what, call),
        "update" => update(what, state, call),
        "delete" => delete(what, state, call),
        "enable" => enable(what, state, call),
        "fired" => fired(what, state, call),
        "fire" | "run" => fired_by_hand(what, state, call),
        "ended" => ended(what, state, call),
        _ => return None,
    }))
}

fn create(what: &'static str, call: &Call<'_>) -> Done {
    let given: Create = call.parse()?;
    let watch = Watch {
        on: given.on,
        condition: given.condition,
        only_if: given.only_if,
        then: given.then,
        catch_up: given.catch_up,
        enabled: given.enabled,
        maker: Maker { name: call.event.actor.clone(), admin: call.admin },
        since: now(call),
        fired: 0,
        failed: 0,
        last_at: None,
        last_due: None,
        pending: Vec::new(),
    };
    check(given.name.as_deref(), &watch, call)?;
    let record = Record { id: new_id(call, what), kind: what.into(), name: given.name, ..Record::default() };
    written(stamped(record, &watch, call))
}

/// What was given; the rest as it was. It counts from here on.
fn update(what: &'static str, state: &State, call: &Call<'_>) -> Done {
    let given: Update = call.parse()?;
    let record = find(state, call, (what, what), &given.trigger)?;
    may_remove(record, call)?;
    let old: Watch = body(record)?;
    let acts_anew = given.then.is_some();
    let watch = Watch {
        on: given.on.unwrap_or(old.on),
        condition: given.condition.unwrap_or(old.condition),
        only_if: given.only_if.unwrap_or(old.only_if),
        then: given.then.unwrap_or(old.then),
        catch_up: given.catch_up.unwrap_or(old.catch_up),
        since: now(call),
        last_due: None,
        ..old
    };
    let name = given.name.or_else(|| record.name.clone());
    // What others may post to was said by an admin, and stays.
    let urls = acts_anew || call.admin;
    if urls {
        check(name.as_deref(), &watch, call)?;
    } else {
        check_times(&watch, call)?;
        check_name(name.as_deref())?;
    }
    written(stamped(Record { name, ..record.clone() }, &watch, call))
}

fn delete(what: &'static str, state: &State, call: &Call<'_>) -> Done {
    let given: Named = call.parse()?;
    let record = find(state, call, (what, what), &given.trigger)?;
    may_remove(record, call)?;
    Ok((vec![tombstone(record, call)], json!({"id": record.id, "version": call.event.log_offset})))
}

/// What was missed while it was not enabled stays missed.
fn enable(what: &'static str, state: &State, call: &Call<'_>) -> Done {
    let given: Enable = call.parse()?;
    let record = find(state, call, (what, what), &given.trigger)?;
    may_remove(record, call)?;
    let old: Watch = body(record)?;
    if old.enabled == given.enabled {
        return Ok((vec![], json!({"id": record.id, "version": record.version})));
    }
    let since = if given.enabled { now(call) } else { old.since.clone() };
    written(stamped(record.clone(), &Watch { enabled: given.enabled, since, ..old }, call))
}

fn fired(what: &'static str, state: &State, call: &Call<'_>) -> Done {
    let given: Fired = call.parse()?;
    let record = find(state, call, (what, what), &given.trigger)?;
    let watch: Watch = body(record)?;
    if !watch.enabled {
        return Err(Error::conflict(format!("{} is not enabled", record.id)));
    }
    if let (Cause::Due(due), Some(last)) = (&given.cause, watch.last_due)
        && *due <= last
    {
        return Err(Error::conflict(format!("{} has fired at {last} already", record.id)));
    }
    let firing = Firing {
        id: call.event.id.clone(),
        by: given.by,
        at: call.now(),
        cause: given.cause,
        chain: given.chain,
    };
    take(record, watch, firing, call)
}

/// By hand it fires even when it is not enabled.
fn fired_by_hand(what: &'static str, state: &State, call: &Call<'_>) -> Done {
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct ByHand {
        #[serde(alias = "rule")]
        trigger: String,
        by: String,
        #[serde(default)]
        input: Map<String, Value>,
    }
    let given: ByHand = call.parse()?;
    let record = find(state, call, (what, what), &given.trigger)?;
    may_remove(record, call)?;
    if Value::Object(given.input.clone()).to_string().len() > INPUT_BYTES {
        return Err(Error::invalid("input", format!("at most {INPUT_BYTES} bytes of input")));
    }
    let watch: Watch = body(record)?;
    let cause = Cause::Hand { input: given.input };
    let id = id_of(FIRING, &call.event.id);
    let chain = apply::cause(call.event);
    take(record, watch, Firing { id, by: given.by, at: call.now(), cause, chain }, call)
}

/// Takes in a firing that is to be acted on.
fn take(record: &Record, mut watch: Watch, firing: Firing, call: &Call<'_>) -> Done {
    if firing.chain.contains(&record.id) {
        return Err(Error::conflict(format!("{} led to this itself", record.id)));
    }
    if firing.chain.len() >= DEEPEST {
        return Err(Error::conflict(format!("{DEEPEST} triggers, rules or hooks have led to this already")));
    }
    if watch.pending.len() >= MOST_PENDING {
        return Err(Error::conflict(format!("{MOST_PENDING} firings of {} have not ended", record.id)));
    }
    watch.fired += 1;
    watch.last_at = Some(firing.at);
    if let Cause::Due(due) = firing.cause {
        watch.last_due = Some(due);
    }
    let mut told = json!({"id": record.id, "firing": firing.id, "by": firing.by});
    watch.pending.push(firing);
    let record = stamped(record.clone(), &watch, call);
    told["version"] = json!(record.version);
    Ok((vec![row(record)], told))
}

/// The end of a firing is told even of what has been taken away meanwhile.
fn ended(what: &'static str, state: &State, call: &Call<'_>) -> Done {
    let given: Ended = call.parse()?;
    let told = json!({"id": given.trigger, "firing": given.firing, "outcome": given.outcome});
    let Ok(record) = find(state, call, (what, what), &given.trigger) else { return Ok((vec![], told)) };
    let mut watch: Watch = body(record)?;
    let before = watch.pending.len();
    watch.pending.retain(|firing| firing.id != given.firing);
    if watch.pending.len() == before {
        return Ok((vec![], told));
    }
    watch.failed += u64::from(given.outcome != "done");
    Ok((vec![row(stamped(record.clone(), &watch, call))], told))
}

/// The id of a firing: what fires, and by what. The same event, the same time of the clock or the same state that was
/// come to fires once.
pub fn firing_id(watch: &str, by: &[&str]) -> String {
    let parts: Vec<&str> = [watch].into_iter().chain(by.iter().copied()).collect();
    ids::short(&format!("{FIRING}-"), &parts)
}

fn now(call: &Call<'_>) -> Since {
    let event = call.event;
    Since {
        time: call.now(),
        topic: event.log_topic.clone(),
        partition: event.log_partition,
        offset: event.log_offset,
    }
}

fn stamped(record: Record, watch: &Watch, call: &Call<'_>) -> Record {
    let state = if watch.enabled { "enabled" } else { "disabled" };
    version(Record { tags: vec![watch.on.name().into(), state.into()], ..record }, watch, call)
}

fn check_name(name: Option<&str>) -> Result<(), Error> {
    if name.is_some_and(|name| name.trim().is_empty() || name.chars().count() > NAME_CHARS) {
        return Err(Error::invalid("name", format!("a name has 1 to {NAME_CHARS} characters")));
    }
    Ok(())
}

/// A time that has passed never comes.
fn check_times(watch: &Watch, call: &Call<'_>) -> Result<(), Error> {
    let at = watch.condition.get("at").filter(|_| watch.on == On::Time);
    let at = at.and_then(Value::as_str).and_then(Time::parse);
    if at.is_some_and(|at| at <= call.now()) {
        return Err(Error::invalid("condition", "the time has passed already"));
    }
    Ok(())
}

fn check(name: Option<&str>, watch: &Watch, call: &Call<'_>) -> Result<(), Error> {
    check_name(name)?;
    check_times(watch, call)?;
    if !(1..=MOST_ACTIONS).contains(&watch.then.len()) {
        return Err(Error::invalid("then", format!("from 1 to {MOST_ACTIONS} actions")));
    }
    if json!(watch.then).to_string().len() > ACTIONS_BYTES {
        return Err(Error::invalid("then", format!("at most {ACTIONS_BYTES} bytes of actions")));
    }
    for then in &watch.then {
        match then {
            // Who may say where is posted to decides what a server calls.
            Then::Url { .. } if !call.admin => {
                let error =
                    Error::new(Code::PermissionDenied, "only admins say which addresses are posted to");
                return Err(error.hint("call an operation instead, or use a token with the role admin"));
            }
            Then::Inject { .. } if watch.on != On::Context => {
                return Err(Error::invalid("action", "only a context trigger puts a text into a context"));
            }
            Then::Inject { inject } if inject.trim().is_empty() || inject.len() > INJECT_BYTES => {
                return Err(Error::invalid("action", format!("a text of 1 to {INJECT_BYTES} bytes")));
            }
            _ => {}
        }
    }
    Ok(())
}
