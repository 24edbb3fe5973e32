//! Which entities matter, and what the graph is like.

use std::collections::BTreeMap;

use athena_schemas::Error;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::{Line, NOTHING, of_call, shop};
use crate::operations::paging;
use crate::registry::{Call, Effect, Example, Operation};

/// Entities that a walk begins with, at most, and the best connected that are told.
const MOST_SEEDS: usize = 100;
const TOP: usize = 10;
/// What being in all communities of the seeds adds to an entity's share of the walk.
const TOGETHER: f32 = 0.5;

/// The entities that matter most: to some others (personalised PageRank, and the communities of these), or to all when none
/// are given.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Rank {
    /// Ids, names or aliases, or `kind:name`; every entity when empty. Of `file:PATH` that is not known, what lies beside
    /// it is.
    #[serde(default)]
    seeds: Vec<String>,
    /// Only entities of this kind.
    #[serde(default)]
    kind: Option<String>,
    /// At most so many; 20 when not said.
    #[serde(default, alias = "limit")]
    k: Option<usize>,
}

/// The highest first.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Ranked {
    items: Vec<Share>,
    /// Why there are none.
    reason: Option<&'static str>,
    project: String,
}

#[derive(Debug, Serialize, JsonSchema)]
struct Share {
    #[serde(flatten)]
    entity: Line,
    /// Its share of a random walk; up to half more, as far as it is in the communities of those given.
    score: f64,
}

impl Operation for Rank {
    const TOOL: &'static str = "graph";
    const NAME: &'static str = "rank";
    const EFFECT: Effect = Effect::Read;
    type Result = Ranked;

    async fn call(self, call: &Call) -> Result<Ranked, Error> {
        let most = paging::limit(self.k)?;
        if self.seeds.len() > MOST_SEEDS {
            return Err(Error::invalid("seeds", format!("at most {MOST_SEEDS} entities")));
        }
        let (_, graph) = of_call(call).await?;
        let seeds = graph.seeds("seeds", &self.seeds)?;
        let communities = graph.communities().await?;
        let walked = graph.clone();
        let ranked = tokio::task::spawn_blocking(move || {
            let mut all: Vec<(u32, f32)> = match seeds.is_empty() {
                false => {
                    let shared = communities.shared(&seeds);
                    let more = |(node, score)| (node, score * (1.0 + TOGETHER * shared(node)));
                    walked.walk(&seeds).into_iter().map(more).collect()
                }
                true => (0..).zip(walked.ranks().iter().copied()).collect(),
            };
            all.sort_by(|one, other| other.1.total_cmp(&one.1).then(one.0.cmp(&other.0)));
            all
        });
        let mut ranked = ranked.await.map_err(|error| Error::internal(format!("rank: {error}")))?;
        ranked.retain(|(node, _)| self.kind.as_ref().is_none_or(|kind| graph.entity(*node).kind == *kind));
        let share = |(node, score): (u32, f32)| Share { entity: Line::of(&graph, node), score: score.into() };
        Ok(Ranked {
            items: ranked.into_iter().take(most).map(share).collect(),
            reason: graph.entities.is_empty().then_some(NOTHING),
            project: graph.project.clone(),
        })
    }

    fn examples() -> Vec<Example> {
        vec![
            Example { setup: shop(), arguments: json!({"seeds": ["mail"], "k": 3}) },
            Example { setup: shop(), arguments: json!({"kind": "service"}) },
        ]
    }
}

/// What the graph is like: how large, how dense, in how many pieces, and how well it falls into communities.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Metrics {}

/// Figures of a graph.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Figures {
    entities: usize,
    relations: usize,
    entities_by_kind: BTreeMap<String, usize>,
    relations_by_kind: BTreeMap<String, usize>,
    /// Pairs that are tied, of all pairs that could be; null with fewer than two entities.
    density: Option<f64>,
    mean_degree: Option<f64>,
    max_degree: usize,
    /// The best connected.
    top: Vec<Connected>,
    /// Pieces that nothing ties to each other, entities of the largest, and entities without ties.
    components: usize,
    largest_component: usize,
    alone: usize,
    /// Entities that stand in so much that they hold no community together.
    hubs: usize,
    communities: usize,
    levels: i64,
    /// Of the broadest communities, from −1 to 1; null where there are none.
    modularity: Option<f64>,
    /// Sessions and stretches of work that the graph was learned from.
    sessions: i64,
    contexts: i64,
    /// Why figures are null.
    reason: Option<&'static str>,
    project: String,
}

#[derive(Debug, Serialize, JsonSchema)]
struct Connected {
    #[serde(flatten)]
    entity: Line,
    degree: usize,
}

impl Operation for Metrics {
    const TOOL: &'static str = "graph";
    const NAME: &'static str = "metrics";
    const EFFECT: Effect = Effect::Read;
    type Result = Figures;

    async fn call(self, call: &Call) -> Result<Figures, Error> {
        let (_, graph) = of_call(call).await?;
        let communities = graph.communities().await?;
        let looked = graph.clone();
        let shape = tokio::task::spawn_blocking(move || looked.shape()).await;
        let shape = shape.map_err(|error| Error::internal(format!("metrics: {error}")))?;
        let (mut entities, mut relations): (BTreeMap<String, usize>, BTreeMap<String, usize>) =
            Default::default();
        graph.entities.iter().for_each(|one| *entities.entry(one.kind.clone()).or_default() += 1);
        graph.ties().iter().for_each(|tie| *relations.entry(graph.kind_of(tie).to_owned()).or_default() += 1);
        let mut pairs: Vec<u64> = graph
            .ties()
            .iter()
            .map(|tie| (u64::from(tie.from.min(tie.to)) << 32) | u64::from(tie.from.max(tie.to)))
            .collect();
        pairs.sort_unstable();
        pairs.dedup();
        let nodes = graph.entities.len();
        let mut degrees: Vec<(usize, u32)> =
            (0..nodes as u32).map(|node| (graph.degree(node), node)).collect();
        degrees.sort_by_key(|(degree, node)| (std::cmp::Reverse(*degree), *node));
        let top = degrees.iter().take(TOP).filter(|(degree, _)| *degree > 0);
        let broadest = communities.rows.iter().filter(|one| one.level == 0).count();
        Ok(Figures {
            entities: nodes,
            relations: graph.ties().len(),
            entities_by_kind: entities,
            relations_by_kind: relations,
            density: (nodes > 1).then(|| pairs.len() as f64 / (nodes as f64 * (nodes as f64 - 1.0) / 2.0)),
            mean_degree: (nodes > 0).then(|| 2.0 * graph.ties().len() as f64 / nodes as f64),
            max_degree: degrees.first().map_or(0, |(degree, _)| *degree),
            top: top
                .map(|(degree, node)| Connected { entity: Line::of(&graph, *node), degree: *degree })
                .collect(),
            components: shape.components,
            largest_component: shape.largest,
            alone: shape.alone,
            hubs: graph.hubs.iter().filter(|hub| **hub).count(),
            communities: broadest,
            levels: communities.levels(),
            modularity: (broadest > 0).then_some(communities.modularity),
            sessions: graph.totals.sessions,
            contexts: graph.totals.contexts,
            reason: (nodes == 0).then_some(NOTHING),
            project: graph.project.clone(),
        })
    }

    fn examples() -> Vec<Example> {
        vec![Example { setup: shop(), arguments: json!({}) }]
    }
}
