//! Memories that say the same, or that cannot all hold: told, never decided.

use std::cmp::Ordering;
use std::ops::Range;
use std::sync::Arc;

use athena_schemas::tables::Memory;
use athena_schemas::wire::{Kind, Mode};
use athena_schemas::{Error, Row, Time};
use athena_store::Scope;
use athena_store::embed::StaticTable;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::{absent, example_id, of, set_up};
use crate::App;
use crate::operations::paging;
use crate::pairs::{self, Judge, Text, Verdict};
use crate::registry::{Call, Effect, Example, Operation, Step};
use crate::search::{OneSearch, QUERY_CHARS, missing};
use crate::sql;
use crate::text::{Filter, TextQuery, parse};

/// Memories that one is compared with: those that a search for its text finds first.
const NEAREST: usize = 20;
/// Memories that are compared with each other, the newest; each with so many that are most alike.
const COMPARED: usize = 1_000;
const ALIKE: usize = 4;

const HOLDING: &str = include_str!("../../../sql/memories_holding.sql");

/// Two memories that cannot both hold.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Contradiction {
    /// The one that says it last.
    newer: Side,
    older: Side,
    /// What both are about.
    subject: Option<String>,
    /// What both tell of it.
    attribute: Option<String>,
    /// Whether they may well both hold.
    possible: bool,
    /// How likely it is that they cannot both hold.
    probability: f32,
    /// What tells which is newer: `valid_from` where both say from when they hold, else `recorded_at`.
    dated_by: &'static str,
    /// The call that ends the older one, if the newer one is right.
    suggestion: Suggestion,
}

/// One of the two.
#[derive(Debug, Clone, Serialize, JsonSchema)]
struct Side {
    id: String,
    content: String,
    /// What it says differently, and where: characters, from 0.
    value: String,
    start: usize,
    end: usize,
    /// From when it holds, or when it was recorded.
    time: Time,
}

#[derive(Debug, Clone, Serialize, JsonSchema)]
struct Suggestion {
    call: &'static str,
    arguments: Value,
}

/// What is told of a memory beside that it was written.
#[derive(Debug, Default)]
pub struct Advice {
    /// Ids of those that say the same, the likeliest first.
    pub duplicates: Vec<String>,
    pub contradictions: Vec<Contradiction>,
    pub degraded: Vec<String>,
}

/// What the project says already: of the same as a memory of this id and content, and against it. What is sensitive is
/// compared with nothing.
///
/// # Errors
/// An index or a table that cannot be read.
pub async fn advice(
    app: &App,
    scope: &Scope,
    (id, content): (&str, &str),
    possible: bool,
) -> Result<Advice, Error> {
    let degraded = missing(app, scope, None, Mode::Hybrid).await;
    let mut ids = nearest(app, scope, content).await?;
    ids.retain(|near| near != id);
    ids.push(id.to_owned());
    let (own, mut others): (Vec<_>, Vec<_>) =
        of(app, scope, &ids).await?.into_iter().partition(|one| one.id == id);
    let own = own.into_iter().next().filter(|own| !own.sensitive);
    let Some(own) = own else { return Ok(Advice::default()) };
    others.retain(|other| other.superseded_by.is_none() && !other.sensitive && other.project == own.project);
    let found = tokio::task::spawn_blocking(move || compared(&own, &others, possible));
    let (duplicates, contradictions) =
        found.await.map_err(|error| Error::internal(format!("pairs: {error}")))?;
    Ok(Advice { duplicates, contradictions, degraded })
}

/// Ids of the memories that a search for this text finds first.
async fn nearest(app: &App, scope: &Scope, content: &str) -> Result<Vec<String>, Error> {
    let filter = Filter { kinds: vec![Kind::Memory], ..Filter::within(scope.clone()) };
    let text: String = content.chars().take(QUERY_CHARS).collect();
    let search = OneSearch {
        text: app.text.get(),
        vectors: app.vectors.clone(),
        vector: app.vectors.vector(&parse(&text).plain()).await,
        query: TextQuery { text, filter, limit: NEAREST, prefix: false },
        mode: Mode::Hybrid,
        ranker: app.options.ranker.clone(),
        how: Arc::default(),
        explain: false,
    };
    let found = tokio::task::spawn_blocking(move || {
        let asked = search.text.ask(&search.query)?;
        if !asked.is_worded() {
            return Ok(vec![]);
        }
        let ranked = search.ranked(&asked, NEAREST)?;
        ranked
            .iter()
            .map(|ranked| Ok(asked.hit(&ranked.shown.by_words)?.hit.id))
            .collect::<Result<_, Error>>()
    });
    found.await.map_err(|error| Error::internal(format!("search: {error}")))?
}

/// The newest that nothing took the place of.
async fn holding(app: &App, scope: &Scope) -> Result<Vec<Memory>, Error> {
    let batches = sql::ask(app, scope, HOLDING, &[json!(COMPARED)], COMPARED).await?;
    let rows: Vec<Vec<Memory>> = batches.iter().map(Memory::rows).collect::<Result<_, _>>()?;
    Ok(rows.into_iter().flatten().collect())
}

fn read(table: &StaticTable, memory: &Memory) -> Text {
    Text::new(table, &memory.content, memory.name.as_deref(), &memory.scope)
}

fn compared(own: &Memory, others: &[Memory], possible: bool) -> (Vec<String>, Vec<Contradiction>) {
    let table = StaticTable::built_in();
    let text = read(&table, own);
    let (mut same, mut against) = (Vec::new(), Vec::new());
    for other in others {
        let its = read(&table, other);
        let judged = Judge::built_in().of(&text, &its);
        match judged.verdict {
            Verdict::Same => same.push((judged.same, other.id.clone())),
            Verdict::Different => {}
            verdict if verdict == Verdict::Possible && !possible => {}
            verdict => {
                against.extend(contradiction((own, &text), (other, &its), verdict, judged.contradicts))
            }
        }
    }
    same.sort_by(|one, other| other.0.total_cmp(&one.0));
    against.sort_by(surest);
    (same.into_iter().map(|(_, id)| id).collect(), against)
}

fn surest(one: &Contradiction, other: &Contradiction) -> Ordering {
    other.probability.total_cmp(&one.probability).then_with(|| one.newer.id.cmp(&other.newer.id))
}

/// `None` where one ended before the other began, or was recorded if it does not say when: that is a succession.
fn contradiction(
    a: (&Memory, &Text),
    b: (&Memory, &Text),
    verdict: Verdict,
    probability: f32,
) -> Option<Contradiction> {
    let before = |one: &Memory, other: &Memory| {
        one.valid_until.is_some_and(|until| until <= other.valid_from.unwrap_or(other.recorded_at))
    };
    if before(a.0, b.0) || before(b.0, a.0) {
        return None;
    }
    let from = a.0.valid_from.zip(b.0.valid_from).filter(|(one, other)| one != other);
    let (dated_by, times) = match from {
        Some((one, other)) => ("valid_from", [one, other]),
        None => ("recorded_at", [a.0.recorded_at, b.0.recorded_at]),
    };
    let newer_is_a = (times[0], a.0.position) > (times[1], b.0.position);
    let difference = Judge::built_in().difference(a.1, b.1);
    let side = |memory: &Memory, span: &Range<usize>, time: Time| {
        let chars = |bytes: usize| memory.content.get(..bytes).map_or(0, |before| before.chars().count());
        let value = memory.content.get(span.clone()).unwrap_or_default().to_owned();
        Side {
            id: memory.id.clone(),
            content: memory.content.clone(),
            value,
            start: chars(span.start),
            end: chars(span.end),
            time,
        }
    };
    let [one, other] = [side(a.0, &difference.spans[0], times[0]), side(b.0, &difference.spans[1], times[1])];
    let (newer, older) = if newer_is_a { (one, other) } else { (other, one) };
    Some(Contradiction {
        suggestion: Suggestion {
            call: "memories.supersede",
            arguments: json!({"old": older.id, "new": newer.id}),
        },
        newer,
        older,
        subject: difference.subject,
        attribute: difference.attribute,
        possible: verdict == Verdict::Possible,
        probability,
        dated_by,
    })
}

/// Memories that cannot both hold: of one with those near it, or of the newest 1,000 with each other. Each with where
/// they differ, which one is newer, and the call that would end the older one.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Contradictions {
    /// Only those of this memory.
    #[serde(default)]
    id: Option<String>,
    /// Whether to tell also of what may well both hold.
    #[serde(default)]
    possible: bool,
    /// At most so many; 20 when not said.
    #[serde(default, alias = "k")]
    limit: Option<usize>,
}

/// The surest first.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Disagreements {
    items: Vec<Contradiction>,
    /// Memories that were compared with each other.
    compared: usize,
    /// Whether there are more.
    truncated: bool,
    /// What the answer lacks.
    degraded: Vec<String>,
    projects: Vec<String>,
}

impl Operation for Contradictions {
    const TOOL: &'static str = "memories";
    const NAME: &'static str = "contradictions";
    const EFFECT: Effect = Effect::Read;
    type Result = Disagreements;

    async fn call(self, call: &Call) -> Result<Disagreements, Error> {
        let (projects, scope) = call.scope().await?;
        let limit = paging::limit(self.limit)?;
        let (mut items, compared, degraded) = match &self.id {
            Some(id) => {
                let own = of(&call.app, &scope, std::slice::from_ref(id)).await?.pop();
                let own = own.ok_or_else(|| absent(id, &projects))?;
                let said = (id.as_str(), own.content.as_str());
                let advice = advice(&call.app, &scope, said, self.possible).await?;
                (advice.contradictions, 1 + NEAREST, advice.degraded)
            }
            None => {
                let all = holding(&call.app, &scope).await?;
                let compared = all.len();
                let possible = self.possible;
                let found = tokio::task::spawn_blocking(move || among(&all, possible)).await;
                let found = found.map_err(|error| Error::internal(format!("pairs: {error}")))?;
                (found, compared, vec![])
            }
        };
        let truncated = items.len() > limit;
        items.truncate(limit);
        Ok(Disagreements { items, compared, truncated, degraded, projects })
    }

    fn examples() -> Vec<Example> {
        let newer =
            json!({"content": "Deploy on Mondays, after the backup", "event_id": "example-other-day"});
        let newer = Step { tool: "memories", operation: "remember", arguments: newer };
        vec![
            Example { setup: vec![set_up(), newer.clone()], arguments: json!({}) },
            Example {
                setup: vec![set_up(), newer],
                arguments: json!({"id": example_id(), "possible": true}),
            },
        ]
    }
}

/// Those among all of a scope; memories of two projects are never compared.
fn among(all: &[Memory], possible: bool) -> Vec<Contradiction> {
    let table = StaticTable::built_in();
    let texts: Vec<Text> = all.iter().map(|memory| read(&table, memory)).collect();
    let mut found = Vec::new();
    for (one, other) in pairs::drawn(&texts, ALIKE) {
        if all[one].project != all[other].project {
            continue;
        }
        let judged = Judge::built_in().of(&texts[one], &texts[other]);
        let against =
            judged.verdict == Verdict::Contradicts || (possible && judged.verdict == Verdict::Possible);
        if against {
            let sides = ((&all[one], &texts[one]), (&all[other], &texts[other]));
            found.extend(contradiction(sides.0, sides.1, judged.verdict, judged.contradicts));
        }
    }
    found.sort_by(surest);
    found
}
