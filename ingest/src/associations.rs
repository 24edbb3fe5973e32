//! Commands of `associations`: what is told of how strongly two things belong together, over what is learned of it.

use athena_schemas::tables::Record;
use athena_schemas::told::association_id;
use athena_schemas::{Error, Time};
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::apply::{Call, Decision, Done, Key, State, StateRow, Tool};
use crate::records::{body, key, row, version, written};

/// The kind of such records.
pub const ASSOCIATION: &str = "association";
/// Pairs of one command, and bytes of the longest id.
pub const MOST: usize = 1_000;
const ID_BYTES: usize = 240;

pub(crate) const TOOL: Tool = Tool { name: "associations", keys, decide };

/// What is told of two: the body of their record. What they have is `(1 − (1 − learned)(1 − plus))(1 − minus)`.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Told {
    pub a: String,
    pub b: String,
    pub plus: f64,
    pub minus: f64,
    /// When `plus` was what it is: it fades from then on.
    pub at: Time,
    /// Until when what was learned counts for nothing.
    #[serde(default)]
    pub pruned_at: Option<Time>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Change {
    a: String,
    b: String,
    by: f64,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Prune {
    below: f64,
    /// The pairs that the caller found to be weaker.
    pairs: Vec<(String, String)>,
}

fn keys(call: &Call<'_>) -> Vec<Key> {
    if let Ok(Prune { pairs, .. }) = call.parse() {
        return pairs.iter().map(|(a, b)| key(call, &association_id(a, b))).collect();
    }
    let pair = call.parse().map(|Change { a, b, .. }| key(call, &association_id(&a, &b)));
    pair.into_iter().collect()
}

fn decide(operation: &str, state: &State, call: &Call<'_>) -> Option<Decision> {
    Some(Decision::from(match operation {
        "strengthen" => change(state, call, |told, by| {
            told.plus += by * (1.0 - told.plus);
            told.minus *= 1.0 - by;
        }),
        "weaken" => change(state, call, |told, by| {
            told.minus += by * (1.0 - told.minus);
            told.plus *= 1.0 - by;
        }),
        "prune" => prune(state, call),
        _ => return None,
    }))
}

/// Hebb's rule, bounded: each time a share of what is left to the bound.
fn change(state: &State, call: &Call<'_>, apply: fn(&mut Told, f64)) -> Done {
    let given: Change = call.parse()?;
    if !(given.by > 0.0 && given.by <= 1.0) {
        return Err(Error::invalid("by", "a share of what is left, above 0 and at most 1"));
    }
    for (field, id) in [("a", &given.a), ("b", &given.b)] {
        if id.trim().is_empty() || id.len() > ID_BYTES {
            return Err(Error::invalid(field, format!("an id has from 1 to {ID_BYTES} bytes")));
        }
    }
    if given.a == given.b {
        return Err(Error::invalid("b", "a thing is not associated with itself"));
    }
    let (record, mut told) = known(state, call, &given.a, &given.b)?;
    apply(&mut told, given.by);
    told.at = call.now();
    written(version(record, &told, call))
}

fn prune(state: &State, call: &Call<'_>) -> Done {
    let given: Prune = call.parse()?;
    if !(given.below > 0.0 && given.below <= 1.0) {
        return Err(Error::invalid("below", "a strength above 0 and at most 1"));
    }
    if given.pairs.len() > MOST {
        return Err(Error::invalid("pairs", format!("at most {MOST} at once")));
    }
    let mut rows: Vec<StateRow> = Vec::new();
    for (a, b) in &given.pairs {
        let (record, told) = known(state, call, a, b)?;
        let told = Told { plus: 0.0, minus: 0.0, at: call.now(), pruned_at: Some(call.now()), ..told };
        rows.push(row(version(record, &told, call)));
    }
    let told = json!({"id": call.event.id, "version": call.event.log_offset, "pruned": rows.len()});
    Ok((rows, told))
}

fn known(state: &State, call: &Call<'_>, one: &str, other: &str) -> Result<(Record, Told), Error> {
    let (a, b) = (one.min(other), one.max(other));
    let id = association_id(a, b);
    match state.record(&call.event.project, &id).filter(|record| !record.deleted) {
        Some(record) => Ok((record.clone(), body(record)?)),
        None => {
            let tags = vec![a.to_owned(), b.to_owned()];
            let record = Record { id, kind: ASSOCIATION.into(), tags, ..Record::default() };
            Ok((record, Told { a: a.to_owned(), b: b.to_owned(), ..Told::default() }))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::test::{command, run};

    #[test]
    fn what_is_told_adds_up_and_never_leaves_its_bounds() {
        let mut state = State::default();
        let call = |state: &mut State, offset, operation: &str, arguments| {
            run(state, command(offset, &format!("associations.{operation}"), "ann", arguments))
        };
        let told =
            |state: &State| body::<Told>(state.record("p", &association_id("x", "y")).unwrap()).unwrap();
        call(&mut state, 1, "strengthen", json!({"a": "y", "b": "x", "by": 0.5})).unwrap();
        call(&mut state, 2, "strengthen", json!({"a": "x", "b": "y", "by": 0.5})).unwrap();
        assert_eq!((told(&state).plus, told(&state).a.as_str()), (0.75, "x"));
        call(&mut state, 3, "weaken", json!({"a": "x", "b": "y", "by": 0.5})).unwrap();
        assert_eq!((told(&state).plus, told(&state).minus), (0.375, 0.5));
        call(&mut state, 4, "prune", json!({"below": 0.5, "pairs": [["x", "y"]]})).unwrap();
        assert!(told(&state).plus == 0.0 && told(&state).pruned_at.is_some());
        let error = |state: &mut State, arguments| {
            run(state, command(9, "associations.strengthen", "ann", arguments)).unwrap_err().field.unwrap()
        };
        assert_eq!(error(&mut state, json!({"a": "x", "b": "x", "by": 0.5})), "b");
        assert_eq!(error(&mut state, json!({"a": "x", "b": "y", "by": 1.5})), "by");
    }
}
