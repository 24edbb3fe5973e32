//! Commands of `consolidation`: what people ask of the worker, which reads it from the table `records`.

use athena_schemas::Error;
use athena_schemas::orders::{
    RUN_CANCEL, RUN_REQUEST, RUN_SCHEDULE, RunRequest, RunSchedule, SCHEDULE_ID, cancel_id,
};
use athena_schemas::tables::Record;
use serde::Deserialize;
use serde_json::json;

use crate::apply::{Call, Decision, Done, Key, State, Tool};
use crate::memories;
use crate::records::{body, key, new_id, row, version, written};

pub(crate) const TOOL: Tool = Tool { name: "consolidation", keys, decide };

/// Bounds of a schedule.
pub const MOST_SECONDS: u64 = 30 * 86_400;
pub const MOST_EVENTS: u64 = 1_000_000_000;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Cancel {
    run: String,
}

fn keys(call: &Call<'_>) -> Vec<Key> {
    let run = call.arguments.get("run").and_then(|run| run.as_str());
    let mut keys: Vec<Key> =
        run.map(cancel_id).into_iter().chain([SCHEDULE_ID.to_owned()]).map(|id| key(call, &id)).collect();
    keys.extend(memories::keys(call));
    keys
}

fn decide(operation: &str, state: &State, call: &Call<'_>) -> Option<Decision> {
    Some(match operation {
        "run" => run(call).into(),
        "cancel" => cancel(state, call).into(),
        "schedule" => schedule(state, call).into(),
        "decay" => memories::fade(state, call).into(),
        _ => return None,
    })
}

fn run(call: &Call<'_>) -> Done {
    let given: RunRequest = call.parse()?;
    let record = Record { id: new_id(call, "run"), kind: RUN_REQUEST.into(), ..Record::default() };
    written(version(record, &given, call))
}

/// Said twice it says the same.
fn cancel(state: &State, call: &Call<'_>) -> Done {
    let Cancel { run } = call.parse()?;
    let id = cancel_id(&run);
    let before = state.record(&call.event.project, &id).cloned().unwrap_or_default();
    let record = Record { id, kind: RUN_CANCEL.into(), name: Some(run), ..before };
    written(version(record, &json!({}), call))
}

/// What is not named stays as it was told before.
fn schedule(state: &State, call: &Call<'_>) -> Done {
    let given: RunSchedule = call.parse()?;
    let bounds = [("every", given.every_s, MOST_SECONDS), ("after_events", given.after_events, MOST_EVENTS)];
    for (field, value, most) in bounds {
        if value.is_some_and(|value| !(1..=most).contains(&value)) {
            return Err(Error::invalid(field, format!("from 1 to {most} can be asked for")));
        }
    }
    let before = state.record(&call.event.project, SCHEDULE_ID).cloned();
    let told: RunSchedule = before.as_ref().map(body).transpose()?.unwrap_or_default();
    let schedule = RunSchedule {
        every_s: given.every_s.or(told.every_s),
        after_events: given.after_events.or(told.after_events),
    };
    let record = Record { id: SCHEDULE_ID.into(), kind: RUN_SCHEDULE.into(), ..before.unwrap_or_default() };
    let record = version(record, &schedule, call);
    let told = json!({
        "id": record.id, "version": record.version,
        "every_s": schedule.every_s, "after_events": schedule.after_events,
    });
    Ok((vec![row(record)], told))
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::*;
    use crate::apply::{StateRow, apply};
    use crate::test::command;

    #[test]
    fn a_schedule_keeps_what_is_not_named() {
        let mut state = State::default();
        let mut told = Value::Null;
        for (offset, arguments) in [(1, json!({"every_s": 60})), (2, json!({"after_events": 5}))] {
            let decision = apply(&state, &command(offset, "consolidation.schedule", "ann", arguments));
            told = decision.result.unwrap();
            decision.rows.into_iter().for_each(|row| state.put(row));
        }
        assert_eq!((&told["every_s"], &told["after_events"]), (&json!(60), &json!(5)));
        let wrong = apply(&state, &command(3, "consolidation.schedule", "ann", json!({"every_s": 0})));
        assert_eq!(wrong.result.unwrap_err().field.as_deref(), Some("every"));
    }

    #[test]
    fn a_run_and_its_end_are_records() {
        let asked = apply(&State::default(), &command(1, "consolidation.run", "ann", json!({"full": true})));
        let [StateRow::Records(request)] = &asked.rows[..] else { panic!("{asked:?}") };
        assert_eq!((request.kind.as_str(), request.body.as_str()), (RUN_REQUEST, r#"{"full":true}"#));
        let run = json!({"run": request.id});
        let ended = apply(&State::default(), &command(2, "consolidation.cancel", "ann", run));
        let [StateRow::Records(cancel)] = &ended.rows[..] else { panic!("{ended:?}") };
        assert_eq!((cancel.id.clone(), cancel.name.as_ref()), (cancel_id(&request.id), Some(&request.id)));
    }
}
