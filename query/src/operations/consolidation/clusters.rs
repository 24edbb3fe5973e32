//! Events that say nearly the same, in groups, and one that stands for each.

use std::collections::BTreeSet;
use std::sync::Arc;

use arrow::array::RecordBatch;
use athena_schemas::vocabulary::COMMAND_PREFIX;
use athena_schemas::{Column, Error, Time};
use athena_store::{Scope, Snapshot};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::at_once::each;
use crate::kept::{Keeper, Made, Of};
use crate::near::{Shingles, groups};
use crate::operations::events::recorded;
use crate::operations::newest::read;
use crate::operations::paging;
use crate::operations::records::{one_project, page};
use crate::operations::temporal::stream;
use crate::registry::{Call, Effect, Example, Operation, Registry};
use crate::text::excerpt;
use crate::{App, sql};

const FROM: &str = include_str!("../../../sql/clustered_from.sql");
const CLUSTERED: &str = include_str!("../../../sql/clustered.sql");

/// Events that are looked at, from the newest.
const LOOKED_AT: usize = 5_000;
/// Events that are read of them, with those that come meanwhile.
const MOST: usize = 2 * LOOKED_AT;
/// Characters of what they say that count, and those that are shown.
const COUNTED_CHARS: usize = 2_000;
const SHOWN_CHARS: usize = 300;
/// How like events are that belong together: the share of their word pairs, numbers being alike.
const ALIKE: f64 = 0.7;
/// Members of a cluster that are named, and those from which its exemplar is chosen.
const NAMED: usize = 20;
/// Scopes whose newest events are kept, by type.
const SCOPES: usize = 4;

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

#[derive(Debug, Clone, Serialize, JsonSchema)]
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

/// What was said last, of the scopes that were asked about last.
pub type AllSaid = Keeper<Said>;

/// None yet.
pub fn said() -> AllSaid {
    Keeper::of_scopes(SCOPES)
}

/// The newest events that say something, the newest first, and how they belong together.
#[derive(Default)]
pub struct Said {
    events: Vec<Arc<Event>>,
    /// Once that was asked, until there are newer ones.
    clusters: Option<Arc<Vec<Cluster>>>,
}

struct Event {
    id: String,
    of_type: String,
    tool: Option<String>,
    time: Time,
    session: Option<String>,
    outcome: Option<String>,
    /// Its beginning.
    content: String,
    shingles: Shingles,
    position: u64,
}

impl Made for Said {
    type Of = (Scope, Option<String>);
    const COLUMNS: &'static [&'static str] =
        &["project", "id", "type", "tool", "time", "session", "outcome", "content", "position"];
    const ANEW: i64 = LOOKED_AT as i64;

    fn take(&mut self, (scope, of_type): &Self::Of, batch: &RecordBatch) -> Result<(), Error> {
        let perhaps = |name: &str, row| read::<Option<String>>(batch, name, row);
        let text = |name: &str, row| perhaps(name, row).unwrap_or_default();
        let is_meant = |row: &usize| {
            let event = text("type", *row);
            scope.has(perhaps("project", *row).as_deref())
                && !event.starts_with(COMMAND_PREFIX)
                && of_type.as_ref().is_none_or(|of_type| event == *of_type)
                && perhaps("content", *row).is_some_and(|content| !content.is_empty())
        };
        let rows: Vec<usize> = (0..batch.num_rows()).filter(is_meant).collect();
        self.events.extend(each(&rows, |row| {
            let content: String = text("content", *row).chars().take(COUNTED_CHARS).collect();
            Arc::new(Event {
                id: text("id", *row),
                of_type: text("type", *row),
                tool: perhaps("tool", *row),
                time: read(batch, "time", *row),
                session: perhaps("session", *row),
                outcome: perhaps("outcome", *row),
                shingles: Shingles::of(&content),
                content: excerpt(&content, "", SHOWN_CHARS),
                position: read(batch, "position", *row),
            })
        }));
        self.clusters = None;
        Ok(())
    }

    fn settle(&mut self) {
        self.events.sort_by_key(|event| std::cmp::Reverse(event.position));
        self.events.truncate(LOOKED_AT);
    }

    async fn begin(&mut self, app: &App, of: &Self::Of, snapshot: &Snapshot) -> Result<(), Error> {
        let given = [json!(of.1), json!(first(app, snapshot, of).await?)];
        let mut running = sql::over(app, snapshot, of.scope(), CLUSTERED, &given, MOST).await?;
        while let Some(batch) = running.next().await? {
            self.take(of, &batch)?;
        }
        Ok(())
    }
}

impl Operation for Clusters {
    const TOOL: &'static str = "consolidation";
    const NAME: &'static str = "clusters";
    const EFFECT: Effect = Effect::Read;
    type Result = Clustered;

    async fn call(self, call: &Call) -> Result<Clustered, Error> {
        let limit = paging::limit(self.limit)?;
        let (project, scope) = one_project(call).await?;
        let mut said = call.app.said.now(&call.app, &(scope, self.of_type)).await?;
        let events = said.made.events.clone();
        let looked_at = events.len();
        let all = match &said.made.clusters {
            Some(all) => all.clone(),
            None => {
                let all = tokio::task::spawn_blocking(move || Arc::new(clusters(&events))).await;
                let all = all.map_err(|error| Error::internal(format!("clusters: {error}")))?;
                said.made.clusters.insert(all).clone()
            }
        };
        drop(said);
        let clustered = all.iter().map(|cluster| cluster.size).sum();
        let (items, next_cursor) = page(all.to_vec(), limit, self.cursor.as_deref())?;
        Ok(Clustered { items, events: looked_at, clustered, next_cursor, project })
    }

    fn examples() -> Vec<Example> {
        vec![Example { setup: vec![recorded()], arguments: json!({"limit": 5}) }]
    }
}

/// From which place on so many events say something. Reading what they say is dear: where the newest of them begin is known
/// of those in memory, or asked first.
async fn first(app: &App, snapshot: &Snapshot, (scope, of_type): &<Said as Made>::Of) -> Result<u64, Error> {
    let newest = stream(app, scope, of_type.as_deref()).await?;
    let mut says = newest.iter().rev().filter(|event| !event.content.is_empty());
    if let Some(event) = says.nth(LOOKED_AT - 1) {
        return Ok(event.position);
    }
    let mut running = sql::over(app, snapshot, scope, FROM, &[json!(of_type), json!(LOOKED_AT)], 1).await?;
    let rows = running.next().await?;
    let position = rows.map(|rows| <Option<u64> as Column>::read(rows.column(0), 0));
    Ok(position.flatten().unwrap_or_default())
}

/// The largest first. Events come the newest first.
fn clusters(events: &[Arc<Event>]) -> Vec<Cluster> {
    let shingles: Vec<&Shingles> = events.iter().map(|event| &event.shingles).collect();
    let mut all: Vec<Cluster> = groups(&shingles, ALIKE).iter().map(|group| cluster(events, group)).collect();
    all.sort_by(|one, other| other.size.cmp(&one.size).then_with(|| one.id.cmp(&other.id)));
    all
}

fn cluster(events: &[Arc<Event>], group: &[usize]) -> Cluster {
    let some = &group[..group.len().min(NAMED)];
    let likeness = |at: usize| {
        let others = some.iter().filter(|other| **other != at);
        let sum: f64 = others.map(|other| events[at].shingles.likeness(&events[*other].shingles)).sum();
        sum / (some.len() - 1).max(1) as f64
    };
    let best = some.iter().copied().max_by(|one, other| likeness(*one).total_cmp(&likeness(*other)));
    let best = best.expect("a group has two and more");
    let members = || group.iter().map(|at| &events[*at]);
    let exemplar = &events[best];
    Cluster {
        id: exemplar.id.clone(),
        content: exemplar.content.clone(),
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

    fn event(id: &str, content: &str) -> Arc<Event> {
        Arc::new(Event {
            id: id.into(),
            of_type: "tool_call".into(),
            tool: Some("Bash".into()),
            time: Time::from_micros(id.len() as i64),
            session: Some(id[..1].to_owned()),
            outcome: Some("failure".into()),
            content: content.into(),
            shingles: Shingles::of(content),
            position: 0,
        })
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
