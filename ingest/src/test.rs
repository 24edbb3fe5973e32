//! Commands for the tests of those who decide them.

use athena_schemas::tables::Event;
use athena_schemas::{Error, Time};
use serde_json::Value;

use crate::apply::{Envelope, State, apply};

/// `TOOL.OPERATION` by somebody, at an offset; `admin` is an admin.
pub fn command(offset: i64, operation: &str, actor: &str, arguments: Value) -> Event {
    let envelope = Envelope { arguments, admin: actor == "admin", asked: None };
    Event {
        id: format!("c-{offset}"),
        project: "p".into(),
        r#type: format!("athena.{operation}"),
        actor: actor.into(),
        attributes: Some(serde_json::to_string(&envelope).unwrap()),
        received_at: Time::from_micros(offset * 1_000_000),
        log_offset: offset,
        ..Event::default()
    }
}

/// Decides it, with the rows that its keys name and no others, and takes what it writes into the state.
pub fn run(state: &mut State, event: Event) -> Result<Value, Error> {
    let mut seen = State::default();
    for key in crate::apply::keys(&event) {
        state.get(&key).cloned().into_iter().for_each(|row| seen.put(row));
    }
    // As the writer does: what only rows name is loaded step by step.
    loop {
        let further = crate::apply::further(&event, &seen).into_iter();
        let missing: Vec<_> =
            further.filter(|key| !seen.contains(key)).filter_map(|key| state.get(&key)).collect();
        if missing.is_empty() {
            break;
        }
        missing.into_iter().for_each(|row| seen.put(row.clone()));
    }
    let decision = apply(&seen, &event);
    decision.rows.into_iter().for_each(|row| state.put(row));
    decision.result
}
