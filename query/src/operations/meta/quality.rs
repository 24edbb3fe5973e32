//! How good the memory is, and how far one of its items can be relied on.

use std::collections::BTreeMap;

use athena_schemas::{Error, Time};
use athena_store::Scope;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::{rows, rows_kept, share};
use crate::App;
use crate::operations::consolidation::{kinds, told};
use crate::operations::memories;
use crate::operations::records::one_project;
use crate::operations::rows::absent;
use crate::registry::{Call, Effect, Example, Operation};
use crate::sql::Reads;

const RECALLED: &str = include_str!("../../../sql/meta/recalled.sql");
const FRESH: &str = include_str!("../../../sql/meta/fresh.sql");
const CONSISTENT: &str = include_str!("../../../sql/meta/consistent.sql");
const CONFIDENCE: &str = include_str!("../../../sql/meta/confidence.sql");

/// Items that must have been used before it is told how many of them were found.
const LEAST_USED: u64 = 30;
/// Facts that must hold before it is told how many of them are agreed on.
const LEAST_FACTS: u64 = 5;
/// Judgements of an item, and of what its teller told, before they tell anything.
const LEAST_JUDGED: u64 = 3;
const LEAST_OF_TELLER: u64 = 5;

/// How good the memory is: how much it says in little, how often what was needed was found, how much of it holds, and
/// how current it is.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Quality {
    /// Of the table of that name alone, such as `episodes`: compression is events for each of its rows.
    #[serde(default)]
    scope: Option<String>,
}

/// What is null has its reason.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Good {
    /// Events for each row that says them in short, as the newest run measured it.
    pub compression: Option<f64>,
    /// The share of items used later that questions had ranked among the first ten; null under 30.
    pub recall: Option<f64>,
    /// Items that were used after a question, or said to be useful.
    pub used: u64,
    /// The share of facts that hold that nobody spoke against since; null under 5.
    pub consistency: Option<f64>,
    /// The share of events that the newest run has read.
    pub freshness: Option<f64>,
    /// Events that it has not read, and since when the oldest of them waits.
    pub unread: u64,
    pub unread_since: Option<Time>,
    /// Why what is null is not known, by its name.
    pub reason: BTreeMap<String, String>,
    pub project: String,
}

#[derive(Deserialize)]
struct Recalled {
    items: u64,
    ranked: u64,
}

#[derive(Deserialize)]
struct Consistent {
    facts: u64,
    agreed: u64,
}

#[derive(Deserialize)]
struct Fresh {
    events: u64,
    unread: u64,
    oldest: Option<Time>,
}

impl Operation for Quality {
    const TOOL: &'static str = "meta";
    const NAME: &'static str = "quality";
    const EFFECT: Effect = Effect::Read;
    type Result = Good;

    async fn call(self, call: &Call) -> Result<Good, Error> {
        let (project, scope) = one_project(call).await?;
        good(&call.app, &scope, project, self.scope.as_deref()).await
    }

    fn examples() -> Vec<Example> {
        vec![
            Example { setup: vec![], arguments: json!({}) },
            Example { setup: vec![], arguments: json!({"scope": "episodes"}) },
        ]
    }
}

pub async fn good(app: &App, scope: &Scope, project: String, of: Option<&str>) -> Result<Good, Error> {
    let (run, recalled, fresh, facts) = tokio::try_join!(
        told::ended(app, scope, None, Some("complete"), 1),
        rows::<Recalled>(app, scope, RECALLED, &[], 1),
        rows_kept::<Fresh>(app, scope, (FRESH, Reads::Events), &[], 1),
        rows_kept::<Consistent>(app, scope, (CONSISTENT, Reads::Derived), &[], 1),
    )?;
    let quality = run.into_iter().next().and_then(|run| run.quality).unwrap_or(Value::Null);
    let (recalled, fresh, facts) =
        (recalled.into_iter().next(), fresh.into_iter().next(), facts.into_iter().next());
    let Consistent { facts, agreed } = facts.unwrap_or(Consistent { facts: 0, agreed: 0 });
    let Recalled { items, ranked } = recalled.unwrap_or(Recalled { items: 0, ranked: 0 });
    let Fresh { events, unread, oldest } = fresh.unwrap_or(Fresh { events: 0, unread: 0, oldest: None });
    let mut reason = BTreeMap::new();
    let mut known = |name: &str, value: Option<f64>, why: String| {
        if value.is_none() {
            reason.insert(name.to_owned(), why);
        }
        value
    };
    let compression = match of {
        None => quality["compression"].as_f64(),
        Some(table) => {
            let rows = quality["stands"][table].as_u64();
            if rows.is_none() && !athena_schemas::tables::DERIVED.iter().any(|one| one.name == table) {
                let names: Vec<_> = athena_schemas::tables::DERIVED.iter().map(|one| one.name).collect();
                return Err(Error::invalid("scope", format!("{table:?} is no table that runs derive"))
                    .hint(format!("there are {}", names.join(", "))));
            }
            rows.filter(|rows| *rows > 0).map(|rows| (events - unread) as f64 / rows as f64)
        }
    };
    let few_facts = format!("{facts} facts hold; from {LEAST_FACTS} on they tell something");
    let no_run = || "no run is complete that measured it".to_owned();
    let few = format!("{items} items were used after a question; from {LEAST_USED} on they tell something");
    Ok(Good {
        compression: known("compression", compression, no_run()),
        recall: known("recall", share(ranked, items, LEAST_USED), few),
        used: items,
        consistency: known("consistency", share(agreed, facts, LEAST_FACTS), few_facts),
        freshness: known("freshness", share(events - unread, events, 1), "there are no events".into()),
        unread,
        unread_since: oldest,
        reason,
        project,
    })
}

/// How far an item can be relied on: what it rests on, its age, how often it was said to be useful, and how often what
/// the same source told was.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Confidence {
    /// Id of a memory, an event, a note, or something that runs found.
    id: String,
}

#[derive(Debug, Serialize, JsonSchema)]
pub struct Reliable {
    id: String,
    kind: String,
    /// On how much it rests: 1 of what was told once.
    support: i64,
    /// How many sessions say it, where that is known.
    sessions: Option<i64>,
    /// Since when it is known, in seconds.
    age_s: f64,
    /// How often it was judged, and the share of judgements that found it useful; null under 3.
    judged: u64,
    agreement: Option<f64>,
    /// Who told it.
    source: Option<String>,
    /// How often what this source told was judged useful; null under 5 judgements.
    source_trust: Option<f64>,
    /// The mean of a beta distribution: useful judgements over all, one of each before any; null without a judgement.
    confidence: Option<f64>,
    /// Why what is null is not known, by its name.
    reason: BTreeMap<String, String>,
    project: String,
}

#[derive(Deserialize)]
struct Known {
    kind: String,
    teller: Option<String>,
    since: Time,
    judged: u64,
    useful: u64,
    teller_judged: u64,
    teller_useful: u64,
}

impl Operation for Confidence {
    const TOOL: &'static str = "meta";
    const NAME: &'static str = "confidence";
    const EFFECT: Effect = Effect::Read;
    type Result = Reliable;

    async fn call(self, call: &Call) -> Result<Reliable, Error> {
        let (project, scope) = one_project(call).await?;
        let told = rows::<Known>(&call.app, &scope, CONFIDENCE, &[json!(self.id)], 1).await?.pop();
        let found = match &told {
            Some(_) => None,
            None => kinds::find(&call.app, &scope, &self.id).await?,
        };
        let known = told.or_else(|| {
            let found = found.as_ref()?;
            let since = found.last_at.unwrap_or_default();
            let (kind, teller) = (found.kind.clone(), None);
            Some(Known { kind, teller, since, judged: 0, useful: 0, teller_judged: 0, teller_useful: 0 })
        });
        let known = known.ok_or_else(|| absent("item", "id", &self.id, std::slice::from_ref(&project)))?;
        let agreement = share(known.useful, known.judged, LEAST_JUDGED);
        let source_trust = share(known.teller_useful, known.teller_judged, LEAST_OF_TELLER);
        let mut reason = BTreeMap::new();
        if agreement.is_none() {
            reason.insert(
                "agreement".to_owned(),
                format!("judged {} times (retrieve.feedback judges)", known.judged),
            );
        }
        if known.judged == 0 {
            reason.insert("confidence".to_owned(), "nobody said whether it was useful".to_owned());
        }
        if source_trust.is_none() {
            let why = match known.teller {
                Some(_) => format!("what it told was judged {} times", known.teller_judged),
                None => "it was found by a run, and told by nobody".to_owned(),
            };
            reason.insert("source_trust".to_owned(), why);
        }
        Ok(Reliable {
            id: self.id,
            kind: known.kind,
            support: found.as_ref().map_or(1, |found| found.support),
            sessions: found.as_ref().and_then(|found| found.sessions),
            age_s: ((Time::now().micros() - known.since.micros()) as f64 / 1e6).max(0.0),
            judged: known.judged,
            agreement,
            source: known.teller,
            source_trust,
            confidence: (known.judged > 0).then(|| (known.useful as f64 + 1.0) / (known.judged as f64 + 2.0)),
            reason,
            project,
        })
    }

    fn examples() -> Vec<Example> {
        vec![Example { setup: vec![memories::set_up()], arguments: json!({"id": memories::example_id()}) }]
    }
}
