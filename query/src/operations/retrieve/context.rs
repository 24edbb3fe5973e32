//! Hits packed into a budget.

use std::collections::HashSet;

use athena_schemas::wire::{Kind, Mode, Search as Question};
use athena_schemas::{Error, Position};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::operations::events::recorded;
use crate::operations::filters::Filters;
use crate::registry::{Call, Effect, Example, Operation};
use crate::search;
use crate::text::excerpt;

/// Tokens of a context when nothing is said, and at most.
const TOKENS: usize = 1_500;
const MOST_TOKENS: usize = 100_000;
/// Characters of a token, on average, in plain text.
const CHARS_OF_A_TOKEN: usize = 4;
/// Candidates that are packed from.
const DRAWN: usize = 100;
/// The share of the budget that one hit may take.
const SHARE: usize = 4;
/// Characters of the shortest excerpt that is worth its place.
const SHORTEST: usize = 80;
/// The share of words from which two texts say the same.
const SAME: f64 = 0.85;

/// What bears most on a question, packed into a budget of tokens: the best first, each said once, each with its id.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Context {
    /// The question.
    query: String,
    /// Tokens of the text at most, four characters each; 1,500 when not said.
    #[serde(default)]
    budget_tokens: Option<usize>,
    /// What kinds of things; any when empty.
    #[serde(default)]
    kinds: Vec<Kind>,
    /// What hits must be.
    #[serde(default)]
    filters: Filters,
}

/// A context.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Packed {
    /// A line each: `[id] time text`.
    text: String,
    /// What the lines are of.
    items: Vec<Cited>,
    /// Tokens of the text, four characters each.
    tokens: usize,
    /// What the answer lacks.
    degraded: Vec<String>,
    position: Position,
    projects: Vec<String>,
}

#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Cited {
    id: String,
    kind: Kind,
    score: f64,
    /// Whether the text was cut.
    cut: bool,
}

impl Operation for Context {
    const TOOL: &'static str = "retrieve";
    const NAME: &'static str = "context";
    const EFFECT: Effect = Effect::Read;
    type Result = Packed;

    async fn call(self, call: &Call) -> Result<Packed, Error> {
        let tokens = self.budget_tokens.unwrap_or(TOKENS);
        if !(1..=MOST_TOKENS).contains(&tokens) {
            let message = format!("{tokens} tokens; from 1 to {MOST_TOKENS} can be asked for");
            return Err(Error::invalid("budget_tokens", message));
        }
        let question = Question {
            query: self.query.clone(),
            k: Some(DRAWN.min(call.app.options.max_k)),
            kinds: self.kinds,
            mode: Mode::Hybrid,
            ..self.filters.question(call)
        };
        let found = search::search(&call.app, &call.caller, &question).await?;
        call.note(&self.query, &found.projects, &found.hits);
        let texts =
            found.hits.iter().map(|hit| (hit.id.as_str(), hit.time.to_string(), hit.content.as_str()));
        let lines = pack(texts, &self.query, tokens * CHARS_OF_A_TOKEN);
        let items = lines.iter().map(|line| {
            let hit = &found.hits[line.of];
            Cited { id: hit.id.clone(), kind: hit.kind, score: hit.score, cut: line.cut }
        });
        let text = lines.iter().map(|line| line.text.as_str()).collect::<Vec<_>>().join("\n");
        Ok(Packed {
            items: items.collect(),
            tokens: text.chars().count().div_ceil(CHARS_OF_A_TOKEN),
            text,
            degraded: found.degraded,
            position: found.position,
            projects: found.projects,
        })
    }

    fn examples() -> Vec<Example> {
        let arguments = json!({"query": "which test failed?", "budget_tokens": 200});
        vec![Example { setup: vec![recorded()], arguments }]
    }
}

struct Line {
    of: usize,
    text: String,
    cut: bool,
}

/// As many of the texts as fit into `room` characters, in their order; what was said before is left out.
fn pack<'t>(
    texts: impl Iterator<Item = (&'t str, String, &'t str)>,
    query: &str,
    mut room: usize,
) -> Vec<Line> {
    let most = (room / SHARE).max(SHORTEST);
    let mut lines = Vec::new();
    let mut said: Vec<HashSet<String>> = Vec::new();
    for (of, (id, time, content)) in texts.enumerate() {
        let words: HashSet<String> = content.split_whitespace().map(str::to_lowercase).collect();
        if said.iter().any(|other| same(&words, other)) {
            continue;
        }
        let before = format!("[{id}] {} ", time.get(..10).unwrap_or_default());
        let left = room.saturating_sub(before.chars().count() + 1).min(most);
        let long = content.chars().count();
        if left < SHORTEST.min(long) {
            continue;
        }
        let line = before + &excerpt(content, query, left);
        room = room.saturating_sub(line.chars().count() + 1);
        said.push(words);
        lines.push(Line { of, text: line, cut: long > left });
    }
    lines
}

fn same(one: &HashSet<String>, other: &HashSet<String>) -> bool {
    let both = one.intersection(other).count() as f64;
    both >= SAME * (one.len() + other.len()) as f64 - SAME * both && !one.is_empty()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_budget_is_kept_and_nothing_said_twice() {
        let long = "the build failed because of a missing semicolon ".repeat(40);
        let texts =
            [("a", "deploy on Tuesdays"), ("b", "deploy on tuesdays"), ("c", long.as_str()), ("d", "short")];
        let texts = texts.map(|(id, text)| (id, "2026-11-24T10:00:00Z".to_owned(), text));
        let lines = pack(texts.into_iter(), "semicolon", 400);
        let shown: Vec<_> = lines.iter().map(|line| (line.of, line.cut)).collect();
        assert_eq!(shown, [(0, false), (2, true), (3, false)]);
        assert!(lines.iter().map(|line| line.text.chars().count() + 1).sum::<usize>() <= 400);
        assert!(lines[1].text.contains("semicolon") && lines[0].text.starts_with("[a] 2026-11-24 deploy"));
    }
}
