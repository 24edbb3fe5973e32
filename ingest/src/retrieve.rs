//! Commands of the tool `retrieve`: what was useful.
//!
//! A judgement is a record of kind `feedback`: `text` is the question, `name` the item that answered it, and its label
//! says whether it did. Of one question and item the last word counts.

use athena_schemas::tables::Record;
use athena_schemas::{Error, ids};
use serde::Deserialize;
use serde_json::json;

use crate::apply::{Call, Decision, Done, Key, State, Tool};
use crate::records;

pub(crate) const TOOL: Tool = Tool { name: "retrieve", keys, decide };

const FEEDBACK: &str = "feedback";
pub const USEFUL: &str = "useful";
pub const USELESS: &str = "useless";

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Feedback {
    query: String,
    id: String,
    useful: bool,
}

fn keys(call: &Call<'_>) -> Vec<Key> {
    let given = call.parse::<Feedback>();
    given.map(|given| vec![records::key(call, &id(call, &given))]).unwrap_or_default()
}

fn decide(operation: &str, state: &State, call: &Call<'_>) -> Option<Decision> {
    (operation == FEEDBACK).then(|| feedback(state, call).into())
}

fn feedback(state: &State, call: &Call<'_>) -> Done {
    let given: Feedback = call.parse()?;
    for (field, text) in [("query", &given.query), ("id", &given.id)] {
        if text.trim().is_empty() {
            return Err(Error::invalid(field, format!("`{field}` is empty")));
        }
    }
    let id = id(call, &given);
    let before = state.record(&call.event.project, &id).cloned();
    let record = Record {
        id,
        kind: FEEDBACK.into(),
        name: Some(given.id),
        text: Some(given.query),
        tags: vec![if given.useful { USEFUL } else { USELESS }.into()],
        deleted: false,
        ..before.unwrap_or_default()
    };
    records::written(records::version(record, &json!({}), call))
}

/// Of a project, a question and an item.
fn id(call: &Call<'_>, given: &Feedback) -> String {
    ids::short("feedback-", &[&call.event.project, &given.query, &given.id])
}

#[cfg(test)]
mod tests {
    use athena_schemas::tables::Event;
    use serde_json::Value;

    use super::*;
    use crate::apply::{Envelope, StateRow, apply, keys};

    fn command(offset: i64, arguments: Value) -> Event {
        let envelope = Envelope { arguments, admin: false, asked: None };
        Event {
            id: format!("c-{offset}"),
            project: "p".into(),
            r#type: "athena.retrieve.feedback".into(),
            actor: "ann".into(),
            attributes: Some(serde_json::to_string(&envelope).unwrap()),
            log_offset: offset,
            ..Event::default()
        }
    }

    #[test]
    fn the_last_word_on_an_answer_counts() {
        let mut state = State::default();
        let mut seen = Vec::new();
        for (offset, useful) in [(1, true), (2, false)] {
            let event = command(offset, json!({"query": "when?", "id": "m-1", "useful": useful}));
            let decision = apply(&state, &event);
            let [StateRow::Records(row)] = &decision.rows[..] else { panic!("{decision:?}") };
            assert_eq!(keys(&event), [decision.rows[0].key()]);
            seen.push((row.id.clone(), row.version, row.tags.clone(), row.name.clone()));
            state.put(decision.rows[0].clone());
        }
        assert_eq!(seen[0].0, seen[1].0);
        assert_eq!((seen[1].1, &seen[1].2[..]), (2, &[USELESS.to_owned()][..]));
        assert_eq!(state.len(), 1);
    }

    #[test]
    fn what_judges_nothing_is_refused() {
        let refused = |arguments: Value| {
            apply(&State::default(), &command(1, arguments)).result.unwrap_err().field.unwrap_or_default()
        };
        assert_eq!(refused(json!({"query": " ", "id": "m-1", "useful": true})), "query");
        assert_eq!(refused(json!({"query": "when?", "id": "", "useful": true})), "id");
        assert_eq!(refused(json!({"query": "when?", "id": "m-1"})), "useful");
    }
}
