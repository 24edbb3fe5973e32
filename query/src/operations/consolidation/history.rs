//! Runs of the past: what they read and wrote, how good that was, and how two of them differ.

use std::collections::{BTreeMap, BTreeSet};

use athena_schemas::Error;
use athena_store::Scope;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::told::{self, Told};
use super::{id_of, ran};
use crate::App;
use crate::operations::paging;
use crate::operations::records::{one_project, page};
use crate::operations::rows::absent;
use crate::registry::{Call, Effect, Example, Operation, Registry};

/// Runs that are looked at, from the newest.
const MOST: usize = 10_000;
/// Numbers that a run measures.
const MEASURES: [&str; 4] = ["compression", "coverage", "stability", "agreement"];

pub fn register(registry: &mut Registry) {
    registry.add::<History>();
    registry.add::<Quality>();
    registry.add::<Compare>();
}

/// Runs that have ended, the newest first: what each read and wrote, and how long it took.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct History {
    /// How many, from 1 to 1000; 20 when not said.
    #[serde(default, alias = "k")]
    limit: Option<usize>,
    /// `next_cursor` of the page before.
    #[serde(default)]
    cursor: Option<String>,
}

#[derive(Debug, Serialize, JsonSchema)]
struct Runs {
    items: Vec<Told>,
    /// What to pass as `cursor` for the next ones; null at the end.
    next_cursor: Option<String>,
    project: String,
}

impl Operation for History {
    const TOOL: &'static str = "consolidation";
    const NAME: &'static str = "history";
    const EFFECT: Effect = Effect::Read;
    type Result = Runs;

    async fn call(self, call: &Call) -> Result<Runs, Error> {
        let limit = paging::limit(self.limit)?;
        let (project, scope) = one_project(call).await?;
        let all = told::ended(&call.app, &scope, None, None, MOST).await?;
        let (items, next_cursor) = page(all, limit, self.cursor.as_deref())?;
        Ok(Runs { items, next_cursor, project })
    }

    fn examples() -> Vec<Example> {
        vec![Example { setup: vec![ran("example-run")], arguments: json!({"limit": 5}) }]
    }
}

/// How good a run is, as it measured itself; without `run`, the newest complete one, and how the numbers went before.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Quality {
    /// A run or a request.
    #[serde(default)]
    run: Option<String>,
}

/// Numbers of a run. What is null has its reason.
#[derive(Debug, Serialize, JsonSchema)]
struct Measured {
    /// The run; null where none is complete.
    run: Option<String>,
    /// Events of the sessions read for each row that says them in short.
    compression: Option<f64>,
    /// The share of these events that a procedure or a fact rests on.
    coverage: Option<f64>,
    /// The share of what was known before that is still said in the same words.
    stability: Option<f64>,
    /// Of what was said since of what was known before (statements, rejections, retirements): the share that agrees.
    agreement: Option<f64>,
    /// Rows that stand after the run, by table.
    stands: BTreeMap<String, u64>,
    /// Why what is null is not known, by its name.
    reason: BTreeMap<String, String>,
    project: String,
}

impl Operation for Quality {
    const TOOL: &'static str = "consolidation";
    const NAME: &'static str = "quality";
    const EFFECT: Effect = Effect::Read;
    type Result = Measured;

    async fn call(self, call: &Call) -> Result<Measured, Error> {
        let (project, scope) = one_project(call).await?;
        let run = complete(&call.app, &scope, self.run.as_deref()).await?;
        match (self.run, run) {
            (Some(id), None) => Err(absent("complete run", "run", &id, &[project])),
            (_, run) => Ok(measured(run.as_ref(), project)),
        }
    }

    fn examples() -> Vec<Example> {
        let setup = || vec![crate::operations::events::recorded(), ran("example-run")];
        vec![
            Example { setup: setup(), arguments: json!({}) },
            Example { setup: setup(), arguments: json!({"run": id_of("example-run")}) },
        ]
    }
}

/// The newest complete run, or that of an id or a request.
async fn complete(app: &App, scope: &Scope, id: Option<&str>) -> Result<Option<Told>, Error> {
    Ok(told::ended(app, scope, id, Some("complete"), 1).await?.pop())
}

fn measured(run: Option<&Told>, project: String) -> Measured {
    let quality = run.and_then(|run| run.quality.clone()).unwrap_or(Value::Null);
    let number = |name: &str| quality[name].as_f64();
    let said: BTreeMap<String, String> =
        serde_json::from_value(quality["reason"].clone()).unwrap_or_default();
    let why = match (run, quality.is_null()) {
        (None, _) => "no run is complete",
        (_, true) => "the run was made by a version that did not measure it",
        _ => "the run did not measure it",
    };
    let missing = MEASURES.into_iter().filter(|name| number(name).is_none());
    let reason =
        missing.map(|name| (name.to_owned(), said.get(name).cloned().unwrap_or_else(|| why.to_owned())));
    Measured {
        run: run.map(|run| run.run.clone()),
        compression: number("compression"),
        coverage: number("coverage"),
        stability: number("stability"),
        agreement: number("agreement"),
        stands: serde_json::from_value(quality["stands"].clone()).unwrap_or_default(),
        reason: reason.collect(),
        project,
    }
}

/// How two runs differ: what each read, what stood after it, by table, and the numbers of their quality.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Compare {
    /// A run or a request.
    a: String,
    /// The other.
    b: String,
}

#[derive(Debug, Serialize, JsonSchema)]
struct Compared {
    a: Told,
    b: Told,
    /// Runs of the chain from `a` to `b`; null where `b` does not build on `a`.
    between: Option<i64>,
    /// What stood after each, by table.
    items: Vec<Difference>,
    /// The numbers of their quality.
    quality: Vec<Difference>,
    project: String,
}

/// A number of both.
#[derive(Debug, Serialize, JsonSchema)]
struct Difference {
    name: String,
    a: Option<f64>,
    b: Option<f64>,
    /// By how much b is more; null where one of them is not known.
    change: Option<f64>,
}

impl Operation for Compare {
    const TOOL: &'static str = "consolidation";
    const NAME: &'static str = "compare";
    const EFFECT: Effect = Effect::Read;
    type Result = Compared;

    async fn call(self, call: &Call) -> Result<Compared, Error> {
        let (project, scope) = one_project(call).await?;
        let mut both = Vec::new();
        for (argument, id) in [("a", &self.a), ("b", &self.b)] {
            let run = complete(&call.app, &scope, Some(id)).await?;
            both.push(
                run.ok_or_else(|| absent("complete run", argument, id, std::slice::from_ref(&project)))?,
            );
        }
        let (b, a) = (both.pop().expect("two were found"), both.pop().expect("two were found"));
        let of = |run: &Told, name: &str| run.quality.as_ref().and_then(|quality| quality[name].as_f64());
        let stood = |run: &Told| -> BTreeMap<String, f64> {
            let stands = run.quality.as_ref().map(|quality| quality["stands"].clone()).unwrap_or_default();
            serde_json::from_value(stands).unwrap_or_default()
        };
        let (before, after) = (stood(&a), stood(&b));
        let tables: BTreeSet<&String> = before.keys().chain(after.keys()).collect();
        let items = tables.into_iter();
        let items = items.map(|name| difference(name, before.get(name).copied(), after.get(name).copied()));
        let quality = MEASURES.iter().map(|name| difference(name, of(&a, name), of(&b, name)));
        let (items, quality) = (items.collect(), quality.collect());
        let between = a.number.zip(b.number).map(|(a, b)| b - a).filter(|between| *between >= 0);
        Ok(Compared { between, items, quality, a, b, project })
    }

    fn examples() -> Vec<Example> {
        let setup = vec![ran("example-run"), ran("example-next-run")];
        let arguments = json!({"a": id_of("example-run"), "b": id_of("example-next-run")});
        vec![Example { setup, arguments }]
    }
}

fn difference(name: &str, a: Option<f64>, b: Option<f64>) -> Difference {
    let change = a.zip(b).map(|(a, b)| b - a);
    Difference { name: name.to_owned(), a, b, change }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_null_has_its_reason() {
        let none = measured(None, "p".into());
        assert_eq!((none.reason.len(), none.reason["coverage"].as_str()), (4, "no run is complete"));
        let quality = json!({"compression": 4.0, "reason": {"stability": "nothing was known before"}});
        let run = Told { run: "r-1".into(), quality: Some(quality), ..Told::default() };
        let told = measured(Some(&run), "p".into());
        assert_eq!((told.compression, told.stability), (Some(4.0), None));
        assert_eq!(told.reason["stability"], "nothing was known before");
    }
}
