//! Files, one and all together.

use std::collections::BTreeMap;

use athena_learn::code::is_test;
use athena_schemas::wire::Hit;
use athena_schemas::{Error, Time};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::insight::insights_of;
use super::{Defined, changed, code_of, defined, events_of, file_named, lacking, outlines};
use crate::code::{IndexRun, Known};
use crate::registry::{Call, Effect, Example, Operation};
use athena_learn::code::{FileId, Place};

/// Events of a file that are told.
const MOST_EVENTS: usize = 10;

/// The outline of a file as it was read last, its measures, what happened to it and what was found out about it.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct File {
    /// Below the folder that was indexed, absolute, or the end of the path where only one ends so.
    path: String,
}

#[derive(Debug, Serialize, JsonSchema)]
pub struct Outline {
    /// The event that tells of it.
    id: String,
    path: String,
    language: Option<String>,
    /// When it was read.
    time: Time,
    /// Its symbols, in order.
    items: Vec<Defined>,
    imports: Vec<Imported>,
    metrics: Metrics,
    /// Other events of the file, the newest first.
    recent: Vec<Hit>,
    /// Findings tied to it, the newest first.
    insights: Vec<Hit>,
    /// Some of it did not parse.
    broken: bool,
    /// Not all of it is kept.
    truncated: bool,
    degraded: Vec<String>,
    project: String,
}

#[derive(Debug, Serialize, JsonSchema)]
struct Imported {
    /// As it is written.
    module: String,
    name: Option<String>,
    line: u32,
}

#[derive(Debug, Serialize, JsonSchema)]
struct Metrics {
    lines: u32,
    bytes: u64,
    symbols: usize,
    /// Of all that runs, and of what has most.
    complexity: u32,
    most_complexity: u32,
    /// Files that it uses, and that use it.
    uses: usize,
    used_by: usize,
    /// Changes that events tell of, and failures with it.
    churn: u32,
    failures: u32,
    is_test: bool,
}

fn metrics(known: &Known, file: FileId) -> Option<Metrics> {
    let state = known.graph.file(file)?;
    let past = known.history.of(&state.path);
    let outline = &state.indexed.outline;
    Some(Metrics {
        lines: outline.lines,
        bytes: state.indexed.bytes,
        symbols: outline.symbols.len(),
        complexity: outline.complexity(),
        most_complexity: outline.symbols.iter().map(|symbol| symbol.complexity).max().unwrap_or_default(),
        uses: known.graph.uses(file).len(),
        used_by: known.graph.used_by(file).len(),
        churn: past.map_or(0, athena_learn::code::Past::churn),
        failures: past.map_or(0, |past| past.failures),
        is_test: is_test(&state.path),
    })
}

impl Operation for File {
    const TOOL: &'static str = "code";
    const NAME: &'static str = "file";
    const EFFECT: Effect = Effect::Read;
    type Result = Outline;

    async fn call(self, call: &Call) -> Result<Outline, Error> {
        let (project, scope, known) = code_of(call).await?;
        let file = file_named(&known, "path", &self.path, &project)?;
        let state =
            known.graph.file(file).ok_or_else(|| Error::internal("a file that is not there"))?.clone();
        let metrics = metrics(&known, file).ok_or_else(|| Error::internal("a file that is not there"))?;
        let symbols = (0..state.indexed.outline.symbols.len()).map(|symbol| Place { file, symbol });
        let items = symbols.filter_map(|place| defined(&known, place)).collect();
        drop(known);
        let outline = state.indexed.outline;
        let imports = outline.imports.into_iter();
        let imports =
            imports.map(|one| Imported { module: one.path, name: one.name, line: one.line }).collect();
        let degraded = lacking(call, &scope).await;
        Ok(Outline {
            recent: events_of(call, &scope, (&state.path, state.indexed.root.as_deref()), MOST_EVENTS)
                .await?,
            insights: insights_of(call, &scope, &state.path).await?,
            id: state.event,
            path: state.path,
            language: outline.language.map(|language| language.name().to_owned()),
            time: state.at,
            items,
            imports,
            metrics,
            broken: outline.broken,
            truncated: outline.truncated,
            degraded,
            project,
        })
    }

    fn examples() -> Vec<Example> {
        vec![Example { setup: changed(), arguments: json!({"path": "cart/src/cart.rs"}) }]
    }
}

/// How much code there is, by language, and the runs of the index that this server remembers.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Statistics {}

#[derive(Debug, Serialize, JsonSchema)]
pub struct Sizes {
    /// By language, the most lines first.
    items: Vec<OfLanguage>,
    files: usize,
    lines: u64,
    symbols: usize,
    /// Files of tests.
    tests: usize,
    /// When a file was read last; null when none was.
    read_at: Option<Time>,
    /// Folders that paths are below.
    roots: Vec<String>,
    /// The newest last.
    runs: Vec<IndexRun>,
    /// There are more files than are kept.
    truncated: bool,
    project: String,
}

#[derive(Debug, Default, Serialize, JsonSchema)]
struct OfLanguage {
    language: String,
    files: usize,
    lines: u64,
    bytes: u64,
    symbols: usize,
    /// What runs, and its complexity together.
    functions: usize,
    complexity: u64,
    /// Files that did not parse as a whole.
    broken: usize,
}

impl Operation for Statistics {
    const TOOL: &'static str = "code";
    const NAME: &'static str = "statistics";
    const EFFECT: Effect = Effect::Read;
    type Result = Sizes;

    async fn call(self, call: &Call) -> Result<Sizes, Error> {
        let (project, _, known) = code_of(call).await?;
        let mut by_language: BTreeMap<&str, OfLanguage> = BTreeMap::new();
        let (mut tests, mut read_at) = (0, None);
        for (_, state) in known.graph.files() {
            let outline = &state.indexed.outline;
            let name = outline.language.map_or("other", athena_learn::code::Language::name);
            let of = by_language.entry(name).or_default();
            of.language = name.to_owned();
            of.files += 1;
            of.lines += u64::from(outline.lines);
            of.bytes += state.indexed.bytes;
            of.symbols += outline.symbols.len();
            of.functions += outline.symbols.iter().filter(|symbol| symbol.kind.is_code()).count();
            of.complexity += u64::from(outline.complexity());
            of.broken += usize::from(outline.broken);
            tests += usize::from(is_test(&state.path));
            read_at = read_at.max(Some(state.at));
        }
        let mut items: Vec<OfLanguage> = by_language.into_values().collect();
        items.sort_by_key(|of| std::cmp::Reverse(of.lines));
        let runs = call.app.code.runs.lock().iter().filter(|run| run.project == project).cloned().collect();
        Ok(Sizes {
            files: items.iter().map(|of| of.files).sum(),
            lines: items.iter().map(|of| of.lines).sum(),
            symbols: items.iter().map(|of| of.symbols).sum(),
            items,
            tests,
            read_at,
            roots: known.roots.iter().cloned().collect(),
            runs,
            truncated: known.truncated,
            project,
        })
    }

    fn examples() -> Vec<Example> {
        vec![Example { setup: outlines(), arguments: json!({}) }]
    }
}
