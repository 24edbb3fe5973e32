//! Activity by place.

use std::collections::BTreeMap;
use std::sync::Arc;

use ahash::{AHashMap, AHashSet};
use athena_learn::places::{self, parts, within};
use athena_schemas::{Error, Time};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::{Tied, tied, touched};
use crate::facts::{Known, known};
use crate::operations::events::recorded;
use crate::operations::paging;
use crate::operations::temporal::Happened;
use crate::registry::{Call, Effect, Example, Operation};
use crate::time_args;

/// Levels of a tree when nothing is said, and at most.
const LEVELS: usize = 3;
const MOST_LEVELS: usize = 20;
/// Things of each sort that a context tells of.
const EACH: usize = 10;

/// What happened at a place.
#[derive(Debug, Default, Serialize, JsonSchema)]
struct Activity {
    path: String,
    /// Levels below the path that was asked for.
    depth: usize,
    events: usize,
    failures: usize,
    sessions: usize,
    last: Option<Time>,
}

/// The tree of paths that were touched, with the activity in each; the order is that of the paths.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Tree {
    /// Below which folder; all when not said.
    path: String,
    /// Levels; 3 when not said.
    depth: Option<usize>,
    /// At most so many places; 20 when not said.
    #[serde(alias = "k")]
    limit: Option<usize>,
    /// Where the page before ended.
    cursor: Option<String>,
}

/// Places.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Places {
    path: String,
    items: Vec<Activity>,
    next_cursor: Option<String>,
    projects: Vec<String>,
}

impl Operation for Tree {
    const TOOL: &'static str = "spatial";
    const NAME: &'static str = "tree";
    const EFFECT: Effect = Effect::Read;
    type Result = Places;

    async fn call(self, call: &Call) -> Result<Places, Error> {
        let (projects, scope) = call.scope().await?;
        let limit = paging::limit(self.limit)?;
        let depth = self.depth.unwrap_or(LEVELS);
        if !(1..=MOST_LEVELS).contains(&depth) {
            return Err(Error::invalid("depth", format!("{depth} levels; from 1 to {MOST_LEVELS}")));
        }
        let (events, moves) = touched(&call.app, &scope).await?;
        let path = moves.now(&self.path).into_owned();
        let above = parts(&path).len();
        let mut numbers: BTreeMap<String, usize> = BTreeMap::new();
        let mut found: Vec<(Activity, AHashSet<&str>)> = Vec::new();
        // Of many events there are few files.
        let mut of_file: AHashMap<&str, Vec<usize>> = AHashMap::new();
        let mut own = Vec::new();
        for event in &events {
            own.clear();
            for file in event.files.iter().filter(|file| within(file, &path)) {
                let places = of_file.entry(file).or_insert_with(|| {
                    let names = parts(file);
                    let root = if file.starts_with('/') { "/" } else { "" };
                    let levels = above.max(1)..=names.len().min(above + depth);
                    let place = |level: usize| {
                        let path = format!("{root}{}", names[..level].join("/"));
                        *numbers.entry(path).or_insert_with(|| {
                            let activity = Activity { depth: level - above, ..Activity::default() };
                            found.push((activity, AHashSet::new()));
                            found.len() - 1
                        })
                    };
                    levels.map(place).collect()
                });
                own.extend_from_slice(places);
            }
            own.sort_unstable();
            own.dedup();
            for place in &own {
                let (activity, sessions) = &mut found[*place];
                activity.events += 1;
                activity.failures += usize::from(event.outcome.as_deref() == Some("failure"));
                activity.last = activity.last.max(Some(event.time));
                sessions.insert(&event.session);
            }
        }
        let all = numbers.into_iter().map(|(path, number)| {
            let (activity, sessions) = std::mem::take(&mut found[number]);
            Activity { path, sessions: sessions.len(), ..activity }
        });
        let (items, next_cursor) =
            crate::operations::records::page(all.collect(), limit, self.cursor.as_deref())?;
        Ok(Places { path, items, next_cursor, projects })
    }

    fn examples() -> Vec<Example> {
        vec![Example { setup: vec![recorded()], arguments: json!({"depth": 2}) }]
    }
}

/// What to know before working at a path: recent work, facts that name it, who worked there, what failed, what was done
/// after, and what was tied to it.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Context {
    /// A file or folder.
    path: String,
}

#[derive(Debug, Serialize, JsonSchema)]
struct Counted {
    name: String,
    count: usize,
}

/// What is known of a place.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Around {
    path: String,
    /// Recent work, the newest first.
    items: Vec<Happened>,
    /// Facts that name it and hold.
    facts: Vec<Known>,
    /// Who worked there, the most active first.
    owners: Vec<Counted>,
    failures: Vec<Happened>,
    /// What was done there, the most frequent first.
    steps: Vec<Counted>,
    /// Procedures used there; null where none can be told.
    procedures: Option<Vec<String>>,
    /// Why something is null.
    reason: Option<String>,
    tied: Vec<Tied>,
    projects: Vec<String>,
}

impl Operation for Context {
    const TOOL: &'static str = "spatial";
    const NAME: &'static str = "context";
    const EFFECT: Effect = Effect::Read;
    type Result = Around;

    async fn call(self, call: &Call) -> Result<Around, Error> {
        let (projects, scope) = call.scope().await?;
        let (mut events, moves) = touched(&call.app, &scope).await?;
        let path = moves.now(&self.path).into_owned();
        events.retain(|event| event.files.iter().any(|file| within(file, &path)));
        events.reverse();
        let now = Time::now();
        let name = parts(&path).last().map(|name| (*name).to_owned()).unwrap_or_default();
        let facts = known(&call.app, &scope).await?.into_iter();
        let names = |fact: &Known| {
            let said = format!("{} {}", fact.content, fact.text);
            fact.holds_at(now) && !name.is_empty() && (said.contains(&path) || said.contains(&name))
        };
        let mut owners: AHashMap<&str, usize> = AHashMap::new();
        let mut steps: AHashMap<&str, usize> = AHashMap::new();
        for event in &events {
            *owners.entry(event.agent.as_deref().unwrap_or("unknown")).or_default() += 1;
            *steps.entry(&event.step).or_default() += 1;
        }
        let failed = |event: &&Arc<Happened>| event.outcome.as_deref() == Some("failure");
        Ok(Around {
            items: events.iter().take(EACH).map(|event| Happened::clone(event)).collect(),
            facts: facts.filter(names).take(EACH).collect(),
            owners: most(owners),
            failures: events.iter().filter(failed).take(EACH).map(|event| Happened::clone(event)).collect(),
            steps: most(steps),
            procedures: None,
            reason: Some("which runs of procedures touched a place is not known".into()),
            tied: tied(&call.app, &scope, &moves, |file| within(file, &path)).await?,
            path,
            projects,
        })
    }

    fn examples() -> Vec<Example> {
        vec![Example { setup: vec![recorded()], arguments: json!({"path": "cart/src"}) }]
    }
}

fn most(counts: AHashMap<&str, usize>) -> Vec<Counted> {
    let counted = |(name, count): (&str, usize)| Counted { name: name.to_owned(), count };
    let mut all: Vec<Counted> = counts.into_iter().map(counted).collect();
    all.sort_by(|one, other| other.count.cmp(&one.count).then_with(|| one.name.cmp(&other.name)));
    all.truncate(EACH);
    all
}

/// Activity by path over time: for each stretch the places that were touched, the most often first.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Heat {
    /// How long a stretch is, such as `1h`, `1d` or `1w`; `1d` when not said.
    bucket: Option<String>,
    /// Below which folder; all when not said.
    path: String,
    /// At most so many rows; 20 when not said.
    #[serde(alias = "k")]
    limit: Option<usize>,
    /// Where the page before ended.
    cursor: Option<String>,
}

#[derive(Debug, Serialize, JsonSchema)]
struct Warm {
    /// When the stretch began.
    time: Time,
    path: String,
    events: usize,
    failures: usize,
}

/// Heat, the newest stretch first.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Heats {
    items: Vec<Warm>,
    next_cursor: Option<String>,
    projects: Vec<String>,
}

impl Operation for Heat {
    const TOOL: &'static str = "spatial";
    const NAME: &'static str = "heat";
    const EFFECT: Effect = Effect::Read;
    type Result = Heats;

    async fn call(self, call: &Call) -> Result<Heats, Error> {
        let (projects, scope) = call.scope().await?;
        let limit = paging::limit(self.limit)?;
        let bucket =
            time_args::seconds("bucket", self.bucket.as_deref().unwrap_or("1d"))?.saturating_mul(1_000_000);
        if bucket <= 0 {
            return Err(Error::invalid("bucket", "a stretch of at least a second").hint("such as 1h, 1d, 1w"));
        }
        let (events, moves) = touched(&call.app, &scope).await?;
        let path = moves.now(&self.path);
        let mut counts: AHashMap<(i64, &str), (usize, usize)> = AHashMap::new();
        for event in &events {
            let began = event.time.micros().div_euclid(bucket) * bucket;
            for file in event.files.iter().filter(|file| within(file, &path)) {
                let (all, failed) = counts.entry((began, file)).or_default();
                *all += 1;
                *failed += usize::from(event.outcome.as_deref() == Some("failure"));
            }
        }
        let row = |((time, path), (events, failures)): ((i64, &str), _)| Warm {
            time: Time::from_micros(time),
            path: path.to_owned(),
            events,
            failures,
        };
        let mut all: Vec<Warm> = counts.into_iter().map(row).collect();
        all.sort_by(|one, other| {
            (other.time, other.events).cmp(&(one.time, one.events)).then_with(|| one.path.cmp(&other.path))
        });
        let (items, next_cursor) = crate::operations::records::page(all, limit, self.cursor.as_deref())?;
        Ok(Heats { items, next_cursor, projects })
    }

    fn examples() -> Vec<Example> {
        vec![Example { setup: vec![recorded()], arguments: json!({"bucket": "1w"}) }]
    }
}

/// Paths that are touched in the same commits and sessions as a path: how often, how much more than by chance (lift), and
/// in what share of them (confidence).
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Together {
    /// A file or folder.
    path: String,
    /// At most so many; 20 when not said.
    #[serde(default, alias = "k")]
    limit: Option<usize>,
}

#[derive(Debug, Serialize, JsonSchema)]
struct Beside {
    path: String,
    support: usize,
    lift: f64,
    confidence: f64,
}

/// Paths that change together.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Besides {
    path: String,
    items: Vec<Beside>,
    projects: Vec<String>,
}

impl Operation for Together {
    const TOOL: &'static str = "spatial";
    const NAME: &'static str = "together";
    const EFFECT: Effect = Effect::Read;
    type Result = Besides;

    async fn call(self, call: &Call) -> Result<Besides, Error> {
        let (projects, scope) = call.scope().await?;
        let limit = paging::limit(self.limit)?;
        let (events, moves) = touched(&call.app, &scope).await?;
        let path = moves.now(&self.path).into_owned();
        let mut sets: AHashMap<(&str, &str), Vec<&str>> = AHashMap::new();
        for event in &events {
            // A commit is one change; what is not committed belongs to its session.
            let unit = if event.r#type == "commit" { event.id.as_str() } else { event.session.as_str() };
            sets.entry((&event.project, unit)).or_default().extend(event.files.iter().map(String::as_str));
        }
        let mut sets: Vec<Vec<&str>> = sets.into_values().collect();
        for set in &mut sets {
            set.sort_unstable();
            set.dedup();
        }
        let told = |one: places::Together| Beside {
            path: one.path,
            support: one.support,
            lift: one.lift,
            confidence: one.confidence,
        };
        let items = places::together(&sets, &path).into_iter().take(limit).map(told).collect();
        Ok(Besides { path, items, projects })
    }

    fn examples() -> Vec<Example> {
        vec![Example { setup: vec![recorded()], arguments: json!({"path": "cart/src/total.rs"}) }]
    }
}
