//! Commands of `hooks`: what is to happen at the fixed moments of agents' runs. Who may register decides what a server
//! calls, so only admins do.

use athena_schemas::tables::Record;
use athena_schemas::{Code, Error};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use crate::apply::{Call, Decision, Done, Key, State, Tool};
use crate::records::{body, find, keys_in, may_remove, new_id, tombstone, version, written};

/// The kind of a hook's record.
pub const KIND: &str = "hook";
/// Calls a minute when nothing is said, and at most.
pub const RATE: u32 = 60;
pub const MOST_RATE: u32 = 6_000;

pub(crate) const TOOL: Tool = Tool { name: "hooks", keys, decide };

/// When a hook is called.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, schemars::JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Moment {
    SessionStart,
    UserPrompt,
    PreTool,
    PostTool,
    SessionEnd,
}

impl Moment {
    pub const ALL: [Self; 5] =
        [Self::SessionStart, Self::UserPrompt, Self::PreTool, Self::PostTool, Self::SessionEnd];

    pub const fn name(self) -> &'static str {
        match self {
            Self::SessionStart => "session_start",
            Self::UserPrompt => "user_prompt",
            Self::PreTool => "pre_tool",
            Self::PostTool => "post_tool",
            Self::SessionEnd => "session_end",
        }
    }

    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|moment| moment.name() == name)
    }
}

/// What a hook does.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(untagged)]
pub enum Action {
    /// Posts what happened there.
    Url { url: String },
    /// Calls an operation.
    Call {
        /// `TOOL.OPERATION`.
        call: String,
        /// Its arguments.
        #[serde(default)]
        arguments: Map<String, Value>,
    },
}

/// The body of a hook's record.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Hook {
    pub moment: Moment,
    /// What must be so; it is always called when empty.
    #[serde(default)]
    pub when: Map<String, Value>,
    pub then: Action,
    /// Calls a minute.
    pub rate: u32,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Register {
    moment: Moment,
    #[serde(default)]
    when: Map<String, Value>,
    then: Action,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Remove {
    hook: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Limit {
    hook: String,
    rate: u32,
}

fn keys(call: &Call<'_>) -> Vec<Key> {
    keys_in(call, &["hook"])
}

fn decide(operation: &str, state: &State, call: &Call<'_>) -> Option<Decision> {
    Some(Decision::from(match operation {
        "register" => register(call),
        "remove" => remove(state, call),
        "limit" => limit(state, call),
        _ => return None,
    }))
}

fn register(call: &Call<'_>) -> Done {
    let Register { moment, when, then } = call.parse()?;
    if !call.admin {
        return Err(Error::new(Code::PermissionDenied, "only admins register hooks")
            .hint("a token with the role admin may"));
    }
    let record = Record { id: new_id(call, KIND), kind: KIND.into(), ..Record::default() };
    written(version(record, &Hook { moment, when, then, rate: RATE }, call))
}

fn remove(state: &State, call: &Call<'_>) -> Done {
    let given: Remove = call.parse()?;
    let record = find(state, call, (KIND, "hook"), &given.hook)?;
    may_remove(record, call)?;
    let told = json!({"id": record.id, "version": call.event.log_offset});
    Ok((vec![tombstone(record, call)], told))
}

fn limit(state: &State, call: &Call<'_>) -> Done {
    let given: Limit = call.parse()?;
    let record = find(state, call, (KIND, "hook"), &given.hook)?;
    may_remove(record, call)?;
    if !(1..=MOST_RATE).contains(&given.rate) {
        return Err(Error::invalid("rate", format!("from 1 to {MOST_RATE} calls a minute")));
    }
    let hook = Hook { rate: given.rate, ..body(record)? };
    written(version(record.clone(), &hook, call))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::test::{command, run};

    #[test]
    fn only_admins_say_what_is_called() {
        let mut state = State::default();
        let mut call = |offset, operation: &str, actor: &str, arguments| {
            run(&mut state, command(offset, &format!("hooks.{operation}"), actor, arguments))
        };
        let hook = json!({"moment": "post_tool", "then": {"url": "http://127.0.0.1:1/x"}});
        assert_eq!(call(1, "register", "ann", hook.clone()).unwrap_err().code, Code::PermissionDenied);
        let made = call(2, "register", "admin", hook).unwrap();
        let id = made["id"].as_str().unwrap().to_owned();
        let limited = |rate: u32| json!({"hook": id, "rate": rate});
        assert_eq!(call(3, "limit", "ann", limited(5)).unwrap_err().code, Code::PermissionDenied);
        assert_eq!(call(4, "limit", "admin", limited(0)).unwrap_err().field.as_deref(), Some("rate"));
        call(5, "limit", "admin", limited(5)).unwrap();
        assert_eq!(call(6, "remove", "ann", json!({"hook": id})).unwrap_err().code, Code::PermissionDenied);
        call(7, "remove", "admin", json!({"hook": id})).unwrap();
        let gone = call(8, "remove", "admin", json!({"hook": id})).unwrap_err();
        assert_eq!((gone.code, gone.field.as_deref()), (Code::NotFound, Some("hook")));
        assert_eq!(state.record("p", &id).unwrap().body, "{}");
    }
}
