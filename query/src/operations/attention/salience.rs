//! What deserves attention: what is recent, important, relevant to what is in mind, or surprising.

use std::collections::HashMap;

use arrow::array::RecordBatch;
use athena_schemas::tables::Memory;
use athena_schemas::wire::{Hit, Kind, Mode};
use athena_schemas::{Error, Row, Time};
use athena_store::Scope;
use datafusion::prelude::{col, lit};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::{thought, workspace};
use crate::App;
use crate::operations::events::recorded;
use crate::operations::items::listed;
use crate::operations::memories;
use crate::operations::newest::{newest, read};
use crate::operations::records::{Found, by_id, one_project};
use crate::operations::rows::objects;
use crate::registry::{Call, Effect, Example, Operation};
use crate::search::{missing, unreadable};
use crate::text::{Place, TextHit, excerpt};

const THINGS_HAPPENED: &str = include_str!("../../../sql/things_happened.sql");
const FOLLOWS: &str = include_str!("../../../sql/follows.sql");

/// Things that one call is about, at most.
const MOST: usize = 100;
/// Pairs of steps that are counted, at most.
const PAIRS: usize = 100_000;
/// After so long a thing is half as recent.
const HALF_LIFE_S: f64 = 7.0 * 86_400.0;
/// How often a step must have been followed by anything before its followers surprise.
const LEAST_FOLLOWED: u64 = 5;
const SHOWN_CHARS: usize = 200;

/// An event, a memory or a note.
#[derive(Debug, Clone, Deserialize)]
pub struct Thing {
    pub kind: String,
    pub id: String,
    pub text: Option<String>,
    time: Time,
    importance: Option<f64>,
    session: Option<String>,
    position: u64,
    /// Of an event: what was done, and where it stands in its session.
    #[serde(skip)]
    step: Option<(String, Place)>,
}

/// The things of these ids that there are: events from the text index, where it has them.
///
/// # Errors
/// Storage; an index that cannot be read.
pub async fn things(app: &App, scope: &Scope, ids: &[String]) -> Result<Vec<Thing>, Error> {
    let is_whole = missing(app, scope, None, Mode::Text).await.is_empty();
    let listed = listed(app, scope, ids, &[Kind::Event]).await?;
    let mut things: Vec<Thing> = listed.into_iter().map(happened).collect();
    let others = |things: &[Thing]| -> Vec<String> {
        ids.iter().filter(|id| !things.iter().any(|one| one.id == **id)).cloned().collect()
    };
    let kept = others(&things);
    if !kept.is_empty() {
        things.extend(memories_kept(app, scope, &kept).await?);
        things.extend(by_id(app, scope, &kept).await?.into_iter().filter_map(record));
    }
    // What the index does not have yet.
    let happened = if is_whole { Vec::new() } else { others(&things) };
    if !happened.is_empty() {
        for row in objects(app, scope, THINGS_HAPPENED, &[json!(happened)], MOST).await? {
            let thing = serde_json::from_value(Value::Object(row));
            things.push(thing.map_err(|error| Error::internal(format!("things: {error}")))?);
        }
    }
    Ok(things)
}

async fn memories_kept(app: &App, scope: &Scope, ids: &[String]) -> Result<Vec<Thing>, Error> {
    let columns = ["id", "name", "content", "sensitive", "recorded_at", "importance", "session", "position"];
    let wanted = col("id").in_list(ids.iter().map(lit).collect(), false);
    let memory = |batch: &RecordBatch, row| Thing {
        kind: "memory".to_owned(),
        id: read(batch, "id", row),
        // What is sensitive is known by its name.
        text: match read(batch, "sensitive", row) {
            true => read(batch, "name", row),
            false => Some(read(batch, "content", row)),
        },
        time: read(batch, "recorded_at", row),
        importance: read(batch, "importance", row),
        session: read(batch, "session", row),
        position: read(batch, "position", row),
        step: None,
    };
    newest(app, scope, (Memory::TABLE, &columns), wanted, memory).await
}

/// A record that says anything.
fn record(found: Found) -> Option<Thing> {
    let Found { kind, id, name, text, recorded_at: time, session, position, .. } = found;
    let text = match (name, text) {
        (Some(name), Some(text)) => format!("{name}: {text}"),
        (name, text) => name.or(text)?,
    };
    Some(Thing { kind, id, text: Some(text), time, importance: None, session, position, step: None })
}

fn happened(event: TextHit) -> Thing {
    let step = event.place.map(|place| (step(&event.hit), place));
    let TextHit { hit, position, .. } = event;
    let (kind, text, importance) = ("event".to_owned(), Some(hit.content), None);
    Thing { kind, id: hit.id, text, time: hit.time, importance, session: hit.session, position, step }
}

/// An event as a step: its type and tool.
fn step(hit: &Hit) -> String {
    let (of_type, tool) = (hit.event_type.as_deref(), hit.tool.as_deref());
    format!("{} {}", of_type.unwrap_or_default(), tool.unwrap_or_default())
}

/// How much events, memories and notes deserve attention, the most first. What is not known is null, with the reason,
/// and does not count.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Salience {
    /// Ids of events, memories and notes; at most 100.
    ids: Vec<String>,
}

/// The most salient first.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Weighed {
    items: Vec<Salient>,
    /// Ids of which there is nothing.
    missing: Vec<String>,
    project: String,
}

/// A thing, and why it deserves attention.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Salient {
    pub id: String,
    pub kind: String,
    pub content: String,
    time: Time,
    /// The mean of what is known: recency, importance, relevance, and the improbability 1 − 2^−surprise.
    salience: f64,
    /// 1 now, half of it every seven days.
    recency: f64,
    /// From 0 to 1, as it was told.
    importance: Option<f64>,
    /// Likeness to what is in mind, from 0 to 1; of an automatic focus, how likely it bears on the question.
    relevance: Option<f64>,
    /// −log2 of the probability of its step after the step before it, in bits.
    surprise: Option<f64>,
    /// Why what is null is not known.
    reason: Option<String>,
}

impl Operation for Salience {
    const TOOL: &'static str = "attention";
    const NAME: &'static str = "salience";
    const EFFECT: Effect = Effect::Read;
    type Result = Weighed;

    async fn call(self, call: &Call) -> Result<Weighed, Error> {
        if self.ids.is_empty() || self.ids.len() > MOST {
            return Err(Error::invalid("ids", format!("1 to {MOST} ids")));
        }
        let (project, scope) = one_project(call).await?;
        let (found, (_, workspace)) =
            tokio::try_join!(things(&call.app, &scope, &self.ids), workspace(call, &call.app, &scope),)?;
        let missing = self.ids.into_iter().filter(|id| !found.iter().any(|thing| thing.id == *id)).collect();
        let in_mind: Vec<&str> = workspace.items.iter().map(|item| item.text.as_str()).collect();
        let relevance = likeness(&call.app, &scope, in_mind.join("\n"), &found).await?;
        let items = weighed(&call.app, &scope, found, &relevance).await?;
        Ok(Weighed { items, missing, project })
    }

    fn examples() -> Vec<Example> {
        let setup = vec![recorded(), memories::set_up(), thought()];
        let ids = json!(["example-test-run", memories::example_id()]);
        vec![Example { setup, arguments: json!({"ids": ids}) }]
    }
}

/// What is known of how relevant something is.
pub type Relevance = Result<f64, &'static str>;

/// How like the text each thing is, by its vector.
async fn likeness(
    app: &App,
    scope: &Scope,
    text: String,
    things: &[Thing],
) -> Result<HashMap<String, Relevance>, Error> {
    let ids = || things.iter().map(|thing| thing.id.clone());
    if text.trim().is_empty() {
        return Ok(ids().map(|id| (id, Err("relevance: nothing is in mind"))).collect());
    }
    let positions: Vec<u64> = things.iter().map(|thing| thing.position).collect();
    let (vectors, scope) = (app.vectors.clone(), scope.clone());
    let question = vectors.question(&text, vectors.vector(&text).await);
    let compared = tokio::task::spawn_blocking(move || {
        vectors.compare(&question, &scope, &positions).map_err(unreadable)
    });
    let compared = compared.await.map_err(|error| Error::internal(format!("likeness: {error}")))??;
    let relevance = |likeness: Option<crate::vector::Likeness>| {
        likeness
            .map(|likeness| f64::from(likeness.general).clamp(0.0, 1.0))
            .ok_or("relevance: it has no vector yet")
    };
    Ok(ids().zip(compared.into_iter().map(relevance)).collect())
}

/// Everything that is known of each thing, the most salient first.
pub async fn weighed(
    app: &App,
    scope: &Scope,
    things: Vec<Thing>,
    relevance: &HashMap<String, Relevance>,
) -> Result<Vec<Salient>, Error> {
    let follows = follows(app, scope, &things).await?;
    let now = Time::now();
    let mut items: Vec<Salient> =
        things.into_iter().map(|thing| salient(&thing, relevance.get(&thing.id), &follows, now)).collect();
    items.sort_by(|one, other| other.salience.total_cmp(&one.salience));
    Ok(items)
}

/// How often a step followed the one before it, and how often anything did.
#[derive(Debug, Clone, Copy)]
struct Follows {
    times: u64,
    of: u64,
}

/// A step that came after another one, and how often.
#[derive(Debug, Deserialize)]
struct Pair {
    before: String,
    step: String,
    times: u64,
}

async fn pairs(app: &App, scope: &Scope) -> Result<Vec<Pair>, Error> {
    let tally = app.tallies.now(app, scope).await?;
    if let Some(pairs) = tally.made.follows() {
        let pair = |(before, step, times): (&str, &str, u64)| {
            let (before, step) = (before.to_owned(), step.to_owned());
            Pair { before, step, times }
        };
        return Ok(pairs.map(pair).collect());
    }
    drop(tally);
    let rows = objects(app, scope, FOLLOWS, &[], PAIRS).await?.into_iter();
    let pairs = rows.map(|row| serde_json::from_value(Value::Object(row)));
    pairs.collect::<Result<_, _>>().map_err(|error| Error::internal(format!("steps: {error}")))
}

/// By id, of each event that has a step before it.
async fn follows(app: &App, scope: &Scope, things: &[Thing]) -> Result<HashMap<String, Follows>, Error> {
    let steps: Vec<(&str, &str, Place)> = things
        .iter()
        .filter_map(|thing| {
            thing.step.as_ref().map(|(step, place)| (thing.id.as_str(), step.as_str(), *place))
        })
        .collect();
    if steps.is_empty() {
        return Ok(HashMap::new());
    }
    let (index, places) = (app.text.get(), steps.iter().map(|(.., place)| *place).collect::<Vec<_>>());
    let before = async {
        let before = tokio::task::spawn_blocking(move || index.before(&places)).await;
        Ok(before.map_err(|error| Error::internal(format!("steps: {error}")))??)
    };
    let (before, pairs) = tokio::try_join!(before, pairs(app, scope))?;
    let mut times: HashMap<(String, String), u64> = HashMap::new();
    let mut of: HashMap<String, u64> = HashMap::new();
    for Pair { before, step, times: count } in pairs {
        *of.entry(before.clone()).or_default() += count;
        times.insert((before, step), count);
    }
    let follows = steps.into_iter().zip(before).filter_map(|((id, own, _), before)| {
        let before = step(&before?.hit);
        let of = of.get(&before).copied().unwrap_or_default();
        let times = times.get(&(before, own.to_owned())).copied().unwrap_or_default();
        Some((id.to_owned(), Follows { times, of }))
    });
    Ok(follows.collect())
}

fn salient(
    thing: &Thing,
    relevance: Option<&Relevance>,
    follows: &HashMap<String, Follows>,
    now: Time,
) -> Salient {
    let age_s = ((now.micros() - thing.time.micros()) as f64 / 1e6).max(0.0);
    let recency = (-age_s / HALF_LIFE_S).exp2();
    let surprise = match (thing.kind.as_str(), follows.get(&thing.id)) {
        ("event", Some(Follows { times, of })) if *of >= LEAST_FOLLOWED => {
            Ok(-(*times as f64 / *of as f64).log2())
        }
        ("event", Some(_)) => Err("surprise: the step before it was hardly ever followed"),
        ("event", None) if thing.session.is_none() => Err("surprise: it is of no session"),
        ("event", None) => Err("surprise: it is the first of its session"),
        _ => Err("surprise: only events are steps"),
    };
    let importance = thing.importance.ok_or("importance: nobody said");
    let relevance = relevance.copied().unwrap_or(Err("relevance: nothing is in mind"));
    let known = [Ok(recency), importance, relevance, surprise.map(|bits| 1.0 - (-bits).exp2())];
    let numbers: Vec<f64> = known.iter().filter_map(|part| part.ok()).collect();
    let reasons: Vec<&str> = known.iter().filter_map(|part| part.err()).collect();
    Salient {
        id: thing.id.clone(),
        kind: thing.kind.clone(),
        content: excerpt(thing.text.as_deref().unwrap_or_default(), "", SHOWN_CHARS),
        time: thing.time,
        salience: numbers.iter().sum::<f64>() / numbers.len() as f64,
        recency,
        importance: importance.ok(),
        relevance: relevance.ok(),
        // −0 is 0.
        surprise: surprise.ok().map(|bits| bits + 0.0),
        reason: (!reasons.is_empty()).then(|| reasons.join("; ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn thing(kind: &str, importance: Option<f64>) -> Thing {
        let (id, text, time) = ("t".to_owned(), None, Time::from_micros(0));
        Thing {
            kind: kind.into(),
            id,
            text,
            time,
            importance,
            session: Some("s".into()),
            position: 0,
            step: None,
        }
    }

    #[test]
    fn only_what_is_known_counts() {
        let now = Time::from_micros(7 * 86_400 * 1_000_000);
        let follows = |times, of| HashMap::from([("t".to_owned(), Follows { times, of })]);
        let weighed = salient(&thing("event", None), Some(&Ok(0.9)), &follows(1, 8), now);
        assert_eq!((weighed.recency, weighed.surprise, weighed.importance), (0.5, Some(3.0), None));
        assert!((weighed.salience - (0.5 + 0.9 + 0.875) / 3.0).abs() < 1e-12);
        assert_eq!(weighed.reason.as_deref(), Some("importance: nobody said"));

        let few = salient(&thing("event", None), None, &follows(1, 2), now);
        assert_eq!((few.surprise, few.relevance), (None, None));
        assert!(few.reason.unwrap().contains("hardly ever"));
        let certain = salient(&thing("event", None), None, &follows(9, 9), now);
        assert_eq!(certain.surprise, Some(0.0));
        let told = salient(&thing("memory", Some(0.7)), None, &HashMap::new(), now);
        assert!((told.salience - 0.6).abs() < 1e-12 && told.surprise.is_none());
    }
}
