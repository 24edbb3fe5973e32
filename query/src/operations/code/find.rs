//! Symbols and files by words and by meaning.

use std::collections::HashMap;

use athena_learn::code::{CODE_INDEX, Place, State, SymbolKind};
use athena_schemas::wire::{Hit, Kind, Search as Question};
use athena_schemas::{Error, Time};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::{defined, outlines};
use crate::code::{Known, known};
use crate::operations::paging;
use crate::registry::{Call, Effect, Example, Operation};
use crate::search;
use crate::text::excerpt;

/// Symbols that are scored, and files that are drawn.
const DRAWN: usize = 200;
const DRAWN_FILES: usize = 50;
/// What the file of a symbol counts, against its own words.
const OF_FILE: f64 = 0.5;
const SHOWN_CHARS: usize = 300;

/// Symbols and files of the code by words and by meaning, the best first.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Search {
    /// The question, or part of a name.
    query: String,
    /// Only symbols that are this: `function`, `method`, `class`, `struct`, …; `file`: only files.
    #[serde(default)]
    kind: Option<String>,
    /// At most so many; 20 when not said.
    #[serde(default, alias = "k")]
    limit: Option<usize>,
}

#[derive(Debug, Serialize, JsonSchema)]
pub struct Found {
    items: Vec<Item>,
    degraded: Vec<String>,
    project: String,
}

#[derive(Debug, Serialize, JsonSchema)]
struct Item {
    /// The event that tells of the file.
    id: String,
    /// What the symbol is, or `file`.
    kind: String,
    /// The symbol's qualified name.
    name: Option<String>,
    path: String,
    line: Option<u32>,
    content: String,
    /// Of the words of its name and doc, and of its file among those found.
    score: f64,
    time: Time,
}

/// What `kind` asks for.
enum Wanted {
    Any,
    Files,
    Symbols(SymbolKind),
}

impl Operation for Search {
    const TOOL: &'static str = "code";
    const NAME: &'static str = "search";
    const EFFECT: Effect = Effect::Read;
    type Result = Found;

    async fn call(self, call: &Call) -> Result<Found, Error> {
        let limit = paging::limit(self.limit)?;
        let wanted = wanted(self.kind.as_deref())?;
        let project = call.project()?;
        let question = Question {
            query: self.query.clone(),
            k: Some(DRAWN_FILES.min(call.app.options.max_k)),
            kinds: vec![Kind::Event],
            event_type: Some(CODE_INDEX.to_owned()),
            project: Some(project.clone()),
            after: call.shared.after.clone(),
            ..Question::default()
        };
        let found = search::search(&call.app, &call.caller, &question).await?;
        let known = known(&call.app, &project).await?;
        let mut items = files(&known, &found.hits);
        let by_path: HashMap<String, f64> =
            items.iter().map(|item| (item.path.clone(), item.score)).collect();
        match wanted {
            Wanted::Files => {}
            Wanted::Any => items.extend(symbols(&known, &self.query, None, &by_path)),
            Wanted::Symbols(kind) => items = symbols(&known, &self.query, Some(kind), &by_path),
        }
        items.sort_by(|one, other| other.score.total_cmp(&one.score));
        items.truncate(limit);
        Ok(Found { items, degraded: found.degraded, project })
    }

    fn examples() -> Vec<Example> {
        [json!({"query": "what is to be paid"}), json!({"query": "total", "kind": "method"})]
            .map(|arguments| Example { setup: outlines(), arguments })
            .into()
    }
}

fn wanted(kind: Option<&str>) -> Result<Wanted, Error> {
    let Some(kind) = kind else { return Ok(Wanted::Any) };
    if kind == "file" {
        return Ok(Wanted::Files);
    }
    let found = SymbolKind::ALL.into_iter().find(|one| one.name() == kind);
    found.map(Wanted::Symbols).ok_or_else(|| {
        let all = SymbolKind::ALL.map(SymbolKind::name).join(", ");
        Error::invalid("kind", format!("{kind:?} is no kind of symbol"))
            .hint(format!("file, or one of {all}"))
    })
}

/// The hits that tell how files are now, each with a score by its rank, from 1 down.
fn files(known: &Known, hits: &[Hit]) -> Vec<Item> {
    let states: HashMap<&str, &State> =
        known.graph.files().map(|(_, state)| (state.event.as_str(), state)).collect();
    let newest = hits.iter().filter_map(|hit| Some((*states.get(hit.id.as_str())?, hit)));
    let item = |(rank, (state, hit)): (usize, (&State, &Hit))| Item {
        id: hit.id.clone(),
        kind: "file".into(),
        name: None,
        path: state.path.clone(),
        line: None,
        content: excerpt(&hit.content, "", SHOWN_CHARS),
        score: 1.0 / (1.0 + rank as f64 / 10.0),
        time: state.at,
    };
    newest.enumerate().map(item).collect()
}

fn symbols(known: &Known, query: &str, kind: Option<SymbolKind>, files: &HashMap<String, f64>) -> Vec<Item> {
    let found = known.graph.search(query, kind, DRAWN);
    let best = found.first().map_or(1.0, |(_, score)| score.max(f64::MIN_POSITIVE));
    let item = |(place, score): (Place, f64)| {
        let symbol = defined(known, place)?;
        let of_file = files.get(&symbol.path).copied().unwrap_or_default();
        Some(Item {
            id: symbol.id,
            kind: symbol.kind,
            name: Some(symbol.name),
            line: Some(symbol.line),
            content: symbol.content,
            score: score / best + OF_FILE * of_file,
            path: symbol.path,
            time: symbol.time,
        })
    };
    found.into_iter().filter_map(item).collect()
}
