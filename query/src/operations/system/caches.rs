//! What is kept in memory to answer sooner, and how often it was of use.

use athena_schemas::Error;
use athena_store::Cached;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::for_admins;
use crate::App;
use crate::operations::events::recorded;
use crate::registry::{Call, Effect, Example, Operation, Registry};

pub fn register(registry: &mut Registry) {
    registry.add::<Cache>();
}

/// How often what was asked for was in memory, cache by cache, since the server began; clears them. What is cleared is
/// read again when it is asked for. Of all projects: for admins.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Cache {
    /// Whether to clear them, after they were looked at. Those of the storage engine give way by themselves.
    #[serde(default)]
    clear: bool,
}

/// Caches.
#[derive(Debug, Serialize, JsonSchema)]
struct Caches {
    items: Vec<Held>,
    cleared: bool,
}

#[derive(Debug, Serialize, JsonSchema)]
struct Held {
    cache: &'static str,
    /// Null where they are not counted.
    entries: Option<usize>,
    /// Null where they are not measured.
    bytes: Option<usize>,
    hits: u64,
    misses: u64,
    hit_rate: Option<f64>,
    /// Why there is no rate.
    reason: Option<&'static str>,
}

impl Held {
    fn of(cache: &'static str, Cached { entries, bytes, hits, misses }: Cached) -> Self {
        let asked = hits + misses;
        let hit_rate = (asked > 0).then(|| hits as f64 / asked as f64);
        let reason = hit_rate.is_none().then_some("nothing was asked of it yet");
        Self { cache, entries, bytes, hits, misses, hit_rate, reason }
    }
}

impl Operation for Cache {
    const TOOL: &'static str = "system";
    const NAME: &'static str = "cache";
    const EFFECT: Effect = Effect::Write;
    type Result = Caches;

    async fn call(self, call: &Call) -> Result<Caches, Error> {
        for_admins(call, "what is kept in memory is of all projects")?;
        let items = all(&call.app).await;
        if self.clear {
            clear(&call.app).await;
        }
        Ok(Caches { items, cleared: self.clear })
    }

    fn examples() -> Vec<Example> {
        vec![
            Example { setup: vec![recorded()], arguments: json!({}) },
            Example { setup: vec![recorded()], arguments: json!({"clear": true}) },
        ]
    }
}

async fn all(app: &App) -> Vec<Held> {
    let of_tables = app.store.caches().await.into_iter();
    let of_model = app.vectors.model_state().0.map(|cached| ("vectors of texts", cached));
    let made = app.caches.iter().map(|(name, cache)| (*name, cache.cached()));
    of_tables.chain(of_model).chain(made).map(|(name, cached)| Held::of(name, cached)).collect()
}

async fn clear(app: &App) {
    app.store.forget_at_hand().await;
    app.vectors.forget_texts();
    app.caches.iter().for_each(|(_, cache)| cache.forget());
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rate_needs_a_question() {
        let held = |hits, misses| Held::of("c", Cached { hits, misses, ..Cached::default() });
        assert_eq!(held(0, 0).hit_rate, None);
        assert!(held(0, 0).reason.is_some());
        assert_eq!((held(3, 1).hit_rate, held(3, 1).reason), (Some(0.75), None));
    }
}
