//! Facts as readers see them: what runs derived, and what was confirmed or rejected since.

use std::collections::HashMap;

use athena_learn::facts::find::{self, Candidate};
use athena_schemas::wire::{Hit, Kind};
use athena_schemas::{Error, Time};
use athena_store::Scope;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::App;
use crate::operations::objects;

const FACTS: &str = include_str!("../sql/facts.sql");
/// Facts that one answer looks at, the newest.
const MOST: usize = 50_000;

/// A value of an attribute of a subject, for as long as it held.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct Known {
    pub id: String,
    pub subject: String,
    pub attribute: String,
    pub value: String,
    /// The sentence that says it best.
    pub text: String,
    pub valid_from: Time,
    /// Null while it holds.
    pub valid_until: Option<Time>,
    /// Different speakers in different sessions that said so.
    pub support: i64,
    /// Those that said otherwise since.
    pub against: i64,
    /// The mean of the posterior that the next who speaks of it agrees.
    pub confidence: f64,
    /// Events and memories that say so, with the sentence's place in bytes.
    pub sources: Vec<Source>,
    /// `learned`, `told` or `confirmed`.
    pub state: String,
    /// `fact`, `decision`, `preference` or `lesson`.
    pub kind: String,
    /// The fact whose value took its place.
    pub replaced_by: Option<String>,
    /// The fact in a line.
    pub content: String,
    pub project: String,
    #[serde(skip)]
    pub key: String,
}

/// A sentence that says a fact.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct Source {
    pub id: String,
    pub time: Time,
    pub start: i64,
    pub end: i64,
}

impl Known {
    pub fn holds_at(&self, at: Time) -> bool {
        self.valid_from <= at && self.valid_until.is_none_or(|until| at < until)
    }
}

/// Every fact that a reader may see, the newest first.
///
/// # Errors
/// Storage.
pub async fn known(app: &App, scope: &Scope) -> Result<Vec<Known>, Error> {
    let rows = objects(app, scope, FACTS, &[], MOST).await?;
    rows.into_iter().map(|row| read(&row)).collect()
}

fn read(row: &serde_json::Map<String, Value>) -> Result<Known, Error> {
    let text = |name: &str| row.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
    let number = |name: &str| row.get(name).and_then(Value::as_i64).unwrap_or_default();
    let time = |name: &str| row.get(name).and_then(Value::as_str).and_then(Time::parse);
    let [subject, attribute, value] = ["subject", "attribute", "value"].map(text);
    let sources = serde_json::from_str(&text("evidence"))
        .map_err(|error| Error::internal(format!("evidence of {}: {error}", text("id"))))?;
    Ok(Known {
        id: text("id"),
        content: format!("{subject} · {attribute}: {value}"),
        subject,
        attribute,
        value,
        text: text("statement"),
        valid_from: time("valid_from").unwrap_or_default(),
        valid_until: time("valid_until"),
        support: number("support"),
        against: number("against"),
        confidence: row.get("confidence").and_then(Value::as_f64).unwrap_or_default(),
        sources,
        state: text("state"),
        kind: text("kind"),
        replaced_by: row.get("replaced_by").and_then(Value::as_str).map(str::to_owned),
        project: text("project"),
        key: text("attribute_key"),
    })
}

/// The facts that answer a question, the best first.
///
/// # Errors
/// Storage.
pub async fn search(app: &App, scope: &Scope, question: &str, limit: usize) -> Result<Vec<Hit>, Error> {
    let known = known(app, scope).await?;
    let now = Time::now();
    let candidates: Vec<Candidate<'_>> = known
        .iter()
        .map(|fact| Candidate {
            subject: &fact.subject,
            attribute: &fact.attribute,
            value: &fact.value,
            text: &fact.text,
            since: fact.valid_from.micros(),
            holds: fact.holds_at(now),
        })
        .collect();
    let scores = find::scores(question, &candidates);
    let mut ranked: Vec<(f64, &Known)> =
        scores.into_iter().zip(&known).filter(|(score, _)| *score > 0.0).collect();
    ranked.sort_by(|one, other| other.0.total_cmp(&one.0).then_with(|| one.1.id.cmp(&other.1.id)));
    Ok(ranked.into_iter().take(limit).map(|(score, fact)| hit(score, fact)).collect())
}

fn hit(score: f64, fact: &Known) -> Hit {
    Hit {
        id: fact.id.clone(),
        kind: Kind::Fact,
        score,
        name: Some(format!("{} · {}", fact.subject, fact.attribute)),
        content: format!("{}\n{}", fact.content, fact.text),
        time: fact.valid_from,
        project: fact.project.clone(),
        session: None,
        agent: None,
        event_type: Some(fact.kind.clone()),
        tool: None,
        outcome: None,
        sources: fact.sources.iter().map(|source| source.id.clone()).collect(),
        parts: None,
    }
}

/// Two rankings in one, each in its order: their scores do not compare.
pub fn merged(hits: Vec<Hit>, facts: Vec<Hit>, limit: usize) -> Vec<Hit> {
    let mut all: Vec<(usize, Hit)> = facts.into_iter().enumerate().collect();
    all.extend(hits.into_iter().enumerate());
    all.sort_by_key(|(place, _)| *place);
    let mut seen = HashMap::new();
    all.retain(|(_, hit)| seen.insert((hit.kind, hit.id.clone(), hit.project.clone()), ()).is_none());
    all.into_iter().map(|(_, hit)| hit).take(limit).collect()
}
