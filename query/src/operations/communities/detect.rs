//! A new partition, as it is asked for.

use athena_ingest::partitions::Detected;
use athena_learn::leiden::Options;
use athena_schemas::{Error, Position};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::Listed;
use crate::operations::graph::{NOTHING, of_call, rounded, shop};
use crate::operations::records::{Written, answered};
use crate::registry::{Call, Effect, Example, Operation};

/// Communities that the answer shows.
const SHOWN: usize = 20;

/// Finds communities anew, with a resolution and a seed, which from now on are in force for every run and reader. It
/// answers when they are found, which takes about a second for a million relations.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Detect {
    /// Above 1 gives more and smaller communities, below 1 fewer and larger ones; 1 when not said.
    #[serde(default)]
    resolution: Option<f64>,
    /// Where chance begins; 0 when not said.
    #[serde(default)]
    seed: Option<u64>,
    /// Whether to wait; it is always waited for.
    #[serde(default)]
    #[allow(dead_code, reason = "a detection is as quick as what would tell that it runs")]
    wait: Option<bool>,
}

/// A partition.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Partitioned {
    /// Id of the partition.
    id: String,
    /// `complete`.
    status: &'static str,
    /// Of the broadest level, from −1 to 1; null where nothing is tied.
    modularity: Option<f64>,
    /// Of the broadest level.
    communities: usize,
    levels: usize,
    entities: usize,
    relations: usize,
    /// The largest of the broadest level.
    items: Vec<Listed>,
    /// Why there are none.
    reason: Option<&'static str>,
    version: i64,
    project: String,
    position: Position,
}

impl Operation for Detect {
    const TOOL: &'static str = "communities";
    const NAME: &'static str = "detect";
    const EFFECT: Effect = Effect::Write;
    type Result = Partitioned;

    async fn call(self, call: &Call) -> Result<Partitioned, Error> {
        let (resolution, seed) = (self.resolution.unwrap_or(1.0), self.seed.unwrap_or(0));
        Options::new(resolution, seed)?;
        if i64::try_from(seed).is_err() {
            return Err(Error::invalid("seed", format!("a seed is at most {}", i64::MAX)));
        }
        let (_, graph) = of_call(call).await?;
        let found = graph.partition(resolution, seed, false).await?;
        let broadest = found.rows.iter().filter(|one| one.level == 0).count();
        let detected = Detected {
            resolution,
            seed,
            modularity: rounded(found.modularity),
            communities: broadest,
            levels: usize::try_from(found.levels()).unwrap_or_default(),
            entities: graph.entities.len(),
            relations: graph.ties().len(),
        };
        let Written { id, version, project, position } = answered(call.command(&detected).await?)?;
        Ok(Partitioned {
            id,
            status: "complete",
            modularity: (broadest > 0).then_some(detected.modularity),
            communities: broadest,
            levels: detected.levels,
            entities: detected.entities,
            relations: detected.relations,
            items: found.rows.iter().filter(|one| one.level == 0).take(SHOWN).map(Listed::of).collect(),
            reason: match (graph.entities.is_empty(), broadest) {
                (true, _) => Some(NOTHING),
                (false, 0) => Some(super::NONE),
                _ => None,
            },
            version,
            project,
            position,
        })
    }

    fn examples() -> Vec<Example> {
        vec![Example { setup: shop(), arguments: json!({"resolution": 1.0, "seed": 7}) }]
    }
}
