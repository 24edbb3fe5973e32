//! What became of communities between two times.

use std::collections::{BTreeMap, BTreeSet};

use athena_schemas::{Error, Time};
use athena_store::Scope;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::operations::graph::shop;
use crate::operations::records::one_project;
use crate::operations::rows::objects;
use crate::registry::{Call, Effect, Example, Operation};
use crate::time_args;

const RUN_AT: &str = include_str!("../../../sql/run_at.sql");
const MEMBERS_AT: &str = include_str!("../../../sql/members_at.sql");

/// Members that are read of one time, changes that are told, and names that each shows.
const MOST: usize = 1_000_000;
const CHANGES: usize = 100;
const NAMES: usize = 10;
/// The share of a community that must go to another to be a part of it.
const PART: f64 = 0.2;

/// How communities changed between two times, as runs left them: which split, merged, came, went, and what moved.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Drift {
    /// The earlier time: RFC 3339, or an age such as `7d`.
    from: String,
    /// The later time; now when not said.
    #[serde(default)]
    to: Option<String>,
}

/// Changes, those that concern most first.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Drifted {
    items: Vec<Change>,
    /// The runs that are compared; null where none was complete yet.
    from_run: Option<String>,
    to_run: Option<String>,
    /// Entities in communities at both times, and those of them that changed theirs.
    stayed: usize,
    moved: usize,
    /// Of the entities at both times, the share that is where it was; null without any.
    stability: Option<f64>,
    /// Why there is nothing to compare.
    reason: Option<&'static str>,
    project: String,
}

#[derive(Debug, Serialize, JsonSchema)]
struct Change {
    /// `split`, `merged`, `appeared`, `gone` or `moved`.
    change: &'static str,
    /// Communities before.
    before: Vec<String>,
    /// Communities after.
    after: Vec<String>,
    /// How many entities it concerns.
    size: usize,
    /// Names of some of them.
    entities: Vec<String>,
}

/// Communities of entities at one time.
#[derive(Debug, Default)]
struct At {
    run: Option<String>,
    /// By entity: its community, and its name.
    of: BTreeMap<String, (String, String)>,
}

impl Operation for Drift {
    const TOOL: &'static str = "communities";
    const NAME: &'static str = "drift";
    const EFFECT: Effect = Effect::Read;
    type Result = Drifted;

    async fn call(self, call: &Call) -> Result<Drifted, Error> {
        let now = Time::now();
        let from = time_args::instant("from", &self.from, now)?;
        let to = self.to.as_deref().map_or(Ok(now), |to| time_args::instant("to", to, now))?;
        if from >= to {
            return Err(Error::invalid("to", "it is not after `from`"));
        }
        let (project, scope) = one_project(call).await?;
        let (before, after) = (at(call, &scope, from).await?, at(call, &scope, to).await?);
        let reason = (before.run.is_none() || after.run.is_none())
            .then_some("no run was complete at one of the times; communities are kept from the first run on");
        let both = before.of.iter().filter_map(|(entity, (own, _))| Some((own, &after.of.get(entity)?.0)));
        let (mut stayed, mut moved) = (0, 0);
        both.for_each(|(own, other)| if own == other { stayed += 1 } else { moved += 1 });
        let items = if reason.is_some() { vec![] } else { changes(&before, &after) };
        Ok(Drifted {
            items,
            from_run: before.run,
            to_run: after.run,
            stayed: stayed + moved,
            moved,
            stability: (stayed + moved > 0).then(|| stayed as f64 / (stayed + moved) as f64),
            reason,
            project,
        })
    }

    fn examples() -> Vec<Example> {
        vec![Example { setup: shop(), arguments: json!({"from": "7d"}) }]
    }
}

async fn at(call: &Call, scope: &Scope, time: Time) -> Result<At, Error> {
    let given = [json!(time.micros())];
    let Some(run) = objects(&call.app, scope, RUN_AT, &given, 1).await?.pop() else {
        return Ok(At::default());
    };
    let number = run.get("number").cloned().unwrap_or_default();
    let text = |row: &serde_json::Map<String, Value>, name: &str| {
        row.get(name).and_then(Value::as_str).unwrap_or_default().to_owned()
    };
    let rows = objects(&call.app, scope, MEMBERS_AT, &[number], MOST).await?;
    let of = rows.iter().map(|row| (text(row, "entity"), (text(row, "community"), text(row, "name"))));
    Ok(At { run: Some(text(&run, "id")), of: of.collect() })
}

/// Pure: what happened to each community, those that concern most entities first.
fn changes(before: &At, after: &At) -> Vec<Change> {
    let mut flows: BTreeMap<(&str, &str), Vec<&str>> = BTreeMap::new();
    for (entity, (own, name)) in &before.of {
        if let Some((other, _)) = after.of.get(entity) {
            flows.entry((own, other)).or_default().push(name);
        }
    }
    let sizes = |at: &At| {
        let mut sizes: BTreeMap<String, usize> = BTreeMap::new();
        at.of.values().for_each(|(own, _)| *sizes.entry(own.clone()).or_default() += 1);
        sizes
    };
    let (old, new) = (sizes(before), sizes(after));
    let part = |count: usize, of: usize| count as f64 >= PART * of as f64;
    let mut all = Vec::new();
    let mut told: BTreeSet<(&str, &str)> = BTreeSet::new();
    for (own, size) in &old {
        let to: Vec<_> =
            flows.iter().filter(|((from, _), names)| from == own && part(names.len(), *size)).collect();
        if to.len() > 1 {
            told.extend(to.iter().map(|(pair, _)| **pair));
            all.push(change(
                "split",
                [own.as_str()],
                to.iter().map(|((_, to), _)| *to),
                to.iter().flat_map(|(_, names)| names.iter().copied()),
            ));
        } else if to.is_empty() {
            let names = before.of.values().filter(|(of, _)| of == own).map(|(_, name)| name.as_str());
            all.push(change("gone", [own.as_str()], [], names));
        }
    }
    for (own, size) in &new {
        let from: Vec<_> = flows
            .iter()
            .filter(|((_, to), names)| to == own && part(names.len(), *size))
            .filter(|((from, _), names)| part(names.len(), old[*from]))
            .collect();
        if from.len() > 1 {
            told.extend(from.iter().map(|(pair, _)| **pair));
            all.push(change(
                "merged",
                from.iter().map(|((from, _), _)| *from),
                [own.as_str()],
                from.iter().flat_map(|(_, names)| names.iter().copied()),
            ));
        } else if !flows.keys().any(|(_, to)| to == own) {
            let names = after.of.values().filter(|(of, _)| of == own).map(|(_, name)| name.as_str());
            all.push(change("appeared", [], [own.as_str()], names));
        }
    }
    let moves = flows.iter().filter(|(pair, _)| pair.0 != pair.1 && !told.contains(*pair));
    all.extend(moves.map(|((from, to), names)| change("moved", [*from], [*to], names.iter().copied())));
    all.sort_by_key(|one: &Change| std::cmp::Reverse(one.size));
    all.truncate(CHANGES);
    all
}

fn change<'a>(
    change: &'static str,
    before: impl IntoIterator<Item = &'a str>,
    after: impl IntoIterator<Item = &'a str>,
    entities: impl Iterator<Item = &'a str>,
) -> Change {
    let entities: Vec<&str> = entities.collect();
    Change {
        change,
        before: before.into_iter().map(str::to_owned).collect(),
        after: after.into_iter().map(str::to_owned).collect(),
        size: entities.len(),
        entities: entities.into_iter().take(NAMES).map(str::to_owned).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(of: &[(&str, &str)]) -> At {
        let of = of.iter().flat_map(|(community, entities)| {
            entities
                .chars()
                .map(move |entity| (entity.to_string(), ((*community).to_owned(), entity.to_string())))
        });
        At { run: Some("r".into()), of: of.collect() }
    }

    #[test]
    fn splits_merges_and_moves_are_told() {
        let before = at(&[("a", "123456"), ("b", "789"), ("c", "xyz"), ("d", "pq")]);
        let after = at(&[("a", "123"), ("e", "456"), ("b", "789xyz"), ("f", "uv")]);
        let found = changes(&before, &after);
        let of = |wanted: &str| found.iter().find(|one| one.change == wanted).unwrap();
        assert_eq!(
            (&of("split").before, &of("split").after),
            (&vec!["a".to_owned()], &vec!["a".to_owned(), "e".into()])
        );
        assert_eq!((of("merged").before.len(), &of("merged").after), (2, &vec!["b".to_owned()]));
        assert_eq!(of("gone").before, ["d"]);
        assert_eq!((&of("appeared").after, of("appeared").size), (&vec!["f".to_owned()], 2));
        assert!(changes(&before, &before).is_empty());
        let moved = changes(
            &at(&[("a", "1234567890"), ("b", "xyzuvw")]),
            &at(&[("a", "234567890"), ("b", "1xyzuvw")]),
        );
        assert_eq!(moved.iter().map(|one| (one.change, one.size)).collect::<Vec<_>>(), [("moved", 1)]);
    }
}
