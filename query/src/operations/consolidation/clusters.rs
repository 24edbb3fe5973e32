//! Events that say nearly the same, in groups, and one that stands for each.

use std::collections::BTreeSet;

use athena_schemas::{Error, Time};
use athena_store::Scope;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::App;
use crate::at_once::each;
use crate::near::{Shingles, groups};
use crate::operations::events::recorded;
use crate::operations::paging;
use crate::operations::records::{one_project, page};
use crate::operations::rows::objects;
use crate::operations::temporal::stream;
use crate::registry::{Call, Effect, Example, Operation, Registry};
use crate::text::excerpt;

const FROM: &str = include_str!("../../../sql/clustered_from.sql");
const CLUSTERED: &str = include_str!("../../../sql/clustered.sql");

/// Events that are looked at, from the newest.
const LOOKED_AT: usize = 5_000;
/// Events that are read of them, with those that come meanwhile.
const MOST: usize = 2 * LOOKED_AT;
/// How like events are that belong together: the share of their word pairs, numbers being alike.
const ALIKE: f64 = 0.7;
/// Members of a cluster that are named, and those from which its exemplar is chosen.
const NAMED: usize = 20;
const SHOWN_CHARS: usize = 300;

pub fn register(registry: &mut Registry) {
    registry.add::<Clusters>();
}

/// Groups of events that say nearly the same, the largest first, each with the one that is most like the others. Looks
/// at the newest 5,000 events.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Clusters {
    /// Only events of this type.
    #[serde(default, rename = "type")]
    of_type: Option<String>,
    /// How many, from 1 to 1000; 20 when not said.
    #[serde(default, alias = "k")]
    limit: Option<usize>,
    /// `next_cursor` of the page before.
    #[serde(default)]
    cursor: Option<String>,
}

#[derive(Debug, Serialize, JsonSchema)]
struct Clustered {
    items: Vec<Cluster>,
    /// Events that were looked at, and those of them that are in a cluster.
    events: usize,
    clustered: usize,
    /// What to pass as `cursor` for the next ones; null at the end.
    next_cursor: Option<String>,
    project: String,
}

#[derive(Debug, Serialize, JsonSchema)]
struct Cluster {
    /// The exemplar: the event that is most like the others.
    id: String,
    /// What it says.
    content: String,
    #[serde(rename = "type")]
    of_type: String,
    tool: Option<String>,
    /// How many events.
    size: usize,
    /// In how many sessions.
    sessions: usize,
    /// How many failed.
    failures: usize,
    first_at: Time,
    last_at: Time,
    /// How like the exemplar is to the others, on average, from 0 to 1.
    likeness: f64,
    /// Ids of its events, the newest first; at most 20.
    members: Vec<String>,
}

#[derive(Debug, Deserialize)]
struct Event {
    id: String,
    #[serde(rename = "type")]
    of_type: String,
    tool: Option<String>,
    time: Time,
    session: Option<String>,
    outcome: Option<String>,
    content: String,
    position: u64,
}

impl Operation for Clusters {
    const TOOL: &'static str = "consolidation";
    const NAME: &'static str = "clusters";
    const EFFECT: Effect = Effect::Read;
    type Result = Clustered;

    async fn call(self, call: &Call) -> Result<Clustered, Error> {
        let limit = paging::limit(self.limit)?;
        let (project, scope) = one_project(call).await?;
        let from = begin(&call.app, &scope, self.of_type.as_deref()).await?;
        let given = [json!(self.of_type), json!(from)];
        let rows = objects(&call.app, &scope, CLUSTERED, &given, MOST).await?;
        let events = rows.into_iter().map(|row| serde_json::from_value(Value::Object(row)));
        let mut events: Vec<Event> =
            events.collect::<Result<_, _>>().map_err(|error| Error::internal(format!("events: {error}")))?;
        events.sort_by_key(|event| std::cmp::Reverse(event.position));
        // More may have come meanwhile.
        events.truncate(LOOKED_AT);
        let looked_at = events.len();
        let all = tokio::task::spawn_blocking(move || clusters(&events)).await;
        let all = all.map_err(|error| Error::internal(format!("clusters: {error}")))?;
        let clustered = all.iter().map(|cluster| cluster.size).sum();
        let (items, next_cursor) = page(all, limit, self.cursor.as_deref())?;
        Ok(Clustered { items, events: looked_at, clustered, next_cursor, project })
    }

    fn examples() -> Vec<Example> {
        vec![Example { setup: vec![recorded()], arguments: json!({"limit": 5}) }]
    }
}

/// From which place on so many events say something. Reading what they say is dear: where the newest of them begin is known
/// of those in memory, or asked first.
async fn begin(app: &App, scope: &Scope, of_type: Option<&str>) -> Result<u64, Error> {
    let newest = stream(app, scope, of_type).await?;
    let mut says = newest.iter().rev().filter(|event| !event.content.is_empty());
    if let Some(event) = says.nth(LOOKED_AT - 1) {
        return Ok(event.position);
    }
    let from = objects(app, scope, FROM, &[json!(of_type), json!(LOOKED_AT)], 1).await?.pop();
    Ok(from.and_then(|row| row.get("position")?.as_u64()).unwrap_or_default())
}

/// The largest first. Events come the newest first.
fn clusters(events: &[Event]) -> Vec<Cluster> {
    let shingles = each(events, |event| Shingles::of(&event.content));
    let mut all: Vec<Cluster> =
        groups(&shingles, ALIKE).iter().map(|group| cluster(events, &shingles, group)).collect();
    all.sort_by(|one, other| other.size.cmp(&one.size).then_with(|| one.id.cmp(&other.id)));
    all
}

fn cluster(events: &[Event], shingles: &[Shingles], group: &[usize]) -> Cluster {
    let some = &group[..group.len().min(NAMED)];
    let likeness = |at: usize| {
        let others = some.iter().filter(|other| **other != at);
        let sum: f64 = others.map(|other| shingles[at].likeness(&shingles[*other])).sum();
        sum / (some.len() - 1).max(1) as f64
    };
    let best = some.iter().copied().max_by(|one, other| likeness(*one).total_cmp(&likeness(*other)));
    let best = best.expect("a group has two and more");
    let members = || group.iter().map(|at| &events[*at]);
    let exemplar = &events[best];
    Cluster {
        id: exemplar.id.clone(),
        content: excerpt(&exemplar.content, "", SHOWN_CHARS),
        of_type: exemplar.of_type.clone(),
        tool: exemplar.tool.clone(),
        size: group.len(),
        sessions: members().filter_map(|event| event.session.as_ref()).collect::<BTreeSet<_>>().len(),
        failures: members().filter(|event| event.outcome.as_deref() == Some("failure")).count(),
        first_at: members().map(|event| event.time).min().unwrap_or_default(),
        last_at: members().map(|event| event.time).max().unwrap_or_default(),
        likeness: likeness(best),
        members: members().take(NAMED).map(|event| event.id.clone()).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn event(id: &str, content: &str) -> Event {
        Event {
            id: id.into(),
            of_type: "tool_call".into(),
            tool: Some("Bash".into()),
            time: Time::from_micros(id.len() as i64),
            session: Some(id[..1].to_owned()),
            outcome: Some("failure".into()),
            content: content.into(),
            position: 0,
        }
    }

    #[test]
    fn one_stands_for_those_that_say_nearly_the_same() {
        let events = [
            event("a", "connection to the database refused after 30 s"),
            event("b", "the quick brown fox"),
            event("aa", "connection to the database refused after 31 s"),
            event("c", "connection to the database refused after 5 s again"),
        ];
        let found = clusters(&events);
        assert_eq!(found.len(), 1);
        assert_eq!((found[0].size, found[0].sessions, found[0].failures), (3, 2, 3));
        assert!(["a", "aa"].contains(&found[0].id.as_str()), "the two are the same but for numbers");
    }
}
