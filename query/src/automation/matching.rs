//! Whether something fires by an event, and why. Pure.

use athena_ingest::watches::{DEEPEST, On, Since, Watch, firing_id};
use athena_ingest::{apply, goals, tasks};
use athena_schemas::tables::Event;
use athena_schemas::{Error, Time};
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::{Map, Value, json};

use super::facts::{self, EVENT};
use super::glob;
use super::schedule::Schedule;
use crate::condition;

/// The one part of a condition on files that is a pattern, and those of one on tasks and goals.
const PATH: &str = "path";
const OF_A_TASK: [&str; 3] = ["task", "goal", "state"];

/// Whether one part of a condition holds.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Asked {
    pub field: String,
    pub wanted: Value,
    pub found: Value,
    pub holds: bool,
}

/// What an event comes to.
#[derive(Debug)]
pub struct Verdict {
    pub fires: bool,
    pub asked: Vec<Asked>,
    pub facts: Map<String, Value>,
}

/// # Errors
/// By the argument, what cannot be asked.
pub fn check(argument: &str, on: On, when: &Map<String, Value>, anchor: Time) -> Result<(), Error> {
    let wrong = |why: &str, hint: &str| Err(Error::invalid(argument, why).hint(hint));
    match on {
        On::Time => Schedule::parse(argument, when, anchor).map(drop),
        On::Event if when.is_empty() => {
            wrong("a condition on every event would fire by every event", "such as {\"type\": \"error\"}")
        }
        On::Event => condition::check(argument, when, &EVENT),
        On::Context => condition::check(argument, when, &facts::CONTEXT),
        On::File => {
            let pattern = when.get(PATH).and_then(Value::as_str).filter(|pattern| !pattern.is_empty());
            if pattern.is_none_or(|pattern| pattern.len() > 1_000) {
                return wrong("a condition on files has a pattern", "such as {\"path\": \"src/**/*.rs\"}");
            }
            condition::check(argument, &without(when, &[PATH]), &EVENT)
        }
        On::Dependency => {
            let one = when.contains_key("task") != when.contains_key("goal");
            let state = when.get("state").and_then(Value::as_str);
            let id = when.get("task").or_else(|| when.get("goal")).is_some_and(Value::is_string);
            let (Some(state), true) = (state, one && id && when.len() == 2) else {
                let hint = "such as {\"task\": \"task-…\", \"state\": \"done\"}";
                return wrong("a dependency is a task or a goal, and the state that it comes to", hint);
            };
            let states: Vec<&str> = match when.contains_key("task") {
                true => tasks::Status::ALL.map(tasks::Status::name).into(),
                false => goals::Status::ALL.map(goals::Status::name).into(),
            };
            match states.contains(&state) {
                true => Ok(()),
                false => {
                    wrong(&format!("nothing comes to {state:?}"), &format!("there are {}", states.join(", ")))
                }
            }
        }
    }
}

/// What the condition comes to for an event, whatever came before; `None` when it is not about such events.
pub fn verdict(watch: &Watch, event: &Event) -> Option<Verdict> {
    if facts::is_own(event) || facts::was_refused(event) {
        return None;
    }
    let of = |facts: Map<String, Value>| judged(watch, facts);
    match watch.on {
        On::Time => None,
        On::Event => Some(of(facts::of_event(event))),
        On::Context => facts::context_of(event).map(of),
        On::File => facts::changes_files(event).then(|| of(facts::of_event(event))),
        On::Dependency => {
            let all = facts::states_of(event).into_iter().map(of);
            all.reduce(|one, other| if one.fires { one } else { other })
        }
    }
}

/// Whether an event may fire a watch, by what is asked of its plain fields: most fail there, before all else is put
/// together.
pub fn may_fire(watch: &Watch, event: &Event) -> bool {
    asked_of_events(watch)
        .all(|(field, wanted)| facts::plain(event, field).is_none_or(|found| condition::fits(wanted, &found)))
}

/// What a plain field of an event must be to fire a watch, where that is one text.
pub fn only<'w>(watch: &'w Watch, field: &str) -> Option<&'w str> {
    asked_of_events(watch).find_map(|(asked, wanted)| wanted.as_str().filter(|_| asked == field))
}

/// What is asked of events by their own fields.
fn asked_of_events(watch: &Watch) -> impl Iterator<Item = (&String, &Value)> {
    let plain = matches!(watch.on, On::Event | On::File);
    watch.condition.iter().chain(&watch.only_if).filter(move |_| plain)
}

/// What a condition comes to for what is known.
pub fn judged(watch: &Watch, facts: Map<String, Value>) -> Verdict {
    let mut asked = Vec::new();
    for (field, wanted) in watch.condition.iter().chain(&watch.only_if) {
        let of_files = watch.on == On::File && field == PATH;
        let found = facts.get(if of_files { "files" } else { field }).cloned().unwrap_or(Value::Null);
        let holds = match (of_files, wanted.as_str()) {
            (true, Some(pattern)) => {
                let mut files = found.as_array().into_iter().flatten().filter_map(Value::as_str);
                files.any(|file| glob::fits(pattern, file))
            }
            _ => condition::fits(wanted, &found),
        };
        asked.push(Asked { field: field.clone(), wanted: wanted.clone(), found, holds });
    }
    Verdict { fires: asked.iter().all(|asked| asked.holds), asked, facts }
}

/// Whether an event is one that a watch sees: it came after, and was led to by others, but not too many.
pub fn sees(id: &str, watch: &Watch, event: &Event) -> bool {
    let chain = apply::cause(event);
    is_after(&watch.since, event) && chain.len() < DEEPEST && !chain.iter().any(|one| one == id)
}

/// In one partition the log's order tells, else its times.
fn is_after(since: &Since, event: &Event) -> bool {
    match since.topic == event.log_topic && since.partition == event.log_partition {
        true => event.log_offset > since.offset,
        false => event.received_at >= since.time,
    }
}

/// The id of the firing by an event. A dependency is come to once, until it is changed or enabled anew.
pub fn by_event(id: &str, watch: &Watch, event: &Event) -> String {
    match watch.on {
        On::Dependency => firing_id(id, &["reached", &watch.since.offset.to_string()]),
        _ => firing_id(id, &["event", &event.project, &event.source, &event.id]),
    }
}

/// The id of the firing by the clock.
pub fn by_time(id: &str, due: Time) -> String {
    firing_id(id, &["due", &due.micros().to_string()])
}

/// What is known when the clock fires.
pub fn of_due(project: &str, due: Time) -> Map<String, Value> {
    json!({"due": due, "time": due, "project": project}).as_object().cloned().unwrap_or_default()
}

/// What is known when it is fired by hand.
pub fn of_hand(project: &str, at: Time, input: &Map<String, Value>) -> Map<String, Value> {
    let mut facts = json!({"time": at, "project": project}).as_object().cloned().unwrap_or_default();
    facts.extend(input.iter().map(|(name, value)| (format!("input.{name}"), value.clone())));
    // What a rule usually has of an event can be given as well.
    for (name, value) in input {
        facts.entry(name).or_insert_with(|| value.clone());
    }
    facts
}

/// The kind of condition that `when` of a rule is.
pub fn kind_of(when: &Map<String, Value>) -> On {
    let has = |name: &str| when.contains_key(name);
    match () {
        () if ["cron", "every", "at"].into_iter().any(has) => On::Time,
        () if has(PATH) => On::File,
        () if OF_A_TASK.into_iter().any(has) => On::Dependency,
        () if has("prompt") || has("moment") || has("cwd") => On::Context,
        () => On::Event,
    }
}

fn without(when: &Map<String, Value>, names: &[&str]) -> Map<String, Value> {
    let rest = when.iter().filter(|(name, _)| !names.contains(&name.as_str()));
    rest.map(|(name, value)| (name.clone(), value.clone())).collect()
}

#[cfg(test)]
pub mod tests {
    use athena_ingest::watches::{CatchUp, Maker, Then};

    use super::*;

    pub fn watch(on: On, condition: Value) -> Watch {
        Watch {
            on,
            condition: condition.as_object().unwrap().clone(),
            only_if: Map::new(),
            then: vec![Then::Call { call: "memories.remember".into(), arguments: Map::new() }],
            catch_up: CatchUp::Last,
            enabled: true,
            maker: Maker { name: "ann".into(), admin: false },
            since: Since { time: Time::from_micros(10), topic: "local".into(), partition: 0, offset: 10 },
            fired: 0,
            failed: 0,
            last_at: None,
            last_due: None,
            pending: vec![],
        }
    }

    fn event(of_type: &str, offset: i64) -> Event {
        Event {
            id: format!("e-{offset}"),
            project: "p".into(),
            r#type: of_type.into(),
            files: vec!["src/cart/total.rs".into()],
            received_at: Time::from_micros(offset),
            log_topic: "local".into(),
            log_offset: offset,
            ..Event::default()
        }
    }

    #[test]
    fn conditions_hold_of_what_happened() {
        let fires = |watch: &Watch, event: &Event| verdict(watch, event).is_some_and(|verdict| verdict.fires);
        let errors = watch(On::Event, json!({"type": "error", "files": {"ends_with": "total.rs"}}));
        assert!(fires(&errors, &event("error", 11)) && !fires(&errors, &event("success", 11)));
        let only =
            Watch { only_if: errors.condition.clone(), ..watch(On::Event, json!({"type": "success"})) };
        assert!(!fires(&only, &event("success", 11)) && !fires(&only, &event("error", 11)));
        let file = watch(On::File, json!({"path": "src/**/*.rs"}));
        assert!(fires(&file, &event("code_edit", 11)) && !fires(&file, &event("message", 11)));
        let asks = watch(On::Context, json!({"prompt": {"contains": "deploy"}}));
        let prompt = Event {
            agent: Some("user".into()),
            content: Some("please deploy".into()),
            ..event("message", 11)
        };
        assert!(fires(&asks, &prompt) && !fires(&asks, &Event { agent: None, ..prompt }));
    }

    #[test]
    fn only_what_comes_after_and_was_not_caused_is_seen() {
        let errors = watch(On::Event, json!({"type": "error"}));
        let sees = |event: &Event| sees("trigger-1", &errors, event);
        assert!(sees(&event("error", 11)) && !sees(&event("error", 10)));
        let elsewhere = |offset| Event { log_topic: "other".into(), ..event("error", offset) };
        assert!(sees(&elsewhere(10)) && !sees(&elsewhere(9)));
        let caused = |by: Value, origin: &str| Event {
            attributes: Some(json!({apply::CAUSE: by}).to_string()),
            origin: origin.into(),
            ..event("error", 11)
        };
        assert!(!sees(&caused(json!(["x", "trigger-1"]), "hook")));
        assert!(sees(&caused(json!(["1", "2", "3", "4"]), "hook")));
        assert!(!sees(&caused(json!(["1", "2", "3", "4", "5"]), "hook")));
        // Producers on Kafka do not say what Athena caused.
        assert!(sees(&caused(json!(["x", "trigger-1"]), "kafka")));
    }

    #[test]
    fn kinds_of_conditions() {
        for (when, on) in [
            (json!({"cron": "0 9 * * *"}), On::Time),
            (json!({"path": "*.rs", "agent": "ann"}), On::File),
            (json!({"task": "task-1", "state": "done"}), On::Dependency),
            (json!({"prompt": {"contains": "x"}}), On::Context),
            (json!({"type": "error"}), On::Event),
        ] {
            let when = when.as_object().unwrap();
            assert_eq!(kind_of(when), on);
            check("when", on, when, Time::from_micros(0)).unwrap();
        }
        for (on, wrong) in [
            (On::Event, json!({})),
            (On::File, json!({"type": "code_edit"})),
            (On::Dependency, json!({"task": "task-1"})),
            (On::Dependency, json!({"task": "task-1", "state": "finished"})),
            (On::Dependency, json!({"goal": "goal-1", "state": "done"})),
            (On::Dependency, json!({"task": "t", "goal": "g", "state": "done"})),
            (On::Context, json!({"tool": "Bash"})),
        ] {
            let wrong = wrong.as_object().unwrap();
            assert!(check("when", on, wrong, Time::from_micros(0)).is_err(), "{wrong:?}");
        }
    }
}
