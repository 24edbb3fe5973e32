//! What a change may break, and where changes break most.

use std::collections::BTreeMap;

use athena_learn::code::{FileId, is_test, relative};
use athena_schemas::{Error, Time};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::{changed, code_of};
use crate::operations::paging;
use crate::operations::records::page;
use crate::registry::{Call, Effect, Example, Operation};

/// Steps from what changes that are followed, and files that are reached.
const LEVELS: u32 = 4;
const MOST_REACHED: usize = 500;
/// Paths of one question.
const MOST_PATHS: usize = 100;

/// What a change of files may break: what uses them step by step, their tests, and what failed after such changes.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Impact {
    /// The files that change; at most 100.
    paths: Vec<String>,
}

#[derive(Debug, Serialize, JsonSchema)]
pub struct Broken {
    /// Files that use them, the nearest first.
    items: Vec<Reached>,
    /// Tests among these, and the paths themselves that are tests: what to run.
    tests: Vec<String>,
    /// What failed in the same session within an hour of a change, the most often first.
    failures: Vec<Failed>,
    /// Paths that are not indexed: only their past is known.
    unknown: Vec<String>,
    /// There is more than is followed.
    truncated: bool,
    project: String,
}

#[derive(Debug, Serialize, JsonSchema)]
struct Reached {
    /// The event that tells of the file.
    id: String,
    path: String,
    /// How many steps away.
    level: u32,
    /// The file that it uses on the way.
    through: String,
    is_test: bool,
    content: String,
    /// When the file was read.
    time: Time,
}

#[derive(Debug, Serialize, JsonSchema)]
struct Failed {
    /// The last such event.
    id: String,
    /// After a change of this.
    path: String,
    /// A path that the failure names, or what it was.
    content: String,
    times: u32,
}

impl Operation for Impact {
    const TOOL: &'static str = "code";
    const NAME: &'static str = "impact";
    const EFFECT: Effect = Effect::Read;
    type Result = Broken;

    async fn call(self, call: &Call) -> Result<Broken, Error> {
        if self.paths.is_empty() || self.paths.len() > MOST_PATHS {
            return Err(Error::invalid("paths", format!("from 1 to {MOST_PATHS} paths can be asked about"))
                .hint(r#"such as {"paths": ["src/lib.rs"]}"#));
        }
        let (project, _, known) = code_of(call).await?;
        let (mut from, mut unknown, mut failures) = (Vec::new(), Vec::new(), Vec::new());
        for given in &self.paths {
            let path = relative(given, &known.roots);
            let file: Option<FileId> = known.graph.find(path);
            let named =
                file.and_then(|file| known.graph.file(file)).map_or(path, |state| state.path.as_str());
            match file {
                Some(file) => from.push(file),
                None => unknown.push(given.clone()),
            }
            let failing = known.history.of(named).into_iter().flat_map(|past| &past.failing);
            failures.extend(failing.map(|failing| Failed {
                id: failing.event.clone(),
                path: named.to_owned(),
                content: failing.what.clone(),
                times: failing.times,
            }));
        }
        failures.sort_by_key(|failed| std::cmp::Reverse(failed.times));
        let reached = known.graph.reached_by(&from, LEVELS, MOST_REACHED);
        let truncated = reached.len() >= MOST_REACHED;
        let path_of =
            |file: FileId| known.graph.file(file).map(|state| state.path.clone()).unwrap_or_default();
        let item = |(file, level, through): (FileId, u32, FileId)| {
            let state = known.graph.file(file)?;
            let through = path_of(through);
            Some(Reached {
                id: state.event.clone(),
                content: format!("{} uses {through}", state.path),
                is_test: is_test(&state.path)
                    || state.indexed.outline.symbols.iter().any(|symbol| symbol.test),
                path: state.path.clone(),
                level,
                through,
                time: state.at,
            })
        };
        let items: Vec<Reached> = reached.into_iter().filter_map(item).collect();
        let own = from.into_iter().map(path_of).filter(|path| is_test(path));
        let mut tests: Vec<String> = own.collect();
        tests.extend(items.iter().filter(|item| item.is_test).map(|item| item.path.clone()));
        Ok(Broken { items, tests, failures, unknown, truncated, project })
    }

    fn examples() -> Vec<Example> {
        vec![Example { setup: changed(), arguments: json!({"paths": ["cart/src/cart.rs"]}) }]
    }
}

/// Where changes break most: files by changes × complexity × (failures + 1), as far as events tell.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Hotspots {
    /// At most so many; 20 when not said.
    #[serde(alias = "k")]
    limit: Option<usize>,
    /// Where the page before ended.
    cursor: Option<String>,
}

#[derive(Debug, Serialize, JsonSchema)]
pub struct Spots {
    items: Vec<Spot>,
    next_cursor: Option<String>,
    /// Why there are none.
    reason: Option<String>,
    project: String,
}

#[derive(Debug, Serialize, JsonSchema)]
struct Spot {
    /// The event that tells of the file.
    id: String,
    path: String,
    /// Of its parts, one after the other.
    score: u64,
    parts: BTreeMap<&'static str, u32>,
    /// When it was changed last.
    time: Option<Time>,
    content: String,
}

impl Operation for Hotspots {
    const TOOL: &'static str = "code";
    const NAME: &'static str = "hotspots";
    const EFFECT: Effect = Effect::Read;
    type Result = Spots;

    async fn call(self, call: &Call) -> Result<Spots, Error> {
        let limit = paging::limit(self.limit)?;
        let (project, _, known) = code_of(call).await?;
        let mut items: Vec<Spot> = Vec::new();
        for (_, state) in known.graph.files() {
            let Some(past) = known.history.of(&state.path).filter(|past| past.churn() > 0) else { continue };
            let complexity = state.indexed.outline.complexity().max(1);
            let score = u64::from(past.churn()) * u64::from(complexity) * (u64::from(past.failures) + 1);
            items.push(Spot {
                id: state.event.clone(),
                path: state.path.clone(),
                score,
                parts: BTreeMap::from([
                    ("changes", past.churn()),
                    ("complexity", complexity),
                    ("failures", past.failures),
                ]),
                time: past.last_at,
                content: format!(
                    "{}: {} changes, complexity {complexity}, {} failures",
                    state.path,
                    past.churn(),
                    past.failures
                ),
            });
        }
        items.sort_by(|one, other| other.score.cmp(&one.score).then_with(|| one.path.cmp(&other.path)));
        let reason = match (items.is_empty(), known.graph.files().next().is_none()) {
            (true, true) => Some("no code is indexed; `code.index` reads it".to_owned()),
            (true, false) => Some("no event tells of a change of an indexed file".to_owned()),
            _ => None,
        };
        let (items, next_cursor) = page(items, limit, self.cursor.as_deref())?;
        Ok(Spots { items, next_cursor, reason, project })
    }

    fn examples() -> Vec<Example> {
        vec![Example { setup: changed(), arguments: json!({}) }]
    }
}
