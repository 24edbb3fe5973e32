//! How much can go wrong with a change, from what went wrong.

use std::collections::BTreeSet;

use athena_ingest::adapters::claude_code::files as paths;
use athena_learn::code::{FileId, is_test, relative};
use athena_learn::procedures::Rate;
use athena_schemas::Error;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::code::{Known, known};
use crate::operations::records::one_project;
use crate::operations::rows::objects;
use crate::registry::{Call, Effect, Example, Operation, Step};
use crate::safety::text_of;

const TOUCHED: &str = include_str!("../../../sql/touched.sql");
const SIZES: &str = include_str!("../../../sql/change_sizes.sql");

/// Outcomes and changes below which nothing is said of their share.
const ENOUGH: u64 = 5;
/// Files of a change, and failures that are named.
const MOST_FILES: usize = 1_000;
const NAMED: usize = 5;

/// What cannot be taken back, and what can with work: words that stand in a command, each with a space or an end behind.
const NEVER: [&str; 18] = [
    "rm -rf",
    "rm -fr",
    "rm -r",
    "push --force",
    "push -f",
    "reset --hard",
    "clean -fd",
    "drop table",
    "drop database",
    "truncate table",
    "delete from",
    "terraform destroy",
    "kubectl delete",
    "mkfs",
    "shred",
    "npm publish",
    "cargo publish",
    "twine upload",
];
const WITH_WORK: [&str; 10] = [
    "git rebase",
    "git push",
    "alter table",
    "update ",
    "kubectl apply",
    "terraform apply",
    "docker system prune",
    "chmod -r",
    "chown -r",
    "rm ",
];
/// Steps from what changes that are followed, files that are reached, and words of a command that may be paths.
const LEVELS: u32 = 4;
const MOST_REACHED: usize = 500;
const MOST_WORDS: usize = 200;
/// Tools that change files, which a version control brings back.
const EDITS: [&str; 4] = ["Edit", "Write", "MultiEdit", "NotebookEdit"];

/// How much can go wrong with a change: how often what touched the same failed, how large it is beside the changes of this
/// project, whether it can be taken back, and how much of the indexed code uses what it touches. Each part says what it
/// rests on, or why it is null.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Risk {
    change: Change,
}

/// What is to be done: files, a use of a tool, or both.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Change {
    /// Paths that it touches.
    #[serde(default)]
    files: Vec<String>,
    /// Definitions that it touches: `total`, `Cart.total`.
    #[serde(default)]
    symbols: Vec<String>,
    /// The tool.
    #[serde(default)]
    tool: Option<String>,
    /// What it is given.
    #[serde(default)]
    input: Value,
}

/// What can go wrong.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Risked {
    /// `low`, `medium` or `high`: the highest of the parts that are known; null when none is.
    level: Option<Level>,
    /// Which part that is, or why there is none.
    reason: String,
    /// What came of events that touch the same files, or are the very same use of the tool.
    past_failures: Part,
    /// The share of this project's changes that touch fewer files.
    size: Part,
    /// From 0, what is brought back by itself, to 1, what nothing brings back.
    reversibility: Part,
    /// The share of the indexed files that use those that it touches, step by step.
    impact: Part,
    project: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
enum Level {
    Low,
    Medium,
    High,
}

/// A part of the risk.
#[derive(Debug, Default, Serialize, JsonSchema)]
struct Part {
    /// From 0 to 1; null where nothing is known.
    value: Option<f64>,
    level: Option<Level>,
    /// What it rests on, or why it is null.
    reason: String,
    /// Ids of events that say so.
    evidence: Vec<String>,
}

impl Part {
    fn unknown(reason: impl Into<String>) -> Self {
        Self { reason: reason.into(), ..Self::default() }
    }
}

impl Operation for Risk {
    const TOOL: &'static str = "safety";
    const NAME: &'static str = "risk";
    const EFFECT: Effect = Effect::Read;
    type Result = Risked;

    async fn call(self, call: &Call) -> Result<Risked, Error> {
        let Change { files, symbols, tool, input } = self.change;
        if files.is_empty() && symbols.is_empty() && tool.is_none() {
            return Err(Error::invalid("change", "neither files, nor symbols, nor a tool")
                .hint(r#"such as {"change": {"files": ["src/lib.rs"]}}"#));
        }
        if files.len().max(symbols.len()) > MOST_FILES {
            return Err(Error::invalid("change", format!("at most {MOST_FILES} files and symbols")));
        }
        let (project, scope) = one_project(call).await?;
        let named: Vec<String> = files.iter().cloned().chain(paths(&input)).collect();
        let input = text_of(&input);
        let given = [json!(files), json!(tool), json!(input), json!(!files.is_empty())];
        let touched = objects(&call.app, &scope, TOUCHED, &given, 1).await?.pop().unwrap_or_default();
        let past_failures = failures(&touched);
        let size = match files.is_empty() {
            true => Part::unknown("no files are named"),
            false => {
                let sizes = objects(&call.app, &scope, SIZES, &[json!(files.len())], 1).await?.pop();
                size(&sizes.unwrap_or_default(), files.len())
            }
        };
        let reversibility = reversibility(tool.as_deref(), &input);
        let impact = {
            let known = known(&call.app, &project).await?;
            impact(&known, &touched_files(&known, &named, &symbols, &input))
        };
        let parts = [
            ("past_failures", &past_failures),
            ("size", &size),
            ("reversibility", &reversibility),
            ("impact", &impact),
        ];
        let highest = parts
            .iter()
            .filter_map(|(name, part)| Some((part.level?, *name)))
            .max_by_key(|(level, _)| *level);
        let reason = match highest {
            Some((_, name)) => name.to_owned(),
            None => "nothing that happened says anything about it".to_owned(),
        };
        let level = highest.map(|(level, _)| level);
        Ok(Risked { level, reason, past_failures, size, reversibility, impact, project })
    }

    fn examples() -> Vec<Example> {
        let failed = json!({"content": "make release", "type": "tool_result", "tool": "Bash", "outcome": "failure",
                            "files": ["cart/src/total.rs"], "event_id": "example-failed-release"});
        let setup = vec![Step { tool: "events", operation: "record", arguments: failed }];
        let command = json!({"change": {"tool": "Bash", "input": {"command": "rm -rf build"}}});
        let files = json!({"change": {"files": ["cart/src/total.rs"]}});
        vec![Example { setup, arguments: files }, Example { setup: vec![], arguments: command }]
    }
}

/// The indexed files that a change touches: those that it names, those of its definitions, and those that its command
/// has as words.
fn touched_files(known: &Known, files: &[String], symbols: &[String], input: &str) -> BTreeSet<FileId> {
    let file = |path: &str| known.graph.find(relative(path, &known.roots));
    let of_files = files.iter().filter_map(|path| file(path));
    let of_symbols =
        symbols.iter().flat_map(|name| known.graph.definitions(name, None)).map(|place| place.file);
    let aside = |c: char| !c.is_alphanumeric() && !['/', '.', '_', '-'].contains(&c);
    let words = input.split_whitespace().map(|word| word.trim_matches(aside)).take(MOST_WORDS);
    // A bare name could be anything.
    let of_words = words.filter(|word| word.contains('/') || word.contains('.')).filter_map(file);
    of_files.chain(of_symbols).chain(of_words).collect()
}

/// What the graph of the code says of files.
fn impact(known: &Known, touched: &BTreeSet<FileId>) -> Part {
    let indexed = known.graph.files().count();
    if indexed == 0 {
        return Part::unknown("no code is indexed; `code.index` reads it");
    }
    if touched.is_empty() {
        return Part::unknown(format!("it names none of {indexed} indexed files, nor a definition in them"));
    }
    let touched: Vec<FileId> = touched.iter().copied().collect();
    let reached = known.graph.reached_by(&touched, LEVELS, MOST_REACHED);
    let states: Vec<_> = reached.iter().filter_map(|(file, ..)| known.graph.file(*file)).collect();
    let others = indexed.saturating_sub(touched.len()).max(1);
    let share = (states.len() as f64 / others as f64).min(1.0);
    let level = match states.len() as u64 {
        0 => Level::Low,
        ENOUGH.. if share >= 0.2 => Level::High,
        _ if share >= 0.05 => Level::Medium,
        _ => Level::Low,
    };
    let tests = states.iter().filter(|state| is_test(&state.path)).count();
    let nearest: Vec<&str> = states.iter().take(NAMED).map(|state| state.path.as_str()).collect();
    let nearest =
        if nearest.is_empty() { String::new() } else { format!("; the nearest: {}", nearest.join(", ")) };
    Part {
        value: Some(share),
        level: Some(level),
        reason: format!(
            "{} of {others} other indexed files use it within {LEVELS} steps, {tests} of them tests{nearest}",
            states.len()
        ),
        evidence: states.iter().take(NAMED).map(|state| state.event.clone()).collect(),
    }
}

/// By the lower end of the interval: few failures of few say little.
fn failures(row: &serde_json::Map<String, Value>) -> Part {
    let count = |name: &str| row.get(name).and_then(Value::as_u64).unwrap_or(0);
    let (failed, passed) = (count("failures"), count("successes"));
    let all = failed + passed;
    let rate = Rate::of(failed as usize, all as usize).filter(|_| all >= ENOUGH);
    let Some(rate) = rate else {
        return Part::unknown(format!("{all} outcomes of the same are known, and {ENOUGH} are needed"));
    };
    let ids = row.get("failed").and_then(Value::as_array).into_iter().flatten();
    let level = match rate.low {
        low if low >= 0.5 => Level::High,
        low if low >= 0.2 => Level::Medium,
        _ => Level::Low,
    };
    Part {
        value: Some(rate.value),
        level: Some(level),
        reason: format!("{failed} of {all} failed (95 %: {:.2} to {:.2})", rate.low, rate.high),
        evidence: ids.filter_map(Value::as_str).take(NAMED).map(str::to_owned).collect(),
    }
}

fn size(row: &serde_json::Map<String, Value>, files: usize) -> Part {
    let count = |name: &str| row.get(name).and_then(Value::as_u64).unwrap_or(0);
    let (changes, smaller) = (count("changes"), count("smaller"));
    if changes < ENOUGH {
        return Part::unknown(format!(
            "{changes} changes of this project are known, and {ENOUGH} are needed"
        ));
    }
    let share = smaller as f64 / changes as f64;
    let level = match share {
        share if share >= 0.95 => Level::High,
        share if share >= 0.75 => Level::Medium,
        _ => Level::Low,
    };
    let reason = format!("{smaller} of {changes} changes touch fewer than {files} files");
    Part { value: Some(share), level: Some(level), reason, evidence: vec![] }
}

fn reversibility(tool: Option<&str>, input: &str) -> Part {
    let command = input.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase() + " ";
    let stands = |words: &str| {
        let words = format!("{} ", words.trim_end());
        let mut places = command.match_indices(&words).map(|(at, _)| at);
        places.any(|at| !command[..at].ends_with(char::is_alphanumeric))
    };
    let said = |words: &[&'static str]| words.iter().copied().find(|words| stands(words));
    let part =
        |value, level, reason| Part { value: Some(value), level: Some(level), reason, evidence: vec![] };
    if let Some(words) = said(&NEVER) {
        return part(1.0, Level::High, format!("`{words}` is not taken back"));
    }
    if let Some(words) = said(&WITH_WORK) {
        return part(0.5, Level::Medium, format!("`{}` is taken back with work", words.trim_end()));
    }
    match tool {
        Some(tool) if EDITS.contains(&tool) => part(0.0, Level::Low, "an edited file is brought back".into()),
        Some(tool) => Part::unknown(format!("whether what {tool} does can be taken back is not known")),
        None => Part::unknown("no tool is named"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_taken_back_is_high() {
        let level = |input: &str| reversibility(Some("Bash"), input).level;
        assert_eq!(level("cd x && rm  -rf build"), Some(Level::High));
        assert_eq!(level("psql -c 'DROP TABLE orders'"), Some(Level::High));
        assert_eq!(level("git push origin main"), Some(Level::Medium));
        assert_eq!(level("firm -rfx"), None);
        assert_eq!(reversibility(Some("Edit"), "").level, Some(Level::Low));
    }

    #[test]
    fn few_outcomes_say_nothing() {
        let of = |failures: u64, successes: u64| {
            let row = json!({"failures": failures, "successes": successes, "failed": ["e-1"]});
            failures_of(&row)
        };
        assert_eq!(of(2, 1).0, None);
        assert_eq!(of(9, 1).1, Some(Level::High));
        assert_eq!(of(1, 30).1, Some(Level::Low));
    }

    fn failures_of(row: &Value) -> (Option<f64>, Option<Level>) {
        let part = failures(row.as_object().unwrap());
        (part.value, part.level)
    }
}
