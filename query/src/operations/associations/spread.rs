//! What comes to mind over several steps.

use std::collections::{BTreeMap, HashMap};

use athena_schemas::Error;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::change::strengthened;
use super::{Associations, NONE};
use crate::operations::graph::rounded;
use crate::operations::paging;
use crate::registry::{Call, Effect, Example, Operation};

/// Steps and what is left of an activation at each, when nothing is said; steps at most.
const HOPS: usize = 2;
const MOST_HOPS: usize = 5;
const DECAY: f64 = 0.5;
/// Items that one step goes on from, and items that one begins with.
const FRONTIER: usize = 200;
const MOST_BEGIN: usize = 100;

/// Spreading activation (Collins and Loftus 1975): what some items bring to mind, over a few steps. Each hands on a
/// share of its activation, divided among what it is associated with by strength.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Spread {
    /// Ids of the items in mind.
    ids: Vec<String>,
    /// Steps; 2 when not said.
    #[serde(default)]
    hops: Option<usize>,
    /// What is left at each step, above 0 and below 1; 0.5 when not said.
    #[serde(default)]
    decay: Option<f64>,
    /// At most so many; 20 when not said.
    #[serde(default, alias = "k")]
    limit: Option<usize>,
}

/// What came to mind, the most active first.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Active {
    items: Vec<Activated>,
    /// Why there is nothing.
    reason: Option<&'static str>,
    project: String,
}

#[derive(Debug, Serialize, JsonSchema)]
struct Activated {
    id: String,
    activation: f64,
    /// Steps to it.
    distance: usize,
    /// The item that it was first reached from.
    from: String,
}

impl Operation for Spread {
    const TOOL: &'static str = "associations";
    const NAME: &'static str = "spread";
    const EFFECT: Effect = Effect::Read;
    type Result = Active;

    async fn call(self, call: &Call) -> Result<Active, Error> {
        let (hops, decay) = (hops(self.hops, HOPS)?, self.decay.unwrap_or(DECAY));
        if !(decay > 0.0 && decay < 1.0) {
            return Err(Error::invalid("decay", "a share above 0 and below 1"));
        }
        if self.ids.is_empty() || self.ids.len() > MOST_BEGIN {
            return Err(Error::invalid("ids", format!("from 1 to {MOST_BEGIN} items")));
        }
        let most = paging::limit(self.limit)?;
        let associations = Associations::read(call).await?;
        let mut edge: BTreeMap<String, f64> = self.ids.iter().map(|id| (id.clone(), 1.0)).collect();
        let mut reached: BTreeMap<String, Activated> = BTreeMap::new();
        for distance in 1..=hops {
            let mut strongest: Vec<(&String, &f64)> = edge.iter().collect();
            strongest.sort_by(|one, other| other.1.total_cmp(one.1));
            let ids: Vec<String> = strongest.into_iter().take(FRONTIER).map(|(id, _)| id.clone()).collect();
            let pairs = associations.of(&ids).await?;
            let mut next: BTreeMap<String, f64> = BTreeMap::new();
            for id in &ids {
                let own: Vec<_> = pairs.iter().filter(|pair| pair.a == *id || pair.b == *id).collect();
                let all: f64 = own.iter().map(|pair| pair.strength).sum::<f64>().max(1.0);
                for pair in own {
                    let other = pair.other(id);
                    if self.ids.iter().any(|given| given == other) {
                        continue;
                    }
                    let handed = edge[id] * decay * pair.strength / all;
                    *next.entry(other.to_owned()).or_default() += handed;
                    let (id, from) = (other.to_owned(), id.clone());
                    let item = Activated { id: id.clone(), activation: 0.0, distance, from };
                    reached.entry(id).or_insert(item).activation += handed;
                }
            }
            edge = next;
            if edge.is_empty() {
                break;
            }
        }
        let mut items: Vec<Activated> = reached.into_values().collect();
        items.sort_by(|one, other| {
            other.activation.total_cmp(&one.activation).then_with(|| one.id.cmp(&other.id))
        });
        items.truncate(most);
        items.iter_mut().for_each(|item| item.activation = rounded(item.activation));
        Ok(Active { reason: items.is_empty().then_some(NONE), items, project: associations.project })
    }

    fn examples() -> Vec<Example> {
        let setup = vec![strengthened("m-cart", "m-money"), strengthened("m-money", "m-tax")];
        vec![Example { setup, arguments: json!({"ids": ["m-cart"], "hops": 2}) }]
    }
}

fn hops(asked: Option<usize>, default: usize) -> Result<usize, Error> {
    match asked.unwrap_or(default) {
        hops if (1..=MOST_HOPS).contains(&hops) => Ok(hops),
        hops => Err(Error::invalid("hops", format!("{hops}; from 1 to {MOST_HOPS} can be gone"))),
    }
}

/// The chain of association from one item to another: the one whose strengths multiply to most.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Path {
    /// Id of an item.
    a: String,
    /// Id of another.
    b: String,
}

/// A chain.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Chain {
    /// From `a` to `b`, each with the strength of what led to it.
    items: Vec<Linked>,
    /// The product of the strengths; null where nothing leads from one to the other.
    strength: Option<f64>,
    /// Why there is none.
    reason: Option<String>,
    project: String,
}

#[derive(Debug, Serialize, JsonSchema)]
struct Linked {
    id: String,
    /// Null of the first.
    strength: Option<f64>,
}

impl Operation for Path {
    const TOOL: &'static str = "associations";
    const NAME: &'static str = "path";
    const EFFECT: Effect = Effect::Read;
    type Result = Chain;

    async fn call(self, call: &Call) -> Result<Chain, Error> {
        if self.a == self.b {
            return Err(Error::invalid("b", "both are the same item"));
        }
        let associations = Associations::read(call).await?;
        // By each number of steps the best chain to each item: strength, the item before, and the last step's.
        let mut layers: Vec<HashMap<String, (f64, String, f64)>> = Vec::new();
        let mut edge: HashMap<String, f64> = HashMap::from([(self.a.clone(), 1.0)]);
        for _ in 0..MOST_HOPS {
            let mut strongest: Vec<(&String, &f64)> = edge.iter().collect();
            strongest.sort_by(|one, other| other.1.total_cmp(one.1).then_with(|| one.0.cmp(other.0)));
            let ids: Vec<String> = strongest.into_iter().take(FRONTIER).map(|(id, _)| id.clone()).collect();
            let mut layer: HashMap<String, (f64, String, f64)> = HashMap::new();
            for pair in associations.of(&ids).await? {
                for (from, to) in [(&pair.a, &pair.b), (&pair.b, &pair.a)] {
                    let Some(carried) = edge.get(from) else { continue };
                    let whole = carried * pair.strength;
                    let known = layers.iter().chain([&layer]).filter_map(|layer| layer.get(to));
                    let best = known.map(|(strength, ..)| *strength).fold(0.0, f64::max);
                    if whole > best && *to != self.a {
                        layer.insert(to.clone(), (whole, from.clone(), pair.strength));
                    }
                }
            }
            edge = layer.iter().map(|(id, (strength, ..))| (id.clone(), *strength)).collect();
            layers.push(layer);
            if edge.is_empty() {
                break;
            }
        }
        let ends = (0..layers.len()).filter_map(|at| Some((at, layers[at].get(&self.b)?.0)));
        let best = ends.max_by(|one, other| one.1.total_cmp(&other.1).then(other.0.cmp(&one.0)));
        let Some((mut at, strength)) = best else {
            let reason = Some(format!("nothing leads from one to the other within {MOST_HOPS} steps"));
            return Ok(Chain { items: vec![], strength: None, reason, project: associations.project });
        };
        let (mut items, mut id) = (Vec::new(), self.b.clone());
        while let Some((_, from, step)) = layers[at].get(&id) {
            items.push(Linked { id: id.clone(), strength: Some(*step) });
            id.clone_from(from);
            if at == 0 {
                break;
            }
            at -= 1;
        }
        items.push(Linked { id: self.a, strength: None });
        items.reverse();
        Ok(Chain { items, strength: Some(rounded(strength)), reason: None, project: associations.project })
    }

    fn examples() -> Vec<Example> {
        let setup = vec![strengthened("m-cart", "m-money"), strengthened("m-money", "m-tax")];
        vec![Example { setup, arguments: json!({"a": "m-cart", "b": "m-tax"}) }]
    }
}
