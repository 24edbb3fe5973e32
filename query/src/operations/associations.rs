//! Tool `associations`: what brings what to mind.

mod change;
mod read;
mod spread;

use std::collections::BTreeMap;

use athena_ingest::associations::{ASSOCIATION, Told};
use athena_learn::associations::{faded, together};
use athena_schemas::{Error, Time};
use athena_store::Scope;
use serde::Deserialize;
use serde_json::{Value, json};

use super::graph::rounded;
use super::records::{of_kind, one_project};
use super::rows::objects;
use crate::registry::{Call, Registry};

const OF: &str = include_str!("../../sql/associations_of.sql");
const WEAK: &str = include_str!("../../sql/associations_weak.sql");

/// Associations of one round that are looked at.
const MOST: usize = 5_000;
/// What is weaker is none.
const LEAST: f64 = 1e-3;

/// Why there are none.
pub const NONE: &str =
    "nothing was used together with it yet; what is returned and used is learned from in runs";

pub fn register(registry: &mut Registry) {
    registry.add::<read::Get>();
    registry.add::<change::Strengthen>();
    registry.add::<change::Weaken>();
    registry.add::<spread::Spread>();
    registry.add::<spread::Path>();
    registry.add::<read::Suggest>();
    registry.add::<change::Prune>();
}

/// What was learned of two, as its row says.
#[derive(Debug, Clone, Default, Deserialize)]
struct Learned {
    a: String,
    b: String,
    #[serde(default)]
    returned: i64,
    #[serde(default)]
    used: i64,
    #[serde(default)]
    strength: f64,
    #[serde(default)]
    last_at: Time,
}

/// Two that belong together, as of now.
#[derive(Debug, Clone)]
struct Pair {
    a: String,
    b: String,
    strength: f64,
    returned: i64,
    used: i64,
    told: bool,
    last_at: Time,
}

impl Pair {
    /// The other one.
    fn other(&self, id: &str) -> &str {
        if self.a == id { &self.b } else { &self.a }
    }
}

/// The associations of one project: what was told of them, and a way to what was learned.
struct Associations<'c> {
    call: &'c Call,
    project: String,
    scope: Scope,
    told: BTreeMap<(String, String), Told>,
    now: Time,
}

impl<'c> Associations<'c> {
    async fn read(call: &'c Call) -> Result<Self, Error> {
        let (project, scope) = one_project(call).await?;
        let mut told = BTreeMap::new();
        for record in of_kind(&call.app, &scope, ASSOCIATION).await? {
            let one: Told = record.body()?;
            told.insert((one.a.clone(), one.b.clone()), one);
        }
        Ok(Self { call, project, scope, told, now: Time::now() })
    }

    /// The associations of some items, the strongest first.
    async fn of(&self, ids: &[String]) -> Result<Vec<Pair>, Error> {
        let learned = self.learned(OF, &[json!(ids)]).await?;
        let told = self.told.values().filter(|told| ids.contains(&told.a) || ids.contains(&told.b));
        Ok(self.laid_over(learned, told))
    }

    /// All, as far as they are looked at, the weakest that were learned first among them.
    async fn weakest(&self) -> Result<Vec<Pair>, Error> {
        let learned = self.learned(WEAK, &[]).await?;
        Ok(self.laid_over(learned, self.told.values()))
    }

    async fn learned(&self, statement: &str, given: &[Value]) -> Result<Vec<Learned>, Error> {
        let rows = objects(&self.call.app, &self.scope, statement, given, MOST).await?;
        let learned = rows.into_iter().map(|row| serde_json::from_value(Value::Object(row)));
        learned.collect::<Result<_, _>>().map_err(|error| Error::internal(format!("associations: {error}")))
    }

    fn laid_over<'t>(&self, learned: Vec<Learned>, told: impl Iterator<Item = &'t Told>) -> Vec<Pair> {
        let mut all: BTreeMap<(String, String), Learned> =
            learned.into_iter().map(|one| ((one.a.clone(), one.b.clone()), one)).collect();
        for one in told {
            let (a, b) = (one.a.clone(), one.b.clone());
            all.entry((a.clone(), b.clone())).or_insert_with(|| Learned {
                a,
                b,
                last_at: one.at,
                ..Learned::default()
            });
        }
        let pair = |(pair, learned): ((String, String), Learned)| {
            let told = self.told.get(&pair).cloned().unwrap_or_default();
            let counts = told.pruned_at.is_none_or(|pruned| learned.last_at > pruned);
            let own = if counts { faded(learned.strength, learned.last_at, self.now) } else { 0.0 };
            Pair {
                strength: rounded(together(own, faded(told.plus, told.at, self.now), told.minus)),
                returned: if counts { learned.returned } else { 0 },
                used: if counts { learned.used } else { 0 },
                told: told.plus > 0.0 || told.minus > 0.0,
                last_at: learned.last_at.max(told.at),
                a: learned.a,
                b: learned.b,
            }
        };
        let mut pairs: Vec<Pair> = all.into_iter().map(pair).filter(|pair| pair.strength >= LEAST).collect();
        pairs.sort_by(|one, other| {
            other.strength.total_cmp(&one.strength).then_with(|| (&one.a, &one.b).cmp(&(&other.a, &other.b)))
        });
        pairs
    }
}
