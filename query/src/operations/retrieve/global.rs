//! Answers about the whole, from communities.

use std::collections::{BTreeMap, HashSet};

use athena_schemas::{Error, Position};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::bounded;
use crate::operations::communities::{Listed, Source, events};
use crate::operations::graph::{of_call, rounded, shop};
use crate::operations::paging;
use crate::registry::{Call, Effect, Example, Operation};

/// Communities that quote their sources, and levels that are looked at when nothing is said.
const QUOTED: usize = 5;
const LEVELS: usize = 3;
const MOST_LEVELS: usize = 10;

/// Answers a broad question from what communities are about, broad to narrow: of each level those that the question
/// concerns, the largest of the broadest where it names nothing that tells them apart.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Global {
    /// The question.
    query: String,
    /// At most so many communities; 20 when not said.
    #[serde(default, alias = "k")]
    limit: Option<usize>,
    /// Levels, from the broadest; 3 when not said.
    #[serde(default)]
    levels: Option<usize>,
}

/// Communities, the broadest level first, of each level the best first.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Answer {
    items: Vec<Concerned>,
    /// Events that the first of them quote.
    sources: Vec<Source>,
    /// `extractive`: every word of it is quoted.
    method: &'static str,
    /// Why there is nothing, or why the order is by size.
    reason: Option<&'static str>,
    position: Position,
    project: String,
}

#[derive(Debug, Serialize, JsonSchema)]
struct Concerned {
    #[serde(flatten)]
    community: Listed,
    /// What the question's words have in common with its names and summary, and its size; from 0 to 1.
    score: f64,
    /// Words of the question that it has.
    words: Vec<String>,
}

impl Operation for Global {
    const TOOL: &'static str = "retrieve";
    const NAME: &'static str = "global";
    const EFFECT: Effect = Effect::Read;
    type Result = Answer;

    async fn call(self, call: &Call) -> Result<Answer, Error> {
        let most = paging::limit(self.limit)?;
        let levels = bounded("levels", self.levels, LEVELS, MOST_LEVELS)? as i64;
        let (scope, graph) = of_call(call).await?;
        let communities = graph.communities().await?;
        let asked = words(&self.query);
        let texts: Vec<HashSet<String>> = communities
            .rows
            .iter()
            .enumerate()
            .map(|(at, row)| {
                let names = communities.members[at].iter().map(|one| graph.entity(one.node).name.as_str());
                names.chain([row.summary.as_str()]).flat_map(words).collect()
            })
            .collect();
        // A word that every community has tells none apart.
        let mut rare: BTreeMap<&str, f64> = BTreeMap::new();
        for word in &asked {
            let having = texts.iter().filter(|text| text.contains(word)).count();
            rare.insert(word, ((1.0 + texts.len() as f64) / (1.0 + having as f64)).ln());
        }
        let all: f64 = rare.values().sum();
        let largest = communities.rows.iter().map(|one| one.size).max().unwrap_or(1).max(1) as f64;
        let mut found: Vec<Concerned> = Vec::new();
        for (row, text) in communities.rows.iter().zip(&texts).filter(|(row, _)| row.level < levels) {
            let words: Vec<String> = asked.iter().filter(|word| text.contains(*word)).cloned().collect();
            let weight: f64 = words.iter().map(|word| rare[word.as_str()]).sum();
            let alike = if all > 0.0 { weight / all } else { 0.0 };
            let score = 0.9 * alike + 0.1 * (row.size as f64 / largest);
            found.push(Concerned { community: Listed::of(row), score: rounded(score), words });
        }
        let concerns = found.iter().any(|one| !one.words.is_empty());
        found.retain(|one| if concerns { !one.words.is_empty() } else { one.community.level == 0 });
        found.sort_by(|one, other| {
            let level = one.community.level.cmp(&other.community.level);
            level
                .then(other.score.total_cmp(&one.score))
                .then_with(|| one.community.id.cmp(&other.community.id))
        });
        found.truncate(most);
        let quoted = found.iter().take(QUOTED).filter_map(|one| communities.number(&one.community.id));
        let ids: Vec<String> = quoted.flat_map(|at| communities.rows[at].sources.first().cloned()).collect();
        let reason = match (communities.rows.is_empty(), concerns) {
            (true, _) => Some(crate::operations::communities::NONE),
            (false, false) => Some("no community has a word of the question; these are the largest"),
            _ => None,
        };
        Ok(Answer {
            items: found,
            sources: events(&call.app, &scope, &ids).await?,
            method: "extractive",
            reason,
            position: call.app.store.applied(),
            project: graph.project.clone(),
        })
    }

    fn examples() -> Vec<Example> {
        vec![Example { setup: shop(), arguments: json!({"query": "what is there around payments?"}) }]
    }
}

/// Words in small letters, those of names joined by other signs one by one.
fn words(text: &str) -> Vec<String> {
    let mut words: Vec<String> = text
        .split(|letter: char| !letter.is_alphanumeric())
        .filter(|word| word.chars().count() > 2)
        .map(str::to_lowercase)
        .collect();
    words.sort();
    words.dedup();
    words
}
